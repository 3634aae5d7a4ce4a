//! Set-up, sign-in, sign-out, one-click unsubscribe, and what a page may know before anybody signed in.

use std::rc::Rc;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{
    api::auth::{CodeRequest, LinkSignInRequest, Me, SetupRequest, SignInRequest},
    error::Code,
    lang::Lang,
};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/public", get(on(public)))
        .route("/api/setup", post(on(set_up)))
        .route("/api/sign-in/code", post(on(ask_for_code)))
        .route("/api/sign-in", post(on(sign_in)))
        .route("/api/sign-in/link", post(on(sign_in_by_link)))
        .route("/api/sign-out", post(on(sign_out)))
        .route("/api/u/{token}", get(on(unsubscription)))
        .route("/u/{token}", post(on(unsubscribe)))
}

async fn public(hub: Rc<Hub>, _: Input) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.public()?)
}

/// Comes through the Worker only, which compared the operator's token and says so in a header that it takes
/// away from everybody else.
async fn set_up(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    if input.header("x-todoke-setup") != Some("1") {
        return Err(Code::BadSetupToken.into());
    }
    hub.refuse_other_origin(&input)?;
    let request: SetupRequest = input.json()?;
    signed_in(201, hub.set_up(request, &input)?)
}

async fn ask_for_code(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.refuse_other_origin(&input)?;
    let request: CodeRequest = input.json()?;
    hub.ask_for_code(&request.email)?;
    Ok(Reply::empty(204))
}

async fn sign_in(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.refuse_other_origin(&input)?;
    let request: SignInRequest = input.json()?;
    signed_in(200, hub.sign_in_with_code(&request.email, &request.code, &input)?)
}

async fn sign_in_by_link(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.refuse_other_origin(&input)?;
    let request: LinkSignInRequest = input.json()?;
    signed_in(200, hub.sign_in_with_link(&request.token, &input)?)
}

async fn sign_out(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.refuse_other_origin(&input)?;
    let cookie = hub.end_session(input.header("cookie"))?;
    Ok(Reply::empty(204).header("set-cookie", cookie))
}

async fn unsubscription(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.unsubscription(input.param("token")?, asked_lang(&input))?)
}

/// The mail program's request: no cookie, no Origin, a form body that says nothing that the token does not.
async fn unsubscribe(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    Reply::json(200, &hub.unsubscribe(input.param("token")?, asked_lang(&input))?)
}

fn asked_lang(input: &Input) -> Option<Lang> {
    input.header("accept-language").map(|_| input.lang)
}

fn signed_in(status: u16, (me, cookie): (Me, String)) -> Result<Reply, Refusal> {
    Ok(Reply::json(status, &me)?.header("set-cookie", cookie))
}
