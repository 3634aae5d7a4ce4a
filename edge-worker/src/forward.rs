//! The way from the Worker to a workspace's object and to the assets.
//!
//! Requests and answers are handed on as JavaScript objects: converting them cost a quarter of the rate.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use shared::id::WorkspaceId;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use worker::{
    Delay, Env, Result, Stub,
    js_sys::{Promise, Uint8Array},
    wasm_bindgen_futures::JsFuture,
    web_sys,
};

/// A panic inside the object was seen to leave the caller hanging: after this the Worker answers 503.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of asking an object.
#[derive(Debug)]
pub(crate) enum Outcome {
    Answered(web_sys::Response),
    /// No answer within ten seconds, or the object failed.
    Silent(String),
}

/// Hands `request` on to the workspace's object.
pub(crate) async fn ask(env: &Env, workspace: &WorkspaceId, request: &web_sys::Request) -> Result<Outcome> {
    let request = forwarded(request, workspace.as_str(), None)?;
    let answer = forward(env, workspace.as_str(), &request);
    Ok(match select(pin!(answer), pin!(Delay::from(PATIENCE))).await {
        Either::Left((Ok(answer), _)) => Outcome::Answered(answer),
        Either::Left((Err(error), _)) => Outcome::Silent(error.to_string()),
        Either::Right(((), _)) => Outcome::Silent("no answer within 10 s".to_owned()),
    })
}

/// A copy whose internal headers say what this Worker found out, whatever the sender put there.
pub(crate) fn forwarded(
    request: &web_sys::Request,
    workspace: &str,
    body: Option<&Uint8Array>,
) -> Result<web_sys::Request> {
    let copy = match body {
        None => web_sys::Request::new_with_request(request)?,
        Some(body) => {
            let init = web_sys::RequestInit::new();
            init.set_method(&request.method());
            init.set_headers(&request.headers());
            init.set_body(body);
            web_sys::Request::new_with_str_and_init(&request.url(), &init)?
        }
    };
    let headers = copy.headers();
    headers.set(crate::WORKSPACE_HEADER, workspace)?;
    headers.delete(crate::SETUP_HEADER)?;
    Ok(copy)
}

/// Asks the object of that name, without a limit of time.
pub(crate) async fn forward(env: &Env, name: &str, request: &web_sys::Request) -> Result<web_sys::Response> {
    let object: RawFetcher = stub(env, name)?.into_rpc();
    Ok(JsFuture::from(object.fetch(request)?).await?.dyn_into()?)
}

pub(crate) fn stub(env: &Env, name: &str) -> Result<Stub> {
    env.durable_object(crate::OBJECTS)?.get_by_name(name)
}

/// The asset that `request` names.
pub(crate) async fn asset(env: &Env, request: &web_sys::Request) -> Result<web_sys::Response> {
    let assets: RawFetcher = env.assets(crate::ASSETS)?.into_rpc();
    Ok(JsFuture::from(assets.fetch(request)?).await?.dyn_into()?)
}

#[wasm_bindgen]
extern "C" {
    /// Whatever has a `fetch`: an object's stub, the assets.
    type RawFetcher;
    #[wasm_bindgen(structural, method, catch)]
    fn fetch(this: &RawFetcher, request: &web_sys::Request) -> std::result::Result<Promise, JsValue>;
}
