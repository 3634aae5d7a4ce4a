//! What the workspace pays LINE for.

use leptos::prelude::*;
use shared::api::settings::LineCost;

use super::texts::{frame, workspace as texts};
use crate::{
    client::{json, spawn},
    console::{head::card_head, wire::Body},
    dom::{El, el},
    i18n::say,
    kit::{
        Binding, Loader, Toasts,
        controls::{Line, Press, Toggle, button, form, switch, text_field},
        surfaces::{paragraph, show},
    },
};

const PATH: &str = "/api/settings/line";
const MOST: u32 = 1_000_000;

pub(super) fn card(toasts: Toasts) -> El {
    let loader = Loader::new(|| json::get::<LineCost>(PATH));
    el("section", "card mt-6")
        .attr("aria-labelledby", "line-cost")
        .test("line-cost")
        .child(card_head("line-cost", texts::LINE, Some(texts::LINE_LEAD)))
        .child(show(el("div", "mt-3"), loader, move |saved| vec![fields(saved.get_untracked(), toasts)]))
}

fn fields(saved: LineCost, toasts: Toasts) -> El {
    let (spare, busy) = (RwSignal::new(saved.spare), RwSignal::new(false));
    let reserve = RwSignal::new(saved.reserve.to_string());
    let wrong = RwSignal::new(false);
    let save = move || {
        if busy.get_untracked() {
            return;
        }
        let Some(number) = read_number(&reserve.get_untracked()) else {
            wrong.set(true);
            crate::kit::field::focus_first_wrong();
            return;
        };
        busy.set(true);
        let body = LineCost { spare: spare.get_untracked(), reserve: number }.body();
        spawn(async move {
            let answer = json::send::<LineCost>("PUT", PATH, body).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(saved) => {
                    let _gone = reserve.try_set(saved.reserve.to_string());
                    toasts.say(frame::SAVED);
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let toggle = Toggle {
        on: spare.into(),
        locked: Signal::stored(false),
        test: "line-spare".into(),
        reason: Box::new(|| Some("line-spare-hint".to_owned())),
    };
    let error = Signal::derive(move || wrong.get().then(|| say(texts::WHOLE_NUMBER).to_owned()));
    let mut bind = Binding::plain("reserve", reserve).with_error(error);
    bind.on_input = Callback::new(move |text| {
        wrong.set(false);
        reserve.set(text);
    });
    form(save)
        .test("line-cost-form")
        .child(
            el("div", "flex items-start justify-between gap-4")
                .child(el("div", "min-w-0").child(paragraph("font-medium", texts::SPARE)).child(
                    paragraph("text-[13px] text-ink-soft", texts::SPARE_HINT).attr("id", "line-spare-hint"),
                ))
                .child(switch(toggle, || say(texts::SPARE).to_owned(), move |on| spare.set(on))),
        )
        .child(text_field(
            bind,
            Line { hint: Some(texts::RESERVE_HINT), inputmode: "numeric", ..Line::new(texts::RESERVE) },
        ))
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
