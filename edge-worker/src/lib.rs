//! The platform's side of Todoke: the only crate that knows `worker`.
//!
//! Where to start: `fetch` is the way in. It finds the workspace of a request (`route`, `directory`) and hands
//! the request on to that workspace's Durable Object (`object`), which is a shell over `hub::Hub`. The
//! other files are the hub's ports, one each.

mod alarm;
mod answer;
mod clock;
mod config;
mod directory;
mod forward;
mod guard;
mod http;
mod kv;
mod live;
mod log;
mod object;
mod pages;
mod random;
mod route;
mod setup;
mod signer;
mod sql;
mod tcp;
mod turns;

use std::panic::AssertUnwindSafe;

use shared::{
    api::auth::{LinkSignInRequest, Public},
    error::Code,
    id::WorkspaceId,
};
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{
    Env, Method, Request, Response, Result, ScheduleContext, ScheduledEvent, console_error, event,
    js_sys::{Promise, futures::future_to_promise},
    web_sys, worker_sys,
};

use crate::{
    directory::Directory,
    forward::Outcome,
    route::{Head, Route, Whose},
};

/// Binding of the Durable Objects.
const OBJECTS: &str = "WORKSPACE";
/// Binding of the KV namespace: secrets and the directory.
const KV: &str = "VAULT";
/// Binding of the static files.
const ASSETS: &str = "ASSETS";

/// Tells an object which workspace it is. Set by this Worker on every request that it hands on.
const WORKSPACE_HEADER: &str = "x-todoke-workspace";
/// `1` on a set-up whose token this Worker found right.
const SETUP_HEADER: &str = "x-todoke-setup";

/// Every request from outside. Exported by hand: `#[event(fetch)]` leaves no place for [`guard`].
#[wasm_bindgen]
pub fn fetch(request: web_sys::Request, env: Env, _context: worker_sys::Context) -> Promise {
    let language = request.headers().get("accept-language").ok().flatten();
    let path = path_and_query(&request.url()).0.to_owned();
    let patience = route::patience(&path);
    let answer = {
        let language = language.clone();
        future_to_promise(AssertUnwindSafe(async move {
            let language = language.as_deref();
            let answer = match answer(&request, &env, language).await {
                Ok(answer) => answer,
                Err(error) => {
                    console_error!("worker: {error}");
                    answer::refusal(Code::Internal, path_and_query(&request.url()).0, language)?.into()
                }
            };
            Ok(answer.into())
        }))
    };
    guard::within(patience, &answer, &path, language.as_deref())
}

/// Every five minutes: wakes each workspace, in case one has lost its alarm.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    if let Err(error) = wake_all(&env).await {
        console_error!("cron: {error}");
    }
}

async fn answer(request: &web_sys::Request, env: &Env, language: Option<&str>) -> Result<web_sys::Response> {
    let headers = request.headers();
    let (authorization, cookie) = (headers.get("authorization")?, headers.get("cookie")?);
    let (method, url) = (request.method(), request.url());
    let (path, query) = path_and_query(&url);
    let refuse = |code| answer::refusal(code, path, language).map(web_sys::Response::from);
    let route = route::route(&Head {
        method: &method,
        path,
        query,
        authorization: authorization.as_deref(),
        cookie: cookie.as_deref(),
    });
    let length = headers.get("content-length")?.and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > route::cap(path)) {
        return refuse(Code::TooLarge);
    }
    let (whose, unknown) = match route {
        Route::Health => return Response::ok("ok\n").map(Into::into),
        Route::Refused(code) => return refuse(code),
        Route::Setup => return setup::set_up(request.clone()?.into(), env, language).await,
        Route::Page(html) => return pages::page(request, env, html).await,
        Route::Asset => return forward::asset(env, request).await,
        Route::Public(whose) => {
            // Before set-up there is no object to ask.
            if Directory::new(env)?.default().await?.is_none() {
                let public =
                    Public { workspace: None, sign_in: Vec::new(), development: config::development(env) };
                return answer::fresh(&public).map(Into::into);
            }
            (whose, Code::NotFound)
        }
        Route::SignInLink => match workspace_of_link(request).await? {
            Some(workspace) => (Whose::Named(workspace), Code::LinkUsed),
            None => return refuse(Code::LinkUsed),
        },
        Route::Workspace { whose, unknown } => (whose, unknown),
    };
    let Some(workspace) = Directory::new(env)?.find(whose).await? else {
        return refuse(unknown);
    };
    match forward::ask(env, &workspace, request).await? {
        Outcome::Answered(answer) => Ok(answer),
        Outcome::Failed(why) => {
            console_error!("{workspace}: {why}");
            refuse(Code::Busy)
        }
    }
}

async fn workspace_of_link(request: &web_sys::Request) -> Result<Option<WorkspaceId>> {
    let body = Request::from(request.clone()?).bytes().await?;
    let link = serde_json::from_slice::<LinkSignInRequest>(&body).ok();
    Ok(link.and_then(|link| route::workspace_of_token(&link.token)))
}

fn path_and_query(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/");
    let target = target.split('#').next().unwrap_or_default();
    target.split_once('?').unwrap_or((target, ""))
}

async fn wake_all(env: &Env) -> Result<()> {
    for workspace in Directory::new(env)?.all().await? {
        let request = Request::new("https://object/internal/wake", Method::Post)?;
        if let Outcome::Failed(why) = forward::ask(env, &workspace, request.inner()).await? {
            console_error!("{workspace}: {why}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::path_and_query;

    #[test]
    fn targets_are_split() {
        for (url, path, query) in [
            ("https://a.example/b/c?d=e&f", "/b/c", "d=e&f"),
            ("https://a.example:8787/b#c?d", "/b", ""),
            ("https://a.example", "/", ""),
        ] {
            assert_eq!(path_and_query(url), (path, query), "{url}");
        }
    }
}
