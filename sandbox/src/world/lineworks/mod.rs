//! LINE WORKS API 2.0 as its fact sheet (providers/lineworks.md) has it: strict on [D] and [C2].
//!
//! A request to `www.worksapis.com` goes: token → path → minute limit → scope → handler; the four rate
//! headers are put on every counted reply.

pub(crate) mod auth;
pub(super) mod bots;
pub(crate) mod calendar;
pub(crate) mod callbacks;
mod channels;
mod content;
mod directory;
mod domains;
pub(super) mod fields;
mod login;
mod mentions;
pub(super) mod send;

use serde_json::{Value, json};

pub use auth::App;
pub use bots::{Bot, BotDomain};

use super::{Reply, Request, World};
use fields::Invalid;

/// One operation of the API: name in limits and logs, scopes of which a token needs any one.
struct Operation {
    name: &'static str,
    scopes: &'static [&'static str],
    serve: fn(&mut World, &Call<'_>) -> Result<Reply, Refusal>,
}

/// A request on its way to its handler.
struct Call<'a> {
    request: &'a Request,
    /// The variable path segments, in order, decoded.
    params: Vec<String>,
    /// Scopes of the token.
    scopes: Vec<String>,
    /// The member who signed in; none for the service account.
    user: Option<String>,
    now_ms: i64,
}

/// Why a handler refused; each becomes an error body of lineworks.md §2.
pub(super) enum Refusal {
    /// 400 `INVALID_PARAMETER`
    Invalid(String),
    /// 403 `ACCESS_DENIED`: the bot is not in the room, or not there for the domain or the user.
    AccessDenied,
    /// 404 `NOT_FOUND`
    NotFound,
    /// 403 `FORBIDDEN`: scope or permission missing
    Forbidden,
    /// 403 `SERVICE_ACCOUNT_NOT_ALLOWED`
    ServiceAccount,
}

impl From<Invalid> for Refusal {
    fn from(Invalid(description): Invalid) -> Self {
        Self::Invalid(description)
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(description) => error(400, "INVALID_PARAMETER", &description),
            Refusal::AccessDenied => error(403, "ACCESS_DENIED", "Access denied"),
            Refusal::Forbidden => error(403, "FORBIDDEN", "Insufficient scope"),
            Refusal::NotFound => error(404, "NOT_FOUND", "Not found"),
            Refusal::ServiceAccount => {
                error(403, "SERVICE_ACCOUNT_NOT_ALLOWED", "This API cannot be used with a service account")
            }
        }
    }
}

const BOT: &[&str] = &["bot"];
const BOT_READ: &[&str] = &["bot", "bot.read"];
const MESSAGE: &[&str] = &["bot.message", "bot"];
const MESSAGE_READ: &[&str] = &["bot.message", "bot", "bot.read"];
const CALENDAR: &[&str] = &["calendar"];
const CALENDAR_READ: &[&str] = &["calendar", "calendar.read"];
const USERS: &[&str] = &["user", "user.read", "directory", "directory.read"];
const USER: &[&str] =
    &["user", "user.read", "directory", "directory.read", "user.email.read", "user.profile.read"];

/// The operation's name, `unknown` for a path that is none.
pub(crate) fn operation(request: &Request) -> &'static str {
    route(request).map_or("unknown", |(operation, _)| operation.name)
}

/// Whether the operation hands over a message.
pub(crate) fn delivers(operation: &str) -> bool {
    matches!(operation, "send_user" | "send_channel")
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let Some((scopes, user)) = request.bearer().and_then(|token| world.app.token(token, now_ms)) else {
        return error(401, "UNAUTHORIZED", "Authentication failed");
    };
    let Some((operation, params)) = route(request) else {
        return Refusal::NotFound.into();
    };
    if world.limits.take_lineworks(operation.name, now_ms).is_err() {
        return rate_limited(world, operation.name, now_ms);
    }
    let allowed = operation.scopes.iter().any(|scope| scopes.iter().any(|s| s == scope));
    let call = Call { request, params, scopes, user, now_ms };
    let mut reply = if allowed && (operation.name == "get_user" || call.is_domain_wide(world)) {
        (operation.serve)(world, &call).unwrap_or_else(Reply::from)
    } else {
        Refusal::Forbidden.into()
    };
    add_rate_headers(world, operation.name, now_ms, &mut reply);
    reply
}

/// An error body (lineworks.md §2 [D]).
pub(crate) fn error(status: u16, code: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"code": code, "description": description}))
}

pub(crate) fn rate_limited(world: &World, operation: &str, now_ms: i64) -> Reply {
    let mut reply = error(429, "TOO_MANY_REQUESTS", "API rate limit exceeded");
    add_rate_headers(world, operation, now_ms, &mut reply);
    reply
}

fn add_rate_headers(world: &World, operation: &str, now_ms: i64, reply: &mut Reply) {
    let minute = world.limits.peek_lineworks(operation, now_ms);
    for (name, value) in [
        // Spelt so in the vendor's page (lineworks.md §2.1).
        ("rateLimit-ssed", minute.used.to_string()),
        ("rateLimit-limit", minute.limit.to_string()),
        ("rateLimit-remaining", minute.remaining().to_string()),
        ("rateLimit-reset", minute.reset_s.to_string()),
    ] {
        reply.headers.push((name.to_owned(), value));
    }
}

fn route(request: &Request) -> Option<(Operation, Vec<String>)> {
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["v1.0", path @ ..] = segments.as_slice() else { return None };
    macro_rules! to {
        ($name:literal, $scopes:expr, $serve:path $(, $param:expr)*) => {
            Some((
                Operation { name: $name, scopes: $scopes, serve: $serve },
                vec![$($param.to_string()),*],
            ))
        };
    }
    match (request.method.as_str(), path) {
        ("POST", ["bots"]) => to!("create_bot", BOT, bots::create),
        ("GET", ["bots"]) => to!("list_bots", BOT_READ, bots::list),
        ("GET", ["bots", b]) => to!("get_bot", BOT_READ, bots::get, b),
        ("PUT", ["bots", b]) => to!("put_bot", BOT, bots::put, b),
        ("PATCH", ["bots", b]) => to!("patch_bot", BOT, bots::patch, b),
        ("DELETE", ["bots", b]) => to!("delete_bot", BOT, bots::delete, b),
        ("POST", ["bots", b, "secret"]) => to!("reissue_secret", BOT, bots::reissue_secret, b),
        ("GET", ["bots", b, "domains"]) => to!("list_bot_domains", BOT_READ, domains::list, b),
        ("POST", ["bots", b, "domains", d]) => to!("add_bot_domain", BOT, domains::add, b, d),
        ("PUT", ["bots", b, "domains", d]) => to!("put_bot_domain", BOT, domains::put, b, d),
        ("PATCH", ["bots", b, "domains", d]) => to!("patch_bot_domain", BOT, domains::patch, b, d),
        ("DELETE", ["bots", b, "domains", d]) => to!("delete_bot_domain", BOT, domains::delete, b, d),
        ("POST", ["bots", b, "domains", d, "members"]) => {
            to!("add_bot_member", BOT, domains::add_member, b, d)
        }
        ("GET", ["bots", b, "domains", d, "members"]) => {
            to!("list_bot_members", BOT_READ, domains::list_members, b, d)
        }
        ("DELETE", ["bots", b, "domains", d, "members", u]) => {
            to!("delete_bot_member", BOT, domains::delete_member, b, d, u)
        }
        ("POST", ["bots", b, "channels"]) => to!("create_channel", MESSAGE, channels::create, b),
        ("GET", ["bots", b, "channels", c]) => to!("get_channel", MESSAGE_READ, channels::get, b, c),
        ("GET", ["bots", b, "channels", c, "members"]) => {
            to!("list_channel_members", MESSAGE_READ, channels::members, b, c)
        }
        ("DELETE", ["bots", b, "channels", c]) => to!("leave_channel", MESSAGE, channels::leave, b, c),
        ("POST", ["bots", b, "users", u, "messages"]) => to!("send_user", MESSAGE, send::to_user, b, u),
        ("POST", ["bots", b, "channels", c, "messages"]) => {
            to!("send_channel", MESSAGE, send::to_channel, b, c)
        }
        ("GET", ["users"]) => to!("list_users", USERS, directory::list),
        ("GET", ["users", u, "calendar"]) => to!("get_calendar", CALENDAR_READ, calendar::info, u),
        ("POST", ["users", u, "calendar", "events"]) => to!("create_event", CALENDAR, calendar::create, u),
        ("GET", ["users", u, "calendar", "events"]) => to!("list_events", CALENDAR_READ, calendar::list, u),
        ("GET", ["users", u, "calendar", "events", e]) => {
            to!("get_event", CALENDAR_READ, calendar::get, u, e)
        }
        ("PUT", ["users", u, "calendar", "events", e]) => to!("put_event", CALENDAR, calendar::put, u, e),
        ("DELETE", ["users", u, "calendar", "events", e]) => {
            to!("delete_event", CALENDAR, calendar::delete, u, e)
        }
        ("GET", ["users", u]) => to!("get_user", USER, directory::get, u),
        _ => None,
    }
}

impl Call<'_> {
    fn param(&self, place: usize) -> &str {
        self.params.get(place).map_or("", String::as_str)
    }

    /// The botId of the path, if there is such a bot.
    fn bot(&self, world: &World) -> Result<i64, Refusal> {
        let id = self.param(0).parse().map_err(|_| Refusal::NotFound)?;
        if world.bots.contains_key(&id) { Ok(id) } else { Err(Refusal::NotFound) }
    }

    /// A member's token reaches that member only, unless they are the super administrator, the first
    /// person of the demo world (lineworks.md §1.6 [C1]).
    fn is_domain_wide(&self, world: &World) -> bool {
        let first = world.people.first().map(|person| &person.user_id);
        self.user.as_ref().is_none_or(|user| Some(user) == first)
    }

    /// The body as a JSON object.
    fn json(&self) -> Result<Value, Refusal> {
        let unparsed = || Refusal::Invalid("Request body cannot be parsed.".into());
        if !self.request.is_content_type("application/json") {
            return Err(unparsed());
        }
        let value: Value = serde_json::from_slice(&self.request.body).map_err(|_| unparsed())?;
        if value.is_object() { Ok(value) } else { Err(unparsed()) }
    }

    /// `cursor` and `count` of a list: 1 to 100, with the list's own default (lineworks.md §2 [D]).
    fn page(&self, default: usize) -> Result<(usize, usize), Refusal> {
        let count = match self.request.query("count") {
            None => default,
            Some(text) => text
                .parse()
                .ok()
                .filter(|count| *count >= 1)
                .ok_or_else(|| Refusal::Invalid("count is invalid".into()))?,
        };
        let cursor = match self.request.query("cursor").filter(|c| !c.is_empty()) {
            None => 0,
            Some(text) => {
                fields::cursor_place(&text).ok_or_else(|| Refusal::Invalid("cursor is invalid".into()))?
            }
        };
        Ok((cursor, count))
    }
}

/// One page of a list as `{name: […], responseMetaData: {nextCursor}}`.
fn paged(name: &str, items: Vec<Value>, (start, count): (usize, usize)) -> Reply {
    let total = items.len();
    // More than 100 gave an empty page and no error (lineworks.md §2 [C1]).
    let count = if count > 100 { 0 } else { count };
    let page: Vec<Value> = items.into_iter().skip(start).take(count).collect();
    let end = start + page.len();
    let next = if count > 0 && end < total { Value::from(fields::cursor_text(end)) } else { Value::Null };
    Reply::json(200, &json!({name: page, "responseMetaData": {"nextCursor": next}}))
}

#[cfg(test)]
mod tests;
