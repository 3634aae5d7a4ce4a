//! `spaces.messages`: create, get, update, delete (google_chat.md §1.2 to §1.5, §5.1).

use serde_json::{Map, Value, json};

use super::super::{Reply, World};
use super::callbacks::time;
use super::error::Refusal;
use super::spaces::{Message, Sender, Space, entered, user_json};
use super::{Call, Caller, cards};

/// A whole message (google_chat.md §1.2).
const MESSAGE_MAX_BYTES: usize = 32_000;
const THREAD_KEY_MAX: usize = 4_000;
const CLIENT_ID_MAX: usize = 63;

/// Fields of a message that its sender decides.
const CONTENT: [&str; 4] = ["text", "cardsV2", "fallbackText", "accessoryWidgets"];

const REPLY_OPTIONS: [&str; 3] =
    ["MESSAGE_REPLY_OPTION_UNSPECIFIED", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD", "REPLY_MESSAGE_OR_FAIL"];

pub(super) fn create(world: &mut World, call: &Call<'_>, space_id: &str) -> Result<Reply, Refusal> {
    if call.caller == Caller::App {
        entered(world, space_id)?;
    }
    write_quota(world, call, space_id)?;
    let asked = call.json(world, "google_chat:Message")?;
    let sender = sender_of(&call.caller);
    let query = |name: &str| call.request.query(name).filter(|value| !value.is_empty());
    let honoured = call.caller == Caller::App || world.google_chat.settings.webhook_request_id;
    let request_id = query("requestId").filter(|_| honoured).map(|id| (sender.clone(), id));
    if let Some(known) = request_id.as_ref().and_then(|id| world.google_chat.requests.get(id)).cloned() {
        return repeated(world, call, &known);
    }
    let client_id = query("messageId").filter(|_| honoured);
    if let Some(id) = &client_id {
        check_client_id(world, space_id, id)?;
    }
    let body = content(world, by_app(call), &asked)?;
    let message = compose(world, call, space_id, &asked, body, client_id)?;
    let no = world.chat_post(space_id, message.clone());
    if let (Some(id), true) = (request_id, no > 0) {
        world.google_chat.requests.insert(id, (space_id.to_owned(), no));
    }
    reply(world, call, space_id, &Message { no, ..message })
}

pub(super) fn get(world: &mut World, call: &Call<'_>, space_id: &str, id: &str) -> Result<Reply, Refusal> {
    let chat = &mut world.google_chat;
    chat.quota.read(&chat.settings, Some(space_id), call.now_ms)?;
    let message = find(world, space_id, id)?.1;
    reply(world, call, space_id, &message)
}

/// Changes the fields of `updateMask`, of the app's own messages only. `allowMissing` makes a message that
/// is not there, under an id of the client's.
pub(super) fn update(world: &mut World, call: &Call<'_>, space_id: &str, id: &str) -> Result<Reply, Refusal> {
    entered(world, space_id)?;
    write_quota(world, call, space_id)?;
    let asked = call.json(world, "google_chat:Message")?;
    let (place, mut message) = match find(world, space_id, id) {
        Ok(found) => found,
        Err(missing) => {
            let upsert = call.request.query("allowMissing").as_deref() == Some("true");
            if !upsert || !id.starts_with("client-") {
                return Err(missing);
            }
            check_client_id(world, space_id, id)?;
            let body = content(world, by_app(call), &asked)?;
            let message = compose(world, call, space_id, &asked, body, Some(id.to_owned()))?;
            world.chat_post(space_id, message.clone());
            return reply(world, call, space_id, &message);
        }
    };
    if message.sender != Sender::App {
        return Err(Refusal::denied("The app can only change its own messages."));
    }
    let mut merged = message.body.as_object().cloned().unwrap_or_default();
    for field in mask(call)? {
        match asked.get(field) {
            Some(value) if !value.is_null() => merged.insert(field.to_owned(), value.clone()),
            _ => merged.remove(field),
        };
    }
    message.body = content(world, by_app(call), &Value::Object(merged))?;
    message.edited_ms = Some(call.now_ms);
    replace(world, space_id, place, message.clone());
    reply(world, call, space_id, &message)
}

pub(super) fn delete(world: &mut World, call: &Call<'_>, space_id: &str, id: &str) -> Result<Reply, Refusal> {
    entered(world, space_id)?;
    write_quota(world, call, space_id)?;
    let (place, mut message) = find(world, space_id, id)?;
    if message.sender != Sender::App {
        return Err(Refusal::denied("The app can only delete its own messages."));
    }
    message.deleted = true;
    message.body = json!({});
    replace(world, space_id, place, message);
    Ok(Reply::json(200, &json!({})))
}

/// The Message resource. A webhook is told what it sent and the names only (google_chat.md §1.4).
pub(super) fn message_json(world: &World, space: &Space, message: &Message, partial: bool) -> Value {
    let mut fields: Map<String, Value> = message.body.as_object().cloned().unwrap_or_default();
    let mut thread = json!({"name": format!("spaces/{}/threads/{}", space.id, message.thread)});
    if let (Some(key), Some(thread)) = (&message.thread_key, thread.as_object_mut()) {
        thread.insert("threadKey".into(), key.clone().into());
    }
    fields.insert("name".into(), format!("spaces/{}/messages/{}", space.id, message.id).into());
    fields.insert("thread".into(), thread);
    if partial {
        fields.insert("space".into(), json!({"name": format!("spaces/{}", space.id)}));
        return Value::Object(fields);
    }
    fields.insert("space".into(), space.json());
    fields.insert("createTime".into(), time(message.created_ms).into());
    if let Some(edited) = message.edited_ms {
        fields.insert("lastUpdateTime".into(), time(edited).into());
    }
    if let Some(id) = &message.client_id {
        fields.insert("clientAssignedMessageId".into(), id.clone().into());
    }
    fields.insert("sender".into(), sender_json(world, &message.sender));
    Value::Object(fields)
}

fn sender_json(world: &World, sender: &Sender) -> Value {
    match sender {
        Sender::Person(id) => world.member(id).map(user_json).unwrap_or_default(),
        Sender::App => {
            let app = &world.google_chat.app;
            json!({"name": app.user, "displayName": app.display_name, "type": "BOT"})
        }
        Sender::Webhook(_) | Sender::System => json!({"name": "users/114022495153014004089", "type": "BOT"}),
    }
}

fn sender_of(caller: &Caller) -> Sender {
    match caller {
        Caller::App => Sender::App,
        Caller::Webhook(token) => Sender::Webhook(token.clone()),
    }
}

fn reply(world: &mut World, call: &Call<'_>, space: &str, message: &Message) -> Result<Reply, Refusal> {
    let space = world.google_chat.spaces.get(space).ok_or_else(|| Refusal::not_found("Space not found."))?;
    let body = message_json(world, space, message, call.caller != Caller::App);
    Ok(call.answer(world, "google_chat:Message", &body))
}

/// The same requestId: the message of the first time, whatever the body says now (google_chat.md §1.5).
fn repeated(world: &mut World, call: &Call<'_>, (space, no): &(String, u64)) -> Result<Reply, Refusal> {
    let messages = world.google_chat.spaces.get(space).map(|space| space.messages.as_slice());
    let first = messages.unwrap_or_default().iter().find(|message| message.no == *no).cloned();
    let first = first.ok_or_else(|| Refusal::not_found("Message not found."))?;
    reply(world, call, space, &first)
}

fn by_app(call: &Call<'_>) -> bool {
    call.caller == Caller::App
}

/// What of the asked message is kept, checked.
pub(super) fn content(world: &World, by_app: bool, asked: &Value) -> Result<Value, Refusal> {
    if asked.to_string().len() > MESSAGE_MAX_BYTES {
        return Err(Refusal::invalid("Message is too long: more than 32,000 bytes."));
    }
    let kept = |field: &&str| asked.get(*field).is_some_and(|value| !value.is_null());
    let kept: Map<String, Value> = CONTENT
        .iter()
        .filter(|field| kept(field))
        .map(|field| ((*field).to_owned(), asked.get(*field).cloned().unwrap_or_default()))
        .collect();
    let mut body = Value::Object(kept);
    let text = body.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.chars().count() > world.google_chat.settings.text_max {
        return Err(Refusal::invalid("Message text is too long."));
    }
    cards::check(&mut body, by_app)?;
    let has_cards = body.get("cardsV2").and_then(Value::as_array).is_some_and(|cards| !cards.is_empty());
    if body.get("text").and_then(Value::as_str).unwrap_or_default().trim().is_empty() && !has_cards {
        return Err(Refusal::invalid("Message cannot be empty."));
    }
    Ok(body)
}

/// A new message in its thread, not yet posted.
fn compose(
    world: &mut World,
    call: &Call<'_>,
    space_id: &str,
    asked: &Value,
    body: Value,
    client_id: Option<String>,
) -> Result<Message, Refusal> {
    let sender = sender_of(&call.caller);
    let id = world.chat_id(11);
    let (thread, thread_key) = thread(world, call, space_id, asked, &sender)?.unwrap_or((id.clone(), None));
    Ok(Message {
        no: 0,
        id: format!("{thread}.{id}"),
        client_id,
        thread,
        thread_key,
        sender,
        body,
        created_ms: call.now_ms,
        edited_ms: None,
        deleted: false,
    })
}

/// The thread that a message goes into with the key that names it; none for a thread of its own without a
/// name (google_chat.md §1.3).
fn thread(
    world: &mut World,
    call: &Call<'_>,
    space_id: &str,
    asked: &Value,
    sender: &Sender,
) -> Result<Option<(String, Option<String>)>, Refusal> {
    let option = call.request.query("messageReplyOption").unwrap_or_default();
    if !option.is_empty() && !REPLY_OPTIONS.contains(&option.as_str()) {
        return Err(Refusal::invalid("messageReplyOption is invalid."));
    }
    let text = |pointer: &str| asked.pointer(pointer).and_then(Value::as_str).filter(|t| !t.is_empty());
    // The query parameter is deprecated and still read.
    let key = text("/thread/threadKey").map(str::to_owned).or_else(|| call.request.query("threadKey"));
    let key = key.filter(|key| !key.is_empty());
    if key.as_ref().is_some_and(|key| key.chars().count() > THREAD_KEY_MAX) {
        return Err(Refusal::invalid("threadKey is too long."));
    }
    let Some(space) = world.google_chat.spaces.get(space_id) else { return Ok(None) };
    if space.direct || option.is_empty() || option == "MESSAGE_REPLY_OPTION_UNSPECIFIED" {
        return Ok(None);
    }
    let fails = option == "REPLY_MESSAGE_OR_FAIL";
    let missing = || Refusal::not_found("Thread not found.");
    if let Some(name) = text("/thread/name") {
        let id = name.strip_prefix(&format!("spaces/{space_id}/threads/")).unwrap_or_default();
        return match space.threads.contains(id) {
            true => Ok(Some((id.to_owned(), None))),
            false if fails => Err(missing()),
            false => Ok(None),
        };
    }
    let Some(key) = key else { return Ok(None) };
    if let Some(thread) = space.thread_keys.get(&(sender.clone(), key.clone())) {
        return Ok(Some((thread.clone(), Some(key))));
    }
    if fails && world.google_chat.settings.unseen_thread_fails {
        return Err(missing());
    }
    Ok(Some((world.chat_id(11), Some(key))))
}

fn check_client_id(world: &World, space_id: &str, id: &str) -> Result<(), Refusal> {
    let rest = id.strip_prefix("client-").unwrap_or_default();
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if rest.is_empty() || id.len() > CLIENT_ID_MAX || !rest.bytes().all(allowed) {
        return Err(Refusal::invalid("messageId must be client- and lower-case letters, digits or hyphens."));
    }
    let space = world.google_chat.spaces.get(space_id);
    match space.and_then(|space| space.place(id)) {
        Some(_) => Err(Refusal::exists("A message with this ID exists already.")),
        None => Ok(()),
    }
}

/// Where a message is and what it says. A name that can be none is 400, not 404 (google_chat.md §5.1).
fn find(world: &World, space_id: &str, id: &str) -> Result<(usize, Message), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
    if !id.bytes().all(allowed) || !(id.contains('.') || id.starts_with("client-")) {
        return Err(Refusal::invalid("Invalid message resource name."));
    }
    let space = entered(world, space_id)?;
    let missing = || Refusal::not_found("Message not found.");
    let place = space.place(id).ok_or_else(missing)?;
    let message = space.messages.get(place).filter(|message| !message.deleted).ok_or_else(missing)?;
    Ok((place, message.clone()))
}

pub(super) fn replace(world: &mut World, space_id: &str, place: usize, message: Message) {
    if world.dropping {
        return;
    }
    let touched = world.touch();
    if let Some(space) = world.google_chat.spaces.get_mut(space_id) {
        space.touched = touched;
        if let Some(known) = space.messages.get_mut(place) {
            *known = message;
        }
    }
}

/// The fields of `updateMask`, by their JSON names.
fn mask(call: &Call<'_>) -> Result<Vec<&'static str>, Refusal> {
    let asked = call.request.query("updateMask").unwrap_or_default();
    let mut fields = Vec::new();
    for path in asked.split(',').map(str::trim).filter(|path| !path.is_empty()) {
        match path {
            "*" => fields.extend(CONTENT),
            "text" => fields.push("text"),
            "cards_v2" | "cardsV2" => fields.push("cardsV2"),
            "accessory_widgets" | "accessoryWidgets" => fields.push("accessoryWidgets"),
            "attachment" | "cards" | "quoted_message_metadata" | "quotedMessageMetadata" => {}
            unknown => return Err(Refusal::invalid(format!("Invalid update mask path: {unknown}"))),
        }
    }
    if fields.is_empty() { Err(Refusal::invalid("updateMask is required.")) } else { Ok(fields) }
}

fn write_quota(world: &mut World, call: &Call<'_>, space: &str) -> Result<(), Refusal> {
    let chat = &mut world.google_chat;
    chat.quota.write(&chat.settings, space, call.caller == Caller::App, call.now_ms)
}
