//! The search above a list: asks the server a moment after the last letter, not at each.

use std::time::Duration;

use leptos::prelude::*;
use shared::lang::Text;
use wasm_bindgen::JsCast;

use crate::{
    client::browser::value_of,
    dom::{El, el},
    i18n::say,
    kit::{Icon, surfaces::icon},
};

/// Long enough to type the next letter, short enough not to be waited for.
const PAUSE: Duration = Duration::from_millis(250);

/// `q` is what is searched for now; `on_search` gets what was typed.
#[component]
pub fn Search(
    #[prop(into)] q: Signal<String>,
    label: Text,
    #[prop(into)] on_search: Callback<String>,
) -> impl IntoView {
    search_field(q, label, move |text| on_search.run(text)).place()
}

/// The same as an element.
pub(crate) fn search_field(
    q: Signal<String>,
    label: Text,
    on_search: impl Fn(String) + Clone + Send + Sync + 'static,
) -> El {
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
    let (later, at_once) = (on_search.clone(), on_search);
    let input = move |event: web_sys::Event| {
        typed.set(value_of(&event));
        stop();
        let later = later.clone();
        let search = move || {
            if let Some(text) = typed.try_get_untracked() {
                later(text);
            }
        };
        waiting.set_value(set_timeout_with_handle(search, PAUSE).ok());
    };
    let keydown = move |event: web_sys::Event| {
        let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        match event.key().as_str() {
            // Enter within a conversion from kana belongs to the input method.
            "Enter" if !event.is_composing() => {
                stop();
                at_once(typed.get_untracked());
            }
            "Escape" if !event.is_composing() && !typed.with_untracked(String::is_empty) => {
                stop();
                typed.set(String::new());
                at_once(String::new());
            }
            _ => {}
        }
    };
    let field = el("input", "input")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr_when("placeholder", move || Some(say(label).to_owned()))
        .attr("data-search", "true")
        .test("search")
        .value_when(move || typed.get())
        .on("input", input)
        .on("keydown", keydown);
    el("label", "search")
        .child(el("span", "sr-only").say(label))
        .child(icon(Icon::Search))
        .child(field)
        .child(el("kbd", "").attr("aria-hidden", "true").text("/"))
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
