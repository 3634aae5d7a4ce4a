//! LINE: one Messaging API channel that sends and listens, and one LINE Login channel that links people, both
//! of one provider, so that a person has the same user ID in both. Facts: line.md.
//!
//! Where to start: [`Client`] makes every call, [`TokenCache`] is what its caller keeps between runs,
//! `outcome` says what an answer means for a delivery, `login` links a person, [`callback::parse`] reads what
//! comes back.

pub mod callback;
mod channel;
mod check;
mod client;
mod id_token;
mod login;
mod outcome;
mod send;
#[cfg(test)]
mod tests;
mod token;
#[cfg(test)]
mod world;

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::integration::{LineForm, LineVia};

pub use self::{
    channel::{BotInfo, Profile, Quota, Webhook, WebhookTest},
    client::Client,
    id_token::{Claims, IdTokenError, verify_id_token},
    login::{LoginAttempt, LoginTokens, UserToken, is_cancelled, pkce_challenge},
    outcome::{About, CallError, Refusal},
    send::{MESSAGES_PER_CALL, MULTICAST_MAX, RETRY_KEY_LIFE, retry_key},
};
use super::encode::percent;
pub use super::token::{Kept, TokenCache, TokenError};

/// What the store keeps of an integration. Nothing here is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSettings {
    pub login_channel_id: String,
    pub via: LineVia,
    /// Empty with a pasted token.
    #[serde(default)]
    pub messaging_channel_id: String,
    /// Empty with a pasted token.
    #[serde(default)]
    pub kid: String,
    /// As entered; empty when it is to be made from the basic ID: see [`LineSettings::friend_url`].
    #[serde(default)]
    pub friend_link: String,
    /// The bot's user ID, which is the `destination` of its webhooks; once the channel has told it.
    #[serde(default)]
    pub bot_user_id: Option<String>,
    /// `@…`, once the channel has told it.
    #[serde(default)]
    pub basic_id: Option<String>,
    /// The account's name, once the channel has told it.
    #[serde(default)]
    pub display_name: Option<String>,
}

impl LineSettings {
    /// The page on which a person adds the account as a friend, as a link and as a QR code (line.md §7); `None`
    /// while nothing is known of it.
    #[must_use]
    pub fn friend_url(&self, endpoints: &Endpoints) -> Option<String> {
        if !self.friend_link.is_empty() {
            return Some(self.friend_link.clone());
        }
        let basic_id = self.basic_id.as_deref().filter(|id| !id.is_empty())?;
        Some(format!("{}/{}", endpoints.friend, percent(basic_id)))
    }
}

/// What the vault keeps of an integration.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSecret {
    /// Verifies id_tokens.
    pub login_channel_secret: String,
    /// Verifies webhooks ([`shared::signature::line`]).
    pub channel_secret: String,
    pub token: ChannelToken,
}

/// How the Messaging API channel is signed in to (line.md §2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelToken {
    /// Issued in the console; does not expire.
    LongLived(String),
    /// PEM: tokens v2.1 are asked for with a JWT signed by this key.
    Key(String),
}

impl fmt::Debug for LineSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineSecret(redacted)")
    }
}

impl fmt::Debug for ChannelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelToken(redacted)")
    }
}

/// Parts a cleaned and checked form into what may be stored and what must be sealed.
#[must_use]
pub fn split(form: &LineForm) -> (LineSettings, LineSecret) {
    let keyed = |text: &String| if form.via == LineVia::Key { text.clone() } else { String::new() };
    let settings = LineSettings {
        login_channel_id: form.login_channel_id.clone(),
        via: form.via,
        messaging_channel_id: keyed(&form.messaging_channel_id),
        kid: keyed(&form.kid),
        friend_link: form.friend_link.clone(),
        bot_user_id: None,
        basic_id: None,
        display_name: None,
    };
    let secret = LineSecret {
        login_channel_secret: form.login_channel_secret.clone(),
        channel_secret: form.channel_secret.clone(),
        token: match form.via {
            LineVia::Token => ChannelToken::LongLived(form.channel_access_token.clone()),
            LineVia::Key => ChannelToken::Key(form.private_key.clone()),
        },
    };
    (settings, secret)
}

/// Where the provider is; only the development configuration points elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Before `/v2/bot`, `/oauth2` …: what the hub calls.
    pub api: String,
    /// Before `/oauth2/v2.1/authorize`: what a person's browser opens.
    pub access: String,
    /// Before `/%40…`: the account's page, for people.
    pub friend: String,
}

impl Default for Endpoints {
    /// line.md §1, §7.
    fn default() -> Self {
        Self {
            api: "https://api.line.me".into(),
            access: "https://access.line.me".into(),
            friend: "https://line.me/R/ti/p".into(),
        }
    }
}
