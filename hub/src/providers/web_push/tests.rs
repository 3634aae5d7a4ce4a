use std::rc::Rc;

use futures_executor::block_on;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use p256::{PublicKey, elliptic_curve::sec1::ToEncodedPoint};
use serde_json::Value;
use shared::{delivery::Cause, time::HOUR};

use super::*;
use crate::{
    native::VirtualClock,
    ports::HttpResponse,
    providers::script::{Script, ports},
};

/// Of `https://…`, as the tests' script names it.
const SANDBOX: &str = "https://push.test/p";
/// A day in 2026.
const NOW: i64 = 1_795_305_600_000;

struct World {
    script: Rc<Script>,
    clock: Rc<VirtualClock>,
    client: Client,
}

fn world() -> World {
    let (script, clock) = (Rc::<Script>::default(), VirtualClock::at(NOW));
    let ports = ports(&script, &clock);
    let (settings, secret) = block_on(new_key(&ports)).unwrap();
    let client = Client::new(&ports, Some(SANDBOX.into()), "https://todoke.example", settings, &secret);
    World { script, clock, client }
}

fn subscription(endpoint: &str) -> Subscription {
    let key = p256::SecretKey::from_slice(&[7; 32]).unwrap();
    let p256dh = key.public_key().to_encoded_point(false).as_bytes().to_vec();
    Subscription { endpoint: endpoint.into(), p256dh, auth: vec![9; 16] }
}

fn send(world: &World, endpoint: &str) -> Outcome {
    let push = Push { payload: r#"{"title":"t"}"#, urgency: Urgency::Critical, topic: "task-1" };
    block_on(world.client.send(&subscription(endpoint), push))
}

fn header(world: &World, index: usize, name: &str) -> String {
    let request = world.script.request(index);
    let found = request.headers.into_iter().find(|(key, _)| *key == name);
    found.unwrap_or_else(|| panic!("no {name}")).1
}

#[test]
fn a_push_has_all_that_a_service_asks_for() {
    let world = world();
    world.script.on("POST /p/device-1", 201, &Value::Null);
    assert_eq!(send(&world, &format!("{SANDBOX}/device-1")), Outcome::Accepted { reference: None });
    assert_eq!(world.script.asked(), ["POST /p/device-1"]);
    for (name, value) in [
        ("content-encoding", "aes128gcm"),
        ("content-type", "application/octet-stream"),
        ("ttl", "345600"),
        ("urgency", "high"),
        ("topic", &endpoint::topic("task-1")),
    ] {
        assert_eq!(header(&world, 0, name), value, "{name}");
    }
    let body = world.script.request(0).body;
    assert!(body.len() == 86 + 13 + 17 && !body.windows(5).any(|part| part == b"title"), "{}", body.len());
}

#[test]
fn the_key_s_token_says_who_sends_to_whom_and_until_when() {
    let world = world();
    world.script.on("POST /p/device-1", 201, &Value::Null);
    send(&world, &format!("{SANDBOX}/device-1"));
    let header = header(&world, 0, "authorization");
    let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, world.client.settings.public_key);
    let point = PublicKey::from_sec1_bytes(&BASE64_URL_SAFE_NO_PAD.decode(key).unwrap()).unwrap();
    let point = point.to_encoded_point(false);
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let key =
        DecodingKey::from_ec_components(&encode(point.x().unwrap()), &encode(point.y().unwrap())).unwrap();
    let mut rules = Validation::new(Algorithm::ES256);
    rules.set_audience(&["https://push.test"]);
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(token, &key, &rules).unwrap().claims;
    assert_eq!(
        claims,
        serde_json::json!({"aud": "https://push.test", "exp": (NOW + 12 * HOUR) / 1_000, "sub": "https://todoke.example"})
    );
}

#[test]
fn a_token_is_made_once_for_each_service_and_again_before_it_ends() {
    let world = world();
    for (after, same) in [(0, true), (10 * HOUR, true), (2 * HOUR, false)] {
        world.clock.advance(after);
        for _ in 0..2 {
            world.script.on("POST /p/d", 201, &Value::Null);
            send(&world, &format!("{SANDBOX}/d"));
        }
        let last = world.script.seen.borrow().len() - 1;
        let unchanged = header(&world, 0, "authorization") == header(&world, last, "authorization");
        assert_eq!(unchanged, same, "{after}");
        assert_eq!(header(&world, last, "authorization"), header(&world, last - 1, "authorization"));
    }
}

#[test]
fn nothing_goes_to_another_place() {
    let world = world();
    for endpoint in ["https://evil.test/p/a", "http://127.0.0.1/a", "", "https://push.test/p/../control"] {
        let Outcome::Rejected { effect, .. } = send(&world, endpoint) else { panic!("{endpoint}") };
        assert_eq!(effect, Effect::AddressBroken);
    }
    assert_eq!(world.script.asked(), Vec::<String>::new());
}

/// The platform does not say why it did not seal: it is no reason to forget a device.
#[test]
fn what_cannot_be_sealed_now_is_tried_again() {
    let world = world();
    let mut to = subscription(&format!("{SANDBOX}/d"));
    to.p256dh[10] ^= 1;
    let push = Push { payload: "{}", urgency: Urgency::Low, topic: "task-1" };
    let Outcome::Retry { cause, .. } = block_on(world.client.send(&to, push)) else { panic!("given up") };
    assert_eq!(cause.code, CauseCode::DeviceNotReached);
    assert_eq!(world.script.asked(), Vec::<String>::new());
}

#[test]
fn a_device_that_is_gone_is_told_apart_and_the_endpoint_is_not_repeated() {
    let world = world();
    let endpoint = format!("{SANDBOX}/d");
    let body = format!("unknown {endpoint}").into_bytes();
    world.script.answer("POST /p/d", Ok(HttpResponse { status: 410, headers: vec![], body }));
    assert_eq!(
        send(&world, &endpoint),
        Outcome::Rejected {
            cause: Cause::new(CauseCode::UnknownRecipient, "HTTP 410 unknown ***"),
            effect: Effect::AddressBroken
        }
    );
}

#[test]
fn keys_are_read_as_browsers_write_them() {
    let point = BASE64_URL_SAFE_NO_PAD.encode([&[4][..], &[1; 64]].concat());
    let auth = BASE64_URL_SAFE_NO_PAD.encode([2; 16]);
    assert!(
        read_keys(&point, &auth).is_some() && read_keys(&format!("{point}="), &format!("{auth}==")).is_some()
    );
    let compressed = BASE64_URL_SAFE_NO_PAD.encode([2; 33]);
    let other = BASE64_URL_SAFE_NO_PAD.encode([2; 65]);
    for (p256dh, auth) in [
        ("", auth.as_str()),
        (compressed.as_str(), auth.as_str()),
        (other.as_str(), auth.as_str()),
        (point.as_str(), ""),
        (point.as_str(), "AAAA"),
        ("*", auth.as_str()),
    ] {
        assert!(read_keys(p256dh, auth).is_none(), "{p256dh} {auth}");
    }
}

#[test]
fn nothing_secret_is_printed() {
    let world = world();
    let secret = WebPushSecret { private_key: "s3cret".into() };
    let shown = format!("{:?} {:?} {secret:?}", world.client, subscription("https://x/s3cret"));
    assert!(!shown.contains("s3cret") && !shown.contains('9'), "{shown}");
}
