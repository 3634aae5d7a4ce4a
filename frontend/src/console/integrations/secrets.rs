//! The form of 入れ替え: what a provider can reissue, by name.

use shared::{
    api::integrations::SecretRequest,
    error::{Code, Error},
    integration::{GoogleChatForm, LineForm, LineworksForm, SlackForm},
};

use super::fields::{Named, named};
use crate::kit::{field::without_spaces, form::Validated};

macro_rules! secrets_of {
    ($request:expr, $m:tt) => {{
        let form = $request;
        named!(form $m
            client_secret service_account private_key password api_key consumer_key token login_channel_secret
            channel_secret channel_access_token signing_secret bot_token key_file)
    }};
}

/// All of them, by name.
#[must_use]
pub fn texts(request: &SecretRequest) -> Vec<(&'static str, &String)> {
    secrets_of!(request, [])
}

impl Named for SecretRequest {
    fn text(&self, name: &str) -> Option<&String> {
        texts(self).into_iter().find(|(own, _)| *own == name).map(|(_, text)| text)
    }

    fn text_mut(&mut self, name: &str) -> Option<&mut String> {
        secrets_of!(self, [mut]).into_iter().find(|(own, _)| *own == name).map(|(_, text)| text)
    }
}

impl Validated for SecretRequest {
    const FIELDS: &'static [&'static str] = &[
        "client_secret",
        "service_account",
        "private_key",
        "password",
        "api_key",
        "consumer_key",
        "token",
        "login_channel_secret",
        "channel_secret",
        "channel_access_token",
        "signing_secret",
        "bot_token",
        "key_file",
    ];

    /// The same cleaning as when it was first entered.
    fn clean(&mut self) {
        let mut keys = LineForm { private_key: std::mem::take(&mut self.private_key), ..LineForm::default() };
        keys.clean();
        for (name, text) in secrets_of!(&mut *self, [mut]) {
            *text = match name {
                // May have spaces inside.
                "password" | "key_file" => text.trim().to_owned(),
                _ => without_spaces(text),
            };
        }
        self.private_key = keys.private_key.trim_start().to_owned();
    }

    /// Only what was typed is checked: an empty field stays as it is.
    fn problems(&self) -> Vec<Error> {
        let lineworks = LineworksForm {
            service_account: self.service_account.clone(),
            private_key: self.private_key.clone(),
            ..LineworksForm::default()
        };
        let slack = SlackForm { bot_token: self.bot_token.clone(), ..SlackForm::default() };
        let chat = GoogleChatForm { service_account: self.key_file.clone(), ..GoogleChatForm::default() };
        let file = chat.problems().into_iter().map(|error| Error { field: Some("key_file".into()), ..error });
        let typed = |error: &Error| {
            let named = error.field.as_deref();
            texts(self).into_iter().any(|(name, text)| named == Some(name) && !text.is_empty())
        };
        // `Required` is about what the forms have besides.
        let all = lineworks.problems().into_iter().chain(slack.problems()).chain(file);
        all.filter(|error| error.code != Code::Required && typed(error)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_replacement_only_what_was_typed_is_checked() {
        let mut request = SecretRequest {
            client_secret: " a b ".into(),
            password: " p q ".into(),
            channel_access_token: "a+\u{200b}\nb=".into(),
            ..SecretRequest::default()
        };
        Validated::clean(&mut request);
        assert_eq!((request.client_secret.as_str(), request.password.as_str()), ("ab", "p q"));
        assert_eq!(request.channel_access_token, "a+b=");
        assert_eq!(request.private_key, "");
        assert_eq!(Validated::problems(&request), []);
        for (field, wrong, code) in [
            ("service_account", "me@minato", Code::NotAServiceAccount),
            ("private_key", "x", Code::NotAPrivateKey),
            ("bot_token", "xoxp-1", Code::NotABotToken),
            ("key_file", "{}", Code::NotAServiceAccountFile),
        ] {
            let mut request = SecretRequest::default();
            wrong.clone_into(request.text_mut(field).unwrap());
            assert_eq!(Validated::problems(&request), [Error::field(code, field)]);
        }
    }

    #[test]
    fn every_secret_has_its_name() {
        let json = serde_json::to_value(SecretRequest::default()).unwrap();
        let names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names.len(), SecretRequest::FIELDS.len());
        for name in names {
            assert!(SecretRequest::FIELDS.contains(&name.as_str()), "{name}");
            assert!(SecretRequest::default().text(&name).is_some(), "{name}");
        }
    }
}
