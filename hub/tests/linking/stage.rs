//! A workspace with two members whose providers answer by script.

use std::{cell::RefCell, pin::Pin, rc::Rc};

use async_trait::async_trait;
use http::Method;
use hub::{
    Call,
    native::{MemoryKv, RecordedLive},
    ports::{Http, HttpRequest, HttpResponse, IoError, Kv, KvError, Ports},
};
use serde_json::{Value, json};
use shared::id::IntegrationId;

use crate::world::{Back, NOW, PAGES, World};

type Scripted = Result<HttpResponse, IoError>;

/// What somebody else does while a provider is asked, or while the vault keeps something: whichever is next.
#[derive(Default)]
pub(crate) struct Meanwhile(RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>>);

impl Meanwhile {
    async fn pass(&self) {
        let other = self.0.take();
        if let Some(other) = other {
            other.await;
        }
    }
}

/// The vault's store, which takes its time.
struct SlowKv {
    kv: Rc<MemoryKv>,
    meanwhile: Rc<Meanwhile>,
}

#[async_trait(?Send)]
impl Kv for SlowKv {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KvError> {
        self.kv.get(key).await
    }

    async fn put(&self, key: &str, value: &[u8], expires_in: Option<u64>) -> Result<(), KvError> {
        self.kv.put(key, value, expires_in).await?;
        self.meanwhile.pass().await;
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), KvError> {
        self.kv.delete(key).await
    }
}

/// Every provider. An unexpected request fails the test, and so does an answer that nobody asked for.
#[derive(Default)]
pub(crate) struct Providers {
    /// `"METHOD host/path?query"` and its answer, each used once.
    answers: RefCell<Vec<(String, Scripted)>>,
    seen: RefCell<Vec<HttpRequest>>,
    meanwhile: Rc<Meanwhile>,
}

#[async_trait(?Send)]
impl Http for Providers {
    async fn send(&self, request: HttpRequest) -> Scripted {
        let place = request.url.strip_prefix("https://").expect("https");
        // A webhook's query is its credential and is looked at by itself.
        let place = if place.starts_with("chat.") { place.split('?').next().unwrap() } else { place };
        let wanted = format!("{} {place}", request.method);
        self.seen.borrow_mut().push(request);
        self.meanwhile.pass().await;
        let mut answers = self.answers.borrow_mut();
        let index = answers.iter().position(|(one, _)| *one == wanted);
        answers.remove(index.unwrap_or_else(|| panic!("unexpected {wanted}"))).1
    }
}

impl Providers {
    pub(crate) fn on(&self, request: &str, status: u16, body: &Value) {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.answer(request, Ok(HttpResponse { status, headers: vec![], body }));
    }

    pub(crate) fn answer(&self, request: &str, answer: Scripted) {
        self.answers.borrow_mut().push((request.to_owned(), answer));
    }

    /// The requests since the last call; fails when an answer was left over.
    pub(crate) fn asked(&self) -> Vec<HttpRequest> {
        assert!(self.answers.borrow().is_empty(), "left over: {:?}", self.answers.borrow());
        self.seen.take()
    }
}

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) providers: Rc<Providers>,
    pub(crate) kv: Rc<MemoryKv>,
    pub(crate) live: Rc<RecordedLive>,
    /// The cookie of 田中, who owns the workspace.
    pub(crate) owner: String,
    /// Of 佐藤, a plain member.
    pub(crate) sato: String,
    /// 佐藤's id.
    pub(crate) member: String,
}

impl Stage {
    /// With mail, and what `connect` adds: nothing is cached before it.
    pub(crate) fn new(connect: impl FnOnce(&mut World)) -> Self {
        let (providers, kv) = (Rc::<Providers>::default(), Rc::<MemoryKv>::default());
        let live = Rc::<RecordedLive>::default();
        let (http, pages) = (providers.clone(), live.clone());
        let store = Rc::new(SlowKv { kv: kv.clone(), meanwhile: providers.meanwhile.clone() });
        let (mut world, owner) = World::over(|ports| Ports { http, kv: store, live: pages, ..ports }).begun();
        world.connect_mail();
        connect(&mut world);
        let form = json!({"name": "佐藤 花子", "login_email": "sato@minato.example"});
        let member = world.member(&owner, &form);
        let sato = world.cookie_of(&owner, &member);
        Self { world, providers, kv, live, owner, sato, member }
    }

    /// A browser that follows a link.
    pub(crate) fn open(&mut self, cookie: &str, target: &str) -> Back {
        self.world.runner.clock.advance(1);
        self.world.raw(Method::GET, target, &[("cookie", cookie)], b"")
    }

    /// Somebody with that cookie asks for these while the next thing outside is under way; they must go well.
    pub(crate) fn meanwhile(&self, cookie: &str, calls: &[(Method, &str, Value)]) {
        let headers = [("cookie", cookie), ("origin", PAGES)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let calls: Vec<Call> = calls
            .iter()
            .map(|(method, target, body)| Call {
                method: method.clone(),
                target: (*target).to_owned(),
                headers: headers.clone(),
                body: body.to_string().into_bytes(),
            })
            .collect();
        let hub = self.world.hub.clone();
        let other = Box::pin(async move {
            for call in calls {
                let answer = hub.handle(call).await;
                assert!(matches!(answer.status, 200..=299), "{}", answer.status);
            }
        });
        assert!(self.providers.meanwhile.0.replace(Some(other)).is_none(), "nothing was under way");
    }

    /// `value state label` of a member's address.
    pub(crate) fn address(&self, member: &str, channel: &str) -> String {
        let query = "SELECT value || ' ' || state || ' ' || coalesce(label, '-') FROM addresses WHERE member = ?1 AND channel = ?2";
        let found = self.world.sql.texts(query, &[member.into(), channel.into()]).unwrap();
        found.into_iter().next().unwrap_or_default()
    }

    /// Places of what is kept of persons.
    pub(crate) fn named_secrets(&self) -> Vec<String> {
        let entries = self.kv.entries.borrow();
        entries.keys().filter(|place| place.contains("/named/")).cloned().collect()
    }

    /// Fails when `secret` is in the log or in the store.
    pub(crate) fn kept_quiet(&self, secret: &str) {
        assert!(!self.world.log.0.borrow().join("\n").contains(secret), "in the log: {secret}");
        for (table, column) in [
            ("addresses", "value"),
            ("addresses", "label"),
            ("integrations", "settings"),
            ("integrations", "cause"),
            ("audit", "target"),
            ("audit", "detail"),
        ] {
            let found = format!("SELECT count(*) FROM {table} WHERE instr({column}, ?1) > 0");
            let found = self.world.sql.texts(&found, &[secret.into()]).unwrap();
            assert_eq!(found, ["0"], "in {table}.{column}: {secret}");
        }
    }
}

pub(crate) fn integration(number: u8) -> IntegrationId {
    IntegrationId::new(NOW, [number; 10])
}

pub(crate) fn location(back: &Back) -> &str {
    assert_eq!(back.status, 303, "{back:?}");
    back.headers.iter().find(|(name, _)| *name == "location").map(|(_, value)| value.as_str()).unwrap()
}

/// A parameter of a URL, decoded as far as the tests need it.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let query = url.split_once('?').expect("a query").1;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value);
    value.unwrap_or_else(|| panic!("no {name} in {url}")).replace("%3A", ":").replace("%2F", "/")
}

/// The pairs of a form or a query.
pub(crate) fn form(request: &HttpRequest, name: &str) -> String {
    parameter(&format!("?{}", String::from_utf8(request.body.clone()).unwrap()), name)
}
