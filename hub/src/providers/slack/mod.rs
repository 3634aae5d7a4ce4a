//! Slack: Web API, Events API, interactivity, OAuth v2. Facts: slack.md.
//!
//! Where to start: [`Client`] makes every call, `outcome` says what an answer means for a delivery,
//! [`callback`] reads what comes back once [`shared::signature::slack`] found it to be Slack's.

pub mod callback;
mod check;
mod client;
mod directory;
mod oauth;
mod outcome;
mod send;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::integration::{SlackForm, SlackVia};

pub use self::{
    client::{Client, Identity},
    directory::{Conversation, User},
    oauth::{Installed, SCOPES},
    outcome::{About, CallError, Refusal},
    send::{LIMITS, Limits, read_reference},
};

/// What the store keeps of an integration. Nothing here is secret.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SlackSettings {
    pub via: SlackVia,
    /// Empty when the token was pasted.
    pub client_id: String,
    /// `T…`; empty until the token was tried or the app installed, like everything below it. Of an
    /// installation for a whole organisation it is the organisation's `E…`.
    pub team_id: String,
    pub team_name: String,
    /// `U…`: whom people mention.
    pub bot_user_id: String,
    /// `A…`; may stay empty with a pasted token.
    pub app_id: String,
}

impl SlackSettings {
    /// Keeps what `auth.test` told.
    pub fn learn(&mut self, identity: &Identity) {
        self.team_id.clone_from(&identity.team_id);
        self.team_name.clone_from(&identity.team_name);
        self.bot_user_id.clone_from(&identity.user_id);
        if let Some(app_id) = &identity.app_id {
            self.app_id.clone_from(app_id);
        }
    }
}

/// What the vault keeps of an integration.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SlackSecret {
    pub signing_secret: String,
    /// Empty until the app is installed.
    pub bot_token: String,
    /// Empty when the token was pasted.
    pub client_secret: String,
}

impl fmt::Debug for SlackSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SlackSecret(redacted)")
    }
}

/// Parts a cleaned and checked form into what may be stored and what must be sealed. Fields of the way that
/// was not chosen are dropped.
#[must_use]
pub fn split(form: &SlackForm) -> (SlackSettings, SlackSecret) {
    let mut settings = SlackSettings { via: form.via, ..SlackSettings::default() };
    let mut secret = SlackSecret { signing_secret: form.signing_secret.clone(), ..SlackSecret::default() };
    match form.via {
        SlackVia::Token => secret.bot_token.clone_from(&form.bot_token),
        SlackVia::Install => {
            settings.client_id.clone_from(&form.client_id);
            secret.client_secret.clone_from(&form.client_secret);
        }
    }
    (settings, secret)
}

/// Where the provider is; only the development configuration points elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Before `/chat.postMessage`.
    pub api: String,
    /// The page on which an admin allows the installation.
    pub authorize: String,
}

impl Default for Endpoints {
    /// slack.md §1, §8.
    fn default() -> Self {
        Self { api: "https://slack.com/api".into(), authorize: "https://slack.com/oauth/v2/authorize".into() }
    }
}
