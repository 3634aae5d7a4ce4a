use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_executor::block_on;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::{
    pems::{CERTIFICATE, EC_CERTIFICATE, OTHER},
    *,
};
use crate::{
    ports::{HttpResponse, IoError},
    providers::{
        google_chat::{Audience, BearerError, Keys},
        script::PUBLIC,
    },
};

const URL: &str = "https://todoke.example/hooks/google_chat/ws_1/in_1";
const PROJECT: &str = "123456789012";
const OIDC: &str = "GET /oauth2/v3/certs";
const CERTIFICATES: &str = "GET /service_accounts/v1/metadata/x509/chat@system.gserviceaccount.com";
/// The modulus of [`PUBLIC`].
const N: &str = "3kqRzL_AzqgGjLsTRoEO6yMhvkf3jgTpUhc6zlz0JB1gLj5i9_DZclqnKfWQH_T9s59HZG_sp3QRVjV-07aOjaG-NuttAYjv32crBBJrOAuyqD6L4vf8gDX_RbtdpLtNjgjHsW5z7sSbR3ANkchJs4mKS_RZj4rbEOG_3Y_eCt8";

fn oidc() -> Audience<'static> {
    Audience::EndpointUrl(URL)
}

fn project() -> Audience<'static> {
    Audience::ProjectNumber(PROJECT)
}

/// What Google's token says; `(claim, value)` in `other` instead.
fn claims(audience: Audience<'_>, other: &[(&str, Value)]) -> Value {
    let iat = NOW / 1_000;
    let mut claims = match audience {
        Audience::EndpointUrl(url) => json!({
            "iss": "https://accounts.google.com",
            "aud": url,
            "email": "chat@system.gserviceaccount.com",
            "email_verified": true,
            "iat": iat,
            "exp": iat + 3_600,
        }),
        Audience::ProjectNumber(number) => {
            json!({"iss": "chat@system.gserviceaccount.com", "aud": number, "iat": iat, "exp": iat + 3_600})
        }
    };
    for (name, value) in other {
        claims[*name] = value.clone();
    }
    claims
}

fn signed(kid: Option<&str>, pem: &str, claims: &Value) -> String {
    let header = Header { kid: kid.map(Into::into), ..Header::new(Algorithm::RS256) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()).unwrap()
}

fn google(audience: Audience<'_>, other: &[(&str, Value)]) -> String {
    signed(Some("g-1"), PKCS8, &claims(audience, other))
}

fn jwks() -> Value {
    json!({"keys": [
        {"kty": "EC", "kid": "e-1", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "kid": "enc", "use": "enc", "n": N, "e": "AQAB"},
        {"kty": "RSA", "kid": "pss", "alg": "PS256", "n": N, "e": "AQAB"},
        {"kty": "RSA", "kid": "g-1", "alg": "RS256", "use": "sig", "n": N, "e": "AQAB"},
    ]})
}

fn certificates() -> Value {
    json!({"broken": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "ec": EC_CERTIFICATE, "g-1": CERTIFICATE})
}

fn serve(world: &World, audience: Audience<'_>) {
    match audience {
        Audience::EndpointUrl(_) => world.script.on(OIDC, 200, &jwks()),
        Audience::ProjectNumber(_) => world.script.on(CERTIFICATES, 200, &certificates()),
    }
}

fn verify(world: &World, keys: &Keys, audience: Audience<'_>, token: &str) -> Result<(), BearerError> {
    let authorization = format!("Bearer {token}");
    let now = world.ports.clock.now();
    block_on(keys.verify(&world.ports, &endpoints(), Some(&authorization), audience, now))
}

#[test]
fn google_s_tokens_of_both_modes_are_believed() {
    for audience in [oidc(), project()] {
        let (world, keys) = (World::new(), Keys::default());
        serve(&world, audience);
        assert_eq!(verify(&world, &keys, audience, &google(audience, &[])), Ok(()));
        // The keys are kept.
        assert_eq!(verify(&world, &keys, audience, &google(audience, &[])), Ok(()));
        assert_eq!(world.script.asked().len(), 1);
    }
}

#[test]
fn each_wrong_claim_has_its_error() {
    let now = NOW / 1_000;
    for (audience, claim, value, error) in [
        (oidc(), "iss", json!("https://accounts.evil.example"), BearerError::Issuer),
        (oidc(), "iss", json!("chat@system.gserviceaccount.com"), BearerError::Issuer),
        (oidc(), "iss", Value::Null, BearerError::Issuer),
        (oidc(), "iss", json!(["https://accounts.google.com"]), BearerError::Issuer),
        (project(), "iss", json!("todoke@evil.iam.gserviceaccount.com"), BearerError::Issuer),
        (project(), "iss", json!("https://accounts.google.com"), BearerError::Issuer),
        (oidc(), "aud", json!(format!("{URL}/")), BearerError::Audience),
        (oidc(), "aud", json!(PROJECT), BearerError::Audience),
        (oidc(), "aud", json!([URL, "https://evil.example"]), BearerError::Audience),
        (oidc(), "aud", Value::Null, BearerError::Audience),
        (project(), "aud", json!("999"), BearerError::Audience),
        (project(), "aud", json!(123_456_789_012_i64), BearerError::Audience),
        (oidc(), "exp", json!(now - 61), BearerError::Expired),
        (project(), "exp", json!(now - 61), BearerError::Expired),
        (oidc(), "exp", json!(i64::MIN), BearerError::Expired),
        (oidc(), "exp", Value::Null, BearerError::Expired),
        (oidc(), "exp", json!("tomorrow"), BearerError::Expired),
        (oidc(), "iat", json!(now + 120), BearerError::TooEarly),
        (project(), "nbf", json!(i64::MAX), BearerError::TooEarly),
        (oidc(), "email", json!("someone@gmail.com"), BearerError::Sender),
        (oidc(), "email", Value::Null, BearerError::Sender),
        (oidc(), "email_verified", json!(false), BearerError::Sender),
        (oidc(), "email_verified", Value::Null, BearerError::Sender),
    ] {
        let (world, keys) = (World::new(), Keys::default());
        serve(&world, audience);
        let token = google(audience, &[(claim, value.clone())]);
        assert_eq!(verify(&world, &keys, audience, &token), Err(error), "{audience:?} {claim} {value}");
    }
    // The clocks may differ a little.
    let (world, keys) = (World::new(), Keys::default());
    serve(&world, oidc());
    let token = google(oidc(), &[("exp", json!(now - 30)), ("iat", json!(now + 30))]);
    assert_eq!(verify(&world, &keys, oidc(), &token), Ok(()));
    // Nothing is made out to nobody.
    let token = google(project(), &[("aud", json!(""))]);
    serve(&world, project());
    assert_eq!(verify(&world, &keys, Audience::ProjectNumber(""), &token), Err(BearerError::Audience));
}

#[test]
fn a_token_of_the_other_mode_is_not_believed() {
    let (world, keys) = (World::new(), Keys::default());
    serve(&world, oidc());
    assert_eq!(verify(&world, &keys, oidc(), &google(project(), &[])), Err(BearerError::Issuer));
    serve(&world, project());
    assert_eq!(verify(&world, &keys, project(), &google(oidc(), &[])), Err(BearerError::Issuer));
}

/// Header and claims as they are, with any signature.
fn forged(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), BASE64_URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn hostile_tokens_are_refused() {
    let good = claims(oidc(), &[]);
    let hs256 = |secret: &[u8]| {
        let header = Header { kid: Some("g-1".into()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &good, &EncodingKey::from_secret(secret)).unwrap()
    };
    let genuine = google(oidc(), &[]);
    let (head, rest) = genuine.split_once('.').unwrap();
    let (_, signature) = rest.rsplit_once('.').unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    let richer =
        claims(oidc(), &[("email", json!("chat@system.gserviceaccount.com")), ("admin", json!(true))]);
    let tampered = format!(
        "{head}.{}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(richer.to_string()),
        BASE64_URL_SAFE_NO_PAD.encode(&signature)
    );
    let rs256 = json!({"alg": "RS256", "typ": "JWT", "kid": "g-1"});
    for (token, expected, fetches) in [
        (forged(&json!({"alg": "none", "kid": "g-1"}), &good, b""), BearerError::Algorithm, 0),
        (forged(&json!({"alg": "None", "kid": "g-1"}), &good, &signature), BearerError::Algorithm, 0),
        (forged(&json!({"kid": "g-1"}), &good, &signature), BearerError::Algorithm, 0),
        // The public key as the secret of another algorithm, as text and as its bytes.
        (hs256(PUBLIC.as_bytes()), BearerError::Algorithm, 0),
        (hs256(&BASE64_URL_SAFE_NO_PAD.decode(N).unwrap()), BearerError::Algorithm, 0),
        (forged(&json!({"alg": "RS512", "kid": "g-1"}), &good, &signature), BearerError::Algorithm, 0),
        (forged(&json!({"alg": "ES256", "kid": "e-1"}), &good, &signature), BearerError::Algorithm, 0),
        (signed(None, PKCS8, &good), BearerError::UnknownKey, 0),
        (signed(Some("g-2"), OTHER, &good), BearerError::UnknownKey, 1),
        // Keys that are not for signing with RS256.
        (signed(Some("enc"), PKCS8, &good), BearerError::UnknownKey, 1),
        (signed(Some("pss"), PKCS8, &good), BearerError::UnknownKey, 1),
        (signed(Some("e-1"), PKCS8, &good), BearerError::UnknownKey, 1),
        // A key of one's own under Google's name.
        (signed(Some("g-1"), OTHER, &good), BearerError::Signature, 1),
        (tampered, BearerError::Signature, 1),
        (forged(&rs256, &good, b""), BearerError::Signature, 1),
        (forged(&rs256, &good, &[0; 128]), BearerError::Signature, 1),
        (forged(&rs256, &json!([]), &signature), BearerError::Signature, 1),
        ("a.b".into(), BearerError::Malformed, 0),
        ("a.b.c".into(), BearerError::Malformed, 0),
        (format!("{genuine}.x"), BearerError::Malformed, 0),
        ("x".repeat(9_000), BearerError::Malformed, 0),
    ] {
        let (world, keys) = (World::new(), Keys::default());
        for _ in 0..fetches {
            serve(&world, oidc());
        }
        assert_eq!(verify(&world, &keys, oidc(), &token), Err(expected), "{token}");
        assert_eq!(world.script.asked().len(), fetches, "{token}");
    }
}

#[test]
fn the_header_must_hold_a_bearer_token() {
    let (world, keys) = (World::new(), Keys::default());
    let token = google(oidc(), &[]);
    for authorization in
        [None, Some(""), Some("Bearer"), Some("Bearer  "), Some("Basic abc"), Some(token.as_str())]
    {
        let verified = block_on(keys.verify(&world.ports, &endpoints(), authorization, oidc(), NOW));
        assert_eq!(verified, Err(BearerError::Missing), "{authorization:?}");
    }
    assert_eq!(world.script.asked(), [""; 0]);
    serve(&world, oidc());
    let spaced = format!("  bearer   {token} ");
    assert_eq!(block_on(keys.verify(&world.ports, &endpoints(), Some(&spaced), oidc(), NOW)), Ok(()));
}

#[test]
fn keys_are_kept_as_long_as_google_says() {
    for (cache_control, seconds) in [
        (Some("public, max-age=19000, must-revalidate"), 19_000),
        (Some("Max-Age=7200"), 7_200),
        (Some("no-cache"), 3_600),
        (Some("max-age=soon"), 3_600),
        (Some("max-age=0"), 60),
        (Some("max-age=99999999"), 86_400),
        (None, 3_600),
    ] {
        let (world, keys) = (World::new(), Keys::default());
        let headers = cache_control.map(|value| ("cache-control".to_owned(), value.to_owned()));
        let body = jwks().to_string().into_bytes();
        let answer = HttpResponse { status: 200, headers: headers.into_iter().collect(), body };
        world.script.answer(OIDC, Ok(answer));
        let far = google(oidc(), &[("exp", json!(NOW / 1_000 + 1_000_000))]);
        assert_eq!(verify(&world, &keys, oidc(), &far), Ok(()));
        world.clock.advance(seconds * 1_000 - 1);
        assert_eq!(verify(&world, &keys, oidc(), &far), Ok(()));
        assert_eq!(world.script.asked().len(), 1, "{cache_control:?}");
        world.clock.advance(1);
        serve(&world, oidc());
        assert_eq!(verify(&world, &keys, oidc(), &far), Ok(()));
        assert_eq!(world.script.asked().len(), 2, "{cache_control:?}");
    }
}

#[test]
fn an_unknown_key_makes_them_be_fetched_again_but_once_a_minute() {
    let (world, keys) = (World::new(), Keys::default());
    serve(&world, oidc());
    let rotated = signed(Some("g-2"), OTHER, &claims(oidc(), &[]));
    for _ in 0..5 {
        assert_eq!(verify(&world, &keys, oidc(), &rotated), Err(BearerError::UnknownKey));
    }
    // Known ones go on being believed.
    assert_eq!(verify(&world, &keys, oidc(), &google(oidc(), &[])), Ok(()));
    assert_eq!(world.script.asked().len(), 1);
    world.clock.advance(60_000);
    let n = other_modulus();
    world.script.on(OIDC, 200, &json!({"keys": [{"kty": "RSA", "kid": "g-2", "n": n, "e": "AQAB"}]}));
    assert_eq!(verify(&world, &keys, oidc(), &rotated), Ok(()));
    // The older one is withdrawn.
    assert_eq!(verify(&world, &keys, oidc(), &google(oidc(), &[])), Err(BearerError::UnknownKey));
    assert_eq!(world.script.asked().len(), 2);
}

fn other_modulus() -> String {
    let key = EncodingKey::from_rsa_pem(OTHER.as_bytes()).unwrap();
    let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
    serde_json::to_value(&jwk).unwrap()["n"].as_str().unwrap().to_owned()
}

#[test]
fn many_callbacks_at_once_make_one_fetch() {
    let (world, keys) = (World::new(), Keys::default());
    serve(&world, oidc());
    let authorization = format!("Bearer {}", google(oidc(), &[]));
    let endpoints = endpoints();
    let all = (0..8).map(|_| keys.verify(&world.ports, &endpoints, Some(&authorization), oidc(), NOW));
    assert!(block_on(join_all(all)).iter().all(Result::is_ok));
    assert_eq!(world.script.asked(), [OIDC]);
}

#[test]
fn keys_that_cannot_be_fetched_are_not_a_bad_token() {
    let answered =
        |status, body: &str| Ok(HttpResponse { status, headers: vec![], body: body.as_bytes().to_vec() });
    for answer in [
        Err(IoError::NoAnswer("reset".into())),
        Err(IoError::NotSent("refused".into())),
        answered(503, "{}"),
        answered(302, ""),
        answered(200, "<html>"),
        answered(200, "{}"),
        answered(200, r#"{"keys": []}"#),
        answered(200, r#"{"keys": [{"kty": "RSA", "kid": "g-1", "n": "!", "e": "AQAB"}]}"#),
        answered(200, r#"{"g-1": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}"#),
        answered(200, r#"{"g-1": 7}"#),
    ] {
        let (world, keys) = (World::new(), Keys::default());
        world.script.answer(OIDC, answer);
        let token = google(oidc(), &[]);
        for _ in 0..3 {
            let verified = verify(&world, &keys, oidc(), &token);
            assert!(matches!(verified, Err(BearerError::NoKeys(_))), "{verified:?}");
        }
        // Asked again soon, but not for every callback.
        assert_eq!(world.script.asked().len(), 1);
        world.clock.advance(10_000);
        serve(&world, oidc());
        assert_eq!(verify(&world, &keys, oidc(), &token), Ok(()));
    }
}

#[test]
fn a_certificate_cut_anywhere_is_no_key() {
    use base64::prelude::BASE64_STANDARD;
    let body: String = CERTIFICATE.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64_STANDARD.decode(body).unwrap();
    for end in 0..der.len() {
        let body = BASE64_STANDARD.encode(&der[..end]);
        let (world, keys) = (World::new(), Keys::default());
        let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----");
        world.script.on(CERTIFICATES, 200, &json!({"g-1": pem}));
        let token = google(project(), &[]);
        assert!(matches!(verify(&world, &keys, project(), &token), Err(BearerError::NoKeys(_))), "{end}");
    }
}
