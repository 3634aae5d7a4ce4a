//! 「打刻を取り消す」 under the answer to a punch.

use serde_json::json;

use crate::stage::{GROUP, SATO, STRANGER, Stage, at};

/// What stands behind the button of an answer.
fn button(told: &str) -> Option<String> {
    let (_, rest) = told.split_once("\"data\":\"todoke:attendance:")?;
    rest.split_once('"').map(|(data, _)| format!("todoke:attendance:{data}"))
}

fn press(stage: &mut Stage, from: &str, room: Option<&str>, data: &str, time: &str) -> String {
    stage.event(json!({"type": "postback", "postback": { "data": data }}), from, room, at(time))
}

#[test]
fn a_punch_is_taken_back_by_its_button_and_again_is_the_same() {
    let mut stage = Stage::new();
    let told = stage.says("出勤", "9:02");
    assert!(told.contains("打刻を取り消す"), "{told}");
    let data = button(&told).unwrap();
    // What came behind made no sense then, and must not count now.
    let told = stage.says("出勤", "9:03");
    assert!(told.contains("すでに9:02に出勤しています") && button(&told).is_none(), "{told}");
    assert!(press(&mut stage, SATO, None, &data, "9:05").contains("出勤 9:02 を取り消しました"));
    assert_eq!(stage.punches(), Vec::<String>::new());
    assert!(press(&mut stage, SATO, None, &data, "9:06").contains("出勤 9:02 を取り消しました"));
    assert_eq!(stage.world.count("SELECT count(*) FROM audit WHERE action = 'attendance.punch_undone'"), "1");
    assert!(stage.says("出勤", "9:10").contains("出勤を記録しました 9:10"));
}

#[test]
fn only_the_last_one_and_not_for_long() {
    let mut stage = Stage::new();
    let first = button(&stage.says("出勤", "9:02")).unwrap();
    let second = button(&stage.says("休憩", "9:20")).unwrap();
    assert!(
        press(&mut stage, SATO, None, &first, "9:21")
            .contains("後に打刻があるため、出勤 9:02 は取り消せません")
    );
    assert!(
        press(&mut stage, SATO, None, &second, "9:51")
            .contains("30分を過ぎたため、休憩開始 9:20 は取り消せません")
    );
    assert_eq!(stage.punches().len(), 2);
    assert!(press(&mut stage, SATO, None, &second, "9:50").contains("休憩開始 9:20 を取り消しました"));
    assert!(press(&mut stage, SATO, None, &first, "9:30").contains("出勤 9:02 を取り消しました"));
    assert_eq!(stage.punches(), Vec::<String>::new());
}

#[test]
fn nobody_takes_back_the_punch_of_another() {
    let mut stage = Stage::new();
    let told = stage.writes(SATO, Some(GROUP), "出勤", at("9:02"));
    let data = button(&told).unwrap();
    assert!(press(&mut stage, STRANGER, Some(GROUP), &data, "9:03").contains("まだだれとも連携していません"));
    let form = json!({"name": "鈴木 一郎", "login_email": "suzuki@minato.example"});
    let suzuki = stage.world.member(&stage.owner.clone(), &form);
    stage.link(&suzuki, "line", STRANGER);
    let told = press(&mut stage, STRANGER, Some(GROUP), &data, "9:04");
    assert!(told.contains("鈴木 一郎: あなたの打刻ではないか、すでに修正されています"), "{told}");
    assert_eq!(stage.punches(), ["clock_in 2026-11-21"]);
    let told = press(&mut stage, SATO, Some(GROUP), &data, "9:05");
    assert!(told.contains("佐藤 花子: 出勤 9:02 を取り消しました"), "{told}");
}

#[test]
fn a_submitted_month_keeps_its_punches() {
    let mut stage = Stage::new();
    let data = button(&stage.says("出勤", "9:02")).unwrap();
    stage.world.runner.clock.set(at("9:03"));
    let query = "INSERT INTO attendance_months (member, month, state, changed_at, changed_by, reason) VALUES (?1, '2026-11', 'submitted', 0, ?1, '')";
    stage.world.sql.exec(query, &[stage.sato.as_str().into()]).unwrap();
    assert!(press(&mut stage, SATO, None, &data, "9:04").contains("11月の勤怠は提出済みのため"));
    assert_eq!(stage.punches().len(), 1);
}

#[test]
fn what_is_no_button_of_ours_is_not_answered() {
    let mut stage = Stage::new();
    for data in ["todoke:attendance:x", "todoke:attendance:undo-clock_in-x", "todoke:nobody:undo-clock_in-1"]
    {
        assert_eq!(press(&mut stage, SATO, None, data, "9:00"), "", "{data}");
    }
    let off = format!("todoke:attendance:undo-clock_in-{}", at("9:00"));
    assert!(press(&mut stage, SATO, None, &off, "9:01").contains("あなたの打刻ではないか"));
    stage.set(&json!({"on": false}));
    assert_eq!(press(&mut stage, SATO, None, &off, "9:02"), "");
}
