//! A connection that exists: its state, its settings, what can be done with it.

use leptos::prelude::*;
use shared::{
    api::{
        integrations::{CheckResult, Integration, IntegrationSettings, IntegrationState, Provider, Room},
        live::LiveMessage,
    },
    check::CheckName,
    integration::{MailVia, SmtpSecurity},
    lang::Text,
};

use super::{
    check::{Run, mail_steps},
    check_view::CheckView,
    delete_dialog::DeleteDialog,
    deletion::name_of,
    list::{last_success, state_of},
    matching::Matching,
    replace_dialog::ReplaceDialog,
};
use crate::{
    client::{Failure, browser, http, live, spawn},
    console::{
        back::BackLink,
        head::head,
        part::{Draw, Drawn, part},
        texts::integrations as texts,
    },
    i18n::{fill, lang, lang_now, say, signal, t},
    kit::{Banner, Button, ButtonKind, CopyButton, Icon, Loader, Mark, PageTitle, Tone, show},
};

/// `/console/integrations/{id}`.
#[component]
pub fn IntegrationPage(id: String) -> impl IntoView {
    let loader = Loader::new(move || {
        let id = id.clone();
        async move {
            // `None`: it was deleted, or never was.
            let all = http::get::<Vec<Integration>>("/api/integrations").await?;
            Ok::<_, Failure>(all.into_iter().find(|one| one.id.as_str() == id))
        }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Integration(changed)) => {
            let changed = changed.as_ref().clone();
            loader.change(|shown| {
                if shown.as_ref().is_some_and(|shown| shown.id == changed.id) {
                    *shown = Some(changed);
                }
            });
        }
        live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    view! {
        <BackLink href="/console/integrations" label=texts::BACK />
        {show(loader, move |shown| {
            let there = {
                let shown = shown.clone();
                Memo::new(move |_| shown.with(Option::is_some))
            };
            part(move || match shown.with_untracked(Clone::clone).filter(|_| there.get()) {
                Some(first) => view! { <Connected loader=loader shown=shown.clone() first=first /> }.drawn(),
                None => view! { <PageTitle text=signal(texts::GONE) /> }.drawn(),
            })
        })}
    }
}

#[component]
fn Connected(
    loader: Loader<Option<Integration>>,
    shown: ArcRwSignal<Option<Integration>>,
    first: Integration,
) -> impl IntoView {
    // What cannot change while the page is open: which connection, of which provider.
    let (id, provider, callback) = (first.id.clone(), first.provider, first.callback_url.clone());
    let integration = Memo::new(move |_| shown.get().unwrap_or_else(|| first.clone()));
    let name = Signal::derive(move || integration.with(|one| name_of(one).to_owned()));
    let (replacing, deleting) = (RwSignal::new(false), RwSignal::new(false));
    view! {
        <div class="grid max-w-[46rem] gap-5">
            <div>
                <PageTitle text=name />
                <p class="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft">
                    <span class="flex items-center gap-1.5">
                        <Mark channel=provider.channel() />
                        {t(provider.channel().name())}
                    </span>
                    {part(move || integration.with(state_line))}
                </p>
            </div>
            <Trouble integration=integration />
            <section class="card grid gap-3" aria-labelledby="settings-title">
                <div class="flex flex-wrap items-center justify-between gap-3">
                    {head("settings-title", texts::SETTINGS, None)}
                    <Button label=texts::REPLACE icon=Icon::Key testid="replace" on_press=move |()| replacing.set(true) />
                </div>
                {part(move || integration.with(fact_list))}
                {callback.map(|url| view! { <CallbackUrl url=url /> })}
            </section>
            <Checking integration=integration />
            {(provider == Provider::Lineworks)
                .then(|| {
                    view! {
                        <Matching id=id.clone() />
                        <Rooms integration=integration />
                    }
                })}
            <section class="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 border-t border-line pt-5" aria-labelledby="delete-title">
                {head("delete-title", texts::DELETE_ZONE, Some(texts::DELETE_ZONE_LEAD))}
                <Button label=texts::DELETE kind=ButtonKind::Danger testid="delete" on_press=move |()| deleting.set(true) />
            </section>
        </div>
        <ReplaceDialog
            open=replacing
            integration=integration.get_untracked()
            on_done=move |changed| loader.change(|shown| *shown = Some(changed))
        />
        <DeleteDialog open=deleting integration=integration.get_untracked() />
    }
}

fn state_line(one: &Integration) -> Drawn {
    view! {
        {state_of(one.state)}
        <span class="text-[13px]">{last_success(one.state, one.state_since, one.last_ok_at)}</span>
    }
    .drawn()
}

/// Why it does not work, and what became of the notices.
#[component]
fn Trouble(integration: Memo<Integration>) -> impl IntoView {
    part(move || {
        let broken =
            integration.with(|one| (one.state == IntegrationState::Broken).then(|| one.cause.clone()));
        let Some(cause) = broken else { return ().drawn() };
        let (sentence, detail) = cause.map(|cause| (say(cause.code.sentence()), cause.detail)).unzip();
        view! {
            <div class="[&_.banner]:mb-0">
                <Banner tone=Tone::Bad testid="trouble">
                    <p class="font-medium">{sentence}</p>
                    <p class="font-mono text-[13px]">{detail}</p>
                    <p>{t(texts::BROKEN_KEPT)}</p>
                </Banner>
            </div>
        }
        .drawn()
    })
}

/// One line of the settings.
enum Fact {
    Plain(String),
    /// To be pasted elsewhere.
    Copied(String),
    /// Never shown again; when it was set.
    Secret(i64),
}

fn fact_list(integration: &Integration) -> Drawn {
    let lines = facts(integration).into_iter().map(|(name, fact)| {
        let value = match fact {
            Fact::Plain(text) if text.is_empty() => {
                view! { <span class="text-ink-soft">{say(texts::NONE)}</span> }.drawn()
            }
            Fact::Plain(text) => text.drawn(),
            Fact::Copied(text) => view! {
                <span class="-my-2 flex flex-wrap items-center gap-x-1">
                    <code class="font-mono text-[14px]" data-testid="bot-id">{text.clone()}</code>
                    <CopyButton text=Signal::stored(text) named=signal(name) testid="copy-bot-id" />
                </span>
            }
            .drawn(),
            Fact::Secret(at) => {
                let words = fill(texts::SECRET_SET, &[&browser::day_text(at, lang())]);
                view! { <span class="text-ink-soft">{words}</span> }.drawn()
            }
        };
        view! { <dt>{say(name)}</dt><dd>{value}</dd> }
    });
    view! { <dl class="facts items-center" data-testid="settings">{lines.collect_view()}</dl> }.drawn()
}

/// The settings in the order of the form.
fn facts(integration: &Integration) -> Vec<(Text, Fact)> {
    let set = Fact::Secret(integration.secret_set_at);
    let plain = |text: &str| Fact::Plain(text.to_owned());
    match &integration.settings {
        IntegrationSettings::Lineworks {
            client_id,
            service_account,
            domain_id,
            bot_admin,
            bot_subadmin,
            bot_name,
            bot_id,
        } => vec![
            (texts::BOT_NAME, plain(bot_name)),
            (texts::BOT_ID, bot_id.map_or_else(|| plain(""), |id| Fact::Copied(id.to_string()))),
            (texts::CLIENT_ID, plain(client_id)),
            (texts::CLIENT_SECRET, Fact::Secret(integration.secret_set_at)),
            (texts::SERVICE_ACCOUNT, plain(service_account)),
            (texts::PRIVATE_KEY, set),
            (texts::DOMAIN_ID, plain(domain_id)),
            (texts::BOT_ADMIN, plain(bot_admin)),
            (texts::BOT_SUBADMIN, plain(bot_subadmin)),
        ],
        IntegrationSettings::Mail { via: MailVia::Resend, from_address, from_name, reply_to, .. } => vec![
            (texts::VIA, plain("Resend")),
            (texts::API_KEY, set),
            (texts::FROM_NAME, plain(from_name)),
            (texts::FROM_ADDRESS, plain(from_address)),
            (texts::REPLY_TO, plain(reply_to)),
        ],
        IntegrationSettings::Mail {
            via: MailVia::Smtp,
            from_address,
            from_name,
            reply_to,
            host,
            port,
            security,
            user,
        } => vec![
            (texts::HOST, plain(host)),
            (texts::SECURITY, plain(say(security_name(*security)))),
            (texts::PORT, Fact::Plain(port.to_string())),
            (texts::USER, plain(user)),
            (texts::PASSWORD, if user.is_empty() { plain("") } else { set }),
            (texts::FROM_NAME, plain(from_name)),
            (texts::FROM_ADDRESS, plain(from_address)),
            (texts::REPLY_TO, plain(reply_to)),
        ],
    }
}

const fn security_name(security: SmtpSecurity) -> Text {
    match security {
        SmtpSecurity::Starttls => texts::STARTTLS,
        SmtpSecurity::Tls => texts::TLS,
        SmtpSecurity::Plain => texts::PLAIN,
    }
}

#[component]
fn CallbackUrl(url: String) -> impl IntoView {
    let shown = url.clone();
    view! {
        <div class="border-t border-line pt-3">
            <p class="text-[14px] font-semibold">{t(texts::CALLBACK_URL)}</p>
            <p class="text-[13px] text-ink-soft">{t(texts::CALLBACK_URL_WHERE)}</p>
            <div class="mt-1.5 flex items-center gap-2 rounded-md bg-sunk py-0.5 pr-1 pl-3">
                <code class="min-w-0 flex-1 py-1.5 font-mono text-[13px] break-all" data-testid="callback-url">{shown}</code>
                <CopyButton text=Signal::stored(url) named=signal(texts::CALLBACK_URL) testid="copy-callback-url" />
            </div>
        </div>
    }
}

/// 「接続を確認」 of a connection that is saved already.
#[component]
fn Checking(integration: Memo<Integration>) -> impl IntoView {
    let run = RwSignal::new(Run::NotYet);
    let busy = Signal::derive(move || run.with(Run::is_running));
    let press = Callback::new(move |()| {
        let (path, steps) = integration
            .with_untracked(|one| (format!("/api/integrations/{}/check", one.id), steps_of(&one.settings)));
        run.set(Run::Running(steps));
        spawn(async move {
            let answer = http::post_empty::<CheckResult>(&path).await;
            let _gone = run.try_set(match answer {
                Ok(result) => Run::Done(result.steps),
                Err(failure) => Run::Failed(failure.message(lang_now())),
            });
        });
    });
    view! {
        <section class="card grid gap-3" aria-labelledby="check-title">
            <div class="flex flex-wrap items-center justify-between gap-3">
                {head("check-title", texts::CHECK_TITLE, None)}
                <Button label=texts::CHECK doing=texts::CHECK_BUSY icon=Icon::Refresh busy=busy testid="check-connection" on_press=press />
            </div>
            {part(move || run.with(|run| *run != Run::NotYet).then(|| view! { <CheckView run=run /> }).drawn())}
        </section>
    }
}

fn steps_of(settings: &IntegrationSettings) -> Vec<CheckName> {
    match settings {
        IntegrationSettings::Lineworks { .. } => CheckName::LINEWORKS.to_vec(),
        IntegrationSettings::Mail { via, security, user, .. } => {
            mail_steps(*via, *security, !user.is_empty())
        }
    }
}

/// Rooms that the bot is in; the list fills itself.
#[component]
fn Rooms(integration: Memo<Integration>) -> impl IntoView {
    let loader = Loader::new(|| http::get::<Vec<Room>>("/api/v1/rooms"));
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Room(changed)) => {
            let changed = changed.clone();
            loader.change(|rooms| match rooms.iter_mut().find(|old| old.id == changed.id) {
                Some(old) => *old = changed,
                None => rooms.push(changed),
            });
        }
        live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    view! {
        <section class="card p-0" aria-labelledby="rooms-title">
            <h2 id="rooms-title" class="px-4.5 pt-4 text-[16px]">{t(texts::ROOMS)}</h2>
            {show(loader, move |rooms| {
                let own = Memo::new(move |_| {
                    rooms.with(|rooms| rooms.iter().filter(|room| integration.with(|one| one.id == room.integration)).cloned().collect::<Vec<_>>())
                });
                move || {
                    if own.with(Vec::is_empty) {
                        view! { <p class="px-4.5 pb-4 text-ink-soft" data-testid="rooms-empty">{t(texts::ROOMS_EMPTY)}</p> }.drawn()
                    } else {
                        view! {
                            <ul class="m-0 mt-2 list-none divide-y divide-line border-t border-line p-0" data-testid="rooms">
                                {own.get().into_iter().map(|room| view! { <RoomLine room=room /> }).collect_view()}
                            </ul>
                        }
                            .drawn()
                    }
                }
            })}
        </section>
    }
}

#[component]
fn RoomLine(room: Room) -> impl IntoView {
    let named = {
        let name = room.name.clone();
        Signal::derive(move || format!("{name}: ID"))
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-x-4 px-4.5 py-2" data-testid="room">
            <span class="min-w-0 flex-1 basis-40">
                <span class:text-ink-soft=!room.open>{room.name}</span>
                {(!room.open).then(|| view! { <span class="ml-2 text-[13px] text-ink-soft">{t(texts::ROOM_CLOSED)}</span> })}
            </span>
            <span class="flex min-w-0 items-center gap-1">
                <code class="min-w-0 truncate font-mono text-[13px] text-ink-soft">{room.provider_id.clone()}</code>
                <CopyButton text=Signal::stored(room.provider_id) named=named testid="copy-room-id" />
            </span>
        </li>
    }
}
