//! 入れ替え: what the provider reissued, in one place, without touching the rest.

use leptos::prelude::*;
use shared::{
    api::integrations::{Integration, IntegrationSettings, SecretRequest},
    integration::MailVia,
};

use crate::{
    client::{http, spawn},
    console::{
        head::refusal,
        part::Draw,
        texts::{frame, integrations as texts},
    },
    i18n::{say, signal, t},
    kit::{Button, ButtonKind, Dialog, FileDrop, TextField, form::Form, use_toasts},
};

/// `on_done` gets the integration as it is now.
#[component]
pub fn ReplaceDialog(
    open: RwSignal<bool>,
    integration: Integration,
    #[prop(into)] on_done: Callback<Integration>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=signal(texts::REPLACE_TITLE) testid="replace-dialog">
            <ReplaceForm open=open integration=integration.clone() on_done=on_done />
        </Dialog>
    }
}

#[component]
fn ReplaceForm(
    open: RwSignal<bool>,
    integration: Integration,
    on_done: Callback<Integration>,
) -> impl IntoView {
    let toasts = use_toasts();
    let form = Form::new(SecretRequest::default());
    let (busy, nothing) = (RwSignal::new(false), RwSignal::new(false));
    let path = format!("/api/integrations/{}/secret", integration.id);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(values) = form.submit() else { return };
        nothing.set(values == SecretRequest::default());
        if busy.get_untracked() || nothing.get_untracked() {
            return;
        }
        busy.set(true);
        let path = path.clone();
        spawn(async move {
            let answer = http::put::<_, Integration>(&path, &values).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(changed) => {
                    toasts.say(texts::REPLACED);
                    let _gone = open.try_set(false);
                    on_done.run(changed);
                }
                Err(failure) => form.failed(&failure),
            }
        });
    };
    let problem = Signal::derive(move || {
        if nothing.get() { Some(say(texts::REPLACE_NOTHING).to_owned()) } else { form.general().get() }
    });
    view! {
        <form class="form" novalidate on:submit=submit data-testid="replace-form">
            <p>{t(texts::REPLACE_LEAD)}</p>
            <Fields settings=integration.settings form=form />
            {refusal(problem)}
            <div class="form-actions justify-end">
                <Button label=frame::CANCEL on_press=move |()| open.set(false) />
                <Button label=texts::REPLACE_SAVE doing=texts::REPLACE_BUSY kind=ButtonKind::Primary busy=busy testid="replace-save" />
            </div>
        </form>
    }
}

#[component]
fn Fields(settings: IntegrationSettings, form: Form<SecretRequest>) -> impl IntoView {
    match settings {
        IntegrationSettings::Lineworks { .. } => view! {
            <TextField
                bind=form.text("client_secret", |form| &form.client_secret, |form| &mut form.client_secret)
                label=texts::CLIENT_SECRET
                kind="password"
                optional=true
                strip=true
            />
            <TextField
                bind=form.text("service_account", |form| &form.service_account, |form| &mut form.service_account)
                label=texts::SERVICE_ACCOUNT
                optional=true
                strip=true
            />
            <FileDrop
                bind=form.text("private_key", |form| &form.private_key, |form| &mut form.private_key)
                label=texts::PRIVATE_KEY
                hint=texts::PRIVATE_KEY_WHERE
            />
        }
        .drawn(),
        IntegrationSettings::Mail { via: MailVia::Smtp, .. } => view! {
            <TextField
                bind=form.text("password", |form| &form.password, |form| &mut form.password)
                label=texts::PASSWORD
                kind="password"
                autocomplete="new-password"
            />
        }
        .drawn(),
        IntegrationSettings::Mail { via: MailVia::Resend, .. } => view! {
            <TextField
                bind=form.text("api_key", |form| &form.api_key, |form| &mut form.api_key)
                label=texts::API_KEY
                kind="password"
                strip=true
            />
        }
        .drawn(),
    }
}
