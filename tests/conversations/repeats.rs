//! The same callback again: worked once.

use serde_json::json;
use tests::talks::LINE_CHANNEL;

use crate::stage::{Stage, Way};

/// Answers to what was said.
fn answers(stage: &Stage, way: Way) -> usize {
    let shown = stage.shown(&stage.talk(way, "sato"));
    shown.iter().filter(|message| message.text.contains("このトークにはお知らせが届きます")).count()
}

#[test]
fn a_redelivered_line_webhook() {
    let mut stage = Stage::new();
    let place = format!("oa:{LINE_CHANNEL}");
    stage.with(|world, now| world.line_say("sato", &place, "はい", now)).unwrap();
    stage.run(2_000);
    for _ in 0..2 {
        stage.with(|world, now| world.line_repeat(LINE_CHANNEL, now));
        stage.run(2_000);
    }
    assert_eq!(answers(&stage, Way::Line), 1);
    stage.end();
}

#[test]
fn several_line_events_in_one_webhook_backwards() {
    let mut stage = Stage::new();
    let to = json!([{"member": stage.members["sato"]}]);
    stage.post_visitor(&to);
    stage.run(5_000);
    let talk = stage.talk(Way::Line, "sato");
    let place = format!("oa:{LINE_CHANNEL}");
    stage.with(|world, _| world.line_hold(LINE_CHANNEL));
    stage.with(|world, now| world.line_say("sato", &place, "はい", now)).unwrap();
    stage.press(&talk, "sato");
    stage.with(|world, now| world.line_release(LINE_CHANNEL, true, now));
    stage.run(5_000);
    assert_eq!((answers(&stage, Way::Line), stage.claims().len()), (1, 1));
    stage.end();
}

/// Slack posts it again because the first answer never came.
#[test]
fn a_repeated_slack_event() {
    let mut stage = Stage::new();
    stage.machine.delivers = false;
    stage.with(|world, now| world.slack_say("sato", "dm", "はい", None, now)).unwrap();
    let callbacks = stage.with(|world, _| world.take_callbacks());
    let first = callbacks.into_iter().find(|callback| callback.event == "message.im").unwrap();
    // Taken by the hub, but Slack hears nothing of it.
    stage.machine.must(tests::hook(&first), 200);
    stage.with(|world, _| world.callback_replied(first.id, &Err(sandbox::world::NoReply::TimedOut)));
    stage.machine.delivers = true;
    stage.run(5_000);
    let repeats = {
        let world = stage.machine.outside.world.borrow();
        let is_repeat = |name: &str| name == "X-Slack-Retry-Num";
        world.callbacks().filter(|one| one.headers.iter().any(|(name, _)| is_repeat(name))).count()
    };
    assert_eq!((repeats, answers(&stage, Way::Slack)), (1, 1));
    stage.end();
}

#[test]
fn a_duplicated_google_chat_event() {
    let mut stage = Stage::new();
    stage.chat_settings(|settings| settings.duplicate_events = true);
    let to = json!([{"member": stage.members["sato"]}]);
    stage.post_visitor(&to);
    stage.run(5_000);
    let talk = stage.talk(Way::GoogleChat, "sato");
    let tests::talks::Talk::GoogleChat(space) = &talk else { panic!("{talk:?}") };
    stage.with(|world, now| {
        sandbox::world::google_chat::say(world, "sato", space, "はい", None, now).unwrap();
    });
    stage.press(&talk, "sato");
    stage.run(5_000);
    assert_eq!((answers(&stage, Way::GoogleChat), stage.claims().len()), (1, 1));
    stage.end();
}

/// The object died, or was slow, between the claim and its answer: the letter is opened again, and the winner
/// does not read that somebody else was first.
#[test]
fn the_winner_is_never_told_to_be_late() {
    use sandbox::world::{FaultKind, FaultTarget, FaultWhen};
    let mut stage = Stage::new();
    let to = json!([{"member": stage.members["sato"]}]);
    stage.post_visitor(&to);
    stage.run(10_000);
    // Nothing is said to LINE WORKS for a while.
    let target = FaultTarget::LineWorks { operation: Some("send_user".into()) };
    stage.with(|world, _| {
        world.faults.add(target, FaultKind::ServerError { status: 500 }, FaultWhen::Count { times: 1 });
    });
    let talk = stage.talk(Way::LineWorks, "sato");
    stage.press(&talk, "sato");
    stage.run(60_000);
    let shown = stage.shown(&talk);
    assert!(shown.last().unwrap().text.contains("を受け付けました"), "{shown:?}");
    assert!(!shown.iter().any(|message| message.text.contains("すでに")), "{shown:?}");
    stage.end();
}
