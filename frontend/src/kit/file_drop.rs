//! The place for a key file: drop it, choose it, or paste its content. The text goes into the form; the file
//! itself goes nowhere.

use leptos::prelude::*;
use shared::lang::Text;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::{
    controls::error_of,
    field::{Binding, described, next_id},
    icon::Icon,
    pointer::after_press,
    surfaces::icon,
    texts,
};
use crate::{
    client::{browser::value_of, spawn},
    dom::{El, el},
    i18n::{fill, say},
};

/// No key is longer; what is, was dropped by mistake.
const LONGEST: f64 = 64.0 * 1024.0;

/// Test ids: `field-{name}` (the file input), `paste-{name}` (the text area).
pub(crate) fn file_drop(bind: Binding, label: Text, hint: Option<Text>, accept: &'static str) -> El {
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
        spawn(async move {
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
    let dropped = move |event: web_sys::Event| {
        event.prevent_default();
        over.set(false);
        let dragged = event.dyn_ref::<web_sys::DragEvent>().and_then(web_sys::DragEvent::data_transfer);
        read(dragged.and_then(|data| data.files()).and_then(|files| files.get(0)));
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
    let words = move || {
        if filled() {
            vec![el("span", "").text_when(what), el("span", "drop-link").say(texts::FILE_OTHER)]
        } else {
            vec![el("span", "drop-link").say(texts::FILE_CHOOSE), el("span", "drop-or").say(texts::FILE_DROP)]
        }
    };
    let file = el("input", "drop-input")
        .attr("type", "file")
        .attr("accept", accept)
        .attr("aria-labelledby", &format!("{id}-label"))
        .attr_when("aria-invalid", move || error.get().is_some().then(|| "true".to_owned()))
        .attr_when("aria-describedby", described(&id, hint.is_some(), error))
        .test(&format!("field-{}", bind.name))
        .on("change", chosen);
    let drop = el("label", "drop")
        .class_when("drop-over", move || over.get())
        .class_when("drop-filled", filled)
        .child(file)
        .dynamic(move || vec![icon(if filled() { Icon::Check } else { Icon::File })])
        .child(el("span", "drop-words").attr("aria-live", "polite").dynamic(words))
        .on("dragover", move |event| {
            event.prevent_default();
            over.set(true);
        })
        .on("dragleave", move |_| over.set(false))
        .on("drop", dropped);
    let area = el("textarea", "input")
        .attr("rows", "5")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr("name", bind.name)
        .attr_when("aria-label", move || Some(say(label).to_owned()))
        .test(&format!("paste-{}", bind.name))
        .value_when(move || bind.value.get())
        .on("input", pasted)
        .on("blur", move |_| after_press(move || bind.leave()));
    el("div", "field")
        .class_when("field-wrong", move || error.get().is_some())
        .child(el("span", "field-label").attr("id", &format!("{id}-label")).say(label))
        .maybe(hint.map(|hint| el("p", "field-hint").attr("id", &format!("{id}-hint")).say(hint)))
        .child(drop)
        .child(error_of(&id, error))
        .child(el("details", "drop-paste").child(el("summary", "").say(texts::FILE_PASTE)).child(area))
}
