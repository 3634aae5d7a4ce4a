//! `POST /api/setup`: the first workspace of a deployment and its owner.
//!
//! Two at once must give one workspace. KV cannot decide that (it is not a lock), so the object named
//! `directory` decides: it makes up the workspace's id once and tells everybody the same one. All set-ups
//! then meet in that workspace's object, which takes the first and refuses the rest with 409. An attempt
//! that the form check refuses leaves only the id behind, and the next attempt uses it.

use serde::Deserialize;
use shared::{error::Code, id::WorkspaceId};
use subtle::ConstantTimeEq as _;
use worker::{Env, Request, Result, js_sys::Uint8Array, web_sys};

use crate::{
    answer::refusal,
    config::variable,
    directory::Directory,
    forward::{forward, forwarded, stub},
};

/// Name of the object that gives out the default workspace's id; no workspace id looks like it.
pub(crate) const DIRECTORY: &str = "directory";

pub(crate) async fn set_up(request: Request, env: &Env, language: Option<&str>) -> Result<web_sys::Response> {
    let refuse = |code| refusal(code, "/api/setup", language).map(Into::into);
    // 1. The operator's token, compared in constant time.
    let body = request.clone_mut()?.bytes().await?;
    let Ok(Proof { token }) = serde_json::from_slice(&body) else {
        return refuse(Code::MalformedJson);
    };
    let wanted = variable(env, "SETUP_TOKEN");
    let right = wanted.is_some_and(|wanted| bool::from(wanted.as_bytes().ct_eq(token.trim().as_bytes())));
    if !right {
        return refuse(Code::BadSetupToken);
    }
    // 2. Nobody was here before.
    let directory = Directory::new(env)?;
    if directory.default_now().await?.is_some() {
        return refuse(Code::AlreadySetUp);
    }
    // 3. The workspace's object takes the first of those who come at once.
    let workspace = claim(env).await?;
    let forwarded = forwarded(request.inner(), workspace.as_str(), Some(&Uint8Array::from(body.as_slice())))?;
    forwarded.headers().set(crate::SETUP_HEADER, "1")?;
    let answer = forward(env, workspace.as_str(), &forwarded).await?;
    // 4. Enter it. 409 says that an earlier attempt came this far and no further.
    if matches!(answer.status(), 201 | 409) {
        directory.enter(&workspace).await?;
    }
    Ok(answer)
}

/// Only the token is read here; the hub checks the form.
#[derive(Deserialize)]
struct Proof {
    #[serde(default)]
    token: String,
}

async fn claim(env: &Env) -> Result<WorkspaceId> {
    let request = Request::new("https://object/directory/claim", worker::Method::Post)?;
    request.inner().headers().set(crate::WORKSPACE_HEADER, DIRECTORY)?;
    let mut answer = stub(env, DIRECTORY)?.fetch_with_request(request).await?;
    let id = answer.text().await?;
    id.parse().map_err(|_| worker::Error::RustError("the directory object gave no id".to_owned()))
}
