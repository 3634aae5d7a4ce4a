//! Two who change the same thing at once: whoever says what they read is told when it is another by now.

use serde_json::{Value, json};

use crate::world::World;

/// Everything without a version of its own: the path to change it, a body, and another one.
fn things(world: &mut World, owner: &str) -> Vec<(String, Value, Value)> {
    let company = world.post(owner, "/api/v1/companies", &json!({"name": "山田運送"})).json["id"].clone();
    let kind = json!({"code": "building.fire", "name_ja": "火災", "name_en": "Fire", "urgency": "critical", "icon": "bell"});
    assert_eq!(world.post(owner, "/api/v1/kinds", &kind).status, 201);
    let hook = json!({"url": "https://a.example/x", "events": ["action.taken"]});
    let hook = world.post(owner, "/api/webhooks", &hook).json["info"]["id"].clone();
    let kind = |name: &str, icon: &str| json!({"name_ja": name, "name_en": "Fire", "urgency": "critical", "icon": icon, "archived": false});
    let quiet = |from: &str| json!({"time": {"from": from, "until": "07:00", "days": [6], "holidays": true}, "rooms": false});
    let text = |id: &Value| id.as_str().unwrap().to_owned();
    vec![
        (
            format!("/api/v1/companies/{}", text(&company)),
            json!({"name": "山田運送"}),
            json!({"name": "山田物流"}),
        ),
        ("/api/v1/kinds/building.fire".into(), kind("火災", "bell"), kind("出火", "bell")),
        ("/api/v1/kinds/building.fire".into(), kind("火災", ""), kind("火災", "flame")),
        (
            format!("/api/webhooks/{}", text(&hook)),
            json!({"url": "https://a.example/x", "events": ["action.taken"]}),
            json!({"url": "https://b.example/?a=1&b=2", "events": ["action.taken", "delivery.failed"]}),
        ),
        (
            "/api/settings/line".into(),
            json!({"spare": false, "reserve": 0}),
            json!({"spare": true, "reserve": 100}),
        ),
        ("/api/settings/quiet".into(), quiet("22:00"), quiet("21:30")),
    ]
}

#[test]
fn the_later_one_is_told() {
    let (mut world, owner) = World::set_up();
    for (path, one, other) in things(&mut world, &owner) {
        let was = |body: &Value| format!("{path}?was={}", escaped(&body.to_string()));
        assert_eq!(world.put(&owner, &path, &one).status, 200, "{path}");
        // Read as `one`: it still is.
        let back = world.put(&owner, &was(&one), &other);
        assert_eq!(back.status, 200, "{path} {}", back.json);
        // Somebody else had read `one` too.
        assert_eq!(world.put(&owner, &was(&one), &one).refusal(), (409, "changed_meanwhile", ""), "{path}");
        assert_eq!(world.put(&owner, &was(&other), &other).status, 200, "{path}");
        // Nothing said, nothing asked; nonsense is refused.
        assert_eq!(world.put(&owner, &path, &other).status, 200, "{path}");
        let odd = world.put(&owner, &format!("{path}?was=1"), &other);
        assert_eq!(odd.refusal(), (400, "wrong_type", "was"), "{path}");
    }
}

#[test]
fn what_was_is_no_way_to_ask_how_it_is() {
    let (mut world, owner) = World::set_up();
    let all = things(&mut world, &owner);
    let sato = world.member(&owner, &json!({"name": "佐藤", "login_email": "sato@minato.example"}));
    let cookie = world.cookie_of(&owner, &sato);
    for (path, _, other) in all {
        let back = world.put(&cookie, &format!("{path}?was=%7B%22name%22%3A%22%22%7D"), &other);
        assert_eq!((back.status, back.code()), (403, "not_allowed"), "{path}");
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
