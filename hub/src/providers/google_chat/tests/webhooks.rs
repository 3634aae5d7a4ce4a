use futures_executor::block_on;

use super::*;
use crate::{
    ports::{HttpResponse, IoError},
    providers::google_chat::webhook,
};

const URL: &str = "https://chat.googleapis.com/v1/spaces/AAAAtest/messages?key=AIzaKey&token=s3cret-Tok%3D";
const POST: &str = "POST /v1/spaces/AAAAtest/messages?key=AIzaKey&token=s3cret-Tok%3D&requestId=r-1";

fn send(world: &World, url: &str, thread: Option<&str>) -> Outcome {
    block_on(webhook::send(&*world.ports.http, &endpoints(), url, &card(), thread, "r-1"))
}

#[test]
fn a_message_is_posted_to_the_url_as_it_is() {
    let world = World::new();
    let answer =
        json!({"name": "spaces/AAAAtest/messages/m1.m1", "thread": {"name": "spaces/AAAAtest/threads/m1"}});
    world.script.on(POST, 200, &answer);
    let reference = Some("spaces/AAAAtest/messages/m1.m1".to_owned());
    assert_eq!(send(&world, URL, None), Outcome::Accepted { reference });
    assert_eq!(world.script.asked(), [POST]);
    assert_eq!(world.script.sent(0), card());
    let headers = world.script.request(0).headers;
    assert_eq!(headers, [("content-type", "application/json; charset=UTF-8".to_owned())]);
}

#[test]
fn the_real_host_is_the_default() {
    let defaults = Endpoints::default();
    assert_eq!(defaults.chat, "https://chat.googleapis.com");
    assert_eq!(defaults.oauth, "https://oauth2.googleapis.com");
    assert_eq!(defaults.keys, "https://www.googleapis.com");
}

#[test]
fn a_thread_is_a_key_or_a_name() {
    for (thread, expected) in [
        ("ev_1", json!({"threadKey": "ev_1"})),
        ("spaces/AAAAtest/threads/m1", json!({"name": "spaces/AAAAtest/threads/m1"})),
        (&"鍵".repeat(5_000), json!({"threadKey": "鍵".repeat(4_000)})),
    ] {
        let world = World::new();
        let post = format!("{POST}&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD");
        world.script.on(&post, 200, &json!({}));
        assert_eq!(send(&world, URL, Some(thread)), Outcome::Accepted { reference: None });
        assert_eq!(world.script.asked(), [post]);
        let mut body = card();
        body["thread"] = expected;
        assert_eq!(world.script.sent(0), body);
    }
}

#[test]
fn nothing_is_sent_to_another_place() {
    for url in [
        "",
        "http://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t",
        "https://chat.googleapis.com.evil.test/v1/spaces/A/messages?key=k&token=t",
        "https://chat.googleapis.com@127.0.0.1/v1/spaces/A/messages?key=k&token=t",
        "https://chat.googleapis.com/v1/spaces/../../x/messages?key=k&token=t",
        "https://127.0.0.1/v1/spaces/A/messages?key=k&token=t",
        "https://chat.test/v1/spaces/A/messages?key=k&token=t",
    ] {
        let world = World::new();
        assert_eq!(
            shape(&send(&world, url, None)),
            rejected(CauseCode::UnknownRecipient, Effect::AddressBroken),
            "{url}"
        );
        assert_eq!(world.script.asked(), [""; 0]);
        assert_eq!(webhook::space(url), None);
    }
    assert_eq!(webhook::space(URL), Some("AAAAtest"));
}

#[test]
fn every_answer_has_its_outcome() {
    use CauseCode as Code;
    let broken = rejected(Code::UnknownRecipient, Effect::AddressBroken);
    let refused = rejected(Code::MessageRefused, Effect::None);
    let bare = json!({"code": 403, "message": "m", "status": "PERMISSION_DENIED"});
    let html = json!("<html>Error 404</html>");
    for (status, body, expected) in [
        (200, json!({}), ACCEPTED),
        (200, Value::Null, ACCEPTED),
        (301, Value::Null, rejected(Code::ProviderError, Effect::None)),
        (302, Value::Null, rejected(Code::ProviderError, Effect::None)),
        (400, error(400, "INVALID_ARGUMENT", "", "Unknown field"), refused),
        (400, error(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "m"), broken),
        (400, Value::Null, refused),
        (413, Value::Null, refused),
        (401, error(401, "UNAUTHENTICATED", "", "m"), broken),
        (403, error(403, "PERMISSION_DENIED", "", "m"), broken),
        (403, bare, broken),
        (404, error(404, "NOT_FOUND", "", "m"), broken),
        (404, html, broken),
        (408, Value::Null, retry(Code::ProviderError)),
        (409, error(409, "ALREADY_EXISTS", "", "m"), ACCEPTED),
        (429, error(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "m"), retry(Code::RateLimited)),
        (500, error(500, "INTERNAL", "", "m"), retry(Code::ProviderError)),
        (503, error(503, "UNAVAILABLE", "", "m"), retry(Code::ProviderError)),
        (502, json!("<html>"), UNCERTAIN),
        (504, error(504, "DEADLINE_EXCEEDED", "", "m"), UNCERTAIN),
    ] {
        let world = World::new();
        world.script.on(POST, status, &body);
        assert_eq!(shape(&send(&world, URL, None)), expected, "{status} {body}");
        world.script.asked();
    }
}

#[test]
fn lost_exchanges_are_told_apart() {
    for (lost, expected) in [
        (IoError::NotSent("refused".into()), retry(CauseCode::NotConnected)),
        (IoError::NoAnswer("reset".into()), ("uncertain", Some(CauseCode::NoAnswer), None)),
    ] {
        let world = World::new();
        world.script.answer(POST, Err(lost));
        assert_eq!(shape(&send(&world, URL, None)), expected);
    }
}

#[test]
fn a_wait_is_obeyed_where_one_is_asked_for() {
    for (headers, wait) in [(vec![], None), (vec![("retry-after".to_owned(), "7".to_owned())], Some(7_000))] {
        let world = World::new();
        world.script.answer(POST, Ok(HttpResponse { status: 429, headers, body: vec![] }));
        let Outcome::Retry { after_ms, .. } = send(&world, URL, None) else { panic!() };
        assert_eq!(after_ms, wait);
    }
}

#[test]
fn no_part_of_the_url_comes_back_in_words() {
    let words = format!("no {URL} (AIzaKey, s3cret-Tok%3D, s3cret-Tok=)");
    let rest = URL.strip_prefix("https://chat.googleapis.com").unwrap();
    let here = format!("https://chat.test{rest}&requestId=r-1 does not resolve");
    for answer in [
        Ok(HttpResponse {
            status: 403,
            headers: vec![],
            body: error(403, "PERMISSION_DENIED", "", &words).to_string().into_bytes(),
        }),
        Err(IoError::NotSent(words.clone())),
        Err(IoError::NoAnswer(here)),
    ] {
        let world = World::new();
        world.script.answer(POST, answer);
        let shown = format!("{:?}", send(&world, URL, None));
        assert!(!shown.contains("s3cret") && !shown.contains("AIza"), "{shown}");
        assert!(shown.contains("***"), "{shown}");
    }
}
