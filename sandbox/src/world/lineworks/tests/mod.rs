//! The rules of the fact sheet, each by a request at the door.

mod api;
mod bots;
mod calendar;
mod events;
mod login;
mod token;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::super::keys::testing::keys;
use super::super::{Answer, Face, Reply, Request, TalkId, World};

const NOW: i64 = 1_790_000_000_000;
const DOMAIN: i64 = 40_029_600;
const ALL: &str = "bot bot.message user.read";
const JWT_GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A client with a token, at a time that the test turns.
struct Client {
    world: World,
    token: String,
    now: i64,
}

impl Client {
    fn new() -> Self {
        Self::with_scope(ALL)
    }

    fn with_scope(scope: &str) -> Self {
        let mut world = World::demo(1, keys());
        let token = access_token(&mut world, scope, NOW);
        Self { world, token, now: NOW }
    }

    fn call(&mut self, method: &str, path: &str, body: &Value) -> Reply {
        let mut headers = vec![("Authorization".to_owned(), format!("Bearer {}", self.token))];
        let mut bytes = Vec::new();
        if !body.is_null() {
            headers.push(("Content-Type".into(), "application/json".into()));
            bytes = body.to_string().into_bytes();
        }
        let path = format!("/v1.0{path}");
        let request = Request { method: method.into(), path, headers, body: bytes };
        reply(self.world.http(Face::LineWorksApi, &request, self.now))
    }

    fn get(&mut self, path: &str) -> Reply {
        self.call("GET", path, &Value::Null)
    }

    fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.call("POST", path, body)
    }

    /// A bot that is registered in the domain and listed, with callbacks on.
    fn bot(&mut self) -> i64 {
        let made = self.post("/bots", &bot_body());
        assert_eq!(made.status, 201, "{}", made.body_json());
        let id = made.body_json()["botId"].as_i64().unwrap();
        let reply = self.post(&format!("/bots/{id}/domains/{DOMAIN}"), &json!({"visible": true}));
        assert_eq!(reply.status, 201, "{}", reply.body_json());
        id
    }

    fn user(&self, name: &str) -> String {
        self.world.person(name).unwrap().user_id.clone()
    }

    fn room(&self, title: &str) -> String {
        self.world.rooms().values().find(|r| r.title == title).unwrap().channel_id.clone()
    }

    fn send(&mut self, bot: i64, name: &str, content: &Value) -> Reply {
        let user = self.user(name);
        self.post(&format!("/bots/{bot}/users/{user}/messages"), &json!({"content": content}))
    }

    fn texts(&self, name: &str, bot: i64) -> Vec<String> {
        let messages = self.world.messages(name, &TalkId::Bot(bot));
        messages.iter().map(|m| m.text().to_owned()).collect()
    }
}

fn bot_body() -> Value {
    json!({
        "botName": "届け",
        "photoUrl": "https://todoke.example/bot.png",
        "description": "お知らせ",
        "administrators": ["sato@minato"],
        "subadministrators": ["suzuki@minato"],
        "enableCallback": true,
        "callbackUrl": "https://todoke.example/hooks/lineworks/ws/in",
        "callbackEvents": ["text", "sticker"],
        "enableGroupJoin": true,
    })
}

fn reply(answer: Answer) -> Reply {
    match answer {
        Answer::Reply { reply, .. } => reply,
        Answer::Silence { accepted } => panic!("silent, accepted: {accepted}"),
    }
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status, reply.body_json()["code"].as_str().unwrap_or_default().to_owned())
}

fn claims(now: i64) -> Value {
    json!({
        "iss": "SandboxClient0000001",
        "sub": "todok.serviceaccount@minato",
        "iat": now / 1000,
        "exp": now / 1000 + 600,
    })
}

fn sign(claims: &Value, private_pem: &str) -> String {
    let key = EncodingKey::from_rsa_pem(private_pem.as_bytes()).unwrap();
    jsonwebtoken::encode(&Header::new(Algorithm::RS256), claims, &key).unwrap()
}

fn form(pairs: &[(&str, &str)]) -> Request {
    let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    Request {
        method: "POST".into(),
        path: "/oauth2/v2.0/token".into(),
        headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
        body: body.join("&").into_bytes(),
    }
}

fn token_request(assertion: &str, scope: &str) -> Request {
    form(&[
        ("grant_type", JWT_GRANT),
        ("assertion", assertion),
        ("client_id", "SandboxClient0000001"),
        ("client_secret", "sandboxSecret"),
        ("scope", scope),
    ])
}

fn access_token(world: &mut World, scope: &str, now: i64) -> String {
    let request = token_request(&sign(&claims(now), keys().private_pem()), scope);
    let reply = reply(world.http(Face::LineWorksAuth, &request, now));
    assert_eq!(reply.status, 200, "{}", reply.body_json());
    reply.body_json()["access_token"].as_str().unwrap().to_owned()
}
