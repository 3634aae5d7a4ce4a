//! What the admin decides, and trying it.

use serde_json::{Value, json};

use crate::stage::Stage;

const SETTINGS: &str = "/api/attendance/settings";

#[test]
fn settings_are_the_admin_s_and_checked_by_field() {
    let mut stage = Stage::new();
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let cookie = stage.cookie(&sato);
    assert_eq!(stage.world.get(&cookie, SETTINGS).status, 403);
    assert_eq!(stage.world.put(&cookie, SETTINGS, &json!({"on": false})).status, 403);
    // What is not said stays.
    let back = stage.world.put(&owner, SETTINGS, &json!({"clock_in": ["  IN ", "☀️"], "triggers": []}));
    assert_eq!((&back.json["clock_in"], &back.json["on"]), (&json!(["IN", "☀️"]), &json!(true)), "{back:?}");
    assert_eq!(stage.world.get(&owner, SETTINGS).json, back.json);
    for (change, code, field) in [
        (json!({"clock_in": []}), "required", "clock_in"),
        (json!({"clock_out": ["in"]}), "named_twice", "clock_out[0]"),
        (json!({"break_end": []}), "required", "break_end"),
        (json!({"triggers": ["x".repeat(51)]}), "too_long", "triggers[0]"),
        (json!({"integrations": ["in_00000000000000000000000000"]}), "not_connected", "integrations[0]"),
        (json!({"integrations": ["x"]}), "wrong_type", "integrations[0]"),
        (json!({"keywords": []}), "unknown_field", "keywords"),
    ] {
        let refused = stage.world.put(&owner, SETTINGS, &change);
        assert_eq!((refused.code(), refused.json["field"].as_str()), (code, Some(field)), "{change}");
    }
    assert_eq!(stage.world.get(&owner, SETTINGS).json, back.json);
    // The same again is no change.
    stage.world.put(&owner, SETTINGS, &json!({"on": true}));
    let audit = stage
        .world
        .sql
        .texts("SELECT detail FROM audit WHERE action = 'attendance.settings_changed' ORDER BY id", &[])
        .unwrap();
    assert_eq!(audit, ["on", "clock_in"]);
}

#[test]
fn a_message_can_be_tried_before_anything_is_saved() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let mut tried = |text: &str, settings: Value| {
        let mut request = json!({"text": text});
        if !settings.is_null() {
            request["settings"] = settings;
        }
        let back = stage.world.post(&owner, &format!("{SETTINGS}/try"), &request);
        assert_eq!(back.status, 200, "{back:?}");
        (
            back.json["punch"].clone(),
            back.json["needs_trigger"] == true,
            back.json["explanation"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(tried("出勤。", Value::Null), (json!("clock_in"), false, "Records: Clock-in.".into()));
    assert_eq!(tried("出勤します", Value::Null).0, Value::Null);
    let triggered = json!({"triggers": ["打刻"]});
    let (punch, needs_trigger, explanation) = tried("出勤", triggered.clone());
    assert!(punch.is_null() && needs_trigger && explanation.contains("打刻 出勤"), "{explanation}");
    assert_eq!(tried("打刻 退勤", triggered).0, json!("clock_out"));
    // Nothing was punched or saved.
    assert_eq!(stage.punches(), Vec::<String>::new());
    assert_eq!(stage.world.get(&owner, SETTINGS).json["triggers"], json!([]));
}

#[test]
fn of_two_admins_the_later_one_is_told() {
    let mut stage = Stage::new();
    let owner = stage.owner.clone();
    let seen = stage.world.get(&owner, SETTINGS).json;
    let mut mine = seen.clone();
    mine["clock_in"] = json!(["IN"]);
    let saved = stage.world.put(&owner, SETTINGS, &mine).json;
    assert_eq!(saved["version"], json!(seen["version"].as_i64().unwrap() + 1));
    let mut theirs = seen.clone();
    theirs["clock_out"] = json!(["OUT"]);
    assert_eq!(stage.world.put(&owner, SETTINGS, &theirs).refusal(), (409, "changed_meanwhile", ""));
    assert_eq!(stage.world.get(&owner, SETTINGS).json, saved);
    // Over what is there now it is taken; the same again is no new version.
    theirs["version"] = saved["version"].clone();
    let over = stage.world.put(&owner, SETTINGS, &theirs).json;
    theirs["version"] = over["version"].clone();
    assert_eq!(stage.world.put(&owner, SETTINGS, &theirs).json, over);
}
