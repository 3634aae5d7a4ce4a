//! The services and their state.

use leptos::prelude::*;
use shared::{
    api::{
        integrations::{Integration, IntegrationState, Provider},
        live::LiveMessage,
    },
    lang::Text,
};

use super::{
    connected::service_name,
    deletion::{needs_install, way_of},
};
use crate::{
    client::{live, times},
    console::texts::integrations as texts,
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        ButtonKind, Icon, Loader, Tone,
        button::link_button,
        surfaces::{badge, mark, paragraph, show, title_of},
    },
};

/// The services in the pages' order of channels, and what each brings.
const SERVICES: [(Provider, Text); 7] = [
    (Provider::Lineworks, texts::LINEWORKS_LEAD),
    (Provider::Line, texts::LINE_LEAD),
    (Provider::Slack, texts::SLACK_LEAD),
    (Provider::GoogleChat, texts::GOOGLE_CHAT_LEAD),
    (Provider::Mail, texts::MAIL_LEAD),
    (Provider::WebPush, texts::WEB_PUSH_LEAD),
    (Provider::LineworksV1, texts::LINEWORKS_V1_LEAD),
];

/// `/console/integrations`.
pub(crate) fn page() -> Vec<El> {
    let loader = Loader::<Vec<Integration>>::at("/api/integrations");
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Integration(changed)) => {
            let changed = changed.as_ref().clone();
            loader.change(|list| match list.iter_mut().find(|old| old.id == changed.id) {
                Some(old) => *old = changed,
                None => list.push(changed),
            });
        }
        live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    vec![
        title_of(texts::TITLE),
        paragraph("lead", texts::LEAD),
        show(el("div", ""), loader, |list| {
            vec![el("ul", "m-0 grid list-none gap-4 p-0").test("services").dynamic(move || {
                list.with(|list| {
                    SERVICES.iter().map(|(provider, lead)| service(*provider, *lead, list)).collect()
                })
            })]
        }),
    ]
}

fn service(provider: Provider, lead: Text, all: &[Integration]) -> El {
    let own: Vec<El> = all.iter().filter(|one| one.provider == provider).map(connection).collect();
    let retired = provider == Provider::LineworksV1;
    let dashed = provider.code().replace('_', "-");
    let href = format!("/console/integrations/{}", provider.code());
    let words = el("div", "min-w-0 flex-1 basis-64 max-md:basis-full")
        .child(
            el("h2", "flex flex-wrap items-center gap-2 text-[16px]")
                .child(mark(provider.channel()))
                .child(el("span", "").say(service_name(provider)))
                .maybe(retired.then(|| badge(Tone::Warn, texts::RETIRED))),
        )
        .child(paragraph("text-[13px] text-ink-soft", lead));
    let mut head = el("div", "flex flex-wrap items-center gap-x-4 gap-y-3 px-5 py-4").child(words);
    let test = format!("connect-{dashed}");
    if !provider.has_form() {
        if own.is_empty() {
            head = head.child(badge(Tone::Quiet, texts::NOT_CONNECTED));
        }
    } else if own.is_empty() {
        let kind = if retired { ButtonKind::Secondary } else { ButtonKind::Primary };
        head = head
            .child(badge(Tone::Quiet, texts::NOT_CONNECTED))
            .child(link_button(texts::CONNECT, &href, kind, None).test(&test));
    } else {
        head = head.child(link_button(texts::ADD, &href, ButtonKind::Quiet, Some(Icon::Plus)).test(&test));
    }
    let lines = (!own.is_empty())
        .then(|| el("ul", "m-0 list-none divide-y divide-line border-t border-line p-0").children(own));
    el("li", "card p-0").test(&format!("service-{dashed}")).child(head).maybe(lines)
}

fn connection(integration: &Integration) -> El {
    let state = integration.state;
    let default = integration.is_default.then(|| {
        el("span", "shrink-0 rounded border border-line px-1.5 text-xs text-ink-soft").say(texts::DEFAULT)
    });
    let way = way_of(&integration.settings);
    let cause = integration.cause.as_ref().filter(|_| state == IntegrationState::Broken);
    let words = el("span", "min-w-0")
        .child(
            el("span", "flex min-w-0 items-center gap-2")
                .child(el("span", "truncate font-medium").text(integration.name()))
                .maybe(default),
        )
        .maybe(way.map(|way| el("span", "block truncate text-[13px] text-ink-soft").text(&way)))
        .maybe(cause.map(|cause| el("span", "block text-[13px] text-shu").say(cause.code.sentence())));
    let line = el(
        "a",
        "grid gap-x-4 gap-y-0.5 px-5 py-3 text-ink no-underline transition-colors hover:bg-sunk \
         md:grid-cols-[minmax(0,1fr)_9rem_14rem] md:items-center",
    )
    .attr("href", &format!("/console/integrations/{}", integration.id))
    .test("integration")
    .attr("data-id", integration.id.as_str())
    .child(words)
    .child(state_badge(integration))
    .child(el("span", "text-[13px] text-ink-soft md:text-right").text(&last_success(
        state,
        integration.state_since,
        integration.last_ok_at,
    )));
    el("li", "").child(line)
}

/// The state of a connection in a word.
pub(super) fn state_badge(integration: &Integration) -> El {
    let (tone, text) = match integration.state {
        IntegrationState::Ready if needs_install(&integration.settings) => (Tone::Warn, texts::UNFINISHED),
        IntegrationState::Ready => (Tone::Good, texts::READY),
        IntegrationState::Broken => (Tone::Bad, texts::BROKEN),
    };
    badge(tone, text).test("integration-state")
}

/// When it last worked; for a broken one since when it does not.
pub(super) fn last_success(state: IntegrationState, since: i64, last_ok: Option<i64>) -> String {
    let time = |at| times::time_text(at, lang());
    match (state, last_ok) {
        (IntegrationState::Broken, _) => fill(texts::SINCE, &[&time(since)]),
        (IntegrationState::Ready, Some(at)) => fill(texts::LAST_OK, &[&time(at)]),
        (IntegrationState::Ready, None) => say(texts::NEVER_OK).to_owned(),
    }
}
