//! Slack's form (doors.md §2).

use http::Method;
use serde_json::json;

use crate::stage::{FORM, Seen, Stage};

fn is(seen: &Seen, status: u16, body: &str) {
    assert_eq!((seen.status, seen.body.as_str(), seen.content_type.as_str()), (status, body, "text/plain"));
}

#[test]
fn json_and_form_arrive_and_the_answer_is_two_bytes() {
    let mut stage = Stage::new();
    let door = stage.door("slack", &json!({"room": crate::stage::ROOM}));
    let token = door["token"].as_str().unwrap().to_owned();
    assert_eq!(door["url"], format!("https://todoke.example/hooks/in/{token}"));
    is(&stage.hook(&token, r#"{"text":"*復旧* <https://x.example/1|詳細>"}"#), 200, "ok");
    let target = format!("/hooks/in/{token}/");
    let form = b"payload=%7B%22text%22%3A%22from+a+form%22%7D";
    is(&stage.call(Method::POST, &target, &[("content-type", FORM)], form), 200, "ok");
    // curl -d labels JSON as a form.
    is(&stage.call(Method::POST, &target, &[("content-type", FORM)], br#"{"text":"curl"}"#), 200, "ok");
    is(&stage.call(Method::POST, &target, &[], br#"{"text":"no type"}"#), 200, "ok");
    let messages = stage.messages();
    assert_eq!(messages[0], json!({"title": "復旧 詳細", "link": "https://x.example/1"}));
    assert_eq!((&messages[1]["title"], &messages[2]["title"]), (&json!("from a form"), &json!("curl")));
    assert_eq!(
        stage
            .world
            .count("SELECT count(*) FROM deliveries WHERE state = 'waiting' AND channel = 'lineworks'"),
        "4"
    );
    assert_eq!(stage.world.count("SELECT count(DISTINCT source) FROM events"), "1");
}

#[test]
fn refusals_are_named_as_slack_names_them() {
    let mut stage = Stage::new();
    let (token, line) = (stage.room_door("slack"), stage.room_door("line_notify"));
    for (body, status, name) in [
        ("", 400, "invalid_payload"),
        ("{", 400, "invalid_payload"),
        ("{}", 400, "no_text"),
        (r#"{"text":"a","blocks":1}"#, 400, "invalid_blocks"),
    ] {
        is(&stage.hook(&token, body), status, name);
    }
    for unknown in ["nonsense", &line, &token[..42]] {
        is(&stage.hook(unknown, r#"{"text":"a"}"#), 403, "invalid_token");
    }
    let target = format!("/hooks/in/{token}");
    is(&stage.call(Method::GET, &target, &[], b""), 405, "method_not_allowed");
    is(&stage.call(Method::POST, &target, &[], &vec![b' '; 1024 * 1024 + 1]), 413, "request_too_large");
    assert_eq!(stage.messages().len(), 0);
    stage
        .world
        .sql
        .exec(
            "UPDATE doors SET calls = 3600, window_until = ?1",
            &[(stage.world.runner.clock.get() + 60_000).into()],
        )
        .unwrap();
    let over = stage.hook(&token, r#"{"text":"a"}"#);
    is(&over, 429, "rate_limited");
    assert_eq!(over.header("retry-after"), Some(59));
    stage.world.sql.exec("UPDATE doors SET calls = 0", &[]).unwrap();
    stage.world.sql.exec("UPDATE rooms SET open = 0", &[]).unwrap();
    is(&stage.hook(&token, r#"{"text":"a"}"#), 404, "channel_not_found");
    stage.world.sql.exec("UPDATE doors SET revoked_at = 1", &[]).unwrap();
    is(&stage.hook(&token, r#"{"text":"a"}"#), 404, "no_active_hooks");
    stage.world.sql.exec("UPDATE doors SET revoked_at = NULL, kind = 'gone.kind'", &[]).unwrap();
    is(&stage.hook(&token, r#"{"text":"a"}"#), 500, "rollup_error");
}
