//! The Chat app: what its page in the Cloud console holds (google_chat.md §5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::Keys;

/// What the token on an event is made out to (google_chat.md §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// An id_token of accounts.google.com for the endpoint's URL.
    EndpointUrl,
    /// A token signed by `chat@system.gserviceaccount.com` for the project's number.
    ProjectNumber,
}

/// The Chat app of the demo world.
#[derive(Debug, Clone)]
pub struct ChatApp {
    pub display_name: String,
    /// `users/{number}` of the app itself.
    pub user: String,
    pub project_id: String,
    pub project_number: String,
    /// The service account.
    pub client_email: String,
    pub private_key_id: String,
    /// Where events are posted; none while empty.
    pub endpoint: String,
    pub audience: Audience,
    pub(super) public_pem: String,
    pub(super) tokens: BTreeMap<String, Token>,
}

/// An access token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) scopes: Vec<String>,
    pub(super) expires_ms: i64,
}

impl ChatApp {
    pub(super) fn demo(keys: &Keys) -> Self {
        Self {
            display_name: "Todoke".into(),
            user: "users/108400000000000099999".into(),
            project_id: "minato-todoke".into(),
            project_number: "407408718192".into(),
            client_email: "todoke-chat@minato-todoke.iam.gserviceaccount.com".into(),
            private_key_id: "5f1c0b52e8f4a6b9a315f2f60a1000111122233".into(),
            endpoint: String::new(),
            audience: Audience::EndpointUrl,
            public_pem: keys.public_pem().to_owned(),
            tokens: BTreeMap::new(),
        }
    }

    /// The console issues a new key: from now on only this one signs.
    pub fn replace_key(&mut self, keys: &Keys) {
        keys.public_pem().clone_into(&mut self.public_pem);
    }

    /// Ends every token.
    pub fn end_tokens(&mut self) {
        self.tokens.clear();
    }

    /// The JSON file that the console gives out for the service account.
    #[must_use]
    pub fn service_account_file(&self, keys: &Keys) -> Value {
        json!({
            "type": "service_account",
            "project_id": self.project_id,
            "private_key_id": self.private_key_id,
            "private_key": keys.private_pem(),
            "client_email": self.client_email,
            "client_id": "108400000000000088888",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": super::oauth::TOKEN_URI,
            "universe_domain": "googleapis.com",
        })
    }

    /// The scopes of a valid access token.
    pub(super) fn scopes_of(&self, token: &str, now_ms: i64) -> Option<Vec<String>> {
        let token = self.tokens.get(token).filter(|token| now_ms < token.expires_ms)?;
        Some(token.scopes.clone())
    }
}
