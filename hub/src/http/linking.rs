//! Linking: what the pages ask for, and where browsers come back to from a provider's login page. The latter
//! are navigations, so each of them ends on a page that says what happened.

use std::rc::Rc;

use axum::{
    Router,
    routing::{delete, get, post},
};
use shared::{api::linking::Returned, channel::Channel, error::Code};

use super::{App, Input, Reply, me, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/me/channels/{channel}/link", post(on(link)))
        .route("/api/me/channels/{channel}/friend", get(on(friend)))
        .route("/api/me/channels/{channel}/refresh", post(on(refresh)))
        .route("/api/me/channels/web_push/devices", get(on(push_devices)))
        .route("/api/me/channels/web_push/devices/{id}", delete(on(remove_push_device)))
        .route("/api/integrations/{id}/install", post(on(install)))
        .route("/api/integrations/{id}/quota", get(on(quota)))
        .route("/auth/callback/line", get(on(back_from_line)))
        .route("/auth/callback/slack", get(on(back_from_slack)))
        .route("/auth/start/lineworks", get(on(to_lineworks)))
        .route("/auth/callback/lineworks", get(on(back_from_lineworks)))
}

async fn link(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = me::caller(&hub, &input)?;
    if me::channel(&input)? == Channel::WebPush {
        return Reply::json(200, &hub.push_key(&me).await?);
    }
    line_only(&input)?;
    Reply::json(200, &hub.start_line_login(&input, hub.lang(&input)).await?)
}

async fn friend(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = me::caller(&hub, &input)?;
    line_only(&input)?;
    Reply::json(200, &hub.line_friend(&me).await?)
}

async fn refresh(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = me::caller(&hub, &input)?;
    line_only(&input)?;
    Reply::json(200, &hub.refresh_line(&me).await?)
}

async fn push_devices(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.push_devices(&me::caller(&hub, &input)?.id)?)
}

async fn remove_push_device(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let me = me::caller(&hub, &input)?;
    hub.remove_push_device(&me, input.param("id")?).await?;
    Ok(Reply::empty(204))
}

async fn install(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.admin_member()?;
    Reply::json(200, &hub.start_install(&input, input.param("id")?).await?)
}

async fn quota(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.caller(&input)?.require_admin()?;
    Reply::json(200, &hub.monthly_quota(input.param("id")?, hub.lang(&input)).await?)
}

async fn back_from_line(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let returned = hub.finish_line_login(&input).await;
    Ok(see_other(&format!("/me?link=line&result={}", returned.code())))
}

async fn back_from_slack(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let (integration, returned) = hub.finish_install(&input).await;
    let place = integration.map(|id| format!("/{id}")).unwrap_or_default();
    Ok(see_other(&format!("/console/integrations{place}?result={}", returned.code())))
}

async fn to_lineworks(hub: Rc<Hub>, _: Input) -> Result<Reply, Refusal> {
    Ok(match hub.start_lineworks_sign_in().await {
        Ok(trip) => see_other(&trip.url).header("set-cookie", trip.cookie),
        Err(returned) => to_sign_in(returned),
    })
}

async fn back_from_lineworks(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let reply = match hub.finish_lineworks_sign_in(&input).await {
        Ok(session) => see_other("/me").header("set-cookie", session),
        Err(returned) => to_sign_in(returned),
    };
    Ok(reply.header("set-cookie", hub.end_trip()))
}

/// Only LINE is linked by logging in.
fn line_only(input: &Input) -> Result<(), Refusal> {
    if me::channel(input)? == Channel::Line { Ok(()) } else { Err(Code::NotFound.into()) }
}

fn to_sign_in(returned: Returned) -> Reply {
    see_other(&format!("/sign-in?result={}", returned.code()))
}

fn see_other(location: &str) -> Reply {
    Reply::empty(303).header("location", location)
}
