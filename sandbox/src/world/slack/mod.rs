//! Slack as its fact sheet (providers/slack.md) has it: one workspace, its people, channels and apps.
//!
//! A call to `slack.com/api/{method}` goes: arguments → token → rate → scope → handler. Nearly every refusal is
//! an HTTP 200 with `"ok": false` (slack.md §1). Every call is also held against the vendor's argument list,
//! and every answer, event and interaction against the vendor's examples ([`World::violations`]).
//!
//! Not modelled: group DMs, modals, token rotation, Enterprise Grid, Slack Connect, files. A deactivated or bot
//! user as `channel` is answered `channel_not_found`, an unknown `thread_ts` `cannot_reply_to_message`; the
//! sheet does not say.

pub(crate) mod act;
mod apps;
mod args;
mod blocks;
mod chat;
mod conversations;
mod events;
mod interact;
mod limits;
mod messages;
mod oauth;
pub(crate) mod outbox;
mod people;
mod users;
mod view;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

pub use act::SlackActError;
pub use apps::{AppSettings, SlackApp};
pub use conversations::{Conversation, ConversationKind};
pub use limits::SlackLimits;
pub use messages::{SlackAuthor, SlackMessage};
pub use people::SlackUser;

use super::rng::Rng;
use super::{Reply, Request, World};
use crate::contract::Side;
use apps::Token;
use args::Args;
use limits::Tier;

/// The workspace.
#[derive(Debug, Clone)]
pub struct Slack {
    /// `T…`
    pub team_id: String,
    pub team_name: String,
    /// `{domain}.slack.com`
    pub domain: String,
    pub limits: SlackLimits,
    /// What a `response_url` begins with: the servers put their own address here, so that it can be reached.
    pub hooks_origin: String,
    pub(crate) users: Vec<SlackUser>,
    pub(crate) apps: Vec<SlackApp>,
    pub(crate) conversations: BTreeMap<String, Conversation>,
    /// Ids of DMs by user and app.
    dms: BTreeMap<(String, String), String>,
    tokens: BTreeMap<String, Token>,
    codes: BTreeMap<String, oauth::Code>,
    response_urls: BTreeMap<String, interact::ResponseUrl>,
    /// Events that wait for their next try.
    waiting: Vec<outbox::Attempt>,
    /// What was posted and is not answered yet, by callback id.
    in_flight: BTreeMap<u64, outbox::Flight>,
    rng: Rng,
}

/// One Web API method: verb, tier and scopes of slack.md §2.
struct Method {
    name: &'static str,
    tier: Tier,
    /// A read method takes its arguments from the query or a form, never from JSON.
    read: bool,
    json: bool,
    /// Any one is enough; none means any token. Scopes that depend on the channel are the handler's affair.
    scopes: &'static [&'static str],
    serve: fn(&mut World, &Call<'_>) -> Result<Value, Failure>,
}

/// A request on its way to its handler.
struct Call<'a> {
    args: &'a Args,
    token: Token,
    now_ms: i64,
}

/// Why a call failed.
#[derive(Debug)]
enum Failure {
    /// HTTP 200 with `"ok": false`.
    Error(&'static str, Map<String, Value>),
    /// HTTP 429 with `Retry-After`.
    Limited { retry_after_s: i64 },
}

impl From<&'static str> for Failure {
    fn from(error: &'static str) -> Self {
        Self::Error(error, Map::new())
    }
}

impl Failure {
    /// With explanations in `response_metadata.messages` (slack.md §1).
    fn explained(error: &'static str, messages: &[String]) -> Self {
        let mut extra = Map::new();
        extra.insert("response_metadata".into(), json!({"messages": messages}));
        Self::Error(error, extra)
    }
}

static METHODS: [Method; 12] = {
    const fn write(
        name: &'static str,
        tier: Tier,
        scopes: &'static [&'static str],
        serve: fn(&mut World, &Call<'_>) -> Result<Value, Failure>,
    ) -> Method {
        Method { name, tier, read: false, json: true, scopes, serve }
    }
    const fn read(
        name: &'static str,
        tier: Tier,
        scopes: &'static [&'static str],
        serve: fn(&mut World, &Call<'_>) -> Result<Value, Failure>,
    ) -> Method {
        Method { name, tier, read: true, json: false, scopes, serve }
    }
    [
        write("auth.test", Tier::Special, &[], apps::test),
        read("auth.revoke", Tier::Third, &[], apps::revoke),
        write("chat.postMessage", Tier::Posting, &["chat:write"], chat::post_message),
        write("chat.update", Tier::Third, &["chat:write"], chat::update),
        write("chat.delete", Tier::Third, &["chat:write"], chat::delete),
        write("chat.postEphemeral", Tier::Fourth, &["chat:write"], chat::post_ephemeral),
        write("conversations.open", Tier::Third, &["im:write"], conversations::open),
        write("conversations.join", Tier::Third, &["channels:join"], conversations::join),
        read("conversations.info", Tier::Third, conversations::READ_SCOPES, conversations::info),
        read("conversations.list", Tier::Second, conversations::READ_SCOPES, conversations::list),
        read("users.lookupByEmail", Tier::Third, &["users:read.email"], users::lookup_by_email),
        read("users.info", Tier::Fourth, &["users:read"], users::info),
    ]
};

/// The operation's name in logs and faults: the method, `oauth.v2.access`, `oauth.authorize`, `response_url`
/// or `unknown`.
pub(crate) fn operation(request: &Request) -> &'static str {
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["api", "oauth.v2.access"] => oauth::ACCESS,
        ["api", name] => method(name).map_or("unknown", |method| method.name),
        ["oauth", "v2", "authorize"] => "oauth.authorize",
        ["actions", ..] => "response_url",
        _ => "unknown",
    }
}

/// Whether the operation hands over a message, or changes one.
pub(crate) fn delivers(operation: &str) -> bool {
    matches!(operation, "chat.postMessage" | "chat.postEphemeral" | "chat.update" | "response_url")
}

/// Whether the world took what was asked: most refusals are a 200 too.
pub(crate) fn accepted(reply: &Reply) -> bool {
    reply.status < 300 && reply.body_json().get("ok") != Some(&Value::Bool(false))
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    match operation(request) {
        oauth::ACCESS => oauth::access(world, request, now_ms),
        "oauth.authorize" => oauth::authorize(world, request, now_ms),
        "response_url" => interact::respond(world, request, now_ms),
        "unknown" => match request.segments().as_slice() {
            [api, name] if api == "api" => {
                Reply::json(200, &json!({"ok": false, "error": "unknown_method", "req_method": name}))
            }
            _ => page(404, "<h1>404</h1>"),
        },
        name => match method(name) {
            Some(method) => call(world, method, request, now_ms),
            None => page(404, "<h1>404</h1>"),
        },
    }
}

/// 429 (slack.md §6). The body is only "normally" this.
pub(crate) fn rate_limited(retry_after_s: i64) -> Reply {
    let mut reply = Reply::json(429, &json!({"ok": false, "error": "ratelimited"}));
    reply.headers.push(("Retry-After".to_owned(), retry_after_s.to_string()));
    reply
}

/// An incident (slack.md §1, §5): HTML with a 5xx. A `status` of 200 is a `fatal_error`.
pub(crate) fn server_error(status: u16) -> Reply {
    match status {
        200 => Reply::json(200, &json!({"ok": false, "error": "fatal_error"})),
        _ => page(status, "<html><body><h1>Something went wrong</h1></body></html>"),
    }
}

fn page(status: u16, html: &str) -> Reply {
    let headers = vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())];
    Reply { status, headers, body: html.as_bytes().to_vec() }
}

fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

fn call(world: &mut World, method: &Method, request: &Request, now_ms: i64) -> Reply {
    let (mut warning, mut scopes) = (None, None);
    let served = Args::read(request, method.read, method.json).and_then(|args| {
        warning = args.warning;
        // The answer does not wait for the contract: what is wrong is answered as Slack answers it, and kept.
        let mut asked = args.contract();
        if let Some(fields) = asked.as_object_mut() {
            // A call without a token is refused for that, and breaks no contract.
            fields.insert("token".into(), args.token.clone().unwrap_or_default().into());
        }
        let _ = world.hold(Side::Request, &format!("slack:{}", method.name), &asked, now_ms);
        let token = world.slack.token(args.token.as_deref())?;
        scopes = Some(token.scopes.join(","));
        if let Err(retry_after_s) = world.slack.limits.take(method.name, method.tier, now_ms) {
            return Err(Failure::Limited { retry_after_s });
        }
        if !method.scopes.is_empty() && !method.scopes.iter().any(|scope| token.has(scope)) {
            return Err(token.lacks(&method.scopes.join(",")));
        }
        (method.serve)(world, &Call { args: &args, token, now_ms })
    });
    let mut reply = answer(served, warning);
    if reply.status == 200 {
        world.hold_answer(method.name, &reply.body_json(), now_ms);
    }
    if let Some(scopes) = scopes {
        reply.headers.push(("x-oauth-scopes".to_owned(), scopes));
    }
    reply
}

fn answer(served: Result<Value, Failure>, warning: Option<&str>) -> Reply {
    let mut body = Map::new();
    match served {
        Ok(fields) => {
            body.insert("ok".into(), true.into());
            body.extend(fields.as_object().cloned().unwrap_or_default());
        }
        Err(Failure::Error(error, extra)) => {
            body.insert("ok".into(), false.into());
            body.insert("error".into(), error.into());
            body.extend(extra);
        }
        Err(Failure::Limited { retry_after_s }) => return rate_limited(retry_after_s),
    }
    if let Some(warning) = warning {
        let warnings = match body.get("warning").and_then(Value::as_str) {
            Some(first) => format!("{first},{warning}"),
            None => warning.to_owned(),
        };
        body.insert("warning".into(), warnings.into());
    }
    Reply::json(200, &Value::Object(body))
}

impl Slack {
    /// An id such as `D07QK3ZP1AB`.
    pub(crate) fn new_id(&mut self, prefix: &str) -> String {
        const LETTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut die = self.rng.next();
        let mut id = format!("{prefix}0");
        for _ in 0..9 {
            let letter = usize::try_from(die % 36).unwrap_or_default();
            id.push(LETTERS.get(letter).copied().map_or('0', char::from));
            die /= 36;
        }
        id
    }
}

impl World {
    /// The Slack workspace.
    #[must_use]
    pub fn slack(&self) -> &Slack {
        &self.slack
    }

    /// The Slack workspace, to turn its limits.
    pub fn slack_mut(&mut self) -> &mut Slack {
        &mut self.slack
    }

    /// Holds a good answer against the vendor's example, where there is one.
    fn hold_answer(&mut self, method: &str, answer: &Value, now_ms: i64) {
        if matches!(method, "auth.test" | "oauth.v2.access" | "users.lookupByEmail") {
            let _ = self.hold(Side::Answer, &format!("slack-shape:{method}"), answer, now_ms);
        }
    }
}

#[cfg(test)]
mod tests;
