//! Interaction events of the Chat app (google_chat.md §5.2), with the bearer token of §5.3.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use super::super::vendor_keys::VendorKey;
use super::super::{Callback, CallbackAnswer, World};
use super::app::Audience;
use super::certs::{ACCOUNTS, CHAT_ISSUER};
use super::markup;
use super::messages::message_json;
use super::spaces::{Message, user_json};
use crate::contract::Side;

/// `provider` of its callbacks.
pub(crate) const PROVIDER: &str = "google_chat";

/// Nobody answered well: once more after these, "a few times within minutes" (google_chat.md §5.2).
const RETRIES_MS: [i64; 2] = [10_000, 60_000];

/// Life of a bearer token.
const LIFE_S: i64 = 3600;

/// A person wrote to the app.
pub(super) fn message(world: &mut World, person: &str, space: &str, message: &Message, now_ms: i64) {
    let Some(told) = told(world, space, message) else { return };
    send(world, "MESSAGE", person, space, [("message", told)], now_ms);
}

/// The app came into a space; `with`: the message that named it.
pub(super) fn added(world: &mut World, person: &str, space: &str, with: Option<&Message>, now_ms: i64) {
    let told = with.and_then(|message| told(world, space, message)).map(|told| ("message", told));
    send(world, "ADDED_TO_SPACE", person, space, told, now_ms);
}

/// The app was taken out of a space.
pub(super) fn removed(world: &mut World, person: &str, space: &str, now_ms: i64) {
    send(world, "REMOVED_FROM_SPACE", person, space, [], now_ms);
}

/// A button with an `action` was pressed.
pub(super) fn clicked(
    world: &mut World,
    person: &str,
    space: &str,
    message: &Message,
    action: &Value,
    now_ms: i64,
) {
    let function = action.get("function").cloned().unwrap_or_default();
    let parameters = action.get("parameters").cloned().unwrap_or_else(|| json!([]));
    let by_key: Map<String, Value> = parameters
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one.get("key")?.as_str()?.to_owned(), one.get("value")?.clone())))
        .collect();
    let Some(told) = told(world, space, message) else { return };
    let extra = [
        ("message", told),
        ("action", json!({"actionMethodName": function, "parameters": parameters})),
        (
            "common",
            json!({"userLocale": "ja", "hostApp": "CHAT", "platform": "WEB",
            "invokedFunction": function, "parameters": by_key}),
        ),
    ];
    send(world, "CARD_CLICKED", person, space, extra, now_ms);
}

/// The same event once more with a fresh token, as Google may do when nobody answered.
pub(super) fn again(world: &mut World, callback: &Callback, now_ms: i64) {
    let url = world.google_chat.app.endpoint.clone();
    queue(world, callback.event.clone(), url, callback.body.clone(), now_ms);
}

/// An event was answered. What failed is posted again with the same body; any 2xx is an answer.
pub(crate) fn answered(world: &mut World, id: u64, status: Option<u16>) {
    let tried = world.google_chat.tries.remove(&id).unwrap_or_default();
    if status.is_some_and(|status| status < 500) || !world.google_chat.settings.retry_events {
        return;
    }
    let Some(failed) = world.callbacks().find(|callback| callback.id == id).cloned() else { return };
    let Some(wait) = RETRIES_MS.get(tried) else { return };
    let due = failed.at + wait;
    let next = world.queue_callback_later(Callback { answer: CallbackAnswer::Pending, ..failed }, due);
    world.google_chat.tries.insert(next, tried + 1);
}

/// RFC 3339 UTC with milliseconds.
pub(super) fn time(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// The message as events show it: in full, with what was said to the app.
fn told(world: &World, space: &str, message: &Message) -> Option<Value> {
    let space = world.google_chat.spaces.get(space)?;
    let mut told = message_json(world, space, message, false);
    let fields = told.as_object_mut()?;
    if let Some(text) = message.body.get("text").and_then(Value::as_str) {
        let mut annotations = markup::people_mentions(world, text, &space.members);
        let mut argument = text.to_owned();
        if let Some((rest, annotation)) = markup::app_mention(world, text) {
            annotations.insert(0, annotation);
            argument = rest;
        }
        fields.insert("argumentText".into(), argument.into());
        fields.insert("formattedText".into(), text.into());
        if !annotations.is_empty() {
            fields.insert("annotations".into(), annotations.into());
        }
    }
    Some(told)
}

fn send(
    world: &mut World,
    event: &str,
    person: &str,
    space: &str,
    extra: impl IntoIterator<Item = (&'static str, Value)>,
    now_ms: i64,
) {
    let url = world.google_chat.app.endpoint.clone();
    let (Some(person), Some(space)) = (world.member(person), world.google_chat.spaces.get(space)) else {
        return;
    };
    if url.is_empty() {
        return;
    }
    let mut fields = Map::new();
    fields.insert("type".into(), event.into());
    fields.insert("eventTime".into(), time(now_ms).into());
    fields.insert("user".into(), user_json(person));
    fields.insert("space".into(), space.json());
    for (name, value) in extra {
        if let (true, Some(thread)) = (name == "message", value.get("thread")) {
            fields.insert("thread".into(), thread.clone());
        }
        fields.insert(name.into(), value);
    }
    let body = Value::Object(fields);
    // A disagreement is kept in the world's list of violations.
    drop(world.hold(Side::Callback, "google_chat:DeprecatedEvent", &body, now_ms));
    let body = body.to_string().into_bytes();
    let times = if world.google_chat.settings.duplicate_events { 2 } else { 1 };
    for _ in 0..times {
        queue(world, event.to_owned(), url.clone(), body.clone(), now_ms);
    }
}

fn queue(world: &mut World, event: String, url: String, body: Vec<u8>, now_ms: i64) {
    let headers = vec![
        ("Content-Type".to_owned(), "application/json; charset=UTF-8".to_owned()),
        ("User-Agent".to_owned(), "Google-Dynamite".to_owned()),
        ("Authorization".to_owned(), format!("Bearer {}", bearer(world, &url, now_ms))),
    ];
    world.queue_callback(Callback {
        id: 0,
        provider: PROVIDER,
        url,
        headers,
        body,
        event,
        bot: 0,
        at: now_ms,
        answer: CallbackAnswer::Pending,
    });
}

/// A token for the audience that the app is configured for.
fn bearer(world: &World, url: &str, now_ms: i64) -> String {
    let app = &world.google_chat.app;
    let iat = now_ms.div_euclid(1000);
    let (signer, claims) = match app.audience {
        Audience::EndpointUrl => (
            ACCOUNTS,
            json!({
                "iss": "https://accounts.google.com", "aud": url, "azp": "108400000000000077777",
                "sub": "108400000000000077777", "email": CHAT_ISSUER, "email_verified": true,
                "iat": iat, "exp": iat + LIFE_S,
            }),
        ),
        Audience::ProjectNumber => (
            CHAT_ISSUER,
            json!({"iss": CHAT_ISSUER, "aud": app.project_number, "iat": iat, "exp": iat + LIFE_S}),
        ),
    };
    VendorKey::of(&world.keys, signer, world.google_chat.key_number)
        .map(|key| key.sign(&claims))
        .unwrap_or_default()
}
