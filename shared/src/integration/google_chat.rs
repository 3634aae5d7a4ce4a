//! The Google Chat form.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{clean_pem, is_private_key, narrow_digits, squeeze};
use crate::error::{Code, Error};

/// A service account's key file is about 2,400 bytes.
const FILE_LIMIT: usize = 16_000;

/// The Google Chat form: webhooks of members and spaces, the Chat app, or both (google_chat.md §1, §5).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleChatForm {
    /// Members may give a webhook URL of a space of their own.
    pub webhooks: bool,
    /// The whole JSON file of the Chat app's service account; empty without an app.
    pub service_account: String,
    pub audience: ChatAudience,
    /// Digits; only read with [`ChatAudience::ProjectNumber`].
    pub project_number: String,
}

/// 「Authentication audience」 on the Chat app's page in the Cloud console: what the token of a callback is
/// made out to (google_chat.md §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatAudience {
    /// The callback URL itself; recommended by the provider.
    #[default]
    EndpointUrl,
    ProjectNumber,
}

/// What is read of the key file. Where tokens are asked for is fixed by us, whatever `token_uri` says.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    pub client_email: String,
    /// PEM.
    pub private_key: String,
    /// Names the key; may be empty.
    pub private_key_id: String,
}

impl GoogleChatForm {
    /// Takes away what copying and pasting leaves.
    pub fn clean(&mut self) {
        self.service_account =
            self.service_account.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned();
        self.project_number = narrow_digits(&squeeze(&self.project_number));
    }

    /// What is wrong, by field; empty when nothing is. Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.service_account.is_empty() {
            if !self.webhooks {
                problems.push(Error::field(Code::Required, "service_account"));
            }
            return problems;
        }
        if self.service_account.len() > FILE_LIMIT {
            problems.push(Error::field(Code::TooLong, "service_account"));
        } else if self.account().is_none() {
            problems.push(Error::field(Code::NotAServiceAccountFile, "service_account"));
        }
        if self.audience == ChatAudience::ProjectNumber {
            let number = &self.project_number;
            let wrong = match number.len() {
                0 => Some(Code::Required),
                21.. => Some(Code::TooLong),
                _ => (!number.bytes().all(|byte| byte.is_ascii_digit())).then_some(Code::NotDigits),
            };
            problems.extend(wrong.map(|code| Error::field(code, "project_number")));
        }
        problems
    }

    /// The key file's content; `None` when it is not one.
    #[must_use]
    pub fn account(&self) -> Option<ServiceAccount> {
        let file: Value = serde_json::from_str(&self.service_account).ok()?;
        let text = |name| file.get(name).and_then(Value::as_str).map(str::trim).unwrap_or_default();
        // A file of another `type` is a person's sign-in, or a federated one.
        if text("type") != "service_account" {
            return None;
        }
        let account = ServiceAccount {
            client_email: text("client_email").to_owned(),
            private_key: clean_pem(text("private_key")),
            private_key_id: text("private_key_id").to_owned(),
        };
        let email = &account.client_email;
        (crate::validate::is_mail_address(email)
            && email.ends_with(".gserviceaccount.com")
            && account.private_key_id.len() <= 200
            && is_private_key(&account.private_key))
        .then_some(account)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key() -> String {
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            ["A".repeat(64).as_str(); 10].join("\n")
        )
    }

    fn file() -> Value {
        json!({
            "type": "service_account",
            "project_id": "minato",
            "private_key_id": "k-1",
            "private_key": key(),
            "client_email": "todoke@minato.iam.gserviceaccount.com",
            "token_uri": "https://attacker.example/token",
        })
    }

    fn form() -> GoogleChatForm {
        GoogleChatForm {
            service_account: format!("\u{feff}{}\r\n", file()),
            audience: ChatAudience::ProjectNumber,
            project_number: " １２3456789012 ".into(),
            ..GoogleChatForm::default()
        }
    }

    #[test]
    fn a_pasted_key_file_is_read() {
        let mut form = form();
        form.clean();
        assert_eq!(form.problems(), []);
        assert_eq!(form.project_number, "123456789012");
        let account = form.account().unwrap();
        assert_eq!(account.client_email, "todoke@minato.iam.gserviceaccount.com");
        assert_eq!((account.private_key, account.private_key_id), (key(), "k-1".to_owned()));
    }

    #[test]
    fn webhooks_alone_need_nothing_else() {
        let mut form = GoogleChatForm { webhooks: true, ..GoogleChatForm::default() };
        form.clean();
        assert_eq!(form.problems(), []);
        form.webhooks = false;
        assert_eq!(form.problems(), [Error::field(Code::Required, "service_account")]);
    }

    #[test]
    fn what_is_not_a_service_account_is_named() {
        for (name, value) in [
            ("type", json!("authorized_user")),
            ("type", Value::Null),
            ("client_email", json!("sato@minato.example")),
            ("client_email", json!("x\r\n@minato.iam.gserviceaccount.com")),
            ("private_key", json!("hello")),
            ("private_key", json!(7)),
            ("private_key_id", json!("k".repeat(201))),
        ] {
            let mut file = file();
            file[name] = value;
            let form = GoogleChatForm { service_account: file.to_string(), ..GoogleChatForm::default() };
            assert_eq!(
                form.problems(),
                [Error::field(Code::NotAServiceAccountFile, "service_account")],
                "{name}"
            );
        }
        for text in ["{", "[]", "null", "-----BEGIN PRIVATE KEY-----"] {
            let form = GoogleChatForm { service_account: text.into(), ..GoogleChatForm::default() };
            assert_eq!(
                form.problems(),
                [Error::field(Code::NotAServiceAccountFile, "service_account")],
                "{text}"
            );
        }
    }

    #[test]
    fn the_project_number_is_only_wanted_in_its_mode() {
        for (number, code) in
            [("", Code::Required), ("my-project", Code::NotDigits), (&*"1".repeat(21), Code::TooLong)]
        {
            let mut form = GoogleChatForm { project_number: number.into(), ..form() };
            form.clean();
            assert_eq!(form.problems(), [Error::field(code, "project_number")]);
            form.audience = ChatAudience::EndpointUrl;
            assert_eq!(form.problems(), []);
        }
    }

    #[test]
    fn the_wire_form_is_pinned() {
        let form = GoogleChatForm { webhooks: true, project_number: "1".into(), ..GoogleChatForm::default() };
        assert_eq!(
            serde_json::to_value(&form).unwrap(),
            json!({"webhooks": true, "service_account": "", "audience": "endpoint_url", "project_number": "1"})
        );
    }
}
