//! One authorised call, with one renewed token when the provider wants it (lineworks.md §7.1).

use std::{fmt, rc::Rc};

use serde_json::{Value, json};
use shared::{
    delivery::CauseCode,
    time::{MINUTE, Millis, SECOND},
};

use super::{
    Endpoints, LineworksV1Secret, LineworksV1Settings, Server,
    outcome::{About, CallError, Refusal},
};
use crate::{
    ports::{HttpRequest, HttpResponse, IoError, Ports},
    providers::{
        encode::percent,
        jwt,
        token::{self, Kept, TokenCache, TokenError},
    },
    vault::CachedToken,
};

/// Longer than the provider is known to take, shorter than a lease.
const TIMEOUT_MS: u32 = 10_000;
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long the signed assertion is good.
const ASSERTION_LIFE: Millis = 30 * MINUTE;

/// Speaks for one integration. Cheap to make: what should outlive it is in its [`TokenCache`].
pub struct Client {
    ports: Ports,
    endpoints: Endpoints,
    pub(super) settings: LineworksV1Settings,
    secret: LineworksV1Secret,
    tokens: Rc<TokenCache>,
    kept: Option<Kept>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lineworks_v1::Client({:?})", self.kept.as_ref().map(|kept| &kept.integration))
    }
}

impl Client {
    /// `tokens` must be one integration's own. Without `kept` (a form that is not saved yet) tokens stay in
    /// memory.
    #[must_use]
    pub fn new(
        ports: &Ports,
        endpoints: Endpoints,
        settings: LineworksV1Settings,
        secret: LineworksV1Secret,
        tokens: Rc<TokenCache>,
        kept: Option<Kept>,
    ) -> Self {
        Self { ports: ports.clone(), endpoints, settings, secret, tokens, kept }
    }

    /// Calls `path` (encoded, with its leading `/`) below the bot's; the body of a success, `Null` when it is
    /// not JSON. A 401 is tried once more with a new token: it says that nothing was done. A fixed token has
    /// no successor.
    pub(super) async fn call(
        &self,
        about: About,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, CallError> {
        let mut token = self.token().await?;
        let mut response = self.exchange(method, path, body, &token).await?;
        if response.status == 401 && matches!(self.secret.server, Server::PrivateKey(_)) {
            self.tokens.refuse(&token);
            token = self.token().await?;
            response = self.exchange(method, path, body, &token).await?;
        }
        if (200..300).contains(&response.status) {
            return Ok(serde_json::from_slice(&response.body).unwrap_or_default());
        }
        let secrets = [&*token, &self.secret.consumer_key, &self.secret.api_id];
        Err(CallError::Refused(Refusal::read(about, &response, &secrets)))
    }

    /// The signed JWT: only who asks, when and for how long. `None` with a fixed token.
    pub(super) async fn assertion(&self) -> Result<Option<String>, TokenError> {
        let Server::PrivateKey(key) = &self.secret.server else { return Ok(None) };
        let now = self.ports.clock.now();
        let claims = json!({
            "iss": self.settings.server_id,
            "iat": now / SECOND,
            "exp": (now + ASSERTION_LIFE) / SECOND,
        });
        let header = json!({"alg": "RS256", "typ": "JWT"});
        jwt::signed(&*self.ports.signer, &header, &claims, key)
            .await
            .map(Some)
            .map_err(|error| TokenError::new(CauseCode::Credentials, error.to_string()))
    }

    /// Asks for a new token although there may be one: the check wants to know that the key works now.
    pub(super) async fn renew(&self, assertion: &str) -> Result<(), TokenError> {
        self.tokens.renew(self.kept.as_ref(), self.request_token(assertion)).await
    }

    async fn token(&self) -> Result<Rc<str>, TokenError> {
        if let Server::FixedToken(token) = &self.secret.server {
            return Ok(Rc::from(token.as_str()));
        }
        let new = async {
            let assertion = self.assertion().await?.unwrap_or_default();
            self.request_token(&assertion).await
        };
        self.tokens.get(&self.ports, self.kept.as_ref(), new).await
    }

    async fn request_token(&self, assertion: &str) -> Result<CachedToken, TokenError> {
        let form = [("grant_type", GRANT), ("assertion", assertion)];
        let url = format!("{}/b/{}/server/token", self.endpoints.auth, percent(&self.secret.api_id));
        let secrets = [assertion, self.secret.api_id.as_str()];
        token::request(&self.ports, url, &form, &secrets).await
    }

    async fn exchange(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
        token: &str,
    ) -> Result<HttpResponse, IoError> {
        let headers = vec![
            ("consumerKey", self.secret.consumer_key.clone()),
            ("authorization", format!("Bearer {token}")),
            ("content-type", "application/json; charset=UTF-8".to_owned()),
        ];
        let request = HttpRequest {
            method,
            url: format!("{}/r/{}/message/v1{path}", self.endpoints.api, percent(&self.secret.api_id)),
            headers,
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            timeout_ms: TIMEOUT_MS,
        };
        self.ports.http.send(request).await
    }
}
