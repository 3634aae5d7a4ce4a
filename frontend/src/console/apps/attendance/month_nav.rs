//! Which month is shown, and what can be had of it: a file, a print.

use leptos::prelude::*;
use shared::lang::Text;

use super::{super::texts, calendar::Month};
use crate::{
    client::{
        browser::{self, value_of},
        http, spawn,
    },
    console::visit::Visit,
    dom::{El, el},
    i18n::{lang, say},
    kit::{
        Icon, Toasts,
        controls::{Press, button},
        surfaces::icon,
    },
};

/// The month of the address, else the present one; tracked.
pub(super) fn asked(visit: Visit) -> Month {
    visit.asked("month").and_then(|text| Month::read(&text)).unwrap_or_else(|| Month::of(browser::now()))
}

/// The month before, the browser's own field, the month after.
pub(super) fn month_nav(month: Memo<Month>, go: impl Fn(Month) + Clone + 'static) -> El {
    let step = |by: i64, label: Text, test: &str, class: &str| {
        let go = go.clone();
        el("button", "icon-btn border border-line bg-paper")
            .attr("type", "button")
            .attr_when("aria-label", move || Some(say(label).to_owned()))
            .test(test)
            .child(el("span", class).child(icon(Icon::Back)))
            .on_press(move || go(month.get_untracked().moved(by)))
    };
    let (before, after) = (
        step(-1, texts::MONTH_BEFORE, "month-before", "contents"),
        step(1, texts::MONTH_AFTER, "month-after", "inline-flex rotate-180"),
    );
    let field = el("input", "input w-auto")
        .attr("type", "month")
        .attr("required", "")
        .attr_when("aria-label", || Some(say(texts::MONTH).to_owned()))
        .test("month")
        .value_when(move || month.get().text())
        .on("change", move |event| {
            // A field of text, where the browser has none for months, may say anything.
            if let Some(month) = Month::read(value_of(&event).trim()) {
                go(month);
            }
        });
    el("div", "flex items-center gap-1.5")
        .child(
            el("p", "hidden text-[16px] font-semibold print:block")
                .text_when(move || month.get().name(lang())),
        )
        .child(el("div", "flex items-center gap-1.5 print:hidden").child(before).child(field).child(after))
}

/// Fetches the CSV and hands it to the reader; and the browser's print.
pub(super) fn take_away(path: impl Fn() -> String + 'static, month: Memo<Month>, toasts: Toasts) -> El {
    let busy = RwSignal::new(false);
    let fetch = move || {
        let (path, name) = (path(), format!("attendance-{}.csv", month.get_untracked().text()));
        busy.set(true);
        spawn(async move {
            let answer = http::send("GET", &path, None).await;
            let _gone = busy.try_set(false);
            match answer {
                // The browser takes the byte order mark away in reading; spreadsheets know UTF-8 by it.
                Ok(text) => {
                    let text = text.trim_start_matches('\u{feff}').to_owned();
                    browser::save_file(&name, "text/csv;charset=utf-8", &["\u{feff}".to_owned(), text]);
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let csv = Press {
        icon: Some(Icon::File),
        busy: busy.into(),
        doing: texts::CSV_BUSY,
        test: "csv".into(),
        ..Press::new(texts::CSV)
    };
    let print = || {
        if let Some(window) = web_sys::window() {
            // Refused only where printing is forbidden; the browser says so.
            drop(window.print());
        }
    };
    el("div", "flex flex-wrap gap-2 print:hidden")
        .child(button(csv, Some(Box::new(fetch))))
        .child(button(Press { test: "print".into(), ..Press::new(texts::PRINT) }, Some(Box::new(print))))
}
