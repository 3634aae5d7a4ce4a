//! Quiet time as a form and in words, for a member's own and for the workspace's.

use leptos::prelude::*;
use shared::{error::Error, lang::Text, quiet::QuietTime};

use super::{
    controls::{Line, text_field},
    form::{Form, Validated},
};
use crate::{
    client::{
        json::{self, FromJson, Json, Out},
        times::WEEK,
    },
    dom::{El, el},
    i18n::{fill, lang, say, texts},
};

texts! {
    FROM "開始" "From";
    UNTIL "終了" "Until";
    DAYS "1日じゅう休む曜日" "Days that are quiet all day";
    HOLIDAYS "祝日と会社の休業日も、1日じゅう休む" "Public holidays and the company's days off are quiet all day too";
    HOURS "{}〜{}" "{}–{}";
    WORDS_HOLIDAYS "祝日と会社の休業日" "public holidays and the company's days off";
    BETWEEN "、" ", ";
}

impl Validated for QuietTime {
    const FIELDS: &'static [&'static str] = &["from", "until", "days"];

    fn clean(&mut self) {
        // Not sorted: the phones' bundle would carry a whole sort for seven days.
        self.days = (1..=7).filter(|day| self.days.contains(day)).collect();
    }

    fn problems(&self) -> Vec<Error> {
        Self::problems(self)
    }
}

impl FromJson for QuietTime {
    fn from_json(json: &Json) -> Option<Self> {
        let day = |day: &Json| match day {
            Json::Number(day) => u8::try_from(*day).ok(),
            _ => None,
        };
        Some(Self {
            from: json.text("from")?,
            until: json.text("until")?,
            days: json.get("days").items().iter().map(day).collect::<Option<_>>()?,
            holidays: json.bool("holidays")?,
        })
    }
}

/// As a part of a body.
pub(crate) fn written(time: &QuietTime) -> String {
    let days = time.days.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    json::object(&[
        ("from", Out::Text(&time.from)),
        ("until", Out::Text(&time.until)),
        ("days", Out::Json(&format!("[{days}]"))),
        ("holidays", Out::Bool(time.holidays)),
    ])
}

/// 「22:00〜07:00、土、日、祝日と会社の休業日」; `None` when it is never quiet. Tracked: follows the language.
pub(crate) fn words(time: &QuietTime) -> Option<String> {
    let mut parts = Vec::new();
    if !time.from.is_empty() {
        parts.push(fill(HOURS, &[&time.from, &time.until]));
    }
    let days = time.days.iter().filter_map(|day| WEEK.get(usize::from(*day).checked_sub(1)?));
    parts.extend(days.map(|day| say(*day).to_owned()));
    if time.holidays {
        parts.push(say(WORDS_HOLIDAYS).to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(say(BETWEEN)))
}

/// Hours, days of the week, holidays.
pub(crate) fn fields(form: Form<QuietTime>) -> Vec<El> {
    let clock = |name, get: fn(&QuietTime) -> &String, get_mut: fn(&mut QuietTime) -> &mut String, label| {
        text_field(
            form.text(name, get, get_mut),
            Line { kind: "time", class: "field quiet-clock", ..Line::new(label) },
        )
    };
    let hours = el("div", "quiet-hours")
        .child(clock("from", |time| &time.from, |time| &mut time.from, FROM))
        .child(clock("until", |time| &time.until, |time| &mut time.until, UNTIL));
    let wrong = move || form.problems.with(|problems| problems.of("days", lang()));
    let week = (1u8..).zip(WEEK).map(|(number, name)| day(form, number, name)).collect();
    let days = el("fieldset", "field")
        .child(el("legend", "field-label").say(DAYS))
        .child(el("div", "quiet-week").children(week))
        .child(
            el("p", "field-error").attr("aria-live", "polite").text_when(move || wrong().unwrap_or_default()),
        );
    let holidays = el("label", "check")
        .child(
            checkbox(
                move || form.values.with(|time| time.holidays),
                move |on| {
                    form.values.update(|time| time.holidays = on);
                },
            )
            .test("quiet-holidays"),
        )
        .child(el("span", "").say(HOLIDAYS));
    vec![hours, days, holidays]
}

fn day(form: Form<QuietTime>, number: u8, name: Text) -> El {
    let change = move |on: bool| {
        form.values.update(|time| {
            time.days.retain(|day| *day != number);
            if on {
                time.days.push(number);
            }
        });
        form.problems.update(|problems| problems.typed("days"));
    };
    el("label", "quiet-day")
        .child(
            checkbox(move || form.values.with(|time| time.days.contains(&number)), change)
                .test(&format!("quiet-day-{number}")),
        )
        .child(el("span", "").say(name))
}

/// A box to tick. `on` is tracked.
pub(crate) fn checkbox(on: impl Fn() -> bool + 'static, change: impl Fn(bool) + 'static) -> El {
    use wasm_bindgen::JsCast;
    let input = el("input", "").attr("type", "checkbox");
    let own = input.element().dyn_ref::<web_sys::HtmlInputElement>().cloned();
    let shown = own.clone();
    crate::dom::follow(Box::new(move || {
        let on = on();
        if let Some(input) = &shown {
            input.set_checked(on);
        }
    }));
    input.on("change", move |_| {
        if let Some(input) = &own {
            change(input.checked());
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time() -> QuietTime {
        QuietTime { from: "22:00".into(), until: "07:00".into(), days: vec![6, 7], holidays: true }
    }

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }

    #[test]
    fn it_is_written_and_read_as_serde_does() {
        for time in [time(), QuietTime::default()] {
            assert_eq!(serde_json::from_str::<QuietTime>(&written(&time)).unwrap(), time);
            assert_eq!(json::read::<QuietTime>(&serde_json::to_string(&time).unwrap()).as_ref(), Ok(&time));
        }
    }

    #[test]
    fn it_is_told_in_words() {
        assert_eq!(words(&QuietTime::default()), None);
        assert_eq!(words(&time()).as_deref(), Some("22:00〜07:00、土、日、祝日と会社の休業日"));
        assert_eq!(words(&QuietTime { days: vec![7], ..QuietTime::default() }).as_deref(), Some("日"));
    }
}
