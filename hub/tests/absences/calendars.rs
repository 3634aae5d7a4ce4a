//! LINE WORKS calendars: the switch, and that each absence is there exactly once whatever goes wrong.

use serde_json::{Value, json};

use crate::stage::{
    Fault::{Busy, NotSent, Status, Unheard},
    SUZUKI_ID, Stage,
};

const EVENTS: &str = "POST /users/sato%40works/calendar";

#[test]
fn it_is_off_until_it_is_switched_on_and_then_takes_what_is_to_come() {
    let mut stage = Stage::new();
    stage.put("old", &stage.days("昔", "2020-01-01", "2020-01-01"));
    stage.enter("a", "休暇");
    assert_eq!(stage.lineworks.asked(), Vec::<String>::new());
    assert_eq!(stage.state(), json!({"on": false, "waiting": 0, "failed": 0}));
    let back = stage.switch(true);
    assert_eq!(back.status, 200, "{back:?}");
    let steps: Vec<_> =
        back.json["steps"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
    assert_eq!(steps, ["passed", "passed"]);
    assert_eq!(stage.lineworks.asked(), ["token calendar", "GET /users/sato%40works/calendar"]);
    stage.world.work();
    assert_eq!(stage.lineworks.shown(), ["sato@works: 休暇 2026-12-29–2027-01-01"]);
    let state = stage.state();
    assert_eq!((&state["on"], &state["waiting"], &state["failed"]), (&json!(true), &json!(0), &json!(0)));
    assert!(state["last_ok_at"].is_i64() && state.get("cause").is_none());
    assert_eq!(
        stage.get("/api/v1/absences?from=2026-01-01").json["items"][0]["calendar"],
        json!({"state": "done"})
    );
    // On again is no news.
    stage.switch(true);
    assert_eq!(
        stage.world.count("SELECT group_concat(action) FROM audit WHERE action LIKE 'integration.%'"),
        "integration.calendar_on"
    );
}

#[test]
fn without_the_scope_it_stays_off_and_says_why() {
    let mut stage = Stage::new();
    stage.lineworks.without_scope.set(true);
    let back = stage.switch(true);
    assert_eq!(back.status, 200);
    let [granted, reachable] = [&back.json["steps"][0], &back.json["steps"][1]];
    assert_eq!((&granted["step"], &granted["status"]), (&json!("calendar_granted"), &json!("failed")));
    assert_eq!(
        granted["cause"],
        json!({"code": "permission_missing", "detail": "400 invalid_scope Invalid scope: calendar"})
    );
    assert_eq!(reachable["status"], "skipped");
    assert_eq!(back.json["calendar"]["on"], false);
    assert_eq!(stage.world.count("SELECT count(*) FROM calendar_syncs"), "0");
    stage.lineworks.without_scope.set(false);
    stage.lineworks.fail(&[Status(403)]);
    let back = stage.switch(true);
    assert_eq!(back.json["steps"][1]["cause"]["code"], "permission_missing");
    assert_eq!(back.json["calendar"]["on"], false);
    // Others have no calendar, and a form has one field.
    let mail = {
        stage.world.connect_mail();
        stage.world.count("SELECT id FROM integrations WHERE provider = 'mail'")
    };
    let owner = stage.owner.clone();
    let mut fresh = Stage::new();
    fresh.world.connect_mail();
    let target = format!("/api/integrations/{mail}/calendar");
    let fresh_owner = fresh.owner.clone();
    assert_eq!(
        fresh.world.put(&fresh_owner, &target, &json!({"on": true})).refusal(),
        (404, "not_found", "")
    );
    let target = format!("/api/integrations/{}/calendar", stage.id);
    assert_eq!(
        stage.world.put(&owner, &target, &json!({"on": true, "x": 1})).refusal(),
        (400, "unknown_field", "x")
    );
    assert_eq!(stage.world.put(&owner, &target, &json!({})).refusal(), (400, "required", "on"));
    assert_eq!(
        stage.world.post(&owner, &format!("{target}/retry"), &Value::Null).refusal(),
        (409, "not_connected", "")
    );
}

#[test]
fn an_absence_is_made_changed_moved_and_taken_away() {
    let mut stage = Stage::on();
    stage.enter("a", "休暇");
    stage.enter("a", "年末休暇");
    assert_eq!(stage.lineworks.shown(), ["sato@works: 年末休暇 2026-12-29–2027-01-01"]);
    let event = stage.lineworks.events.borrow().values().next().unwrap().clone();
    assert_eq!(
        (&event["sequence"], &event["visibility"], &event["transparency"]),
        (&json!(1), &json!("PUBLIC"), &json!("OPAQUE"))
    );
    assert!(event["eventId"].as_str().unwrap().starts_with("ab_"));
    // Times are local, in the workspace's zone. 鈴木 has no linked ID: the login does.
    let timed = json!({"member": stage.suzuki, "title": "通院", "starts": "2026-12-29T20:00:00Z", "ends": "2026-12-29T21:30:00Z", "note": "内科"});
    stage.put("a", &timed);
    stage.world.work();
    assert_eq!(
        stage.lineworks.shown(),
        ["suzuki@minato.example: 通院 2026-12-30T05:00:00–2026-12-30T06:30:00"]
    );
    let event = stage.lineworks.events.borrow().values().next().unwrap().clone();
    assert_eq!((&event["start"]["timeZone"], &event["description"]), (&json!("Asia/Tokyo"), &json!("内科")));
    stage.lineworks.asked();
    // What changes nothing asks nobody.
    stage.put("a", &timed);
    stage.world.work();
    assert_eq!(stage.lineworks.asked(), Vec::<String>::new());
    assert_eq!(stage.delete("a").status, 204);
    stage.world.work();
    assert_eq!(stage.lineworks.shown(), Vec::<String>::new());
    assert_eq!(stage.world.count("SELECT count(*) FROM calendar_entries"), "0");
    // Deleted before it was ever told of: nobody is asked.
    let body = stage.days("休暇", "2026-12-29", "2026-12-29");
    stage.put("b", &body);
    stage.delete("b");
    stage.lineworks.asked();
    stage.world.work();
    assert_eq!(stage.lineworks.asked(), Vec::<String>::new());
}

#[test]
fn whatever_goes_wrong_it_is_there_once() {
    for faults in [
        &[Unheard][..],
        &[Unheard, Unheard, Unheard],
        &[Status(500), Status(503)],
        &[Status(502), Unheard],
        &[NotSent, Unheard, NotSent],
        // Refused twice: also by a new token.
        &[Status(401), Status(401)],
        &[Status(401)],
        &[Status(403), Status(403)],
        &[Busy(30)],
        &[Status(408), Unheard, Status(500), Busy(1)],
    ] {
        let mut stage = Stage::on();
        stage.lineworks.fail(faults);
        stage.enter("a", "休暇");
        stage.later(900);
        assert_eq!(stage.lineworks.shown(), ["sato@works: 休暇 2026-12-29–2027-01-01"], "{faults:?}");
        let state = stage.state();
        assert_eq!(
            (&state["waiting"], &state["failed"], state.get("cause")),
            (&json!(0), &json!(0), None),
            "{faults:?}"
        );
        // The same of a change and of a deletion.
        stage.lineworks.fail(faults);
        stage.enter("a", "変更");
        stage.later(900);
        assert_eq!(stage.lineworks.shown(), ["sato@works: 変更 2026-12-29–2027-01-01"], "{faults:?}");
        stage.lineworks.fail(faults);
        stage.delete("a");
        stage.world.work();
        stage.later(900);
        assert_eq!(stage.lineworks.shown(), Vec::<String>::new(), "{faults:?}");
        assert_eq!(stage.world.count("SELECT count(*) FROM calendar_entries"), "0");
    }
}

#[test]
fn a_wait_of_the_provider_is_obeyed_and_others_wait_too() {
    for wait in [30, 600] {
        let mut stage = Stage::on();
        stage.lineworks.fail(&[Busy(wait)]);
        stage.enter("a", "一");
        stage.enter("b", "二");
        assert_eq!(stage.lineworks.asked().iter().filter(|one| *one == EVENTS).count(), 1);
        let state = stage.state();
        assert_eq!((&state["waiting"], &state["cause"]["code"]), (&json!(2), &json!("rate_limited")));
        stage.later(i64::from(wait) - 15);
        assert_eq!(stage.lineworks.asked(), Vec::<String>::new(), "{wait}");
        stage.later(20);
        assert_eq!(stage.lineworks.shown().len(), 2);
    }
}

#[test]
fn a_wait_of_ours_keeps_others_waiting_for_a_minute_only() {
    let mut stage = Stage::on();
    stage.lineworks.fail(&[Status(500); 4]);
    stage.enter("a", "一");
    stage.later(300);
    assert_eq!((stage.lineworks.shown().len(), stage.lineworks.faults.borrow().len()), (0, 0));
    // The first one is to be tried again in ten minutes.
    stage.enter("b", "二");
    stage.later(60);
    assert_eq!(stage.lineworks.shown(), ["sato@works: 二 2026-12-29–2027-01-01"]);
}

#[test]
fn what_was_changed_while_it_was_under_way_is_told_again() {
    let mut stage = Stage::on();
    stage.lineworks.fail(&[Unheard]);
    stage.enter("a", "一");
    // Nobody knows whether it is there; then it is another one.
    stage.enter("a", "二");
    stage.later(600);
    assert_eq!(stage.lineworks.shown(), ["sato@works: 二 2026-12-29–2027-01-01"]);
    stage.lineworks.fail(&[Status(500)]);
    stage.enter("a", "三");
    stage.delete("a");
    stage.later(600);
    assert_eq!(stage.lineworks.shown(), Vec::<String>::new());
}

#[test]
fn an_id_of_the_provider_s_own_is_remembered() {
    let mut stage = Stage::on();
    stage.lineworks.own_ids.set(true);
    stage.enter("a", "休暇");
    stage.enter("a", "変更");
    assert_eq!(stage.lineworks.shown(), ["sato@works: 変更 2026-12-29–2027-01-01"]);
    stage.delete("a");
    stage.world.work();
    assert_eq!(stage.lineworks.shown(), Vec::<String>::new());
}

#[test]
fn what_is_given_up_is_shown_and_tried_again_when_asked() {
    let mut stage = Stage::on();
    let owner = stage.owner.clone();
    // Nobody of that login at LINE WORKS.
    let ito = stage.world.member(&owner, &json!({"name": "伊藤", "login_email": "ito@minato.example"}));
    let body = json!({"member": ito, "title": "休暇", "starts": "2026-12-29", "ends": "2026-12-29", "all_day": true});
    stage.put("a", &body);
    stage.world.work();
    let state = stage.state();
    assert_eq!((&state["failed"], &state["waiting"]), (&json!(1), &json!(0)));
    assert_eq!(state["cause"], json!({"code": "unknown_recipient", "detail": "404 NOT_FOUND Not found"}));
    let listed = stage.get("/api/v1/absences").json["items"][0]["calendar"].clone();
    assert_eq!(listed, json!({"state": "failed", "cause": state["cause"]}));
    stage.later(60);
    stage.lineworks.asked();
    // The admin gives the ID and presses the button.
    stage.world.put(&owner, &format!("/api/v1/members/{ito}"), &json!({"lineworks_id": "u-9"}));
    let retry = format!("/api/integrations/{}/calendar/retry", stage.id);
    let back = stage.world.post(&owner, &retry, &Value::Null);
    assert_eq!((back.status, &back.json["failed"]), (200, &json!(0)), "{back:?}");
    stage.world.work();
    assert_eq!(stage.lineworks.shown(), ["u-9: 休暇 2026-12-29–2026-12-30"]);
    assert_eq!(stage.state()["failed"], 0);
    // After all waits it is given up too, and nothing goes on for ever.
    stage.lineworks.fail(&[Status(500); 8]);
    stage.enter("b", "二");
    for _ in 0..24 {
        stage.world.runner.clock.advance(3_600_000);
        stage.world.work();
    }
    assert_eq!((stage.state()["failed"].clone(), stage.lineworks.faults.borrow().len()), (json!(1), 0));
    assert_eq!(stage.state()["cause"]["code"], "provider_error");
    stage.world.post(&owner, &retry, &Value::Null);
    stage.world.work();
    assert_eq!((stage.lineworks.shown().len(), stage.state()["failed"].clone()), (2, json!(0)));
}

#[test]
fn off_leaves_what_is_there_and_on_again_catches_up() {
    let mut stage = Stage::on();
    stage.enter("a", "一");
    stage.enter("b", "二");
    let back = stage.switch(false);
    assert_eq!(
        (back.status, &back.json["steps"], &back.json["calendar"]["on"]),
        (200, &json!([]), &json!(false))
    );
    stage.lineworks.asked();
    stage.enter("a", "変更");
    stage.delete("b");
    stage.enter("c", "三");
    stage.later(60);
    assert_eq!(stage.lineworks.asked(), Vec::<String>::new());
    assert_eq!(stage.lineworks.shown().len(), 2);
    stage.switch(true);
    stage.world.work();
    let titles = stage.lineworks.shown().join(" ");
    assert!(titles.contains("変更") && titles.contains("三") && !titles.contains("二"), "{titles}");
}

#[test]
fn a_linked_id_makes_no_second_event_in_the_same_calendar() {
    let mut stage = Stage::on();
    let (owner, suzuki) = (stage.owner.clone(), stage.suzuki.clone());
    let body = |title: &str| json!({"member": suzuki, "title": title, "starts": "2026-12-29", "ends": "2026-12-29", "all_day": true});
    stage.put("a", &body("休暇"));
    stage.world.work();
    // Entered under the login.
    let link = json!({ "lineworks_id": SUZUKI_ID });
    assert_eq!(stage.world.put(&owner, &format!("/api/v1/members/{suzuki}"), &link).status, 200);
    stage.switch(false);
    stage.switch(true);
    stage.world.work();
    assert_eq!(stage.world.count("SELECT count(*) FROM calendar_entries"), "1");
    assert_eq!(stage.lineworks.shown(), ["suzuki@minato.example: 休暇 2026-12-29–2026-12-30"]);
    // The ID is taken with the next change.
    stage.put("a", &body("変更"));
    stage.later(60);
    assert_eq!(stage.world.count("SELECT group_concat(account) FROM calendar_entries"), SUZUKI_ID);
    assert_eq!(stage.lineworks.shown(), ["suzuki@minato.example: 変更 2026-12-29–2026-12-30"]);
    stage.delete("a");
    stage.later(60);
    assert_eq!(stage.lineworks.shown(), Vec::<String>::new());
}

#[test]
fn what_one_connection_entered_another_one_goes_on_with() {
    let mut stage = Stage::on();
    let over = stage.days("昔", "2026-01-05", "2026-01-05");
    stage.put("over", &over);
    for reference in ["kept", "changed", "deleted"] {
        stage.enter(reference, reference);
    }
    stage.lineworks.fail(&[Status(400)]);
    stage.enter("refused", "refused");
    assert_eq!(stage.state()["failed"], 1);
    stage.switch(false);
    stage.enter("changed", "変更");
    stage.delete("deleted");
    stage.go_to_other();
    stage.switch(true);
    stage.world.work();
    let titles = |stage: &Stage| {
        let mut titles: Vec<_> =
            stage.lineworks.events.borrow().values().map(|event| event["summary"].clone()).collect();
        titles.sort_by_key(ToString::to_string);
        titles
    };
    assert_eq!(titles(&stage), ["kept", "refused", "変更", "昔"]);
    assert_eq!(
        stage.world.count("SELECT group_concat(DISTINCT integration) FROM calendar_entries"),
        stage.id
    );
    let state = stage.state();
    assert_eq!((&state["waiting"], &state["failed"]), (&json!(0), &json!(0)));
    stage.put("over", &stage.days("昔々", "2026-01-05", "2026-01-05"));
    stage.delete("kept");
    stage.world.work();
    assert_eq!(titles(&stage), ["refused", "変更", "昔々"]);
}

#[test]
fn in_another_tenant_what_is_to_come_is_made() {
    let mut stage = Stage::on();
    stage.put("over", &stage.days("昔", "2026-01-05", "2026-01-05"));
    stage.enter("a", "休暇");
    stage.switch(false);
    stage.lineworks.events.borrow_mut().clear();
    stage.go_to_other();
    stage.switch(true);
    stage.world.work();
    assert_eq!(stage.lineworks.shown(), ["sato@works: 休暇 2026-12-29–2027-01-01"]);
}

#[test]
fn of_two_that_are_on_the_other_one_goes_on_when_one_is_turned_off() {
    let mut stage = Stage::on();
    stage.enter("a", "休暇");
    stage.go_to_other();
    stage.switch(true);
    stage.go_to_other();
    stage.switch(false);
    stage.enter("a", "変更");
    assert_eq!(stage.lineworks.shown(), ["sato@works: 変更 2026-12-29–2027-01-01"]);
    assert_eq!(stage.world.count("SELECT integration FROM calendar_entries"), stage.other);
}

#[test]
fn many_go_in_slices() {
    let mut stage = Stage::new();
    for number in 0..20 {
        let body = stage.days(&format!("休暇{number}"), "2026-12-29", "2026-12-29");
        stage.put(&format!("n{number}"), &body);
    }
    stage.switch(true);
    stage.world.work();
    assert_eq!(stage.lineworks.shown().len(), 8);
    for shown in [16, 20] {
        stage.world.runner.clock.advance(15_000);
        stage.world.work();
        assert_eq!(stage.lineworks.shown().len(), shown);
    }
    // One token for all, and the next one is kept for other starts, under a name of its own.
    let tokens = |asked: Vec<String>| asked.iter().filter(|one| one.starts_with("token")).count();
    assert_eq!(tokens(stage.lineworks.asked()), 1);
    stage.world.runner.clock.advance(86_400_000);
    stage.enter("n1", "変更");
    assert_eq!(tokens(stage.lineworks.asked()), 1);
    let entries = stage.kv.entries.borrow();
    let kept: Vec<&String> = entries.keys().filter(|place| place.starts_with("token/")).collect();
    assert!(kept.len() == 1 && kept[0].ends_with("/1/calendar"), "{kept:?}");
}

#[test]
fn open_pages_hear_once_a_slice() {
    let mut stage = Stage::new();
    for number in 0..12 {
        stage.put(&format!("n{number}"), &stage.days("休暇", "2026-12-29", "2026-12-29"));
    }
    stage.switch(true);
    for waiting in [4, 0] {
        stage.live.0.take();
        stage.world.work();
        let heard = stage.live.0.take();
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(heard[0].1.contains(&format!("\"waiting\":{waiting}")), "{heard:?}");
        stage.world.runner.clock.advance(15_000);
    }
    stage.world.work();
    assert_eq!(stage.live.0.take(), []);
}

#[test]
fn no_secret_and_no_title_is_in_the_log() {
    let mut stage = Stage::on();
    stage.lineworks.fail(&[Status(500), Unheard, Status(403)]);
    stage.enter("a", "極秘の休暇");
    stage.later(300);
    let log = stage.world.log.0.borrow().join("\n");
    assert!(!log.contains("極秘") && !log.contains("sato@works") && !log.contains("t calendar"), "{log}");
}

#[test]
fn a_deleted_integration_takes_its_work_along() {
    let mut stage = Stage::on();
    stage.lineworks.fail(&[Status(500)]);
    stage.enter("a", "休暇");
    // Its bot cannot be deleted here; the row goes as the page would have it.
    stage.world.sql.exec("DELETE FROM integrations", &[]).unwrap();
    stage.later(60);
    for table in ["calendar_syncs", "calendar_entries"] {
        assert_eq!(stage.world.count(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
    assert_eq!(stage.world.count("SELECT count(*) FROM absences"), "1");
}
