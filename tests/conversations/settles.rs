//! One event to a person on five channels and to a room of each messenger; pressing it anywhere settles all.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;
use tests::{
    calls::body,
    talks::{Shown, Talk},
};

use crate::stage::{Stage, Way};

/// The copy of 「来客です」 in a talk.
pub(crate) fn copies(shown: &[Shown]) -> Vec<&Shown> {
    shown.iter().filter(|message| message.text.contains("】来客です")).collect()
}

fn told<'a>(shown: &'a [Shown], words: &str) -> Vec<&'a Shown> {
    shown
        .iter()
        .filter(|message| message.text.contains(words) && !message.text.contains("】来客です"))
        .collect()
}

const CHOSE: &str = "さんが「対応します」を選びました";

#[test]
fn it_arrives_everywhere_with_its_buttons() {
    let mut stage = Stage::new();
    let to = stage.everybody();
    stage.post_visitor(&to);
    stage.run(10_000);
    for way in Way::ALL {
        for talk in [stage.talk(way, "sato"), stage.room_talk(way)] {
            let shown = stage.shown(&talk);
            let copies = copies(&shown);
            assert_eq!(copies.len(), 1, "{talk:?}: {shown:?}");
            let labels: Vec<&str> = copies[0].answers.iter().map(|(_, label)| label.as_str()).collect();
            assert_eq!(labels, ["対応します", "出られません"], "{talk:?}");
        }
    }
    assert_eq!(stage.machine.outside.world.borrow().mails("sato@minato.example").len(), 1);
    stage.end();
}

fn settled_by(way: Way, in_the_room: bool) {
    settled_on(Stage::new(), way, in_the_room);
}

/// Presses in one talk and looks at all of them a second later.
pub(crate) fn settled_on(mut stage: Stage, way: Way, in_the_room: bool) {
    let hook = json!({"url": "https://systems.minato.example/hook", "events": ["action.taken"]});
    let cookie = stage.cookie.clone();
    let made = stage.machine.must(tests::calls::page("POST", "/api/webhooks", &cookie, &hook), 201);
    let secret = body(&made)["secret"].as_str().unwrap().to_owned();
    let to = stage.everybody();
    let event = stage.post_visitor(&to);
    stage.run(10_000);
    let used = stage.used();
    let (talk, presser, name) = if in_the_room {
        (stage.room_talk(way), "takahashi", "高橋 美咲")
    } else {
        (stage.talk(way, "sato"), "sato", "佐藤 花子")
    };
    stage.press(&talk, presser);
    stage.run(1_000);
    let claims = stage.claims();
    assert_eq!(claims.len(), 1, "{claims:?}");
    assert_eq!((&claims[0]["event"], &claims[0]["name"]), (&json!(event), &json!(name)));
    assert_eq!(claims[0]["member"], json!(stage.members[presser]));
    assert_eq!(stage.event(&event)["claim"]["name"], json!(name));

    for other in Way::ALL {
        for (place, room) in [(stage.talk(other, "sato"), false), (stage.room_talk(other), true)] {
            let shown = stage.shown(&place);
            let copies = copies(&shown);
            assert_eq!(copies.len(), 1, "{place:?}");
            let news = told(&shown, CHOSE);
            if other.edits() {
                assert!(copies[0].edited && copies[0].answers.is_empty(), "{place:?}: {shown:?}");
                assert!(copies[0].text.contains(&format!("{name}{CHOSE}")), "{place:?}: {shown:?}");
                assert!(news.is_empty(), "{place:?}: {shown:?}");
            } else if place == talk && !room {
                assert!(news.is_empty(), "{place:?}: {shown:?}");
                assert_eq!(told(&shown, "「対応します」を受け付けました").len(), 1, "{place:?}: {shown:?}");
            } else {
                // In the room where it was pressed the answer is for everybody there.
                assert_eq!(news.len(), 1, "{place:?}: {shown:?}");
                assert!(news[0].text.contains(name) && news[0].answers.is_empty(), "{place:?}: {shown:?}");
            }
        }
    }
    // One to 佐藤 and three to the group, but for the talk in which it was pressed: answered for nothing.
    let paid = match (way, in_the_room) {
        (Way::Line, true) => 1,
        (Way::Line, false) => 3,
        _ => 4,
    };
    assert_eq!(stage.used() - used, paid);
    assert_eq!(
        stage.machine.outside.world.borrow().mails("sato@minato.example").len(),
        1,
        "mail is left alone"
    );
    stage.run(10_000);
    told_once(&stage, &event, &secret);
    stage.end();
}

/// The customer's system was told once, with a good signature.
fn told_once(stage: &Stage, event: &str, secret: &str) {
    let told = stage.machine.outside.told.borrow();
    assert_eq!(told.len(), 1);
    let news: serde_json::Value = serde_json::from_slice(&told[0].body).unwrap();
    assert_eq!((&news["type"], &news["data"]["event"]), (&json!("action.taken"), &json!(event)));
    let header = |name: &str| {
        let found = told[0].headers.iter().find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("no {name}")).1.clone()
    };
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    mac.update(&told[0].body);
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(header("webhook-signature"), format!("v1,{signature}"));
}

#[test]
fn pressed_in_line() {
    settled_by(Way::Line, false);
}

#[test]
fn pressed_in_a_line_group() {
    settled_by(Way::Line, true);
}

#[test]
fn pressed_in_line_works() {
    settled_by(Way::LineWorks, false);
}

#[test]
fn pressed_in_a_line_works_room() {
    settled_by(Way::LineWorks, true);
}

#[test]
fn pressed_in_slack() {
    settled_by(Way::Slack, false);
}

#[test]
fn pressed_in_a_slack_channel() {
    settled_by(Way::Slack, true);
}

#[test]
fn pressed_in_google_chat() {
    settled_by(Way::GoogleChat, false);
}

#[test]
fn pressed_in_a_google_chat_space() {
    settled_by(Way::GoogleChat, true);
}

/// Messages that cannot be changed keep their buttons: who is late reads who has it, for nothing on LINE.
#[test]
fn who_presses_late_is_told_who_has_it() {
    let mut stage = Stage::new();
    let to = stage.everybody();
    stage.post_visitor(&to);
    stage.run(10_000);
    let slack = stage.talk(Way::Slack, "sato");
    stage.press(&slack, "sato");
    stage.run(5_000);
    let used = stage.used();
    for talk in [stage.room_talk(Way::Line), stage.room_talk(Way::LineWorks)] {
        stage.press(&talk, "takahashi");
        stage.run(2_000);
        let shown = stage.shown(&talk);
        assert_eq!(told(&shown, "すでに佐藤 花子さんが「対応します」を選びました").len(), 1, "{shown:?}");
    }
    assert_eq!(stage.used(), used);
    assert_eq!(stage.claims().len(), 1);
    stage.end();
}

/// What stands behind a button can be written by hand.
#[test]
fn who_did_not_get_it_cannot_take_it() {
    let mut stage = Stage::new();
    let to = json!([{"member": stage.members["sato"]}]);
    let event = stage.post_visitor(&to);
    stage.run(10_000);
    let bot = sandbox::world::TalkId::Bot(stage.bot);
    let content = json!({"type": "text", "text": "対応します", "postback": format!("todoke:{event}:take")});
    stage.with(|world, now| world.send("suzuki", &bot, content, now)).unwrap();
    stage.run(5_000);
    assert!(stage.claims().is_empty());
    let suzuki = Talk::line_works("suzuki", stage.bot);
    assert!(stage.shown(&suzuki).is_empty());
    let shown = stage.shown(&stage.talk(Way::Slack, "sato"));
    assert!(!copies(&shown)[0].edited);
    stage.end();
}
