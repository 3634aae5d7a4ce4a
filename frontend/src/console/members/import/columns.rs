//! What each column of the file is.

use leptos::prelude::*;
use shared::members_csv::Column;

use super::Page;
use crate::{
    client::browser::{number_text, value_of},
    console::members::texts::import as texts,
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        ButtonKind, Icon, Tone,
        controls::{Press, button},
        surfaces::banner,
    },
};

pub(super) fn columns(page: Page) -> Vec<El> {
    let Some((file, lines, headings)) = page.sheet.with_untracked(|sheet| {
        let sheet = sheet.as_ref()?;
        let about = |(index, heading): (usize, &String)| (heading.clone(), sheet.sample(index).to_owned());
        let headings: Vec<(String, String)> = sheet.headings.iter().enumerate().map(about).collect();
        Some((sheet.file.clone(), sheet.lines.len() as u64, headings))
    }) else {
        return Vec::new();
    };
    let has = move |column| page.sheet.with(|sheet| sheet.as_ref().is_some_and(|sheet| sheet.has(column)));
    let complete = Memo::new(move |_| has(Column::LoginEmail));
    let rows = headings
        .into_iter()
        .enumerate()
        .map(|(index, (heading, sample))| row(page, index, &heading, &sample))
        .collect();
    let head = [texts::COLUMN_FILE, texts::COLUMN_SAMPLE, texts::COLUMN_FIELD]
        .map(|name| el("th", "").attr("scope", "col").say(name));
    let table = el("table", "table")
        .child(el("thead", "max-md:sr-only").child(el("tr", "").children(head.into())))
        .child(el("tbody", "").children(rows));
    let notes = move || {
        let mut notes = Vec::new();
        if !complete.get() {
            notes.push(banner(Tone::Warn, "needs-login", || say(texts::NEEDS_LOGIN).to_owned()));
        } else if !has(Column::Name) {
            notes.push(banner(Tone::Quiet, "no-name", || say(texts::NO_NAME).to_owned()));
        }
        notes
    };
    let check = Press {
        disabled: Some(Signal::derive(move || !complete.get())),
        test: "check-rows".into(),
        ..Press::primary(texts::CHECK)
    };
    let other = Press {
        kind: ButtonKind::Quiet,
        icon: Some(Icon::File),
        test: "other-file".into(),
        ..Press::new(texts::OTHER_FILE)
    };
    vec![
        el("section", "grid gap-3")
            .child(el("h2", "section-title").say(texts::COLUMNS))
            .child(
                el("p", "text-[13px] break-all text-ink-soft")
                    .text_when(move || fill(texts::COLUMNS_LEAD, &[&file, &number_text(lines)])),
            )
            .child(el("div", "card overflow-hidden p-0").test("columns").child(table))
            .child(el("div", "grid gap-2 [&_.banner]:mb-0").attr("aria-live", "polite").dynamic(notes))
            .child(el("div", "").dynamic(move || companies(page, has(Column::Company))))
            .child(
                el("div", "form-actions")
                    .child(button(check, Some(Box::new(move || page.check()))))
                    .child(button(other, Some(Box::new(move || page.again())))),
            ),
    ]
}

fn row(page: Page, index: usize, heading: &str, sample: &str) -> El {
    let named = heading.to_owned();
    let chosen = move || {
        page.sheet.with(|sheet| sheet.as_ref().and_then(|sheet| sheet.columns.get(index).copied().flatten()))
    };
    let chosen = Memo::new(move |_| chosen());
    let options = move || {
        let own = chosen.get();
        let none = el("option", "").attr("value", "").say(texts::COLUMN_NONE);
        let known = Column::ALL.iter().map(move |column| {
            let option = el("option", "").attr("value", column.code()).text(column.name().get(lang()));
            if own == Some(*column) { option.attr("selected", "") } else { option }
        });
        std::iter::once(none).chain(known).collect()
    };
    let select = el("select", "input")
        .attr_when("aria-label", move || Some(fill(texts::COLUMN_AS, &[&named])))
        .test("column")
        .class_when("text-ink-soft", move || chosen.get().is_none())
        .dynamic(options)
        .on("change", move |event| {
            let column = Column::from_code(&value_of(&event));
            page.sheet.update(|sheet| {
                if let Some(sheet) = sheet {
                    sheet.choose(index, column);
                }
            });
        });
    el("tr", "max-md:grid max-md:gap-1 max-md:px-4 max-md:py-3 max-md:[&>td]:p-0")
        .child(el("td", "font-medium break-all").text(heading))
        .child(el("td", "max-w-64 truncate text-[13px] text-ink-soft").text(sample))
        .child(el("td", "").child(select))
}

/// Only who runs the whole workspace makes companies.
fn companies(page: Page, there: bool) -> Vec<El> {
    let all = page.session.0.with(|me| me.as_ref().is_some_and(|me| me.role.is_admin()));
    if !there || !all {
        return Vec::new();
    }
    let tick = el("input", "size-4")
        .attr("type", "checkbox")
        .test("create-companies")
        .attr_when("checked", move || page.create_companies.get_untracked().then(String::new))
        .on("change", move |_| page.create_companies.update(|create| *create = !*create));
    vec![
        el("label", "flex min-h-11 items-center gap-2 text-sm md:min-h-8")
            .child(tick)
            .child(el("span", "").say(texts::CREATE_COMPANIES)),
    ]
}
