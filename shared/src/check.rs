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
    /// LINE WORKS: the app may write calendars.
    CalendarGranted,
    /// LINE WORKS: the calendar of the bot administrator answers.
    CalendarReachable,
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
    /// Slack: the bot token is accepted, and is of the workspace that was connected.
    BotTokenAccepted,
    /// Slack: the token may post.
    ScopesGranted,
    /// LINE: the private half of the assertion signing key can be read.
    AssertionKeyReadable,
    /// LINE: a channel access token was issued for the key.
    ChannelTokenIssued,
    /// LINE: the Messaging API channel accepts the access token.
    ChannelTokenAccepted,
    /// LINE: ID and secret of the Login channel are accepted.
    LoginChannelAccepted,
    /// Google Chat: the service account's key can be read as an RSA key.
    AccountKeyReadable,
    /// Google Chat: an access token was issued for the service account.
    AccountTokenIssued,
    /// Google Chat: the API answers to the app.
    ChatApiUsable,
    /// LINE WORKS API 1.0: the server token is accepted.
    ServerTokenIssued,
    /// LINE WORKS API 1.0: the API ID and the consumer key are accepted.
    V1Usable,
}

impl CheckName {
    /// The steps for LINE WORKS, in their order.
    pub const LINEWORKS: [Self; 5] =
        [Self::KeyReadable, Self::TokenIssued, Self::AdminFound, Self::DomainMatches, Self::BotManageable];

    /// The steps for calendars of LINE WORKS, in their order.
    pub const LINEWORKS_CALENDAR: [Self; 2] = [Self::CalendarGranted, Self::CalendarReachable];

    /// The steps for Slack, in their order.
    pub const SLACK: [Self; 2] = [Self::BotTokenAccepted, Self::ScopesGranted];

    /// The steps for LINE with a key, in their order.
    pub const LINE_KEY: [Self; 4] = [
        Self::AssertionKeyReadable,
        Self::ChannelTokenIssued,
        Self::ChannelTokenAccepted,
        Self::LoginChannelAccepted,
    ];
    /// The steps for LINE with a pasted token, in their order.
    pub const LINE_TOKEN: [Self; 2] = [Self::ChannelTokenAccepted, Self::LoginChannelAccepted];

    /// The steps for the Google Chat app, in their order.
    pub const GOOGLE_CHAT: [Self; 3] =
        [Self::AccountKeyReadable, Self::AccountTokenIssued, Self::ChatApiUsable];

    /// The steps for LINE WORKS API 1.0, in their order.
    pub const LINEWORKS_V1: [Self; 3] = [Self::KeyReadable, Self::ServerTokenIssued, Self::V1Usable];

    /// The line in the list of steps.
    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::KeyReadable => Text::new("秘密鍵を読み込める", "The private key can be read"),
            Self::TokenIssued => Text::new("アクセストークンを取得できる", "An access token is issued"),
            Self::AdminFound => Text::new("Bot主担当者が見つかる", "The bot administrator exists"),
            Self::DomainMatches => Text::new("Domain IDが一致する", "The domain ID matches"),
            Self::BotManageable => Text::new("Botを管理できる", "Bots can be managed"),
            Self::CalendarGranted => {
                Text::new("カレンダーの権限がある", "The app has the calendar permission")
            }
            Self::CalendarReachable => {
                Text::new("メンバーのカレンダーに接続できる", "Members' calendars can be reached")
            }
            Self::Connected => Text::new("サーバーに接続できる", "The server answers"),
            Self::Encrypted => Text::new("通信が暗号化される", "The connection is encrypted"),
            Self::SignedIn => Text::new("サーバーにサインインできる", "The server accepts the sign-in"),
            Self::SenderAccepted => {
                Text::new("差出人アドレスが受け付けられる", "The sender address is accepted")
            }
            Self::KeyAccepted => Text::new("APIキーが受け付けられる", "The API key is accepted"),
            Self::BotTokenAccepted => Text::new("Botトークンが受け付けられる", "The bot token is accepted"),
            Self::ScopesGranted => Text::new("必要な権限(Scopes)がある", "The needed scopes are granted"),
            Self::AssertionKeyReadable => {
                Text::new("アサーション署名キーを読み込める", "The assertion signing key can be read")
            }
            Self::ChannelTokenIssued => {
                Text::new("チャネルアクセストークンを取得できる", "A channel access token is issued")
            }
            Self::ChannelTokenAccepted => {
                Text::new("Messaging APIに接続できる", "The Messaging API accepts the token")
            }
            Self::LoginChannelAccepted => {
                Text::new("LINEログインチャネルが確認できる", "The LINE Login channel is accepted")
            }
            Self::AccountKeyReadable => {
                Text::new("サービスアカウントの鍵を読み込める", "The service account's key can be read")
            }
            Self::AccountTokenIssued => {
                Text::new("Googleのアクセストークンを取得できる", "Google issues an access token")
            }
            Self::ChatApiUsable => {
                Text::new("Google Chat APIを利用できる", "The Google Chat API answers to the app")
            }
            Self::ServerTokenIssued => Text::new("サーバートークンを利用できる", "There is a server token"),
            Self::V1Usable => Text::new("API 1.0でBotを管理できる", "Bots can be managed by API 1.0"),
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
            Self::CalendarGranted => Text::new(
                "Developer Consoleで、アプリのOAuth Scopesにcalendarを加えてください。",
                "Add calendar to the app's OAuth scopes in the Developer Console.",
            ),
            Self::CalendarReachable => Text::new(
                "LINE WORKSの管理者画面で、カレンダーの利用が許可されているかを確認してください。",
                "Check in the LINE WORKS admin console that members may use the calendar.",
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
            Self::BotTokenAccepted => Text::new(
                "SlackアプリのOAuth & Permissionsにある、xoxb-で始まるトークンを貼り付けてください。別のSlackワークスペースには、別の連携を作ってください。",
                "Paste the token that begins with xoxb- from OAuth & Permissions of the Slack app. Another Slack workspace needs an integration of its own.",
            ),
            Self::ScopesGranted => Text::new(
                "SlackアプリのBot Token Scopesにchat:writeを加えて、ワークスペースに入れ直してください。",
                "Add chat:write to the Slack app's bot token scopes and reinstall it.",
            ),
            Self::AssertionKeyReadable => Text::new(
                "公開鍵を登録したときに作った秘密鍵(JWKまたはPEM)の全体を貼り付けてください。",
                "Paste the whole private key (JWK or PEM) that was made with the registered public key.",
            ),
            Self::ChannelTokenIssued => Text::new(
                "Messaging APIのチャネルID、登録した公開鍵のkid、秘密鍵が同じチャネルのものかを確認してください。",
                "Check that channel ID, kid of the registered public key and private key belong to one Messaging API channel.",
            ),
            Self::ChannelTokenAccepted => Text::new(
                "LINE Developersコンソールの「Messaging API設定」にあるチャネルアクセストークン(長期)を確認してください。",
                "Check the long-lived channel access token on the Messaging API tab of the LINE Developers Console.",
            ),
            Self::LoginChannelAccepted => Text::new(
                "LINEログインチャネルの「チャネル基本設定」にあるチャネルIDとチャネルシークレットを確認してください。",
                "Check channel ID and channel secret on the Basic settings tab of the LINE Login channel.",
            ),
            Self::AccountKeyReadable => Text::new(
                "Google Cloudコンソールでサービスアカウントの新しいJSONキーを作り、ファイル全体を貼り付けてください。",
                "Make a new JSON key of the service account in the Google Cloud console and paste the whole file.",
            ),
            Self::AccountTokenIssued => Text::new(
                "サービスアカウントとキーが削除・無効化されていないかを、Google Cloudコンソールで確認してください。",
                "Check in the Google Cloud console that neither the service account nor its key was deleted or disabled.",
            ),
            Self::ChatApiUsable => Text::new(
                "サービスアカウントのプロジェクトでGoogle Chat APIを有効にし、Chatアプリの構成を保存してください。",
                "Enable the Google Chat API in the service account's project and save the Chat app's configuration.",
            ),
            Self::ServerTokenIssued => Text::new(
                "Developer ConsoleのServer Listで、API ID、Server ID、認証キー(またはServer Token)が同じサーバーのものかを確認してください。",
                "Check in the Developer Console's Server List that API ID, server ID and key (or server token) belong to one server.",
            ),
            Self::V1Usable => Text::new(
                "API IDとServer API Consumer Keyを確認してください。API 1.0は提供終了のため、API 2.0への移行もご検討ください。",
                "Check the API ID and the server API consumer key. API 1.0 is retired: consider moving to API 2.0.",
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
