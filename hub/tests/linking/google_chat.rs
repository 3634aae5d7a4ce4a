//! Google Chat by a webhook URL: where it may lead, and that the URL is kept in the vault only.

use hub::{
    ports::{HttpResponse, IoError},
    providers::google_chat,
};
use serde_json::{Value, json};
use shared::integration::GoogleChatForm;

use crate::{stage::Stage, world::World};

const URL: &str = "https://chat.googleapis.com/v1/spaces/AAAAtest/messages?key=k-1&token=t0ken%3D";
const POST: &str = "POST chat.googleapis.com/v1/spaces/AAAAtest/messages";
const TARGET: &str = "/api/me/channels/google_chat";

fn connect(world: &mut World, webhooks: bool) {
    let form = GoogleChatForm { webhooks, ..GoogleChatForm::default() };
    let (settings, secret) = google_chat::split(&form).unwrap();
    let (settings, secret) = (serde_json::to_value(settings).unwrap(), serde_json::to_value(secret).unwrap());
    world.connect("google_chat", 8, &settings, &secret);
}

fn stage() -> Stage {
    Stage::new(|world| connect(world, true))
}

fn link(stage: &mut Stage, url: &str) -> crate::world::Back {
    let sato = stage.sato.clone();
    stage.world.put(&sato, TARGET, &json!({ "url": url }))
}

fn nothing_kept(stage: &Stage) {
    assert_eq!((stage.address(&stage.member, "google_chat").as_str(), stage.named_secrets().len()), ("", 0));
}

#[test]
fn a_url_is_tried_and_kept_out_of_the_store() {
    let mut stage = stage();
    stage.providers.on(POST, 200, &json!({"name": "spaces/AAAAtest/messages/m1"}));
    let back = link(&mut stage, &format!(" {URL}\n"));
    assert_eq!(back.status, 200, "{back:?}");
    let card = &back.json["channels"][0];
    assert_eq!(
        (&card["channel"], &card["address"], &card["state"]),
        (&json!("google_chat"), &json!("AAAAtest"), &json!("linked"))
    );
    let asked = stage.providers.asked();
    assert!(asked[0].url.starts_with(&format!("{URL}&requestId=")), "{}", asked[0].url);
    let text = String::from_utf8_lossy(&asked[0].body).into_owned();
    assert!(text.contains("連携が完了しました"), "{text}");
    let address = stage.address(&stage.member, "google_chat");
    assert!(address.starts_with("webhook:AAAAtest:") && address.ends_with(" linked AAAAtest"), "{address}");
    assert_eq!(stage.named_secrets().len(), 1);
    for secret in ["t0ken", "k-1"] {
        stage.kept_quiet(secret);
        assert!(!back.json.to_string().contains(secret));
    }

    // The card's switch goes the same way as the URL.
    let sato = stage.sato.clone();
    let back = stage.world.put(&sato, TARGET, &json!({"on": false}));
    assert_eq!((back.status, &back.json["channels"][0]["on"]), (200, &json!(false)));
    assert_eq!(stage.world.put(&sato, TARGET, &json!({})).refusal(), (400, "required", "on"));
}

#[test]
fn a_notice_goes_to_the_kept_url() {
    let mut stage = stage();
    stage.providers.on(POST, 200, &json!({}));
    assert_eq!(link(&mut stage, URL).status, 200);
    stage.providers.asked();
    let sato = stage.sato.clone();
    stage.providers.on(POST, 200, &json!({}));
    let back = stage.world.post(&sato, "/api/me/channels/google_chat/test", &Value::Null);
    assert_eq!(back.status, 202, "{back:?}");
    stage.world.work();
    assert!(stage.providers.asked()[0].url.starts_with(URL));
}

#[test]
fn a_url_that_leads_elsewhere_is_never_opened() {
    let mut stage = stage();
    for url in [
        "https://evil.example/v1/spaces/AAAAtest/messages?key=k&token=t",
        "https://169.254.169.254/v1/spaces/AAAAtest/messages?key=k&token=t",
        "http://127.0.0.1:8787/v1/spaces/AAAAtest/messages?key=k&token=t",
        "https://chat.googleapis.com@evil.example/v1/spaces/AAAAtest/messages?key=k&token=t",
        "https://chat.googleapis.com.evil.example/v1/spaces/AAAAtest/messages?key=k&token=t",
        "https://chat.googleapis.com/v1/spaces/../messages?key=k&token=t",
        "https://chat.googleapis.com/v1/spaces/AAAAtest/messages?key=k",
        "http://chat.googleapis.com/v1/spaces/AAAAtest/messages?key=k&token=t",
        "spaces/AAAAtest",
    ] {
        assert_eq!(link(&mut stage, url).refusal(), (400, "not_a_google_chat_webhook", "url"), "{url}");
    }
    assert_eq!(link(&mut stage, " ").refusal(), (400, "required", "url"));
    assert!(stage.providers.asked().is_empty());
    nothing_kept(&stage);
}

#[test]
fn a_url_that_does_not_work_is_not_kept_and_says_why() {
    let redirect = HttpResponse {
        status: 302,
        headers: vec![("location".into(), "https://evil.example/".into())],
        body: vec![],
    };
    let error = |status: u16, word: &str| {
        let body = json!({"error": {"code": status, "status": word, "message": "no t0ken= k-1"}});
        HttpResponse { status, headers: vec![], body: body.to_string().into_bytes() }
    };
    for (answer, words) in [
        (Ok(redirect), "an error of its own"),
        (Ok(error(403, "PERMISSION_DENIED")), "does not exist"),
        (Ok(error(404, "NOT_FOUND")), "does not exist"),
        (Ok(error(429, "RESOURCE_EXHAUSTED")), "rate limit"),
        (Ok(error(500, "INTERNAL")), "an error of its own"),
        (Err(IoError::NotSent("no route".into())), "could not be reached"),
        (Err(IoError::NoAnswer("timeout".into())), "did not answer"),
    ] {
        let mut stage = stage();
        // Errors are told in the language of the person.
        let sato = stage.sato.clone();
        stage.world.put(&sato, "/api/me/language", &json!({"language": "en"}));
        stage.providers.answer(POST, answer);
        let back = link(&mut stage, URL);
        assert_eq!(back.refusal(), (422, "connection_failed", "url"));
        let message = back.json["message"].as_str().unwrap();
        assert!(
            message.contains(words) && !message.contains("t0ken") && !message.contains("k-1"),
            "{message}"
        );
        assert_eq!(stage.providers.asked().len(), 1);
        nothing_kept(&stage);
        stage.kept_quiet("t0ken");
    }
}

#[test]
fn a_new_url_takes_the_old_one_s_place_and_unlinking_forgets_it() {
    let mut stage = stage();
    stage.providers.on(POST, 200, &json!({}));
    link(&mut stage, URL);
    let first = stage.named_secrets();
    stage.providers.on("POST chat.googleapis.com/v1/spaces/B_2/messages", 200, &json!({}));
    let second = "https://chat.googleapis.com/v1/spaces/B_2/messages?key=k&token=t";
    assert_eq!(link(&mut stage, second).status, 200);
    assert!(stage.named_secrets().len() == 1 && stage.named_secrets() != first);
    // One that fails leaves the one that works.
    stage.providers.on(POST, 403, &json!({}));
    assert_eq!(link(&mut stage, URL).status, 422);
    assert!(stage.address(&stage.member, "google_chat").ends_with(" linked B_2"));
    assert_eq!(stage.named_secrets().len(), 1);
    let sato = stage.sato.clone();
    assert_eq!(stage.world.delete(&sato, TARGET).status, 200);
    nothing_kept(&stage);
    stage.providers.asked();
}

#[test]
fn webhooks_must_be_allowed_and_other_channels_take_no_url() {
    let mut stage = Stage::new(|world| connect(world, false));
    assert_eq!(link(&mut stage, URL).refusal(), (409, "not_connected", "url"));
    let sato = stage.sato.clone();
    let back = stage.world.put(&sato, "/api/me/channels/email", &json!({ "url": URL }));
    assert_eq!(back.refusal(), (400, "unknown_field", "url"));
    let mut bare = Stage::new(|_| ());
    assert_eq!(link(&mut bare, URL).refusal(), (409, "not_connected", "channel"));
    assert!(bare.providers.asked().is_empty() && stage.providers.asked().is_empty());
}
