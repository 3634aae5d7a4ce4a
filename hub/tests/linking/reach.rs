//! Whom nothing would reach, and what LINE's month has left.

use serde_json::{Value, json};

use crate::{
    line,
    stage::{Stage, integration},
    world::World,
};

fn connect(world: &mut World) {
    line::connect(world);
    crate::slack::connect(world);
}

/// `name: channel obstacle, …` of everybody on the list.
fn unreachable(stage: &mut Stage, query: &str) -> Vec<String> {
    let owner = stage.owner.clone();
    let back = stage.world.get(&owner, &format!("/api/v1/members?unreachable=critical{query}"));
    assert_eq!(back.status, 200, "{back:?}");
    let items = back.json["items"].as_array().unwrap();
    assert_eq!(back.json["total"], json!(items.len()));
    let words = |item: &Value| {
        let obstacles: Vec<String> = item["obstacles"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {}", one["channel"].as_str().unwrap(), one["obstacle"].as_str().unwrap()))
            .collect();
        format!("{}: {}", item["name"].as_str().unwrap(), obstacles.join(", "))
    };
    items.iter().map(words).collect()
}

fn set(stage: &Stage, statement: &str) {
    stage.world.sql.exec(statement, &[]).unwrap();
}

#[test]
fn whoever_no_channel_reaches_is_listed_with_the_reasons() {
    let mut stage = Stage::new(connect);
    assert_eq!(unreachable(&mut stage, ""), [""; 0]);
    // Switches do not count: a critical notice finds its way through them.
    set(&stage, "UPDATE addresses SET switched_on = 0");
    assert_eq!(unreachable(&mut stage, ""), [""; 0]);

    set(
        &stage,
        "UPDATE addresses SET state = 'broken' WHERE member IN (SELECT id FROM members WHERE role = 'member')",
    );
    assert_eq!(
        unreachable(&mut stage, ""),
        ["佐藤 花子: line no_address, slack no_address, email address_broken"]
    );
    let line = "INSERT INTO addresses (member, channel, value, state, switched_on) \
        SELECT id, 'line', 'U1', 'unverified', 1 FROM members WHERE role = 'member'";
    set(&stage, line);
    assert_eq!(
        unreachable(&mut stage, ""),
        ["佐藤 花子: line not_a_friend, slack no_address, email address_broken"]
    );
    set(&stage, "UPDATE addresses SET state = 'blocked' WHERE channel = 'line'");
    assert_eq!(
        unreachable(&mut stage, ""),
        ["佐藤 花子: line address_blocked, slack no_address, email address_broken"]
    );
    set(&stage, "UPDATE addresses SET state = 'linked' WHERE channel = 'line'");
    assert_eq!(unreachable(&mut stage, ""), [""; 0]);
    // Whoever is not usable gets nothing anyway.
    set(&stage, "UPDATE addresses SET state = 'broken'");
    assert_eq!(unreachable(&mut stage, "").len(), 2);
    assert_eq!(unreachable(&mut stage, "&q=sato").len(), 1);
    set(&stage, "UPDATE members SET usable = 0 WHERE role = 'member'");
    assert_eq!(unreachable(&mut stage, "").len(), 1);
    let owner = stage.owner.clone();
    let back = stage.world.get(&owner, "/api/v1/members?unreachable=yes");
    assert_eq!(back.refusal(), (400, "wrong_type", "unreachable"));
}

#[test]
fn a_connection_that_does_not_work_reaches_nobody() {
    for (statement, obstacle) in [
        ("UPDATE integrations SET state = 'broken' WHERE provider = 'slack'", "slack connection_broken"),
        // Not installed yet.
        (
            "UPDATE integrations SET settings = json_set(settings, '$.team_id', '') WHERE provider = 'slack'",
            "slack connection_broken",
        ),
        ("UPDATE integrations SET state = 'ready'", ""),
    ] {
        // Before anything reads the integrations: they are kept in memory.
        let mut stage = Stage::new(|world| {
            connect(world);
            world.sql.exec(statement, &[]).unwrap();
        });
        set(&stage, "UPDATE addresses SET channel = 'slack', value = 'U' || member");
        let listed = unreachable(&mut stage, "");
        assert_eq!(listed.len(), if obstacle.is_empty() { 0 } else { 2 }, "{statement}");
        assert!(listed.iter().all(|person| person.contains(obstacle)), "{listed:?}");
    }
}

#[test]
fn the_month_of_a_line_account() {
    let mut stage = Stage::new(connect);
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let target = format!("/api/integrations/{}/quota", integration(6));
    let (quota, consumption) =
        ("GET api.line.me/v2/bot/message/quota", "GET api.line.me/v2/bot/message/quota/consumption");
    stage.providers.on(quota, 200, &json!({"type": "limited", "value": 200}));
    stage.providers.on(consumption, 200, &json!({"totalUsage": 57}));
    let back = stage.world.get(&owner, &target);
    // 2026-11-21 09:00 in Japan: 20.375 of 30 days.
    assert_eq!(back.json, json!({"limit": 200, "used": 57, "forecast": 84}));
    stage.providers.on(quota, 200, &json!({"type": "none"}));
    stage.providers.on(consumption, 200, &json!({"totalUsage": 0}));
    assert_eq!(stage.world.get(&owner, &target).json, json!({"limit": null, "used": 0, "forecast": 0}));
    stage.providers.on(quota, 401, &json!({"message": "no"}));
    stage.providers.on(consumption, 401, &json!({"message": "no"}));
    assert_eq!(stage.world.get(&owner, &target).code(), "connection_failed");
    assert_eq!(stage.world.get(&sato, &target).code(), "not_allowed");
    let slack = format!("/api/integrations/{}/quota", integration(9));
    assert_eq!(stage.world.get(&owner, &slack).status, 404);
    stage.providers.asked();
}
