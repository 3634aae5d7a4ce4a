//! LINE WORKS by its retired API 1.0, beside all other messengers: what people see is the same.

use sandbox::world::{FaultKind, FaultTarget, FaultWhen, TalkId};
use serde_json::{Value, json};
use shared::time::{HOUR, MINUTE};
use tests::forms::{lineworks_v1, lineworks_v1_by_id};

use crate::{
    settles::{copies, settled_on},
    stage::{ROOM, Stage, Way},
};

fn retired() -> Stage {
    Stage::with_lineworks(lineworks_v1)
}

fn by_id() -> Stage {
    Stage::with_lineworks(lineworks_v1_by_id)
}

fn push() -> FaultTarget {
    FaultTarget::LineWorksV1 { operation: Some("push".into()) }
}

/// A notice of a kind to 佐藤 alone.
fn post(stage: &mut Stage, kind: &str) -> String {
    let to = json!([{"member": stage.members["sato"]}]);
    stage.post(&json!({"kind": kind, "to": to, "title": "来客です", "body": "受付でお待ちです。"}))
}

/// Its delivery on LINE WORKS.
fn delivery(stage: &mut Stage, event: &str) -> Value {
    let deliveries = stage.event(event)["deliveries"].clone();
    let ours = deliveries.as_array().unwrap().iter().find(|one| one["channel"] == "lineworks");
    ours.unwrap().clone()
}

/// Copies of 「来客です」 in 佐藤's talk with the bot.
fn arrived(stage: &Stage) -> usize {
    copies(&stage.shown(&stage.talk(Way::LineWorks, "sato"))).len()
}

#[test]
fn a_press_in_the_old_bots_talk_settles_all() {
    for stage in [retired(), by_id()] {
        settled_on(stage, Way::LineWorks, false);
    }
}

#[test]
fn a_press_in_the_old_bots_room_settles_all() {
    settled_on(retired(), Way::LineWorks, true);
}

#[test]
fn a_press_elsewhere_settles_the_old_bots_copies() {
    settled_on(retired(), Way::Slack, false);
    settled_on(by_id(), Way::GoogleChat, true);
}

/// The provider has no key: sent again where the kind says so, and labelled.
#[test]
fn a_lost_answer_is_labelled_and_repeated_as_the_kind_says() {
    for (kind, copies, state, results) in [
        ("tasks.assigned", 2, "sent", json!(["uncertain", "accepted"])),
        ("tasks.no_due_date", 1, "uncertain", json!(["uncertain"])),
    ] {
        let mut stage = retired();
        stage.with(|world, _| {
            world.faults.add(push(), FaultKind::TimeoutAfter, FaultWhen::Count { times: 1 })
        });
        let event = post(&mut stage, kind);
        stage.run(2 * MINUTE);
        let sent = delivery(&mut stage, &event);
        assert_eq!((arrived(&stage), &sent["state"]), (copies, &json!(state)), "{kind}");
        let tries = "SELECT json_group_array(value ->> 'result') FROM deliveries d, json_each(d.attempts) WHERE d.id = ";
        let id = sent["id"].as_str().unwrap();
        let told: Value =
            serde_json::from_str(&stage.machine.read(&format!("{tries}'{id}'")).remove(0)).unwrap();
        assert_eq!(told, results, "{kind}");
        stage.end();
    }
}

/// Its requests a day are used up: what waits goes out after midnight in Japan.
#[test]
fn a_used_up_day_is_waited_for() {
    let mut stage = retired();
    let world = stage.machine.outside.world.borrow();
    let faces = world.log().counters.iter().filter(|(name, _)| name.starts_with("lineworks-v1 "));
    let used: u64 = faces.map(|(_, count)| count).sum();
    drop(world);
    stage.with(|world, _| world.v1_mut().requests_per_day = u32::try_from(used).unwrap());
    let event = post(&mut stage, "tasks.assigned");
    stage.run(6 * HOUR);
    let waiting = delivery(&mut stage, &event);
    assert_eq!(
        (&waiting["state"], &waiting["cause"]["code"], arrived(&stage)),
        (&json!("waiting"), &json!("permission_missing"), 0)
    );
    stage.run(18 * HOUR);
    assert_eq!((&delivery(&mut stage, &event)["state"], arrived(&stage)), (&json!("sent"), 1));
    stage.end();
}

/// The provider ended the tokens of the registered server: one more is signed for, nothing is lost or doubled.
#[test]
fn an_ended_token_is_renewed_on_the_way() {
    let mut stage = by_id();
    post(&mut stage, "tasks.assigned");
    stage.run(10_000);
    let before = stage.calls("lineworks-auth", "server_token");
    stage.with(|world, _| world.v1_mut().end_tokens());
    let event = post(&mut stage, "tasks.assigned");
    stage.run(10_000);
    assert_eq!((&delivery(&mut stage, &event)["tries"], arrived(&stage)), (&json!(1), 2));
    assert_eq!(stage.calls("lineworks-auth", "server_token") - before, 1);
    stage.end();
}

/// No token and no word: that is no doubt about the message.
#[test]
fn a_token_that_does_not_come_leaves_no_doubt() {
    let mut stage = by_id();
    stage.with(|world, _| world.v1_mut().end_tokens());
    let target = FaultTarget::LineWorksV1 { operation: Some("token".into()) };
    stage.with(|world, _| world.faults.add(target, FaultKind::TimeoutAfter, FaultWhen::Count { times: 1 }));
    let event = post(&mut stage, "tasks.no_due_date");
    stage.run(2 * MINUTE);
    assert_eq!((&delivery(&mut stage, &event)["state"], arrived(&stage)), (&json!("sent"), 1));
    stage.end();
}

#[test]
fn who_and_where_is_refused_in_words() {
    let mut stage = retired();
    let cookie = stage.cookie.clone();
    let target = format!("/api/v1/members/{}", stage.members["sato"]);
    let gone = json!({"lineworks_id": "nobody@minato"});
    stage.machine.must(tests::calls::page("PUT", &target, &cookie, &gone), 200);
    let room = stage.room(Way::LineWorks);
    // Out of the room, and the callback is lost.
    stage.machine.delivers = false;
    let bot = stage.bot;
    stage.with(|world, now| world.remove_bot(ROOM, bot, now)).unwrap();
    stage.with(|world, _| world.take_callbacks());
    stage.machine.delivers = true;
    let event = post(&mut stage, "tasks.assigned");
    let to_room = stage.post(&json!({"kind": "tasks.assigned", "to": [{"room": room}], "title": "来客です"}));
    stage.run(10_000);
    for (event, cause) in [(event, "unknown_recipient"), (to_room, "bot_not_in_room")] {
        let failed = delivery(&mut stage, &event);
        assert_eq!((&failed["state"], &failed["cause"]["code"]), (&json!("failed"), &json!(cause)));
    }
    stage.end();
}

#[test]
fn who_is_unknown_is_told_how_to_link() {
    let mut stage = retired();
    let bot = TalkId::Bot(stage.bot);
    stage.with(|world, now| world.say("ito", &bot, "こんにちは", now)).unwrap();
    stage.run(5_000);
    let shown = stage.shown(&stage.talk(Way::LineWorks, "ito"));
    assert!(shown.iter().any(|one| one.text.contains("まだだれとも連携していません")), "{shown:?}");
    stage.end();
}
