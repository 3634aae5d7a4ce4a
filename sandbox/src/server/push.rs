//! The push service's door, and its part of the control API.

use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Json, Router, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Hall;
use super::control::{Body, Outcome, Shared};
use super::faces::knock;
use crate::world::Face;

pub(super) fn faces() -> Router<Arc<Hall>> {
    Router::new().route("/push/{token}", any(push))
}

async fn push(State(hall): Shared, request: Request) -> Response {
    knock(hall, Face::Push, "/push", request).await
}

/// `/control/push/…`: what a browser does beside the page.
pub(super) fn control() -> Router<Arc<Hall>> {
    Router::new()
        .route("/subscribe", post(subscribe))
        .route("/unsubscribe", post(unsubscribe))
        .route("/shown/{person}", get(shown))
}

#[derive(Deserialize)]
struct Subscribe {
    person: String,
    /// The sender's, base64url.
    key: String,
}

async fn subscribe(State(hall): Shared, Body(asked): Body<Subscribe>) -> Outcome {
    Ok(Json(hall.with(|world, _| world.push_subscribe(&asked.person, &asked.key))?))
}

#[derive(Deserialize)]
struct Unsubscribe {
    endpoint: String,
}

async fn unsubscribe(State(hall): Shared, Body(asked): Body<Unsubscribe>) -> Json<Value> {
    Json(json!({"known": hall.with(|world, _| world.push_unsubscribe(&asked.endpoint))}))
}

async fn shown(State(hall): Shared, Path(person): Path<String>) -> Json<Value> {
    Json(hall.peek(|world| {
        json!({"shown": world.push_shown(&person), "total": world.push_total(&person), "unreadable": world.push_unreadable()})
    }))
}
