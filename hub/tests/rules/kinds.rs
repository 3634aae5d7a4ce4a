//! The workspace's own kinds, how urgent a kind is, and what members may set.

use serde_json::{Value, json};

use crate::Office;

fn fire() -> Value {
    json!({"code": "building.fire", "name_ja": "火災報知", "name_en": "Fire", "urgency": "critical", "icon": "flame"})
}

#[test]
fn an_own_kind_is_made_changed_archived_and_deleted_while_unused() {
    let mut office = Office::new();
    let owner = office.owner.clone();
    let world = &mut office.world;
    let made = world.post(&owner, "/api/v1/kinds", &fire());
    assert_eq!((made.status, &made.json["icon"]), (201, &json!("flame")), "{made:?}");
    let mut odd = fire();
    odd["code"] = json!("building.smoke");
    odd["icon"] = json!("skull");
    assert_eq!(world.post(&owner, "/api/v1/kinds", &odd).refusal(), (400, "wrong_type", "icon"));

    let target = "/api/v1/kinds/building.fire";
    let change = json!({"name_ja": " 火災 ", "name_en": "Fire alarm", "urgency": "normal", "icon": "bell", "archived": true});
    let back = world.put(&owner, target, &change);
    assert_eq!(
        (&back.json["name_ja"], &back.json["urgency"], &back.json["archived"]),
        (&json!("火災"), &json!("normal"), &json!(true)),
        "{back:?}"
    );
    let all = json!([{"everyone": true}]);
    assert_eq!(office.post("building.fire", &all).refusal(), (409, "kind_archived", "kind"));
    let world = &mut office.world;
    let settings = world.get(&owner, "/api/me/settings");
    assert!(!settings.json.to_string().contains("building.fire"));

    let mut back_in_use = change.clone();
    back_in_use["archived"] = json!(false);
    assert_eq!(world.put(&owner, target, &back_in_use).status, 200);
    world.put(&owner, "/api/rules", &json!({"kind": "building.fire", "channel": "email", "on": false}));
    assert_eq!(world.delete(&owner, target).status, 204);
    assert_eq!(world.count("SELECT count(*) FROM rules"), "0");
    assert_eq!(world.delete(&owner, target).refusal(), (404, "not_found", ""));
    world.post(&owner, "/api/v1/kinds", &fire());
    assert_eq!(office.post("building.fire", &all).status, 202);
    assert_eq!(office.world.delete(&owner, target).refusal(), (409, "kind_in_use", ""));
}

#[test]
fn what_an_own_kind_may_not_become() {
    let mut office = Office::new();
    let owner = office.owner.clone();
    let world = &mut office.world;
    world.post(&owner, "/api/v1/kinds", &fire());
    let good = json!({"name_ja": "火災", "name_en": "Fire", "urgency": "normal"});
    for (code, name, value, status, refused, field) in [
        ("building.fire", "name_ja", json!("  "), 400, "required", "name_ja"),
        ("building.fire", "name_en", json!("x".repeat(61)), 400, "too_long", "name_en"),
        ("building.fire", "icon", json!("<svg>"), 400, "wrong_type", "icon"),
        ("building.fire", "urgency", json!("loud"), 400, "wrong_type", "urgency"),
        ("building.fire", "code", json!("a.b"), 400, "unknown_field", "code"),
        ("tasks.assigned", "name_ja", json!("x"), 409, "kind_is_fixed", ""),
        ("no.such", "name_ja", json!("x"), 404, "not_found", ""),
    ] {
        let mut form = good.clone();
        form[name] = value;
        let back = world.put(&owner, &format!("/api/v1/kinds/{code}"), &form);
        assert_eq!(back.refusal(), (status, refused, field), "{code} {name}");
    }
    assert_eq!(world.delete(&owner, "/api/v1/kinds/tasks.assigned").refusal(), (409, "kind_is_fixed", ""));
}

#[test]
fn an_urgency_is_the_workspace_s_to_choose() {
    let mut office = Office::new();
    let back = office.rule(&json!({"kind": "tasks.alarm", "urgency": "critical"}));
    assert_eq!((&back.json["urgency"], &back.json["mandatory"]), (&json!("critical"), &json!(false)));
    // The other of the two is not touched.
    let back = office.rule(&json!({"kind": "tasks.alarm", "mandatory": true}));
    assert_eq!((&back.json["urgency"], &back.json["mandatory"]), (&json!("critical"), &json!(true)));
    assert_eq!(
        office.world.count("SELECT group_concat(detail, ',') FROM audit WHERE action = 'rule.changed'"),
        "urgency,mandatory"
    );
    for (body, code, field) in [
        (json!({"kind": "tasks.alarm"}), "required", "channel"),
        (json!({"kind": "tasks.alarm", "on": true, "mandatory": true}), "required", "channel"),
        (json!({"kind": "tasks.alarm", "urgency": "loud"}), "wrong_type", "urgency"),
    ] {
        let back = office.rule(&body);
        assert_eq!((back.code(), back.json["field"].as_str().unwrap_or_default()), (code, field), "{body}");
    }
}

#[test]
fn members_set_what_the_admin_lets_them() {
    let mut office = Office::new();
    let (owner, suzuki) = (office.owner.clone(), office.suzuki.clone());
    let cookie = office.world.cookie_of(&owner, &suzuki);
    let to = json!([{"member": suzuki}]);
    let off = |kind: &str| json!({"kind": kind, "channel": "email", "on": false});
    let row = |office: &mut Office, kind: &str| {
        let settings = office.world.get(&cookie, "/api/me/settings");
        let rows = settings.json["kinds"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["kind"] == kind).unwrap();
        (row["locked"] == true, row["cells"][1]["on"] == true)
    };

    // Fleet notices are the operator's from the start.
    assert_eq!(row(&mut office, "fleet.overspeed"), (true, true));
    let refused = office.world.put(&cookie, "/api/me/preferences", &off("fleet.overspeed"));
    assert_eq!(refused.refusal(), (409, "kind_is_locked", "kind"));
    let id = suzuki.parse().unwrap();
    let url = office.world.hub.unsubscribe_url(&id, "fleet.overspeed");
    let path = url.strip_prefix(crate::world::PAGES).unwrap().to_owned();
    let pressed = office.world.send(http::Method::POST, &path, &[], &Value::Null);
    assert_eq!(pressed.refusal(), (409, "kind_is_mandatory", "kind"));

    // Allowed, set, and taken back: the choice sleeps and is not asked.
    let permit = |office: &mut Office, on: bool| {
        office.world.put(&owner, "/api/rules/apps/fleet", &json!({"members_set": on}))
    };
    assert_eq!(permit(&mut office, true).json, json!({"members_set": true}));
    assert_eq!(office.world.put(&cookie, "/api/me/preferences", &off("fleet.overspeed")).status, 200);
    assert_eq!(row(&mut office, "fleet.overspeed"), (false, false));
    let mail = |lines: Vec<String>| lines.into_iter().find(|line| line.contains(" email ")).unwrap();
    assert_eq!(mail(office.decided("fleet.overspeed", &to)), "鈴木 一郎 email preference_off");
    permit(&mut office, false);
    assert_eq!(row(&mut office, "fleet.overspeed"), (true, true));
    assert_eq!(mail(office.decided("fleet.overspeed", &to)), "鈴木 一郎 email allowed");
    permit(&mut office, true);
    assert_eq!(row(&mut office, "fleet.overspeed"), (false, false));

    // Any app can be closed; one without kinds is not there.
    assert_eq!(office.world.put(&owner, "/api/rules/apps/tasks", &json!({"members_set": false})).status, 200);
    let refused = office.world.put(&cookie, "/api/me/preferences", &off("tasks.assigned"));
    assert_eq!(refused.refusal(), (409, "kind_is_locked", "kind"));
    let none = office.world.put(&owner, "/api/rules/apps/nothing", &json!({"members_set": false}));
    assert_eq!(none.refusal(), (404, "not_found", ""));
    let member = office.world.put(&cookie, "/api/rules/apps/tasks", &json!({"members_set": true}));
    assert_eq!(member.refusal(), (403, "not_allowed", ""));
}
