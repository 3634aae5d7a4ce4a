//! 配信 in the console, and a member's own notices.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{
    api::bulk::BulkRequest,
    id::{DeliveryId, EventId},
};

use super::{App, Input, Reply, on};
use crate::{
    deliveries::{Scope, read_filter},
    hub::Hub,
    refusal::Refusal,
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/deliveries", get(on(list)))
        .route("/api/deliveries/{id}", get(on(show)))
        .route("/api/deliveries/{id}/resend", post(on(resend)))
        .route("/api/bulk", get(on(jobs)).post(on(begin)))
        .route("/api/bulk/count", post(on(count)))
        .route("/api/bulk/{id}", get(on(job)))
        .route("/api/bulk/{id}/stop", post(on(stop)))
        .route("/api/me/notices", get(on(mine)))
        .route("/api/me/notices/{id}", get(on(one_of_mine)))
}

async fn list(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let company = hub.company_of_admin(&hub.caller(&input)?)?;
    let scope = Scope { filter: read_filter(&input)?, company, ids: Vec::new() };
    Reply::json(200, &hub.list_deliveries(&scope, input.asked("cursor"), hub.lang(&input))?)
}

async fn show(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let id: DeliveryId = input.id("id")?;
    hub.may_handle(&caller, &id)?;
    Reply::json(200, &hub.delivery(&id, None, hub.lang(&input))?)
}

async fn resend(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let id: DeliveryId = input.id("id")?;
    hub.may_handle(&caller, &id)?;
    Reply::json(200, &hub.resend(&caller, &id, hub.lang(&input)).await?)
}

async fn count(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: BulkRequest = input.json()?;
    Reply::json(200, &hub.count_bulk(&caller, request)?)
}

async fn begin(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: BulkRequest = input.json()?;
    Reply::json(202, &hub.begin_bulk(&caller, request).await?)
}

async fn jobs(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Ok(Reply::bytes(200, "application/json", hub.bulk_jobs(&caller)?.into_bytes()))
}

async fn job(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.bulk_job(&caller, &input.id("id")?)?)
}

async fn stop(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.stop_bulk(&caller, &input.id("id")?)?)
}

async fn mine(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let member = caller.member()?;
    Reply::json(200, &hub.notices(&member.id, input.asked("cursor"), hub.lang(&input))?)
}

async fn one_of_mine(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let member = caller.member()?;
    // Messengers link to the event: one link fits everybody who got it.
    let id = match input.id::<EventId>("id") {
        Ok(event) => hub.delivery_for(&event, &member.id)?,
        Err(_) => input.id("id")?,
    };
    Reply::json(200, &hub.delivery(&id, Some(&member.id), hub.lang(&input))?)
}
