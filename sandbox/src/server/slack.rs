//! Slack's door and its part of the control API.
//!
//! | path | what |
//! | --- | --- |
//! | `/slack/api/{method}` | slack.com/api |
//! | `/slack/oauth/v2/authorize` | the page that installs an app |
//! | `/slack/actions/…` | hooks.slack.com, a response_url |
//! | `/control/slack/…` | what people do, the app's settings page, limits |

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Hall;
use super::control::{Body, Outcome, Refused, Shared, done};
use super::faces::knock;
use crate::world::slack::{AppSettings, SlackActError};
use crate::world::{Face, Pressed};

pub(super) fn routes() -> Router<Arc<Hall>> {
    Router::new().route("/slack/{*path}", any(door)).nest("/control/slack", control())
}

async fn door(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    knock(hall, Face::Slack, "/slack", request).await
}

fn control() -> Router<Arc<Hall>> {
    Router::new()
        .route("/talk/{channel}", get(talk))
        .route("/say", post(say))
        .route("/edit", post(edit))
        .route("/open", post(open))
        .route("/press", post(press))
        .route("/invite", post(invite))
        .route("/kick", post(kick))
        .route("/enter", post(enter))
        .route("/leave", post(leave))
        .route("/archive", post(archive))
        .route("/deactivate", post(deactivate))
        .route("/install", post(install))
        .route("/uninstall", post(uninstall))
        .route("/settings", post(settings))
        .route("/limits", post(limits))
}

impl From<SlackActError> for Refused {
    fn from(error: SlackActError) -> Self {
        Self(axum::http::StatusCode::CONFLICT, error.to_string())
    }
}

async fn talk(State(hall): Shared, Path(channel): Path<String>) -> Json<Value> {
    Json(hall.peek(|world| world.slack_talk_view(&channel)))
}

/// `person`: userId, login ID, its first part, or `U…`. `channel`: id, name, or `dm` for the app's DM.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Say {
    person: String,
    channel: String,
    text: String,
    thread_ts: Option<String>,
}

async fn say(State(hall): Shared, Body(it): Body<Say>) -> Outcome {
    let ts = hall.with(|world, now_ms| {
        world.slack_say(&it.person, &it.channel, &it.text, it.thread_ts.as_deref(), now_ms)
    })?;
    Ok(Json(json!({"ts": ts})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    person: String,
    channel: String,
    ts: String,
    text: String,
}

async fn edit(State(hall): Shared, Body(it): Body<Edit>) -> Outcome {
    hall.with(|world, now_ms| world.slack_edit(&it.person, &it.channel, &it.ts, &it.text, now_ms))?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    person: String,
    #[serde(default)]
    app: String,
}

async fn open(State(hall): Shared, Body(it): Body<Open>) -> Outcome {
    let channel = hall.with(|world, now_ms| world.slack_open(&it.person, &it.app, now_ms))?;
    Ok(Json(json!({"channel": channel})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Press {
    person: String,
    channel: String,
    ts: String,
    button: usize,
}

/// Gives `{"open": url}` for a link; it calls back all the same.
async fn press(State(hall): Shared, Body(it): Body<Press>) -> Outcome {
    let pressed =
        hall.with(|world, now_ms| world.slack_press(&it.person, &it.channel, &it.ts, it.button, now_ms))?;
    Ok(Json(match pressed {
        Pressed::Open(url) => json!({"sent": true, "open": url}),
        _ => json!({"sent": true}),
    }))
}

/// `app` may be left out: the demo app.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppInChannel {
    channel: String,
    #[serde(default)]
    app: String,
}

async fn invite(State(hall): Shared, Body(it): Body<AppInChannel>) -> Outcome {
    hall.with(|world, now_ms| world.slack_invite(&it.channel, &it.app, now_ms))?;
    done()
}

async fn kick(State(hall): Shared, Body(it): Body<AppInChannel>) -> Outcome {
    hall.with(|world, now_ms| world.slack_kick(&it.channel, &it.app, now_ms))?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonInChannel {
    channel: String,
    person: String,
}

async fn enter(State(hall): Shared, Body(it): Body<PersonInChannel>) -> Outcome {
    hall.with(|world, now_ms| world.slack_member(&it.channel, &it.person, true, now_ms))?;
    done()
}

async fn leave(State(hall): Shared, Body(it): Body<PersonInChannel>) -> Outcome {
    hall.with(|world, now_ms| world.slack_member(&it.channel, &it.person, false, now_ms))?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Archive {
    channel: String,
    archived: bool,
}

async fn archive(State(hall): Shared, Body(it): Body<Archive>) -> Outcome {
    hall.with(|world, _| world.slack_archive(&it.channel, it.archived))?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deactivate {
    person: String,
    deactivated: bool,
}

async fn deactivate(State(hall): Shared, Body(it): Body<Deactivate>) -> Outcome {
    hall.with(|world, _| world.slack_deactivate(&it.person, it.deactivated))?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneApp {
    #[serde(default)]
    app: String,
}

/// The button of the app's settings page; gives the bot token.
async fn install(State(hall): Shared, Body(it): Body<OneApp>) -> Outcome {
    let token = hall.with(|world, _| world.slack_install(&it.app))?;
    Ok(Json(json!({"bot_token": token})))
}

async fn uninstall(State(hall): Shared, Body(it): Body<OneApp>) -> Outcome {
    hall.with(|world, now_ms| world.slack_uninstall(&it.app, now_ms))?;
    done()
}

/// The app's settings page: what is left out stays. A new `events_url` gets its challenge at once; whether it
/// met it is told as `eventsVerified` in the state.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    app: String,
    events_url: Option<String>,
    interactivity_url: Option<String>,
    events: Option<Vec<String>>,
    redirect_urls: Option<Vec<String>>,
    scopes: Option<Vec<String>>,
    messages_tab: Option<bool>,
}

async fn settings(State(hall): Shared, Body(it): Body<Settings>) -> Outcome {
    hall.with(|world, now_ms| {
        let id = world.slack_app_id(&it.app)?;
        let old = world.slack().app(&id).map(|app| app.settings.clone()).unwrap_or_default();
        let new = AppSettings {
            events_url: it.events_url.unwrap_or(old.events_url),
            interactivity_url: it.interactivity_url.unwrap_or(old.interactivity_url),
            events: it.events.unwrap_or(old.events),
            redirect_urls: it.redirect_urls.unwrap_or(old.redirect_urls),
            scopes: it.scopes.unwrap_or(old.scopes),
            messages_tab: it.messages_tab.unwrap_or(old.messages_tab),
        };
        world.slack_settings(&id, new, now_ms)
    })?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    posts_per_minute: Option<u32>,
    channel_burst: Option<u32>,
    channel_interval_ms: Option<i64>,
}

async fn limits(State(hall): Shared, Body(it): Body<Limits>) -> Outcome {
    hall.with(|world, _| {
        let limits = &mut world.slack_mut().limits;
        limits.posts_per_minute = it.posts_per_minute.unwrap_or(limits.posts_per_minute);
        limits.channel_burst = it.channel_burst.unwrap_or(limits.channel_burst);
        limits.channel_interval_ms = it.channel_interval_ms.unwrap_or(limits.channel_interval_ms);
        world.touch();
    });
    done()
}
