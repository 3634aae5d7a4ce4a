//! LINE's doors and its part of the control API.

use std::sync::Arc;

use axum::body::Body as Bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Hall;
use super::control::{Body, Outcome, Press, Shared, bad, done, pressed};
use super::faces::knock;
use crate::world::line::Settings;
use crate::world::{CallbackAnswer, Face};

/// The header by which the world names a callback whose outcome is part of the answer.
const TEST_HEADER: &str = crate::world::line::webhook::TEST_HEADER;

pub(super) fn faces() -> Router<Arc<Hall>> {
    Router::new()
        .route("/line/access/{*path}", any(access))
        .route("/line/friend/{id}", any(friend))
        .route("/line/api/{*path}", any(api))
}

async fn access(State(hall): Shared, request: Request) -> Response {
    knock(hall, Face::LineAccess, "/line/access", request).await
}

async fn friend(State(hall): Shared, request: Request) -> Response {
    knock(hall, Face::LineAccess, "/line", request).await
}

async fn api(State(hall): Shared, request: Request) -> Response {
    let mut response = knock(Arc::clone(&hall), Face::LineApi, "/line/api", request).await;
    let Some(callback) = response.headers_mut().remove(TEST_HEADER) else { return response };
    let Some(callback) = callback.to_str().ok().and_then(|text| text.parse().ok()) else { return response };
    let answer = tested(&hall, callback).await;
    *response.body_mut() = Bytes::from(answer.to_string());
    response
}

/// Waits until a test webhook was answered.
async fn tested(hall: &Hall, callback: u64) -> Value {
    let mut changed = hall.changed.subscribe();
    let pending = |hall: &Hall| {
        hall.peek(|world| {
            world.callbacks().any(|one| one.id == callback && one.answer == CallbackAnswer::Pending)
        })
    };
    let wait = async {
        while pending(hall) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    };
    let (began, patience) = (tokio::time::Instant::now(), super::post::patience("line"));
    // The post gives up by itself; twice its time is never reached.
    let ended = tokio::time::timeout(patience * 2, wait).await.is_ok();
    // Whoever is silent so long was not refused at the door.
    hall.peek(|world| world.line_test_answer(callback, !ended || began.elapsed() >= patience))
}

/// `/control/line/…`; `talk` is `oa:{channelId}` or `group:{groupId}`.
pub(super) fn control() -> Router<Arc<Hall>> {
    Router::new()
        .route("/credentials", get(credentials))
        .route("/settings", post(settings))
        .route("/say", post(say))
        .route("/send", post(send))
        .route("/press", post(press))
        .route("/scan", post(scan))
        .route("/befriend", post(befriend))
        .route("/block", post(block))
        .route("/invite", post(invite))
        .route("/remove", post(remove))
        .route("/enter", post(enter))
        .route("/leave", post(leave))
        .route("/hold", post(hold))
        .route("/release", post(release))
        .route("/repeat", post(repeat))
        .route("/reissue", post(reissue))
        .route("/crowd", post(crowd))
}

async fn credentials(State(hall): Shared) -> Json<Value> {
    Json(hall.peek(crate::world::World::line_credentials))
}

#[derive(Deserialize)]
struct Change {
    channel: i64,
    set: Settings,
}

async fn settings(State(hall): Shared, Body(change): Body<Change>) -> Outcome {
    let known = hall.with(|world, now| world.line_set(change.channel, &change.set, now));
    if known { done() } else { Err(bad("no such channel")) }
}

#[derive(Deserialize)]
struct Say {
    person: String,
    talk: String,
    text: String,
}

async fn say(State(hall): Shared, Body(say): Body<Say>) -> Outcome {
    let no = hall.with(|world, now| world.line_say(&say.person, &say.talk, &say.text, now))?;
    Ok(Json(json!({"no": no})))
}

#[derive(Deserialize)]
struct Send {
    person: String,
    talk: String,
    /// `{"type": "image"}`, `{"type": "sticker", "packageId": "1", "stickerId": "2"}` …
    content: Value,
}

async fn send(State(hall): Shared, Body(it): Body<Send>) -> Outcome {
    let no = hall.with(|world, now| world.line_send(&it.person, &it.talk, it.content, now))?;
    Ok(Json(json!({"no": no})))
}

async fn press(State(hall): Shared, Body(it): Body<Press>) -> Outcome {
    let done = hall.with(|world, now| world.line_press(&it.person, &it.talk, it.message, it.button, now))?;
    Ok(pressed(done))
}

#[derive(Deserialize)]
struct Scan {
    person: String,
    link: String,
}

async fn scan(State(hall): Shared, Body(it): Body<Scan>) -> Outcome {
    let channel = hall.with(|world, now| world.line_scan(&it.person, &it.link, now))?;
    Ok(Json(json!({"channel": channel})))
}

#[derive(Deserialize)]
struct PersonAndChannel {
    person: String,
    channel: i64,
}

async fn befriend(State(hall): Shared, Body(it): Body<PersonAndChannel>) -> Outcome {
    hall.with(|world, now| world.line_befriend(&it.person, it.channel, now))?;
    done()
}

async fn block(State(hall): Shared, Body(it): Body<PersonAndChannel>) -> Outcome {
    hall.with(|world, now| world.line_block(&it.person, it.channel, now))?;
    done()
}

#[derive(Deserialize)]
struct GroupAndChannel {
    group: String,
    channel: i64,
}

async fn invite(State(hall): Shared, Body(it): Body<GroupAndChannel>) -> Outcome {
    hall.with(|world, now| world.line_invite(&it.group, it.channel, now))?;
    done()
}

async fn remove(State(hall): Shared, Body(it): Body<GroupAndChannel>) -> Outcome {
    hall.with(|world, now| world.line_remove(&it.group, it.channel, now))?;
    done()
}

#[derive(Deserialize)]
struct PersonAndGroup {
    person: String,
    group: String,
}

async fn enter(State(hall): Shared, Body(it): Body<PersonAndGroup>) -> Outcome {
    hall.with(|world, now| world.line_move(&it.person, &it.group, true, now))?;
    done()
}

async fn leave(State(hall): Shared, Body(it): Body<PersonAndGroup>) -> Outcome {
    hall.with(|world, now| world.line_move(&it.person, &it.group, false, now))?;
    done()
}

#[derive(Deserialize)]
struct Held {
    channel: i64,
    #[serde(default)]
    reversed: bool,
}

/// Keeps the events of an account back until `release` posts them as one.
async fn hold(State(hall): Shared, Body(it): Body<Held>) -> Outcome {
    hall.with(|world, _| world.line_hold(it.channel));
    done()
}

async fn release(State(hall): Shared, Body(it): Body<Held>) -> Outcome {
    hall.with(|world, now| world.line_release(it.channel, it.reversed, now));
    done()
}

/// Posts the last webhook once more.
async fn repeat(State(hall): Shared, Body(it): Body<Held>) -> Outcome {
    hall.with(|world, now| world.line_repeat(it.channel, now));
    done()
}

/// A new long-lived token; the old one ends.
async fn reissue(State(hall): Shared, Body(it): Body<Held>) -> Outcome {
    let token = hall.with(|world, _| world.line_reissue_token(it.channel));
    token.map(|token| Json(json!({"token": token}))).ok_or_else(|| bad("no such channel"))
}

#[derive(Deserialize)]
struct Crowd {
    channel: i64,
    count: usize,
}

async fn crowd(State(hall): Shared, Body(it): Body<Crowd>) -> Outcome {
    let users = hall.with(|world, _| world.line_crowd(it.channel, it.count));
    Ok(Json(json!({"users": users})))
}

#[cfg(test)]
mod tests;
