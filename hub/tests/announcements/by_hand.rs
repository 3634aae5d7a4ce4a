use serde_json::{Value, json};

use crate::{Office, office};

fn form(key: &str, to: Value) -> Value {
    json!({"key": key, "to": to, "content": {"title": "停電のお知らせ", "body": "23日 9時から"}, "urgency": "normal"})
}

#[test]
fn what_is_sent_is_listed_counted_and_sent_once() {
    let Office { mut world, owner, minato, takahashi, .. } = office();
    let to = json!([{"company": minato}, {"member": takahashi}]);
    let reach = world.post(&owner, "/api/announcements/reach", &json!({"to": to, "urgency": "normal"}));
    assert_eq!(
        reach.json,
        json!({"people": 3, "rooms": 0, "channels": [{"channel": "email", "count": 3}], "nobody": 0})
    );
    let sent = world.post(&owner, "/api/announcements", &form("k1", to.clone()));
    assert_eq!((sent.status, &sent.json["deliveries"]), (201, &json!(3)), "{sent:?}");
    let again = world.post(&owner, "/api/announcements", &form("k1", to.clone()));
    assert_eq!(again.id(), sent.id());
    let mut other = form("k1", to);
    other["content"]["title"] = json!("別の題");
    assert_eq!(world.post(&owner, "/api/announcements", &other).code(), "key_reused");
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 3);
    let list = world.get(&owner, "/api/announcements");
    assert_eq!(list.json["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list.json["items"][0]["author"], "田中 一郎");
    assert_eq!((&list.json["items"][0]["state"], &list.json["next"]), (&json!("done"), &Value::Null));
    let shown = world.get(&owner, &format!("/api/announcements/{}", sent.id()));
    assert_eq!(shown.json["counts"], json!([{"channel": "email", "state": "sent", "count": 3}]));
    assert_eq!(
        shown.json["audience"],
        json!({"everyone": false, "companies": ["みなと商事"], "rooms": [], "members": 1, "names": ["高橋 次郎"]})
    );
    assert_eq!(shown.json["message"]["title"], "停電のお知らせ");
    assert_eq!(shown.json["previews"].as_array().map(Vec::len), Some(6));
    assert_eq!(world.count("SELECT count(*) FROM audit WHERE action = 'announcement.sent'"), "1");
    let late = world.post(&owner, &format!("/api/announcements/{}/stop", sent.id()), &Value::Null);
    assert_eq!(late.refusal(), (409, "cannot_cancel", ""));
}

#[test]
fn a_scheduled_one_waits_for_its_time_and_can_be_stopped() {
    let Office { mut world, owner, .. } = office();
    let mut scheduled = form("k2", json!([{"everyone": true}]));
    scheduled["at"] = json!("2026-11-30T09:00");
    let sent = world.post(&owner, "/api/announcements", &scheduled);
    assert_eq!((sent.status, &sent.json["state"]), (201, &json!("scheduled")), "{sent:?}");
    // Nine in the morning in Tokyo.
    assert_eq!(sent.json["deliver_at"], json!(1_795_996_800_000_i64));
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 0);
    let path = format!("/api/announcements/{}/stop", sent.id());
    for _ in 0..2 {
        let stopped = world.post(&owner, &path, &Value::Null);
        assert_eq!((stopped.status, stopped.json), (200, json!({"cancelled": 4, "gone": 0})));
    }
    let row = world.get(&owner, "/api/announcements").json["items"][0].clone();
    assert_eq!((&row["state"], &row["stopped"]), (&json!("stopped"), &json!(4)));
    assert_eq!(world.count("SELECT count(*) FROM audit WHERE action = 'announcement.stopped'"), "1");
}

#[test]
fn every_wrong_form_is_refused_with_its_field_and_sends_nothing() {
    let Office { mut world, owner, .. } = office();
    let everyone = json!([{"everyone": true}]);
    let with = |name: &str, value: Value| {
        let mut body = form("k3", everyone.clone());
        body[name] = value;
        body
    };
    for (body, code, field) in [
        (with("key", json!("")), "key_too_long", "key"),
        (with("key", json!("あ")), "key_too_long", "key"),
        (with("to", json!([])), "empty_audience", "to"),
        (with("to", json!([{"email": "sato@minato.example"}])), "unknown_field", "to[0].email"),
        (with("to", json!([{"member": "mb_1"}])), "unknown_member", "to[0].member"),
        (with("content", json!({"title": " "})), "required", "title"),
        (with("content", json!({"title": "t", "link": "javascript:x"})), "not_a_link", "link"),
        (with("content", json!({"title": "t", "html": "x"})), "unknown_field", "content.html"),
        (with("at", json!("2026-11-30")), "not_a_time", "at"),
        (with("at", json!("2026-11-31T09:00")), "not_a_time", "at"),
        (with("at", json!("2020-01-01T09:00")), "time_passed", "at"),
        (with("at", json!("2027-11-30T09:00")), "too_far_ahead", "deliver_at"),
        (with("channel", json!("line")), "unknown_field", "channel"),
    ] {
        let back = world.post(&owner, "/api/announcements", &body);
        assert_eq!(back.refusal(), (400, code, field), "{body}");
    }
    assert_eq!(
        world.count("SELECT count(*) FROM events") + &world.count("SELECT count(*) FROM announcements"),
        "00"
    );
}

#[test]
fn a_test_goes_to_the_author_alone_and_a_preview_to_nobody() {
    let Office { mut world, owner, .. } = office();
    let content = json!({"title": "停電", "fields": [{"label": "場所", "value": "本社"}]});
    let previews = world.post(&owner, "/api/announcements/preview", &content);
    let all = previews.json["previews"].as_array().cloned().unwrap_or_default();
    assert_eq!(all.len(), 6);
    assert!(all.iter().all(|one| one.to_string().contains("停電")), "{all:?}");
    assert_eq!(world.count("SELECT count(*) FROM events"), "0");
    let test = world.post(&owner, "/api/announcements/test", &content);
    assert_eq!((test.status, &test.json["deliveries"]), (202, &json!(1)));
    world.work();
    assert_eq!(world.mailbox.mails.borrow()[0]["to"], "tanaka@minato.example");
    assert_eq!(world.get(&owner, "/api/announcements").json["items"], json!([]));
}

#[test]
fn what_is_tried_has_the_limits_of_what_is_sent() {
    let Office { mut world, owner, .. } = office();
    let fields: Vec<Value> =
        (0..21).map(|number| json!({"label": number.to_string(), "value": "本社"})).collect();
    let many = json!({"title": "停電", "fields": fields});
    let long = "x".repeat(64 * 1024);
    let large = json!({"title": "停電", "body": long});
    let crowd = json!({"to": [{"member": long}], "urgency": "normal"});
    for (path, body, expected) in [
        ("preview", &many, (400, "too_many", "fields")),
        ("test", &many, (400, "too_many", "fields")),
        ("preview", &large, (413, "too_large", "")),
        ("test", &large, (413, "too_large", "")),
        ("reach", &crowd, (413, "too_large", "")),
    ] {
        let back = world.post(&owner, &format!("/api/announcements/{path}"), body);
        assert_eq!(back.refusal(), expected, "{path}");
    }
    assert_eq!(world.count("SELECT count(*) FROM events"), "0");
}

#[test]
fn a_company_admin_writes_to_the_own_company_only() {
    let Office { mut world, owner, company_admin, minato, asahi, sato, takahashi } = office();
    let all = world.post(&owner, "/api/announcements", &form("k4", json!([{"everyone": true}]))).id();
    for to in [
        json!([{"everyone": true}]),
        json!([{"company": asahi}]),
        json!([{"member": takahashi}]),
        json!([{"room": "rm_00000000000000000000000000"}]),
    ] {
        let back = world.post(&company_admin, "/api/announcements", &form("k5", to.clone()));
        assert_eq!(back.refusal(), (403, "not_allowed", "to[0]"), "{to}");
        let reach = json!({"to": to, "urgency": "normal"});
        assert_eq!(world.post(&company_admin, "/api/announcements/reach", &reach).status, 403);
    }
    let own = world.post(
        &company_admin,
        "/api/announcements",
        &form("k5", json!([{"company": minato}, {"member": sato}])),
    );
    assert_eq!((own.status, &own.json["deliveries"]), (201, &json!(2)));
    let list = world.get(&company_admin, "/api/announcements").json;
    assert_eq!(
        (list["items"].as_array().map(Vec::len), &list["items"][0]["id"]),
        (Some(1), &json!(own.id()))
    );
    assert_eq!(world.get(&company_admin, &format!("/api/announcements/{all}")).status, 403);
    assert_eq!(
        world.post(&company_admin, &format!("/api/announcements/{all}/stop"), &Value::Null).status,
        403
    );
    let suzuki = world.count("SELECT id FROM members WHERE login_email = 'suzuki@minato.example'");
    let member = world.cookie_of(&owner, &suzuki);
    assert_eq!(world.get(&member, "/api/announcements").status, 403);
    assert_eq!(world.get("", "/api/announcements").status, 401);
}
