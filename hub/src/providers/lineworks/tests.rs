//! Tokens and sends against a provider that answers by script.

mod manage;

use std::rc::Rc;

use futures_executor::block_on;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use shared::delivery::{CauseCode, Effect, Outcome};

use super::{
    world::{NOW, PKCS1, PUBLIC, TOKEN, World},
    *,
};
use crate::ports::{HttpResponse, IoError};

const TO_USER: &str = "POST /bots/7/users/U-1/messages";
const TO_ROOM: &str = "POST /bots/7/channels/C-1/messages";

fn content() -> Value {
    json!({"type": "text", "text": "停電です"})
}

fn accepted() -> Outcome {
    Outcome::Accepted { reference: None }
}

fn to_user(world: &World) -> (Outcome, Option<Limit>) {
    block_on(world.client().send_to_user("U-1", &content()))
}

fn code(outcome: &Outcome) -> Option<CauseCode> {
    match outcome {
        Outcome::Accepted { .. } => None,
        Outcome::Retry { cause, .. } | Outcome::Rejected { cause, .. } | Outcome::Uncertain { cause } => {
            Some(cause.code)
        }
    }
}

fn form(world: &World, index: usize) -> Vec<(String, String)> {
    let body = String::from_utf8(world.request(index).body).unwrap();
    body.split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (
                name.to_owned(),
                value.replace("%20", " ").replace("%3A", ":").replace("%2F", "/").replace("%2B", "+"),
            )
        })
        .collect()
}

#[test]
fn a_message_is_sent_with_a_service_account_s_token() {
    let world = World::signed_in();
    world.on(TO_USER, 201, &Value::Null);
    assert_eq!(to_user(&world), (accepted(), None));
    assert_eq!(world.asked(), [TOKEN, TO_USER]);

    let form = form(&world, 0);
    let names: Vec<_> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["grant_type", "assertion", "client_id", "client_secret", "scope"]);
    assert_eq!(form[0].1, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!((form[2].1.as_str(), form[3].1.as_str()), ("client-1", "s3cret/+"));
    assert_eq!(form[4].1, "bot user.read");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    let key = DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).unwrap();
    let jwt = jsonwebtoken::decode::<Value>(&form[1].1, &key, &validation).unwrap();
    assert_eq!(jwt.header.typ.as_deref(), Some("JWT"));
    let iat = NOW / 1_000;
    assert_eq!(
        jwt.claims,
        json!({"iss": "client-1", "sub": "x1.serviceaccount@minato", "iat": iat, "exp": iat + 1_800})
    );

    let send = world.request(1);
    assert!(send.headers.contains(&("authorization", "Bearer t-1".to_owned())));
    assert!(send.headers.contains(&("content-type", "application/json".to_owned())));
    assert_eq!(serde_json::from_slice::<Value>(&send.body).unwrap(), json!({"content": content()}));
}

#[test]
fn ids_are_encoded_in_paths() {
    let world = World::signed_in();
    world.on("POST /bots/7/users/sato%40minato%2F..%3Fx/messages", 201, &Value::Null);
    let (outcome, _) = block_on(world.client().send_to_user("sato@minato/..?x", &content()));
    assert_eq!(outcome, accepted());
    world.asked();
}

#[test]
fn many_sends_at_once_make_one_token_request() {
    let world = World::signed_in();
    let sends = 12;
    for _ in 0..sends {
        world.on(TO_USER, 201, &Value::Null);
    }
    // A client each, as different runs of the dispatcher would have.
    let clients: Vec<_> = (0..sends).map(|_| world.client()).collect();
    let content = content();
    let outcomes = block_on(join_all(clients.iter().map(|client| client.send_to_user("U-1", &content))));
    assert!(outcomes.iter().all(|(outcome, _)| *outcome == accepted()));
    assert_eq!(world.asked().iter().filter(|asked| *asked == TOKEN).count(), 1);
}

#[test]
fn many_sends_at_once_share_a_refused_token_request() {
    let world = World::new();
    world.on(TOKEN, 401, &json!({"error": "invalid_client", "error_description": "bad s3cret/+"}));
    let (client, content) = (world.client(), content());
    let outcomes = block_on(join_all((0..6).map(|_| client.send_to_user("U-1", &content))));
    for (outcome, _) in outcomes {
        let Outcome::Retry { after_ms: None, cause } = outcome else { panic!("{outcome:?}") };
        assert_eq!(
            (cause.code, cause.detail.as_str()),
            (CauseCode::Credentials, "401 invalid_client bad ***")
        );
    }
    assert_eq!(world.asked(), [TOKEN]);
    // The next one asks again.
    world.token("t-2");
    world.on(TO_USER, 201, &Value::Null);
    assert_eq!(to_user(&world).0, accepted());
    world.asked();
}

#[test]
fn a_token_survives_the_object_and_is_renewed_early() {
    let mut world = World::signed_in();
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    assert!(
        world.kv.entries.borrow().values().all(|(value, _)| !String::from_utf8_lossy(value).contains("t-1"))
    );

    world.tokens = Rc::default();
    world.on(TO_USER, 201, &Value::Null);
    assert_eq!(to_user(&world).0, accepted());
    assert_eq!(world.asked(), [TOKEN, TO_USER, TO_USER]);

    world.clock.advance((86_400 - 301) * 1_000);
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    assert_eq!(world.asked().len(), 4);

    world.clock.advance(1_000);
    world.token("t-2");
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    assert_eq!(world.asked()[4..], [TOKEN, TO_USER]);
    assert!(world.request(5).headers.contains(&("authorization", "Bearer t-2".to_owned())));
}

#[test]
fn a_new_version_of_the_secret_does_not_use_the_old_token() {
    let mut world = World::signed_in();
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    world.version = Some(2);
    world.token("t-2");
    world.on(TO_USER, 201, &Value::Null);
    assert_eq!(to_user(&world).0, accepted());
    assert_eq!(world.asked(), [TOKEN, TO_USER, TOKEN, TO_USER]);
}

#[test]
fn an_unsaved_form_leaves_nothing_behind() {
    let mut world = World::signed_in();
    world.version = None;
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    assert!(world.kv.entries.borrow().is_empty());
}

#[test]
fn expires_in_is_text_or_number_and_short_lives_are_used() {
    for (expires_in, life_ms) in [(json!("3600"), 3_300_000), (json!(3600), 3_300_000), (json!("60"), 30_000)]
    {
        let world = World::new();
        let issue = || world.on(TOKEN, 200, &json!({"access_token": "t", "expires_in": expires_in}));
        issue();
        world.on(TO_USER, 201, &Value::Null);
        to_user(&world);
        world.clock.advance(life_ms - 1);
        world.on(TO_USER, 201, &Value::Null);
        to_user(&world);
        assert_eq!(world.asked().len(), 3, "{expires_in}");
        world.clock.advance(1);
        issue();
        world.on(TO_USER, 201, &Value::Null);
        to_user(&world);
        assert_eq!(world.asked().len(), 5, "{expires_in}");
    }
}

#[test]
fn a_refused_token_is_dropped_and_the_send_tried_once_more() {
    let world = World::signed_in();
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    // Revoked at the provider; the key-value store still has it.
    let unauthorized = json!({"code": "UNAUTHORIZED", "description": "Authentication failed"});
    world.on(TO_USER, 401, &unauthorized);
    world.token("t-2");
    world.on(TO_USER, 201, &Value::Null);
    assert_eq!(to_user(&world).0, accepted());
    assert_eq!(world.asked(), [TOKEN, TO_USER, TO_USER, TOKEN, TO_USER]);

    world.on(TO_USER, 401, &unauthorized);
    world.token("t-3");
    world.on(TO_USER, 401, &unauthorized);
    let (outcome, _) = to_user(&world);
    assert!(
        matches!(&outcome, Outcome::Retry { after_ms: None, cause } if cause.code == CauseCode::Credentials)
    );
    world.asked();
}

#[test]
fn many_refused_sends_renew_once() {
    let world = World::signed_in();
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    for _ in 0..4 {
        world.on(TO_USER, 401, &json!({"code": "UNAUTHORIZED"}));
    }
    world.token("t-2");
    for _ in 0..4 {
        world.on(TO_USER, 201, &Value::Null);
    }
    let (client, content) = (world.client(), content());
    let outcomes = block_on(join_all((0..4).map(|_| client.send_to_user("U-1", &content))));
    assert!(outcomes.iter().all(|(outcome, _)| *outcome == accepted()));
    assert_eq!(world.asked().iter().filter(|asked| *asked == TOKEN).count(), 2);
}

#[test]
fn a_late_refusal_of_an_older_token_does_not_drop_the_newer_one() {
    let world = World::signed_in();
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    world.tokens.refuse(&Rc::from("t-0"));
    world.on(TO_USER, 201, &Value::Null);
    assert_eq!(to_user(&world).0, accepted());
    assert_eq!(world.asked(), [TOKEN, TO_USER, TO_USER]);
}

#[test]
fn every_answer_has_its_outcome() {
    use CauseCode as Code;
    let refused = |code: &str| json!({"code": code, "description": "d"});
    let retry = |code| (Some(code), None);
    let rejected = |code, effect| (Some(code), Some(effect));
    for (to, status, body, expected) in [
        (TO_USER, 201, Value::Null, (None, None)),
        (TO_USER, 200, json!({}), (None, None)),
        (TO_ROOM, 201, Value::Null, (None, None)),
        (TO_USER, 400, refused("INVALID_PARAMETER"), rejected(Code::MessageRefused, Effect::None)),
        (TO_ROOM, 400, Value::Null, rejected(Code::MessageRefused, Effect::None)),
        (TO_USER, 413, Value::Null, rejected(Code::MessageRefused, Effect::None)),
        (TO_USER, 403, refused("ACCESS_DENIED"), rejected(Code::BotNotAllowed, Effect::AddressBroken)),
        (TO_ROOM, 403, refused("ACCESS_DENIED"), rejected(Code::BotNotInRoom, Effect::RoomLost)),
        (TO_USER, 403, refused("FORBIDDEN"), retry(Code::PermissionMissing)),
        (TO_ROOM, 403, refused("SERVICE_ACCOUNT_NOT_ALLOWED"), retry(Code::PermissionMissing)),
        (TO_ROOM, 403, Value::Null, retry(Code::PermissionMissing)),
        (TO_USER, 404, refused("NOT_FOUND"), rejected(Code::UnknownRecipient, Effect::AddressBroken)),
        (TO_USER, 404, Value::Null, rejected(Code::UnknownRecipient, Effect::AddressBroken)),
        (TO_ROOM, 404, refused("NOT_FOUND"), rejected(Code::UnknownRecipient, Effect::RoomLost)),
        (TO_USER, 404, json!({"code": "NOT_FOUND", "description": "Bot not found"}), retry(Code::BotMissing)),
        (TO_ROOM, 404, json!({"description": "botId 7 does not exist"}), retry(Code::BotMissing)),
        (
            TO_USER,
            404,
            json!({"description": "User of the bot not found"}),
            rejected(Code::UnknownRecipient, Effect::AddressBroken),
        ),
        (TO_USER, 500, refused("INTERNAL_SERVER_ERROR"), retry(Code::ProviderError)),
        (TO_ROOM, 503, Value::Null, retry(Code::ProviderError)),
        (TO_USER, 302, Value::Null, retry(Code::ProviderError)),
        (TO_USER, 408, Value::Null, retry(Code::ProviderError)),
    ] {
        let world = World::signed_in();
        world.on(to, status, &body);
        let client = world.client();
        let (outcome, limit) = if to == TO_USER {
            block_on(client.send_to_user("U-1", &content()))
        } else {
            block_on(client.send_to_room("C-1", &content()))
        };
        let effect = match &outcome {
            Outcome::Rejected { effect, .. } => Some(*effect),
            Outcome::Retry { after_ms, .. } => {
                assert_eq!(*after_ms, None);
                None
            }
            _ => None,
        };
        assert_eq!((code(&outcome), effect), expected, "{to} {status} {body}");
        assert_eq!(limit, None);
        world.asked();
    }
}

#[test]
fn a_limit_is_told_and_waited_for() {
    let headers = |reset: &str| {
        [
            ("ratelimit-limit", "240"),
            ("ratelimit-ssed", "240"),
            ("ratelimit-remaining", "0"),
            ("ratelimit-reset", reset),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    };
    let body = br#"{"code":"TOO_MANY_REQUESTS","description":"API rate limit exceeded"}"#.to_vec();
    let limit = Limit { limit: 240, used: Some(240), remaining: 0, reset_ms: 17_000 };
    for (status, headers, wait, told) in [
        (429, headers("17"), Some(17_000), Some(limit)),
        (429, vec![], Some(60_000), None),
        (201, headers("17"), None, Some(limit)),
    ] {
        let world = World::signed_in();
        world.answer(TO_USER, Ok(HttpResponse { status, headers, body: body.clone() }));
        let (outcome, limit) = to_user(&world);
        assert_eq!(limit, told);
        match outcome {
            Outcome::Retry { after_ms, cause } => {
                assert_eq!((after_ms, cause.code), (wait, CauseCode::RateLimited));
                assert_eq!(cause.detail, "429 TOO_MANY_REQUESTS API rate limit exceeded");
            }
            other => assert_eq!((other, wait), (accepted(), None)),
        }
    }
}

#[test]
fn only_an_unanswered_send_is_uncertain() {
    let lost = || Err(IoError::NoAnswer("reset".into()));
    let unreached = || Err(IoError::NotSent("refused".into()));
    let answered = |status, body: Value| {
        Ok(HttpResponse { status, headers: vec![], body: body.to_string().into_bytes() })
    };

    let world = World::signed_in();
    world.answer(TO_USER, lost());
    let (outcome, _) = to_user(&world);
    assert!(
        matches!(&outcome, Outcome::Uncertain { cause } if cause.code == CauseCode::NoAnswer),
        "{outcome:?}"
    );

    let world = World::signed_in();
    world.answer(TO_USER, unreached());
    assert!(
        matches!(to_user(&world).0, Outcome::Retry { cause, .. } if cause.code == CauseCode::NotConnected)
    );

    let limited = json!({"error": "slow_down"});
    for (answer, expected, wait) in [
        (lost(), CauseCode::NoAnswer, None),
        (unreached(), CauseCode::NotConnected, None),
        (answered(503, json!({})), CauseCode::ProviderError, None),
        (answered(429, limited), CauseCode::RateLimited, Some(60_000)),
        (answered(400, json!({"error": "invalid_grant"})), CauseCode::Credentials, None),
        (answered(400, json!({"error": "invalid_scope"})), CauseCode::PermissionMissing, None),
        (answered(200, json!({"expires_in": "60"})), CauseCode::ProviderError, None),
    ] {
        let world = World::new();
        world.answer(TOKEN, answer);
        let (outcome, _) = to_user(&world);
        let Outcome::Retry { after_ms, cause } = outcome else { panic!("{outcome:?}") };
        assert_eq!((cause.code, after_ms), (expected, wait));
        assert_eq!(world.asked(), [TOKEN]);
    }
}

#[test]
fn without_a_bot_nothing_is_asked() {
    let mut world = World::new();
    world.settings.bot_id = None;
    assert_eq!(code(&to_user(&world).0), Some(CauseCode::BotMissing));
    assert_eq!(world.asked(), [""; 0]);
}

#[test]
fn a_token_echoed_by_the_provider_is_taken_out() {
    let world = World::signed_in();
    world.on(TO_USER, 403, &json!({"code": "FORBIDDEN", "description": "token t-1 lacks bot"}));
    let Outcome::Retry { cause, .. } = to_user(&world).0 else { panic!() };
    assert_eq!(cause.detail, "403 FORBIDDEN token *** lacks bot");
}

#[test]
fn a_pkcs1_key_signs_too() {
    let mut world = World::new();
    world.secret.private_key = PKCS1.to_owned();
    assert!(block_on(world.client().assertion()).is_ok());
    assert!(!format!("{:?} {:?}", world.client(), world.tokens).contains("PRIVATE"));
}
