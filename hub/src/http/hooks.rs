//! What providers call, and the shell's own wake-up.

use std::rc::Rc;

use axum::{Router, routing::post};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/hooks/lineworks/{workspace}/{integration}", post(on(lineworks)))
        .route("/internal/wake", post(on(wake)))
}

async fn lineworks(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.lineworks_callback(input.param("integration")?, input.header("x-works-signature"), input.body())
        .await?;
    Ok(Reply::empty(200))
}

/// From the cron trigger: the Worker lets nobody else in. The work itself follows every request.
async fn wake(_: Rc<Hub>, _: Input) -> Result<Reply, Refusal> {
    Ok(Reply::empty(204))
}
