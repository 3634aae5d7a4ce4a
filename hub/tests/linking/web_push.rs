//! Notifications on people's own devices: whose browser may subscribe, that nothing secret is in the store, and what
//! becomes of devices that are gone.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Method;
use hub::ports::{HttpResponse, IoError};
use serde_json::{Value, json};

use crate::{
    stage::Stage,
    world::{Back, PAGES, World},
};

const TARGET: &str = "/api/me/channels/web_push";
const DEVICES: &str = "/api/me/channels/web_push/devices";
const PHONE: &str = "https://fcm.googleapis.com/fcm/send/phone-s3cret";
const LAPTOP: &str = "https://updates.push.services.mozilla.com/wpush/v2/laptop-s3cret";

fn stage() -> Stage {
    Stage::new(|_: &mut World| ())
}

/// A point of the curve, as a browser gives one.
fn point() -> String {
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4".to_owned()
}

fn subscription(endpoint: &str) -> Value {
    json!({"push": {"endpoint": endpoint, "p256dh": point(), "auth": BASE64_URL_SAFE_NO_PAD.encode([1; 16])}})
}

fn begin(stage: &mut Stage, cookie: &str) -> String {
    let back = stage.world.post(cookie, &format!("{TARGET}/link"), &json!({}));
    assert_eq!(back.status, 200, "{back:?}");
    back.json["key"].as_str().unwrap().to_owned()
}

fn add(stage: &mut Stage, cookie: &str, endpoint: &str) -> Back {
    begin(stage, cookie);
    stage.world.put(cookie, TARGET, &subscription(endpoint))
}

fn sato(stage: &Stage) -> String {
    stage.sato.clone()
}

fn card(stage: &mut Stage, cookie: &str) -> Value {
    let back = stage.world.get(cookie, "/api/me/settings");
    let cards = back.json["channels"].as_array().unwrap().clone();
    cards.into_iter().find(|card| card["channel"] == "web_push").expect("a card")
}

fn devices(stage: &mut Stage, cookie: &str) -> Vec<Value> {
    stage.world.get(cookie, DEVICES).json.as_array().unwrap().clone()
}

/// The integration as an admin sees it.
fn integration(stage: &mut Stage) -> Value {
    let owner = stage.owner.clone();
    let shown = stage.world.get(&owner, "/api/integrations").json;
    shown.as_array().unwrap().iter().find(|one| one["provider"] == "web_push").unwrap().clone()
}

fn erasing(member: &str) -> String {
    format!("/api/v1/members/{member}?confirm=%E4%BD%90%E8%97%A4%20%E8%8A%B1%E5%AD%90")
}

fn test_send(stage: &mut Stage) -> Value {
    let cookie = sato(stage);
    let back = stage.world.post(&cookie, &format!("{TARGET}/test"), &Value::Null);
    assert_eq!(back.status, 202, "{back:?}");
    stage.world.work();
    let id = back.id();
    stage.world.get(&cookie, &format!("/api/me/notices/{id}")).json
}

#[test]
fn the_key_is_made_once_and_kept_out_of_the_store() {
    let mut stage = stage();
    let cookie = sato(&stage);
    assert_eq!(card(&mut stage, &cookie)["address"], Value::Null);
    let early = stage.world.put(&cookie, TARGET, &subscription(PHONE));
    assert_eq!(early.refusal(), (409, "not_connected", "channel"));
    let key = begin(&mut stage, &cookie);
    assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(&key).unwrap().len(), 65);
    let owner = stage.owner.clone();
    assert_eq!(begin(&mut stage, &owner), key);
    let own = integration(&mut stage);
    assert_eq!(own["settings"], json!({"provider": "web_push", "public_key": key}));
    assert_eq!(own["callback_url"], Value::Null);
    // Its key is nobody's to give, and there is no form.
    let path = format!("/api/integrations/{}/secret", own["id"].as_str().unwrap());
    assert_eq!(stage.world.put(&owner, &path, &json!({"private_key": "x"})).code(), "not_allowed");
    assert_eq!(
        stage.world.post(&owner, "/api/integrations", &json!({"provider": "web_push", "form": {}})).status,
        400
    );
    let secrets = stage.kv.entries.borrow().keys().filter(|place| place.contains("secret/")).count();
    // Mail's, and this one.
    assert_eq!(secrets, 2);
    assert_eq!(stage.world.count("SELECT count(*) FROM audit WHERE action = 'integration.connected'"), "1");
}

#[test]
fn a_browser_that_subscribes_is_a_device_with_a_name() {
    let mut stage = stage();
    let cookie = sato(&stage);
    begin(&mut stage, &cookie);
    let agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";
    let headers = [("cookie", cookie.as_str()), ("origin", PAGES), ("user-agent", agent)];
    let back = stage.world.send(Method::PUT, TARGET, &headers, &subscription(PHONE));
    assert_eq!(back.status, 200, "{back:?}");
    let own = card(&mut stage, &cookie);
    assert_eq!(
        (&own["address"], &own["state"], &own["on"]),
        (&json!("Chrome (Android)"), &json!("linked"), &json!(true))
    );
    // The same browser again is the same device.
    assert_eq!(add(&mut stage, &cookie, PHONE).status, 200);
    assert_eq!(add(&mut stage, &cookie, LAPTOP).status, 200);
    assert_eq!((devices(&mut stage, &cookie).len(), stage.named_secrets().len()), (2, 2));
    for secret in ["s3cret", "fcm.googleapis", &point()] {
        stage.kept_quiet(secret);
        let query =
            format!("SELECT count(*) FROM push_devices WHERE instr(id || name || secret, '{secret}') > 0");
        assert_eq!(stage.world.count(&query), "0");
        assert!(!back.json.to_string().contains(secret));
    }
    // The switch is the card's, as everywhere.
    let back = stage.world.put(&cookie, TARGET, &json!({"on": false}));
    assert_eq!(back.status, 200, "{back:?}");
    assert_eq!(card(&mut stage, &cookie)["on"], json!(false));
}

#[test]
fn a_notice_goes_to_every_device_and_says_nothing_on_the_way() {
    let mut stage = stage();
    let cookie = sato(&stage);
    add(&mut stage, &cookie, PHONE);
    add(&mut stage, &cookie, LAPTOP);
    stage.providers.on("POST fcm.googleapis.com/fcm/send/phone-s3cret", 201, &Value::Null);
    stage.providers.on("POST updates.push.services.mozilla.com/wpush/v2/laptop-s3cret", 201, &Value::Null);
    assert_eq!(test_send(&mut stage)["row"]["state"], "sent");
    for request in stage.providers.asked() {
        let text = String::from_utf8_lossy(&request.body).into_owned();
        assert!(!text.contains("title") && !text.contains("テスト"), "readable");
        let authorization = &request.headers.iter().find(|(name, _)| *name == "authorization").unwrap().1;
        assert!(
            authorization.starts_with("vapid t=ey") && authorization.contains(", k=B"),
            "{authorization}"
        );
    }
}

#[test]
fn a_browser_leads_nowhere_else() {
    let mut stage = stage();
    let cookie = sato(&stage);
    begin(&mut stage, &cookie);
    for endpoint in [
        "https://evil.example/fcm/send/a",
        "http://fcm.googleapis.com/fcm/send/a",
        "https://fcm.googleapis.com:8443/fcm/send/a",
        "https://user:pass@fcm.googleapis.com/fcm/send/a",
        "https://fcm.googleapis.com.evil.example/a",
        "https://fcm.googleapis.com@evil.example/a",
        "https://169.254.169.254/latest",
        "http://127.0.0.1:8788/push/a",
        "javascript:alert(1)",
    ] {
        let back = stage.world.put(&cookie, TARGET, &subscription(endpoint));
        assert_eq!(back.refusal(), (400, "unknown_push_service", "push.endpoint"), "{endpoint}");
    }
    assert_eq!(
        stage.world.put(&cookie, TARGET, &subscription("")).refusal(),
        (400, "required", "push.endpoint")
    );
    let mut short = subscription(PHONE);
    short["push"]["auth"] = "AAAA".into();
    assert_eq!(stage.world.put(&cookie, TARGET, &short).refusal(), (400, "wrong_type", "push.p256dh"));
    let mut off_the_curve = subscription(PHONE);
    off_the_curve["push"]["p256dh"] = BASE64_URL_SAFE_NO_PAD.encode([&[4][..], &[1; 64]].concat()).into();
    let back = stage.world.put(&cookie, TARGET, &off_the_curve);
    assert_eq!(back.refusal(), (400, "wrong_type", "push.p256dh"));
    let mut more = subscription(PHONE);
    more["push"]["name"] = "x".into();
    assert_eq!(stage.world.put(&cookie, TARGET, &more).code(), "unknown_field");
    let elsewhere = stage.world.put(&cookie, "/api/me/channels/slack", &subscription(PHONE));
    assert_eq!(elsewhere.refusal(), (400, "unknown_field", "push"));
    assert_eq!(stage.world.put("", TARGET, &subscription(PHONE)).status, 401);
    assert_eq!((stage.named_secrets().len(), devices(&mut stage, &cookie).len()), (0, 0));
}

#[test]
fn a_device_that_is_gone_is_forgotten_and_the_last_one_breaks_the_address() {
    let mut stage = stage();
    let cookie = sato(&stage);
    add(&mut stage, &cookie, PHONE);
    add(&mut stage, &cookie, LAPTOP);
    stage.providers.on("POST fcm.googleapis.com/fcm/send/phone-s3cret", 410, &Value::Null);
    stage.providers.on("POST updates.push.services.mozilla.com/wpush/v2/laptop-s3cret", 201, &Value::Null);
    assert_eq!(test_send(&mut stage)["row"]["state"], "sent");
    assert_eq!((devices(&mut stage, &cookie).len(), stage.named_secrets().len()), (1, 1));
    assert_eq!(card(&mut stage, &cookie)["state"], "linked");

    stage.providers.on("POST updates.push.services.mozilla.com/wpush/v2/laptop-s3cret", 404, &Value::Null);
    let row = test_send(&mut stage)["row"].clone();
    assert_eq!((&row["state"], &row["cause"]["code"]), (&json!("failed"), &json!("unknown_recipient")));
    assert_eq!((devices(&mut stage, &cookie).len(), stage.named_secrets().len()), (0, 0));
    assert_eq!(card(&mut stage, &cookie)["state"], "broken");
    stage.kept_quiet("s3cret");
    // It asks for nothing any more, and is whole again with the next browser.
    assert_eq!(add(&mut stage, &cookie, PHONE).status, 200);
    assert_eq!(card(&mut stage, &cookie)["state"], "linked");
    stage.providers.asked();
}

#[test]
fn a_device_that_comes_while_the_last_one_goes_gets_the_notice() {
    let mut stage = stage();
    let cookie = sato(&stage);
    add(&mut stage, &cookie, PHONE);
    stage.meanwhile(&cookie, &[(Method::PUT, TARGET, subscription(LAPTOP))]);
    stage.providers.on("POST fcm.googleapis.com/fcm/send/phone-s3cret", 410, &Value::Null);
    stage.providers.on("POST updates.push.services.mozilla.com/wpush/v2/laptop-s3cret", 201, &Value::Null);
    let row = test_send(&mut stage)["row"].clone();
    assert_eq!((&row["state"], &row["tries"]), (&json!("sent"), &json!(2)));
    assert_eq!(card(&mut stage, &cookie)["state"], "linked");
    assert_eq!((devices(&mut stage, &cookie).len(), stage.named_secrets().len()), (1, 1));
    stage.providers.asked();
}

#[test]
fn whoever_is_erased_while_subscribing_leaves_nothing() {
    let mut stage = stage();
    let (cookie, owner) = (sato(&stage), stage.owner.clone());
    begin(&mut stage, &cookie);
    stage.meanwhile(&owner, &[(Method::DELETE, &erasing(&stage.member), Value::Null)]);
    let back = stage.world.put(&cookie, TARGET, &subscription(PHONE));
    assert_eq!(back.refusal(), (401, "not_signed_in", ""));
    assert_eq!(stage.named_secrets().len(), 0);
}

#[test]
fn a_connection_that_goes_while_somebody_subscribes_takes_no_device() {
    for begun_again in [false, true] {
        let mut stage = stage();
        let (cookie, owner) = (sato(&stage), stage.owner.clone());
        begin(&mut stage, &cookie);
        let own = integration(&mut stage)["id"].as_str().unwrap().to_owned();
        let deletion = format!("/api/integrations/{own}?confirm=Web%20Push");
        let mut calls = vec![(Method::DELETE, deletion.as_str(), Value::Null)];
        // Then it has another key, and what was subscribed with the one of before is good for nothing.
        let link = format!("{TARGET}/link");
        if begun_again {
            calls.push((Method::POST, &link, json!({})));
        }
        stage.meanwhile(&owner, &calls);
        let back = stage.world.put(&cookie, TARGET, &subscription(PHONE));
        assert_eq!(back.refusal(), (409, "not_connected", "channel"));
        assert_eq!((stage.named_secrets().len(), devices(&mut stage, &cookie).len()), (0, 0));
        assert_eq!(stage.world.count("SELECT count(*) FROM addresses WHERE channel = 'web_push'"), "0");
    }
}

#[test]
fn what_is_refused_for_now_is_tried_again() {
    let answered =
        |status: u16, headers: Vec<(String, String)>| Ok(HttpResponse { status, headers, body: vec![] });
    let wait = vec![("retry-after".to_owned(), "7".to_owned())];
    for (answer, code, after) in [
        (answered(429, wait.clone()), "device_not_reached", 7_000),
        (answered(503, wait), "provider_error", 7_000),
        (answered(403, vec![]), "device_not_reached", 5_000),
        (Err(IoError::NoAnswer("timeout".into())), "no_answer", 5_000),
    ] {
        let mut stage = stage();
        let cookie = sato(&stage);
        add(&mut stage, &cookie, PHONE);
        stage.providers.answer("POST fcm.googleapis.com/fcm/send/phone-s3cret", answer);
        stage.providers.on("POST fcm.googleapis.com/fcm/send/phone-s3cret", 201, &Value::Null);
        let detail = test_send(&mut stage);
        assert_eq!((&detail["row"]["state"], &detail["row"]["tries"]), (&json!("sent"), &json!(2)));
        let (first, second) = (&detail["attempts"][0], &detail["attempts"][1]);
        assert_eq!(first["cause"]["code"], code);
        assert!(second["at"].as_i64().unwrap() - first["at"].as_i64().unwrap() >= after, "{detail}");
        stage.providers.asked();
        stage.kept_quiet("s3cret");
    }
}

#[test]
fn a_subscription_that_is_refused_disturbs_nobody_else() {
    let wait = || vec![("retry-after".to_owned(), "3600".to_owned())];
    for status in [400, 401, 403, 406, 429] {
        let mut stage = stage();
        let (cookie, owner) = (sato(&stage), stage.owner.clone());
        add(&mut stage, &cookie, PHONE);
        add(&mut stage, &owner, LAPTOP);
        let answer = Ok(HttpResponse { status, headers: wait(), body: vec![] });
        stage.providers.answer("POST fcm.googleapis.com/fcm/send/phone-s3cret", answer);
        stage.providers.on(
            "POST updates.push.services.mozilla.com/wpush/v2/laptop-s3cret",
            201,
            &Value::Null,
        );
        let begun = stage.world.runner.clock.get();
        for cookie in [&cookie, &owner] {
            let back = stage.world.post(cookie, &format!("{TARGET}/test"), &Value::Null);
            assert_eq!(back.status, 202, "{back:?}");
            stage.world.work();
        }
        assert_eq!(
            stage.world.count("SELECT count(*) FROM deliveries WHERE state = 'sent'"),
            "1",
            "{status}"
        );
        assert!(stage.world.runner.clock.get() - begun < 5_000, "{status}");
        let own = integration(&mut stage);
        assert_eq!((&own["state"], &own["cause"]), (&json!("ready"), &Value::Null), "{status}");
        assert_eq!(devices(&mut stage, &cookie).len(), 1);
        stage.providers.asked();
    }
}

#[test]
fn one_device_is_enough() {
    let mut stage = stage();
    let cookie = sato(&stage);
    add(&mut stage, &cookie, PHONE);
    add(&mut stage, &cookie, LAPTOP);
    stage.providers.on("POST fcm.googleapis.com/fcm/send/phone-s3cret", 413, &Value::Null);
    stage.providers.on("POST updates.push.services.mozilla.com/wpush/v2/laptop-s3cret", 201, &Value::Null);
    assert_eq!(test_send(&mut stage)["row"]["state"], "sent");
    stage.providers.on("POST fcm.googleapis.com/fcm/send/phone-s3cret", 413, &Value::Null);
    stage.providers.on("POST updates.push.services.mozilla.com/wpush/v2/laptop-s3cret", 413, &Value::Null);
    let row = test_send(&mut stage)["row"].clone();
    assert_eq!((&row["state"], &row["cause"]["code"]), (&json!("failed"), &json!("message_refused")));
    assert_eq!(
        (devices(&mut stage, &cookie).len(), &card(&mut stage, &cookie)["state"]),
        (2, &json!("linked"))
    );
    stage.providers.asked();
}

#[test]
fn devices_are_few_and_a_browser_has_one_owner() {
    let mut stage = stage();
    let (cookie, owner) = (sato(&stage), stage.owner.clone());
    for number in 0..7 {
        assert_eq!(add(&mut stage, &cookie, &format!("{PHONE}-{number}")).status, 200);
    }
    assert_eq!((devices(&mut stage, &cookie).len(), stage.named_secrets().len()), (5, 5));
    let newest = devices(&mut stage, &cookie)[0]["id"].as_str().unwrap().to_owned();
    // Somebody else signs in on that browser and subscribes.
    assert_eq!(add(&mut stage, &owner, &format!("{PHONE}-6")).status, 200);
    assert!(devices(&mut stage, &cookie).iter().all(|device| device["id"] != newest.as_str()));
    assert_eq!(devices(&mut stage, &owner)[0]["id"], newest.as_str());
    assert_eq!(stage.world.delete(&cookie, &format!("{DEVICES}/{newest}")).code(), "not_found");
    // One by one, to the last.
    for device in devices(&mut stage, &cookie) {
        let id = device["id"].as_str().unwrap();
        assert_eq!(stage.world.delete(&cookie, &format!("{DEVICES}/{id}")).status, 204);
    }
    assert_eq!(card(&mut stage, &cookie)["address"], Value::Null);
    assert_eq!(stage.named_secrets().len(), 1);
}

#[test]
fn the_last_place_that_reaches_somebody_is_not_taken_away() {
    let mut stage = stage();
    let cookie = sato(&stage);
    add(&mut stage, &cookie, PHONE);
    assert_eq!(stage.world.put(&cookie, "/api/me/channels/email", &json!({"on": false})).status, 200);
    assert_eq!(stage.world.delete(&cookie, TARGET).code(), "last_channel");
    let id = devices(&mut stage, &cookie)[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(stage.world.delete(&cookie, &format!("{DEVICES}/{id}")).code(), "last_channel");
    assert_eq!(stage.world.put(&cookie, "/api/me/channels/email", &json!({"on": true})).status, 200);
    assert_eq!(stage.world.delete(&cookie, TARGET).status, 200);
    assert_eq!((devices(&mut stage, &cookie).len(), stage.named_secrets().len()), (0, 0));
}

#[test]
fn nobody_without_a_device_has_a_row() {
    let mut stage = stage();
    let owner = stage.owner.clone();
    add(&mut stage, &owner, PHONE);
    stage.providers.on("POST fcm.googleapis.com/fcm/send/phone-s3cret", 201, &Value::Null);
    for _ in 0..2 {
        stage.providers.on("POST mail.example/emails", 200, &json!({"id": "m"}));
    }
    let key = stage.world.key(&owner, &["events:write"]);
    let event = json!({"kind": "tasks.assigned", "to": [{"everyone": true}], "title": "t"});
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str()), ("idempotency-key", "k-1")];
    let back = stage.world.send(Method::POST, "/api/v1/events", &headers, &event);
    assert_eq!(back.status, 202, "{back:?}");
    stage.world.work();
    assert_eq!(stage.world.count("SELECT count(*) FROM deliveries WHERE channel = 'web_push'"), "1");
    assert_eq!(stage.world.count("SELECT count(*) FROM deliveries"), "3");
    stage.providers.asked();
}

#[test]
fn erasing_a_person_and_deleting_the_integration_leave_nothing() {
    let mut stage = stage();
    let (cookie, owner, member) = (sato(&stage), stage.owner.clone(), stage.member.clone());
    add(&mut stage, &cookie, PHONE);
    add(&mut stage, &owner, LAPTOP);
    assert_eq!(stage.world.delete(&owner, &erasing(&member)).status, 204);
    assert_eq!((stage.named_secrets().len(), devices(&mut stage, &owner).len()), (1, 1));
    let id = integration(&mut stage)["id"].as_str().unwrap().to_owned();
    assert_eq!(stage.world.get(&owner, &format!("/api/integrations/{id}/consequences")).json["members"], 1);
    let back = stage.world.delete(&owner, &format!("/api/integrations/{id}?confirm=Web%20Push"));
    assert_eq!(back.status, 204, "{back:?}");
    stage.world.runner.clock.advance(60_000);
    stage.world.work();
    assert_eq!((stage.named_secrets().len(), devices(&mut stage, &owner).len()), (0, 0));
    assert_eq!(stage.world.count("SELECT count(*) FROM grants_to_forget"), "0");
    // Whoever wants it begins anew, with another key.
    begin(&mut stage, &owner);
    assert_eq!(card(&mut stage, &owner)["address"], Value::Null);
}
