//! The senders of doors.md §2.3, each with what it really puts in.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn shown(payload: &Value) -> Message {
    read(Some("application/json"), payload.to_string().as_bytes())
        .unwrap_or_else(|error| panic!("{error}: {payload}"))
        .message("監視", false)
}

fn fields(message: &Message) -> Vec<(&str, &str)> {
    message.fields.iter().map(|field| (field.label.as_str(), field.value.as_str())).collect()
}

#[test]
fn alertmanager() {
    let message = shown(&json!({
        "channel": "#ops", "username": "alertmanager", "link_names": 1, "text": "",
        "attachments": [{
            "title": "[FIRING:2] DiskFull (a1)", "title_link": "https://alerts.example/#/alerts?receiver=x",
            "pretext": "", "text": "", "fallback": "[FIRING:2] DiskFull | https://alerts.example", "callback_id": "",
            "fields": [{"title": "host", "value": "a1", "short": true}, {"title": "use", "value": 97}],
            "actions": [{"type": "button", "text": "Runbook :mag:", "url": "https://wiki.example/disk"}],
            "footer": "", "color": "danger", "mrkdwn_in": ["fallback", "pretext", "text"],
        }],
    }));
    assert_eq!(message.title, "[FIRING:2] DiskFull (a1)");
    assert_eq!(message.link.as_deref(), Some("https://alerts.example/#/alerts?receiver=x"));
    assert_eq!(message.body, "Runbook 🔍 (https://wiki.example/disk)");
    assert_eq!(fields(&message), [("host", "a1"), ("use", "97")]);
    // An address of the inner network is no link of a notice; it is still there to read.
    let inner =
        shown(&json!({"attachments": [{"title": "t", "title_link": "http://prom:9093/x", "text": ""}]}));
    assert_eq!((inner.title.as_str(), inner.body.as_str(), inner.link), ("t", "http://prom:9093/x", None));
}

#[test]
fn grafana() {
    let message = shown(&json!({
        "attachments": [{
            "color": "#D63232", "title": "[FIRING:1] CPU", "title_link": "https://grafana.example/alert",
            "text": "**Firing**\n\nValue: A=97\nLabels:\n - alertname = CPU", "fallback": "[FIRING:1] CPU",
            "footer": "Grafana v12", "footer_icon": "https://grafana.com/i.png", "ts": 1767225600,
            "pretext": "<!here|here> <!subteam^S1> <@U1>", "mrkdwn_in": ["pretext", "text"],
        }],
    }));
    assert_eq!(message.title, "[FIRING:1] CPU");
    assert!(message.body.starts_with("@here @S1 @U1\nFiring\n\nValue: A=97"), "{}", message.body);
    assert!(message.body.ends_with("Grafana v12"));
}

#[test]
fn gitlab_and_jenkins() {
    let form = |payload: &Value| {
        let payload: String = payload.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        let body = format!("payload={payload}");
        read(Some("application/x-www-form-urlencoded"), body.as_bytes())
            .map(|read| read.message("監視", false))
    };
    let push = form(&json!({
        "text": "佐藤 pushed to branch <https://git.example/tree/main|main> of <https://git.example|web> (<https://git.example/c|Compare>)",
        "attachments": [{"fallback": "x", "text": "<https://git.example/1|abc1234>: 修正 &amp; 追加", "color": "#345"}],
    }))
    .unwrap();
    assert_eq!(
        push.title,
        "佐藤 pushed to branch main of web (https://git.example) (Compare (https://git.example/c))"
    );
    assert_eq!(push.body, "abc1234 (https://git.example/1): 修正 & 追加");
    assert_eq!(push.link.as_deref(), Some("https://git.example/tree/main"));
    let build = form(&json!({"attachments": [{
        "fallback": "web - #12 Failure", "color": "danger", "mrkdwn_in": ["pretext", "text", "fields"],
        "fields": [{"value": "web - #12 *Failure* (<https://ci.example/12|Open>)", "short": false}],
    }]}))
    .unwrap();
    assert_eq!((build.title.as_str(), build.body.as_str()), ("監視", "web - #12 Failure (Open)"));
}

#[test]
fn uptime_kuma_and_apprise() {
    let alert = shown(&json!({
        "text": "Uptime Kuma Alert <!channel>", "channel": "", "username": "Uptime Kuma (bot)", "icon_emoji": ":robot:",
        "attachments": [{"color": "#e01e5a", "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Uptime Kuma Alert :rotating_light:"}},
            {"type": "section", "fields": [
                {"type": "mrkdwn", "text": "*Message*\n[web] [🔴 Down] timeout"},
                {"type": "mrkdwn", "text": "*Time (Asia/Tokyo)*\n2026-11-21 09:00:00"},
            ]},
            {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Visit site"}, "value": "Site", "url": "https://web.example/"}]},
            {"type": "divider"},
        ]}],
    }));
    assert_eq!(alert.title, "Uptime Kuma Alert @channel");
    assert_eq!(alert.link.as_deref(), Some("https://web.example/"));
    assert_eq!(
        fields(&alert),
        [("Message", "[web] [🔴 Down] timeout"), ("Time (Asia/Tokyo)", "2026-11-21 09:00:00")]
    );
    let apprise = shown(&json!({
        "username": "Apprise", "mrkdwn": true, "channel": "#x",
        "attachments": [{"title": "件名", "text": "本文", "color": "#3AA3E3", "footer": "Apprise", "footer_icon": "https://x.jp/i", "ts": 1767225600.25}],
    }));
    assert_eq!((apprise.title.as_str(), apprise.body.as_str()), ("件名", "本文\nApprise"));
}

#[test]
fn blocks_and_rich_text() {
    let message = shown(&json!({
        "text": "デプロイ完了",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*デプロイ完了*: <https://x.jp/v2|v2>"}},
            {"type": "rich_text", "elements": [
                {"type": "rich_text_section", "elements": [
                    {"type": "text", "text": "担当 ", "style": {"bold": true}}, {"type": "user", "user_id": "U1"},
                    {"type": "text", "text": " "}, {"type": "emoji", "name": "tada", "unicode": "1f389"},
                ]},
                {"type": "rich_text_list", "style": "bullet", "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "一つ"}]},
                    {"type": "rich_text_section", "elements": [{"type": "link", "url": "https://x.jp/2", "text": "二つ"}]},
                ]},
            ]},
            {"type": "context", "elements": [{"type": "image", "image_url": "https://x.jp/i"}, {"type": "mrkdwn", "text": "by _CI_"}]},
            {"type": "unknown", "text": 7},
        ],
    }));
    // The text only repeats the blocks.
    assert_eq!(message.title, "デプロイ完了: v2");
    assert_eq!(message.body, "担当 @U1 🎉\n・一つ\n・二つ (https://x.jp/2)\nby CI");
    let plain = shown(&json!({"text": "a *b* &lt;c&gt;", "mrkdwn": false}));
    assert_eq!(plain.title, "a *b* <c>");
}

#[test]
fn the_fallback_speaks_only_when_nothing_else_does() {
    let message = shown(&json!({"attachments": [{"fallback": "言うことはこれだけ", "color": "good"}]}));
    assert_eq!(message.title, "言うことはこれだけ");
}

#[test]
fn encodings() {
    let json = br#" {"text":"hi"}"#;
    for content_type in [
        Some("application/json"),
        Some("application/json; charset=utf-8"),
        Some("application/x-www-form-urlencoded"),
        None,
    ] {
        assert_eq!(read(content_type, json).unwrap().message("d", false).title, "hi", "{content_type:?}");
    }
    let form = Some("application/x-www-form-urlencoded");
    assert_eq!(read(form, b"payload=%7B%22text%22%3A%22a+b%22%7D").unwrap().message("d", false).title, "a b");
}

#[test]
fn what_is_wrong_has_slacks_name_for_it() {
    let many = json!({"attachments": vec![json!({"text": "a"}); 101]}).to_string();
    let form = "application/x-www-form-urlencoded";
    for (content_type, body, refused) in [
        ("application/json", "", Refused::InvalidPayload),
        ("application/json", "nonsense", Refused::InvalidPayload),
        ("application/json", "[]", Refused::InvalidPayload),
        ("application/json", "\"text\"", Refused::InvalidPayload),
        (form, "text=hi", Refused::InvalidPayload),
        (form, "payload=nonsense", Refused::InvalidPayload),
        ("application/json", "{}", Refused::NoText),
        ("application/json", r#"{"text":"  \n"}"#, Refused::NoText),
        (
            "application/json",
            r#"{"text":null,"attachments":[{"fields":[{}, {"title":"a"}]}],"blocks":[{"type":"divider"}]}"#,
            Refused::NoText,
        ),
        ("application/json", r#"{"text":"a","blocks":"b"}"#, Refused::InvalidBlocks),
        ("application/json", r#"{"text":"a","attachments":"b"}"#, Refused::InvalidPayload),
        ("application/json", many.as_str(), Refused::TooManyAttachments),
    ] {
        assert_eq!(read(Some(content_type), body.as_bytes()), Err(refused), "{body:.60}");
    }
    assert_eq!((Refused::NoText.to_string().as_str(), Refused::NoText.status()), ("no_text", 400));
    assert_eq!((Refused::InvalidToken.status(), Refused::NoActiveHooks.status()), (403, 404));
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        Just("text"),
        Just("type"),
        Just("blocks"),
        Just("attachments"),
        Just("title"),
        Just("title_link"),
        Just("fields"),
        Just("value"),
        Just("elements"),
        Just("url"),
        Just("fallback"),
        Just("mrkdwn_in"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "(?s).{0,250}".prop_map(Value::from),
        "https://[a-z/|>]{0,30}".prop_map(Value::from),
        prop_oneof![Just("section"), Just("header"), Just("rich_text"), Just("mrkdwn"), Just("link")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            proptest::collection::btree_map(key.clone(), inner, 0..8)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_comes_is_refused_or_fits(text in any_json(), blocks in proptest::collection::vec(any_json(), 0..4), attachments in proptest::collection::vec(any_json(), 0..4)) {
        let payload = json!({"text": text, "blocks": blocks, "attachments": attachments});
        if let Ok(read) = read(None, payload.to_string().as_bytes()) {
            let message = read.message("監視", false);
            prop_assert!(crate::door::tests::fits(&message), "{message:?}");
            prop_assert!(!message.title.trim().is_empty());
        }
    }
}
