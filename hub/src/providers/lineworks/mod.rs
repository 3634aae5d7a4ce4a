//! LINE WORKS (API 2.0): the bot's life, the directory, sending, callbacks. Facts: lineworks.md.
//!
//! Where to start: [`Client`] makes every call, [`TokenCache`] is what its caller keeps between runs,
//! `outcome` says what an answer means for a delivery, [`callback::parse`] reads what comes back.

mod bot;
mod calendar;
pub mod callback;
mod check;
mod client;
mod limit;
mod oidc;
mod outcome;
mod send;
#[cfg(test)]
mod tests;
mod token;
mod users;
#[cfg(test)]
mod world;

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::{
    error::{Code, Error},
    integration::LineworksForm,
};

pub use self::{
    bot::{Bot, NewBot},
    calendar::CalendarEvent,
    client::Client,
    limit::{LIMITS, Limit, Limits},
    oidc::{OidcError, OidcPerson, OidcTokens},
    outcome::{About, CallError, Refusal},
    send::Room,
    users::DirectoryUser,
};
pub use super::token::{Kept, TokenCache, TokenError};

/// What the store keeps of an integration. Nothing here is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineworksSettings {
    pub client_id: String,
    pub service_account: String,
    pub domain_id: i64,
    /// Login ID or user ID.
    pub bot_admin: String,
    /// Empty when there is none.
    #[serde(default)]
    pub bot_subadmin: String,
    pub bot_name: String,
    /// Once the bot exists.
    #[serde(default)]
    pub bot_id: Option<i64>,
}

/// What the vault keeps of an integration.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineworksSecret {
    pub client_secret: String,
    /// PEM, PKCS#8 or PKCS#1.
    pub private_key: String,
    /// Signs callbacks; known once the bot exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_secret: Option<String>,
}

impl fmt::Debug for LineworksSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineworksSecret(redacted)")
    }
}

/// Parts a cleaned and checked form into what may be stored and what must be sealed.
pub fn split(form: &LineworksForm) -> Result<(LineworksSettings, LineworksSecret), Error> {
    let domain_id = form.domain_id.parse().map_err(|_| Error::field(Code::NotDigits, "domain_id"))?;
    let settings = LineworksSettings {
        client_id: form.client_id.clone(),
        service_account: form.service_account.clone(),
        domain_id,
        bot_admin: form.bot_admin.clone(),
        bot_subadmin: form.bot_subadmin.clone(),
        bot_name: form.bot_name.clone(),
        bot_id: None,
    };
    let secret = LineworksSecret {
        client_secret: form.client_secret.clone(),
        private_key: form.private_key.clone(),
        bot_secret: None,
    };
    Ok((settings, secret))
}

/// Where the provider is; only the development configuration points elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Before `/oauth2/v2.0/token`.
    pub auth: String,
    /// Before `/bots`.
    pub api: String,
}

impl Default for Endpoints {
    /// lineworks.md §0 \[D\].
    fn default() -> Self {
        Self { auth: "https://auth.worksmobile.com".into(), api: "https://www.worksapis.com/v1.0".into() }
    }
}
