//! Quiet time of the workspace and the company's calendar, for admins.

use std::rc::Rc;

use axum::{
    Router,
    routing::{delete, get, put},
};
use shared::api::quiet::{CompanyDaysRequest, QuietRequest};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal, sessions::Caller};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/settings/quiet", get(on(show)).put(on(set)))
        .route("/api/settings/quiet/days", put(on(set_days)))
        .route("/api/settings/quiet/days/{day}", delete(on(forget_days)))
}

async fn show(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    shown(&hub, &input, &hub.caller(&input)?)
}

async fn set(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: QuietRequest = input.json()?;
    input.still(|| Ok(serde_json::to_string(&hub.workspace_quiet(&caller, hub.lang(&input))?)?))?;
    hub.set_workspace_quiet(&caller, &request)?;
    shown(&hub, &input, &caller)
}

async fn set_days(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: CompanyDaysRequest = input.json()?;
    hub.set_company_days(&caller, &request)?;
    shown(&hub, &input, &caller)
}

async fn forget_days(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let first = input.param("day")?;
    hub.forget_company_days(&caller, first, input.asked("until").unwrap_or(first))?;
    shown(&hub, &input, &caller)
}

fn shown(hub: &Hub, input: &Input, caller: &Caller) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.workspace_quiet(caller, hub.lang(input))?)
}
