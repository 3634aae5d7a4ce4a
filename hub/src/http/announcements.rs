//! お知らせ: notices that an admin writes by hand. For admins, and company admins within their own company.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{
    api::{
        announcements::{AnnouncementForm, Content, ReachRequest},
        events::MAX_EVENT_BYTES,
    },
    error::Code,
};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/announcements", get(on(list)).post(on(send)))
        .route("/api/announcements/reach", post(on(reach)))
        .route("/api/announcements/preview", post(on(preview)))
        .route("/api/announcements/test", post(on(test)))
        .route("/api/announcements/{id}", get(on(show)))
        .route("/api/announcements/{id}/stop", post(on(stop)))
}

async fn list(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let page = hub.list_announcements(&caller, input.asked("cursor"))?;
    Ok(Reply::bytes(200, "application/json", page.into_bytes()))
}

async fn send(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    refuse_too_large(&input)?;
    let form: AnnouncementForm = input.json()?;
    let row = hub.announce(&caller, form, input.body()).await?;
    Ok(Reply::bytes(201, "application/json", row.into_bytes()))
}

async fn reach(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    refuse_too_large(&input)?;
    let request: ReachRequest = input.json()?;
    Reply::json(200, &hub.count_reach(&caller, &request)?)
}

async fn preview(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    refuse_too_large(&input)?;
    let content: Content = input.json()?;
    Reply::json(200, &hub.preview_announcement(&caller, content, hub.lang(&input))?)
}

async fn test(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    refuse_too_large(&input)?;
    let content: Content = input.json()?;
    Reply::json(202, &hub.test_announcement(&caller, content).await?)
}

async fn show(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let shown = hub.announcement(&caller, &input.id("id")?, hub.lang(&input))?;
    Ok(Reply::bytes(200, "application/json", shown.into_bytes()))
}

async fn stop(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.stop_announcement(&caller, &input.id("id")?, hub.lang(&input))?)
}

/// What is longer than an event is not read at all.
fn refuse_too_large(input: &Input) -> Result<(), Refusal> {
    if input.body().len() > MAX_EVENT_BYTES { Err(Code::TooLarge.into()) } else { Ok(()) }
}
