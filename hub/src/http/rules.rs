//! 通知ルール: kinds, the grid, what members may set, companies' rooms, members' own settings.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post, put},
};
use shared::api::{
    companies::{CompanyRulesForm, RoomRequest},
    settings::{AppPermission, KindChange, KindRequest, RuleRequest},
};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/kinds", get(on(kinds)).post(on(create_kind)))
        .route("/api/v1/kinds/{code}", put(on(change_kind)).delete(on(delete_kind)))
        .route("/api/rules", get(on(rules)).put(on(set_rule)))
        .route("/api/rules/apps/{app}", put(on(permit_app)))
        .route("/api/rules/companies", get(on(companies)))
        .route("/api/rules/companies/{id}", get(on(company)).put(on(set_company)).delete(on(delete_company)))
        .route("/api/rules/companies/{id}/rooms", get(on(room_choices)))
        .route("/api/rules/companies/{id}/test", post(on(test_company)))
        .route("/api/rules/members", get(on(members)))
        .route("/api/rules/members/{id}", get(on(member)))
        .route("/api/rooms/find", post(on(find_room)))
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

async fn change_kind(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let change: KindChange = input.json()?;
    caller.require_admin()?;
    let code = input.param("code")?;
    input.still(|| Ok(serde_json::to_string(&hub.known_kind(code)?)?))?;
    Reply::json(200, &hub.change_kind(&caller, code, &change)?)
}

async fn delete_kind(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.delete_kind(&caller, input.param("code")?)?;
    Ok(Reply::empty(204))
}

/// `?company=` is the grid of one company, for its own admin too.
async fn rules(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    match input.asked("company") {
        Some(company) => hub.require_company(&caller, company)?,
        None => drop(caller.admin_member()?),
    }
    Reply::json(200, &hub.kinds_of_company(input.asked("company"))?)
}

async fn set_rule(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: RuleRequest = input.json()?;
    Reply::json(200, &hub.set_rule(&caller, &request)?)
}

async fn permit_app(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let permission: AppPermission = input.json()?;
    Reply::json(200, &hub.permit_app(&caller, input.param("app")?, permission)?)
}

async fn companies(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.list_company_rules(&caller, input.asked("q"), input.asked("app"))?)
}

async fn company(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.company_rules_of(&caller, input.param("id")?)?)
}

async fn set_company(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let form: CompanyRulesForm = input.json()?;
    Reply::json(200, &hub.set_company_rules(&caller, input.param("id")?, &form)?)
}

async fn delete_company(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.delete_company_rules(&caller, input.param("id")?)?;
    Ok(Reply::empty(204))
}

async fn test_company(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let lang = hub.lang(&input);
    Reply::json(202, &hub.test_company_room(&caller, input.param("id")?, lang).await?)
}

async fn room_choices(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.room_choices(&caller, input.param("id")?)?)
}

async fn members(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let (q, app, cursor) = (input.asked("q"), input.asked("app"), input.asked("cursor"));
    Reply::json(200, &hub.list_member_rules(&caller, q, app, cursor)?)
}

async fn member(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.member_settings(&caller, &input.id("id")?, hub.lang(&input))?)
}

async fn find_room(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: RoomRequest = input.json()?;
    Reply::json(200, &hub.find_room_by_id(&caller, &request).await?)
}
