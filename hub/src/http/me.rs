//! わたしの通知.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post, put},
};
use shared::{
    api::{
        events::PressRequest,
        linking::ChannelRequest,
        me::{LanguageRequest, PreferenceRequest},
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
    hub.change_channel(&me, channel, request).await?;
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

fn current_settings(hub: &Hub, input: &Input, me: &SignedIn) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.my_settings(&me.id, hub.lang(input))?)
}

pub(super) fn caller(hub: &Hub, input: &Input) -> Result<SignedIn, Refusal> {
    hub.caller(input)?.member().cloned()
}

pub(super) fn channel(input: &Input) -> Result<Channel, Refusal> {
    Channel::from_code(input.param("channel")?).ok_or_else(|| Code::NotFound.into())
}
