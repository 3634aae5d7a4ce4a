//! Spaces, who is in them and what was written there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::super::{Person, Reply, World};
use super::error::Refusal;
use super::{Call, WEBHOOK_KEY, user_number};

/// One space: a named one, or the direct messages of one person and the app.
#[derive(Debug, Clone)]
pub struct Space {
    /// Without `spaces/`.
    pub id: String,
    /// Empty for direct messages.
    pub display_name: String,
    /// Direct messages between one person and the app; not threaded.
    pub direct: bool,
    /// Members by their userId of the world.
    pub members: Vec<String>,
    /// Whether the Chat app is in it.
    pub app: bool,
    pub webhooks: Vec<Webhook>,
    pub messages: Vec<Message>,
    /// Messages ever; the number of the newest.
    pub total: u64,
    pub deleted: bool,
    /// The world's version when it last changed.
    pub touched: u64,
    pub(super) threads: BTreeSet<String>,
    /// Threads by who named them and how (google_chat.md §1.2: a threadKey belongs to its sender).
    pub(super) thread_keys: BTreeMap<(Sender, String), String>,
}

/// One incoming webhook.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub name: String,
    /// The secret of its URL, not encoded.
    pub token: String,
    /// userId of whoever made it.
    pub made_by: String,
    pub deleted: bool,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "by", content = "id", rename_all = "snake_case")]
pub enum Sender {
    /// userId of the world
    Person(String),
    App,
    /// By its token.
    Webhook(String),
    /// Chat itself: someone came or went.
    System,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Running number in the space, from 1.
    pub no: u64,
    /// What follows `spaces/{space}/messages/`.
    pub id: String,
    /// `client-…`
    pub client_id: Option<String>,
    /// What follows `spaces/{space}/threads/`.
    pub thread: String,
    pub thread_key: Option<String>,
    pub sender: Sender,
    /// `text`, `cardsV2`, `fallbackText`, `accessoryWidgets`
    pub body: Value,
    pub created_ms: i64,
    pub edited_ms: Option<i64>,
    pub deleted: bool,
}

impl Space {
    pub(super) fn named(id: String, display_name: &str, members: Vec<String>) -> Self {
        Self {
            id,
            display_name: display_name.to_owned(),
            direct: false,
            members,
            app: false,
            webhooks: Vec::new(),
            messages: Vec::new(),
            total: 0,
            deleted: false,
            touched: 0,
            threads: BTreeSet::new(),
            thread_keys: BTreeMap::new(),
        }
    }

    pub(super) fn direct(id: String, person: String) -> Self {
        Self { direct: true, ..Self::named(id, "", vec![person]) }
    }

    /// The URL as a person copies it: the token percent-encoded (google_chat.md §1.1).
    #[must_use]
    pub fn webhook_url(&self, webhook: &Webhook) -> String {
        let token = webhook.token.replace('=', "%3D");
        format!("https://chat.googleapis.com/v1/spaces/{}/messages?key={WEBHOOK_KEY}&token={token}", self.id)
    }

    /// The Space resource.
    pub(super) fn json(&self) -> Value {
        let mut space = json!({
            "name": format!("spaces/{}", self.id),
            "type": if self.direct { "DM" } else { "ROOM" },
            "spaceType": if self.direct { "DIRECT_MESSAGE" } else { "SPACE" },
            "spaceThreadingState": if self.direct { "UNTHREADED_MESSAGES" } else { "THREADED_MESSAGES" },
            "spaceHistoryState": "HISTORY_ON",
        });
        if let Some(fields) = space.as_object_mut() {
            if self.direct {
                fields.insert("singleUserBotDm".into(), true.into());
            } else {
                fields.insert("displayName".into(), self.display_name.clone().into());
                fields.insert("threaded".into(), true.into());
            }
        }
        space
    }

    /// By its id, or the id that its sender gave it.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.messages.iter().position(|m| m.id == id || m.client_id.as_deref() == Some(id))
    }
}

impl World {
    /// Puts a message into a space and gives its number, or 0 when a fault swallowed it.
    pub(super) fn chat_post(&mut self, space: &str, mut message: Message) -> u64 {
        if self.dropping {
            return 0;
        }
        let (touched, retention) = (self.touch(), self.retention);
        let Some(space) = self.google_chat.spaces.get_mut(space) else { return 0 };
        space.total += 1;
        space.touched = touched;
        message.no = space.total;
        space.threads.insert(message.thread.clone());
        if let Some(key) = &message.thread_key {
            let owner = (message.sender.clone(), key.clone());
            space.thread_keys.insert(owner, message.thread.clone());
        }
        space.messages.push(message);
        let excess = space.messages.len().saturating_sub(retention);
        space.messages.drain(..excess);
        space.total
    }

    /// Letters and digits for an id.
    pub(super) fn chat_id(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let letter = |number: u64| {
            let place = usize::try_from(number % LETTERS.len() as u64).unwrap_or_default();
            LETTERS.get(place).copied().map_or('A', char::from)
        };
        (0..length).map(|_| letter(self.rng.next())).collect()
    }
}

/// The User resource of a person.
pub(super) fn user_json(person: &Person) -> Value {
    json!({
        "name": format!("users/{}", user_number(person)),
        "displayName": person.name(),
        "email": person.mail,
        "type": "HUMAN",
        "domainId": "03minato",
    })
}

/// A space that the app is in, for calls by the app.
pub(super) fn entered<'w>(world: &'w World, id: &str) -> Result<&'w Space, Refusal> {
    let space = world.google_chat.spaces.get(id).filter(|space| !space.deleted);
    let space = space.ok_or_else(|| Refusal::not_found("Space not found."))?;
    if space.app { Ok(space) } else { Err(Refusal::denied("This Chat app is not a member of this space.")) }
}

pub(super) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    read_quota(world, call, None)?;
    let number = |name: &str| call.request.query(name).filter(|text| !text.is_empty());
    let size = match number("pageSize") {
        None => 100,
        Some(text) => text.parse().map_err(|_| Refusal::invalid("pageSize is invalid."))?,
    };
    let start = match number("pageToken") {
        None => 0,
        Some(text) => text.parse().map_err(|_| Refusal::invalid("pageToken is invalid."))?,
    };
    let all = world.google_chat.spaces.values().filter(|space| space.app && !space.deleted);
    let mut page: Vec<Value> =
        all.skip(start).take(usize::clamp(size, 1, 1000) + 1).map(Space::json).collect();
    let more = page.len() > usize::clamp(size, 1, 1000);
    if more {
        page.pop();
    }
    let mut body = json!({"spaces": page});
    if let (true, Some(fields)) = (more, body.as_object_mut()) {
        fields.insert("nextPageToken".into(), (start + usize::clamp(size, 1, 1000)).to_string().into());
    }
    Ok(call.answer(world, "google_chat:ListSpacesResponse", &body))
}

pub(super) fn get(world: &mut World, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
    read_quota(world, call, Some(id))?;
    let body = entered(world, id)?.json();
    Ok(call.answer(world, "google_chat:Space", &body))
}

/// The direct messages of a person and the app; an e-mail alias needs user authentication
/// (google_chat.md §5.1).
pub(super) fn find_direct_message(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    read_quota(world, call, None)?;
    let name = call.request.query("name").unwrap_or_default();
    let digits = name.strip_prefix("users/").unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::invalid("name must be users/{user}."));
    }
    let person = super::person_of(world, &name).map(|person| person.user_id.clone());
    let space = person.and_then(|person| {
        let mut spaces = world.google_chat.spaces.values();
        spaces.find(|space| space.direct && space.app && space.members.contains(&person))
    });
    let body = space.ok_or_else(|| Refusal::not_found("Direct message not found."))?.json();
    Ok(call.answer(world, "google_chat:Space", &body))
}

/// Makes direct messages or a space; an app may only where the administrator approved it.
pub(super) fn setup(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let body = call.json(world, "google_chat:SetUpSpaceRequest")?;
    if !world.google_chat.settings.setup_allowed {
        return Err(Refusal::denied("The app needs user authentication or an administrator's approval."));
    }
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let members = body.get("memberships").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut people = Vec::new();
    for member in &members {
        let name = member.pointer("/member/name").and_then(Value::as_str).unwrap_or_default();
        let person = super::person_of(world, name);
        people.push(person.ok_or_else(|| Refusal::not_found("User not found."))?.user_id.clone());
    }
    let space = match (text("/space/spaceType"), people.as_slice()) {
        ("DIRECT_MESSAGE", [person]) => super::act::direct_space(world, person),
        ("SPACE", _) if !text("/space/displayName").is_empty() => {
            let id = format!("AAAA{}", world.chat_id(7));
            let space = Space::named(id.clone(), text("/space/displayName"), people);
            world.google_chat.spaces.insert(id.clone(), space);
            id
        }
        _ => return Err(Refusal::invalid("The space's type, name or members are wrong.")),
    };
    let touched = world.touch();
    let body = match world.google_chat.spaces.get_mut(&space) {
        Some(space) => {
            space.app = true;
            space.touched = touched;
            space.json()
        }
        None => Value::Null,
    };
    Ok(call.answer(world, "google_chat:Space", &body))
}

fn read_quota(world: &mut World, call: &Call<'_>, space: Option<&str>) -> Result<(), Refusal> {
    let chat = &mut world.google_chat;
    chat.quota.read(&chat.settings, space, call.now_ms)
}
