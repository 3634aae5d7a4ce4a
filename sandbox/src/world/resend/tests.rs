use serde_json::{Value, json};

use super::super::keys::testing::keys;
use super::super::{Answer, Face, FaultKind, FaultTarget, FaultWhen, Reply, Request, World};

fn request(key: Option<&str>, body: &Value) -> Request {
    let mut headers = vec![("Authorization".to_owned(), "Bearer re_sandbox_key".to_owned())];
    headers.extend(key.map(|key| ("Idempotency-Key".to_owned(), key.to_owned())));
    Request { method: "POST".into(), path: "/emails".into(), headers, body: body.to_string().into_bytes() }
}

fn mail() -> Value {
    json!({"from": "通知 <n@minato.example>", "to": "sato@minato.example", "subject": "s", "text": "t"})
}

fn with(field: &str, value: Value) -> Value {
    let mut mail = mail();
    mail.as_object_mut().unwrap().insert(field.into(), value);
    mail
}

fn post(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    match world.http(Face::Resend, request, now_ms) {
        Answer::Reply { reply, .. } => reply,
        Answer::Silence { .. } => panic!("silent"),
    }
}

fn name(reply: &Reply) -> (u16, String) {
    (reply.status, reply.body_json()["name"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn delivers_to_every_recipient() {
    let mut world = World::demo(1, keys());
    let mut body = with("to", json!(["sato@minato.example", "X <x@bounce.example>"]));
    body["bcc"] = json!("Ito@minato.example");
    body["headers"] = json!({"Auto-Submitted": "auto-generated"});
    let reply = post(&mut world, &request(None, &body), 0);
    assert_eq!(reply.status, 200);
    assert!(reply.body_json()["id"].is_string());
    assert_eq!(reply.header("ratelimit-policy"), Some("2;w=1"));
    assert_eq!(reply.header("ratelimit-remaining"), Some("1"));
    let mails = world.mails("sato@minato.example");
    assert_eq!(mails[0].from, "通知 <n@minato.example>");
    assert_eq!(mails[0].header("auto-submitted"), Some("auto-generated"));
    assert_eq!(world.mails("ito@minato.example").len(), 1);
    assert!(world.mails("x@bounce.example").is_empty());
}

#[test]
fn refuses_by_the_schema() {
    let mut world = World::demo(1, keys());
    let many: Vec<String> = (0..51).map(|n| format!("a{n}@a.example")).collect();
    for (body, status, error) in [
        (with("from", Value::Null), 422, "missing_required_field"),
        (with("from", json!("nobody")), 422, "invalid_from_address"),
        (with("from", json!("a@unverified.example")), 403, "validation_error"),
        (with("to", json!([])), 422, "missing_required_field"),
        (with("to", json!(many)), 422, "invalid_parameter"),
        (with("to", json!("no address")), 422, "invalid_parameter"),
        (with("subject", Value::Null), 422, "missing_required_field"),
        (with("subject", json!("a\r\nBcc: b@c.example")), 422, "invalid_parameter"),
        (with("text", Value::Null), 422, "missing_required_field"),
        (with("headers", json!({"X-A": "a\nb"})), 422, "invalid_parameter"),
        (with("headers", json!({"X:A": "a"})), 422, "invalid_parameter"),
        (json!("text"), 400, "validation_error"),
    ] {
        assert_eq!(name(&post(&mut world, &request(None, &body), 0)), (status, error.into()), "{body}");
    }
    assert_eq!(world.mailboxes().count(), 0);
    let mut wrong = request(None, &mail());
    wrong.headers[0].1 = "Bearer re_other".into();
    assert_eq!(name(&post(&mut world, &wrong, 0)), (403, "invalid_api_key".into()));
    wrong.headers.clear();
    assert_eq!(name(&post(&mut world, &wrong, 0)), (401, "missing_api_key".into()));
    let long = "k".repeat(257);
    assert_eq!(
        name(&post(&mut world, &request(Some(&long), &mail()), 0)),
        (400, "invalid_idempotency_key".into())
    );
}

#[test]
fn a_key_gives_the_first_answer_again_for_a_day() {
    let mut world = World::demo(1, keys());
    let first = post(&mut world, &request(Some("k"), &mail()), 0);
    let again = post(&mut world, &request(Some("k"), &mail()), 10_000);
    assert_eq!((first.status, &first.body), (200, &again.body));
    assert_eq!(world.mails("sato@minato.example").len(), 1);
    let other = post(&mut world, &request(Some("k"), &with("subject", json!("x"))), 20_000);
    assert_eq!(name(&other), (409, "invalid_idempotent_request".into()));
    let next_day = post(&mut world, &request(Some("k"), &mail()), 86_400_000);
    assert_ne!(next_day.body, first.body);
    assert_eq!(world.mails("sato@minato.example").len(), 2);
}

#[test]
fn a_slow_request_is_still_running() {
    let mut world = World::demo(1, keys());
    world.faults.add(FaultTarget::Resend, FaultKind::Slow { ms: 5_000 }, FaultWhen::Count { times: 1 });
    let slow = world.http(Face::Resend, &request(Some("k"), &mail()), 0);
    assert!(matches!(slow, Answer::Reply { after_ms: 5_000, .. }));
    let during = post(&mut world, &request(Some("k"), &mail()), 4_000);
    assert_eq!(name(&during), (409, "concurrent_idempotent_requests".into()));
    assert_eq!(post(&mut world, &request(Some("k"), &mail()), 5_000).status, 200);
}

#[test]
fn a_timeout_after_acceptance_keeps_the_key() {
    let mut world = World::demo(1, keys());
    world.faults.add(FaultTarget::Resend, FaultKind::TimeoutAfter, FaultWhen::Count { times: 1 });
    let silent = world.http(Face::Resend, &request(Some("k"), &mail()), 0);
    assert_eq!(silent, Answer::Silence { accepted: true });
    assert_eq!(post(&mut world, &request(Some("k"), &mail()), 1_000).status, 200);
    assert_eq!(world.mails("sato@minato.example").len(), 1);
}

#[test]
fn the_third_mail_of_a_second_waits() {
    let mut world = World::demo(1, keys());
    let statuses: Vec<u16> =
        [0, 500, 999, 1_000].map(|now| post(&mut world, &request(None, &mail()), now).status).to_vec();
    assert_eq!(statuses, [200, 200, 429, 200]);
}
