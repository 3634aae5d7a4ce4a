//! Notices by mail, over SMTP or Resend.
//!
//! [`split`] takes the form apart into what may be stored and what must go to the vault; [`mime::build`] and
//! [`resend::build_body`] make the bytes that are frozen at the first try; [`smtp::send`] and
//! [`resend::send`] turn one try into one [`Outcome`].

pub mod mime;
pub mod resend;
pub mod smtp;

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::{
    delivery::{Cause, CauseCode, Effect, Outcome},
    integration::{MailForm, MailVia, SmtpSecurity},
    render::mail::MailContent,
    time::Millis,
    validate::is_mail_address,
};

pub use smtp::{Envelope, SmtpAccount};

/// The part of the mail form that may be stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    pub via: MailVia,
    pub from_address: String,
    /// May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Only over SMTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<SmtpServer>,
}

/// Where mails are handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub security: SmtpSecurity,
    /// Empty where the server wants no sign-in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
}

/// The part of the mail form for the vault: `{"password":"…"}` or `{"api_key":"…"}`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecret {
    /// Empty where the server wants no sign-in.
    Password(String),
    ApiKey(String),
}

impl fmt::Debug for MailSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailSecret")
    }
}

/// Takes a form without problems ([`MailForm::problems`]) apart.
#[must_use]
pub fn split(form: &MailForm) -> (MailSettings, MailSecret) {
    let (server, secret) = match form.via {
        MailVia::Smtp => {
            let server = SmtpServer {
                host: form.host.clone(),
                port: form.port_number().unwrap_or_default(),
                security: form.security,
                user: form.user.clone(),
            };
            (Some(server), MailSecret::Password(form.password.clone()))
        }
        MailVia::Resend => (None, MailSecret::ApiKey(form.api_key.clone())),
    };
    let settings = MailSettings {
        via: form.via,
        from_address: form.from_address.clone(),
        from_name: form.from_name.clone(),
        reply_to: Some(form.reply_to.clone()).filter(|address| !address.is_empty()),
        server,
    };
    (settings, secret)
}

impl MailSettings {
    /// What [`smtp::send`] signs in with; `None` when these settings or the secret are not SMTP's.
    /// `development` allows unencrypted SMTP to this machine.
    #[must_use]
    pub fn smtp_account(&self, secret: &MailSecret, development: bool) -> Option<SmtpAccount> {
        match (self.via, &self.server, secret) {
            (MailVia::Smtp, Some(server), MailSecret::Password(password)) => {
                Some(SmtpAccount { server: server.clone(), password: password.clone(), development })
            }
            _ => None,
        }
    }
}

/// One mail to one person, before it becomes bytes.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    /// The delivery's id: the same at each try, and so are the bytes made from it. Letters, digits, `_` and
    /// `-`, at most 48.
    pub id: &'a str,
    /// For the Date header: when the delivery was made, not when it is tried.
    pub at: Millis,
    pub settings: &'a MailSettings,
    pub to: &'a str,
    pub content: &'a MailContent,
    /// The page of one-click unsubscribing (email.md §7.1).
    pub unsubscribe: Option<&'a str>,
}

/// A mail that cannot be made without risking its headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error("the sender address is not a mail address")]
    From,
    #[error("the sender name has a line break or another control character")]
    FromName,
    #[error("the reply address is not a mail address")]
    ReplyTo,
    #[error("the recipient is not a mail address")]
    To,
    #[error("the subject has a line break or another control character, or is too long")]
    Subject,
    #[error("the unsubscribe link is not a plain https link of at most 900 characters")]
    Unsubscribe,
    #[error("the id does not fit into a header")]
    Id,
}

impl MailError {
    /// What becomes of a delivery that cannot be made into bytes: the same try again would fail again.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        let (code, effect) = match self {
            Self::To => (CauseCode::UnknownRecipient, Effect::AddressBroken),
            Self::From | Self::FromName | Self::ReplyTo => (CauseCode::SenderRefused, Effect::None),
            Self::Subject | Self::Unsubscribe | Self::Id => (CauseCode::MessageRefused, Effect::None),
        };
        Outcome::Rejected { cause: Cause::new(code, self.to_string()), effect }
    }
}

impl Mail<'_> {
    /// Header injection ends here: no value with CR, LF or another control character gets further.
    fn check(&self) -> Result<(), MailError> {
        let plain = |text: &str| !text.chars().any(char::is_control);
        let id_fits = (1..=48).contains(&self.id.len())
            && self.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        for (fine, error) in [
            (is_mail_address(&self.settings.from_address), MailError::From),
            (
                plain(&self.settings.from_name) && self.settings.from_name.chars().count() <= 100,
                MailError::FromName,
            ),
            (self.settings.reply_to.as_deref().is_none_or(is_mail_address), MailError::ReplyTo),
            (is_mail_address(self.to), MailError::To),
            (plain(&self.content.subject) && self.content.subject.chars().count() <= 998, MailError::Subject),
            (self.unsubscribe.is_none_or(fits_list_unsubscribe), MailError::Unsubscribe),
            (id_fits, MailError::Id),
        ] {
            if !fine {
                return Err(error);
            }
        }
        Ok(())
    }

    /// The headers that tell mailboxes what kind of mail this is (email.md §7.1, §7.2), in a fixed order.
    fn notice_headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("X-Auto-Response-Suppress", "All".to_owned()),
            ("X-Outbox-Id", self.id.to_owned()),
        ];
        if let Some(url) = self.unsubscribe {
            headers.push(("List-Unsubscribe", format!("<{url}>")));
            headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        headers
    }
}

/// An `https` link (in development also `http` to this machine) that stays on one header line of at most
/// 998 bytes and needs no encoding.
fn fits_list_unsubscribe(url: &str) -> bool {
    shared::validate::is_link(url, true) && url.is_ascii() && url.len() <= 900 && !url.contains(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> MailForm {
        MailForm {
            from_address: "notice@minato.example".into(),
            from_name: "みなと運送".into(),
            host: "mail.minato.example".into(),
            port: "587".into(),
            user: "todoke".into(),
            password: "pass word".into(),
            api_key: "re_123".into(),
            ..MailForm::default()
        }
    }

    #[test]
    fn the_stored_forms_are_pinned() {
        let (settings, secret) = split(&form());
        assert_eq!(
            serde_json::to_string(&settings).unwrap(),
            r#"{"via":"smtp","from_address":"notice@minato.example","from_name":"みなと運送","server":{"host":"mail.minato.example","port":587,"security":"starttls","user":"todoke"}}"#
        );
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#"{"password":"pass word"}"#);
        assert_eq!(serde_json::from_str::<MailSecret>(r#"{"password":"pass word"}"#).unwrap(), secret);

        let (settings, secret) =
            split(&MailForm { via: MailVia::Resend, reply_to: "a@b.jp".into(), ..form() });
        assert_eq!(
            serde_json::to_string(&settings).unwrap(),
            r#"{"via":"resend","from_address":"notice@minato.example","from_name":"みなと運送","reply_to":"a@b.jp"}"#
        );
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#"{"api_key":"re_123"}"#);
    }

    #[test]
    fn settings_never_hold_a_secret_and_no_debug_shows_one() {
        for via in [MailVia::Smtp, MailVia::Resend] {
            let (settings, secret) = split(&MailForm { via, ..form() });
            let stored = serde_json::to_string(&settings).unwrap();
            let account = settings.smtp_account(&secret, false);
            assert_eq!(account.is_some(), via == MailVia::Smtp);
            let shown = format!("{stored} {settings:?} {secret:?} {account:?}");
            assert!(!shown.contains("pass word") && !shown.contains("re_123"), "{shown}");
        }
    }
}
