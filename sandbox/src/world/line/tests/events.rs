use super::super::super::{ActError, Callback, Pressed};
use super::*;

fn oa() -> String {
    format!("oa:{BOT}")
}

/// The only webhook that is due.
fn one(client: &mut Client) -> (Callback, Value) {
    let callbacks = client.world.take_callbacks();
    let [callback] = callbacks.as_slice() else { panic!("{callbacks:?}") };
    (callback.clone(), serde_json::from_slice(&callback.body).unwrap())
}

#[test]
fn following_blocking_and_unblocking_are_events() {
    let mut client = Client::with_friends(&[]);
    for link in ["@nobody", "https://todoke.example"] {
        assert_eq!(client.world.line_scan("sato", link, NOW), Err(ActError::NoAccount(link.into())));
    }
    assert_eq!(client.world.line_scan("sato", "https://line.me/R/ti/p/%40todoke01", NOW), Ok(BOT));
    assert_eq!(client.world.line_befriend("sato", BOT, NOW), Err(ActError::Already));
    let (callback, body) = one(&mut client);
    assert_eq!((callback.url.as_str(), callback.event.as_str()), (HOOK, "follow"));
    let bot = client.get("/v2/bot/info").body_json();
    assert_eq!(body["destination"], bot["userId"]);
    let event = &body["events"][0];
    assert_eq!(event["source"], json!({"type": "user", "userId": client.user("sato")}));
    assert_eq!((&event["mode"], &event["timestamp"]), (&json!("active"), &json!(NOW)));
    assert_eq!(event["follow"], json!({"isUnblocked": false}));
    assert_eq!(event["webhookEventId"].as_str().unwrap().len(), 26);
    client.world.line_block("sato", BOT, NOW).unwrap();
    client.world.line_befriend("sato", BOT, NOW).unwrap();
    let events = client.events();
    assert_eq!((&events[0]["type"], events[0].get("replyToken")), (&json!("unfollow"), None));
    assert_eq!(events[1]["follow"], json!({"isUnblocked": true}));
}

#[test]
fn writing_and_pressing_call_back() {
    let mut client = Client::with_friends(&["sato"]);
    client.world.line_say("sato", &oa(), "出勤", NOW).unwrap();
    client.world.line_send("sato", &oa(), json!({"type": "image"}), NOW).unwrap();
    let sticker = json!({"type": "sticker", "packageId": "1", "stickerId": "2"});
    client.world.line_send("sato", &oa(), sticker, NOW).unwrap();
    let events = client.events();
    assert_eq!(events[0]["message"]["text"], "出勤");
    assert_eq!(events[1]["message"]["contentProvider"], json!({"type": "line"}));
    assert_eq!(events[2]["message"]["stickerId"], "2");
    let buttons = json!({"type": "template", "altText": "a", "template": {"type": "buttons", "text": "b", "actions": [
        {"type": "postback", "label": "完了", "data": "v1|done", "displayText": "完了しました"},
        {"type": "uri", "label": "開く", "uri": "https://todoke.example/e/1"},
        {"type": "message", "label": "はい", "text": "はい"},
        {"type": "clipboard", "label": "写す", "clipboardText": "1234"}]},
        "quickReply": {"items": [{"action": {"type": "postback", "label": "q", "data": "v1|quick"}}]}});
    let body = json!({"to": client.user("sato"), "messages": [buttons]});
    assert_eq!(client.call("POST", "/v2/bot/message/push", &body).status, 200);
    let press = |client: &mut Client, button| client.world.line_press("sato", &oa(), 4, button, NOW);
    assert_eq!(press(&mut client, 4), Ok(Pressed::Sent));
    assert_eq!(press(&mut client, 0), Ok(Pressed::Sent));
    assert_eq!(press(&mut client, 0), Ok(Pressed::Sent));
    assert_eq!(press(&mut client, 1), Ok(Pressed::Open("https://todoke.example/e/1".into())));
    assert_eq!(press(&mut client, 2), Ok(Pressed::Sent));
    assert_eq!(press(&mut client, 3), Ok(Pressed::Copied("1234".into())));
    // Quick replies vanish with the next message.
    assert_eq!(press(&mut client, 4), Err(ActError::NoButton));
    let events = client.events();
    let seen: Vec<&Value> = events.iter().map(|event| &event["postback"]["data"]).collect();
    assert_eq!(seen, [&json!("v1|quick"), &json!("v1|done"), &json!("v1|done"), &Value::Null]);
    assert_eq!(client.texts("sato")[4..], ["完了しました", "完了しました", "はい"]);
    client.world.line_block("sato", BOT, NOW).unwrap();
    assert_eq!(client.world.line_say("sato", &oa(), "a", NOW), Err(ActError::Blocked));
}

#[test]
fn reply_tokens_are_used_once_and_within_a_minute() {
    let mut client = Client::with_friends(&["sato"]);
    let token = |client: &mut Client| {
        client.world.line_say("sato", &oa(), "a", client.now).unwrap();
        client.events()[0]["replyToken"].as_str().unwrap().to_owned()
    };
    let first = token(&mut client);
    assert_eq!(client.reply_to(&first).status, 200);
    assert_eq!(message(&client.reply_to(&first)), (400, "Invalid reply token".into()));
    let second = token(&mut client);
    client.now += 60_001;
    assert_eq!(client.reply_to(&second).status, 400);
    let third = token(&mut client);
    client.token = client.world.line.messaging(OTHER_BOT).unwrap().token.clone();
    assert_eq!(client.reply_to(&third).status, 400);
    client.token = client.world.line.messaging(BOT).unwrap().token.clone();
    assert_eq!(client.reply_to(&third).status, 200);
    // Free.
    assert_eq!(client.get("/v2/bot/message/quota/consumption").body_json()["totalUsage"], 0);
    assert_eq!(client.texts("sato"), ["a", "はい", "a", "a", "はい"]);
}

#[test]
fn what_failed_is_delivered_again_if_that_is_on() {
    let mut client = Client::with_friends(&["sato"]);
    client.world.line_say("sato", &oa(), "a", NOW).unwrap();
    let id = client.webhooks()[0].0;
    client.world.callback_answered(id, Some(500));
    assert_eq!(client.world.next_due(), None);
    client.set(json!({"redelivery": true}));
    client.world.line_say("sato", &oa(), "b", NOW).unwrap();
    let (id, first) = client.webhooks().remove(0);
    client.world.callback_answered(id, None);
    let due = client.world.next_due().unwrap();
    client.world.tick(due - 1);
    assert_eq!(client.webhooks(), []);
    client.world.tick(due);
    let (id, again) = client.webhooks().remove(0);
    let mut want = first[0].clone();
    want["deliveryContext"]["isRedelivery"] = json!(true);
    assert_eq!(again, [want]);
    // The last one comes two minutes after the event: its token lives again.
    client.world.callback_answered(id, Some(503));
    client.world.tick(client.world.next_due().unwrap());
    let (id, _) = client.webhooks().remove(0);
    client.world.callback_answered(id, Some(404));
    client.now = client.world.next_due().unwrap();
    client.world.tick(client.now);
    let (id, last) = client.webhooks().remove(0);
    assert_eq!(client.now, NOW + 120_000);
    assert_eq!(client.reply_to(last[0]["replyToken"].as_str().unwrap()).status, 200);
    client.world.callback_answered(id, Some(500));
    assert_eq!(client.world.next_due(), None);
    client.world.line_say("sato", &oa(), "c", client.now).unwrap();
    let id = client.webhooks()[0].0;
    client.world.callback_answered(id, Some(204));
    assert_eq!(client.world.next_due(), None);
}

#[test]
fn events_may_come_in_one_post_in_any_order_and_twice() {
    let mut client = Client::with_friends(&["sato", "ito"]);
    client.world.line_hold(BOT);
    client.world.line_say("sato", &oa(), "a", NOW).unwrap();
    client.world.line_say("ito", &oa(), "b", NOW + 1).unwrap();
    assert_eq!(client.webhooks(), []);
    client.world.line_release(BOT, true, NOW + 2);
    let posted = client.webhooks();
    let texts: Vec<&Value> = posted[0].1.iter().map(|event| &event["message"]["text"]).collect();
    assert_eq!(texts, [&json!("b"), &json!("a")]);
    client.world.line_repeat(BOT, NOW + 3);
    assert_eq!(client.webhooks()[0].1, posted[0].1);
    client.set(json!({"standby": true}));
    client.world.line_say("sato", &oa(), "c", NOW).unwrap();
    let event = &client.events()[0];
    assert_eq!((&event["mode"], event.get("replyToken")), (&json!("standby"), None));
    client.set(json!({"webhook_active": false}));
    client.world.line_say("sato", &oa(), "d", NOW).unwrap();
    assert_eq!(client.webhooks(), []);
}

#[test]
fn groups_are_joined_talked_in_and_left() {
    let mut client = Client::with_friends(&[]);
    let group = client.group();
    assert_eq!(client.push(&group, None).status, 400);
    client.world.line_invite(&group, BOT, NOW).unwrap();
    assert_eq!(client.world.line_invite(&group, BOT, NOW), Err(ActError::Already));
    assert_eq!(client.push(&group, None).status, 200);
    assert_eq!(client.get("/v2/bot/message/quota/consumption").body_json()["totalUsage"], 3);
    let talk = format!("group:{group}");
    client.world.line_say("sato", &talk, "a", NOW).unwrap();
    assert_eq!(client.world.line_say("ito", &talk, "a", NOW), Err(ActError::NoTalk(talk.clone())));
    client.world.line_move("ito", &group, true, NOW).unwrap();
    client.world.line_move("ito", &group, false, NOW).unwrap();
    let events = client.events();
    let kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["join", "message", "memberJoined", "memberLeft"]);
    assert_eq!(
        events[1]["source"],
        json!({"type": "group", "groupId": group, "userId": client.user("sato")})
    );
    assert_eq!(events[2]["joined"]["members"][0]["userId"], client.user("ito"));
    assert_eq!(client.reply_to(events[0]["replyToken"].as_str().unwrap()).status, 200);
    let summary = client.get(&format!("/v2/bot/group/{group}/summary")).body_json();
    assert_eq!(summary["groupName"], "送迎当番");
    let member = format!("/v2/bot/group/{group}/member/{}", client.user("sato"));
    assert_eq!(client.get(&member).body_json()["displayName"], "佐藤 花子");
    assert_eq!(client.call("POST", &format!("/v2/bot/group/{group}/leave"), &Value::Null).status, 200);
    assert_eq!(client.get(&member).status, 404);
    assert_eq!(client.world.line_remove(&group, BOT, NOW), Err(ActError::Already));
    assert_eq!(client.events()[0]["type"], "leave");
}

#[test]
fn the_webhook_is_set_read_and_tested() {
    let mut client = Client::new();
    let path = "/v2/bot/channel/webhook/endpoint";
    assert_eq!(message(&client.get(path)), (404, "Webhook endpoint not found".into()));
    assert_eq!(client.call("POST", "/v2/bot/channel/webhook/test", &Value::Null).status, 404);
    for bad in ["http://a.example/x", "https://", "https://a.example/ x"] {
        let reply = client.call("PUT", path, &json!({"endpoint": bad}));
        assert_eq!(message(&reply), (400, "Invalid webhook endpoint URL".into()), "{bad}");
    }
    let long = format!("https://a.example/{}", "x".repeat(500));
    assert_eq!(client.call("PUT", path, &json!({"endpoint": long})).status, 400);
    assert_eq!(client.call("PUT", path, &json!({"endpoint": HOOK})).body_json(), json!({}));
    assert_eq!(client.get(path).body_json(), json!({"endpoint": HOOK, "active": true}));
    let tried = client.call("POST", "/v2/bot/channel/webhook/test", &Value::Null);
    let id: u64 = tried.header(super::super::webhook::TEST_HEADER).unwrap().parse().unwrap();
    let (callback, body) = one(&mut client);
    assert_eq!((callback.id, callback.url.as_str(), &body["events"]), (id, HOOK, &json!([])));
    for (status, timed_out, want) in [
        (Some(200), false, (true, 200, "OK")),
        (Some(401), false, (false, 401, "ERROR_STATUS_CODE")),
        (None, false, (false, 0, "COULD_NOT_CONNECT")),
        (None, true, (false, 0, "REQUEST_TIMEOUT")),
    ] {
        client.world.callback_answered(id, status);
        let answer = client.world.line_test_answer(id, timed_out);
        let got = (&answer["success"], &answer["statusCode"], &answer["reason"]);
        assert_eq!(got, (&json!(want.0), &json!(want.1), &json!(want.2)));
    }
    let other = json!({"endpoint": "https://other.example/x"});
    client.call("POST", "/v2/bot/channel/webhook/test", &other);
    assert_eq!(one(&mut client).0.url, "https://other.example/x");
}
