//! What the import would do, line by line. Nothing has changed yet.

use std::sync::Arc;

use leptos::prelude::*;
use shared::{
    api::member_imports::{Import, RowOutcome, RowResult},
    error::Error,
    members_csv::Column,
};

use super::{Page, Preview, sheet::counts};
use crate::{
    client::{
        browser::{self, number_text},
        http, json, spawn,
    },
    console::members::texts::import as texts,
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        ButtonKind, Icon, Tone,
        card::chips,
        controls::{Press, button},
        surfaces::{badge, banner, paragraph},
    },
};

/// Lines that are drawn at first, and with each press.
const SHOWN: usize = 100;

pub(super) fn preview(page: Page, preview: &Arc<Preview>) -> Vec<El> {
    let counts = counts(&preview.results);
    let [failed, created, changed, _] = counts;
    let busy = RwSignal::new(false);
    let id = preview.import.id.to_string();
    let start = {
        let path = format!("/api/members/imports/{id}/start");
        move || {
            let path = path.clone();
            busy.set(true);
            spawn(async move {
                let answer = json::send::<Import>("POST", &path, "{}".to_owned()).await;
                if busy.try_set(false).is_some() {
                    return;
                }
                match answer {
                    Ok(import) => page.watch(import),
                    Err(failure) => page.toasts.failed(&failure),
                }
            });
        }
    };
    let leave = move || {
        let path = format!("/api/members/imports/{id}");
        spawn(async move {
            // What is not taken away now goes by itself.
            drop(http::delete(&path).await);
        });
        page.toasts.say(texts::STOPPED_HERE);
        page.again();
    };
    let work = created + changed;
    let press = Press {
        doing: texts::START_BUSY,
        busy: busy.into(),
        test: "start-import".into(),
        ..Press::primary(texts::TITLE)
    };
    let press = press.words(move || fill(texts::START, &[&number_text(work)]));
    let cancel =
        Press { kind: ButtonKind::Quiet, test: "leave-import".into(), ..Press::new(texts::STOP_HERE) };
    let actions = el("div", "form-actions")
        .maybe((work > 0).then(|| button(press, Some(Box::new(start)))))
        .maybe((work == 0).then(|| paragraph("text-sm text-ink-soft", texts::NOTHING_TO_DO)))
        .child(button(cancel, Some(Box::new(leave))));
    let mut head = el("section", "grid gap-3")
        .child(el("h2", "section-title").attr("tabindex", "-1").say(texts::PREVIEW).focus_soon())
        .child(paragraph("text-[13px] text-ink-soft", texts::NOTHING_YET));
    if !preview.companies.is_empty() {
        let names = preview.companies.join("、");
        head = head.child(
            el("p", "text-sm").test("new-companies").text_when(move || fill(texts::NEW_COMPANIES, &[&names])),
        );
    }
    if failed > 0 {
        head = head.child(refused(page, preview, failed));
    }
    vec![head, list(page, preview, counts), actions]
}

fn refused(page: Page, preview: &Arc<Preview>, failed: u64) -> El {
    let number = number_text(failed);
    let preview = Arc::clone(preview);
    let keep =
        Press { icon: Some(Icon::File), test: "save-refused".into(), ..Press::new(texts::SAVE_REFUSED) };
    let keep = button(
        keep,
        Some(Box::new(move || {
            let lang = lang_now();
            let text = page.sheet.with_untracked(|sheet| {
                sheet
                    .as_ref()
                    .map(|sheet| sheet.refused(&preview.results, texts::REASON.get(lang), reason_now))
            });
            if let Some(text) = text {
                browser::save_bytes("todoke-refused.csv", "text/csv", text.as_bytes());
            }
        })),
    );
    el("div", "grid justify-items-start gap-2 [&_.banner]:mb-0")
        .child(banner(Tone::Warn, "refused", move || fill(texts::REFUSED, &[&number])))
        .child(keep)
}

fn list(page: Page, preview: &Arc<Preview>, counts: [u64; 4]) -> El {
    let first = RowOutcome::ALL.into_iter().zip(counts).find(|(_, count)| *count > 0);
    let chosen = RwSignal::new(first.map_or("", |(outcome, _)| outcome.code()).to_owned());
    let shown = RwSignal::new(SHOWN);
    let options = Signal::derive(move || {
        let one = |(outcome, count): (RowOutcome, u64)| {
            (outcome.code().to_owned(), format!("{} {}", outcome.name().get(lang()), number_text(count)))
        };
        let all = (String::new(), format!("{} {}", say(texts::ALL_LINES), number_text(counts.iter().sum())));
        RowOutcome::ALL
            .into_iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .map(one)
            .chain(std::iter::once(all))
            .collect()
    });
    let (drawn, preview) = (Arc::clone(preview), Arc::clone(preview));
    let matching = move || -> Vec<usize> {
        let wanted = RowOutcome::from_code(&chosen.get());
        let fits = |result: &RowResult| wanted.is_none_or(|wanted| result.outcome == wanted);
        let all = preview.results.iter().enumerate();
        all.filter(|(_, result)| fits(result)).map(|(index, _)| index).collect()
    };
    let results = Arc::new(matching);
    let (indices, count) = (Arc::clone(&results), results);
    let head = [texts::LINE, texts::RESULT, texts::WHO, texts::WHAT]
        .map(|name| el("th", "").attr("scope", "col").say(name));
    let table = el("table", "table")
        .test("preview")
        .child(el("thead", "max-md:sr-only").child(el("tr", "").children(head.into())))
        .child(el("tbody", "").list(
            move || indices().into_iter().take(shown.get()).map(|index| index.to_string()).collect(),
            move |key| row(page, &drawn, key),
        ));
    let more = move || {
        let left = count().len().saturating_sub(shown.get());
        if left == 0 {
            return Vec::new();
        }
        let words = fill(texts::MORE_LINES, &[&number_text(left as u64)]);
        vec![
            el("button", "btn btn-quiet mx-auto")
                .attr("type", "button")
                .test("more-lines")
                .text(&words)
                .on_press(move || shown.update(|shown| *shown += 5 * SHOWN)),
        ]
    };
    el("section", "grid gap-3")
        .child(chips(texts::SHOW, "lines", options, chosen.into(), move |code| {
            shown.set(SHOWN);
            chosen.set(code);
        }))
        .child(el("div", "card overflow-hidden p-0").child(table))
        .child(el("div", "flex").dynamic(more))
}

fn row(page: Page, preview: &Preview, key: &str) -> El {
    let index = key.parse::<usize>().unwrap_or(usize::MAX);
    let Some(result) = preview.results.get(index).cloned() else {
        return el("tr", "");
    };
    let (name, login) = page.sheet.with_untracked(|sheet| {
        let cell =
            |column| sheet.as_ref().map(|sheet| sheet.cell(index, column).to_owned()).unwrap_or_default();
        (cell(Column::Name), cell(Column::LoginEmail))
    });
    let (outcome, failed) = (result.outcome, result.outcome == RowOutcome::Failed);
    el("tr", "max-md:flex max-md:flex-wrap max-md:items-baseline max-md:gap-x-3 max-md:px-4 max-md:py-2.5 max-md:[&>td]:p-0")
        .test("preview-row")
        .attr("data-outcome", outcome.code())
        .child(el("td", "text-[13px] text-ink-soft tabular-nums").text(&result.line.to_string()))
        .child(el("td", "").child(badge(tone(outcome), outcome.name())))
        .child(
            el("td", "max-md:basis-full")
                .child(el("span", "block").text(&name))
                .child(el("span", "block text-[13px] break-all text-ink-soft").text(&login)),
        )
        .child(
            el("td", "text-[13px] max-md:basis-full")
                .class(if failed { "text-shu" } else { "text-ink-soft" })
                .text_when(move || what(&result)),
        )
}

const fn tone(outcome: RowOutcome) -> Tone {
    match outcome {
        RowOutcome::Created => Tone::Good,
        RowOutcome::Changed => Tone::Active,
        RowOutcome::Same => Tone::Quiet,
        RowOutcome::Failed => Tone::Bad,
    }
}

/// The fields that change, or what is wrong with which.
fn what(result: &RowResult) -> String {
    let lang = lang();
    let names: Vec<&str> = result
        .fields
        .iter()
        .filter_map(|field| Column::from_code(field))
        .map(|column| column.name().get(lang))
        .collect();
    let names = names.join(" / ");
    match result.code {
        None => names,
        Some(code) => {
            let why = Error { code, field: None, found: result.found.clone() }.message(lang);
            if names.is_empty() { why } else { format!("{names}: {why}") }
        }
    }
}

fn reason_now(result: &RowResult) -> String {
    untrack(|| what(result))
}
