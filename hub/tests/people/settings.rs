use http::Method;
use serde_json::{Value, json};

use crate::world::World;

fn kind<'a>(settings: &'a Value, code: &str) -> &'a Value {
    settings["kinds"].as_array().unwrap().iter().find(|kind| kind["kind"] == code).expect("the kind")
}

/// 佐藤 with both channels, mail and LINE WORKS connected; the owner's and her cookie.
fn two_channels() -> (World, String, String) {
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    world.connect_lineworks();
    let sato = world.member(
        &owner,
        &json!({"name": "佐藤", "login_email": "sato@minato.example", "lineworks_id": "sato"}),
    );
    let cookie = world.cookie_of(&owner, &sato);
    (world, owner, cookie)
}

#[test]
fn the_last_channel_stays_on() {
    let (mut world, _, sato) = two_channels();
    let settings = world.get(&sato, "/api/me/settings");
    let cards = settings.json["channels"].as_array().unwrap();
    assert_eq!(
        cards.iter().map(|card| card["channel"].clone()).collect::<Vec<_>>(),
        ["lineworks", "email", "web_push"]
    );
    assert!(cards[..2].iter().all(|card| card["on"] == true && card["last_one"] == false));
    let off = json!({"on": false});
    let back = world.put(&sato, "/api/me/channels/email", &off);
    assert_eq!(back.status, 200);
    assert_eq!(
        (&back.json["channels"][1]["on"], &back.json["channels"][0]["last_one"]),
        (&json!(false), &json!(true))
    );
    let refused = world.put(&sato, "/api/me/channels/lineworks", &off);
    assert_eq!(refused.refusal(), (409, "last_channel", ""));
    world.put(&sato, "/api/me/channels/email", &json!({"on": true}));
    // A channel that is known not to work does not count as the one that stays.
    world.sql.exec("UPDATE addresses SET state = 'broken' WHERE channel = 'email'", &[]).unwrap();
    assert_eq!(world.put(&sato, "/api/me/channels/lineworks", &off).code(), "last_channel");
    assert_eq!(world.put(&sato, "/api/me/channels/email", &off).status, 200);
    for (target, status, code) in
        [("/api/me/channels/fax", 404, "not_found"), ("/api/me/channels/slack", 409, "not_connected")]
    {
        let back = world.put(&sato, target, &off);
        assert_eq!((back.status, back.code()), (status, code));
    }
    let bad = world.put(&sato, "/api/me/channels/email", &json!({"on": "no"}));
    assert_eq!(bad.refusal(), (400, "wrong_type", "on"));
}

#[test]
fn a_preference_is_the_person_s_and_a_rule_the_admin_s() {
    let (mut world, owner, sato) = two_channels();
    let choice = |on: bool| json!({"kind": "tasks.assigned", "channel": "email", "on": on});
    let back = world.put(&sato, "/api/me/preferences", &choice(false));
    let row = kind(&back.json, "tasks.assigned");
    assert_eq!((&row["name"], &row["app_name"]), (&json!("Task assigned"), &json!("Tasks")));
    assert_eq!(
        row["cells"],
        json!([{"channel": "lineworks", "on": true, "allowed": true}, {"channel": "email", "on": false, "allowed": true},
            {"channel": "web_push", "on": true, "allowed": true}])
    );
    world.put(&owner, "/api/rules", &json!({"kind": "tasks.assigned", "channel": "lineworks", "on": false}));
    let back = world.put(&owner, "/api/rules", &json!({"kind": "tasks.assigned", "mandatory": true}));
    assert_eq!((&back.json["mandatory"], &back.json["off"]), (&json!(true), &json!(["lineworks"])));
    let settings = world.get(&sato, "/api/me/settings");
    let row = kind(&settings.json, "tasks.assigned");
    assert_eq!((&row["mandatory"], &row["cells"][0]["allowed"]), (&json!(true), &json!(false)));
    let refused = world.put(&sato, "/api/me/preferences", &choice(false));
    assert_eq!(refused.refusal(), (409, "kind_is_mandatory", "kind"));
    assert_eq!(world.put(&sato, "/api/me/preferences", &choice(true)).status, 200);
    let back = world.put(
        &owner,
        "/api/rules",
        &json!({"kind": "tasks.assigned", "channel": "lineworks", "on": true, "mandatory": false}),
    );
    assert_eq!((&back.json["mandatory"], &back.json["off"]), (&json!(false), &json!([])));
    assert!(
        settings.json["kinds"].as_array().unwrap().iter().all(|kind| kind["kind"] != "todoke.sign_in_code")
    );

    for (body, status, code, field) in [
        (json!({"kind": "no.such", "channel": "email", "on": false}), 400, "unknown_kind", "kind"),
        (json!({"kind": "tasks.alarm", "channel": "slack", "on": false}), 409, "not_connected", "channel"),
        (json!({"kind": "tasks.alarm", "channel": "fax", "on": false}), 400, "wrong_type", "channel"),
        (json!({"kind": "tasks.alarm", "on": false}), 400, "required", "channel"),
    ] {
        assert_eq!(world.put(&sato, "/api/me/preferences", &body).refusal(), (status, code, field));
    }
    for (body, code, field) in [
        (json!({"kind": "no.such", "mandatory": true}), "unknown_kind", "kind"),
        (json!({"kind": "tasks.alarm"}), "required", "channel"),
        (json!({"kind": "tasks.alarm", "on": true}), "required", "channel"),
        (json!({"kind": "tasks.alarm", "channel": "email"}), "required", "on"),
        (
            json!({"kind": "todoke.sign_in_code", "channel": "email", "on": false}),
            "kind_is_mandatory",
            "kind",
        ),
    ] {
        let back = world.put(&owner, "/api/rules", &body);
        assert_eq!((back.code(), back.json["field"].as_str().unwrap_or_default()), (code, field));
    }
}

#[test]
fn own_kinds_stand_beside_the_catalogue() {
    let (mut world, owner) = World::set_up();
    let fire = json!({"code": "building.fire_alarm", "name_ja": "火災報知", "name_en": "Fire alarm", "urgency": "critical"});
    let back = world.post(&owner, "/api/v1/kinds", &fire);
    assert_eq!(
        (back.status, &back.json["custom"], &back.json["app"]),
        (201, &json!(true), &json!("building"))
    );
    assert_eq!(world.post(&owner, "/api/v1/kinds", &fire).refusal(), (409, "already_exists", "code"));
    let bad = json!({"code": "Fire", "name_ja": "", "name_en": "x", "urgency": "critical"});
    assert_eq!(world.post(&owner, "/api/v1/kinds", &bad).refusal(), (400, "not_a_custom_kind", "code"));
    let all = world.get(&owner, "/api/v1/kinds");
    assert_eq!(all.json.as_array().unwrap().len(), shared::kind::CATALOGUE.len() + 1);
    let back = world.put(&owner, "/api/rules", &json!({"kind": "building.fire_alarm", "mandatory": true}));
    assert_eq!((&back.json["mandatory"], &back.json["name_ja"]), (&json!(true), &json!("火災報知")));
}

#[test]
fn a_key_is_shown_once_and_revoked_for_good() {
    let (mut world, owner) = World::set_up();
    let made = world.post(
        &owner,
        "/api/keys",
        &json!({"name": "ReTask", "scopes": ["events:write", "admin", "admin"]}),
    );
    assert_eq!(made.status, 201);
    let key = made.json["key"].as_str().unwrap().to_owned();
    let workspace = world.workspace().as_str().strip_prefix("ws_").unwrap().to_owned();
    assert!(key.starts_with(&format!("tdk_{workspace}_")) && key.len() == 4 + 26 + 1 + 43, "{key}");
    let list = world.get(&owner, "/api/keys");
    assert_eq!(list.json[0]["hint"].as_str().unwrap(), &key[key.len() - 4..]);
    assert_eq!(list.json[0]["scopes"], json!(["events:write", "admin"]));
    assert!(!list.json.to_string().contains(&key));
    assert!(!world.count("SELECT group_concat(hash || name || hint) FROM api_keys").contains(&key[31..]));

    let with = |world: &mut World, authorization: &str| {
        world.send(Method::GET, "/api/v1/members", &[("authorization", authorization)], &Value::Null).status
    };
    assert_eq!(with(&mut world, &format!("Bearer {key}")), 200);
    assert_eq!(with(&mut world, &format!("bearer  {key} ")), 200);
    for bad in [
        key.clone(),
        format!("Basic {key}"),
        "Bearer ".into(),
        "Bearer tdk_x".into(),
        format!("Bearer {key}x"),
    ] {
        let back = world.send(
            Method::GET,
            "/api/v1/members",
            &[("authorization", &bad), ("cookie", &owner)],
            &Value::Null,
        );
        assert_eq!(back.refusal(), (401, "bad_key", ""), "{bad}");
    }
    let id = made.json["info"]["id"].as_str().unwrap().to_owned();
    assert_eq!(world.delete(&owner, &format!("/api/keys/{id}")).status, 204);
    assert_eq!(world.delete(&owner, &format!("/api/keys/{id}")).status, 204);
    assert_eq!(with(&mut world, &format!("Bearer {key}")), 401);
    assert_eq!(world.delete(&owner, "/api/keys/ky_00000000000000000000000000").status, 404);
    let actions: Vec<Value> = world.get(&owner, "/api/audit").json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].clone())
        .collect();
    assert_eq!(actions, ["key.revoked", "key.created", "workspace.created"]);
    for (body, field) in
        [(json!({"name": "", "scopes": ["admin"]}), "name"), (json!({"name": "a", "scopes": []}), "scopes")]
    {
        assert_eq!(world.post(&owner, "/api/keys", &body).refusal(), (400, "required", field));
    }
    let unknown = world.post(&owner, "/api/keys", &json!({"name": "a", "scopes": ["root"]}));
    assert_eq!(unknown.refusal(), (400, "wrong_type", "scopes[0]"));
}

#[test]
fn the_audit_is_paged() {
    let (mut world, owner) = World::set_up();
    for number in 0..60 {
        world.post(&owner, "/api/v1/companies", &json!({"name": format!("会社{number}")}));
    }
    let first = world.get(&owner, "/api/audit");
    assert_eq!(first.json["items"].as_array().unwrap().len(), 50);
    let next = first.json["next"].as_str().unwrap().to_owned();
    let second = world.get(&owner, &format!("/api/audit?cursor={next}"));
    assert_eq!((second.json["items"].as_array().unwrap().len(), second.json["next"].as_str()), (11, None));
    assert_eq!(second.json["items"][10]["action"], "workspace.created");
}

#[test]
fn one_click_turns_off_one_kind_s_mail() {
    let (mut world, owner, sato) = two_channels();
    let id = world.get(&sato, "/api/me").id().parse().unwrap();
    let url = world.hub.unsubscribe_url(&id, "tasks.assigned");
    let path = url.strip_prefix(crate::world::PAGES).unwrap().to_owned();
    let api = format!("/api{path}");
    let shown = world.raw(Method::GET, &api, &[("accept-language", "en")], b"");
    assert_eq!(
        shown.json,
        json!({"kind_name": "Task assigned", "workspace": "みなと商事", "already": false, "mandatory": false})
    );
    assert_eq!(world.raw(Method::GET, &api, &[], b"").json["kind_name"], "タスクの割り当て");
    let press = |world: &mut World, path: &str| {
        let form =
            [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://mail.example")];
        world.raw(Method::POST, path, &form, b"List-Unsubscribe=One-Click")
    };
    for _ in 0..2 {
        let back = press(&mut world, &path);
        assert_eq!((back.status, &back.json["already"]), (200, &json!(true)));
    }
    let settings = world.get(&sato, "/api/me/settings");
    assert_eq!(kind(&settings.json, "tasks.assigned")["cells"][1]["on"], false);
    assert_eq!(kind(&settings.json, "tasks.assigned")["cells"][0]["on"], true);
    assert_eq!(world.count("SELECT count(*) FROM preferences"), "1");

    let (head, tail) = path.split_at(path.len() - 1);
    let altered = format!("{head}{}", if tail == "A" { "B" } else { "A" });
    let elsewhere = path.replace("/u/0", "/u/1");
    for bad in [altered.as_str(), "/u/x", "/u/x.y", &elsewhere] {
        assert_eq!(press(&mut world, bad).refusal(), (404, "not_found", ""), "{bad}");
    }
    world.put(&owner, "/api/rules", &json!({"kind": "tasks.alarm", "mandatory": true}));
    let fixed = world.hub.unsubscribe_url(&id, "tasks.alarm");
    let back = press(&mut world, fixed.strip_prefix(crate::world::PAGES).unwrap());
    assert_eq!(back.refusal(), (409, "kind_is_mandatory", "kind"));
    let code = world.hub.unsubscribe_url(&id, "todoke.sign_in_code");
    assert_eq!(press(&mut world, code.strip_prefix(crate::world::PAGES).unwrap()).status, 404);
}
