//! Invited, erased: what a person gets, and that nothing of one is left.

use serde_json::json;
use shared::id::{DeliveryId, EventId, ImportId, RoomId};

use crate::world::{NOW, World};

#[test]
fn letters_bring_a_way_in_and_their_progress_is_kept() {
    let all = "/api/members/invitations";
    let (mut alone, somebody) = World::set_up();
    assert_eq!(alone.post(&somebody, all, &json!({})).refusal(), (409, "not_connected", "channel"));
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    for i in 0..6 {
        world.member(
            &owner,
            &json!({"name": format!("社員{i}"), "login_email": format!("m{i}@minato.example")}),
        );
    }
    world.member(&owner, &json!({"name": "停止", "login_email": "off@minato.example", "usable": false}));
    assert_eq!(world.get(&owner, all).json, json!({"waiting": 0, "sent": 0, "failed": 0}));
    let back = world.post(&owner, &format!("{all}?q=%E7%A4%BE%E5%93%A1"), &json!({"new_only": true}));
    assert_eq!((back.status, &back.json["waiting"]), (200, &json!(6)), "{back:?}");
    world.work();
    let now = world.get(&owner, all).json;
    assert_eq!((&now["waiting"], &now["sent"], &now["failed"]), (&json!(0), &json!(6), &json!(0)));
    let mail = world.mailbox.mails.borrow()[0].to_string();
    let token =
        mail.split("/s/").nth(1).unwrap().split(['"', '\\', '<', ' ', '&']).next().unwrap().to_owned();
    let back = world.send(http::Method::POST, "/api/sign-in/link", &[], &json!({ "token": token }));
    assert_eq!(back.status, 200, "{token}: {back:?}");
    // Once more: nobody new is left; one by one it goes again.
    assert_eq!(
        world.post(&owner, &format!("{all}?q=%E7%A4%BE%E5%93%A1"), &json!({"new_only": true})).code(),
        "empty_audience"
    );
    let id = world.count("SELECT id FROM members WHERE login_email = 'm3@minato.example'");
    assert!(world.get(&owner, &format!("/api/v1/members/{id}")).json["invited_at"].is_i64());
    assert_eq!(world.post(&owner, all, &json!({ "members": [id] })).json["waiting"], 1);
    assert_eq!(world.delete(&owner, all).status, 204);
    world.work();
    assert_eq!(world.mailbox.mails.borrow().len(), 6);
    assert_eq!(world.get(&owner, "/api/v1/members?invited=false").json["total"], 2);
}

#[test]
fn an_erased_person_is_nowhere() {
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    let form = json!({"name": "消去 花子", "reading": "しょうきょ", "login_email": "gone@minato.example", "notification_email": "gone@home.example",
        "department": "秘密部", "title": "秘密長", "employee_number": "S-4711", "lineworks_id": "gone@works", "slack_id": "U0GONE"});
    let gone = world.member(&owner, &form);
    world.cookie_of(&owner, &gone);
    let event = json!({"kind": "tasks.assigned", "to": [{"member": gone}], "title": "花子さんへ S-4711", "body": "消去 花子"});
    let key = world.key(&owner, &["events:write", "admin"]);
    let bearer = format!("Bearer {key}");
    for (name, later) in [("a", None), ("b", Some("2027-01-01T00:00:00Z"))] {
        let mut event = event.clone();
        if let Some(later) = later {
            event["deliver_at"] = json!(later);
        }
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", name)];
        let back = world.send(http::Method::POST, "/api/v1/events", &headers, &event);
        assert_eq!(back.status, 202, "{back:?}");
    }
    world.work();
    for statement in [
        "UPDATE deliveries SET frozen = 'To: gone@home.example', edits = 'D:gone@works', cause = '{\"code\":\"mailbox_full\",\"detail\":\"gone@home.example\"}', \
         attempts = '[{\"at\":1,\"took\":1,\"result\":\"accepted\",\"cause\":{\"code\":\"mailbox_full\",\"detail\":\"U0GONE\"},\"reference\":\"U0GONE\"}]'",
        "INSERT INTO inbox (id, integration, inbound, received_at) VALUES ('h', 'in', '{\"from\":\"gone@works\"}', 1)",
        "INSERT INTO claims (event, action, label, member, name, channel, at) SELECT 'ev_other', 'take', '対応します', id, name, '', 1 FROM members WHERE reading <> ''",
        "INSERT INTO events (id, kind, urgency, message, created_at, source, body_hash, deliveries, skipped, about) \
         VALUES ('ev_news', 'todoke.answered', 1, '{\"title\":\"消去 花子: 対応します\"}', 1, 'todoke', '', 0, 0, 'ev_other')",
    ] {
        world.sql.exec(statement, &[]).unwrap();
    }
    let draft = json!({"file": "a.csv", "columns": ["login_email", "name"], "total": 1});
    let draft = world.post(&owner, "/api/members/imports", &draft).id();
    let rows = json!({"rows": [{"line": 2, "cells": ["Gone@minato.example", "消去 花子"]}]});
    assert_eq!(world.post(&owner, &format!("/api/members/imports/{draft}/rows"), &rows).status, 200);
    world.post(&owner, "/api/members/invitations", &json!({ "members": [gone] }));

    let one = format!("/api/v1/members/{gone}");
    let counted = world.get(&owner, &format!("{one}/consequences")).json;
    assert_eq!(counted, json!({"waiting": 1, "doors": 0, "punches": 0}));
    let values = ["消去", "しょうきょ", "gone@", "秘密", "S-4711", "U0GONE"];
    assert!(!left_of(&world, &values).is_empty());
    assert_eq!(
        world.delete(&owner, &format!("{one}?confirm=x")).refusal(),
        (400, "wrong_confirmation", "confirm")
    );
    under_way(&world, &gone);
    let name = "%E6%B6%88%E5%8E%BB%20%E8%8A%B1%E5%AD%90";
    assert_eq!(world.delete(&owner, &format!("{one}?confirm={name}")).status, 204);
    assert_eq!(left_of(&world, &values), Vec::<String>::new());
    // What was sent keeps the id, the audit keeps the fact, and nothing waits for nobody.
    assert_eq!(
        world.count(&format!("SELECT count(DISTINCT event) FROM deliveries WHERE target = '{gone}'")),
        "2"
    );
    assert_eq!(
        world.count(&format!(
            "SELECT count(*) FROM deliveries WHERE target = '{gone}' AND due_at IS NOT NULL"
        )),
        "0"
    );
    assert_eq!(
        world.count(&format!(
            "SELECT count(*) FROM audit WHERE target = '{gone}' AND action = 'member.deleted'"
        )),
        "1"
    );
    let list = world.get(&owner, "/api/deliveries");
    assert_eq!(list.status, 200, "{list:?}");
    assert_eq!(world.count("SELECT state FROM deliveries WHERE reason = 'company_room'"), "cancelled");
    assert_eq!(world.count("SELECT count(*) FROM bulk_jobs WHERE state = 'running' OR chosen <> '{}'"), "0");
    assert_eq!(world.count("SELECT state || total FROM imports"), "running1");
    world.work();
    assert_eq!(world.count("SELECT state || total || done || created FROM imports"), "done111");
    assert_eq!(left_of(&world, &values), Vec::<String>::new());
    // Nobody erases oneself.
    let owner_id = world.count("SELECT id FROM members WHERE role = 'owner'");
    let other = json!({"name": "二人目", "login_email": "second@minato.example", "role": "owner"});
    world.member(&owner, &other);
    assert_eq!(world.delete(&owner, &format!("/api/v1/members/{owner_id}")).code(), "not_allowed");
}

/// A device without a known name is called `?`, which says nothing of anybody.
#[test]
fn a_device_s_name_is_not_the_person_s() {
    let (mut world, owner) = World::set_up();
    let gone = world.member(&owner, &json!({"name": "消去 花子", "login_email": "gone@minato.example"}));
    let import = ImportId::new(NOW, [8; 10]);
    let rows = json!([{"line": 2, "cells": ["a@minato.example", "?"]}, {"line": 3, "cells": ["gone@minato.example", "消去 花子"]}]);
    for (statement, params) in [
        (
            "INSERT INTO addresses (member, channel, value, label, state, switched_on) VALUES (?1, ?2, 'devices:x', '?', 'linked', 1)",
            [gone.clone(), "web_push".to_owned()],
        ),
        // Whose name LINE does not tell.
        (
            "INSERT INTO addresses (member, channel, value, label, state, switched_on) VALUES (?1, ?2, 'U9', '', 'linked', 1)",
            [gone.clone(), "line".to_owned()],
        ),
        (
            "INSERT INTO imports (id, actor, file, columns, create_companies, state, total, received, created_at) \
             SELECT ?1, id, 'b.csv', ?2, 0, 'running', 2, 2, 1 FROM members WHERE role = 'owner'",
            [import.to_string(), json!(["login_email", "name"]).to_string()],
        ),
        (
            "INSERT INTO import_slices (import, first, rows, count) VALUES (?1, 2, ?2, 2)",
            [import.to_string(), rows.to_string()],
        ),
        (
            "INSERT INTO inbox (id, integration, inbound, received_at) VALUES (?1, 'in', ?2, 1)",
            ["h".to_owned(), json!({"text": "いつ?"}).to_string()],
        ),
    ] {
        world.sql.exec(statement, &params.map(hub::ports::Value::from)).unwrap();
    }
    let name = "%E6%B6%88%E5%8E%BB%20%E8%8A%B1%E5%AD%90";
    assert_eq!(world.delete(&owner, &format!("/api/v1/members/{gone}?confirm={name}")).status, 204);
    assert_eq!(world.count("SELECT rows FROM import_slices"), json!([rows[0]]).to_string());
    assert_eq!(world.count("SELECT inbound FROM inbox"), r#"{"text":"いつ?"}"#);
}

#[test]
fn a_search_is_forgotten_when_its_work_ends() {
    let (mut world, owner) = World::set_up();
    world.connect_mail();
    let sato = world.member(&owner, &json!({"name": "佐藤 花子", "login_email": "sato@minato.example"}));
    let bearer = format!("Bearer {}", world.key(&owner, &["events:write"]));
    let event = json!({"kind": "tasks.assigned", "to": [{"member": sato}], "title": "見積書", "body": "確認",
        "deliver_at": "2027-01-01T00:00:00Z"});
    for state in ["done", "stopped"] {
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", state)];
        assert_eq!(world.send(http::Method::POST, "/api/v1/events", &headers, &event).status, 202);
        let job =
            world.post(&owner, "/api/bulk", &json!({"action": "cancel", "filter": {"q": "花子"}, "ids": []}));
        assert_eq!(job.status, 202, "{job:?}");
        let chosen = format!("SELECT chosen FROM bulk_jobs WHERE id = '{}'", job.id());
        assert!(world.count(&chosen).contains("花子"));
        let one = format!("/api/bulk/{}", job.id());
        if state == "stopped" {
            assert_eq!(world.post(&owner, &format!("{one}/stop"), &json!(null)).status, 200);
        }
        world.work();
        assert_eq!(world.get(&owner, &one).json["state"], state);
        assert_eq!(world.count(&chosen), "{}");
    }
}

/// A file that names the person too, searches for the person, and a copy for the room of a company.
fn under_way(world: &World, member: &str) {
    let import = ImportId::new(NOW, [8; 10]);
    let rows = json!([{"line": 2, "cells": [" Gone@minato.example", "消去 花子"]}, {"line": 3, "cells": ["stays@minato.example", "残る"]}]);
    let waiting = format!("SELECT event FROM deliveries WHERE target = '{member}' AND state = 'waiting'");
    let event: EventId = world.count(&waiting).parse().unwrap();
    let (copy, room) = (DeliveryId::of(&event, 9), RoomId::new(NOW, [9; 10]));
    let search = |q: &str| json!({"filter": {"q": q}, "ids": []}).to_string();
    for (statement, params) in [
        (
            "INSERT INTO imports (id, actor, file, columns, create_companies, state, total, received, created_at) \
             SELECT ?1, id, 'b.csv', ?2, 0, 'running', 2, 2, 1 FROM members WHERE role = 'owner'",
            [import.to_string(), json!(["login_email", "name"]).to_string()],
        ),
        (
            "INSERT INTO import_slices (import, first, rows, count) VALUES (?1, 2, ?2, 2)",
            [import.to_string(), rows.to_string()],
        ),
        (
            "INSERT INTO bulk_jobs (id, action, chosen, actor, created_at, total, until, state, due_at) VALUES \
             ('a', 'cancel', ?1, '', 1, 1, '', 'running', 9999999999999), ('b', 'resend', ?2, '', 1, 1, '', 'done', NULL)",
            [search("消去 花子"), search("消去")],
        ),
        (
            "INSERT INTO deliveries (id, target, channel, kind, urgency, decision, reason, state, due_at, frozen) VALUES \
             (?1, ?2, 'slack', 'tasks.assigned', 1, 'deliver', 'company_room', 'waiting', 9999999999999, '消去 花子')",
            [copy.to_string(), room.to_string()],
        ),
    ] {
        world.sql.exec(statement, &params.map(hub::ports::Value::from)).unwrap();
    }
}

/// Each column of each table that holds one of `values`.
fn left_of(world: &World, values: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let tables = "SELECT name || char(10) || sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL";
    for table in world.sql.texts(tables, &[]).unwrap() {
        let (table, sql) = table.split_once('\n').unwrap();
        let columns = columns_of(sql);
        assert!(!columns.is_empty(), "{sql}");
        for column in columns {
            for value in values {
                let query = format!(
                    "SELECT count(*) FROM \"{table}\" WHERE instr(CAST(\"{column}\" AS TEXT), ?1) > 0"
                );
                if world.sql.texts(&query, &[(*value).into()]).unwrap()[0] != "0" {
                    found.push(format!("{table}.{column}: {value}"));
                }
            }
        }
    }
    found
}

/// The names in a `CREATE TABLE`: the platform does not tell them otherwise.
fn columns_of(sql: &str) -> Vec<String> {
    let lines: Vec<&str> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let text = lines.join(" ");
    let (_, inner) = text.split_once('(').unwrap();
    let (mut depth, mut parts, mut part) = (1, Vec::new(), String::new());
    for c in inner.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 || (depth == 1 && c == ',') {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
        if depth == 0 {
            break;
        }
    }
    let names = parts.iter().filter_map(|part| part.split_whitespace().next());
    names.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')).map(str::to_owned).collect()
}

#[test]
fn a_search_forgives_how_it_was_typed() {
    let (mut world, owner) = World::set_up();
    let form = json!({"name": "佐藤 花子", "reading": "さとう はなこ", "login_email": "hana@minato.example", "department": "営業部", "title": "課長",
        "employee_number": "Ａ-0042", "notification_email": "private@home.example", "slack_id": "U0HANA"});
    let sato = world.member(&owner, &form);
    for query in
        ["ｻﾄｳ", "サトウ", "佐藤花子", "はなこ さとう", "HANA@", "営業 佐藤", "a-0042", "private", "課長"]
    {
        let escaped: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = world.get(&owner, &format!("/api/v1/members?q={escaped}")).json;
        assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &json!(sato)), "{query}");
    }
    // The first owner was written before anybody was folded.
    assert_eq!(world.get(&owner, "/api/v1/members?q=tanaka").json["total"], 1);
    assert_eq!(world.get(&owner, "/api/v1/members?without=slack").json["total"], 1);
    assert_eq!(world.get(&owner, "/api/v1/members?without=fax").refusal(), (400, "wrong_type", "without"));
    let twin = json!({"name": "別人", "login_email": "b@minato.example", "slack_id": "u0hana"});
    assert_eq!(world.post(&owner, "/api/v1/members", &twin).refusal(), (409, "address_taken", "slack_id"));
}
