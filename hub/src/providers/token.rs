//! Access tokens of every provider: made once, used by all, renewed early. How a new one is asked for is the
//! provider's own; [`request`] is what their token endpoints have in common (RFC 6749 §4.4, §5).

use std::{cell::RefCell, fmt, rc::Rc};

use futures_util::lock::Mutex;
use serde_json::Value;
use shared::{
    delivery::{Cause, CauseCode},
    id::IntegrationId,
    time::{MINUTE, Millis, SECOND},
};

use super::{
    answer::{self, without},
    encode,
};
use crate::{
    ports::{HttpRequest, HttpResponse, IoError, Ports},
    vault::{CachedToken, TokenName, Vault},
};

/// A token is renewed this long before it ends, or at half of a shorter life.
const EARLY: Millis = 300 * SECOND;
const TIMEOUT_MS: u32 = 10_000;

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

/// Where tokens wait for the next start of the object.
#[derive(Debug, Clone)]
pub struct Kept {
    pub vault: Vault,
    pub integration: IntegrationId,
    /// Version of the secret.
    pub version: u32,
    /// Empty, or what the tokens are for where an integration has several.
    pub purpose: &'static str,
}

impl Kept {
    const fn name(&self) -> TokenName<'_> {
        TokenName { integration: &self.integration, version: self.version, purpose: self.purpose }
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
    pub(super) fn new(code: CauseCode, detail: impl AsRef<str>) -> Self {
        Self { cause: Cause::new(code, detail), after_ms: None }
    }
}

impl From<IoError> for TokenError {
    fn from(error: IoError) -> Self {
        match error {
            IoError::NotSent(detail) => Self::new(CauseCode::NotConnected, detail),
            IoError::NoAnswer(detail) => Self::new(CauseCode::NoAnswer, detail),
        }
    }
}

impl TokenCache {
    /// A token that is good for some time yet: from memory, from the key-value store, or from `new`, which is
    /// only started when it is needed. Without `kept` (a form that is not saved yet) tokens stay in memory.
    pub(super) async fn get(
        &self,
        ports: &Ports,
        kept: Option<&Kept>,
        new: impl Future<Output = Result<CachedToken, TokenError>>,
    ) -> Result<Rc<str>, TokenError> {
        let version = version(kept);
        self.turn_to(version);
        if let Some(token) = self.fresh(ports.clock.now()) {
            return Ok(token);
        }
        let rounds = self.state.borrow().rounds;
        let _turn = self.turn.lock().await;
        if let Some(token) = self.fresh(ports.clock.now()) {
            return Ok(token);
        }
        if let Some(error) = self.failed_since(rounds) {
            return Err(error);
        }
        let result = match self.kept_token(ports, kept).await {
            Some(token) => Ok(token),
            None => {
                let result = new.await;
                if let (Ok(token), Some(kept)) = (&result, kept) {
                    keep(ports, kept, token).await;
                }
                result
            }
        };
        self.finish(version, &result);
        result.map(|token| Rc::from(token.token))
    }

    /// Asks for a new token although there may be one: a check wants to know that the key works now.
    pub(super) async fn renew(
        &self,
        kept: Option<&Kept>,
        new: impl Future<Output = Result<CachedToken, TokenError>>,
    ) -> Result<(), TokenError> {
        let version = version(kept);
        self.turn_to(version);
        let _turn = self.turn.lock().await;
        let result = new.await;
        self.finish(version, &result);
        result.map(|_| ())
    }

    /// Drops `token` if it is still the one in use: of many sends refused at once, only the first renews.
    pub(super) fn refuse(&self, token: &Rc<str>) {
        let mut state = self.state.borrow_mut();
        if state.held.as_ref().is_some_and(|(held, _)| held == token) {
            state.held = None;
        }
        state.refused = Some(Rc::clone(token));
    }

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

    async fn kept_token(&self, ports: &Ports, kept: Option<&Kept>) -> Option<CachedToken> {
        let kept = kept?;
        let now = ports.clock.now();
        // A cache: what cannot be read is asked for again.
        let token = kept.vault.get_token(&*ports.kv, kept.name(), now).await.ok()??;
        let refused = self.state.borrow().refused.as_deref() == Some(token.token.as_str());
        Some(token).filter(|_| !refused)
    }
}

/// `POST`s `form` to a token endpoint and reads its answer. `secrets` are taken out of what the provider says.
pub(super) async fn request(
    ports: &Ports,
    url: String,
    form: &[(&str, &str)],
    secrets: &[&str],
) -> Result<CachedToken, TokenError> {
    let body = answered(ports, url, form, secrets).await?;
    issued(&body, ports.clock.now())
        .ok_or_else(|| TokenError::new(CauseCode::ProviderError, "a token answer that cannot be read"))
}

/// The same, for answers with more in them than a token: the body of a success, `Null` when it is not JSON.
pub(super) async fn answered(
    ports: &Ports,
    url: String,
    form: &[(&str, &str)],
    secrets: &[&str],
) -> Result<Value, TokenError> {
    let request = HttpRequest {
        method: "POST",
        url,
        headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
        body: encode::form(form).into_bytes(),
        timeout_ms: TIMEOUT_MS,
    };
    let response = ports.http.send(request).await?;
    if response.status != 200 {
        return Err(refusal(&response, secrets));
    }
    Ok(serde_json::from_slice(&response.body).unwrap_or_default())
}

fn version(kept: Option<&Kept>) -> u32 {
    kept.map_or(0, |kept| kept.version)
}

async fn keep(ports: &Ports, kept: &Kept, token: &CachedToken) {
    let now = ports.clock.now();
    let stored = kept.vault.cache_token(&*ports.kv, &*ports.random, kept.name(), token, now).await;
    if let Err(error) = stored {
        ports.log.line(&format!("{}: token not kept for the next start: {error}", kept.integration));
    }
}

/// `expires_in` is a number by the standard, and a string of seconds from LINE WORKS (lineworks.md §1.2).
fn issued(body: &Value, now: Millis) -> Option<CachedToken> {
    let token = body.get("access_token")?.as_str().filter(|token| !token.is_empty())?;
    let expires_in = body.get("expires_in")?;
    let seconds = expires_in.as_i64().or_else(|| expires_in.as_str()?.trim().parse().ok())?;
    // 30 days is the longest documented life (LINE); the bound keeps the sum in range.
    let life = seconds.clamp(0, 31 * 86_400) * SECOND;
    Some(CachedToken { token: token.to_owned(), fresh_until: now + life - EARLY.min(life / 2) })
}

/// Error answers have the OAuth form; LINE has a `message` instead for some (line.md §2).
fn refusal(response: &HttpResponse, secrets: &[&str]) -> TokenError {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = |name| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let error = text("error");
    let words: Vec<_> = [error, text("error_description"), text("message")]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect();
    let detail = without(&format!("{} {}", response.status, words.join(" ")), secrets);
    let code = match (response.status, error) {
        (429, _) => CauseCode::RateLimited,
        (..=399 | 408 | 500.., _) => CauseCode::ProviderError,
        (_, "invalid_scope") => CauseCode::PermissionMissing,
        _ => CauseCode::Credentials,
    };
    let after_ms = answer::wait(&response.headers, &["retry-after", "ratelimit-reset"])
        .or((response.status == 429).then_some(MINUTE));
    TokenError { cause: Cause::new(code, detail.trim()), after_ms }
}
