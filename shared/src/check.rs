//! What 「接続を確認」 tells the admin: a connection tried step by step, so that the first thing that is
//! wrong is named and nothing is blamed on a step that could not run.

use serde::{Deserialize, Serialize};

use crate::{delivery::Cause, lang::Text};

/// One step of a check, in the order in which the steps were tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckStep {
    pub step: CheckName,
    pub status: CheckStatus,
    /// Why it failed; only with [`CheckStatus::Failed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What was found, for the admin to recognise: a person's name, a server's greeting. Never a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

impl CheckStep {
    /// The step succeeded; `found` is cut at 200 characters.
    #[must_use]
    pub fn passed(step: CheckName, found: Option<String>) -> Self {
        let found = found.map(|text| text.chars().take(200).collect());
        Self { step, status: CheckStatus::Passed, cause: None, found }
    }

    #[must_use]
    pub const fn failed(step: CheckName, cause: Cause) -> Self {
        Self { step, status: CheckStatus::Failed, cause: Some(cause), found: None }
    }

    /// An earlier step failed, so this one says nothing.
    #[must_use]
    pub const fn skipped(step: CheckName) -> Self {
        Self { step, status: CheckStatus::Skipped, cause: None, found: None }
    }

    /// With what was found although the step failed.
    #[must_use]
    pub fn found(mut self, found: impl AsRef<str>) -> Self {
        self.found = Some(found.as_ref().chars().take(200).collect());
        self
    }
}

/// True when every step passed and there was one.
#[must_use]
pub fn all_passed(steps: &[CheckStep]) -> bool {
    !steps.is_empty() && steps.iter().all(|step| step.status == CheckStatus::Passed)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    Passed,
    Failed,
    Skipped,
}

impl CheckStatus {
    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Passed => Text::new("成功", "Passed"),
            Self::Failed => Text::new("失敗", "Failed"),
            Self::Skipped => Text::new("未確認", "Not tried"),
        }
    }
}

/// What a step looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// LINE WORKS: the private key can be read as an RSA key.
    KeyReadable,
    /// LINE WORKS: an access token was issued for the service account.
    TokenIssued,
    /// LINE WORKS: the bot administrator exists.
    AdminFound,
    /// LINE WORKS: the domain ID is the administrator's.
    DomainMatches,
    /// LINE WORKS: the app may manage bots.
    BotManageable,
    /// Mail: the server answers.
    Connected,
    /// Mail: the connection is encrypted.
    Encrypted,
    /// Mail: user and password are accepted.
    SignedIn,
    /// Mail: the sender address is accepted.
    SenderAccepted,
    /// Mail: the API key is accepted.
    KeyAccepted,
}

impl CheckName {
    /// The steps for LINE WORKS, in their order.
    pub const LINEWORKS: [Self; 5] =
        [Self::KeyReadable, Self::TokenIssued, Self::AdminFound, Self::DomainMatches, Self::BotManageable];

    /// The line in the list of steps.
    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::KeyReadable => Text::new("秘密鍵を読み込める", "The private key can be read"),
            Self::TokenIssued => Text::new("アクセストークンを取得できる", "An access token is issued"),
            Self::AdminFound => Text::new("Bot主担当者が見つかる", "The bot administrator exists"),
            Self::DomainMatches => Text::new("Domain IDが一致する", "The domain ID matches"),
            Self::BotManageable => Text::new("Botを管理できる", "Bots can be managed"),
            Self::Connected => Text::new("サーバーに接続できる", "The server answers"),
            Self::Encrypted => Text::new("通信が暗号化される", "The connection is encrypted"),
            Self::SignedIn => Text::new("サーバーにサインインできる", "The server accepts the sign-in"),
            Self::SenderAccepted => {
                Text::new("差出人アドレスが受け付けられる", "The sender address is accepted")
            }
            Self::KeyAccepted => Text::new("APIキーが受け付けられる", "The API key is accepted"),
        }
    }

    /// What to look at when it failed.
    #[must_use]
    pub const fn hint(self) -> Text {
        match self {
            Self::KeyReadable => Text::new(
                "Developer Consoleでダウンロードした.keyファイルの全体を貼り付けてください。",
                "Paste the whole .key file downloaded from the Developer Console.",
            ),
            Self::TokenIssued => Text::new(
                "Client ID、Client Secret、Service Account、秘密鍵が同じアプリのものか、OAuth Scopesにbotとuser.readがあるかを確認してください。",
                "Check that client ID, client secret, service account and private key belong to one app, and that its OAuth scopes include bot and user.read.",
            ),
            Self::AdminFound => Text::new(
                "Bot主担当者のログインID(または User ID)と、OAuth Scopesのuser.readを確認してください。",
                "Check the bot administrator's login ID (or user ID), and the OAuth scope user.read.",
            ),
            Self::DomainMatches => Text::new(
                "Bot主担当者が所属するドメインのDomain IDを、Developer Consoleで確認してください。",
                "Look up in the Developer Console the domain ID of the domain the bot administrator belongs to.",
            ),
            Self::BotManageable => Text::new(
                "Developer Consoleで、アプリのOAuth Scopesにbotを加えてください。",
                "Add bot to the app's OAuth scopes in the Developer Console.",
            ),
            Self::Connected => {
                Text::new("サーバー名とポートを確認してください。", "Check the server's name and port.")
            }
            Self::Encrypted => Text::new(
                "ポートと暗号化の方式の組み合わせを確認してください。",
                "Check that the port and the kind of encryption belong together.",
            ),
            Self::SignedIn => Text::new(
                "ユーザー名とパスワードを確認してください。アプリ用のパスワードが必要なサービスもあります。",
                "Check user name and password. Some services want a password made for apps.",
            ),
            Self::SenderAccepted => Text::new(
                "このアカウントから送信できる差出人アドレスかを確認してください。",
                "Check that this account may send from that address.",
            ),
            Self::KeyAccepted => Text::new(
                "APIキーと、その権限を確認してください。",
                "Check the API key and what it is allowed to do.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::delivery::CauseCode;

    #[test]
    fn the_wire_form_is_pinned() {
        let steps = [
            CheckStep::passed(CheckName::AdminFound, Some("佐藤 花子".into())),
            CheckStep::failed(CheckName::TokenIssued, Cause::new(CauseCode::Credentials, "invalid_client")),
            CheckStep::skipped(CheckName::BotManageable),
        ];
        assert_eq!(
            serde_json::to_value(&steps).unwrap(),
            json!([
                {"step": "admin_found", "status": "passed", "found": "佐藤 花子"},
                {"step": "token_issued", "status": "failed", "cause": {"code": "credentials", "detail": "invalid_client"}},
                {"step": "bot_manageable", "status": "skipped"},
            ])
        );
        assert_eq!(
            serde_json::from_value::<Vec<CheckStep>>(serde_json::to_value(&steps).unwrap()).unwrap(),
            steps
        );
    }

    #[test]
    fn only_passed_steps_make_a_passed_check() {
        let passed = CheckStep::passed(CheckName::Connected, None);
        assert!(all_passed(std::slice::from_ref(&passed)));
        assert!(!all_passed(&[]));
        assert!(!all_passed(&[passed.clone(), CheckStep::skipped(CheckName::SignedIn)]));
        let failed = CheckStep::failed(CheckName::SignedIn, Cause::new(CauseCode::Credentials, ""));
        assert!(!all_passed(&[passed, failed]));
    }

    #[test]
    fn what_was_found_is_short() {
        let step = CheckStep::passed(CheckName::Connected, Some("x".repeat(1_000)));
        assert_eq!(step.found.unwrap().len(), 200);
    }
}
