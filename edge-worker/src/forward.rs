//! The way from the Worker to a workspace's object and to the assets.
//!
//! Requests and answers are handed on as JavaScript objects: converting them cost a quarter of the rate.

use shared::id::WorkspaceId;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use worker::{
    Env, Result, Stub,
    js_sys::{Promise, Uint8Array},
    wasm_bindgen_futures::JsFuture,
    web_sys,
};

/// What came of asking an object.
#[derive(Debug)]
pub(crate) enum Outcome {
    Answered(web_sys::Response),
    /// The object failed or could not be reached.
    Failed(String),
}

/// Hands `request` on to the workspace's object.
pub(crate) async fn ask(env: &Env, workspace: &WorkspaceId, request: &web_sys::Request) -> Result<Outcome> {
    let request = forwarded(request, workspace.as_str(), None)?;
    Ok(match forward(env, workspace.as_str(), &request).await {
        Ok(answer) => Outcome::Answered(answer),
        Err(error) => Outcome::Failed(error.to_string()),
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

/// Asks the object of that name.
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
