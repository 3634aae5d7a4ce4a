//! The workspace itself: its settings, who runs it, its export and its end.

use std::rc::Rc;

use axum::{
    Router,
    routing::{delete, get, post, put},
};
use shared::api::workspace::{ExportRequest, RoleRequest};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/settings/workspace", get(on(settings)).put(on(set)))
        .route("/api/settings/roles", get(on(roles)))
        .route("/api/settings/roles/{member}", put(on(set_role)))
        .route("/api/settings/export", post(on(export)))
        .route("/api/workspace/consequences", get(on(consequences)))
        .route("/api/workspace", delete(on(end)))
}

async fn settings(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &hub.workspace_settings()?)
}

async fn set(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.set_workspace(&caller, input.json()?)?)
}

async fn roles(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Ok(Reply::bytes(200, "application/json", hub.role_holders(&caller)?.into_bytes()))
}

async fn set_role(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let RoleRequest { role } = input.json()?;
    Reply::json(200, &hub.set_role(&caller, &input.id("member")?, role)?)
}

async fn export(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: ExportRequest = input.json()?;
    Reply::json(200, &hub.export(&caller, &request)?)
}

async fn consequences(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.workspace_consequences(&caller)?)
}

/// What is left at providers that could not be reached, in `{"left":[…]}`.
async fn end(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let left = hub.end_workspace(&caller, input.asked("confirm").unwrap_or_default()).await?;
    Reply::json(200, &serde_json::json!({ "left": left }))
}
