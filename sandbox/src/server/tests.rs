use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Config, Route, Running, serve};
use crate::world::CallbackAnswer;
use crate::world::keys::testing::keys;

pub(super) async fn start(routes: Vec<Route>) -> Running {
    let keys = Some(keys().clone());
    serve(Config { http_port: 0, smtp_port: 0, routes, keys, ..Config::default() }).await.unwrap()
}

/// One request on a connection of its own: status and body.
pub(super) async fn http(
    running: &Running,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> (u16, Value) {
    let mut stream = TcpStream::connect(running.http_addr).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
}

pub(super) async fn control(running: &Running, path: &str, body: &Value) -> (u16, Value) {
    let path = format!("/control/{path}");
    http(running, "POST", &path, "Content-Type: application/json\r\n", &body.to_string()).await
}

/// A bot made through the front door.
async fn bot(running: &Running) -> i64 {
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
    let (_, credentials) = http(running, "GET", "/control/credentials", "", "").await;
    let app = &credentials["lineworks"];
    let now = super::now_ms() / 1000;
    let claims =
        json!({"iss": app["client_id"], "sub": app["service_account"], "iat": now, "exp": now + 600});
    let key = EncodingKey::from_rsa_pem(app["private_key"].as_str().unwrap().as_bytes()).unwrap();
    let form = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion={}&client_id={}&client_secret={}&scope=bot",
        encode(&Header::new(Algorithm::RS256), &claims, &key).unwrap(),
        app["client_id"].as_str().unwrap(),
        app["client_secret"].as_str().unwrap(),
    );
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    let (status, token) = http(running, "POST", "/lineworks/auth/oauth2/v2.0/token", kind, &form).await;
    assert_eq!(status, 200, "{token}");
    let headers = format!(
        "Content-Type: application/json\r\nAuthorization: Bearer {}\r\n",
        token["access_token"].as_str().unwrap()
    );
    let body = json!({"botName": "届け", "photoUrl": "https://a.example/a.png", "description": "d",
        "administrators": [app["admin_user_id"]], "enableCallback": true, "callbackEvents": ["text"],
        "callbackUrl": "https://todoke.example/hooks/x?y=1"});
    let (status, made) = http(running, "POST", "/lineworks/api/v1.0/bots", &headers, &body.to_string()).await;
    assert_eq!(status, 201, "{made}");
    let id = made["botId"].as_i64().unwrap();
    let path = format!("/lineworks/api/v1.0/bots/{id}/domains/{}", app["domain_id"]);
    assert_eq!(http(running, "POST", &path, &headers, r#"{"visible":true}"#).await.0, 201);
    id
}

#[tokio::test]
async fn a_callback_goes_where_its_route_says() {
    let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let route = Route { from: "https://todoke.example".into(), to: hub.local_addr().unwrap().to_string() };
    let running = start(vec![route]).await;
    let bot = bot(&running).await;
    let said = json!({"person": "sato", "talk": format!("bot:{bot}"), "text": "出勤"});
    assert_eq!(control(&running, "say", &said).await.0, 200);
    let (mut stream, _) = hub.accept().await.unwrap();
    let mut received = vec![0; 4096];
    let mut length = 0;
    while !String::from_utf8_lossy(&received[..length]).contains("出勤") {
        length += stream.read(&mut received[length..]).await.unwrap();
    }
    let text = String::from_utf8_lossy(&received[..length]).into_owned();
    assert!(text.starts_with("POST /hooks/x?y=1 HTTP/1.1\r\nHost: todoke.example\r\n"), "{text}");
    assert!(text.contains("X-WORKS-Signature: "), "{text}");
    let mut changed = running.hall.changed.subscribe();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    drop(stream);
    let answered = async {
        while running.hall.peek(|w| w.callbacks().next_back().unwrap().answer)
            != CallbackAnswer::Answered(200)
        {
            changed.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), answered).await.unwrap();
}

#[tokio::test]
async fn a_callback_without_a_route_fails_and_is_shown() {
    let running = start(Vec::new()).await;
    let bot = bot(&running).await;
    let mut changed = running.hall.changed.subscribe();
    control(&running, "say", &json!({"person": "sato", "talk": format!("bot:{bot}"), "text": "a"})).await;
    let failed = async {
        while running.hall.peek(|w| w.callbacks().next().unwrap().answer) != CallbackAnswer::Failed {
            changed.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), failed).await.unwrap();
    let (_, state) = http(&running, "GET", "/control/state", "", "").await;
    assert_eq!(state["callbacks"][0]["answer"], "failed");
}

/// Reads one request whole.
async fn received(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece).await.unwrap();
        text.push_str(&String::from_utf8_lossy(&piece[..length]));
        let told = text.split_once("\r\n\r\n").and_then(|(head, body)| {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "))?;
            Some(body.len() >= length.parse().unwrap())
        });
        if told == Some(true) || length == 0 {
            return text;
        }
    }
}

#[tokio::test]
async fn a_slack_app_proves_its_url_and_hears_of_a_press() {
    let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let route = Route { from: "https://todoke.example".into(), to: hub.local_addr().unwrap().to_string() };
    let running = start(vec![route]).await;
    let urls = json!({"events_url": "https://todoke.example/hooks/slack",
        "interactivity_url": "https://todoke.example/hooks/slack", "events": []});
    assert_eq!(control(&running, "slack/settings", &urls).await.0, 200);
    let (mut stream, _) = hub.accept().await.unwrap();
    let asked = received(&mut stream).await;
    assert!(asked.starts_with("POST /hooks/slack HTTP/1.1\r\n") && asked.contains("X-Slack-Signature: v0="));
    let body: Value = serde_json::from_str(asked.split_once("\r\n\r\n").unwrap().1).unwrap();
    let challenge = body["challenge"].as_str().unwrap();
    let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{challenge}", challenge.len());
    let mut changed = running.hall.changed.subscribe();
    stream.write_all(reply.as_bytes()).await.unwrap();
    let verified = async {
        while !running.hall.peek(|world| world.slack().app("A0TODOKE001").unwrap().events_verified) {
            changed.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), verified).await.unwrap();

    let (_, credentials) = http(&running, "GET", "/control/credentials", "", "").await;
    let token = credentials["slack"]["bot_token"].as_str().unwrap();
    let headers =
        format!("Content-Type: application/json; charset=utf-8\r\nAuthorization: Bearer {token}\r\n");
    let post = json!({"channel": "U0MINATO01", "text": "a", "blocks": [{"type": "actions", "elements": [
        {"type": "button", "text": {"type": "plain_text", "text": "a"}, "value": "v"}]}]});
    let (status, posted) =
        http(&running, "POST", "/slack/api/chat.postMessage", &headers, &post.to_string()).await;
    assert_eq!((status, &posted["ok"]), (200, &json!(true)), "{posted}");
    let press = json!({"person": "sato", "channel": posted["channel"], "ts": posted["ts"], "button": 0});
    assert_eq!(control(&running, "slack/press", &press).await, (200, json!({"sent": true})));
    let (mut stream, _) = hub.accept().await.unwrap();
    assert!(received(&mut stream).await.contains("\r\n\r\npayload=%7B"));
    assert_eq!(
        control(&running, "slack/say", &json!({"person": "sato", "channel": "x", "text": "a"})).await.0,
        409
    );
    let (_, state) = http(&running, "GET", "/control/state", "", "").await;
    assert_eq!(state["slack"]["talks"][posted["channel"].as_str().unwrap()]["total"], 1);
    assert_eq!(running.hall.peek(|world| world.violations().to_vec()), []);
}

#[tokio::test]
async fn a_mail_goes_through_both_ports() {
    let running = start(Vec::new()).await;
    let mut stream = TcpStream::connect(running.smtp_addr).await.unwrap();
    let mail = "EHLO a\r\nAUTH PLAIN AHRvZG9rZQBzYW5kYm94LW1haWw=\r\nMAIL FROM:<n@a.example>\r\n\
        RCPT TO:<new@minato.example>\r\nDATA\r\nFrom: n@a.example\r\nDate: x\r\nMessage-ID: <1@a>\r\n\
        Subject: s\r\n\r\nhello\r\n.\r\nQUIT\r\n";
    stream.write_all(mail.as_bytes()).await.unwrap();
    let mut replies = String::new();
    stream.read_to_string(&mut replies).await.unwrap();
    assert!(replies.ends_with("221 2.0.0 bye\r\n"), "{replies}");
    let (_, mailbox) = http(&running, "GET", "/control/mailbox/new@minato.example", "", "").await;
    assert_eq!(mailbox["mails"][0]["text"], "hello\r\n");
    let no = &mailbox["mails"][0]["no"];
    assert_eq!(http(&running, "GET", &format!("/control/mail/{no}"), "", "").await.1["subject"], "s");
    assert_eq!(control(&running, "reset", &json!({})).await.0, 200);
    assert_eq!(http(&running, "GET", &format!("/control/mail/{no}"), "", "").await.0, 404);
}

#[tokio::test]
async fn control_refuses_with_a_reason() {
    let running = start(Vec::new()).await;
    for (path, body, status) in [
        ("say", json!({"person": "sato", "talk": "x", "text": "a"}), 400),
        ("say", json!({"person": "sato", "talk": "bot:1", "text": "a"}), 409),
        ("say", json!({"person": "sato", "talk": "bot:1"}), 400),
        ("limits", json!({"unknown": 1}), 400),
        ("faults", json!({"provider": "smtp", "kind": "nothing", "when": "always"}), 400),
        ("faults", json!({"provider": "smtp", "kind": "server_error", "status": 451, "when": "always"}), 200),
        ("limits", json!({"lineworks_per_minute": 60}), 200),
    ] {
        let (got, reply) = control(&running, path, &body).await;
        assert_eq!(got, status, "{path} {body}: {reply}");
        assert_eq!(reply["error"].is_string(), status != 200, "{reply}");
    }
    let (_, state) = http(&running, "GET", "/control/state", "", "").await;
    assert_eq!(state["limits"]["lineworks_per_minute"], 60);
    assert_eq!(state["faults"].as_array().unwrap().len(), 1);
    assert_eq!(http(&running, "DELETE", "/control/faults", "", "").await.0, 200);
    let (_, log) = http(&running, "GET", "/control/log?after=0", "", "").await;
    assert_eq!(log["entries"], json!([]));
}

#[test]
fn routes_are_read_or_refused() {
    let route: Route = "https://todoke.example/=http://127.0.0.1:8787".parse().unwrap();
    assert_eq!((route.from.as_str(), route.to.as_str()), ("https://todoke.example", "127.0.0.1:8787"));
    for bad in [
        "",
        "https://a.example",
        "http://a.example=http://b:1",
        "https://a=https://b:1",
        "https://a=http://b",
    ] {
        assert!(bad.parse::<Route>().is_err(), "{bad}");
    }
}
