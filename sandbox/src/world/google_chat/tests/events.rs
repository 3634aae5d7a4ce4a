use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use super::*;
use crate::world::{ActError, Callback, Pressed};

const ENDPOINT: &str = "https://todoke.example/hooks/google_chat/w/i";
const ISSUER: &str = "chat@system.gserviceaccount.com";

fn certs(client: &mut Client, path: &str) -> Value {
    let request = Request { method: "GET".into(), path: path.into(), ..Request::default() };
    let reply = client.ask(Face::GoogleCerts, &request);
    assert!(reply.header("cache-control").unwrap().contains("max-age="));
    reply.body_json()
}

/// The claims of a callback's token, verified as the fact sheet says.
fn verified(
    client: &mut Client,
    callback: &Callback,
    keys: &str,
    audience: &str,
    issuer: &str,
) -> Option<Value> {
    let token = callback.headers.iter().find(|(name, _)| name == "Authorization").unwrap().1.clone();
    let token = token.strip_prefix("Bearer ").unwrap().to_owned();
    let set: JwkSet = serde_json::from_value(certs(client, keys)).unwrap();
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(set.find(&kid)?).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.set_audience(&[audience]);
    validation.set_issuer(&[issuer]);
    jsonwebtoken::decode::<Value>(&token, &key, &validation).ok().map(|data| data.claims)
}

#[test]
fn a_direct_message_is_told_in_full() {
    let mut client = Client::with_app();
    let space = add_app(&mut client.world, "sato", None, None, 1_767_571_205_123).unwrap();
    say(&mut client.world, "sato", &space, "出勤", None, 1_767_571_205_123).unwrap();
    let events = client.events();
    assert_eq!(
        events.iter().map(|(event, _)| event.as_str()).collect::<Vec<_>>(),
        ["ADDED_TO_SPACE", "MESSAGE"]
    );
    let (_, added) = &events[0];
    assert_eq!(added["space"]["singleUserBotDm"], true);
    assert_eq!(added["space"]["type"], "DM");
    assert!(added.get("message").is_none());
    let (_, message) = &events[1];
    assert_eq!(message["eventTime"], "2026-01-05T00:00:05.123Z");
    assert_eq!(message["user"]["email"], "sato@minato.example");
    assert_eq!(
        message["user"]["name"],
        format!("users/{}", user_number(client.world.person("sato").unwrap()))
    );
    assert_eq!(
        (&message["message"]["text"], &message["message"]["argumentText"]),
        (&json!("出勤"), &json!("出勤"))
    );
    assert_eq!(message["thread"], message["message"]["thread"]);
    client.keeps_to_the_contract();
}

#[test]
fn in_a_space_the_app_hears_only_its_name() {
    let mut client = Client::with_app();
    let space = client.space("総務部");
    add_app(&mut client.world, "sato", Some(&space), None, NOW).unwrap();
    say(&mut client.world, "ito", &space, "おはよう", None, NOW).unwrap();
    say(&mut client.world, "ito", &space, "港で @Todoke 退勤", None, NOW).unwrap();
    let events = client.events();
    assert_eq!(events.len(), 2);
    let message = &events[1].1["message"];
    assert_eq!(message["argumentText"], "港で  退勤");
    assert_eq!(
        (&message["annotations"][0]["startIndex"], &message["annotations"][0]["length"]),
        (&json!(3), &json!(7))
    );
    remove_app(&mut client.world, "ito", &space, NOW).unwrap();
    say(&mut client.world, "ito", &space, "@Todoke まだいる?", None, NOW).unwrap();
    let events = client.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].0, "REMOVED_FROM_SPACE");
    add_app(&mut client.world, "ito", Some(&space), Some("@Todoke 来て"), NOW).unwrap();
    assert_eq!(client.events()[0].1["message"]["argumentText"], " 来て", "brought in by a message");
    client.keeps_to_the_contract();
}

#[test]
fn a_pressed_action_carries_its_parameters() {
    let mut client = Client::with_app();
    let space = add_app(&mut client.world, "sato", None, None, NOW).unwrap();
    let reply = client.call("POST", &format!("spaces/{space}/messages"), &card(action("todoke:ev_1:claim")));
    let name = reply.body_json()["name"].clone();
    client.events();
    assert_eq!(press(&mut client.world, "sato", &space, 2, 0, NOW), Ok(Pressed::Sent));
    let events = client.events();
    let (event, body) = &events[0];
    assert_eq!(event, "CARD_CLICKED");
    assert_eq!(body["message"]["name"], name);
    assert_eq!(
        body["action"],
        json!({"actionMethodName": "todoke", "parameters": [{"key": "data", "value": "todoke:ev_1:claim"}]})
    );
    assert_eq!(body["common"]["invokedFunction"], "todoke");
    assert_eq!(body["common"]["parameters"], json!({"data": "todoke:ev_1:claim"}));
    assert_eq!(
        press(&mut client.world, "ito", &space, 2, 0, NOW),
        Err(ActError::NoTalk(format!("space:{space}")))
    );
    client.keeps_to_the_contract();
}

#[test]
fn both_kinds_of_token_are_really_signed() {
    let mut client = Client::with_app();
    let space = add_app(&mut client.world, "sato", None, None, NOW).unwrap();
    let (id_keys, chat_keys) = ("/oauth2/v3/certs", format!("/service_accounts/v1/jwk/{ISSUER}"));
    let callback = client.world.take_callbacks().remove(0);
    assert!(callback.headers.contains(&("User-Agent".into(), "Google-Dynamite".into())));
    let google = "https://accounts.google.com";
    let claims = verified(&mut client, &callback, id_keys, ENDPOINT, google).unwrap();
    assert_eq!((&claims["email"], &claims["email_verified"]), (&json!(ISSUER), &json!(true)));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert!(verified(&mut client, &callback, &chat_keys, ENDPOINT, google).is_none(), "other keys");
    assert!(verified(&mut client, &callback, id_keys, "https://todoke.example/", google).is_none());

    change_app(&mut client.world, None, Some(Audience::ProjectNumber), None);
    say(&mut client.world, "sato", &space, "a", None, NOW).unwrap();
    let callback = client.world.take_callbacks().remove(0);
    assert!(verified(&mut client, &callback, &chat_keys, "407408718192", ISSUER).is_some());
    assert!(verified(&mut client, &callback, id_keys, "407408718192", ISSUER).is_none());

    rotate_keys(&mut client.world);
    assert!(
        verified(&mut client, &callback, &chat_keys, "407408718192", ISSUER).is_some(),
        "shown once more"
    );
    rotate_keys(&mut client.world);
    assert!(verified(&mut client, &callback, &chat_keys, "407408718192", ISSUER).is_none());
    redeliver(&mut client.world, callback.id, NOW).unwrap();
    let again = client.world.take_callbacks().remove(0);
    assert_eq!(again.body, callback.body);
    assert!(verified(&mut client, &again, &chat_keys, "407408718192", ISSUER).is_some());
}

#[test]
fn certificates_hold_the_same_keys() {
    use base64::Engine as _;
    let mut client = Client::with_app();
    let by_kid = certs(&mut client, &format!("/service_accounts/v1/metadata/x509/{ISSUER}"));
    let keys = certs(&mut client, &format!("/service_accounts/v1/jwk/{ISSUER}"));
    assert_eq!(by_kid.as_object().unwrap().len(), 2);
    for key in keys["keys"].as_array().unwrap() {
        let pem = by_kid[key["kid"].as_str().unwrap()].as_str().unwrap();
        let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = base64::engine::general_purpose::STANDARD.decode(lines).unwrap();
        // A SEQUENCE with a two-byte length that reaches the end, and the modulus inside.
        assert_eq!((der[0], der[1]), (0x30, 0x82));
        assert_eq!(usize::from(der[2]) * 256 + usize::from(der[3]) + 4, der.len());
        let modulus =
            base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
        assert!(der.windows(modulus.len()).any(|part| part == modulus));
    }
}

#[test]
fn an_event_without_a_good_answer_comes_again() {
    let mut client = Client::with_app();
    let space = add_app(&mut client.world, "sato", None, None, NOW).unwrap();
    client.world.take_callbacks();
    say(&mut client.world, "sato", &space, "a", None, NOW).unwrap();
    let first = client.world.take_callbacks().remove(0);
    client.world.callback_answered(first.id, Some(503));
    assert_eq!(client.world.next_due(), Some(NOW + 10_000));
    client.world.tick(NOW + 10_000);
    let second = client.world.take_callbacks().remove(0);
    assert_eq!(second.body, first.body);
    client.world.callback_answered(second.id, None);
    client.world.tick(NOW + 60_000);
    let third = client.world.take_callbacks().remove(0);
    client.world.callback_answered(third.id, None);
    assert_eq!(client.world.next_due(), None, "a few times only");
    say(&mut client.world, "sato", &space, "b", None, NOW).unwrap();
    let good = client.world.take_callbacks().remove(0);
    client.world.callback_answered(good.id, Some(401));
    assert_eq!(client.world.next_due(), None, "an answer is an answer");
    client.world.google_chat.settings.duplicate_events = true;
    say(&mut client.world, "sato", &space, "c", None, NOW).unwrap();
    let twice = client.events();
    assert_eq!((twice.len(), &twice[0]), (2, &twice[1]));
}

#[test]
fn a_message_in_the_reply_is_done() {
    let answer = |client: &mut Client, body: &Value| {
        let callback = client.world.take_callbacks().pop().unwrap();
        let reply = Reply { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() };
        client.world.callback_replied(callback.id, &Ok(reply));
    };
    let mut client = Client::with_app();
    let space = add_app(&mut client.world, "sato", None, None, NOW).unwrap();
    answer(&mut client, &text("ようこそ"));
    client.call("POST", &format!("spaces/{space}/messages"), &card(action("x")));
    press(&mut client.world, "sato", &space, 3, 0, NOW).unwrap();
    answer(&mut client, &json!({"actionResponse": {"type": "UPDATE_MESSAGE"}, "text": "対応: 佐藤"}));
    say(&mut client.world, "sato", &space, "a", None, NOW).unwrap();
    answer(&mut client, &json!({}));
    assert_eq!(client.texts(&space)[1..], ["ようこそ", "対応: 佐藤", "a"]);
    assert!(client.messages(&space)[2].edited_ms.is_some());
    client.keeps_to_the_contract();
    say(&mut client.world, "sato", &space, "b", None, NOW).unwrap();
    answer(&mut client, &json!({"ok": true}));
    assert_eq!(client.texts(&space).len(), 5, "nothing was said");
    assert_eq!(client.world.violations().len(), 1);
}

#[test]
fn people_can_only_do_what_chat_lets_them() {
    let mut client = Client::with_app();
    let space = client.space("受付");
    let world = &mut client.world;
    let outsider = Err(ActError::NoTalk(format!("space:{space}")));
    assert_eq!(say(world, "sato", &space, "a", None, NOW).map(drop), outsider.clone());
    assert_eq!(create_webhook(world, "sato", &space, "a").map(drop), outsider.clone());
    assert_eq!(add_app(world, "sato", Some(&space), None, NOW).map(drop), outsider);
    assert_eq!(say(world, "nobody", &space, "a", None, NOW), Err(ActError::NoPerson("nobody".into())));
    assert_eq!(say(world, "ito", "none", "a", None, NOW), Err(ActError::NoRoom("none".into())));
    assert_eq!(remove_app(world, "ito", &space, NOW), Err(ActError::Already));
    assert!(delete_webhook(world, "https://chat.googleapis.com/v1/spaces/x/messages?key=a&token=b").is_err());
    let own = create_space(world, "sato", "佐藤のお知らせ", &["ito".into(), "sato".into()]).unwrap();
    assert_eq!(world.google_chat.spaces[&own].members.len(), 2);
    let view = client.world.view(0);
    assert_eq!(view["google_chat"]["spaces"].as_array().unwrap().len(), 4);
    assert!(view["google_chat"]["talks"][&own].is_object());
}

#[test]
fn the_same_seed_replays_the_same_world() {
    let run = || {
        let mut client = Client::with_app();
        let (space, url) = client.webhook();
        client.hook(&url, "", &text("a"));
        add_app(&mut client.world, "sato", Some(&space), None, NOW).unwrap();
        (client.token.clone(), client.world.view(0).to_string(), client.world.take_callbacks())
    };
    assert_eq!(run(), run());
}
