//! Access tokens of the service account (lineworks.md §1.2).

use std::rc::Rc;

use serde_json::json;
use shared::{
    delivery::CauseCode,
    time::{MINUTE, Millis, SECOND},
};

use super::client::Client;
use crate::{
    providers::{
        jwt,
        token::{self, TokenError},
    },
    vault::CachedToken,
};

/// `bot` covers bots, rooms and messages, `user.read` the directory (lineworks.md §1.7, §3.1). No more is asked
/// for: one scope that the app lacks fails the whole request.
pub(super) const SCOPE: &str = "bot user.read";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long the signed assertion is good.
const ASSERTION_LIFE: Millis = 30 * MINUTE;

impl Client {
    /// A token that is good for some time yet: from memory, from the key-value store, or a new one.
    pub(super) async fn token(&self) -> Result<Rc<str>, TokenError> {
        let new = async { self.request_token(&self.assertion().await?).await };
        self.tokens.get(&self.ports, self.kept.as_ref(), new).await
    }

    /// Asks for a new token although there may be one: the check wants to know that the key works now.
    pub(super) async fn renew(&self, assertion: &str) -> Result<(), TokenError> {
        self.tokens.renew(self.kept.as_ref(), self.request_token(assertion)).await
    }

    /// The signed JWT: numeric `iat` and `exp`, in seconds.
    pub(super) async fn assertion(&self) -> Result<String, TokenError> {
        let now = self.ports.clock.now();
        let claims = json!({
            "iss": self.settings.client_id,
            "sub": self.settings.service_account,
            "iat": now / SECOND,
            "exp": (now + ASSERTION_LIFE) / SECOND,
        });
        let header = json!({"alg": "RS256", "typ": "JWT"});
        jwt::signed(&*self.ports.signer, &header, &claims, &self.secret.private_key)
            .await
            .map_err(|error| TokenError::new(CauseCode::Credentials, error.to_string()))
    }

    async fn request_token(&self, assertion: &str) -> Result<CachedToken, TokenError> {
        let secret = self.secret.client_secret.as_str();
        let form = [
            ("grant_type", GRANT),
            ("assertion", assertion),
            ("client_id", &self.settings.client_id),
            ("client_secret", secret),
            ("scope", self.scope),
        ];
        let url = format!("{}/oauth2/v2.0/token", self.endpoints.auth);
        token::request(&self.ports, url, &form, &[secret, assertion]).await
    }
}
