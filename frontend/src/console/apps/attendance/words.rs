//! One list of words: what is there as small labels that can be taken away, and a line to add to them. A word that
//! cannot be stays in the line, with the reason under it.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    api::attendance::AttendanceSettings,
    error::{Code, Error},
    lang::Text,
};
use wasm_bindgen::JsCast;

use super::super::texts;
use crate::{
    client::browser::value_of,
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Icon,
        controls::{Press, button, error_of},
        field::{described, next_id},
        form::Form,
        surfaces::icon,
    },
};

/// A list of the settings.
#[derive(Clone, Copy)]
pub(super) struct List {
    /// Its name in the API.
    pub(super) name: &'static str,
    pub(super) label: Text,
    pub(super) hint: Option<Text>,
    pub(super) get: fn(&AttendanceSettings) -> &Vec<String>,
    pub(super) get_mut: fn(&mut AttendanceSettings) -> &mut Vec<String>,
}

/// Takes what is typed into the list before it is saved; false when it cannot be.
pub(super) type Settle = Rc<dyn Fn() -> bool>;

pub(super) fn words(form: Form<AttendanceSettings>, list: List) -> (El, Settle) {
    let id = next_id(list.name);
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<Error>);
    let settle: Settle = Rc::new(move || {
        let word = one_space(&typed.get_untracked());
        if word.is_empty() {
            typed.set(String::new());
            wrong.set(None);
            return true;
        }
        let found = form.values.with_untracked(|values| reason_against(values, list, &word));
        let good = found.is_none();
        wrong.set(found);
        if good {
            form.values.update(|values| (list.get_mut)(values).push(word));
            form.problems.update(|problems| problems.typed(list.name));
            typed.set(String::new());
        }
        good
    });
    let error = Signal::derive(move || {
        let own = wrong.with(|wrong| wrong.as_ref().map(|wrong| wrong.message(lang())));
        own.or_else(|| form.problems.with(|problems| problems.of(list.name, lang())))
    });
    let (add, entered) = (Rc::clone(&settle), Rc::clone(&settle));
    let input = el("input", "input min-w-0 flex-1")
        .attr("id", &id)
        .attr("name", list.name)
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("dir", "auto")
        .test(&format!("field-{}", list.name))
        .attr_when("aria-invalid", move || error.get().is_some().then(|| "true".to_owned()))
        .attr_when("aria-describedby", described(&id, list.hint.is_some(), error))
        .value_when(move || typed.get())
        .on("input", move |event| {
            typed.set(value_of(&event));
            wrong.set(None);
        })
        .on("keydown", move |event| {
            let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
            // Enter within a conversion from kana belongs to the input method.
            if key.key() == "Enter" && !key.is_composing() {
                event.prevent_default();
                entered();
            }
        });
    let press = Press {
        test: format!("add-{}", list.name),
        named: Some(Box::new(move || Some(fill(texts::ADD_TO, &[say(list.label)])))),
        ..Press::new(texts::ADD)
    };
    let keys = move || form.values.with(|values| (list.get)(values).clone());
    let label = move |word: &str| chip(form, list, word);
    let whole = el("div", "field")
        .class_when("field-wrong", move || error.get().is_some())
        .child(el("label", "field-label").attr("for", &id).say(list.label))
        .maybe(list.hint.map(|hint| el("p", "field-hint").attr("id", &format!("{id}-hint")).say(hint)))
        .child(
            el("ul", "m-0 mb-1.5 flex list-none flex-wrap gap-1.5 p-0 empty:hidden")
                .test(&format!("words-{}", list.name))
                .list(keys, label),
        )
        .child(el("div", "flex gap-2").child(input).child(button(
            press,
            Some(Box::new(move || {
                add();
            })),
        )))
        .child(error_of(&id, error));
    (whole, settle)
}

fn chip(form: Form<AttendanceSettings>, list: List, word: &str) -> El {
    let (own, named) = (word.to_owned(), word.to_owned());
    let remove = move || {
        form.values.update(|values| (list.get_mut)(values).retain(|one| *one != own));
        form.problems.update(|problems| problems.typed(list.name));
    };
    el("li", "inline-flex max-w-full items-center rounded-full border border-line bg-sunk pl-3 text-[14px]")
        .child(el("bdi", "min-w-0 truncate").text(word))
        .child(
            el("button", "icon-btn !size-8 max-md:!size-11")
                .attr("type", "button")
                .attr_when("aria-label", move || Some(fill(texts::REMOVE_WORD, &[&named])))
                .test("remove-word")
                .child(icon(Icon::Cross))
                .on_press(remove),
        )
}

fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why a word cannot be added, by the checks of the settings themselves: what is wrong with them and was not before.
fn reason_against(values: &AttendanceSettings, list: List, word: &str) -> Option<Error> {
    let faults = |values: &AttendanceSettings| {
        let all = values.problems().into_iter();
        all.filter(|error| {
            matches!(error.code, Code::TooMany | Code::TooLong | Code::NamedTwice)
                || error.field.as_deref().is_some_and(|field| field.ends_with(']'))
        })
        .collect::<Vec<_>>()
    };
    let before = faults(values);
    let mut after = values.clone();
    (list.get_mut)(&mut after).push(word.to_owned());
    faults(&after).into_iter().find(|error| !before.contains(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN: List = List {
        name: "clock_in",
        label: texts::ADD,
        hint: None,
        get: |settings| &settings.clock_in,
        get_mut: |settings| &mut settings.clock_in,
    };

    #[test]
    fn a_word_is_taken_or_there_is_a_reason() {
        let mut settings = AttendanceSettings { on: true, ..AttendanceSettings::default() };
        let code = |settings: &AttendanceSettings, word: &str| {
            reason_against(settings, IN, word).map(|error| error.code)
        };
        for word in ["IN", "☀️", "<b>出</b>", "مرحبا", "?"] {
            assert_eq!(code(&settings, word), None, "{word}");
        }
        for (word, expected) in [
            ("出勤", Code::NamedTwice),
            // In another list, before or behind.
            ("退勤。", Code::NamedTwice),
            (&*"長".repeat(10_000), Code::TooLong),
            ("\u{200b}", Code::Required),
        ] {
            assert_eq!(code(&settings, word), Some(expected));
        }
        settings.clock_in = (0..20).map(|number| number.to_string()).collect();
        assert_eq!(code(&settings, "x"), Some(Code::TooMany));
    }
}
