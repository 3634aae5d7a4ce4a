//! わたしの通知.

use std::rc::Rc;

use axum::{
    Router,
    routing::{delete, get, post, put},
};
use shared::{
    api::{
        events::PressRequest,
        linking::ChannelRequest,
        me::{LanguageRequest, MyQuietRequest, PreferenceRequest, ReadRequest},
    },
    channel::Channel,
    error::Code,
};

use super::{App, Input, Reply, on};
use crate::{actions::Presser, hub::Hub, refusal::Refusal, sessions::SignedIn};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/me", get(on(me)))
        .route("/api/me/settings", get(on(settings)))
        .route("/api/me/channels/{channel}", put(on(change)).delete(on(unlink)))
        .route("/api/me/channels/{channel}/test", post(on(test)))
        .route("/api/me/preferences", put(on(prefer)))
        .route("/api/me/language", put(on(language)))
        .route("/api/me/actions", post(on(press)))
        .route("/api/me/quiet", get(on(quiet)).put(on(set_quiet)))
        .route("/api/me/devices", get(on(devices)).delete(on(sign_out_everywhere)))
        .route("/api/me/devices/{id}", delete(on(sign_out)))
        .route("/api/me/read", post(on(read)))
}

async fn me(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.me(&caller(&hub, &input)?)?)
}

async fn settings(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    current_settings(&hub, &input, &me)
}

async fn change(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    let channel = channel(&input)?;
    let request: ChannelRequest = input.json()?;
    hub.change_channel(&me, channel, request, input.header("user-agent").unwrap_or_default()).await?;
    current_settings(&hub, &input, &me)
}

async fn unlink(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    hub.unlink_channel(&me, channel(&input)?).await?;
    current_settings(&hub, &input, &me)
}

async fn test(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    Reply::json(202, &hub.submit_test(&me.id, channel(&input)?, hub.lang(&input)).await?)
}

async fn prefer(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    let request: PreferenceRequest = input.json()?;
    hub.set_preference(&me.id, &request)?;
    current_settings(&hub, &input, &me)
}

async fn language(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    let LanguageRequest { language } = input.json()?;
    Reply::json(200, &hub.set_language(me, language)?)
}

async fn press(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    let request: PressRequest = input.json()?;
    let presser = Presser { member: Some(me.id), name: me.name, channel: None, room: None };
    Reply::json(200, &hub.press(&request.event, &request.action, presser).await?)
}

async fn quiet(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.my_quiet(&caller(&hub, &input)?.id)?)
}

async fn set_quiet(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    let request: MyQuietRequest = input.json()?;
    Reply::json(200, &hub.set_my_quiet(&me.id, &request)?)
}

async fn devices(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    Reply::json(200, &hub.devices(&me.id, input.header("cookie"))?)
}

async fn sign_out(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    hub.end_session_of(&me.id, &input.id("id")?)?;
    Ok(Reply::empty(204))
}

async fn sign_out_everywhere(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    Ok(Reply::empty(204).header("set-cookie", hub.end_everywhere(&me.id)?))
}

async fn read(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = caller(&hub, &input)?;
    let ReadRequest { event } = input.json()?;
    hub.read(&me.id, event.as_ref())?;
    Ok(Reply::empty(204))
}

fn current_settings(hub: &Hub, input: &Input, me: &SignedIn) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.my_settings(&me.id, hub.lang(input))?)
}

pub(super) fn caller(hub: &Hub, input: &Input) -> Result<SignedIn, Refusal> {
    hub.caller(input)?.member().cloned()
}

pub(super) fn channel(input: &Input) -> Result<Channel, Refusal> {
    Channel::from_code(input.param("channel")?).ok_or_else(|| Code::NotFound.into())
}
