//! The Durable Object: a shell over [`hub::Hub`]. It knows how requests, alarms and WebSockets come in, and
//! nothing of what they mean.

use std::{cell::RefCell, rc::Rc};

use hub::{
    Call, Hub,
    ports::{Log as _, Ports},
};
use shared::{error::Code, id::WorkspaceId};
use worker::{
    DurableObject, Env, Error, Headers, Request, Response, Result, Socket, SqlStorageValue, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, console_error, durable_object,
    worker_sys::WebSocketRequestResponsePair,
};

use crate::{
    alarm::ObjectAlarm,
    answer::refusal,
    clock::PlatformClock,
    config::{config, origin},
    http::PlatformHttp,
    kv::WorkersKv,
    live::{Pages, tag},
    log::Console,
    random::PlatformRandom,
    setup::DIRECTORY,
    sql::ObjectSql,
    tcp::PlatformTcp,
};

/// Where the object keeps whose it is: an alarm does not say.
const WORKSPACE: &str = "workspace";

/// One workspace. Constructed anew whenever the platform pleases: what matters is in SQLite.
#[durable_object]
pub struct Workspace {
    state: Rc<State>,
    env: Env,
    hub: RefCell<Option<Rc<Hub>>>,
}

const LIVE: &str = "/api/live";

impl DurableObject for Workspace {
    fn new(state: State, env: Env) -> Self {
        Self { state: Rc::new(state), env, hub: RefCell::new(None) }
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let language = request.headers().get("accept-language")?;
        let path = request.path();
        let name = request.headers().get(crate::WORKSPACE_HEADER)?.unwrap_or_default();
        if name == DIRECTORY {
            return self.claim();
        }
        let Ok(workspace) = name.parse::<WorkspaceId>() else {
            return refusal(Code::NotFound, &path, language.as_deref());
        };
        match self.serve(request, workspace, language.as_deref()).await {
            Ok(answer) => Ok(answer),
            Err(error) => {
                console_error!("object: {error}");
                refusal(Code::Internal, &path, language.as_deref())
            }
        }
    }

    async fn alarm(&self) -> Result<Response> {
        // An object without a workspace never set an alarm.
        if let Some(id) = self.state.storage().get::<String>(WORKSPACE).await?
            && let Ok(workspace) = id.parse()
        {
            let hub = self.hub(workspace).await?;
            hub.work().await;
            if hub.has_ended() {
                self.wipe().await?;
            }
        }
        Response::empty()
    }

    async fn websocket_message(&self, _page: WebSocket, _message: WebSocketIncomingMessage) -> Result<()> {
        // Pages only listen; the platform answers their pings by itself.
        Ok(())
    }

    async fn websocket_close(
        &self,
        page: WebSocket,
        _code: usize,
        _reason: String,
        _clean: bool,
    ) -> Result<()> {
        // Ends the closing handshake. The other side may have gone without one.
        let _gone = page.close(Some(1000), Some("bye"));
        Ok(())
    }

    async fn websocket_error(&self, _page: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }

    async fn connect(&self, mut socket: Socket) -> Result<()> {
        // Nothing speaks bare TCP to an object.
        socket.close().await
    }
}

impl Workspace {
    async fn serve(
        &self,
        mut request: Request,
        workspace: WorkspaceId,
        language: Option<&str>,
    ) -> Result<Response> {
        let hub = self.hub(workspace).await?;
        let url = request.inner().url();
        let (path, query) = crate::path_and_query(&url);
        let answer = match path {
            LIVE => self.listen(&hub, &request, language)?,
            // Opening it was the point.
            "/internal/wake" => Response::empty()?.with_status(204),
            _ => {
                let call = Call {
                    method: request.inner().method().parse().map_err(|_| Error::BadEncoding)?,
                    target: if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") },
                    headers: headers_of(&request)?,
                    body: if request.inner().body().is_some() { request.bytes().await? } else { Vec::new() },
                };
                respond(hub.handle(call).await)?
            }
        };
        if hub.has_ended() {
            self.wipe().await?;
        } else if hub.has_work() {
            self.state.wait_until(async move { hub.work().await });
        }
        Ok(answer)
    }

    /// The end: nothing of the workspace is left, and whoever still listens hears no more.
    async fn wipe(&self) -> Result<()> {
        for page in self.state.get_websockets() {
            // It may have gone by itself.
            let _gone = page.close(Some(1000), Some("bye"));
        }
        let storage = self.state.storage();
        // The alarm last: if the storage could not be deleted, it rings and tries again.
        storage.delete_all().await?;
        let _gone_with_it = storage.delete_alarm().await;
        self.hub.replace(None);
        crate::directory::forget();
        Ok(())
    }

    /// The hub of this object, opened at the first use.
    async fn hub(&self, workspace: WorkspaceId) -> Result<Rc<Hub>> {
        if let Some(hub) = self.opened() {
            return Ok(hub);
        }
        let storage = self.state.storage();
        if storage.get::<String>(WORKSPACE).await?.as_deref() != Some(workspace.as_str()) {
            storage.put(WORKSPACE, workspace.as_str()).await?;
        }
        let kv = self.env.kv(crate::KV)?;
        // Another request may have opened it during those awaits; from here on there are none.
        if let Some(hub) = self.opened() {
            return Ok(hub);
        }
        let ports = Ports {
            sql: Rc::new(ObjectSql::new(&storage)),
            kv: Rc::new(WorkersKv(kv)),
            http: Rc::new(PlatformHttp),
            tcp: Rc::new(PlatformTcp),
            clock: Rc::new(PlatformClock),
            random: Rc::new(PlatformRandom),
            live: Rc::new(Pages(Rc::clone(&self.state))),
            alarm: Rc::new(ObjectAlarm(storage)),
            log: Rc::new(Console),
            signer: Rc::new(crate::signer::WebCrypto),
        };
        let hub = Hub::open(ports, config(&self.env, workspace)).map_err(|error| {
            Console.line(&format!("open: {error}"));
            Error::RustError(error.to_string())
        })?;
        self.state.set_websocket_auto_response(&WebSocketRequestResponsePair::new("ping", "pong")?);
        self.hub.replace(Some(Rc::clone(&hub)));
        Ok(hub)
    }

    fn opened(&self) -> Option<Rc<Hub>> {
        self.hub.borrow().clone()
    }

    /// [`LIVE`]: a WebSocket that sleeps with the object and is found again by its tags.
    fn listen(&self, hub: &Rc<Hub>, request: &Request, language: Option<&str>) -> Result<Response> {
        let headers = request.headers();
        if !headers.get("upgrade")?.is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
            return refusal(Code::NotFound, LIVE, language);
        }
        // Browsers send cookies along with a WebSocket from any site: only Origin tells them apart.
        if headers.get("origin")? != origin(&self.env) {
            return refusal(Code::WrongOrigin, LIVE, language);
        }
        let Some(audiences) = hub.live_audience(headers.get("cookie")?.as_deref()) else {
            return refusal(Code::NotSignedIn, LIVE, language);
        };
        let pair = WebSocketPair::new()?;
        let tags: Vec<String> = audiences.iter().map(tag).collect();
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        self.state.accept_websocket_with_tags(&pair.server, &tags);
        Response::from_websocket(pair.client)
    }

    /// Only for the object named `directory`: the id of the deployment's default workspace, made up once.
    /// Synchronous, so two claims cannot interleave.
    fn claim(&self) -> Result<Response> {
        use hub::ports::{Clock as _, Random as _};
        let mut random = [0; 10];
        PlatformRandom.fill(&mut random);
        let id = WorkspaceId::new(PlatformClock.now(), random);
        let sql = self.state.storage().sql();
        sql.exec(
            "CREATE TABLE IF NOT EXISTS default_workspace (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL)",
            None,
        )?;
        let bindings = vec![SqlStorageValue::from(id.to_string())];
        sql.exec("INSERT OR IGNORE INTO default_workspace VALUES (1, ?)", bindings)?;
        let row = sql.exec("SELECT id FROM default_workspace", None)?.raw().next().transpose()?;
        match row.and_then(|row| row.into_iter().next()) {
            Some(SqlStorageValue::String(id)) => Response::ok(id),
            _ => Err(Error::RustError("the directory has no row".to_owned())),
        }
    }
}

fn headers_of(request: &Request) -> Result<Vec<(String, String)>> {
    let headers = request.headers();
    let mut found = Vec::new();
    for name in Call::HEADERS {
        if let Some(value) = headers.get(name)? {
            found.push(((*name).to_owned(), value));
        }
    }
    Ok(found)
}

fn respond(answer: hub::Answer) -> Result<Response> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        headers.append(name, value)?;
    }
    let response = Response::builder().with_status(answer.status).with_headers(headers);
    // A 204 with a body, even an empty one, is refused by the platform.
    Ok(if answer.body.is_empty() { response.empty() } else { response.fixed(answer.body) })
}
