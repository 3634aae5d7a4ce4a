//! Webhooks: events, signatures, reply tokens, redelivery, and the settings API (line.md §5).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat};
use hmac::{Hmac, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::super::{Callback, CallbackAnswer, Reply, World};
use super::send::hold_callback;
use super::{Call, PROVIDER, Place, json_body, refusal};

/// A reply token lives so long after its event was sent or sent again (line.md §3.5).
const REPLY_TOKEN_MS: i64 = 60 * 1000;
/// However often it is sent again, it ends so long after the event.
const REPLY_TOKEN_LAST_MS: i64 = 20 * 60 * 1000;

/// LINE discloses neither count nor interval; these suit trying it out.
const REDELIVER_AFTER_MS: [i64; 3] = [5_000, 30_000, 120_000];

/// Names the callback whose outcome `POST …/webhook/test` is to tell; the server takes it off.
pub(crate) const TEST_HEADER: &str = "x-sandbox-callback";

/// Events on their way, and the tokens in them.
#[derive(Debug, Clone, Default)]
pub(super) struct Hooks {
    reply_tokens: BTreeMap<String, ReplyToken>,
    /// Posts that may have to be made again, by callback.
    posted: BTreeMap<u64, Posted>,
    /// Events kept back for one post, by channel.
    held: BTreeMap<i64, Vec<Value>>,
    last: BTreeMap<i64, Vec<Value>>,
}

#[derive(Debug, Clone)]
struct ReplyToken {
    channel: i64,
    place: Place,
    event_at: i64,
    until: i64,
}

#[derive(Debug, Clone)]
struct Posted {
    channel: i64,
    events: Vec<Value>,
    first_at: i64,
    redeliveries: usize,
}

impl Hooks {
    /// Uses up a token and tells where a reply goes; `None` when it is unknown, used, too old or another
    /// channel's.
    pub(super) fn use_reply_token(&mut self, channel: i64, token: &str, now_ms: i64) -> Option<Place> {
        let known = self.reply_tokens.get(token)?;
        if known.channel != channel || now_ms > known.until {
            return None;
        }
        self.reply_tokens.remove(token).map(|known| known.place)
    }

    fn renew(&mut self, events: &[Value], now_ms: i64) {
        for token in events.iter().filter_map(|event| event.get("replyToken")?.as_str()) {
            if let Some(known) = self.reply_tokens.get_mut(token) {
                known.until = (now_ms + REPLY_TOKEN_MS).min(known.event_at + REPLY_TOKEN_LAST_MS);
            }
        }
    }
}

/// Something that happened. `person` is the one who did it.
pub(super) struct Happening<'a> {
    pub(super) kind: &'static str,
    pub(super) channel: i64,
    pub(super) place: &'a Place,
    pub(super) person: Option<&'a str>,
    /// Fields of its own, e.g. `message`.
    pub(super) extra: Value,
    /// Whether it can be replied to.
    pub(super) replied: bool,
}

/// Makes the event and posts it, if the account listens.
pub(super) fn happen(world: &mut World, what: Happening<'_>, now_ms: i64) {
    let Some(bot) = world.line.messaging(what.channel) else { return };
    let standby = bot.standby;
    if bot.webhook_url.is_none() || !bot.webhook_active {
        return;
    }
    let mut event = Map::new();
    event.insert("type".into(), json!(what.kind));
    if let Value::Object(extra) = what.extra {
        event.extend(extra);
    }
    event.insert("mode".into(), json!(if standby { "standby" } else { "active" }));
    event.insert("timestamp".into(), json!(now_ms));
    event.insert("source".into(), source(world, what.channel, what.place, what.person));
    event.insert("webhookEventId".into(), json!(ulid(world, now_ms)));
    event.insert("deliveryContext".into(), json!({"isRedelivery": false}));
    if what.replied && !standby {
        let token = world.rng.hex(2);
        let known = ReplyToken {
            channel: what.channel,
            place: what.place.clone(),
            event_at: now_ms,
            until: now_ms + REPLY_TOKEN_MS,
        };
        world.line.hooks.reply_tokens.retain(|_, token| now_ms <= token.event_at + REPLY_TOKEN_LAST_MS);
        world.line.hooks.reply_tokens.insert(token.clone(), known);
        event.insert("replyToken".into(), json!(token));
    }
    let event = Value::Object(event);
    if let Some(held) = world.line.hooks.held.get_mut(&what.channel) {
        held.push(event);
    } else {
        post(world, what.channel, vec![event], now_ms);
    }
}

/// How a webhook was answered: anything but 2xx is delivered again, if that is switched on.
pub(crate) fn answered(world: &mut World, id: u64, status: Option<u16>) {
    let Some(posted) = world.line.hooks.posted.remove(&id) else { return };
    if status.is_some_and(|status| (200..300).contains(&status)) {
        return;
    }
    let wanted = world.line.messaging(posted.channel).is_some_and(|bot| bot.redelivery);
    let (true, Some(wait)) = (wanted, REDELIVER_AFTER_MS.get(posted.redeliveries)) else { return };
    let due = posted.first_at + wait;
    let mut events = posted.events;
    for event in &mut events {
        if let Some(context) = event.get_mut("deliveryContext") {
            *context = json!({"isRedelivery": true});
        }
    }
    world.line.hooks.renew(&events, due);
    let Some(callback) = callback(world, posted.channel, &events, due) else { return };
    let id = world.queue_callback_later(callback, due);
    let again = Posted { events, redeliveries: posted.redeliveries + 1, ..posted };
    world.line.hooks.posted.insert(id, again);
}

impl World {
    /// From now on this account's events wait for [`World::line_release`].
    pub fn line_hold(&mut self, channel: i64) {
        self.line.hooks.held.entry(channel).or_default();
    }

    /// Posts what was held as one webhook, newest first if `reversed`: order is not promised (line.md §5).
    pub fn line_release(&mut self, channel: i64, reversed: bool, now_ms: i64) {
        let mut events = self.line.hooks.held.remove(&channel).unwrap_or_default();
        if reversed {
            events.reverse();
        }
        if !events.is_empty() {
            post(self, channel, events, now_ms);
        }
    }

    /// Posts the account's last webhook once more, unmarked: duplicates happen without redelivery too.
    pub fn line_repeat(&mut self, channel: i64, now_ms: i64) {
        if let Some(events) = self.line.hooks.last.get(&channel).cloned() {
            post(self, channel, events, now_ms);
        }
    }

    /// What `POST …/webhook/test` answers about its callback. `timed_out`: no answer came in time.
    #[must_use]
    pub fn line_test_answer(&self, callback: u64, timed_out: bool) -> Value {
        let Some(posted) = self.callbacks().find(|one| one.id == callback) else { return Value::Null };
        let (code, reason, detail) = match posted.answer {
            CallbackAnswer::Answered(status @ 200..300) => (status, "OK", status.to_string()),
            CallbackAnswer::Answered(status) => (status, "ERROR_STATUS_CODE", status.to_string()),
            CallbackAnswer::Failed if timed_out => (0, "REQUEST_TIMEOUT", "Request timeout".to_owned()),
            CallbackAnswer::Failed => (0, "COULD_NOT_CONNECT", "Connection failed".to_owned()),
            CallbackAnswer::Pending => (0, "UNCLASSIFIED", "No answer yet".to_owned()),
        };
        json!({"success": reason == "OK", "timestamp": iso(posted.at), "statusCode": code, "reason": reason,
            "detail": detail})
    }
}

pub(super) fn set(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let url = call.body.get("endpoint").and_then(Value::as_str).unwrap_or_default();
    check_url(url)?;
    if let Some(bot) = world.line.messaging_mut(call.channel) {
        bot.webhook_url = Some(url.to_owned());
    }
    Ok(Reply::json(200, &json!({})))
}

pub(super) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let bot = world.line.messaging(call.channel);
    let (url, active) = bot
        .and_then(|bot| Some((bot.webhook_url.clone()?, bot.webhook_active)))
        .ok_or_else(|| refusal(404, "Webhook endpoint not found"))?;
    Ok(Reply::json(200, &json!({"endpoint": url, "active": active})))
}

/// Posts an empty webhook. The answer tells how that went, so whoever drives the world finishes it with
/// [`World::line_test_answer`]; until then it says that there is none yet.
pub(super) fn test(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let mut url = world.line.messaging(call.channel).and_then(|bot| bot.webhook_url.clone());
    if !call.request.body.is_empty() {
        let body = json_body(world, call.request, "line:TestWebhookEndpointRequest", call.now_ms)?;
        if let Some(other) = body.get("endpoint").and_then(Value::as_str) {
            check_url(other)?;
            url = Some(other.to_owned());
        }
    }
    let url = url.ok_or_else(|| refusal(404, "Webhook endpoint not found"))?;
    let callback = callback(world, call.channel, &[], call.now_ms)
        .ok_or_else(|| refusal(404, "Webhook endpoint not found"))?;
    let id = world.queue_callback(Callback { url, ..callback });
    let answer = world.line_test_answer(id, false);
    let _ =
        world.hold(crate::contract::Side::Answer, "line:TestWebhookEndpointResponse", &answer, call.now_ms);
    let mut reply = Reply::json(200, &answer);
    reply.headers.push((TEST_HEADER.to_owned(), id.to_string()));
    Ok(reply)
}

fn check_url(url: &str) -> Result<(), Reply> {
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let good = host.is_some_and(|host| !host.is_empty())
        && url.chars().count() <= 500
        && url.bytes().all(|byte| byte.is_ascii_graphic());
    if good { Ok(()) } else { Err(refusal(400, "Invalid webhook endpoint URL")) }
}

fn post(world: &mut World, channel: i64, events: Vec<Value>, now_ms: i64) {
    let Some(callback) = callback(world, channel, &events, now_ms) else { return };
    let id = world.queue_callback(callback);
    world.line.hooks.last.insert(channel, events.clone());
    world.line.hooks.posted.insert(id, Posted { channel, events, first_at: now_ms, redeliveries: 0 });
}

/// The signed request. Its URL may be empty when none is set.
fn callback(world: &mut World, channel: i64, events: &[Value], at: i64) -> Option<Callback> {
    let bot = world.line.messaging(channel)?;
    let (url, secret) = (bot.webhook_url.clone().unwrap_or_default(), bot.secret.clone());
    let body = json!({"destination": bot.bot_user_id, "events": events});
    // The specification wants reply tokens that events in standby mode never carry (line.md §3.5).
    if !bot.standby {
        hold_callback(world, &body, at);
    }
    let kinds: Vec<&str> = events.iter().filter_map(|event| event.get("type")?.as_str()).collect();
    let bytes = body.to_string().into_bytes();
    let headers = vec![
        ("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned()),
        ("User-Agent".to_owned(), "LineBotWebhook/2.0".to_owned()),
        ("x-line-signature".to_owned(), signature(&secret, &bytes)),
    ];
    Some(Callback {
        id: 0,
        provider: PROVIDER,
        url,
        headers,
        body: bytes,
        event: if kinds.is_empty() { "test".to_owned() } else { kinds.join("+") },
        bot: channel,
        at,
        answer: CallbackAnswer::Pending,
    })
}

fn source(world: &World, channel: i64, place: &Place, person: Option<&str>) -> Value {
    let user = person.map(|person| world.line.user_id(channel, person));
    match (place, user) {
        (Place::OneToOne { person, .. }, _) => {
            json!({"type": "user", "userId": world.line.user_id(channel, person)})
        }
        (Place::Group { group }, Some(user)) => json!({"type": "group", "groupId": group, "userId": user}),
        (Place::Group { group }, None) => json!({"type": "group", "groupId": group}),
    }
}

/// Base64 of the HMAC-SHA256 of the body, keyed with the secret's text.
fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// 10 characters of time and 16 of chance, in Crockford's base 32.
fn ulid(world: &mut World, now_ms: i64) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digit = |value: u64, place: u32| {
        let index = usize::try_from((value >> (5 * place)) & 31).unwrap_or_default();
        char::from(DIGITS.get(index).copied().unwrap_or(b'0'))
    };
    let (time, high, low) = (now_ms.unsigned_abs(), world.rng.next(), world.rng.next());
    let time = (0..10).rev().map(|place| digit(time, place));
    let chance = (0..8).map(|place| digit(high, place)).chain((0..8).map(|place| digit(low, place)));
    time.chain(chance).collect()
}

fn iso(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms);
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_match_the_check_values() {
        let secret = "5f2b6d0c9e8a47310fdc2b6e1a9078cd";
        for (body, want) in [
            (
                r#"{"destination":"U00000000000000000000000000000001","events":[]}"#,
                "Dm5BtZHYDxQ/BMEMZFY3Ge+vrp0dwK0v+8ifuubsLBE=",
            ),
            (r#"{"note":"改行\nと絵文字🍎"}"#, "iFI8zc1+V1F6ICLLSCdTj1W/Q9GOJaPhXbGYWD0DlJE="),
        ] {
            assert_eq!(signature(secret, body.as_bytes()), want);
        }
    }
}
