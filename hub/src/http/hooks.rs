//! What providers call.

use std::rc::Rc;

use axum::{Router, routing::post};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/hooks/lineworks/{workspace}/{integration}", post(on(lineworks)))
}

async fn lineworks(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    hub.lineworks_callback(input.param("integration")?, input.header("x-works-signature"), input.body())
        .await?;
    Ok(Reply::empty(200))
}
