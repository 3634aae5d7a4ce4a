//! The API keys of the workspace.

use leptos::prelude::*;
use shared::{api::settings::KeyInfo, id::ApiKeyId};

use super::{keys_model::scope_name, new_key::NewKeyDialog};
use crate::{
    client::{browser, http, json, spawn},
    console::{
        confirm::TypeToConfirm,
        part::{Draw, said},
        texts::settings as texts,
    },
    i18n::{fill, lang, signal, t},
    kit::{Badge, Button, ButtonKind, Dialog, Empty, Icon, Loader, PageTitle, Tone, show, use_toasts},
};

/// `/console/settings`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let loader = Loader::new(|| json::get::<Vec<KeyInfo>>("/api/keys"));
    let (making, revoking) = (RwSignal::new(false), RwSignal::new(None::<KeyInfo>));
    let make = Callback::new(move |()| making.set(true));
    view! {
        <PageTitle text=signal(texts::TITLE) />
        <section class="max-w-[56rem]" aria-labelledby="keys-title">
            <div class="mt-5 mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
                <div class="min-w-0 flex-1 basis-72">
                    <h2 id="keys-title" class="text-[17px]">{t(texts::KEYS)}</h2>
                    <p class="text-[13px] text-ink-soft">{t(texts::KEYS_LEAD)}</p>
                </div>
                <Button label=texts::NEW icon=Icon::Plus kind=ButtonKind::Primary testid="new-key" on_press=make />
            </div>
            {show(loader, move |keys| {
                move || {
                    if keys.with(Vec::is_empty) {
                        view! { <Empty title=texts::EMPTY text=texts::EMPTY_NEXT /> }.drawn()
                    } else {
                        view! {
                            <ul class="card m-0 list-none divide-y divide-line overflow-hidden p-0" data-testid="keys">
                                {keys.get().into_iter().map(|key| view! { <KeyLine key=key revoking=revoking /> }).collect_view()}
                            </ul>
                        }
                            .drawn()
                    }
                }
            })}
        </section>
        <NewKeyDialog open=making on_made=move |()| loader.reload() />
        <RevokeDialog revoking=revoking on_done=move |_| loader.reload() />
    }
}

#[component]
fn KeyLine(key: KeyInfo, revoking: RwSignal<Option<KeyInfo>>) -> impl IntoView {
    let whole = key.clone();
    let hint = key.hint.clone();
    let revoked = key.revoked_at;
    let dates = move || {
        let day = |at| browser::day_text(at, lang());
        revoked.map_or_else(
            || fill(texts::CREATED, &[&day(key.created_at)]),
            |at| fill(texts::REVOKED, &[&day(at)]),
        )
    };
    let scopes =
        move || key.scopes.iter().map(|scope| scope_name(*scope).get(lang())).collect::<Vec<_>>().join(", ");
    let named = {
        let name = key.name.clone();
        Signal::derive(move || fill(texts::REVOKE_TITLE, &[&name]))
    };
    view! {
        <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4.5 py-3" data-testid="key">
            <div class="min-w-0 flex-1 basis-64">
                <p class="flex flex-wrap items-baseline gap-x-2">
                    <span class="font-medium" class:text-ink-soft=revoked.is_some()>{key.name}</span>
                    <span class="font-mono text-[13px] text-ink-soft">{said(move || fill(texts::HINT, &[&hint]))}</span>
                    {revoked.map(|_| view! { <Badge tone=Tone::Quiet text=texts::REVOKED_BADGE /> })}
                </p>
                <p class="text-[13px] text-ink-soft">{scopes}</p>
                <p class="text-[13px] text-ink-soft">{dates}</p>
            </div>
            {revoked
                .is_none()
                .then(|| {
                    view! {
                        <Button
                            label=texts::REVOKE
                            kind=ButtonKind::Danger
                            named=named
                            testid="revoke"
                            on_press=move |()| revoking.set(Some(whole.clone()))
                        />
                    }
                })}
        </li>
    }
}

/// Stopping a key: its name has to be typed, because systems stop with it.
#[component]
fn RevokeDialog(
    revoking: RwSignal<Option<KeyInfo>>,
    #[prop(into)] on_done: Callback<ApiKeyId>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if revoking.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            revoking.set(None);
        }
    });
    let name = Signal::derive(move || {
        revoking.with(|key| key.as_ref().map(|key| key.name.clone()).unwrap_or_default())
    });
    let title = Signal::derive(move || fill(texts::REVOKE_TITLE, &[&name.get()]));
    view! {
        <Dialog open=open title=title testid="revoke-dialog">
            <Revoke open=open revoking=revoking name=name on_done=on_done />
        </Dialog>
    }
}

#[component]
fn Revoke(
    open: RwSignal<bool>,
    revoking: RwSignal<Option<KeyInfo>>,
    name: Signal<String>,
    on_done: Callback<ApiKeyId>,
) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let revoke = Callback::new(move |()| {
        let Some(id) = revoking.with_untracked(|key| key.as_ref().map(|key| key.id.clone())) else { return };
        busy.set(true);
        spawn(async move {
            let answer = http::delete(&format!("/api/keys/{id}")).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(()) => {
                    toasts.say(texts::REVOKE_DONE);
                    let _gone = open.try_set(false);
                    on_done.run(id);
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    });
    view! {
        <p>{t(texts::REVOKE_LEAD)}</p>
        <TypeToConfirm
            open=open
            name=name
            label=texts::REVOKE_DO
            doing=texts::REVOKE_BUSY
            busy=busy
            testid="revoke-confirm"
            on_confirm=revoke
        />
    }
}
