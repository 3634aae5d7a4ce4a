//! Each provider's pace: a flood never makes one say 429.

use sandbox::world::google_chat;
use serde_json::{Value, json};

use crate::stage::{SPACE, Stage, Way};

fn flood(stage: &mut Stage, to: &Value, posts: usize) {
    for number in 0..posts {
        stage.post(&json!({"kind": "tasks.no_due_date", "to": to, "title": format!("お知らせ{number}")}));
    }
}

#[test]
fn slack_channels_and_people_take_one_message_a_second() {
    let mut stage = Stage::new();
    let to = json!([{"room": stage.room(Way::Slack)}, {"member": stage.members["sato"]}]);
    flood(&mut stage, &to, 30);
    stage.run(60_000);
    assert_eq!(stage.refused_for_speed(), 0);
    let channel = stage.shown(&stage.room_talk(Way::Slack));
    assert!(channel.len() >= 30, "{}", channel.len());
    stage.end();
}

/// A member's webhook, the app and another member's webhook in the same space share its second.
#[test]
fn a_google_chat_space_takes_one_message_a_second_from_all() {
    let mut stage = Stage::new();
    for (person, name) in [("takahashi", "n1"), ("suzuki", "n2")] {
        // A room and two people who get theirs there.
        let url = stage.with(|world, _| google_chat::create_webhook(world, person, SPACE, "届け")).unwrap();
        let member = stage.members[person].clone();
        stage.machine.write(
            "DELETE FROM addresses WHERE member = ?1 AND channel = 'google_chat'",
            &[member.as_str().into()],
        );
        stage.machine.keep_secret(name, &url);
        stage.machine.link(&member, "google_chat", &format!("webhook:{SPACE}:{name}"), "linked");
    }
    let to = json!([{"room": stage.room(Way::GoogleChat)}, {"member": stage.members["takahashi"]}, {"member": stage.members["suzuki"]}]);
    flood(&mut stage, &to, 10);
    stage.run(90_000);
    assert_eq!(stage.refused_for_speed(), 0);
    let shown = stage.shown(&stage.room_talk(Way::GoogleChat));
    assert_eq!(shown.iter().filter(|message| message.text.contains("お知らせ")).count(), 30 + 1);
    stage.end();
}

/// Changing what was sent has a pace of its own (slack.md §2): fifty a minute.
#[test]
fn slack_copies_are_changed_at_their_own_pace() {
    let mut stage = Stage::new();
    let talk = stage.room_talk(Way::Slack);
    let to = json!([{"room": stage.room(Way::Slack)}, {"member": stage.members["sato"]}, {"member": stage.members["takahashi"]}]);
    let events: Vec<String> = (0..25).map(|_| stage.post_visitor(&to)).collect();
    stage.run(60_000);
    let cookie = stage.cookie.clone();
    for event in &events {
        let press = json!({"event": event, "action": "take"});
        stage.machine.must(tests::calls::page("POST", "/api/me/actions", &cookie, &press), 200);
    }
    stage.run(150_000);
    assert_eq!(stage.refused_for_speed(), 0);
    assert!(stage.shown(&talk).iter().all(|message| message.answers.is_empty()));
    stage.end();
}
