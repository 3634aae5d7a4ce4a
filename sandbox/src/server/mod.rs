//! Faces of the world on this machine: HTTP, SMTP, a control API and a page with phones.
//!
//! | path | what |
//! | --- | --- |
//! | `/lineworks/auth/…` | auth.worksmobile.com |
//! | `/lineworks/api/v1.0/…` | www.worksapis.com/v1.0 |
//! | `/lineworks/v1/…` | apis.worksmobile.com, API 1.0 |
//! | `/google_chat/…` | chat.googleapis.com, oauth2.googleapis.com, www.googleapis.com |
//! | `/line/access/…`, `/line/api/…` | access.line.me, api.line.me |
//! | `/line/friend/{basicId}` | where a friend link leads |
//! | `/slack/…` | slack.com, hooks.slack.com |
//! | `/resend/…` | api.resend.com |
//! | `/push/{token}` | a push service, such as fcm.googleapis.com |
//! | `/control/…` | JSON control API, `/control/events` is a WebSocket |
//! | `/` | phones |

mod control;
mod faces;
mod google_chat;
mod keys;
mod line;
mod lineworks_v1;
mod live;
mod mail;
mod post;
mod push;
mod slack;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use keys::kept_keys;

use crate::world::{KeyError, Keys, World};

/// What to serve and where. Ports of 0 take any free one.
#[derive(Debug, Clone)]
pub struct Config {
    pub http_port: u16,
    pub smtp_port: u16,
    /// Where callbacks of an https origin really go.
    pub routes: Vec<Route>,
    /// Keeps the RSA key, so that credentials survive a restart. The world itself is in memory only.
    pub state_dir: Option<PathBuf>,
    /// Decides every id the world makes.
    pub seed: u64,
    /// A key made before, e.g. one per test process; wins over `state_dir`.
    pub keys: Option<Keys>,
}

impl Default for Config {
    fn default() -> Self {
        Self { http_port: 8788, smtp_port: 8025, routes: Vec::new(), state_dir: None, seed: 1, keys: None }
    }
}

/// Plays DNS and TLS for one origin: `https://todoke.example=http://127.0.0.1:8787`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `https://todoke.example`
    pub from: String,
    /// `127.0.0.1:8787`
    pub to: String,
}

/// A route is not of the form `https://host=http://host:port`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a route is https://host=http://host:port")]
pub struct NotARoute;

impl FromStr for Route {
    type Err = NotARoute;

    fn from_str(text: &str) -> Result<Self, NotARoute> {
        let (from, to) = text.split_once('=').ok_or(NotARoute)?;
        let to = to.trim_end_matches('/').strip_prefix("http://").ok_or(NotARoute)?;
        let from = from.trim_end_matches('/');
        if !from.starts_with("https://") || !to.contains(':') || to.contains('/') {
            return Err(NotARoute);
        }
        Ok(Self { from: from.to_owned(), to: to.to_owned() })
    }
}

/// Why the servers did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("making the key was interrupted")]
    Interrupted,
}

/// Running servers; dropping this stops them.
#[derive(Debug)]
pub struct Running {
    pub http_addr: SocketAddr,
    pub smtp_addr: SocketAddr,
    /// The world behind the faces.
    pub hall: Arc<Hall>,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// The world, shared by all servers, and the bell that rings when it changed.
#[derive(Debug)]
pub struct Hall {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
    routes: Mutex<Vec<Route>>,
    keys: Keys,
    seed: u64,
    smtp_port: u16,
}

impl Hall {
    /// Works on the world at the present time, then posts the callbacks that arose and rings the bell.
    pub fn with<T>(self: &Arc<Self>, work: impl FnOnce(&mut World, i64) -> T) -> T {
        let (result, due, version) = {
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            let result = work(&mut world, now_ms());
            (result, world.take_callbacks(), world.version())
        };
        for callback in due {
            tokio::spawn(post::post(Arc::clone(self), callback));
        }
        self.changed.send_replace(version);
        result
    }

    /// Looks at the world without ringing the bell.
    pub fn peek<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a route, or turns an old one elsewhere.
    pub fn set_route(&self, route: Route) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.retain(|known| known.from != route.from);
        routes.push(route);
    }

    /// Where a callback URL really goes: host and port, path with query.
    fn route(&self, url: &str) -> Option<(String, String)> {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.iter().find_map(|route| {
            let rest = url.strip_prefix(route.from.as_str())?;
            let path = if rest.is_empty() { "/" } else { rest };
            path.starts_with(['/', '?']).then(|| (route.to.clone(), path.to_owned()))
        })
    }

    /// Begins the world anew, with the same people, credentials and routes.
    fn reset(self: &Arc<Self>) {
        self.with(|world, _| {
            let version = world.version();
            let retention = world.retention;
            let hooks_origin = world.slack().hooks_origin.clone();
            let push_base = world.push_mut().base.clone();
            *world = World::demo(self.seed, &self.keys);
            world.retention = retention;
            world.slack_mut().hooks_origin = hooks_origin;
            world.push_mut().base = push_base;
            // Pages ask for what changed since a version, so it must never go back.
            world.continue_from(version);
        });
    }
}

/// Starts the servers on 127.0.0.1.
pub async fn serve(config: Config) -> Result<Running, StartError> {
    let keys = match &config.keys {
        Some(keys) => keys.clone(),
        None => made_keys(config.state_dir.clone()).await?,
    };
    let http = bind(config.http_port).await?;
    let smtp = bind(config.smtp_port).await?;
    let address = |listener: &TcpListener| {
        listener.local_addr().map_err(|source| StartError::Io { what: "address".into(), source })
    };
    let (http_addr, smtp_addr) = (address(&http)?, address(&smtp)?);
    let mut world = World::demo(config.seed, &keys);
    world.retention = 1_000;
    world.slack_mut().hooks_origin = format!("http://{http_addr}/slack");
    world.push_mut().base = format!("http://{http_addr}/push");
    let hall = Arc::new(Hall {
        world: Mutex::new(world),
        changed: watch::Sender::new(0),
        routes: Mutex::new(config.routes),
        keys,
        seed: config.seed,
        smtp_port: smtp_addr.port(),
    });
    let app = app(Arc::clone(&hall));
    let http_task = tokio::spawn(async move {
        // Ends only with the listener.
        let _ = axum::serve(http, app).await;
    });
    let smtp_task = tokio::spawn(mail::listen(smtp, Arc::clone(&hall)));
    let clock_task = tokio::spawn(ring(Arc::clone(&hall)));
    Ok(Running { http_addr, smtp_addr, hall, tasks: vec![http_task, smtp_task, clock_task] })
}

/// How often the world is asked whether a callback has come due.
const TICK: Duration = Duration::from_millis(100);

/// Makes the callbacks that wait for their time.
async fn ring(hall: Arc<Hall>) {
    loop {
        tokio::time::sleep(TICK).await;
        if hall.peek(World::next_due).is_some_and(|due| due <= now_ms()) {
            hall.with(World::tick);
        }
    }
}

fn app(hall: Arc<Hall>) -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("../phones/index.html")) }))
        .route("/phones.css", get(|| async { asset("text/css", include_str!("../phones/phones.css")) }))
        .route("/phones.js", get(|| async { asset("text/javascript", include_str!("../phones/phones.js")) }))
        .route("/draw.js", get(|| async { asset("text/javascript", include_str!("../phones/draw.js")) }))
        .route("/flex.js", get(|| async { asset("text/javascript", include_str!("../phones/flex.js")) }))
        .route("/line.js", get(|| async { asset("text/javascript", include_str!("../phones/line.js")) }))
        .route(
            "/lineworks.js",
            get(|| async { asset("text/javascript", include_str!("../phones/lineworks.js")) }),
        )
        .route("/mail.js", get(|| async { asset("text/javascript", include_str!("../phones/mail.js")) }))
        .route("/panel.js", get(|| async { asset("text/javascript", include_str!("../phones/panel.js")) }))
        .route("/push.js", get(|| async { asset("text/javascript", include_str!("../phones/push.js")) }))
        .route("/slack.js", get(|| async { asset("text/javascript", include_str!("../phones/slack.js")) }))
        .route(
            "/google_chat.js",
            get(|| async { asset("text/javascript", include_str!("../phones/google_chat.js")) }),
        )
        .route(
            "/google_chat.css",
            get(|| async { asset("text/css", include_str!("../phones/google_chat.css")) }),
        )
        .route("/words.js", get(|| async { asset("text/javascript", include_str!("../phones/words.js")) }))
        .merge(faces::routes())
        .merge(line::faces())
        .merge(google_chat::routes())
        .merge(lineworks_v1::routes())
        .merge(slack::routes())
        .merge(push::faces())
        .nest("/control/line", line::control())
        .nest("/control/push", push::control())
        .nest("/control", control::routes().route("/events", get(live::events)))
        .with_state(hall)
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([("content-type", format!("{kind}; charset=utf-8")), ("cache-control", "no-cache".to_owned())], text)
}

async fn bind(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| StartError::Io { what: format!("port {port}"), source })
}

async fn made_keys(state_dir: Option<PathBuf>) -> Result<Keys, StartError> {
    let made = tokio::task::spawn_blocking(move || match state_dir {
        Some(dir) => kept_keys(&dir),
        None => Ok(Keys::generate()?),
    });
    made.await.map_err(|_| StartError::Interrupted)?
}

#[expect(clippy::disallowed_methods, reason = "the servers live in real time and tell it to the world")]
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
