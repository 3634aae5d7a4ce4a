//! One delivery: what was decided, what was tried, what the person sees.

use leptos::prelude::*;
use shared::{
    api::{
        deliveries::{Attempt, AttemptResult, DeliveryDetail, DeliveryRow},
        events::Target,
        live::LiveMessage,
    },
    delivery::State,
    error::Code,
    lang::Text,
    routing::Decision,
};

use super::{list::Row, preview::PreviewView, words};
use crate::{
    client::{Failure, browser, http, live, spawn},
    console::{
        back::BackLink,
        part::{Draw, Drawn, part, said},
        texts::deliveries as texts,
    },
    i18n::{fill, lang, say, signal, t},
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
    // Drawn again only when it changed: the frame of a mail would flicker.
    let preview = Memo::new(move |_| detail.with(|detail| detail.preview.clone()));
    view! {
        <div class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
            <div class="min-w-0 flex-1 basis-80">
                <PageTitle text=Signal::derive(move || detail.with(|detail| detail.row.title.clone())) />
                <p class="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft" data-testid="delivery-summary">
                    {part(move || detail.with(|detail| summary(&detail.row)))}
                </p>
            </div>
            <Resend loader=loader detail=detail />
        </div>
        {part(move || detail.with(|detail| what_failed(&detail.row)))}
        <div class="mt-6 grid items-start gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
            <div class="grid min-w-0 gap-8">
                <section aria-labelledby="decision">
                    <h2 id="decision" class="mb-2 text-[17px]">{t(texts::DECISION)}</h2>
                    {part(move || detail.with(decision))}
                </section>
                <section aria-labelledby="attempts">
                    <h2 id="attempts" class="mb-2 text-[17px]">{t(texts::ATTEMPTS)}</h2>
                    {part(move || detail.with(attempts))}
                </section>
            </div>
            <section class="min-w-0" aria-labelledby="message">
                <h2 id="message" class="mb-2 text-[17px]">
                    {said(move || say(detail.with(|detail| message_title(&detail.row))))}
                </h2>
                <div class="card">{part(move || view! { <PreviewView preview=preview.get() /> }.drawn())}</div>
            </section>
        </div>
        {part(move || detail.with(|detail| siblings(&detail.siblings)))}
    }
}

fn summary(row: &DeliveryRow) -> Drawn {
    view! {
        <StateBadge state=row.state />
        <span class="inline-flex items-center gap-1.5">
            <Mark channel=row.channel />
            {say(row.channel.name())}
        </span>
        {recipient(&row.target)}
        <Time at=row.created_at />
    }
    .drawn()
}

/// The member's page, or the room's name.
fn recipient(target: &Target) -> Drawn {
    let name = target_name(target).to_owned();
    match target {
        Target::Member { id, .. } => {
            view! { <a href=format!("/console/members/{id}") data-testid="delivery-member">{name}</a> }
                .drawn()
        }
        Target::Room { .. } => format!("{name} ({})", say(texts::ROOM)).drawn(),
    }
}

/// The last cause, first of all: it is what the admin came for.
fn what_failed(row: &DeliveryRow) -> Drawn {
    let Some(cause) = row.cause.clone().filter(|_| row.state == State::Failed) else { return ().drawn() };
    view! {
        <div class="mt-5 [&_.banner]:mb-0">
            <Banner tone=Tone::Bad testid="failed-because">
                <p class="font-medium">{say(cause.code.sentence())}</p>
                <p class="font-mono text-[13px]">{cause.detail}</p>
            </Banner>
        </div>
    }
    .drawn()
}

const fn message_title(row: &DeliveryRow) -> Text {
    match row.state {
        State::Waiting | State::Sending => texts::MESSAGE_PLANNED,
        State::Skipped | State::Cancelled | State::Failed => texts::MESSAGE_SKIPPED,
        State::Sent | State::Uncertain => texts::MESSAGE,
    }
}

fn decision(detail: &DeliveryDetail) -> Drawn {
    let row = &detail.row;
    let full = |at| browser::full_time_text(at, lang());
    let facts = [
        Some((texts::KIND, row.kind_name.clone())),
        Some((texts::URGENCY, say(row.urgency.name()).to_owned())),
        detail.address.clone().map(|address| (texts::ADDRESS, address)),
        Some((texts::DECIDED_AT, full(row.created_at))),
        row.due_at.filter(|_| row.state == State::Waiting).map(|at| (texts::DUE_AT, full(at))),
        row.done_at.map(|at| (texts::DONE_AT, full(at))),
    ];
    let facts =
        facts.into_iter().flatten().map(|(name, value)| view! { <dt>{say(name)}</dt><dd>{value}</dd> });
    let ahead = detail
        .ahead
        .filter(|ahead| *ahead > 0)
        .map(|ahead| fill(texts::AHEAD, &[&browser::number_text(ahead)]));
    view! {
        <div class="card" data-testid="decision">
            <p class="font-semibold">{say(words::decision(row.decision))}</p>
            <p data-testid="reason">{say(words::reason(row.reason))}</p>
            <p class="text-ink-soft" data-testid="ahead">{ahead}</p>
            <dl class="facts mt-3 border-t border-line pt-3">{facts.collect_view()}</dl>
        </div>
    }
    .drawn()
}

fn attempts(detail: &DeliveryDetail) -> Drawn {
    if detail.attempts.is_empty() {
        let skipped = detail.row.decision == Decision::Skip;
        let words = if skipped { texts::NO_ATTEMPTS_SKIPPED } else { texts::NO_ATTEMPTS };
        return view! { <p class="text-ink-soft" data-testid="no-attempts">{say(words)}</p> }.drawn();
    }
    let lines = detail.attempts.iter().enumerate().map(|(index, attempt)| attempt_line(index + 1, attempt));
    view! {
        <ol class="card m-0 list-none divide-y divide-line overflow-hidden p-0" data-testid="attempts">
            {lines.collect_view()}
        </ol>
    }
    .drawn()
}

fn attempt_line(number: usize, attempt: &Attempt) -> Drawn {
    let tone = match attempt.result {
        AttemptResult::Accepted => Tone::Good,
        AttemptResult::Retry => Tone::Active,
        AttemptResult::Rejected => Tone::Bad,
        AttemptResult::Uncertain => Tone::Warn,
    };
    let detail = attempt.cause.as_ref().map(|cause| cause.detail.clone()).filter(|detail| !detail.is_empty());
    let sentence = attempt.cause.as_ref().map(|cause| say(cause.code.sentence()));
    let quoted = [(texts::PROVIDER_SAYS, detail), (texts::REFERENCE, attempt.reference.clone())];
    let quoted = quoted.into_iter().filter_map(|(name, words)| words.map(|words| (name, words))).map(
        |(name, words)| {
            view! {
                <p class="mt-1 text-[13px] text-ink-soft">
                    {say(name)} ": " <code class="font-mono text-ink">{words}</code>
                </p>
            }
        },
    );
    view! {
        <li class="px-4 py-3" data-testid="attempt">
            <div class="flex flex-wrap items-baseline justify-between gap-x-4">
                <span class="flex flex-wrap items-baseline gap-x-3">
                    <span class="text-[13px] text-ink-soft">{fill(texts::ATTEMPT, &[&number.to_string()])}</span>
                    <Badge tone=tone text=words::result(attempt.result) />
                </span>
                <span class="flex flex-wrap gap-x-3 text-[13px] text-ink-soft">
                    <time datetime=browser::iso(attempt.at)>{browser::full_time_text(attempt.at, lang())}</time>
                    <span>{fill(texts::TOOK, &[&words::took(attempt, lang())])}</span>
                </span>
            </div>
            <p>{sentence}</p>
            {quoted.collect_view()}
        </li>
    }
    .drawn()
}

fn siblings(rows: &[DeliveryRow]) -> Drawn {
    if rows.is_empty() {
        return ().drawn();
    }
    let rows = rows.iter().map(|row| view! { <li><Row row=Signal::stored(row.clone()) /></li> });
    view! {
        <section class="mt-8" aria-labelledby="siblings">
            <h2 id="siblings" class="mb-2 text-[17px]">{say(texts::SIBLINGS)}</h2>
            <ul class="card m-0 list-none divide-y divide-line overflow-hidden p-0" data-testid="siblings">
                {rows.collect_view()}
            </ul>
        </section>
    }
    .drawn()
}

/// 再送, where it is possible, with a word of warning where it might arrive twice.
#[component]
fn Resend(loader: Loader<Option<DeliveryDetail>>, detail: Memo<DeliveryDetail>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let press = Callback::new(move |()| {
        let id = detail.with_untracked(|detail| detail.row.id.clone());
        busy.set(true);
        spawn(async move {
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
    // Drawn again only when one of the two changes: the focus stays on the button.
    let shown = Memo::new(move |_| {
        detail.with(|detail| detail.can_resend.then_some(detail.row.state == State::Uncertain))
    });
    part(move || {
        let Some(uncertain) = shown.get() else { return ().drawn() };
        let warning =
            uncertain.then(|| view! { <Banner tone=Tone::Warn>{t(texts::RESEND_UNCERTAIN)}</Banner> });
        view! {
            <div class="grid justify-items-end gap-2 max-sm:w-full max-sm:justify-items-stretch">
                <Button label=texts::RESEND doing=texts::RESEND_BUSY icon=Icon::Refresh busy=busy testid="resend" on_press=press />
                {warning}
            </div>
        }
        .drawn()
    })
}
