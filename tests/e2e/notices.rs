//! From a business system to people.

use serde_json::json;
use shared::{api::integrations::Room, channel::Channel, delivery::State};

use crate::{
    failure::{Outcome, check, same, there},
    stage::{PATIENCE, ROOM, Stage, until},
};

pub(crate) async fn an_event_reaches_talk_and_mailbox(stage: &mut Stage) -> Outcome {
    let title = "見積書の確認";
    let accepted = stage
        .post(&json!({
            "kind": "tasks.assigned",
            "to": [{ "email": "takahashi@minato.example" }],
            "title": title,
            "body": "金曜までにお願いします",
        }))
        .await?;
    same((accepted.deliveries, accepted.skipped), (2, 0), "decided")?;
    let event = stage
        .event_when(&accepted, "not everything was sent", |event| {
            event.deliveries.len() == 2 && event.deliveries.iter().all(|row| row.state == State::Sent)
        })
        .await?;
    let mut channels: Vec<Channel> = event.deliveries.iter().map(|row| row.channel).collect();
    channels.sort_unstable_by_key(|channel| channel.code());
    same(channels, vec![Channel::Email, Channel::Lineworks], "channels")?;
    check(stage.talk("takahashi").iter().any(|text| text.contains(title)), "the talk has no such message")?;
    let mails = stage.mailbox("takahashi");
    check(
        mails.iter().filter(|subject| subject.contains(title)).count() == 1,
        format_args!("mails: {mails:?}"),
    )?;
    check(!stage.talk("ito").iter().any(|text| text.contains(title)), "somebody else got it")
}

pub(crate) async fn a_room_gets_one_message(stage: &mut Stage) -> Outcome {
    let rooms: Vec<Room> = stage.system.get("/api/v1/rooms").await?;
    let room = there(rooms.into_iter().find(|room| room.provider_id == ROOM), "room")?;
    let title = "備品の棚卸し";
    let accepted =
        stage.post(&json!({ "kind": "tasks.assigned", "to": [{ "room": room.id }], "title": title })).await?;
    same(accepted.deliveries, 1, "decided")?;
    let in_room = || stage.room().iter().filter(|text| text.contains(title)).count();
    let arrived = until(PATIENCE, async || (in_room() > 0).then_some(())).await;
    check(arrived.is_some(), "nothing came into the room")?;
    stage
        .event_when(&accepted, "not recorded as sent", |event| {
            event.deliveries.iter().all(|row| row.state == State::Sent)
        })
        .await?;
    same(in_room(), 1, "messages in the room")
}

pub(crate) async fn the_same_key_gives_the_same_answer(stage: &mut Stage) -> Outcome {
    let system = stage.system.with("idempotency-key", "order-17");
    let event = |title: &str| {
        json!({ "kind": "tasks.assigned", "to": [{ "email": "ito@minato.example" }], "title": title })
            .to_string()
    };
    let first = system.send("POST", "/api/v1/events", event("受注17")).await?;
    same(first.status, 202, first.text())?;
    let again = system.send("POST", "/api/v1/events", event("受注17")).await?;
    same((again.status, again.text()), (202, first.text()), "the second time")?;
    let other = system.send("POST", "/api/v1/events", event("受注18")).await?;
    other.refused(409, "key_reused", "the same key with another body")?;
    let mails = || stage.mailbox("ito").iter().filter(|subject| subject.contains("受注")).count();
    check(until(PATIENCE, async || (mails() > 0).then_some(())).await.is_some(), "no mail came")?;
    same(mails(), 1, "mails")
}
