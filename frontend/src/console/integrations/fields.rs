//! Every form of 連携 by the names of its fields, so that the pages can be drawn from a list (see
//! [`super::guide`]) instead of one by one.

use leptos::prelude::*;
use shared::{
    api::integrations::{IntegrationRequest, Provider},
    error::Error,
    integration::{
        DEFAULT_BOT_NAME, GoogleChatForm, LineForm, LineworksForm, LineworksV1Form, MailForm, SlackForm,
        SmtpSecurity,
    },
};

use super::choices::{choice, choose, usual_port, words};
use crate::{
    console::listed::{List, Listed},
    i18n::lang,
    kit::{
        Binding,
        form::{Form, Validated},
    },
};

/// A form as it is when its page opens.
#[must_use]
pub fn blank(provider: Provider) -> IntegrationRequest {
    let bot_name = DEFAULT_BOT_NAME.to_owned();
    match provider {
        Provider::Lineworks => {
            IntegrationRequest::Lineworks(LineworksForm { bot_name, ..LineworksForm::default() })
        }
        Provider::LineworksV1 => {
            IntegrationRequest::LineworksV1(LineworksV1Form { bot_name, ..LineworksV1Form::default() })
        }
        Provider::Line => IntegrationRequest::Line(LineForm::default()),
        Provider::Slack => IntegrationRequest::Slack(SlackForm::default()),
        Provider::GoogleChat => {
            IntegrationRequest::GoogleChat(GoogleChatForm { webhooks: true, ..GoogleChatForm::default() })
        }
        // Web Push has no form, and no page leads here with it.
        Provider::Mail | Provider::WebPush => IntegrationRequest::Mail(MailForm {
            port: usual_port(SmtpSecurity::Starttls).to_owned(),
            ..MailForm::default()
        }),
    }
}

macro_rules! named {
    ($form:ident [] $($name:ident)*) => {
        vec![$((stringify!($name), &$form.$name)),*]
    };
    ($form:ident [mut] $($name:ident)*) => {
        vec![$((stringify!($name), &mut $form.$name)),*]
    };
}
pub(super) use named;

macro_rules! texts_of {
    ($request:expr, $m:tt) => {
        match $request {
            IntegrationRequest::Lineworks(form) => named!(form $m
                client_id client_secret service_account private_key domain_id bot_admin bot_subadmin bot_name),
            IntegrationRequest::LineworksV1(form) => named!(form $m
                api_id consumer_key token server_id private_key domain_id bot_admin bot_name),
            IntegrationRequest::Line(form) => named!(form $m
                login_channel_id login_channel_secret channel_secret channel_access_token messaging_channel_id
                private_key kid friend_link),
            IntegrationRequest::Slack(form) => named!(form $m
                signing_secret bot_token client_id client_secret),
            IntegrationRequest::GoogleChat(form) => named!(form $m service_account project_number),
            IntegrationRequest::Mail(form) => named!(form $m
                host port user password api_key from_name from_address reply_to),
        }
    };
}

/// A form whose texts have names.
pub trait Named: Validated {
    fn text(&self, name: &str) -> Option<&String>;
    fn text_mut(&mut self, name: &str) -> Option<&mut String>;
}

/// All texts of a form, by name.
#[must_use]
pub fn texts(request: &IntegrationRequest) -> Vec<(&'static str, &String)> {
    texts_of!(request, [])
}

impl Named for IntegrationRequest {
    fn text(&self, name: &str) -> Option<&String> {
        texts(self).into_iter().find(|(own, _)| *own == name).map(|(_, text)| text)
    }

    fn text_mut(&mut self, name: &str) -> Option<&mut String> {
        texts_of!(self, [mut]).into_iter().find(|(own, _)| *own == name).map(|(_, text)| text)
    }
}

impl Listed for IntegrationRequest {
    fn list(&self) -> List {
        let typed = texts(self).into_iter().map(|(name, text)| (name, text.clone()));
        typed.chain(words(self).into_iter().map(|(name, _)| (name, choice(self, name).to_owned()))).collect()
    }

    fn put(&mut self, name: &str, text: &str) {
        match self.text_mut(name) {
            Some(own) => text.clone_into(own),
            None => choose(self, name, text),
        }
    }
}

/// Ties a text to a control. Leaving the control cleans the form and checks that field.
pub(crate) fn bind<F: Named>(form: Form<F>, name: &'static str) -> Binding {
    Binding {
        name,
        value: Signal::derive(move || form.values.with(|form| form.text(name).cloned().unwrap_or_default())),
        on_input: Callback::new(move |text| {
            form.values.update(|form| {
                if let Some(own) = form.text_mut(name) {
                    *own = text;
                }
            });
            form.problems.update(|problems| problems.typed(name));
        }),
        on_leave: Callback::new(move |()| {
            let Some(mut cleaned) = form.values.try_get_untracked() else { return };
            cleaned.clean();
            form.problems.update(|problems| problems.leave(&cleaned, name));
            let own = cleaned.text(name).cloned().unwrap_or_default();
            if form.values.with_untracked(|old| old.text(name) != Some(&own)) {
                form.values.update(|form| {
                    if let Some(old) = form.text_mut(name) {
                        *old = own;
                    }
                });
            }
        }),
        error: Signal::derive(move || form.problems.with(|problems| problems.of(name, lang()))),
    }
}

impl Validated for IntegrationRequest {
    /// Of all forms: each has only problems of its own.
    const FIELDS: &'static [&'static str] = &[
        "client_id",
        "client_secret",
        "service_account",
        "private_key",
        "domain_id",
        "bot_admin",
        "bot_subadmin",
        "bot_name",
        "api_id",
        "consumer_key",
        "token",
        "server_id",
        "login_channel_id",
        "login_channel_secret",
        "channel_secret",
        "channel_access_token",
        "messaging_channel_id",
        "kid",
        "friend_link",
        "signing_secret",
        "bot_token",
        "project_number",
        "via",
        "host",
        "port",
        "security",
        "user",
        "password",
        "api_key",
        "from_name",
        "from_address",
        "reply_to",
    ];

    fn clean(&mut self) {
        match self {
            Self::Lineworks(form) => form.clean(),
            Self::LineworksV1(form) => form.clean(),
            Self::Line(form) => form.clean(),
            Self::Slack(form) => form.clean(),
            Self::GoogleChat(form) => form.clean(),
            Self::Mail(form) => form.clean(),
        }
    }

    fn problems(&self) -> Vec<Error> {
        match self {
            Self::Lineworks(form) => form.problems(),
            Self::LineworksV1(form) => form.problems(),
            Self::Line(form) => form.problems(),
            Self::Slack(form) => form.problems(),
            Self::GoogleChat(form) => form.problems(),
            Self::Mail(form) => form.problems(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::listed::differing;

    #[test]
    fn what_is_listed_can_be_taken_back() {
        for provider in Provider::ALL {
            let mut full = blank(provider);
            let names: Vec<_> = full.list().into_iter().map(|(name, _)| name).collect();
            for name in names {
                let word = match name {
                    "via" => ["key", "install", "fixed_token", "resend"]
                        .into_iter()
                        .find(|word| {
                            let mut form = blank(provider);
                            choose(&mut form, name, word);
                            choice(&form, name) == *word
                        })
                        .unwrap_or_default(),
                    "webhooks" => "no",
                    "audience" => "project_number",
                    "security" => "tls",
                    _ => "x",
                };
                full.put(name, word);
            }
            let mut back = blank(provider);
            for (name, text) in full.list() {
                back.put(name, &text);
            }
            assert_eq!(back, full);
            assert_eq!(differing(&blank(provider).list(), &back.list()).len(), back.list().len());
        }
    }

    #[test]
    fn every_field_and_choice_of_every_form_has_its_name() {
        for provider in Provider::ALL.into_iter().filter(|one| one.has_form()) {
            let mut form = blank(provider);
            let json = serde_json::to_value(&form).unwrap();
            assert_eq!(json["provider"], provider.code());
            for (name, value) in json["form"].as_object().unwrap() {
                assert!(
                    IntegrationRequest::FIELDS.contains(&name.as_str()) || !choice(&form, name).is_empty(),
                    "{name}"
                );
                let word = value.as_str().unwrap_or(if value == true { "yes" } else { "no" });
                match form.text_mut(name) {
                    Some(text) => "1".clone_into(text),
                    None => assert_eq!(choice(&form, name), word, "{provider:?} {name}"),
                }
            }
            for (name, value) in serde_json::to_value(&form).unwrap()["form"].as_object().unwrap() {
                let known = form.text(name).is_some();
                assert_eq!(known, value == "1", "{provider:?} {name}");
            }
            for error in blank(provider).problems() {
                assert!(IntegrationRequest::FIELDS.contains(&error.field.as_deref().unwrap()), "{error:?}");
            }
        }
    }
}
