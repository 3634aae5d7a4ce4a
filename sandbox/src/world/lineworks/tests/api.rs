use serde_json::json;

use super::*;
use crate::world::{Author, FaultKind, FaultTarget, FaultWhen};

#[test]
fn a_message_reaches_the_talk_and_the_reply_is_empty() {
    let mut client = Client::new();
    let bot = client.bot();
    let content = json!({"type": "text", "text": "おはようございます"});
    let reply = client.send(bot, "sato", &content);
    assert_eq!((reply.status, reply.body.len()), (201, 0));
    let by_login = client.post(
        &format!("/bots/{bot}/users/sato%40minato/messages"),
        &json!({"content": {"type": "text", "text": "b"}}),
    );
    assert_eq!(by_login.status, 201);
    assert_eq!(client.texts("sato", bot), ["おはようございます", "b"]);
    assert_eq!(client.world.messages("sato", &TalkId::Bot(bot))[0].author, Author::Bot(bot));
    assert_eq!(client.world.messages("sato", &TalkId::Bot(bot))[0].at, NOW);
    assert!(client.texts("ito", bot).is_empty());
}

#[test]
fn refusals_of_sending() {
    let mut client = Client::new();
    let bot = client.bot();
    let content = json!({"content": {"type": "text", "text": "a"}});
    for (path, status, error) in [
        ("/bots/1/users/sato@minato/messages".to_owned(), 404, "NOT_FOUND"),
        ("/bots/x/users/sato@minato/messages".to_owned(), 404, "NOT_FOUND"),
        (format!("/bots/{bot}/users/nobody/messages"), 404, "NOT_FOUND"),
        (format!("/bots/{bot}/users/sato/messages"), 404, "NOT_FOUND"),
        (format!("/bots/{bot}/users/me/messages"), 403, "SERVICE_ACCOUNT_NOT_ALLOWED"),
        (format!("/bots/{bot}/channels/none/messages"), 404, "NOT_FOUND"),
        (format!("/bots/{bot}/channels/{}/messages", client.room("総務部")), 403, "ACCESS_DENIED"),
        (format!("/bots/{bot}/nothing"), 404, "NOT_FOUND"),
    ] {
        assert_eq!(code(&client.post(&path, &content)), (status, error.into()), "{path}");
    }
    let reply = client.post(&format!("/bots/{bot}/users/sato@minato/messages"), &json!({"content": {}}));
    assert_eq!(code(&reply), (400, "INVALID_PARAMETER".into()));
    let unparsed = client.post(&format!("/bots/{bot}/users/sato@minato/messages"), &json!([]));
    assert_eq!(unparsed.body_json()["description"], "Request body cannot be parsed.");
    let request = Request {
        method: "POST".into(),
        path: format!("/v1.0/bots/{bot}/users/sato@minato/messages"),
        headers: vec![("Authorization".into(), format!("Bearer {}", client.token))],
        body: content.to_string().into_bytes(),
    };
    let untyped = reply_of(&mut client, &request);
    assert_eq!(untyped.status, 400, "a JSON body says so");
}

fn reply_of(client: &mut Client, request: &Request) -> Reply {
    reply(client.world.http(Face::LineWorksApi, request, NOW))
}

#[test]
fn each_operation_needs_one_of_its_scopes() {
    let send = "/bots/2000001/users/sato@minato/messages";
    for (scope, method, path, allowed) in [
        ("bot", "POST", send, true),
        ("bot.message", "POST", send, true),
        ("bot.read", "POST", send, false),
        ("bot.read", "GET", "/bots", true),
        ("bot.message", "GET", "/bots", false),
        ("bot.message", "POST", "/bots", false),
        ("bot.message", "POST", "/bots/2000001/secret", false),
        ("user.email.read", "GET", "/users", false),
        ("user.email.read", "GET", "/users/sato@minato", true),
        ("directory.read", "GET", "/users", true),
        ("bot", "GET", "/users", false),
    ] {
        let mut client = Client::with_scope(scope);
        let reply = client.call(method, path, &Value::Null);
        assert_eq!(code(&reply).1 == "FORBIDDEN", !allowed, "{scope} {method} {path}");
        assert_eq!(reply.status == 403, !allowed, "{scope} {method} {path}");
    }
}

#[test]
fn mentions_are_resolved_and_limited() {
    let mut client = Client::new();
    let bot = client.bot();
    let room = client.room("総務部");
    client.world.invite_bot(&room, bot, NOW).unwrap();
    let text = |text: &str| json!({"content": {"type": "text", "text": text}});
    let path = format!("/bots/{bot}/channels/{room}/messages");
    let written = "<m userId=\"all\"> <m userId=\"ito@minato\"> <m userId=\"nobody\">";
    assert_eq!(client.post(&path, &text(written)).status, 201);
    let message = client.world.messages("sato", &TalkId::Room(room)).last().unwrap().clone();
    let reached: Vec<usize> = message.mentions.iter().map(|m| m.users.len()).collect();
    assert_eq!(reached, [5, 1, 0]);

    let mention = "<m userId=\"ito@minato\">";
    assert_eq!(client.post(&path, &text(&mention.repeat(50))).status, 201);
    assert_eq!(code(&client.post(&path, &text(&mention.repeat(51)))).0, 400);
    let all = json!({"type": "text", "text": "<m userId=\"all\">"});
    assert_eq!(code(&client.send(bot, "sato", &all)), (400, "INVALID_PARAMETER".into()));
    let other_language = json!({"content": {"type": "text", "text": mention,
        "i18nTexts": [{"language": "en_US", "text": "nobody"}]}});
    assert_eq!(client.post(&path, &other_language).status, 400);
}

#[test]
fn rooms_are_made_read_and_left() {
    let mut client = Client::new();
    let bot = client.bot();
    let path = format!("/bots/{bot}/channels");
    for body in [
        json!({}),
        json!({"members": []}),
        json!({"members": ["nobody"]}),
        json!({"members": ["sato@minato", "sato@minato"]}),
        json!({"members": ["sato@minato"], "title": "あ".repeat(1001)}),
    ] {
        assert_eq!(code(&client.post(&path, &body)).0, 400, "{body}");
    }
    client.now += 60_000;
    let made = client.post(&path, &json!({"members": ["sato@minato", "ito@minato"], "title": "当番"}));
    assert_eq!(made.status, 201);
    let room = made.body_json()["channelId"].as_str().unwrap().to_owned();
    let join = client.world.take_callbacks().remove(0);
    assert_eq!(join.event, "join");
    let body: Value = serde_json::from_slice(&join.body).unwrap();
    assert_eq!(body["source"], json!({"channelId": room, "domainId": DOMAIN}));

    let read = client.get(&format!("{path}/{room}")).body_json();
    assert_eq!(
        read,
        json!({"domainId": DOMAIN, "channelId": room, "title": "当番", "channelType": {"type": "MULTI_USERS"}})
    );
    let members = client.get(&format!("{path}/{room}/members")).body_json();
    assert_eq!(members["members"], json!([client.user("sato"), client.user("ito")]));
    let message = json!({"content": {"type": "text", "text": "a"}});
    assert_eq!(client.post(&format!("{path}/{room}/messages"), &message).status, 201);
    assert_eq!(client.call("DELETE", &format!("{path}/{room}"), &Value::Null).status, 204);
    assert_eq!(client.world.take_callbacks()[0].event, "leave");
    assert_eq!(code(&client.post(&format!("{path}/{room}/messages"), &message)).0, 403);
}

#[test]
fn limits_count_per_operation_and_minute() {
    let mut client = Client::new();
    client.world.limits.lineworks_per_minute = 2;
    let minute = NOW - NOW % 60_000;
    client.now = minute + 10_000;
    let first = client.get("/users?count=1");
    let header = |reply: &Reply, name: &str| reply.header(name).unwrap().to_owned();
    assert_eq!(header(&first, "RateLimit-Limit"), "2");
    assert_eq!(header(&first, "ratelimit-remaining"), "1");
    assert_eq!(header(&first, "ratelimit-ssed"), "1");
    assert_eq!(header(&first, "ratelimit-reset"), "50");
    assert_eq!(client.get("/users").status, 200);
    let third = client.get("/users");
    assert_eq!(code(&third), (429, "TOO_MANY_REQUESTS".into()));
    assert_eq!(third.body_json()["description"], "API rate limit exceeded");
    assert_eq!(header(&third, "ratelimit-remaining"), "0");
    assert_eq!(client.get("/bots").status, 200, "another operation");
    client.now = minute + 60_000;
    assert_eq!(client.get("/users").status, 200, "the next minute");
}

#[test]
fn people_are_listed_and_found() {
    let mut client = Client::new();
    let list = client.get("/users?count=5").body_json();
    assert_eq!(list["users"].as_array().unwrap().len(), 5);
    let cursor = list["responseMetaData"]["nextCursor"].as_str().unwrap().to_owned();
    let rest = client.get(&format!("/users?count=100&cursor={cursor}")).body_json();
    assert_eq!(rest["users"].as_array().unwrap().len(), 7);
    assert!(rest["responseMetaData"]["nextCursor"].is_null());
    assert_eq!(client.get("/users?count=101").body_json()["users"], json!([]));
    assert_eq!(client.get("/users?domainId=1").body_json()["users"], json!([]));
    assert_eq!(client.get("/users?orderBy=AGE").status, 400);
    let by_name = client.get("/users?orderBy=NAME&sortOrder=DESCENDING&count=1").body_json();
    assert_eq!(by_name["users"][0]["email"], "watanabe@minato");

    let sato = client.user("sato");
    for selector in [sato.as_str(), "sato%40minato", "externalKey:M0001"] {
        let user = client.get(&format!("/users/{selector}")).body_json();
        assert_eq!(user["userId"], sato, "{selector}");
        assert_eq!(user["userName"]["phoneticLastName"], "さとう");
    }
    assert_eq!(client.get("/users/nobody").status, 404);
    assert_eq!(code(&client.get("/users/me")).1, "SERVICE_ACCOUNT_NOT_ALLOWED");
    let mut narrow = Client::with_scope("user.email.read");
    assert_eq!(narrow.get("/users/sato@minato").body_json(), json!({"userId": sato, "email": "sato@minato"}));
}

#[test]
fn faults_strike_and_are_logged() {
    let hello = json!({"type": "text", "text": "a"});
    for (kind, status, arrives) in [
        (FaultKind::TooManyRequests, Some(429), 0),
        (FaultKind::ServerError { status: 503 }, Some(503), 0),
        (FaultKind::TimeoutBefore, None, 0),
        (FaultKind::TimeoutAfter, None, 1),
        (FaultKind::Drop, Some(201), 0),
        (FaultKind::Slow { ms: 50 }, Some(201), 1),
    ] {
        let mut client = Client::new();
        let bot = client.bot();
        let target = FaultTarget::LineWorks { operation: Some("send_user".into()) };
        client.world.faults.add(target, kind, FaultWhen::Count { times: 1 });
        let request = Request {
            method: "POST".into(),
            path: format!("/v1.0/bots/{bot}/users/sato@minato/messages"),
            headers: vec![
                ("Authorization".into(), format!("Bearer {}", client.token)),
                ("Content-Type".into(), "application/json".into()),
            ],
            body: json!({"content": hello}).to_string().into_bytes(),
        };
        let answer = client.world.http(Face::LineWorksApi, &request, NOW);
        match &answer {
            Answer::Reply { reply, after_ms } => {
                assert_eq!(
                    (Some(reply.status), *after_ms == 50),
                    (status, kind == FaultKind::Slow { ms: 50 })
                );
            }
            Answer::Silence { accepted } => assert_eq!((status, usize::from(*accepted)), (None, arrives)),
        }
        assert_eq!(client.texts("sato", bot).len(), arrives, "{kind:?}");
        let entry = client.world.log().after(0).last().unwrap();
        assert_eq!((entry.operation, entry.status, entry.fault), ("send_user", status, Some(kind.name())));
        assert_eq!(client.send(bot, "sato", &hello).status, 201, "the fault is over");
    }
}
