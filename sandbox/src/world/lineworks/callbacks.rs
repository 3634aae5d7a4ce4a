//! Signed callbacks to a bot's server (lineworks.md §4 [D]).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat};
use hmac::{Hmac, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::super::{Callback, CallbackAnswer, TalkKey, World, lineworks_v1};

/// A person wrote something. In a room the bot must also listen to `message`.
pub(crate) fn message(world: &mut World, bot: i64, talk: &TalkKey, user: &str, content: &Value, now_ms: i64) {
    let kind = content.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let in_room = matches!(talk, TalkKey::Room { .. });
    let source = source(world, Some(user), talk);
    send(world, bot, "message", source, [("content", content.clone())], now_ms, |listens| {
        listens.callback_events.contains(&kind) && (!in_room || listens.hears("message"))
    });
}

/// A person pressed a postback action.
pub(crate) fn postback(world: &mut World, bot: i64, talk: &TalkKey, user: &str, data: &str, now_ms: i64) {
    let source = source(world, Some(user), talk);
    send(world, bot, "postback", source, [("data", json!(data))], now_ms, |bot| bot.hears("postback"));
}

/// `join` and `leave` of the bot itself, `joined` and `left` of a member.
pub(crate) fn membership(
    world: &mut World,
    bot: i64,
    channel: &str,
    event: &'static str,
    member: Option<&str>,
    now_ms: i64,
) {
    let source = source(world, None, &TalkKey::Room { channel: channel.to_owned() });
    let members = member.map(|user| ("members", json!([user])));
    send(world, bot, event, source, members, now_ms, |bot| bot.hears(event));
}

impl super::Bot {
    fn hears(&self, event: &str) -> bool {
        self.channel_events.iter().any(|known| known == event)
    }
}

/// channelId is there in rooms only.
fn source(world: &World, user: Option<&str>, talk: &TalkKey) -> Value {
    let mut source = Map::new();
    let domain = match talk {
        TalkKey::OneToOne { user, .. } => world.domain_of(user),
        TalkKey::Room { channel } => {
            source.insert("channelId".into(), json!(channel));
            world.rooms.get(channel).map(|room| room.domain_id).unwrap_or_default()
        }
    };
    if let Some(user) = user {
        source.insert("userId".into(), json!(user));
    }
    source.insert("domainId".into(), json!(domain));
    Value::Object(source)
}

fn send(
    world: &mut World,
    bot_id: i64,
    event: &str,
    source: Value,
    extra: impl IntoIterator<Item = (&'static str, Value)>,
    now_ms: i64,
    listens: impl Fn(&super::Bot) -> bool,
) {
    let Some(bot) = world.bots.get(&bot_id) else { return };
    if !bot.enable_callback || bot.callback_url.is_empty() || !listens(bot) {
        return;
    }
    let mut fields = Map::new();
    fields.insert("type".into(), json!(event));
    fields.insert("source".into(), source);
    fields.insert("issuedTime".into(), json!(issued_time(now_ms)));
    fields.extend(extra.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let (bot_header, key) = if bot.via_v1 {
        fields = lineworks_v1::event(world, fields, now_ms);
        ("X-WORKS-BotNo", world.v1.api_id.as_str())
    } else {
        ("X-WORKS-BotId", bot.secret.as_str())
    };
    let body = Value::Object(fields).to_string().into_bytes();
    let headers = vec![
        ("Content-Type".to_owned(), "application/json; charset=UTF-8".to_owned()),
        (bot_header.to_owned(), bot_id.to_string()),
        ("X-WORKS-Signature".to_owned(), signature(key, &body)),
    ];
    let url = bot.callback_url.clone();
    world.queue_callback(Callback {
        id: 0,
        provider: "lineworks",
        url,
        headers,
        body,
        event: event.to_owned(),
        bot: bot_id,
        at: now_ms,
        answer: CallbackAnswer::Pending,
    });
}

/// RFC 3339 UTC with milliseconds.
fn issued_time(now_ms: i64) -> String {
    DateTime::from_timestamp_millis(now_ms)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// Base64 of the HMAC-SHA256 of the body, keyed with the bot secret's bytes.
fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}
