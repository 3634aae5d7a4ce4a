use shared::inbound::{Content, Inbound};

use super::*;
use crate::providers::google_chat::callback::parse;

const AT: i64 = 1_767_571_205_123;
const RECEIVED: i64 = 5;

fn event(kind: &str, space: Value, more: Value) -> Value {
    let mut event = json!({
        "type": kind,
        "eventTime": "2026-01-05T00:00:05.123Z",
        "user": {"name": "users/111", "displayName": "Hana", "email": "hana@acme.example", "type": "HUMAN"},
        "space": space,
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn parsed(event: &Value) -> Vec<Inbound> {
    parse(event.to_string().as_bytes(), RECEIVED).into_iter().map(|callback| callback.inbound).collect()
}

fn room() -> Value {
    json!({"name": "spaces/AAAAtest", "type": "ROOM", "spaceType": "SPACE"})
}

fn alone() -> Value {
    json!({"name": "spaces/AAAAdm", "type": "DM", "spaceType": "DIRECT_MESSAGE", "singleUserBotDm": true})
}

fn message(room: Option<&str>, content: Content) -> Inbound {
    Inbound::Message { from: "users/111".into(), room: room.map(Into::into), content, at: AT }
}

fn said(text: &str) -> Content {
    Content::Text(text.into())
}

fn pressed(room: Option<&str>) -> Inbound {
    Inbound::Action {
        from: "users/111".into(),
        room: room.map(Into::into),
        data: "todoke:ev_1:take".into(),
        text: String::new(),
        name: "Hana".into(),
        at: AT,
    }
}

#[test]
fn every_documented_event_is_read() {
    let in_room = Some("spaces/AAAAtest");
    let mention = json!({"message": {"name": "spaces/AAAAtest/messages/m", "text": "@Todoke 出勤", "argumentText": " 出勤"}});
    let data = json!([{"key": "other", "value": "x"}, {"key": "data", "value": "todoke:ev_1:take"}]);
    let listed = json!({"action": {"actionMethodName": "todoke_action", "parameters": data}});
    let mapped =
        json!({"common": {"invokedFunction": "todoke_action", "parameters": {"data": "todoke:ev_1:take"}}});
    for (kind, space, more, expected) in [
        ("MESSAGE", room(), mention.clone(), vec![message(in_room, said("出勤"))]),
        ("MESSAGE", alone(), json!({"message": {"text": "出勤"}}), vec![message(None, said("出勤"))]),
        (
            "MESSAGE",
            json!({"name": "spaces/AAAAdm", "type": "DM"}),
            json!({"message": {"text": "出勤", "argumentText": "出勤"}}),
            vec![message(None, said("出勤"))],
        ),
        (
            // Several people and the app, which the older field calls a room.
            "MESSAGE",
            json!({"name": "spaces/AAAAtest", "type": "ROOM", "spaceType": "GROUP_CHAT"}),
            mention.clone(),
            vec![message(in_room, said("出勤"))],
        ),
        (
            "APP_COMMAND",
            alone(),
            json!({"message": {"text": "/punch in", "argumentText": " in", "slashCommand": {"commandId": "1"}}}),
            vec![message(None, said("/punch in"))],
        ),
        (
            "MESSAGE",
            alone(),
            json!({"message": {"text": "", "attachment": [{"contentType": "image/png"}]}}),
            vec![message(None, Content::Other("image/png".into()))],
        ),
        (
            "ADDED_TO_SPACE",
            room(),
            json!({}),
            vec![Inbound::JoinedRoom { room: "spaces/AAAAtest".into(), at: AT }],
        ),
        (
            "ADDED_TO_SPACE",
            room(),
            mention,
            vec![
                Inbound::JoinedRoom { room: "spaces/AAAAtest".into(), at: AT },
                message(in_room, said("出勤")),
            ],
        ),
        ("ADDED_TO_SPACE", alone(), json!({}), vec![Inbound::Followed { from: "users/111".into(), at: AT }]),
        (
            "REMOVED_FROM_SPACE",
            room(),
            json!({}),
            vec![Inbound::LeftRoom { room: "spaces/AAAAtest".into(), at: AT }],
        ),
        (
            "REMOVED_FROM_SPACE",
            alone(),
            json!({}),
            vec![Inbound::Unfollowed { from: "users/111".into(), at: AT }],
        ),
        ("CARD_CLICKED", room(), listed.clone(), vec![pressed(in_room)]),
        ("CARD_CLICKED", alone(), listed, vec![pressed(None)]),
        ("CARD_CLICKED", alone(), mapped, vec![pressed(None)]),
    ] {
        let event = event(kind, space, more);
        assert_eq!(parsed(&event), expected, "{event}");
    }
}

#[test]
fn a_redelivery_has_the_same_key_and_nothing_else_has() {
    let keys = |event: &Value| -> Vec<Option<String>> {
        parse(event.to_string().as_bytes(), RECEIVED).into_iter().map(|callback| callback.key).collect()
    };
    let press = |action: &str| {
        json!({
            "message": {"name": "spaces/AAAAtest/messages/m"},
            "action": {"parameters": [{"key": "data", "value": action}]},
        })
    };
    let first = event("CARD_CLICKED", room(), press("todoke:ev_1:take"));
    let mut again = first.clone();
    again["isDialogEvent"] = json!(false);
    assert_eq!(keys(&first), keys(&again));
    assert!(keys(&first)[0].is_some());
    let mut others = vec![event("CARD_CLICKED", room(), press("todoke:ev_1:refuse"))];
    for (part, name) in [("user", "users/112"), ("message", "spaces/AAAAtest/messages/n")] {
        let mut other = first.clone();
        other[part]["name"] = json!(name);
        others.push(other);
    }
    let mut later = first.clone();
    later["eventTime"] = json!("2026-01-05T00:00:05.124Z");
    others.push(later);
    for other in others {
        assert_ne!(keys(&first), keys(&other), "{other}");
    }
    let both = event("ADDED_TO_SPACE", room(), json!({"message": {"text": "hello"}}));
    let both = keys(&both);
    assert_ne!(both[0], both[1]);
    // Without a time the hash of the body must do.
    let mut timeless = first;
    timeless["eventTime"] = Value::Null;
    assert_eq!(keys(&timeless), [None]);
    assert!(matches!(parsed(&timeless)[0], Inbound::Action { at: RECEIVED, .. }));
}

#[test]
fn everything_else_is_left_out() {
    for body in
        ["", "null", "[]", "{", "{}", r#"{"type":"MESSAGE"}"#, r#"{"type":7,"space":{"name":"spaces/A"}}"#]
    {
        assert_eq!(parse(body.as_bytes(), RECEIVED), [], "{body}");
    }
    let bot = json!({"message": {"text": "x"}, "user": {"name": "users/9", "type": "BOT"}});
    for (kind, space, more) in [
        ("WIDGET_UPDATED", room(), json!({})),
        ("MESSAGE", room(), json!({})),
        ("MESSAGE", room(), json!({"message": {}})),
        ("MESSAGE", room(), bot),
        ("MESSAGE", json!({}), json!({"message": {"text": "x"}})),
        ("MESSAGE", room(), json!({"message": {"text": "x"}, "user": null})),
        ("CARD_CLICKED", room(), json!({})),
        ("CARD_CLICKED", room(), json!({"action": {"parameters": [{"key": "id", "value": "t"}]}})),
        ("ADDED_TO_SPACE", alone(), json!({"user": {}})),
    ] {
        let event = event(kind, space, more);
        assert_eq!(parsed(&event), [], "{event}");
    }
    assert_eq!(parse(&[0xff, 0xfe], RECEIVED), []);
}
