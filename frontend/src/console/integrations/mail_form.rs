//! The form of mail: an SMTP server, or Resend.

use leptos::prelude::*;
use shared::{
    api::auth::Public,
    integration::{MailForm, MailVia, SmtpSecurity},
    lang::Text,
};

use super::{lineworks_form::Section, saving::CheckAndSave};
use crate::{
    client::{http, spawn},
    console::{
        back::BackLink,
        form::choice,
        part::{Draw, part},
        texts::integrations as texts,
    },
    i18n::{say, signal, t},
    kit::{Chips, PageTitle, Select, TextField, form::Form},
};

/// `/console/integrations/mail`: a new connection.
#[component]
pub fn MailPage() -> impl IntoView {
    let form =
        Form::new(MailForm { port: usual_port(SmtpSecurity::Starttls).to_owned(), ..MailForm::default() });
    let via = Memo::new(move |_| form.values.with(|form| form.via));
    let ways = Signal::derive(|| {
        [(MailVia::Smtp, texts::VIA_SMTP), (MailVia::Resend, texts::VIA_RESEND)]
            .into_iter()
            .map(|(via, words)| (via_code(via).to_owned(), say(words).to_owned()))
            .collect::<Vec<_>>()
    });
    let choose = move |code: String| {
        form.values.update(|form| {
            form.via = if code == via_code(MailVia::Resend) { MailVia::Resend } else { MailVia::Smtp }
        });
        form.problems.set(Default::default());
    };
    view! {
        <BackLink href="/console/integrations" label=texts::BACK />
        <PageTitle text=signal(texts::MAIL_NEW) />
        <p class="lead max-w-[42rem]">{t(texts::MAIL_NEW_LEAD)}</p>
        <form class="grid max-w-[42rem] gap-5" novalidate on:submit=|event| event.prevent_default() data-testid="mail-form">
            <div>
                <p class="mb-1.5 text-[14px] font-semibold">{t(texts::VIA)}</p>
                <Chips label=texts::VIA name="via" options=ways chosen=Signal::derive(move || via_code(via.get()).to_owned()) on_choose=choose />
            </div>
            {part(move || match via.get() {
                MailVia::Smtp => view! { <Server form=form /> }.drawn(),
                MailVia::Resend => view! { <Resend form=form /> }.drawn(),
            })}
            <Sender form=form via=via />
            <CheckAndSave form=form />
        </form>
    }
}

#[component]
fn Server(form: Form<MailForm>) -> impl IntoView {
    let development = RwSignal::new(false);
    spawn(async move {
        // Unknown means no: the server refuses it anyway.
        if let Ok(public) = http::get::<Public>("/api/public").await {
            let _gone = development.try_set(public.development);
        }
    });
    let securities = Signal::derive(move || {
        let all = [
            (SmtpSecurity::Starttls, texts::STARTTLS),
            (SmtpSecurity::Tls, texts::TLS),
            (SmtpSecurity::Plain, texts::PLAIN),
        ];
        all.into_iter()
            .filter(|(security, _)| *security != SmtpSecurity::Plain || development.get())
            .map(|(security, words)| (security_code(security).to_owned(), say(words).to_owned()))
            .collect::<Vec<_>>()
    });
    let security = choice(form, "security", |form| security_code(form.security).to_owned(), choose_security);
    view! {
        <Section title=texts::SERVER_SECTION lead=texts::SERVER_SECTION_WHERE>
            <TextField bind=form.text("host", |form| &form.host, |form| &mut form.host) label=texts::HOST hint=texts::HOST_WHERE strip=true />
            <div class="grid gap-5 sm:grid-cols-2">
                <Select bind=security label=texts::SECURITY options=securities class="content-start [&>select]:mt-[0.15rem]" />
                <TextField
                    bind=form.text("port", |form| &form.port, |form| &mut form.port)
                    label=texts::PORT
                    inputmode="numeric"
                    strip=true
                    class="content-start"
                />
            </div>
            <p class="-mt-3 text-[13px] text-ink-soft">{t(texts::PORT_WHERE)}</p>
            <TextField
                bind=form.text("user", |form| &form.user, |form| &mut form.user)
                label=texts::USER
                hint=texts::USER_WHERE
                optional=true
                strip=true
            />
            <TextField
                bind=form.text("password", |form| &form.password, |form| &mut form.password)
                label=texts::PASSWORD
                hint=texts::PASSWORD_WHERE
                kind="password"
                autocomplete="new-password"
                optional=true
            />
        </Section>
    }
}

#[component]
fn Resend(form: Form<MailForm>) -> impl IntoView {
    view! {
        <Section title=texts::RESEND_SECTION lead=texts::RESEND_SECTION_WHERE>
            <TextField
                bind=form.text("api_key", |form| &form.api_key, |form| &mut form.api_key)
                label=texts::API_KEY
                hint=texts::API_KEY_WHERE
                kind="password"
                strip=true
            />
        </Section>
    }
}

#[component]
fn Sender(form: Form<MailForm>, via: Memo<MailVia>) -> impl IntoView {
    let address_hint = move || -> Text {
        match via.get() {
            MailVia::Smtp => texts::FROM_ADDRESS_WHERE,
            MailVia::Resend => texts::FROM_ADDRESS_WHERE_RESEND,
        }
    };
    view! {
        <Section title=texts::SENDER_SECTION lead=texts::SENDER_SECTION_WHERE>
            <TextField
                bind=form.text("from_name", |form| &form.from_name, |form| &mut form.from_name)
                label=texts::FROM_NAME
                hint=texts::FROM_NAME_WHERE
                optional=true
            />
            {part(move || {
                view! {
                    <TextField
                        bind=form.text("from_address", |form| &form.from_address, |form| &mut form.from_address)
                        label=texts::FROM_ADDRESS
                        hint=address_hint()
                        kind="email"
                        strip=true
                    />
                }
            }.drawn())}
            <TextField
                bind=form.text("reply_to", |form| &form.reply_to, |form| &mut form.reply_to)
                label=texts::REPLY_TO
                hint=texts::REPLY_TO_WHERE
                kind="email"
                optional=true
                strip=true
            />
        </Section>
    }
}

/// Takes the encryption, and its usual port unless another one was typed.
fn choose_security(form: &mut MailForm, code: &str) {
    let untouched = form.port.is_empty() || form.port == usual_port(form.security);
    form.security = match code {
        "tls" => SmtpSecurity::Tls,
        "plain" => SmtpSecurity::Plain,
        _ => SmtpSecurity::Starttls,
    };
    if untouched {
        usual_port(form.security).clone_into(&mut form.port);
    }
}

const fn usual_port(security: SmtpSecurity) -> &'static str {
    match security {
        SmtpSecurity::Starttls => "587",
        SmtpSecurity::Tls => "465",
        SmtpSecurity::Plain => "8025",
    }
}

const fn security_code(security: SmtpSecurity) -> &'static str {
    match security {
        SmtpSecurity::Starttls => "starttls",
        SmtpSecurity::Tls => "tls",
        SmtpSecurity::Plain => "plain",
    }
}

const fn via_code(via: MailVia) -> &'static str {
    match via {
        MailVia::Smtp => "smtp",
        MailVia::Resend => "resend",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_follows_the_encryption_until_it_is_typed() {
        let mut form = MailForm { port: "587".into(), ..MailForm::default() };
        choose_security(&mut form, "tls");
        assert_eq!((form.security, form.port.as_str()), (SmtpSecurity::Tls, "465"));
        form.port = "2465".into();
        choose_security(&mut form, "starttls");
        assert_eq!((form.security, form.port.as_str()), (SmtpSecurity::Starttls, "2465"));
    }
}
