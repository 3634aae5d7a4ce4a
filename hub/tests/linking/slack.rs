//! Slack by a member ID, and filling IDs by login addresses.

use hub::{
    ports::HttpResponse,
    providers::slack::{SlackSecret, SlackSettings},
};
use serde_json::{Value, json};

use crate::{
    stage::{Stage, integration},
    world::World,
};

const TARGET: &str = "/api/me/channels/slack";

pub(crate) fn connect(world: &mut World) {
    let settings =
        SlackSettings { team_id: "T01".into(), bot_user_id: "U0BOT".into(), ..SlackSettings::default() };
    let secret =
        SlackSecret { bot_token: "xoxb-1".into(), signing_secret: "s".into(), ..SlackSecret::default() };
    let (settings, secret) = (serde_json::to_value(settings).unwrap(), serde_json::to_value(secret).unwrap());
    world.connect("slack", 9, &settings, &secret);
}

fn info(id: &str) -> String {
    format!("GET slack.com/api/users.info?user={id}")
}

fn lookup(email: &str) -> String {
    format!("GET slack.com/api/users.lookupByEmail?email={}", email.replace('@', "%40"))
}

fn person(id: &str, name: &str) -> Value {
    json!({"ok": true, "user": {"id": id, "profile": {"display_name": name}}})
}

fn link(stage: &mut Stage, id: &str) -> crate::world::Back {
    let sato = stage.sato.clone();
    stage.world.put(&sato, TARGET, &json!({ "member_id": id }))
}

#[test]
fn a_member_id_is_looked_up() {
    let mut stage = Stage::new(connect);
    stage.providers.on(&info("U012AB"), 200, &person("U012AB", "佐藤 花子"));
    let back = link(&mut stage, " u012ab ");
    assert_eq!(back.status, 200, "{back:?}");
    let card = &back.json["channels"][0];
    assert_eq!((&card["address"], &card["state"]), (&json!("佐藤 花子"), &json!("unverified")));
    assert_eq!(stage.address(&stage.member, "slack"), "U012AB unverified 佐藤 花子");
    stage.providers.asked();
    // Another member cannot have it too.
    let owner = stage.owner.clone();
    stage.providers.on(&info("U012AB"), 200, &person("U012AB", "佐藤 花子"));
    let back = stage.world.put(&owner, TARGET, &json!({"member_id": "U012AB"}));
    assert_eq!(back.refusal(), (409, "address_taken", "member_id"));
    let sato = stage.sato.clone();
    assert_eq!(stage.world.delete(&sato, TARGET).status, 200);
    assert_eq!(stage.address(&stage.member, "slack"), "");
}

#[test]
fn an_id_of_nobody_who_reads_is_refused() {
    let deleted = json!({"ok": true, "user": {"id": "U1X", "deleted": true, "name": "x"}});
    let bot = json!({"ok": true, "user": {"id": "U1X", "is_bot": true, "name": "x"}});
    for (body, words) in [
        (deleted, "deactivated"),
        (bot, "does not exist"),
        (json!({"ok": false, "error": "user_not_found"}), "does not exist"),
        (json!({"ok": false, "error": "user_not_visible"}), "does not exist"),
        (json!({"ok": false, "error": "invalid_auth"}), "credentials"),
        (json!({"ok": false, "error": "missing_scope", "needed": "users:read"}), "users:read"),
    ] {
        let mut stage = Stage::new(connect);
        let sato = stage.sato.clone();
        stage.world.put(&sato, "/api/me/language", &json!({"language": "en"}));
        stage.providers.on(&info("U1X"), 200, &body);
        let back = link(&mut stage, "U1X");
        assert_eq!(back.refusal(), (422, "connection_failed", "member_id"), "{body}");
        assert!(back.json["message"].as_str().unwrap().contains(words), "{back:?}");
        assert_eq!(stage.address(&stage.member, "slack"), "");
        stage.providers.asked();
    }
}

#[test]
fn what_is_no_member_id_is_not_asked_about() {
    let mut stage = Stage::new(connect);
    for id in ["C012AB", "@sato", "U01/../x", "sato@minato.example", "U"] {
        assert_eq!(link(&mut stage, id).refusal(), (400, "not_a_slack_member_id", "member_id"), "{id}");
    }
    assert_eq!(link(&mut stage, "").refusal(), (400, "required", "member_id"));
    assert!(stage.providers.asked().is_empty());
    let mut bare = Stage::new(|_| ());
    assert_eq!(link(&mut bare, "U012AB").refusal(), (409, "not_connected", "channel"));
}

#[test]
fn ids_are_filled_by_login_address_a_part_at_a_time() {
    let mut stage = Stage::new(connect);
    let owner = stage.owner.clone();
    // 田中, 佐藤 and 41 more.
    for number in 0..41 {
        let form = json!({"name": format!("人{number}"), "login_email": format!("p{number}@minato.example")});
        stage.world.member(&owner, &form);
    }
    let target = format!("/api/integrations/{}/match", integration(9));
    let unknown = json!({"ok": false, "error": "users_not_found"});
    stage.providers.on(&lookup("tanaka@minato.example"), 200, &person("U0TANAKA", "田中"));
    stage.providers.on(&lookup("sato@minato.example"), 200, &unknown);
    for number in 0..38 {
        stage.providers.on(
            &lookup(&format!("p{number}@minato.example")),
            200,
            &person(&format!("U0P{number}"), ""),
        );
    }
    let back = stage.world.post(&owner, &target, &json!({}));
    assert_eq!(back.status, 200, "{back:?}");
    assert_eq!(
        (&back.json["matched"], &back.json["left"], &back.json["unknown"]),
        (&json!(39), &json!(3), &json!(["sato@minato.example"]))
    );
    assert_eq!(stage.providers.asked().len(), 40);

    // Going on does not ask for 佐藤 again. A limit stops it, and what was found is kept.
    let next = format!("{target}?cursor={}", back.json["next"].as_str().unwrap());
    stage.providers.on(&lookup("p38@minato.example"), 200, &person("U0P38", "p38"));
    let limited = HttpResponse {
        status: 429,
        headers: vec![("retry-after".into(), "30".into())],
        body: br#"{"ok":false,"error":"ratelimited"}"#.to_vec(),
    };
    stage.providers.answer(&lookup("p39@minato.example"), Ok(limited));
    let back = stage.world.post(&owner, &next, &json!({}));
    assert_eq!(
        (&back.json["matched"], &back.json["left"], &back.json["wait_ms"]),
        (&json!(1), &json!(2), &json!(30_000))
    );
    let next = format!("{target}?cursor={}", back.json["next"].as_str().unwrap());
    stage.providers.on(
        &lookup("p39@minato.example"),
        200,
        &json!({"ok": true, "user": {"id": "U1", "deleted": true}}),
    );
    // Somebody whose ID another member has already.
    stage.providers.on(&lookup("p40@minato.example"), 200, &person("U0TANAKA", "田中"));
    let back = stage.world.post(&owner, &next, &json!({}));
    assert_eq!(
        (&back.json["matched"], &back.json["left"], &back.json["next"], &back.json["unknown"]),
        (&json!(0), &json!(0), &Value::Null, &json!(["p39@minato.example"]))
    );
    stage.providers.asked();
    assert_eq!(
        stage.world.count("SELECT count(*) FROM addresses WHERE channel = 'slack' AND state = 'unverified'"),
        "40"
    );
    assert_eq!(stage.world.count("SELECT label FROM addresses WHERE value = 'U0TANAKA'"), "田中");
}

#[test]
fn a_broken_connection_stops_the_filling_with_its_reason() {
    let mut stage = Stage::new(connect);
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let target = format!("/api/integrations/{}/match", integration(9));
    stage.providers.on(&lookup("tanaka@minato.example"), 200, &person("U0TANAKA", "田中"));
    stage.providers.on(&lookup("sato@minato.example"), 200, &json!({"ok": false, "error": "token_revoked"}));
    let back = stage.world.post(&owner, &target, &json!({}));
    assert_eq!(back.code(), "connection_failed");
    assert_eq!(stage.world.count("SELECT count(*) FROM addresses WHERE channel = 'slack'"), "1");
    assert_eq!(stage.world.post(&sato, &target, &json!({})).code(), "not_allowed");
}
