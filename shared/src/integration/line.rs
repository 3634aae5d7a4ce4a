//! The LINE form: one LINE Login channel and one Messaging API channel of the same provider (line.md §0).

mod jwk;

use serde::{Deserialize, Serialize};

use super::{clean_pem, is_private_key, narrow_digits, squeeze};
use crate::{
    error::{Code, Error},
    validate::is_link,
};

/// In the order of the provider's console: first the Login channel, then the Messaging API channel. `via`
/// decides which of the fields below it are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineForm {
    /// Digits.
    pub login_channel_id: String,
    pub login_channel_secret: String,
    /// Signs the webhooks of the Messaging API channel; not the Login channel's.
    pub channel_secret: String,
    pub via: LineVia,
    /// Long-lived, issued in the console.
    pub channel_access_token: String,
    /// Digits.
    pub messaging_channel_id: String,
    /// PEM or JWK of the assertion signing key, the private half.
    pub private_key: String,
    /// What the console shows for the registered public key.
    pub kid: String,
    /// Optional: known from the account's basic ID when empty. `http` only to this machine, in development.
    pub friend_link: String,
}

/// How the Messaging API channel is signed in to (line.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineVia {
    #[default]
    Token,
    Key,
}

impl LineForm {
    /// Takes away what copying and pasting leaves. A key in JWK, which is how LINE tells to make one, becomes
    /// PEM.
    pub fn clean(&mut self) {
        for field in [
            &mut self.login_channel_id,
            &mut self.login_channel_secret,
            &mut self.channel_secret,
            &mut self.channel_access_token,
            &mut self.messaging_channel_id,
            &mut self.kid,
            &mut self.friend_link,
        ] {
            *field = squeeze(field);
        }
        for field in [&mut self.login_channel_id, &mut self.messaging_channel_id] {
            *field = narrow_digits(field);
        }
        self.private_key =
            jwk::private_key_pem(&self.private_key).unwrap_or_else(|| clean_pem(&self.private_key));
    }

    /// What is wrong, by field; empty when nothing is. Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        let own: &[(&str, &String, usize)] = match self.via {
            LineVia::Token => &[("channel_access_token", &self.channel_access_token, 1_000)],
            LineVia::Key => &[
                ("messaging_channel_id", &self.messaging_channel_id, 20),
                ("private_key", &self.private_key, 16_000),
                ("kid", &self.kid, 200),
            ],
        };
        let login = [
            ("login_channel_id", &self.login_channel_id, 20),
            ("login_channel_secret", &self.login_channel_secret, 200),
            ("channel_secret", &self.channel_secret, 200),
        ];
        for (name, value, limit) in login.iter().chain(own) {
            if value.is_empty() {
                problems.push(Error::field(Code::Required, *name));
            } else if value.chars().count() > *limit {
                problems.push(Error::field(Code::TooLong, *name));
            } else if name.ends_with("channel_id") && !value.bytes().all(|byte| byte.is_ascii_digit()) {
                problems.push(Error::field(Code::NotDigits, *name));
            } else if *name == "private_key" && !is_private_key(value) {
                problems.push(Error::field(Code::NotAPrivateKey, *name));
            }
        }
        if !self.friend_link.is_empty() && !is_link(&self.friend_link, true) {
            problems.push(Error::field(Code::NotALink, "friend_link"));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem() -> String {
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            ["A".repeat(64).as_str(); 10].join("\n")
        )
    }

    fn form(via: LineVia) -> LineForm {
        LineForm {
            login_channel_id: " １６５0000001\n".into(),
            login_channel_secret: "5f2b6d0c9e8a4731 0fdc2b6e1a9078cd".into(),
            channel_secret: "\u{200b}0123456789abcdef0123456789abcdef".into(),
            via,
            channel_access_token: "abc+/\r\ndef=".into(),
            messaging_channel_id: "1650000002 ".into(),
            private_key: pem().replace('\n', "\r\n"),
            kid: " kid-1".into(),
            friend_link: String::new(),
        }
    }

    #[test]
    fn pasted_values_are_cleaned() {
        for via in [LineVia::Token, LineVia::Key] {
            let mut form = form(via);
            form.clean();
            assert_eq!(form.problems(), []);
            assert_eq!(
                (form.login_channel_id.as_str(), form.messaging_channel_id.as_str()),
                ("1650000001", "1650000002")
            );
            assert_eq!(form.login_channel_secret, "5f2b6d0c9e8a47310fdc2b6e1a9078cd");
            assert_eq!(form.channel_secret, "0123456789abcdef0123456789abcdef");
            assert_eq!(form.channel_access_token, "abc+/def=");
            assert_eq!((form.private_key, form.kid.as_str()), (pem(), "kid-1"));
        }
    }

    #[test]
    fn each_wrong_field_is_named() {
        type Break = fn(&mut LineForm);
        let cases: [(LineVia, Break, &str, Code); 12] = [
            (LineVia::Token, |f| f.login_channel_id.clear(), "login_channel_id", Code::Required),
            (LineVia::Token, |f| f.login_channel_id = "@abc".into(), "login_channel_id", Code::NotDigits),
            (LineVia::Token, |f| f.login_channel_secret.clear(), "login_channel_secret", Code::Required),
            (LineVia::Key, |f| f.channel_secret = "x".repeat(201), "channel_secret", Code::TooLong),
            (LineVia::Token, |f| f.channel_access_token.clear(), "channel_access_token", Code::Required),
            (LineVia::Key, |f| f.messaging_channel_id.clear(), "messaging_channel_id", Code::Required),
            (LineVia::Key, |f| f.messaging_channel_id = "x1".into(), "messaging_channel_id", Code::NotDigits),
            (
                LineVia::Key,
                |f| f.private_key = "{\"kty\":\"RSA\"}".into(),
                "private_key",
                Code::NotAPrivateKey,
            ),
            (LineVia::Key, |f| f.kid = " ".into(), "kid", Code::Required),
            (LineVia::Token, |f| f.friend_link = "javascript:alert(1)".into(), "friend_link", Code::NotALink),
            (LineVia::Token, |f| f.friend_link = "http://lin.ee/x".into(), "friend_link", Code::NotALink),
            (LineVia::Key, |f| f.friend_link = "@abc".into(), "friend_link", Code::NotALink),
        ];
        for (via, damage, field, code) in cases {
            let mut form = form(via);
            damage(&mut form);
            form.clean();
            assert_eq!(form.problems(), [Error::field(code, field)], "{field}");
        }
    }

    #[test]
    fn fields_of_the_other_way_are_not_read() {
        let mut token = LineForm { private_key: "x".into(), kid: String::new(), ..form(LineVia::Token) };
        token.clean();
        assert_eq!(token.problems(), []);
        let mut key = LineForm { channel_access_token: String::new(), ..form(LineVia::Key) };
        key.clean();
        assert_eq!(key.problems(), []);
    }

    #[test]
    fn the_wire_form_is_pinned() {
        let form: LineForm =
            serde_json::from_str(r#"{"login_channel_id":"1","via":"key","kid":"k"}"#).unwrap();
        assert_eq!((form.via, form.kid.as_str()), (LineVia::Key, "k"));
        assert!(serde_json::from_str::<LineForm>(r#"{"channel_id":"1"}"#).is_err());
    }
}
