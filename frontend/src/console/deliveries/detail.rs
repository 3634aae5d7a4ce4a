//! One delivery: what was decided, what was tried, what the person sees.

use leptos::prelude::*;
use shared::{
    api::{
        deliveries::{Attempt, AttemptResult, DeliveryDetail, DeliveryRow},
        events::Target,
        live::LiveMessage,
    },
    channel::Channel,
    delivery::{Cause, State},
    error::Code,
    lang::Text,
    routing::Decision,
};
use wasm_bindgen_futures::spawn_local;

use super::{list::Row, preview::PreviewView, words};
use crate::{
    client::{Failure, browser, http, live},
    console::{
        back::BackLink,
        part::{Draw, part, said},
        texts::deliveries as texts,
    },
    i18n::{fill, lang, signal, t},
    kit::{
        Badge, Banner, Button, Icon, Loader, Mark, PageTitle, StateBadge, Time, Tone, show, use_toasts,
        words::target_name,
    },
};

/// `/console/deliveries/{id}`.
#[component]
pub fn DeliveryPage(id: String) -> impl IntoView {
    let loader = Loader::new(move || {
        let id = id.clone();
        async move { load(&id).await }
    });
    live::listen(move |heard| match heard {
        // Its attempts and its place in the queue come only with the whole.
        live::Heard::Message(LiveMessage::Delivery(row)) if concerns(loader, row) => loader.reload(),
        live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    view! {
        <BackLink href="/console/deliveries" label=texts::BACK />
        {show(loader, move |found| {
            let there = {
                let found = found.clone();
                Memo::new(move |_| found.with(Option::is_some))
            };
            move || match found.get_untracked().filter(|_| there.get()) {
                Some(first) => {
                    let found = found.clone();
                    let detail = Memo::new(move |_| found.get().unwrap_or_else(|| first.clone()));
                    view! { <Detail loader=loader detail=detail /> }.drawn()
                }
                None => view! { <PageTitle text=signal(texts::GONE) /> }.drawn(),
            }
        })}
    }
}

/// `None`: there is no such delivery, or none any more.
async fn load(id: &str) -> Result<Option<DeliveryDetail>, Failure> {
    match http::get(&format!("/api/deliveries/{}", browser::escape(id))).await {
        Err(failure) if failure.code() == Some(Code::NotFound) => Ok(None),
        answer => answer.map(Some),
    }
}

/// This delivery, or another channel of the same event and person.
fn concerns(loader: Loader<Option<DeliveryDetail>>, row: &DeliveryRow) -> bool {
    let own = |detail: &DeliveryDetail| {
        detail.row.id == row.id || detail.siblings.iter().any(|other| other.id == row.id)
    };
    loader.peek(|detail| detail.as_ref().is_some_and(own)).unwrap_or_default()
}

#[component]
fn Detail(loader: Loader<Option<DeliveryDetail>>, detail: Memo<DeliveryDetail>) -> impl IntoView {
    let row = Memo::new(move |_| detail.with(|detail| detail.row.clone()));
    let preview = Memo::new(move |_| detail.with(|detail| detail.preview.clone()));
    let attempts = Memo::new(move |_| detail.with(|detail| detail.attempts.clone()));
    let siblings = Memo::new(move |_| detail.with(|detail| detail.siblings.clone()));
    let title = Signal::derive(move || row.with(|row| row.title.clone()));
    view! {
        <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
            <div class="min-w-0 flex-1 basis-80">
                <PageTitle text=title />
                <p class="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft" data-testid="delivery-summary">
                    <StateBadge state=Signal::derive(move || row.with(|row| row.state)) />
                    {part(move || view! { <ChannelName channel=row.with(|row| row.channel) /> }.drawn())}
                    {part(move || row.with(|row| view! { <Recipient target=row.target.clone() /> }).drawn())}
                    {part(move || row.with(|row| view! { <Time at=row.created_at /> }).drawn())}
                </p>
            </div>
            <Resend loader=loader detail=detail />
        </div>
        {part(move || row.with(|row| (row.state == State::Failed).then(|| row.cause.clone()).flatten()).map(|cause| view! { <WhatFailed cause=cause /> }).drawn())}
        <div class="mt-6 grid items-start gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
            <div class="grid min-w-0 gap-8">
                <section aria-labelledby="decision">
                    <h2 id="decision" class="mb-2 text-[17px]">{t(texts::DECISION)}</h2>
                    <DecisionCard detail=detail />
                </section>
                <section aria-labelledby="attempts">
                    <h2 id="attempts" class="mb-2 text-[17px]">{t(texts::ATTEMPTS)}</h2>
                    {part(move || view! { <Attempts attempts=attempts.get() skipped=row.with(|row| row.decision == Decision::Skip) /> }.drawn())}
                </section>
            </div>
            <section class="min-w-0" aria-labelledby="message">
                <h2 id="message" class="mb-2 text-[17px]">{said(move || row.with(message_title).get(lang()))}</h2>
                <div class="card">{part(move || view! { <PreviewView preview=preview.get() /> }.drawn())}</div>
            </section>
        </div>
        {part(move || {
            siblings
                .with(|rows| !rows.is_empty())
                .then(|| {
                    view! {
                        <section class="mt-8" aria-labelledby="siblings">
                            <h2 id="siblings" class="mb-2 text-[17px]">{t(texts::SIBLINGS)}</h2>
                            <ul class="card m-0 list-none divide-y divide-line overflow-hidden p-0" data-testid="siblings">
                                {siblings.get().into_iter().map(|row| view! { <li><Row row=Signal::stored(row) /></li> }).collect_view()}
                            </ul>
                        </section>
                    }
                })
        }.drawn())}
    }
}

/// The last cause, first of all: it is what the admin came for.
#[component]
fn WhatFailed(cause: Cause) -> impl IntoView {
    view! {
        <div class="mt-5 [&_.banner]:mb-0">
            <Banner tone=Tone::Bad testid="failed-because">
                <p class="font-medium">{t(cause.code.sentence())}</p>
                {(!cause.detail.is_empty()).then(|| view! { <p class="font-mono text-[13px]">{cause.detail}</p> })}
            </Banner>
        </div>
    }
}

/// The member's page, or the room's name.
#[component]
fn Recipient(target: Target) -> impl IntoView {
    let name = target_name(&target).to_owned();
    match target {
        Target::Member { id, .. } => {
            view! { <a href=format!("/console/members/{id}") data-testid="delivery-member">{name}</a> }
                .drawn()
        }
        Target::Room { .. } => view! { <span>{name} " (" {t(texts::ROOM)} ")"</span> }.drawn(),
    }
}

fn message_title(row: &DeliveryRow) -> Text {
    match row.state {
        State::Waiting | State::Sending => texts::MESSAGE_PLANNED,
        State::Skipped | State::Cancelled | State::Failed => texts::MESSAGE_SKIPPED,
        State::Sent | State::Uncertain => texts::MESSAGE,
    }
}

#[component]
fn DecisionCard(detail: Memo<DeliveryDetail>) -> impl IntoView {
    let row = Memo::new(move |_| detail.with(|detail| detail.row.clone()));
    let facts = move || {
        detail.with(|detail| {
            let row = &detail.row;
            [
                Some((texts::KIND, row.kind_name.clone())),
                Some((texts::URGENCY, row.urgency.name().get(lang()).to_owned())),
                detail.address.clone().map(|address| (texts::ADDRESS, address)),
                Some((texts::DECIDED_AT, browser::full_time_text(row.created_at, lang()))),
                row.due_at
                    .filter(|_| row.state == State::Waiting)
                    .map(|at| (texts::DUE_AT, browser::full_time_text(at, lang()))),
                row.done_at.map(|at| (texts::DONE_AT, browser::full_time_text(at, lang()))),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="card" data-testid="decision">
            <p class="font-semibold">{said(move || words::decision(row.with(|row| row.decision)).get(lang()))}</p>
            <p data-testid="reason">{said(move || words::reason(row.with(|row| row.reason)).get(lang()))}</p>
            {part(move || {
                detail
                    .with(|detail| detail.ahead)
                    .filter(|ahead| *ahead > 0)
                    .map(|ahead| view! { <p class="mt-1 text-ink-soft" data-testid="ahead">{fill(texts::AHEAD, &[&browser::number_text(ahead)])}</p> })
            }.drawn())}
            <dl class="facts mt-3 border-t border-line pt-3">
                {part(move || facts().into_iter().map(|(name, value)| view! { <dt>{t(name)}</dt><dd>{value}</dd> }).collect_view().drawn())}
            </dl>
        </div>
    }
}

#[component]
fn Attempts(attempts: Vec<Attempt>, skipped: bool) -> impl IntoView {
    if attempts.is_empty() {
        let words = if skipped { texts::NO_ATTEMPTS_SKIPPED } else { texts::NO_ATTEMPTS };
        return view! { <p class="text-ink-soft" data-testid="no-attempts">{t(words)}</p> }.drawn();
    }
    view! {
        <ol class="card m-0 list-none divide-y divide-line overflow-hidden p-0" data-testid="attempts">
            {attempts.into_iter().enumerate().map(|(index, attempt)| view! { <AttemptLine number=index + 1 attempt=attempt /> }).collect_view()}
        </ol>
    }
    .drawn()
}

#[component]
fn AttemptLine(number: usize, attempt: Attempt) -> impl IntoView {
    let tone = match attempt.result {
        AttemptResult::Accepted => Tone::Good,
        AttemptResult::Retry => Tone::Active,
        AttemptResult::Rejected => Tone::Bad,
        AttemptResult::Uncertain => Tone::Warn,
    };
    let detail = attempt.cause.as_ref().map(|cause| cause.detail.clone()).filter(|detail| !detail.is_empty());
    let sentence = attempt.cause.as_ref().map(|cause| cause.code.sentence());
    let (at, reference) = (attempt.at, attempt.reference.clone());
    view! {
        <li class="px-4 py-3" data-testid="attempt">
            <div class="flex flex-wrap items-baseline justify-between gap-x-4">
                <span class="flex flex-wrap items-baseline gap-x-3">
                    <span class="text-[13px] text-ink-soft">{said(move || fill(texts::ATTEMPT, &[&number.to_string()]))}</span>
                    <Badge tone=tone text=words::result(attempt.result) />
                </span>
                <span class="flex flex-wrap gap-x-3 text-[13px] text-ink-soft">
                    <time datetime=browser::iso(at)>{said(move || browser::full_time_text(at, lang()))}</time>
                    <span>{said(move || fill(texts::TOOK, &[&words::took(&attempt, lang())]))}</span>
                </span>
            </div>
            {sentence.map(|sentence| view! { <p class="mt-1">{t(sentence)}</p> })}
            {detail
                .map(|detail| {
                    view! {
                        <p class="mt-1 text-[13px] text-ink-soft">
                            {t(texts::PROVIDER_SAYS)} ": " <code class="font-mono text-ink">{detail}</code>
                        </p>
                    }
                })}
            {reference
                .map(|reference| {
                    view! {
                        <p class="mt-1 text-[13px] text-ink-soft">
                            {t(texts::REFERENCE)} ": " <code class="font-mono text-ink">{reference}</code>
                        </p>
                    }
                })}
        </li>
    }
}

/// 再送, where it is possible, with a word of warning where it might arrive twice.
#[component]
fn Resend(loader: Loader<Option<DeliveryDetail>>, detail: Memo<DeliveryDetail>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let press = Callback::new(move |()| {
        let id = detail.with_untracked(|detail| detail.row.id.clone());
        busy.set(true);
        spawn_local(async move {
            let answer = http::post_empty::<DeliveryRow>(&format!("/api/deliveries/{id}/resend")).await;
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
    });
    let may = Memo::new(move |_| detail.with(|detail| detail.can_resend));
    let uncertain = move || detail.with(|detail| detail.row.state == State::Uncertain);
    part(move || {
        {
        may.get().then(|| {
            view! {
                <div class="grid justify-items-end gap-2 max-sm:w-full max-sm:justify-items-stretch">
                    <Button label=texts::RESEND doing=texts::RESEND_BUSY icon=Icon::Refresh busy=busy testid="resend" on_press=press />
                    {part(move || uncertain().then(|| view! { <Banner tone=Tone::Warn>{t(texts::RESEND_UNCERTAIN)}</Banner> }).drawn())}
                </div>
            }
        })
    }.drawn()
    })
}

/// The medium's mark and name.
#[component]
pub fn ChannelName(channel: Channel) -> impl IntoView {
    view! {
        <span class="inline-flex items-center gap-1.5">
            <Mark channel=channel />
            {t(channel.name())}
        </span>
    }
}
