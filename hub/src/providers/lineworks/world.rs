//! Test equipment: a provider that answers by script. An unexpected request fails the test, and so does an
//! answer that nobody asked for.

use std::rc::Rc;

use serde_json::{Value, json};

use super::{Client, Endpoints, Kept, LineworksSecret, LineworksSettings, TokenCache};
pub(super) use crate::providers::script::{PKCS1, PKCS8, PUBLIC, SHORT};
use crate::{
    native::{
        ClockPort, MemoryKv, NoTcp, RecordedAlarm, RecordedLive, RecordedLog, SeededRandom, Sqlite,
        VirtualClock,
    },
    ports::{HttpRequest, HttpResponse, IoError, Ports},
    providers::script::{Script, path},
    vault::tests::{integration, vault},
};

pub(super) const NOW: i64 = 1_795_000_000_123;

pub(super) struct World {
    pub(super) clock: Rc<VirtualClock>,
    pub(super) kv: Rc<MemoryKv>,
    pub(super) script: Rc<Script>,
    pub(super) tokens: Rc<TokenCache>,
    pub(super) settings: LineworksSettings,
    pub(super) secret: LineworksSecret,
    pub(super) version: Option<u32>,
    ports: Ports,
}

impl World {
    pub(super) fn new() -> Self {
        let clock = VirtualClock::at(NOW);
        let kv = Rc::new(MemoryKv::new(Rc::clone(&clock)));
        let script = Rc::new(Script::default());
        let ports = Ports {
            sql: Rc::new(Sqlite::default()),
            kv: kv.clone(),
            http: script.clone(),
            tcp: Rc::new(NoTcp),
            clock: Rc::new(ClockPort(Rc::clone(&clock))),
            random: Rc::new(SeededRandom::new(1)),
            live: Rc::new(RecordedLive::default()),
            alarm: Rc::new(RecordedAlarm::default()),
            log: Rc::new(RecordedLog::default()),
            signer: Rc::new(crate::native::RsaSigner),
        };
        let settings = LineworksSettings {
            client_id: "client-1".into(),
            service_account: "x1.serviceaccount@minato".into(),
            domain_id: 40_029_600,
            bot_admin: "sato@minato".into(),
            bot_subadmin: String::new(),
            bot_name: "Todoke通知".into(),
            bot_id: Some(7),
        };
        let secret =
            LineworksSecret { client_secret: "s3cret/+".into(), private_key: PKCS8.into(), bot_secret: None };
        Self { clock, kv, script, tokens: Rc::default(), settings, secret, version: Some(1), ports }
    }

    /// With a token request that succeeds with `t-1`.
    pub(super) fn signed_in() -> Self {
        let world = Self::new();
        world.token("t-1");
        world
    }

    pub(super) fn client(&self) -> Client {
        let kept = self.version.map(|version| Kept {
            vault: vault(),
            integration: integration(),
            version,
            purpose: "",
        });
        let endpoints = Endpoints { auth: "https://auth.test".into(), api: "https://api.test/v1.0".into() };
        Client::new(
            &self.ports,
            endpoints,
            self.settings.clone(),
            self.secret.clone(),
            Rc::clone(&self.tokens),
            kept,
        )
    }

    pub(super) fn token(&self, token: &str) {
        let body = json!({"access_token": token, "refresh_token": "r", "scope": "bot", "token_type": "Bearer", "expires_in": "86400"});
        self.on(TOKEN, 200, &body);
    }

    /// One answer for one request, `"METHOD /path"`.
    pub(super) fn on(&self, request: &str, status: u16, body: &Value) {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.answer(request, Ok(HttpResponse { status, headers: vec![], body }));
    }

    pub(super) fn answer(&self, request: &str, answer: Result<HttpResponse, IoError>) {
        self.script.answers.borrow_mut().push((request.to_owned(), answer));
    }

    /// `"METHOD /path"` of every request so far; fails when an answer was left over.
    pub(super) fn asked(&self) -> Vec<String> {
        assert!(self.script.answers.borrow().is_empty(), "left over: {:?}", self.script.answers.borrow());
        self.script.seen.borrow().iter().map(path).collect()
    }

    pub(super) fn request(&self, index: usize) -> HttpRequest {
        self.script.seen.borrow()[index].clone()
    }
}

pub(super) const TOKEN: &str = "POST /oauth2/v2.0/token";
