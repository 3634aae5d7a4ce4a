//! One workspace: its ports, its configuration and the little that is kept in memory. Memory is a cache:
//! whatever matters is in the store before an answer goes out.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
};

use futures_util::future::join;
use shared::{
    api::{auth::Role, integrations::Provider},
    id::{IntegrationId, WorkspaceId},
    lang::Lang,
    time::Millis,
    zone::Zone,
};

use crate::{
    cache::Cache,
    call::{Answer, Call},
    clients::Clients,
    dispatch::Dispatcher,
    line_cost::Quotas,
    ports::{Audience, Ports, SqlError},
    providers::{google_chat, line, lineworks, lineworks_v1, slack},
    retention::Forgetting,
    sign_in::PendingCode,
    store,
    vault::{Vault, VaultError},
};

/// What the operator configured. Nothing here is stored.
#[derive(Clone)]
pub struct Config {
    pub workspace: WorkspaceId,
    /// Where people open the pages, without a trailing slash.
    pub public_url: String,
    /// What providers call; the same as `public_url` except in development.
    pub callback_url: String,
    /// Links and SMTP to this machine are allowed.
    pub development: bool,
    /// 32 bytes in base 64.
    pub vault_key: String,
    pub vault_key_previous: Option<String>,
    pub endpoints: Endpoints,
}

/// Where the providers are; only the development configuration points elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    pub lineworks: lineworks::Endpoints,
    pub lineworks_v1: lineworks_v1::Endpoints,
    pub line: line::Endpoints,
    pub slack: slack::Endpoints,
    pub google_chat: google_chat::Endpoints,
    /// Before `/emails`.
    pub resend: String,
    /// A push service on this machine, in development; browsers know the real ones.
    pub web_push: Option<String>,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            lineworks: lineworks::Endpoints::default(),
            lineworks_v1: lineworks_v1::Endpoints::default(),
            line: line::Endpoints::default(),
            slack: slack::Endpoints::default(),
            google_chat: google_chat::Endpoints::default(),
            resend: "https://api.resend.com".to_owned(),
            web_push: None,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("workspace", &self.workspace).finish_non_exhaustive()
    }
}

/// One workspace.
pub struct Hub {
    pub(crate) ports: Ports,
    pub(crate) config: Config,
    pub(crate) vault: Vault,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) clients: Clients,
    pub(crate) cache: Cache,
    pub(crate) codes: RefCell<Vec<PendingCode>>,
    /// When the alarm rings, as far as this object knows.
    pub(crate) alarm_at: Cell<Option<Millis>>,
    /// The inbox may have something due.
    pub(crate) inbox_waits: Cell<bool>,
    /// When old letters were last forgotten.
    pub(crate) forgotten_at: Cell<Millis>,
    pub(crate) quotas: Quotas,
    /// Google's keys, by which its callbacks are verified.
    pub(crate) google_keys: google_chat::Keys,
    /// Callbacks refused since the object started.
    pub(crate) bad_signatures: Cell<u64>,
    /// The workspace's name, once it was read.
    pub(crate) name: RefCell<Option<Rc<str>>>,
    /// Where its clocks are, once that was read.
    pub(crate) zone: Cell<Option<Zone>>,
    pub(crate) forgetting: Cell<Forgetting>,
    /// Deliveries of finished hours, for the home page.
    pub(crate) counted: crate::home::Counted,
    /// It is being deleted; then nothing is left but the storage.
    pub(crate) ending: Cell<bool>,
    pub(crate) ended: Cell<bool>,
    router: axum::Router,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("workspace", &self.config.workspace).finish_non_exhaustive()
    }
}

/// The object cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] SqlError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl Hub {
    /// Opens the workspace: runs what migrations are missing. Idempotent.
    pub fn open(ports: Ports, config: Config) -> Result<Rc<Self>, OpenError> {
        // The second object of an isolate finds it installed.
        #[cfg(target_arch = "wasm32")]
        let _again = crate::providers::crypto::PROVIDER.install_default();
        store::migrate(&*ports.sql, ports.clock.now())?;
        let ending = !ports.sql.texts("SELECT 1 FROM workspace WHERE ended_at > 0", &[])?.is_empty();
        let vault =
            Vault::new(config.workspace.as_str(), &config.vault_key, config.vault_key_previous.as_deref())?;
        Ok(Rc::new_cyclic(|hub| Self {
            router: crate::http::router(hub.clone()),
            vault,
            ports,
            config,
            dispatcher: Dispatcher::default(),
            clients: Clients::default(),
            cache: Cache::default(),
            codes: RefCell::default(),
            alarm_at: Cell::new(None),
            inbox_waits: Cell::new(false),
            forgotten_at: Cell::new(0),
            quotas: Quotas::default(),
            google_keys: google_chat::Keys::default(),
            bad_signatures: Cell::new(0),
            name: RefCell::default(),
            zone: Cell::new(None),
            forgetting: Cell::default(),
            counted: crate::home::Counted::default(),
            ending: Cell::new(ending),
            ended: Cell::new(false),
        }))
    }

    /// Answers one request. Never fails: a fault of ours is an answer 500.
    pub async fn handle(self: &Rc<Self>, call: Call) -> Answer {
        crate::http::answer(self.router.clone(), call).await
    }

    /// Whether [`Self::work`] would find something to do now.
    #[must_use]
    pub fn has_work(&self) -> bool {
        self.ending.get()
            || !self.codes.borrow().is_empty()
            || self.inbox_waits.get()
            || self.dispatcher.wants_to_run()
    }

    /// Sends what is due and works through what came in, until nothing is due; then sets the alarm. Safe to
    /// call at any time: a second call while one runs returns at once.
    pub async fn work(self: &Rc<Self>) {
        if self.ending.get() {
            self.end_again().await;
            return;
        }
        join(self.send_pending_codes(), self.dispatch_at_alarm()).await;
    }

    /// What a WebSocket with this cookie may hear; `None` when nobody is signed in.
    #[must_use]
    pub fn live_audience(&self, cookie: Option<&str>) -> Option<Vec<Audience>> {
        let member = self.signed_in(cookie).ok()?;
        let mut audiences = vec![Audience::Member(member.id.to_string())];
        if member.role.is_admin() {
            audiences.push(Audience::Admins);
        } else if let (Role::CompanyAdmin, Some(company)) = (member.role, &member.company) {
            audiences.push(Audience::Company(company.to_string()));
        }
        Some(audiences)
    }

    pub(crate) fn now(&self) -> Millis {
        self.ports.clock.now()
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.ports.random.fill(&mut bytes);
        bytes
    }

    /// The address that a provider calls for one integration.
    pub(crate) fn callback_url(&self, provider: Provider, integration: &IntegrationId) -> String {
        let (base, workspace) = (&self.config.callback_url, &self.config.workspace);
        format!("{base}/hooks/{}/{workspace}/{integration}", provider.code())
    }

    /// The workspace's own row.
    pub(crate) fn workspace(&self) -> Result<Workspace, crate::refusal::Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'name', name, 'language', language) FROM workspace",
            &[],
        )?
        .ok_or_else(|| shared::error::Code::NotFound.into())
    }
}

/// The workspace's own row.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct Workspace {
    pub(crate) id: WorkspaceId,
    pub(crate) name: String,
    pub(crate) language: Lang,
}
