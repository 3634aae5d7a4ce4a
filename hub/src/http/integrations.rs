//! 連携 and rooms.

use std::rc::Rc;

use axum::{
    Router,
    routing::{delete, get, post, put},
};
use shared::{
    api::integrations::{IntegrationRequest, SecretRequest},
    error::Code,
};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/integrations", get(on(list)).post(on(connect)))
        .route("/api/integrations/check", post(on(check_form)))
        .route("/api/integrations/{id}", delete(on(disconnect)))
        .route("/api/integrations/{id}/check", post(on(check_saved)))
        .route("/api/integrations/{id}/consequences", get(on(consequences)))
        .route("/api/integrations/{id}/match", post(on(match_members)))
        .route("/api/integrations/{id}/secret", put(on(replace_secret)))
        .route("/api/v1/rooms", get(on(rooms)))
        .route("/api/v1/rooms/{id}", get(on(room)))
}

async fn list(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &hub.integrations()?)
}

async fn connect(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    let request: IntegrationRequest = input.json()?;
    Reply::json(201, &hub.connect(&caller, request, hub.lang(&input)).await?)
}

async fn check_form(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    let request: IntegrationRequest = input.json()?;
    Reply::json(200, &hub.check_connection(request).await?)
}

async fn check_saved(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &hub.check_saved(input.param("id")?).await?)
}

async fn consequences(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &hub.consequences(input.param("id")?)?)
}

async fn disconnect(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    let id = input.param("id")?;
    hub.confirm_integration(id, input.asked("confirm"))?;
    hub.disconnect(&caller, id).await?;
    Ok(Reply::empty(204))
}

async fn match_members(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    let (cursor, lang) = (input.asked("cursor"), hub.lang(&input));
    Reply::json(200, &hub.match_members(&caller, input.param("id")?, cursor, lang).await?)
}

async fn replace_secret(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    let request: SecretRequest = input.json()?;
    Reply::json(200, &hub.replace_secret(&caller, input.param("id")?, request).await?)
}

async fn rooms(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.require_admin()?;
    Reply::json(200, &hub.rooms()?)
}

async fn room(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.require_admin()?;
    Reply::json(200, &hub.room(input.param("id")?)?.ok_or(Code::NotFound)?)
}
