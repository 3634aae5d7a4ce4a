//! Access tokens of the service account (lineworks.md §1.2): made once, used by all, renewed early.

use std::{cell::RefCell, fmt, rc::Rc};

use futures_util::lock::Mutex;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use serde_json::Value;
use shared::{
    delivery::{Cause, CauseCode},
    time::{MINUTE, Millis, SECOND},
};

use super::{
    client::{Client, TIMEOUT_MS},
    limit,
    outcome::without,
};
use crate::{
    ports::{HttpRequest, HttpResponse, IoError},
    providers::encode,
    vault::CachedToken,
};

/// `bot` covers bots, rooms and messages, `user.read` the directory (lineworks.md §1.7, §3.1). No more is asked
/// for: one scope that the app lacks fails the whole request.
const SCOPE: &str = "bot user.read";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// A token is renewed this long before it ends, or at half of a shorter life.
const EARLY: Millis = 300 * SECOND;
/// How long the signed assertion is good.
const ASSERTION_LIFE: Millis = 30 * MINUTE;
/// A 1024-bit key is a little more than 600 bytes. Signing with a much smaller one would panic.
const SHORTEST_KEY: usize = 600;

/// The tokens of one integration. The caller keeps it while clients come and go, so that many sends, and many
/// runs, share one token request.
#[derive(Default)]
pub struct TokenCache {
    state: RefCell<State>,
    /// Held during a token request; the others wait for its result.
    turn: Mutex<()>,
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenCache(redacted)")
    }
}

#[derive(Default)]
struct State {
    /// Version of the secret that the rest belongs to.
    version: u32,
    held: Option<(Rc<str>, Millis)>,
    /// The last one that was answered with 401: the key-value store may still serve it.
    refused: Option<Rc<str>>,
    /// How many requests have ended, and how the last one failed.
    rounds: u64,
    failed: Option<TokenError>,
}

/// No token, so nothing was sent to anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no access token: {}", cause.detail)]
pub struct TokenError {
    pub cause: Cause,
    pub after_ms: Option<Millis>,
}

impl TokenError {
    fn new(code: CauseCode, detail: impl AsRef<str>) -> Self {
        Self { cause: Cause::new(code, detail), after_ms: None }
    }
}

impl TokenCache {
    /// Another version of the secret makes everything known worthless.
    fn turn_to(&self, version: u32) {
        let mut state = self.state.borrow_mut();
        if state.version != version {
            *state = State { version, rounds: state.rounds + 1, ..State::default() };
        }
    }

    fn fresh(&self, now: Millis) -> Option<Rc<str>> {
        let state = self.state.borrow();
        state.held.as_ref().filter(|(_, until)| *until > now).map(|(token, _)| Rc::clone(token))
    }

    /// How the request ended that was under way when `rounds` was read.
    fn failed_since(&self, rounds: u64) -> Option<TokenError> {
        let state = self.state.borrow();
        if state.rounds == rounds { None } else { state.failed.clone() }
    }

    fn finish(&self, version: u32, result: &Result<CachedToken, TokenError>) {
        let mut state = self.state.borrow_mut();
        state.rounds += 1;
        if state.version != version {
            return;
        }
        state.failed = result.as_ref().err().cloned();
        state.held = result.as_ref().ok().map(|token| (Rc::from(token.token.as_str()), token.fresh_until));
    }

    /// Drops `token` if it is still the one in use: of many sends refused at once, only the first renews.
    pub(super) fn refuse(&self, token: &Rc<str>) {
        let mut state = self.state.borrow_mut();
        if state.held.as_ref().is_some_and(|(held, _)| held == token) {
            state.held = None;
        }
        state.refused = Some(Rc::clone(token));
    }

    fn was_refused(&self, token: &str) -> bool {
        self.state.borrow().refused.as_deref() == Some(token)
    }
}

impl Client {
    /// A token that is good for some time yet: from memory, from the key-value store, or a new one.
    pub(super) async fn token(&self) -> Result<Rc<str>, TokenError> {
        let cache = &self.tokens;
        cache.turn_to(self.version());
        if let Some(token) = cache.fresh(self.ports.clock.now()) {
            return Ok(token);
        }
        let rounds = cache.state.borrow().rounds;
        let _turn = cache.turn.lock().await;
        if let Some(token) = cache.fresh(self.ports.clock.now()) {
            return Ok(token);
        }
        if let Some(error) = cache.failed_since(rounds) {
            return Err(error);
        }
        let result = match self.kept_token().await {
            Some(token) => Ok(token),
            None => self.new_token().await,
        };
        cache.finish(self.version(), &result);
        result.map(|token| Rc::from(token.token))
    }

    /// Asks for a new token although there may be one: the check wants to know that the key works now.
    pub(super) async fn renew(&self, assertion: &str) -> Result<(), TokenError> {
        self.tokens.turn_to(self.version());
        let _turn = self.tokens.turn.lock().await;
        let result = self.request_token(assertion).await;
        self.tokens.finish(self.version(), &result);
        result.map(|_| ())
    }

    /// The signed JWT: numeric `iat` and `exp`, in seconds.
    pub(super) fn assertion(&self) -> Result<String, TokenError> {
        let unreadable =
            || TokenError::new(CauseCode::Credentials, "the private key cannot be read as an RSA key");
        let key = EncodingKey::from_rsa_pem(self.secret.private_key.as_bytes()).map_err(|_| unreadable())?;
        if key.as_bytes().len() < SHORTEST_KEY {
            return Err(unreadable());
        }
        let now = self.ports.clock.now();
        let claims = Claims {
            iss: &self.settings.client_id,
            sub: &self.settings.service_account,
            iat: now / SECOND,
            exp: (now + ASSERTION_LIFE) / SECOND,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &key).map_err(|_| unreadable())
    }

    async fn kept_token(&self) -> Option<CachedToken> {
        let kept = self.kept.as_ref()?;
        let now = self.ports.clock.now();
        // A cache: what cannot be read is asked for again.
        let token =
            kept.vault.get_token(&*self.ports.kv, &kept.integration, kept.version, now).await.ok()??;
        Some(token).filter(|token| !self.tokens.was_refused(&token.token))
    }

    async fn new_token(&self) -> Result<CachedToken, TokenError> {
        let token = self.request_token(&self.assertion()?).await?;
        if let Some(kept) = &self.kept {
            let (ports, now) = (&self.ports, self.ports.clock.now());
            let stored = kept
                .vault
                .cache_token(&*ports.kv, &*ports.random, &kept.integration, kept.version, &token, now)
                .await;
            if let Err(error) = stored {
                ports.log.line(&format!("lineworks: token not kept for the next start: {error}"));
            }
        }
        Ok(token)
    }

    async fn request_token(&self, assertion: &str) -> Result<CachedToken, TokenError> {
        let (id, secret) = (&self.settings.client_id, &self.secret.client_secret);
        let form = [
            ("grant_type", GRANT),
            ("assertion", assertion),
            ("client_id", id),
            ("client_secret", secret),
            ("scope", SCOPE),
        ];
        let body = encode::form(&form);
        let request = HttpRequest {
            method: "POST",
            url: format!("{}/oauth2/v2.0/token", self.endpoints.auth),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: body.into_bytes(),
            timeout_ms: TIMEOUT_MS,
        };
        let response = self.ports.http.send(request).await.map_err(|error| match error {
            IoError::NotSent(detail) => TokenError::new(CauseCode::NotConnected, detail),
            IoError::NoAnswer(detail) => TokenError::new(CauseCode::NoAnswer, detail),
        })?;
        if response.status != 200 {
            return Err(refusal(&response, &[secret, assertion]));
        }
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        issued(&body, self.ports.clock.now())
            .ok_or_else(|| TokenError::new(CauseCode::ProviderError, "a token answer that cannot be read"))
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
}

/// `expires_in` is a string of seconds in practice, and a number by the standard (lineworks.md §1.2).
fn issued(body: &Value, now: Millis) -> Option<CachedToken> {
    let token = body.get("access_token")?.as_str().filter(|token| !token.is_empty())?;
    let expires_in = body.get("expires_in")?;
    let seconds = expires_in.as_i64().or_else(|| expires_in.as_str()?.trim().parse().ok())?;
    // 24 hours is the longest documented life; the bound keeps the sum in range.
    let life = seconds.clamp(0, 31 * 86_400) * SECOND;
    Some(CachedToken { token: token.to_owned(), fresh_until: now + life - EARLY.min(life / 2) })
}

/// Error answers of the token endpoint have the OAuth form (lineworks.md §1.8).
fn refusal(response: &HttpResponse, secrets: &[&str]) -> TokenError {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = |name| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let error = text("error");
    let detail = without(&format!("{} {error} {}", response.status, text("error_description")), secrets);
    let code = match (response.status, error) {
        (429, _) => CauseCode::RateLimited,
        (..=399 | 408 | 500.., _) => CauseCode::ProviderError,
        (_, "invalid_scope") => CauseCode::PermissionMissing,
        _ => CauseCode::Credentials,
    };
    let after_ms = limit::wait(&response.headers).or((response.status == 429).then_some(MINUTE));
    TokenError { cause: Cause::new(code, detail.trim()), after_ms }
}
