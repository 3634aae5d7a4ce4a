//! Calling people in rooms.

use serde_json::json;
use shared::id::{IntegrationId, RoomId};

use crate::{
    event, office, post,
    world::{NOW, World},
};

/// A room of the integration that was connected with `number`.
pub(crate) fn add_room(world: &World, number: u8, provider_id: &str, open: bool) -> String {
    let id = RoomId::new(NOW, [number; 10]);
    let integration = IntegrationId::new(NOW, [number; 10]);
    let query = "INSERT INTO rooms (id, integration, provider_id, name, open, since) VALUES (?1, ?2, ?3, '総務', ?4, 0)";
    let params = [id.as_str().into(), integration.as_str().into(), provider_id.into(), open.into()];
    world.sql.exec(query, &params).unwrap();
    id.to_string()
}

pub(crate) fn set_state(world: &World, delivery: &str, state: &str) {
    let query = "UPDATE deliveries SET state = ?2, due_at = NULL WHERE id = ?1";
    world.sql.exec(query, &[delivery.into(), state.into()]).unwrap();
}

fn link(world: &World, channel: &str, value: &str) {
    let query = "INSERT INTO addresses (member, channel, value, state, switched_on) \
        SELECT id, ?1, ?2, 'linked', 1 FROM members WHERE login_email = 'sato@minato.example'";
    world.sql.exec(query, &[channel.into(), value.into()]).unwrap();
}

#[test]
fn people_are_called_in_rooms_by_what_the_messenger_knows_of_them() {
    let (mut world, _, key) = office();
    world.connect("slack", 8, &json!({}), &json!({"signing_secret": "s", "bot_token": "xoxb-1"}));
    let settings = json!({"login_channel_id": "1", "via": "token"});
    let secret = json!({"login_channel_secret": "l", "channel_secret": "c", "token": {"long_lived": "t"}});
    world.connect("line", 6, &settings, &secret);
    link(&world, "slack", "U0SATO001");
    let rooms =
        [add_room(&world, 8, "C1", true), add_room(&world, 6, "C00000000000000000000000000000001", true)];
    let suzuki = world.count("SELECT id FROM members WHERE login_email = 'suzuki@minato.example'");
    let mut body = event(json!([{"room": rooms[0]}, {"room": rooms[1]}, {"member": suzuki}]));
    body["title"] = json!("応援 <!channel>");
    body["mentions"] = json!([{"email": "Sato@minato.example"}, {"everyone": true}, {"member": suzuki}, {"email": "sato@minato.example"}]);
    let back = post(&mut world, &key, None, &body);
    assert_eq!(back.status, 202, "{back:?}");
    world.work();
    let sent = world.mailbox.mails.borrow();
    let find =
        |part: &str| sent.iter().find(|one| one.get(part).is_some()).unwrap_or_else(|| panic!("{part}"));
    let slack = find("blocks");
    assert_eq!(slack["blocks"][0]["text"]["text"], "<@U0SATO001> <!channel> @鈴木 一郎");
    assert!(slack["text"].as_str().unwrap().contains("応援 &lt;!channel&gt;"), "{slack}");
    let line = find("messages");
    assert!(
        line["messages"][0]["altText"].as_str().unwrap().starts_with("@佐藤 花子 @全員 @鈴木 一郎\n"),
        "{line}"
    );
    // A person's own copy calls nobody.
    let mail = sent.iter().find(|one| one["to"] == "suzuki@minato.example").unwrap();
    assert!(!mail.to_string().contains("@佐藤") && !mail.to_string().contains("@全員"), "{mail}");
    // Addresses of people are not kept with the event.
    let stored = world.count("SELECT message -> '$.mentions' FROM events");
    assert_eq!(stored.matches("\"member\"").count(), 2, "{stored}");
    assert!(!stored.contains("minato.example"), "{stored}");
}

#[test]
fn who_was_erased_since_is_not_called() {
    let (mut world, _, key) = office();
    world.connect("slack", 8, &json!({}), &json!({"signing_secret": "s", "bot_token": "xoxb-1"}));
    let room = add_room(&world, 8, "C1", true);
    let mut body = event(json!([{ "room": room }]));
    body["mentions"] = json!([{"email": "sato@minato.example"}]);
    body["deliver_at"] = json!("2026-12-01T00:00:00Z");
    assert_eq!(post(&mut world, &key, None, &body).status, 202);
    world.sql.exec("DELETE FROM members WHERE login_email = 'sato@minato.example'", &[]).unwrap();
    world.runner.clock.set(shared::time::parse_rfc3339("2026-12-01T00:00:01Z").unwrap());
    world.work();
    let sent = world.mailbox.mails.borrow();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["blocks"][0]["type"], "context", "{}", sent[0]);
}

#[test]
fn a_mention_that_names_nobody_is_named_in_the_answer() {
    let (mut world, _, key) = office();
    let nobody = json!({"email": "nobody@minato.example"});
    for (mentions, refusal) in [
        (json!([{"everyone": true}, nobody]), (400, "unknown_member", "mentions[1].email")),
        (json!([{"member": "mb_x"}]), (400, "unknown_member", "mentions[0].member")),
        (json!([{"everyone": false}]), (400, "wrong_type", "mentions[0].everyone")),
        (json!([{"room": "rm_x"}]), (400, "unknown_field", "mentions[0].room")),
        (json!(vec![json!({"everyone": true}); 51]), (400, "too_many", "mentions")),
    ] {
        let mut body = event(json!([{"everyone": true}]));
        body["mentions"] = mentions;
        assert_eq!(post(&mut world, &key, None, &body).refusal(), refusal, "{body}");
    }
    assert_eq!(world.count("SELECT count(*) FROM events"), "0");
}
