//! `/api/doors` and `/api/webhooks` for the console.

use http::Method;
use serde_json::{Value, json};

use crate::stage::{ROOM, Stage};

#[test]
fn a_door_is_made_listed_and_shut() {
    let mut stage = Stage::new();
    let made = stage.door("line_notify", &json!({"room": ROOM}));
    let token = made["token"].as_str().unwrap().to_owned();
    assert_eq!(
        (token.len(), shared::door::workspace_of(&token).as_ref()),
        (43, Some(stage.world.workspace()))
    );
    let owner = stage.owner.clone();
    let list = stage.world.get(&owner, "/api/doors").json;
    assert_eq!(list, json!([made["info"]]));
    let info = &list[0];
    assert_eq!(info["to"], json!({"room": {"id": ROOM, "name": "本社"}}));
    assert_eq!((&info["hint"], &info["kind"]), (&json!(&token[39..]), &json!("todoke.message")));
    // Only the hash of the token is kept.
    assert_eq!(
        stage
            .world
            .count(&format!("SELECT count(*) FROM doors WHERE instr(hash || id || name || hint, '{token}')")),
        "0"
    );
    let target = format!("/api/doors/{}", info["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(stage.world.delete(&owner, &target).status, 204);
    }
    assert_eq!(stage.notify(&token, "message=hi").status, 401);
    assert_eq!(
        stage.world.delete(&owner, "/api/doors/dr_00000000000000000000000000").refusal(),
        (404, "not_found", "")
    );
    assert_eq!(
        stage.world.count("SELECT group_concat(action, ' ') FROM audit WHERE action LIKE 'door%'"),
        "door.created door.revoked"
    );
}

#[test]
fn a_persons_doors_go_with_the_person() {
    let mut stage = Stage::new();
    let token = stage.member_door("line_notify");
    let target = format!("/api/v1/members/{}?confirm=%E4%BD%90%E8%97%A4%20%E8%8A%B1%E5%AD%90", stage.member);
    let owner = stage.owner.clone();
    assert_eq!(stage.world.delete(&owner, &target).status, 204);
    assert_eq!(stage.notify(&token, "message=hi").status, 401);
    assert_eq!(stage.world.get(&owner, "/api/doors").json, json!([]));
}

#[test]
fn wrong_doors_are_refused_with_their_field() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let good = json!({"name": "温度計", "form": "slack", "to": {"room": ROOM}});
    let with = |name: &str, value: Value| {
        let mut request = good.clone();
        request[name] = value;
        request
    };
    for (request, code, field) in [
        (with("name", json!(" ")), "required", "name"),
        (with("name", json!("あ".repeat(101))), "too_long", "name"),
        (with("form", json!("fax")), "wrong_type", "form"),
        (with("to", json!({"company": "x"})), "unknown_field", "to.company"),
        (with("to", json!({"room": "rm_x"})), "unknown_room", "to.room"),
        (with("to", json!({"member": "mb_x"})), "unknown_member", "to.member"),
        (with("kind", json!("no.kind")), "unknown_kind", "kind"),
        (with("kind", json!("todoke.sign_in_code")), "unknown_kind", "kind"),
        (with("nickname", json!(1)), "unknown_field", "nickname"),
    ] {
        assert_eq!(
            stage.world.post(&owner, "/api/doors", &request).refusal(),
            (400, code, field),
            "{request}"
        );
    }
    assert_eq!(stage.world.count("SELECT count(*) FROM doors"), "0");
}

#[test]
fn only_an_admin_in_person_may_touch_either() {
    let mut stage = Stage::new();
    let (owner, member) = (stage.owner.clone(), stage.member.clone());
    let cookie = stage.world.cookie_of(&owner, &member);
    let key = stage.world.key(&owner, &["admin"]);
    let bearer = format!("Bearer {key}");
    for (method, target) in [
        (Method::GET, "/api/doors"),
        (Method::POST, "/api/doors"),
        (Method::DELETE, "/api/doors/dr_00000000000000000000000000"),
        (Method::GET, "/api/webhooks"),
        (Method::POST, "/api/webhooks"),
        (Method::DELETE, "/api/webhooks/wh_00000000000000000000000000"),
        (Method::POST, "/api/webhooks/wh_00000000000000000000000000/test"),
        (Method::POST, "/api/webhooks/wh_00000000000000000000000000/enable"),
        (Method::GET, "/api/webhooks/wh_00000000000000000000000000/messages"),
        (Method::POST, "/api/webhooks/messages/wm_00000000000000000000000000/replay"),
    ] {
        let body = if target.ends_with("doors") {
            json!({"name": "x", "form": "slack", "to": {"room": ROOM}})
        } else {
            json!({"url": "https://a.example", "events": ["action.taken"]})
        };
        let back = stage.world.page(&cookie, method.clone(), target, &body);
        assert_eq!((back.status, back.code()), (403, "not_allowed"), "{method} {target}");
        let back = stage.world.send(method.clone(), target, &[("authorization", &bearer)], &body);
        assert_eq!((back.status, back.code()), (403, "not_allowed"), "{method} {target}");
    }
}

#[test]
fn a_webhook_is_made_tested_and_deleted() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let request = json!({"url": "https://hooks.minato.example/in", "events": ["delivery.failed", "action.taken", "action.taken"]});
    let made = stage.world.post(&owner, "/api/webhooks", &request);
    assert_eq!(made.status, 201, "{made:?}");
    assert!(made.json["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
    assert_eq!(made.json["info"]["events"], json!(["action.taken", "delivery.failed"]));
    let list = stage.world.get(&owner, "/api/webhooks").json;
    assert_eq!(list, json!([made.json["info"]]));
    let id = list[0]["id"].as_str().unwrap().to_owned();
    let tested = stage.world.post(&owner, &format!("/api/webhooks/{id}/test"), &Value::Null);
    assert_eq!(
        (tested.status, &tested.json["type"], &tested.json["state"]),
        (202, &json!("webhook.test"), &json!("waiting"))
    );
    let messages = stage.world.get(&owner, &format!("/api/webhooks/{id}/messages")).json;
    assert_eq!(messages, json!([tested.json]));
    let replay = format!("/api/webhooks/messages/{}/replay", tested.id());
    assert_eq!(stage.world.post(&owner, &replay, &Value::Null).refusal(), (409, "cannot_resend", ""));
    for (url, code) in
        [("https://192.168.1.1/", "not_a_public_url"), ("http://localhost:8080/", "not_a_public_url")]
    {
        let back =
            stage.world.post(&owner, "/api/webhooks", &json!({"url": url, "events": ["action.taken"]}));
        assert_eq!(back.refusal(), (400, code, "url"), "{url}");
    }
    let target = format!("/api/webhooks/{id}");
    assert_eq!(stage.world.delete(&owner, &target).status, 204);
    assert_eq!(stage.world.delete(&owner, &target).refusal(), (404, "not_found", ""));
    assert_eq!(stage.world.count("SELECT count(*) FROM webhook_messages"), "0");
}
