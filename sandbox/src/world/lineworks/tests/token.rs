use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use super::*;
use crate::world::keys::testing::other_keys;

fn ask(world: &mut World, request: &Request, now: i64) -> (u16, Value) {
    let reply = reply(world.http(Face::LineWorksAuth, request, now));
    (reply.status, reply.body_json())
}

#[test]
fn a_signed_assertion_gives_a_token_for_a_day() {
    let mut client = Client::with_scope("bot.read,user.read");
    assert_eq!(client.get("/bots").status, 200);
    client.now += 86_400_000 - 1;
    assert_eq!(client.get("/bots").status, 200);
    client.now += 1;
    let late = client.get("/bots");
    assert_eq!(code(&late), (401, "UNAUTHORIZED".into()));
    assert_eq!(late.body_json()["description"], "Authentication failed");
    client.token = "nonsense".into();
    assert_eq!(client.get("/bots").status, 401);
}

#[test]
fn the_reply_has_the_shape_that_clients_see() {
    let mut world = World::demo(1, keys());
    let request = token_request(&sign(&claims(NOW), keys().private_pem()), "bot user.read");
    let (status, body) = ask(&mut world, &request, NOW);
    assert_eq!(status, 200);
    assert_eq!(body["expires_in"], "86400", "a string");
    assert_eq!((&body["token_type"], &body["scope"]), (&json!("Bearer"), &json!("bot user.read")));
    assert!(body["refresh_token"].is_string());
}

#[test]
fn claims_are_checked_at_the_worlds_time() {
    let with = |name: &str, value: Value| {
        let mut claims = claims(NOW);
        claims[name] = value;
        claims
    };
    let seconds = NOW / 1000;
    for (claims, good) in [
        (claims(NOW), true),
        (with("iat", json!(f64::from(1_790_000_000) - 0.25)), true),
        (with("aud", json!("https://auth.worksmobile.com/oauth2/v2.0/token")), true),
        (with("iat", json!(seconds.to_string())), false),
        (with("exp", json!((seconds + 600).to_string())), false),
        (with("exp", Value::Null), false),
        (with("iat", json!(seconds + 3600)), false),
        (with("exp", json!(seconds)), false),
        (with("iss", json!("other")), false),
        (with("sub", json!("other@minato")), false),
        (claims(NOW - 601_000), false),
    ] {
        let mut world = World::demo(1, keys());
        let request = token_request(&sign(&claims, keys().private_pem()), "bot");
        let (status, body) = ask(&mut world, &request, NOW);
        assert_eq!(status, if good { 200 } else { 400 }, "{claims}: {body}");
        assert_eq!(body["error"] == "invalid_grant", !good, "{claims}: {body}");
    }
}

#[test]
fn only_the_registered_key_and_rs256_count() {
    let mut world = World::demo(1, keys());
    let good = sign(&claims(NOW), keys().private_pem());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let mut forged: Vec<char> = signature.chars().collect();
    forged[10] = if forged[10] == 'A' { 'B' } else { 'A' };
    let forged = format!("{head}.{}", forged.iter().collect::<String>());
    let symmetric = jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims(NOW),
        &EncodingKey::from_secret(keys().public_pem().as_bytes()),
    )
    .unwrap();
    let padded = format!("{good}==");
    for bad in [forged.as_str(), &symmetric, &padded, "a.b.c", ""] {
        let (status, body) = ask(&mut world, &token_request(bad, "bot"), NOW);
        assert_eq!(status, 400, "{bad}: {body}");
    }
    assert_eq!(ask(&mut world, &token_request(&good, "bot"), NOW).0, 200);
    world.app.replace_key(&other_keys());
    assert_eq!(ask(&mut world, &token_request(&good, "bot"), NOW).1["error"], "invalid_grant");
}

#[test]
fn fields_of_the_form_are_checked() {
    let good = sign(&claims(NOW), keys().private_pem());
    let fields = [
        ("grant_type", JWT_GRANT),
        ("assertion", good.as_str()),
        ("client_id", "SandboxClient0000001"),
        ("client_secret", "sandboxSecret"),
        ("scope", "bot"),
    ];
    for (name, value, status, error) in [
        ("grant_type", "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", 200, Value::Null),
        ("scope", "bot,user.read directory.read", 200, Value::Null),
        ("grant_type", "password", 400, json!("unsupported_grant_type")),
        ("grant_type", "", 400, json!("invalid_request")),
        ("assertion", "", 400, json!("invalid_request")),
        ("scope", "", 400, json!("invalid_request")),
        ("scope", "bot mail", 400, json!("invalid_scope")),
        ("scope", "Bot", 400, json!("invalid_scope")),
        ("client_secret", "wrong", 401, json!("invalid_client")),
        ("client_id", "wrong", 401, json!("invalid_client")),
    ] {
        let changed = fields.map(|(n, v)| if n == name { (n, value) } else { (n, v) });
        let (got, body) = ask(&mut World::demo(1, keys()), &form(&changed), NOW);
        assert_eq!((got, &body["error"]), (status, &error), "{name}={value}");
    }
    let mut json = form(&fields);
    json.headers[0].1 = "application/json".into();
    assert_eq!(ask(&mut World::demo(1, keys()), &json, NOW).1["error"], "invalid_request");
}

#[test]
fn refresh_and_revoke() {
    let mut world = World::demo(1, keys());
    let request = token_request(&sign(&claims(NOW), keys().private_pem()), "bot.read");
    let first = ask(&mut world, &request, NOW).1;
    let client = [("client_id", "SandboxClient0000001"), ("client_secret", "sandboxSecret")];
    let refresh = |token: &Value| {
        form(&[
            client[0],
            client[1],
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str().unwrap()),
        ])
    };
    let (status, second) = ask(&mut world, &refresh(&first["refresh_token"]), NOW);
    assert_eq!(status, 200);
    assert!(second["refresh_token"].is_null(), "rotation is off");
    assert_eq!(ask(&mut world, &refresh(&first["access_token"]), NOW).1["error"], "invalid_grant");

    world.app.refresh_rotation = true;
    let (_, third) = ask(&mut world, &refresh(&first["refresh_token"]), NOW);
    assert!(third["refresh_token"].is_string());
    assert_eq!(ask(&mut world, &refresh(&first["refresh_token"]), NOW).0, 400, "rotated away");
    assert_eq!(ask(&mut world, &refresh(&third["refresh_token"]), NOW + 91 * 86_400_000).0, 400);

    let token = third["access_token"].as_str().unwrap().to_owned();
    let mut revoke = form(&[client[0], client[1], ("token", &token)]);
    revoke.path = "/oauth2/v2.0/revoke".into();
    let mut client = Client { world, token, now: NOW };
    assert_eq!(client.get("/bots").status, 200);
    assert_eq!(reply(client.world.http(Face::LineWorksAuth, &revoke, NOW)).status, 200);
    assert_eq!(client.get("/bots").status, 401);
}
