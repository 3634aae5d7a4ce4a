//! HTTP: from a [`Call`] to a use case and back to an [`Answer`]. One file per subject; each has
//! `routes()`. A handler is a plain `async fn(Rc<Hub>, Input) -> Result<Reply, Refusal>`, wrapped by [`on`]:
//! who calls, what the body says, one use case, one answer.
//!
//! The request's bytes and the answer's bytes travel beside axum's own bodies, as extensions: nothing is
//! streamed, so nothing is copied.

use std::{
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, MatchedPath, RawPathParams, Request},
    handler::Handler,
    response::Response,
};
use send_wrapper::SendWrapper;
use shared::error::{Code, ErrorBody};
use tower_service::Service;

use crate::{
    call::{Answer, Call},
    hub::Hub,
    refusal::Refusal,
};

mod absences;
mod announcements;
pub(crate) mod attendance;
mod auth;
mod deliveries;
mod doors;
mod events;
mod home;
mod hooks;
mod input;
mod integrations;
mod linking;
mod me;
mod members;
mod quiet;
mod reply;
mod rules;
mod settings;
mod webhooks;
mod workspace;

pub(crate) use input::Input;
pub(crate) use reply::Reply;

/// No body of any request is longer, but for images that come through a door; events have a smaller limit of
/// their own.
pub(crate) const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The router's state: the workspace it belongs to. A workspace is one thread by construction, which the
/// wrapper checks.
#[derive(Clone)]
pub(crate) struct App(SendWrapper<Weak<Hub>>);

/// All routes of one workspace.
pub(crate) fn router(hub: Weak<Hub>) -> Router {
    Router::new()
        .merge(crate::apps::routes())
        .merge(absences::routes())
        .merge(announcements::routes())
        .merge(auth::routes())
        .merge(deliveries::routes())
        .merge(doors::routes())
        .merge(events::routes())
        .merge(home::routes())
        .merge(hooks::routes())
        .merge(integrations::routes())
        .merge(linking::routes())
        .merge(me::routes())
        .merge(members::routes())
        .merge(rules::routes())
        .merge(quiet::routes())
        .merge(settings::routes())
        .merge(webhooks::routes())
        .merge(workspace::routes())
        .fallback(on(unknown_route))
        .method_not_allowed_fallback(on(wrong_method))
        .with_state(App(SendWrapper::new(hub)))
}

/// Answers one call. Never fails.
pub(crate) async fn answer(mut router: Router, call: Call) -> Answer {
    let head = call.method == http::Method::HEAD;
    let request = Request::builder().method(call.method.clone()).uri(&call.target).body(Body::empty());
    let Ok(mut request) = request else { return refuse(&Code::NotFound.into(), &call) };
    let call = Arc::new(call);
    if call.body.len() > doors::longest(&call.target).unwrap_or(MAX_BODY_BYTES) {
        return doors::too_large(&call).unwrap_or_else(|| refuse(&Code::TooLarge.into(), &call));
    }
    request.extensions_mut().insert(Arc::clone(&call));
    let Ok(mut response) = Service::<Request>::call(&mut router, request).await;
    // Every route answers through `on`; what does not is axum's own and has nothing to say.
    let answer = response.extensions_mut().remove::<Answer>();
    let mut answer = answer.unwrap_or_else(|| refuse(&Code::NotFound.into(), &call));
    if head {
        answer.body.clear();
    }
    answer
}

/// Makes a route's handler of a use case's `async fn`.
pub(crate) fn on<F, Fut>(handler: F) -> On<F>
where
    F: Fn(Rc<Hub>, Input) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply, Refusal>> + 'static,
{
    On(handler)
}

/// What [`on`] makes.
#[derive(Clone)]
pub(crate) struct On<F>(F);

impl<F, Fut> Handler<(), App> for On<F>
where
    F: Fn(Rc<Hub>, Input) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply, Refusal>> + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, App(hub): App) -> Self::Future {
        Box::pin(SendWrapper::new(async move {
            let (mut parts, _) = request.into_parts();
            let params = RawPathParams::from_request_parts(&mut parts, &()).await.ok();
            let call = parts.extensions.remove::<Arc<Call>>();
            let mut response = Response::new(Body::empty());
            if let (Some(hub), Some(call)) = (hub.upgrade(), call) {
                let route = parts.extensions.get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
                let input = Input::new(call, &parts.uri, params.as_ref());
                response.extensions_mut().insert(run(self.0, hub, input, &route).await);
            }
            response
        }))
    }
}

async fn run<F, Fut>(handler: F, hub: Rc<Hub>, input: Input, route: &str) -> Answer
where
    F: Fn(Rc<Hub>, Input) -> Fut,
    Fut: Future<Output = Result<Reply, Refusal>>,
{
    match handler(Rc::clone(&hub), input.clone()).await {
        Ok(reply) => reply.into_answer(),
        Err(refusal) => {
            if !matches!(refusal, Refusal::Because(_)) {
                // The route's pattern, not the path: a path may hold a token.
                hub.ports.log.line(&format!("{} {route}: {}", input.method(), for_log(&refusal)));
            }
            Reply::refusal(&refusal, hub.lang(&input)).into_answer()
        }
    }
}

/// What the operator may read: serde quotes the value that it could not read, which may be an address.
pub(crate) fn for_log(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Form(error) => format!("stored form, {:?} at column {}", error.classify(), error.column()),
        Refusal::Because(problems) => {
            let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
            format!("{codes:?}")
        }
        refusal => refusal.to_string(),
    }
}

/// A refusal before any route was found.
fn refuse(refusal: &Refusal, call: &Call) -> Answer {
    let tags = call.headers.iter().find(|(name, _)| name == "accept-language");
    let lang = tags.map_or_else(Default::default, |(_, tags)| shared::lang::Lang::from_tags(tags));
    Reply::refusal(refusal, lang).into_answer()
}

async fn unknown_route(_: Rc<Hub>, _: Input) -> Result<Reply, Refusal> {
    Err(Code::NotFound.into())
}

async fn wrong_method(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    Reply::json(405, &ErrorBody::of(&[Code::NotFound.into()], hub.lang(&input)))
}
