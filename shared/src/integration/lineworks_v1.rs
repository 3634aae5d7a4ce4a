//! The form of LINE WORKS API 1.0.

use serde::{Deserialize, Serialize};

use super::{DEFAULT_BOT_NAME, clean_pem, is_private_key, narrow_digits, squeeze};
use crate::error::{Code, Error};

/// The LINE WORKS form (API 1.0, retired by the provider; lineworks.md §7.1), in the order of the old
/// Developer Console. `via` decides which of the fields below it are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineworksV1Form {
    /// `jp1…`: part of every URL, and the key that signs callbacks.
    pub api_id: String,
    /// Server API Consumer Key.
    pub consumer_key: String,
    pub via: V1Via,
    /// The Server List's token, of the fixed-IP type.
    pub token: String,
    /// Server ID, of the ID-registered type.
    pub server_id: String,
    /// PEM of `private_….key`, with `server_id`.
    pub private_key: String,
    /// Digits.
    pub domain_id: String,
    /// Login ID of the main bot administrator.
    pub bot_admin: String,
    /// At most 100 characters; 「Todoke通知」 when empty.
    pub bot_name: String,
}

/// How the server is registered in the Server List (lineworks.md §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum V1Via {
    /// By its ID: short-lived tokens are asked for with a signed JWT.
    #[default]
    ServerId,
    /// By its IP address, with one long-lived token. The hub must leave through a fixed address for it.
    FixedToken,
}

impl LineworksV1Form {
    /// Takes away what copying and pasting leaves: spaces and line breaks, wide ones and zero-width ones too.
    pub fn clean(&mut self) {
        for field in [
            &mut self.api_id,
            &mut self.consumer_key,
            &mut self.token,
            &mut self.server_id,
            &mut self.domain_id,
            &mut self.bot_admin,
        ] {
            *field = squeeze(field);
        }
        self.domain_id = narrow_digits(&self.domain_id);
        if !self.private_key.trim().is_empty() {
            self.private_key = clean_pem(&self.private_key);
        }
        self.bot_name = self.bot_name.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.bot_name.is_empty() {
            DEFAULT_BOT_NAME.clone_into(&mut self.bot_name);
        }
    }

    /// What is wrong, by field; empty when nothing is. Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        // `true` when there is something to look at more closely.
        let mut want = |name: &str, value: &str, limit: usize| {
            let wrong = match value.chars().count() {
                0 => Some(Code::Required),
                count if count > limit => Some(Code::TooLong),
                _ => None,
            };
            problems.extend(wrong.map(|code| Error::field(code, name)));
            wrong.is_none()
        };
        let api_id = want("api_id", &self.api_id, 100);
        want("consumer_key", &self.consumer_key, 200);
        let private_key = match self.via {
            V1Via::FixedToken => {
                want("token", &self.token, 2_000);
                false
            }
            V1Via::ServerId => {
                want("server_id", &self.server_id, 200);
                want("private_key", &self.private_key, 16_000)
            }
        };
        let domain_id = want("domain_id", &self.domain_id, 18);
        want("bot_admin", &self.bot_admin, 300);
        want("bot_name", &self.bot_name, 100);
        // It becomes a part of the path of every call.
        if api_id && !self.api_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            problems.push(Error::field(Code::NotAnApiId, "api_id"));
        }
        if private_key && !is_private_key(&self.private_key) {
            problems.push(Error::field(Code::NotAPrivateKey, "private_key"));
        }
        if domain_id && !self.domain_id.bytes().all(|byte| byte.is_ascii_digit()) {
            problems.push(Error::field(Code::NotDigits, "domain_id"));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> LineworksV1Form {
        LineworksV1Form {
            api_id: " jp1abCDef\n".into(),
            consumer_key: "c\u{200b}-key".into(),
            via: V1Via::ServerId,
            token: "fixed-token".into(),
            server_id: "s-1".into(),
            private_key: format!(
                "-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----",
                "A".repeat(600)
            ),
            domain_id: "４0029600".into(),
            bot_admin: "sato@minato".into(),
            bot_name: "  ".into(),
        }
    }

    #[test]
    fn pasted_credentials_are_cleaned() {
        for via in [V1Via::ServerId, V1Via::FixedToken] {
            let mut form = LineworksV1Form { via, ..form() };
            form.clean();
            assert_eq!(form.problems(), [], "{via:?}");
            assert_eq!((form.api_id.as_str(), form.consumer_key.as_str()), ("jp1abCDef", "c-key"));
            assert_eq!((form.domain_id.as_str(), form.bot_name.as_str()), ("40029600", DEFAULT_BOT_NAME));
        }
    }

    #[test]
    fn each_way_wants_its_own_fields() {
        let empty = LineworksV1Form::default();
        let fields = |form: &LineworksV1Form| -> Vec<String> {
            form.problems().into_iter().filter_map(|error| error.field).collect()
        };
        let rest = ["domain_id", "bot_admin", "bot_name"];
        assert_eq!(
            fields(&empty),
            [&["api_id", "consumer_key", "server_id", "private_key"][..], &rest].concat()
        );
        let fixed = LineworksV1Form { via: V1Via::FixedToken, ..empty };
        assert_eq!(fields(&fixed), [&["api_id", "consumer_key", "token"][..], &rest].concat());
    }

    #[test]
    fn each_wrong_field_is_named() {
        type Break = fn(&mut LineworksV1Form);
        let cases: [(Break, &str, Code); 5] = [
            (|f| f.api_id = "../jp1".into(), "api_id", Code::NotAnApiId),
            (|f| f.api_id = "jp1?x=".into(), "api_id", Code::NotAnApiId),
            (|f| f.private_key = "hello".into(), "private_key", Code::NotAPrivateKey),
            (|f| f.domain_id = "4002x".into(), "domain_id", Code::NotDigits),
            (|f| f.bot_name = "あ".repeat(101), "bot_name", Code::TooLong),
        ];
        for (damage, field, code) in cases {
            let mut form = form();
            damage(&mut form);
            form.clean();
            assert_eq!(form.problems(), [Error::field(code, field)]);
        }
    }
}
