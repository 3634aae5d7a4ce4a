//! Installing the app by OAuth v2 (slack.md §8).

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    SlackSecret, SlackSettings,
    client::{Client, listed},
    outcome::CallError,
};
use crate::providers::{answer::text, encode::form};

/// What the app asks for: to post, to find people by mail address, to hear them in direct conversations and
/// when they mention it, and to know the rooms it is in.
pub const SCOPES: [&str; 8] = [
    "chat:write",
    "im:write",
    "im:history",
    "app_mentions:read",
    "channels:read",
    "groups:read",
    "users:read",
    "users:read.email",
];

/// What an installation brings.
#[derive(Clone, PartialEq, Eq)]
pub struct Installed {
    pub bot_token: String,
    pub scopes: Vec<String>,
    pub app_id: String,
    pub bot_user_id: String,
    /// The team, or the organisation where the app was installed for all of it.
    pub team_id: String,
    pub team_name: String,
}

impl fmt::Debug for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Installed({}, redacted)", self.team_id)
    }
}

impl Installed {
    /// Keeps what may be stored in `settings` and the token in `secret`.
    pub fn keep(self, settings: &mut SlackSettings, secret: &mut SlackSecret) {
        settings.team_id = self.team_id;
        settings.team_name = self.team_name;
        settings.bot_user_id = self.bot_user_id;
        settings.app_id = self.app_id;
        secret.bot_token = self.bot_token;
    }
}

impl Client {
    /// The page to send the admin's browser to. It comes back to `redirect_uri` with `code` (ten minutes)
    /// and `state`, or with `error` and `state`.
    #[must_use]
    pub fn authorize_url(&self, redirect_uri: &str, state: &str) -> String {
        let scopes = SCOPES.join(",");
        let mut pairs = vec![
            ("client_id", self.settings.client_id.as_str()),
            ("scope", &scopes),
            ("state", state),
            ("redirect_uri", redirect_uri),
        ];
        // Installed before: only the same workspace makes sense.
        if self.settings.team_id.starts_with('T') {
            pairs.push(("team", &self.settings.team_id));
        }
        format!("{}?{}", self.endpoints.authorize, form(&pairs))
    }

    /// Trades the `code` for a bot token; `redirect_uri` must be the one of [`Self::authorize_url`].
    pub async fn exchange_code(&self, code: &str, redirect_uri: &str) -> Result<Installed, CallError> {
        let basic = format!("{}:{}", self.settings.client_id, self.secret.client_secret);
        let pairs = [("code", code), ("redirect_uri", redirect_uri)];
        let body = self.call_as_app("oauth.v2.access", &BASE64_STANDARD.encode(basic), &pairs).await?.body;
        // Then the token lives for twelve hours.
        if body.get("expires_in").is_some_and(|life| !life.is_null())
            || text(&body, "refresh_token").is_some()
        {
            return Err(CallError::Rotating);
        }
        let bot_token = text(&body, "access_token").ok_or(CallError::Unreadable("access_token"))?;
        if text(&body, "token_type").is_some_and(|kind| kind != "bot") {
            return Err(CallError::Unreadable("token_type"));
        }
        // `team` is null when the app was installed for a whole organisation.
        let place = ["team", "enterprise"].into_iter().find_map(|name| {
            let place = body.get(name)?;
            Some((text(place, "id")?, text(place, "name").unwrap_or_default()))
        });
        let (team_id, team_name) = place.ok_or(CallError::Unreadable("team"))?;
        Ok(Installed {
            bot_token,
            scopes: listed(&text(&body, "scope").unwrap_or_default()),
            app_id: text(&body, "app_id").unwrap_or_default(),
            bot_user_id: text(&body, "bot_user_id").ok_or(CallError::Unreadable("bot_user_id"))?,
            team_id,
            team_name,
        })
    }
}
