//! Who can be reached, who is unknown, and where the bot is.

use sandbox::world::google_chat;
use serde_json::json;
use tests::{forms::SLACK_APP, talks::LINE_CHANNEL};

use crate::stage::{CHANNEL, ROOM, SPACE, Stage, Way};

#[test]
fn following_and_blocking_turn_the_address() {
    let mut stage = Stage::new();
    assert_eq!(stage.address("sato", Way::Line), "linked");
    // Open pages hear of it.
    let told = |stage: &Stage| stage.machine.outside.disclosed.borrow().matches("\"channels\"}").count();
    let before = told(&stage);
    stage.with(|world, now| world.line_block("sato", LINE_CHANNEL, now)).unwrap();
    stage.run(2_000);
    assert_eq!((stage.address("sato", Way::Line).as_str(), told(&stage)), ("blocked", before + 1));
    let to = json!([{"member": stage.members["sato"]}]);
    let event = stage.post_visitor(&to);
    stage.run(10_000);
    let line = stage.event(&event)["deliveries"].as_array().unwrap().clone();
    let line = line.iter().find(|delivery| delivery["channel"] == "line").unwrap();
    assert_eq!((&line["state"], &line["reason"]), (&json!("skipped"), &json!("address_blocked")));
    stage.befriend("sato");
    stage.run(2_000);
    assert_eq!((stage.address("sato", Way::Line).as_str(), told(&stage)), ("linked", before + 2));
    let shown = stage.shown(&stage.talk(Way::Line, "sato"));
    assert!(shown.last().unwrap().text.contains("連携が完了しました"), "{shown:?}");
    stage.end();
}

/// The callbacks came the other way round: what happened last holds.
#[test]
fn friendship_follows_what_happened_last() {
    let mut stage = Stage::new();
    stage.machine.delivers = false;
    stage.with(|world, now| world.line_block("sato", LINE_CHANNEL, now)).unwrap();
    stage.run(1_000);
    stage.befriend("sato");
    stage.run(1_000);
    let callbacks = stage.with(|world, _| world.take_callbacks());
    assert_eq!(callbacks.len(), 2);
    for callback in callbacks.iter().rev() {
        stage.machine.post(callback, |status| assert_eq!(status, Some(200)));
        stage.run(1_000);
    }
    assert_eq!(stage.address("sato", Way::Line), "linked");
    stage.end();
}

#[test]
fn who_blocks_after_the_notice_gets_no_news() {
    let mut stage = Stage::new();
    let to = json!([{"member": stage.members["sato"]}]);
    stage.post_visitor(&to);
    stage.run(10_000);
    stage.with(|world, now| world.line_block("sato", LINE_CHANNEL, now)).unwrap();
    stage.run(2_000);
    let pushes = stage.calls("line", "push");
    let slack = stage.talk(Way::Slack, "sato");
    stage.press(&slack, "sato");
    stage.run(10_000);
    assert_eq!(stage.calls("line", "push"), pushes);
    stage.end();
}

#[test]
fn unknown_people_are_told_how_to_link() {
    let mut stage = Stage::connected();
    stage.with(|world, now| {
        world.line_befriend("ito", LINE_CHANNEL, now).unwrap();
        world.slack_say("ito", "dm", "こんにちは", None, now).unwrap();
        google_chat::add_app(world, "ito", None, None, now).unwrap();
    });
    stage.run(2_000);
    let line = format!("oa:{LINE_CHANNEL}");
    let chat = stage.talk(Way::GoogleChat, "ito");
    let tests::talks::Talk::GoogleChat(space) = &chat else { panic!("{chat:?}") };
    let bot = sandbox::world::TalkId::Bot(stage.bot);
    stage.with(|world, now| {
        world.line_say("ito", &line, "こんにちは", now).unwrap();
        world.say("ito", &bot, "こんにちは", now).unwrap();
        google_chat::say(world, "ito", space, "こんにちは", None, now).unwrap();
    });
    stage.run(5_000);
    for way in Way::ALL {
        let shown = stage.shown(&stage.talk(way, "ito"));
        let told = |message: &tests::talks::Shown| message.text.contains("まだだれとも連携していません");
        assert!(shown.iter().any(told), "{way:?}: {shown:?}");
    }
    assert_eq!(stage.used(), 0, "answers are free");
    stage.end();
}

/// The bot's rooms, by messenger: whether they are open.
fn rooms(stage: &Stage) -> Vec<String> {
    stage.machine.read(
        "SELECT i.provider || ' ' || r.open FROM rooms r JOIN integrations i ON i.id = r.integration ORDER BY 1",
    )
}

#[test]
fn rooms_fill_themselves_and_close() {
    let mut stage = Stage::connected();
    assert_eq!(rooms(&stage), Vec::<String>::new());
    stage.enter_rooms();
    stage.run(10_000);
    assert_eq!(rooms(&stage), ["google_chat 1", "line 1", "lineworks 1", "slack 1"]);
    let names = stage.machine.read("SELECT name FROM rooms WHERE name <> '' ORDER BY name");
    assert_eq!(names, ["総務部", "総務部", "総務部"], "LINE does not tell");
    for way in Way::ALL {
        let shown = stage.shown(&stage.room_talk(way));
        assert!(
            shown.iter().any(|one| one.text.contains("このルームにお知らせを送れるように")),
            "{way:?}: {shown:?}"
        );
    }
    let (bot, group) = (stage.bot, stage.group());
    stage.with(|world, now| {
        world.line_remove(&group, LINE_CHANNEL, now).unwrap();
        world.remove_bot(ROOM, bot, now).unwrap();
        world.slack_kick(CHANNEL, SLACK_APP, now).unwrap();
        google_chat::remove_app(world, "sato", SPACE, now).unwrap();
    });
    stage.run(10_000);
    assert_eq!(rooms(&stage), ["google_chat 0", "line 0", "lineworks 0", "slack 0"]);
    stage.end();
}

/// An unknown person in a room may press all the same, by the name that the messenger knows.
#[test]
fn in_a_room_anybody_may_press() {
    let mut stage = Stage::new();
    let to = json!([{"room": stage.room(Way::Slack)}]);
    stage.post_visitor(&to);
    stage.run(5_000);
    let talk = stage.room_talk(Way::Slack);
    stage.press(&talk, "ito");
    stage.run(5_000);
    let claims = stage.claims();
    assert_eq!((&claims[0]["member"], &claims[0]["name"]), (&json!(null), &json!("伊藤 さくら")));
    stage.end();
}
