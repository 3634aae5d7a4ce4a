//! The services and their state.

use leptos::prelude::*;
use shared::{
    api::{
        integrations::{Integration, IntegrationState, Provider},
        live::LiveMessage,
    },
    lang::Text,
};

use super::deletion::{name_of, way_of};
use crate::{
    client::{browser, http, live},
    console::{
        part::{Draw, Drawn, part},
        texts::integrations as texts,
    },
    i18n::{fill, lang, say, signal, t},
    kit::{Badge, ButtonKind, Icon, LinkButton, Loader, Mark, PageTitle, Tone, show},
};

/// A service that can be connected.
struct Service {
    provider: Provider,
    name: Text,
    lead: Text,
    form: &'static str,
    testid: &'static str,
}

const SERVICES: [Service; 2] = [
    Service {
        provider: Provider::Lineworks,
        name: texts::LINEWORKS,
        lead: texts::LINEWORKS_LEAD,
        form: "/console/integrations/lineworks",
        testid: "connect-lineworks",
    },
    Service {
        provider: Provider::Mail,
        name: texts::MAIL,
        lead: texts::MAIL_LEAD,
        form: "/console/integrations/mail",
        testid: "connect-mail",
    },
];

/// `/console/integrations`.
#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let loader = Loader::new(|| http::get::<Vec<Integration>>("/api/integrations"));
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
    view! {
        <PageTitle text=signal(texts::TITLE) />
        <p class="lead">{t(texts::LEAD)}</p>
        {show(loader, |list| {
            part(move || {
                let services = list.with(|list| SERVICES.iter().map(|one| service_row(one, list)).collect::<Vec<_>>());
                view! { <ul class="m-0 grid list-none gap-4 p-0" data-testid="services">{services}</ul> }.drawn()
            })
        })}
    }
}

fn service_row(service: &'static Service, all: &[Integration]) -> Drawn {
    let own: Vec<_> = all.iter().filter(|one| one.provider == service.provider).map(connection).collect();
    let (action, lines) = if own.is_empty() {
        let action = view! {
            <Badge tone=Tone::Quiet text=texts::NOT_CONNECTED />
            <LinkButton label=texts::CONNECT href=service.form kind=ButtonKind::Primary testid=service.testid />
        };
        (action.drawn(), ().drawn())
    } else {
        let action = view! { <LinkButton label=texts::ADD href=service.form kind=ButtonKind::Quiet icon=Icon::Plus testid=service.testid /> };
        let lines =
            view! { <ul class="m-0 list-none divide-y divide-line border-t border-line p-0">{own}</ul> };
        (action.drawn(), lines.drawn())
    };
    view! {
        <li class="card p-0" data-testid=format!("service-{}", service.provider.code())>
            <div class="flex flex-wrap items-center gap-x-4 gap-y-3 px-5 py-4">
                <div class="min-w-0 flex-1 basis-64">
                    <h2 class="flex items-center gap-2 text-[16px]">
                        <Mark channel=service.provider.channel() />
                        {say(service.name)}
                    </h2>
                    <p class="text-[13px] text-ink-soft">{say(service.lead)}</p>
                </div>
                {action}
            </div>
            {lines}
        </li>
    }
    .drawn()
}

fn connection(integration: &Integration) -> Drawn {
    let state = integration.state;
    let default = integration.is_default.then(|| {
        view! { <span class="shrink-0 rounded border border-line px-1.5 text-xs text-ink-soft">{say(texts::DEFAULT)}</span> }
    });
    let cause = integration.cause.as_ref().filter(|_| state == IntegrationState::Broken);
    view! {
        <li>
            <a
                class="grid gap-x-4 gap-y-0.5 px-5 py-3 text-ink no-underline transition-colors hover:bg-sunk md:grid-cols-[minmax(0,1fr)_9rem_14rem] md:items-center"
                href=format!("/console/integrations/{}", integration.id)
                data-testid="integration"
                data-id=integration.id.to_string()
            >
                <span class="min-w-0">
                    <span class="flex min-w-0 items-center gap-2">
                        <span class="truncate font-medium">{name_of(integration).to_owned()}</span>
                        {default}
                    </span>
                    <span class="block truncate text-[13px] text-ink-soft">{way_of(&integration.settings)}</span>
                    <span class="block text-[13px] text-shu">{cause.map(|cause| say(cause.code.sentence()))}</span>
                </span>
                {state_of(state)}
                <span class="text-[13px] text-ink-soft md:text-right">
                    {last_success(state, integration.state_since, integration.last_ok_at)}
                </span>
            </a>
        </li>
    }
    .drawn()
}

/// The state of a connection in a word.
pub(super) fn state_of(state: IntegrationState) -> Drawn {
    let (tone, text) = match state {
        IntegrationState::Ready => (Tone::Good, texts::READY),
        IntegrationState::Broken => (Tone::Bad, texts::BROKEN),
    };
    view! { <Badge tone=tone text=text testid="integration-state" /> }.drawn()
}

/// When it last worked; for a broken one since when it does not.
pub(super) fn last_success(state: IntegrationState, since: i64, last_ok: Option<i64>) -> String {
    let time = |at| browser::time_text(at, lang());
    match (state, last_ok) {
        (IntegrationState::Broken, _) => fill(texts::SINCE, &[&time(since)]),
        (IntegrationState::Ready, Some(at)) => fill(texts::LAST_OK, &[&time(at)]),
        (IntegrationState::Ready, None) => texts::NEVER_OK.get(lang()).to_owned(),
    }
}
