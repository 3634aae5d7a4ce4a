use serde_json::{Value, json};
use shared::inbound::{Content, Inbound};

use crate::providers::lineworks_v1::callback::parse;

fn event(kind: &str, source: Value, more: Value) -> Value {
    let mut event = json!({"type": kind, "source": source, "createdTime": 1_767_323_045_678_i64});
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn parsed(event: &Value) -> Inbound {
    let mut all = parse(event.to_string().as_bytes(), 5);
    assert_eq!((all.len(), &all[0].key), (1, &None));
    all.remove(0).inbound
}

#[test]
fn callbacks_are_read_under_their_older_names() {
    let at = 1_767_323_045_678;
    let alone = || json!({"accountId": "sato@minato"});
    let in_room = || json!({"accountId": "sato@minato", "roomId": "12345"});
    let from = || "sato@minato".to_owned();
    for (event, expected) in [
        (
            event("message", alone(), json!({"content": {"type": "text", "text": "出勤"}})),
            Inbound::Message { from: from(), room: None, content: Content::Text("出勤".into()), at },
        ),
        (
            event(
                "message",
                in_room(),
                json!({"content": {"type": "text", "text": "はい", "postback": "todoke:ev_1:a"}}),
            ),
            Inbound::Action {
                from: from(),
                room: Some("12345".into()),
                data: "todoke:ev_1:a".into(),
                text: "はい".into(),
                name: String::new(),
                at,
            },
        ),
        (
            event("postback", alone(), json!({"data": "d"})),
            Inbound::Action {
                from: from(),
                room: None,
                data: "d".into(),
                text: String::new(),
                name: String::new(),
                at,
            },
        ),
        (
            event("join", json!({"roomId": 12345}), json!({})),
            Inbound::JoinedRoom { room: "12345".into(), at },
        ),
        (event("leave", in_room(), json!({})), Inbound::LeftRoom { room: "12345".into(), at }),
        (
            event("joined", in_room(), json!({"memberList": ["a@minato", "b@minato"]})),
            Inbound::MembersJoined {
                room: "12345".into(),
                members: vec!["a@minato".into(), "b@minato".into()],
                at,
            },
        ),
        (
            event("left", in_room(), json!({"memberList": ["a@minato"]})),
            Inbound::MembersLeft { room: "12345".into(), members: vec!["a@minato".into()], at },
        ),
        (
            event("join", in_room(), json!({"createdTime": "1767323045678"})),
            Inbound::JoinedRoom { room: "12345".into(), at },
        ),
        (
            event("join", in_room(), json!({"createdTime": "soon"})),
            Inbound::JoinedRoom { room: "12345".into(), at: 5 },
        ),
        (
            event("join", in_room(), json!({"createdTime": -1})),
            Inbound::JoinedRoom { room: "12345".into(), at: 5 },
        ),
        // The newer names are not this API's.
        (event("join", json!({"channelId": "1"}), json!({})), Inbound::Ignored),
        (event("message", alone(), json!({})), Inbound::Ignored),
        (event("unknown", alone(), json!({})), Inbound::Ignored),
    ] {
        assert_eq!(parsed(&event), expected, "{event}");
    }
    for body in ["", "null", "[]", "{", "{}", r#"{"source":7}"#] {
        assert_eq!(parse(body.as_bytes(), 5)[0].inbound, Inbound::Ignored, "{body}");
    }
}
