//! The search above a list: asks the server a moment after the last letter, not at each.

use std::time::Duration;

use leptos::prelude::*;
use shared::lang::Text;
use wasm_bindgen::JsCast;

use crate::{client::browser::value_of, i18n::t, kit::Icon};

/// Long enough to type the next letter, short enough not to be waited for.
const PAUSE: Duration = Duration::from_millis(250);

/// `q` is what is searched for now; `on_search` gets what was typed.
#[component]
pub fn Search(
    #[prop(into)] q: Signal<String>,
    label: Text,
    #[prop(into)] on_search: Callback<String>,
) -> impl IntoView {
    let typed = RwSignal::new(q.get_untracked());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    // Back and forward, and 「絞り込みを解除」, change what is searched for from outside.
    Effect::new(move |_| {
        let q = q.get();
        if typed.with_untracked(|typed| typed.trim() != q.trim()) {
            typed.set(q);
        }
    });
    let input = move |event: web_sys::Event| {
        typed.set(value_of(&event));
        stop();
        let later = move || {
            if let Some(text) = typed.try_get_untracked() {
                on_search.run(text);
            }
        };
        waiting.set_value(set_timeout_with_handle(later, PAUSE).ok());
    };
    let keydown = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        // Enter within a conversion from kana belongs to the input method.
        "Enter" if !event.is_composing() => {
            stop();
            on_search.run(typed.get_untracked());
        }
        "Escape" if !event.is_composing() && !typed.with_untracked(String::is_empty) => {
            stop();
            typed.set(String::new());
            on_search.run(String::new());
        }
        _ => {}
    };
    view! {
        <label class="search">
            <span class="sr-only">{t(label)}</span>
            {Icon::Search.view()}
            <input
                type="search"
                class="input"
                autocomplete="off"
                spellcheck="false"
                placeholder=t(label)
                data-search="true"
                data-testid="search"
                prop:value=typed
                on:input=input
                on:keydown=keydown
            />
            <kbd aria-hidden="true">"/"</kbd>
        </label>
    }
}

/// Moves the focus to the page's search; false when it has none.
pub fn focus() -> bool {
    let found = document().query_selector("[data-search]").ok().flatten();
    let Some(input) = found.and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
        return false;
    };
    drop(input.focus());
    input.select();
    true
}
