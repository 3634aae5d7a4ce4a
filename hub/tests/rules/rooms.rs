//! A channel ID that was pasted, the test notice into a room, and what open pages hear.

use hub::{
    ports::Audience,
    providers::slack::{SlackSecret, SlackSettings},
};
use serde_json::{Value, json};

use crate::{
    stage::Stage,
    world::{Back, World},
};

const FIND: &str = "/api/rooms/find";

fn connect(world: &mut World) {
    let settings =
        SlackSettings { team_id: "T01".into(), bot_user_id: "U0BOT".into(), ..SlackSettings::default() };
    let secret =
        SlackSecret { bot_token: "xoxb-1".into(), signing_secret: "s".into(), ..SlackSecret::default() };
    let (settings, secret) = (serde_json::to_value(settings).unwrap(), serde_json::to_value(secret).unwrap());
    world.connect("slack", 9, &settings, &secret);
}

fn info(id: &str) -> String {
    format!("GET slack.com/api/conversations.info?channel={id}")
}

fn room(id: &str, inside: bool) -> Value {
    json!({"ok": true, "channel": {"id": id, "name": "配車", "is_member": inside}})
}

fn ask(stage: &mut Stage, id: &str) -> Back {
    let owner = stage.owner.clone();
    ask_as(stage, &owner, id)
}

fn ask_as(stage: &mut Stage, cookie: &str, id: &str) -> Back {
    let request = json!({"integration": crate::stage::integration(9), "provider_id": id});
    stage.world.post(cookie, FIND, &request)
}

/// 山田運送, whose admin 佐藤 becomes, and みなと工業: their ids.
fn companies(stage: &mut Stage) -> (String, String) {
    let owner = stage.owner.clone();
    let mut company =
        |name: &str| stage.world.post(&owner, "/api/v1/companies", &json!({ "name": name })).id();
    let (own, other) = (company("山田運送"), company("みなと工業"));
    let boss = "UPDATE members SET role = 'company_admin', company = ?2 WHERE id = ?1";
    stage.world.sql.exec(boss, &[stage.member.as_str().into(), own.as_str().into()]).unwrap();
    (own, other)
}

#[test]
fn a_pasted_id_is_asked_for_and_then_in_the_list() {
    let mut stage = Stage::new(connect);
    let owner = stage.owner.clone();
    stage.providers.on(&info("C0HAISHA"), 200, &room("C0HAISHA", true));
    let back = ask(&mut stage, " C0HAISHA\n");
    assert_eq!(
        (back.status, &back.json["room"]["name"], &back.json["confirmed"]),
        (200, &json!("配車"), &json!(true)),
        "{back:?}"
    );
    let rooms = stage.world.get(&owner, "/api/v1/rooms");
    assert_eq!(rooms.json[0]["provider_id"], "C0HAISHA");
    // Again is the same room.
    stage.providers.on(&info("C0HAISHA"), 200, &room("C0HAISHA", true));
    let again = ask(&mut stage, "C0HAISHA");
    assert_eq!(again.json["room"]["id"], back.json["room"]["id"]);
    stage.providers.asked();
}

#[test]
fn what_is_wrong_with_an_id_is_said() {
    let mut stage = Stage::new(connect);
    for (id, answer, expected) in [
        ("C0OTHER", Some(room("C0OTHER", false)), (409, "bot_not_in_room", "provider_id")),
        (
            "C0NONE",
            Some(json!({"ok": false, "error": "channel_not_found"})),
            (409, "bot_not_in_room", "provider_id"),
        ),
        ("U0PERSON", None, (409, "bot_not_in_room", "provider_id")),
        ("D0PERSON", None, (409, "bot_not_in_room", "provider_id")),
        ("<b>", None, (409, "bot_not_in_room", "provider_id")),
        ("  ", None, (400, "required", "provider_id")),
    ] {
        if let Some(answer) = answer {
            stage.providers.on(&info(id), 200, &answer);
        }
        assert_eq!(ask(&mut stage, id).refusal(), expected, "{id}");
        stage.providers.asked();
    }
    let owner = stage.owner.clone();
    let nowhere = json!({"integration": "in_x", "provider_id": "C0HAISHA"});
    assert_eq!(stage.world.post(&owner, FIND, &nowhere).refusal(), (409, "not_connected", "integration"));
    let sato = stage.sato.clone();
    assert_eq!(stage.world.post(&sato, FIND, &nowhere).refusal(), (403, "not_allowed", ""));
    assert_eq!(stage.world.count("SELECT count(*) FROM rooms"), "0");
}

#[test]
fn another_company_s_room_is_nothing_to_a_company_s_own_admin() {
    let mut stage = Stage::new(connect);
    let (own, other) = companies(&mut stage);
    let (own, other) = (format!("/api/rules/companies/{own}"), format!("/api/rules/companies/{other}"));
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let form = |room: &str, version: i64| json!({"room": room, "kinds": ["tasks.alarm"], "version": version});
    stage.providers.on(&info("C0HAISHA"), 200, &room("C0HAISHA", true));
    let theirs = ask(&mut stage, "C0HAISHA").json["room"]["id"].as_str().unwrap().to_owned();
    assert_eq!(stage.world.put(&owner, &other, &form(&theirs, 0)).status, 200);

    // Neither its id nor its channel ID is of any use, and nothing is opened again.
    let back = stage.world.put(&sato, &own, &form(&theirs, 0));
    assert_eq!(back.refusal(), (400, "unknown_room", "room"));
    stage.world.sql.exec("UPDATE rooms SET open = 0", &[]).unwrap();
    stage.providers.on(&info("C0HAISHA"), 200, &room("C0HAISHA", true));
    let back = ask_as(&mut stage, &sato, "C0HAISHA");
    assert_eq!(back.refusal(), (409, "bot_not_in_room", "provider_id"));
    assert_eq!(stage.world.count("SELECT open FROM rooms"), "0");

    // A room that is nobody's may be chosen.
    stage.providers.on(&info("C0NEW"), 200, &room("C0NEW", true));
    let free = ask_as(&mut stage, &sato, "C0NEW").json["room"]["id"].as_str().unwrap().to_owned();
    assert_eq!(stage.world.put(&sato, &own, &form(&free, 0)).status, 200);
    // One that an admin of the workspace gave to both is the own one too.
    assert_eq!(stage.world.put(&owner, &own, &form(&theirs, 1)).status, 200);
    assert_eq!(stage.world.put(&sato, &own, &form(&theirs, 2)).status, 200);
    stage.providers.asked();
}

#[test]
fn where_nobody_can_be_asked_a_company_s_own_admin_gets_known_rooms_only() {
    let mut stage = Stage::new(|world| {
        let settings = json!({"login_channel_id": "1", "via": "token"});
        let secret =
            json!({"login_channel_secret": "l", "channel_secret": "c", "token": {"long_lived": "t"}});
        world.connect("line", 9, &settings, &secret);
    });
    companies(&mut stage);
    let (sato, group) = (stage.sato.clone(), format!("C{}", "0".repeat(32)));
    let nothing = (409, "bot_not_in_room", "provider_id");
    assert_eq!(ask_as(&mut stage, &sato, &group).refusal(), nothing);
    assert_eq!(stage.world.count("SELECT count(*) FROM rooms"), "0");
    let found = ask(&mut stage, &group);
    assert_eq!((found.status, &found.json["confirmed"]), (200, &json!(false)), "{found:?}");
    let known = ask_as(&mut stage, &sato, &group);
    assert_eq!((known.status, &known.json), (200, &found.json));

    stage.world.sql.exec("UPDATE rooms SET open = 0", &[]).unwrap();
    assert_eq!(ask_as(&mut stage, &sato, &group).refusal(), nothing);
    assert_eq!(stage.world.count("SELECT open FROM rooms"), "0");
    assert_eq!(ask(&mut stage, &group).json["room"]["open"], true);
}

#[test]
fn a_test_notice_says_plainly_what_is_wrong() {
    for (answer, state, cause) in [
        (json!({"ok": true, "ts": "1.2", "channel": "C0HAISHA"}), "sent", Value::Null),
        (json!({"ok": false, "error": "not_in_channel"}), "failed", json!("bot_not_in_room")),
    ] {
        let mut stage = Stage::new(connect);
        let owner = stage.owner.clone();
        stage.providers.on(&info("C0HAISHA"), 200, &room("C0HAISHA", true));
        let found = ask(&mut stage, "C0HAISHA").json["room"]["id"].as_str().unwrap().to_owned();
        let company = stage.world.post(&owner, "/api/v1/companies", &json!({"name": "山田運送"})).id();
        let target = format!("/api/rules/companies/{company}");
        let test = format!("{target}/test");
        assert_eq!(stage.world.post(&owner, &test, &Value::Null).refusal(), (404, "not_found", ""));
        stage.world.put(&owner, &target, &json!({"room": found, "kinds": [], "version": 0}));
        let sent = stage.world.post(&owner, &test, &Value::Null);
        assert_eq!((sent.status, &sent.json["reason"]), (202, &json!("manual")), "{sent:?}");
        stage.providers.on("POST slack.com/api/chat.postMessage", 200, &answer);
        stage.world.work();
        let shown = stage.world.get(&owner, &format!("/api/deliveries/{}", sent.id()));
        assert_eq!(
            (shown.json["row"]["state"].as_str(), &shown.json["row"]["cause"]["code"]),
            (Some(state), &cause),
            "{shown:?}"
        );
    }
}

#[test]
fn the_other_admin_s_page_hears_of_a_change() {
    let mut stage = Stage::new(connect);
    let owner = stage.owner.clone();
    let rules = || (Audience::Admins, r#"{"type":"rules"}"#.to_owned());
    let heard = |stage: &Stage| stage.live.0.take().into_iter().filter(|one| *one == rules()).count();
    for (target, body) in [
        ("/api/rules", json!({"kind": "tasks.alarm", "channel": "email", "on": false})),
        ("/api/rules/apps/tasks", json!({"members_set": false})),
    ] {
        assert_eq!(stage.world.put(&owner, target, &body).status, 200);
        assert_eq!(heard(&stage), 1, "{target}");
    }
    // Nothing changed, nothing is said.
    stage.world.put(&owner, "/api/rules/apps/tasks", &json!({"members_set": false}));
    assert_eq!(heard(&stage), 0);
}
