//! Google Chat's doors and its part of the control API.
//!
//! | path | what |
//! | --- | --- |
//! | `/google_chat/api/v1/…` | chat.googleapis.com |
//! | `/google_chat/oauth/token` | oauth2.googleapis.com/token |
//! | `/google_chat/certs/…` | www.googleapis.com |
//! | `/control/google_chat/…` | what people do, the app's page in the console, switches |

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Hall;
use super::control::{Body, Outcome, Shared, bad, done, pressed};
use super::faces::knock;
use crate::world::google_chat::{self, Audience, Settings};
use crate::world::{Face, World};

pub(super) fn routes() -> Router<Arc<Hall>> {
    Router::new()
        .route("/google_chat/api/{*path}", any(api))
        .route("/google_chat/oauth/{*path}", any(oauth))
        .route("/google_chat/certs/{*path}", any(certs))
        .nest("/control/google_chat", control())
}

/// What the product's form asks for.
pub(super) fn credentials(world: &World) -> Value {
    let app = world.google_chat().app();
    json!({
        "service_account": app.service_account_file(world.keys()),
        "project_number": app.project_number,
        "audience": app.audience,
        "endpoint": app.endpoint,
    })
}

async fn api(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    knock(hall, Face::GoogleChat, "/google_chat/api", request).await
}

async fn oauth(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    knock(hall, Face::GoogleOauth, "/google_chat/oauth", request).await
}

async fn certs(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    knock(hall, Face::GoogleCerts, "/google_chat/certs", request).await
}

fn control() -> Router<Arc<Hall>> {
    Router::new()
        .route("/space", post(create_space))
        .route("/delete_space", post(delete_space))
        .route("/webhook", post(create_webhook))
        .route("/delete_webhook", post(delete_webhook))
        .route("/add_app", post(add_app))
        .route("/remove_app", post(remove_app))
        .route("/say", post(say))
        .route("/press", post(press))
        .route("/app", post(change_app))
        .route("/settings", post(settings))
        .route("/rotate_keys", post(rotate_keys))
        .route("/redeliver", post(redeliver))
}

/// `person`: userId, login ID or its first part, here and below.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSpace {
    person: String,
    name: String,
    #[serde(default)]
    with: Vec<String>,
}

/// Gives `{"space": id}`.
async fn create_space(State(hall): Shared, Body(it): Body<NewSpace>) -> Outcome {
    if it.name.trim().is_empty() {
        return Err(bad("name is required"));
    }
    let space =
        hall.with(|world, _| google_chat::create_space(world, &it.person, it.name.trim(), &it.with))?;
    Ok(Json(json!({"space": space})))
}

/// `space`: its id, here and below.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonInSpace {
    person: String,
    space: String,
}

async fn delete_space(State(hall): Shared, Body(it): Body<PersonInSpace>) -> Outcome {
    hall.with(|world, now_ms| google_chat::delete_space(world, &it.person, &it.space, now_ms))?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewWebhook {
    person: String,
    space: String,
    name: String,
}

/// Gives `{"url": …}`, as a person copies it.
async fn create_webhook(State(hall): Shared, Body(it): Body<NewWebhook>) -> Outcome {
    let url = hall.with(|world, _| google_chat::create_webhook(world, &it.person, &it.space, &it.name))?;
    Ok(Json(json!({"url": url})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OldWebhook {
    url: String,
}

async fn delete_webhook(State(hall): Shared, Body(it): Body<OldWebhook>) -> Outcome {
    hall.with(|world, _| google_chat::delete_webhook(world, &it.url))?;
    done()
}

/// Without `space`: direct messages. `text`: a message that names the app brings it in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddApp {
    person: String,
    space: Option<String>,
    text: Option<String>,
}

/// Gives `{"space": id}`.
async fn add_app(State(hall): Shared, Body(it): Body<AddApp>) -> Outcome {
    let space = hall.with(|world, now_ms| {
        google_chat::add_app(world, &it.person, it.space.as_deref(), it.text.as_deref(), now_ms)
    })?;
    Ok(Json(json!({"space": space})))
}

async fn remove_app(State(hall): Shared, Body(it): Body<PersonInSpace>) -> Outcome {
    hall.with(|world, now_ms| google_chat::remove_app(world, &it.person, &it.space, now_ms))?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Say {
    person: String,
    space: String,
    text: String,
    /// What follows `/threads/`.
    thread: Option<String>,
}

async fn say(State(hall): Shared, Body(it): Body<Say>) -> Outcome {
    let no = hall.with(|world, now_ms| {
        google_chat::say(world, &it.person, &it.space, &it.text, it.thread.as_deref(), now_ms)
    })?;
    Ok(Json(json!({"no": no})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Press {
    person: String,
    space: String,
    message: u64,
    button: usize,
}

/// Answers as `/control/press` does.
async fn press(State(hall): Shared, Body(it): Body<Press>) -> Outcome {
    let what = hall.with(|world, now_ms| {
        google_chat::press(world, &it.person, &it.space, it.message, it.button, now_ms)
    })?;
    Ok(pressed(what))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct App {
    /// https URL where events go; empty for nowhere.
    endpoint: Option<String>,
    audience: Option<Audience>,
    name: Option<String>,
}

async fn change_app(State(hall): Shared, Body(it): Body<App>) -> Outcome {
    if it.endpoint.as_ref().is_some_and(|url| !url.is_empty() && !url.starts_with("https://")) {
        return Err(bad("endpoint must be an https URL"));
    }
    hall.with(|world, _| google_chat::change_app(world, it.endpoint, it.audience, it.name));
    done()
}

/// Sets the given switches; the others stay. Gives them all.
async fn settings(State(hall): Shared, Body(new): Body<Value>) -> Outcome {
    let merged = hall.with(|world, _| {
        let chat = world.google_chat_mut();
        let mut all = serde_json::to_value(chat.settings).unwrap_or_default();
        if let (Some(all), Some(new)) = (all.as_object_mut(), new.as_object()) {
            all.extend(new.clone());
        }
        let settings: Result<Settings, _> = serde_json::from_value(all.clone());
        if let Ok(settings) = &settings {
            chat.settings = *settings;
        }
        world.touch();
        settings.map(|_| all)
    });
    merged.map(Json).map_err(bad)
}

async fn rotate_keys(State(hall): Shared) -> Outcome {
    hall.with(|world, _| google_chat::rotate_keys(world));
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    /// Number of a callback.
    callback: u64,
}

async fn redeliver(State(hall): Shared, Body(it): Body<Again>) -> Outcome {
    hall.with(|world, now_ms| google_chat::redeliver(world, it.callback, now_ms))?;
    done()
}
