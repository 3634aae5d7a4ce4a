//! The outbox against a receiver that answers by script.

mod world;

use std::collections::HashSet;

use serde_json::json;
use shared::{
    api::webhooks::WebhookResult,
    time::{self, DAY, HOUR, SECOND},
};
use world::{NOW, World, answer, header, owner};

use super::*;
use crate::ports::{HttpResponse, IoError};

#[test]
fn who_asked_for_it_is_told_once_and_signed() {
    let mut world = World::new();
    let made = world.make("https://a.test/hook?x=1", &[WebhookEvent::ActionTaken]).unwrap();
    assert!(made.secret.starts_with("whsec_"), "not printed");
    assert_eq!((world.queue(WebhookEvent::DeliveryFailed), world.queue(WebhookEvent::ActionTaken)), (0, 1));
    world.work();
    world.work();
    {
        let seen = world.receiver.seen.borrow();
        let [request] = seen.as_slice() else { panic!("{} requests", seen.len()) };
        assert_eq!((request.method, request.url.as_str()), ("POST", "https://a.test/hook?x=1"));
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&request.body).unwrap(),
            json!({"type": "action.taken", "timestamp": time::rfc3339(NOW + 3), "data": {"event": "ev_1", "action": "take"}})
        );
        let (id, at) = (header(request, "webhook-id"), header(request, "webhook-timestamp"));
        assert!(id.starts_with("wm_") && !id.contains('.'), "{id}");
        assert_eq!(at.parse::<i64>().unwrap(), NOW / SECOND);
        let signed = sign::signature(&made.secret, id, NOW / SECOND, &request.body).unwrap();
        assert_eq!(header(request, "webhook-signature"), signed);
        assert_eq!(header(request, "content-type"), "application/json");
    }
    let message = &world.messages(&made)[0];
    assert_eq!((message.state, message.tries, message.due_at), (WebhookState::Delivered, 1, None));
    assert_eq!(message.attempts[0].status, Some(200));
    let info = &world.hub.list_webhooks(&owner()).unwrap()[0];
    assert_eq!((info.waiting, info.last_ok_at), (0, Some(NOW + 3)));
}

#[test]
fn a_message_is_tried_ten_times_under_one_id_and_then_given_up() {
    let mut world = World::new();
    let made = world.webhook("https://a.test/");
    world.queue(WebhookEvent::ActionTaken);
    world.script((0..10).map(|_| Ok(answer(400))));
    let mut waits = vec![world.work_next()];
    while world.messages(&made)[0].due_at.is_some() {
        waits.push(world.work_next());
    }
    let planned = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map(|wait| wait * SECOND);
    assert_eq!(waits.len(), planned.len());
    for (waited, planned) in waits.iter().zip(planned) {
        assert!((planned..=planned + planned / 5).contains(waited) || *waited == DAY, "{waited} {planned}");
    }
    let message = world.messages(&made).remove(0);
    assert_eq!((message.state, message.tries, message.attempts.len()), (WebhookState::Failed, 10, 5));
    let parts = |name: &str| -> HashSet<String> {
        world.receiver.seen.borrow().iter().map(|request| header(request, name).to_owned()).collect()
    };
    assert_eq!((parts("webhook-id").len(), parts("webhook-timestamp").len()), (1, 10));
    assert_eq!(parts("webhook-signature").len(), 10);
    // By hand it goes out again, and it is the same message to the receiver.
    assert_eq!(world.replay(&message.id).unwrap().state, WebhookState::Waiting);
    assert_eq!(world.replay(&message.id), Err(vec![Code::CannotResend]));
    world.work();
    assert_eq!(world.messages(&made)[0].state, WebhookState::Delivered);
    assert_eq!(header(&world.receiver.seen.borrow()[10], "webhook-id"), message.id.as_str());
}

#[test]
fn every_failure_is_named_and_tried_again() {
    for (given, status, result) in [
        (Ok(answer(500)), Some(500), WebhookResult::Refused),
        (Ok(answer(301)), Some(301), WebhookResult::Redirected),
        (Err(IoError::NotSent("refused".into())), None, WebhookResult::NoConnection),
        (Err(IoError::NoAnswer("timed out".into())), None, WebhookResult::NoAnswer),
    ] {
        let mut world = World::new();
        let made = world.webhook("https://a.test/");
        world.queue(WebhookEvent::ActionTaken);
        world.script([given]);
        world.work();
        assert_eq!(world.seen(), 1, "a redirect was followed");
        let message = &world.messages(&made)[0];
        assert_eq!((message.attempts[0].status, message.attempts[0].result), (status, result));
        assert_eq!(message.state, WebhookState::Waiting, "{result:?}");
        world.work_next();
        assert_eq!(world.messages(&made)[0].state, WebhookState::Delivered);
    }
}

#[test]
fn gone_switches_the_webhook_off_until_somebody_switches_it_on() {
    let mut world = World::new();
    let made = world.webhook("https://a.test/");
    assert_eq!((world.queue(WebhookEvent::ActionTaken), world.queue(WebhookEvent::DeliveryFailed)), (1, 1));
    world.script([Ok(answer(410))]);
    world.work();
    assert_eq!(world.seen(), 1);
    assert!(world.hub.list_webhooks(&owner()).unwrap()[0].disabled_at.is_some());
    let messages = world.messages(&made);
    assert!(messages.iter().all(|message| message.state == WebhookState::Failed));
    assert_eq!((world.queue(WebhookEvent::ActionTaken), world.hub.next_webhook_due().unwrap()), (0, None));
    assert_eq!(world.replay(&messages[0].id), Err(vec![Code::CannotResend]));
    let on = world.hub.enable_webhook(&owner(), &made.info.id).unwrap();
    assert_eq!(on.disabled_at, None);
    world.replay(&messages[0].id).unwrap();
    world.work();
    assert_eq!((world.seen(), world.queue(WebhookEvent::ActionTaken)), (2, 1));
}

#[test]
fn who_cannot_keep_up_is_left_alone_and_others_are_not() {
    let mut world = World::new();
    let (slow, other) = (world.webhook("https://slow.test/"), world.webhook("https://other.test/"));
    world.queue(WebhookEvent::ActionTaken);
    world.queue(WebhookEvent::ActionTaken);
    let later = HttpResponse { headers: vec![("retry-after".into(), "600".into())], ..answer(429) };
    world.script([Ok(later)]);
    world.work();
    let of = |world: &World, host: &str| {
        world.receiver.seen.borrow().iter().filter(|request| request.url.contains(host)).count()
    };
    assert_eq!((of(&world, "slow"), of(&world, "other")), (1, 2));
    assert!(world.messages(&other).iter().all(|message| message.state == WebhookState::Delivered));
    assert_eq!(world.work_next(), 600 * SECOND);
    assert_eq!(of(&world, "slow"), 3);
    assert!(world.messages(&slow).iter().all(|message| message.state == WebhookState::Delivered));
}

#[test]
fn retry_after_is_read_in_both_forms() {
    let with = |value: &str| {
        let headers = vec![("retry-after".to_owned(), value.to_owned())];
        outbox::retry_after(&HttpResponse { headers, ..answer(503) }, 1_445_412_420_000)
    };
    for (value, wait) in [
        ("120", Some(120 * SECOND)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", Some(60 * SECOND)),
        ("Wed, 21 Oct 2015 07:26:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("99999999999999999999", None),
    ] {
        assert_eq!(with(value), wait, "{value}");
    }
}

#[test]
fn a_try_that_was_cut_off_is_made_again_but_not_for_ever() {
    let mut world = World::new();
    let made = world.webhook("https://a.test/");
    world.queue(WebhookEvent::ActionTaken);
    // As a crash leaves it: counted, and due again when the try must be over.
    world.sql.exec("UPDATE webhook_messages SET tries = 9, due_at = due_at + 60000", &[]).unwrap();
    world.work();
    assert_eq!(world.seen(), 0);
    world.script([Ok(answer(500))]);
    assert_eq!(world.work_next(), 60 * SECOND);
    assert_eq!((world.seen(), world.messages(&made)[0].state), (1, WebhookState::Failed));
    world.sql.exec("UPDATE webhook_messages SET state = 'waiting', due_at = 1", &[]).unwrap();
    world.work();
    assert_eq!((world.seen(), world.messages(&made)[0].state), (1, WebhookState::Failed));
}

#[test]
fn the_secret_is_sealed_and_goes_with_the_webhook() {
    let mut world = World::new();
    let made = world.webhook("https://a.test/");
    let key = made.secret.strip_prefix("whsec_").unwrap().to_owned();
    world.queue(WebhookEvent::ActionTaken);
    world.work();
    let stored = [
        "SELECT json_array(id, url, events) FROM webhooks",
        "SELECT json_array(id, webhook, body, attempts) FROM webhook_messages",
        "SELECT json_array(actor, target, detail) FROM audit",
    ];
    let stored = stored.map(|query| world.sql.texts(query, &[]).unwrap().join(" "));
    assert!(!stored.join(" ").contains(&key), "{stored:?}");
    let sealed = |world: &World| {
        world.kv.entries.borrow().values().map(|(value, _)| value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(sealed(&world).len(), 1);
    assert!(!sealed(&world)[0].windows(key.len()).any(|part| part == key.as_bytes()));
    assert!(!world.log.0.borrow().join("\n").contains(&key));
    // Without it nothing is sent, and the message waits.
    let kept = world.kv.entries.replace(Default::default());
    world.queue(WebhookEvent::ActionTaken);
    world.work();
    assert_eq!(world.messages(&made)[0].attempts[0].result, WebhookResult::NoSecret);
    world.kv.entries.replace(kept);
    world.work_next();
    assert_eq!((world.seen(), world.messages(&made)[0].state), (2, WebhookState::Delivered));
    let (hub, id) = (world.hub.clone(), made.info.id.clone());
    world.runner.run(async move { hub.delete_webhook(&owner(), &id).await.unwrap() });
    assert_eq!(sealed(&world).len(), 0);
    assert_eq!(world.sql.texts("SELECT count(*) FROM webhook_messages", &[]).unwrap(), ["0"]);
}

#[test]
fn wrong_webhooks_are_refused_and_leave_nothing() {
    let mut world = World::new();
    let one = [WebhookEvent::ActionTaken];
    let long = format!("https://a.test/{}", "x".repeat(1_000));
    for (url, events, code, field) in [
        ("https://127.0.0.1/", &one[..], Code::NotAPublicUrl, "url"),
        ("http://a.test/", &one, Code::NotAPublicUrl, "url"),
        ("https://10.1.2.3/", &one, Code::NotAPublicUrl, "url"),
        (&long, &one, Code::TooLong, "url"),
        ("https://a.test/", &[], Code::Required, "events"),
        ("https://a.test/", &[WebhookEvent::Test], Code::WrongType, "events"),
    ] {
        assert_eq!(world.make(url, events).unwrap_err(), [(code, Some(field.to_owned()))], "{url}");
    }
    assert!(world.kv.entries.borrow().is_empty());
    for _ in 0..MOST {
        world.webhook("https://a.test/");
    }
    assert_eq!(world.make("https://a.test/", &one).unwrap_err(), [(Code::TooMany, None)]);
    assert_eq!(world.kv.entries.borrow().len(), 20);
    // What was let in once is looked at again before every try.
    let world = &mut World::new();
    let made = world.webhook("https://a.test/");
    world.sql.exec("UPDATE webhooks SET url = 'https://169.254.169.254/'", &[]).unwrap();
    world.queue(WebhookEvent::ActionTaken);
    world.work();
    let message = &world.messages(&made)[0];
    assert_eq!((world.seen(), message.state), (0, WebhookState::Failed));
    assert_eq!(message.attempts[0].result, WebhookResult::UrlRefused);
}

#[test]
fn a_test_goes_to_one_webhook_and_old_messages_are_forgotten() {
    let mut world = World::new();
    let (one, other) = (world.webhook("https://a.test/"), world.webhook("https://b.test/"));
    let (hub, id) = (world.hub.clone(), one.info.id.clone());
    let sent = world.runner.run(async move { hub.test_webhook(&owner(), &id).await.unwrap() });
    assert_eq!((sent.event, sent.state), (WebhookEvent::Test, WebhookState::Waiting));
    world.work();
    assert_eq!((world.seen(), world.messages(&other).len()), (1, 0));
    world.runner.clock.advance(30 * DAY + HOUR);
    world.queue(WebhookEvent::ActionTaken);
    world.work();
    let left = world.messages(&one);
    assert_eq!((left.len(), left[0].event), (1, WebhookEvent::ActionTaken));
}

#[test]
fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    let mut world = World::new();
    let made = world.webhook("https://a.test/");
    let id = made.info.id.clone();
    let hub = world.hub.clone();
    let rolled = world.runner.run(async move { hub.roll_webhook_secret(&owner(), &id).await }).unwrap();
    assert_ne!(rolled.secret, made.secret);
    let signatures = |world: &mut World| -> (Vec<String>, String, i64, Vec<u8>) {
        world.queue(WebhookEvent::ActionTaken);
        world.work();
        let seen = world.receiver.seen.borrow();
        let last = seen.last().unwrap();
        let all = header(last, "webhook-signature").split(' ').map(ToOwned::to_owned).collect();
        let at = header(last, "webhook-timestamp").parse().unwrap();
        (all, header(last, "webhook-id").to_owned(), at, last.body.clone())
    };
    let (all, message, at, body) = signatures(&mut world);
    let by = |secret: &str| sign::signature(secret, &message, at, &body).unwrap();
    assert_eq!(all, [by(&rolled.secret), by(&made.secret)]);
    world.runner.clock.advance(DAY + HOUR);
    let (all, message, at, body) = signatures(&mut world);
    assert_eq!(all, [sign::signature(&rolled.secret, &message, at, &body).unwrap()]);
    // The third secret puts an end to the first, and nothing is left of any after the deletion.
    let (hub, id) = (world.hub.clone(), made.info.id.clone());
    world.runner.run(async move { hub.roll_webhook_secret(&owner(), &id).await }).unwrap();
    let count = |world: &World| world.kv.entries.borrow().keys().filter(|name| name.contains("/wh_")).count();
    assert_eq!(count(&world), 2);
    let (hub, id) = (world.hub.clone(), made.info.id);
    world.runner.run(async move { hub.delete_webhook(&owner(), &id).await }).unwrap();
    assert_eq!(count(&world), 0);
}

#[test]
fn a_webhook_moves_and_what_failed_goes_out_again() {
    let mut world = World::new();
    let made = world.webhook("https://a.test/");
    world.queue(WebhookEvent::ActionTaken);
    world.queue(WebhookEvent::DeliveryFailed);
    world.sql.exec("UPDATE webhook_messages SET state = 'failed', due_at = NULL", &[]).unwrap();
    let id = made.info.id.clone();
    let change = |world: &World, url: &str, events: &[WebhookEvent]| {
        let request = WebhookRequest { url: url.into(), events: events.to_vec() };
        world.hub.change_webhook(&owner(), &id, &request).map_err(|refusal| refusal.told()[0].code)
    };
    assert_eq!(change(&world, "https://10.0.0.1/", &WebhookEvent::ALL), Err(Code::NotAPublicUrl));
    assert_eq!(change(&world, "", &WebhookEvent::ALL), Err(Code::Required));
    assert_eq!(change(&world, "https://a.test/", &[]), Err(Code::Required));
    let moved = change(&world, "https://b.test/", &[WebhookEvent::ActionTaken]).unwrap();
    assert_eq!((moved.url.as_str(), moved.failed), ("https://b.test/", 2));
    let (hub, id) = (world.hub.clone(), made.info.id.clone());
    let replayed = world.runner.run(async move { hub.replay_failed(&owner(), &id).await }).unwrap();
    assert_eq!((replayed.replayed, replayed.left), (2, 0));
    world.work();
    let seen = world.receiver.seen.borrow();
    assert_eq!(seen.iter().map(|request| request.url.as_str()).collect::<Vec<_>>(), ["https://b.test/"; 2]);
}
