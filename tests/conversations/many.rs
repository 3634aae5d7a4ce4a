//! LINE to many: calls to 500 at once, one unknown among them, the month's limit.

use sandbox::world::{FaultKind, FaultTarget, FaultWhen, line::Settings};
use serde_json::{Value, json};
use tests::talks::LINE_CHANNEL;

use crate::stage::{Stage, Way};

/// Only LINE and mail, and a crowd of friends without mail addresses of their own.
fn crowd(stage: &mut Stage, count: usize) -> Vec<String> {
    let friends = stage.with(|world, _| world.line_crowd(LINE_CHANNEL, count));
    let rows: Vec<Value> = friends
        .iter()
        .enumerate()
        .map(|(number, user)| {
            json!([
                format!("mb_{number:026}"),
                format!("友だち{number}"),
                format!("c{number}@crowd.example"),
                user
            ])
        })
        .collect();
    let rows = json!(rows).to_string();
    stage.machine.write(
        "INSERT INTO members (id, company, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) \
         SELECT value ->> 0, NULL, value ->> 1, '', value ->> 2, '', '', '', 1, 'member', 'ja', 1, 0 FROM json_each(?1)",
        &[rows.as_str().into()],
    );
    stage.machine.write(
        "INSERT INTO addresses (member, channel, value, state, switched_on) \
         SELECT value ->> 0, 'line', value ->> 3, 'linked', 1 FROM json_each(?1)",
        &[rows.as_str().into()],
    );
    friends
}

fn states(stage: &Stage) -> Vec<String> {
    stage.machine.read(
        "SELECT state || ' ' || count(*) FROM deliveries WHERE channel = 'line' AND decision = 'deliver' GROUP BY state ORDER BY state",
    )
}

fn event(title: &str) -> Value {
    json!({"kind": "tasks.assigned", "to": [{"everyone": true}], "title": title})
}

fn unlimited(stage: &mut Stage) {
    stage.line_settings(&Settings { quota: Some(None), ..Settings::default() });
}

#[test]
fn one_event_to_1200_friends_is_three_calls() {
    let mut stage = Stage::connected();
    unlimited(&mut stage);
    crowd(&mut stage, 1_200);
    stage.post(&event("全員へ"));
    stage.run(60_000);
    assert_eq!((stage.calls("line", "multicast"), stage.calls("line", "push")), (3, 0));
    assert_eq!(states(&stage), ["sent 1200"]);
    assert_eq!(stage.used(), 1_200);
    stage.end();
}

#[test]
fn one_event_to_5000_friends_is_ten_calls() {
    let mut stage = Stage::connected();
    unlimited(&mut stage);
    crowd(&mut stage, 5_000);
    stage.post(&event("全員へ"));
    stage.run(120_000);
    assert_eq!((stage.calls("line", "multicast"), stage.calls("line", "push")), (10, 0));
    assert_eq!(states(&stage), ["sent 5000"]);
    stage.end();
}

/// LINE refuses the whole call for it.
#[test]
fn an_unknown_one_among_them_fails_alone() {
    let mut stage = Stage::connected();
    unlimited(&mut stage);
    stage.line_settings(&Settings { multicast_refuses_foreign: Some(true), ..Settings::default() });
    crowd(&mut stage, 600);
    stage.machine.write(
        "UPDATE addresses SET value = 'U00000000000000000000000000000bad' WHERE member = 'mb_00000000000000000000000017'",
        &[],
    );
    stage.post(&event("全員へ"));
    stage.run(120_000);
    assert_eq!(states(&stage), ["failed 1", "sent 599"]);
    let failed = stage.machine.read("SELECT target FROM deliveries WHERE state = 'failed'");
    assert_eq!(failed, ["mb_00000000000000000000000017"]);
    let broken = stage.machine.read("SELECT member FROM addresses WHERE state = 'broken'");
    assert_eq!(broken, failed);
    assert_eq!(stage.used(), 599, "nobody got it twice");
    stage.end();
}

/// The answer to the first call was lost: its repeat is the same call with the same key, answered 409.
#[test]
fn a_call_to_many_whose_answer_was_lost_arrives_once() {
    let mut stage = Stage::connected();
    unlimited(&mut stage);
    crowd(&mut stage, 700);
    let target = FaultTarget::Line { operation: Some("multicast".into()) };
    stage.with(|world, _| world.faults.add(target, FaultKind::TimeoutAfter, FaultWhen::Count { times: 1 }));
    stage.post(&event("全員へ"));
    // Others are due at the same time, and in another order.
    stage.post(&json!({"kind": "fleet.alarm", "to": [{"everyone": true}], "title": "緊急"}));
    stage.run(120_000);
    assert_eq!(states(&stage), ["sent 1400"]);
    assert_eq!(stage.used(), 1_400, "nobody got it twice");
    stage.end();
}

/// The object died while the call was on its way: each of its deliveries is found by its lease, and they go
/// together again.
#[test]
fn a_call_to_many_that_was_cut_off_arrives_once() {
    let mut stage = Stage::connected();
    unlimited(&mut stage);
    crowd(&mut stage, 40);
    let target = FaultTarget::Line { operation: Some("multicast".into()) };
    stage.with(|world, _| {
        world.faults.add(target, FaultKind::Slow { ms: 8_000 }, FaultWhen::Count { times: 1 })
    });
    stage.post(&event("全員へ"));
    stage.run(2_000);
    stage.machine.record.borrow_mut().may_die = true;
    stage.machine.restart();
    stage.run(600_000);
    assert_eq!(states(&stage), ["sent 40"]);
    assert_eq!(stage.used(), 40, "nobody got it twice");
    stage.end();
}

/// An address that went away meanwhile ends with its own reason, the others go on.
#[test]
fn who_is_gone_at_the_repeat_holds_nobody_up() {
    let mut stage = Stage::connected();
    unlimited(&mut stage);
    crowd(&mut stage, 10);
    let target = FaultTarget::Line { operation: Some("multicast".into()) };
    stage.with(|world, _| world.faults.add(target, FaultKind::TimeoutAfter, FaultWhen::Count { times: 1 }));
    stage.post(&event("全員へ"));
    stage.run(3_000);
    stage.machine.write(
        "DELETE FROM addresses WHERE member = 'mb_00000000000000000000000003' AND channel = 'line'",
        &[],
    );
    stage.run(120_000);
    assert_eq!(states(&stage), ["failed 1", "sent 9"]);
    assert_eq!(stage.used(), 10, "nobody got it twice");
    stage.end();
}

#[test]
fn a_used_up_month_is_said_and_critical_takes_the_next_channel() {
    let mut stage = Stage::new();
    stage.line_settings(&Settings { quota: Some(Some(100)), used: Some(100), ..Settings::default() });
    let cookie = stage.cookie.clone();
    for channel in ["email", "slack", "google_chat", "lineworks"] {
        let target = format!("/api/me/channels/{channel}");
        stage.machine.must(tests::calls::page("PUT", &target, &cookie, &json!({"on": false})), 200);
    }
    let to = json!([{"member": stage.members["sato"]}]);
    for (kind, fallback) in [("tasks.assigned", false), ("fleet.alarm", true)] {
        let posted = stage.post(&json!({"kind": kind, "to": to, "title": "お知らせ"}));
        stage.run(40_000);
        let deliveries = stage.event(&posted)["deliveries"].clone();
        let of = |channel: &str| {
            deliveries.as_array().unwrap().iter().find(|one| one["channel"] == channel).unwrap().clone()
        };
        assert_eq!(
            (&of("line")["state"], &of("line")["cause"]["code"]),
            (&json!("failed"), &json!("quota_used_up"))
        );
        let others = ["email", "slack", "google_chat", "lineworks"].map(of);
        let sent = others.iter().filter(|one| one["state"] == "sent" && one["reason"] == "fallback").count();
        assert_eq!(sent, usize::from(fallback), "{others:?}");
    }
    assert_eq!(stage.used(), 100);
    // What can be answered for nothing still is.
    let place = format!("oa:{LINE_CHANNEL}");
    stage.with(|world, now| world.line_say("sato", &place, "はい", now)).unwrap();
    stage.run(5_000);
    let shown = stage.shown(&stage.talk(Way::Line, "sato"));
    assert!(shown.last().unwrap().text.contains("このトークにはお知らせが届きます"), "{shown:?}");
    stage.end();
}
