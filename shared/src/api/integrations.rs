//! 連携: connecting the messengers.

use serde::{Deserialize, Serialize};

use crate::{
    check::CheckStep,
    delivery::Cause,
    id::{IntegrationId, RoomId},
    integration::{
        ChatAudience, GoogleChatForm, LineForm, LineVia, LineworksForm, LineworksV1Form, MailForm, MailVia,
        SlackForm, SlackVia, SmtpSecurity, V1Via,
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Lineworks,
    /// LINE WORKS API 1.0, retired by its provider.
    LineworksV1,
    Line,
    Slack,
    GoogleChat,
    Mail,
    /// Web Push: nothing to fill in; it makes itself when the first person asks for it.
    WebPush,
}

impl Provider {
    pub const ALL: [Self; 7] = [
        Self::Lineworks,
        Self::LineworksV1,
        Self::Line,
        Self::Slack,
        Self::GoogleChat,
        Self::Mail,
        Self::WebPush,
    ];

    /// An admin connects it by a form. Web Push makes itself when somebody asks for it.
    #[must_use]
    pub const fn has_form(self) -> bool {
        !matches!(self, Self::WebPush)
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lineworks => "lineworks",
            Self::LineworksV1 => "lineworks_v1",
            Self::Line => "line",
            Self::Slack => "slack",
            Self::GoogleChat => "google_chat",
            Self::Mail => "mail",
            Self::WebPush => "web_push",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.code() == code)
    }

    #[must_use]
    pub const fn channel(self) -> crate::channel::Channel {
        match self {
            Self::Lineworks | Self::LineworksV1 => crate::channel::Channel::Lineworks,
            Self::Line => crate::channel::Channel::Line,
            Self::Slack => crate::channel::Channel::Slack,
            Self::GoogleChat => crate::channel::Channel::GoogleChat,
            Self::Mail => crate::channel::Channel::Email,
            Self::WebPush => crate::channel::Channel::WebPush,
        }
    }
}

/// Body of `POST /api/integrations` (save, → 201 [`Integration`]) and `POST /api/integrations/check` (try only,
/// → 200 [`CheckResult`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", content = "form", rename_all = "snake_case")]
pub enum IntegrationRequest {
    Lineworks(LineworksForm),
    LineworksV1(LineworksV1Form),
    Line(LineForm),
    Slack(SlackForm),
    GoogleChat(GoogleChatForm),
    Mail(MailForm),
}

/// The steps of 「接続を確認」 in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    pub steps: Vec<CheckStep>,
}

/// A connected provider (`GET /api/integrations` → list). Secrets are never part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    pub id: IntegrationId,
    pub provider: Provider,
    pub state: IntegrationState,
    /// Why it does not work, and since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    pub state_since: i64,
    /// When something was accepted last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ok_at: Option<i64>,
    /// When the secret was set.
    pub secret_set_at: i64,
    pub settings: IntegrationSettings,
    /// Address for the provider's callbacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
    /// The mail integration or bot used when a member could be reached by several.
    pub is_default: bool,
    /// Absences in people's calendars; only with LINE WORKS (API 2.0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarSync>,
}

/// The switch 「カレンダー」 of an integration, and how it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CalendarSync {
    /// Absences are entered into people's calendars.
    pub on: bool,
    /// When a calendar took something last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ok_at: Option<i64>,
    /// Changes that are on their way.
    pub waiting: u64,
    /// Changes that were given up.
    pub failed: u64,
    /// Why the last one that failed did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

/// `PUT /api/integrations/{id}/calendar` → 200 [`CalendarChanged`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarRequest {
    pub on: bool,
}

/// What came of it. Turning it on tries the connection first, and leaves it off when a step fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarChanged {
    /// Empty when nothing was tried.
    pub steps: Vec<CheckStep>,
    pub calendar: CalendarSync,
}

impl Integration {
    /// What the admin calls it, and types to delete it: the bot's name, the account, the workspace, the sender
    /// address; the messenger's own name where there is none of these.
    #[must_use]
    pub fn name(&self) -> &str {
        let own = match &self.settings {
            IntegrationSettings::Lineworks { bot_name, .. }
            | IntegrationSettings::LineworksV1 { bot_name, .. } => bot_name,
            IntegrationSettings::Line { display_name, .. } => display_name.as_deref().unwrap_or_default(),
            IntegrationSettings::Slack { team_name, .. } => team_name,
            IntegrationSettings::GoogleChat { client_email, .. } => {
                client_email.as_deref().unwrap_or_default()
            }
            IntegrationSettings::Mail { from_address, .. } => from_address,
            IntegrationSettings::WebPush { .. } => "Web Push",
        };
        // The same in both languages: of the other channels only mail is translated, and mail has an address.
        if own.is_empty() { self.provider.channel().name().en } else { own }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationState {
    Ready,
    /// Credentials or permissions no longer work; notices wait.
    Broken,
}

/// What may be shown of an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "snake_case")]
pub enum IntegrationSettings {
    Lineworks {
        client_id: String,
        service_account: String,
        domain_id: String,
        bot_admin: String,
        bot_subadmin: String,
        bot_name: String,
        /// The Bot ID, made on saving.
        bot_id: Option<i64>,
    },
    LineworksV1 {
        via: V1Via,
        server_id: String,
        domain_id: String,
        bot_admin: String,
        bot_name: String,
        bot_no: Option<i64>,
    },
    Line {
        login_channel_id: String,
        via: LineVia,
        messaging_channel_id: String,
        kid: String,
        /// Where people add the account as a friend, once known.
        friend_url: Option<String>,
        basic_id: Option<String>,
        display_name: Option<String>,
        /// To be registered as the Login channel's callback URL.
        login_callback_url: String,
    },
    Slack {
        via: SlackVia,
        client_id: String,
        team_name: String,
        team_id: String,
        bot_user_id: String,
        /// A bot token is there.
        installed: bool,
        /// To be registered as the app's redirect URL.
        redirect_url: String,
    },
    GoogleChat {
        webhooks: bool,
        /// The service account, when there is a Chat app.
        client_email: Option<String>,
        audience: ChatAudience,
        project_number: String,
    },
    Mail {
        via: MailVia,
        from_address: String,
        from_name: String,
        reply_to: String,
        host: String,
        port: u16,
        security: SmtpSecurity,
        user: String,
    },
    WebPush {
        /// The workspace's VAPID key, as browsers subscribe with: 65 bytes, base64url.
        public_key: String,
    },
}

/// `PUT /api/integrations/{id}/secret`: replaces what the provider reissued; empty fields stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecretRequest {
    pub client_secret: String,
    pub service_account: String,
    pub private_key: String,
    pub password: String,
    pub api_key: String,
    /// LINE WORKS API 1.0.
    pub consumer_key: String,
    pub token: String,
    /// LINE.
    pub login_channel_secret: String,
    pub channel_secret: String,
    pub channel_access_token: String,
    /// Slack.
    pub signing_secret: String,
    pub bot_token: String,
    /// Google: the content of the service account's JSON file.
    pub key_file: String,
}

/// `POST /api/integrations/{id}/match?cursor=` → how many members got an ID at LINE WORKS or Slack by their login.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MatchResult {
    pub matched: u32,
    /// LINE WORKS: in the provider's directory but not among the members. Slack: the members whom Slack does not
    /// know by their login address. At most 100.
    pub unknown: Vec<String>,
    /// Members who were not looked up yet: Slack is asked for each, and only so often.
    #[serde(default)]
    pub left: u32,
    /// To be handed back as `cursor` while some are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Milliseconds to wait before going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<i64>,
}

/// `GET /api/integrations/{id}/consequences`: what `DELETE /api/integrations/{id}?confirm={name}` would take along.
/// `confirm` is [`Integration::name`]; another one is refused with `wrong_confirmation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consequences {
    /// Members who lose their address on the channel.
    pub members: u64,
    pub rooms: u64,
    /// Companies whose events go to one of those rooms.
    pub companies: u64,
    /// Deliveries that wait and would be cancelled.
    pub waiting: u64,
}

/// `GET /api/v1/rooms` → list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub id: RoomId,
    pub integration: IntegrationId,
    pub provider: Provider,
    /// The provider's own id.
    pub provider_id: String,
    pub name: String,
    /// The bot is in it.
    pub open: bool,
    pub since: i64,
}

/// `POST /api/integrations/{id}/install` → 200: where the admin's browser goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    pub url: String,
}
