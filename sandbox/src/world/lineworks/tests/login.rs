use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::json;

use super::*;

const REDIRECT: &str = "https://todoke.example/auth/callback/lineworks";

fn authorize(world: &mut World, query: &str) -> Reply {
    let path = format!("/oauth2/v2.0/authorize?{query}");
    let request = Request { method: "GET".into(), path, ..Request::default() };
    reply(world.http(Face::LineWorksAuth, &request, NOW))
}

fn query(scope: &str) -> String {
    format!(
        "client_id=SandboxClient0000001&redirect_uri={REDIRECT}&scope={scope}&response_type=code&state=s%201&nonce=n1"
    )
}

/// The parameters that come back, as text.
fn returned(reply: &Reply) -> String {
    assert_eq!(reply.status, 302);
    reply.header("location").unwrap().strip_prefix(&format!("{REDIRECT}?")).unwrap().to_owned()
}

fn code_for(world: &mut World, who: &str, scope: &str) -> String {
    let back = returned(&authorize(world, &format!("{}&sandbox_person={who}", query(scope))));
    let (code, rest) = back.strip_prefix("code=").unwrap().split_once('&').unwrap();
    assert_eq!(rest, "state=s%201");
    code.to_owned()
}

fn redeem(world: &mut World, code: &str, more: &[(&str, &str)], now: i64) -> (u16, Value) {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", "SandboxClient0000001"),
        ("client_secret", "sandboxSecret"),
    ];
    pairs.extend(more);
    let reply = reply(world.http(Face::LineWorksAuth, &form(&pairs), now));
    (reply.status, reply.body_json())
}

#[test]
fn a_member_signs_in() {
    let mut world = World::demo(1, keys());
    let page = authorize(&mut world, &query("openid%20email%20user.read"));
    let html = String::from_utf8(page.body).unwrap();
    assert_eq!(page.status, 200);
    assert!(html.contains("佐藤 花子") && html.contains("sandbox_person=sato"), "{html}");
    let code = code_for(&mut world, "ito", "openid%20email%20user.read");
    let (status, tokens) = redeem(&mut world, &code, &[("redirect_uri", REDIRECT)], NOW);
    assert_eq!((status, &tokens["expires_in"]), (200, &json!("86400")));
    let request = Request { method: "GET".into(), path: "/oauth2/v2.0/certs".into(), ..Request::default() };
    let keys = reply(world.http(Face::LineWorksAuth, &request, NOW)).body_json();
    let set: JwkSet = serde_json::from_value(keys).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.set_audience(&["SandboxClient0000001"]);
    let key = DecodingKey::from_jwk(&set.keys[0]).unwrap();
    let id_token = tokens["id_token"].as_str().unwrap();
    let claims = jsonwebtoken::decode::<Value>(id_token, &key, &validation).unwrap().claims;
    let ito = world.person("ito").unwrap().user_id.clone();
    assert_eq!(
        (&claims["sub"], &claims["nonce"], &claims["email"]),
        (&json!(ito), &json!("n1"), &json!("ito@minato"))
    );
    assert_eq!(claims["exp"].as_i64().unwrap(), NOW / 1000 + 3600);

    let token = tokens["access_token"].as_str().unwrap().to_owned();
    let mut client = Client { world, token, now: NOW };
    assert_eq!(client.get("/users/me").body_json()["userId"], ito);
    assert_eq!(super::code(&client.get("/users/sato@minato")), (403, "FORBIDDEN".into()), "themselves only");
    assert_eq!(client.get("/users").status, 403);
    let request = Request {
        method: "GET".into(),
        path: "/oauth2/v2.0/userinfo".into(),
        headers: vec![("Authorization".into(), format!("Bearer {}", client.token))],
        body: Vec::new(),
    };
    let info = reply(client.world.http(Face::LineWorksAuth, &request, NOW));
    assert_eq!(info.body_json(), json!({"sub": ito, "email": "ito@minato"}));
    client.token = "nonsense".into();
    assert_eq!(client.get("/users/me").status, 401);
}

#[test]
fn the_super_administrator_reaches_everyone() {
    let mut world = World::demo(1, keys());
    let code = code_for(&mut world, "sato", "user.read");
    let (_, tokens) = redeem(&mut world, &code, &[], NOW);
    assert!(tokens.get("id_token").is_none(), "openid was not asked for");
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    let mut client = Client { world, token, now: NOW };
    assert_eq!(client.get("/users/ito@minato").status, 200);
}

#[test]
fn a_code_is_good_once_and_for_ten_minutes() {
    let mut world = World::demo(1, keys());
    let code = code_for(&mut world, "ito", "openid");
    let wrong = [("redirect_uri", "https://todoke.example/other")];
    assert_eq!(redeem(&mut world, &code, &wrong, NOW).1["error"], "invalid_grant");
    assert_eq!(redeem(&mut world, &code, &[], NOW).1["error"], "invalid_grant", "used up");
    let code = code_for(&mut world, "ito", "openid");
    assert_eq!(redeem(&mut world, &code, &[], NOW + 600_000).0, 400, "too late");
    let code = code_for(&mut world, "ito", "openid");
    assert_eq!(redeem(&mut world, &code, &[], NOW + 599_999).0, 200);
    assert_eq!(redeem(&mut world, "none", &[], NOW).0, 400);
}

#[test]
fn errors_return_or_stay() {
    let mut world = World::demo(1, keys());
    let good = query("openid");
    for (query, error) in [
        (query("mail"), "error=invalid_scope"),
        (good.replace("response_type=code", "response_type=id_token"), "error=unsupported_response_type"),
        (format!("{good}&sandbox_person=-"), "error=access_denied"),
    ] {
        let back = returned(&authorize(&mut world, &query));
        assert!(back.starts_with(error) && back.ends_with("&state=s%201"), "{query}: {back}");
    }
    for query in [
        good.replace("SandboxClient0000001", "other"),
        good.replace(REDIRECT, "http://todoke.example/x"),
        good.replace(REDIRECT, ""),
        format!("{good}&sandbox_person=nobody"),
    ] {
        assert_eq!(authorize(&mut world, &query).status, 400, "{query}");
    }
    world.app.redirect_uris = vec!["https://todoke.example/auth/callback/lineworks/".into()];
    assert_eq!(authorize(&mut world, &good).status, 400, "only what is registered, exactly");
}
