use proptest::prelude::*;
use serde_json::json;

use super::*;

const AT: Millis = 1_767_323_045_678;
const RECEIVED: Millis = AT + 500;
const USER: &str = "U00000000000000000000000000000001";
const OTHER: &str = "U00000000000000000000000000000002";
const GROUP: &str = "C00000000000000000000000000000003";
const ROOM: &str = "R00000000000000000000000000000004";

fn event(kind: &str, source: Value, more: Value) -> Value {
    let mut event = json!({
        "type": kind, "mode": "active", "timestamp": AT, "source": source,
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR", "deliveryContext": {"isRedelivery": false},
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn parsed(events: &[Value]) -> Vec<Callback> {
    let body = json!({"destination": USER, "events": events});
    parse(body.to_string().as_bytes(), RECEIVED).unwrap()
}

fn inbound(event: &Value) -> Inbound {
    parsed(std::slice::from_ref(event)).remove(0).inbound
}

fn alone() -> Value {
    json!({"type": "user", "userId": USER})
}

fn in_group() -> Value {
    json!({"type": "group", "groupId": GROUP, "userId": USER})
}

fn in_room() -> Value {
    json!({"type": "room", "roomId": ROOM, "userId": USER})
}

#[test]
fn every_documented_event_is_read() {
    let from = || USER.to_owned();
    let text = |text: &str| json!({"message": {"id": "1", "type": "text", "text": text, "quoteToken": "q"}});
    for (kind, source, more, expected) in [
        (
            "message",
            alone(),
            text(" 出勤\n"),
            Inbound::Message { from: from(), room: None, content: Content::Text(" 出勤\n".into()), at: AT },
        ),
        (
            "message",
            in_group(),
            text("hi"),
            Inbound::Message {
                from: from(),
                room: Some(GROUP.into()),
                content: Content::Text("hi".into()),
                at: AT,
            },
        ),
        (
            "message",
            in_room(),
            json!({"message": {"id": "1", "type": "sticker", "packageId": "1"}}),
            Inbound::Message {
                from: from(),
                room: Some(ROOM.into()),
                content: Content::Other("sticker".into()),
                at: AT,
            },
        ),
        (
            "postback",
            in_group(),
            json!({"postback": {"data": "todoke:ev_1:take", "params": {}}}),
            Inbound::Action {
                from: from(),
                room: Some(GROUP.into()),
                data: "todoke:ev_1:take".into(),
                text: String::new(),
                name: String::new(),
                at: AT,
            },
        ),
        (
            "follow",
            alone(),
            json!({"follow": {"isUnblocked": false}}),
            Inbound::Followed { from: from(), at: AT },
        ),
        (
            "follow",
            alone(),
            json!({"follow": {"isUnblocked": true}}),
            Inbound::Followed { from: from(), at: AT },
        ),
        ("unfollow", alone(), json!({}), Inbound::Unfollowed { from: from(), at: AT }),
        ("join", in_group(), json!({}), Inbound::JoinedRoom { room: GROUP.into(), at: AT }),
        (
            "leave",
            json!({"type": "room", "roomId": ROOM}),
            json!({}),
            Inbound::LeftRoom { room: ROOM.into(), at: AT },
        ),
        (
            "memberJoined",
            in_group(),
            json!({"joined": {"members": [{"type": "user", "userId": OTHER}, {"type": "user"}, 3]}}),
            Inbound::MembersJoined { room: GROUP.into(), members: vec![OTHER.into()], at: AT },
        ),
        (
            "memberLeft",
            in_group(),
            json!({"left": {"members": [{"type": "user", "userId": OTHER}]}}),
            Inbound::MembersLeft { room: GROUP.into(), members: vec![OTHER.into()], at: AT },
        ),
        (
            "memberLeft",
            in_group(),
            json!({}),
            Inbound::MembersLeft { room: GROUP.into(), members: vec![], at: AT },
        ),
    ] {
        assert_eq!(inbound(&event(kind, source, more)), expected, "{kind}");
    }
}

#[test]
fn a_batch_keeps_its_events_apart() {
    let mut second = event("unfollow", json!({"type": "user", "userId": OTHER}), json!({}));
    second["webhookEventId"] = json!("01FZ74A0TDDPYRVKNK77XKC3ZS");
    let callbacks = parsed(&[
        event("message", alone(), json!({"replyToken": "r-1", "message": {"type": "text", "text": "a"}})),
        event("somethingNew", alone(), json!({})),
        second,
    ]);
    assert_eq!(callbacks.len(), 3);
    assert_eq!(callbacks[0].reply_token.as_deref(), Some("r-1"));
    assert_eq!(callbacks[0].key.as_deref(), Some("01FZ74A0TDDPYRVKNK77XKC3ZR"));
    assert_eq!(callbacks[1].inbound, Inbound::Ignored);
    assert_eq!(
        callbacks[2],
        Callback {
            inbound: Inbound::Unfollowed { from: OTHER.into(), at: AT },
            key: Some("01FZ74A0TDDPYRVKNK77XKC3ZS".into()),
            reply_token: None,
        }
    );
}

#[test]
fn the_connection_check_has_no_events() {
    assert_eq!(parsed(&[]), []);
}

#[test]
fn a_redelivery_has_the_same_key_and_time() {
    let first = event("follow", alone(), json!({"replyToken": "r-1"}));
    let mut again = first.clone();
    again["deliveryContext"]["isRedelivery"] = json!(true);
    assert_eq!(parsed(&[first]), parsed(&[again]));
}

#[test]
fn a_reply_token_lives_as_long_as_it_may() {
    let token = |mode: Value, redelivered: Value, age: Millis| {
        let mut event = event("follow", alone(), json!({"replyToken": "r-1", "mode": mode}));
        event["deliveryContext"]["isRedelivery"] = redelivered;
        let body = json!({"events": [event]}).to_string();
        parse(body.as_bytes(), AT + age).unwrap().remove(0).reply_token
    };
    let alive = Some("r-1".to_owned());
    assert_eq!(token(json!("active"), json!(false), 0), alive);
    assert_eq!(token(Value::Null, Value::Null, 0), alive);
    assert_eq!(token(json!("standby"), json!(false), 0), None);
    assert_eq!(token(json!("active"), json!(true), 20 * MINUTE - 1), alive);
    assert_eq!(token(json!("active"), json!(true), 20 * MINUTE), None);
    // Our clock may differ from LINE's: a first delivery is fresh, whatever it says.
    assert_eq!(token(json!("active"), json!(false), 21 * MINUTE), alive);
    assert_eq!(token(json!("active"), json!(true), -5), alive);
}

#[test]
fn the_time_is_the_event_s_or_the_arrival() {
    for (timestamp, at) in [(json!(AT), AT), (json!("soon"), RECEIVED), (Value::Null, RECEIVED)] {
        let event = event("unfollow", alone(), json!({"timestamp": timestamp}));
        assert_eq!(inbound(&event), Inbound::Unfollowed { from: USER.into(), at });
    }
}

#[test]
fn what_is_unknown_or_incomplete_is_ignored() {
    for kind in [
        "unsend",
        "videoPlayComplete",
        "beacon",
        "accountLink",
        "membership",
        "module",
        "activated",
        "deactivated",
        "botSuspended",
        "botResumed",
        "delivery",
        "messageEdited",
        "",
    ] {
        assert_eq!(inbound(&event(kind, alone(), json!({}))), Inbound::Ignored, "{kind}");
    }
    for (kind, source, more) in [
        ("message", alone(), json!({})),
        ("message", alone(), json!({"message": {"text": "x"}})),
        (
            "message",
            json!({"type": "group", "groupId": GROUP}),
            json!({"message": {"type": "text", "text": "x"}}),
        ),
        ("message", Value::Null, json!({"message": {"type": "text", "text": "x"}})),
        ("postback", alone(), json!({})),
        ("postback", alone(), json!({"postback": {"data": 5}})),
        ("follow", json!({"type": "user"}), json!({})),
        ("join", alone(), json!({})),
    ] {
        assert_eq!(inbound(&event(kind, source, more)), Inbound::Ignored, "{kind}");
    }
    assert_eq!(inbound(&json!({})), Inbound::Ignored);
    assert_eq!(inbound(&json!(null)), Inbound::Ignored);
}

#[test]
fn what_is_no_webhook_is_an_error() {
    for body in ["", "null", "[]", "{", "{}", r#"{"events":{}}"#, r#"{"events":null}"#] {
        assert_eq!(parse(body.as_bytes(), RECEIVED), Err(NotAWebhook), "{body}");
    }
    assert_eq!(parse(&[0xff, 0xfe], RECEIVED), Err(NotAWebhook));
}

proptest! {
    #[test]
    fn no_damage_to_an_event_is_a_failure(
        field in prop::sample::select(vec![
            "type", "mode", "timestamp", "source", "webhookEventId", "deliveryContext", "replyToken", "message",
        ]),
        value in prop::sample::select(vec![
            json!(null), json!(5), json!("x"), json!([1]), json!({"userId": 1}), json!(1e300), json!(i64::MIN),
        ]),
    ) {
        let mut event = event("message", in_group(), json!({"message": {"type": "text", "text": "a"}}));
        event[field] = value;
        prop_assert_eq!(parsed(&[event]).len(), 1);
    }
}
