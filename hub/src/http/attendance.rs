//! Attendance: settings, months, corrections, CSV. Merged by its app.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{
    api::attendance::{CorrectionRequest, SendBackRequest, SubmitRequest, TryRequest},
    attendance::Month,
    error::{Code, Error},
};

use super::{App, Input, Reply, on};
use crate::{apps::CsvFilter, hub::Hub, refusal::Refusal};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/attendance/settings", get(on(settings)).put(on(change_settings)))
        .route("/api/attendance/settings/try", post(on(try_text)))
        .route("/api/attendance/months/{month}", get(on(month)))
        .route("/api/attendance/months/{month}/csv", get(on(csv)))
        .route("/api/attendance/months/{month}/corrections", post(on(correct)))
        .route("/api/attendance/months/{month}/submit", post(on(submit)))
        .route("/api/attendance/months/{month}/send-back", post(on(send_back)))
}

async fn settings(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &*hub.attendance_settings()?)
}

async fn change_settings(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    let settings = input.json_over(&*hub.attendance_settings()?)?;
    input.still(|| Ok(serde_json::to_string(&*hub.attendance_settings()?)?))?;
    Reply::json(200, &hub.change_attendance_settings(&caller, settings)?)
}

async fn try_text(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: TryRequest = input.json()?;
    Reply::json(200, &hub.try_attendance(&caller, request, hub.lang(&input))?)
}

async fn month(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let member = asked_id(&input, "member", Code::UnknownMember)?;
    Reply::json(200, &hub.attendance_month(&caller, member.as_ref(), input.id("month")?)?)
}

async fn csv(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let month: Month = input.id("month")?;
    let filter = CsvFilter {
        member: asked_id(&input, "member", Code::UnknownMember)?,
        company: asked_id(&input, "company", Code::UnknownCompany)?,
    };
    let text = hub.attendance_csv(&caller, filter, month, hub.lang(&input))?;
    Ok(Reply::bytes(200, "text/csv; charset=utf-8", text.into_bytes())
        .header("content-disposition", format!("attachment; filename=\"attendance-{month}.csv\"")))
}

async fn correct(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let member = asked_id(&input, "member", Code::UnknownMember)?;
    let request: CorrectionRequest = input.json()?;
    let sheet = hub.correct_attendance(&caller, member.as_ref(), input.id("month")?, request).await?;
    Reply::json(200, &sheet)
}

async fn submit(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let member = asked_id(&input, "member", Code::UnknownMember)?;
    let request = if input.body().is_empty() { SubmitRequest::default() } else { input.json()? };
    Reply::json(200, &hub.submit_attendance(&caller, member.as_ref(), input.id("month")?, &request)?)
}

async fn send_back(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let member = asked_id(&input, "member", Code::UnknownMember)?;
    let request: SendBackRequest = input.json()?;
    let sheet = hub.send_attendance_back(&caller, member.as_ref(), input.id("month")?, request).await?;
    Reply::json(200, &sheet)
}

/// An id in the query; one of another form names nobody.
fn asked_id<T: std::str::FromStr>(input: &Input, name: &str, code: Code) -> Result<Option<T>, Refusal> {
    input
        .asked(name)
        .map(|text| text.parse().map_err(|_| Error::field(code, name).found(text).into()))
        .transpose()
}
