//! Open pages.

use serde_json::json;
use shared::{api::live::LiveMessage, delivery::State};

use crate::{
    failure::{Failure, Outcome, same},
    stage::Stage,
};

pub(crate) async fn a_page_hears_of_a_delivery(stage: &mut Stage) -> Outcome {
    let listening = stage.owner.listen().await?;
    let mut page = listening.map_err(|status| Failure::new(format!("refused with {status}")))?;
    let title = "会議室の変更";
    let to = json!([{ "email": "yamamoto@minato.example" }]);
    stage.post(&json!({ "kind": "tasks.assigned", "to": to, "title": title })).await?;
    loop {
        if let LiveMessage::Delivery(row) = page.hear().await?
            && row.title == title
            && row.state == State::Sent
        {
            return Ok(());
        }
    }
}

pub(crate) async fn nobody_else_may_listen(stage: &mut Stage) -> Outcome {
    let status = |listening: Result<_, u16>| listening.err();
    same(status(stage.visitor().listen().await?), Some(401), "without a session")?;
    let elsewhere = stage.owner.with("origin", "https://evil.example");
    same(status(elsewhere.listen().await?), Some(403), "from another site")
}
