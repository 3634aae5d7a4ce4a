//! Access tokens of the service account (google_chat.md §5.1).

use std::rc::Rc;

use serde_json::json;
use shared::{
    delivery::CauseCode,
    time::{MINUTE, Millis, SECOND},
};

use super::{client::Client, outcome::CallError};
use crate::{
    providers::{
        jwt,
        token::{self, TokenError},
    },
    vault::CachedToken,
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const SCOPE: &str = "https://www.googleapis.com/auth/chat.bot";
/// What an assertion is made out to, wherever it is posted.
const AUDIENCE: &str = "https://oauth2.googleapis.com/token";
/// How long the signed assertion is good; Google takes up to an hour.
const ASSERTION_LIFE: Millis = 30 * MINUTE;

impl Client {
    /// A token that is good for some time yet: from memory, from the key-value store, or a new one.
    pub(super) async fn token(&self) -> Result<Rc<str>, CallError> {
        if self.settings.app.is_none() {
            return Err(CallError::NoApp);
        }
        let new = async { self.request_token(&self.assertion().await?).await };
        Ok(self.tokens.get(&self.ports, self.kept.as_ref(), new).await?)
    }

    /// Asks for a new token although there may be one: the check wants to know that the key works now.
    pub(super) async fn renew(&self, assertion: &str) -> Result<(), TokenError> {
        self.tokens.renew(self.kept.as_ref(), self.request_token(assertion)).await
    }

    pub(super) async fn assertion(&self) -> Result<String, TokenError> {
        let missing = || TokenError::new(CauseCode::IntegrationMissing, "no Chat app");
        let app = self.settings.app.as_ref().ok_or_else(missing)?;
        let key = self.secret.private_key.as_deref().ok_or_else(missing)?;
        let now = self.ports.clock.now();
        let mut header = json!({"alg": "RS256", "typ": "JWT"});
        if let (false, Some(header)) = (app.private_key_id.is_empty(), header.as_object_mut()) {
            header.insert("kid".into(), app.private_key_id.as_str().into());
        }
        let claims = json!({
            "iss": app.client_email,
            "scope": SCOPE,
            "aud": AUDIENCE,
            "iat": now / SECOND,
            "exp": (now + ASSERTION_LIFE) / SECOND,
        });
        jwt::signed(&*self.ports.signer, &header, &claims, key)
            .await
            .map_err(|error| TokenError::new(CauseCode::Credentials, error.to_string()))
    }

    async fn request_token(&self, assertion: &str) -> Result<CachedToken, TokenError> {
        let form = [("grant_type", GRANT), ("assertion", assertion)];
        let url = format!("{}/token", self.endpoints.oauth);
        token::request(&self.ports, url, &form, &[assertion]).await
    }
}
