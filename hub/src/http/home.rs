//! ホーム.

use std::rc::Rc;

use axum::{Router, routing::get};

use super::{App, Input, Reply, on};
use crate::{hub::Hub, refusal::Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/home", get(on(home)))
}

async fn home(hub: Rc<Hub>, input: Input) -> Result<Reply, Refusal> {
    let caller = hub.caller(&input)?;
    Ok(Reply::bytes(200, "application/json", hub.home(&caller)?.into_bytes()))
}
