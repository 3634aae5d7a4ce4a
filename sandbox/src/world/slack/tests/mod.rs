//! The rules of the fact sheet, each by a request at the door.

mod api;
mod blocks;
mod chat;
mod events;
mod install;
mod press;

use serde_json::{Value, json};

use super::super::keys::testing::keys;
use super::super::{Answer, Callback, Face, Reply, Request, World};

const NOW: i64 = 1_790_000_000_000;
const APP: &str = "A0TODOKE001";
const BOT: &str = "U0TODOKEBOT";
/// 佐藤 花子
const SATO: &str = "U0MINATO01";
const GENERAL: &str = "C0MINATO001";
const SOUMU: &str = "C0MINATO002";
const OLD: &str = "C0MINATO005";
const SECRET: &str = "sandbox-slack-signing-secret";

/// A client with a token, at a time that the test turns.
struct Client {
    world: World,
    token: String,
    now: i64,
}

impl Client {
    fn new() -> Self {
        let world = World::demo(1, keys());
        let token = world.slack().app(APP).unwrap().token.clone().unwrap();
        Self { world, token, now: NOW }
    }

    /// With both URLs set and the events one verified.
    fn listening() -> Self {
        let mut client = Self::new();
        client.settings(|settings| {
            settings.events_url = "https://todoke.example/hooks/slack/ws/in".into();
            settings.interactivity_url = "https://todoke.example/hooks/slack/ws/in".into();
        });
        let asked = client.world.take_callbacks();
        let challenge = inner(&asked[0])["challenge"].as_str().unwrap().to_owned();
        let reply = Reply { status: 200, body: challenge.into_bytes(), ..Reply::default() };
        client.world.callback_replied(asked[0].id, &Ok(reply));
        assert!(client.world.slack().app(APP).unwrap().events_verified);
        client
    }

    fn settings(&mut self, change: impl FnOnce(&mut super::AppSettings)) {
        let mut settings = self.world.slack().app(APP).unwrap().settings.clone();
        change(&mut settings);
        self.world.slack_settings("", settings, self.now).unwrap();
    }

    /// Takes a scope from the installation, or gives one.
    fn scopes(&mut self, scopes: &[&str]) {
        let token = self.world.slack.tokens.get_mut(&self.token).unwrap();
        token.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    }

    fn http(&mut self, request: &Request) -> Reply {
        match self.world.http(Face::Slack, request, self.now) {
            Answer::Reply { reply, .. } => reply,
            Answer::Silence { accepted } => panic!("silent, accepted: {accepted}"),
        }
    }

    fn reply(&mut self, method: &str, body: &Value) -> Reply {
        let request = Request {
            method: "POST".into(),
            path: format!("/api/{method}"),
            headers: vec![
                ("Authorization".into(), format!("Bearer {}", self.token)),
                ("Content-Type".into(), "application/json; charset=utf-8".into()),
            ],
            body: body.to_string().into_bytes(),
        };
        self.http(&request)
    }

    fn post(&mut self, method: &str, body: &Value) -> Value {
        let reply = self.reply(method, body);
        assert_eq!(reply.status, 200, "{method} {body}");
        reply.body_json()
    }

    fn get(&mut self, method: &str, query: &str) -> Value {
        let request = Request {
            method: "GET".into(),
            path: format!("/api/{method}?{query}"),
            headers: vec![("Authorization".into(), format!("Bearer {}", self.token))],
            body: Vec::new(),
        };
        self.http(&request).body_json()
    }

    /// Posts a text and gives channel and ts.
    fn say(&mut self, channel: &str, text: &str) -> (String, String) {
        let said = self.post("chat.postMessage", &json!({"channel": channel, "text": text}));
        assert_eq!(said["ok"], true, "{said}");
        (said["channel"].as_str().unwrap().to_owned(), said["ts"].as_str().unwrap().to_owned())
    }

    fn texts(&self, channel: &str) -> Vec<String> {
        let messages = &self.world.slack().conversations()[channel].messages;
        messages.iter().map(|message| message.text.clone()).collect()
    }

    fn no_violations(&self) {
        assert_eq!(self.world.violations(), []);
    }
}

fn error(answer: &Value) -> &str {
    assert_eq!(answer["ok"] == true, answer.get("error").is_none(), "{answer}");
    answer["error"].as_str().unwrap_or_default()
}

/// The JSON of a callback, also out of a form.
fn inner(callback: &Callback) -> Value {
    let text = String::from_utf8(callback.body.clone()).unwrap();
    match text.strip_prefix("payload=") {
        Some(form) => serde_json::from_str(&super::super::http::percent_decode(form, true)).unwrap(),
        None => serde_json::from_str(&text).unwrap(),
    }
}

fn header<'a>(callback: &'a Callback, name: &str) -> Option<&'a str> {
    callback.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn form(path: &str, body: &str, headers: &[(&str, &str)]) -> Request {
    let mut all = vec![("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Request { method: "POST".into(), path: path.into(), headers: all, body: body.as_bytes().to_vec() }
}
