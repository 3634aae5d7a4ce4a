//! Several press at once, or while a copy is still on its way.

use sandbox::world::{FaultKind, FaultTarget, FaultWhen};
use serde_json::json;

use crate::stage::{Stage, Way};

#[test]
fn of_several_at_once_one_wins() {
    for first in Way::ALL {
        let mut stage = Stage::new();
        let to = stage.everybody();
        stage.post_visitor(&to);
        stage.run(10_000);
        stage.machine.delivers = false;
        for way in Way::ALL.into_iter().filter(|way| *way == first).chain(Way::ALL) {
            let talk = stage.room_talk(way);
            let presser = if way == first { "sato" } else { "takahashi" };
            stage.press(&talk, presser);
        }
        stage.machine.delivers = true;
        stage.run(10_000);
        assert_eq!(stage.claims().len(), 1);
        for way in Way::ALL {
            for talk in [stage.talk(way, "sato"), stage.room_talk(way)] {
                let shown = stage.shown(&talk);
                let names: std::collections::BTreeSet<bool> = shown
                    .iter()
                    .filter(|message| message.text.contains("を選びました"))
                    .map(|message| message.text.contains("佐藤 花子"))
                    .collect();
                assert_eq!(names.len(), 1, "{talk:?} names two winners, or none: {shown:?}");
                if way.edits() {
                    assert!(shown.iter().all(|message| message.answers.is_empty()), "{talk:?}: {shown:?}");
                }
            }
        }
        stage.end();
    }
}

fn slow(stage: &mut Stage, target: FaultTarget) {
    stage.with(|world, _| {
        world.faults.add(target, FaultKind::Slow { ms: 6_000 }, FaultWhen::Count { times: 1 })
    });
}

/// Its answer comes after somebody pressed elsewhere.
#[test]
fn a_copy_that_was_on_its_way_is_settled_afterwards() {
    let operation = |name: &str| Some(name.to_owned());
    for (way, target) in [
        (Way::Slack, FaultTarget::Slack { operation: operation("chat.postMessage") }),
        (Way::GoogleChat, FaultTarget::GoogleChat { operation: operation("create_message") }),
        (Way::LineWorks, FaultTarget::LineWorks { operation: operation("send_user") }),
        (Way::Line, FaultTarget::Line { operation: operation("push") }),
    ] {
        let mut stage = Stage::new();
        slow(&mut stage, target);
        let to = json!([{"member": stage.members["sato"]}]);
        stage.post_visitor(&to);
        stage.run(2_000);
        let from = if way == Way::Slack { Way::LineWorks } else { Way::Slack };
        let talk = stage.talk(from, "sato");
        stage.press(&talk, "sato");
        stage.run(20_000);
        assert_eq!(stage.claims().len(), 1);
        let shown = stage.shown(&stage.talk(way, "sato"));
        if way.edits() {
            assert!(
                shown.last().unwrap().edited && shown.last().unwrap().answers.is_empty(),
                "{way:?}: {shown:?}"
            );
        } else {
            assert!(shown.last().unwrap().text.contains("を選びました"), "{way:?}: {shown:?}");
        }
        stage.end();
    }
}

/// The same for a call to many.
#[test]
fn a_multicast_that_was_on_its_way_is_settled_afterwards() {
    let mut stage = Stage::new();
    slow(&mut stage, FaultTarget::Line { operation: Some("multicast".into()) });
    let to = json!([{"member": stage.members["sato"]}, {"member": stage.members["takahashi"]}]);
    stage.post_visitor(&to);
    stage.run(2_000);
    let slack = stage.talk(Way::Slack, "sato");
    stage.press(&slack, "sato");
    stage.run(20_000);
    assert_eq!(stage.calls("line", "multicast"), 1);
    for person in ["sato", "takahashi"] {
        let shown = stage.shown(&stage.talk(Way::Line, person));
        assert!(shown.last().unwrap().text.contains("を選びました"), "{person}: {shown:?}");
    }
    stage.end();
}

/// The provider has it and its answer was lost; somebody presses; the repeat under the same key brings nothing
/// new, so that what is there still has to be settled.
#[test]
fn a_copy_that_arrived_unheard_is_settled_afterwards() {
    let operation = |name: &str| Some(name.to_owned());
    for (way, target) in [
        (Way::GoogleChat, FaultTarget::GoogleChat { operation: operation("create_message") }),
        (Way::Line, FaultTarget::Line { operation: operation("push") }),
    ] {
        let mut stage = Stage::new();
        stage.with(|world, _| {
            world.faults.add(target, FaultKind::TimeoutAfter, FaultWhen::Count { times: 1 })
        });
        let to = json!([{"member": stage.members["sato"]}]);
        stage.post_visitor(&to);
        stage.run(2_000);
        let slack = stage.talk(Way::Slack, "sato");
        stage.press(&slack, "sato");
        stage.run(60_000);
        let shown = stage.shown(&stage.talk(way, "sato"));
        let copies = shown.iter().filter(|message| message.text.contains("】来客です")).count();
        assert_eq!(copies, 1, "{way:?}: {shown:?}");
        if way.edits() {
            assert!(shown.last().unwrap().answers.is_empty(), "{way:?}: {shown:?}");
        } else {
            assert!(shown.last().unwrap().text.contains("を選びました"), "{way:?}: {shown:?}");
        }
        stage.end();
    }
}
