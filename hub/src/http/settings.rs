//! API keys, LINE's cost, audit.

use std::rc::Rc;

use axum::{
    Router,
    routing::{delete, get},
};
use shared::{
    api::settings::{KeyRequest, LineCost},
    error::{Code, Error},
};

use super::{App, Input, Reply, on};
use crate::{audit::AuditFilter, hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/keys", get(on(keys)).post(on(create_key)))
        .route("/api/keys/{id}", delete(on(revoke_key)))
        .route("/api/settings/line", get(on(line_cost)).put(on(set_line_cost)))
        .route("/api/audit", get(on(audit)))
}

async fn keys(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.list_keys(&caller)?)
}

async fn create_key(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: KeyRequest = input.json()?;
    Reply::json(201, &hub.create_key(&caller, &request)?)
}

async fn revoke_key(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.revoke_key(&caller, &input.id("id")?)?;
    Ok(Reply::empty(204))
}

async fn audit(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    let time =
        |name| input.asked(name).map(|text| text.parse().map_err(|_| Error::field(Code::WrongType, name)));
    let filter = AuditFilter {
        cursor: input.asked("cursor"),
        q: input.asked("q").unwrap_or_default(),
        group: input.asked("group").unwrap_or_default(),
        from: time("from").transpose()?,
        until: time("until").transpose()?,
    };
    Reply::json(200, &hub.list_audit(&filter)?)
}

async fn line_cost(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &hub.line_cost()?)
}

async fn set_line_cost(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    let cost: LineCost = input.json()?;
    input.still(|| Ok(serde_json::to_string(&hub.line_cost()?)?))?;
    Reply::json(200, &hub.set_line_cost(&caller, cost)?)
}
