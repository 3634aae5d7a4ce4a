//! Signing in with LINE WORKS.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hub::providers::lineworks::{LineworksSecret, LineworksSettings};
use serde_json::{Value, json};

use crate::{
    stage::{Stage, form, location, parameter},
    world::{Back, NOW, PAGES, World},
};

const TOKEN: &str = "POST auth.worksmobile.com/oauth2/v2.0/token";

fn connect(world: &mut World) {
    let settings = LineworksSettings {
        client_id: "client-1".into(),
        service_account: "x1.serviceaccount@minato".into(),
        domain_id: 40_029_600,
        bot_admin: "sato@minato".into(),
        bot_subadmin: String::new(),
        bot_name: "Todoke通知".into(),
        bot_id: Some(7),
    };
    let secret =
        LineworksSecret { client_secret: "s3cret".into(), private_key: String::new(), bot_secret: None };
    let (settings, secret) = (serde_json::to_value(settings).unwrap(), serde_json::to_value(secret).unwrap());
    world.connect("lineworks", 5, &settings, &secret);
}

fn cookies(back: &Back) -> Vec<&str> {
    back.headers.iter().filter(|(name, _)| *name == "set-cookie").map(|(_, value)| value.as_str()).collect()
}

#[test]
fn the_sign_in_page_offers_it_while_the_connection_works() {
    let mut stage = Stage::new(connect);
    assert_eq!(stage.open("", "/api/public").json["sign_in"], json!(["lineworks"]));
    let (mut stage, broken) =
        (Stage::new(|_| {}), "UPDATE integrations SET state = 'broken' WHERE provider = 'lineworks'");
    assert_eq!(stage.open("", "/api/public").json.get("sign_in"), None);
    let mut stage = Stage::new(|world| {
        connect(world);
        world.sql.exec(broken, &[]).unwrap();
    });
    assert_eq!(stage.open("", "/api/public").json.get("sign_in"), None);
}

/// Begins; answers the authorize URL and the cookie as the browser sends it.
fn begin(stage: &mut Stage) -> (String, String) {
    let back = stage.open("", "/auth/start/lineworks");
    let cookie = cookies(&back)[0];
    assert!(
        cookie.starts_with("todoke_login=ws_") && cookie.contains("; Path=/auth; HttpOnly; SameSite=Lax")
    );
    assert!(cookie.contains("Max-Age=600") && cookie.ends_with("; Secure"));
    (location(&back).to_owned(), cookie.split(';').next().unwrap().to_owned())
}

/// Comes back as the person with these claims.
fn finish(stage: &mut Stage, user: &str, email: Option<&str>) -> Back {
    let (url, cookie) = begin(stage);
    let claims = json!({
        "sub": user, "email": email, "aud": "client-1", "nonce": parameter(&url, "nonce"), "exp": NOW / 1_000 + 3_600,
    });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let id_token = format!("{}.{}.c2ln", part(&json!({"alg": "RS256"})), part(&claims));
    stage.providers.on(TOKEN, 200, &json!({"access_token": "at", "id_token": id_token}));
    stage.open(&cookie, &format!("/auth/callback/lineworks?code=c-1&state={}", parameter(&url, "state")))
}

fn set_address(stage: &Stage, member: &str, value: &str, label: &str) {
    let insert = "INSERT INTO addresses (member, channel, value, label, state, switched_on) VALUES (?1, 'lineworks', ?2, ?3, 'unverified', 1)";
    stage.world.sql.exec(insert, &[member.into(), value.into(), label.into()]).unwrap();
}

#[test]
fn a_member_is_signed_in_by_user_id_login_id_or_login_address() {
    for (value, label, user, email) in [
        ("u-1", "", "u-1", None),
        ("u-1", "", "u-1", Some("else@minato")),
        ("Sato@minato", "", "u-1", Some("sato@minato")),
        ("u-0", "sato@minato", "u-1", Some("Sato@minato")),
        ("", "", "u-1", Some("sato@minato.example")),
    ] {
        let mut stage = Stage::new(connect);
        if !value.is_empty() {
            set_address(&stage, &stage.member, value, label);
        }
        let back = finish(&mut stage, user, email);
        assert_eq!(location(&back), "/me", "{value} {label} {user} {email:?}");
        let cookies = cookies(&back);
        assert!(cookies[0].starts_with("todoke=ws_") && cookies[1].contains("Max-Age=0"), "{cookies:?}");
        let session = cookies[0].split(';').next().unwrap().to_owned();
        assert_eq!(stage.world.get(&session, "/api/me").json["id"], json!(stage.member));
        let asked = stage.providers.asked();
        assert_eq!(form(&asked[0], "redirect_uri"), format!("{PAGES}/auth/callback/lineworks"));
    }
}

#[test]
fn who_is_no_member_is_not_signed_in() {
    type Prepare = fn(&Stage);
    let cases: [(&str, Prepare); 3] = [
        ("u-9", |_| ()),
        // A member who may not.
        ("u-1", |stage| {
            set_address(stage, &stage.member, "u-1", "");
            stage.world.sql.exec("UPDATE members SET usable = 0 WHERE role = 'member'", &[]).unwrap();
        }),
        // Two who could be meant.
        ("u-1", |stage| {
            set_address(stage, &stage.member, "u-1", "");
            let owner = stage.world.count("SELECT id FROM members WHERE role = 'owner'");
            set_address(stage, &owner, "u-1", "");
        }),
    ];
    for (user, prepare) in cases {
        let mut stage = Stage::new(connect);
        prepare(&stage);
        let sessions = stage.world.count("SELECT count(*) FROM sessions");
        let back = finish(&mut stage, user, Some("sato@elsewhere"));
        assert_eq!(location(&back), "/sign-in?result=unknown");
        assert_eq!(cookies(&back).len(), 1);
        assert_eq!(stage.world.count("SELECT count(*) FROM sessions"), sessions);
        stage.providers.asked();
    }
}

#[test]
fn a_trip_that_began_in_another_browser_signs_nobody_in() {
    let mut stage = Stage::new(connect);
    let (url, cookie) = begin(&mut stage);
    let (_, other) = begin(&mut stage);
    let state = parameter(&url, "state");
    let session = stage.sato.clone();
    for (cookie, query, result) in [
        ("", format!("code=c&state={state}"), "other_session"),
        (other.as_str(), format!("code=c&state={state}"), "other_session"),
        (&session, format!("code=c&state={state}"), "other_session"),
        (&cookie, format!("code=c&state={}", "0".repeat(166)), "forged"),
        (&cookie, "code=c".to_owned(), "forged"),
        (&cookie, format!("state={state}"), "forged"),
        (&cookie, "error=access_denied".to_owned(), "cancelled"),
        (&cookie, "error=invalid_scope".to_owned(), "code_refused"),
    ] {
        let back = stage.open(cookie, &format!("/auth/callback/lineworks?{query}"));
        assert_eq!(location(&back), format!("/sign-in?result={result}"), "{query}");
    }
    stage.world.runner.clock.advance(600_000);
    let back = stage.open(&cookie, &format!("/auth/callback/lineworks?code=c&state={state}"));
    assert_eq!(location(&back), "/sign-in?result=expired");
    assert!(stage.providers.asked().is_empty());
}

#[test]
fn what_line_works_refuses_signs_nobody_in() {
    for (status, body, result) in [
        (400, json!({"error": "invalid_grant", "error_description": "code c-1"}), "code_refused"),
        (500, json!({}), "provider_down"),
        (200, json!({}), "provider_down"),
        (200, json!({"access_token": "at", "id_token": other_login()}), "not_verified"),
    ] {
        let mut stage = Stage::new(connect);
        let (url, cookie) = begin(&mut stage);
        stage.providers.on(TOKEN, status, &body);
        let target = format!("/auth/callback/lineworks?code=c-1&state={}", parameter(&url, "state"));
        assert_eq!(location(&stage.open(&cookie, &target)), format!("/sign-in?result={result}"), "{body}");
        stage.providers.asked();
        stage.kept_quiet("c-1");
    }
}

#[test]
fn without_line_works_there_is_nowhere_to_go() {
    let mut stage = Stage::new(|_| ());
    let back = stage.open("", "/auth/start/lineworks");
    assert_eq!(location(&back), "/sign-in?result=not_connected");
}

fn other_login() -> String {
    let claims = json!({"sub": "u-1", "aud": "client-1", "nonce": "another", "exp": NOW});
    format!("e30.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()))
}
