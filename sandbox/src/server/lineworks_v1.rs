//! `/lineworks/v1/…`: the door of `apis.worksmobile.com`, LINE WORKS API 1.0.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use serde_json::{Value, json};

use super::Hall;
use super::faces::knock;
use crate::world::{Face, World};

pub(super) fn routes() -> Router<Arc<Hall>> {
    Router::new().route("/lineworks/v1/{*path}", any(api))
}

/// What the product's form asks for.
pub(super) fn credentials(world: &World) -> Value {
    let tenant = world.v1();
    let admin = world.people().first();
    json!({
        "api_id": tenant.api_id,
        "consumer_key": tenant.consumer_key,
        "fixed_token": tenant.fixed_token,
        "server_id": tenant.server_id,
        "private_key": world.keys().private_pem(),
        "domain_id": admin.map(|person| person.domain_id),
        "bot_admin": admin.map(|person| &person.login),
    })
}

async fn api(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    knock(hall, Face::LineWorksV1, "/lineworks/v1", request).await
}
