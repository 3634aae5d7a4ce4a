//! A deployment over a store that the first release made.

use serde_json::{Value, json};
use shared::{
    api::events::{Event, Pressed},
    api::{auth::Me, events::Accepted},
    delivery::State,
    time::{SECOND, rfc3339},
};

use crate::{
    failure::{Outcome, check, same},
    stage::Stage,
};

const FIRST: &str = include_str!("../../hub/migrations/0001_first.sql");
const TO: &str = "yamamoto@minato.example";

pub(crate) async fn a_store_of_version_1_goes_on(stage: &mut Stage) -> Outcome {
    let sent = stage
        .post(&json!({ "kind": "tasks.assigned", "to": [{ "email": TO }], "title": "前の版で送ったもの" }))
        .await?;
    let done = |event: &Event| {
        let mut rows = event.deliveries.iter().filter(|row| row.state != State::Skipped);
        rows.clone().count() == 2 && rows.all(|row| row.state == State::Sent)
    };
    let before = stage.event_when(&sent, "not everything was sent", done).await?;
    // Due while the product is down.
    let at = stage.change(|_, now| now) + 5 * SECOND;
    let title = "前の版で待っていたもの";
    let waiting = stage
        .post(&json!({ "kind": "tasks.assigned", "to": [{ "email": TO }], "title": title, "deliver_at": rfc3339(at) }))
        .await?;

    stage.product.crash().await?;
    stage.product.start_instead("tests/e2e/old_store.mjs").await?;
    let turn = json!({ "workspace": stage.workspace, "schema": FIRST });
    let counts: Value = stage.visitor().ask("POST", "/", &turn).await?;
    for table in
        ["events", "deliveries", "members", "addresses", "integrations", "rooms", "sessions", "api_keys"]
    {
        let rows = counts.get(table).and_then(Value::as_u64);
        check(rows.is_some_and(|rows| rows > 0), format_args!("{table}: {rows:?}"))?;
    }
    same(counts.get("claims"), None, "a table of a later version")?;
    stage.product.crash().await?;
    stage.product.start().await?;

    let after: Event = stage.system.get(&format!("/api/v1/events/{}", sent.id)).await?;
    same(after.deliveries, before.deliveries, "what was sent before")?;
    stage.event_when(&waiting, "what waited is not sent", done).await?;
    let in_box = stage.mailbox("yamamoto").iter().filter(|subject| subject.contains(title)).count();
    same(in_box, 1, "mails")?;

    // What came with later versions works on it too, in the session of before.
    let me: Me = stage.owner.get("/api/me").await?;
    let asked: Accepted = stage
        .post(&json!({
            "kind": "tasks.assigned", "to": [{ "member": me.id }], "title": "新しい版で",
            "actions": [{ "id": "yes", "label": "はい" }],
        }))
        .await?;
    let press = json!({ "event": asked.id, "action": "yes" });
    let pressed: Pressed = stage.owner.ask("POST", "/api/me/actions", &press).await?;
    check(pressed.won, "somebody else was first")?;
    let doors: Vec<Value> = stage.owner.get("/api/doors").await?;
    same(doors.len(), 0, "doors")
}
