use p256::ecdsa::{Signature, SigningKey, signature::Signer};

use super::*;
use crate::world::{Answer, Face, FaultKind, FaultTarget, FaultWhen, keys::testing::keys};

const NOW: i64 = 1_795_305_600_000;

fn b64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn sender() -> SigningKey {
    SigningKey::from_slice(&[5; 32]).unwrap()
}

fn public(key: &SigningKey) -> String {
    b64(key.verifying_key().to_encoded_point(false).as_bytes())
}

fn vapid(key: &SigningKey, claims: &Value) -> String {
    let input = format!("{}.{}", b64(r#"{"typ":"JWT","alg":"ES256"}"#), b64(claims.to_string()));
    let signature: Signature = key.sign(input.as_bytes());
    format!("vapid t={input}.{}, k={}", b64(signature.to_bytes()), public(key))
}

fn claims() -> Value {
    json!({"aud": "https://fcm.googleapis.com", "exp": NOW / 1_000 + 3_600, "sub": "mailto:a@b.jp"})
}

/// A subscribed world, and the path of the subscription.
fn world() -> (World, String) {
    let mut world = World::demo(1, keys());
    let given = world.push_subscribe("sato", &public(&sender())).unwrap();
    let path =
        given["endpoint"].as_str().unwrap().strip_prefix("https://fcm.googleapis.com").unwrap().to_owned();
    (world, path)
}

fn request(path: &str, authorization: &str, body: &[u8]) -> Request {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Request {
        method: "POST".into(),
        path: path.to_owned(),
        headers: vec![
            header("authorization", authorization),
            header("ttl", "60"),
            header("content-encoding", "aes128gcm"),
            header("urgency", "high"),
        ],
        body: body.to_vec(),
    }
}

fn status(world: &mut World, request: &Request) -> u16 {
    match world.http(Face::Push, request, NOW) {
        Answer::Reply { reply, .. } => reply.status,
        Answer::Silence { .. } => 0,
    }
}

/// RFC 8291 §5 and appendix A.
#[test]
fn the_example_of_the_rfc_is_opened() {
    let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let own = SecretKey::from_slice(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")).unwrap();
    let auth: [u8; 16] = bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap();
    let mut body = bytes(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w\
         EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
    );
    let plain = b"When I grow up, I want to be a watermelon".to_vec();
    assert_eq!(open::open(&body, &own, &auth), Some(plain));
    assert_eq!(open::open(&body, &own, &[0; 16]), None);
    for at in [0, 20, 40, body.len() - 1] {
        body[at] ^= 1;
        assert_eq!(open::open(&body, &own, &auth), None, "{at}");
        body[at] ^= 1;
    }
    assert_eq!(open::open(&body[..90], &own, &auth), None);
    assert_eq!(open::open(&[], &own, &auth), None);
}

#[test]
fn only_the_right_key_may_send() {
    let (mut world, path) = world();
    let other = SigningKey::from_slice(&[6; 32]).unwrap();
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        vapid(&sender(), &claims)
    };
    let mut forged = vapid(&sender(), &claims());
    let at = forged.find(", k=").unwrap() - 3;
    forged.replace_range(at..at + 1, if &forged[at..=at] == "A" { "B" } else { "A" });
    for (authorization, expected) in [
        (vapid(&sender(), &claims()), 201),
        (vapid(&other, &claims()), 403),
        (forged, 403),
        (with("aud", json!("https://evil.example")), 403),
        (with("exp", json!(NOW / 1_000)), 403),
        (with("exp", json!(NOW / 1_000 + 90_000)), 403),
        (with("sub", json!("todoke")), 403),
        (format!("WebPush {}", public(&sender())), 403),
        (String::new(), 403),
    ] {
        assert_eq!(status(&mut world, &request(&path, &authorization, b"x")), expected, "{authorization}");
    }
    // What is not for the device is taken by the service and shown by nobody.
    assert_eq!(
        (world.push_unreadable(), world.push_shown("sato").len(), world.push_total("sato")),
        (1, 0, 1)
    );
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let (mut world, path) = world();
    let good = request(&path, &vapid(&sender(), &claims()), b"x");
    let without = |name: &str| {
        let mut request = good.clone();
        request.headers.retain(|(key, _)| key != name);
        request
    };
    let mut changed = good.clone();
    changed.headers.push(("topic".into(), "with space".into()));
    let large = Request { body: vec![0; 4_097], ..good.clone() };
    let got = Request { method: "GET".into(), ..good.clone() };
    let unknown = Request { path: "/wp/nobody".into(), ..good.clone() };
    for (request, expected) in [
        (good.clone(), 201),
        (without("ttl"), 400),
        (without("authorization"), 401),
        (without("content-encoding"), 400),
        (changed, 400),
        (large, 413),
        (got, 405),
        (unknown, 404),
    ] {
        assert_eq!(status(&mut world, &request), expected, "{request:?}");
    }
    world.faults.add(FaultTarget::WebPush, FaultKind::TooManyRequests, FaultWhen::Count { times: 1 });
    assert_eq!(status(&mut world, &good), 429);
    assert!(world.push_unsubscribe(&path));
    assert_eq!(status(&mut world, &good), 410);
    assert!(!world.push_unsubscribe("/wp/nobody"));
    assert!(world.push_subscribe("nobody", &public(&sender())).is_err());
    assert!(world.push_subscribe("sato", "AAAA").is_err());
}
