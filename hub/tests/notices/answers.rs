//! What an admin sees of one delivery: who answered, all five pictures, and whether it may be sent again. And what
//! open pages hear.

use std::rc::Rc;

use hub::{
    native::RecordedLive,
    ports::{Audience, Ports},
};
use serde_json::{Value, json};

use crate::{
    event, get, post,
    rooms::{add_room, set_state},
    world::{NOW, World},
};

struct Office {
    world: World,
    owner: String,
    sato: String,
    key: String,
    live: Rc<RecordedLive>,
}

/// With mail, 佐藤, and a key.
fn office() -> Office {
    let live = Rc::<RecordedLive>::default();
    let pages = live.clone();
    let (mut world, owner) = World::over(|ports| Ports { live: pages, ..ports }).begun();
    world.connect_mail();
    let sato = world.member(&owner, &json!({"name": "佐藤 花子", "login_email": "sato@minato.example"}));
    let key = world.key(&owner, &["events:write", "events:read"]);
    Office { world, owner, sato, key, live }
}

/// Posts a notice with a button to 佐藤; answers the ids of the event and of its delivery.
fn asked(office: &mut Office, more: &Value) -> (String, String) {
    let mut body = event(json!([{"email": "sato@minato.example"}]));
    body["actions"] = json!([{"id": "take", "label": "対応します"}]);
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let event = post(&mut office.world, &office.key, None, &body).id();
    let shown = get(&mut office.world, &office.key, &format!("/api/v1/events/{event}"));
    let delivery = shown.json["deliveries"][0]["id"].as_str().unwrap().to_owned();
    (event, delivery)
}

#[test]
fn a_delivery_says_who_answered_and_shows_all_five_pictures() {
    let mut office = office();
    let (event, delivery) = asked(&mut office, &json!({}));
    office.world.work();
    let target = format!("/api/deliveries/{delivery}");
    let before = office.world.get(&office.owner, &target).json;
    assert_eq!(before["claim"], Value::Null);
    let names: Vec<&String> = before["previews"]
        .as_array()
        .unwrap()
        .iter()
        .map(|preview| preview.as_object().unwrap().keys().next().unwrap())
        .collect();
    assert_eq!(names, ["lineworks", "line", "slack", "google_chat", "mail", "web_push"]);
    assert_eq!(before["previews"][4], before["preview"]);
    for preview in before["previews"].as_array().unwrap() {
        // A device shows no buttons: a press opens the notice.
        let buttons = preview["web_push"].is_null();
        assert!(preview.to_string().contains("請求書の確認"));
        assert_eq!(preview.to_string().contains("対応します"), buttons);
    }

    let cookie = office.world.cookie_of(&office.owner, &office.sato);
    let press = json!({"event": event, "action": "take"});
    assert_eq!(office.world.post(&cookie, "/api/me/actions", &press).status, 200);
    let after = office.world.get(&office.owner, &target).json;
    assert_eq!(
        (&after["claim"]["name"], &after["claim"]["label"]),
        (&json!("佐藤 花子"), &json!("対応します")),
    );
    assert!(after["claim"]["at"].as_i64() > Some(NOW), "{}", after["claim"]);
    // Members see who has it, and not what is for admins.
    let own = office.world.get(&cookie, &format!("/api/me/notices/{event}")).json;
    assert_eq!(own["claim"], after["claim"]);
    assert_eq!((own.get("previews"), own.get("no_resend")), (None, None));
    assert_eq!(own["can_resend"], false);
}

#[test]
fn only_what_did_not_arrive_is_sent_again() {
    let mut office = office();
    let (_, delivery) = asked(&mut office, &json!({}));
    let target = format!("/api/deliveries/{delivery}");
    let told = |office: &mut Office| {
        let json = office.world.get(&office.owner, &target).json;
        (json["can_resend"].as_bool().unwrap(), json["no_resend"].as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(told(&mut office), (false, "underway".into()));
    office.world.work();
    assert_eq!(told(&mut office), (false, "sent".into()));
    let back = office.world.post(&office.owner, &format!("{target}/resend"), &Value::Null);
    assert_eq!(back.refusal(), (409, "cannot_resend", ""));
    assert!(back.json["message"].as_str().unwrap().contains("(sent)"), "{back:?}");
    for state in ["failed", "uncertain", "cancelled"] {
        set_state(&office.world, &delivery, state);
        assert_eq!(told(&mut office), (true, "-".into()), "{state}");
    }
    office.world.sql.exec("UPDATE events SET cancelled = 1", &[]).unwrap();
    for state in ["failed", "cancelled"] {
        set_state(&office.world, &delivery, state);
        assert_eq!(told(&mut office), (false, "withdrawn".into()), "{state}");
    }
}

#[test]
fn what_was_decided_against_is_sent_again_when_the_reason_is_gone() {
    let mut office = office();
    office.world.connect("slack", 8, &json!({}), &json!({"signing_secret": "s", "bot_token": "xoxb-1"}));
    let room = add_room(&office.world, 8, "C1", false);
    let to = json!([{"email": "sato@minato.example"}, {"room": room}]);
    let (event, _) = asked(&mut office, &json!({ "to": to }));
    let shown = get(&mut office.world, &office.key, &format!("/api/v1/events/{event}")).json;
    let skipped = |reason: &str| {
        let rows = shown["deliveries"].as_array().unwrap();
        rows.iter().find(|row| row["reason"] == reason).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (by_room, by_person) = (skipped("room_closed"), skipped("no_address"));
    let told = |office: &mut Office, id: &str| {
        let json = office.world.get(&office.owner, &format!("/api/deliveries/{id}")).json;
        json["no_resend"].as_str().unwrap_or("-").to_owned()
    };
    assert_eq!(
        (told(&mut office, &by_room), told(&mut office, &by_person)),
        ("decided".into(), "decided".into())
    );
    office.world.sql.exec("UPDATE rooms SET open = 1", &[]).unwrap();
    let link = "INSERT INTO addresses (member, channel, value, state, switched_on) VALUES (?1, 'slack', 'U1', 'unverified', 1)";
    office.world.sql.exec(link, &[office.sato.as_str().into()]).unwrap();
    for id in [by_room, by_person] {
        assert_eq!(told(&mut office, &id), "-");
        let back = office.world.post(&office.owner, &format!("/api/deliveries/{id}/resend"), &Value::Null);
        assert_eq!((back.status, &back.json["reason"]), (200, &json!("manual")), "{back:?}");
    }
    // A switch is a decision of somebody's, and not undone from here.
    office.world.sql.exec("UPDATE deliveries SET state = 'skipped', reason = 'preference_off'", &[]).unwrap();
    let any = office.world.count("SELECT id FROM deliveries LIMIT 1");
    assert_eq!(told(&mut office, &any), "decided");
}

#[test]
fn open_pages_hear_the_kind_in_both_languages() {
    let mut office = office();
    asked(&mut office, &json!({}));
    let heard = office.live.0.borrow();
    let rows: Vec<Value> = heard
        .iter()
        .filter(|(audience, _)| *audience == Audience::Admins)
        .map(|(_, text)| serde_json::from_str::<Value>(text).unwrap())
        .filter(|message| message["type"] == "delivery")
        .collect();
    assert!(!rows.is_empty());
    for row in &rows {
        let names = (&row["data"]["kind_name"], &row["data"]["kind_name_en"]);
        assert_eq!(names, (&json!("タスクの割り当て"), &json!("Task assigned")), "{row}");
    }
}

#[test]
fn a_stranger_in_a_room_is_called_what_google_chat_calls_them() {
    let mut office = office();
    office.world.connect("google_chat", 10, &json!({"webhooks": true}), &json!({}));
    let room = add_room(&office.world, 10, "spaces/AAAAtest", true);
    let (event, _) = asked(&mut office, &json!({"to": [{"room": room}]}));
    let press = json!({"type": "action", "from": "users/111", "room": "spaces/AAAAtest",
        "data": format!("todoke:{event}:take"), "name": " 花 ", "at": NOW});
    let letter = "INSERT INTO inbox (id, integration, inbound, received_at, due_at) \
        VALUES ('l1', (SELECT id FROM integrations WHERE provider = 'google_chat'), ?1, 0, 1)";
    office.world.sql.exec(letter, &[press.to_string().into()]).unwrap();
    office.world.work();
    assert_eq!(office.world.count("SELECT name FROM claims"), "花");
}
