//! Google Chat as JSON for the phones page.

use serde_json::{Value, json};

use super::super::World;
use super::spaces::{Message, Sender, Space};
use super::{cards, markup};

/// Messages shown per space.
const SHOWN: usize = 100;

/// The app, all spaces, and what was written in those that changed after version `since`.
pub(crate) fn view(world: &World, since: u64) -> Value {
    let chat = &world.google_chat;
    let live = || chat.spaces.values().filter(|space| !space.deleted);
    let talks: serde_json::Map<String, Value> = live()
        .filter(|space| since == 0 || space.touched > since)
        .map(|space| (space.id.clone(), talk_json(world, space)))
        .collect();
    json!({
        "app": {
            "displayName": chat.app.display_name, "endpoint": chat.app.endpoint, "audience": chat.app.audience,
            "projectNumber": chat.app.project_number,
        },
        "spaces": live().map(space_json).collect::<Vec<_>>(),
        "talks": talks,
        "settings": chat.settings,
    })
}

fn space_json(space: &Space) -> Value {
    let webhooks = space.webhooks.iter().filter(|hook| !hook.deleted);
    let webhooks =
        webhooks.map(|hook| json!({"name": hook.name, "url": space.webhook_url(hook), "by": hook.made_by}));
    json!({
        "id": space.id, "displayName": space.display_name, "dm": space.direct, "members": space.members,
        "app": space.app, "webhooks": webhooks.collect::<Vec<_>>(),
    })
}

fn talk_json(world: &World, space: &Space) -> Value {
    let shown = space.messages.iter().rev().take(SHOWN).rev();
    let messages: Vec<Value> = shown.map(|message| message_json(world, space, message)).collect();
    json!({"total": space.total, "messages": messages})
}

fn message_json(world: &World, space: &Space, message: &Message) -> Value {
    let text = message.body.get("text").and_then(Value::as_str).unwrap_or_default();
    let by_person = matches!(message.sender, Sender::Person(_) | Sender::System);
    json!({
        "no": message.no,
        "name": format!("spaces/{}/messages/{}", space.id, message.id),
        "at": message.created_ms,
        "edited": message.edited_ms,
        "deleted": message.deleted,
        "thread": message.thread,
        "sender": sender_json(world, space, &message.sender),
        "body": cards::with_buttons(&message.body),
        "buttons": cards::buttons(&message.body).iter()
            .map(|button| json!({"no": button.no, "label": button.label})).collect::<Vec<_>>(),
        "pinged": if by_person { Vec::new() } else { markup::pinged(world, text, &space.members) },
    })
}

fn sender_json(world: &World, space: &Space, sender: &Sender) -> Value {
    match sender {
        Sender::Person(id) => json!({"by": "person", "id": id}),
        Sender::App => json!({"by": "app", "name": world.google_chat.app.display_name}),
        Sender::Webhook(token) => {
            let webhook = space.webhooks.iter().find(|hook| hook.token == *token);
            json!({"by": "webhook", "name": webhook.map(|hook| &hook.name)})
        }
        Sender::System => json!({"by": "system"}),
    }
}
