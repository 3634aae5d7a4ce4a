//! 連携: connecting the messengers.

use serde::{Deserialize, Serialize};

use crate::{
    check::CheckStep,
    delivery::Cause,
    id::{IntegrationId, RoomId},
    integration::{LineworksForm, MailForm, MailVia, SmtpSecurity},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Lineworks,
    Mail,
}

impl Provider {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lineworks => "lineworks",
            Self::Mail => "mail",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Lineworks, Self::Mail].into_iter().find(|provider| provider.code() == code)
    }

    #[must_use]
    pub const fn channel(self) -> crate::channel::Channel {
        match self {
            Self::Lineworks => crate::channel::Channel::Lineworks,
            Self::Mail => crate::channel::Channel::Email,
        }
    }
}

/// Body of `POST /api/integrations` (save, → 201 [`Integration`]) and `POST /api/integrations/check` (try only,
/// → 200 [`CheckResult`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", content = "form", rename_all = "snake_case")]
pub enum IntegrationRequest {
    Lineworks(LineworksForm),
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
}

/// `POST /api/integrations/{id}/match` → how many members got a LINE WORKS ID by their login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchResult {
    pub matched: u32,
    /// In the provider's directory but not among the members, at most 100.
    pub unknown: Vec<String>,
}

/// `GET /api/integrations/{id}/consequences`: what deleting would take along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consequences {
    /// Members who lose their address on the channel.
    pub members: u64,
    pub rooms: u64,
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
