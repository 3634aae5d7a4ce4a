//! The providers' HTTP doors.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use super::Hall;
use crate::world::{self, Answer, Face, Reply};

/// Largest request body taken.
const BODY_MAX: usize = 12 * 1024 * 1024;

/// How long a silent answer holds the connection.
const SILENCE: Duration = Duration::from_secs(600);

pub(super) fn routes() -> Router<Arc<Hall>> {
    Router::new()
        .route("/lineworks/auth/{*path}", any(lineworks_auth))
        .route("/lineworks/api/{*path}", any(lineworks_api))
        .route("/resend/{*path}", any(resend))
}

async fn lineworks_auth(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    knock(hall, Face::LineWorksAuth, "/lineworks/auth", request).await
}

async fn lineworks_api(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    knock(hall, Face::LineWorksApi, "/lineworks/api", request).await
}

async fn resend(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    knock(hall, Face::Resend, "/resend", request).await
}

pub(super) async fn knock(hall: Arc<Hall>, face: Face, prefix: &str, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = head.uri.path_and_query().map_or("", |path| path.as_str());
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let request = world::Request {
        method: head.method.as_str().to_owned(),
        path: path.strip_prefix(prefix).unwrap_or(path).to_owned(),
        headers: head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.to_vec(),
    };
    match hall.with(|world, now_ms| world.http(face, &request, now_ms)) {
        Answer::Reply { reply, after_ms } => {
            if after_ms > 0 {
                tokio::time::sleep(Duration::from_millis(after_ms)).await;
            }
            response(reply)
        }
        Answer::Silence { .. } => {
            // The caller hangs up long before; then this future is dropped.
            tokio::time::sleep(SILENCE).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
    }
}

fn response(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
