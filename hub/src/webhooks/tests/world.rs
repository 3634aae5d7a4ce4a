//! One workspace and a receiver that answers by script.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;
use shared::{
    api::{
        auth::Role,
        webhooks::{NewWebhook, WebhookEvent, WebhookMessage, WebhookRequest},
    },
    error::Code,
    id::{MemberId, WebhookMessageId, WorkspaceId},
    lang::Lang,
    time::Millis,
};

use crate::{
    Config, Hub,
    native::{
        ClockPort, MemoryKv, NoTcp, RecordedAlarm, RecordedLive, RecordedLog, RsaSigner, Runner,
        SeededRandom, Sqlite,
    },
    ports::{Http, HttpRequest, HttpResponse, IoError, Ports, Sql},
    sessions::{Caller, SignedIn},
};

pub(super) const NOW: Millis = 1_795_219_200_000;

/// Answers 200 once the script is used up.
#[derive(Default)]
pub(super) struct Receiver {
    pub(super) answers: RefCell<VecDeque<Result<HttpResponse, IoError>>>,
    pub(super) seen: RefCell<Vec<HttpRequest>>,
}

#[async_trait(?Send)]
impl Http for Receiver {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, IoError> {
        self.seen.borrow_mut().push(request);
        crate::native::yield_now().await;
        self.answers.borrow_mut().pop_front().unwrap_or_else(|| Ok(answer(200)))
    }
}

pub(super) fn answer(status: u16) -> HttpResponse {
    HttpResponse { status, headers: vec![], body: vec![] }
}

pub(super) struct World {
    pub(super) runner: Runner,
    pub(super) hub: Rc<Hub>,
    pub(super) sql: Rc<dyn Sql>,
    pub(super) kv: Rc<MemoryKv>,
    pub(super) receiver: Rc<Receiver>,
    pub(super) log: Rc<RecordedLog>,
}

impl World {
    pub(super) fn new() -> Self {
        let runner = Runner::new(NOW);
        let sql: Rc<dyn Sql> = Rc::<Sqlite>::default();
        let (receiver, log) = (Rc::<Receiver>::default(), Rc::<RecordedLog>::default());
        let kv = Rc::new(MemoryKv::new(runner.clock.clone()));
        let ports = Ports {
            sql: sql.clone(),
            kv: kv.clone(),
            http: receiver.clone(),
            tcp: Rc::new(NoTcp),
            signer: Rc::new(RsaSigner),
            clock: Rc::new(ClockPort(runner.clock.clone())),
            random: Rc::new(SeededRandom::new(7)),
            live: Rc::<RecordedLive>::default(),
            alarm: Rc::<RecordedAlarm>::default(),
            log: log.clone(),
        };
        let config = Config {
            workspace: WorkspaceId::new(NOW, [1; 10]),
            public_url: "https://todoke.example".into(),
            callback_url: "https://todoke.example".into(),
            development: false,
            vault_key: BASE64_STANDARD.encode([3; 32]),
            vault_key_previous: None,
            endpoints: crate::Endpoints {
                resend: "https://mail.example".into(),
                ..crate::Endpoints::default()
            },
        };
        let hub = Hub::open(ports, config).unwrap();
        Self { runner, hub, sql, kv, receiver, log }
    }

    pub(super) fn make(
        &mut self,
        url: &str,
        events: &[WebhookEvent],
    ) -> Result<NewWebhook, Vec<(Code, Option<String>)>> {
        let (hub, request) = (self.hub.clone(), WebhookRequest { url: url.into(), events: events.to_vec() });
        self.runner.clock.advance(1);
        let made = self.runner.run(async move { hub.create_webhook(&owner(), &request).await });
        made.map_err(|refusal| refusal.told().into_iter().map(|error| (error.code, error.field)).collect())
    }

    /// A webhook for both events.
    pub(super) fn webhook(&mut self, url: &str) -> NewWebhook {
        self.make(url, &WebhookEvent::ALL).unwrap()
    }

    pub(super) fn queue(&self, event: WebhookEvent) -> usize {
        self.runner.clock.advance(1);
        let mut told = 0;
        let data = json!({"event": "ev_1", "action": "take"});
        self.sql
            .atomically(&mut || {
                told = self.hub.queue_webhook(event, &data)?;
                Ok(())
            })
            .unwrap();
        told
    }

    pub(super) fn work(&mut self) {
        let hub = self.hub.clone();
        self.runner.run(async move { hub.work_webhooks().await.unwrap() });
    }

    /// Lets the clock go to the next due message and works; answers how long that took.
    pub(super) fn work_next(&mut self) -> Millis {
        let at = self.hub.next_webhook_due().unwrap().expect("something is due");
        let waited = (at - self.hub.now()).max(0);
        self.runner.clock.advance(waited);
        self.work();
        waited
    }

    pub(super) fn script(&self, answers: impl IntoIterator<Item = Result<HttpResponse, IoError>>) {
        self.receiver.answers.borrow_mut().extend(answers);
    }

    pub(super) fn messages(&self, webhook: &NewWebhook) -> Vec<WebhookMessage> {
        self.hub.list_webhook_messages(&owner(), &webhook.info.id).unwrap()
    }

    pub(super) fn replay(&mut self, id: &WebhookMessageId) -> Result<WebhookMessage, Vec<Code>> {
        let (hub, id) = (self.hub.clone(), id.clone());
        let replayed = self.runner.run(async move { hub.replay_webhook_message(&owner(), &id).await });
        replayed.map_err(|refusal| refusal.told().into_iter().map(|error| error.code).collect())
    }

    pub(super) fn seen(&self) -> usize {
        self.receiver.seen.borrow().len()
    }
}

pub(super) fn owner() -> Caller {
    Caller::Member(SignedIn {
        id: MemberId::new(NOW, [9; 10]),
        name: "田中 一郎".into(),
        role: Role::Owner,
        company: None,
        language: Lang::Ja,
    })
}

pub(super) fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}
