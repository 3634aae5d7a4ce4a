//! The company's calendar and the public holidays.

use leptos::prelude::*;
use shared::{
    api::quiet::{CompanyDays, CompanyDaysRequest, WorkspaceQuiet},
    error::Error,
};

use crate::{
    client::{
        browser,
        json::{self, Out},
        spawn,
        times::WEEK,
    },
    console::{
        form::choice,
        head::{card_head, refused},
    },
    dom::{El, el},
    i18n::{fill, lang, say, texts},
    kit::{
        ButtonKind, Loader, Toasts, Tone,
        controls::{Line, Press, button, form as form_element, select, text_field},
        form::{Form, Validated},
        surfaces::{badge, paragraph},
    },
};

texts! {
    CALENDAR "会社のカレンダー" "The company's calendar";
    CALENDAR_LEAD "曜日や祝日と違う休業日と営業日を登録します。年末年始、創立記念日、休日出勤など。" "Days off and working days that differ from the week and the public holidays.";
    NONE "登録された日はありません。" "No day is registered.";
    OFF "休業日" "Day off";
    WORKING "営業日" "Working day";
    FROM "開始日" "First day";
    UNTIL "終了日" "Last day";
    UNTIL_HINT "1日だけなら空のままにします。" "Leave it empty for a single day.";
    KIND "種別" "Kind";
    NAME "名前" "Name";
    ADD "追加" "Add";
    ADDING "追加しています" "Adding";
    ADDED "カレンダーを変更しました" "The calendar was changed";
    REMOVE "削除" "Remove";
    REMOVING "削除しています" "Removing";
    REMOVE_NAMED "{}を削除" "Remove {}";
    HOLIDAYS "国民の祝日" "Public holidays";
    DAY "{}/{}/{}({})" "{}-{}-{} ({})";
    RANGE "{} 〜 {}" "{} – {}";
}

const PATH: &str = "/api/settings/quiet/days";

impl Validated for CompanyDaysRequest {
    const FIELDS: &'static [&'static str] = &["from", "until", "off", "name"];

    fn clean(&mut self) {
        self.name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
    }

    /// What only the server knows of days is found there: its calendar is not small.
    fn problems(&self) -> Vec<Error> {
        use shared::error::Code;
        let mut problems = Vec::new();
        if self.from.is_empty() {
            problems.push(Error::field(Code::Required, "from"));
        } else if !self.until.is_empty() && self.until < self.from {
            problems.push(Error::field(Code::NotADay, "until"));
        }
        if self.name.chars().count() > 60 {
            problems.push(Error::field(Code::TooLong, "name").found("60"));
        }
        problems
    }
}

pub(super) fn cards(
    quiet: RwSignal<WorkspaceQuiet>,
    loader: Loader<WorkspaceQuiet>,
    toasts: Toasts,
) -> Vec<El> {
    let lines = move || {
        let days = quiet.with(|quiet| quiet.days.clone());
        if days.is_empty() {
            return vec![paragraph("mt-3 text-ink-soft", NONE)];
        }
        let lines = days.into_iter().map(|days| untrack(|| line(days, loader, toasts))).collect();
        vec![
            el("ul", "m-0 mt-3 list-none divide-y divide-line border-y border-line p-0")
                .test("company-days")
                .children(lines),
        ]
    };
    let holidays = move || {
        quiet.with(|quiet| {
            let pair = |day: &str, name: &str| {
                let (day, name) = (day.to_owned(), name.to_owned());
                [el("dt", "num").text_when(move || day_words(&day)), el("dd", "m-0").text(&name)]
            };
            quiet.holidays.iter().flat_map(|one| pair(&one.day, &one.name)).collect()
        })
    };
    vec![
        el("section", "card")
            .attr("aria-labelledby", "calendar")
            .child(card_head("calendar", CALENDAR, Some(CALENDAR_LEAD)))
            .child(el("div", "").dynamic(lines))
            .child(add(loader, toasts)),
        el("details", "card")
            .test("holidays")
            .child(el("summary", "min-h-11 content-center font-medium").say(HOLIDAYS))
            .child(
                el("dl", "m-0 mt-2 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1 text-[14px]")
                    .dynamic(holidays),
            ),
    ]
}

fn line(days: CompanyDays, loader: Loader<WorkspaceQuiet>, toasts: Toasts) -> El {
    let busy = RwSignal::new(false);
    let path = format!("{PATH}/{}?until={}", browser::escape(&days.from), browser::escape(&days.until));
    let remove = move || {
        busy.set(true);
        let path = path.clone();
        spawn(async move {
            let answer = json::send::<WorkspaceQuiet>("DELETE", &path, String::new()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(fresh) => {
                    loader.set(fresh);
                    toasts.say(ADDED);
                }
                Err(failure) => {
                    toasts.failed(&failure);
                    // Somebody else may have taken it.
                    loader.reload();
                }
            }
        });
    };
    let (from, until) = (days.from, days.until);
    let words = move || range_words(&from, &until);
    let named = words.clone();
    let press = Press {
        kind: ButtonKind::Quiet,
        doing: REMOVING,
        busy: busy.into(),
        test: "remove-days".into(),
        named: Some(Box::new(move || Some(fill(REMOVE_NAMED, &[&named()])))),
        ..Press::new(REMOVE)
    };
    let kind = if days.off { badge(Tone::Quiet, OFF) } else { badge(Tone::Active, WORKING) };
    el("li", "flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5")
        .child(
            el("div", "flex min-w-0 flex-1 flex-wrap items-baseline gap-x-4")
                .child(el("span", "num").text_when(words))
                .child(kind)
                .child(el("span", "text-ink-soft").text(&days.name)),
        )
        .child(button(press, Some(Box::new(remove))))
}

fn add(loader: Loader<WorkspaceQuiet>, toasts: Toasts) -> El {
    let empty = || CompanyDaysRequest { off: true, ..CompanyDaysRequest::default() };
    let form = Form::new(empty());
    let busy = RwSignal::new(false);
    let send = move || {
        let Some(days) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let body = json::object(&[
            ("from", Out::Text(&days.from)),
            ("until", Out::Text(&days.until)),
            ("off", Out::Bool(days.off)),
            ("name", Out::Text(&days.name)),
        ]);
        spawn(async move {
            let answer = json::send::<WorkspaceQuiet>("PUT", PATH, body).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(fresh) => {
                    loader.set(fresh);
                    let _gone = form
                        .values
                        .try_set(CompanyDaysRequest { off: days.off, ..CompanyDaysRequest::default() });
                    toasts.say(ADDED);
                }
                Err(failure) => form.failed(&failure),
            }
        });
    };
    let kinds = Signal::derive(|| {
        let option = |value: &str, text| (value.to_owned(), say(text).to_owned());
        vec![option("off", OFF), option("working", WORKING)]
    });
    let kind = choice(
        form,
        "off",
        |days| if days.off { "off" } else { "working" }.to_owned(),
        |days, value| days.off = value == "off",
    );
    let date = |label| Line { kind: "date", ..Line::new(label) };
    let last = Line { hint: Some(UNTIL_HINT), optional: true, ..date(UNTIL) };
    let name = Line { optional: true, ..Line::new(NAME) };
    let press = Press { doing: ADDING, busy: busy.into(), test: "add-days".into(), ..Press::new(ADD) };
    form_element(send)
        .class("mt-5")
        .test("days-form")
        .child(
            el("div", "grid items-end gap-4 sm:grid-cols-2")
                .child(text_field(form.text("from", |days| &days.from, |days| &mut days.from), date(FROM)))
                .child(text_field(form.text("until", |days| &days.until, |days| &mut days.until), last))
                .child(select(kind, Line::new(KIND), kinds))
                .child(text_field(form.text("name", |days| &days.name, |days| &mut days.name), name)),
        )
        .child(refused(form.general()))
        .child(el("div", "form-actions").child(button(press, None)))
}

/// One day, or from the first to the last. Tracked: follows the language.
fn range_words(from: &str, until: &str) -> String {
    if from == until { day_words(from) } else { fill(RANGE, &[&day_words(from), &day_words(until)]) }
}

/// 「2026/12/29(火)」; what is no day is shown as it is.
fn day_words(day: &str) -> String {
    let parts: Vec<&str> = day.split('-').collect();
    let (&[year, month, date], Some(week)) = (parts.as_slice(), weekday(day)) else { return day.to_owned() };
    let name = WEEK.get(week).map_or("", |name| name.get(lang()));
    fill(DAY, &[year, month, date, name])
}

/// 0 is Monday. Counts the days from a Monday of long ago, with March as the first month, so that the leap day is
/// the last of its year.
fn weekday(day: &str) -> Option<usize> {
    let mut parts = day.split('-').map(str::parse::<usize>);
    let (year, month, date) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let (year, month) =
        if month < 3 { (year.checked_sub(1)?, month + 9) } else { (year, month.checked_sub(3)?) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date;
    // 0000-03-01 was a Wednesday.
    Some((days + 1) % 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }

    #[test]
    fn days_are_told_with_their_day_of_the_week() {
        for (day, words) in [
            ("2026-11-22", "2026/11/22(日)"),
            ("2026-12-29", "2026/12/29(火)"),
            ("2027-01-01", "2027/01/01(金)"),
            ("2028-02-29", "2028/02/29(火)"),
            ("2028-03-01", "2028/03/01(水)"),
            ("x", "x"),
        ] {
            assert_eq!(day_words(day), words);
        }
        assert_eq!(range_words("2026-12-29", "2027-01-03"), "2026/12/29(火) 〜 2027/01/03(日)");
    }

    #[test]
    fn what_the_form_refuses_the_server_refuses_too() {
        for request in [
            CompanyDaysRequest::default(),
            CompanyDaysRequest {
                from: "2026-12-29".into(),
                until: "2026-12-28".into(),
                ..CompanyDaysRequest::default()
            },
            CompanyDaysRequest {
                from: "2026-12-29".into(),
                name: "x".repeat(61),
                ..CompanyDaysRequest::default()
            },
            CompanyDaysRequest { from: "2026-12-29".into(), ..CompanyDaysRequest::default() },
        ] {
            assert_eq!(Validated::problems(&request), CompanyDaysRequest::problems(&request));
        }
    }
}
