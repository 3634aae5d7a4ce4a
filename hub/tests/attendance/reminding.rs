//! The question to those who have not clocked out: once a day, to them alone.

use serde_json::json;

use crate::stage::{SATO, STRANGER, Stage, at};

const ASKED: &str = "SELECT coalesce(group_concat(m.name, '、'), '') FROM (SELECT d.target FROM deliveries d JOIN events e ON e.id = d.event \
     WHERE d.kind = 'attendance.clock_out_missing' AND d.channel = 'line' ORDER BY d.id) JOIN members m ON m.id = target";

/// The alarm at that time.
fn ring(stage: &mut Stage, time: &str) {
    stage.world.runner.clock.set(at(time));
    stage.world.work();
}

fn asked(stage: &Stage) -> String {
    stage.world.count(ASKED)
}

#[test]
fn who_has_not_clocked_out_is_asked_once() {
    let mut stage = Stage::new();
    stage.world.runner.clock.set(at("8:00"));
    let form = json!({"name": "鈴木 一郎", "login_email": "suzuki@minato.example"});
    let suzuki = stage.world.member(&stage.owner.clone(), &form);
    stage.link(&suzuki, "line", STRANGER);
    stage.set(&json!({"remind_at": "22:00"}));
    stage.says("出勤", "9:02");
    stage.writes(STRANGER, None, "出勤", at("9:10"));
    stage.writes(STRANGER, None, "退勤", at("18:00"));
    ring(&mut stage, "21:59");
    assert_eq!(asked(&stage), "");
    ring(&mut stage, "22:00");
    assert_eq!(asked(&stage), "佐藤 花子");
    let told = stage.world.mailbox.mails.borrow().last().unwrap().to_string();
    assert!(
        told.contains("退勤の打刻がまだありません") && told.contains("「退勤」と送ってください"),
        "{told}"
    );
    // Later the same evening, and by a new object after a crash.
    ring(&mut stage, "22:30");
    assert_eq!(asked(&stage), "佐藤 花子");
    // Nobody came the next day; the day after, 佐藤 did.
    ring(&mut stage, "46:30");
    stage.writes(SATO, None, "出勤", at("57:02"));
    ring(&mut stage, "70:00");
    assert_eq!(asked(&stage), "佐藤 花子、佐藤 花子");
}

#[test]
fn a_thousand_at_a_time_and_each_of_them_once() {
    let mut stage = Stage::new();
    stage.world.runner.clock.set(at("8:00"));
    stage.set(&json!({"remind_at": "22:00"}));
    let people = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
         INSERT INTO members (id, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) \
         SELECT printf('mb_%026d', i), 'n', '', printf('n%d@minato.example', i), '', '', '', 1, 'member', 'ja', 1, 1 FROM n";
    stage.world.sql.exec(people, &[]).unwrap();
    let punched = "INSERT INTO attendance_punches (member, at, kind, day, channel, recorded_at) \
         SELECT id, ?1, 'clock_in', '2026-11-21', 'line', ?1 FROM members WHERE name = 'n'";
    stage.world.sql.exec(punched, &[at("9:00").into()]).unwrap();
    ring(&mut stage, "22:00");
    let events = "SELECT count(*) FROM events WHERE kind = 'attendance.clock_out_missing'";
    assert_eq!(stage.world.count(events), "2");
    let people = "SELECT count(*) || ' ' || count(DISTINCT target) FROM deliveries WHERE kind = 'attendance.clock_out_missing' AND channel = 'line'";
    assert_eq!(stage.world.count(people), "2000 2000");
    ring(&mut stage, "22:30");
    assert_eq!(stage.world.count(events), "2");
}

#[test]
fn a_time_that_has_passed_is_tomorrows_and_none_is_none() {
    let mut stage = Stage::new();
    stage.world.runner.clock.set(at("10:00"));
    stage.says("出勤", "9:02");
    stage.set(&json!({"remind_at": "9:30"}));
    ring(&mut stage, "11:00");
    assert_eq!(asked(&stage), "");
    // Moved to what is still to come.
    stage.set(&json!({"remind_at": "11:30"}));
    ring(&mut stage, "11:30");
    assert_eq!(asked(&stage), "佐藤 花子");
    stage.set(&json!({"remind_at": ""}));
    stage.writes(SATO, None, "退勤", at("18:00"));
    stage.writes(SATO, None, "出勤", at("33:00"));
    ring(&mut stage, "40:00");
    assert_eq!(asked(&stage), "佐藤 花子");
    let owner = stage.owner.clone();
    for time in ["24:00", "9", "late", "9:5"] {
        let refused = stage.world.put(&owner, "/api/attendance/settings", &json!({ "remind_at": time }));
        assert_eq!(
            (refused.code(), refused.json["field"].as_str()),
            ("not_a_time_in_day", Some("remind_at")),
            "{time}"
        );
    }
}

/// A notice that waits for the morning would be answered then, and end the shift at that time.
#[test]
fn whose_quiet_time_it_is_is_not_asked() {
    let mut stage = Stage::new();
    stage.world.runner.clock.set(at("8:00"));
    let owner = stage.owner.clone();
    let quiet = json!({"time": {"from": "21:00", "until": "07:00", "days": [], "holidays": false}});
    let back = stage.world.put(&owner, "/api/settings/quiet", &quiet);
    assert_eq!(back.status, 200, "{back:?}");
    stage.set(&json!({"remind_at": "22:00"}));
    stage.says("出勤", "9:02");
    ring(&mut stage, "22:00");
    ring(&mut stage, "31:00");
    assert_eq!(asked(&stage), "");
}

#[test]
fn another_word_moves_no_reminder_and_a_later_time_asks_again() {
    let mut stage = Stage::new();
    stage.world.runner.clock.set(at("8:00"));
    stage.set(&json!({"remind_at": "18:00"}));
    stage.says("出勤", "9:02");
    // The alarm is late, and the words are changed meanwhile.
    stage.world.runner.clock.set(at("18:01"));
    stage.set(&json!({"remind_at": "18:00", "clock_in": ["おはよう"]}));
    ring(&mut stage, "18:02");
    assert_eq!(asked(&stage), "佐藤 花子");
    stage.set(&json!({"remind_at": "21:00"}));
    ring(&mut stage, "21:00");
    assert_eq!(asked(&stage), "佐藤 花子、佐藤 花子");
}

/// A corrected day may end and begin again in the same moment.
#[test]
fn who_came_back_at_once_is_asked() {
    let mut stage = Stage::new();
    stage.world.runner.clock.set(at("8:00"));
    stage.set(&json!({"remind_at": "22:00"}));
    let punched = "INSERT INTO attendance_punches (member, at, kind, day, channel, recorded_at) \
         SELECT id, ?1, ?2, '2026-11-21', 'line', ?1 FROM members WHERE name = '佐藤 花子'";
    for (time, kind) in [("9:00", "clock_in"), ("12:00", "clock_out"), ("12:00", "clock_in")] {
        stage.world.sql.exec(punched, &[at(time).into(), kind.into()]).unwrap();
    }
    ring(&mut stage, "22:00");
    assert_eq!(asked(&stage), "佐藤 花子");
}
