use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use super::*;

const CALLBACK: &str = "https://todoke.example/auth/callback/line";
const VERIFIER: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456";
const CHALLENGE: &str = "IeThmbsK3EjPh47vIASAjzqgd6UVkkjokbmHy1-gHBw";

fn query(changes: &[(&str, &str)]) -> String {
    let id = LOGIN.to_string();
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", &id),
        ("redirect_uri", CALLBACK),
        ("state", "s1"),
        ("scope", "openid profile"),
        ("nonce", "n1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("bot_prompt", "aggressive"),
    ];
    for (name, value) in changes {
        pairs.retain(|(known, _)| known != name);
        pairs.push((name, value));
    }
    String::from_utf8(form(&pairs)).unwrap()
}

fn get(world: &mut World, query: &str) -> Reply {
    let path = format!("/oauth2/v2.1/authorize?{query}");
    let request = Request { method: "GET".into(), path, ..Request::default() };
    reply(world.http(Face::LineAccess, &request, NOW))
}

fn step(world: &mut World, query: &str, fields: &[(&str, &str)]) -> Reply {
    let body = form(&[&[("request", query)], fields].concat());
    let path = "/oauth2/v2.1/login".to_owned();
    let request = Request { method: "POST".into(), path, headers: vec![], body };
    reply(world.http(Face::LineAccess, &request, NOW))
}

/// The fields of the redirect.
fn redirected(reply: &Reply) -> std::collections::BTreeMap<String, String> {
    assert_eq!(reply.status, 302, "{}", String::from_utf8_lossy(&reply.body));
    let location = reply.header("location").unwrap();
    let (url, query) = location.split_once('?').unwrap();
    assert_eq!(url, CALLBACK);
    super::super::form_pairs(query).into_iter().collect()
}

fn login(world: &mut World, person: &str, friend: &str) -> std::collections::BTreeMap<String, String> {
    let fields = [("person", person), ("answer", "allow"), ("asked", "1"), ("friend", friend)];
    redirected(&step(world, &query(&[]), &fields))
}

fn exchange(world: &mut World, code: &str, changes: &[(&str, &str)], now: i64) -> Reply {
    let (id, secret) = (LOGIN.to_string(), world.line.providers[0].login.secret.clone());
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", &id),
        ("client_secret", &secret),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in changes {
        pairs.retain(|(known, _)| known != name);
        pairs.push((name, value));
    }
    post_form(world, "/oauth2/v2.1/token", &pairs, now)
}

fn user_get(world: &mut World, path: &str, token: &str) -> Reply {
    let headers = vec![("Authorization".to_owned(), format!("Bearer {token}"))];
    let request = Request { method: "GET".into(), path: path.into(), headers, body: vec![] };
    reply(world.http(Face::LineApi, &request, NOW))
}

fn tokens(world: &mut World) -> Value {
    let code = login(world, "sato", "1")["code"].clone();
    let reply = exchange(world, &code, &[], NOW);
    assert_eq!(reply.status, 200, "{}", reply.body_json());
    reply.body_json()
}

#[test]
fn the_pages_lead_from_the_person_to_the_friend_question_and_back() {
    let mut world = World::demo(1, keys());
    world.line.messaging_mut(BOT).unwrap().webhook_url = Some(HOOK.into());
    let page = |reply: &Reply| (reply.status, String::from_utf8(reply.body.clone()).unwrap());
    let (status, html) = page(&get(&mut world, &query(&[])));
    assert!(status == 200 && html.contains("佐藤 花子") && html.contains("value=\"sato\""), "{html}");
    let (_, html) = page(&step(&mut world, &query(&[]), &[("person", "sato")]));
    assert!(html.contains("許可する") && !html.contains("type=\"checkbox\""), "{html}");
    let (_, html) = page(&step(&mut world, &query(&[]), &[("person", "sato"), ("answer", "allow")]));
    assert!(html.contains("追加する"), "{html}");
    let (_, html) = page(&step(&mut world, &query(&[("bot_prompt", "normal")]), &[("person", "sato")]));
    assert!(html.contains("type=\"checkbox\""), "{html}");
    let back = login(&mut world, "sato", "1");
    assert_eq!((back["state"].as_str(), back["friendship_status_changed"].as_str()), ("s1", "true"));
    assert_eq!(world.take_callbacks()[0].event, "follow");
    // Granted already: straight back, and a friend cannot change anything.
    let back = redirected(&step(&mut world, &query(&[]), &[("person", "sato")]));
    assert_eq!(back["friendship_status_changed"], "false");
    let (_, html) = page(&step(&mut world, &query(&[("prompt", "consent")]), &[("person", "sato")]));
    assert!(html.contains("許可する"), "{html}");
    let fields = [("person", "ito"), ("answer", "allow")];
    let back = redirected(&step(&mut world, &query(&[("bot_prompt", "")]), &fields));
    assert_eq!(back.get("friendship_status_changed"), None);
    assert_eq!(redirected(&step(&mut world, &query(&[]), &[("answer", "deny")]))["error"], "ACCESS_DENIED");
    world.line.providers[0].login.published = false;
    assert_eq!(step(&mut world, &query(&[]), &[("person", "ito")]).status, 400);
}

#[test]
fn a_wrong_request_is_a_page_or_a_redirect() {
    let mut world = World::demo(1, keys());
    for change in [("client_id", "1"), ("redirect_uri", "https://evil.example/auth/callback/line")] {
        let reply = get(&mut world, &query(&[change]));
        assert_eq!((reply.status, reply.header("location")), (400, None), "{change:?}");
    }
    for (change, error) in [
        (("response_type", "token"), "UNSUPPORTED_RESPONSE_TYPE"),
        (("scope", "email openid"), "INVALID_SCOPE"),
        (("scope", ""), "INVALID_SCOPE"),
        (("code_challenge_method", "plain"), "INVALID_REQUEST"),
        (("state", ""), "INVALID_REQUEST"),
        (("prompt", "none"), "LOGIN_REQUIRED"),
    ] {
        assert_eq!(redirected(&get(&mut world, &query(&[change])))["error"], error, "{change:?}");
    }
}

#[test]
fn a_code_gives_tokens_once() {
    let mut world = World::demo(1, keys());
    let body = tokens(&mut world);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(2_592_000)));
    let key = DecodingKey::from_secret(world.line.providers[0].login.secret.as_bytes());
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.set_audience(&[LOGIN.to_string()]);
    let token = jsonwebtoken::decode::<Value>(body["id_token"].as_str().unwrap(), &key, &validation).unwrap();
    assert_eq!((token.header.kid, token.header.typ.as_deref()), (None, Some("JWT")));
    let claims = token.claims;
    assert_eq!(claims["iss"], "https://access.line.me");
    assert_eq!(claims["sub"], world.line_user_id(BOT, "sato").unwrap());
    assert_eq!((&claims["nonce"], &claims["name"]), (&json!("n1"), &json!("佐藤 花子")));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3_600);
    for (changes, now) in [
        (&[("code_verifier", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123457")][..], NOW),
        (&[("code_verifier", "")], NOW),
        (&[("redirect_uri", "https://todoke.example/auth/callback/other")], NOW),
        (&[("client_secret", "x")], NOW),
        (&[], NOW + 10 * 60 * 1000 + 1),
    ] {
        let code = login(&mut world, "sato", "0")["code"].clone();
        let refused = exchange(&mut world, &code, changes, now);
        assert_eq!(refused.status, 400, "{changes:?}");
        assert!(refused.body_json()["error"].is_string());
    }
    let code = login(&mut world, "sato", "0")["code"].clone();
    assert_eq!(exchange(&mut world, &code, &[], NOW).status, 200);
    assert_eq!(exchange(&mut world, &code, &[], NOW).body_json()["error"], "invalid_grant");
}

#[test]
fn tokens_are_refreshed_verified_and_revoked() {
    let mut world = World::demo(1, keys());
    let body = tokens(&mut world);
    let (id, secret) = (LOGIN.to_string(), world.line.providers[0].login.secret.clone());
    let refresh = body["refresh_token"].as_str().unwrap();
    let ask = |world: &mut World, now| {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", &id),
            ("client_secret", &secret),
        ];
        post_form(world, "/oauth2/v2.1/token", &pairs, now)
    };
    let again = ask(&mut world, NOW).body_json();
    assert_eq!((&again["refresh_token"], again.get("id_token")), (&body["refresh_token"], None));
    assert_ne!(again["access_token"], body["access_token"]);
    let late = ask(&mut world, NOW + 121 * DAY).body_json();
    assert_eq!(late, json!({"error": "invalid_grant", "error_description": "invalid refresh token"}));

    let access = body["access_token"].as_str().unwrap();
    let verify = |world: &mut World, token: &str| {
        user_get(world, &format!("/oauth2/v2.1/verify?access_token={token}"), "").body_json()
    };
    assert_eq!(verify(&mut world, access)["client_id"], id);
    assert_eq!(verify(&mut world, "x")["error_description"], "The access token not JWS");
    let jwt = body["id_token"].as_str().unwrap();
    let sub = world.line_user_id(BOT, "sato").unwrap();
    for (changes, now, want) in [
        (&[("nonce", "n1"), ("user_id", &sub)][..], NOW, ""),
        (&[("nonce", "n2")], NOW, "Invalid IdToken Nonce."),
        (&[("user_id", "U1")], NOW, "Invalid IdToken Subject Identifier."),
        (&[], NOW + 3_600_000, "IdToken expired."),
    ] {
        let pairs = [&[("id_token", jwt), ("client_id", id.as_str())], changes].concat();
        let reply = post_form(&mut world, "/oauth2/v2.1/verify", &pairs, now);
        assert_eq!(reply.body_json()["error_description"].as_str().unwrap_or_default(), want);
    }
    let pairs = [("access_token", access), ("client_id", &id), ("client_secret", &secret)];
    assert_eq!(post_form(&mut world, "/oauth2/v2.1/revoke", &pairs, NOW).status, 200);
    assert_eq!(verify(&mut world, access)["error_description"], "The access token revoked");
    assert_eq!(user_get(&mut world, "/v2/profile", access).status, 401);
}

#[test]
fn the_user_token_tells_of_person_and_friendship_until_deauthorized() {
    let mut world = World::demo(1, keys());
    let access = tokens(&mut world)["access_token"].as_str().unwrap().to_owned();
    let sub = world.line_user_id(BOT, "sato").unwrap();
    assert_eq!(
        user_get(&mut world, "/v2/profile", &access).body_json(),
        json!({"userId": sub, "displayName": "佐藤 花子"})
    );
    assert_eq!(user_get(&mut world, "/oauth2/v2.1/userinfo", &access).body_json()["sub"], sub);
    let friend = |world: &mut World| user_get(world, "/friendship/v1/status", &access).body_json();
    assert_eq!(friend(&mut world), json!({"friendFlag": true}));
    world.line_block("sato", BOT, NOW).unwrap();
    assert_eq!(friend(&mut world), json!({"friendFlag": false}));

    let (id, secret) = (LOGIN.to_string(), world.line.providers[0].login.secret.clone());
    let pairs = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
    let channel = post_form(&mut world, "/oauth2/v3/token", &pairs, NOW).body_json();
    let deauthorize = |world: &mut World, bearer: &str, user: &str| {
        let headers = vec![
            ("Authorization".to_owned(), format!("Bearer {bearer}")),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ];
        let body = json!({"userAccessToken": user}).to_string().into_bytes();
        let request = Request { method: "POST".into(), path: "/user/v1/deauthorize".into(), headers, body };
        reply(world.http(Face::LineApi, &request, NOW))
    };
    let bearer = channel["access_token"].as_str().unwrap();
    let long_lived = world.line.messaging(BOT).unwrap().token.clone();
    assert_eq!(deauthorize(&mut world, &long_lived, &access).status, 401);
    assert_eq!(message(&deauthorize(&mut world, bearer, "x")), (400, "invalid token".into()));
    assert_eq!(deauthorize(&mut world, bearer, &access).status, 204);
    assert_eq!(deauthorize(&mut world, bearer, &access).status, 400);
    assert_eq!(user_get(&mut world, "/v2/profile", &access).status, 401);
    let asked = step(&mut world, &query(&[]), &[("person", "sato")]);
    assert!(String::from_utf8(asked.body).unwrap().contains("許可する"));
}

#[test]
fn a_friend_link_opens_a_page_that_adds() {
    let mut world = World::demo(1, keys());
    let ask = |world: &mut World, method: &str, path: &str, body: &[u8]| {
        let request =
            Request { method: method.into(), path: path.into(), headers: vec![], body: body.to_vec() };
        let reply = reply(world.http(Face::LineAccess, &request, NOW));
        (reply.status, String::from_utf8(reply.body).unwrap())
    };
    let (status, html) = ask(&mut world, "GET", "/friend/%40todoke01", b"");
    assert!(status == 200 && html.contains("届け") && !html.contains("友だち</small>"), "{html}");
    let (status, html) = ask(&mut world, "POST", "/friend/@todoke01", b"person=sato");
    assert!(status == 200 && html.contains("友だち</small>"), "{html}");
    assert!(world.line.contact(BOT, &world.person("sato").unwrap().user_id).friend);
    assert_eq!(ask(&mut world, "GET", "/friend/@nobody", b"").0, 404);
}
