//! The days of a sheet, a row for each shift.

use leptos::prelude::*;
use shared::{
    api::attendance::{MonthState, SheetBreak, SheetPunch, SheetShift, ShiftState},
    lang::Text,
};

use super::{
    super::texts,
    calendar::{day_name, day_short, is_weekend},
    clock::hours,
    sheet::{Page, today},
    wire::{Sheet, SheetDay},
};
use crate::{
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        ButtonKind, Tone,
        controls::{Press, button},
        surfaces::{badge, mark},
    },
};

pub(super) fn table(page: Page, sheet: &Sheet) -> El {
    let today = today();
    let open = sheet.state != MonthState::Submitted;
    let column = |text: Text, class: &str| el("th", class).attr("scope", "col").say(text);
    let heads = el("tr", "")
        .child(column(texts::COLUMN_DATE, ""))
        .child(column(texts::COLUMN_IN, ""))
        .child(column(texts::COLUMN_OUT, ""))
        .child(column(texts::COLUMN_BREAK, ""))
        .child(column(texts::COLUMN_WORKED, "[text-align:end]"))
        .child(column(texts::COLUMN_STATE, ""))
        .maybe(open.then(|| {
            el("th", "print:hidden").attr("scope", "col").child(el("span", "sr-only").say(texts::CORRECT))
        }));
    let rows = sheet.days.iter().flat_map(|day| {
        let may = open && day.date <= today;
        let present = day.date == today;
        let first = row(page, day, day.shifts.first(), (true, present), open, may);
        let others = day
            .shifts
            .iter()
            .skip(1)
            .map(move |shift| row(page, day, Some(shift), (false, present), open, false));
        std::iter::once(first).chain(others)
    });
    let into_the_night = sheet.days.iter().flat_map(|day| &day.shifts).any(|shift| {
        let ends = shift.breaks.iter().flat_map(|one| [Some(&one.start), one.end.as_ref()]);
        ends.chain([shift.clock_out.as_ref()]).flatten().any(|punch| *punch.time >= *"24")
    });
    el("div", "grid gap-2")
        .child(
            el("div", "card overflow-hidden p-0").child(
                // On paper a month is one page.
                el("table", "table print:[&_td]:!py-1 print:[&_th]:!py-1")
                    .test("days")
                    .child(el("caption", "sr-only").say(texts::DAYS))
                    .child(el("thead", "max-md:sr-only").child(heads))
                    .child(el("tbody", "").children(rows.collect())),
            ),
        )
        .maybe(into_the_night.then(|| el("p", "text-[13px] text-ink-soft").say(texts::NEXT_DAY)))
}

/// `first` of its day has the date; `open` sheets have a column for what can be pressed.
fn row(
    page: Page,
    day: &SheetDay,
    shift: Option<&SheetShift>,
    (first, present): (bool, bool),
    open: bool,
    may: bool,
) -> El {
    let date = day.date.clone();
    let look = if shift.is_none() || is_weekend(&date) { "text-ink-soft" } else { "" };
    let short = date.clone();
    let head = el("th", &format!("num !border-0 !text-[14px] max-md:!p-0 {look}"))
        .attr("scope", "row")
        .class_when("!font-semibold", move || present)
        .child(el("span", if first { "" } else { "sr-only" }).text_when(move || day_short(&short, lang())));
    let mut line = el(
        "tr",
        "max-md:grid max-md:grid-cols-[3.25rem_auto_auto_minmax(0,1fr)_auto] max-md:items-center max-md:gap-x-3 \
         max-md:px-4 max-md:py-1.5 max-md:[&>td]:p-0",
    )
    .test("day")
    .attr("data-date", &date)
    .child(head);
    line = match shift {
        Some(shift) => line
            .child(punch(Some(&shift.clock_in), texts::COLUMN_IN))
            .child(punch(shift.clock_out.as_ref(), texts::COLUMN_OUT))
            .child(breaks(shift))
            .child(
                el("td", "num [text-align:end] max-md:col-start-4 max-md:row-start-1")
                    .text(&shift.worked_minutes.map(hours).unwrap_or_default()),
            ),
        None => line
            .child(el("td", "text-ink-soft").text("—"))
            .child(el("td", "max-md:hidden"))
            .child(el("td", "max-md:hidden"))
            .child(el("td", "max-md:hidden")),
    };
    let marks = shift.and_then(|shift| state_mark(shift.state));
    let corrected = (first && day.corrected).then(|| badge(Tone::Quiet, texts::CORRECTED).test("corrected"));
    line = line.child(el("td", "max-md:col-span-4 max-md:col-start-2 max-md:empty:hidden").children(
        marks.into_iter().chain(corrected).map(|mark| el("span", "mr-3 inline-flex").child(mark)).collect(),
    ));
    if !open {
        return line;
    }
    let correct = may.then(|| {
        let (named, own) = (date.clone(), StoredValue::new(day.clone()));
        let press = Press {
            kind: ButtonKind::Quiet,
            test: "correct".into(),
            named: Some(Box::new(move || Some(fill(texts::CORRECT_DAY, &[&day_name(&named, lang())])))),
            ..Press::new(texts::CORRECT)
        };
        button(press, Some(Box::new(move || own.with_value(|day| page.correcting.open(page, day)))))
    });
    line.child(
        el("td", "[text-align:end] !py-0.5 max-md:col-start-5 max-md:row-start-1 max-md:-mr-2 max-md:empty:hidden print:hidden").maybe(correct),
    )
}

/// A time, and where it was said.
fn punch(punch: Option<&SheetPunch>, label: Text) -> El {
    let cell = el("td", "num whitespace-nowrap");
    let Some(punch) = punch else { return cell.class("max-md:hidden") };
    let channel = punch.channel;
    let said = channel.map(|channel| {
        mark(channel)
            .attr_when("title", move || Some(channel.name().get(lang()).to_owned()))
            .class("print:hidden")
    });
    cell.child(
        el("span", "inline-flex items-center gap-1.5")
            .child(el("span", "sr-only md:hidden").say(label))
            .child(el("span", "").text(&punch.time))
            .maybe(said),
    )
}

fn breaks(shift: &SheetShift) -> El {
    let all = shift.breaks.iter().map(break_text).collect::<Vec<_>>().join(" ");
    let sum = (shift.break_minutes > 0).then(|| hours(shift.break_minutes));
    let cell = el(
        "td",
        "num text-[13px] text-ink-soft max-md:col-span-4 max-md:col-start-2 max-md:row-start-2 max-md:empty:hidden",
    );
    if all.is_empty() {
        return cell;
    }
    cell.child(el("span", "mr-1 md:hidden").say(texts::COLUMN_BREAK))
        .text(&all)
        .maybe(sum.map(|sum| el("span", "ml-2").text_when(move || fill(texts::BREAK_SUM, &[&sum]))))
}

fn break_text(one: &SheetBreak) -> String {
    format!("{}–{}", one.start.time, one.end.as_ref().map_or("", |end| end.time.as_str()))
}

/// What is simply done needs no mark.
fn state_mark(state: ShiftState) -> Option<El> {
    let tone = match state {
        ShiftState::Finished => return None,
        ShiftState::ClockOutMissing => Tone::Warn,
        ShiftState::Working | ShiftState::OnBreak => Tone::Active,
    };
    Some(
        el("span", "badge")
            .attr("data-tone", tone.name())
            .test(state.code())
            .text_when(move || say(state.name()).to_owned()),
    )
}
