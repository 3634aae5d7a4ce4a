//! `/api/v1/members` and `/api/v1/companies`: for admins, company admins and keys with the scope `admin`.

mod files;

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post, put},
};
use shared::{
    api::members::{CompanyForm, MemberForm},
    error::{Code, Error},
};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, members::MemberFilter, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/members", get(on(list)).post(on(create)))
        .route("/api/v1/members/{id}", get(on(one)).put(on(update)).delete(on(delete)))
        .route("/api/v1/members/{id}/consequences", get(on(consequences)))
        .route("/api/v1/members/{id}/sign-in-link", post(on(sign_in_link)))
        .route("/api/v1/companies", get(on(companies)).post(on(create_company)))
        .route("/api/v1/companies/{id}", put(on(rename_company)).delete(on(delete_company)))
        .merge(files::routes())
}

async fn list(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let filter = MemberFilter::of(&input)?;
    match input.asked("unreachable") {
        None => Reply::json(200, &hub.list_members(&caller, filter)?),
        Some("critical") => Reply::json(200, &hub.unreachable_members(&caller, filter)?),
        Some(_) => Err(Error::field(Code::WrongType, "unreachable").into()),
    }
}

/// What is not said is as on an empty form: usable, a plain member.
async fn create(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let form = input.json_over(&MemberForm::fresh())?;
    Reply::json(201, &hub.create_member(&caller, form)?)
}

async fn one(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.visible_member(&caller, &input.id("id")?)?)
}

/// What is not said stays as it is.
async fn update(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let id = input.id("id")?;
    let current = hub.visible_member(&caller, &id)?;
    let form = input.json_over(&MemberForm { version: None, ..current.form() })?;
    Reply::json(200, &hub.update_member(&caller, &id, form)?)
}

async fn consequences(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.member_consequences(&caller, &input.id("id")?)?)
}

/// `?confirm=` says the name; a key may leave it out.
async fn delete(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let id = input.id("id")?;
    let grants = hub.grants_of(&id)?;
    hub.delete_member(&caller, &id, input.asked("confirm"))?;
    for (channel, value) in grants {
        hub.forget_grant(&id, channel, &value).await;
    }
    Ok(Reply::empty(204))
}

async fn sign_in_link(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(201, &hub.make_sign_in_link(&caller, &input.id("id")?)?)
}

async fn companies(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.list_companies(&caller)?)
}

async fn create_company(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let form: CompanyForm = input.json()?;
    Reply::json(201, &hub.create_company(&caller, &form)?)
}

async fn rename_company(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.require_admin()?;
    let form: CompanyForm = input.json()?;
    let id = input.id("id")?;
    input.still(|| Ok(serde_json::to_string(&hub.company(&id)?)?))?;
    Reply::json(200, &hub.rename_company(&caller, &id, &form)?)
}

async fn delete_company(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.delete_company(&caller, &input.id("id")?)?;
    Ok(Reply::empty(204))
}
