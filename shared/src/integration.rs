//! Forms of the integrations: their fields, how stray input is cleaned, and what is wrong with them. The
//! pages and the server run this same code.

mod google_chat;
mod line;
mod lineworks_v1;
mod slack;

use serde::{Deserialize, Serialize};

pub use self::{
    google_chat::{ChatAudience, GoogleChatForm, ServiceAccount},
    line::{LineForm, LineVia},
    lineworks_v1::{LineworksV1Form, V1Via},
    slack::{SlackForm, SlackVia},
};
use crate::error::{Code, Error};

/// The LINE WORKS form (API 2.0), in the order of the provider's Developer Console
/// (lineworks.md §1.1, §3.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineworksForm {
    pub client_id: String,
    pub client_secret: String,
    pub service_account: String,
    /// PEM, PKCS#8 or PKCS#1; `\n` written as two characters is understood.
    pub private_key: String,
    /// Digits.
    pub domain_id: String,
    /// Login ID or user ID of the main bot administrator.
    pub bot_admin: String,
    /// Optional.
    pub bot_subadmin: String,
    /// At most 100 characters; 「Todoke通知」 when empty.
    pub bot_name: String,
}

pub const DEFAULT_BOT_NAME: &str = "Todoke通知";

impl LineworksForm {
    /// Takes away what copying and pasting leaves: spaces and line breaks, wide ones and zero-width ones too.
    pub fn clean(&mut self) {
        for field in [
            &mut self.client_id,
            &mut self.client_secret,
            &mut self.service_account,
            &mut self.domain_id,
            &mut self.bot_admin,
            &mut self.bot_subadmin,
        ] {
            *field = squeeze(field);
        }
        self.domain_id = narrow_digits(&self.domain_id);
        self.private_key = clean_pem(&self.private_key);
        self.bot_name = self.bot_name.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.bot_name.is_empty() {
            DEFAULT_BOT_NAME.clone_into(&mut self.bot_name);
        }
    }

    /// What is wrong, by field; empty when nothing is. Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        for (name, value, limit) in [
            ("client_id", &self.client_id, 200),
            ("client_secret", &self.client_secret, 200),
            ("service_account", &self.service_account, 300),
            ("private_key", &self.private_key, 16_000),
            ("domain_id", &self.domain_id, 20),
            ("bot_admin", &self.bot_admin, 300),
        ] {
            if value.is_empty() {
                problems.push(Error::field(Code::Required, name));
            } else if value.chars().count() > limit {
                problems.push(Error::field(Code::TooLong, name));
            }
        }
        let has = |name: &str, problems: &[Error]| {
            problems.iter().any(|error| error.field.as_deref() == Some(name))
        };
        if !has("domain_id", &problems) && !self.domain_id.bytes().all(|byte| byte.is_ascii_digit()) {
            problems.push(Error::field(Code::NotDigits, "domain_id"));
        }
        if !has("private_key", &problems) && !is_private_key(&self.private_key) {
            problems.push(Error::field(Code::NotAPrivateKey, "private_key"));
        }
        if !has("service_account", &problems) && !self.service_account.contains(".serviceaccount@") {
            problems.push(Error::field(Code::NotAServiceAccount, "service_account"));
        }
        if self.bot_subadmin.chars().count() > 300 {
            problems.push(Error::field(Code::TooLong, "bot_subadmin"));
        }
        if self.bot_name.chars().count() > 100 {
            problems.push(Error::field(Code::TooLong, "bot_name"));
        }
        problems
    }
}

/// The mail form. `via` decides which of the fields below it are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailForm {
    pub via: MailVia,
    /// Sender address.
    pub from_address: String,
    /// Sender name, may be Japanese.
    pub from_name: String,
    /// Optional.
    pub reply_to: String,
    pub host: String,
    /// Digits; 465 and 587 are usual.
    pub port: String,
    pub security: SmtpSecurity,
    /// Optional together with `password`.
    pub user: String,
    pub password: String,
    /// Resend's `re_…` key.
    pub api_key: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailVia {
    #[default]
    Smtp,
    Resend,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    #[default]
    Starttls,
    Tls,
    /// Only to this machine, in development.
    Plain,
}

impl MailForm {
    pub fn clean(&mut self) {
        for field in [
            &mut self.from_address,
            &mut self.reply_to,
            &mut self.host,
            &mut self.port,
            &mut self.user,
            &mut self.api_key,
        ] {
            *field = squeeze(field);
        }
        self.port = narrow_digits(&self.port);
        self.from_name = self.from_name.split_whitespace().collect::<Vec<_>>().join(" ");
        // A password may have spaces inside; only what surrounds it is a slip.
        self.password = self.password.trim().to_owned();
    }

    /// What is wrong, by field; empty when nothing is. Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.from_address.is_empty() {
            problems.push(Error::field(Code::Required, "from_address"));
        } else if !crate::validate::is_mail_address(&self.from_address) {
            problems.push(Error::field(Code::NotAMailAddress, "from_address"));
        }
        if !self.reply_to.is_empty() && !crate::validate::is_mail_address(&self.reply_to) {
            problems.push(Error::field(Code::NotAMailAddress, "reply_to"));
        }
        if self.from_name.chars().count() > 100 {
            problems.push(Error::field(Code::TooLong, "from_name"));
        }
        match self.via {
            MailVia::Smtp => self.smtp_problems(&mut problems),
            MailVia::Resend if self.api_key.is_empty() => {
                problems.push(Error::field(Code::Required, "api_key"))
            }
            MailVia::Resend if self.api_key.len() > 200 => {
                problems.push(Error::field(Code::TooLong, "api_key"))
            }
            MailVia::Resend => {}
        }
        problems
    }

    /// The port as a number, once [`Self::problems`] is empty.
    #[must_use]
    pub fn port_number(&self) -> Option<u16> {
        self.port.parse().ok().filter(|port| *port != 0)
    }

    fn smtp_problems(&self, problems: &mut Vec<Error>) {
        if self.host.is_empty() {
            problems.push(Error::field(Code::Required, "host"));
        } else if self.host.len() > 253
            || !self.host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte))
        {
            problems.push(Error::field(Code::NotAHost, "host"));
        }
        if self.port.is_empty() {
            problems.push(Error::field(Code::Required, "port"));
        } else {
            match self.port_number() {
                // email.md §2.6: the platform refuses port 25.
                Some(25) => problems.push(Error::field(Code::PortRefused, "port")),
                Some(_) => {}
                None => problems.push(Error::field(Code::NotAPort, "port")),
            }
        }
        if self.user.is_empty() != self.password.is_empty() {
            problems
                .push(Error::field(Code::Required, if self.user.is_empty() { "user" } else { "password" }));
        }
    }
}

fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'))
        .collect()
}

fn narrow_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// Line breaks of any kind become `\n`, and what stands before `-----BEGIN` or after the end line goes.
fn clean_pem(text: &str) -> String {
    let text = text.replace("\\n", "\n").replace("\r\n", "\n").replace('\r', "\n");
    let Some(from) = text.find("-----BEGIN") else { return text.trim().to_owned() };
    let lines: Vec<&str> =
        text.get(from..).unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let end = lines.iter().position(|line| line.starts_with("-----END")).map_or(lines.len(), |at| at + 1);
    let mut pem = lines.get(..end).unwrap_or_default().join("\n");
    pem.push('\n');
    pem
}

/// Shape only; the connection check finds out whether the provider knows it.
fn is_private_key(pem: &str) -> bool {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    ["PRIVATE KEY", "RSA PRIVATE KEY"].iter().any(|name| {
        pem.starts_with(&format!("-----BEGIN {name}-----\n"))
            && pem.trim_end().ends_with(&format!("-----END {name}-----"))
    }) && body.len() > 400
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> String {
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            ["A".repeat(64).as_str(); 10].join("\n")
        )
    }

    fn form() -> LineworksForm {
        LineworksForm {
            client_id: " abc\n".into(),
            client_secret: "\u{3000}s3\u{200b}cret ".into(),
            service_account: "x1.serviceaccount@minato\r\n".into(),
            private_key: key().replace('\n', "\r\n"),
            domain_id: " ４００29600 ".into(),
            bot_admin: "sato@minato ".into(),
            ..LineworksForm::default()
        }
    }

    #[test]
    fn pasted_credentials_are_cleaned() {
        let mut form = form();
        form.clean();
        assert_eq!(form.problems(), []);
        assert_eq!((form.client_id.as_str(), form.client_secret.as_str()), ("abc", "s3cret"));
        assert_eq!(form.domain_id, "40029600");
        assert_eq!(form.private_key, key());
        assert_eq!(form.bot_name, DEFAULT_BOT_NAME);
    }

    #[test]
    fn a_key_on_one_line_with_written_breaks_is_understood() {
        let mut form = LineworksForm { private_key: key().replace('\n', "\\n"), ..form() };
        form.clean();
        assert_eq!(form.private_key, key());
    }

    #[test]
    fn each_wrong_field_is_named() {
        type Break = fn(&mut LineworksForm);
        let cases: [(Break, &str, Code); 7] = [
            (|f| f.client_id.clear(), "client_id", Code::Required),
            (|f| f.domain_id = "4002x".into(), "domain_id", Code::NotDigits),
            (|f| f.private_key = "hello".into(), "private_key", Code::NotAPrivateKey),
            (
                |f| f.private_key = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".into(),
                "private_key",
                Code::NotAPrivateKey,
            ),
            (|f| f.service_account = "me@minato".into(), "service_account", Code::NotAServiceAccount),
            (|f| f.bot_name = "あ".repeat(101), "bot_name", Code::TooLong),
            (|f| f.client_secret = "x".repeat(10_000), "client_secret", Code::TooLong),
        ];
        for (damage, field, code) in cases {
            let mut form = form();
            damage(&mut form);
            form.clean();
            assert_eq!(form.problems(), [Error::field(code, field)], "{field}");
        }
    }

    #[test]
    fn mail_fields_depend_on_the_way() {
        let mut smtp = MailForm {
            from_address: " notice@minato.example".into(),
            host: "mail.minato.example".into(),
            port: "５８７".into(),
            user: "todoke".into(),
            password: " pass word ".into(),
            ..MailForm::default()
        };
        smtp.clean();
        assert_eq!(smtp.problems(), []);
        assert_eq!((smtp.port_number(), smtp.password.as_str()), (Some(587), "pass word"));
        smtp.port = "25".into();
        assert_eq!(smtp.problems(), [Error::field(Code::PortRefused, "port")]);
        smtp.via = MailVia::Resend;
        assert_eq!(smtp.problems(), [Error::field(Code::Required, "api_key")]);
    }
}
