//! What Slack posts: signed requests, their answers, and the retries of events (slack.md §7.1 to §7.3).

use std::collections::BTreeMap;

use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::{Callback, CallbackAnswer, NoReply, Reply, World};
use super::apps::EVENTS;
use super::{Slack, SlackApp};
use crate::contract::Side;

/// The name under which callbacks are kept.
pub(crate) const PROVIDER: &str = "slack";

/// Waits before the three retries.
const RETRIES_MS: [i64; 3] = [0, 60_000, 300_000];

/// Posts remembered until they are answered; a world whose answers nobody tells forgets the oldest.
const IN_FLIGHT_KEPT: usize = 2_000;

/// One try at one event.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    due_ms: i64,
    app: String,
    /// The inner event's type, with the subscription's name for messages.
    name: String,
    body: Vec<u8>,
    /// 0 for the first, up to 3.
    retry: usize,
    /// Why it is a retry.
    reason: &'static str,
}

/// What an answer means.
#[derive(Debug, Clone)]
pub(super) enum Flight {
    Event(Attempt),
    Challenge { app: String, url: String, challenge: String },
    Press { channel: String, ts: String, user: String },
}

/// Asks the events URL to show that it is ours (slack.md §7.2), as saving the settings page does.
pub(super) fn challenge(world: &mut World, app_id: &str, now_ms: i64) {
    let challenge = world.slack.rng.hex(3);
    let Some(app) = world.slack.app(app_id) else { return };
    let url = app.settings.events_url.clone();
    let body = json!({"token": OLD_TOKEN, "challenge": challenge, "type": "url_verification"}).to_string();
    let headers = signed(app, "application/json", body.as_bytes(), now_ms);
    let id = queue(world, &url, headers, body.into_bytes(), "url_verification", now_ms);
    fly(world, id, Flight::Challenge { app: app_id.to_owned(), url, challenge });
}

/// A button press: a form, tried once (slack.md §7.3).
pub(super) fn press(
    world: &mut World,
    app_id: &str,
    payload: &Value,
    (channel, ts, user): (&str, &str, &str),
    now_ms: i64,
) {
    let _ = world.hold(Side::Callback, "slack-shape:BlockActionPayload", &without_blocks(payload), now_ms);
    let Some(app) = world.slack.app(app_id) else { return };
    let url = app.settings.interactivity_url.clone();
    let body = format!("payload={}", percent(&payload.to_string()));
    let headers = signed(app, "application/x-www-form-urlencoded", body.as_bytes(), now_ms);
    let flight = Flight::Press { channel: channel.to_owned(), ts: ts.to_owned(), user: user.to_owned() };
    if url.is_empty() {
        press_failed(world, &flight);
        return;
    }
    let id = queue(world, &url, headers, body.into_bytes(), "block_actions", now_ms);
    fly(world, id, flight);
}

/// Sends what waited until now; it is signed now.
pub(crate) fn wake(world: &mut World, now_ms: i64) {
    let waiting = std::mem::take(&mut world.slack.waiting);
    let (due, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|attempt| attempt.due_ms <= now_ms);
    world.slack.waiting = later;
    for attempt in due {
        send(world, attempt, now_ms);
    }
}

/// When [`wake`] next has something to send.
pub(crate) fn next_due(slack: &Slack) -> Option<i64> {
    slack.waiting.iter().map(|attempt| attempt.due_ms).min()
}

/// What became of a post.
pub(crate) fn answered(world: &mut World, id: u64, outcome: &Result<Reply, NoReply>) {
    let Some(flight) = world.slack.in_flight.remove(&id) else { return };
    let good = outcome.as_ref().is_ok_and(|reply| (200..300).contains(&reply.status));
    match flight {
        Flight::Event(_) if good => {}
        Flight::Event(attempt) => {
            let stop = outcome.as_ref().is_ok_and(|reply| reply.header("x-slack-no-retry") == Some("1"));
            if let (false, Some(wait_ms)) = (stop, RETRIES_MS.get(attempt.retry)) {
                let reason = match outcome {
                    Ok(_) => "http_error",
                    Err(NoReply::TimedOut) => "http_timeout",
                    Err(NoReply::Refused) => "connection_failed",
                };
                let due_ms = attempt.due_ms + wait_ms;
                world.slack.waiting.push(Attempt { due_ms, retry: attempt.retry + 1, reason, ..attempt });
            }
        }
        Flight::Challenge { app, url, challenge } => {
            let met = good && outcome.as_ref().is_ok_and(|reply| meets(&reply.body, &challenge));
            if let Some(app) = world.slack.app_mut(&app).filter(|app| app.settings.events_url == url) {
                app.events_verified = met;
            }
        }
        flight @ Flight::Press { .. } => {
            if !good {
                press_failed(world, &flight);
            }
        }
    }
}

/// The challenge as text, form or JSON.
fn meets(body: &[u8], challenge: &str) -> bool {
    let text = String::from_utf8_lossy(body);
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let text = text.trim();
    text == challenge
        || text == format!("challenge={challenge}")
        || json.is_some_and(|json| json.get("challenge").and_then(Value::as_str) == Some(challenge))
}

fn press_failed(world: &mut World, flight: &Flight) {
    if let Flight::Press { channel, ts, user } = flight {
        world.slack_change(channel, ts, |message| {
            if !message.press_failed.contains(user) {
                message.press_failed.push(user.clone());
            }
        });
    }
}

/// Deprecated, and the same in every request: nobody may rely on it.
const OLD_TOKEN: &str = "sandbox-deprecated-verification-token";

/// Sends one event to an app that is installed, listens to it and may.
pub(super) fn emit(world: &mut World, app_id: &str, event: &str, inner: Value, now_ms: i64) {
    let slack = &mut world.slack;
    let event_id = slack.new_id("Ev");
    let Some(app) = slack.app(app_id) else { return };
    let scope = EVENTS.iter().find(|(known, _)| *known == event).map_or("", |(_, scope)| *scope);
    let may = scope.is_empty() || slack.scopes_of(app).iter().any(|known| known == scope);
    let listens = app.settings.events.iter().any(|known| known == event);
    if app.token.is_none() || !app.events_verified || !listens || !may {
        return;
    }
    let envelope = json!({
        "token": OLD_TOKEN,
        "team_id": slack.team_id,
        "context_team_id": slack.team_id,
        "context_enterprise_id": Value::Null,
        "api_app_id": app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": now_ms / 1000,
        "authorizations": [{"enterprise_id": Value::Null, "team_id": slack.team_id, "user_id": app.bot_user,
            "is_bot": true, "is_enterprise_install": false}],
        "is_ext_shared_channel": false,
        "event_context": format!("4-{event_id}"),
    });
    hold(world, event, &envelope, now_ms);
    let body = envelope.to_string().into_bytes();
    let app = app_id.to_owned();
    send(world, Attempt { due_ms: now_ms, app, name: event.to_owned(), body, retry: 0, reason: "" }, now_ms);
}

/// The examples lack `context_…`, and those of edits and of some events do not exist.
fn hold(world: &mut World, event: &str, envelope: &Value, now_ms: i64) {
    let plain = envelope.pointer("/event/subtype").is_none();
    let schema = match event {
        "app_mention" => "slack-shape:AppMentionPayload",
        "message.im" if plain => "slack-shape:MessagePayload",
        "app_uninstalled" => "slack-shape:AppUninstalledPayload",
        "tokens_revoked" => "slack-shape:TokensRevokedPayload",
        _ => return,
    };
    let mut held = without_blocks(envelope);
    if let Some(fields) = held.as_object_mut() {
        fields.retain(|name, _| !name.starts_with("context_"));
    }
    let _ = world.hold(Side::Callback, schema, &held, now_ms);
}

/// The examples hold one kind of block each, and are no list of all kinds.
fn without_blocks(payload: &Value) -> Value {
    let mut held = payload.clone();
    for place in ["event", "message"] {
        if let Some(message) = held.get_mut(place).and_then(Value::as_object_mut) {
            message.remove("blocks");
        }
    }
    held
}

fn send(world: &mut World, attempt: Attempt, now_ms: i64) {
    let Some(app) = world.slack.app(&attempt.app) else { return };
    let url = app.settings.events_url.clone();
    let mut headers = signed(app, "application/json", &attempt.body, now_ms);
    if attempt.retry > 0 {
        headers.push(("X-Slack-Retry-Num".to_owned(), attempt.retry.to_string()));
        headers.push(("X-Slack-Retry-Reason".to_owned(), attempt.reason.to_owned()));
    }
    let id = queue(world, &url, headers, attempt.body.clone(), &attempt.name, now_ms);
    fly(world, id, Flight::Event(Attempt { due_ms: now_ms, ..attempt }));
}

fn queue(
    world: &mut World,
    url: &str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    event: &str,
    now_ms: i64,
) -> u64 {
    world.queue_callback(Callback {
        id: 0,
        provider: PROVIDER,
        url: url.to_owned(),
        headers,
        body,
        event: event.to_owned(),
        bot: 0,
        at: now_ms,
        answer: CallbackAnswer::Pending,
    })
}

fn fly(world: &mut World, id: u64, flight: Flight) {
    let in_flight: &mut BTreeMap<_, _> = &mut world.slack.in_flight;
    in_flight.insert(id, flight);
    while in_flight.len() > IN_FLIGHT_KEPT {
        in_flight.pop_first();
    }
}

fn signed(app: &SlackApp, content_type: &str, body: &[u8], now_ms: i64) -> Vec<(String, String)> {
    let timestamp = (now_ms / 1000).to_string();
    vec![
        ("Content-Type".to_owned(), content_type.to_owned()),
        ("User-Agent".to_owned(), "Slackbot 1.0 (+https://api.slack.com/robots)".to_owned()),
        ("X-Slack-Signature".to_owned(), signature(&app.signing_secret, &timestamp, body)),
        ("X-Slack-Request-Timestamp".to_owned(), timestamp),
    ]
}

/// `v0=` and the HMAC of `v0:timestamp:body` in lower-case hex.
pub(super) fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("v0:{timestamp}:").as_bytes());
    mac.update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={hex}")
}

pub(super) fn percent(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
