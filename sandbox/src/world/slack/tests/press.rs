use super::*;
use crate::world::slack::SlackActError;
use crate::world::{NoReply, Pressed};

fn buttons() -> Value {
    json!([
        {"type": "section", "text": {"type": "mrkdwn", "text": "見積"}, "accessory":
            {"type": "button", "action_id": "link", "url": "https://todoke.example/e/1", "text":
                {"type": "plain_text", "text": "開く"}}},
        {"type": "actions", "block_id": "claim", "elements": [
            {"type": "button", "action_id": "do", "style": "primary", "value": "todoke:ev_1:do",
                "text": {"type": "plain_text", "text": "対応します"}}]},
    ])
}

/// A listening client that has sent two buttons to sato: channel and ts.
fn sent() -> (Client, String, String) {
    let mut client = Client::listening();
    let said =
        client.post("chat.postMessage", &json!({"channel": SATO, "text": "見積", "blocks": buttons()}));
    client.world.take_callbacks();
    let text = |name: &str| said[name].as_str().unwrap().to_owned();
    let (channel, ts) = (text("channel"), text("ts"));
    (client, channel, ts)
}

fn press(client: &mut Client, channel: &str, ts: &str, no: usize) -> Value {
    client.world.slack_press("sato", channel, ts, no, client.now).unwrap();
    let callbacks = client.world.take_callbacks();
    assert_eq!(callbacks.len(), 1);
    inner(&callbacks[0])
}

#[test]
fn a_press_is_a_signed_form() {
    let (mut client, channel, ts) = sent();
    assert_eq!(client.world.slack_press("sato", &channel, &ts, 1, NOW), Ok(Pressed::Sent));
    let callback = client.world.take_callbacks().remove(0);
    assert_eq!(header(&callback, "Content-Type"), Some("application/x-www-form-urlencoded"));
    let timestamp = header(&callback, "X-Slack-Request-Timestamp").unwrap();
    let signed = crate::world::slack::outbox::signature(SECRET, timestamp, &callback.body);
    assert_eq!(header(&callback, "X-Slack-Signature"), Some(signed.as_str()));
    let payload = inner(&callback);
    assert_eq!((&payload["type"], &payload["user"]["id"]), (&json!("block_actions"), &json!(SATO)));
    assert_eq!(
        payload["container"],
        json!({"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": false})
    );
    assert_eq!(payload["channel"], json!({"id": channel, "name": "directmessage"}));
    assert_eq!(payload["message"]["ts"], json!(ts));
    let action = &payload["actions"][0];
    assert_eq!((&action["action_id"], &action["block_id"]), (&json!("do"), &json!("claim")));
    assert_eq!((&action["value"], &action["type"]), (&json!("todoke:ev_1:do"), &json!("button")));
    assert!(action["action_ts"].is_string());
    client.no_violations();
}

#[test]
fn a_url_button_opens_and_calls_back_all_the_same() {
    let (mut client, channel, ts) = sent();
    let opened = client.world.slack_press("sato", &channel, &ts, 0, NOW);
    assert_eq!(opened, Ok(Pressed::Open("https://todoke.example/e/1".into())));
    assert_eq!(inner(&client.world.take_callbacks()[0])["actions"][0]["action_id"], "link");
    for (person, button) in [("sato", 2), ("ito", 0)] {
        assert!(client.world.slack_press(person, &channel, &ts, button, NOW).is_err());
    }
    assert_eq!(client.world.slack_press("sato", &channel, "1.2", 0, NOW), Err(SlackActError::NoButton));
    client.no_violations();
}

#[test]
fn a_late_answer_shows_an_error_and_is_not_tried_again() {
    let (mut client, channel, ts) = sent();
    let failed =
        |client: &Client| client.world.slack().conversations()[&channel].messages[0].press_failed.clone();
    for (outcome, shown) in [
        (Err(NoReply::TimedOut), true),
        (Ok(Reply { status: 200, ..Reply::default() }), false),
        (Ok(Reply { status: 500, ..Reply::default() }), true),
    ] {
        client.world.slack_press("sato", &channel, &ts, 1, NOW).unwrap();
        assert_eq!(failed(&client), Vec::<String>::new());
        let callback = client.world.take_callbacks().remove(0);
        client.world.callback_replied(callback.id, &outcome);
        assert_eq!(failed(&client).contains(&SATO.to_owned()), shown);
        assert_eq!(client.world.next_due(), None);
    }
    client.settings(|settings| settings.interactivity_url = String::new());
    client.world.slack_press("sato", &channel, &ts, 1, NOW).unwrap();
    assert_eq!(failed(&client), [SATO]);
}

fn respond(client: &mut Client, url: &str, body: &Value) -> u16 {
    let path = url.strip_prefix("https://hooks.slack.com").unwrap().to_owned();
    let mut request = form(&path, &body.to_string(), &[]);
    request.headers[0].1 = "application/json; charset=utf-8".into();
    client.http(&request).status
}

#[test]
fn a_response_url_works_five_times_and_half_an_hour() {
    let (mut client, channel, ts) = sent();
    let url = press(&mut client, &channel, &ts, 1)["response_url"].as_str().unwrap().to_owned();
    let last =
        |client: &Client| client.world.slack().conversations()[&channel].messages.last().unwrap().clone();
    assert_eq!(respond(&mut client, &url, &json!({"text": "遅かったです"})), 200);
    assert_eq!(last(&client).only_for.as_deref(), Some(SATO));
    assert_eq!(respond(&mut client, &url, &json!({"text": "皆に", "response_type": "in_channel"})), 200);
    assert_eq!(last(&client).only_for, None);
    assert_eq!(respond(&mut client, &url, &json!({"text": "佐藤さんが対応", "replace_original": true})), 200);
    let original = client.world.slack().conversations()[&channel].messages[0].clone();
    assert_eq!((original.text.as_str(), original.blocks.len(), original.edits), ("佐藤さんが対応", 0, 1));
    assert_eq!(respond(&mut client, &url, &json!({})), 400);
    assert_eq!(respond(&mut client, &url, &json!({"delete_original": true})), 200);
    assert_eq!(respond(&mut client, &url, &json!({"text": "a"})), 404);
    assert_eq!(client.texts(&channel), ["遅かったです", "皆に"]);
    assert_eq!(respond(&mut client, &format!("{url}x"), &json!({"text": "a"})), 404);
    let (mut client, channel, ts) = sent();
    let url = press(&mut client, &channel, &ts, 1)["response_url"].as_str().unwrap().to_owned();
    client.now += 30 * 60_000;
    assert_eq!(respond(&mut client, &url, &json!({"text": "a"})), 404);
}

#[test]
fn an_ephemeral_button_tells_no_message() {
    let mut client = Client::listening();
    client.world.slack_invite("全社", "", NOW).unwrap();
    let body = json!({"channel": GENERAL, "user": SATO, "text": "a", "blocks": buttons()});
    let ts = client.post("chat.postEphemeral", &body)["message_ts"].as_str().unwrap().to_owned();
    client.world.take_callbacks();
    let payload = press(&mut client, GENERAL, &ts, 1);
    assert_eq!((&payload["container"]["is_ephemeral"], payload.get("message")), (&json!(true), None));
    assert!(client.world.slack_press("ito", GENERAL, &ts, 1, NOW).is_err());
    client.no_violations();
}

#[test]
fn the_phones_page_gets_the_names_it_reads() {
    let (client, channel, ts) = sent();
    let view = client.world.view(0)["slack"].clone();
    assert_eq!((&view["users"][0]["id"], &view["users"][0]["realName"]), (&json!(SATO), &json!("佐藤 花子")));
    assert_eq!(
        (&view["apps"][0]["botUser"], &view["apps"][0]["settings"]["messages_tab"]),
        (&json!(BOT), &json!(true))
    );
    let dm = view["channels"].as_array().unwrap().iter().find(|one| one["id"] == json!(channel)).unwrap();
    assert_eq!((&dm["kind"], &dm["user"], &dm["app"]), (&json!("im"), &json!(SATO), &json!(APP)));
    let message = &view["talks"][&channel]["messages"][0];
    assert_eq!((&message["ts"], &message["author"]), (&json!(ts), &json!({"by": "app", "id": APP})));
    assert_eq!(
        (&message["pressFailed"], &message["onlyFor"], &message["edits"]),
        (&json!([]), &Value::Null, &json!(0))
    );
    let since = client.world.view(client.world.version())["slack"]["talks"].clone();
    assert_eq!(since, json!({}));
}
