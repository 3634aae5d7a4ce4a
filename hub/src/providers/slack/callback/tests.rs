use serde_json::json;

use super::*;
use crate::providers::encode::form;

const AT: Millis = 1_767_225_600_123;
const RECEIVED: Millis = 5;

fn settings() -> SlackSettings {
    SlackSettings { team_id: "T01".into(), bot_user_id: "U0BOT".into(), ..SlackSettings::default() }
}

fn outer(event: Value) -> Value {
    json!({"type": "event_callback", "team_id": "T01", "api_app_id": "A01", "event_id": "Ev01",
        "event_time": 1_767_225_600, "event": event,
        "authorizations": [{"team_id": "T01", "enterprise_id": null, "user_id": "U0BOT", "is_bot": true}]})
}

fn parsed(outer: &Value) -> Event {
    parse_event(outer.to_string().as_bytes(), &settings(), RECEIVED)
}

fn inbound_of(event: Value) -> Option<Inbound> {
    let Event::Callbacks(callbacks) = parsed(&outer(event)) else { panic!("no callbacks") };
    let mut inbounds = callbacks.into_iter().map(|callback| {
        assert_eq!((callback.key.as_deref(), callback.reply_token), (Some("Ev01"), None));
        callback.inbound
    });
    let first = inbounds.next();
    assert_eq!(inbounds.next(), None);
    first
}

fn message(event: Value) -> Value {
    let mut message = json!({"type": "message", "channel_type": "im", "channel": "D01", "user": "U01",
        "text": "出勤", "ts": "1767225600.123456", "event_ts": "1767225600.123456"});
    for (name, value) in event.as_object().unwrap() {
        message[name] = value.clone();
    }
    message
}

fn said_by(room: Option<&str>, words: &str) -> Inbound {
    let content = Content::Text(words.into());
    Inbound::Message { from: "U01".into(), room: room.map(str::to_owned), content, at: AT }
}

#[test]
fn a_url_is_proven() {
    let body = br#"{"token":"x","challenge":"3eZbrw1a","type":"url_verification"}"#;
    assert_eq!(parse_event(body, &settings(), RECEIVED), Event::Challenge("3eZbrw1a".into()));
    let nothing = br#"{"type":"url_verification"}"#;
    assert_eq!(parse_event(nothing, &settings(), RECEIVED), Event::Callbacks(vec![]));
}

#[test]
fn every_subscribed_event_is_read() {
    let in_room = |kind: &str, user: &str| json!({"type": kind, "user": user, "channel": "C01", "channel_type": "C", "event_ts": "1767225600.123"});
    let (room, members) = (|| "C01".to_owned(), || vec!["U01".to_owned()]);
    for (event, expected) in [
        (message(json!({})), said_by(None, "出勤")),
        (message(json!({"channel_type": null})), said_by(None, "出勤")),
        (message(json!({"bot_id": null})), said_by(None, "出勤")),
        (
            message(
                json!({"type": "app_mention", "channel": "C01", "text": "<@U0BOT> 出勤", "channel_type": null,
                "event_ts": "1767225600123456"}),
            ),
            said_by(Some("C01"), "出勤"),
        ),
        (message(json!({"type": "app_mention", "channel": "G01"})), said_by(Some("G01"), "出勤")),
        (
            message(json!({"text": "", "files": [{"id": "F01"}]})),
            Inbound::Message {
                from: "U01".into(),
                room: None,
                content: Content::Other("file".into()),
                at: AT,
            },
        ),
        (in_room("member_joined_channel", "U0BOT"), Inbound::JoinedRoom { room: room(), at: AT }),
        (
            in_room("member_joined_channel", "U01"),
            Inbound::MembersJoined { room: room(), members: members(), at: AT },
        ),
        (in_room("member_left_channel", "U0BOT"), Inbound::LeftRoom { room: room(), at: AT }),
        (
            in_room("member_left_channel", "U01"),
            Inbound::MembersLeft { room: room(), members: members(), at: AT },
        ),
        (in_room("channel_left", "U0BOT"), Inbound::LeftRoom { room: room(), at: AT }),
        (
            json!({"type": "group_left", "channel": {"id": "C01"}, "event_ts": "1767225600.1239"}),
            Inbound::LeftRoom { room: room(), at: AT },
        ),
    ] {
        let shown = event.to_string();
        assert_eq!(inbound_of(event), Some(expected), "{shown}");
    }
}

#[test]
fn words_are_as_the_person_sees_them() {
    for (text, expected) in [
        ("<@U0BOT> 出勤", "出勤"),
        ("<@U0BOT|todoke>\u{3000}出勤 ", "出勤"),
        ("退勤<@U0BOT>", "退勤"),
        ("<@U0BOT>", ""),
        ("<@U0BOT> <@U0BOT2> <@U0BOT", "@U0BOT2 <@U0BOT"),
        ("<@U1|hana> in <#C1|general> <!here>", "@hana in #general @here"),
        ("<https://b.example|b.example> a &lt;b&gt; &amp;amp;", "https://b.example a <b> &amp;"),
        ("*出勤*", "出勤"),
        ("&lt;@U0BOT&gt; x", "<@U0BOT> x"),
    ] {
        assert_eq!(words(text, "U0BOT"), expected, "{text}");
    }
    assert_eq!(words("<@U0BOT> 出勤", ""), "@U0BOT 出勤");
    assert_eq!(words("<@> 出勤", ""), "@ 出勤");
}

#[test]
fn our_own_posts_edits_and_everything_else_are_ignored() {
    for event in [
        message(json!({"bot_id": "B01"})),
        message(json!({"user": "U0BOT"})),
        message(json!({"subtype": "bot_message"})),
        message(json!({"subtype": "message_changed", "hidden": true})),
        message(json!({"subtype": "message_deleted"})),
        message(json!({"hidden": true})),
        message(json!({"user": null})),
        message(json!({"text": null})),
        message(json!({"channel": null})),
        // Heard as a mention where it is for us.
        message(json!({"channel": "C01", "channel_type": "channel"})),
        message(json!({"channel": "C01", "channel_type": null})),
        message(json!({"type": "app_mention", "channel": "C01", "bot_id": "B01"})),
        json!({"type": "app_home_opened", "user": "U01", "channel": "D01", "tab": "home"}),
        json!({"type": "member_joined_channel", "user": "U01"}),
        json!({"type": "member_left_channel", "channel": "C01"}),
        json!({"type": "channel_left"}),
        json!({"type": "reaction_added", "user": "U01"}),
        json!({"type": 7}),
        json!({}),
        json!("message"),
    ] {
        let shown = event.to_string();
        assert_eq!(inbound_of(event), None, "{shown}");
    }
    for body in
        ["", "null", "[]", "{", "{}", r#"{"type":"event_callback"}"#, r#"{"type":"app_rate_limited"}"#]
    {
        let found = parse_event(body.as_bytes(), &settings(), RECEIVED);
        assert_eq!(found, Event::Callbacks(vec![]), "{body}");
    }
    assert_eq!(parse_event(&[0xff, 0xfe], &settings(), RECEIVED), Event::Callbacks(vec![]));
}

#[test]
fn events_of_another_workspace_are_ignored() {
    let of = |team: Value, more: Value| {
        let mut outer = outer(message(json!({})));
        outer["team_id"] = team;
        outer["authorizations"] = more;
        parsed(&outer) != Event::Callbacks(vec![])
    };
    assert!(!of(json!("T02"), json!([{"team_id": "T02"}])));
    assert!(!of(json!("T02"), Value::Null));
    // A shared channel: the other side's event, for our installation.
    assert!(of(json!("T02"), json!([{"team_id": "T01"}])));
    assert!(of(Value::Null, Value::Null));
    let mut whole_organisation = settings();
    whole_organisation.team_id = "E01".into();
    let mut outer = outer(message(json!({})));
    outer["enterprise_id"] = json!("E01");
    let found = parse_event(outer.to_string().as_bytes(), &whole_organisation, RECEIVED);
    assert!(matches!(found, Event::Callbacks(callbacks) if callbacks.len() == 1));
}

#[test]
fn the_end_of_the_installation_is_told() {
    let lost =
        |what: &str| Event::Lost { cause: Cause::new(CauseCode::Credentials, what), at: 1_767_225_600_000 };
    let revoked = |tokens: Value| parsed(&outer(json!({"type": "tokens_revoked", "tokens": tokens})));
    assert_eq!(parsed(&outer(json!({"type": "app_uninstalled"}))), lost("app_uninstalled"));
    assert_eq!(revoked(json!({"oauth": ["U01"], "bot": ["U0BOT"]})), lost("tokens_revoked"));
    // A person's token, or another bot's.
    for tokens in [
        json!({"oauth": ["U01"], "bot": []}),
        json!({"oauth": ["U0BOT"]}),
        json!({"bot": ["U02"]}),
        Value::Null,
    ] {
        assert_eq!(revoked(tokens.clone()), Event::Callbacks(vec![]), "{tokens}");
    }
}

#[test]
fn the_time_is_the_provider_s_or_the_arrival() {
    for (ts, at) in [
        (json!("1767225600.123456"), AT),
        (json!("1767225600.1"), AT - 23),
        (json!("1767225600"), AT - 123),
        (json!(1_767_225_600), AT - 123),
        (json!("1767225600.x"), RECEIVED),
        (json!("1767225600123456"), RECEIVED),
        (json!("-1767225600.1"), RECEIVED),
        (json!("1767225600.-12"), RECEIVED),
        (json!("1767225600.+12"), RECEIVED),
        (json!("あ.あ"), RECEIVED),
        (json!(""), RECEIVED),
        (Value::Null, RECEIVED),
    ] {
        let mut outer = outer(message(json!({"ts": ts, "event_ts": null})));
        outer["event_time"] = Value::Null;
        let Event::Callbacks(callbacks) = parsed(&outer) else { panic!("{ts}") };
        let Inbound::Message { at: found, .. } = callbacks[0].inbound else { panic!("{ts}") };
        assert_eq!(found, at, "{ts}");
    }
}

fn pressed_button() -> Value {
    json!({"type": "block_actions", "api_app_id": "A01", "team": {"id": "T01", "domain": "acme"},
        "user": {"id": "U01", "username": "hana", "name": "hana", "team_id": "T01"},
        "container": {"type": "message", "message_ts": "1767225600.000123", "channel_id": "C01", "is_ephemeral": false},
        "channel": {"id": "C01", "name": "ops"},
        "message": {"ts": "1767225600.000123", "text": "…", "blocks": []}, "state": {"values": {}},
        "actions": [{"type": "button", "action_id": "answer_0", "block_id": "b", "value": "todoke:ev_1:take+&= 対応",
            "text": {"type": "plain_text", "text": "対応します"}, "action_ts": "1767225600.123456"}]})
}

fn interaction(payload: &Value) -> Vec<Callback> {
    parse_interaction(form(&[("payload", &payload.to_string())]).as_bytes(), RECEIVED)
}

#[test]
fn a_pressed_button_is_read() {
    let expected = |room: Option<&str>, at| Callback {
        inbound: Inbound::Action {
            from: "U01".into(),
            room: room.map(str::to_owned),
            data: "todoke:ev_1:take+&= 対応".into(),
            text: String::new(),
            name: String::new(),
            at,
        },
        key: Some("T01:U01:1767225600.000123:answer_0:1767225600.123456".into()),
        reply_token: None,
    };
    let mut payload = pressed_button();
    assert_eq!(interaction(&payload), [expected(Some("C01"), AT)]);
    // What one place leaves out the other has.
    payload["message"] = Value::Null;
    payload["channel"] = Value::Null;
    assert_eq!(interaction(&payload), [expected(Some("C01"), AT)]);
    payload["channel"] = json!({"id": "D01", "name": "directmessage"});
    assert_eq!(interaction(&payload), [expected(None, AT)]);
    payload["actions"][0]["action_ts"] = Value::Null;
    assert_eq!(interaction(&payload), [Callback { key: None, ..expected(None, RECEIVED) }]);
}

#[test]
fn what_is_no_answer_of_ours_is_ignored() {
    type Break = fn(&mut Value);
    let cases: [Break; 7] = [
        // A button with a link tells us that it was pressed.
        |p| {
            p["actions"][0] =
                json!({"type": "button", "action_id": "open", "url": "https://x.example", "action_ts": "1.1"})
        },
        |p| p["actions"][0]["value"] = json!(""),
        |p| p["actions"] = json!([]),
        |p| p["actions"] = Value::Null,
        |p| p["user"] = Value::Null,
        |p| p["type"] = json!("view_submission"),
        |p| *p = json!([]),
    ];
    for damage in cases {
        let mut payload = pressed_button();
        damage(&mut payload);
        assert_eq!(interaction(&payload), [], "{payload}");
    }
    for body in ["", "payload=", "payload=%7B", "other=1", "{}"] {
        assert_eq!(parse_interaction(body.as_bytes(), RECEIVED), [], "{body}");
    }
    let raw = pressed_button().to_string();
    assert_eq!(parse_interaction(raw.as_bytes(), RECEIVED), []);
}
