//! Synchronous answers to events: a Message in the body of the reply (google_chat.md §5.2).

use serde_json::{Value, json};

use super::super::{Reply, World};
use super::callbacks::PROVIDER;
use super::messages::{content, replace};
use super::spaces::{Message, Sender};
use crate::contract::{Problem, Side, Violation};

const SCHEMA: &str = "google_chat:Message";

/// Does what the app answered: a new message in the event's thread, or the clicked message changed. A body
/// that is wrong does nothing and is kept as a violation.
pub(crate) fn replied(world: &mut World, id: u64, reply: &Reply) {
    let known = world.callbacks().find(|one| one.id == id && one.provider == PROVIDER);
    let Some(callback) = known.filter(|_| reply.status == 200 && !reply.body.is_empty()) else { return };
    let (event, at) = (serde_json::from_slice::<Value>(&callback.body).unwrap_or_default(), callback.at);
    let answer: Value = serde_json::from_slice(&reply.body)
        .unwrap_or_else(|_| String::from_utf8_lossy(&reply.body).into_owned().into());
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    if answer == json!({}) || text("/type") == "REMOVED_FROM_SPACE" {
        return;
    }
    if world.hold(Side::Request, SCHEMA, &answer, at).is_err() {
        return;
    }
    let body = match content(world, true, &answer) {
        Ok(body) => body,
        Err(refusal) => {
            let problems = vec![Problem { at: String::new(), what: refusal.message().to_owned() }];
            world.violations.push(Violation { at, side: Side::Request, schema: SCHEMA.to_owned(), problems });
            return;
        }
    };
    let space = text("/space/name").trim_start_matches("spaces/").to_owned();
    let kind = answer.pointer("/actionResponse/type").and_then(Value::as_str).unwrap_or("NEW_MESSAGE");
    match kind {
        "UPDATE_MESSAGE" => {
            let name = text("/message/name");
            let id = name.rsplit('/').next().unwrap_or_default();
            let known = world.google_chat.spaces.get(&space);
            let found = known.and_then(|space| {
                let place = space.place(id)?;
                let message = space.messages.get(place)?.clone();
                (message.sender == Sender::App).then_some((place, message))
            });
            if let Some((place, message)) = found {
                replace(world, &space, place, Message { body, edited_ms: Some(at), ..message });
            }
        }
        "NEW_MESSAGE" | "TYPE_UNSPECIFIED" => {
            let id = world.chat_id(11);
            let thread = text("/message/thread/name").rsplit('/').next().unwrap_or_default().to_owned();
            let thread = if thread.is_empty() { id.clone() } else { thread };
            let message = Message {
                no: 0,
                id: format!("{thread}.{id}"),
                client_id: None,
                thread,
                thread_key: None,
                sender: Sender::App,
                body,
                created_ms: at,
                edited_ms: None,
                deleted: false,
            };
            world.chat_post(&space, message);
        }
        _ => {}
    }
}
