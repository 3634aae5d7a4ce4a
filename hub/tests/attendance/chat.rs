//! What is said, and what is answered.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::stage::{GROUP, SATO, STRANGER, Stage, at, signed};

#[test]
fn a_day_is_punched_in_chat_and_each_answer_says_how_it_stands() {
    let mut stage = Stage::new();
    let told = stage.says("出勤", "9:02");
    assert!(told.contains("出勤を記録しました 9:02") && told.contains("token-1"), "{told}");
    let told = stage.says(" 出勤!", "9:05");
    assert!(told.contains("すでに9:02に出勤しています"), "{told}");
    assert!(stage.says("休憩", "12:00").contains("休憩開始を記録しました 12:00"));
    assert!(stage.says("休憩開始", "12:01").contains("すでに12:00から休憩中です"));
    assert!(stage.says("戻り", "13:00").contains("休憩終了を記録しました 13:00"));
    assert!(stage.says("戻り", "13:02").contains("休憩はすでに13:00に終わっています"));
    let told = stage.says("お疲れさまでした。", "18:03");
    assert!(told.contains("退勤を記録しました 18:03") && told.contains("8時間01分"), "{told}");
    assert!(stage.says("退勤", "18:04").contains("すでに18:03に退勤しています"));
    let sheet = stage.sheet();
    let day = &sheet["days"][20];
    assert_eq!((&day["date"], &day["worked_minutes"]), (&json!("2026-11-21"), &json!(481)));
    assert_eq!(day["shifts"][0]["clock_in"]["time"], "09:02");
    assert_eq!(day["shifts"][0]["clock_in"]["channel"], "line");
    assert_eq!((&sheet["worked_days"], &sheet["worked_minutes"]), (&json!(1), &json!(481)));
}

#[test]
fn the_order_of_the_times_counts_not_that_of_arrival() {
    let mut stage = Stage::new();
    assert!(stage.says("退勤", "18:00").contains("出勤していないため、退勤を記録できません"));
    assert!(stage.says("休憩終了", "13:00").contains("出勤していないため"));
    assert_eq!(stage.punches(), ["(break_end)", "(clock_out)"]);
    assert!(stage.says("休憩", "12:00").contains("出勤していないため"));
    // The one that was first comes last.
    let told = stage.says("出勤", "9:00");
    assert!(told.contains("出勤を記録しました 9:00") && told.contains("8時間00分"), "{told}");
    assert_eq!(
        stage.punches(),
        ["clock_in 2026-11-21", "break_start 2026-11-21", "break_end 2026-11-21", "clock_out 2026-11-21"]
    );
    // An earlier clock-in makes the later one the double.
    assert!(stage.says("出勤", "8:55").contains("出勤を記録しました 8:55"));
    assert_eq!(stage.punches()[..2], ["clock_in 2026-11-21", "(clock_in)"]);
}

#[test]
fn the_provider_s_time_counts_however_late_the_message_comes() {
    let mut stage = Stage::new();
    stage.world.runner.clock.advance(5 * 3_600_000);
    assert!(stage.says("出勤", "9:02").contains("9:02"));
    assert_eq!(stage.sheet()["days"][20]["shifts"][0]["clock_in"]["at"], at("9:02"));
}

#[test]
fn a_line_in_a_room_is_work_only_while_the_app_listens_there() {
    let mut stage = Stage::new();
    let tries = "SELECT coalesce(sum(tries), 0) FROM inbox";
    stage.set(&json!({"rooms": false}));
    let before = stage.world.sql.texts(tries, &[]).unwrap();
    stage.writes(SATO, Some(GROUP), "出勤", at("9:00"));
    assert_eq!(stage.world.sql.texts(tries, &[]).unwrap(), before);
    assert!(stage.punches().is_empty());
    stage.set(&json!({"rooms": true}));
    stage.writes(SATO, Some(GROUP), "出勤", at("9:01"));
    assert_ne!(stage.world.sql.texts(tries, &[]).unwrap(), before);
    assert_eq!(stage.punches(), ["clock_in 2026-11-21"]);
}

#[test]
fn what_comes_twice_is_one_punch() {
    let mut stage = Stage::new();
    let event = || json!({"type": "message", "webhookEventId": "same", "message": {"type": "text", "id": "1", "text": "出勤"}});
    assert!(stage.event(event(), SATO, None, at("9:02")).contains("出勤を記録しました"));
    // The same event is known again, and not even answered.
    assert_eq!(stage.event(event(), SATO, None, at("9:02")), "");
    // The same punch under another number, as when a letter is opened again after a crash: the same answer.
    assert!(stage.says("出勤", "9:02").contains("出勤を記録しました 9:02"));
    assert_eq!(stage.punches(), ["clock_in 2026-11-21"]);
}

#[test]
fn a_night_shift_counts_for_the_day_on_which_it_began() {
    let mut stage = Stage::new();
    stage.says("出勤", "22:00");
    assert!(stage.says("出勤", "24:10").contains("すでに22:00に出勤しています"));
    let told = stage.says("退勤", "29:30");
    assert!(told.contains("退勤を記録しました 5:30") && told.contains("11月21日(土)"), "{told}");
    let sheet = stage.sheet();
    assert_eq!(sheet["days"][20]["shifts"][0]["clock_out"]["time"], "29:30");
    assert_eq!(sheet["days"][21]["shifts"], json!([]));
    // The next morning after a clock-out that was forgotten.
    stage.says("出勤", "57:00");
    let told = stage.says("出勤", "80:00");
    assert!(told.contains("前回(11月23日(月) 9:00 出勤)の退勤が記録されていません"), "{told}");
    stage.world.runner.clock.set(at("80:05"));
    let sheet = stage.sheet();
    assert_eq!(
        (&sheet["days"][22]["shifts"][0]["state"], &sheet["missing_clock_outs"]),
        (&json!("clock_out_missing"), &json!(1))
    );
}

#[test]
fn somebody_unknown_is_told_how_to_link_and_punches_nothing() {
    let mut stage = Stage::new();
    let unlinked = "まだだれとも連携していません";
    assert!(stage.writes(STRANGER, None, "出勤", at("9:00")).contains(unlinked));
    assert!(stage.writes(STRANGER, Some(GROUP), "出勤", at("9:01")).contains(unlinked));
    // What is no keyword is said to the others in the room.
    assert_eq!(stage.writes(STRANGER, Some(GROUP), "おはよう", at("9:02")), "");
    stage
        .world
        .sql
        .exec("UPDATE members SET usable = 0 WHERE id = ?1", &[stage.sato.as_str().into()])
        .unwrap();
    assert!(stage.says("出勤", "9:03").contains(unlinked));
    assert_eq!(stage.punches(), Vec::<String>::new());
}

#[test]
fn only_text_is_read() {
    let mut stage = Stage::new();
    let sticker = || json!({"type": "message", "message": {"type": "sticker", "id": "1"}});
    assert!(stage.event(sticker(), SATO, None, at("9:00")).contains("文字のメッセージだけ"));
    assert_eq!(stage.event(sticker(), SATO, Some(GROUP), at("9:01")), "");
    assert_eq!(stage.punches(), Vec::<String>::new());
}

#[test]
fn in_a_room_the_answer_says_whose_punch_it_was() {
    let mut stage = Stage::new();
    let told = stage.writes(SATO, Some(GROUP), "出勤", at("9:00"));
    assert!(told.contains("佐藤 花子: 出勤を記録しました 9:00"), "{told}");
    assert_eq!(stage.writes(SATO, Some(GROUP), "今日の出勤は何人?", at("9:01")), "");
    stage.set(&json!({"rooms": false}));
    assert_eq!(stage.writes(SATO, Some(GROUP), "退勤", at("18:00")), "");
    assert!(stage.says("退勤", "18:01").contains("退勤を記録しました"));
}

#[test]
fn trigger_words_and_the_list_of_integrations_are_obeyed() {
    let mut stage = Stage::new();
    stage.set(&json!({"triggers": ["打刻", "⏰"]}));
    let told = stage.says("出勤", "9:00");
    assert!(told.contains("出勤は記録していません") && told.contains("打刻 出勤"), "{told}");
    assert_eq!(stage.writes(SATO, Some(GROUP), "出勤", at("9:01")), "");
    assert!(stage.writes(SATO, Some(GROUP), "⏰\u{fe0f}出勤", at("9:02")).contains("出勤を記録しました"));
    assert!(stage.says("打刻 退勤", "18:00").contains("退勤を記録しました"));
    let other = stage.slack.clone();
    stage.set(&json!({"integrations": [other]}));
    let told = stage.says("打刻 出勤", "19:00");
    assert!(told.contains("このトークにはお知らせが届きます"), "{told}");
    stage.set(&json!({"integrations": [], "on": false}));
    assert!(stage.says("打刻 出勤", "19:01").contains("このトークにはお知らせが届きます"));
    assert_eq!(stage.punches().len(), 2);
}

#[test]
fn a_menu_button_says_its_words() {
    let mut stage = Stage::new();
    let press = |data: &str| json!({"type": "postback", "postback": {"data": data}});
    assert!(stage.event(press("出勤"), SATO, None, at("9:00")).contains("出勤を記録しました"));
    assert_eq!(stage.event(press("page=2"), SATO, None, at("9:01")), "");
}

#[test]
fn every_messenger_punches_alike() {
    let mut stage = Stage::new();
    let (workspace, sato) = (stage.world.workspace().to_string(), stage.sato.clone());
    let told = stage.says("出勤", "9:00");
    assert!(told.contains("出勤を記録しました"));

    let slack = stage.slack.clone();
    stage.link(&sato, "slack", "U7");
    let ts = format!("{}.000100", at("12:00") / 1_000);
    let body = json!({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event":
        {"type": "app_mention", "channel": "C9", "user": "U7", "text": "<@UBOT> :coffee: 休憩", "ts": ts}});
    let slack_says = |stage: &mut Stage, body: Value| {
        let now = (stage.world.runner.clock.get() / 1_000).to_string();
        let body = body.to_string();
        let mac = signed("slack-secret", &[b"v0:", now.as_bytes(), b":", body.as_bytes()]);
        let signature = mac.iter().fold("v0=".to_owned(), |text, byte| format!("{text}{byte:02x}"));
        let headers = [
            ("x-slack-request-timestamp", now.as_str()),
            ("x-slack-signature", signature.as_str()),
            ("content-type", "application/json"),
        ];
        stage.hook(&format!("/hooks/slack/{workspace}/{slack}"), &headers, &body)
    };
    // Another word beside the keyword is another message.
    assert_eq!(slack_says(&mut stage, body.clone()), "");
    let mut punch = body;
    punch["event_id"] = "Ev2".into();
    punch["event"]["text"] = "<@UBOT> 休憩".into();
    let told = slack_says(&mut stage, punch);
    assert!(told.contains("佐藤 花子: 休憩開始を記録しました 12:00"), "{told}");

    // Of these two, nothing can be sent here; what was said counts all the same.
    stage.link(&sato, "lineworks", "W1");
    let body = json!({"type": "message", "source": {"userId": "W1", "domainId": 1}, "issuedTime": "2026-11-21T13:00:00+09:00",
        "content": {"type": "text", "text": "休憩終了"}})
    .to_string();
    let signature = BASE64_STANDARD.encode(signed("works-secret", &[body.as_bytes()]));
    let target = format!("/hooks/lineworks/{}/{}", stage.world.workspace(), stage.lineworks);
    stage.hook(&target, &[("x-works-signature", &signature)], &body);

    stage.link(&sato, "google_chat", "users/1");
    let said = json!({"type": "message", "from": "users/1", "content": {"text": "退勤"}, "at": at("18:00")});
    stage
        .world
        .sql
        .exec(
            "INSERT INTO inbox (id, integration, inbound, received_at, due_at) VALUES ('x', ?1, ?2, 1, 1)",
            &[stage.google_chat.as_str().into(), said.to_string().into()],
        )
        .unwrap();
    // Something else wakes the loop, which finds it.
    stage.writes(SATO, Some(GROUP), "…", at("18:01"));
    let sheet = stage.sheet();
    let shift = &sheet["days"][20]["shifts"][0];
    assert_eq!(shift["worked_minutes"], 480, "{shift}");
    let channels =
        [&shift["clock_in"], &shift["breaks"][0]["start"], &shift["breaks"][0]["end"], &shift["clock_out"]];
    assert_eq!(channels.map(|punch| punch["channel"].clone()), ["line", "slack", "lineworks", "google_chat"]);
}
