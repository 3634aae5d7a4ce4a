//! Test equipment: a provider that answers by script. An unexpected request fails the test, and so does an
//! answer that nobody asked for.

use std::rc::Rc;

use serde_json::{Value, json};
use shared::integration::LineVia;

use super::{ChannelToken, Client, Endpoints, Kept, LineSecret, LineSettings, TokenCache};
use crate::{
    native::{MemoryKv, VirtualClock},
    ports::{HttpRequest, HttpResponse, IoError, Ports},
    providers::script::{self, PKCS8, Script},
    vault::tests::{integration, vault},
};

pub(super) const NOW: i64 = 1_795_000_000_123;
pub(super) const LONG_LIVED: &str = "long+lived/token=";
pub(super) const TOKEN: &str = "POST /oauth2/v2.1/token";
pub(super) const STATELESS: &str = "POST /oauth2/v3/token";
pub(super) const PUSH: &str = "POST /v2/bot/message/push";
pub(super) const MULTICAST: &str = "POST /v2/bot/message/multicast";
pub(super) const REPLY: &str = "POST /v2/bot/message/reply";
pub(super) const QUOTA: &str = "GET /v2/bot/message/quota";
pub(super) const CONSUMPTION: &str = "GET /v2/bot/message/quota/consumption";
pub(super) const BOT: &str = "GET /v2/bot/info";

pub(super) struct World {
    pub(super) clock: Rc<VirtualClock>,
    pub(super) kv: Rc<MemoryKv>,
    pub(super) script: Rc<Script>,
    pub(super) tokens: Rc<TokenCache>,
    pub(super) settings: LineSettings,
    pub(super) secret: LineSecret,
    pub(super) version: Option<u32>,
    ports: Ports,
}

impl World {
    /// With a pasted token.
    pub(super) fn new() -> Self {
        let clock = VirtualClock::at(NOW);
        let kv = Rc::new(MemoryKv::new(Rc::clone(&clock)));
        let script = Rc::new(Script::default());
        let ports = Ports { kv: kv.clone(), ..script::ports(&script, &clock) };
        let settings = LineSettings {
            login_channel_id: "1650000001".into(),
            via: LineVia::Token,
            messaging_channel_id: String::new(),
            kid: String::new(),
            friend_link: String::new(),
            bot_user_id: None,
            basic_id: None,
            display_name: None,
        };
        let secret = LineSecret {
            login_channel_secret: "login-s3cret/+".into(),
            channel_secret: "channel-s3cret".into(),
            token: ChannelToken::LongLived(LONG_LIVED.into()),
        };
        Self { clock, kv, script, tokens: Rc::default(), settings, secret, version: Some(1), ports }
    }

    /// With a key.
    pub(super) fn keyed() -> Self {
        let mut world = Self::new();
        world.settings.via = LineVia::Key;
        world.settings.messaging_channel_id = "1650000002".into();
        world.settings.kid = "kid-1".into();
        world.secret.token = ChannelToken::Key(PKCS8.into());
        world
    }

    pub(super) fn client(&self) -> Client {
        let kept = self.version.map(|version| Kept {
            vault: vault(),
            integration: integration(),
            version,
            purpose: "",
        });
        let endpoints = Endpoints {
            api: "https://api.test".into(),
            access: "https://access.test".into(),
            friend: "https://friend.test/R/ti/p".into(),
        };
        let (settings, secret) = (self.settings.clone(), self.secret.clone());
        Client::new(&self.ports, endpoints, settings, secret, Rc::clone(&self.tokens), kept)
    }

    pub(super) fn token(&self, token: &str) {
        let body =
            json!({"access_token": token, "expires_in": 86_400, "token_type": "Bearer", "key_id": "sDTOz"});
        self.on(TOKEN, 200, &body);
    }

    /// One answer for one request, `"METHOD /path"`.
    pub(super) fn on(&self, request: &str, status: u16, body: &Value) {
        self.answer(request, Ok(answer(status, body)));
    }

    pub(super) fn answer(&self, request: &str, answer: Result<HttpResponse, IoError>) {
        self.script.answer(request, answer);
    }

    /// `"METHOD /path"` of every request so far; fails when an answer was left over.
    pub(super) fn asked(&self) -> Vec<String> {
        self.script.asked()
    }

    pub(super) fn request(&self, index: usize) -> HttpRequest {
        self.script.request(index)
    }

    pub(super) fn json(&self, index: usize) -> Value {
        self.script.sent(index)
    }

    /// The pairs of a form, decoded.
    pub(super) fn form(&self, index: usize) -> Vec<(String, String)> {
        pairs(&String::from_utf8(self.request(index).body).unwrap())
    }

    pub(super) fn header(&self, index: usize, name: &str) -> Option<String> {
        let headers = self.request(index).headers;
        headers.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

pub(super) fn answer(status: u16, body: &Value) -> HttpResponse {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    HttpResponse { status, headers: vec![("x-line-request-id".into(), "rq-1".into())], body }
}

pub(super) fn pairs(form: &str) -> Vec<(String, String)> {
    form.split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}
