//! `/api/members/…`: files of people and letters to them, for the pages.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{
    api::members::InviteRequest,
    error::{Code, Error},
    lang::Lang,
};

use super::super::{App, Input, Reply, on};
use crate::{hub::Hub, members::MemberFilter, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/members/export", get(on(export)))
        .route("/api/members/imports", get(on(imports)).post(on(new_import)))
        .route("/api/members/imports/{id}", get(on(import)).delete(on(stop_import)))
        .route("/api/members/imports/{id}/rows", post(on(rows)))
        .route("/api/members/imports/{id}/start", post(on(start)))
        .route("/api/members/imports/{id}/result", get(on(result)))
        .route("/api/members/invitations", get(on(invitations)).post(on(invite)).delete(on(stop_invitations)))
}

async fn export(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let cursor = input.asked("cursor").map(str::to_owned);
    let filter = MemberFilter::without_cursor(&input)?;
    Reply::json(200, &hub.export_members(&caller, filter, cursor.as_deref(), file_lang(&hub, &input))?)
}

async fn imports(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.list_imports(&caller)?)
}

async fn new_import(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(201, &hub.new_import(&caller, &input.json()?)?)
}

async fn import(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.import(&caller, &input.id("id")?)?)
}

async fn stop_import(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.stop_import(&caller, &input.id("id")?)?;
    Ok(Reply::empty(204))
}

async fn rows(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.check_rows(&caller, &input.id("id")?, &input.json()?)?)
}

async fn start(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.start_import(&caller, &input.id("id")?).await?)
}

async fn result(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let id: shared::id::ImportId = input.id("id")?;
    let csv = hub.import_result(&caller, &id, file_lang(&hub, &input))?;
    Ok(Reply::bytes(200, "text/csv; charset=utf-8", csv.into_bytes())
        .header("content-disposition", format!("attachment; filename=\"{id}.csv\"")))
}

async fn invitations(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.invitations(&caller)?)
}

async fn invite(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: InviteRequest = input.json()?;
    if request.members.as_ref().is_some_and(|members| members.len() > 1_000) {
        return Err(Error::field(Code::TooMany, "members").found("1000").into());
    }
    let filter = MemberFilter::of(&input)?;
    Reply::json(200, &hub.invite(&caller, filter, &request).await?)
}

async fn stop_invitations(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.stop_invitations(&caller)?;
    Ok(Reply::empty(204))
}

/// A link to a file carries its language; a download sends the browser's own header.
fn file_lang(hub: &Hub, input: &Input) -> Lang {
    input.asked("lang").map_or_else(|| hub.lang(input), Lang::from_tags)
}
