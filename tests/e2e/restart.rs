//! The machine is lost while a message is on its way.

use std::time::Duration;

use sandbox::world::{FaultKind, FaultTarget, FaultWhen};
use serde_json::json;
use shared::{channel::Channel, delivery::State};

use crate::{
    failure::{Outcome, check, same},
    stage::{PATIENCE, Stage, until},
};

/// A lease lives for 180 s, since a try may take nearly that long; then what it covered is decided anew.
const LEASE_IS_OVER: Duration = Duration::from_secs(200);

const PEOPLE: [&str; 3] = ["takahashi", "ito", "yamamoto"];

pub(crate) async fn a_crash_in_the_middle_of_sending_loses_nothing(stage: &mut Stage) -> Outcome {
    let title = "停電のお知らせ";
    let sends = FaultTarget::LineWorks { operation: Some("send_user".to_owned()) };
    stage.change(|world, _| world.faults.add(sends, FaultKind::Slow { ms: 60_000 }, FaultWhen::Always));
    let seen = stage.world(|world| world.log().last());
    let to: Vec<_> =
        PEOPLE.iter().map(|login| json!({ "email": format!("{login}@minato.example") })).collect();
    let accepted = stage.post(&json!({ "kind": "tasks.assigned", "to": to, "title": title })).await?;
    same(accepted.deliveries, 6, "decided")?;
    let sending = until(PATIENCE, async || {
        stage.world(|world| world.log().after(seen).any(|entry| entry.operation == "send_user")).then_some(())
    });
    check(sending.await.is_some(), "nothing was on its way")?;

    stage.product.crash().await?;
    stage.change(|world, _| world.faults.clear());
    stage.product.start().await?;

    // Nobody asks for anything: the alarm wakes the workspace.
    let texts = |person: &str| (stage.mailbox(person), stage.talk(person));
    let reached = |person: &str| {
        let (mails, messages) = texts(person);
        [mails, messages].iter().all(|texts| texts.iter().any(|text| text.contains(title)))
    };
    let all = until(LEASE_IS_OVER, async || PEOPLE.into_iter().all(reached).then_some(())).await;
    check(all.is_some(), format_args!("not everything arrived: {:?}", PEOPLE.map(texts)))?;
    let event = stage
        .event_within(LEASE_IS_OVER, &accepted, "not everything is recorded as sent", |event| {
            event.deliveries.len() == 6 && event.deliveries.iter().all(|row| row.state == State::Sent)
        })
        .await?;
    let talks = event.deliveries.iter().filter(|row| row.channel == Channel::Lineworks).count();
    same(talks, PEOPLE.len(), "talks")
}
