//! Resend's `POST /emails` into the same mailboxes (email.md §3).
//!
//! Order: key, schema, rate, idempotency, acceptance (email.md §9).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::mail::{Mail, Via};
use super::smtp::addresses::{is_address, is_bounced};
use super::{Reply, Request, World};

/// The one key that works.
pub const API_KEY: &str = "re_sandbox_key";

const RECIPIENTS_MAX: usize = 50;
const KEY_MAX: usize = 256;
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1000;

/// What the idempotency keys remember.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    keys: BTreeMap<String, Remembered>,
}

#[derive(Debug, Clone)]
struct Remembered {
    body: Value,
    reply: Reply,
    /// Until then the first request is still running.
    running_until_ms: i64,
    forgotten_at_ms: i64,
}

pub(crate) fn operation(request: &Request) -> &'static str {
    match (request.method.as_str(), request.segments().join("/").as_str()) {
        ("POST", "emails") => "emails",
        (_, "emails") => "method",
        _ => "unknown",
    }
}

pub(crate) fn serve(world: &mut World, request: &Request, now_ms: i64, slow_ms: u64) -> Reply {
    let mut reply = accept(world, request, now_ms, slow_ms).unwrap_or_else(|refused| refused);
    add_rate_headers(world, now_ms, &mut reply);
    reply
}

/// An error body: status, name and message.
pub(crate) fn error(status: u16, name: &str, message: &str) -> Reply {
    Reply::json(status, &json!({"statusCode": status, "name": name, "message": message}))
}

pub(crate) fn rate_limited(world: &World, now_ms: i64) -> Reply {
    let mut reply = error(429, "rate_limit_exceeded", "Too many requests.");
    add_rate_headers(world, now_ms, &mut reply);
    reply
}

fn add_rate_headers(world: &World, now_ms: i64, reply: &mut Reply) {
    if reply.header("ratelimit-limit").is_some() {
        return;
    }
    let now = world.limits.peek_resend(now_ms);
    for (name, value) in [
        ("ratelimit-limit", now.limit.to_string()),
        ("ratelimit-policy", format!("{};w=1", now.limit)),
        ("ratelimit-remaining", now.remaining().to_string()),
        ("ratelimit-reset", now.reset_s.to_string()),
    ] {
        reply.headers.push((name.to_owned(), value));
    }
}

fn accept(world: &mut World, request: &Request, now_ms: i64, slow_ms: u64) -> Result<Reply, Reply> {
    match operation(request) {
        "emails" => {}
        "method" => return Err(error(405, "method_not_allowed", "Method not allowed.")),
        _ => return Err(error(404, "not_found", "The requested endpoint does not exist.")),
    }
    match request.bearer() {
        None => return Err(error(401, "missing_api_key", "Missing API Key")),
        Some(API_KEY) => {}
        Some(_) => return Err(error(403, "invalid_api_key", "API key is invalid")),
    }
    let body: Value = serde_json::from_slice(&request.body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| error(400, "validation_error", "The request body is not a JSON object."))?;
    let key = idempotency_key(request)?;
    let mail = read(&body, now_ms)?;
    world.limits.take_resend(now_ms).map_err(|_| rate_limited(world, now_ms))?;

    world.resend.keys.retain(|_, known| now_ms < known.forgotten_at_ms);
    if let Some(known) = key.and_then(|key| world.resend.keys.get(key)) {
        if known.body != body {
            let why = "Same idempotency key used with a different request payload.";
            return Err(error(409, "invalid_idempotent_request", why));
        }
        if now_ms < known.running_until_ms {
            let why = "Same idempotency key used while original request is still in progress.";
            return Err(error(409, "concurrent_idempotent_requests", why));
        }
        return Ok(known.reply.clone());
    }
    let id = world.rng.uuid();
    let reply = Reply::json(200, &json!({"id": id}));
    world.deliver(Mail {
        headers: [vec![("Message-ID".into(), format!("<{id}@resend.example>"))], mail.headers].concat(),
        envelope_to: mail.envelope_to.iter().filter(|to| !is_bounced(to)).cloned().collect(),
        ..mail
    });
    if let Some(key) = key {
        let running = i64::try_from(slow_ms).unwrap_or(i64::MAX);
        let remembered = Remembered {
            body,
            reply: reply.clone(),
            running_until_ms: now_ms.saturating_add(running),
            forgotten_at_ms: now_ms + REMEMBERED_MS,
        };
        world.resend.keys.insert(key.to_owned(), remembered);
    }
    Ok(reply)
}

fn idempotency_key(request: &Request) -> Result<Option<&str>, Reply> {
    match request.header("idempotency-key") {
        Some(key) if key.is_empty() || key.chars().count() > KEY_MAX => {
            Err(error(400, "invalid_idempotency_key", "The idempotency key must be 1 to 256 characters."))
        }
        key => Ok(key),
    }
}

/// The mail of a body, by Resend's schema.
fn read(body: &Value, now_ms: i64) -> Result<Mail, Reply> {
    let text = |name: &str| -> Result<Option<&str>, Reply> {
        match body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(parameter(&format!("`{name}` must be a string."))),
        }
    };
    let missing = |name: &str| error(422, "missing_required_field", &format!("Missing `{name}` field."));
    let from = text("from")?.ok_or_else(|| missing("from"))?;
    let sender =
        address_of(from).ok_or_else(|| error(422, "invalid_from_address", "Invalid `from` field."))?;
    if sender.ends_with("@unverified.example") {
        return Err(error(403, "validation_error", "The unverified.example domain is not verified."));
    }
    let to = recipients(body, "to")?;
    if to.is_empty() {
        return Err(missing("to"));
    }
    let subject = text("subject")?.ok_or_else(|| missing("subject"))?;
    let (plain, html) = (text("text")?, text("html")?);
    if plain.is_none() && html.is_none() {
        return Err(missing("html` or `text"));
    }
    if [from, subject].iter().any(|value| value.contains(['\r', '\n'])) {
        return Err(parameter("line breaks are not allowed in `from` and `subject`."));
    }
    let mut headers: Vec<(String, String)> =
        vec![("From".into(), from.into()), ("To".into(), to.join(", ")), ("Subject".into(), subject.into())];
    let mut envelope = to.clone();
    for (field, name) in [("cc", "Cc"), ("bcc", ""), ("reply_to", "Reply-To")] {
        let list = recipients(body, field)?;
        if !list.is_empty() && !name.is_empty() {
            headers.push((name.into(), list.join(", ")));
        }
        if field != "reply_to" {
            envelope.extend(list);
        }
    }
    headers.extend(custom_headers(body)?);
    Ok(Mail {
        no: 0,
        at: now_ms,
        via: Via::Resend,
        envelope_from: sender.to_owned(),
        envelope_to: envelope.iter().filter_map(|to| address_of(to)).map(str::to_owned).collect(),
        from: from.to_owned(),
        to: to.join(", "),
        subject: subject.to_owned(),
        headers,
        text: plain.map(str::to_owned),
        html: html.map(str::to_owned),
        attachments: Vec::new(),
        raw: String::new(),
    })
}

/// A text or a list of at most 50, each with an address.
fn recipients(body: &Value, field: &str) -> Result<Vec<String>, Reply> {
    let wrong = || parameter(&format!("Invalid `{field}` field."));
    let list: Vec<String> = match body.get(field) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => {
            many.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<_>>().ok_or_else(wrong)?
        }
        Some(_) => return Err(wrong()),
    };
    if list.len() > RECIPIENTS_MAX || list.iter().any(|one| address_of(one).is_none()) {
        return Err(wrong());
    }
    Ok(list)
}

fn custom_headers(body: &Value) -> Result<Vec<(String, String)>, Reply> {
    let none = Map::new();
    let headers = match body.get("headers") {
        None | Some(Value::Null) => &none,
        Some(Value::Object(headers)) => headers,
        Some(_) => return Err(parameter("`headers` must be an object.")),
    };
    let mut out = Vec::new();
    for (name, value) in headers {
        let value = value.as_str().ok_or_else(|| parameter("a header value must be a string."))?;
        let name_is_good = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && b != b':');
        if !name_is_good || value.contains(['\r', '\n', '\0']) {
            return Err(parameter(&format!("Invalid header `{}`.", name.escape_default())));
        }
        out.push((name.clone(), value.to_owned()));
    }
    Ok(out)
}

/// The address of `Name <a@b>` or `a@b`.
fn address_of(text: &str) -> Option<&str> {
    let address = match text.rsplit_once('<') {
        Some((_, rest)) => rest.trim_end().strip_suffix('>')?,
        None => text.trim(),
    };
    (is_address(address) && !text.contains(['\r', '\n'])).then_some(address)
}

fn parameter(message: &str) -> Reply {
    error(422, "invalid_parameter", message)
}

#[cfg(test)]
mod tests;
