//! `/api/v1/events`.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{
    api::{
        events::{EventRequest, MAX_EVENT_BYTES},
        settings::Scope,
    },
    error::Code,
    id::EventId,
};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/events", post(on(submit)))
        .route("/api/v1/events/{id}", get(on(show)))
        .route("/api/v1/events/{id}/cancel", post(on(cancel)))
}

async fn submit(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.require_scope(Scope::EventsWrite)?;
    if input.body().len() > MAX_EVENT_BYTES {
        return Err(Code::TooLarge.into());
    }
    let request: EventRequest = input.json()?;
    let accepted =
        hub.submit_event(caller.id(), input.header("idempotency-key"), request, input.body()).await?;
    Reply::json(202, &accepted)
}

async fn show(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.require_scope(Scope::EventsRead)?;
    let id: EventId = input.id("id")?;
    Reply::json(200, &hub.event(&id, hub.lang(&input))?)
}

async fn cancel(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.require_scope(Scope::EventsWrite)?;
    let id: EventId = input.id("id")?;
    Reply::json(200, &hub.cancel_event(&id, hub.lang(&input))?)
}
