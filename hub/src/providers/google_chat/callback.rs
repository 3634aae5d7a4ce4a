//! Reads an interaction event's body (google_chat.md §5.2), once its token is known to be good
//! ([`super::Keys::verify`]). The answer to it is an empty object; what there is to say is sent on its own.

use serde_json::Value;
use shared::{
    inbound::{Content, Inbound},
    render::google_chat::PARAMETER,
    time::{Millis, parse_rfc3339},
};

use super::client::is_direct;
use crate::providers::{Callback, answer::text};

/// Lenient: what is unknown or lacks what it needs is left out, and answered with 200 like the rest. One event
/// may be two things: an app added by a mention. `received` stands in for an unreadable `eventTime`. People are
/// named `users/111`, rooms `spaces/AAAAtest`.
#[must_use]
pub fn parse(body: &[u8], received: Millis) -> Vec<Callback> {
    let event: Value = serde_json::from_slice(body).unwrap_or_default();
    let key = key(&event);
    read(&event, received)
        .unwrap_or_default()
        .into_iter()
        .enumerate()
        .map(|(index, inbound)| Callback {
            inbound,
            key: key.as_ref().map(|key| format!("{key} {index}")),
            reply_token: None,
        })
        .collect()
}

fn read(event: &Value, received: Millis) -> Option<Vec<Inbound>> {
    let at = event.get("eventTime").and_then(Value::as_str).and_then(parse_rfc3339).unwrap_or(received);
    let space = event.get("space")?;
    let name = text(space, "name")?;
    let room = (!is_direct(space)).then(|| name.clone());
    // Other apps' messages are nobody's, and answering them could go on for ever.
    let person = event
        .get("user")
        .filter(|user| user.get("type").and_then(Value::as_str) != Some("BOT"))
        .and_then(|user| text(user, "name"));
    Some(match event.get("type")?.as_str()? {
        "MESSAGE" | "APP_COMMAND" => {
            let content = content(event.get("message")?)?;
            vec![Inbound::Message { from: person?, room, content, at }]
        }
        "ADDED_TO_SPACE" => {
            let added = match &room {
                Some(room) => Inbound::JoinedRoom { room: room.clone(), at },
                None => Inbound::Followed { from: person.clone()?, at },
            };
            let content = event.get("message").and_then(content);
            let said =
                content.zip(person).map(|(content, from)| Inbound::Message { from, room, content, at });
            std::iter::once(added).chain(said).collect()
        }
        "REMOVED_FROM_SPACE" => vec![match room {
            Some(room) => Inbound::LeftRoom { room, at },
            None => Inbound::Unfollowed { from: person?, at },
        }],
        "CARD_CLICKED" => {
            // Told with the event (google_chat.md §5.2); of strangers nothing else is known.
            let name = event.get("user").and_then(|user| text(user, "displayName")).unwrap_or_default();
            vec![Inbound::Action { from: person?, room, data: data(event)?, text: String::new(), name, at }]
        }
        _ => return None,
    })
}

/// What was said, without the mention of the app in front of it.
fn content(message: &Value) -> Option<Content> {
    let words = |name| message.get(name).and_then(Value::as_str).map(str::trim);
    // A command's name is in the text only.
    let said = if message.get("slashCommand").is_some() {
        words("text")
    } else {
        words("argumentText").or_else(|| words("text"))
    };
    let attached = message.get("attachment").and_then(Value::as_array).and_then(|all| all.first());
    match (said, attached) {
        (None | Some(""), Some(attached)) => {
            Some(Content::Other(text(attached, "contentType").unwrap_or_else(|| "attachment".to_owned())))
        }
        (Some(said), _) => Some(Content::Text(said.to_owned())),
        (None, None) => None,
    }
}

/// The parameter of a button of ours, from the older list or the newer map; both are sent.
fn data(event: &Value) -> Option<String> {
    let listed = event
        .get("action")
        .and_then(|action| action.get("parameters"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find(|parameter| parameter.get("key").and_then(Value::as_str) == Some(PARAMETER))
        .and_then(|parameter| text(parameter, "value"));
    let mapped = || text(event.get("common")?.get("parameters")?, PARAMETER);
    listed.or_else(mapped)
}

/// There is no event id: these four tell a redelivery (google_chat.md §5.2), and of two buttons of one card
/// pressed at once which was which.
fn key(event: &Value) -> Option<String> {
    let name = |part: &str| event.get(part).and_then(|part| text(part, "name")).unwrap_or_default();
    let message = Some(name("message")).filter(|name| !name.is_empty()).unwrap_or_else(|| name("space"));
    let data = data(event).unwrap_or_default();
    Some(format!("{} {} {message} {} {data}", text(event, "type")?, text(event, "eventTime")?, name("user")))
}
