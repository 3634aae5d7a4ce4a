//! One labelled control: label above, where to find the value under it, the error below.

use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::prelude::*;
use shared::lang::Text;

use super::controls::{Line, select, text_field};

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
    let line = Line {
        label,
        hint,
        kind,
        inputmode: if inputmode.is_empty() { "text" } else { inputmode },
        autocomplete,
        autofocus,
        optional,
        placeholder,
        strip,
        class: &format!("field {class}"),
    };
    text_field(bind, line).place()
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
    let line = Line { hint, optional, class: &format!("field {class}"), ..Line::new(label) };
    select(bind, line, options).place()
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
