//! The rules of lineworks.md §7, each by a request at the door.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::keys::testing::{keys, other_keys};
use super::super::{Answer, Face, FaultKind, FaultTarget, FaultWhen, Reply, Request, TalkId, World};

const NOW: i64 = 1_790_000_000_000;
const DOMAIN: i64 = 40_029_600;

struct Client {
    world: World,
    token: String,
    now: i64,
}

impl Client {
    fn new() -> Self {
        let world = World::demo(1, keys());
        let token = world.v1().fixed_token.clone();
        Self { world, token, now: NOW }
    }

    fn ask(&mut self, face: Face, request: &Request) -> Reply {
        match self.world.http(face, request, self.now) {
            Answer::Reply { reply, .. } => reply,
            Answer::Silence { accepted } => panic!("silent, accepted: {accepted}"),
        }
    }

    fn call(&mut self, method: &str, path: &str, body: &Value) -> Reply {
        let path = format!("/r/jp1minatoABCDE/message/v1{path}");
        let headers = vec![
            ("consumerKey".into(), "sandboxConsumerKey01".into()),
            ("Authorization".into(), format!("Bearer {}", self.token)),
            ("Content-Type".into(), "application/json; charset=UTF-8".into()),
        ];
        let request = Request { method: method.into(), path, headers, body: body.to_string().into_bytes() };
        self.ask(Face::LineWorksV1, &request)
    }

    fn bot(&mut self) -> i64 {
        let made = self.call("POST", "/bot", &bot_body());
        assert_eq!(made.status, 200, "{}", made.body_json());
        let bot = made.body_json()["botNo"].as_i64().unwrap();
        let reply = self.call("POST", &format!("/bot/{bot}/domain/{DOMAIN}"), &json!({"usePublic": true}));
        assert_eq!(reply.status, 200, "{}", reply.body_json());
        bot
    }

    fn push(&mut self, bot: i64, to: (&str, &str), content: &Value) -> Reply {
        self.call("POST", &format!("/bot/{bot}/message/push"), &json!({to.0: to.1, "content": content}))
    }

    fn server_token(&mut self, claims: &Value, api_id: &str, in_query: bool) -> Reply {
        let key = EncodingKey::from_rsa_pem(keys().private_pem().as_bytes()).unwrap();
        let assertion = jsonwebtoken::encode(&Header::new(Algorithm::RS256), claims, &key).unwrap();
        let fields =
            format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        let path = format!("/b/{api_id}/server/token");
        let request = Request {
            method: "POST".into(),
            path: if in_query { format!("{path}?{fields}") } else { path },
            headers: Vec::new(),
            body: if in_query { Vec::new() } else { fields.into_bytes() },
        };
        self.ask(Face::LineWorksAuth, &request)
    }
}

fn bot_body() -> Value {
    json!({"name": "届け", "photoUrl": "https://todoke.example/bot.png", "description": "お知らせ",
        "managers": ["sato@minato"], "submanagers": [], "useGroupJoin": true, "useCallback": true,
        "callbackUrl": "https://todoke.example/hooks/lineworks/w/v1", "callbackEvents": ["text"]})
}

fn claims(now: i64) -> Value {
    json!({"iss": "0ed6f1b3d5e8449c8f00c7a0d3c1a111", "iat": now / 1000, "exp": now / 1000 + 1800})
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

#[test]
fn the_gateway_asks_for_everything() {
    let good = [
        ("consumerKey", "sandboxConsumerKey01"),
        ("Authorization", "Bearer AAAA8sandboxFixedServerToken"),
        ("Content-Type", "application/json"),
    ];
    for (name, value, api_id, status, number) in [
        ("", "", "jp1minatoABCDE", 200, Value::Null),
        ("", "", "jp1other", 404, json!("001")),
        ("consumerKey", "", "jp1minatoABCDE", 401, json!("028")),
        ("consumerKey", "wrong", "jp1minatoABCDE", 401, json!("028")),
        ("Authorization", "", "jp1minatoABCDE", 401, json!("024")),
        ("Authorization", "Bearer wrong", "jp1minatoABCDE", 401, json!("024")),
    ] {
        let mut client = Client::new();
        let headers = good.map(|(n, v)| (n.to_owned(), if n == name { value } else { v }.to_owned()));
        let request = Request {
            method: "GET".into(),
            path: format!("/r/{api_id}/message/v1/bot"),
            headers: headers.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            body: Vec::new(),
        };
        let reply = client.ask(Face::LineWorksV1, &request);
        assert_eq!(
            (reply.status, &reply.body_json()["errorCode"]),
            (status, &number),
            "{name}={value} {api_id}"
        );
    }
    let mut client = Client::new();
    assert_eq!(client.call("GET", "/nothing", &Value::Null).status, 404);
}

#[test]
fn a_signed_server_id_gives_a_token_for_a_day() {
    let with = |name: &str, value: Value| {
        let mut claims = claims(NOW);
        claims[name] = value;
        claims
    };
    for (claims, api_id, status) in [
        (claims(NOW), "jp1minatoABCDE", 200),
        (with("iat", json!(1_790_000_000.25)), "jp1minatoABCDE", 200),
        (claims(NOW), "jp1other", 404),
        (with("iss", json!("other")), "jp1minatoABCDE", 401),
        (with("exp", json!(NOW / 1000 + 3_601)), "jp1minatoABCDE", 401),
        (with("exp", json!(NOW / 1000)), "jp1minatoABCDE", 401),
        (with("iat", json!("1790000000")), "jp1minatoABCDE", 401),
    ] {
        for in_query in [false, true] {
            let reply = Client::new().server_token(&claims, api_id, in_query);
            let body = reply.body_json();
            assert_eq!(reply.status, status, "{claims} {body}");
            assert_eq!(body["code"].is_string() && body["detail"].is_string(), status != 200, "{body}");
        }
    }
    let mut client = Client::new();
    let body = client.server_token(&claims(NOW), "jp1minatoABCDE", false).body_json();
    assert_eq!(body["expires_in"], 86_400, "a number");
    client.token = body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(client.call("GET", "/bot", &Value::Null).status, 200);
    client.now += 86_400_000;
    assert_eq!(client.call("GET", "/bot", &Value::Null).body_json()["errorCode"], "024");
    let other = EncodingKey::from_rsa_pem(other_keys().private_pem().as_bytes()).unwrap();
    let forged = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims(NOW), &other).unwrap();
    let request = Request {
        method: "POST".into(),
        path: format!(
            "/b/jp1minatoABCDE/server/token?grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion={forged}"
        ),
        ..Request::default()
    };
    assert_eq!(client.ask(Face::LineWorksAuth, &request).status, 401);
}

#[test]
fn a_bot_is_registered_changed_and_deleted() {
    let mut client = Client::new();
    let bot = client.bot();
    let told = client.call("GET", &format!("/bot/{bot}"), &Value::Null).body_json();
    assert_eq!((&told["name"], &told["managers"]), (&json!("届け"), &json!(["sato@minato"])));
    let mut changed = bot_body();
    changed["name"] = json!("届け 2");
    assert_eq!(client.call("PUT", &format!("/bot/{bot}"), &changed).status, 200);
    assert_eq!(client.call("GET", "/bot", &Value::Null).body_json()["bots"][0]["name"], "届け 2");
    assert_eq!(client.call("DELETE", &format!("/bot/{bot}"), &Value::Null).status, 200);
    let gone = client.call("GET", &format!("/bot/{bot}"), &Value::Null);
    assert_eq!((gone.status, gone.body_json()["code"].clone()), (400, json!("NONEXISTENT_BOT")));
}

#[test]
fn refusals_have_their_codes() {
    let mut client = Client::new();
    let bot = client.bot();
    let with = |name: &str, value: Value| {
        let mut body = bot_body();
        body[name] = value;
        body
    };
    let restricted = client.call("POST", "/bot", &bot_body()).body_json()["botNo"].clone();
    let body = json!({"usePermission": true, "accountIds": ["ito@minato"]});
    assert_eq!(client.call("POST", &format!("/bot/{restricted}/domain/{DOMAIN}"), &body).status, 200);
    let push = |to: &str, who: &str, content: Value| json!({to: who, "content": content});
    let room = client.world.rooms().values().next().unwrap().channel_id.clone();
    for (path, body, code) in [
        ("/bot".to_owned(), with("name", json!("あ".repeat(101))), "EXCEEDED_LENGTH_LIMIT_OF_PARAM"),
        ("/bot".into(), with("managers", json!([])), "BAD_REQUEST"),
        ("/bot".into(), json!([]), "BAD_REQUEST"),
        (format!("/bot/{bot}/domain/1"), json!({}), "DOMAIN_NOT_BELONGING_TO_TENANT"),
        (format!("/bot/{bot}/domain/{DOMAIN}"), json!({}), "ALREADY_REGISTERED_BOT"),
        (format!("/bot/1/domain/{DOMAIN}"), json!({}), "NONEXISTENT_BOT"),
        ("/bot/1/message/push".into(), push("accountId", "sato@minato", text("a")), "NONEXISTENT_BOT"),
        (format!("/bot/{bot}/message/push"), push("accountId", "nobody@minato", text("a")), "BAD_REQUEST"),
        (format!("/bot/{bot}/message/push"), push("accountId", "sato", text("a")), "BAD_REQUEST"),
        (format!("/bot/{bot}/message/push"), json!({"content": text("a")}), "BAD_REQUEST"),
        (format!("/bot/{bot}/message/push"), push("accountId", "sato@minato", json!({})), "BAD_REQUEST"),
        (
            format!("/bot/{bot}/message/push"),
            push("accountId", "sato@minato", text(&"a".repeat(2001))),
            "EXCEEDED_LENGTH_LIMIT_OF_PARAM",
        ),
        (format!("/bot/{bot}/message/push"), push("channelId", "none", text("a")), "BAD_REQUEST"),
        (format!("/bot/{bot}/message/push"), push("channelId", &room, text("a")), "PERMISSION_DENIED"),
        (
            format!("/bot/{restricted}/message/push"),
            push("accountId", "sato@minato", text("a")),
            "PERMISSION_DENIED",
        ),
    ] {
        let reply = client.call("POST", &path, &body);
        let got = reply.body_json();
        assert_eq!(
            (reply.status, &got["code"], &got["domain"]),
            (400, &json!(code), &json!("message")),
            "{path} {body}"
        );
    }
    assert_eq!(
        client.push(restricted.as_i64().unwrap(), ("accountId", "ito@minato"), &text("a")).status,
        200
    );
}

#[test]
fn messages_arrive_and_answers_come_back_in_the_old_form() {
    let mut client = Client::new();
    let bot = client.bot();
    let room = client.world.rooms().values().find(|r| r.title == "総務部").unwrap().channel_id.clone();
    client.world.invite_bot(&room, bot, NOW).unwrap();
    let buttons = json!({"type": "button_template", "contentText": "?", "actions": [
        {"type": "message", "label": "対応します", "postback": "claim:1"}]});
    assert_eq!(client.push(bot, ("accountId", "sato@minato"), &buttons).status, 200);
    assert_eq!(client.push(bot, ("roomId", &room), &text("a")).status, 200);
    assert_eq!(
        client.push(bot, ("channelId", &room), &json!({"type": "image", "resourceId": "r"})).status,
        200
    );
    client.world.press("sato", &TalkId::Bot(bot), 1, 0, NOW).unwrap();
    client.world.say("ito", &TalkId::Room(room.clone()), "b", NOW).unwrap();
    client.world.enter_room("kato", &room, NOW).unwrap();
    let callbacks = client.world.take_callbacks();
    let bodies: Vec<Value> = callbacks.iter().map(|c| serde_json::from_slice(&c.body).unwrap()).collect();
    assert_eq!(
        bodies,
        [
            json!({"type": "join", "source": {"roomId": room}, "createdTime": NOW}),
            json!({"type": "message", "source": {"accountId": "sato@minato"}, "createdTime": NOW,
                "content": {"type": "text", "text": "対応します", "postback": "claim:1"}}),
            json!({"type": "message", "source": {"accountId": "ito@minato", "roomId": room}, "createdTime": NOW,
                "content": {"type": "text", "text": "b"}}),
            json!({"type": "joined", "source": {"roomId": room}, "createdTime": NOW,
                "memberList": ["kato@minato"]}),
        ]
    );
    for callback in &callbacks {
        let header = |name: &str| callback.headers.iter().find(|(n, _)| n == name).unwrap().1.clone();
        assert_eq!(header("X-WORKS-BotNo"), bot.to_string());
        let mut mac = Hmac::<Sha256>::new_from_slice(b"jp1minatoABCDE").unwrap();
        mac.update(&callback.body);
        assert!(mac.verify_slice(&STANDARD.decode(header("X-WORKS-Signature")).unwrap()).is_ok());
    }
}

#[test]
fn the_days_quota_ends_at_midnight_in_japan() {
    let mut client = Client::new();
    client.world.v1.requests_per_day = 1;
    let midnight = 1_790_002_800_000;
    assert_eq!((midnight + 9 * 3_600_000) % 86_400_000, 0);
    client.now = midnight - 2;
    assert_eq!(client.call("GET", "/bot", &Value::Null).status, 200);
    client.now = midnight - 1;
    assert_eq!(client.call("GET", "/bot", &Value::Null).status, 403);
    client.now = midnight;
    assert_eq!(client.call("GET", "/bot", &Value::Null).status, 200);
}

#[test]
fn faults_strike() {
    for (kind, status, arrives) in [
        (FaultKind::TooManyRequests, Some(429), 0),
        (FaultKind::ServerError { status: 500 }, Some(500), 0),
        (FaultKind::Drop, Some(200), 0),
        (FaultKind::TimeoutAfter, None, 1),
    ] {
        let mut client = Client::new();
        let bot = client.bot();
        let target = FaultTarget::LineWorksV1 { operation: Some("push".into()) };
        client.world.faults.add(target, kind, FaultWhen::Count { times: 1 });
        let request = Request {
            method: "POST".into(),
            path: format!("/r/jp1minatoABCDE/message/v1/bot/{bot}/message/push"),
            headers: vec![
                ("consumerKey".into(), "sandboxConsumerKey01".into()),
                ("Authorization".into(), format!("Bearer {}", client.token)),
                ("Content-Type".into(), "application/json".into()),
            ],
            body: json!({"accountId": "sato@minato", "content": text("a")}).to_string().into_bytes(),
        };
        let got = match client.world.http(Face::LineWorksV1, &request, NOW) {
            Answer::Reply { reply, .. } => Some(reply.status),
            Answer::Silence { .. } => None,
        };
        assert_eq!(
            (got, client.world.messages("sato", &TalkId::Bot(bot)).len()),
            (status, arrives),
            "{kind:?}"
        );
    }
}
