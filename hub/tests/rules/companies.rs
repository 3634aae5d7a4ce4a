//! What holds for one company: its rules, its room, and who may see them.

use serde_json::{Value, json};

use crate::Office;

fn mail_of(lines: &[String], name: &str) -> String {
    let start = format!("{name} email ");
    lines.iter().find_map(|line| line.strip_prefix(&start)).expect("a decision").to_owned()
}

#[test]
fn a_company_may_differ_from_the_workspace() {
    let mut office = Office::new();
    let (owner, yamada) = (office.owner.clone(), office.yamada.clone());
    let everyone = json!([{"everyone": true}]);
    let differ =
        |on: bool| json!({"kind": "tasks.assigned", "channel": "email", "on": on, "company": yamada});
    let back = office.rule(&differ(false));
    assert_eq!(
        (&back.json["off"], &back.json["differs"]),
        (&json!(["email"]), &json!(["email"])),
        "{back:?}"
    );
    let lines = office.decided("tasks.assigned", &everyone);
    assert_eq!(mail_of(&lines, "佐藤 花子"), "rule_off");
    assert_eq!(
        (mail_of(&lines, "鈴木 一郎"), mail_of(&lines, "田中 一郎")),
        ("allowed".into(), "allowed".into())
    );
    // Another kind is not touched.
    assert_eq!(mail_of(&office.decided("tasks.alarm", &everyone), "佐藤 花子"), "allowed");
    let sato = office.sato.clone();
    let cookie = office.world.cookie_of(&owner, &sato);
    let settings = office.world.get(&cookie, "/api/me/settings");
    let rows = settings.json["kinds"].as_array().unwrap();
    let row = rows.iter().find(|row| row["kind"] == "tasks.assigned").unwrap();
    assert_eq!(row["cells"][1]["allowed"], false);
    let grid = |office: &mut Office, query: &str| {
        let grid = office.world.get(&owner, &format!("/api/rules{query}"));
        let rows = grid.json.as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["code"] == "tasks.assigned").unwrap();
        (row["off"].clone(), row["differs"].clone())
    };
    assert_eq!(grid(&mut office, ""), (json!([]), Value::Null));
    assert_eq!(grid(&mut office, &format!("?company={yamada}")), (json!(["email"]), json!(["email"])));

    // The workspace turns it off for all; the company keeps it on.
    office.rule(&json!({"kind": "tasks.assigned", "channel": "email", "on": false}));
    assert_eq!(office.rule(&differ(true)).json["off"], json!([]));
    let lines = office.decided("tasks.assigned", &everyone);
    assert_eq!(
        (mail_of(&lines, "佐藤 花子"), mail_of(&lines, "鈴木 一郎")),
        ("allowed".into(), "rule_off".into())
    );
    // The same as the workspace's is no difference any more.
    office.rule(&differ(false));
    assert_eq!(office.world.count("SELECT count(*) FROM company_rules"), "0");
    let whole = json!({"kind": "tasks.assigned", "mandatory": true, "company": yamada});
    assert_eq!(office.rule(&whole).refusal(), (400, "unknown_field", "mandatory"));
    let nobody = json!({"kind": "tasks.assigned", "channel": "email", "on": true, "company": "co_x"});
    assert_eq!(office.rule(&nobody).refusal(), (404, "not_found", ""));
}

#[test]
fn a_company_s_room_gets_its_people_s_notices_once() {
    let mut office = Office::new();
    let (room, other) = (office.room(1, true), office.room(2, false));
    let (yamada, minato) = (office.yamada.clone(), office.minato.clone());
    let (sato, suzuki) = (office.sato.clone(), office.suzuki.clone());
    let back = office.set_room(&yamada, &room, &["fleet.overspeed", "fleet.alarm"], 0);
    assert_eq!((back.status, &back.json["version"]), (200, &json!(1)), "{back:?}");
    assert_eq!(
        (&back.json["room"]["name"], &back.json["kinds"]),
        (&json!("配車室1"), &json!(["fleet.alarm", "fleet.overspeed"]))
    );
    // Whoever deletes the connection is told that the company's room goes with it.
    let owner = office.owner.clone();
    let integration = office.world.count("SELECT integration FROM rooms LIMIT 1");
    let counted = office.world.get(&owner, &format!("/api/integrations/{integration}/consequences")).json;
    assert_eq!((&counted["rooms"], &counted["companies"]), (&json!(2), &json!(1)), "{counted}");
    let rooms = |lines: Vec<String>| -> Vec<String> {
        lines.into_iter().filter(|line| line.starts_with("配車室")).collect()
    };
    let once = ["配車室1 lineworks company_room"];
    for (kind, to, expected) in [
        ("fleet.overspeed", json!([{"member": sato}]), &once[..]),
        ("fleet.overspeed", json!([{"company": yamada}, {"member": sato}, {"everyone": true}]), &once),
        ("fleet.overspeed", json!([{"everyone": true}]), &once),
        ("fleet.overspeed", json!([{"member": suzuki}]), &[]),
        ("fleet.overspeed", json!([{"company": minato}]), &[]),
        ("fleet.moving", json!([{"member": sato}]), &[]),
        // Addressed anyway: once, and for that reason.
        ("fleet.overspeed", json!([{"member": sato}, {"room": room}]), &["配車室1 lineworks room"]),
    ] {
        assert_eq!(rooms(office.decided(kind, &to)), expected, "{kind} {to}");
    }
    // Two companies in one room: one message. A room that the bot has left: said so.
    office.set_room(&minato, &room, &["fleet.overspeed"], 0);
    let both = json!([{"member": sato}, {"member": suzuki}]);
    assert_eq!(rooms(office.decided("fleet.overspeed", &both)), once);
    office.set_room(&minato, &other, &["fleet.overspeed"], 1);
    assert_eq!(
        rooms(office.decided("fleet.overspeed", &both)),
        ["配車室1 lineworks company_room", "配車室2 lineworks room_closed"]
    );
    // Somebody who is no longer usable reaches nobody.
    office.world.sql.exec("UPDATE members SET usable = 0 WHERE id = ?1", &[sato.as_str().into()]).unwrap();
    assert_eq!(rooms(office.decided("fleet.overspeed", &json!([{"member": sato}]))), [""; 0]);
    // A company without people has a room all the same.
    office.world.sql.exec("UPDATE members SET company = NULL", &[]).unwrap();
    let empty = office.post("fleet.overspeed", &json!([{"company": yamada}]));
    assert_eq!((empty.status, &empty.json["deliveries"]), (202, &json!(1)));
    assert_eq!(
        office.post("fleet.moving", &json!([{"company": yamada}])).refusal(),
        (400, "empty_audience", "to")
    );
}

#[test]
fn two_admins_and_every_wrong_form() {
    let mut office = Office::new();
    let (room, yamada, owner) = (office.room(1, true), office.yamada.clone(), office.owner.clone());
    assert_eq!(office.set_room(&yamada, &room, &[], 0).json["version"], 1);
    assert_eq!(
        office.set_room(&yamada, &room, &["tasks.alarm"], 0).refusal(),
        (409, "changed_meanwhile", "")
    );
    assert_eq!(
        office.set_room(&yamada, &room, &["tasks.alarm", "tasks.alarm"], 1).json["kinds"],
        json!(["tasks.alarm"])
    );
    for (room, kinds, code, field) in [
        ("rm_x", vec!["tasks.alarm"], "unknown_room", "room"),
        (room.as_str(), vec!["tasks.alarm", "no.such"], "unknown_kind", "kinds[1]"),
        (room.as_str(), vec!["todoke.sign_in_code"], "unknown_kind", "kinds[0]"),
    ] {
        assert_eq!(office.set_room(&yamada, room, &kinds, 2).refusal(), (400, code, field));
    }
    assert_eq!(office.set_room("co_x", &room, &[], 0).refusal(), (404, "not_found", ""));
    let odd = json!({"room": room, "kinds": [], "version": 2, "name": "x"});
    let back = office.world.put(&owner, &format!("/api/rules/companies/{yamada}"), &odd);
    assert_eq!(back.refusal(), (400, "unknown_field", "name"));

    // Deleting it leaves what people set themselves.
    office
        .world
        .sql
        .exec(
            "INSERT INTO preferences (member, kind, channel) SELECT id, 'tasks.alarm', 'email' FROM members",
            &[],
        )
        .unwrap();
    let target = format!("/api/rules/companies/{yamada}");
    assert_eq!(office.world.delete(&owner, &target).status, 204);
    let back = office.world.get(&owner, &target);
    assert_eq!(
        (&back.json["room"], &back.json["kinds"], &back.json["version"]),
        (&Value::Null, &json!([]), &json!(0))
    );
    assert_eq!(office.world.count("SELECT count(*) FROM preferences"), "3");
    // The room goes with its integration, and the company's settings with the room.
    office.set_room(&yamada, &room, &["tasks.alarm"], 0);
    office.world.sql.exec("DELETE FROM integrations WHERE provider = 'lineworks'", &[]).unwrap();
    assert_eq!(office.world.count("SELECT count(*) FROM company_rooms"), "0");
}

#[test]
fn companies_are_found_by_app_channel_id_and_person() {
    let mut office = Office::new();
    let (room, yamada, owner) = (office.room(1, true), office.yamada.clone(), office.owner.clone());
    office.set_room(&yamada, &room, &["fleet.alarm"], 0);
    let long = format!("?app={}", "a".repeat(100));
    for (query, expected) in [
        ("", vec!["みなと工業", "山田運送"]),
        // Nothing in it is a pattern.
        ("?app=%25", vec![]),
        ("?app=flee_", vec![]),
        (long.as_str(), vec![]),
        ("?app=fleet", vec!["山田運送"]),
        ("?app=tasks", vec![]),
        ("?q=CHANNEL-1", vec!["山田運送"]),
        ("?q=%E9%85%8D%E8%BB%8A", vec!["山田運送"]),
        ("?q=suzuki", vec!["みなと工業"]),
        ("?q=%E4%BD%90%E8%97%A4", vec!["山田運送"]),
        ("?q=%E9%81%8B%E9%80%81&app=fleet", vec!["山田運送"]),
        ("?q=100%25", vec![]),
    ] {
        let back = office.world.get(&owner, &format!("/api/rules/companies{query}"));
        let names: Vec<&str> =
            back.json.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{query}");
    }
}

#[test]
fn a_company_admin_sees_the_own_company_and_nothing_else() {
    let mut office = Office::new();
    let (room, owner) = (office.room(1, true), office.owner.clone());
    let (yamada, minato, sato, suzuki) =
        (office.yamada.clone(), office.minato.clone(), office.sato.clone(), office.suzuki.clone());
    office
        .world
        .sql
        .exec("UPDATE members SET role = 'company_admin' WHERE id = ?1", &[sato.as_str().into()])
        .unwrap();
    let own = office.world.cookie_of(&owner, &sato);
    let member = office.world.cookie_of(&owner, &suzuki);
    let form = json!({"room": room, "kinds": ["fleet.alarm"], "version": 0});
    let rule = |company: &str| json!({"kind": "fleet.overspeed", "channel": "email", "on": false, "company": company});
    let world = &mut office.world;
    for (target, body, status, of_member) in [
        (format!("/api/rules/companies/{yamada}"), Some(&form), 200, 403),
        (format!("/api/rules/companies/{minato}"), Some(&form), 403, 403),
        (format!("/api/rules/companies/{minato}"), None, 403, 403),
        (format!("/api/rules?company={yamada}"), None, 200, 403),
        (format!("/api/rules?company={minato}"), None, 403, 403),
        ("/api/rules".into(), None, 403, 403),
        ("/api/rules".into(), Some(&rule(&yamada)), 200, 403),
        ("/api/rules".into(), Some(&rule(&minato)), 403, 403),
        ("/api/rules".into(), Some(&json!({"kind": "fleet.alarm", "mandatory": true})), 403, 403),
        ("/api/rules/apps/fleet".into(), Some(&json!({"members_set": true})), 403, 403),
        ("/api/rules/companies".into(), None, 200, 403),
        ("/api/rules/members".into(), None, 200, 403),
        (format!("/api/rules/members/{sato}"), None, 200, 403),
        (format!("/api/rules/members/{suzuki}"), None, 404, 403),
    ] {
        for (cookie, expected) in [(&own, status), (&member, of_member)] {
            let back = match body {
                Some(body) => world.put(cookie, &target, body),
                None => world.get(cookie, &target),
            };
            assert_eq!(back.status, expected, "{target} {back:?}");
        }
    }
    let names = |back: &Value| -> Vec<String> {
        back.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&world.get(&own, "/api/rules/companies").json), ["山田運送"]);
    assert_eq!(names(&world.get(&own, "/api/rules/members").json["items"]), ["佐藤 花子"]);
}

#[test]
fn a_company_s_own_admin_narrows_what_the_workspace_allows_and_no_more() {
    let mut office = Office::new();
    let (owner, yamada, sato) = (office.owner.clone(), office.yamada.clone(), office.sato.clone());
    office
        .world
        .sql
        .exec("UPDATE members SET role = 'company_admin' WHERE id = ?1", &[sato.as_str().into()])
        .unwrap();
    let own = office.world.cookie_of(&owner, &sato);
    office.rule(&json!({"kind": "tasks.alarm", "mandatory": true}));
    office.rule(&json!({"kind": "tasks.assigned", "channel": "email", "on": false}));
    let rule = |kind: &str, on: bool| json!({"kind": kind, "channel": "email", "on": on, "company": yamada});
    let refused = [
        (rule("tasks.alarm", false), (409, "kind_is_mandatory", "kind")),
        (rule("fleet.alarm", false), (409, "kind_is_mandatory", "kind")),
        (rule("tasks.assigned", true), (403, "not_allowed", "channel")),
    ];
    for (body, expected) in &refused {
        assert_eq!(office.world.put(&own, "/api/rules", body).refusal(), *expected, "{body}");
    }
    assert_eq!(office.world.count("SELECT count(*) FROM company_rules"), "0");
    for on in [false, true] {
        assert_eq!(office.world.put(&own, "/api/rules", &rule("fleet.overspeed", on)).status, 200);
    }
    // An admin of the workspace makes these exceptions.
    for (body, _) in &refused {
        assert_eq!(office.rule(body).status, 200, "{body}");
    }
}

#[test]
fn an_admin_reads_what_members_set() {
    let mut office = Office::new();
    let (owner, sato) = (office.owner.clone(), office.sato.clone());
    let cookie = office.world.cookie_of(&owner, &sato);
    let off = json!({"kind": "tasks.alarm", "channel": "email", "on": false});
    assert_eq!(office.world.put(&cookie, "/api/me/preferences", &off).status, 200);
    let found = |office: &mut Office, query: &str| -> Vec<(String, i64)> {
        let back = office.world.get(&owner, &format!("/api/rules/members{query}"));
        let rows = back.json["items"].as_array().unwrap();
        rows.iter().map(|one| (one["name"].as_str().unwrap().into(), one["off"].as_i64().unwrap())).collect()
    };
    assert_eq!(found(&mut office, "?app=tasks"), [("佐藤 花子".into(), 1)]);
    assert_eq!(found(&mut office, "?app=fleet"), []);
    assert_eq!(found(&mut office, "?app=%25"), []);
    assert_eq!(found(&mut office, "?q=SUZUKI"), [("鈴木 一郎".into(), 0)]);
    assert_eq!(found(&mut office, "").len(), 3);
    let shown = office.world.get(&owner, &format!("/api/rules/members/{sato}"));
    assert_eq!(shown.json["name"], "佐藤 花子");
    let rows = shown.json["settings"]["kinds"].as_array().unwrap();
    let row = rows.iter().find(|row| row["kind"] == "tasks.alarm").unwrap();
    assert_eq!(row["cells"][1]["on"], false);

    office
        .world
        .sql
        .exec(
            "INSERT INTO members (id, company, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) \
             SELECT printf('mb_%026d', value), NULL, 'n', '', 'p' || value || '@x.example', '', '', '', 1, 'member', 'ja', 1, 0 \
             FROM (WITH RECURSIVE c(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM c WHERE value < 70) SELECT value FROM c)",
            &[],
        )
        .unwrap();
    let first = office.world.get(&owner, "/api/rules/members");
    assert_eq!(first.json["items"].as_array().unwrap().len(), 50);
    let next = first.json["next"].as_str().unwrap().to_owned();
    let second = office.world.get(&owner, &format!("/api/rules/members?cursor={next}"));
    assert_eq!((second.json["items"].as_array().unwrap().len(), &second.json["next"]), (23, &Value::Null));
}
