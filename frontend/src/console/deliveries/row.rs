//! One line of a list of deliveries, the whole of it a link.

use leptos::prelude::*;
use shared::{
    api::{deliveries::DeliveryRow, events::Target},
    delivery::State,
    routing::{Decision, Urgency},
};

use super::words;
use crate::{
    console::texts::deliveries as texts,
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        surfaces::{mark, state_badge, time},
        words::target_name,
    },
};

/// The link stays while its delivery changes, and with it focus and pointer.
pub(super) fn line(row: Signal<DeliveryRow>) -> El {
    let id = row.with_untracked(|row| row.id.clone());
    let class = "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 text-ink \
                 no-underline transition-colors hover:bg-sunk md:grid-cols-[6.5rem_minmax(0,1fr)_10rem_7.5rem_7.5rem]";
    el("a", class)
        .attr("href", &format!("/console/deliveries/{id}"))
        .test("delivery-row")
        .attr("data-id", id.as_str())
        .attr_when("data-state", move || Some(row.with(|row| row.state.code()).to_owned()))
        .dynamic(move || row.with(cells))
}

fn cells(row: &DeliveryRow) -> Vec<El> {
    let critical = (row.urgency == Urgency::Critical)
        .then(|| el("span", "shrink-0 text-xs font-semibold text-shu").say(Urgency::Critical.name()));
    let sub = sub_line(row)
        .map(|(words, bad)| el("span", if bad { "text-shu" } else { "" }).text(&format!(" · {words}")));
    let room = matches!(row.target, Target::Room { .. })
        .then(|| el("span", "ml-1.5 text-xs text-ink-soft").say(texts::ROOM));
    let channel = say(row.channel.name());
    vec![
        el("span", "col-start-2 row-start-1 flex justify-self-end md:col-start-1 md:justify-self-start")
            .child(state_badge(row.state)),
        el("span", "col-start-1 row-start-1 min-w-0 md:col-start-2")
            .child(
                el("span", "flex min-w-0 items-center gap-2")
                    .maybe(critical)
                    .child(el("span", "truncate font-medium").test("delivery-title").text(&row.title)),
            )
            .child(el("span", "block truncate text-[13px] text-ink-soft").text(&row.kind_name).maybe(sub)),
        el(
            "span",
            "col-start-1 min-w-0 truncate text-sm max-md:text-[13px] max-md:text-ink-soft md:col-start-3",
        )
        .test("delivery-to")
        .text(target_name(&row.target))
        .maybe(room)
        .child(el("span", "md:hidden").text(&format!(" · {channel}"))),
        el("span", "col-start-4 hidden items-center gap-1.5 text-sm md:flex")
            .child(mark(row.channel))
            .child(el("span", "").text(channel)),
        el(
            "span",
            "col-start-2 row-start-2 justify-self-end self-start text-[13px] text-ink-soft tabular-nums \
             md:col-start-5 md:row-start-1 md:self-center",
        )
        .child(time(row.created_at)),
    ]
}

/// What is worth saying in the list: why it was not sent, what went wrong, when it is tried again. True for what
/// ended badly.
fn sub_line(row: &DeliveryRow) -> Option<(String, bool)> {
    if row.decision == Decision::Skip {
        return Some((words::reason(row.reason).get(lang()).to_owned(), false));
    }
    match (row.state, &row.cause, row.due_at) {
        (State::Failed, Some(cause), _) => Some((cause.code.sentence().get(lang()).to_owned(), true)),
        (State::Waiting, Some(_), Some(due)) => {
            Some((fill(texts::NEXT_TRY, &[&crate::client::times::time_text(due, lang())]), false))
        }
        (State::Uncertain, Some(cause), _) => Some((cause.code.sentence().get(lang()).to_owned(), false)),
        _ => None,
    }
}
