//! One authorised call, with one renewed token when the provider wants it.

use std::{fmt, rc::Rc};

use serde_json::Value;

use super::{
    Endpoints, LineworksSecret, LineworksSettings, calendar,
    limit::Limit,
    outcome::{About, CallError, Refusal},
    token,
};
use crate::{
    ports::{HttpRequest, HttpResponse, IoError, Ports},
    providers::token::{Kept, TokenCache},
    vault,
};

/// Longer than the provider is known to take, shorter than a lease.
pub(super) const TIMEOUT_MS: u32 = 10_000;

/// Speaks for one integration. Cheap to make: what should outlive it is in its [`TokenCache`].
pub struct Client {
    pub(super) ports: Ports,
    pub(super) endpoints: Endpoints,
    pub(super) settings: LineworksSettings,
    pub(super) secret: LineworksSecret,
    pub(super) tokens: Rc<TokenCache>,
    pub(super) kept: Option<Kept>,
    /// What its tokens may do.
    pub(super) scope: &'static str,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lineworks::Client({:?})", self.kept.as_ref().map(|kept| &kept.integration))
    }
}

/// A success.
#[derive(Debug)]
pub(super) struct Answer {
    /// `Null` when the body is empty or not JSON.
    pub(super) body: Value,
    pub(super) limit: Option<Limit>,
}

impl Client {
    /// `tokens` must be one integration's own. Without `kept` (a form that is not saved yet) tokens stay in
    /// memory.
    #[must_use]
    pub fn new(
        ports: &Ports,
        endpoints: Endpoints,
        settings: LineworksSettings,
        secret: LineworksSecret,
        tokens: Rc<TokenCache>,
        kept: Option<Kept>,
    ) -> Self {
        Self { ports: ports.clone(), endpoints, settings, secret, tokens, kept, scope: token::SCOPE }
    }

    /// The same integration with tokens that write calendars and do nothing else, kept apart from the others.
    #[must_use]
    pub fn for_calendars(&self) -> Self {
        Self {
            ports: self.ports.clone(),
            endpoints: self.endpoints.clone(),
            settings: self.settings.clone(),
            secret: self.secret.clone(),
            tokens: Rc::default(),
            kept: self.kept.clone().map(|kept| Kept { purpose: vault::CALENDAR, ..kept }),
            scope: calendar::SCOPE,
        }
    }

    /// Calls `path` (encoded, with its leading `/`). A 401 drops the token and is tried once more with a new
    /// one: it says that nothing was done.
    pub(super) async fn call(
        &self,
        about: About,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, CallError> {
        let mut token = self.token().await?;
        let mut response = self.exchange(method, path, body, &token).await?;
        if response.status == 401 {
            self.tokens.refuse(&token);
            token = self.token().await?;
            response = self.exchange(method, path, body, &token).await?;
        }
        if !(200..300).contains(&response.status) {
            return Err(CallError::Refused(Refusal::read(about, &response, &token)));
        }
        Ok(Answer {
            body: serde_json::from_slice(&response.body).unwrap_or_default(),
            limit: Limit::read(&response.headers),
        })
    }

    async fn exchange(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
        token: &str,
    ) -> Result<HttpResponse, IoError> {
        let mut headers = vec![("authorization", format!("Bearer {token}"))];
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let request = HttpRequest {
            method,
            url: format!("{}{path}", self.endpoints.api),
            headers,
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            timeout_ms: TIMEOUT_MS,
        };
        self.ports.http.send(request).await
    }
}

/// Text or number, as text: ids are spelt both ways (lineworks.md §0).
pub(super) fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Text or number, as number.
pub(super) fn id_number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
