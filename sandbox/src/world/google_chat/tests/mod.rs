//! The rules of the fact sheet, each by a request at the door.

mod app;
mod events;
mod rules;
mod webhook;

use serde_json::{Value, json};

use super::super::keys::testing::keys;
use super::super::{Answer, Face, Reply, Request, World};
use super::*;

const NOW: i64 = 1_790_000_000_000;
const JSON: &str = "application/json; charset=UTF-8";

/// Somebody at the door, at a time that the test turns.
struct Client {
    world: World,
    now: i64,
    /// Of the Chat app, once it has one.
    token: String,
}

impl Client {
    fn new() -> Self {
        Self { world: World::demo(1, keys()), now: NOW, token: String::new() }
    }

    /// With an app that has a token and an endpoint.
    fn with_app() -> Self {
        let mut client = Self::new();
        change_app(
            &mut client.world,
            Some("https://todoke.example/hooks/google_chat/w/i".into()),
            None,
            None,
        );
        client.token = client.grant(&claims(NOW)).body_json()["access_token"].as_str().unwrap().to_owned();
        client
    }

    fn ask(&mut self, face: Face, request: &Request) -> Reply {
        match self.world.http(face, request, self.now) {
            Answer::Reply { reply, .. } => reply,
            Answer::Silence { accepted } => panic!("silent, accepted: {accepted}"),
        }
    }

    /// By webhook: `url` as copied, with more of a query.
    fn hook(&mut self, url: &str, more: &str, body: &Value) -> Reply {
        self.now += 1_000;
        let path = url.strip_prefix("https://chat.googleapis.com").unwrap();
        let headers = vec![("Content-Type".into(), JSON.into())];
        let request = Request {
            method: "POST".into(),
            path: format!("{path}{more}"),
            headers,
            body: body.to_string().into_bytes(),
        };
        self.ask(Face::GoogleChat, &request)
    }

    /// By the app, a second after whatever was before.
    fn call(&mut self, method: &str, path: &str, body: &Value) -> Reply {
        self.now += 1_000;
        let mut headers = vec![("Authorization".to_owned(), format!("Bearer {}", self.token))];
        let mut bytes = Vec::new();
        if !body.is_null() {
            headers.push(("Content-Type".into(), JSON.into()));
            bytes = body.to_string().into_bytes();
        }
        let request = Request { method: method.into(), path: format!("/v1/{path}"), headers, body: bytes };
        self.ask(Face::GoogleChat, &request)
    }

    fn grant(&mut self, claims: &Value) -> Reply {
        let key = jsonwebtoken::EncodingKey::from_rsa_pem(keys().private_pem().as_bytes()).unwrap();
        let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS256);
        self.grant_with(&jsonwebtoken::encode(&header, claims, &key).unwrap())
    }

    fn grant_with(&mut self, assertion: &str) -> Reply {
        let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
        let request = Request {
            method: "POST".into(),
            path: "/token".into(),
            headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
            body: format!("grant_type={grant}&assertion={assertion}").into_bytes(),
        };
        self.ask(Face::GoogleOauth, &request)
    }

    /// The space of a room.
    fn space(&self, title: &str) -> String {
        self.world.google_chat.spaces.values().find(|s| s.display_name == title).unwrap().id.clone()
    }

    /// A webhook of 総務部.
    fn webhook(&mut self) -> (String, String) {
        let space = self.space("総務部");
        let url = create_webhook(&mut self.world, "sato", &space, "届け").unwrap();
        (space, url)
    }

    fn messages(&self, space: &str) -> &[Message] {
        &self.world.google_chat.spaces[space].messages
    }

    fn texts(&self, space: &str) -> Vec<&str> {
        self.messages(space).iter().map(|m| m.body["text"].as_str().unwrap_or_default()).collect()
    }

    /// Callbacks since the last time: event and body.
    fn events(&mut self) -> Vec<(String, Value)> {
        let taken = self.world.take_callbacks();
        taken.iter().map(|c| (c.event.clone(), serde_json::from_slice(&c.body).unwrap())).collect()
    }

    #[track_caller]
    fn keeps_to_the_contract(&self) {
        assert_eq!(self.world.violations(), []);
    }
}

fn claims(now: i64) -> Value {
    json!({
        "iss": "todoke-chat@minato-todoke.iam.gserviceaccount.com",
        "aud": "https://oauth2.googleapis.com/token",
        "scope": "https://www.googleapis.com/auth/chat.bot",
        "iat": now / 1000,
        "exp": now / 1000 + 3600,
    })
}

/// HTTP status and `error.status`.
fn code(reply: &Reply) -> (u16, String) {
    let body = reply.body_json();
    assert!(reply.status < 300 || body["error"]["code"] == reply.status, "{body}");
    (reply.status, body["error"]["status"].as_str().unwrap_or_default().to_owned())
}

fn text(text: &str) -> Value {
    json!({"text": text})
}

/// A card with one button of this `onClick`.
fn card(on_click: Value) -> Value {
    json!({"cardsV2": [{"cardId": "c", "card": {"header": {"title": "t"}, "sections": [{"widgets": [
        {"buttonList": {"buttons": [{"text": "対応します", "onClick": on_click}]}}]}]}}]})
}

fn action(event: &str) -> Value {
    json!({"action": {"function": "todoke", "parameters": [{"key": "data", "value": event}]}})
}
