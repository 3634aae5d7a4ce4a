//! The guided form of LINE WORKS: the provider's names, in the provider's order.

use leptos::prelude::*;
use shared::{
    integration::{DEFAULT_BOT_NAME, LineworksForm},
    lang::Text,
};

use super::saving::CheckAndSave;
use crate::{
    console::{back::BackLink, texts::integrations as texts},
    i18n::{signal, t},
    kit::{FileDrop, PageTitle, TextField, form::Form},
};

/// `/console/integrations/lineworks`: a new connection.
#[component]
pub fn LineworksPage() -> impl IntoView {
    let form = Form::new(LineworksForm { bot_name: DEFAULT_BOT_NAME.to_owned(), ..LineworksForm::default() });
    view! {
        <BackLink href="/console/integrations" label=texts::BACK />
        <PageTitle text=signal(texts::LINEWORKS_NEW) />
        <p class="lead max-w-[42rem]">{t(texts::LINEWORKS_NEW_LEAD)}</p>
        <form class="grid max-w-[42rem] gap-5" novalidate on:submit=|event| event.prevent_default() data-testid="lineworks-form">
            <Section title=texts::APP_SECTION lead=texts::APP_SECTION_WHERE>
                <TextField
                    bind=form.text("client_id", |form| &form.client_id, |form| &mut form.client_id)
                    label=texts::CLIENT_ID
                    hint=texts::CLIENT_ID_WHERE
                    strip=true
                />
                <TextField
                    bind=form.text("client_secret", |form| &form.client_secret, |form| &mut form.client_secret)
                    label=texts::CLIENT_SECRET
                    hint=texts::CLIENT_SECRET_WHERE
                    kind="password"
                    strip=true
                />
                <TextField
                    bind=form.text("service_account", |form| &form.service_account, |form| &mut form.service_account)
                    label=texts::SERVICE_ACCOUNT
                    hint=texts::SERVICE_ACCOUNT_WHERE
                    strip=true
                />
                <FileDrop
                    bind=form.text("private_key", |form| &form.private_key, |form| &mut form.private_key)
                    label=texts::PRIVATE_KEY
                    hint=texts::PRIVATE_KEY_WHERE
                />
                <TextField
                    bind=form.text("domain_id", |form| &form.domain_id, |form| &mut form.domain_id)
                    label=texts::DOMAIN_ID
                    hint=texts::DOMAIN_ID_WHERE
                    inputmode="numeric"
                    strip=true
                />
                <p class="text-[13px] text-ink-soft">{t(texts::SCOPES)}</p>
            </Section>
            <Section title=texts::BOT_SECTION lead=texts::BOT_SECTION_WHERE>
                <TextField
                    bind=form.text("bot_admin", |form| &form.bot_admin, |form| &mut form.bot_admin)
                    label=texts::BOT_ADMIN
                    hint=texts::BOT_ADMIN_WHERE
                    strip=true
                />
                <TextField
                    bind=form.text("bot_subadmin", |form| &form.bot_subadmin, |form| &mut form.bot_subadmin)
                    label=texts::BOT_SUBADMIN
                    hint=texts::BOT_SUBADMIN_WHERE
                    optional=true
                    strip=true
                />
                <TextField
                    bind=form.text("bot_name", |form| &form.bot_name, |form| &mut form.bot_name)
                    label=texts::BOT_NAME
                    hint=texts::BOT_NAME_WHERE
                    optional=true
                />
            </Section>
            <CheckAndSave form=form />
        </form>
    }
}

/// A part of a form with its heading and where its values are found.
#[component]
pub fn Section(title: Text, lead: Text, children: Children) -> impl IntoView {
    view! {
        <fieldset class="card grid min-w-0 gap-5">
            <legend class="float-left w-full">
                <span class="block text-[16px] font-semibold">{t(title)}</span>
                <span class="block text-[13px] text-ink-soft">{t(lead)}</span>
            </legend>
            {children()}
        </fieldset>
    }
}
