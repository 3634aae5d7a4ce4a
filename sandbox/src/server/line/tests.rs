use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::super::tests::{control, http, start};
use super::super::{Route, Running};

const BOT: i64 = 2_000_000_002;

async fn api(running: &Running, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let (_, credentials) = http(running, "GET", "/control/line/credentials", "", "").await;
    let token = credentials[0]["channel_access_token"].as_str().unwrap();
    let headers = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    http(running, method, &format!("/line/api{path}"), &headers, &body).await
}

/// Takes one connection and answers it; gives what was asked.
async fn answer(hub: &TcpListener, status: &str) -> String {
    let (mut stream, _) = hub.accept().await.unwrap();
    let mut asked = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        asked.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&asked);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        if body.len() >= length.parse().unwrap() {
            break;
        }
    }
    stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).await.unwrap();
    String::from_utf8(asked).unwrap()
}

#[tokio::test]
async fn a_webhook_test_really_posts_and_tells_how_it_went() {
    let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let route = Route { from: "https://todoke.example".into(), to: hub.local_addr().unwrap().to_string() };
    let running = start(vec![route]).await;
    let endpoint = json!({"endpoint": "https://todoke.example/hooks/line/ws/in"});
    let set = api(&running, "PUT", "/v2/bot/channel/webhook/endpoint", &endpoint).await;
    assert_eq!(set, (200, json!({})));
    for (status, want) in
        [("200 OK", (true, 200, "OK")), ("401 Unauthorized", (false, 401, "ERROR_STATUS_CODE"))]
    {
        let path = "/v2/bot/channel/webhook/test";
        let ((code, told), asked) =
            tokio::join!(api(&running, "POST", path, &Value::Null), answer(&hub, status));
        assert!(asked.starts_with("POST /hooks/line/ws/in HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains("x-line-signature: ") && asked.contains(r#""events":[]"#), "{asked}");
        let got = (&told["success"], &told["statusCode"], &told["reason"]);
        assert_eq!((code, got), (200, (&json!(want.0), &json!(want.1), &json!(want.2))));
    }
    let elsewhere = json!({"endpoint": "https://nobody.example/"});
    let (_, told) = api(&running, "POST", "/v2/bot/channel/webhook/test", &elsewhere).await;
    assert_eq!((&told["success"], &told["reason"]), (&json!(false), &json!("COULD_NOT_CONNECT")));
}

#[tokio::test]
async fn people_add_write_and_block_through_the_control_api() {
    let running = start(Vec::new()).await;
    let person = |extra: Value| {
        let mut body = json!({"person": "sato"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    let talk = format!("oa:{BOT}");
    for (path, body, status) in [
        ("line/scan", person(json!({"link": "https://line.me/R/ti/p/%40todoke01"})), 200),
        ("line/scan", person(json!({"link": "@todoke01"})), 409),
        ("line/scan", person(json!({"link": "https://nobody.example/"})), 409),
        ("line/say", person(json!({"talk": talk, "text": "出勤"})), 200),
        ("line/send", person(json!({"talk": talk, "content": {"type": "image"}})), 200),
        ("line/press", person(json!({"talk": talk, "message": 1, "button": 0})), 409),
        ("line/block", person(json!({"channel": BOT})), 200),
        ("line/say", person(json!({"talk": talk, "text": "a"})), 409),
        ("line/befriend", person(json!({"channel": BOT})), 200),
        ("line/settings", json!({"channel": BOT, "set": {"quota": null, "redelivery": true}}), 200),
        ("line/settings", json!({"channel": 1, "set": {}}), 400),
        ("line/settings", json!({"channel": BOT, "set": {"unknown": 1}}), 400),
        (
            "faults",
            json!({"provider": "line", "operation": "push", "kind": "monthly_limit", "when": "count", "times": 1}),
            200,
        ),
    ] {
        let (got, reply) = control(&running, path, &body).await;
        assert_eq!(got, status, "{path} {body}: {reply}");
    }
    let (_, state) = http(&running, "GET", "/control/state", "", "").await;
    let sato = state["people"][0]["userId"].as_str().unwrap();
    let line = &state["line"];
    assert_eq!(line["contacts"][format!("{BOT}/{sato}")], "friend");
    assert_eq!(line["talks"][format!("oa:{BOT}/{sato}")]["messages"][0]["content"]["text"], "出勤");
    assert_eq!(
        (&line["accounts"][0]["quota"], &line["accounts"][0]["redelivery"]),
        (&json!(null), &json!(true))
    );
    let to = running.hall.peek(|world| world.line_user_id(BOT, "sato").unwrap());
    let push = json!({"to": to, "messages": [{"type": "text", "text": "a"}]});
    let (status, refused) = api(&running, "POST", "/v2/bot/message/push", &push).await;
    assert_eq!((status, &refused["message"]), (429, &json!("You have reached your monthly limit.")));
    assert_eq!(api(&running, "POST", "/v2/bot/message/push", &push).await.0, 200);
    assert_eq!(state["violations"], json!([]));
}

#[tokio::test]
async fn login_and_friend_pages_are_served() {
    let running = start(Vec::new()).await;
    assert_eq!(http(&running, "GET", "/line/friend/%40todoke01", "", "").await.0, 200);
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    assert_eq!(http(&running, "POST", "/line/friend/@todoke01", kind, "person=ito").await.0, 200);
    let query = "response_type=code&client_id=2000000001&state=s&scope=openid%20profile\
        &redirect_uri=http%3A%2F%2F127.0.0.1%3A8787%2Fauth%2Fcallback%2Fline";
    let page = format!("/line/access/oauth2/v2.1/authorize?{query}");
    assert_eq!(http(&running, "GET", &page, "", "").await.0, 200);
    let form = format!("request={}&person=ito&answer=allow", query.replace('%', "%25").replace('&', "%26"));
    let (status, _) = http(&running, "POST", "/line/access/oauth2/v2.1/login", kind, &form).await;
    assert_eq!(status, 302);
    assert_eq!(http(&running, "GET", "/line/access/oauth2/v2.1/authorize?client_id=1", "", "").await.0, 400);
    for asset in ["/line.js", "/lineworks.js", "/mail.js", "/flex.js"] {
        assert_eq!(http(&running, "GET", asset, "", "").await.0, 200, "{asset}");
    }
}
