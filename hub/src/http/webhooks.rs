//! `/api/webhooks`.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post, put},
};
use shared::api::webhooks::WebhookRequest;

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/webhooks", get(on(list)).post(on(create)))
        .route("/api/webhooks/{id}", put(on(change)).delete(on(remove)))
        .route("/api/webhooks/{id}/secret", post(on(roll)))
        .route("/api/webhooks/{id}/replay", post(on(replay_failed)))
        .route("/api/webhooks/{id}/enable", post(on(enable)))
        .route("/api/webhooks/{id}/test", post(on(test)))
        .route("/api/webhooks/{id}/messages", get(on(messages)))
        .route("/api/webhooks/messages/{id}/replay", post(on(replay)))
}

async fn list(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.list_webhooks(&caller)?)
}

async fn create(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: WebhookRequest = input.json()?;
    Reply::json(201, &hub.create_webhook(&caller, &request).await?)
}

async fn change(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: WebhookRequest = input.json()?;
    let id = input.id("id")?;
    input.still(|| Ok(serde_json::to_string(&hub.webhook_of(&caller, &id)?)?))?;
    Reply::json(200, &hub.change_webhook(&caller, &id, &request)?)
}

async fn roll(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(201, &hub.roll_webhook_secret(&caller, &input.id("id")?).await?)
}

async fn replay_failed(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(202, &hub.replay_failed(&caller, &input.id("id")?).await?)
}

async fn remove(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.delete_webhook(&caller, &input.id("id")?).await?;
    Ok(Reply::empty(204))
}

async fn enable(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.enable_webhook(&caller, &input.id("id")?)?)
}

async fn test(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(202, &hub.test_webhook(&caller, &input.id("id")?).await?)
}

async fn messages(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.list_webhook_messages(&caller, &input.id("id")?)?)
}

async fn replay(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(202, &hub.replay_webhook_message(&caller, &input.id("id")?).await?)
}
