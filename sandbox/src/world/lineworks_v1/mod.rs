//! LINE WORKS API 1.0, retired (lineworks.md §7): `apis.worksmobile.com/r/{API ID}/message/v1`. The bots,
//! people and rooms are those of API 2.0; names, credentials, errors and callbacks are its own.
//!
//! What the fact sheet does not say is lenient: which status a good answer without a body has (200 here),
//! and which error code the day's quota has.

mod bots;
mod push;
pub(crate) mod token;

use serde_json::{Map, Value, json};

use super::lineworks::fields::Invalid;
use super::{Keys, Reply, Request, World};
pub use token::Tenant;

const DAY_MS: i64 = 86_400_000;
/// The day's quota starts again at 00:00 GMT+9.
const NINE_HOURS_MS: i64 = 9 * 3_600_000;

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    /// By the gateway: status, its number, its name.
    Gateway(u16, &'static str, &'static str, &'static str),
    /// By the talk bot: 400 with this code.
    Bot(&'static str, String),
}

const UNAUTHORIZED: Refusal =
    Refusal::Gateway(401, "024", "Authentication failed, no authority", "UNAUTHORIZED");
const BAD_KEY: Refusal = Refusal::Gateway(401, "028", "Authentication failed, consumer key", "UNAUTHORIZED");
const NO_API: Refusal = Refusal::Gateway(404, "001", "The API does not exist", "NOT_FOUND");
/// Which of 041, 042 and 043 it is, is unconfirmed.
const QUOTA: Refusal = Refusal::Gateway(403, "043", "Quota exceeded", "FORBIDDEN");

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Gateway(status, number, message, code) => {
                let body = json!({"errorCode": number, "errorMessage": message, "code": code});
                Reply::json(status, &body)
            }
            Refusal::Bot(code, message) => {
                Reply::json(400, &json!({"code": code, "message": message, "domain": "message"}))
            }
        }
    }
}

impl From<Invalid> for Refusal {
    fn from(Invalid(what): Invalid) -> Self {
        let code = if what.contains("300 bots") {
            "EXCEEDED_NUMBER_LIMIT_OF_BOT"
        } else if what.starts_with("allowDomains") {
            "DOMAIN_NOT_BELONGING_TO_TENANT"
        } else if what.contains("exceeds") || what.contains("has more than") {
            "EXCEEDED_LENGTH_LIMIT_OF_PARAM"
        } else {
            "BAD_REQUEST"
        };
        Self::Bot(code, what)
    }
}

/// A request on its way to its handler.
struct Call<'a> {
    request: &'a Request,
    now_ms: i64,
}

/// Name of an operation in faults and the log; `unknown` for a path that is none.
pub(crate) fn operation(request: &Request) -> &'static str {
    route(request).map_or("unknown", |(_, name, _)| name)
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    gate(world, request, now_ms).unwrap_or_else(Reply::from)
}

/// 429, as a fault; the sheet names none, so a client must cope with any.
pub(crate) fn rate_limited() -> Reply {
    Refusal::Gateway(429, "043", "Quota exceeded", "TOO_MANY_REQUESTS").into()
}

/// A 5xx, as a fault.
pub(crate) fn server_error(status: u16) -> Reply {
    let body = json!({"code": "INTERNAL_SERVER_ERROR", "message": "internal error", "domain": "message"});
    Reply::json(status, &body)
}

/// The fields of an API 2.0 event with the names of 1.0 (lineworks.md §7.3, §7.5).
pub(crate) fn event(world: &World, mut fields: Map<String, Value>, now_ms: i64) -> Map<String, Value> {
    let login = |id: &Value| {
        let person = id.as_str().and_then(|id| world.member(id));
        person.map_or(Value::Null, |person| person.login.clone().into())
    };
    let mut source = Map::new();
    let old = fields.get("source").cloned().unwrap_or_default();
    if let Some(user) = old.get("userId") {
        source.insert("accountId".into(), login(user));
    }
    if let Some(channel) = old.get("channelId") {
        source.insert("roomId".into(), channel.clone());
    }
    fields.insert("source".into(), source.into());
    fields.remove("issuedTime");
    fields.insert("createdTime".into(), now_ms.into());
    if let Some(Value::Array(members)) = fields.remove("members") {
        fields.insert("memberList".into(), members.iter().map(login).collect());
    }
    if let Some(content) = fields.get_mut("content").and_then(Value::as_object_mut)
        && let Some(file) = content.remove("fileId")
    {
        content.insert("resourceId".into(), file);
    }
    fields
}

/// Where a path leads; the names are those of its segments.
enum To {
    Register,
    List,
    Get(String),
    Update(String),
    Delete(String),
    Domain(String, String),
    Push(String),
}

fn route(request: &Request) -> Option<(String, &'static str, To)> {
    let path = request.segments();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let ["r", api_id, "message", "v1", "bot", rest @ ..] = path.as_slice() else { return None };
    let own = |text: &&str| (*text).to_owned();
    let (name, to) = match (request.method.as_str(), rest) {
        ("POST", []) => ("register_bot", To::Register),
        ("GET", []) => ("list_bots", To::List),
        ("GET", [bot]) => ("get_bot", To::Get(own(bot))),
        ("PUT", [bot]) => ("update_bot", To::Update(own(bot))),
        ("DELETE", [bot]) => ("delete_bot", To::Delete(own(bot))),
        ("POST", [bot, "domain", domain]) => ("register_domain", To::Domain(own(bot), own(domain))),
        ("POST", [bot, "message", "push"]) => ("push", To::Push(own(bot))),
        _ => return None,
    };
    Some(((*api_id).to_owned(), name, to))
}

/// API ID → consumer key → token → the day's quota → handler.
fn gate(world: &mut World, request: &Request, now_ms: i64) -> Result<Reply, Refusal> {
    let (api_id, _, to) = route(request).ok_or(NO_API)?;
    let tenant = &mut world.v1;
    if api_id != tenant.api_id {
        return Err(NO_API);
    }
    if request.header("consumerKey") != Some(tenant.consumer_key.as_str()) {
        return Err(BAD_KEY);
    }
    if !request.bearer().is_some_and(|token| tenant.knows(token, now_ms)) {
        return Err(UNAUTHORIZED);
    }
    let day = (now_ms + NINE_HOURS_MS).div_euclid(DAY_MS);
    if tenant.used.0 != day {
        tenant.used = (day, 0);
    }
    if tenant.used.1 >= tenant.requests_per_day {
        return Err(QUOTA);
    }
    tenant.used.1 += 1;
    let call = Call { request, now_ms };
    match to {
        To::Register => bots::register(world, &call),
        To::List => Ok(bots::list(world)),
        To::Get(bot) => bots::get(world, &bot),
        To::Update(bot) => bots::update(world, &call, &bot),
        To::Delete(bot) => bots::delete(world, &bot),
        To::Domain(bot, domain) => bots::register_domain(world, &call, &bot, &domain),
        To::Push(bot) => push::push(world, &call, &bot),
    }
}

impl Call<'_> {
    /// The body as a JSON object.
    fn json(&self) -> Result<Value, Refusal> {
        let unparsed = || Refusal::Bot("BAD_REQUEST", "the body cannot be parsed".into());
        if !self.request.is_content_type("application/json") {
            return Err(unparsed());
        }
        let value: Value = serde_json::from_slice(&self.request.body).map_err(|_| unparsed())?;
        if value.is_object() { Ok(value) } else { Err(unparsed()) }
    }
}

/// A bot that was registered through this API.
fn bot_of(world: &World, text: &str) -> Result<i64, Refusal> {
    let known = text.parse().ok().filter(|id| world.bots.get(id).is_some_and(|bot| bot.via_v1));
    known.ok_or_else(|| Refusal::Bot("NONEXISTENT_BOT", "no such bot".into()))
}

#[cfg(test)]
mod tests;
