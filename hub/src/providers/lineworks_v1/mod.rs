//! LINE WORKS API 1.0, which the provider has retired (lineworks.md §7): the bot's life, sending, callbacks.
//! For workspaces whose old apps still answer; new ones use [`super::lineworks`].
//!
//! Where to start: [`Client`] makes every call, `outcome` says what an answer means for a delivery,
//! [`callback::parse`] reads what comes back.

mod bot;
pub mod callback;
mod check;
mod client;
mod outcome;
mod send;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::{
    error::{Code, Error},
    integration::{LineworksV1Form, V1Via},
};

pub use self::{
    client::Client,
    outcome::{About, CallError, Refusal},
};
pub use super::{
    lineworks::NewBot,
    token::{Kept, TokenCache, TokenError},
};

/// What the store keeps of an integration. Nothing here is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineworksV1Settings {
    /// Empty with a fixed token.
    #[serde(default)]
    pub server_id: String,
    pub domain_id: i64,
    /// Login ID.
    pub bot_admin: String,
    pub bot_name: String,
    /// Once the bot exists.
    #[serde(default)]
    pub bot_no: Option<i64>,
}

/// What the vault keeps of an integration.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineworksV1Secret {
    /// No secret to the provider, which writes it into every URL; to us it is, because it signs callbacks
    /// (lineworks.md §7.3).
    pub api_id: String,
    pub consumer_key: String,
    pub server: Server,
}

/// How the server is registered (lineworks.md §7.1).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Server {
    /// By its IP address, with one long-lived token.
    FixedToken(String),
    /// By its ID; the PEM of the key that its tokens are asked for with.
    PrivateKey(String),
}

impl fmt::Debug for LineworksV1Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineworksV1Secret(redacted)")
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server(redacted)")
    }
}

/// Parts a cleaned and checked form into what may be stored and what must be sealed.
pub fn split(form: &LineworksV1Form) -> Result<(LineworksV1Settings, LineworksV1Secret), Error> {
    let domain_id = form.domain_id.parse().map_err(|_| Error::field(Code::NotDigits, "domain_id"))?;
    let (server_id, server) = match form.via {
        V1Via::FixedToken => (String::new(), Server::FixedToken(form.token.clone())),
        V1Via::ServerId => (form.server_id.clone(), Server::PrivateKey(form.private_key.clone())),
    };
    let settings = LineworksV1Settings {
        server_id,
        domain_id,
        bot_admin: form.bot_admin.clone(),
        bot_name: form.bot_name.clone(),
        bot_no: None,
    };
    let secret =
        LineworksV1Secret { api_id: form.api_id.clone(), consumer_key: form.consumer_key.clone(), server };
    Ok((settings, secret))
}

/// Where the provider is; only the development configuration points elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Before `/b/{API ID}/server/token`.
    pub auth: String,
    /// Before `/r/{API ID}/message/v1`.
    pub api: String,
}

impl Default for Endpoints {
    /// lineworks.md §7.1, §7.2.
    fn default() -> Self {
        Self { auth: "https://auth.worksmobile.com".into(), api: "https://apis.worksmobile.com".into() }
    }
}
