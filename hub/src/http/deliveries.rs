//! 配信 in the console, and a member's own notices.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{
    channel::Channel,
    delivery::State,
    error::{Code, Error},
    id::{DeliveryId, EventId},
};

use super::{App, Input, Reply, on};
use crate::{deliveries::Filter, hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/deliveries", get(on(list)))
        .route("/api/deliveries/{id}", get(on(show)))
        .route("/api/deliveries/{id}/resend", post(on(resend)))
        .route("/api/me/notices", get(on(mine)))
        .route("/api/me/notices/{id}", get(on(one_of_mine)))
}

async fn list(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    let text = |name: &str| input.asked(name);
    let word = |name: &str, ok: bool| if ok { Ok(()) } else { Err(Error::field(Code::WrongType, name)) };
    let state = text("state").and_then(State::from_code);
    let channel = text("channel").and_then(Channel::from_code);
    word("state", text("state").is_none() || state.is_some())?;
    word("channel", text("channel").is_none() || channel.is_some())?;
    let filter = Filter {
        state,
        channel,
        kind: text("kind").map(str::to_owned),
        q: text("q").map(str::to_owned),
        cursor: text("cursor").map(str::to_owned),
    };
    Reply::json(200, &hub.list_deliveries(&filter, hub.lang(&input))?)
}

async fn show(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    let id: DeliveryId = input.id("id")?;
    Reply::json(200, &hub.delivery(&id, None, hub.lang(&input))?)
}

async fn resend(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    caller.admin_member()?;
    let id: DeliveryId = input.id("id")?;
    Reply::json(200, &hub.resend(&caller, &id, hub.lang(&input)).await?)
}

async fn mine(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let member = caller.member()?;
    Reply::json(200, &hub.notices(&member.id, input.asked("cursor"), hub.lang(&input))?)
}

async fn one_of_mine(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    let member = caller.member()?;
    // Messengers link to the event: one link fits everybody who got it.
    let id = match input.id::<EventId>("id") {
        Ok(event) => hub.delivery_for(&event, &member.id)?,
        Err(_) => input.id("id")?,
    };
    Reply::json(200, &hub.delivery(&id, Some(&member.id), hub.lang(&input))?)
}
