//! People's own devices: what arrives there, a busy push service, and a browser that is gone. The sandbox opens each
//! message with the device's key by its own code.

use sandbox::world::{FaultKind, FaultTarget, FaultWhen};
use serde_json::{Value, json};
use tests::calls::{body, page};

use crate::stage::Stage;

const CARD: &str = "/api/me/channels/web_push";

/// The owner, who is 佐藤, takes a browser of that person in; its endpoint.
fn subscribe(stage: &mut Stage) -> String {
    let cookie = stage.cookie.clone();
    let back = stage.machine.must(page("POST", &format!("{CARD}/link"), &cookie, &json!({})), 200);
    let key = body(&back)["key"].as_str().unwrap().to_owned();
    let given = stage.with(|world, _| world.push_subscribe("sato", &key)).unwrap();
    stage.machine.must(page("PUT", CARD, &cookie, &json!({ "push": given })), 200);
    given["endpoint"].as_str().unwrap().to_owned()
}

fn shown(stage: &Stage) -> Vec<Value> {
    let world = stage.machine.outside.world.borrow();
    assert_eq!(world.push_unreadable(), 0);
    world.push_shown("sato").into_iter().map(|one| one.data.clone()).collect()
}

fn on_device(stage: &mut Stage, event: &str) -> Value {
    let all = stage.event(event)["deliveries"].as_array().unwrap().clone();
    all.into_iter().find(|delivery| delivery["channel"] == "web_push").expect("a delivery")
}

#[test]
fn a_notice_and_its_outcome_stand_in_one_place() {
    let mut stage = Stage::new();
    subscribe(&mut stage);
    let to = json!([{"member": stage.members["sato"]}, {"member": stage.members["takahashi"]}]);
    let event = stage.post_visitor(&to);
    stage.run(10_000);
    let first = shown(&stage);
    assert_eq!((first.len(), first[0]["tag"].as_str()), (1, Some(event.as_str())));
    assert!(first[0]["title"].as_str().unwrap().ends_with("来客です"), "{first:?}");
    let talk = stage.talk(crate::stage::Way::Line, "takahashi");
    stage.press(&talk, "takahashi");
    stage.run(10_000);
    let settled = shown(&stage);
    assert_eq!((settled.len(), settled[0]["tag"].as_str()), (1, Some(event.as_str())));
    assert!(settled[0].to_string().contains("高橋 美咲"), "{settled:?}");
    stage.end();
}

#[test]
fn a_busy_service_is_waited_for_and_a_device_that_is_gone_is_forgotten() {
    let mut stage = Stage::new();
    let endpoint = subscribe(&mut stage);
    let to = json!([{"member": stage.members["sato"]}]);
    stage.with(|world, _| {
        world.faults.add(FaultTarget::WebPush, FaultKind::TooManyRequests, FaultWhen::Count { times: 1 });
    });
    let event = stage.post_visitor(&to);
    stage.run(30_000);
    assert_eq!((on_device(&mut stage, &event)["state"].as_str(), shown(&stage).len()), (Some("sent"), 1));
    assert_eq!(stage.calls("push", "push"), 2);

    stage.with(|world, _| assert!(world.push_unsubscribe(&endpoint)));
    let event = stage.post_visitor(&to);
    stage.run(30_000);
    let lost = on_device(&mut stage, &event);
    assert_eq!(
        (lost["state"].as_str(), lost["cause"]["code"].as_str()),
        (Some("failed"), Some("unknown_recipient"))
    );
    assert_eq!(stage.machine.read("SELECT count(*) FROM push_devices"), ["0"]);
    assert!(!stage.machine.outside.disclosed.borrow().contains(endpoint.rsplit('/').next().unwrap()));
    // The next one is not tried any more.
    let event = stage.post_visitor(&to);
    stage.run(10_000);
    assert_eq!(on_device(&mut stage, &event)["reason"], "address_broken");
    stage.end();
}
