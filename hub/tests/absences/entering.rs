//! Entering, changing, deleting and finding absences; who may.

use http::Method;
use serde_json::{Value, json};

use crate::{
    stage::{Fault, Stage},
    world::PAGES,
};

#[test]
fn the_same_reference_is_the_same_absence() {
    let mut stage = Stage::new();
    let body = json!({
        "email": "Sato@minato.example", "title": " 年末  休暇 ", "starts": "2026-12-29", "ends": "2026-12-31",
        "all_day": true, "note": "実家に帰ります\n",
    });
    let back = stage.put("wp-1", &body);
    assert_eq!(back.status, 201, "{back:?}");
    let first = back.json.clone();
    assert_eq!(
        first,
        json!({
            "ref": "wp-1", "member": stage.sato, "title": "年末 休暇", "starts": "2026-12-29", "ends": "2026-12-31",
            "all_day": true, "note": "実家に帰ります", "changed_at": first["changed_at"],
        })
    );
    // The same again changes nothing, not even the audit.
    let back = stage.put("wp-1", &body);
    assert_eq!((back.status, &back.json), (200, &first));
    assert_eq!(stage.world.count("SELECT count(*) FROM audit WHERE action = 'absence.saved'"), "1");
    let timed = json!({
        "member": stage.suzuki, "title": "通院", "starts": "2026-12-29T13:00:00+09:00", "ends": "2026-12-29T15:30:00+09:00",
    });
    let back = stage.put("wp-1", &timed);
    assert_eq!((back.status, &back.json["starts"]), (200, &json!("2026-12-29T04:00:00.000Z")), "{back:?}");
    assert_eq!((&back.json["all_day"], &back.json["note"]), (&json!(false), &json!("")));
    assert_eq!(stage.world.count("SELECT revision || member FROM absences"), format!("2{}", stage.suzuki));
    assert_eq!(stage.delete("wp-1").status, 204);
    assert_eq!(stage.delete("wp-1").refusal(), (404, "not_found", ""));
    assert_eq!(stage.world.count("SELECT count(*) FROM absences"), "0");
    // The audit names people and absences by id, never what was written.
    let audit =
        stage.world.count("SELECT group_concat(target || detail) FROM audit WHERE action LIKE 'absence%'");
    assert!(audit.contains(&stage.suzuki) && audit.contains("ab_") && !audit.contains("wp-1"), "{audit}");
}

#[test]
fn each_fault_is_named_and_nothing_is_kept() {
    let mut stage = Stage::new();
    let good = stage.days("休暇", "2026-12-29", "2026-12-29");
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    let mut nobody = good.clone();
    nobody.as_object_mut().unwrap().remove("member");
    let cases = [
        ("x", with("member", json!("mb_none")), (400, "unknown_member", "member")),
        ("x", with("email", json!("a@b.jp")), (400, "named_twice", "email")),
        ("x", nobody, (400, "required", "member")),
        ("x", with("title", json!("")), (400, "required", "title")),
        ("x", with("title", json!("あ".repeat(201))), (400, "too_long", "title")),
        ("x", with("note", json!("あ".repeat(2_001))), (400, "too_long", "note")),
        ("x", with("starts", json!("29.12.2026")), (400, "not_a_day", "starts")),
        ("x", with("all_day", json!(false)), (400, "not_a_time", "starts")),
        ("x", with("ends", json!("2026-12-28")), (400, "ends_before_start", "ends")),
        ("x", with("color", json!("red")), (400, "unknown_field", "color")),
        ("x", with("all_day", json!("yes")), (400, "wrong_type", "all_day")),
        ("x", json!([1]), (400, "wrong_type", "")),
        ("%20", good.clone(), (400, "wrong_type", "ref")),
        ("a%0Ab", good.clone(), (400, "wrong_type", "ref")),
    ];
    for (reference, body, expected) in cases {
        assert_eq!(stage.put(reference, &body).refusal(), expected, "{body}");
    }
    let long = "r".repeat(129);
    assert_eq!(stage.put(&long, &good).refusal(), (400, "too_long", "ref"));
    assert_eq!(stage.put("x", &with("note", json!("a".repeat(17_000)))).refusal(), (413, "too_large", ""));
    assert_eq!(stage.world.count("SELECT count(*) FROM absences"), "0");
    // Any other text is a reference.
    for reference in ["a%2Fb", "%E4%BC%91/x".split('/').next().unwrap(), "..%2F..", "a.b:c@d"] {
        assert_eq!(stage.put(reference, &good).status, 201, "{reference}");
    }
    assert_eq!(stage.put(&long[..128], &good).status, 201);
    assert_eq!(stage.delete("a%2Fb").status, 204);
}

#[test]
fn a_list_is_by_person_and_time_page_by_page() {
    let mut stage = Stage::new();
    let all_day = stage.days("a", "2026-12-29", "2026-12-31");
    let timed = json!({"member": stage.suzuki, "title": "b", "starts": "2026-12-31T22:00:00+09:00", "ends": "2027-01-01T01:00:00+09:00"});
    stage.put("a", &all_day);
    stage.put("b", &timed);
    let refs = |stage: &mut Stage, query: &str| -> Vec<String> {
        let back = stage.get(&format!("/api/v1/absences{query}"));
        assert_eq!(back.status, 200, "{query}: {back:?}");
        back.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["ref"].as_str().unwrap().to_owned())
            .collect()
    };
    let suzuki = stage.suzuki.clone();
    for (query, expected) in [
        ("", vec!["a", "b"]),
        (&format!("?member={suzuki}"), vec!["b"]),
        ("?email=sato@minato.example", vec!["a"]),
        ("?email=nobody@minato.example", vec![]),
        // Days are those of the workspace's zone, and `to` is one of them.
        ("?to=2026-12-28", vec![]),
        ("?to=2026-12-29", vec!["a"]),
        ("?from=2026-12-31&to=2026-12-31", vec!["a", "b"]),
        ("?from=2027-01-01", vec!["b"]),
        ("?from=2027-01-02", vec![]),
        // Moments are exact: the day of 31 December ends at 15:00 UTC.
        ("?from=2026-12-31T15:00:00Z", vec!["b"]),
        ("?from=2026-12-31T14:59:59Z", vec!["a", "b"]),
        ("?to=2026-12-28T15:00:00Z", vec![]),
        ("?to=2026-12-28T15:00:01Z", vec!["a"]),
    ] {
        assert_eq!(refs(&mut stage, query), expected, "{query}");
    }
    for (query, field) in [("?from=soon", "from"), ("?to=2026-02-30", "to")] {
        assert_eq!(stage.get(&format!("/api/v1/absences{query}")).refusal(), (400, "not_a_time", field));
    }
    assert_eq!(stage.get("/api/v1/absences?cursor=x").refusal(), (400, "wrong_type", "cursor"));
    stage
        .world
        .sql
        .exec(
            "WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 249) \
             INSERT INTO absences SELECT printf('ab_%026d', n), 'n' || n, ?1, 't', '', n / 2, n / 2 + 1, 0, 1, 0 FROM n",
            &[stage.sato.as_str().into()],
        )
        .unwrap();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let back = stage.get(&format!("/api/v1/absences?cursor={cursor}"));
        let items = back.json["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|one| one["ref"].as_str().unwrap().to_owned()));
        match back.json["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((count, seen.len()), (252, 252));
}

#[test]
fn who_may() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let body = stage.days("休暇", "2026-12-29", "2026-12-29");
    for (scopes, write, read) in [
        (&["absences:write"][..], 201, 403),
        (&["absences:read"], 403, 200),
        (&["admin", "events:write", "events:read", "attendance:read"], 403, 403),
    ] {
        let key = format!("Bearer {}", stage.world.key(&owner, scopes));
        let back = stage.call(&key, Method::PUT, &format!("/api/v1/absences/{}", scopes[0]), &body);
        assert_eq!(back.status, write, "{scopes:?} {back:?}");
        assert_eq!(
            stage.call(&key, Method::GET, "/api/v1/absences", &Value::Null).status,
            read,
            "{scopes:?}"
        );
        let gone = stage.call(&key, Method::DELETE, "/api/v1/absences/none", &Value::Null);
        assert_eq!(gone.status, if write == 201 { 404 } else { 403 });
    }
    let nobody = stage.call("Bearer tdk_x_y", Method::GET, "/api/v1/absences", &Value::Null);
    assert_eq!(nobody.refusal(), (401, "bad_key", ""));
    // An admin in person may, a member may not, whose switch is not theirs either.
    assert_eq!(stage.world.put(&owner, "/api/v1/absences/o", &body).status, 201);
    let sato = stage.sato.clone();
    let member = stage.world.cookie_of(&owner, &sato);
    assert_eq!(stage.world.put(&member, "/api/v1/absences/m", &body).refusal(), (403, "not_allowed", ""));
    assert_eq!(stage.world.get(&member, "/api/v1/absences").refusal(), (403, "not_allowed", ""));
    let switch = format!("/api/integrations/{}/calendar", stage.id);
    assert_eq!(stage.world.put(&member, &switch, &json!({"on": true})).refusal(), (403, "not_allowed", ""));
    assert_eq!(stage.world.post(&member, &format!("{switch}/retry"), &json!({})).status, 403);
    let key = stage.key.clone();
    assert_eq!(
        stage.call(&key, Method::PUT, &switch, &json!({"on": true})).refusal(),
        (403, "not_allowed", "")
    );
    // A write with a cookie comes from our own pages.
    let headers = [("cookie", owner.as_str()), ("origin", "https://evil.example")];
    let back = stage.world.send(Method::PUT, "/api/v1/absences/o", &headers, &body);
    assert_eq!(back.refusal(), (403, "wrong_origin", ""));
    assert_ne!(PAGES, "https://evil.example");
}

#[test]
fn a_company_admin_stays_in_the_own_company() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let company = stage.world.post(&owner, "/api/v1/companies", &json!({"name": "北港運輸"})).id();
    let form = json!({"name": "北 港子", "login_email": "kita@minato.example", "company": company, "role": "company_admin"});
    let kita = stage.world.member(&owner, &form);
    let cookie = stage.world.cookie_of(&owner, &kita);
    let own = json!({"member": kita, "title": "休暇", "starts": "2026-12-29", "ends": "2026-12-29", "all_day": true});
    let other = stage.days("休暇", "2026-12-29", "2026-12-29");
    assert_eq!(stage.put("s", &other).status, 201);
    assert_eq!(stage.world.put(&cookie, "/api/v1/absences/k", &own).status, 201);
    // Somebody else's person is as unknown as nobody.
    let back = stage.world.put(&cookie, "/api/v1/absences/x", &other);
    assert_eq!(back.refusal(), (400, "unknown_member", "member"));
    assert_eq!(stage.world.put(&cookie, "/api/v1/absences/s", &own).refusal(), (403, "not_allowed", ""));
    assert_eq!(stage.world.delete(&cookie, "/api/v1/absences/s").refusal(), (404, "not_found", ""));
    let listed = stage.world.get(&cookie, "/api/v1/absences").json;
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["ref"]), (1, &json!("k")));
    assert_eq!(stage.world.delete(&cookie, "/api/v1/absences/k").status, 204);
}

#[test]
fn what_is_older_than_the_workspace_remembers_goes() {
    let mut stage = Stage::on();
    for (reference, day) in [("old", "2024-01-31"), ("young", "2026-11-01")] {
        let body = stage.days("休暇", day, day);
        assert_eq!(stage.put(reference, &body).status, 201);
    }
    stage.world.work();
    assert_eq!(stage.lineworks.shown().len(), 2);
    forget_after(&mut stage, 400);
    assert_eq!(stage.world.count("SELECT group_concat(ref) FROM absences"), "young");
    assert_eq!(stage.world.count("SELECT count(*) FROM calendar_entries"), "1");
    // The calendars are the people's own.
    assert_eq!(stage.lineworks.shown().len(), 2);
}

#[test]
fn what_waits_for_a_calendar_that_is_switched_off_goes_too() {
    let mut stage = Stage::on();
    let body = |stage: &Stage, title: &str| stage.days(title, "2024-01-31", "2024-01-31");
    stage.put("old", &body(&stage, "休暇"));
    stage.world.work();
    stage.switch(false);
    stage.put("old", &body(&stage, "変更"));
    // One that is on is told first.
    stage.switch(true);
    stage.lineworks.fail(&[Fault::Busy(3_600)]);
    stage.world.work();
    forget_after(&mut stage, 400);
    assert_eq!(stage.world.count("SELECT title FROM absences"), "変更");
    stage.switch(false);
    forget_after(&mut stage, 399);
    for table in ["absences", "calendar_entries"] {
        assert_eq!(stage.world.count(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
}

#[test]
fn somebody_who_is_erased_meanwhile_is_unknown() {
    let mut stage = Stage::new();
    let (sql, suzuki) = (stage.world.sql.clone(), stage.suzuki.clone());
    let erased = move || sql.run("DELETE FROM members WHERE id = ?1", &[suzuki.into()]).unwrap();
    stage.alarm.0.replace(Some(Box::new(erased)));
    // The alarm that was set has rung.
    stage.world.runner.clock.advance(120_000);
    let body = json!({"member": stage.suzuki, "title": "通院", "starts": "2026-12-29", "ends": "2026-12-29", "all_day": true});
    assert_eq!(stage.put("a", &body).refusal(), (400, "unknown_member", "member"));
}

fn forget_after(stage: &mut Stage, days: u32) {
    let owner = stage.owner.clone();
    let form = stage.world.get(&owner, "/api/settings/workspace").json;
    let form = json!({"name": form["name"], "zone": form["zone"], "language": form["language"], "retention_days": days, "version": form["version"]});
    let back = stage.world.put(&owner, "/api/settings/workspace", &form);
    assert_eq!(back.status, 200, "{back:?}");
    stage.world.runner.clock.advance(60_000);
    stage.world.work();
}
