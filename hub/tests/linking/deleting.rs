//! Deleting an integration: only by its name, and nothing that people gave under it is left.

use serde_json::{Value, json};
use shared::id::MemberId;

use crate::{
    stage::Stage,
    world::{Back, NOW, World},
};

fn connect(world: &mut World) {
    world.connect("google_chat", 8, &json!({"webhooks": true}), &json!({}));
}

fn delete(stage: &mut Stage, confirm: &str) -> Back {
    let id = stage.world.count("SELECT id FROM integrations WHERE provider = 'google_chat'");
    let owner = stage.owner.clone();
    stage.world.delete(&owner, &format!("/api/integrations/{id}{confirm}"))
}

/// Somebody with a webhook whose URL is in the vault.
fn give_webhook(stage: &mut Stage, number: u8) {
    let member = MemberId::new(NOW, [number; 10]);
    let insert = "INSERT INTO members (id, name, reading, login_email, department, title, employee_number, usable, role, language, version, created_at) \
        VALUES (?1, 'm', '', ?1, '', '', '', 1, 'member', 'ja', 1, 0)";
    stage.world.sql.exec(insert, &[member.as_str().into()]).unwrap();
    let insert = "INSERT INTO addresses (member, channel, value, state, switched_on) VALUES (?1, 'google_chat', ?2, 'linked', 1)";
    stage
        .world
        .sql
        .exec(insert, &[member.as_str().into(), format!("webhook:AAA:name-{number}").into()])
        .unwrap();
    let place = format!("secret/{}/named/name-{number}", stage.world.workspace());
    stage.kv.entries.borrow_mut().insert(place, (b"sealed".to_vec(), None));
}

#[test]
fn a_deletion_asks_for_the_name() {
    let mut stage = Stage::new(connect);
    assert_eq!(delete(&mut stage, "").refusal(), (400, "required", "confirm"));
    assert_eq!(delete(&mut stage, "?confirm=google+chat").refusal(), (400, "wrong_confirmation", "confirm"));
    assert_eq!(stage.world.count("SELECT count(*) FROM integrations WHERE provider = 'google_chat'"), "1");
    assert_eq!(delete(&mut stage, "?confirm=Google%20Chat").status, 204);
    let owner = stage.owner.clone();
    let gone = stage.world.delete(&owner, "/api/integrations/in_x?confirm=Slack");
    assert_eq!(gone.refusal(), (404, "not_found", ""));
}

#[test]
fn what_people_gave_leaves_the_vault_in_slices() {
    let mut stage = Stage::new(connect);
    (0..45).for_each(|number| give_webhook(&mut stage, number));
    stage.world.work();
    assert_eq!(delete(&mut stage, "?confirm=Google%20Chat").status, 204);
    assert_eq!(stage.world.count("SELECT count(*) FROM addresses WHERE channel = 'google_chat'"), "0");
    for left in [25, 5, 0] {
        stage.world.work();
        assert_eq!(stage.named_secrets().len(), left);
        stage.world.runner.clock.advance(15_000);
    }
    assert_eq!(stage.world.count("SELECT count(*) FROM grants_to_forget"), "0");
}

#[test]
fn what_a_person_gave_anew_is_kept_and_so_is_what_serves_another_integration() {
    let mut stage = Stage::new(connect);
    give_webhook(&mut stage, 1);
    stage.world.work();
    assert_eq!(delete(&mut stage, "?confirm=Google%20Chat").status, 204);
    connect(&mut stage.world);
    let again = "INSERT INTO addresses (member, channel, value, state, switched_on) SELECT member, channel, value, 'linked', 1 FROM grants_to_forget";
    stage.world.sql.exec(again, &[]).unwrap();
    stage.world.work();
    assert_eq!(
        (stage.named_secrets().len(), stage.world.count("SELECT count(*) FROM grants_to_forget")),
        (1, "0".into())
    );

    stage.world.connect("google_chat", 9, &json!({"webhooks": true}), &json!({}));
    let owner = stage.owner.clone();
    let id =
        stage.world.get(&owner, "/api/integrations").json.as_array().unwrap().last().unwrap()["id"].clone();
    let target = format!("/api/integrations/{}?confirm=Google%20Chat", Value::as_str(&id).unwrap());
    assert_eq!(stage.world.delete(&owner, &target).status, 204);
    stage.world.work();
    assert_eq!(stage.named_secrets().len(), 1);
}
