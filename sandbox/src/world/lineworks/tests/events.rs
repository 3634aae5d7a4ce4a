use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;

use super::*;
use crate::world::{ActError, Callback, CallbackAnswer, Pressed};

/// Whether the callback's signature is this secret's, computed here on its own.
pub(super) fn signed_by(callback: &Callback, secret: &str) -> bool {
    let header = callback.headers.iter().find(|(name, _)| name == "X-WORKS-Signature").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(&callback.body);
    mac.verify_slice(&STANDARD.decode(&header.1).unwrap()).is_ok()
}

fn taken(client: &mut Client) -> Vec<Value> {
    client.world.take_callbacks().iter().map(|c| serde_json::from_slice(&c.body).unwrap()).collect()
}

#[test]
fn a_text_becomes_one_signed_callback() {
    let mut client = Client::new();
    let bot = client.bot();
    let sato = client.user("sato");
    client.world.say("sato", &TalkId::Bot(bot), "出勤", 1_767_323_045_678).unwrap();
    let callbacks = client.world.take_callbacks();
    assert_eq!(callbacks.len(), 1);
    let callback = &callbacks[0];
    assert_eq!(callback.url, "https://todoke.example/hooks/lineworks/ws/in");
    assert!(callback.headers.contains(&("X-WORKS-BotId".into(), bot.to_string())));
    assert!(callback.headers.contains(&("Content-Type".into(), "application/json; charset=UTF-8".into())));
    assert!(signed_by(callback, client.world.bots()[&bot].secret()));
    assert_eq!(
        serde_json::from_slice::<Value>(&callback.body).unwrap(),
        json!({"type": "message", "source": {"userId": sato, "domainId": DOMAIN},
            "issuedTime": "2026-01-02T03:04:05.678Z", "content": {"type": "text", "text": "出勤"}})
    );
    assert!(client.world.take_callbacks().is_empty(), "given out once");
    client.world.callback_answered(callback.id, Some(200));
    assert_eq!(client.world.callbacks().next().unwrap().answer, CallbackAnswer::Answered(200));
}

#[test]
fn a_room_tells_its_channel() {
    let mut client = Client::new();
    let bot = client.bot();
    let room = client.room("総務部");
    client.world.invite_bot(&room, bot, NOW).unwrap();
    client.world.say("ito", &TalkId::Room(room.clone()), "a", NOW).unwrap();
    client.world.enter_room("kato", &room, NOW).unwrap();
    client.world.leave_room("kato", &room, NOW).unwrap();
    client.world.remove_bot(&room, bot, NOW).unwrap();
    client.world.say("ito", &TalkId::Room(room.clone()), "nobody listens", NOW).unwrap();
    let events = taken(&mut client);
    let types: Vec<&str> = events.iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["join", "message", "joined", "left", "leave"]);
    assert!(events.iter().all(|event| event["source"]["channelId"] == room));
    assert_eq!(events[2]["members"], json!([client.user("kato")]));
    assert_eq!(events[1]["source"]["userId"], client.user("ito"));
}

#[test]
fn only_subscribed_events_are_called_back() {
    let listens = |settings: Value| {
        let mut client = Client::new();
        let bot = client.bot();
        let reply = client.call("PATCH", &format!("/bots/{bot}"), &settings);
        assert_eq!(reply.status, 200, "{}", reply.body_json());
        let room = client.room("総務部");
        client.world.invite_bot(&room, bot, NOW).unwrap();
        client.world.say("ito", &TalkId::Room(room), "a", NOW).unwrap();
        taken(&mut client).iter().map(|e| e["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listens(json!({})), ["join", "message"]);
    assert_eq!(listens(json!({"channelEvents": ["message"]})), ["message"]);
    assert_eq!(listens(json!({"channelEvents": ["join"]})), ["join"]);
    assert_eq!(listens(json!({"callbackEvents": ["sticker"]})), ["join"]);
    assert_eq!(listens(json!({"callbackUrl": ""})), Vec::<String>::new());
    assert_eq!(listens(json!({"enableCallback": false})), Vec::<String>::new());
}

#[test]
fn buttons_call_back_as_their_action_says() {
    let mut client = Client::new();
    let bot = client.bot();
    let buttons = json!({"type": "button_template", "contentText": "?", "actions": [
        {"type": "message", "label": "対応します", "postback": "claim:1"},
        {"type": "message", "label": "b", "text": "はい"},
        {"type": "uri", "label": "開く", "uri": "https://todoke.example/e/1"},
        {"type": "copy", "label": "写す", "copyText": "1234"},
    ], "quickReply": {"items": [{"action":
        {"type": "postback", "label": "d", "data": "x=1", "displayText": "押しました"}}]}});
    assert_eq!(client.send(bot, "sato", &buttons).status, 201);
    let talk = TalkId::Bot(bot);
    let press = |client: &mut Client, no| client.world.press("sato", &talk, 1, no, NOW);
    assert_eq!(press(&mut client, 0), Ok(Pressed::Sent));
    assert_eq!(press(&mut client, 1), Ok(Pressed::Sent));
    assert_eq!(press(&mut client, 2), Ok(Pressed::Open("https://todoke.example/e/1".into())));
    assert_eq!(press(&mut client, 3), Ok(Pressed::Copied("1234".into())));
    assert_eq!(press(&mut client, 4), Ok(Pressed::Sent));
    assert_eq!(press(&mut client, 5), Err(ActError::NoButton));
    let events = taken(&mut client);
    assert_eq!(events[0]["content"], json!({"type": "text", "text": "対応します", "postback": "claim:1"}));
    assert_eq!(events[1]["content"], json!({"type": "text", "text": "はい"}));
    assert_eq!((&events[2]["type"], &events[2]["data"]), (&json!("postback"), &json!("x=1")));
    assert!(events[2]["source"].get("channelId").is_none());
    assert_eq!(events.len(), 3);
    assert_eq!(client.texts("sato", bot), ["?", "対応します", "はい", "押しました"]);
}

#[test]
fn starting_is_a_text_with_a_postback() {
    let mut client = Client::new();
    let bot = client.bot();
    client.world.start("sato", bot, NOW).unwrap();
    assert_eq!(taken(&mut client)[0]["content"]["postback"], "start");
}

#[test]
fn people_can_only_do_what_the_app_lets_them() {
    let mut client = Client::new();
    let bot = client.bot();
    let room = client.room("受付");
    let world = &mut client.world;
    assert_eq!(world.say("nobody", &TalkId::Bot(bot), "a", NOW), Err(ActError::NoPerson("nobody".into())));
    assert_eq!(world.say("sato", &TalkId::Bot(1), "a", NOW), Err(ActError::NoBot(1)));
    assert!(matches!(world.say("sato", &TalkId::Room(room.clone()), "a", NOW), Err(ActError::NoTalk(_))));
    assert_eq!(world.invite_bot("none", bot, NOW), Err(ActError::NoRoom("none".into())));
    assert_eq!(world.invite_bot(&room, 1, NOW), Err(ActError::NoBot(1)));
    world.invite_bot(&room, bot, NOW).unwrap();
    assert_eq!(world.invite_bot(&room, bot, NOW), Err(ActError::Already));
    let settings = json!({"callbackEvents": ["sticker"], "enableGroupJoin": false});
    client.call("PATCH", &format!("/bots/{bot}"), &settings);
    let said = client.world.say("sato", &TalkId::Bot(bot), "a", NOW);
    assert_eq!(said, Err(ActError::TakesNoText(bot)));
    let sticker = json!({"type": "sticker", "packageId": "1", "stickerId": "2"});
    assert!(client.world.send("sato", &TalkId::Bot(bot), sticker, NOW).is_ok());
    let other = client.room("車両管理");
    assert_eq!(client.world.invite_bot(&other, bot, NOW), Err(ActError::NotForGroups(bot)));
}

#[test]
fn the_same_seed_replays_the_same_world() {
    let run = || {
        let mut client = Client::new();
        let bot = client.bot();
        client.world.say("sato", &TalkId::Bot(bot), "a", NOW).unwrap();
        (client.token.clone(), client.world.view(0).to_string(), client.world.take_callbacks())
    };
    assert_eq!(run(), run());
}
