//! LINE as its fact sheet (providers/line.md) has it: Login v2.1 and the Messaging API.
//!
//! A request to `api.line.me` goes: token → path → token bucket → body and contract → handler; every reply
//! carries its own `x-line-request-id`. What people do is in `act`, their pages in `access`.

pub(crate) mod access;
mod act;
mod buckets;
mod channels;
mod content;
mod directory;
mod login;
mod pages;
mod retry;
mod routes;
mod send;
mod setup;
mod tokens;
mod view;
pub(crate) mod webhook;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

pub use act::{Group, Place};
pub use channels::{LoginChannel, MessagingChannel, Provider};
pub(crate) use routes::{delivers, operation};
pub use setup::Settings;

use routes::{Auth, route};

use super::http::form_pairs;
use super::{Author, Message, Reply, Request, Talk, World};
use crate::contract::{Problem, Side};

/// The name in callbacks and the log.
pub(crate) const PROVIDER: &str = "line";

/// The texts of the two 429s (line.md §3.3).
pub(crate) const RATE_LIMIT: &str = "The API rate limit has been exceeded. Try again later.";
pub(crate) const MONTHLY_LIMIT: &str = "You have reached your monthly limit.";

const BODY_MAX: usize = 2 * 1024 * 1024;

/// Everything LINE keeps. People are the world's, by its own ids; LINE's userIds are per provider.
#[derive(Debug, Clone)]
pub struct Line {
    pub(crate) providers: Vec<Provider>,
    pub(crate) groups: BTreeMap<String, Group>,
    /// By Messaging channel and person.
    contacts: BTreeMap<(i64, String), Contact>,
    /// Whose userId: provider's place and person.
    ids: BTreeMap<String, (usize, String)>,
    talks: BTreeMap<Place, Talk>,
    tokens: tokens::Tokens,
    sessions: login::Sessions,
    retries: retry::Retries,
    buckets: buckets::Buckets,
    hooks: webhook::Hooks,
    /// People made up by [`World::line_crowd`].
    crowd: usize,
}

/// What one person is to one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Contact {
    friend: bool,
    blocked: bool,
    /// When the person last wrote in the 1:1 talk, milliseconds UTC.
    wrote_at: Option<i64>,
}

/// A request on its way to its handler.
struct Call<'a> {
    request: &'a Request,
    params: Vec<String>,
    /// The channel of the token; 0 for [`Auth::User`] and [`Auth::Form`].
    channel: i64,
    /// The JSON body, `null` when the operation has none.
    body: Value,
    form: Vec<(String, String)>,
    request_id: String,
    now_ms: i64,
}

/// An error body (line.md §3.4) with a request id.
pub(crate) fn error(world: &mut World, status: u16, message: &str) -> Reply {
    let mut reply = refusal(status, message);
    let id = world.rng.uuid();
    reply.headers.push(("x-line-request-id".into(), id));
    reply
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let request_id = world.rng.uuid();
    let mut reply = answer(world, request, &request_id, now_ms).unwrap_or_else(|refused| refused);
    reply.headers.push(("x-line-request-id".into(), request_id));
    reply
}

fn answer(world: &mut World, request: &Request, request_id: &str, now_ms: i64) -> Result<Reply, Reply> {
    let (operation, params) = route(request).ok_or_else(|| refusal(404, "Not found"))?;
    let channel = match operation.auth {
        Auth::Bot | Auth::LoginChannel => authenticated(world, request, operation.auth, now_ms)?,
        Auth::User | Auth::Form => 0,
    };
    if channel != 0 && !world.line.buckets.take(channel, operation.name, now_ms) {
        return Err(refusal(429, RATE_LIMIT));
    }
    let body = match operation.body {
        Some(schema) => json_body(world, request, schema, now_ms)?,
        None => Value::Null,
    };
    let form = std::str::from_utf8(&request.body).map(form_pairs).unwrap_or_default();
    let call = Call { request, params, channel, body, form, request_id: request_id.to_owned(), now_ms };
    retry::check_header(&call, operation.name)?;
    let reply = (operation.serve)(world, &call)?;
    if let (200, Some(schema)) = (reply.status, operation.answer) {
        // A mismatch is kept and shown; the answer goes out as it is, so that a test sees both.
        let _ = world.hold(Side::Answer, schema, &reply.body_json(), now_ms);
    }
    Ok(reply)
}

fn authenticated(world: &World, request: &Request, auth: Auth, now_ms: i64) -> Result<i64, Reply> {
    let failed = |why: &str| {
        refusal(
            401,
            &format!(
                "Authentication failed due to the following reason: {why}. Confirm that the access token in the authorization header is valid."
            ),
        )
    };
    if request.header("authorization").is_none() {
        return Err(refusal(401, "Authentication failed. The Authorization header is required."));
    }
    let token = request.bearer().ok_or_else(|| failed("invalid token"))?;
    let token = world.line.tokens.find(token, now_ms).ok_or_else(|| failed("invalid token"))?;
    let is_bot = world.line.messaging(token.channel).is_some();
    match auth {
        Auth::LoginChannel if is_bot || !token.may_deauthorize() => Err(failed("invalid channel")),
        Auth::Bot if !is_bot => Err(failed("invalid channel")),
        _ => Ok(token.channel),
    }
}

fn json_body(world: &mut World, request: &Request, schema: &str, now_ms: i64) -> Result<Value, Reply> {
    if request.body.len() > BODY_MAX {
        return Err(refusal(413, "Request Entity Too Large"));
    }
    if !request.is_content_type("application/json") {
        let given = request.header("content-type").unwrap_or_default();
        return Err(refusal(415, &format!("The content type, {given}, is not supported")));
    }
    let body: Value = serde_json::from_slice(&request.body).map_err(|error| {
        let place = format!("line: {}, column: {}", error.line(), error.column());
        refusal(400, &format!("The request body could not be parsed as JSON ({place})"))
    })?;
    world.hold(Side::Request, schema, &body, now_ms).map_err(|problems| invalid(&problems))?;
    Ok(body)
}

/// An error body without details.
fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"message": message}))
}

/// 400 with details (line.md §3.4).
fn invalid(problems: &[Problem]) -> Reply {
    let details: Vec<Value> =
        problems.iter().map(|problem| json!({"message": problem.what, "property": problem.at})).collect();
    let message = format!("The request body has {} error(s)", problems.len());
    Reply::json(400, &json!({"message": message, "details": details}))
}

fn property(name: &str) -> Reply {
    refusal(400, &format!("The property, '{name}', in the request body is invalid (line: -, column: -)"))
}

impl Call<'_> {
    fn param(&self, place: usize) -> &str {
        self.params.get(place).map_or("", String::as_str)
    }

    /// A field of the form, never empty.
    fn field(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, value)| value.as_str())
    }

    fn required(&self, name: &str) -> Result<&str, Reply> {
        self.field(name).ok_or_else(|| oauth_error("invalid_request", &format!("{name} is required")))
    }
}

/// 400 of the OAuth endpoints; the texts of most are not documented (line.md §1.2).
fn oauth_error(error: &str, description: &str) -> Reply {
    Reply::json(400, &json!({"error": error, "error_description": description}))
}

impl Line {
    fn provider_of(&self, channel: i64) -> Option<(usize, &Provider)> {
        self.providers
            .iter()
            .enumerate()
            .find(|(_, one)| one.messaging.channel_id == channel || one.login.channel_id == channel)
    }

    /// The Messaging channel with this id.
    #[must_use]
    pub fn messaging(&self, channel: i64) -> Option<&MessagingChannel> {
        self.providers.iter().map(|one| &one.messaging).find(|one| one.channel_id == channel)
    }

    fn messaging_mut(&mut self, channel: i64) -> Option<&mut MessagingChannel> {
        self.providers.iter_mut().map(|one| &mut one.messaging).find(|one| one.channel_id == channel)
    }

    /// The person behind a userId, if it belongs to this channel's provider.
    fn person_of(&self, channel: i64, user_id: &str) -> Option<&str> {
        let (place, _) = self.provider_of(channel)?;
        self.ids.get(user_id).filter(|(provider, _)| *provider == place).map(|(_, person)| person.as_str())
    }

    /// A person's userId as this channel's provider knows it.
    fn user_id(&self, channel: i64, person: &str) -> String {
        self.provider_of(channel).map(|(_, provider)| provider.user_id(person)).unwrap_or_default()
    }

    fn contact(&self, channel: i64, person: &str) -> Contact {
        self.contacts.get(&(channel, person.to_owned())).copied().unwrap_or_default()
    }

    fn contact_mut(&mut self, channel: i64, person: &str) -> &mut Contact {
        self.contacts.entry((channel, person.to_owned())).or_default()
    }
}

impl World {
    /// LINE's part of the world.
    #[must_use]
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// The messages of a LINE talk, oldest first.
    #[must_use]
    pub fn line_messages(&self, place: &Place) -> &[Message] {
        self.line.talks.get(place).map_or(&[], |talk| talk.messages.as_slice())
    }

    /// A person's userId under the provider of this channel (line.md §0).
    #[must_use]
    pub fn line_user_id(&self, channel: i64, selector: &str) -> Option<String> {
        Some(self.line.user_id(channel, &self.person(selector)?.user_id))
    }

    /// Adds to a talk and gives the message's number; 0 when a fault swallowed it.
    fn line_post(&mut self, place: Place, author: Author, content: Value, now_ms: i64) -> u64 {
        if self.dropping {
            return 0;
        }
        let touched = self.touch();
        let talk = self.line.talks.entry(place).or_default();
        talk.total += 1;
        talk.touched = touched;
        let no = talk.total;
        talk.messages.push(Message { no, at: now_ms, author, content, mentions: Vec::new() });
        let excess = talk.messages.len().saturating_sub(self.retention);
        talk.messages.drain(..excess);
        no
    }
}

/// The names of distinct scopes in a space-separated list.
fn scopes(text: &str) -> BTreeSet<String> {
    text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
