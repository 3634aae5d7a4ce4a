//! Google Chat as its fact sheet (providers/google_chat.md) and the discovery document have it.
//!
//! Two ways to write: a webhook URL, made by a person in a space, and the Chat app with its service account.
//! A request to `chat.googleapis.com` goes: caller → path → quota → body → handler. What the sheet marks as
//! unconfirmed is a switch in [`Settings`].

mod act;
mod app;
pub(crate) mod callbacks;
mod cards;
mod certs;
mod error;
mod markup;
mod messages;
pub(crate) mod oauth;
mod quota;
pub(crate) mod replies;
mod spaces;
mod view;
mod x509;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use act::{
    add_app, change_app, create_space, create_webhook, delete_space, delete_webhook, press, redeliver,
    remove_app, rotate_keys, say,
};
pub use app::{Audience, ChatApp};
pub(crate) use certs::{operation as certs_operation, serve as serve_certs};
pub(crate) use error::{rate_limited, server_error};
pub use spaces::{Message, Sender, Space, Webhook};
pub(crate) use view::view;

use super::{Keys, Person, Reply, Request, World};
use error::Refusal;
use quota::Quota;

/// The part of every webhook URL that is not secret.
pub(crate) const WEBHOOK_KEY: &str = "AIzaSySandboxKeyOfAllWebhooks0000000000";

/// Google Chat of 「みなと商事」.
#[derive(Debug, Clone)]
pub struct GoogleChat {
    /// Spaces by id, without `spaces/`.
    pub(crate) spaces: BTreeMap<String, Space>,
    pub(crate) app: ChatApp,
    /// Settable at any time.
    pub settings: Settings,
    quota: Quota,
    /// Messages by sender and requestId: the same id gives the same message (google_chat.md §1.5).
    requests: BTreeMap<(Sender, String), (String, u64)>,
    /// Number of the key that Google signs with.
    key_number: u32,
    /// How often an event was tried before, by its callback.
    tries: BTreeMap<u64, usize>,
}

/// Limits, and the answers to what the fact sheet leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub space_writes_per_second: u32,
    pub space_reads_per_minute: u32,
    pub project_writes_per_minute: u32,
    pub project_reads_per_minute: u32,
    /// Whether webhooks honour `requestId` and `messageId` (unconfirmed).
    pub webhook_request_id: bool,
    /// What a deleted webhook answers: 403 or 404 (unconfirmed).
    pub deleted_webhook_status: u16,
    /// The administrator allows webhooks.
    pub webhooks_allowed: bool,
    /// The administrator approved that the app makes spaces by itself.
    pub setup_allowed: bool,
    /// `REPLY_MESSAGE_OR_FAIL` with a threadKey never seen: 404, or a new thread (sources disagree).
    pub unseen_thread_fails: bool,
    /// A webhook wants `charset=UTF-8` (observed by some clients).
    pub charset_required: bool,
    /// Characters of `text` (observed once).
    pub text_max: usize,
    /// Each event is posted twice.
    pub duplicate_events: bool,
    /// Events that nobody answered well are posted again.
    pub retry_events: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            space_writes_per_second: 1,
            space_reads_per_minute: 900,
            project_writes_per_minute: 3_000,
            project_reads_per_minute: 3_000,
            webhook_request_id: true,
            deleted_webhook_status: 404,
            webhooks_allowed: true,
            setup_allowed: false,
            unseen_thread_fails: true,
            charset_required: true,
            text_max: 4_096,
            duplicate_events: false,
            retry_events: true,
        }
    }
}

impl GoogleChat {
    /// A space for each room of the demo world, without webhooks and without the app.
    pub(crate) fn demo<'r>(keys: &Keys, rooms: impl Iterator<Item = &'r super::Room>) -> Self {
        let spaces = rooms.zip(1..).map(|(room, number): (_, u32)| {
            let id = format!("AAAAminato{number}");
            (id.clone(), Space::named(id, &room.title, room.members.clone()))
        });
        Self {
            spaces: spaces.collect(),
            app: ChatApp::demo(keys),
            settings: Settings::default(),
            quota: Quota::default(),
            requests: BTreeMap::new(),
            key_number: 1,
            tries: BTreeMap::new(),
        }
    }

    /// The spaces by id, without `spaces/`.
    #[must_use]
    pub fn spaces(&self) -> &BTreeMap<String, Space> {
        &self.spaces
    }

    /// The Chat app as it is configured in the Cloud project.
    #[must_use]
    pub fn app(&self) -> &ChatApp {
        &self.app
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Caller {
    App,
    /// By the token of its URL.
    Webhook(String),
}

/// A request on its way to its handler.
struct Call<'a> {
    request: &'a Request,
    caller: Caller,
    now_ms: i64,
}

/// Name of an operation in faults, limits and the log; `unknown` for a path that is none.
pub(crate) fn operation(request: &Request) -> &'static str {
    route(&request.method, &path(request)).map_or("unknown", |route| route.0)
}

/// Whether the operation hands over a message.
pub(crate) fn delivers(operation: &str) -> bool {
    matches!(operation, "create_message" | "update_message")
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let path = path(request);
    let served = caller(world, request, &path, now_ms).and_then(|caller| {
        let (_, to) = route(&request.method, &path).ok_or_else(|| Refusal::not_found("Not found."))?;
        if caller != Caller::App && !matches!(to, To::CreateMessage(_)) {
            return Err(Refusal::denied("A webhook can only create messages."));
        }
        handle(world, to, &Call { request, caller, now_ms })
    });
    served.unwrap_or_else(Reply::from)
}

/// Where a path leads; the names are those of its segments.
enum To {
    ListSpaces,
    FindDirectMessage,
    Setup,
    GetSpace(String),
    CreateMessage(String),
    GetMessage(String, String),
    UpdateMessage(String, String),
    DeleteMessage(String, String),
}

fn route(method: &str, path: &[String]) -> Option<(&'static str, To)> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let own = |text: &&str| (*text).to_owned();
    Some(match (method, path.as_slice()) {
        ("GET", ["v1", "spaces"]) => ("list_spaces", To::ListSpaces),
        ("GET", ["v1", "spaces:findDirectMessage"]) => ("find_direct_message", To::FindDirectMessage),
        ("POST", ["v1", "spaces:setup"]) => ("setup_space", To::Setup),
        ("GET", ["v1", "spaces", s]) => ("get_space", To::GetSpace(own(s))),
        ("POST", ["v1", "spaces", s, "messages"]) => ("create_message", To::CreateMessage(own(s))),
        ("GET", ["v1", "spaces", s, "messages", m]) => ("get_message", To::GetMessage(own(s), own(m))),
        ("PATCH" | "PUT", ["v1", "spaces", s, "messages", m]) => {
            ("update_message", To::UpdateMessage(own(s), own(m)))
        }
        ("DELETE", ["v1", "spaces", s, "messages", m]) => {
            ("delete_message", To::DeleteMessage(own(s), own(m)))
        }
        _ => return None,
    })
}

fn handle(world: &mut World, to: To, call: &Call<'_>) -> Result<Reply, Refusal> {
    match to {
        To::ListSpaces => spaces::list(world, call),
        To::FindDirectMessage => spaces::find_direct_message(world, call),
        To::Setup => spaces::setup(world, call),
        To::GetSpace(space) => spaces::get(world, call, &space),
        To::CreateMessage(space) => messages::create(world, call, &space),
        To::GetMessage(space, message) => messages::get(world, call, &space, &message),
        To::UpdateMessage(space, message) => messages::update(world, call, &space, &message),
        To::DeleteMessage(space, message) => messages::delete(world, call, &space, &message),
    }
}

/// A bearer token is the app's; else `key` and `token` are a webhook's (google_chat.md §2).
fn caller(world: &World, request: &Request, path: &[String], now_ms: i64) -> Result<Caller, Refusal> {
    let chat = &world.google_chat;
    if request.header("authorization").is_some() {
        let scopes = request.bearer().and_then(|token| chat.app.scopes_of(token, now_ms));
        let scopes = scopes.ok_or_else(Refusal::unauthenticated)?;
        if !scopes.iter().any(|scope| scope == oauth::SCOPE) {
            return Err(Refusal::denied("Request had insufficient authentication scopes."));
        }
        return Ok(Caller::App);
    }
    let asked = |name: &str| request.query(name).filter(|value| !value.is_empty());
    let (key, token) = (asked("key"), asked("token"));
    if key.is_none() && token.is_none() {
        return Err(Refusal::denied("The request is from unregistered callers, without an identity."));
    }
    if key.as_deref() != Some(WEBHOOK_KEY) {
        return Err(Refusal::api_key());
    }
    let wrong = || Refusal::denied("The API was called without a valid token.");
    let token = token.ok_or_else(wrong)?;
    let space = path.get(2).and_then(|id| chat.spaces.get(id));
    let webhook = space.and_then(|space| space.webhooks.iter().find(|hook| hook.token == token));
    let webhook = webhook.ok_or_else(wrong)?;
    if webhook.deleted || space.is_some_and(|space| space.deleted) {
        return Err(match chat.settings.deleted_webhook_status {
            403 => wrong(),
            _ => Refusal::not_found("The webhook or its space was not found."),
        });
    }
    if !chat.settings.webhooks_allowed {
        return Err(Refusal::denied("Webhooks are turned off by the administrator."));
    }
    Ok(Caller::Webhook(token))
}

fn path(request: &Request) -> Vec<String> {
    request.segments()
}

impl Call<'_> {
    /// The body as JSON, held against its schema.
    fn json(&self, world: &mut World, schema: &str) -> Result<Value, Refusal> {
        let request = self.request;
        if !request.is_content_type("application/json") {
            return Err(Refusal::invalid("The body must be application/json."));
        }
        let charset = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let charset = charset.replace([' ', '"'], "").contains("charset=utf-8");
        let webhook = self.caller != Caller::App;
        if webhook && world.google_chat.settings.charset_required && !charset {
            return Err(Refusal::invalid("The content type must say charset=UTF-8."));
        }
        let value: Value = serde_json::from_slice(&request.body)
            .map_err(|error| Refusal::invalid(format!("Invalid JSON payload received. {error}")))?;
        world
            .hold(crate::contract::Side::Request, schema, &value, self.now_ms)
            .map_err(|problems| Refusal::malformed(&problems))?;
        Ok(value)
    }

    /// A good answer, held against its schema.
    fn answer(&self, world: &mut World, schema: &str, body: &Value) -> Reply {
        // A disagreement is kept in the world's list of violations.
        drop(world.hold(crate::contract::Side::Answer, schema, body, self.now_ms));
        Reply::json(200, body)
    }
}

/// The number behind `users/`, the same for a person in every run.
pub(crate) fn user_number(person: &Person) -> String {
    format!("1084{:0>17}", person.employee_number)
}

/// The person behind `users/{number}`.
fn person_of<'w>(world: &'w World, user: &str) -> Option<&'w Person> {
    let number = user.strip_prefix("users/")?;
    world.people.iter().find(|person| user_number(person) == number)
}

#[cfg(test)]
mod tests;
