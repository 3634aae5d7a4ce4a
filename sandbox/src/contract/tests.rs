use serde_json::{Value, json};

use super::check;

fn problems(schema: &str, value: &Value) -> Vec<String> {
    check(schema, value).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn good_values_pass() {
    let button = json!({"type": "button", "style": "primary",
        "action": {"type": "postback", "label": "確認", "data": "x"}});
    let bubble = json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [
        {"type": "text", "text": "a", "wrap": true}, button]}});
    for (schema, value) in [
        ("line:PushMessageRequest", json!({"to": "U1", "messages": [{"type": "text", "text": "a"}]})),
        (
            "line:PushMessageRequest",
            json!({"to": "U1", "messages": [
            {"type": "flex", "altText": "a", "contents": bubble}]}),
        ),
        ("line:MessageQuotaResponse", json!({"type": "limited", "value": 200})),
        ("line-webhook:CallbackRequest", json!({"destination": format!("U{:032}", 1), "events": []})),
        (
            "line-webhook:Event",
            json!({"type": "follow", "mode": "active", "timestamp": 1, "replyToken": "r",
            "webhookEventId": "e", "deliveryContext": {"isRedelivery": false},
            "source": {"type": "user", "userId": "U1"}, "follow": {"isUnblocked": false}}),
        ),
        ("google_chat:Message", json!({"text": "a", "thread": {"threadKey": "k"}})),
        ("slack:chat.postMessage", json!({"token": "t", "channel": "C1", "text": "a", "blocks": []})),
        ("slack:chat.postMessage", json!({"token": "t", "channel": "C1", "mrkdwn": "false"})),
        ("slack-shape:auth.test", json!({"ok": true, "team": "T"})),
    ] {
        assert_eq!(problems(schema, &value), Vec::<String>::new(), "{schema} {value}");
    }
}

#[test]
fn bad_values_say_where_and_why() {
    let push = |message: Value| json!({"to": "U1", "messages": [message]});
    for (schema, value, want) in [
        (
            "line:PushMessageRequest",
            json!({"messages": []}),
            vec!["to: must be specified", "messages: is too short"],
        ),
        ("line:PushMessageRequest", json!([]), vec!["must be an object"]),
        (
            "line:PushMessageRequest",
            push(json!({"type": "text"})),
            vec!["messages[0].text: must be specified"],
        ),
        ("line:PushMessageRequest", push(json!({"type": "txt"})), vec!["messages[0].type: invalid type"]),
        ("line:PushMessageRequest", push(json!({"text": "a"})), vec!["messages[0].type: must be specified"]),
        (
            "line:PushMessageRequest",
            push(json!({"type": "text", "text": 1})),
            vec!["messages[0].text: must be a string"],
        ),
        (
            "line:PushMessageRequest",
            push(json!({"type": "text", "text": null})),
            vec!["messages[0].text: must not be null"],
        ),
        // A box is asked for by name: something else that looks like one is refused.
        (
            "line:FlexBubble",
            json!({"type": "bubble", "body":
            {"type": "text", "text": "a", "layout": "vertical", "contents": []}}),
            vec!["body.type: invalid type"],
        ),
        (
            "line:FlexBox",
            json!({"type": "box", "layout": "diagonal", "contents": []}),
            vec!["layout: is none of the allowed values"],
        ),
        (
            "line:PostbackAction",
            json!({"type": "postback", "data": "x".repeat(301)}),
            vec!["data: is too long"],
        ),
        ("line:Nothing", json!({}), vec!["no such schema: line:Nothing"]),
        ("nothing", json!({}), vec!["no such schema: nothing"]),
        ("google_chat:Message", json!({"txt": "a"}), vec!["txt: unknown field"]),
        (
            "google_chat:Message",
            json!({"thread": {"threadKey": 1}}),
            vec!["thread.threadKey: must be a string"],
        ),
        ("slack:chat.update", json!({"token": "t", "channel": "C1"}), vec!["ts: must be specified"]),
        (
            "slack:chat.update",
            json!({"token": "t", "channel": "C1", "ts": "1", "x": 1}),
            vec!["x: unknown field"],
        ),
        (
            "slack-shape:auth.test",
            json!({"ok": 1, "x": 1}),
            vec!["ok: is of another type than the example", "x: unknown field"],
        ),
    ] {
        let mut got = problems(schema, &value);
        let mut want: Vec<String> = want.into_iter().map(str::to_owned).collect();
        got.sort();
        want.sort();
        assert_eq!(got, want, "{schema} {value}");
    }
}

#[test]
fn every_reference_of_every_contract_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|inner| references(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    for (family, text, place) in [
        ("line", include_str!("../../contracts/line/messaging-api.json"), "/components/schemas"),
        ("line-webhook", include_str!("../../contracts/line/webhook.json"), "/components/schemas"),
        ("google_chat", include_str!("../../contracts/google_chat/chat.v1.json"), "/schemas"),
    ] {
        let document: Value = serde_json::from_str(text).unwrap();
        let schemas = document.pointer(place).unwrap();
        let mut found = Vec::new();
        references(schemas, &mut found);
        assert!(found.len() > 30, "{family}");
        for reference in found {
            let name = reference.rsplit('/').next().unwrap();
            assert!(schemas.get(name).is_some(), "{family}: {reference}");
        }
    }
}
