//! The rules of the fact sheet, each by a request at the door.

mod api;
mod events;
mod login;
mod tokens;

use serde_json::{Value, json};

use super::super::keys::testing::keys;
use super::super::{Answer, Face, Reply, Request, World};
use super::{Place, Settings};

const NOW: i64 = 1_790_000_000_000;
const LOGIN: i64 = 2_000_000_001;
const BOT: i64 = 2_000_000_002;
const OTHER_BOT: i64 = 2_000_000_102;
const HOOK: &str = "https://todoke.example/hooks/line/ws/in";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// A client with the long-lived token, at a time that the test turns.
struct Client {
    world: World,
    token: String,
    now: i64,
}

impl Client {
    fn new() -> Self {
        let world = World::demo(1, keys());
        let token = world.line.messaging(BOT).unwrap().token.clone();
        Self { world, token, now: NOW }
    }

    /// With a webhook, and these people as friends; their follow events are gone.
    fn with_friends(names: &[&str]) -> Self {
        let mut client = Self::new();
        let set = client.call("PUT", "/v2/bot/channel/webhook/endpoint", &json!({"endpoint": HOOK}));
        assert_eq!(set.status, 200);
        for name in names {
            client.world.line_befriend(name, BOT, NOW).unwrap();
        }
        client.world.take_callbacks();
        client
    }

    fn send(&mut self, method: &str, path: &str, body: &[u8], extra: &[(&str, &str)]) -> Reply {
        let mut headers = vec![("Authorization".to_owned(), format!("Bearer {}", self.token))];
        if !body.is_empty() && !extra.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("Content-Type".into(), "application/json".into()));
        }
        headers.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let request = Request { method: method.into(), path: path.into(), headers, body: body.to_vec() };
        reply(self.world.http(Face::LineApi, &request, self.now))
    }

    fn call(&mut self, method: &str, path: &str, body: &Value) -> Reply {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(method, path, &bytes, &[])
    }

    fn get(&mut self, path: &str) -> Reply {
        self.call("GET", path, &Value::Null)
    }

    fn user(&self, name: &str) -> String {
        self.world.line_user_id(BOT, name).unwrap()
    }

    fn push(&mut self, to: &str, key: Option<&str>) -> Reply {
        let body = json!({"to": to, "messages": [{"type": "text", "text": "こんにちは"}]}).to_string();
        let headers: Vec<(&str, &str)> = key.map(|key| ("X-Line-Retry-Key", key)).into_iter().collect();
        self.send("POST", "/v2/bot/message/push", body.as_bytes(), &headers)
    }

    fn reply_to(&mut self, token: &str) -> Reply {
        let body = json!({"replyToken": token, "messages": [{"type": "text", "text": "はい"}]});
        self.call("POST", "/v2/bot/message/reply", &body)
    }

    fn set(&mut self, settings: Value) {
        let settings: Settings = serde_json::from_value(settings).unwrap();
        assert!(self.world.line_set(BOT, &settings, self.now));
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let person = self.world.person(name).unwrap().user_id.clone();
        let place = Place::OneToOne { channel: BOT, person };
        self.world.line_messages(&place).iter().map(|message| message.text().to_owned()).collect()
    }

    fn group(&self) -> String {
        self.world.line.groups.values().find(|group| group.name == "送迎当番").unwrap().group_id.clone()
    }

    /// The events of every webhook that is due, with callback ids.
    fn webhooks(&mut self) -> Vec<(u64, Vec<Value>)> {
        let callbacks = self.world.take_callbacks();
        let read = callbacks.iter().map(|callback| {
            let body: Value = serde_json::from_slice(&callback.body).unwrap();
            (callback.id, body["events"].as_array().unwrap().clone())
        });
        read.collect()
    }

    fn events(&mut self) -> Vec<Value> {
        self.webhooks().into_iter().flat_map(|(_, events)| events).collect()
    }
}

/// Whatever a test did, the sandbox itself kept to the contract.
impl Drop for Client {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let ours = |side| matches!(side, crate::contract::Side::Answer | crate::contract::Side::Callback);
            let broken: Vec<_> = self.world.violations().iter().filter(|v| ours(v.side)).collect();
            assert!(broken.is_empty(), "{broken:?}");
        }
    }
}

fn reply(answer: Answer) -> Reply {
    match answer {
        Answer::Reply { reply, .. } => reply,
        Answer::Silence { accepted } => panic!("silent, accepted: {accepted}"),
    }
}

fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    pairs.join("&").into_bytes()
}

/// A form at `api.line.me`.
fn post_form(world: &mut World, path: &str, pairs: &[(&str, &str)], now: i64) -> Reply {
    let headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    let request = Request { method: "POST".into(), path: path.into(), headers, body: form(pairs) };
    reply(world.http(Face::LineApi, &request, now))
}

fn message(reply: &Reply) -> (u16, String) {
    (reply.status, reply.body_json()["message"].as_str().unwrap_or_default().to_owned())
}
