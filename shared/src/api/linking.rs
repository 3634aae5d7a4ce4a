//! Linking people with their accounts at the messengers, and installing apps there.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    api::members::Member,
    channel::{AddressState, Channel},
    lang::Text,
    routing::Reason,
};

/// `PUT /api/me/channels/{channel}` → 200 [`crate::api::me::Settings`]: the switch, or where the channel
/// reaches the member. At least one of the four.
///
/// Errors: `required`, `not_connected`, `last_channel`; for `url` `not_a_google_chat_webhook`, for `member_id`
/// `not_a_slack_member_id` and `address_taken`; for both `connection_failed` with the provider's reason; for `push`
/// `unknown_push_service` and `wrong_type`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// Google Chat: the webhook URL that the member made. A credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Slack: `U…` or `W…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<String>,
    /// Device notices: the browser that asks. Whoever has it can send there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push: Option<PushSubscription>,
}

/// What a browser gives when it subscribes to push messages: of its `PushSubscription.toJSON()` the endpoint and the two
/// `keys`, all three side by side.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushSubscription {
    /// `https`, of a known browser's push service, at most 1,024 characters.
    pub endpoint: String,
    /// base64url of 65 bytes.
    pub p256dh: String,
    /// base64url of 16 bytes.
    pub auth: String,
}

impl fmt::Debug for PushSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushSubscription(redacted)")
    }
}

/// `POST /api/me/channels/web_push/link` → 200: with what a browser subscribes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushKey {
    /// base64url of 65 bytes.
    pub key: String,
}

/// `GET /api/me/channels/web_push/devices` → list, newest first: a browser that gets the member's notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushDevice {
    /// SHA-256 of its endpoint in hex, by which a browser finds itself.
    pub id: String,
    /// 「Chrome (Android)」; `?` where the browser does not say.
    pub name: String,
    pub created_at: i64,
}

impl fmt::Debug for ChannelRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelRequest").field("on", &self.on).finish_non_exhaustive()
    }
}

/// `GET /api/me/channels/line/friend` and `POST /api/me/channels/line/refresh`, which asks LINE first: where
/// the member adds the company's account as a friend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFriend {
    pub url: String,
    /// `url` as a QR code: a whole `<svg>` that is as large as it is let, black on white with the margin that
    /// readers need. `None` when the URL is too long for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr_svg: Option<String>,
    /// The account's name; may be empty.
    pub name: String,
    /// Of the member's own address; `None` before the login.
    pub state: Option<AddressState>,
}

/// `GET /api/integrations/{id}/quota` → 200: the month's messages of a LINE account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyQuota {
    /// `None` without a limit.
    pub limit: Option<u64>,
    /// LINE's own approximation.
    pub used: u64,
    /// What will have been used at the month's end if it goes on so.
    pub forecast: u64,
}

/// One of `GET /api/v1/members?unreachable=critical`: somebody whom no channel would reach with a critical
/// notice now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreachableMember {
    #[serde(flatten)]
    pub member: Member,
    /// One for each connected channel, in the pages' order.
    pub obstacles: Vec<ChannelObstacle>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelObstacle {
    pub channel: Channel,
    pub obstacle: Obstacle,
}

/// Why one channel does not reach somebody at all, whatever is switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    NoAddress,
    AddressBlocked,
    AddressBroken,
    /// LINE reaches friends only.
    NotAFriend,
    /// The address is right; the workspace's connection does not work at the moment.
    ConnectionBroken,
}

impl Obstacle {
    pub const ALL: [Self; 5] = [
        Self::NoAddress,
        Self::AddressBlocked,
        Self::AddressBroken,
        Self::NotAFriend,
        Self::ConnectionBroken,
    ];

    /// What stands between `channel` and an address in that state; `working` is whether the connection does.
    /// `None`: nothing, it would arrive.
    #[must_use]
    pub fn of(channel: Channel, address: Option<AddressState>, working: bool) -> Option<Self> {
        match address {
            None => Some(Self::NoAddress),
            Some(AddressState::Blocked) => Some(Self::AddressBlocked),
            Some(AddressState::Broken) => Some(Self::AddressBroken),
            Some(AddressState::Unverified) if channel == Channel::Line => Some(Self::NotAFriend),
            Some(AddressState::Linked | AddressState::Unverified) => {
                if working {
                    None
                } else {
                    Some(Self::ConnectionBroken)
                }
            }
        }
    }

    #[must_use]
    pub const fn sentence(self) -> Text {
        match self {
            Self::NoAddress => Reason::NoAddress.sentence(),
            Self::AddressBlocked => Reason::AddressBlocked.sentence(),
            Self::AddressBroken => Reason::AddressBroken.sentence(),
            Self::NotAFriend => Reason::NotAFriend.sentence(),
            Self::ConnectionBroken => Text::new(
                "このチャネルの連携が止まっています。連携の設定を確認してください。",
                "The channel's connection does not work. Check the integration.",
            ),
        }
    }
}

macro_rules! returned {
    ($($variant:ident $code:literal $ja:literal $en:literal;)*) => {
        /// How somebody came back from a provider's login page: the `result` of `/me?link=line&result=…`,
        /// `/console/integrations/{id}?result=…` and `/sign-in?result=…`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Returned { $($variant,)* }

        impl Returned {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in the URL.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code,)* } }

            /// What to tell the reader: what happened, and what to do next.
            #[must_use]
            pub const fn sentence(self) -> Text { match self { $(Self::$variant => Text::new($ja, $en),)* } }
        }
    };
}

returned! {
    Ok "ok" "連携しました。" "Linked.";
    AddFriend "add_friend" "ログインできました。続けて、公式アカウントを友だちに追加してください。" "You are logged in. Now add the account as a friend.";
    Cancelled "cancelled" "操作を取り消しました。何も変わっていません。" "You cancelled it. Nothing was changed.";
    Expired "expired" "時間がたちすぎたため、連携しませんでした。もう一度お試しください。" "It took too long, so nothing was changed. Please try again.";
    OtherSession "other_session" "操作を始めたときと別のブラウザーか、別のサインインでした。始めたときと同じ画面からもう一度お試しください。" "This is another browser or another sign-in than the one it was started in. Try again from the page where you started.";
    Forged "forged" "リンクが正しくありません。はじめからやり直してください。" "The link is not valid. Start again from the beginning.";
    CodeRefused "code_refused" "相手のサービスがログインを受け付けませんでした。もう一度お試しください。続くときは管理者に知らせてください。" "The provider did not accept the login. Try again, and tell your admin if it happens again.";
    NotVerified "not_verified" "だれのログインかを確かめられなかったため、連携しませんでした。もう一度お試しください。" "It could not be verified who logged in, so nothing was changed. Please try again.";
    AlreadyTaken "already_taken" "このアカウントは、ほかのメンバーが連携しています。1つのアカウントを連携できるのは1人だけです。" "Another member has linked this account. An account can be linked to one member only.";
    OtherAccount "other_account" "ログインできましたが、会社の公式アカウントからは届きません。LINEログインと公式アカウントが別のプロバイダーになっていないか、管理者が確認してください。" "You are logged in, but the company's account cannot reach you. The admin should check that the LINE Login channel and the account are of the same provider.";
    OtherTeam "other_team" "はじめと違うワークスペースにインストールされました。この連携を使い続けるには、同じワークスペースを選んでください。" "It was installed into another workspace than before. Choose the same workspace to go on using this integration.";
    Rotating "rotating" "Slackアプリのトークンローテーションが有効です。使わないアプリを作り直してから、もう一度インストールしてください。" "The Slack app has token rotation switched on. Make an app without it, then install that one.";
    NotAllowed "not_allowed" "この操作の権限がありません。" "You are not allowed to do this.";
    NotConnected "not_connected" "連携が設定されていません。" "The channel is not connected.";
    Unknown "unknown" "このアカウントのメンバーが見つかりません。ほかの方法でサインインするか、管理者に知らせてください。" "No member has this account. Sign in another way, or tell your admin.";
    ProviderDown "provider_down" "相手のサービスに接続できませんでした。しばらくしてからもう一度お試しください。" "The provider could not be reached. Try again in a while.";
    Failed "failed" "サーバーで問題が起きました。もう一度お試しください。" "Something went wrong on the server. Please try again.";
}

impl Returned {
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|returned| returned.code() == code)
    }

    /// It did what it was meant to.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Ok | Self::AddFriend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_back_has_its_own_code_and_a_sentence() {
        for returned in Returned::ALL {
            assert_eq!(Returned::from_code(returned.code()), Some(*returned));
            let sentence = returned.sentence();
            assert!(sentence.ja.ends_with('。') && sentence.en.ends_with('.'), "{returned:?}");
        }
        assert_eq!(Returned::from_code("fine"), None);
        let good: Vec<_> = Returned::ALL.iter().filter(|returned| returned.is_good()).collect();
        assert_eq!(good, [&Returned::Ok, &Returned::AddFriend]);
    }

    #[test]
    fn only_what_would_arrive_has_no_obstacle() {
        use AddressState::{Blocked, Broken, Linked, Unverified};
        for (channel, address, working, expected) in [
            (Channel::Line, Some(Linked), true, None),
            (Channel::Line, Some(Unverified), true, Some(Obstacle::NotAFriend)),
            (Channel::Line, Some(Unverified), false, Some(Obstacle::NotAFriend)),
            (Channel::Slack, Some(Unverified), true, None),
            (Channel::Slack, Some(Unverified), false, Some(Obstacle::ConnectionBroken)),
            (Channel::Email, Some(Blocked), true, Some(Obstacle::AddressBlocked)),
            (Channel::Email, Some(Broken), false, Some(Obstacle::AddressBroken)),
            (Channel::GoogleChat, None, true, Some(Obstacle::NoAddress)),
        ] {
            assert_eq!(Obstacle::of(channel, address, working), expected, "{channel} {address:?} {working}");
        }
        for obstacle in Obstacle::ALL {
            assert!(obstacle.sentence().ja.ends_with('。') && obstacle.sentence().en.ends_with('.'));
        }
    }

    #[test]
    fn a_webhook_url_is_not_printed() {
        let request =
            ChannelRequest { url: Some("https://chat.googleapis.com/v1/s".into()), ..Default::default() };
        assert!(!format!("{request:?}").contains("googleapis"));
        assert_eq!(serde_json::to_string(&request).unwrap(), r#"{"url":"https://chat.googleapis.com/v1/s"}"#);
        assert!(serde_json::from_str::<ChannelRequest>(r#"{"off":true}"#).is_err());
    }
}
