//! The doors: `/api/notify`, `/api/status` and `/api/revoke` as LINE Notify answered, `/hooks/in/{token}` as
//! Slack does, and `/api/doors` for the console. The old clients compare answers, so that every one of them,
//! refusals too, has the old form (doors.md §1.6, §2.2).

use std::rc::Rc;

use axum::{
    Router,
    routing::{any, delete, get},
};
use http::Method;
use shared::{
    api::doors::{DoorForm, DoorRequest},
    door::{self, line_notify, slack},
    time::SECOND,
};

use super::{App, Input, Reply, for_log, on};
use crate::{
    call::{Answer, Call},
    doors::{Door, Meter},
    hub::Hub,
    refusal::Refusal,
};

/// Images of scripts are longer than anything else that comes in.
const LONGEST_NOTIFY: usize = 10 * 1024 * 1024;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/notify", any(on(notify)))
        .route("/api/notify/", any(on(notify)))
        .route("/api/status", any(on(status)))
        .route("/api/status/", any(on(status)))
        .route("/api/revoke", any(on(revoke)))
        .route("/api/revoke/", any(on(revoke)))
        .route("/hooks/in/{token}", any(on(slack_hook)))
        .route("/hooks/in/{token}/", any(on(slack_hook)))
        .route("/api/doors", get(on(list)).post(on(create)))
        .route("/api/doors/{id}", delete(on(remove)))
}

/// The longest body of a call, where it is not that of every call.
pub(super) fn longest(target: &str) -> Option<usize> {
    matches!(path(target), "/api/notify").then_some(LONGEST_NOTIFY)
}

/// The refusal of a body that is too long, for calls whose clients read no other form.
pub(super) fn too_large(call: &Call) -> Option<Answer> {
    let reply = match path(&call.target) {
        "/api/notify" | "/api/status" | "/api/revoke" => refused(line_notify::Refused::TooLarge, None),
        path if path.starts_with("/hooks/in/") => hook_refused(slack::Refused::TooLarge),
        _ => return None,
    };
    Some(reply.into_answer())
}

fn path(target: &str) -> &str {
    target.split('?').next().unwrap_or_default().trim_end_matches('/')
}

async fn notify(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    if *input.method() != Method::POST {
        return Ok(refused(line_notify::Refused::WrongMethod, None));
    }
    let mut door = match line_door(&hub, &input) {
        Ok(door) => door,
        Err(no) => return Ok(refused(no, None)),
    };
    let outcome = take_notify(&hub, &mut door, &input).await;
    let meter = Some(hub.meter(&door));
    Ok(match outcome {
        Ok(()) => line_reply(200, line_notify::ok(), meter),
        Err(no) => refused(no, meter),
    })
}

/// 1. Read. 2. Count. 3. Make a notice of it.
async fn take_notify(hub: &Rc<Hub>, door: &mut Door, input: &Input) -> Result<(), line_notify::Refused> {
    use line_notify::{Image, Refused};
    let notify = line_notify::read(input.header("content-type"), input.body(), &input.query)?;
    let failed = |refusal: Refusal| {
        note(hub, &refusal);
        Refused::Internal
    };
    let with_image = notify.image == Some(Image::File);
    if !hub.count_call(door, with_image).map_err(failed)? {
        return Err(Refused::TooMany);
    }
    let lang = hub.door_language().map_err(failed)?;
    let message = notify.message(&door.name, lang, hub.config.development);
    let passed = hub.pass(door, message, notify.urgency(), input.body()).await.map_err(failed)?;
    if passed { Ok(()) } else { Err(Refused::NotInRoom) }
}

async fn status(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    if !matches!(*input.method(), Method::GET | Method::HEAD) {
        return Ok(refused(line_notify::Refused::WrongMethod, None));
    }
    let answer = line_door(&hub, &input).and_then(|door| {
        let name = hub.name_behind(&door).map_err(|refusal| {
            note(&hub, &refusal);
            line_notify::Refused::Internal
        })?;
        let body = line_notify::status(door.leads_to_room(), name.as_deref());
        Ok(line_reply(200, body, Some(hub.meter(&door))))
    });
    Ok(answer.unwrap_or_else(|no| refused(no, None)))
}

/// GET too: a client was seen to use it, and without the header nobody gets this far by following a link.
async fn revoke(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    if !matches!(*input.method(), Method::POST | Method::GET) {
        return Ok(refused(line_notify::Refused::WrongMethod, None));
    }
    let answer = line_door(&hub, &input).and_then(|door| {
        hub.shut_own(&door).map_err(|refusal| {
            note(&hub, &refusal);
            line_notify::Refused::Internal
        })
    });
    Ok(match answer {
        Ok(()) => line_reply(200, line_notify::ok(), None),
        Err(no) => refused(no, None),
    })
}

fn line_door(hub: &Hub, input: &Input) -> Result<Door, line_notify::Refused> {
    let token = input.header("authorization").and_then(door::bearer);
    let door = token.map(|token| hub.door(DoorForm::LineNotify, token)).transpose().map_err(|refusal| {
        note(hub, &refusal);
        line_notify::Refused::Internal
    })?;
    door.flatten().filter(|door| !door.is_shut()).ok_or(line_notify::Refused::BadToken)
}

fn refused(no: line_notify::Refused, meter: Option<Meter>) -> Reply {
    line_reply(no.status(), no.body(), meter)
}

fn line_reply(status: u16, body: Vec<u8>, meter: Option<Meter>) -> Reply {
    let reply = Reply::bytes(status, line_notify::CONTENT_TYPE, body);
    let Some(meter) = meter else { return reply };
    // Spelt exactly so: a client compares the case (doors.md §1.2).
    reply
        .header("X-RateLimit-Limit", meter.limit.to_string())
        .header("X-RateLimit-ImageLimit", meter.image_limit.to_string())
        .header("X-RateLimit-Remaining", meter.left.to_string())
        .header("X-RateLimit-ImageRemaining", meter.images_left.to_string())
        .header("X-RateLimit-Reset", (meter.reset_at / SECOND).to_string())
}

async fn slack_hook(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    if *input.method() != Method::POST {
        return Ok(hook_refused(slack::Refused::WrongMethod));
    }
    let mut door = match hub.door(DoorForm::Slack, input.param("token")?) {
        Ok(Some(door)) if door.is_shut() => return Ok(hook_refused(slack::Refused::NoActiveHooks)),
        Ok(Some(door)) => door,
        Ok(None) => return Ok(hook_refused(slack::Refused::InvalidToken)),
        Err(refusal) => {
            note(&hub, &refusal);
            return Ok(hook_refused(slack::Refused::RollupError));
        }
    };
    Ok(match take_hook(&hub, &mut door, &input).await {
        Ok(()) => Reply::bytes(200, slack::CONTENT_TYPE, slack::OK.to_vec()),
        Err(no @ slack::Refused::RateLimited) => {
            let wait = (hub.meter(&door).reset_at - hub.now()) / SECOND;
            hook_refused(no).header("retry-after", wait.max(1).to_string())
        }
        Err(no) => hook_refused(no),
    })
}

/// 1. Read. 2. Count. 3. Make a notice of it.
async fn take_hook(hub: &Rc<Hub>, door: &mut Door, input: &Input) -> Result<(), slack::Refused> {
    use slack::Refused;
    let payload = slack::read(input.header("content-type"), input.body())?;
    let failed = |refusal: Refusal| {
        note(hub, &refusal);
        Refused::RollupError
    };
    if !hub.count_call(door, false).map_err(failed)? {
        return Err(Refused::RateLimited);
    }
    let message = payload.message(&door.name, hub.config.development);
    let passed = hub.pass(door, message, None, input.body()).await.map_err(failed)?;
    if passed { Ok(()) } else { Err(Refused::ChannelNotFound) }
}

fn hook_refused(no: slack::Refused) -> Reply {
    Reply::bytes(no.status(), slack::CONTENT_TYPE, no.to_string().into_bytes())
}

/// A fault that the old form has no words for.
fn note(hub: &Hub, refusal: &Refusal) {
    let codes: Vec<_> = match refusal {
        Refusal::Because(errors) => errors.iter().map(|error| error.code).collect(),
        _ => Vec::new(),
    };
    hub.ports.log.line(&format!("door: {} {codes:?}", for_log(refusal)));
}

async fn list(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Reply::json(200, &hub.list_doors(&caller)?)
}

async fn create(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let request: DoorRequest = input.json()?;
    Reply::json(201, &hub.create_door(&caller, &request)?)
}

async fn remove(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    hub.revoke_door(&caller, &input.id("id")?)?;
    Ok(Reply::empty(204))
}
