//! The Slack form.

use serde::{Deserialize, Serialize};

use super::squeeze;
use crate::error::{Code, Error};

/// The Slack form (slack.md §8). `via` decides which of the fields below it are read; all of them stand on
/// the app's pages 「Basic Information」 and 「OAuth & Permissions」.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SlackForm {
    pub via: SlackVia,
    /// Signs what Slack calls back with; needed either way.
    pub signing_secret: String,
    /// `xoxb-…`, of an app made in the workspace itself.
    pub bot_token: String,
    /// With `client_secret`: the token comes from 「Slackに追加」.
    pub client_id: String,
    pub client_secret: String,
}

/// Where the bot token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlackVia {
    /// Pasted.
    #[default]
    Token,
    /// OAuth v2.
    Install,
}

impl SlackForm {
    /// Takes away what copying and pasting leaves: spaces and line breaks, wide ones and zero-width ones too.
    pub fn clean(&mut self) {
        for field in
            [&mut self.signing_secret, &mut self.bot_token, &mut self.client_id, &mut self.client_secret]
        {
            *field = squeeze(field);
        }
    }

    /// What is wrong, by field; empty when nothing is. Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut want = |name: &str, value: &str, limit: usize| {
            let wrong = match value.chars().count() {
                0 => Some(Code::Required),
                count if count > limit => Some(Code::TooLong),
                _ => None,
            };
            problems.extend(wrong.map(|code| Error::field(code, name)));
            wrong.is_none()
        };
        want("signing_secret", &self.signing_secret, 200);
        match self.via {
            SlackVia::Token => {
                // A user's token (xoxp-…) would post in that person's name, an app's (xapp-…) not at all.
                if want("bot_token", &self.bot_token, 300) && !self.bot_token.starts_with("xoxb-") {
                    problems.push(Error::field(Code::NotABotToken, "bot_token"));
                }
            }
            SlackVia::Install => {
                want("client_id", &self.client_id, 200);
                want("client_secret", &self.client_secret, 200);
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pasted() -> SlackForm {
        SlackForm {
            signing_secret: " c0ffee\u{200b}00\r\n".into(),
            bot_token: "\u{3000}xoxb-1-2 ".into(),
            ..SlackForm::default()
        }
    }

    fn installed() -> SlackForm {
        SlackForm {
            via: SlackVia::Install,
            signing_secret: "s".into(),
            client_id: "12.34 ".into(),
            client_secret: "\tc".into(),
            ..SlackForm::default()
        }
    }

    #[test]
    fn pasted_credentials_are_cleaned() {
        let mut form = pasted();
        form.clean();
        assert_eq!(form.problems(), []);
        assert_eq!((form.signing_secret.as_str(), form.bot_token.as_str()), ("c0ffee00", "xoxb-1-2"));
        let mut form = installed();
        form.clean();
        assert_eq!(form.problems(), []);
        assert_eq!((form.client_id.as_str(), form.client_secret.as_str()), ("12.34", "c"));
    }

    #[test]
    fn each_wrong_field_is_named() {
        type Case = (fn() -> SlackForm, fn(&mut SlackForm), &'static str, Code);
        let cases: [Case; 9] = [
            (pasted, |f| f.signing_secret.clear(), "signing_secret", Code::Required),
            (pasted, |f| f.signing_secret = "x".repeat(201), "signing_secret", Code::TooLong),
            (pasted, |f| f.bot_token = " ".into(), "bot_token", Code::Required),
            (pasted, |f| f.bot_token = format!("xoxb-{}", "x".repeat(300)), "bot_token", Code::TooLong),
            (pasted, |f| f.bot_token = "xoxp-1".into(), "bot_token", Code::NotABotToken),
            (pasted, |f| f.bot_token = "Bearer xoxb-1".into(), "bot_token", Code::NotABotToken),
            (installed, |f| f.signing_secret.clear(), "signing_secret", Code::Required),
            (installed, |f| f.client_id.clear(), "client_id", Code::Required),
            (installed, |f| f.client_secret.clear(), "client_secret", Code::Required),
        ];
        for (form, damage, field, code) in cases {
            let mut form = form();
            damage(&mut form);
            form.clean();
            assert_eq!(form.problems(), [Error::field(code, field)], "{field}");
        }
    }

    #[test]
    fn fields_of_the_other_way_are_not_read() {
        let mut form = SlackForm { bot_token: "rubbish".into(), ..installed() };
        form.clean();
        assert_eq!(form.problems(), []);
        form.via = SlackVia::Token;
        assert_eq!(form.problems(), [Error::field(Code::NotABotToken, "bot_token")]);
    }

    #[test]
    fn the_wire_form_is_pinned() {
        let json =
            r#"{"via":"install","signing_secret":"s","bot_token":"","client_id":"1","client_secret":"c"}"#;
        let form: SlackForm = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&form).unwrap(), json);
        assert_eq!(serde_json::from_str::<SlackForm>("{}").unwrap().via, SlackVia::Token);
        assert!(serde_json::from_str::<SlackForm>(r#"{"bot":"x"}"#).is_err());
    }
}
