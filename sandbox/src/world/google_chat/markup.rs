//! Mentions in texts (google_chat.md §3): `<users/1234567890>`, `<users/all>` by apps, `@name` by people.

use serde_json::{Value, json};

use super::super::World;
use super::{spaces, user_number};

/// The userIds that a text by an app or webhook pings; `all` reaches the members.
pub(super) fn pinged(world: &World, text: &str, members: &[String]) -> Vec<String> {
    let mut reached = Vec::new();
    for (_, rest) in text.match_indices("<users/").map(|(at, tag)| text.split_at(at + tag.len())) {
        let Some(name) = rest.split_once('>').map(|(name, _)| name) else { continue };
        if name == "all" {
            reached.extend(members.iter().cloned());
        } else if let Some(person) = world.people.iter().find(|person| user_number(person) == name) {
            reached.push(person.user_id.clone());
        }
    }
    reached.sort();
    reached.dedup();
    reached
}

/// A person's text with an `@` of the app: what the app is told of it, `None` when the app is not named.
/// Gives the text without the mention and the annotation. Indexes are in UTF-16 units.
pub(super) fn app_mention(world: &World, text: &str) -> Option<(String, Value)> {
    let app = &world.google_chat.app;
    let mention = format!("@{}", app.display_name);
    let at = text.find(&mention)?;
    let (before, after) = (text.get(..at)?, text.get(at + mention.len()..)?);
    let annotation = json!({
        "type": "USER_MENTION",
        "startIndex": before.encode_utf16().count(),
        "length": mention.encode_utf16().count(),
        "userMention": {
            "user": {"name": app.user, "displayName": app.display_name, "type": "BOT"},
            "type": "MENTION",
        },
    });
    Some((format!("{before}{after}"), annotation))
}

/// The people that a person named with `@姓 名`, as annotations.
pub(super) fn people_mentions(world: &World, text: &str, members: &[String]) -> Vec<Value> {
    let people = members.iter().filter_map(|id| world.member(id));
    people
        .filter_map(|person| {
            let mention = format!("@{}", person.name());
            let before = text.get(..text.find(&mention)?)?;
            Some(json!({
                "type": "USER_MENTION",
                "startIndex": before.encode_utf16().count(),
                "length": mention.encode_utf16().count(),
                "userMention": {"user": spaces::user_json(person), "type": "MENTION"},
            }))
        })
        .collect()
}
