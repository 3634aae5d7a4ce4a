//! Kinds, rules, API keys, audit.

use std::rc::Rc;

use axum::{
    Router,
    routing::{delete, get},
};
use shared::api::settings::{KeyRequest, KindRequest, LineCost, RuleRequest};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/kinds", get(on(kinds)).post(on(create_kind)))
        .route("/api/rules", get(on(rules)).put(on(set_rule)))
        .route("/api/keys", get(on(keys)).post(on(create_key)))
        .route("/api/keys/{id}", delete(on(revoke_key)))
        .route("/api/settings/line", get(on(line_cost)).put(on(set_line_cost)))
        .route("/api/audit", get(on(audit)))
}

/// Anybody who is known may read what kinds there are: a sender has to name one.
async fn kinds(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?;
    Reply::json(200, &hub.kinds()?)
}

async fn create_kind(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: KindRequest = input.json()?;
    Reply::json(201, &hub.create_kind(&caller, request)?)
}

async fn rules(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &hub.kinds()?)
}

async fn set_rule(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: RuleRequest = input.json()?;
    Reply::json(200, &hub.set_rule(&caller, &request)?)
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
    Reply::json(200, &hub.list_audit(input.asked("cursor"))?)
}

async fn line_cost(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &hub.line_cost()?)
}

async fn set_line_cost(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let cost: LineCost = input.json()?;
    Reply::json(200, &hub.set_line_cost(&caller, cost)?)
}
