use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::super::super::keys::testing::other_keys;
use super::*;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn claims() -> Value {
    json!({"iss": BOT.to_string(), "sub": BOT.to_string(), "aud": "https://api.line.me/",
        "exp": NOW / 1000 + 1800, "token_exp": 86_400})
}

fn sign(claims: &Value, kid: Option<&str>, pem: &str) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::RS256) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()).unwrap()
}

fn ask(world: &mut World, path: &str, assertion: &str, now: i64) -> Reply {
    let pairs = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", assertion),
    ];
    post_form(world, path, &pairs, now)
}

#[test]
fn a_signed_assertion_gives_a_token_for_its_time() {
    let mut client = Client::new();
    let kid = format!("{BOT}-key");
    let jwt = sign(&claims(), Some(&kid), keys().private_pem());
    let issued = ask(&mut client.world, "/oauth2/v2.1/token", &jwt, NOW).body_json();
    assert_eq!((&issued["expires_in"], &issued["token_type"]), (&json!(86_400), &json!("Bearer")));
    client.token = issued["access_token"].as_str().unwrap().to_owned();
    assert_eq!(client.get("/v2/bot/info").status, 200);
    let verify = format!("/oauth2/v2.1/verify?access_token={}", client.token);
    assert_eq!(client.get(&verify).body_json()["client_id"], BOT.to_string());
    let kids = format!("/oauth2/v2.1/tokens/kid?client_assertion_type={ASSERTION}&client_assertion={jwt}");
    assert_eq!(client.get(&kids).body_json(), json!({"kids": [issued["key_id"]]}));
    client.now += DAY;
    assert_eq!(client.get("/v2/bot/info").status, 401);
}

#[test]
fn a_wrong_assertion_is_refused() {
    let mut world = World::demo(1, keys());
    let kid = format!("{BOT}-key");
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        sign(&claims, Some(&kid), keys().private_pem())
    };
    let strange = sign(&claims(), Some(&kid), other_keys().private_pem());
    for (jwt, why) in [
        (with("iss", json!("1")), "iss"),
        (with("aud", json!("https://api.line.me")), "aud"),
        (with("exp", json!(NOW / 1000 + 1801)), "exp ahead"),
        (with("exp", json!(NOW / 1000)), "exp past"),
        (with("token_exp", json!(2_592_001)), "token_exp"),
        (sign(&claims(), None, keys().private_pem()), "no kid"),
        (strange, "another key"),
        ("x".to_owned(), "no JWT"),
    ] {
        let refused = ask(&mut world, "/oauth2/v2.1/token", &jwt, NOW);
        assert_eq!((refused.status, &refused.body_json()["error"]), (400, &json!("invalid_client")), "{why}");
    }
    let unknown = sign(&claims(), Some("other"), keys().private_pem());
    let refused = ask(&mut world, "/oauth2/v2.1/token", &unknown, NOW);
    let want = "Cannot find channel key that satisfies the conditions";
    assert_eq!(message(&refused), (404, want.to_owned()));
}

#[test]
fn thirty_tokens_are_the_most_and_stateless_ones_do_not_count() {
    let mut world = World::demo(1, keys());
    let jwt = sign(&claims(), Some(&format!("{BOT}-key")), keys().private_pem());
    for _ in 0..30 {
        assert_eq!(ask(&mut world, "/oauth2/v2.1/token", &jwt, NOW).status, 200);
    }
    let refused = ask(&mut world, "/oauth2/v2.1/token", &jwt, NOW);
    assert_eq!(
        message(&refused),
        (400, "The maximum number of access tokens has already been issued".into())
    );
    assert_eq!(ask(&mut world, "/oauth2/v3/token", &jwt, NOW).body_json()["expires_in"], 900);
    assert_eq!(world.line_live_tokens(BOT, NOW), 32);
}

#[test]
fn short_lived_tokens_push_out_the_oldest() {
    let mut client = Client::new();
    let secret = client.world.line.messaging(BOT).unwrap().secret.clone();
    let id = BOT.to_string();
    let pairs = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    let mut issued = Vec::new();
    for second in 0..31 {
        let reply = post_form(&mut client.world, "/v2/oauth/accessToken", &pairs, NOW + second * 1000);
        issued.push(reply.body_json()["access_token"].as_str().unwrap().to_owned());
    }
    client.now = NOW + 60_000;
    for (token, status) in [(&issued[0], 401), (&issued[1], 200), (&issued[30], 200)] {
        client.token = token.clone();
        assert_eq!(client.get("/v2/bot/info").status, status);
    }
    let token = [("access_token", issued[30].as_str())];
    let now = client.now;
    let verified = post_form(&mut client.world, "/v2/oauth/verify", &token, now);
    assert_eq!(verified.body_json()["client_id"], id);
    assert_eq!(post_form(&mut client.world, "/v2/oauth/revoke", &token, now).status, 200);
    assert_eq!(post_form(&mut client.world, "/v2/oauth/verify", &token, now).status, 400);
    let wrong = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", "x")];
    assert_eq!(post_form(&mut client.world, "/oauth2/v3/token", &wrong, now).status, 400);
}
