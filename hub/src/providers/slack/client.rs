//! One authorised call of a Web API method (slack.md §1).

use std::fmt;

use serde_json::Value;

use super::{
    Endpoints, SlackSecret, SlackSettings,
    outcome::{About, CallError, Refusal},
};
use crate::{
    ports::{HttpRequest, HttpResponse, IoError, Ports},
    providers::{
        answer::{header, text},
        encode::form,
    },
};

/// Longer than the provider is known to take, shorter than a lease.
const TIMEOUT_MS: u32 = 10_000;

/// Speaks for one integration. Cheap to make: it keeps nothing between calls.
pub struct Client {
    ports: Ports,
    pub(super) endpoints: Endpoints,
    pub(super) settings: SlackSettings,
    pub(super) secret: SlackSecret,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "slack::Client({})", self.settings.team_id)
    }
}

/// Whose token it is (`auth.test`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub team_id: String,
    pub team_name: String,
    /// The bot's own user id, `U…`.
    pub user_id: String,
    pub user_name: String,
    /// `B…`; absent for a person's token.
    pub bot_id: Option<String>,
    /// `A…`; not always told.
    pub app_id: Option<String>,
    /// What the token may do; `None` when the header is missing.
    pub scopes: Option<Vec<String>>,
}

/// A success.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Value,
    /// The header `x-oauth-scopes`.
    pub(super) scopes: Option<String>,
}

/// How a method takes its arguments: what reads takes a query, what writes takes JSON (slack.md §1).
pub(super) enum Args<'a> {
    Query(&'a [(&'a str, &'a str)]),
    Json(&'a Value),
}

impl Client {
    /// Without a `bot_token` in `secret` only [`Self::authorize_url`] and [`Self::exchange_code`] work.
    #[must_use]
    pub fn new(ports: &Ports, endpoints: Endpoints, settings: SlackSettings, secret: SlackSecret) -> Self {
        Self { ports: ports.clone(), endpoints, settings, secret }
    }

    /// Tries the token.
    pub async fn auth_test(&self) -> Result<Identity, CallError> {
        let Answer { body, scopes } =
            self.call(About::App, "auth.test", Args::Json(&Value::Object(serde_json::Map::new()))).await?;
        Ok(Identity {
            team_id: text(&body, "team_id").ok_or(CallError::Unreadable("team_id"))?,
            team_name: text(&body, "team").unwrap_or_default(),
            user_id: text(&body, "user_id").ok_or(CallError::Unreadable("user_id"))?,
            user_name: text(&body, "user").unwrap_or_default(),
            bot_id: text(&body, "bot_id"),
            app_id: text(&body, "app_id"),
            scopes: scopes.map(|scopes| listed(&scopes)),
        })
    }

    /// Calls `method` with the bot token.
    pub(super) async fn call(&self, about: About, method: &str, args: Args<'_>) -> Result<Answer, CallError> {
        let token = &self.secret.bot_token;
        if token.is_empty() {
            return Err(CallError::NotInstalled);
        }
        let mut headers = vec![("authorization", format!("Bearer {token}"))];
        let url = format!("{}/{method}", self.endpoints.api.trim_end_matches('/'));
        let request = match args {
            Args::Query(pairs) => HttpRequest {
                method: "GET",
                url: if pairs.is_empty() { url } else { format!("{url}?{}", form(pairs)) },
                headers,
                body: Vec::new(),
                timeout_ms: TIMEOUT_MS,
            },
            Args::Json(body) => {
                headers.push(("content-type", "application/json; charset=utf-8".to_owned()));
                HttpRequest {
                    method: "POST",
                    url,
                    headers,
                    body: body.to_string().into_bytes(),
                    timeout_ms: TIMEOUT_MS,
                }
            }
        };
        self.read(about, self.ports.http.send(request).await)
    }

    /// Posts a form with the app's own name and password instead of a token.
    pub(super) async fn call_as_app(
        &self,
        method: &str,
        basic: &str,
        pairs: &[(&str, &str)],
    ) -> Result<Answer, CallError> {
        let request = HttpRequest {
            method: "POST",
            url: format!("{}/{method}", self.endpoints.api.trim_end_matches('/')),
            headers: vec![
                ("authorization", format!("Basic {basic}")),
                ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ],
            body: form(pairs).into_bytes(),
            timeout_ms: TIMEOUT_MS,
        };
        self.read(About::App, self.ports.http.send(request).await)
    }

    /// Success is said by `ok` and not by the status (slack.md §1).
    fn read(&self, about: About, response: Result<HttpResponse, IoError>) -> Result<Answer, CallError> {
        let response = response?;
        let body: Option<Value> = serde_json::from_slice(&response.body).ok().filter(Value::is_object);
        match body {
            Some(body)
                if (200..300).contains(&response.status)
                    && body.get("ok").and_then(Value::as_bool) == Some(true) =>
            {
                let scopes = header(&response.headers, &["x-oauth-scopes"]).map(str::to_owned);
                Ok(Answer { body, scopes })
            }
            body => {
                let secrets = [&*self.secret.bot_token, &*self.secret.client_secret];
                Err(CallError::Refused(Refusal::read(about, &response, body.as_ref(), &secrets)))
            }
        }
    }
}

pub(super) fn flag(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// `a,b` or `a, b`.
pub(super) fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}
