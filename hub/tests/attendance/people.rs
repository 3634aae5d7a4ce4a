//! A month of many people in a list: who is in it, what it adds up to.

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::stage::{SATO, Stage, at};

const PEOPLE: &str = "/api/attendance/months/2026-11/people";

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[test]
fn a_line_says_what_the_sheet_says() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    stage.says("出勤", "9:02");
    stage.says("休憩", "12:00");
    stage.says("戻り", "12:45");
    stage.says("退勤", "18:03");
    // Into the night, and one that was never ended.
    stage.says("出勤", "46:00");
    stage.says("退勤", "53:30");
    stage.says("出勤", "80:00");
    stage.world.runner.clock.set(at("110:00"));
    let list = stage.world.get(&owner, &format!("{PEOPLE}?q=0042")).json;
    let line = &list["items"][0];
    assert_eq!(
        (&line["worked_days"], &line["worked_minutes"], &line["break_minutes"], &line["missing_clock_outs"]),
        (&json!(3), &json!(541 - 45 + 450), &json!(45), &json!(1)),
        "{list}"
    );
    assert_eq!((&list["total"], &list["submitted"], &line["state"]), (&json!(1), &json!(0), &json!("open")));
    compare(&mut stage);
}

/// The numbers of the list are those of the sheet.
fn compare(stage: &mut Stage) {
    let owner = stage.owner.clone();
    let sheet = stage.sheet();
    let list = stage.world.get(&owner, &format!("{PEOPLE}?q=0042")).json;
    for name in [
        "name",
        "employee_number",
        "state",
        "worked_days",
        "worked_minutes",
        "break_minutes",
        "missing_clock_outs",
    ] {
        assert_eq!(list["items"][0][name], sheet[name], "{name} {sheet}");
    }
}

#[test]
fn whatever_was_said_the_list_and_the_sheet_agree() {
    let words = prop::sample::select(vec!["出勤", "退勤", "休憩", "戻り"]);
    let said = prop::collection::vec((words, -30_i64 * 24 * 60..12 * 24 * 60, 0..60_000_i64), 1..40);
    let mut runner = TestRunner::new(ProptestConfig { cases: 40, ..ProptestConfig::default() });
    runner
        .run(&said, |said| {
            let mut stage = Stage::new();
            stage.world.runner.clock.set(at("300:00"));
            for (word, minute, rest) in said {
                stage.writes(SATO, None, word, at("0:00") + minute * 60_000 + rest);
            }
            compare(&mut stage);
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_list_is_narrowed_and_paged() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let company = stage.world.post(&owner, "/api/v1/companies", &json!({"name": "山田運送"})).id();
    for index in 0..4 {
        let form = json!({"name": format!("山田 {index}"), "reading": format!("やまだ{index}"),
            "login_email": format!("y{index}@x.example"), "company": company});
        stage.world.member(&owner, &form);
    }
    let sato = stage.sato.clone();
    assert_eq!(stage.post(&owner, "submit", &json!({})).status, 200);
    let mut get = |query: &str| stage.world.get(&owner, &format!("{PEOPLE}?{query}"));
    let all = get("").json;
    assert_eq!((names(&all).len(), &all["total"], &all["submitted"]), (6, &json!(6), &json!(1)));
    assert_eq!(names(&get("state=submitted").json), ["佐藤 花子"]);
    assert_eq!(names(&get(&format!("company={company}&state=submitted")).json), Vec::<&str>::new());
    let page = get(&format!("company={company}&limit=3")).json;
    assert_eq!((names(&page), &page["total"]), (vec!["山田 0", "山田 1", "山田 2"], &json!(4)));
    let next = page["next"].as_str().unwrap();
    let rest = get(&format!("company={company}&limit=3&cursor={next}")).json;
    assert_eq!((names(&rest), &rest["next"]), (vec!["山田 3"], &Value::Null));
    for (query, field) in [("state=closed", "state"), ("cursor=%20", "cursor"), ("limit=x", "limit")] {
        assert_eq!(get(query).refusal(), (400, "wrong_type", field));
    }
    assert_eq!(stage.world.get(&owner, "/api/attendance/months/2026-13/people").status, 404);
    assert_eq!(stage.world.raw(http::Method::GET, PEOPLE, &[], b"").code(), "not_signed_in");

    // Who has left stays where there is something of theirs.
    let off = "UPDATE members SET usable = 0";
    stage.says("出勤", "9:00");
    stage
        .world
        .sql
        .exec(&format!("{off} WHERE id <> ?1 AND role = 'member'"), &[sato.as_str().into()])
        .unwrap();
    stage.world.sql.exec(&format!("{off} WHERE id = ?1"), &[sato.as_str().into()]).unwrap();
    assert_eq!(names(&stage.world.get(&owner, PEOPLE).json).len(), 2);
    let before = stage.world.get(&owner, "/api/attendance/months/2026-10/people").json;
    assert_eq!(names(&before).len(), 1);
}

#[test]
fn everybody_sees_whom_they_run() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let company = |stage: &mut Stage, name: &str| {
        stage.world.post(&owner, "/api/v1/companies", &json!({"name": name})).id()
    };
    let (a, b) = (company(&mut stage, "A社"), company(&mut stage, "B社"));
    let mut person = |name: &str, company: &str, role: &str| {
        let form = json!({"name": name, "login_email": format!("{name}@x.example"), "company": company, "role": role});
        let id = stage.world.member(&owner, &form);
        stage.world.cookie_of(&owner, &id)
    };
    let boss = person("boss", &a, "company_admin");
    let worker = person("worker", &a, "member");
    person("other", &b, "member");
    for query in ["", &format!("?company={b}"), "?q=other"] {
        let list = stage.world.get(&boss, &format!("{PEOPLE}{query}")).json;
        let expected: &[&str] = if query == "?q=other" { &[] } else { &["boss", "worker"] };
        assert_eq!(names(&list), expected, "{query}");
    }
    assert_eq!(stage.world.get(&worker, PEOPLE).status, 403);
    assert_eq!(stage.world.get(&owner, PEOPLE).json["total"], 5);
    let (reader, other) =
        (stage.world.key(&owner, &["attendance:read"]), stage.world.key(&owner, &["events:write", "admin"]));
    let get = |stage: &mut Stage, key: &str| {
        stage.world.raw(http::Method::GET, PEOPLE, &[("authorization", &format!("Bearer {key}"))], b"").status
    };
    assert_eq!((get(&mut stage, &reader), get(&mut stage, &other)), (200, 403));
}
