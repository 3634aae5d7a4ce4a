//! Every provider's proof, wrong in each way: 401, and nothing is written.

use sandbox::world::{Callback, google_chat};
use shared::time::MINUTE;
use tests::{hook, talks::LINE_CHANNEL};

use crate::stage::{Stage, Way};

/// A callback of each messenger that the hub has not seen.
fn callback(stage: &mut Stage, way: Way) -> Callback {
    stage.machine.delivers = false;
    let (bot, line) = (sandbox::world::TalkId::Bot(stage.bot), format!("oa:{LINE_CHANNEL}"));
    let chat = stage.talk(Way::GoogleChat, "sato");
    stage.with(|world, now| match way {
        Way::Line => drop(world.line_say("sato", &line, "はい", now).unwrap()),
        Way::LineWorks => drop(world.say("sato", &bot, "はい", now).unwrap()),
        Way::Slack => drop(world.slack_say("sato", "dm", "はい", None, now).unwrap()),
        Way::GoogleChat => {
            let tests::talks::Talk::GoogleChat(space) = &chat else { panic!("{chat:?}") };
            google_chat::say(world, "sato", space, "はい", None, now).unwrap();
        }
    });
    stage.with(|world, _| world.take_callbacks()).remove(0)
}

fn proof(way: Way) -> &'static str {
    match way {
        Way::Line => "x-line-signature",
        Way::LineWorks => "x-works-signature",
        Way::Slack => "x-slack-signature",
        Way::GoogleChat => "authorization",
    }
}

fn letters(stage: &Stage) -> Vec<String> {
    stage.machine.read("SELECT id FROM inbox")
}

#[test]
fn what_is_badly_signed_is_refused() {
    for way in Way::ALL {
        let mut stage = Stage::new();
        let good = hook(&callback(&mut stage, way));
        let known = letters(&stage);
        let is_proof = |name: &str| name == proof(way);
        let mut missing = good.clone();
        missing.headers.retain(|(name, _)| !is_proof(name));
        let mut wrong = good.clone();
        for (_, value) in wrong.headers.iter_mut().filter(|(name, _)| is_proof(name)) {
            let at = value.len() / 2;
            let other = if value.as_bytes()[at] == b'a' { "b" } else { "a" };
            value.replace_range(at..=at, other);
        }
        let mut bad = vec![missing, wrong];
        if way != Way::GoogleChat {
            // Google signs who it is, not what it says.
            let mut other_body = good.clone();
            let at = other_body.body.len() - 2;
            other_body.body[at] = b' ';
            bad.push(other_body);
        }
        for call in bad {
            stage.machine.must(call, 401);
            assert_eq!(letters(&stage), known, "{way:?}");
        }
        if way == Way::Slack {
            stage.run(6 * MINUTE);
            stage.machine.must(good, 401);
            assert_eq!(letters(&stage), known, "five minutes and no longer");
        } else {
            if way == Way::GoogleChat {
                let mut stale = good.clone();
                stale.target = good.target.clone();
                stage.machine.must(good.clone(), 200);
                stage.run(2 * 60 * MINUTE);
                stage.machine.must(stale, 401);
            } else {
                stage.machine.must(good, 200);
            }
            assert_eq!(letters(&stage).len(), known.len() + 1, "{way:?}");
        }
        stage.machine.delivers = true;
        stage.end();
    }
}

/// One integration's proof opens no other's door.
#[test]
fn a_proof_is_good_for_its_own_door_only() {
    let mut stage = Stage::new();
    let line = hook(&callback(&mut stage, Way::Line));
    let slack = stage.integrations[&Way::Slack].clone();
    let mut moved = line.clone();
    let workspace = stage.machine.config.workspace.to_string();
    moved.target = format!("/hooks/line/{workspace}/{slack}");
    stage.machine.must(moved, 404);
    stage.machine.must(line, 200);
    stage.machine.delivers = true;
    stage.end();
}
