//! Sheets, corrections, submitting, sending back, CSV: who may do what, and what is left behind.

use serde_json::{Value, json};

use crate::stage::{MONTH, Stage, at};

fn correction(day: &str, times: &[(&str, &str)]) -> Value {
    let punches: Vec<Value> = times.iter().map(|(kind, time)| json!({"kind": kind, "time": time})).collect();
    json!({"day": day, "punches": punches, "reason": "打刻忘れ"})
}

const WORKDAY: [(&str, &str); 2] = [("clock_in", "9:00"), ("clock_out", "18:00")];

#[test]
fn a_correction_replaces_the_day_and_keeps_what_it_found() {
    let mut stage = Stage::new();
    let sato = stage.sato.clone();
    let cookie = stage.cookie(&sato);
    stage.says("出勤", "9:02");
    stage.says("休憩終了", "9:03");
    let version = stage.sheet()["version"].clone();
    let mut form =
        correction("2026-11-21", &[("clock_in", "08:30"), ("break_start", "12:00"), ("break_end", "12:45")]);
    form["version"] = version;
    let back = stage.post(&cookie, "corrections", &form);
    assert_eq!(back.status, 200, "{back:?}");
    let day = &back.json["days"][20];
    assert_eq!((&day["corrected"], &day["break_minutes"]), (&json!(true), &json!(45)));
    assert_eq!(day["shifts"][0]["clock_in"]["channel"], Value::Null);
    let kept = &back.json["corrections"][0];
    assert_eq!(kept["before"], json!([{"kind": "clock_in", "time": "09:02"}]));
    assert_eq!((&kept["by"], &kept["reason"]), (&json!("佐藤 花子"), &json!("打刻忘れ")));
    // The day goes on in chat.
    assert!(stage.says("退勤", "17:00").contains("7時間45分"));
    // Somebody punched since the page was opened.
    assert_eq!(stage.post(&cookie, "corrections", &form).refusal(), (409, "changed_meanwhile", ""));
    // Twice in a row, both are there.
    stage.post(&cookie, "corrections", &correction("2026-11-21", &[]));
    let sheet = stage.sheet();
    assert_eq!((&sheet["worked_days"], sheet["corrections"].as_array().map(Vec::len)), (&json!(0), Some(2)));
    assert_eq!(stage.world.count("SELECT count(*) FROM audit WHERE action = 'attendance.corrected'"), "2");
}

#[test]
fn a_correction_that_cannot_be_is_refused_by_field() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    stage.says("出勤", "22:00");
    stage.says("退勤", "30:00");
    let long = "長".repeat(201);
    for (form, field, code) in [
        (correction("2026-11-22", &[("clock_out", "9:00")]), "punches[0]", "punches_do_not_fit"),
        (
            correction("2026-11-22", &[("clock_in", "5:00"), ("clock_out", "9:00")]),
            "punches[0]",
            "punches_do_not_fit",
        ),
        (
            correction("2026-11-22", &[("clock_in", "9"), ("clock_out", "48:00")]),
            "punches[0].time",
            "not_a_punch_time",
        ),
        (correction("2026-12-01", &WORKDAY), "day", "punches_do_not_fit"),
        (json!({"day": "2026-11-22", "punches": [], "reason": " "}), "reason", "required"),
        (json!({"day": "2026-11-22", "punches": [], "reason": long}), "reason", "too_long"),
        (json!({"day": "2026-11-32", "punches": [], "reason": "x"}), "day", "wrong_type"),
        (json!({"day": "2026-11-22", "reason": "x"}), "punches", "required"),
        (
            json!({"day": "2026-11-22", "punches": [{"kind": "lunch", "time": "9:00"}], "reason": "x"}),
            "punches[0].kind",
            "wrong_type",
        ),
        (json!({"day": "2026-11-22", "punches": [], "reason": "x", "who": 1}), "who", "unknown_field"),
    ] {
        let back = stage.post(&owner, "corrections", &form);
        assert_eq!(back.refusal(), (400, code, field), "{form}");
    }
    assert_eq!(stage.punches(), ["clock_in 2026-11-21", "clock_out 2026-11-21"]);
    // Between the two, all is well.
    let fits = correction("2026-11-22", &[("clock_in", "6:00"), ("clock_out", "10:00")]);
    assert_eq!(stage.post(&owner, "corrections", &fits).status, 200);
}

#[test]
fn a_submitted_month_takes_nothing_until_it_is_sent_back() {
    let mut stage = Stage::new();
    stage.world.connect_mail();
    let (sato, owner) = (stage.sato.clone(), stage.owner.clone());
    let cookie = stage.cookie(&sato);
    // A night shift that is still running when the month is submitted.
    stage.world.runner.clock.set(at("240:00"));
    stage.says("出勤", "238:00");
    let back = stage.post(&cookie, "submit", &json!({}));
    assert_eq!(
        (back.status, &back.json["state"], &back.json["changed"]["by"]),
        (200, &json!("submitted"), &json!("佐藤 花子")),
        "{back:?}"
    );
    let refused = "2026年11月の勤怠は提出済みのため、記録できません";
    let told = stage.says("休憩", "239:00");
    assert!(told.contains(refused) && told.contains("差し戻し"), "{told}");
    // On 1 December, but of the shift that began in November.
    assert!(stage.says("退勤", "246:00").contains(refused));
    assert_eq!(stage.punches(), ["clock_in 2026-11-30"]);
    assert_eq!(stage.post(&cookie, "submit", &json!({})).refusal(), (409, "month_submitted", ""));
    let form = correction("2026-11-20", &WORKDAY);
    assert_eq!(stage.post(&owner, "corrections", &form).refusal(), (409, "month_submitted", ""));

    let reason = json!({"reason": "20日の打刻がありません"});
    assert_eq!(stage.post(&cookie, "send-back", &reason).refusal(), (403, "not_allowed", ""));
    assert_eq!(
        stage.post(&owner, "send-back", &json!({"reason": ""})).refusal(),
        (400, "required", "reason")
    );
    let back = stage.post(&owner, "send-back", &reason);
    assert_eq!(
        (back.status, &back.json["state"], &back.json["changed"]["reason"]),
        (200, &json!("sent_back"), &reason["reason"])
    );
    assert_eq!(stage.post(&owner, "send-back", &reason).refusal(), (409, "month_not_submitted", ""));
    // The person is told, on whatever channel they chose.
    assert_eq!(
        stage.world.count("SELECT count(*) FROM deliveries WHERE kind = 'attendance.month_sent_back' AND decision = 'deliver'"),
        "2"
    );
    assert!(stage.says("退勤", "246:00").contains("退勤を記録しました 6:00"));
    assert_eq!(stage.post(&owner, "corrections", &form).status, 200);
    assert_eq!(stage.post(&cookie, "submit", &json!({"version": "old"})).code(), "changed_meanwhile");
    assert_eq!(stage.post(&cookie, "submit", &json!({})).status, 200);
    let audit = stage
        .world
        .sql
        .texts("SELECT action FROM audit WHERE action LIKE 'attendance%' ORDER BY id", &[])
        .unwrap();
    assert_eq!(
        audit,
        [
            "attendance.settings_changed",
            "attendance.submitted",
            "attendance.sent_back",
            "attendance.corrected",
            "attendance.submitted"
        ]
    );
    let later = stage.world.post(&cookie, "/api/attendance/months/2027-01/submit", &json!({}));
    assert_eq!(later.refusal(), (400, "month_not_begun", ""));
}

#[test]
fn a_late_message_does_not_change_a_submitted_month_by_a_detour() {
    let mut stage = Stage::new();
    stage.world.runner.clock.set(at("300:00"));
    let owner = stage.owner.clone();
    // Clocked in on 1 December, and submitted November.
    stage.says("出勤", "249:00");
    assert_eq!(stage.post(&owner, "submit", &json!({})).status, 200);
    // This would make the other one the double.
    let told = stage.says("出勤", "239:00");
    assert!(told.contains("提出済み"), "{told}");
    assert_eq!(stage.punches(), ["clock_in 2026-12-01"]);
}

#[test]
fn everybody_sees_and_changes_what_is_theirs() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let company = |stage: &mut Stage, name: &str| {
        stage.world.post(&owner, "/api/v1/companies", &json!({"name": name})).id()
    };
    let (a, b) = (company(&mut stage, "A社"), company(&mut stage, "B社"));
    let mut person = |name: &str, company: &str, role: &str| {
        let form = json!({"name": name, "login_email": format!("{name}@x.example"), "company": company, "role": role});
        let id = stage.world.member(&owner, &form);
        (stage.world.cookie_of(&owner, &id), id)
    };
    let (boss, _) = person("boss", &a, "company_admin");
    let (worker, worker_id) = person("worker", &a, "member");
    let (other, other_id) = person("other", &b, "member");
    let of = |id: &str, what: &str| format!("{MONTH}{what}?member={id}");
    let form = correction("2026-11-20", &WORKDAY);
    for (cookie, id, status) in [
        (&worker, &worker_id, 200),
        (&boss, &worker_id, 200),
        (&owner, &worker_id, 200),
        (&boss, &other_id, 404),
        (&worker, &other_id, 403),
        (&other, &worker_id, 403),
    ] {
        assert_eq!(stage.world.get(cookie, &of(id, "")).status, status);
        assert_eq!(stage.world.post(cookie, &of(id, "/corrections"), &form).status, status);
    }
    assert_eq!(stage.world.get(&worker, MONTH).json["member"], json!(worker_id));
    assert_eq!(stage.world.get(&owner, &of("mb_x", "")).refusal(), (400, "unknown_member", "member"));
    assert_eq!(stage.world.get(&owner, "/api/attendance/months/2026-13").status, 404);
    assert_eq!(stage.world.raw(http::Method::GET, MONTH, &[], b"").code(), "not_signed_in");
    // The company's admin sends back, but not for another company.
    stage.world.post(&worker, &of(&worker_id, "/submit"), &json!({}));
    assert_eq!(stage.world.post(&other, &of(&worker_id, "/send-back"), &json!({"reason": "x"})).status, 403);
    assert_eq!(stage.world.post(&boss, &of(&worker_id, "/send-back"), &json!({"reason": "x"})).status, 200);

    stage.world.post(&owner, &of(&other_id, "/corrections"), &form);
    let mut names = |cookie: &str, query: &str| {
        let (status, _, text) =
            stage.text(&format!("{MONTH}/csv{query}"), &[("cookie", cookie), ("accept-language", "en")]);
        let names = text
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').nth(1))
            .map(str::to_owned)
            .collect::<Vec<_>>();
        (status, if status == 200 { names } else { vec![] })
    };
    let both = vec!["other".to_owned(), "worker".to_owned()];
    assert_eq!(names(&owner, ""), (200, both.clone()));
    assert_eq!(names(&owner, &format!("?company={b}")), (200, both[..1].to_vec()));
    assert_eq!(names(&boss, ""), (200, both[1..].to_vec()));
    assert_eq!(names(&worker, ""), (200, both[1..].to_vec()));
    for (cookie, query) in [
        (&boss, format!("?company={b}")),
        (&boss, format!("?member={other_id}")),
        (&worker, format!("?member={other_id}")),
        (&worker, format!("?company={a}")),
    ] {
        let (status, _) = names(cookie, &query);
        assert!(matches!(status, 403 | 404), "{query} {status}");
    }
}

#[test]
fn a_key_reads_months_and_csv_and_nothing_else() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let form = json!({"name": "=HYPERLINK(\"x\")", "login_email": "evil@x.example"});
    let evil = stage.world.member(&owner, &form);
    for id in [stage.sato.clone(), evil] {
        let target = format!("{MONTH}/corrections?member={id}");
        assert_eq!(stage.world.post(&owner, &target, &correction("2026-11-20", &WORKDAY)).status, 200);
    }
    let (reader, sender) =
        (stage.world.key(&owner, &["attendance:read"]), stage.world.key(&owner, &["events:write", "admin"]));
    let bearer = format!("Bearer {reader}");
    let (status, kind, text) = stage.text(&format!("{MONTH}/csv"), &[("authorization", &bearer)]);
    assert_eq!((status, kind.as_str()), (200, "text/csv; charset=utf-8"));
    assert!(text.starts_with("\u{feff}社員番号,氏名,") && text.ends_with("\r\n"), "{text}");
    assert!(
        text.contains(
            "\r\n0042,佐藤 花子,,2026-11-20,09:00,18:00,,0,540,退勤済み,あり,田中 一郎,打刻忘れ,未提出\r\n"
        ),
        "{text}"
    );
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{text}");
    let sato = format!("{MONTH}?member={}", stage.sato);
    let get = |stage: &mut Stage, key: &str, target: &str| {
        stage.world.raw(http::Method::GET, target, &[("authorization", &format!("Bearer {key}"))], b"")
    };
    assert_eq!(get(&mut stage, &reader, &sato).json["worked_minutes"], 540);
    assert_eq!(get(&mut stage, &reader, MONTH).refusal(), (400, "required", "member"));
    assert_eq!(get(&mut stage, &sender, &sato).status, 403);
    assert_eq!(get(&mut stage, &sender, &format!("{MONTH}/csv")).status, 403);
    assert_eq!(get(&mut stage, &reader, "/api/attendance/settings").status, 403);
    assert_eq!(get(&mut stage, &reader, "/api/v1/members").status, 403);
    let target = format!("{MONTH}/submit?member={}", stage.sato);
    let back = stage.world.send(http::Method::POST, &target, &[("authorization", &bearer)], &json!({}));
    assert_eq!(back.status, 403);
}
