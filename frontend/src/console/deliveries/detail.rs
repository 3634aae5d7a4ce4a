//! One delivery: what was decided, what was tried, what the person sees, who answered.

use leptos::prelude::*;
use shared::{
    api::{
        deliveries::{DeliveryRow, NoResend},
        events::Target,
        live::LiveMessage,
    },
    delivery::State,
    error::Code,
    lang::Text,
};

use super::{
    detail_parts::{attempts, decision, siblings},
    model::{Claimed, Detail},
    preview::previews,
    texts as own,
};
use crate::{
    client::{Failure, browser, json, live, spawn},
    console::{back::back, texts::deliveries as texts},
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        ButtonKind, Icon, Loader, Tone,
        controls::{Press, button},
        surfaces::{banner, icon, mark, paragraph, show, state_badge, time, title, title_of},
        use_toasts,
        words::target_name,
    },
};

/// `/console/deliveries/{id}`.
pub(crate) fn page(id: String) -> Vec<El> {
    let loader = Loader::new(move || {
        let id = id.clone();
        async move { load(&id).await }
    });
    live::listen(move |heard| match heard {
        // Its attempts and its place in the queue come only with the whole.
        live::Heard::Message(LiveMessage::Delivery(row)) if concerns(loader, row) => loader.reload(),
        live::Heard::Message(LiveMessage::Claim { event, claim }) => loader.change(|detail| {
            if let Some(detail) = detail.as_mut().filter(|detail| detail.row.event == *event) {
                detail.claim = Some(claim.clone());
            }
        }),
        live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let toasts = use_toasts();
    vec![
        back("/console/deliveries", texts::BACK),
        show(el("div", ""), loader, move |found| {
            let there = Memo::new(move |_| found.with(Option::is_some));
            vec![el("div", "").dynamic(move || match found.get_untracked().filter(|_| there.get()) {
                Some(first) => untrack(|| {
                    let detail = Memo::new(move |_| found.get().unwrap_or_else(|| first.clone()));
                    whole(loader, toasts, detail)
                }),
                None => vec![title_of(texts::GONE)],
            })]
        }),
    ]
}

type Found = Loader<Option<Detail>>;

/// `None`: there is no such delivery, or none any more.
async fn load(id: &str) -> Result<Option<Detail>, Failure> {
    let mut detail: Detail = match json::get(&format!("/api/deliveries/{}", browser::escape(id))).await {
        Err(failure) if failure.code() == Some(Code::NotFound) => return Ok(None),
        answer => answer?,
    };
    if detail.claim.is_none() && !detail.actions.is_empty() {
        // Who has it is worth a second question, and not worth failing for.
        let event = json::get::<Claimed>(&format!("/api/v1/events/{}", detail.row.event)).await;
        detail.claim = event.ok().and_then(|Claimed(claim)| claim);
    }
    Ok(Some(detail))
}

/// This delivery, or another channel of the same event and person.
fn concerns(loader: Found, row: &DeliveryRow) -> bool {
    let own =
        |detail: &Detail| detail.row.id == row.id || detail.siblings.iter().any(|other| other.id == row.id);
    loader.peek(|detail| detail.as_ref().is_some_and(own)).unwrap_or_default()
}

fn whole(loader: Found, toasts: crate::kit::Toasts, detail: Memo<Detail>) -> Vec<El> {
    let section = |id: &'static str, title: Text| {
        el("section", "min-w-0")
            .attr("aria-labelledby", id)
            .child(el("h2", "mb-2 text-[17px]").attr("id", id).say(title))
    };
    let head = el("div", "flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
        .child(
            el("div", "min-w-0 flex-1 basis-80")
                .child(title(move || detail.with(|detail| detail.row.title.clone())))
                .child(
                    el("p", "mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft")
                        .test("delivery-summary")
                        .dynamic(move || detail.with(|detail| summary(&detail.row))),
                ),
        )
        .child(
            el("div", "flex flex-wrap items-start justify-end gap-2 max-sm:w-full print:hidden")
                .child(print_button())
                .child(resend(loader, toasts, detail)),
        );
    let compared = RwSignal::new(false);
    let message = el("section", "min-w-0")
        .class_when("lg:col-span-2", move || compared.get())
        .attr("aria-labelledby", "message")
        .child(
            el("h2", "mb-2 text-[17px]")
                .attr("id", "message")
                .text_when(move || say(detail.with(|detail| message_title(&detail.row))).to_owned()),
        )
        .child(previews(detail, compared));
    vec![
        head,
        el("div", "").dynamic(move || detail.with(|detail| what_failed(&detail.row))),
        el("div", "mt-6 grid items-start gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]")
            .child(
                el("div", "grid min-w-0 gap-8")
                    .child(el("div", "contents").dynamic(move || detail.with(answer)))
                    .child(section("decision", texts::DECISION).dynamic(move || vec![detail.with(decision)]))
                    .child(section("attempts", texts::ATTEMPTS).dynamic(move || vec![detail.with(attempts)])),
            )
            .child(message),
        el("div", "").dynamic(move || detail.with(|detail| siblings(&detail.siblings))),
    ]
}

fn print_button() -> El {
    let press = Press { kind: ButtonKind::Quiet, test: "print".into(), ..Press::new(own::PRINT) };
    // The browser's own dialog; where there is none nothing happens.
    button(press, Some(Box::new(|| drop(window().print()))))
}

fn summary(row: &DeliveryRow) -> Vec<El> {
    let recipient = match &row.target {
        Target::Member { id, .. } => el("a", "")
            .attr("href", &format!("/console/members/{id}"))
            .test("delivery-member")
            .text(target_name(&row.target)),
        Target::Room { .. } => {
            el("span", "").text(&format!("{} ({})", target_name(&row.target), say(texts::ROOM)))
        }
    };
    vec![
        state_badge(row.state),
        el("span", "inline-flex items-center gap-1.5")
            .child(mark(row.channel))
            .child(el("span", "").say(row.channel.name())),
        recipient,
        time(row.created_at),
        el("a", "text-[13px] print:hidden")
            .attr("href", &of_target(&row.target))
            .test("of-target")
            .say(own::OF_PERSON),
    ]
}

/// The list of what else went there.
fn of_target(target: &Target) -> String {
    match target {
        Target::Member { id, .. } => format!("/console/deliveries?person={id}"),
        Target::Room { id, .. } => format!("/console/deliveries?room={id}"),
    }
}

/// The last cause, first of all: it is what the admin came for.
fn what_failed(row: &DeliveryRow) -> Vec<El> {
    let Some(cause) = row.cause.as_ref().filter(|_| row.state == State::Failed) else { return Vec::new() };
    vec![
        el("div", "banner mt-5 mb-0")
            .attr("data-tone", Tone::Bad.name())
            .attr("role", "alert")
            .test("failed-because")
            .child(icon(Icon::Warning))
            .child(
                el("div", "")
                    .child(paragraph("font-medium", cause.code.sentence()))
                    .child(el("p", "font-mono text-[13px]").text(&cause.detail)),
            ),
    ]
}

/// What the notice asks, and who answered where and when.
fn answer(detail: &Detail) -> Vec<El> {
    if detail.actions.is_empty() {
        return Vec::new();
    }
    let words = match &detail.claim {
        None => {
            let labels = detail.actions.join(" / ");
            vec![el("p", "").say(texts::UNCLAIMED), el("p", "text-[13px] text-ink-soft").text(&labels)]
        }
        Some(claim) => {
            let (name, label) = (claim.name.clone(), claim.label.clone());
            let place = match claim.channel {
                Some(channel) => el("span", "inline-flex items-center gap-1.5")
                    .child(mark(channel))
                    .child(el("span", "").say(channel.name())),
                None => el("span", "").say(texts::CLAIMED_ON_PAGE),
            };
            vec![
                el("p", "font-semibold").text_when(move || fill(texts::CLAIMED, &[&name, &label])),
                el("p", "flex flex-wrap items-center gap-x-3 text-[13px] text-ink-soft")
                    .child(place)
                    .child(time(claim.at)),
            ]
        }
    };
    vec![
        el("section", "min-w-0")
            .attr("aria-labelledby", "answer")
            .child(el("h2", "mb-2 text-[17px]").attr("id", "answer").say(texts::ANSWER))
            .child(el("div", "card").test("claim").children(words)),
    ]
}

const fn message_title(row: &DeliveryRow) -> Text {
    match row.state {
        State::Waiting | State::Sending => texts::MESSAGE_PLANNED,
        State::Skipped | State::Cancelled | State::Failed => texts::MESSAGE_SKIPPED,
        State::Sent | State::Uncertain => texts::MESSAGE,
    }
}

/// 再送, where it is possible, with a word of warning where it might arrive twice.
fn resend(loader: Found, toasts: crate::kit::Toasts, detail: Memo<Detail>) -> El {
    let busy = RwSignal::new(false);
    let press = move || {
        let id = detail.with_untracked(|detail| detail.row.id.clone());
        busy.set(true);
        spawn(async move {
            let answer =
                json::send::<DeliveryRow>("POST", &format!("/api/deliveries/{id}/resend"), String::new())
                    .await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(row) => {
                    toasts.say(texts::RESENT);
                    loader.change(|detail| {
                        if let Some(detail) = detail {
                            detail.row = row;
                            detail.can_resend = false;
                        }
                    });
                    loader.reload();
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    // Drawn again only when one of them changes: the focus stays on the button.
    let shown = Memo::new(move |_| {
        detail.with(|detail| (detail.can_resend, detail.row.state == State::Uncertain, detail.no_resend))
    });
    el("div", "contents").dynamic(move || {
        let (possible, uncertain, no_resend) = shown.get();
        if !possible {
            return no_resend.and_then(why_not).into_iter().collect();
        }
        let again = Press {
            doing: texts::RESEND_BUSY,
            icon: Some(Icon::Refresh),
            busy: busy.into(),
            test: "resend".into(),
            ..Press::new(texts::RESEND)
        };
        let warning = uncertain
            .then(|| banner(Tone::Warn, "resend-warning", || say(texts::RESEND_UNCERTAIN).to_owned()));
        untrack(|| {
            vec![
                el("div", "grid justify-items-end gap-2 max-sm:w-full max-sm:justify-items-stretch")
                    .child(button(again, Some(Box::new(press))))
                    .maybe(warning),
            ]
        })
    })
}

/// That it was sent, or is on its way, its state says already.
fn why_not(no_resend: NoResend) -> Option<El> {
    let words = match no_resend {
        NoResend::Underway | NoResend::Sent => return None,
        NoResend::Decided => texts::NO_RESEND_DECIDED,
        NoResend::Withdrawn => texts::NO_RESEND_WITHDRAWN,
    };
    Some(paragraph("m-0 max-w-80 text-[13px] text-ink-soft", words).test("no-resend"))
}
