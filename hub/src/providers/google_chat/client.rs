//! The Chat app's calls (google_chat.md §5.1), each with one renewed token when the provider wants it.

use std::{cell::RefCell, collections::BTreeMap, fmt, rc::Rc};

use serde_json::Value;
use shared::delivery::Outcome;

use super::{
    About, Endpoints, GoogleChatSecret, GoogleChatSettings, JSON, REPLY, TIMEOUT_MS, in_thread,
    outcome::{CallError, Refusal},
};
use crate::{
    ports::{HttpRequest, HttpResponse, IoError, Ports},
    providers::{
        answer,
        encode::percent,
        token::{Kept, TokenCache},
    },
};

/// What is changed of a message; nothing else of ours can be (google_chat.md §5.1, in the discovery document's
/// spelling).
const MASK: &str = "text,cards_v2";
/// A guard against a list without end, not a limit of the provider.
const MOST_PAGES: usize = 20;

/// Speaks for one integration. Its tokens outlive it in [`TokenCache`].
pub struct Client {
    pub(super) ports: Ports,
    pub(super) endpoints: Endpoints,
    pub(super) settings: GoogleChatSettings,
    pub(super) secret: GoogleChatSecret,
    pub(super) tokens: Rc<TokenCache>,
    pub(super) kept: Option<Kept>,
    /// Space of the conversation with a person, by the person's name. A cache.
    conversations: RefCell<BTreeMap<String, String>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "google_chat::Client({:?})", self.kept.as_ref().map(|kept| &kept.integration))
    }
}

/// A space the app is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// `spaces/AAAAtest`.
    pub name: String,
    /// Group conversations may have none.
    pub title: Option<String>,
    /// A conversation of one person and the app.
    pub direct: bool,
}

impl Client {
    /// `tokens` must be one integration's own. Without `kept` (a form that is not saved yet) tokens stay in
    /// memory.
    #[must_use]
    pub fn new(
        ports: &Ports,
        endpoints: Endpoints,
        settings: GoogleChatSettings,
        secret: GoogleChatSecret,
        tokens: Rc<TokenCache>,
        kept: Option<Kept>,
    ) -> Self {
        let ports = ports.clone();
        Self { ports, endpoints, settings, secret, tokens, kept, conversations: RefCell::default() }
    }

    /// Sends a message resource into a space (`spaces/AAAAtest`). `request_id` is a UUID, the same for every
    /// try of one delivery: a repeat is answered with the first message. `thread` is a key of ours, or the
    /// name of a thread. The reference is the message's resource name.
    pub async fn create(
        &self,
        space: &str,
        message: &Value,
        request_id: &str,
        thread: Option<&str>,
    ) -> Outcome {
        outcome(self.post(About::Room, space, message, request_id, thread).await)
    }

    /// The same into the conversation with a person (`users/111`), which must have been begun by the person or
    /// by the admin.
    pub async fn create_for(
        &self,
        user: &str,
        message: &Value,
        request_id: &str,
        thread: Option<&str>,
    ) -> Outcome {
        let sent = async {
            let space = self.conversation(user).await?;
            self.post(About::Person, &space, message, request_id, thread).await
        };
        let sent = sent.await;
        if sent.is_err() {
            // It may be that it is another one by now.
            self.conversations.borrow_mut().remove(user);
        }
        outcome(sent)
    }

    /// Fetches what a message to a person (`users/111`) or a space needs before it can leave.
    pub async fn get_ready(&self, to: &str) -> Result<(), Outcome> {
        let ready = async {
            self.token().await?;
            if to.starts_with("users/") {
                self.conversation(to).await?;
            }
            Ok::<_, CallError>(())
        };
        ready.await.map_err(|error| error.outcome())
    }

    /// Changes text and cards of a message of the app's own to those of `message`. `name` is the reference of
    /// its delivery.
    pub async fn update(&self, name: &str, message: &Value) -> Outcome {
        let updated = async {
            let path = format!("{}?updateMask={}", message_path(name)?, percent(MASK));
            self.call(About::Message, "PATCH", &path, Some(message)).await?;
            Ok(name.to_owned())
        };
        outcome(updated.await)
    }

    /// The space of the app's conversation with a person (`users/111`), `None` when there is none.
    pub async fn find_dm(&self, user: &str) -> Result<Option<String>, CallError> {
        let path = format!("/v1/spaces:findDirectMessage?name={}", percent(user));
        match self.call(About::Person, "GET", &path, None).await {
            Ok(body) => answer::text(&body, "name").map(Some).ok_or(CallError::Unreadable("name")),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// One space the app is in.
    pub async fn space(&self, name: &str) -> Result<Space, CallError> {
        let body = self.call(About::Room, "GET", &space_path(About::Room, name)?, None).await?;
        space(&body).ok_or(CallError::Unreadable("name"))
    }

    /// All spaces the app is in.
    pub async fn spaces(&self) -> Result<Vec<Space>, CallError> {
        let mut all = Vec::new();
        let mut page = String::new();
        for _ in 0..MOST_PAGES {
            let path = format!("/v1/spaces?pageSize=1000&pageToken={}", percent(&page));
            let body = self.call(About::App, "GET", &path, None).await?;
            // Absent when there is none.
            let spaces = body.get("spaces").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            all.extend(spaces.iter().filter_map(space));
            match answer::text(&body, "nextPageToken") {
                // The same token again would never end.
                Some(next) if next != page => page = next,
                _ => break,
            }
        }
        Ok(all)
    }

    async fn conversation(&self, user: &str) -> Result<String, CallError> {
        if let Some(space) = self.conversations.borrow().get(user) {
            return Ok(space.clone());
        }
        let space = self.find_dm(user).await?.ok_or(CallError::NoConversation)?;
        self.conversations.borrow_mut().insert(user.to_owned(), space.clone());
        Ok(space)
    }

    async fn post(
        &self,
        about: About,
        space: &str,
        message: &Value,
        request_id: &str,
        thread: Option<&str>,
    ) -> Result<String, CallError> {
        let reply = if thread.is_some() { format!("&{REPLY}") } else { String::new() };
        let path = format!("{}/messages?requestId={}{reply}", space_path(about, space)?, percent(request_id));
        let body = self.call(about, "POST", &path, Some(&in_thread(message, thread))).await?;
        Ok(answer::text(&body, "name").unwrap_or_default())
    }

    /// Calls `path` (encoded, with its leading `/`); the body of a success, `Null` when it is not JSON. A 401
    /// drops the token and is tried once more with a new one: it says that nothing was done.
    pub(super) async fn call(
        &self,
        about: About,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, CallError> {
        let mut token = self.token().await?;
        let mut response = self.exchange(method, path, body, &token).await?;
        if response.status == 401 {
            self.tokens.refuse(&token);
            token = self.token().await?;
            response = self.exchange(method, path, body, &token).await?;
        }
        if !(200..300).contains(&response.status) {
            return Err(CallError::Refused(Refusal::read(about, &response, &[&token])));
        }
        Ok(serde_json::from_slice(&response.body).unwrap_or_default())
    }

    async fn exchange(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
        token: &str,
    ) -> Result<HttpResponse, IoError> {
        let mut headers = vec![("authorization", format!("Bearer {token}"))];
        if body.is_some() {
            headers.push(("content-type", JSON.to_owned()));
        }
        let request = HttpRequest {
            method,
            url: format!("{}{path}", self.endpoints.chat),
            headers,
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            timeout_ms: TIMEOUT_MS,
        };
        self.ports.http.send(request).await
    }
}

/// A message that was made, by its name; a repeat that was recognised may have none.
fn outcome(sent: Result<String, CallError>) -> Outcome {
    match sent {
        Ok(name) => Outcome::Accepted { reference: Some(name).filter(|name| !name.is_empty()) },
        Err(error) => error.outcome(),
    }
}

fn space(value: &Value) -> Option<Space> {
    Some(Space {
        name: answer::text(value, "name")?,
        title: answer::text(value, "displayName"),
        direct: is_direct(value),
    })
}

/// Whether a space is the conversation of one person with the app. Its older `type` calls a conversation of
/// several people a `ROOM`.
pub(super) fn is_direct(space: &Value) -> bool {
    let text = |name| space.get(name).and_then(Value::as_str).unwrap_or_default();
    let flag = space.get("singleUserBotDm").and_then(Value::as_bool).unwrap_or(false);
    flag || text("spaceType") == "DIRECT_MESSAGE" || (text("spaceType").is_empty() && text("type") == "DM")
}

/// `/v1/spaces/AAAAtest`. A room's id may have been typed by hand: it never leaves its place in the path.
fn space_path(about: About, name: &str) -> Result<String, CallError> {
    match name.strip_prefix("spaces/") {
        Some(id) if is_id(id) => Ok(format!("/v1/spaces/{id}")),
        _ => Err(CallError::NotAName(about)),
    }
}

fn message_path(name: &str) -> Result<String, CallError> {
    match name.strip_prefix("spaces/").and_then(|rest| rest.split_once("/messages/")) {
        Some((space, message)) if is_id(space) && message.split('.').all(is_id) => {
            Ok(format!("/v1/spaces/{space}/messages/{message}"))
        }
        _ => Err(CallError::NotAName(About::Message)),
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
