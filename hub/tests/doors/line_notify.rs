//! LINE Notify's form (doors.md §1).

use http::Method;
use serde_json::json;

use crate::{
    stage::{FORM, ROOM, Seen, Stage},
    world::NOW,
};

const OK: &str = r#"{"status":200,"message":"ok"}"#;
const JSON: &str = "application/json;charset=UTF-8";

fn is(seen: &Seen, status: u16, body: &str) {
    assert_eq!((seen.status, seen.body.as_str(), seen.content_type.as_str()), (status, body, JSON));
}

fn said(seen: &Seen, status: u16, message: &str) {
    is(
        seen,
        status,
        &json!({"status": status, "message": message}).to_string().replace(
            &format!(r#"{{"message":{},"status":{status}}}"#, json!(message)),
            &format!(r#"{{"status":{status},"message":{}}}"#, json!(message)),
        ),
    );
}

#[test]
fn a_message_is_accepted_delivered_and_explained() {
    let mut stage = Stage::new();
    let to = json!({ "member": stage.member });
    let door = stage.door("line_notify", &to);
    assert_eq!(door["url"], "https://todoke.example/api/notify");
    let seen = stage
        .notify(door["token"].as_str().unwrap(), "message=%0A%E5%AE%A4%E6%B8%A930%E5%BA%A6%0A2%E9%9A%8E");
    is(&seen, 200, OK);
    stage.world.work();
    assert_eq!(stage.messages(), [json!({"title": "室温30度", "body": "2階"})]);
    assert_eq!(stage.world.mailbox.mails.borrow()[0]["to"], "sato@minato.example");
    let row = "SELECT json_array(e.source, e.kind, e.urgency, d.state, d.reason) FROM events e JOIN deliveries d \
               ON d.id > replace(e.id, 'ev_', 'dl_') WHERE d.channel = 'email'";
    assert_eq!(
        stage.world.count(row),
        json!([door["info"]["id"], "todoke.message", 1, "sent", "allowed"]).to_string()
    );
}

#[test]
fn every_client_is_understood() {
    let mut stage = Stage::new();
    let token = stage.member_door("line_notify");
    let (upper, tabs) = (format!("BEARER {token}"), format!("Bearer \t {token}"));
    let multipart = "--B\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n--B--\r\n\r\n";
    for (target, authorization, content_type, body) in [
        ("/api/notify", &upper, Some(FORM), "message=hi"),
        (
            "/api/notify/",
            &tabs,
            Some("application/x-www-form-urlencoded;charset=UTF-8"),
            "version=1.0&title=t&message=hi&type=info",
        ),
        ("/api/notify", &upper, Some("multipart/form-data; boundary=B"), multipart),
        ("/api/notify?message=hi", &upper, None, ""),
        ("/api/notify?message=no", &upper, Some(FORM), "message=hi&stickerId=1&stickerPackageId=1"),
    ] {
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(content_type.map(|value| ("content-type", value)));
        is(&stage.call(Method::POST, target, &headers, body.as_bytes()), 200, OK);
    }
    assert_eq!(stage.messages(), vec![json!({"title": "hi"}); 5]);
}

#[test]
fn refusals_have_the_old_form() {
    let mut stage = Stage::new();
    let (token, slack) = (stage.member_door("line_notify"), stage.member_door("slack"));
    for bad in ["", "nonsense", &slack, &token[..42], &format!("{token}x")] {
        said(&stage.notify(bad, "message=hi"), 401, "Invalid access token");
    }
    said(&stage.call(Method::POST, "/api/notify", &[], b"message=hi"), 401, "Invalid access token");
    said(&stage.call(Method::GET, "/api/notify", &[], b""), 405, "Method Not Allowed");
    said(&stage.call(Method::POST, "/api/status", &[], b""), 405, "Method Not Allowed");
    said(&stage.notify(&token, "message="), 400, "message: must not be empty");
    let alone = "You should pass stickerId parameter if you pass stickerPackageId.";
    said(&stage.notify(&token, "message=a&stickerPackageId=1"), 400, alone);
    let long = "a".repeat(10 * 1024 * 1024 + 1);
    said(&stage.notify(&token, &long), 413, "Payload Too Large");
    assert_eq!(stage.messages(), Vec::<serde_json::Value>::new());
}

#[test]
fn status_tells_whose_token_it_is() {
    let mut stage = Stage::new();
    let (member, room) = (stage.member_door("line_notify"), stage.room_door("line_notify"));
    let mut status = |token: &str| {
        let bearer = format!("Bearer {token}");
        stage.call(Method::GET, "/api/status", &[("authorization", &bearer), ("content-type", FORM)], b"")
    };
    let person = status(&member);
    is(&person, 200, r#"{"status":200,"message":"ok","targetType":"USER","target":"佐藤 花子"}"#);
    assert_eq!(person.header("X-RateLimit-Remaining"), Some(1_000));
    is(&status(&room), 200, r#"{"status":200,"message":"ok","targetType":"GROUP","target":"本社"}"#);
    said(&status("nonsense"), 401, "Invalid access token");
}

#[test]
fn a_token_can_revoke_itself_once() {
    for method in [Method::POST, Method::GET] {
        let mut stage = Stage::new();
        let token = stage.member_door("line_notify");
        let bearer = format!("Bearer {token}");
        let revoke =
            |stage: &mut Stage| stage.call(method.clone(), "/api/revoke", &[("authorization", &bearer)], b"");
        is(&revoke(&mut stage), 200, OK);
        said(&revoke(&mut stage), 401, "Invalid access token");
        said(&stage.notify(&token, "message=hi"), 401, "Invalid access token");
        let audit = stage.world.get(&stage.owner.clone(), "/api/audit").json;
        assert_eq!(
            (&audit["items"][0]["action"], &audit["items"][0]["actor"]),
            (&json!("door.revoked"), &json!("温度計"))
        );
    }
}

#[test]
fn a_room_without_the_bot_is_told_in_the_words_that_clients_match() {
    const GONE: &str = "LINE Notify account doesn't join group which you want to send.";
    let mut stage = Stage::new();
    let token = stage.room_door("line_notify");
    is(&stage.notify(&token, "message=hi"), 200, OK);
    stage.world.sql.exec("UPDATE rooms SET open = 0", &[]).unwrap();
    said(&stage.notify(&token, "message=hi"), 400, GONE);
    // It is in the log all the same.
    assert_eq!(stage.world.count("SELECT count(*) FROM deliveries WHERE reason = 'room_closed'"), "1");
    stage.world.sql.exec("DELETE FROM rooms WHERE id = ?1", &[ROOM.into()]).unwrap();
    said(&stage.notify(&token, "message=hi"), 400, GONE);
}

#[test]
fn a_person_who_wants_none_is_no_concern_of_the_script() {
    let mut stage = Stage::new();
    let token = stage.member_door("line_notify");
    stage.world.sql.exec("UPDATE members SET usable = 0", &[]).unwrap();
    is(&stage.notify(&token, "message=hi"), 200, OK);
    assert_eq!(stage.world.count("SELECT skipped > 0 AND deliveries = 0 FROM events"), "1");
}

#[test]
fn calls_are_counted_by_the_hour() {
    let mut stage = Stage::new();
    let token = stage.member_door("line_notify");
    let first = stage.notify(&token, "message=hi");
    let headers = ["Limit", "ImageLimit", "Remaining", "ImageRemaining"]
        .map(|name| first.header(&format!("X-RateLimit-{name}")).unwrap());
    assert_eq!(headers, [1_000, 50, 999, 50]);
    let reset = first.header("X-RateLimit-Reset").unwrap();
    assert_eq!(reset, (stage.world.runner.clock.get() + 3_600_000) / 1_000);
    stage.world.sql.exec("UPDATE doors SET calls = 1000", &[]).unwrap();
    let over = stage.notify(&token, "message=hi");
    said(&over, 429, "Too Many Requests");
    assert_eq!(
        (over.header("X-RateLimit-Remaining"), over.header("X-RateLimit-Reset")),
        (Some(0), Some(reset))
    );
    assert_eq!(stage.messages().len(), 1);
    stage.world.runner.clock.advance(3_600_000);
    let next = stage.notify(&token, "message=hi");
    assert_eq!((next.status, next.header("X-RateLimit-Remaining")), (200, Some(999)));
    // A clock that was put back does not shut the door for longer than an hour.
    stage.world.sql.exec("UPDATE doors SET calls = 1000, window_until = ?1", &[(NOW * 2).into()]).unwrap();
    assert_eq!(stage.notify(&token, "message=hi").status, 200);
}

#[test]
fn images_are_counted_and_named_and_their_addresses_are_links() {
    let mut stage = Stage::new();
    let token = stage.member_door("line_notify");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "multipart/form-data; boundary=B")];
    let body = |image: &[u8]| {
        let head = "--B\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi\r\n--B\r\nContent-Disposition: form-data; name=\"imageFile\"; filename=\"../../x\"\r\n\r\n";
        [head.as_bytes(), image, b"\r\n--B--\r\n"].concat()
    };
    let photo = [b"\xff\xd8\xff\xe0".as_slice(), &vec![7; 3 * 1024 * 1024]].concat();
    let seen = stage.call(Method::POST, "/api/notify", &headers, &body(&photo));
    is(&seen, 200, OK);
    assert_eq!(
        (seen.header("X-RateLimit-Remaining"), seen.header("X-RateLimit-ImageRemaining")),
        (Some(999), Some(49))
    );
    assert_eq!(stage.messages()[0]["fields"][0]["label"], "画像");
    said(
        &stage.call(Method::POST, "/api/notify", &headers, &body(b"GIF89a")),
        400,
        "imageFile: must be a PNG or JPEG image",
    );
    stage.world.sql.exec("UPDATE doors SET images = 50", &[]).unwrap();
    said(&stage.call(Method::POST, "/api/notify", &headers, &body(&photo)), 429, "Too Many Requests");
    let url = "https%3A%2F%2Fx.example%2Fi.jpg";
    is(&stage.notify(&token, &format!("message=hi&imageThumbnail={url}&imageFullsize={url}")), 200, OK);
    assert_eq!(stage.messages()[1]["link"], "https://x.example/i.jpg");
}

#[test]
fn a_silent_one_is_of_low_urgency() {
    let mut stage = Stage::new();
    let token = stage.member_door("line_notify");
    is(&stage.notify(&token, "message=hi&notificationDisabled=True"), 200, OK);
    assert_eq!(stage.world.count("SELECT urgency FROM events"), "2");
}

#[test]
fn a_fault_of_ours_has_the_old_form_too() {
    let mut stage = Stage::new();
    let token = stage.member_door("line_notify");
    stage.world.sql.exec("UPDATE doors SET kind = 'gone.kind'", &[]).unwrap();
    said(&stage.notify(&token, "message=hi"), 500, "Internal Server Error");
    let log = stage.world.log.0.borrow().join("\n");
    assert!(log.contains("UnknownKind") && !log.contains(&token), "{log}");
}
