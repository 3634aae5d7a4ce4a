//! Events from the API to a decided, delivered and explained notice.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "test equipment: fail loudly")]

mod answers;
mod rooms;
#[path = "../people/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the people's side")]
mod world;

use http::Method;
use serde_json::{Value, json};
use world::{Back, NOW, World};

/// A workspace with mail, two more people and a key that may do everything with events.
fn office() -> (World, String, String) {
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    for (name, email) in [("佐藤 花子", "sato@minato.example"), ("鈴木 一郎", "suzuki@minato.example")]
    {
        world.member(&owner, &json!({"name": name, "login_email": email, "usable": true}));
    }
    let key = world.key(&owner, &["events:write", "events:read"]);
    (world, owner, key)
}

fn post(world: &mut World, key: &str, idempotency: Option<&str>, body: &Value) -> Back {
    let bearer = format!("Bearer {key}");
    let mut headers = vec![("authorization", bearer.as_str()), ("accept-language", "en")];
    headers.extend(idempotency.map(|key| ("idempotency-key", key)));
    world.send(Method::POST, "/api/v1/events", &headers, body)
}

fn get(world: &mut World, key: &str, target: &str) -> Back {
    world.raw(Method::GET, target, &[("authorization", &format!("Bearer {key}"))], b"")
}

fn event(to: Value) -> Value {
    json!({"kind": "tasks.assigned", "to": to, "title": "請求書の確認", "link": "https://tasks.example/1"})
}

#[test]
fn a_notice_is_accepted_decided_delivered_and_explained() {
    let (mut world, _, key) = office();
    let back = post(&mut world, &key, None, &event(json!([{"email": "sato@minato.example"}])));
    assert_eq!(
        (back.status, &back.json["deliveries"], &back.json["skipped"]),
        (202, &json!(1), &json!(0)),
        "{back:?}"
    );
    world.work();
    assert_eq!(world.mailbox.mails.borrow()[0]["to"], "sato@minato.example");
    let shown = get(&mut world, &key, &format!("/api/v1/events/{}", back.id()));
    let delivery = &shown.json["deliveries"][0];
    assert_eq!(delivery["state"], "sent", "{shown:?}");
    assert_eq!((&delivery["decision"], &delivery["reason"]), (&json!("deliver"), &json!("allowed")));
    assert_eq!(delivery["target"]["member"]["name"], "佐藤 花子");
    assert_eq!(world.count("SELECT state FROM addresses WHERE value = 'sato@minato.example'"), "linked");
}

#[test]
fn a_repeat_gets_the_first_answer_and_sends_nothing() {
    let (mut world, _, key) = office();
    let body = event(json!([{"everyone": true}]));
    let first = post(&mut world, &key, Some("order-1"), &body);
    world.work();
    let again = post(&mut world, &key, Some("order-1"), &body);
    assert_eq!((again.status, &again.json), (202, &first.json));
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 3);
    let other = post(&mut world, &key, Some("order-1"), &event(json!([{"email": "sato@minato.example"}])));
    assert_eq!(other.refusal(), (409, "key_reused", "Idempotency-Key"));
}

#[test]
fn a_person_named_twice_gets_one_notice() {
    let (mut world, _, key) = office();
    let to = json!([{"email": "sato@minato.example"}, {"everyone": true}, {"email": "sato@minato.example"}]);
    assert_eq!(post(&mut world, &key, None, &event(to)).json["deliveries"], 3);
}

#[test]
fn every_wrong_event_is_refused_with_its_field_and_leaves_nothing() {
    let (mut world, _, key) = office();
    let one = json!([{"email": "sato@minato.example"}]);
    let with = |name: &str, value: Value| {
        let mut body = event(one.clone());
        body[name] = value;
        body
    };
    let other_workspace = "mb_00000000000000000000000000";
    for (body, status, code, field) in [
        (with("kind", json!("tasks.nothing")), 400, "unknown_kind", "kind"),
        (with("kind", json!("todoke.sign_in_code")), 400, "unknown_kind", "kind"),
        (with("kind", json!(7)), 400, "wrong_type", "kind"),
        (with("nickname", json!("x")), 400, "unknown_field", "nickname"),
        (with("title", json!(" ")), 400, "required", "title"),
        (with("title", json!("あ".repeat(201))), 400, "too_long", "title"),
        (with("link", json!("javascript:alert(1)")), 400, "not_a_link", "link"),
        (with("deliver_at", json!("tomorrow")), 400, "not_a_time", "deliver_at"),
        (with("deliver_at", json!("2030-01-01T00:00:00Z")), 400, "too_far_ahead", "deliver_at"),
        (with("actions", json!([{"id": "a", "label": " "}])), 400, "required", "actions[0].label"),
        (with("actions", json!([{"id": "A b", "label": "はい"}])), 400, "not_an_action_id", "actions[0].id"),
        (
            with("actions", json!([{"id": "a", "label": "はい"}, {"id": "a", "label": "いいえ"}])),
            400,
            "named_twice",
            "actions[1].id",
        ),
        (with("urgency", json!("loud")), 400, "wrong_type", "urgency"),
        (event(json!([])), 400, "empty_audience", "to"),
        (event(json!([{"everyone": false}])), 400, "empty_audience", "to[0].everyone"),
        (event(json!([{"member": other_workspace}])), 400, "unknown_member", "to[0].member"),
        (
            event(json!([{"email": "sato@minato.example"}, {"email": "x@y.jp"}])),
            400,
            "unknown_member",
            "to[1].email",
        ),
        (
            event(json!([{"company": "co_00000000000000000000000000"}])),
            400,
            "unknown_company",
            "to[0].company",
        ),
        (event(json!([{"room": "rm_00000000000000000000000000"}])), 400, "unknown_room", "to[0].room"),
    ] {
        let back = post(&mut world, &key, None, &body);
        assert_eq!(back.refusal(), (status, code, field), "{body}");
        assert!(back.json["message"].as_str().is_some_and(|message| message.is_ascii()), "{back:?}");
    }
    assert_eq!(
        post(&mut world, &key, Some(""), &event(one.clone())).refusal(),
        (400, "key_too_long", "Idempotency-Key")
    );
    let long = with("body", json!("x".repeat(64 * 1024)));
    assert_eq!(post(&mut world, &key, None, &long).refusal(), (413, "too_large", ""));
    assert_eq!(post(&mut world, "tdk_wrong", None, &event(one)).refusal(), (401, "bad_key", ""));
    assert_eq!(
        get(&mut world, &key, "/api/v1/events/ev_00000000000000000000000000").refusal(),
        (404, "not_found", "")
    );
    assert_eq!(
        (world.count("SELECT count(*) FROM events"), world.count("SELECT count(*) FROM deliveries")),
        ("0".into(), "0".into())
    );
}

#[test]
fn a_key_without_the_scope_may_not_post() {
    let (mut world, owner, _) = office();
    let reader = world.key(&owner, &["events:read"]);
    let back = post(&mut world, &reader, None, &event(json!([{"everyone": true}])));
    assert_eq!(back.refusal(), (403, "not_allowed", ""));
}

#[test]
fn what_is_switched_off_is_recorded_with_its_reason() {
    let (mut world, owner, key) = office();
    let member = world.count("SELECT id FROM members WHERE login_email = 'sato@minato.example'");
    let cookie = world.cookie_of(&owner, &member);
    let off = json!({"kind": "tasks.assigned", "channel": "email", "on": false});
    assert_eq!(world.put(&cookie, "/api/me/preferences", &off).status, 200);
    let back = post(&mut world, &key, None, &event(json!([{"everyone": true}])));
    assert_eq!((&back.json["deliveries"], &back.json["skipped"]), (&json!(2), &json!(1)));
    let notices = world.get(&cookie, "/api/me/notices");
    let channel = &notices.json["items"][0]["channels"][0];
    assert_eq!(
        (&channel["state"], &channel["reason"]),
        (&json!("skipped"), &json!("preference_off")),
        "{notices:?}"
    );
    // A critical one finds its way all the same.
    let mut fire = event(json!([{"email": "sato@minato.example"}]));
    fire["urgency"] = json!("critical");
    let back = post(&mut world, &key, None, &fire);
    let shown = get(&mut world, &key, &format!("/api/v1/events/{}", back.id()));
    assert_eq!(shown.json["deliveries"][0]["reason"], "at_least_one");
}

#[test]
fn a_scheduled_notice_waits_and_can_be_cancelled() {
    let (mut world, _, key) = office();
    let at = shared::time::rfc3339(NOW + 3_600_000);
    let mut later = event(json!([{"email": "sato@minato.example"}]));
    later["deliver_at"] = json!(at);
    let (kept, withdrawn) =
        (post(&mut world, &key, None, &later).id(), post(&mut world, &key, None, &later).id());
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 0);
    let bearer = format!("Bearer {key}");
    let cancel = |world: &mut World| {
        world.send(
            Method::POST,
            &format!("/api/v1/events/{withdrawn}/cancel"),
            &[("authorization", &bearer)],
            &Value::Null,
        )
    };
    assert_eq!(cancel(&mut world).json["cancelled"], 1);
    assert_eq!(cancel(&mut world).refusal(), (409, "cannot_cancel", ""));
    world.runner.run_for(3_600_000);
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 1);
    assert_eq!(
        get(&mut world, &key, &format!("/api/v1/events/{kept}")).json["deliveries"][0]["state"],
        "sent"
    );
}

#[test]
fn ten_thousand_people_are_decided_in_sets() {
    let (mut world, _, key) = office();
    world
        .sql
        .exec(
            "INSERT INTO members (id, company, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) \
             SELECT printf('mb_%026d', value), NULL, 'n' || value, '', 'p' || value || '@x.example', '', '', '', 1, 'member', 'ja', 1, 0 \
             FROM (WITH RECURSIVE c(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c WHERE value < 10000) SELECT value FROM c)",
            &[],
        )
        .unwrap();
    world
        .sql
        .exec(
            "INSERT INTO addresses (member, channel, value, state, switched_on) SELECT id, 'email', login_email, 'linked', 1 FROM members WHERE name LIKE 'n%' AND id NOT LIKE '%7'",
            &[],
        )
        .unwrap();
    let back = post(&mut world, &key, None, &event(json!([{"everyone": true}])));
    assert_eq!((&back.json["deliveries"], &back.json["skipped"]), (&json!(9_003), &json!(1_000)), "{back:?}");
    assert_eq!(world.count("SELECT count(DISTINCT id) FROM deliveries"), "10003");
    assert_eq!(
        world.count("SELECT count(*) FROM deliveries WHERE reason = 'no_address' AND target LIKE '%7'"),
        "1000"
    );
    let ids: Vec<String> = world.sql.texts("SELECT id FROM deliveries", &[]).unwrap();
    assert!(ids.iter().all(|id| id.parse::<shared::id::DeliveryId>().is_ok()));
}

#[test]
fn a_failed_delivery_can_be_resent_and_a_waiting_one_cannot() {
    let (mut world, owner, key) = office();
    let back = post(&mut world, &key, None, &event(json!([{"email": "sato@minato.example"}])));
    let id = get(&mut world, &key, &format!("/api/v1/events/{}", back.id())).json["deliveries"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let resend = format!("/api/deliveries/{id}/resend");
    assert_eq!(world.post(&owner, &resend, &Value::Null).refusal(), (409, "cannot_resend", ""));
    world.work();
    rooms::set_state(&world, &id, "failed");
    let again = world.post(&owner, &resend, &Value::Null);
    assert_eq!((again.status, &again.json["state"]), (200, &json!("waiting")), "{again:?}");
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 2);
    // Under the same key the provider would give the old answer and send nothing.
    let keys = world.mailbox.keys.borrow().clone();
    assert!(keys[0].starts_with("dl_") && keys[0] != keys[1], "{keys:?}");
    let detail = world.get(&owner, &format!("/api/deliveries/{id}"));
    assert_eq!(detail.json["attempts"].as_array().map(Vec::len), Some(2), "{detail:?}");
    assert_eq!(
        detail.json["preview"]["mail"]["subject"].as_str().map(|subject| subject.contains("請求書の確認")),
        Some(true)
    );
}

#[test]
fn deliveries_are_found_by_part_of_a_name_or_title_however_long() {
    let (mut world, owner, key) = office();
    post(&mut world, &key, None, &event(json!([{"everyone": true}])));
    let mut found = |q: &str| {
        let q: String = q.bytes().map(|byte| format!("%{byte:02X}")).collect();
        world.get(&owner, &format!("/api/deliveries?q={q}")).json["items"].as_array().map(Vec::len)
    };
    assert_eq!((found("花子"), found("請求書の確認"), found("100%")), (Some(1), Some(3), Some(0)));
    assert_eq!(found(&"長い言葉".repeat(20)), Some(0));
}
