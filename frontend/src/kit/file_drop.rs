//! The place for a key file: drop it, choose it, or paste its content. The text goes into the form; the file
//! itself goes nowhere.

use leptos::prelude::*;
use shared::lang::Text;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{
    field::{Binding, FieldError, described, next_id},
    icon::Icon,
    pointer::after_press,
    texts,
};
use crate::{
    client::browser::value_of,
    i18n::{fill, lang, say, t},
};

/// No key is longer; what is, was dropped by mistake.
const LONGEST: f64 = 64.0 * 1024.0;

/// Test ids: `field-{name}` (the file input), `paste-{name}` (the text area).
#[component]
pub fn FileDrop(
    bind: Binding,
    label: Text,
    #[prop(optional, into)] hint: Option<Text>,
    #[prop(default = ".key,.pem,.txt")] accept: &'static str,
) -> impl IntoView {
    let id = next_id(bind.name);
    let over = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let unreadable = RwSignal::new(None::<Text>);
    let read = move |file: Option<web_sys::File>| {
        let Some(file) = file else { return };
        if file.size() > LONGEST {
            unreadable.set(Some(texts::FILE_TOO_LARGE));
            return;
        }
        let text = JsFuture::from(file.text());
        spawn_local(async move {
            let Some(text) = text.await.ok().and_then(|text| text.as_string()) else {
                let _gone = unreadable.try_set(Some(texts::FILE_UNREADABLE));
                return;
            };
            if unreadable.try_set(None).is_none() {
                name.set(file.name());
                bind.input(text);
                bind.leave();
            }
        });
    };
    let dropped = move |event: web_sys::DragEvent| {
        event.prevent_default();
        over.set(false);
        read(event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)));
    };
    let chosen = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        read(input.files().and_then(|files| files.get(0)));
        // So that choosing the same file again is a change again.
        input.set_value("");
    };
    let pasted = move |event: web_sys::Event| {
        name.set(String::new());
        unreadable.set(None);
        bind.input(value_of(&event));
    };
    let error = Signal::derive(move || {
        unreadable.get().map(|text| say(text).to_owned()).or_else(|| bind.error.get())
    });
    let filled = move || !bind.value.get().is_empty() && error.get().is_none();
    let what = move || {
        let name = name.get();
        if name.is_empty() { say(texts::FILE_PASTED).to_owned() } else { fill(texts::FILE_READ, &[&name]) }
    };
    view! {
        <div class="field" class:field-wrong=move || error.get().is_some() lang=move || lang().tag()>
            <span class="field-label" id=format!("{id}-label")>{t(label)}</span>
            {hint.map(|hint| view! { <p class="field-hint" id=format!("{id}-hint")>{t(hint)}</p> })}
            <label
                class="drop"
                class:drop-over=over
                class:drop-filled=filled
                on:dragover=move |event| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=dropped
            >
                <input
                    type="file"
                    class="drop-input"
                    accept=accept
                    aria-labelledby=format!("{id}-label")
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=described(&id, hint.is_some(), error)
                    data-testid=format!("field-{}", bind.name)
                    on:change=chosen
                />
                {move || if filled() { Icon::Check.view() } else { Icon::File.view() }}
                <span class="drop-words" aria-live="polite">
                    {move || {
                        if filled() {
                            view! {
                                <span>{what}</span>
                                <span class="drop-link">{t(texts::FILE_OTHER)}</span>
                            }
                                .into_any()
                        } else {
                            view! {
                                <span class="drop-link">{t(texts::FILE_CHOOSE)}</span>
                                <span class="drop-or">{t(texts::FILE_DROP)}</span>
                            }
                                .into_any()
                        }
                    }}
                </span>
            </label>
            <FieldError id=id.clone() error=error />
            <details class="drop-paste">
                <summary>{t(texts::FILE_PASTE)}</summary>
                <textarea
                    class="input"
                    rows="5"
                    spellcheck="false"
                    autocomplete="off"
                    name=bind.name
                    aria-label=t(label)
                    data-testid=format!("paste-{}", bind.name)
                    prop:value=bind.value
                    on:input=pasted
                    on:blur=move |_| after_press(move || bind.leave())
                ></textarea>
            </details>
        </div>
    }
}
