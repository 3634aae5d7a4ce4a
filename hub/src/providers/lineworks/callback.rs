//! Reads a callback's body (lineworks.md §4.2), once its signature is known to be good
//! ([`shared::signature::lineworks`]).

use serde_json::Value;
use shared::{
    inbound::{Content, Inbound},
    time::{Millis, parse_rfc3339},
};

use super::client::id_text;
use crate::providers::answer::text;

/// The header with the signature, in lower case; the provider does not promise its case.
pub const SIGNATURE_HEADER: &str = "x-works-signature";
/// The header with the bot's id, in lower case.
pub const BOT_HEADER: &str = "x-works-botid";

/// What somebody pressing 「利用開始」 sends (lineworks.md §4.2 \[D\]).
const START: &str = "start";

/// Lenient: what is unknown or lacks what it needs is [`Inbound::Ignored`], and answered with 200 like the
/// rest, because the provider does not send it again. `received` stands in for an unreadable `issuedTime`.
#[must_use]
pub fn parse(body: &[u8], received: Millis) -> Inbound {
    let event: Value = serde_json::from_slice(body).unwrap_or_default();
    read(&event, received).unwrap_or(Inbound::Ignored)
}

fn read(event: &Value, received: Millis) -> Option<Inbound> {
    let source = event.get("source")?;
    let at = event.get("issuedTime").and_then(Value::as_str).and_then(parse_rfc3339).unwrap_or(received);
    let from = || source.get("userId").and_then(id_text);
    // Absent in a conversation with one person.
    let room = || source.get("channelId").and_then(id_text);
    Some(match event.get("type")?.as_str()? {
        "message" => message(from()?, room(), event.get("content")?, at)?,
        "postback" => Inbound::Action {
            from: from()?,
            room: room(),
            data: event.get("data")?.as_str()?.to_owned(),
            text: String::new(),
            name: String::new(),
            at,
        },
        "join" => Inbound::JoinedRoom { room: room()?, at },
        "leave" => Inbound::LeftRoom { room: room()?, at },
        "joined" => Inbound::MembersJoined { room: room()?, members: members(event), at },
        "left" => Inbound::MembersLeft { room: room()?, members: members(event), at },
        "begin" => Inbound::Followed { from: from()?, at },
        "end" => Inbound::Unfollowed { from: from()?, at },
        _ => return None,
    })
}

/// A pressed button arrives as a text with a `postback` (lineworks.md §3.7).
fn message(from: String, room: Option<String>, content: &Value, at: Millis) -> Option<Inbound> {
    let kind = text(content, "type")?;
    if kind != "text" {
        return Some(Inbound::Message { from, room, content: Content::Other(kind), at });
    }
    let words = content.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(match text(content, "postback") {
        Some(data) if data == START && room.is_none() => Inbound::Followed { from, at },
        Some(data) => Inbound::Action { from, room, data, text: words, name: String::new(), at },
        None => Inbound::Message { from, room, content: Content::Text(words), at },
    })
}

fn members(event: &Value) -> Vec<String> {
    event.get("members").and_then(Value::as_array).into_iter().flatten().filter_map(id_text).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const AT: Millis = 1_767_323_045_678;
    const RECEIVED: Millis = 5;

    fn event(kind: &str, source: Value, more: Value) -> Value {
        let mut event = json!({"type": kind, "source": source, "issuedTime": "2026-01-02T03:04:05.678Z"});
        for (name, value) in more.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    }

    fn parsed(event: &Value) -> Inbound {
        parse(event.to_string().as_bytes(), RECEIVED)
    }

    fn alone() -> Value {
        json!({"userId": "U-1", "domainId": 40_029_600})
    }

    fn in_room() -> Value {
        json!({"userId": "U-1", "channelId": "C-1", "domainId": 40_029_600})
    }

    #[test]
    fn every_documented_event_is_read() {
        let (from, room) = (|| "U-1".to_owned(), || "C-1".to_owned());
        for (kind, source, more, expected) in [
            (
                "message",
                in_room(),
                json!({"content": {"type": "text", "text": "hello"}}),
                Inbound::Message {
                    from: from(),
                    room: Some(room()),
                    content: Content::Text("hello".into()),
                    at: AT,
                },
            ),
            (
                "message",
                alone(),
                json!({"content": {"type": "text", "text": "OK", "postback": "approve:42"}}),
                Inbound::Action {
                    from: from(),
                    room: None,
                    data: "approve:42".into(),
                    text: "OK".into(),
                    name: String::new(),
                    at: AT,
                },
            ),
            (
                "message",
                alone(),
                json!({"content": {"type": "text", "text": "利用開始", "postback": "start"}}),
                Inbound::Followed { from: from(), at: AT },
            ),
            (
                "message",
                alone(),
                json!({"content": {"type": "sticker", "packageId": "1", "stickerId": "2"}}),
                Inbound::Message {
                    from: from(),
                    room: None,
                    content: Content::Other("sticker".into()),
                    at: AT,
                },
            ),
            (
                "postback",
                in_room(),
                json!({"data": "action=buy"}),
                Inbound::Action {
                    from: from(),
                    room: Some(room()),
                    data: "action=buy".into(),
                    text: String::new(),
                    name: String::new(),
                    at: AT,
                },
            ),
            ("join", in_room(), json!({}), Inbound::JoinedRoom { room: room(), at: AT }),
            ("leave", in_room(), json!({}), Inbound::LeftRoom { room: room(), at: AT }),
            (
                "joined",
                in_room(),
                json!({"members": ["U-2", 3, null]}),
                Inbound::MembersJoined { room: room(), members: vec!["U-2".into(), "3".into()], at: AT },
            ),
            ("left", in_room(), json!({}), Inbound::MembersLeft { room: room(), members: vec![], at: AT }),
            ("begin", alone(), json!({}), Inbound::Followed { from: from(), at: AT }),
            ("end", alone(), json!({}), Inbound::Unfollowed { from: from(), at: AT }),
        ] {
            assert_eq!(parsed(&event(kind, source, more)), expected, "{kind}");
        }
    }

    #[test]
    fn the_time_has_milliseconds_or_not_or_is_the_arrival() {
        for (issued, at) in [
            (json!("2026-01-02T03:04:05.678Z"), AT),
            (json!("2026-01-02T03:04:05Z"), AT - 678),
            (json!("yesterday"), RECEIVED),
            (Value::Null, RECEIVED),
        ] {
            let event = event("join", in_room(), json!({"issuedTime": issued}));
            assert_eq!(parsed(&event), Inbound::JoinedRoom { room: "C-1".into(), at });
        }
    }

    #[test]
    fn everything_else_is_ignored() {
        for body in ["", "null", "[]", "{", "{}", r#"{"type":"message"}"#, r#"{"type":7,"source":{}}"#] {
            assert_eq!(parse(body.as_bytes(), RECEIVED), Inbound::Ignored, "{body}");
        }
        for (kind, source, more) in [
            ("reaction", in_room(), json!({})),
            ("message", alone(), json!({})),
            ("message", json!({"channelId": "C-1"}), json!({"content": {"type": "text", "text": "x"}})),
            ("message", alone(), json!({"content": {"text": "x"}})),
            ("postback", alone(), json!({})),
            ("join", alone(), json!({})),
            ("begin", json!({}), json!({})),
        ] {
            assert_eq!(parsed(&event(kind, source, more)), Inbound::Ignored, "{kind}");
        }
        assert_eq!(parse(&[0xff, 0xfe], RECEIVED), Inbound::Ignored);
    }
}
