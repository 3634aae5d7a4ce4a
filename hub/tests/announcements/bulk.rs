use http::Method;
use serde_json::{Value, json};

use crate::{Office, office, world::World};

/// `count` deliveries by mail to a member, all in one state.
fn deliveries(world: &mut World, target: &str, state: &str, count: usize) {
    let event = shared::id::EventId::new(crate::world::NOW, [u8::try_from(count % 250).unwrap_or(1); 10]);
    let message = json!({"title": format!("見積書 {state}")}).to_string();
    world
        .sql
        .exec(
            "INSERT OR IGNORE INTO events (id, kind, urgency, message, created_at, source, body_hash, deliveries, skipped) \
             VALUES (?1, 'tasks.assigned', 1, ?2, 0, 'x', '', 0, 0)",
            &[event.as_str().into(), message.into()],
        )
        .expect("an event");
    for number in 0..count {
        let id = shared::id::DeliveryId::of(&event, u32::try_from(number).unwrap_or(0));
        world
            .sql
            .exec(
                "INSERT INTO deliveries (id, target, channel, kind, urgency, decision, reason, state, due_at, done_at) \
                 VALUES (?1, ?2, 'email', 'tasks.assigned', 1, 'deliver', 'allowed', ?3, \
                 CASE ?3 WHEN 'waiting' THEN 9999999999999 END, CASE ?3 WHEN 'waiting' THEN NULL ELSE 1 END)",
                &[id.as_str().into(), target.into(), state.into()],
            )
            .expect("a delivery");
    }
}

fn ask(action: &str, filter: Value) -> Value {
    json!({"action": action, "filter": filter})
}

#[test]
fn all_that_failed_is_sent_again_in_slices() {
    let Office { mut world, owner, sato, takahashi, .. } = office();
    deliveries(&mut world, &sato, "failed", 450);
    deliveries(&mut world, &takahashi, "uncertain", 3);
    deliveries(&mut world, &takahashi, "sent", 4);
    let request = ask("resend", json!({}));
    let counted = world.post(&owner, "/api/bulk/count", &request);
    assert_eq!(counted.json, json!({"chosen": 457, "matching": 453, "uncertain": 3}));
    let job = world.post(&owner, "/api/bulk", &request);
    assert_eq!((job.status, &job.json["state"], &job.json["total"]), (202, &json!("running"), &json!(453)));
    assert_eq!(job.json["by"], "田中 一郎");
    // The same again while it runs is the same job.
    assert_eq!(world.post(&owner, "/api/bulk", &request).id(), job.id());
    world.work();
    let done = world.get(&owner, &format!("/api/bulk/{}", job.id()));
    assert_eq!((&done.json["state"], &done.json["changed"]), (&json!("done"), &json!(453)), "{done:?}");
    assert_eq!(world.count("SELECT count(*) FROM deliveries WHERE resends = 1"), "453");
    assert_eq!(world.count("SELECT count(*) FROM deliveries WHERE state = 'sent'"), "457");
    assert_eq!(world.mailbox.mails.borrow().len(), 453);
    assert_eq!(world.get(&owner, "/api/bulk").json[0]["id"], job.id());
    assert_eq!(world.post(&owner, "/api/bulk", &request).refusal(), (409, "cannot_resend", ""));
}

#[test]
fn what_has_no_integration_any_more_fails_again_and_holds_nobody_up() {
    let Office { mut world, owner, sato, takahashi, .. } = office();
    deliveries(&mut world, &sato, "failed", 2);
    world.sql.exec("UPDATE deliveries SET channel = 'line'", &[]).expect("another channel");
    deliveries(&mut world, &takahashi, "failed", 3);
    world.post(&owner, "/api/bulk", &ask("resend", json!({})));
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 3);
    assert_eq!(
        world.count(
            "SELECT count(*) FROM deliveries WHERE state = 'failed' AND cause LIKE '%integration_missing%'"
        ),
        "2"
    );
}

#[test]
fn what_waits_is_cancelled_within_the_filter() {
    let Office { mut world, owner, sato, takahashi, .. } = office();
    deliveries(&mut world, &sato, "waiting", 7);
    deliveries(&mut world, &takahashi, "waiting", 5);
    for filter in [json!({"q": "見積書", "person": sato}), json!({"q": "佐藤"})] {
        let counted = world.post(&owner, "/api/bulk/count", &ask("cancel", filter.clone()));
        assert_eq!(counted.json["matching"], 7, "{filter}");
    }
    let job = world.post(&owner, "/api/bulk", &ask("cancel", json!({"person": sato})));
    world.work();
    assert_eq!(world.get(&owner, &format!("/api/bulk/{}", job.id())).json["changed"], 7);
    assert_eq!(
        world.count("SELECT count(*) || ' ' || count(due_at) FROM deliveries WHERE state = 'cancelled'"),
        "7 0"
    );
    let ids = world.count("SELECT json_group_array(id) FROM deliveries WHERE state = 'waiting'");
    let ids: Value = serde_json::from_str(&ids).expect("ids");
    let job = world.post(&owner, "/api/bulk", &json!({"action": "cancel", "ids": [ids[0], ids[1]]}));
    assert_eq!(job.json["total"], 2);
    // Stopped before its first slice: nothing is changed.
    let stopped = world.post(&owner, &format!("/api/bulk/{}/stop", job.id()), &Value::Null);
    assert_eq!(stopped.json["state"], "stopped");
    world.work();
    assert_eq!(world.count("SELECT count(*) FROM deliveries WHERE state = 'cancelled'"), "7");
}

#[test]
fn the_list_is_narrowed_by_everything_at_once() {
    let Office { mut world, owner, sato, takahashi, .. } = office();
    deliveries(&mut world, &sato, "failed", 3);
    deliveries(&mut world, &takahashi, "sent", 2);
    let now = crate::world::NOW;
    for (query, count) in [
        (String::new(), 5),
        ("?state=failed".to_owned(), 3),
        (format!("?person={takahashi}"), 2),
        (format!("?person={takahashi}&state=failed"), 0),
        ("?channel=email&kind=tasks.assigned&q=%E9%AB%98%E6%A9%8B".to_owned(), 2),
        ("?channel=line".to_owned(), 0),
        (format!("?from={now}"), 5),
        (format!("?from={}", now + 1), 0),
        (format!("?until={now}"), 0),
        (format!("?from={now}&until={}", now + 1), 5),
    ] {
        let back = world.get(&owner, &format!("/api/deliveries{query}"));
        assert_eq!(back.json["items"].as_array().map(Vec::len), Some(count), "{query} {back:?}");
    }
    for (query, field) in [
        ("state=lost", "state"),
        ("channel=fax", "channel"),
        ("person=x", "person"),
        ("room=x", "room"),
        ("from=x", "from"),
        ("until=1.5", "until"),
    ] {
        let back = world.get(&owner, &format!("/api/deliveries?{query}"));
        assert_eq!(back.refusal(), (400, "wrong_type", field));
    }
}

#[test]
fn a_company_admin_sees_and_changes_the_own_company_s_people_only() {
    let Office { mut world, owner, company_admin, sato, takahashi, .. } = office();
    deliveries(&mut world, &sato, "failed", 2);
    deliveries(&mut world, &takahashi, "failed", 3);
    let list = world.get(&company_admin, "/api/deliveries").json;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    let other = world.count("SELECT max(id) FROM deliveries");
    for (method, path) in [
        (Method::GET, format!("/api/deliveries/{other}")),
        (Method::POST, format!("/api/deliveries/{other}/resend")),
    ] {
        assert_eq!(
            world.page(&company_admin, method, &path, &Value::Null).refusal(),
            (403, "not_allowed", "")
        );
    }
    let job = world.post(&company_admin, "/api/bulk", &ask("resend", json!({})));
    assert_eq!(job.json["total"], 2);
    let all = world.post(&owner, "/api/bulk", &ask("resend", json!({"person": takahashi})));
    world.work();
    assert_eq!(world.get(&company_admin, "/api/bulk").json.as_array().map(Vec::len), Some(1));
    assert_eq!(world.get(&company_admin, &format!("/api/bulk/{}", all.id())).status, 404);
    let member = world.cookie_of(&owner, &takahashi);
    assert_eq!(world.get(&member, "/api/deliveries").status, 403);
    assert_eq!(world.post(&member, "/api/bulk", &ask("resend", json!({}))).status, 403);
    let long = json!({"action": "resend", "ids": vec!["dl_x"; 501]});
    assert_eq!(world.post(&owner, "/api/bulk", &long).refusal(), (400, "too_many", "ids"));
}

#[test]
fn what_waits_says_how_many_are_ahead_and_about_how_long() {
    let Office { mut world, owner, sato, .. } = office();
    deliveries(&mut world, &sato, "waiting", 3);
    let last = world.count("SELECT max(id) FROM deliveries");
    world
        .sql
        .exec(
            "UPDATE deliveries SET due_at = ?1, integration = (SELECT id FROM integrations)",
            &[(crate::world::NOW + 60_000).into()],
        )
        .expect("due");
    let detail = world.get(&owner, &format!("/api/deliveries/{last}")).json;
    assert_eq!(detail["ahead"], 2);
    let about = detail["about_ms"].as_i64().unwrap_or(0);
    assert!((59_000..65_000).contains(&about), "{about}");
}
