//! One workspace on this machine, its pages' cookies and the mail it sends.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "test equipment: fail loudly")]

use std::{cell::RefCell, rc::Rc};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::Method;
use hub::{
    Call, Config, Endpoints, Hub,
    native::{
        ClockPort, MemoryKv, NoTcp, RecordedAlarm, RecordedLive, RecordedLog, Runner, SeededRandom, Sqlite,
    },
    ports::{Http, HttpRequest, HttpResponse, IoError, Ports, Sql},
    providers::mail,
    vault::Vault,
};
use serde_json::{Value, json};
use shared::{
    id::{IntegrationId, WorkspaceId},
    integration::{MailForm, MailVia},
};

pub(crate) const NOW: i64 = 1_795_219_200_000;
pub(crate) const PAGES: &str = "https://todoke.example";

/// Stands for Resend, and for LINE and Slack, whose clients take the same answer for a yes: keeps each message.
#[derive(Default)]
pub(crate) struct Mailbox {
    pub(crate) mails: RefCell<Vec<Value>>,
    /// The idempotency key of each.
    pub(crate) keys: RefCell<Vec<String>>,
}

#[async_trait(?Send)]
impl Http for Mailbox {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError> {
        let key = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("idempotency-key"));
        self.keys.borrow_mut().push(key.map(|(_, key)| key.clone()).unwrap_or_default());
        self.mails.borrow_mut().push(serde_json::from_slice(&request.body).unwrap());
        Ok(HttpResponse { status: 200, headers: vec![], body: br#"{"id":"r1","ok":true}"#.to_vec() })
    }
}

pub(crate) struct World {
    pub(crate) runner: Runner,
    pub(crate) hub: Rc<Hub>,
    pub(crate) sql: Rc<dyn Sql>,
    pub(crate) mailbox: Rc<Mailbox>,
    pub(crate) log: Rc<RecordedLog>,
    ports: Ports,
    config: Config,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Back {
    pub(crate) status: u16,
    pub(crate) json: Value,
    pub(crate) cookie: Option<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Back {
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// Status, code and field of a refusal.
    pub(crate) fn refusal(&self) -> (u16, &str, &str) {
        (self.status, self.code(), self.json["field"].as_str().unwrap_or_default())
    }

    /// The cookie as the browser sends it.
    pub(crate) fn session(&self) -> String {
        self.cookie.as_deref().and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned()
    }

    pub(crate) fn id(&self) -> String {
        self.json["id"].as_str().expect("an id").to_owned()
    }
}

impl World {
    /// Before set-up.
    pub(crate) fn empty() -> Self {
        Self::over(|ports| ports)
    }

    /// The same over other ports.
    pub(crate) fn over(other: impl FnOnce(Ports) -> Ports) -> Self {
        let runner = Runner::new(NOW);
        let sql: Rc<dyn Sql> = Rc::<Sqlite>::default();
        let (mailbox, log) = (Rc::<Mailbox>::default(), Rc::<RecordedLog>::default());
        let ports = Ports {
            sql: sql.clone(),
            kv: Rc::new(MemoryKv::new(runner.clock.clone())),
            http: mailbox.clone(),
            tcp: Rc::new(NoTcp),
            clock: Rc::new(ClockPort(runner.clock.clone())),
            random: Rc::new(SeededRandom::new(7)),
            live: Rc::<RecordedLive>::default(),
            alarm: Rc::<RecordedAlarm>::default(),
            log: log.clone(),
            signer: Rc::new(hub::native::RsaSigner),
        };
        let ports = other(ports);
        let config = Config {
            workspace: WorkspaceId::new(NOW, [1; 10]),
            public_url: PAGES.into(),
            callback_url: PAGES.into(),
            development: false,
            vault_key: BASE64_STANDARD.encode([3; 32]),
            vault_key_previous: None,
            endpoints: Endpoints { resend: "https://mail.example".into(), ..Endpoints::default() },
        };
        let hub = Hub::open(ports.clone(), config.clone()).unwrap();
        Self { runner, hub, sql, mailbox, log, ports, config }
    }

    /// Set up by 田中; the second value is the owner's cookie.
    pub(crate) fn set_up() -> (Self, String) {
        Self::empty().begun()
    }

    /// The same of a workspace before set-up.
    pub(crate) fn begun(self) -> (Self, String) {
        let mut world = self;
        let body = json!({"token": "t", "workspace": "みなと商事", "name": "田中 一郎", "email": "tanaka@minato.example"});
        let back = world.send(Method::POST, "/api/setup", &[("x-todoke-setup", "1")], &body);
        assert_eq!(back.status, 201, "{back:?}");
        let cookie = back.session();
        (world, cookie)
    }

    pub(crate) fn workspace(&self) -> &WorkspaceId {
        &self.config.workspace
    }

    /// Connects mail over Resend without asking anybody.
    pub(crate) fn connect_mail(&mut self) {
        let form = MailForm {
            via: MailVia::Resend,
            from_address: "todoke@minato.example".into(),
            api_key: "re_1".into(),
            ..MailForm::default()
        };
        let (settings, secret) = mail::split(&form);
        self.connect("mail", 4, &json!(settings), &json!(secret));
    }

    /// Connects any provider without asking it; answers the integration's id.
    pub(crate) fn connect(&mut self, provider: &str, number: u8, settings: &Value, secret: &Value) -> String {
        let id = IntegrationId::new(NOW, [number; 10]);
        self.sql
            .exec(
                "INSERT INTO integrations (id, provider, settings, secret_version, secret_set_at, state, \
                 state_since, created_at) VALUES (?1, ?2, ?3, 1, 0, 'ready', 0, 0)",
                &[id.as_str().into(), provider.into(), settings.to_string().into()],
            )
            .unwrap();
        let vault = Vault::new(self.config.workspace.as_str(), &self.config.vault_key, None).unwrap();
        let (kv, random, sealed) = (self.ports.kv.clone(), self.ports.random.clone(), id.clone());
        let secret = serde_json::to_vec(secret).unwrap();
        self.runner.run(async move { vault.put_secret(&*kv, &*random, &sealed, 1, &secret).await.unwrap() });
        id.to_string()
    }

    /// Connects LINE WORKS as far as settings go; nothing can be sent.
    pub(crate) fn connect_lineworks(&self) {
        self.sql
            .exec(
                "INSERT INTO integrations (id, provider, settings, secret_version, secret_set_at, state, \
                 state_since, created_at) VALUES (?1, 'lineworks', '{}', 1, 0, 'ready', 0, 1)",
                &[IntegrationId::new(NOW, [5; 10]).as_str().into()],
            )
            .unwrap();
    }

    pub(crate) fn raw(
        &mut self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Back {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let call = Call { method, target: target.to_owned(), headers, body: body.to_vec() };
        let hub = self.hub.clone();
        let answer = self.runner.run(async move { hub.handle(call).await });
        assert_ne!(answer.status, 500, "{target}: {:?}", self.log.0.borrow());
        let json =
            if answer.body.is_empty() { Value::Null } else { serde_json::from_slice(&answer.body).unwrap() };
        let cookie =
            answer.headers.iter().find(|(name, _)| *name == "set-cookie").map(|(_, value)| value.clone());
        Back { status: answer.status, json, cookie, headers: answer.headers }
    }

    pub(crate) fn send(
        &mut self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Back {
        self.raw(method, target, headers, body.to_string().as_bytes())
    }

    /// As a page of somebody with that cookie, a moment after the last one: ids sort by time.
    pub(crate) fn page(&mut self, cookie: &str, method: Method, target: &str, body: &Value) -> Back {
        self.runner.clock.advance(1);
        self.send(method, target, &[("cookie", cookie), ("origin", PAGES), ("accept-language", "en")], body)
    }

    pub(crate) fn get(&mut self, cookie: &str, target: &str) -> Back {
        self.raw(Method::GET, target, &[("cookie", cookie), ("accept-language", "en")], b"")
    }

    /// An answer that is no JSON.
    pub(crate) fn text(&mut self, cookie: &str, target: &str) -> String {
        let headers = vec![("cookie".to_owned(), cookie.to_owned())];
        let call = Call { method: Method::GET, target: target.to_owned(), headers, body: Vec::new() };
        let hub = self.hub.clone();
        let answer = self.runner.run(async move { hub.handle(call).await });
        assert_eq!(answer.status, 200, "{target}");
        String::from_utf8(answer.body).unwrap()
    }

    pub(crate) fn post(&mut self, cookie: &str, target: &str, body: &Value) -> Back {
        self.page(cookie, Method::POST, target, body)
    }

    pub(crate) fn put(&mut self, cookie: &str, target: &str, body: &Value) -> Back {
        self.page(cookie, Method::PUT, target, body)
    }

    pub(crate) fn delete(&mut self, cookie: &str, target: &str) -> Back {
        self.page(cookie, Method::DELETE, target, &Value::Null)
    }

    /// Registers somebody by form; answers the id.
    pub(crate) fn member(&mut self, cookie: &str, form: &Value) -> String {
        let back = self.post(cookie, "/api/v1/members", form);
        assert_eq!(back.status, 201, "{back:?}");
        back.id()
    }

    /// Signs somebody in by link; answers the cookie.
    pub(crate) fn cookie_of(&mut self, admin: &str, member: &str) -> String {
        let back = self.post(admin, &format!("/api/v1/members/{member}/sign-in-link"), &Value::Null);
        assert_eq!(back.status, 201, "{back:?}");
        let url = back.json["url"].as_str().unwrap().to_owned();
        let token = url.strip_prefix(&format!("{PAGES}/s/")).unwrap();
        let back = self.send(Method::POST, "/api/sign-in/link", &[], &json!({ "token": token }));
        assert_eq!(back.status, 200, "{back:?}");
        back.session()
    }

    /// Makes an API key.
    pub(crate) fn key(&mut self, admin: &str, scopes: &[&str]) -> String {
        let back = self.post(admin, "/api/keys", &json!({"name": "ReTask", "scopes": scopes}));
        assert_eq!(back.status, 201, "{back:?}");
        back.json["key"].as_str().unwrap().to_owned()
    }

    pub(crate) fn work(&mut self) {
        let hub = self.hub.clone();
        self.runner.run(async move { hub.work().await });
    }

    pub(crate) fn count(&self, query: &str) -> String {
        self.sql.texts(query, &[]).unwrap().remove(0)
    }
}
