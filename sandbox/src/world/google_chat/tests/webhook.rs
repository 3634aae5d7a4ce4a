use super::*;
use crate::world::{FaultKind, FaultTarget, FaultWhen};

#[test]
fn a_webhook_writes_into_its_space_and_is_told_little() {
    let mut client = Client::new();
    let (space, url) = client.webhook();
    assert!(url.ends_with("%3D"), "the copied URL has an escape: {url}");
    let reply = client.hook(&url, "", &text("*本日の予定* 3件"));
    let body = reply.body_json();
    let name = body["name"].as_str().unwrap();
    let (thread, id) = name.rsplit('/').next().unwrap().split_once('.').unwrap();
    assert_eq!(thread, id, "it begins a thread");
    assert_eq!(
        body,
        json!({"name": name, "thread": {"name": format!("spaces/{space}/threads/{thread}")},
            "space": {"name": format!("spaces/{space}")}, "text": "*本日の予定* 3件"})
    );
    assert_eq!(client.texts(&space), ["*本日の予定* 3件"]);
    client.keeps_to_the_contract();
}

#[test]
fn the_url_must_be_verbatim() {
    let mut client = Client::new();
    let (space, url) = client.webhook();
    let other = client.space("受付");
    let base = format!("https://chat.googleapis.com/v1/spaces/{space}/messages");
    let key = WEBHOOK_KEY;
    for (url, want) in [
        (base.clone(), (403, "PERMISSION_DENIED")),
        (format!("{base}?key={key}"), (403, "PERMISSION_DENIED")),
        (format!("{base}?key={key}&token=wrong"), (403, "PERMISSION_DENIED")),
        (url.replace('&', "&amp;"), (403, "PERMISSION_DENIED")),
        (url.replace(key, "other"), (400, "INVALID_ARGUMENT")),
        (url.replace(&space, &other), (403, "PERMISSION_DENIED")),
        (url.replace("/messages", "/messages/x.x"), (404, "NOT_FOUND")),
        (url, (200, "")),
    ] {
        assert_eq!(code(&client.hook(&url, "", &text("a"))), (want.0, want.1.to_owned()), "{url}");
    }
}

#[test]
fn a_webhook_only_creates() {
    let mut client = Client::new();
    let (_, url) = client.webhook();
    let name = client.hook(&url, "", &text("a")).body_json()["name"].as_str().unwrap().to_owned();
    let query = url.split_once('?').unwrap().1.to_owned();
    for (method, path) in [
        ("GET", format!("/v1/{name}?{query}")),
        ("PATCH", format!("/v1/{name}?updateMask=text&{query}")),
        ("DELETE", format!("/v1/{name}?{query}")),
    ] {
        let headers = vec![("Content-Type".into(), JSON.into())];
        let request = Request { method: method.into(), path, headers, body: b"{\"text\":\"b\"}".to_vec() };
        assert_eq!(code(&client.ask(Face::GoogleChat, &request)).0, 403, "{method}");
    }
}

#[test]
fn deleted_webhooks_and_spaces_answer_as_the_switch_says() {
    for status in [403, 404] {
        let mut client = Client::new();
        client.world.google_chat.settings.deleted_webhook_status = status;
        let (space, url) = client.webhook();
        let second = create_webhook(&mut client.world, "sato", &space, "b").unwrap();
        delete_webhook(&mut client.world, &url).unwrap();
        assert_eq!(code(&client.hook(&url, "", &text("a"))).0, status);
        assert_eq!(client.hook(&second, "", &text("a")).status, 200);
        delete_space(&mut client.world, "ito", &space, NOW).unwrap();
        assert_eq!(code(&client.hook(&second, "", &text("a"))).0, status);
    }
    let mut client = Client::new();
    let (_, url) = client.webhook();
    client.world.google_chat.settings.webhooks_allowed = false;
    assert_eq!(code(&client.hook(&url, "", &text("a"))).0, 403);
}

#[test]
fn threads_follow_their_option() {
    let mut client = Client::new();
    let (space, url) = client.webhook();
    let keyed = |key: &str| json!({"text": "a", "thread": {"threadKey": key}});
    let mut thread = |more: &str, body: &Value| {
        let reply = client.hook(&url, more, body);
        let name = reply.body_json()["thread"]["name"].as_str().unwrap_or_default().to_owned();
        (reply.status, name)
    };
    let fallback = "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";
    let or_fail = "&messageReplyOption=REPLY_MESSAGE_OR_FAIL";
    let first = thread(fallback, &keyed("digest"));
    assert_eq!(thread(fallback, &keyed("digest")), first, "the same key, the same thread");
    assert_ne!(thread("", &keyed("digest")), first, "without the option the key is ignored");
    assert_ne!(thread(fallback, &keyed("other")), first);
    assert_eq!(thread(or_fail, &keyed("digest")), first);
    assert_eq!(thread(or_fail, &keyed("never")).0, 404);
    let named = json!({"text": "a", "thread": {"name": first.1}});
    assert_eq!(thread(fallback, &named), first);
    assert_eq!(thread(or_fail, &json!({"text": "a", "thread": {"name": "spaces/x/threads/y"}})).0, 404);
    assert_eq!(thread(&format!("{fallback}&threadKey=digest"), &text("a")), first, "deprecated, still read");
    assert_eq!(thread("&messageReplyOption=SOMETHING", &text("a")).0, 400);
    assert_eq!(thread(fallback, &keyed(&"k".repeat(4_001))).0, 400);
    assert_eq!(thread(fallback, &keyed(&"k".repeat(4_000))).0, 200);
    let other = create_webhook(&mut client.world, "ito", &space, "b").unwrap();
    let reply = client.hook(&other, fallback, &keyed("digest")).body_json();
    assert_ne!(reply["thread"]["name"], first.1, "a key belongs to its webhook");
}

#[test]
fn the_same_request_id_is_one_message() {
    let mut client = Client::new();
    let (space, url) = client.webhook();
    let first = client.hook(&url, "&requestId=4f1b", &text("a")).body_json();
    let second = client.hook(&url, "&requestId=4f1b", &text("b")).body_json();
    assert_eq!(first, second, "the first message comes back");
    assert_eq!(client.texts(&space), ["a"]);
    let other = create_webhook(&mut client.world, "ito", &space, "b").unwrap();
    assert_ne!(client.hook(&other, "&requestId=4f1b", &text("c")).body_json()["name"], first["name"]);
    client.world.google_chat.settings.webhook_request_id = false;
    client.hook(&url, "&requestId=4f1b", &text("d"));
    assert_eq!(client.texts(&space), ["a", "c", "d"], "unconfirmed, so it can be off");
}

#[test]
fn a_message_id_is_given_once() {
    let mut client = Client::new();
    let (_, url) = client.webhook();
    for (id, status) in [
        ("client-a1", 200),
        ("client-a1", 409),
        ("client-", 400),
        ("custom", 400),
        ("client-Upper", 400),
        ("client-a_b", 400),
    ] {
        let reply = client.hook(&url, &format!("&messageId={id}"), &text("a"));
        assert_eq!(reply.status, status, "{id}: {}", reply.body_json());
    }
    let longest = format!("client-{}", "a".repeat(56));
    assert_eq!(client.hook(&url, &format!("&messageId={longest}"), &text("a")).status, 200);
    assert_eq!(client.hook(&url, &format!("&messageId={longest}a"), &text("a")).status, 400);
}

#[test]
fn the_second_is_shared_by_all_webhooks_of_a_space() {
    let mut client = Client::new();
    let (space, url) = client.webhook();
    let second = create_webhook(&mut client.world, "ito", &space, "b").unwrap();
    assert_eq!(client.hook(&url, "", &text("a")).status, 200);
    client.now -= 500;
    let refused = client.hook(&second, "", &text("b"));
    assert_eq!(code(&refused), (429, "RESOURCE_EXHAUSTED".into()), "half a second later, by another");
    assert_eq!(refused.body_json()["error"]["details"][0]["reason"], "RATE_LIMIT_EXCEEDED");
    assert!(refused.header("retry-after").is_none());
    assert_eq!(client.hook(&second, "", &text("b")).status, 200, "a second and a half later");
}

#[test]
fn faults_strike_and_are_logged() {
    for (kind, status, arrives) in [
        (FaultKind::TooManyRequests, Some(429), 0),
        (FaultKind::ServerError { status: 500 }, Some(500), 0),
        (FaultKind::ServerError { status: 503 }, Some(503), 0),
        (FaultKind::ServerError { status: 502 }, Some(502), 0),
        (FaultKind::TimeoutBefore, None, 0),
        (FaultKind::TimeoutAfter, None, 1),
        (FaultKind::Drop, Some(200), 0),
        (FaultKind::Slow { ms: 50 }, Some(200), 1),
    ] {
        let mut client = Client::new();
        let (space, url) = client.webhook();
        let target = FaultTarget::GoogleChat { operation: Some("create_message".into()) };
        client.world.faults.add(target, kind, FaultWhen::Count { times: 1 });
        let request = Request {
            method: "POST".into(),
            path: url.strip_prefix("https://chat.googleapis.com").unwrap().to_owned(),
            headers: vec![("Content-Type".into(), JSON.into())],
            body: b"{\"text\":\"a\"}".to_vec(),
        };
        let answer = client.world.http(Face::GoogleChat, &request, NOW);
        let got = match &answer {
            Answer::Reply { reply, .. } => Some(reply.status),
            Answer::Silence { .. } => None,
        };
        assert_eq!(got, status, "{kind:?}");
        if let (Answer::Reply { reply, .. }, Some(502)) = (&answer, status) {
            assert!(reply.header("content-type").unwrap().starts_with("text/html"), "the edge speaks HTML");
        }
        assert_eq!(client.texts(&space).len(), arrives, "{kind:?}");
        let entry = client.world.log().after(0).last().unwrap();
        assert_eq!((entry.face, entry.operation), ("google-chat", "create_message"));
        assert_eq!(entry.fault, Some(kind.name()));
        assert_eq!(client.hook(&url, "", &text("b")).status, 200, "the fault is over");
    }
}
