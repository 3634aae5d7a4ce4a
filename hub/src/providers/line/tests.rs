//! Sends against a provider that answers by script.

mod channel;
mod login;
mod token;

use futures_executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use shared::{
    delivery::{CauseCode, Effect, Outcome},
    integration::{LineForm, LineVia},
};

use super::{
    world::{CONSUMPTION, LONG_LIVED, MULTICAST, PUSH, QUOTA, REPLY, World},
    *,
};
use crate::ports::{HttpResponse, IoError};

const USER: &str = "U00000000000000000000000000000001";
const GROUP: &str = "C00000000000000000000000000000002";
const KEY: &str = "123e4567-e89b-82d3-a456-426614174000";

fn messages() -> Vec<Value> {
    vec![json!({"type": "text", "text": "停電です"}), json!({"type": "text", "text": "二つ目"})]
}

fn sent(id: &str) -> Value {
    json!({"sentMessages": [{"id": id, "quoteToken": "q"}, {"id": "later"}]})
}

fn accepted(reference: Option<&str>) -> Outcome {
    Outcome::Accepted { reference: reference.map(str::to_owned) }
}

fn push(world: &World) -> Outcome {
    block_on(world.client().push(USER, &messages(), KEY))
}

/// Code and effect, `None` for what an outcome has not.
fn verdict(outcome: &Outcome) -> (Option<CauseCode>, Option<Effect>) {
    match outcome {
        Outcome::Accepted { .. } => (None, None),
        Outcome::Rejected { cause, effect } => (Some(cause.code), Some(*effect)),
        Outcome::Retry { cause, .. } | Outcome::Uncertain { cause } => (Some(cause.code), None),
    }
}

#[test]
fn a_push_carries_token_key_and_messages() {
    let world = World::new();
    world.on(PUSH, 200, &sent("461230966842064897"));
    assert_eq!(push(&world), accepted(Some("461230966842064897")));
    assert_eq!(world.asked(), [PUSH]);
    assert_eq!(world.json(0), json!({"to": USER, "messages": messages()}));
    assert_eq!(world.header(0, "authorization").as_deref(), Some(&*format!("Bearer {LONG_LIVED}")));
    assert_eq!(world.header(0, "content-type").as_deref(), Some("application/json"));
    assert_eq!(world.header(0, "x-line-retry-key").as_deref(), Some(KEY));
}

#[test]
fn a_multicast_names_everybody_once() {
    let world = World::new();
    let to: Vec<String> = (0..MULTICAST_MAX).map(|number| format!("U{number:032x}")).collect();
    world.on(MULTICAST, 200, &json!({}));
    assert_eq!(block_on(world.client().multicast(&to, &messages(), KEY)), accepted(None));
    assert_eq!(world.json(0), json!({"to": to, "messages": messages()}));
    assert_eq!(world.header(0, "x-line-retry-key").as_deref(), Some(KEY));

    let one_more: Vec<String> = to.into_iter().chain([USER.to_owned()]).collect();
    let outcome = block_on(world.client().multicast(&one_more, &messages(), KEY));
    assert_eq!(verdict(&outcome), (Some(CauseCode::MessageRefused), Some(Effect::None)));
    assert_eq!(world.asked(), [MULTICAST]);
}

#[test]
fn a_reply_has_no_retry_key_and_may_be_dead() {
    let world = World::new();
    world.on(REPLY, 200, &sent("5"));
    assert_eq!(block_on(world.client().reply("r-1", &messages())), Some(accepted(Some("5"))));
    assert_eq!(world.json(0), json!({"replyToken": "r-1", "messages": messages()}));
    assert_eq!(world.header(0, "x-line-retry-key"), None);

    world.on(REPLY, 400, &json!({"message": "Invalid reply token"}));
    assert_eq!(block_on(world.client().reply("r-1", &messages())), None);

    world.on(REPLY, 400, &json!({"message": "The request body has 1 error(s)"}));
    let refused = block_on(world.client().reply("r-1", &messages())).unwrap();
    assert_eq!(verdict(&refused), (Some(CauseCode::MessageRefused), Some(Effect::None)));

    world.answer(REPLY, Err(IoError::NoAnswer("reset".into())));
    let lost = block_on(world.client().reply("r-1", &messages())).unwrap();
    assert!(matches!(lost, Outcome::Uncertain { .. }), "{lost:?}");
    world.asked();
}

#[test]
fn a_key_that_was_taken_before_is_a_success() {
    let message = "The retry key is already accepted";
    let world = World::new();
    let mut body = sent("7");
    body["message"] = message.into();
    world.on(PUSH, 409, &body);
    assert_eq!(push(&world), accepted(Some("7")));

    world.on(MULTICAST, 409, &json!({"message": message}));
    assert_eq!(block_on(world.client().multicast(&[USER.into()], &messages(), KEY)), accepted(None));

    // Without a key it says nothing of the kind.
    world.on(REPLY, 409, &json!({"message": "conflict"}));
    let outcome = block_on(world.client().reply("r-1", &messages())).unwrap();
    assert_eq!(verdict(&outcome), (Some(CauseCode::MessageRefused), Some(Effect::None)));
    world.asked();
}

#[test]
fn every_answer_has_its_outcome() {
    use CauseCode as Code;
    let said = |message: &str| json!({"message": message});
    let retry = |code| (Some(code), None);
    let rejected = |code, effect| (Some(code), Some(effect));
    let details = |property: &str| {
        json!({
            "message": "The request body has 1 error(s)",
            "details": [{"message": "May not be empty", "property": property}],
        })
    };
    let broken = rejected(Code::UnknownRecipient, Effect::AddressBroken);
    let lost = rejected(Code::BotNotInRoom, Effect::RoomLost);
    let message = rejected(Code::MessageRefused, Effect::None);
    for (to, status, body, expected) in [
        (USER, 200, json!({}), (None, None)),
        (GROUP, 200, sent("1"), (None, None)),
        (USER, 400, details("messages[0].text"), message),
        (USER, 400, details("to"), broken),
        (GROUP, 400, details("to"), lost),
        (USER, 400, details("tone"), message),
        (USER, 400, said("The property, 'to', in the request body is invalid (line: -, column: -)"), broken),
        (USER, 400, said("The property, to, in the request body is invalid (line: -, column: -)"), broken),
        (
            USER,
            400,
            said("The property, messages, in the request body is invalid (line: -, column: -)"),
            message,
        ),
        (GROUP, 400, said("Failed to send messages"), lost),
        (USER, 400, said("Failed to send messages"), broken),
        (USER, 400, said("The request body could not be parsed as JSON (line: 1, column: 1)"), message),
        (USER, 400, Value::Null, message),
        (USER, 400, json!({"message": 5, "details": [null, {}, {"property": 7}]}), message),
        (USER, 401, said("Authentication failed due to the following reason: x"), retry(Code::Credentials)),
        (
            USER,
            403,
            said("Access to this API is not available for your account"),
            retry(Code::PermissionMissing),
        ),
        (USER, 404, said("Not found"), rejected(Code::UnknownRecipient, Effect::None)),
        (USER, 410, Value::Null, message),
        (USER, 413, Value::Null, message),
        (USER, 415, said("The content type, x, is not supported"), message),
        (USER, 429, said("The API rate limit has been exceeded. Try again later."), retry(Code::RateLimited)),
        (USER, 429, said("Too many messages to this user"), retry(Code::RateLimited)),
        (USER, 500, said("Internal server error"), retry(Code::ProviderError)),
        (USER, 502, Value::Null, retry(Code::ProviderError)),
        (USER, 503, Value::Null, retry(Code::ProviderError)),
        (USER, 302, Value::Null, retry(Code::ProviderError)),
        (USER, 408, Value::Null, retry(Code::ProviderError)),
    ] {
        let world = World::new();
        world.on(PUSH, status, &body);
        let outcome = block_on(world.client().push(to, &messages(), KEY));
        assert_eq!(verdict(&outcome), expected, "{to} {status} {body}");
        assert_eq!(matches!(outcome, Outcome::Uncertain { .. }), status == 502, "{status}");
        if let Outcome::Retry { after_ms, .. } = outcome {
            assert_eq!(after_ms, None);
        }
        // A pasted token that is refused has no other to try.
        assert_eq!(world.asked(), [PUSH]);
    }
}

#[test]
fn one_unknown_person_of_many_breaks_no_address() {
    let world = World::new();
    world.on(MULTICAST, 400, &json!({"message": "x", "details": [{"property": "to[1]", "message": "y"}]}));
    let outcome = block_on(world.client().multicast(&[USER.into(), USER.into()], &messages(), KEY));
    assert_eq!(verdict(&outcome), (Some(CauseCode::UnknownRecipient), Some(Effect::None)));
}

#[test]
fn the_words_for_the_admin_name_the_request() {
    let world = World::new();
    let body = json!({
        "message": format!("The request body has 1 error(s), {LONG_LIVED}"),
        "details": [{"message": "May not be empty", "property": "messages[0].text"}],
    });
    world.on(PUSH, 400, &body);
    let Outcome::Rejected { cause, .. } = push(&world) else { panic!("not rejected") };
    assert_eq!(
        cause.detail,
        "400 The request body has 1 error(s), *** messages[0].text: May not be empty (x-line-request-id rq-1)"
    );
}

#[test]
fn an_asked_wait_is_obeyed() {
    let world = World::new();
    let response =
        HttpResponse { status: 429, headers: vec![("retry-after".into(), "17".into())], body: vec![] };
    world.answer(PUSH, Ok(response));
    assert!(matches!(push(&world), Outcome::Retry { after_ms: Some(17_000), .. }));
}

#[test]
fn the_month_s_limit_is_told_from_the_endpoint_s() {
    let monthly = json!({"message": "You have reached your monthly limit."});
    let limited = |value: u64| json!({"type": "limited", "value": value});
    let used = |total: u64| json!({"totalUsage": total});
    let done = rejected_for_good();
    for (recipients, limit, consumed, expected) in [
        (1, (200, limited(200)), (200, used(200)), done),
        (1, (200, limited(200)), (200, used(199)), None),
        (3, (200, limited(200)), (200, used(197)), None),
        (3, (200, limited(200)), (200, used(198)), done),
        (1, (200, json!({"type": "none"})), (200, used(9_999)), None),
        // What cannot be read is no reason to hope.
        (1, (500, Value::Null), (200, used(0)), done),
        (1, (200, limited(200)), (200, json!({})), done),
    ] {
        let world = World::new();
        let request = if recipients == 1 { PUSH } else { MULTICAST };
        world.on(request, 429, &monthly);
        world.on(QUOTA, limit.0, &limit.1);
        world.on(CONSUMPTION, consumed.0, &consumed.1);
        let outcome = if recipients == 1 {
            push(&world)
        } else {
            block_on(world.client().multicast(&vec![USER.to_owned(); recipients], &messages(), KEY))
        };
        match expected {
            Some(verdict_of) => assert_eq!(verdict(&outcome), verdict_of, "{limit:?} {consumed:?}"),
            None => {
                let Outcome::Retry { after_ms: Some(60_000), cause } = outcome else { panic!("{outcome:?}") };
                assert_eq!(cause.code, CauseCode::QuotaUsedUp);
            }
        }
        assert_eq!(world.asked().len(), 3);
    }
}

fn rejected_for_good() -> Option<(Option<CauseCode>, Option<Effect>)> {
    Some((Some(CauseCode::QuotaUsedUp), Some(Effect::None)))
}

#[test]
fn only_an_unanswered_send_is_uncertain() {
    let world = World::new();
    world.answer(PUSH, Err(IoError::NoAnswer("reset".into())));
    let outcome = push(&world);
    assert!(
        matches!(&outcome, Outcome::Uncertain { cause } if cause.code == CauseCode::NoAnswer),
        "{outcome:?}"
    );
    world.answer(PUSH, Err(IoError::NotSent("refused".into())));
    let outcome = push(&world);
    assert!(
        matches!(&outcome, Outcome::Retry { after_ms: None, cause } if cause.code == CauseCode::NotConnected),
        "{outcome:?}"
    );
}

#[test]
fn a_retry_key_is_pinned() {
    // Python: hashlib.sha256(b"dl_01").hexdigest()[:32], with version 8 and the variant put in.
    assert_eq!(retry_key("dl_01"), "3d3a9212-873a-878e-9a8b-1b8f5efef08b");
    assert_eq!(RETRY_KEY_LIFE, 86_400_000);
}

proptest! {
    #[test]
    fn a_retry_key_is_a_uuid_of_its_own(one in ".{0,40}", other in ".{0,40}") {
        let key = retry_key(&one);
        prop_assert_eq!(&key, &retry_key(&one));
        prop_assert_eq!(key == retry_key(&other), one == other);
        let lengths: Vec<usize> = key.split('-').map(str::len).collect();
        prop_assert_eq!(lengths, [8, 4, 4, 4, 12]);
        prop_assert!(key.chars().all(|c| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c)));
        prop_assert_eq!(key.as_bytes()[14], b'8');
        prop_assert!(b"89ab".contains(&key.as_bytes()[19]));
    }
}

#[test]
fn a_form_is_parted_into_what_is_secret_and_what_is_not() {
    let form = LineForm {
        login_channel_id: "1650000001".into(),
        login_channel_secret: "login-secret".into(),
        channel_secret: "channel-secret".into(),
        via: LineVia::Token,
        channel_access_token: "pasted".into(),
        messaging_channel_id: "1650000002".into(),
        private_key: "pem".into(),
        kid: "kid-1".into(),
        friend_link: String::new(),
    };
    let (settings, secret) = split(&form);
    // Both forms are stored: what is written today must be readable tomorrow.
    assert_eq!(
        serde_json::to_value(&settings).unwrap(),
        json!({
            "login_channel_id": "1650000001", "via": "token", "messaging_channel_id": "", "kid": "",
            "friend_link": "", "bot_user_id": null, "basic_id": null, "display_name": null,
        })
    );
    assert_eq!(
        serde_json::to_value(&secret).unwrap(),
        json!({
            "login_channel_secret": "login-secret", "channel_secret": "channel-secret",
            "token": {"long_lived": "pasted"},
        })
    );
    let (settings, secret) = split(&LineForm { via: LineVia::Key, ..form });
    assert_eq!((settings.messaging_channel_id.as_str(), settings.kid.as_str()), ("1650000002", "kid-1"));
    assert!(secret.token == ChannelToken::Key("pem".into()));
    let shown = format!("{secret:?} {:?} {settings:?} {:?}", secret.token, World::keyed().client());
    assert!(!shown.contains("secret\"") && !shown.contains("pem") && !shown.contains("PRIVATE"), "{shown}");
    let old: LineSettings = serde_json::from_str(r#"{"login_channel_id":"1","via":"key"}"#).unwrap();
    assert_eq!(old.friend_url(&Endpoints::default()), None);
}

#[test]
fn the_friend_page_is_entered_or_made_from_the_basic_id() {
    let mut settings = World::new().settings;
    let url = |settings: &LineSettings| settings.friend_url(&Endpoints::default());
    assert_eq!(url(&settings), None);
    settings.basic_id = Some("@123abcde".into());
    assert_eq!(url(&settings).as_deref(), Some("https://line.me/R/ti/p/%40123abcde"));
    settings.friend_link = "https://lin.ee/abc".into();
    assert_eq!(url(&settings).as_deref(), Some("https://lin.ee/abc"));
}

#[test]
fn the_real_hosts_are_the_default() {
    let Endpoints { api, access, .. } = Endpoints::default();
    assert_eq!((api.as_str(), access.as_str()), ("https://api.line.me", "https://access.line.me"));
}
