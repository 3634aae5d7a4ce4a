//! Tokens v2.1 that the key asks for.

use std::rc::Rc;

use futures_executor::block_on;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use shared::delivery::{CauseCode, Outcome};

use super::{
    super::world::{NOW, TOKEN},
    *,
};
use crate::providers::script::{PUBLIC, SHORT};

/// The assertion's header and claims; fails unless the key signed it.
fn verified(assertion: &str) -> (jsonwebtoken::Header, Value) {
    let mut rules = Validation::new(Algorithm::RS256);
    rules.validate_exp = false;
    rules.set_audience(&["https://api.line.me/"]);
    let key = DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).unwrap();
    let jwt = jsonwebtoken::decode::<Value>(assertion, &key, &rules).unwrap();
    (jwt.header, jwt.claims)
}

pub(super) fn assertion_of(form: &[(String, String)]) -> (jsonwebtoken::Header, Value) {
    let names: Vec<_> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["grant_type", "client_assertion_type", "client_assertion"]);
    assert_eq!(form[0].1, "client_credentials");
    assert_eq!(form[1].1, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    verified(&form[2].1)
}

#[test]
fn a_token_is_asked_for_with_a_signed_assertion() {
    let world = World::keyed();
    world.token("t-1");
    world.on(PUSH, 200, &sent("1"));
    assert_eq!(push(&world), accepted(Some("1")));
    assert_eq!(world.asked(), [TOKEN, PUSH]);
    assert_eq!(world.header(1, "authorization").as_deref(), Some("Bearer t-1"));
    let (header, claims) = assertion_of(&world.form(0));
    assert_eq!((header.kid.as_deref(), header.typ.as_deref()), (Some("kid-1"), Some("JWT")));
    assert_eq!(
        claims,
        json!({
            "iss": "1650000002", "sub": "1650000002", "aud": "https://api.line.me/",
            "exp": NOW / 1_000 + 600, "token_exp": 86_400,
        })
    );
}

#[test]
fn one_token_serves_many_sends_and_the_next_start() {
    let mut world = World::keyed();
    world.token("t-1");
    for _ in 0..13 {
        world.on(PUSH, 200, &sent("1"));
    }
    let clients: Vec<_> = (0..12).map(|_| world.client()).collect();
    let messages = messages();
    let outcomes = block_on(join_all(clients.iter().map(|client| client.push(USER, &messages, KEY))));
    assert!(outcomes.iter().all(|outcome| *outcome == accepted(Some("1"))));
    // Sealed, not readable.
    assert!(
        world.kv.entries.borrow().values().all(|(value, _)| !String::from_utf8_lossy(value).contains("t-1"))
    );
    world.tokens = Rc::default();
    push(&world);
    assert_eq!(world.asked().iter().filter(|asked| *asked == TOKEN).count(), 1);

    world.clock.advance(86_400_000 - 300_000);
    world.token("t-2");
    world.on(PUSH, 200, &sent("1"));
    push(&world);
    assert_eq!(world.asked()[14..], [TOKEN, PUSH]);
}

#[test]
fn a_refused_token_is_dropped_and_the_send_tried_once_more_with_the_same_key() {
    let world = World::keyed();
    world.token("t-1");
    world.on(PUSH, 401, &json!({"message": "x"}));
    world.token("t-2");
    world.on(PUSH, 200, &sent("1"));
    assert_eq!(push(&world), accepted(Some("1")));
    assert_eq!(world.asked(), [TOKEN, PUSH, TOKEN, PUSH]);
    assert_eq!(world.header(1, "x-line-retry-key"), world.header(3, "x-line-retry-key"));
    assert_eq!(world.request(1).body, world.request(3).body);
    assert_eq!(world.header(3, "authorization").as_deref(), Some("Bearer t-2"));

    world.on(PUSH, 401, &json!({}));
    world.token("t-3");
    world.on(PUSH, 401, &json!({}));
    let outcome = push(&world);
    assert!(
        matches!(&outcome, Outcome::Retry { cause, .. } if cause.code == CauseCode::Credentials),
        "{outcome:?}"
    );
    world.asked();
}

#[test]
fn without_a_token_nothing_is_sent() {
    let hour = Some(3_600_000);
    for (status, body, code, after) in [
        (
            400,
            json!({"error": "invalid_client", "error_description": "Invalid client assertion."}),
            CauseCode::Credentials,
            None,
        ),
        (
            404,
            json!({"message": "Cannot find channel key that satisfies the conditions"}),
            CauseCode::Credentials,
            None,
        ),
        (
            400,
            json!({"message": "The maximum number of access tokens has already been issued"}),
            CauseCode::RateLimited,
            hour,
        ),
        (429, json!({}), CauseCode::RateLimited, Some(60_000)),
        (500, json!({}), CauseCode::ProviderError, None),
        (200, json!({"token_type": "Bearer"}), CauseCode::ProviderError, None),
    ] {
        let world = World::keyed();
        world.on(TOKEN, status, &body);
        let outcome = push(&world);
        let Outcome::Retry { after_ms, cause } = outcome else { panic!("{outcome:?}") };
        assert_eq!((cause.code, after_ms), (code, after), "{status} {body}");
        assert_eq!(world.asked(), [TOKEN]);
    }
    let mut world = World::keyed();
    world.secret.token = ChannelToken::Key(SHORT.into());
    assert_eq!(verdict(&push(&world)), (Some(CauseCode::Credentials), None));
    assert_eq!(world.asked(), [""; 0]);
}
