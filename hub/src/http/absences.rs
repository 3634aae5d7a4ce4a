//! Absences of business systems, members' feeds of them, and the switch of LINE WORKS calendars.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post, put},
};
use shared::{
    api::{
        absences::{AbsenceRequest, MAX_ABSENCE_BYTES},
        integrations::CalendarRequest,
    },
    error::Code,
    ics,
};

use super::{App, Input, Reply, me, on};
use crate::{absences::AbsenceFilter, hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/absences", get(on(list)))
        .route("/api/v1/absences/{ref}", put(on(save)).delete(on(delete)))
        .route("/api/me/calendar", get(on(feed)).post(on(make_feed)).delete(on(remove_feed)))
        .route("/calendar/{file}", get(on(file)))
        .route("/api/integrations/{id}/calendar", put(on(switch)))
        .route("/api/integrations/{id}/calendar/retry", post(on(retry)))
}

async fn list(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.list_absences(&caller, AbsenceFilter::of(&input)?)?)
}

async fn save(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    if input.body().len() > MAX_ABSENCE_BYTES {
        return Err(Code::TooLarge.into());
    }
    let request: AbsenceRequest = input.json()?;
    let (fresh, absence) = hub.save_absence(&caller, input.param("ref")?, &request).await?;
    Reply::json(if fresh { 201 } else { 200 }, &absence)
}

async fn delete(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.delete_absence(&caller, input.param("ref")?).await?;
    Ok(Reply::empty(204))
}

async fn feed(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.calendar_feed(&me::caller(&hub, &input)?.id)?)
}

async fn make_feed(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    Reply::json(201, &hub.make_calendar_feed(&me::caller(&hub, &input)?.id)?)
}

async fn remove_feed(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.remove_calendar_feed(&me::caller(&hub, &input)?.id)?;
    Ok(Reply::empty(204))
}

/// The address is the only key to it.
async fn file(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let text = hub.calendar_of(input.param("file")?)?.ok_or(Code::NotFound)?;
    Ok(Reply::bytes(200, ics::CONTENT_TYPE, text.into_bytes())
        .header("content-disposition", "inline; filename=\"absences.ics\""))
}

async fn switch(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    let CalendarRequest { on } = input.json()?;
    Reply::json(200, &hub.switch_calendar(&caller, input.param("id")?, on).await?)
}

async fn retry(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    Reply::json(200, &hub.retry_calendar(&caller, input.param("id")?).await?)
}
