//! Google Chat: webhook URLs that members and spaces give us, and the Chat app with a service account.
//! Facts: google_chat.md.
//!
//! Where to start: [`webhook::send`] posts to a URL, [`Client`] speaks as the app, `outcome` says what an
//! answer means for a delivery, [`Keys::verify`] believes a callback or not, [`callback::parse`] reads it.

mod bearer;
pub mod callback;
mod certificate;
mod check;
mod client;
mod keys;
mod outcome;
#[cfg(test)]
mod tests;
mod token;
pub mod webhook;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{
    error::{Code, Error},
    integration::{ChatAudience, GoogleChatForm},
    time::{Millis, SECOND},
};

pub use self::{
    bearer::{Audience, BearerError},
    client::{Client, Space},
    keys::Keys,
    outcome::{About, CallError, Refusal},
};
pub use super::token::{Kept, TokenCache, TokenError};

/// One write a second in a space, all webhooks and apps in it together (google_chat.md §1.6). The space of a
/// webhook is [`webhook::space`]; of the app, the room's name or [`Client::find_dm`].
pub const WRITE_EVERY: Millis = SECOND;

/// What the store keeps of an integration. Nothing here is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoogleChatSettings {
    /// Members may give webhook URLs.
    pub webhooks: bool,
    /// The Chat app, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<App>,
}

/// The Chat app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    pub client_email: String,
    /// Names the service account's key; may be empty.
    #[serde(default)]
    pub private_key_id: String,
    pub audience: ChatAudience,
    /// Empty unless `audience` is the project number.
    #[serde(default)]
    pub project_number: String,
}

impl App {
    /// Whom the token of a callback must be made out to; `endpoint` is the integration's callback URL exactly
    /// as it was given to the admin.
    #[must_use]
    pub fn audience<'a>(&'a self, endpoint: &'a str) -> Audience<'a> {
        match self.audience {
            ChatAudience::ProjectNumber => Audience::ProjectNumber(&self.project_number),
            ChatAudience::EndpointUrl => Audience::EndpointUrl(endpoint),
        }
    }
}

/// What the vault keeps of an integration. The members' webhook URLs are secrets of their own.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoogleChatSecret {
    /// The service account's, PEM; `None` without an app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,
}

impl fmt::Debug for GoogleChatSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GoogleChatSecret(redacted)")
    }
}

/// Parts a cleaned and checked form into what may be stored and what must be sealed.
pub fn split(form: &GoogleChatForm) -> Result<(GoogleChatSettings, GoogleChatSecret), Error> {
    if form.service_account.is_empty() {
        return Ok((GoogleChatSettings { webhooks: form.webhooks, app: None }, GoogleChatSecret::default()));
    }
    let account =
        form.account().ok_or_else(|| Error::field(Code::NotAServiceAccountFile, "service_account"))?;
    let project_number = match form.audience {
        ChatAudience::ProjectNumber => form.project_number.clone(),
        ChatAudience::EndpointUrl => String::new(),
    };
    let app = App {
        client_email: account.client_email,
        private_key_id: account.private_key_id,
        audience: form.audience,
        project_number,
    };
    let settings = GoogleChatSettings { webhooks: form.webhooks, app: Some(app) };
    Ok((settings, GoogleChatSecret { private_key: Some(account.private_key) }))
}

/// Where the provider is; only the development configuration points elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Before `/v1/spaces`. A webhook's URL is kept as the real one and moved here when it is sent to.
    pub chat: String,
    /// Before `/token`.
    pub oauth: String,
    /// Before `/oauth2/v3/certs` and `/service_accounts/v1/…`: the keys that callbacks are signed with.
    pub keys: String,
}

impl Default for Endpoints {
    /// google_chat.md §1.1, §5.1, §5.3.
    fn default() -> Self {
        Self {
            chat: webhook::HOST.into(),
            oauth: "https://oauth2.googleapis.com".into(),
            keys: "https://www.googleapis.com".into(),
        }
    }
}

/// Longer than the provider is known to take, shorter than a lease.
const TIMEOUT_MS: u32 = 10_000;
/// Some clients were refused without the charset (google_chat.md §1.2, observed).
const JSON: &str = "application/json; charset=UTF-8";
/// Answers in the thread if there is one, else begins it (google_chat.md §1.3). The other option fails where
/// its two descriptions disagree.
const REPLY: &str = "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";
/// Characters of a thread's key (google_chat.md §1.2).
const THREAD_KEY_LIMIT: usize = 4_000;

/// `message` with its thread: `spaces/S/threads/T` is a thread's name, anything else a key of ours.
fn in_thread(message: &Value, thread: Option<&str>) -> Value {
    let mut message = message.clone();
    if let (Some(fields), Some(thread)) = (message.as_object_mut(), thread) {
        let is_name = thread.starts_with("spaces/") && thread.contains("/threads/");
        let thread = if is_name {
            json!({"name": thread})
        } else {
            json!({"threadKey": thread.chars().take(THREAD_KEY_LIMIT).collect::<String>()})
        };
        fields.insert("thread".into(), thread);
    }
    message
}
