//! The workspace itself: its settings, who runs it, its audit, its export, what it forgets, and its end.

use std::{cell::RefCell, rc::Rc};

use http::Method;
use hub::native::MemoryKv;
use serde_json::{Value, json};
use shared::{
    id::{DeliveryId, EventId, MemberId},
    time::{DAY, HOUR, MINUTE},
};

use crate::world::{NOW, World};

const SETTINGS: &str = "/api/settings/workspace";

fn settings(world: &mut World, cookie: &str) -> Value {
    let back = world.get(cookie, SETTINGS);
    assert_eq!(back.status, 200, "{back:?}");
    back.json
}

fn changed(from: &Value, field: &str, value: Value) -> Value {
    let mut form = from.clone();
    form[field] = value;
    form
}

/// The owner's and an admin's cookie, and 佐藤's id and cookie.
fn staffed() -> (World, String, String, String, String) {
    let (mut world, owner) = World::set_up();
    let admin = world.member(
        &owner,
        &json!({"name": "鈴木", "login_email": "suzuki@minato.example", "usable": true, "role": "admin"}),
    );
    let admin = world.cookie_of(&owner, &admin);
    let sato =
        world.member(&owner, &json!({"name": "佐藤", "login_email": "sato@minato.example", "usable": true}));
    let cookie = world.cookie_of(&owner, &sato);
    (world, owner, admin, sato, cookie)
}

#[test]
fn settings_are_checked_and_the_later_of_two_is_told() {
    let (mut world, owner, admin, _, sato) = staffed();
    let first = settings(&mut world, &owner);
    assert_eq!((&first["zone"], &first["retention_days"]), (&json!("Asia/Tokyo"), &json!(365)));
    let renamed = changed(&first, "name", json!(" みなと　物産 "));
    let back = world.put(&admin, SETTINGS, &renamed);
    assert_eq!(
        (back.status, &back.json["name"], &back.json["version"]),
        (200, &json!("みなと 物産"), &json!(2))
    );
    assert_eq!(world.get("", "/api/public").json["workspace"]["name"], "みなと 物産");
    let late = changed(&first, "zone", json!("Asia/Seoul"));
    assert_eq!(world.put(&owner, SETTINGS, &late).refusal(), (409, "changed_meanwhile", ""));
    assert_eq!(settings(&mut world, &owner)["zone"], "Asia/Tokyo");
    for (field, value, code) in [
        ("name", json!("  "), "required"),
        ("name", json!("あ".repeat(101)), "too_long"),
        ("zone", json!("America/New_York"), "wrong_type"),
        ("retention_days", json!(7), "not_a_retention"),
        ("retention_days", json!("x"), "wrong_type"),
        ("colour", json!("red"), "unknown_field"),
    ] {
        let back = world.put(&owner, SETTINGS, &changed(&back.json, field, value));
        assert_eq!(back.refusal(), (400, code, field));
    }
    assert_eq!(world.get(&sato, SETTINGS).status, 403);
    assert_eq!(world.put(&sato, SETTINGS, &back.json).status, 403);
    let key = format!("Bearer {}", world.key(&owner, &["admin"]));
    assert_eq!(world.raw(Method::GET, SETTINGS, &[("authorization", &key)], b"").status, 403);
}

#[test]
fn roles_are_given_by_those_who_have_them_and_the_last_owner_stays() {
    let (mut world, owner, admin, sato, cookie) = staffed();
    let role = |world: &mut World, cookie: &str, id: &str, role: &str| {
        let back = world.put(cookie, &format!("/api/settings/roles/{id}"), &json!({ "role": role }));
        (back.status, back.code().to_owned())
    };
    let holders = world.get(&admin, "/api/settings/roles");
    let names: Vec<_> = holders.json.as_array().unwrap().iter().map(|one| one["role"].clone()).collect();
    assert_eq!(names, ["owner", "admin"]);
    let tanaka = holders.json[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(role(&mut world, &admin, &sato, "owner"), (403, "not_allowed".into()));
    assert_eq!(role(&mut world, &admin, &tanaka, "member").0, 403);
    assert_eq!(role(&mut world, &owner, &tanaka, "admin"), (409, "last_owner".into()));
    assert_eq!(role(&mut world, &admin, &sato, "company_admin"), (400, "required".into()));
    assert_eq!(role(&mut world, &admin, &sato, "boss").0, 400);
    assert_eq!(role(&mut world, &cookie, &sato, "admin").0, 403);
    assert_eq!(role(&mut world, &admin, &sato, "admin").0, 200);
    assert_eq!(world.get(&cookie, SETTINGS).status, 200, "holds at once");
    assert_eq!(role(&mut world, &owner, &sato, "owner").0, 200);
    assert_eq!(role(&mut world, &owner, &tanaka, "member").0, 200);
    assert_eq!(world.get(&owner, "/api/settings/roles").status, 403);
}

#[test]
fn the_audit_is_searched_by_name_kind_and_day() {
    let (mut world, owner, admin, sato, _) = staffed();
    world.post(&admin, "/api/keys", &json!({"name": "販売管理", "scopes": ["events:write"]}));
    world.runner.clock.advance(2 * DAY);
    world.put(&owner, &format!("/api/settings/roles/{sato}"), &json!({"role": "admin"}));
    let actions = |world: &mut World, query: &str| -> Vec<String> {
        let back = world.get(&owner, &format!("/api/audit?{query}"));
        assert_eq!(back.status, 200, "{back:?}");
        let items = back.json["items"].as_array().unwrap();
        items.iter().map(|one| one["action"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(actions(&mut world, "q=%E9%88%B4%E6%9C%A8&group=key"), ["key.created"]);
    assert_eq!(actions(&mut world, "q=%E8%B2%A9%E5%A3%B2"), ["key.created"]);
    assert_eq!(actions(&mut world, &format!("group=member&from={}", NOW + DAY)), ["member.changed"]);
    assert!(!actions(&mut world, &format!("until={}", NOW + DAY)).contains(&"member.changed".to_owned()));
    assert_eq!(actions(&mut world, "q=no+such+thing"), Vec::<String>::new());
    assert_eq!(actions(&mut world, "group=%25"), Vec::<String>::new());
    assert_eq!(world.get(&owner, "/api/audit?from=today").refusal(), (400, "wrong_type", "from"));
    let back = world.get(&owner, "/api/audit?group=key");
    assert_eq!(
        (&back.json["items"][0]["actor"], &back.json["items"][0]["target_name"]),
        (&json!("鈴木"), &json!("販売管理"))
    );
    // Paging goes on where it ended.
    for number in 0..120 {
        world
            .sql
            .exec(
                "INSERT INTO audit (id, at, actor, action, target, detail) VALUES (?1, 0, 'x', 'a.b', 'y', '')",
                &[format!("au_{number:026}").into()],
            )
            .unwrap();
    }
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let back = world.get(&owner, &format!("/api/audit?group=a&cursor={cursor}"));
        seen.extend(back.json["items"].as_array().unwrap().iter().map(|one| one["id"].to_string()));
        let Some(next) = back.json["next"].as_str() else { break };
        next.clone_into(&mut cursor);
    }
    seen.dedup();
    assert_eq!(seen.len(), 120);
}

#[test]
fn the_export_has_everything_and_no_secret() {
    let (mut world, owner, admin, _, sato) = staffed();
    world.connect_mail();
    let key = world.key(&owner, &["events:write"]);
    let (mut lines, mut cursor, mut total) = (String::new(), None::<String>, 0);
    loop {
        let body = cursor.as_ref().map_or_else(|| json!({}), |cursor| json!({ "cursor": cursor }));
        let back = world.post(&admin, "/api/settings/export", &body);
        assert_eq!(back.status, 200, "{back:?}");
        lines.push_str(back.json["lines"].as_str().unwrap());
        total = back.json["total"].as_u64().unwrap_or(total);
        cursor = back.json["next"].as_str().map(ToOwned::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(lines.lines().count() as u64, total);
    let tables: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["table"].as_str().unwrap().to_owned())
        .collect();
    for table in ["workspace", "members", "addresses", "integrations", "api_keys", "audit"] {
        assert!(tables.iter().any(|one| one == table), "{table}");
    }
    let secret = key.rsplit('_').next().unwrap();
    for hidden in [secret, "re_1", "hash", "secret_version"] {
        assert!(!lines.contains(hidden), "{hidden}");
    }
    assert_eq!(world.count("SELECT count(*) FROM audit WHERE action = 'workspace.exported'"), "1");
    assert_eq!(world.post(&sato, "/api/settings/export", &json!({})).status, 403);
    assert_eq!(
        world.post(&owner, "/api/settings/export", &json!({"cursor": "sessions\u{1}x"})).code(),
        "wrong_type"
    );
}

/// An event of so many days ago with deliveries in these states.
fn old_event(world: &World, days: i64, number: u8, states: &[&str]) -> EventId {
    let at = NOW - days * DAY;
    let event = EventId::new(at, [number; 10]);
    world
        .sql
        .exec(
            "INSERT INTO events (id, kind, urgency, message, created_at, source, body_hash, deliveries, skipped) \
             VALUES (?1, 'tasks.assigned', 1, '{}', ?2, 'x', '', 1, 0)",
            &[event.as_str().into(), at.into()],
        )
        .unwrap();
    for (index, state) in states.iter().enumerate() {
        let due = (*state == "waiting").then_some(NOW + 90 * DAY);
        world
            .sql
            .exec(
                "INSERT INTO deliveries (id, target, channel, kind, urgency, decision, reason, state, due_at) \
                 VALUES (?1, ?2, 'email', 'tasks.assigned', 1, 'deliver', 'allowed', ?3, ?4)",
                &[
                    DeliveryId::of(&event, u32::try_from(index).unwrap()).as_str().into(),
                    MemberId::new(1, [1; 10]).as_str().into(),
                    (*state).into(),
                    due.into(),
                ],
            )
            .unwrap();
    }
    event
}

#[test]
fn what_is_old_and_over_is_forgotten_bit_by_bit_and_its_days_stay_counted() {
    let (mut world, owner) = World::set_up();
    world.work();
    let sent = vec!["sent"; 400];
    old_event(&world, 400, 1, &sent);
    old_event(&world, 399, 2, &["failed", "sent"]);
    let open = old_event(&world, 398, 3, &["waiting", "sent"]);
    let young = old_event(&world, 300, 4, &["sent"]);
    world.sql.exec("INSERT INTO claims (event, action, label, name, channel, at) SELECT id, 'a', 'b', 'c', 'line', 0 FROM events", &[]).unwrap();
    let left = |world: &World| -> (i64, i64) {
        let count = |table: &str| world.count(&format!("SELECT count(*) FROM {table}")).parse().unwrap();
        (count("deliveries"), count("events"))
    };
    let before = left(&world);
    let mut form = settings(&mut world, &owner);
    form["retention_days"] = json!(0);
    form = world.put(&owner, SETTINGS, &form).json;
    world.runner.clock.advance(HOUR);
    world.work();
    assert_eq!(left(&world), before, "for ever is for ever");
    form["retention_days"] = json!(365);
    world.put(&owner, SETTINGS, &form);
    world.runner.clock.advance(MINUTE);
    world.work();
    assert_eq!(left(&world), (before.0 - 300, before.1), "one slice");
    for _ in 0..5 {
        world.runner.clock.advance(HOUR);
        world.work();
    }
    assert_eq!(left(&world), (2, 2));
    let kept = world.sql.texts("SELECT id FROM events ORDER BY id", &[]).unwrap();
    assert_eq!(kept, [open.as_str(), young.as_str()]);
    assert_eq!(world.count("SELECT count(*) FROM claims"), "2");
    let counted = world.sql.texts("SELECT counts FROM day_counts ORDER BY first", &[]).unwrap();
    assert_eq!(counted[0], r#"[["email","sent",400]]"#);
    assert_eq!(counted[1], r#"[["email","failed",1],["email","sent",1]]"#);
}

#[test]
fn the_end_takes_everything_and_lets_nobody_in() {
    let kept = Rc::new(RefCell::new(None::<Rc<MemoryKv>>));
    let keep = Rc::clone(&kept);
    let world = World::over(move |ports| {
        let kv = Rc::new(MemoryKv::default());
        keep.replace(Some(Rc::clone(&kv)));
        hub::ports::Ports { kv, ..ports }
    });
    let kv = kept.borrow().clone().unwrap();
    let (mut world, owner) = world.begun();
    world.connect_mail();
    let admin = world.member(
        &owner,
        &json!({"name": "鈴木", "login_email": "suzuki@minato.example", "usable": true, "role": "admin"}),
    );
    let admin = world.cookie_of(&owner, &admin);
    let key = format!("Bearer {}", world.key(&owner, &["admin"]));
    let hook = json!({"url": "https://hooks.example/x", "events": ["action.taken"]});
    let made = world.post(&owner, "/api/webhooks", &hook);
    assert_eq!(made.status, 201, "{made:?}");
    let hook = made.json["info"]["id"].as_str().unwrap().to_owned();
    assert_eq!(world.post(&owner, &format!("/api/webhooks/{hook}/secret"), &json!({})).status, 201);
    let workspace = world.workspace().to_string();
    let entry = format!("directory/{workspace}");
    for (name, value) in [("directory/default", workspace.as_str()), (entry.as_str(), "")] {
        kv.entries.borrow_mut().insert(name.to_owned(), (value.as_bytes().to_vec(), None));
    }
    let end = "/api/workspace?confirm=%E3%81%BF%E3%81%AA%E3%81%A8%E5%95%86%E4%BA%8B";
    assert_eq!(world.delete(&admin, end).status, 403);
    assert_eq!(world.get(&admin, "/api/workspace/consequences").status, 403);
    let counts = world.get(&owner, "/api/workspace/consequences").json;
    assert_eq!((&counts["members"], &counts["webhooks"], &counts["keys"]), (&json!(2), &json!(1), &json!(1)));
    for wrong in ["/api/workspace", "/api/workspace?confirm=x"] {
        assert_eq!(world.delete(&owner, wrong).refusal(), (400, "wrong_confirmation", "confirm"));
    }
    assert!(!world.hub.has_ended());
    assert!(kv.entries.borrow().keys().any(|name| name.starts_with("secret/")));

    let back = world.delete(&owner, end);
    assert_eq!((back.status, &back.json["left"]), (200, &json!([])));
    assert!(world.hub.has_ended());
    assert_eq!(kv.entries.borrow().keys().collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(world.get(&owner, "/api/me").status, 401);
    assert_eq!(world.raw(Method::GET, "/api/v1/kinds", &[("authorization", &key)], b"").status, 401);
    // The object may be asked to work once more before its storage goes.
    world.work();
    assert!(world.hub.has_ended());
}
