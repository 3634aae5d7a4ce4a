use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::*;
use crate::world::keys::testing::other_keys;

/// A direct space of sato with the app, and the app's client.
fn direct() -> (Client, String) {
    let mut client = Client::with_app();
    let space = add_app(&mut client.world, "sato", None, None, NOW).unwrap();
    (client, space)
}

#[test]
fn a_signed_assertion_gives_a_token_for_an_hour() {
    let (mut client, space) = direct();
    let path = format!("spaces/{space}/messages");
    let reply = client.call("POST", &path, &text("a"));
    assert_eq!(reply.status, 200, "{}", reply.body_json());
    client.now = NOW + 3_600_000 - 1_001;
    assert_eq!(client.call("POST", &path, &text("b")).status, 200);
    assert_eq!(code(&client.call("POST", &path, &text("c"))), (401, "UNAUTHENTICATED".into()));
    client.token = "nonsense".into();
    assert_eq!(client.call("GET", "spaces", &Value::Null).status, 401);
    client.keeps_to_the_contract();
}

#[test]
fn assertions_are_checked() {
    let with = |name: &str, value: Value| {
        let mut claims = claims(NOW);
        claims[name] = value;
        claims
    };
    let seconds = NOW / 1000;
    let mut client = Client::new();
    for (claims, want) in [
        (claims(NOW), Value::Null),
        (
            with(
                "scope",
                json!("https://www.googleapis.com/auth/chat.bot https://www.googleapis.com/auth/x"),
            ),
            Value::Null,
        ),
        (with("aud", json!("http://127.0.0.1:8788/google_chat/oauth/token")), Value::Null),
        (with("aud", json!("https://chat.googleapis.com/")), json!("invalid_grant")),
        (with("aud", json!("http://127.0.0.1.example/google_chat/oauth/token")), json!("invalid_grant")),
        (with("iss", json!("other@minato-todoke.iam.gserviceaccount.com")), json!("invalid_grant")),
        (with("exp", json!(seconds + 3_601)), json!("invalid_grant")),
        (with("exp", json!(seconds - 301)), json!("invalid_grant")),
        (with("iat", json!(seconds + 301)), json!("invalid_grant")),
        (with("iat", json!(seconds.to_string())), json!("invalid_grant")),
        (with("scope", json!("")), json!("invalid_scope")),
        (with("scope", json!("chat.bot")), json!("invalid_scope")),
    ] {
        let reply = client.grant(&claims);
        assert_eq!(reply.body_json()["error"], want, "{claims}: {}", reply.body_json());
        assert_eq!(reply.status, if want.is_null() { 200 } else { 400 });
    }
    let symmetric = jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims(NOW),
        &EncodingKey::from_secret(keys().public_pem().as_bytes()),
    );
    let other = EncodingKey::from_rsa_pem(other_keys().private_pem().as_bytes()).unwrap();
    let other = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims(NOW), &other);
    for forged in [symmetric.unwrap(), other.unwrap(), "a.b.c".into()] {
        assert_eq!(client.grant_with(&forged).body_json()["error"], "invalid_grant", "{forged}");
    }
    client.world.google_chat.app.replace_key(&other_keys());
    assert_eq!(client.grant(&claims(NOW)).status, 400, "the key was replaced");
}

#[test]
fn another_scope_is_not_enough() {
    let (mut client, space) = direct();
    let mut narrow = claims(NOW);
    narrow["scope"] = json!("https://www.googleapis.com/auth/chat.spaces.readonly");
    client.token = client.grant(&narrow).body_json()["access_token"].as_str().unwrap().to_owned();
    let reply = client.call("POST", &format!("spaces/{space}/messages"), &text("a"));
    assert_eq!(code(&reply), (403, "PERMISSION_DENIED".into()));
}

#[test]
fn the_app_writes_where_it_is() {
    let mut client = Client::with_app();
    let space = client.space("総務部");
    let path = format!("spaces/{space}/messages");
    assert_eq!(code(&client.call("POST", &path, &text("a"))).0, 403, "not a member");
    add_app(&mut client.world, "sato", Some(&space), None, NOW).unwrap();
    let body = client.call("POST", &path, &text("a")).body_json();
    assert_eq!((&body["sender"]["type"], &body["space"]["spaceType"]), (&json!("BOT"), &json!("SPACE")));
    assert!(body["createTime"].is_string());
    remove_app(&mut client.world, "ito", &space, NOW).unwrap();
    assert_eq!(code(&client.call("POST", &path, &text("a"))).0, 403, "removed");
    add_app(&mut client.world, "ito", Some(&space), None, NOW).unwrap();
    delete_space(&mut client.world, "ito", &space, NOW).unwrap();
    assert_eq!(code(&client.call("POST", &path, &text("a"))).0, 404);
    assert_eq!(code(&client.call("POST", "spaces/none/messages", &text("a"))).0, 404);
    client.keeps_to_the_contract();
}

#[test]
fn the_app_changes_and_deletes_its_own_messages_only() {
    let mut client = Client::with_app();
    let (space, url) = client.webhook();
    add_app(&mut client.world, "sato", Some(&space), None, NOW).unwrap();
    let path = format!("spaces/{space}/messages");
    let mut full = card(action("x"));
    full["text"] = json!("a");
    let name = client.call("POST", &path, &full).body_json()["name"].as_str().unwrap().to_owned();
    let theirs = client.hook(&url, "", &text("b")).body_json()["name"].as_str().unwrap().to_owned();

    let patched =
        client.call("PATCH", &format!("{name}?updateMask=text"), &json!({"text": "対応: 佐藤"})).body_json();
    assert_eq!(patched["text"], "対応: 佐藤");
    assert_eq!(patched["cardsV2"], full["cardsV2"], "what the mask does not name stays");
    assert!(patched["lastUpdateTime"].is_string());
    let bare = client.call("PATCH", &format!("{name}?updateMask=text,cardsV2"), &text("済み")).body_json();
    assert!(bare.get("cardsV2").is_none(), "named and absent: gone");
    for (path, body, status) in [
        (name.clone(), text("a"), 400),
        (format!("{name}?updateMask=sender"), text("a"), 400),
        (format!("{name}?updateMask=text"), json!({}), 400),
        (format!("{theirs}?updateMask=text"), text("a"), 403),
        (format!("spaces/{space}/messages/x.y?updateMask=text"), text("a"), 404),
        (format!("spaces/{space}/messages/malformed?updateMask=text"), text("a"), 400),
        (format!("spaces/{space}/messages/client-a?updateMask=text"), text("a"), 404),
        (format!("spaces/{space}/messages/client-a?updateMask=text&allowMissing=true"), text("made"), 200),
        (format!("spaces/{space}/messages/client-a?updateMask=text"), text("changed"), 200),
    ] {
        let reply = client.call("PATCH", &path, &body);
        assert_eq!(reply.status, status, "{path}: {}", reply.body_json());
    }
    assert_eq!(client.texts(&space)[1..], ["済み", "b", "changed"]);
    assert_eq!(client.call("GET", &name, &Value::Null).body_json()["text"], "済み");
    assert_eq!(client.call("DELETE", &theirs, &Value::Null).status, 403);
    assert_eq!(client.call("DELETE", &name, &Value::Null).body_json(), json!({}));
    assert_eq!(client.call("GET", &name, &Value::Null).status, 404);
    client.keeps_to_the_contract();
}

#[test]
fn edits_count_as_writes() {
    let (mut client, space) = direct();
    let name = client.call("POST", &format!("spaces/{space}/messages"), &text("a")).body_json();
    let name = name["name"].as_str().unwrap().to_owned();
    client.now -= 1_000;
    assert_eq!(client.call("PATCH", &format!("{name}?updateMask=text"), &text("b")).status, 429);
    assert_eq!(client.call("PATCH", &format!("{name}?updateMask=text"), &text("b")).status, 200);
    client.now -= 1_000;
    assert_eq!(client.call("GET", &name, &Value::Null).status, 200, "reading is counted apart");
}

#[test]
fn the_projects_minute_is_counted() {
    let mut client = Client::with_app();
    client.world.google_chat.settings.project_writes_per_minute = 2;
    client.now = NOW - NOW % 60_000;
    let spaces: Vec<String> = ["sato", "ito", "kato"]
        .map(|person| add_app(&mut client.world, person, None, None, NOW).unwrap())
        .into();
    let statuses: Vec<u16> = spaces
        .iter()
        .map(|s| client.call("POST", &format!("spaces/{s}/messages"), &text("a")).status)
        .collect();
    assert_eq!(statuses, [200, 200, 429]);
    client.now += 60_000;
    assert_eq!(client.call("POST", &format!("spaces/{}/messages", spaces[2]), &text("a")).status, 200);
}

#[test]
fn spaces_and_direct_messages_are_found() {
    let (mut client, space) = direct();
    let group = client.space("受付");
    add_app(&mut client.world, "ito", Some(&group), None, NOW).unwrap();
    let number = user_number(client.world.person("sato").unwrap());
    let other = user_number(client.world.person("kato").unwrap());
    let list = client.call("GET", "spaces", &Value::Null).body_json();
    assert_eq!(list["spaces"].as_array().unwrap().len(), 2);
    let first = client.call("GET", "spaces?pageSize=1", &Value::Null).body_json();
    let token = first["nextPageToken"].as_str().unwrap();
    let second =
        client.call("GET", &format!("spaces?pageSize=1&pageToken={token}"), &Value::Null).body_json();
    assert_ne!(first["spaces"], second["spaces"]);
    assert!(second["nextPageToken"].is_null());
    let found = client.call("GET", &format!("spaces:findDirectMessage?name=users/{number}"), &Value::Null);
    let found = found.body_json();
    assert_eq!(
        (&found["name"], &found["singleUserBotDm"]),
        (&json!(format!("spaces/{space}")), &json!(true))
    );
    for (path, status) in [
        (format!("spaces:findDirectMessage?name=users/{other}"), 404),
        ("spaces:findDirectMessage?name=users/sato%40minato.example".into(), 400),
        ("spaces:findDirectMessage".into(), 400),
        (format!("spaces/{group}"), 200),
        (format!("spaces/{}", client.space("総務部")), 403),
        ("spaces/none".into(), 404),
        ("nothing".into(), 404),
    ] {
        assert_eq!(client.call("GET", &path, &Value::Null).status, status, "{path}");
    }
    let setup = json!({"space": {"spaceType": "DIRECT_MESSAGE"},
        "memberships": [{"member": {"name": format!("users/{other}"), "type": "HUMAN"}}]});
    assert_eq!(code(&client.call("POST", "spaces:setup", &setup)).0, 403, "not approved");
    client.world.google_chat.settings.setup_allowed = true;
    let made = client.call("POST", "spaces:setup", &setup).body_json();
    assert_eq!(made["spaceType"], "DIRECT_MESSAGE", "{made}");
    client.keeps_to_the_contract();
}
