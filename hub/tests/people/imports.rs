//! A file of people: checked row by row, nothing changed before it is started, worked in slices.

use std::rc::Rc;

use http::Method;
use hub::{
    native::RecordedLive,
    ports::{Audience, Ports},
};
use serde_json::{Value, json};

use crate::world::World;

const IMPORTS: &str = "/api/members/imports";
const COLUMNS: [&str; 6] = ["name", "login_email", "company", "usable", "role", "lineworks_id"];

fn draft(world: &mut World, cookie: &str, total: usize, companies: bool) -> String {
    let form = json!({"file": "社員.csv", "columns": COLUMNS, "total": total, "create_companies": companies});
    let back = world.post(cookie, IMPORTS, &form);
    assert_eq!(back.status, 201, "{back:?}");
    assert_eq!((&back.json["state"], &back.json["received"]), (&json!("draft"), &json!(0)));
    back.id()
}

fn rows(rows: &[[&str; 6]]) -> Value {
    let rows: Vec<Value> =
        rows.iter().enumerate().map(|(index, cells)| json!({"line": index + 2, "cells": cells})).collect();
    json!({ "rows": rows })
}

fn outcomes(list: &Value) -> Vec<String> {
    let said = |row: &Value| {
        let fields: Vec<&str> =
            row["fields"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let code = row["code"].as_str().unwrap_or_default();
        format!("{} {} {}", row["outcome"].as_str().unwrap(), fields.join("+"), code).trim().to_owned()
    };
    list.as_array().unwrap().iter().map(said).collect()
}

/// Works until the import ended.
fn finished(world: &mut World, cookie: &str, id: &str) -> Value {
    world.work();
    let import = world.get(cookie, &format!("{IMPORTS}/{id}")).json;
    assert_ne!(import["state"], "running", "{import}");
    import
}

#[test]
fn a_file_is_checked_then_applied_and_leaves_a_result() {
    let (mut world, owner) = World::set_up();
    let minato = world.post(&owner, "/api/v1/companies", &json!({"name": "みなと運輸"})).id();
    let sato = json!({"name": "佐藤", "login_email": "sato@minato.example", "company": minato, "lineworks_id": "u-1"});
    let sato = world.member(&owner, &sato);
    world
        .sql
        .exec("UPDATE addresses SET label = 'sato@minato', state = 'linked' WHERE channel = 'lineworks'", &[])
        .unwrap();
    let ito = world.member(&owner, &json!({"name": "伊藤", "login_email": "ito@minato.example"}));
    let file = rows(&[
        ["'=佐藤", " Sato@Minato.example", "みなと運輸", "はい", "", "sato@minato"],
        ["伊藤", "ito@minato.example", "", "", "", ""],
        ["加藤", "kato@minato.example", "新会社", "×", "管理者", "kato"],
        ["", "nobody@minato.example", "", "", "", ""],
        ["林", "hayashi", "", "", "", ""],
        ["林", "hayashi@minato.example", "", "たぶん", "", ""],
        ["加藤", "KATO@minato.example", "", "", "", ""],
        ["田中", "tanaka@minato.example", "", "いいえ", "", ""],
        ["田中", "tanaka2@minato.example", "", "", "オーナー", ""],
    ]);
    let id = draft(&mut world, &owner, 9, true);
    let before = world.count("SELECT group_concat(id || version) FROM members");
    let checked = world.post(&owner, &format!("{IMPORTS}/{id}/rows"), &file);
    assert_eq!(checked.status, 200, "{checked:?}");
    let expected = [
        "changed name",
        "same",
        "created",
        "failed name required",
        "failed login_email not_a_mail_address",
        "failed usable wrong_type",
        "failed login_email named_twice",
        "failed usable not_allowed",
        "created",
    ];
    assert_eq!(outcomes(&checked.json["rows"]), expected);
    assert_eq!(checked.json["rows"][6]["found"], "4");
    assert_eq!(checked.json["companies"], json!(["新会社"]));
    // Nothing was changed.
    assert_eq!(world.count("SELECT group_concat(id || version) FROM members"), before);
    assert_eq!(world.count("SELECT count(*) FROM companies"), "1");

    let started = world.post(&owner, &format!("{IMPORTS}/{id}/start"), &Value::Null);
    assert_eq!((started.status, &started.json["state"]), (200, &json!("running")));
    let import = finished(&mut world, &owner, &id);
    for (name, count) in
        [("total", 9), ("done", 9), ("created", 2), ("changed", 1), ("same", 1), ("failed", 5)]
    {
        assert_eq!(import[name], count, "{name}");
    }
    assert_eq!((&import["state"], &import["by"]), (&json!("done"), &json!("田中 一郎")));
    let known = world.get(&owner, &format!("/api/v1/members/{sato}")).json;
    assert_eq!((&known["name"], &known["version"]), (&json!("=佐藤"), &json!(2)));
    // The file names the login, the store the user ID that was found for it.
    assert_eq!(
        (&known["addresses"][0]["value"], &known["addresses"][0]["state"]),
        (&json!("u-1"), &json!("linked"))
    );
    assert_eq!(world.get(&owner, &format!("/api/v1/members/{ito}")).json["version"], 1);
    let kato = world.get(&owner, "/api/v1/members?q=kato").json;
    assert_eq!(
        (&kato["items"][0]["company_name"], &kato["items"][0]["usable"]),
        (&json!("新会社"), &json!(false))
    );

    let file = result(&mut world, &owner, &id);
    assert!(
        file.starts_with(
            "\u{feff}行,結果,ログインメール,名前,項目,理由\r\n2,変更,sato@minato.example,'=佐藤,名前,\r\n"
        ),
        "{file}"
    );
    assert!(file.contains("5,問題あり,,,名前,入力してください。\r\n"), "{file}");
    // No row of the file is kept.
    assert_eq!(world.count("SELECT coalesce(sum(length(rows)), 0) FROM import_slices"), "0");
    let audit = world.get(&owner, "/api/audit").json;
    let last = audit["items"].as_array().unwrap().iter().take(3);
    let mut actions: Vec<&str> = last.filter_map(|item| item["action"].as_str()).collect();
    // The new admin by name; who is a plain member goes without saying.
    actions.sort_unstable();
    assert_eq!(actions, ["member.created", "members.import_started", "members.imported"]);
}

#[test]
fn an_address_of_another_is_refused_however_it_is_spelled() {
    let (mut world, owner) = World::set_up();
    let form = json!({"name": "佐藤", "login_email": "sato@minato.example", "lineworks_id": "u-1", "slack_id": "U0SATO"});
    let sato = world.member(&owner, &form);
    world
        .sql
        .exec("UPDATE addresses SET label = 'sato@minato', state = 'linked' WHERE channel = 'lineworks'", &[])
        .unwrap();
    let columns = ["name", "login_email", "slack_id", "lineworks_id"];
    let form = json!({"file": "a.csv", "columns": columns, "total": 8});
    let id = world.post(&owner, IMPORTS, &form).id();
    let cells = [
        ["佐藤", "sato@minato.example", " u0 sato ", "sato@minato"],
        ["加藤", "kato1@minato.example", "u0\u{3000}sato", ""],
        ["加藤", "kato2@minato.example", "", "U-1"],
        ["加藤", "kato3@minato.example", "", "SATO @minato"],
        ["加藤", "kato4@minato.example", "U0KATO", "kato"],
        // Nobody had these before the row above.
        ["林", "hayashi1@minato.example", "u0kato", ""],
        ["林", "hayashi2@minato.example", "", "KATO"],
        ["林", "hayashi3@minato.example", "", ""],
    ];
    let cells = cells.iter().enumerate().map(|(index, cells)| json!({"line": index + 2, "cells": cells}));
    let file = json!({ "rows": cells.collect::<Vec<Value>>() });
    let checked = world.post(&owner, &format!("{IMPORTS}/{id}/rows"), &file);
    let expected = [
        "same",
        "failed slack_id address_taken",
        "failed lineworks_id address_taken",
        "failed lineworks_id address_taken",
        "created",
        "failed slack_id address_taken",
        "failed lineworks_id address_taken",
        "created",
    ];
    assert_eq!(outcomes(&checked.json["rows"]), expected);

    let taken = (409, "address_taken", "lineworks_id");
    let other = world.member(&owner, &json!({"name": "林", "login_email": "hayashi@minato.example"}));
    for spelled in ["U-1", "Sato@ Minato"] {
        let form = json!({"name": "森", "login_email": "mori@minato.example", "lineworks_id": spelled});
        assert_eq!(world.post(&owner, "/api/v1/members", &form).refusal(), taken, "{spelled}");
        let change = json!({ "lineworks_id": spelled });
        let back = world.put(&owner, &format!("/api/v1/members/{other}"), &change);
        assert_eq!(back.refusal(), taken, "{spelled}");
    }
    let own = json!({"lineworks_id": "Sato@minato"});
    assert_eq!(world.put(&owner, &format!("/api/v1/members/{sato}"), &own).status, 200);
}

#[test]
fn only_whoever_began_it_fills_and_starts_it() {
    let (mut world, owner) = World::set_up();
    let admin = json!({"name": "森", "login_email": "mori@minato.example", "role": "admin"});
    let admin = world.member(&owner, &admin);
    let mori = world.cookie_of(&owner, &admin);
    let id = draft(&mut world, &mori, 1, false);
    let (fill, start) = (format!("{IMPORTS}/{id}/rows"), format!("{IMPORTS}/{id}/start"));
    let file = rows(&[["加藤", "kato@minato.example", "", "", "", ""]]);
    assert_eq!(world.post(&owner, &fill, &file).refusal(), (404, "not_found", ""));
    assert_eq!(world.post(&mori, &fill, &file).status, 200);
    assert_eq!(world.post(&owner, &start, &Value::Null).refusal(), (404, "not_found", ""));
    assert_eq!(world.get(&owner, &format!("{IMPORTS}/{id}")).json["state"], "draft");
    assert_eq!(world.post(&mori, &start, &Value::Null).status, 200);
    // Anybody who may see it may stop it.
    assert_eq!(world.delete(&owner, &format!("{IMPORTS}/{id}")).status, 204);
    assert_eq!(finished(&mut world, &owner, &id)["state"], "stopped");
}

#[test]
fn no_more_is_kept_than_the_file_has() {
    let (mut world, owner) = World::set_up();
    let id = draft(&mut world, &owner, 2, false);
    let fill = format!("{IMPORTS}/{id}/rows");
    let long = "長".repeat(1_001);
    let file = rows(&[
        [long.as_str(), "kato@minato.example", "", "", "", ""],
        ["林", "hayashi@minato.example", "", "", "", ""],
    ]);
    for _ in 0..2 {
        let checked = world.post(&owner, &fill, &file);
        assert_eq!(outcomes(&checked.json["rows"]), ["failed  too_long", "created"]);
    }
    let more = json!({"rows": [{"line": 9, "cells": ["森", "mori@minato.example", "", "", "", ""]}]});
    assert_eq!(world.post(&owner, &fill, &more).refusal(), (400, "too_many", "rows"));
    assert_eq!(world.count("SELECT sum(count) || ' ' || sum(instr(rows, '長')) FROM import_slices"), "2 0");
    world.post(&owner, &format!("{IMPORTS}/{id}/start"), &Value::Null);
    let import = finished(&mut world, &owner, &id);
    assert_eq!((&import["created"], &import["failed"]), (&json!(1), &json!(1)));
    let file = result(&mut world, &owner, &id);
    assert!(file.contains("2,問題あり,,,,長すぎます。\r\n"), "{file}");
}

#[test]
fn the_audit_names_whoever_may_do_more_or_less() {
    let (mut world, owner) = World::set_up();
    let sato = world.member(&owner, &json!({"name": "佐藤", "login_email": "sato@minato.example"}));
    let ito = world.member(&owner, &json!({"name": "伊藤", "login_email": "ito@minato.example"}));
    let id = draft(&mut world, &owner, 4, false);
    let file = rows(&[
        ["佐藤 花子", "sato@minato.example", "", "いいえ", "", ""],
        ["伊藤 次郎", "ito@minato.example", "", "", "", ""],
        ["加藤", "kato@minato.example", "", "", "管理者", ""],
        ["林", "hayashi@minato.example", "", "", "", ""],
    ]);
    world.post(&owner, &format!("{IMPORTS}/{id}/rows"), &file);
    world.post(&owner, &format!("{IMPORTS}/{id}/start"), &Value::Null);
    assert_eq!(finished(&mut world, &owner, &id)["failed"], 0);
    let said = |world: &World, target: &str| {
        world.count(&format!(
            "SELECT coalesce(group_concat(action || ' ' || detail, '; '), '') FROM audit \
             JOIN members m ON m.id = actor AND m.role = 'owner' WHERE target = '{target}' AND action <> 'member.created'"
        ))
    };
    assert_eq!(said(&world, &sato), "member.changed name, usable");
    assert_eq!(said(&world, &ito), "");
    let created = "SELECT count(*) FROM audit WHERE action = 'member.created' AND target = \
         (SELECT id FROM members WHERE login_email = ?1)";
    for (login, entries) in [("kato@minato.example", "1"), ("hayashi@minato.example", "0")] {
        let found = world.sql.texts(created, &[login.into()]).unwrap();
        assert_eq!(found, [entries], "{login}");
    }
}

#[test]
fn a_draft_that_is_left_changes_nothing_and_a_short_one_does_not_start() {
    let (mut world, owner) = World::set_up();
    let id = draft(&mut world, &owner, 2, false);
    let one = format!("{IMPORTS}/{id}");
    let only = rows(&[["加藤", "kato@minato.example", "新会社", "", "", ""]]);
    let checked = world.post(&owner, &format!("{one}/rows"), &only);
    assert_eq!(outcomes(&checked.json["rows"]), ["failed company unknown_company"]);
    assert_eq!(
        world.post(&owner, &format!("{one}/start"), &Value::Null).refusal(),
        (400, "required", "rows")
    );
    assert_eq!(world.get(&owner, IMPORTS).json, json!([]));
    assert_eq!(world.delete(&owner, &one).status, 204);
    assert_eq!(world.get(&owner, &one).status, 404);
    assert_eq!(
        world.count("SELECT (SELECT count(*) FROM imports) + (SELECT count(*) FROM import_slices)"),
        "0"
    );
    assert_eq!(world.count("SELECT count(*) FROM members"), "1");

    for (form, field) in [
        (json!({"file": "a", "columns": ["name"], "total": 1}), "columns"),
        (json!({"file": "a", "columns": ["login_email"], "total": 0}), "total"),
        (json!({"file": "a", "columns": ["login_email"], "total": 20001}), "total"),
        (json!({"file": "a", "columns": ["shoe_size"], "total": 1}), "columns[0]"),
        (json!({"file": "a", "columns": ["login_email"], "total": 1, "x": 1}), "x"),
    ] {
        let back = world.post(&owner, IMPORTS, &form);
        assert_eq!((back.status, back.refusal().2), (400, field), "{form}");
    }
}

#[test]
fn a_company_admin_brings_the_own_people_only() {
    let (mut world, owner) = World::set_up();
    let minato = world.post(&owner, "/api/v1/companies", &json!({"name": "みなと運輸"})).id();
    let boss = json!({"name": "森", "login_email": "mori@minato.example", "company": minato, "role": "company_admin"});
    let boss = world.member(&owner, &boss);
    world.member(&owner, &json!({"name": "外", "login_email": "else@minato.example"}));
    let mori = world.cookie_of(&owner, &boss);
    let form = json!({"file": "a", "columns": COLUMNS, "total": 1, "create_companies": true});
    assert_eq!(world.post(&mori, IMPORTS, &form).refusal(), (403, "not_allowed", "create_companies"));
    let id = draft(&mut world, &mori, 6, false);
    let file = rows(&[
        ["加藤", "kato@minato.example", "", "", "", ""],
        ["木村", "kimura@minato.example", "みなと運輸", "", "", ""],
        ["他社", "other@minato.example", "ほか", "", "", ""],
        ["外", "else@minato.example", "", "", "", ""],
        ["王", "king@minato.example", "", "", "管理者", ""],
        ["森", "mori@minato.example", "", "いいえ", "", ""],
    ]);
    let checked = world.post(&mori, &format!("{IMPORTS}/{id}/rows"), &file);
    let expected = [
        "created",
        "created",
        "failed company unknown_company",
        "failed login_email already_exists",
        "failed role not_allowed",
        "failed usable not_allowed",
    ];
    assert_eq!(outcomes(&checked.json["rows"]), expected);
    world.post(&mori, &format!("{IMPORTS}/{id}/start"), &Value::Null);
    assert_eq!(finished(&mut world, &mori, &id)["created"], 2);
    assert_eq!(world.count(&format!("SELECT count(*) FROM members WHERE company = '{minato}'")), "3");
    // The owner sees it; a plain member sees nothing.
    assert_eq!(world.get(&owner, IMPORTS).json.as_array().unwrap().len(), 1);
    let kato = world.count("SELECT id FROM members WHERE login_email = 'kato@minato.example'");
    let plain = world.cookie_of(&owner, &kato);
    assert_eq!(world.get(&plain, IMPORTS).status, 403);
    // Who left the company since is no longer named to its admin.
    assert!(result(&mut world, &mori, &id).contains("kato@minato.example"));
    let left = world.put(&owner, &format!("/api/v1/members/{kato}"), &json!({"company": ""}));
    assert_eq!(left.status, 200, "{left:?}");
    let file = result(&mut world, &mori, &id);
    assert!(file.contains("kimura@minato.example") && !file.contains("kato@"), "{file}");
    assert!(result(&mut world, &owner, &id).contains("kato@minato.example"));
    // A key is nobody whose rights could be asked for later.
    let key = world.key(&owner, &["admin"]);
    let bearer = format!("Bearer {key}");
    let form = json!({"file": "a", "columns": COLUMNS, "total": 1});
    assert_eq!(world.send(Method::POST, IMPORTS, &[("authorization", &bearer)], &form).status, 403);
}

#[test]
fn whoever_lost_the_right_meanwhile_ends_it() {
    let (mut world, owner) = World::set_up();
    let admin = json!({"name": "森", "login_email": "mori@minato.example", "role": "admin"});
    let admin = world.member(&owner, &admin);
    let mori = world.cookie_of(&owner, &admin);
    let id = draft(&mut world, &mori, 1, false);
    world.post(
        &mori,
        &format!("{IMPORTS}/{id}/rows"),
        &rows(&[["加藤", "kato@minato.example", "", "", "", ""]]),
    );
    world.post(&mori, &format!("{IMPORTS}/{id}/start"), &Value::Null);
    world
        .sql
        .exec("UPDATE members SET role = 'member' WHERE login_email = 'mori@minato.example'", &[])
        .unwrap();
    assert_eq!(finished(&mut world, &owner, &id)["state"], "failed");
    assert_eq!(world.count("SELECT count(*) FROM members"), "2");
}

#[test]
fn twenty_thousand_people_come_in_are_found_and_go_out_again() {
    let (mut world, owner) = World::set_up();
    let total = 20_000;
    let id = draft(&mut world, &owner, total, true);
    for first in (0..total).step_by(200) {
        let rows: Vec<Value> = (first..first + 200)
            .map(|i| json!({"line": i + 2, "cells": [format!("社員 {i}"), format!("m{i}@minato.example"), "みなと運輸", "", "", ""]}))
            .collect();
        let back = world.post(&owner, &format!("{IMPORTS}/{id}/rows"), &json!({ "rows": rows }));
        assert_eq!(back.status, 200, "{back:?}");
    }
    world.post(&owner, &format!("{IMPORTS}/{id}/start"), &Value::Null);
    let import = finished(&mut world, &owner, &id);
    assert_eq!((&import["created"], &import["failed"]), (&json!(total), &json!(0)));
    let found =
        world.get(&owner, "/api/v1/members?q=%EF%BC%AD%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%40").json;
    assert_eq!((&found["total"], &found["items"][0]["name"]), (&json!(1), &json!("社員 12345")));
    assert_eq!(world.get(&owner, "/api/v1/members?limit=1").json["total"], total + 1);

    let (mut file, mut cursor, mut parts) = (String::new(), String::new(), 0);
    loop {
        let part = world.get(&owner, &format!("/api/members/export?lang=ja{cursor}")).json;
        file.push_str(part["csv"].as_str().unwrap());
        parts += 1;
        match part["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let lines = shared::csv::read(&file, 30_000).unwrap();
    assert_eq!((lines.len(), parts), (total + 2, 41));
    let columns = shared::members_csv::Column::of_headings(&lines[0].cells);
    assert!(columns.iter().all(Option::is_some));
    assert_eq!(lines[2].cells[4], "みなと運輸");
}

fn result(world: &mut World, cookie: &str, id: &str) -> String {
    world.text(cookie, &format!("{IMPORTS}/{id}/result?lang=ja"))
}

#[test]
fn whoever_began_it_hears_how_far_it_is() {
    let heard = Rc::new(RecordedLive::default());
    let live = heard.clone();
    let (mut world, owner) = World::over(move |ports| Ports { live, ..ports }).begun();
    let id = draft(&mut world, &owner, 1, false);
    let file = rows(&[["加藤", "kato@minato.example", "", "", "", ""]]);
    assert_eq!(world.post(&owner, &format!("{IMPORTS}/{id}/rows"), &file).status, 200);
    world.post(&owner, &format!("{IMPORTS}/{id}/start"), &Value::Null);
    let ended = finished(&mut world, &owner, &id);
    let told: Vec<Value> = heard
        .0
        .borrow()
        .iter()
        .filter_map(|(audience, text)| {
            let said: Value = serde_json::from_str(text).unwrap();
            (said["type"] == "import").then(|| {
                assert!(matches!(audience, Audience::Member(_)), "{audience:?}");
                said["data"].clone()
            })
        })
        .collect();
    let states: Vec<_> = told.iter().map(|import| (&import["state"], &import["done"])).collect();
    assert_eq!(states, [(&json!("running"), &json!(1)), (&json!("done"), &json!(1))]);
    assert_eq!(told.last(), Some(&ended));
}
