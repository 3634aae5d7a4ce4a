//! What the workspace pays LINE for.

use leptos::prelude::*;
use shared::{
    api::settings::LineCost,
    error::{Code, Error},
    lang::Text,
};

use super::texts::{frame, workspace as texts};
use crate::{
    client::{json, spawn},
    console::{
        difference::{Shared, was},
        head::{card_head, refused},
        kept::keep,
        listed::{List, Listed, yes_or_no},
        wire::Body,
    },
    dom::{El, el},
    i18n::say,
    kit::{
        Loader, Toasts,
        controls::{Line, Press, Toggle, button, form, switch, text_field},
        form::Validated,
        surfaces::{paragraph, show},
    },
};

const PATH: &str = "/api/settings/line";
const MOST: u32 = 1_000_000;

pub(super) fn card(toasts: Toasts) -> El {
    let loader = Loader::<LineCost>::at(PATH);
    el("section", "card mt-6")
        .attr("aria-labelledby", "line-cost")
        .test("line-cost")
        .child(card_head("line-cost", texts::LINE, Some(texts::LINE_LEAD)))
        .child(show(el("div", "mt-3"), loader, move |saved| vec![fields(saved.get_untracked(), toasts)]))
}

/// The number as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Typed {
    spare: bool,
    reserve: String,
}

impl Typed {
    fn of(saved: LineCost) -> Self {
        Self { spare: saved.spare, reserve: saved.reserve.to_string() }
    }

    fn body(&self) -> String {
        LineCost { spare: self.spare, reserve: read_number(&self.reserve).unwrap_or_default() }.body()
    }
}

impl Validated for Typed {
    const FIELDS: &'static [&'static str] = &["reserve"];

    fn clean(&mut self) {}

    fn problems(&self) -> Vec<Error> {
        let wrong = read_number(&self.reserve).is_none();
        wrong.then(|| Error::field(Code::WrongType, "reserve")).into_iter().collect()
    }
}

impl Listed for Typed {
    fn list(&self) -> List {
        vec![("spare", yes_or_no(self.spare)), ("reserve", self.reserve.clone())]
    }

    fn put(&mut self, name: &str, text: &str) {
        match name {
            "spare" => self.spare = text == "yes",
            "reserve" => text.clone_into(&mut self.reserve),
            _ => {}
        }
    }
}

/// A field's name, and one of its texts as the page says it.
fn in_words(field: &str, text: &str) -> (Text, String) {
    if field == "spare" {
        let words = if text == "yes" { texts::ON } else { texts::OFF };
        return (texts::SPARE, say(words).to_owned());
    }
    (texts::RESERVE, text.to_owned())
}

fn fields(saved: LineCost, toasts: Toasts) -> El {
    let shared = Shared::new(Typed::of(saved));
    let values = shared.form;
    let kept = keep(values, "line", Vec::new());
    let busy = RwSignal::new(false);
    let spare = Signal::derive(move || values.values.with(|typed| typed.spare));
    let save = move || {
        let Some(typed) = values.submit().filter(|_| !busy.get_untracked()) else { return };
        let before = shared.before().map(|before| before.body()).unwrap_or_default();
        let sending = kept.sending();
        busy.set(true);
        spawn(async move {
            let answer = json::send::<LineCost>("PUT", &was(PATH, &before), typed.body()).await;
            match answer {
                Ok(saved) => {
                    shared.saved(Typed::of(saved), sending);
                    toasts.say(frame::SAVED);
                }
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    match json::get::<LineCost>(PATH).await {
                        Ok(now) => shared.meanwhile(Typed::of(now)),
                        Err(failure) => values.failed(&failure),
                    }
                }
                Err(failure) => values.failed(&failure),
            }
            let _gone = busy.try_set(false);
        });
    };
    let toggle = Toggle {
        on: spare,
        locked: Signal::stored(false),
        test: "line-spare".into(),
        reason: Box::new(|| Some("line-spare-hint".to_owned())),
    };
    let mut bind = values.text("reserve", |typed| &typed.reserve, |typed| &mut typed.reserve);
    let told = bind.error;
    bind.error = Signal::derive(move || told.get().map(|_| say(texts::WHOLE_NUMBER).to_owned()));
    form(save)
        .test("line-cost-form")
        .child(
            el("div", "flex items-start justify-between gap-4")
                .child(el("div", "min-w-0").child(paragraph("font-medium", texts::SPARE)).child(
                    paragraph("text-[13px] text-ink-soft", texts::SPARE_HINT).attr("id", "line-spare-hint"),
                ))
                .child(switch(
                    toggle,
                    || say(texts::SPARE).to_owned(),
                    move |on| values.values.update(|typed| typed.spare = on),
                )),
        )
        .child(text_field(
            bind,
            Line { hint: Some(texts::RESERVE_HINT), inputmode: "numeric", ..Line::new(texts::RESERVE) },
        ))
        .child(kept.line())
        .child(shared.difference(in_words, save))
        .child(refused(values.general()))
        .child(el("div", "form-actions").child(button(
            Press {
                doing: frame::SAVE_BUSY,
                busy: busy.into(),
                test: "save-line-cost".into(),
                ..Press::new(frame::SAVE)
            },
            None,
        )))
}

/// What somebody typed as a number: wide digits and commas are what input methods and habits leave.
fn read_number(text: &str) -> Option<u32> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '、' | '\u{ff0c}'))
        .map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
            c => c,
        })
        .collect();
    digits.parse().ok().filter(|number| *number <= MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, number) in [
            ("100", Some(100)),
            (" 1,000 ", Some(1_000)),
            ("１００", Some(100)),
            ("0", Some(0)),
            ("1000001", None),
            ("-1", None),
            ("", None),
            ("many", None),
        ] {
            assert_eq!(read_number(text), number, "{text}");
        }
    }
}
