//! What providers call.

use std::rc::Rc;

use axum::{Router, routing::post};

use super::{App, Input, Reply, on};
use crate::{callbacks::SlackHeaders, hub::Hub, providers, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/hooks/lineworks/{workspace}/{integration}", post(on(lineworks)))
        .route("/hooks/lineworks_v1/{workspace}/{integration}", post(on(lineworks_v1)))
        .route("/hooks/line/{workspace}/{integration}", post(on(line)))
        .route("/hooks/slack/{workspace}/{integration}", post(on(slack)))
        .route("/hooks/google_chat/{workspace}/{integration}", post(on(google_chat)))
}

async fn lineworks(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let signature = input.header(providers::lineworks::callback::SIGNATURE_HEADER);
    hub.lineworks_callback(input.param("integration")?, signature, input.body()).await?;
    Ok(Reply::empty(200))
}

async fn lineworks_v1(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let signature = input.header(providers::lineworks_v1::callback::SIGNATURE_HEADER);
    hub.lineworks_v1_callback(input.param("integration")?, signature, input.body()).await?;
    Ok(Reply::empty(200))
}

async fn line(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let signature = input.header(providers::line::callback::SIGNATURE_HEADER);
    hub.line_callback(input.param("integration")?, signature, input.body()).await?;
    Ok(Reply::empty(200))
}

async fn slack(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let headers = SlackHeaders {
        timestamp: input.header(providers::slack::callback::TIMESTAMP_HEADER),
        signature: input.header(providers::slack::callback::SIGNATURE_HEADER),
        content_type: input.header("content-type"),
    };
    let answer = hub.slack_callback(input.param("integration")?, headers, input.body()).await?;
    Ok(answer.map_or_else(
        || Reply::empty(200),
        |challenge| Reply::bytes(200, "text/plain; charset=utf-8", challenge.into_bytes()),
    ))
}

async fn google_chat(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.google_chat_callback(input.param("integration")?, input.header("authorization"), input.body())
        .await?;
    // An empty object: the app answers nothing in this exchange (google_chat.md §5.5).
    Reply::json(200, &serde_json::json!({}))
}
