use serde_json::{Value, json};

use super::super::super::{Answer, FaultKind, FaultTarget, FaultWhen};
use super::*;

const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";

fn bubble() -> Value {
    json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [
        {"type": "text", "text": "見積の確認"}]}, "footer": {"type": "box", "layout": "vertical", "contents": [
        {"type": "button", "action": {"type": "postback", "label": "完了", "data": "v1|done"}}]}})
}

#[test]
fn a_push_reaches_friends_and_those_who_wrote_lately() {
    let mut client = Client::with_friends(&["sato"]);
    for (name, want) in [("sato", 1), ("ito", 0)] {
        let reply = client.push(&client.user(name), None);
        assert_eq!(reply.status, 200, "{name}");
        assert!(reply.body_json()["sentMessages"][0]["id"].is_string());
        assert!(reply.header("x-line-request-id").is_some());
        assert_eq!(client.texts(name).len(), want, "{name}");
    }
    client.world.line_say("ito", &format!("oa:{BOT}"), "a", NOW).unwrap();
    client.push(&client.user("ito"), None);
    assert_eq!(client.texts("ito"), ["a", "こんにちは"]);
    client.now += 7 * DAY;
    client.push(&client.user("ito"), None);
    client.world.line_block("sato", BOT, client.now).unwrap();
    assert_eq!(client.push(&client.user("sato"), None).status, 200);
    assert_eq!((client.texts("ito").len(), client.texts("sato").len()), (2, 1));
}

#[test]
fn user_ids_belong_to_a_provider() {
    let mut client = Client::with_friends(&["sato"]);
    let other = client.world.line_user_id(OTHER_BOT, "sato").unwrap();
    assert_ne!(other, client.user("sato"));
    assert_eq!(client.world.line_user_id(LOGIN, "sato").unwrap(), client.user("sato"));
    assert_eq!(message(&client.push(&other, None)), (400, "Failed to send messages".into()));
    for bad in ["x", "U123", &other.to_uppercase()] {
        assert_eq!(client.push(bad, None).status, 400, "{bad}");
    }
    let multicast = json!({"to": [other, client.user("sato")], "messages": [{"type": "text", "text": "a"}]});
    assert_eq!(client.call("POST", "/v2/bot/message/multicast", &multicast).status, 200);
    assert_eq!(client.texts("sato").len(), 1);
    client.set(json!({"multicast_refuses_foreign": true}));
    assert_eq!(client.call("POST", "/v2/bot/message/multicast", &multicast).status, 400);
    assert_eq!(client.texts("sato").len(), 1);
}

#[test]
fn a_retry_key_answers_409_for_a_day_and_then_sends_again() {
    let mut client = Client::with_friends(&["sato"]);
    let to = client.user("sato");
    let first = client.push(&to, Some(KEY));
    client.now += DAY - 1;
    let again = client.push(&to, Some(KEY));
    assert_eq!(message(&again), (409, "The retry key is already accepted".into()));
    assert_eq!(again.body_json()["sentMessages"], first.body_json()["sentMessages"]);
    assert_eq!(again.header("x-line-accepted-request-id"), first.header("x-line-request-id"));
    assert_ne!(again.header("x-line-request-id"), first.header("x-line-request-id"));
    assert_eq!(client.texts("sato").len(), 1);
    client.now += 1;
    assert_eq!(client.push(&to, Some(KEY)).status, 200);
    assert_eq!(client.texts("sato").len(), 2);
    let multicast = json!({"to": [to], "messages": [{"type": "text", "text": "b"}]}).to_string();
    let other = [("X-Line-Retry-Key", "00000000-e89b-12d3-a456-426614174000")];
    let path = "/v2/bot/message/multicast";
    assert_eq!(client.send("POST", path, multicast.as_bytes(), &other).status, 200);
    let again = client.send("POST", path, multicast.as_bytes(), &other);
    assert_eq!((again.status, again.body_json().get("sentMessages")), (409, None));
}

#[test]
fn a_retry_key_must_be_a_uuid_and_belongs_to_push_and_multicast() {
    let mut client = Client::with_friends(&["sato"]);
    let to = client.user("sato");
    for bad in ["x", "", "123e4567e89b12d3a456426614174000", "g23e4567-e89b-12d3-a456-426614174000"] {
        assert_eq!(client.push(&to, Some(bad)).status, 400, "{bad}");
    }
    let headers = [("X-Line-Retry-Key", KEY)];
    for path in ["/v2/bot/info", "/v2/bot/message/quota"] {
        assert_eq!(client.send("GET", path, b"", &headers).status, 400, "{path}");
    }
    assert_eq!(client.texts("sato").len(), 0);
}

#[test]
fn a_timeout_after_acceptance_is_found_by_its_key() {
    let mut client = Client::with_friends(&["sato"]);
    let to = client.user("sato");
    let target = FaultTarget::Line { operation: Some("push".into()) };
    client.world.faults.add(target.clone(), FaultKind::TimeoutAfter, FaultWhen::Count { times: 1 });
    let body = json!({"to": to, "messages": [{"type": "text", "text": "a"}]}).to_string().into_bytes();
    let headers = vec![
        ("Authorization".to_owned(), format!("Bearer {}", client.token)),
        ("Content-Type".to_owned(), "application/json".to_owned()),
        ("x-line-retry-key".to_owned(), KEY.to_owned()),
    ];
    let request = Request { method: "POST".into(), path: "/v2/bot/message/push".into(), headers, body };
    let answer = client.world.http(Face::LineApi, &request, NOW);
    assert_eq!(answer, Answer::Silence { accepted: true });
    assert_eq!(reply(client.world.http(Face::LineApi, &request, NOW)).status, 409);
    for (kind, want) in [
        (FaultKind::TooManyRequests, (429, super::super::RATE_LIMIT)),
        (FaultKind::MonthlyLimit, (429, super::super::MONTHLY_LIMIT)),
        (FaultKind::ServerError { status: 503 }, (503, "Internal server error")),
    ] {
        client.world.faults.add(target.clone(), kind, FaultWhen::Count { times: 1 });
        let refused = client.push(&to, None);
        assert_eq!(message(&refused), (want.0, want.1.to_owned()));
        assert!(refused.header("x-line-request-id").is_some());
    }
    client.world.faults.add(target, FaultKind::Drop, FaultWhen::Count { times: 1 });
    assert_eq!(client.push(&to, None).status, 200);
    assert_eq!(client.texts("sato"), ["a"]);
}

#[test]
fn the_month_is_counted_by_recipients_and_begins_in_japan() {
    let mut client = Client::with_friends(&["sato", "ito"]);
    let used = |client: &mut Client| {
        client.get("/v2/bot/message/quota/consumption").body_json()["totalUsage"].as_u64().unwrap()
    };
    assert_eq!(client.get("/v2/bot/message/quota").body_json(), json!({"type": "limited", "value": 200}));
    client.push(&client.user("sato"), None);
    client.push(&client.user("tanaka"), None);
    assert_eq!(used(&mut client), 1);
    let both = json!({"to": [client.user("sato"), client.user("ito"), client.user("sato")],
        "messages": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]});
    assert_eq!(client.call("POST", "/v2/bot/message/multicast", &both).status, 200);
    assert_eq!(used(&mut client), 3);
    client.set(json!({"quota": 4}));
    let refused = client.call("POST", "/v2/bot/message/multicast", &both);
    assert_eq!(message(&refused), (429, "You have reached your monthly limit.".into()));
    assert_eq!(client.push(&client.user("sato"), None).status, 200);
    assert_eq!(client.push(&client.user("sato"), Some(KEY)).status, 429);
    // The month of NOW, September 2026, ends at 15:00 UTC.
    client.now = 1_790_780_399_999;
    assert_eq!(client.push(&client.user("sato"), Some(KEY)).status, 429);
    client.now += 1;
    assert_eq!(client.push(&client.user("sato"), Some(KEY)).status, 200);
    assert_eq!(used(&mut client), 1);
    client.set(json!({"quota": null}));
    assert_eq!(client.get("/v2/bot/message/quota").body_json(), json!({"type": "none"}));
}

#[test]
fn a_rate_is_a_bucket_of_each_operation() {
    let mut client = Client::with_friends(&["sato"]);
    client.set(json!({"rate": ["push", 2]}));
    let to = client.user("sato");
    let statuses: Vec<u16> = (0..3).map(|_| client.push(&to, None).status).collect();
    assert_eq!(statuses, [200, 200, 429]);
    assert_eq!(message(&client.push(&to, None)).1, super::super::RATE_LIMIT);
    assert_eq!(client.get("/v2/bot/info").status, 200);
    client.now += 500;
    assert_eq!([client.push(&to, None).status, client.push(&to, None).status], [200, 429]);
}

#[test]
fn messages_are_held_to_schema_and_limits() {
    let mut client = Client::new();
    let uri = |uri: &str| json!({"type": "uri", "label": "開く", "uri": uri});
    let buttons = |text: &str, actions: Value| json!({"type": "template", "altText": "a", "template": {"type": "buttons", "text": text, "actions": actions}});
    let quick = |label: &str| json!({"action": {"type": "message", "label": label, "text": "a"}});
    let flex = |contents: Value| json!({"type": "flex", "altText": "a", "contents": contents});
    let family = "👨‍👩‍👧";
    for good in [
        json!({"type": "text", "text": "あ".repeat(5_000)}),
        json!({"type": "text", "text": "a", "quickReply": {"items": vec![quick(&family.repeat(20)); 13]}}),
        json!({"type": "textV2", "text": "{a} {{x}}", "substitution":
            {"a": {"type": "mention", "mentionee": {"type": "all"}}}}),
        buttons(&"あ".repeat(160), json!([uri("https://a.example/?q=%E6%B8%AF")])),
        flex(bubble()),
        flex(json!({"type": "carousel", "contents": vec![bubble(); 12]})),
        json!({"type": "image", "originalContentUrl": "https://a.example/a.png",
            "previewImageUrl": "https://a.example/a.png"}),
    ] {
        let reply = client.call("POST", "/v2/bot/message/validate/push", &json!({"messages": [good]}));
        assert_eq!((reply.status, reply.body_json()), (200, json!({})), "{good}");
    }
    let long = |node: Value| json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [node]}});
    for (bad, property) in [
        (json!({"type": "text", "text": ""}), "messages[0].text"),
        (json!({"type": "text", "text": "🍎".repeat(2_501)}), "messages[0].text"),
        (json!({"type": "textV2", "text": "{a}"}), "messages[0].text"),
        (json!({"type": "unknown"}), "messages[0].type"),
        (
            json!({"type": "text", "text": "a", "quickReply": {"items": vec![quick("a"); 14]}}),
            "messages[0].quickReply.items",
        ),
        (
            json!({"type": "text", "text": "a", "quickReply": {"items": [quick(&family.repeat(21))]}}),
            "messages[0].quickReply.items[0].action.label",
        ),
        (buttons(&"あ".repeat(161), json!([uri("https://a.example")])), "messages[0].template.text"),
        (buttons("a", json!(vec![uri("https://a.example"); 5])), "messages[0].template.actions"),
        (buttons("a", json!([uri("ftp://a.example")])), "messages[0].template.actions[0].uri"),
        (buttons("a", json!([uri("https://a.example/港")])), "messages[0].template.actions[0].uri"),
        (
            buttons("a", json!([{"type": "postback", "label": "a", "data": "x".repeat(301)}])),
            "messages[0].template.actions[0].data",
        ),
        (
            json!({"type": "template", "altText": "a", "template":
            {"type": "confirm", "text": "a", "actions": [uri("https://a.example")]}}),
            "messages[0].template.actions",
        ),
        (json!({"type": "flex", "altText": "あ".repeat(1_501), "contents": bubble()}), "messages[0].altText"),
        (flex(long(json!({"type": "text", "text": ""}))), "messages[0].contents.body.contents[0].text"),
        (flex(long(json!({"type": "text", "text": "a".repeat(31_000)}))), "messages[0].contents"),
        (flex(json!({"type": "carousel", "contents": vec![bubble(); 13]})), "messages[0].contents.contents"),
        (flex(json!({"type": "bubble"})), "messages[0].contents"),
        (
            json!({"type": "image", "originalContentUrl": "http://a.example", "previewImageUrl": "https://a.example"}),
            "messages[0].originalContentUrl",
        ),
    ] {
        let reply = client.call("POST", "/v2/bot/message/validate/push", &json!({"messages": [bad]}));
        assert_eq!(
            message(&reply),
            (400, "The request body has 1 error(s)".into()),
            "{bad} {}",
            reply.body_json()
        );
        assert_eq!(reply.body_json()["details"][0]["property"], property, "{bad}");
    }
    let six = json!({"messages": vec![json!({"type": "text", "text": "a"}); 6]});
    assert_eq!(client.call("POST", "/v2/bot/message/validate/reply", &six).status, 400);
}

#[test]
fn a_request_must_be_well_formed_and_authorised() {
    let mut client = Client::new();
    let path = "/v2/bot/message/push";
    assert_eq!(client.send("POST", path, b"{", &[]).status, 400);
    assert_eq!(client.send("POST", path, b"{}", &[("Content-Type", "text/plain")]).status, 415);
    assert_eq!(client.send("POST", path, &vec![b' '; 2 * 1024 * 1024 + 1], &[]).status, 413);
    assert_eq!(message(&client.get("/v2/bot/nothing")), (404, "Not found".into()));
    assert!(client.world.violations().is_empty());
    assert_eq!(client.send("POST", path, b"{}", &[]).status, 400);
    assert_eq!(client.world.violations().len(), 1);
    let old = client.token.clone();
    client.token = client.world.line_reissue_token(BOT).unwrap();
    assert_eq!(client.get("/v2/bot/info").status, 200);
    client.token = old;
    assert_eq!(client.get("/v2/bot/info").status, 401);
    client.token = client.world.line.messaging(OTHER_BOT).unwrap().token.clone();
    assert_eq!(client.get("/v2/bot/info").body_json()["basicId"], "@betsuno1");
}

#[test]
fn people_are_told_of_to_the_bot_they_follow() {
    let mut client = Client::with_friends(&["sato"]);
    let path = |client: &Client, name: &str| format!("/v2/bot/profile/{}", client.user(name));
    let sato = path(&client, "sato");
    assert_eq!(client.get(&sato).body_json()["displayName"], "佐藤 花子");
    let ito = path(&client, "ito");
    assert_eq!(client.get(&ito).status, 404);
    assert_eq!(client.get("/v2/bot/profile/x").status, 400);
    client.world.line_block("sato", BOT, NOW).unwrap();
    assert_eq!(client.get(&sato).status, 404);
    assert_eq!(client.get("/v2/bot/followers/ids").status, 403);
    client.set(json!({"verified": true}));
    assert_eq!(client.get("/v2/bot/followers/ids").body_json(), json!({"userIds": []}));
    let crowd = client.world.line_crowd(BOT, 500);
    client.set(json!({"quota": null}));
    let body = json!({"to": crowd, "messages": [{"type": "text", "text": "a"}]});
    assert_eq!(client.call("POST", "/v2/bot/message/multicast", &body).status, 200);
    assert_eq!(client.get("/v2/bot/message/quota/consumption").body_json()["totalUsage"], 500);
    let first = client.get("/v2/bot/followers/ids?limit=300").body_json();
    assert_eq!((first["userIds"].as_array().unwrap().len(), &first["next"]), (300, &json!("300")));
    let to = [crowd, vec![client.user("sato")]].concat();
    let more = json!({"to": to, "messages": [{"type": "text", "text": "a"}]});
    assert_eq!(client.call("POST", "/v2/bot/message/multicast", &more).status, 400);
}
