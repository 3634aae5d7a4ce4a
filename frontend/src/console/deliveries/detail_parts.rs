//! The facts of one delivery: its decision, its attempts, the other channels.

use leptos::prelude::*;
use shared::{
    api::deliveries::{Attempt, AttemptResult, DeliveryRow},
    delivery::State,
    lang::Text,
    routing::Decision,
};

use super::{model::Detail, row::line, words};
use crate::{
    client::{browser, times},
    console::texts::deliveries as texts,
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Tone,
        surfaces::{badge, paragraph},
    },
};

pub(super) fn decision(detail: &Detail) -> El {
    let row = &detail.row;
    let full = |at| times::full_time_text(at, lang());
    let facts: [Option<(Text, String)>; 6] = [
        Some((texts::KIND, row.kind_name.clone())),
        Some((texts::URGENCY, say(row.urgency.name()).to_owned())),
        detail.address.clone().map(|address| (texts::ADDRESS, address)),
        Some((texts::DECIDED_AT, full(row.created_at))),
        row.due_at.filter(|_| row.state == State::Waiting).map(|at| (texts::DUE_AT, full(at))),
        row.done_at.map(|at| (texts::DONE_AT, full(at))),
    ];
    let mut list = el("dl", "facts mt-3 border-t border-line pt-3");
    for (name, value) in facts.into_iter().flatten() {
        list = list.child(el("dt", "").say(name)).child(el("dd", "").text(&value));
    }
    let ahead = detail
        .ahead
        .map(|ahead| el("p", "text-ink-soft").test("ahead").text(&words::turn(ahead, detail.about_ms)));
    el("div", "card")
        .test("decision")
        .child(paragraph("font-semibold", words::decision(row.decision)))
        .child(paragraph("", words::reason(row.reason)).test("reason"))
        .maybe(ahead)
        .child(list)
}

pub(super) fn attempts(detail: &Detail) -> El {
    if detail.attempts.is_empty() {
        let skipped = detail.row.decision == Decision::Skip;
        let words = if skipped { texts::NO_ATTEMPTS_SKIPPED } else { texts::NO_ATTEMPTS };
        return paragraph("text-ink-soft", words).test("no-attempts");
    }
    let lines = detail.attempts.iter().enumerate().map(|(index, attempt)| attempt_line(index + 1, attempt));
    el("ol", "card m-0 list-none divide-y divide-line overflow-hidden p-0")
        .test("attempts")
        .children(lines.collect())
}

fn attempt_line(number: usize, attempt: &Attempt) -> El {
    let tone = match attempt.result {
        AttemptResult::Accepted => Tone::Good,
        AttemptResult::Retry => Tone::Active,
        AttemptResult::Rejected => Tone::Bad,
        AttemptResult::Uncertain => Tone::Warn,
    };
    let head = el("div", "flex flex-wrap items-baseline justify-between gap-x-4")
        .child(
            el("span", "flex flex-wrap items-baseline gap-x-3")
                .child(
                    el("span", "text-[13px] text-ink-soft")
                        .text(&fill(texts::ATTEMPT, &[&number.to_string()])),
                )
                .child(badge(tone, words::result(attempt.result))),
        )
        .child(
            el("span", "flex flex-wrap gap-x-3 text-[13px] text-ink-soft")
                .child(
                    el("time", "")
                        .attr("datetime", &browser::iso(attempt.at))
                        .text(&times::full_time_text(attempt.at, lang())),
                )
                .child(el("span", "").text(&fill(texts::TOOK, &[&words::took(attempt, lang())]))),
        );
    let mut line = el("li", "px-4 py-3").test("attempt").child(head);
    if let Some(cause) = &attempt.cause {
        line = line.child(paragraph("", cause.code.sentence()));
    }
    let detail = attempt.cause.as_ref().map(|cause| &cause.detail).filter(|detail| !detail.is_empty());
    for (name, words) in [(texts::PROVIDER_SAYS, detail), (texts::REFERENCE, attempt.reference.as_ref())] {
        if let Some(words) = words {
            line = line.child(
                el("p", "mt-1 text-[13px] text-ink-soft")
                    .text(&format!("{}: ", say(name)))
                    .child(el("code", "font-mono text-ink break-all").text(words)),
            );
        }
    }
    line
}

pub(super) fn siblings(rows: &[DeliveryRow]) -> Vec<El> {
    if rows.is_empty() {
        return Vec::new();
    }
    let lines = rows.iter().map(|row| el("li", "").child(line(Signal::stored(row.clone()))));
    vec![
        el("section", "mt-8")
            .attr("aria-labelledby", "siblings")
            .child(el("h2", "mb-2 text-[17px]").attr("id", "siblings").say(texts::SIBLINGS))
            .child(
                el("ul", "card m-0 list-none divide-y divide-line overflow-hidden p-0")
                    .test("siblings")
                    .children(lines.collect()),
            ),
    ]
}
