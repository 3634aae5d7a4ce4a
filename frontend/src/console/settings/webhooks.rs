//! Outgoing webhooks: their list.

use leptos::prelude::*;
use shared::{
    api::webhooks::{WebhookEvent, WebhookInfo},
    lang::Text,
};

use super::{
    texts::{frame, webhooks as texts},
    webhook_form::{Asked, webhook_dialog},
};
use crate::{
    client::{browser, times},
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Icon, Loader, Tone,
        controls::{Press, button},
        surfaces::{badge, empty, paragraph, show, title_of},
        use_toasts,
    },
};

/// `/console/settings/webhooks`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::<Vec<WebhookInfo>>::at("/api/webhooks");
    let making = RwSignal::new(None::<Asked>);
    let make = Press { icon: Some(Icon::Plus), test: "new-webhook".into(), ..Press::primary(texts::NEW) };
    vec![
        title_of(frame::WEBHOOKS),
        el("div", "mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
            .child(paragraph("lead min-w-0 flex-1 basis-72 [&]:mb-0", texts::LEAD))
            .child(button(make, Some(Box::new(move || making.set(Some(Asked::New)))))),
        show(el("div", ""), loader, move |webhooks| {
            vec![el("div", "").dynamic(move || {
                let webhooks = webhooks.get();
                if webhooks.is_empty() {
                    return vec![empty("empty", texts::EMPTY, texts::EMPTY_NEXT)];
                }
                let lines = webhooks.iter().map(line).collect();
                vec![
                    el("ul", "card m-0 list-none divide-y divide-line overflow-hidden p-0")
                        .test("webhooks")
                        .children(lines),
                ]
            })]
        }),
        webhook_dialog(making, use_toasts(), move |_| loader.reload()),
    ]
}

/// What a webhook is told, in words.
pub(super) const fn event_name(event: WebhookEvent) -> Text {
    match event {
        WebhookEvent::ActionTaken => texts::ACTION_TAKEN,
        WebhookEvent::DeliveryFailed => texts::DELIVERY_FAILED,
        WebhookEvent::Test => texts::TEST,
    }
}

pub(super) fn events_text(events: &[WebhookEvent]) -> String {
    events.iter().map(|event| say(event_name(*event))).collect::<Vec<_>>().join(" / ")
}

/// Its state in a word.
pub(super) fn state(webhook: &WebhookInfo) -> El {
    let (tone, words) = match webhook {
        WebhookInfo { disabled_at: Some(_), .. } => (Tone::Bad, texts::STOPPED),
        WebhookInfo { failed: 1.., .. } => (Tone::Warn, texts::FAILING),
        _ => (Tone::Good, texts::ACTIVE),
    };
    badge(tone, words).test("webhook-state")
}

/// When it last worked, what waits, what was given up.
pub(super) fn figures(webhook: &WebhookInfo) -> String {
    let number = |text, count: u64| (count > 0).then(|| fill(text, &[&browser::number_text(count)]));
    let last = webhook.last_ok_at.map_or_else(
        || say(texts::NEVER).to_owned(),
        |at| fill(texts::LAST_OK, &[&times::time_text(at, lang())]),
    );
    [Some(last), number(texts::WAITING, webhook.waiting), number(texts::FAILED, webhook.failed)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

fn line(webhook: &WebhookInfo) -> El {
    let (events, whole) = (webhook.events.clone(), webhook.clone());
    let words = el("span", "min-w-0 flex-1 basis-64")
        .child(el("span", "block truncate font-medium").text(&webhook.url))
        .child(el("span", "block text-[13px] text-ink-soft").text_when(move || events_text(&events)))
        .child(el("span", "block text-[13px] text-ink-soft").text_when(move || figures(&whole)));
    let link = el(
        "a",
        "flex flex-wrap items-center gap-x-4 gap-y-1 px-4.5 py-3 text-ink no-underline transition-colors hover:bg-sunk",
    )
    .attr("href", &format!("/console/settings/webhooks/{}", webhook.id))
    .test("webhook")
    .child(words)
    .child(state(webhook));
    el("li", "").child(link)
}
