//! What a messenger tells us, in one form for every provider. Apps see only this.

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// One callback. Ids are the provider's own: `from` and `members` are user ids, `room` a room's id, absent in a
/// conversation with one person. `at` is when the provider says it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Inbound {
    /// Somebody wrote to the bot, or pressed something that writes.
    Message {
        from: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        content: Content,
        at: Millis,
    },
    /// Somebody pressed a button. `data` is what we put behind it.
    Action {
        from: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        data: String,
        /// What the person sees as their own words, where the provider tells.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
        /// What the provider calls the person, where it tells with the press and not when asked.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        at: Millis,
    },
    /// The bot came into a room.
    JoinedRoom { room: String, at: Millis },
    /// The bot left a room or was removed.
    LeftRoom { room: String, at: Millis },
    /// People came into a room the bot is in.
    MembersJoined { room: String, members: Vec<String>, at: Millis },
    /// People left a room the bot is in.
    MembersLeft { room: String, members: Vec<String>, at: Millis },
    /// A person opened the conversation with the bot: from now on it can reach them.
    Followed { from: String, at: Millis },
    /// A person closed it.
    Unfollowed { from: String, at: Millis },
    /// Well signed, but nothing we know or can read: answered with 200 all the same.
    Ignored,
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    Text(String),
    /// Anything but text, by the provider's own name for it: `image`, `sticker` …
    Other(String),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_form_is_pinned() {
        for (inbound, form) in [
            (
                Inbound::Message {
                    from: "U-1".into(),
                    room: None,
                    content: Content::Text("はい".into()),
                    at: 5,
                },
                json!({"type": "message", "from": "U-1", "content": {"text": "はい"}, "at": 5}),
            ),
            (
                Inbound::Message {
                    from: "U-1".into(),
                    room: Some("C-1".into()),
                    content: Content::Other("image".into()),
                    at: 5,
                },
                json!({"type": "message", "from": "U-1", "room": "C-1", "content": {"other": "image"}, "at": 5}),
            ),
            (
                Inbound::Action {
                    from: "U-1".into(),
                    room: None,
                    data: "d".into(),
                    text: String::new(),
                    name: String::new(),
                    at: 5,
                },
                json!({"type": "action", "from": "U-1", "data": "d", "at": 5}),
            ),
            (
                Inbound::Action {
                    from: "U-1".into(),
                    room: None,
                    data: "d".into(),
                    text: "承認".into(),
                    name: "佐藤".into(),
                    at: 5,
                },
                json!({"type": "action", "from": "U-1", "data": "d", "text": "承認", "name": "佐藤", "at": 5}),
            ),
            (
                Inbound::JoinedRoom { room: "C-1".into(), at: 5 },
                json!({"type": "joined_room", "room": "C-1", "at": 5}),
            ),
            (
                Inbound::MembersLeft { room: "C-1".into(), members: vec!["U-2".into()], at: 5 },
                json!({"type": "members_left", "room": "C-1", "members": ["U-2"], "at": 5}),
            ),
            (Inbound::Ignored, json!({"type": "ignored"})),
        ] {
            assert_eq!(serde_json::to_value(&inbound).unwrap(), form);
            assert_eq!(serde_json::from_value::<Inbound>(form).unwrap(), inbound);
        }
    }
}
