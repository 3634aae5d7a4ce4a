//! One labelled control: label above, where to find the value under it, the error below.

use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::prelude::*;
use shared::lang::Text;

use super::{pointer::after_press, texts};
use crate::{
    client::browser::value_of,
    i18n::{say, t},
};

/// How a control is tied to a form: its value, what happens to it, what is wrong with it.
#[derive(Clone, Copy)]
pub struct Binding {
    /// The field's name in the API; `name` of the control and part of its test id.
    pub name: &'static str,
    pub value: Signal<String>,
    pub on_input: Callback<String>,
    /// The control was left: the time to check.
    pub on_leave: Callback<()>,
    pub error: Signal<Option<String>>,
}

impl Binding {
    /// For a single value without checks.
    #[must_use]
    pub fn plain(name: &'static str, value: RwSignal<String>) -> Self {
        Self {
            name,
            value: value.into(),
            on_input: Callback::new(move |text| value.set(text)),
            on_leave: Callback::new(|()| {}),
            error: Signal::derive(|| None),
        }
    }

    /// Hands a new text to the form. A control that is being taken away may still speak: nobody listens then.
    pub(crate) fn input(&self, text: String) {
        let _gone = self.on_input.try_run(text);
    }

    /// The control was left.
    pub(crate) fn leave(&self) {
        let _gone = self.on_leave.try_run(());
    }

    #[must_use]
    pub fn with_error(mut self, error: impl Into<Signal<Option<String>>>) -> Self {
        self.error = error.into();
        self
    }
}

/// A line of text. Its test id is `field-{name}`.
#[component]
pub fn TextField(
    bind: Binding,
    label: Text,
    /// Where to find the value, in one line.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// `type` of the input: `text`, `email`, `password`, `search` …
    #[prop(default = "text")]
    kind: &'static str,
    /// Not required: said beside the label.
    #[prop(optional)]
    optional: bool,
    #[prop(optional)] inputmode: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] placeholder: &'static str,
    /// Takes spaces and line breaks away as something is pasted.
    #[prop(optional)]
    strip: bool,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let id = next_id(bind.name);
    let shown = RwSignal::new(false);
    let pasted = StoredValue::new(false);
    let secret = kind == "password";
    let input = move |event: web_sys::Event| {
        let mut text = value_of(&event);
        if strip && pasted.try_get_value().unwrap_or_default() {
            text = without_spaces(&text);
        }
        pasted.set_value(false);
        bind.input(text);
    };
    let element = NodeRef::<leptos::html::Input>::new();
    if autofocus {
        Effect::new(move || {
            if let Some(element) = element.get() {
                drop(element.focus());
            }
        });
    }
    view! {
        <div class=format!("field {class}") class:field-wrong=move || bind.error.get().is_some()>
            <label class="field-label" for=id.clone()>
                {t(label)}
                {optional.then(|| view! { <span class="field-optional">{t(texts::OPTIONAL)}</span> })}
            </label>
            {hint.map(|hint| view! { <p class="field-hint" id=format!("{id}-hint")>{t(hint)}</p> })}
            <div class="field-row">
                <input
                    node_ref=element
                    class="input"
                    class:input-secret=secret
                    id=id.clone()
                    name=bind.name
                    type=move || if secret && shown.get() { "text" } else { kind }
                    inputmode=(!inputmode.is_empty()).then_some(inputmode)
                    autocomplete=autocomplete
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder=(!placeholder.is_empty()).then_some(placeholder)
                    required=!optional
                    aria-invalid=move || bind.error.get().is_some().then_some("true")
                    aria-describedby=described(&id, hint.is_some(), bind.error)
                    data-testid=format!("field-{}", bind.name)
                    prop:value=bind.value
                    on:input=input
                    on:paste=move |_| pasted.set_value(true)
                    on:blur=move |_| after_press(move || bind.leave())
                />
                {secret
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="field-reveal"
                                aria-pressed=move || shown.get().to_string()
                                aria-label=move || say(if shown.get() { texts::HIDE_LABEL } else { texts::SHOW_LABEL })
                                on:click=move |_| shown.update(|shown| *shown = !*shown)
                            >
                                {move || say(if shown.get() { texts::HIDE } else { texts::SHOW })}
                            </button>
                        }
                    })}
            </div>
            <FieldError id=id.clone() error=bind.error />
        </div>
    }
}

/// A choice of a few. `options` are value and words.
#[component]
pub fn Select(
    bind: Binding,
    label: Text,
    #[prop(optional, into)] hint: Option<Text>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let id = next_id(bind.name);
    let change = move |event: web_sys::Event| {
        bind.input(value_of(&event));
        bind.leave();
    };
    view! {
        <div class=format!("field {class}") class:field-wrong=move || bind.error.get().is_some()>
            <label class="field-label" for=id.clone()>
                {t(label)}
                {optional.then(|| view! { <span class="field-optional">{t(texts::OPTIONAL)}</span> })}
            </label>
            {hint.map(|hint| view! { <p class="field-hint" id=format!("{id}-hint")>{t(hint)}</p> })}
            <select
                class="input"
                id=id.clone()
                name=bind.name
                aria-invalid=move || bind.error.get().is_some().then_some("true")
                aria-describedby=described(&id, hint.is_some(), bind.error)
                data-testid=format!("field-{}", bind.name)
                on:change=change
            >
                {move || {
                    let chosen = bind.value.get();
                    options
                        .get()
                        .into_iter()
                        .map(|(value, words)| {
                            let selected = value == chosen;
                            view! { <option value=value selected=selected>{words}</option> }
                        })
                        .collect_view()
                }}
            </select>
            <FieldError id=id.clone() error=bind.error />
        </div>
    }
}

/// The sentence under a control; there from the start, so that screen readers notice a change.
#[component]
pub(super) fn FieldError(id: String, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="field-error" id=format!("{id}-error") aria-live="polite">
            {move || error.get()}
        </p>
    }
}

/// Moves the focus to the first control of the page that is marked as wrong. Call after the marks are drawn.
pub fn focus_first_wrong() {
    request_animation_frame(|| {
        let wrong = document().query_selector("[aria-invalid=true]").ok().flatten();
        if let Some(element) =
            wrong.and_then(|element| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(element).ok())
        {
            drop(element.focus());
        }
    });
}

/// What copying leaves around and inside a value: spaces and line breaks, wide ones and zero-width ones too.
pub(crate) fn without_spaces(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'))
        .collect()
}

/// An id no other control of the page has.
pub(crate) fn next_id(name: &str) -> String {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    format!("f{}-{name}", LAST.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn described(
    id: &str,
    hint: bool,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static + use<> {
    let id = id.to_owned();
    move || {
        let hint = hint.then(|| format!("{id}-hint"));
        let wrong = error.get().is_some().then(|| format!("{id}-error"));
        match (hint, wrong) {
            (Some(hint), Some(wrong)) => Some(format!("{wrong} {hint}")),
            (hint, wrong) => wrong.or(hint),
        }
    }
}
