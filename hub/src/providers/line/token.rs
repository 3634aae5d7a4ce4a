//! Channel access tokens (line.md §2): a pasted one, or tokens v2.1 that the key asks for.

use std::rc::Rc;

use serde_json::json;
use shared::{
    delivery::CauseCode,
    time::{DAY, HOUR, MINUTE, Millis, SECOND},
};

use super::{ChannelToken, client::Client};
use crate::{
    providers::{
        jwt,
        token::{self, TokenError},
    },
    vault::CachedToken,
};

/// How long a token is asked for. At most 30 may exist and a further one is refused, so that a short life gives
/// lost ones back; the longest is 30 days.
const LIFE: Millis = DAY;
/// How long the signed assertion is good; the longest is 30 minutes.
const ASSERTION_LIFE: Millis = 10 * MINUTE;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Of the assertion, wherever the provider really is: it is a name, not an address.
const AUDIENCE: &str = "https://api.line.me/";
/// Of what the provider says when 30 tokens exist.
const TOO_MANY: &str = "maximum number of access tokens";

impl Client {
    /// The pasted token, or one that is good for some time yet: from memory, from the key-value store, or new.
    pub(super) async fn token(&self) -> Result<Rc<str>, TokenError> {
        match &self.secret.token {
            ChannelToken::LongLived(token) => Ok(Rc::from(token.as_str())),
            ChannelToken::Key(key) => self.tokens.get(&self.ports, self.kept.as_ref(), self.issue(key)).await,
        }
    }

    pub(super) const fn renewable(&self) -> bool {
        matches!(self.secret.token, ChannelToken::Key(_))
    }

    /// A token that lives for 15 minutes and does not count: to try the key with.
    pub(super) async fn stateless_by_key(&self, assertion: &str) -> Result<CachedToken, TokenError> {
        self.ask(
            "/oauth2/v3/token",
            &[("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)],
        )
        .await
    }

    /// A token of the Login channel that lives for 15 minutes.
    pub(super) async fn stateless_for_login(&self) -> Result<CachedToken, TokenError> {
        let id = &self.settings.login_channel_id;
        let secret = &self.secret.login_channel_secret;
        self.ask("/oauth2/v3/token", &[("client_id", id), ("client_secret", secret)]).await
    }

    /// The signed JWT. With `token_life` it asks for a token v2.1, without for a stateless one.
    pub(super) async fn assertion(
        &self,
        key: &str,
        token_life: Option<Millis>,
    ) -> Result<String, TokenError> {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.settings.kid});
        let id = &self.settings.messaging_channel_id;
        let exp = (self.ports.clock.now() + ASSERTION_LIFE) / SECOND;
        let mut claims = json!({"iss": id, "sub": id, "aud": AUDIENCE, "exp": exp});
        if let (Some(life), Some(claims)) = (token_life, claims.as_object_mut()) {
            claims.insert("token_exp".into(), (life / SECOND).into());
        }
        jwt::signed(&*self.ports.signer, &header, &claims, key)
            .await
            .map_err(|error| TokenError::new(CauseCode::Credentials, error.to_string()))
    }

    async fn issue(&self, key: &str) -> Result<CachedToken, TokenError> {
        let assertion = self.assertion(key, Some(LIFE)).await?;
        let form = [("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion.as_str())];
        self.ask("/oauth2/v2.1/token", &form).await.map_err(|mut error| {
            if error.cause.detail.contains(TOO_MANY) {
                // Nothing is wrong with the key: wait for one of them to end.
                error.cause.code = CauseCode::RateLimited;
                error.after_ms = Some(HOUR);
            }
            error
        })
    }

    async fn ask(&self, path: &str, credentials: &[(&str, &str); 2]) -> Result<CachedToken, TokenError> {
        let [first, second] = *credentials;
        let form = [("grant_type", "client_credentials"), first, second];
        token::request(&self.ports, format!("{}{path}", self.endpoints.api), &form, &[second.1]).await
    }
}
