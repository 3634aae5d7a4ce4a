//! Talks and the messages in them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;

use super::{TalkKey, World};

/// A talk as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TalkId {
    /// The person's 1:1 talk with a bot.
    Bot(i64),
    /// A room, by channelId.
    Room(String),
}

impl fmt::Display for TalkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bot(bot) => write!(f, "bot:{bot}"),
            Self::Room(channel) => write!(f, "room:{channel}"),
        }
    }
}

/// The text is neither `bot:{botId}` nor `room:{channelId}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a talk is `bot:{{botId}}` or `room:{{channelId}}`")]
pub struct NotATalk;

impl FromStr for TalkId {
    type Err = NotATalk;

    fn from_str(text: &str) -> Result<Self, NotATalk> {
        match text.split_once(':') {
            Some(("bot", bot)) => bot.parse().map(Self::Bot).map_err(|_| NotATalk),
            Some(("room", channel)) if !channel.is_empty() => Ok(Self::Room(channel.to_owned())),
            _ => Err(NotATalk),
        }
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", content = "id", rename_all = "snake_case")]
pub enum Author {
    /// userId
    Person(String),
    /// botId
    Bot(i64),
    /// The messenger itself: someone entered or left.
    System,
}

/// One `<m userId="…">` of a bot's message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// As written: a userId, a login ID or `all`.
    pub written: String,
    /// The userIds it reaches; empty for someone unknown.
    pub users: Vec<String>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// Running number in the talk, from 1.
    pub no: u64,
    /// Milliseconds UTC.
    pub at: i64,
    pub author: Author,
    /// The `content` object as it was sent.
    pub content: Value,
    pub mentions: Vec<Mention>,
}

impl Message {
    /// The text a reader sees first: `text`, `contentText`, `altText` or nothing.
    #[must_use]
    pub fn text(&self) -> &str {
        ["text", "contentText", "altText"]
            .iter()
            .find_map(|field| self.content.get(field).and_then(Value::as_str))
            .unwrap_or_default()
    }

    /// Everything in it that can be pressed, in the order in which it is drawn, quick replies last.
    #[must_use]
    pub fn buttons(&self) -> Vec<Button> {
        let mut buttons = Vec::new();
        let mut content = self.content.clone();
        number_actions(&mut content, &mut |no, action| buttons.push(Button::of(no, action)));
        buttons
    }

    /// The content with `"_button": n` in each action object, so that a page can draw it as it is.
    #[must_use]
    pub(crate) fn content_with_buttons(&self) -> Value {
        let mut content = self.content.clone();
        number_actions(&mut content, &mut |no, action| {
            if let Some(action) = action.as_object_mut() {
                action.insert("_button".into(), no.into());
            }
        });
        content
    }
}

/// Something in a message that can be pressed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Button {
    /// From 0, in the order of [`Message::buttons`].
    pub no: usize,
    pub label: String,
    /// The action object (lineworks.md §3.7).
    pub action: Value,
}

impl Button {
    fn of(no: usize, action: &Value) -> Self {
        let label = action.get("label").and_then(Value::as_str).unwrap_or_default();
        Self { no, label: label.to_owned(), action: action.clone() }
    }
}

/// One talk.
#[derive(Debug, Clone, Default)]
pub struct Talk {
    pub messages: Vec<Message>,
    /// Messages ever; the number of the newest.
    pub total: u64,
    /// The world's version when it last changed.
    pub touched: u64,
}

impl World {
    /// Where this person finds this talk; `None` when there is no such person, or they are not in the room.
    pub(crate) fn talk_key(&self, user: &str, talk: &TalkId) -> Option<TalkKey> {
        let user = self.person(user)?.user_id.clone();
        match talk {
            TalkId::Bot(bot) => Some(TalkKey::OneToOne { user, bot: *bot }),
            TalkId::Room(channel) => {
                let room = self.rooms.get(channel)?;
                room.members.contains(&user).then(|| TalkKey::Room { channel: channel.clone() })
            }
        }
    }

    /// Adds a message and gives its number, or 0 when a fault swallowed it.
    pub(crate) fn post(
        &mut self,
        key: TalkKey,
        author: Author,
        content: Value,
        mentions: Vec<Mention>,
        now_ms: i64,
    ) -> u64 {
        if self.dropping {
            return 0;
        }
        let touched = self.touch();
        let talk = self.talks.entry(key).or_default();
        talk.total += 1;
        talk.touched = touched;
        let no = talk.total;
        talk.messages.push(Message { no, at: now_ms, author, content, mentions });
        let excess = talk.messages.len().saturating_sub(self.retention);
        talk.messages.drain(..excess);
        no
    }
}

/// Visits every action object of a content in a fixed order: `actions` (rows or a flat list), `elements`,
/// `columns`, then a Flex tree in its own order, a LINE template, then `quickReply`.
fn number_actions(content: &mut Value, visit: &mut dyn FnMut(usize, &mut Value)) {
    let mut next = 0;
    let mut each = |action: &mut Value| {
        visit(next, action);
        next += 1;
    };
    for field in ["elements", "columns", "actions", "contents", "template", "quickReply"] {
        if let Some(part) = content.get_mut(field) {
            walk(part, field == "actions", &mut each);
        }
    }
}

/// `are_actions`: the objects met here are themselves actions.
fn walk(value: &mut Value, are_actions: bool, visit: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, are_actions, visit)),
        Value::Object(_) if are_actions => visit(value),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "action" | "defaultAction" | "actions" => walk(field, true, visit),
                    _ => walk(field, false, visit),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn buttons_are_counted_through_every_template() {
        let uri = |label: &str| json!({"type": "uri", "label": label, "uri": "https://a.example"});
        let labels = |content: Value| {
            let message = Message { no: 1, at: 0, author: Author::Bot(1), content, mentions: vec![] };
            message.buttons().into_iter().map(|b| format!("{}{}", b.no, b.label)).collect::<Vec<_>>()
        };
        assert_eq!(labels(json!({"type": "text", "text": "a"})), Vec::<String>::new());
        assert_eq!(
            labels(json!({"actions": [uri("a"), uri("b")], "quickReply": {"items": [{"action": uri("c")}]}})),
            ["0a", "1b", "2c"]
        );
        assert_eq!(
            labels(json!({"elements": [{"action": uri("a")}], "actions": [[uri("b")], [uri("c")]]})),
            ["0a", "1b", "2c"]
        );
        assert_eq!(
            labels(json!({"columns": [{"actions": [uri("a")], "defaultAction": uri("b")}]})),
            ["0a", "1b"]
        );
        assert_eq!(
            labels(json!({"contents": {"body": {"contents": [{"type": "button", "action": uri("a")}]}}})),
            ["0a"]
        );
    }

    #[test]
    fn a_talk_id_survives_its_text() {
        for id in [TalkId::Bot(2_000_001), TalkId::Room("x-1".into())] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for bad in ["", "bot:", "bot:x", "room:", "x:1"] {
            assert_eq!(bad.parse::<TalkId>(), Err(NotATalk), "{bad}");
        }
    }
}
