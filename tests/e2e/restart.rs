//! The machine is lost while a message is on its way.

use std::time::Duration;

use sandbox::world::{FaultKind, FaultTarget, FaultWhen};
use serde_json::json;
use shared::{api::events::Event, channel::Channel, delivery::State};

use crate::{
    failure::{Failure, Outcome, check, same},
    stage::{PATIENCE, Stage, until},
};

/// A lease lives for 150 s, since a try may take that long; then what it covered is decided anew.
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

    // Nobody asks for anything but this event: the rest is the product's own doing.
    let path = format!("/api/v1/events/{}", accepted.id);
    let mut last = String::new();
    let done = until(LEASE_IS_OVER, async || {
        let event: Event = stage.system.get(&path).await.ok()?;
        last = format!("{:?}", event.deliveries);
        event.deliveries.iter().all(|row| row.state == State::Sent).then_some(event)
    });
    let event = done.await.ok_or_else(|| Failure::new(format!("not everything arrived: {last}")))?;
    same(event.deliveries.len(), 6, "deliveries")?;
    for person in PEOPLE {
        let mails = stage.mailbox(person).iter().filter(|subject| subject.contains(title)).count();
        check(mails >= 1, format_args!("{person} got no mail"))?;
        let messages = stage.talk(person).iter().filter(|text| text.contains(title)).count();
        check(messages >= 1, format_args!("{person} got no message"))?;
    }
    let talks = event.deliveries.iter().filter(|row| row.channel == Channel::Lineworks).count();
    same(talks, PEOPLE.len(), "talks")
}
