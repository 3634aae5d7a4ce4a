//! The feed: its address, what is in it, and that it ends when it should.

use hub::Call;
use serde_json::{Value, json};

use crate::{
    stage::Stage,
    world::{NOW, PAGES},
};

fn make(stage: &mut Stage, cookie: &str) -> String {
    let back = stage.world.post(cookie, "/api/me/calendar", &Value::Null);
    assert_eq!(back.status, 201, "{back:?}");
    back.json["url"].as_str().unwrap().strip_prefix(PAGES).unwrap().to_owned()
}

/// Status, type and text.
fn fetch(stage: &mut Stage, target: &str) -> (u16, String, String) {
    let call = Call { method: http::Method::GET, target: target.into(), headers: vec![], body: vec![] };
    let hub = stage.world.hub.clone();
    let answer = stage.world.runner.run(async move { hub.handle(call).await });
    let kind = answer.headers.iter().find(|(name, _)| *name == "content-type").map(|(_, kind)| kind.clone());
    (answer.status, kind.unwrap_or_default(), String::from_utf8(answer.body).unwrap())
}

#[test]
fn a_feed_shows_the_own_absences_and_nobody_else_s() {
    let mut stage = Stage::new();
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let cookie = stage.world.cookie_of(&owner, &sato);
    assert_eq!(stage.world.get(&cookie, "/api/me/calendar").json, json!({}));
    let body = stage.days("年末休暇, 実家;", "2026-12-29", "2026-12-31");
    stage.put("a", &body);
    let timed = json!({"member": sato, "title": "通院", "starts": "2026-12-01T13:00:00+09:00", "ends": "2026-12-01T15:00:00+09:00", "note": "一行目\n二行目"});
    stage.put("b", &timed);
    stage.put("old", &stage.days("昔", "2020-01-01", "2020-01-01"));
    let other = json!({"member": stage.suzuki, "title": "他人の予定", "starts": "2026-12-29", "ends": "2026-12-29", "all_day": true});
    stage.put("c", &other);
    let url = make(&mut stage, &cookie);
    assert!(url.starts_with("/calendar/") && url.ends_with(".ics"), "{url}");
    let (status, kind, text) = fetch(&mut stage, &url);
    assert_eq!((status, kind.as_str()), (200, "text/calendar; charset=utf-8"));
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    let names = |text: &str| text.matches("BEGIN:VEVENT").count();
    assert_eq!(names(&text), 2, "{text}");
    assert!(text.contains(
        "\r\nDTSTART;VALUE=DATE:20261229\r\nDTEND;VALUE=DATE:20270101\r\nSUMMARY:年末休暇\\, 実家\\;\r\n"
    ));
    assert!(text.contains("\r\nDTSTART:20261201T040000Z\r\nDTEND:20261201T060000Z\r\n"));
    assert!(text.contains("\r\nDESCRIPTION:一行目\\n二行目\r\n") && !text.contains("他人の予定"));
    assert!(text.contains("SEQUENCE:0"));
    // A change is the same event in its next form, and a deleted one is no more.
    let uid = |text: &str| text.split("UID:").nth(1).unwrap().split("\r\n").next().unwrap().to_owned();
    stage.put("b", &json!({"member": sato, "title": "検診", "starts": "2026-12-01T13:00:00+09:00", "ends": "2026-12-01T15:00:00+09:00"}));
    stage.delete("a");
    let (_, _, changed) = fetch(&mut stage, &url);
    assert!(names(&changed) == 1 && changed.contains("SEQUENCE:1") && changed.contains("SUMMARY:検診"));
    assert_eq!(uid(&changed), uid(&text));
}

#[test]
fn of_too_many_the_oldest_are_left_out() {
    let mut stage = Stage::new();
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let cookie = stage.world.cookie_of(&owner, &sato);
    let many = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1001) \
         INSERT INTO absences SELECT printf('ab_%026d', n), 'n' || n, ?1, 'No.' || n, '', ?2 + n, ?2 + n + 1, 0, 1, 0 FROM n";
    stage.world.sql.exec(many, &[sato.into(), NOW.into()]).unwrap();
    let url = make(&mut stage, &cookie);
    let (_, _, text) = fetch(&mut stage, &url);
    let numbers: Vec<u32> = text
        .split("SUMMARY:No.")
        .skip(1)
        .map(|rest| rest.split("\r\n").next().unwrap().parse().unwrap())
        .collect();
    assert_eq!((numbers.len(), numbers[0], numbers[999]), (1_000, 2, 1_001));
    assert!(numbers.is_sorted());
}

#[test]
fn an_address_that_is_not_the_newest_is_none() {
    let mut stage = Stage::new();
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let cookie = stage.world.cookie_of(&owner, &sato);
    let first = make(&mut stage, &cookie);
    // Only its hash is kept, and it is told once.
    let token = first.strip_prefix("/calendar/").unwrap().strip_suffix(".ics").unwrap();
    let kept = "SELECT count(*) FROM calendar_feeds WHERE instr(hash, ?1) > 0";
    assert_eq!(stage.world.sql.texts(kept, &[token.into()]).unwrap(), ["0"]);
    let told = stage.world.get(&cookie, "/api/me/calendar").json;
    assert!(told["created_at"].is_i64() && told.get("url").is_none(), "{told}");
    let second = make(&mut stage, &cookie);
    assert_ne!(first, second);
    assert_eq!((fetch(&mut stage, &first).0, fetch(&mut stage, &second).0), (404, 200));
    let stem = second.strip_suffix(".ics").unwrap().to_owned();
    for wrong in
        [&stem, &format!("{stem}x.ics"), &format!("{stem}.ics.ics"), &second.to_uppercase(), "/calendar/.ics"]
    {
        assert_eq!(fetch(&mut stage, wrong).0, 404, "{wrong}");
    }
    // Somebody who may not come in any more has no feed; back again, it is there.
    let target = format!("/api/v1/members/{sato}");
    assert_eq!(stage.world.put(&owner, &target, &json!({"usable": false})).status, 200);
    assert_eq!(fetch(&mut stage, &second).0, 404);
    assert_eq!(stage.world.put(&owner, &target, &json!({"usable": true})).status, 200);
    assert_eq!(fetch(&mut stage, &second).0, 200);
    let cookie = stage.world.cookie_of(&owner, &sato);
    assert_eq!(stage.world.delete(&cookie, "/api/me/calendar").status, 204);
    assert_eq!(stage.world.delete(&cookie, "/api/me/calendar").status, 204);
    assert_eq!(fetch(&mut stage, &second).0, 404);
    // A system has no feed.
    let key = stage.key.clone();
    let back = stage.call(&key, http::Method::POST, "/api/me/calendar", &Value::Null);
    assert_eq!(back.refusal(), (403, "not_allowed", ""));
}

#[test]
fn an_erased_person_leaves_neither() {
    let mut stage = Stage::on();
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let cookie = stage.world.cookie_of(&owner, &sato);
    let url = make(&mut stage, &cookie);
    stage.enter("a", "休暇");
    let target = format!("/api/v1/members/{sato}?confirm=%E4%BD%90%E8%97%A4%20%E8%8A%B1%E5%AD%90");
    assert_eq!(stage.world.delete(&owner, &target).status, 204);
    assert_eq!(fetch(&mut stage, &url).0, 404);
    for table in ["absences", "calendar_feeds", "calendar_entries"] {
        assert_eq!(stage.world.count(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
    stage.world.work();
}
