//! A workspace with a key for absences, and LINE WORKS that keeps calendars.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::Method;
use hub::{
    native::{MemoryKv, RecordedLive},
    ports::{
        Agreed, Alarm, Http, HttpRequest, HttpResponse, IoError, KeyPair, Ports, SignError, Signer, SqlError,
    },
    providers::lineworks::{LineworksSecret, LineworksSettings},
};
use serde_json::{Value, json};

use crate::world::{Back, World};

/// What happens to the next call of a calendar instead of the right answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    Status(u16),
    /// 429, to come again after so many seconds.
    Busy(u32),
    /// The connection fails before anything is sent.
    NotSent,
    /// It is done and nobody hears of it.
    Unheard,
}

/// `auth.worksmobile.com` and the calendars of `www.worksapis.com`.
#[derive(Default)]
pub(crate) struct Lineworks {
    /// By `account/event`.
    pub(crate) events: RefCell<BTreeMap<String, Value>>,
    pub(crate) faults: RefCell<VecDeque<Fault>>,
    /// `POST /users/…`; tokens as `token calendar`.
    pub(crate) asked: RefCell<Vec<String>>,
    /// The app may not have the scope `calendar`.
    pub(crate) without_scope: Cell<bool>,
    /// The provider gives events ids of its own.
    pub(crate) own_ids: Cell<bool>,
}

const PEOPLE: [&str; 4] = ["sato@works", SUZUKI, "tanaka@minato.example", "u-9"];
const SUZUKI: &str = "suzuki@minato.example";
/// 鈴木's ID, which names the same calendar as the login.
pub(crate) const SUZUKI_ID: &str = "3f2a";

impl Lineworks {
    fn calendar(&self, request: &HttpRequest, path: &str) -> (u16, Value) {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let path = path.split('?').next().unwrap().replace("%40", "@").replace(SUZUKI_ID, SUZUKI);
        let parts: Vec<&str> = path.split('/').collect();
        let missing = (404, json!({"code": "NOT_FOUND", "description": "Not found"}));
        if !PEOPLE.contains(&parts[2]) {
            return missing;
        }
        let mut events = self.events.borrow_mut();
        match (request.method, &parts[3..]) {
            ("GET", ["calendar"]) => (200, json!({"calendarId": "c"})),
            ("POST", ["calendar", "events"]) => {
                assert_eq!(body["sendNotification"], false);
                let wanted = body["eventComponents"][0]["eventId"].as_str().unwrap().to_owned();
                let id = if self.own_ids.get() { format!("own-{}", events.len()) } else { wanted };
                let answer = json!({"eventComponents": [{"eventId": id}]});
                let old = events.insert(format!("{}/{id}", parts[2]), body["eventComponents"][0].clone());
                assert!(old.is_none(), "made twice");
                (201, answer)
            }
            ("PUT", ["calendar", "events", id]) => {
                assert_eq!(body["sendNotification"], false);
                match events.get_mut(&format!("{}/{id}", parts[2])) {
                    Some(event) => {
                        *event = body["eventComponents"][0].clone();
                        (200, json!({}))
                    }
                    None => missing,
                }
            }
            ("DELETE", ["calendar", "events", id]) => {
                assert!(request.url.ends_with("?sendNotification=false"));
                let gone = events.remove(&format!("{}/{id}", parts[2]));
                if gone.is_some() { (204, Value::Null) } else { missing }
            }
            other => panic!("{other:?}"),
        }
    }

    /// `account: title from–until`, in order.
    pub(crate) fn shown(&self) -> Vec<String> {
        let events = self.events.borrow();
        let when = |moment: &Value| {
            let text = moment.get("date").or_else(|| moment.get("dateTime")).and_then(Value::as_str);
            text.unwrap().to_owned()
        };
        events
            .iter()
            .map(|(place, event)| {
                let account = place.split('/').next().unwrap();
                let (start, end) = (when(&event["start"]), when(&event["end"]));
                format!("{account}: {} {start}–{end}", event["summary"].as_str().unwrap())
            })
            .collect()
    }

    pub(crate) fn fail(&self, faults: &[Fault]) {
        self.faults.borrow_mut().extend(faults);
    }

    /// What was asked since the last call.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.take()
    }
}

#[async_trait(?Send)]
impl Http for Lineworks {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError> {
        let answer = |status, body: Value| {
            let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
            Ok(HttpResponse { status, headers: vec![], body })
        };
        if request.url == "https://auth.worksmobile.com/oauth2/v2.0/token" {
            let form = String::from_utf8(request.body).unwrap();
            let scope = form.split("scope=").nth(1).unwrap().to_owned();
            self.asked.borrow_mut().push(format!("token {scope}"));
            if scope.contains("calendar") && self.without_scope.get() {
                return answer(
                    400,
                    json!({"error": "invalid_scope", "error_description": "Invalid scope: calendar"}),
                );
            }
            return answer(
                200,
                json!({"access_token": format!("t {scope}"), "token_type": "Bearer", "expires_in": "86400"}),
            );
        }
        let path = request.url.strip_prefix("https://www.worksapis.com/v1.0").expect("LINE WORKS").to_owned();
        let bearer = request.headers.iter().find(|(name, _)| *name == "authorization").unwrap();
        assert_eq!(bearer.1, "Bearer t calendar", "{path}");
        let event = path.split('?').next().unwrap().split("/events").next().unwrap();
        self.asked.borrow_mut().push(format!("{} {event}", request.method));
        match self.faults.borrow_mut().pop_front() {
            None => {
                let (status, body) = self.calendar(&request, &path);
                answer(status, body)
            }
            Some(Fault::Status(status)) => answer(status, json!({"code": "X", "description": "by script"})),
            Some(Fault::Busy(seconds)) => Ok(HttpResponse {
                status: 429,
                headers: vec![("ratelimit-reset".into(), seconds.to_string())],
                body: vec![],
            }),
            Some(Fault::NotSent) => Err(IoError::NotSent("by script".into())),
            Some(Fault::Unheard) => {
                self.calendar(&request, &path);
                Err(IoError::NoAnswer("by script".into()))
            }
        }
    }
}

/// Anything is a signature: nobody looks. Devices are not part of this.
struct AnySigner;

#[async_trait(?Send)]
impl Signer for AnySigner {
    async fn rs256(&self, _: &[u8], _: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(vec![7; 128])
    }

    async fn p256_pair(&self) -> Result<KeyPair, SignError> {
        Err(SignError)
    }

    async fn es256(&self, _: &[u8], _: &[u8]) -> Result<Vec<u8>, SignError> {
        Err(SignError)
    }

    async fn p256_agree(&self, _: &[u8]) -> Result<Agreed, SignError> {
        Err(SignError)
    }
}

/// Rings for nobody. While it is set, what was planned for then happens.
#[derive(Default)]
pub(crate) struct Interrupted(pub(crate) RefCell<Option<Box<dyn FnOnce()>>>);

#[async_trait(?Send)]
impl Alarm for Interrupted {
    async fn set(&self, _: Option<i64>) -> Result<(), SqlError> {
        if let Some(meanwhile) = self.0.take() {
            meanwhile();
        }
        Ok(())
    }
}

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) lineworks: Rc<Lineworks>,
    pub(crate) kv: Rc<MemoryKv>,
    pub(crate) live: Rc<RecordedLive>,
    pub(crate) alarm: Rc<Interrupted>,
    pub(crate) owner: String,
    /// `Bearer` of a key that enters and reads absences.
    pub(crate) key: String,
    /// 佐藤, whose LINE WORKS ID is linked.
    pub(crate) sato: String,
    /// 鈴木, whose login is the one at LINE WORKS.
    pub(crate) suzuki: String,
    /// The integration.
    pub(crate) id: String,
    /// Another one of the same tenant.
    pub(crate) other: String,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let (lineworks, kv) = (Rc::<Lineworks>::default(), Rc::<MemoryKv>::default());
        let (live, alarm) = (Rc::<RecordedLive>::default(), Rc::<Interrupted>::default());
        let (http, store, pages, rings) = (lineworks.clone(), kv.clone(), live.clone(), alarm.clone());
        let signer = Rc::new(AnySigner);
        let (mut world, owner) =
            World::over(|ports| Ports { http, kv: store, live: pages, alarm: rings, signer, ..ports })
                .begun();
        let [id, other] = [5, 6].map(|number| connect(&mut world, number));
        let form =
            json!({"name": "佐藤 花子", "login_email": "sato@minato.example", "lineworks_id": "sato@works"});
        let sato = world.member(&owner, &form);
        let suzuki =
            world.member(&owner, &json!({"name": "鈴木 一郎", "login_email": "suzuki@minato.example"}));
        let key = world.key(&owner, &["absences:write", "absences:read"]);
        let key = format!("Bearer {key}");
        Self { world, lineworks, kv, live, alarm, owner, key, sato, suzuki, id, other }
    }

    /// With the switch on.
    pub(crate) fn on() -> Self {
        let mut stage = Self::new();
        let back = stage.switch(true);
        assert_eq!((back.status, &back.json["calendar"]["on"]), (200, &json!(true)), "{back:?}");
        stage.lineworks.asked();
        stage
    }

    /// Everything here is about the other one from now on.
    pub(crate) fn go_to_other(&mut self) {
        std::mem::swap(&mut self.id, &mut self.other);
    }

    pub(crate) fn switch(&mut self, on: bool) -> Back {
        let (owner, target) = (self.owner.clone(), format!("/api/integrations/{}/calendar", self.id));
        self.world.put(&owner, &target, &json!({ "on": on }))
    }

    pub(crate) fn call(&mut self, key: &str, method: Method, target: &str, body: &Value) -> Back {
        self.world.runner.clock.advance(1);
        let headers = [("authorization", key), ("accept-language", "en")];
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.world.raw(method, target, &headers, &body)
    }

    pub(crate) fn put(&mut self, reference: &str, body: &Value) -> Back {
        let key = self.key.clone();
        self.call(&key, Method::PUT, &format!("/api/v1/absences/{reference}"), body)
    }

    pub(crate) fn delete(&mut self, reference: &str) -> Back {
        let key = self.key.clone();
        self.call(&key, Method::DELETE, &format!("/api/v1/absences/{reference}"), &Value::Null)
    }

    pub(crate) fn get(&mut self, target: &str) -> Back {
        let key = self.key.clone();
        self.call(&key, Method::GET, target, &Value::Null)
    }

    /// 佐藤's, of whole days.
    pub(crate) fn days(&self, title: &str, starts: &str, ends: &str) -> Value {
        json!({"member": self.sato, "title": title, "starts": starts, "ends": ends, "all_day": true})
    }

    /// Enters one of 佐藤's and works on it.
    pub(crate) fn enter(&mut self, reference: &str, title: &str) {
        let body = self.days(title, "2026-12-29", "2026-12-31");
        let back = self.put(reference, &body);
        assert!(matches!(back.status, 200 | 201), "{back:?}");
        self.world.work();
    }

    /// Lets the alarm ring for so long.
    pub(crate) fn later(&mut self, seconds: i64) {
        let until = self.world.runner.clock.get() + seconds * 1_000;
        while self.world.runner.clock.get() < until {
            self.world.runner.clock.advance(5_000);
            self.world.work();
        }
    }

    /// How the integration tells of it.
    pub(crate) fn state(&mut self) -> Value {
        let owner = self.owner.clone();
        let listed = self.world.get(&owner, "/api/integrations").json;
        let own = listed.as_array().unwrap().iter().find(|one| one["id"] == self.id.as_str());
        own.unwrap()["calendar"].clone()
    }
}

/// Answers the integration's id.
fn connect(world: &mut World, number: u8) -> String {
    let settings = LineworksSettings {
        client_id: "c".into(),
        service_account: "x.serviceaccount@works".into(),
        domain_id: 1,
        bot_admin: "sato@works".into(),
        bot_subadmin: String::new(),
        bot_name: "Todoke通知".into(),
        bot_id: Some(7),
    };
    let key = BASE64_STANDARD.encode([1; 640]);
    let secret = LineworksSecret {
        client_secret: "s3cret".into(),
        private_key: format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----"),
        bot_secret: None,
    };
    world.connect("lineworks", number, &json!(settings), &json!(secret))
}
