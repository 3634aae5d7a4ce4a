//! One authorised call to the Messaging API, with one renewed token where tokens can be renewed.

use std::{fmt, rc::Rc};

use serde_json::Value;

use super::{
    Endpoints, LineSecret, LineSettings,
    outcome::{About, CallError, Refusal},
};
use crate::{
    ports::{HttpRequest, HttpResponse, IoError, Ports},
    providers::token::{Kept, TokenCache},
};

/// Longer than the provider is known to take. A send may take four of them: a token and a message, each twice.
const TIMEOUT_MS: u32 = 10_000;

/// Speaks for one integration. Cheap to make: what should outlive it is in its [`TokenCache`].
pub struct Client {
    pub(super) ports: Ports,
    pub(super) endpoints: Endpoints,
    pub(super) settings: LineSettings,
    pub(super) secret: LineSecret,
    pub(super) tokens: Rc<TokenCache>,
    pub(super) kept: Option<Kept>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line::Client({:?})", self.kept.as_ref().map(|kept| &kept.integration))
    }
}

/// One request below [`Endpoints::api`].
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) about: About,
    pub(super) method: &'static str,
    /// Encoded, with its leading `/`.
    pub(super) path: &'a str,
    pub(super) body: Option<&'a Value>,
    /// Only push and multicast take one; others refuse it (line.md §3.2).
    pub(super) retry_key: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(super) const fn get(path: &'a str) -> Self {
        Self { about: About::Channel, method: "GET", path, body: None, retry_key: None }
    }
}

impl Client {
    /// `tokens` must be one integration's own. Without `kept` (a form that is not saved yet) tokens stay in
    /// memory.
    #[must_use]
    pub fn new(
        ports: &Ports,
        endpoints: Endpoints,
        settings: LineSettings,
        secret: LineSecret,
        tokens: Rc<TokenCache>,
        kept: Option<Kept>,
    ) -> Self {
        Self { ports: ports.clone(), endpoints, settings, secret, tokens, kept }
    }

    /// Makes a call with the channel's token. A 401 drops a token that was issued for the key, and the call is
    /// tried once more with a new one: it says that nothing was done. A pasted token has no other.
    pub(super) async fn call(&self, call: Call<'_>) -> Result<Value, CallError> {
        let mut token = self.token().await?;
        let mut response = self.exchange(call, &token).await?;
        if response.status == 401 && self.renewable() {
            self.tokens.refuse(&token);
            token = self.token().await?;
            response = self.exchange(call, &token).await?;
        }
        read(call, &response, &token)
    }

    /// Makes a call with a token of the caller's own.
    pub(super) async fn call_as(&self, call: Call<'_>, token: &str) -> Result<Value, CallError> {
        let response = self.exchange(call, token).await?;
        read(call, &response, token)
    }

    async fn exchange(&self, call: Call<'_>, token: &str) -> Result<HttpResponse, IoError> {
        let mut headers = vec![("authorization", format!("Bearer {token}"))];
        if call.body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        if let Some(key) = call.retry_key {
            headers.push(("x-line-retry-key", key.to_owned()));
        }
        let request = HttpRequest {
            method: call.method,
            url: format!("{}{}", self.endpoints.api, call.path),
            headers,
            body: call.body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            timeout_ms: TIMEOUT_MS,
        };
        self.ports.http.send(request).await
    }

    /// `POST`s a form that carries its own credentials.
    pub(super) async fn post_form(
        &self,
        path: &str,
        form: &[(&str, &str)],
        secrets: &[&str],
    ) -> Result<Value, CallError> {
        let request = HttpRequest {
            method: "POST",
            url: format!("{}{path}", self.endpoints.api),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: crate::providers::encode::form(form).into_bytes(),
            timeout_ms: TIMEOUT_MS,
        };
        let response = self.ports.http.send(request).await?;
        if (200..300).contains(&response.status) {
            Ok(serde_json::from_slice(&response.body).unwrap_or_default())
        } else {
            Err(CallError::Refused(Refusal::read(About::Login, &response, secrets)))
        }
    }
}

/// A retry key that was taken before is as good as a success (line.md §3.2): for a push its body is that of
/// the first answer.
fn read(call: Call<'_>, response: &HttpResponse, token: &str) -> Result<Value, CallError> {
    let taken_before = response.status == 409 && call.retry_key.is_some();
    if taken_before || (200..300).contains(&response.status) {
        Ok(serde_json::from_slice(&response.body).unwrap_or_default())
    } else {
        Err(CallError::Refused(Refusal::read(call.about, response, &[token])))
    }
}
