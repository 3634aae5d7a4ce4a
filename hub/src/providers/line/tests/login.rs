//! Linking a person.

use futures_executor::block_on;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use shared::lang::Lang;

use super::{
    super::world::{NOW, STATELESS, TOKEN, pairs},
    *,
};

const VERIFIER: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456";
const REDIRECT: &str = "https://todoke.example/auth/callback/line?w=ws_1";
const FRIENDSHIP: &str = "GET /friendship/v1/status";
const DEAUTHORIZE: &str = "POST /user/v1/deauthorize";

#[test]
fn the_challenge_is_s256() {
    // line.md §1.5, and RFC 7636 appendix B.
    assert_eq!(pkce_challenge(VERIFIER), "IeThmbsK3EjPh47vIASAjzqgd6UVkkjokbmHy1-gHBw");
    let published = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert_eq!(pkce_challenge(published), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn the_browser_is_sent_with_everything_line_wants() {
    let client = World::new().client();
    let attempt = LoginAttempt { redirect: REDIRECT, state: "st4te", nonce: "n0nce", challenge: "ch" };
    let url = client.authorize_url(&attempt, Lang::Ja);
    let (base, query) = url.split_once('?').unwrap();
    assert_eq!(base, "https://access.test/oauth2/v2.1/authorize");
    assert!(query.contains("scope=openid%20profile&"), "{query}");
    let expected = [
        ("response_type", "code"),
        ("client_id", "1650000001"),
        ("redirect_uri", REDIRECT),
        ("state", "st4te"),
        ("scope", "openid profile"),
        ("nonce", "n0nce"),
        ("bot_prompt", "aggressive"),
        ("code_challenge", "ch"),
        ("code_challenge_method", "S256"),
        ("ui_locales", "ja"),
    ];
    assert_eq!(pairs(query), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(client.authorize_url(&attempt, Lang::En).ends_with("&ui_locales=en"));
}

#[test]
fn only_a_refusal_by_the_person_is_a_cancelled_login() {
    for (error, cancelled) in
        [("ACCESS_DENIED", true), ("access_denied", true), ("SERVER_ERROR", false), ("", false)]
    {
        assert_eq!(is_cancelled(error), cancelled, "{error}");
    }
}

fn tokens() -> Value {
    json!({
        "access_token": "at-123", "expires_in": 2_592_000, "id_token": "h.p.s", "refresh_token": "rt-123",
        "scope": "profile openid", "token_type": "Bearer",
    })
}

#[test]
fn a_code_is_exchanged_with_its_verifier() {
    let world = World::new();
    world.on(TOKEN, 200, &tokens());
    let tokens = block_on(world.client().exchange_code("c0de", REDIRECT, VERIFIER)).unwrap();
    assert_eq!(tokens.id_token, "h.p.s");
    let user = UserToken {
        access_token: "at-123".into(),
        refresh_token: Some("rt-123".into()),
        expires_at: NOW + 2_592_000_000,
    };
    assert!(tokens.user == user);
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "c0de"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("client_id", "1650000001"),
        ("client_secret", "login-s3cret/+"),
    ];
    assert_eq!(world.form(0), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(world.header(0, "content-type").as_deref(), Some("application/x-www-form-urlencoded"));
    assert_eq!(world.header(0, "authorization"), None);
    // It is kept, sealed: the form is pinned, and shows nothing.
    assert_eq!(
        serde_json::to_string(&user).unwrap(),
        format!(
            r#"{{"access_token":"at-123","refresh_token":"rt-123","expires_at":{}}}"#,
            NOW + 2_592_000_000
        )
    );
    assert!(!format!("{tokens:?} {user:?}").contains("-123"));
}

#[test]
fn a_refused_code_is_told_without_secrets() {
    let world = World::new();
    let body = json!({"error": "invalid_grant", "error_description": "c0de login-s3cret/+ is bad"});
    world.on(TOKEN, 400, &body);
    let error = block_on(world.client().exchange_code("c0de", REDIRECT, VERIFIER)).unwrap_err();
    assert_eq!(error.to_string(), "refused with 400 invalid_grant *** *** is bad (x-line-request-id rq-1)");
    for missing in ["access_token", "id_token"] {
        let mut body = tokens();
        body.as_object_mut().unwrap().remove(missing);
        world.on(TOKEN, 200, &body);
        let error = block_on(world.client().exchange_code("c", REDIRECT, VERIFIER)).unwrap_err();
        assert_eq!(error, CallError::Unreadable(missing));
    }
}

#[test]
fn an_old_token_is_refreshed() {
    let world = World::new();
    let mut body = tokens();
    body.as_object_mut().unwrap().remove("id_token");
    world.on(TOKEN, 200, &body);
    let token = block_on(world.client().refresh("rt-123")).unwrap();
    assert_eq!(token.access_token, "at-123");
    let form = world.form(0);
    assert_eq!(form[0], ("grant_type".to_owned(), "refresh_token".to_owned()));
    assert_eq!(form[1], ("refresh_token".to_owned(), "rt-123".to_owned()));
    world.on(TOKEN, 400, &json!({"error": "invalid_grant", "error_description": "invalid refresh token"}));
    let error = block_on(world.client().refresh("rt-123")).unwrap_err();
    assert!(matches!(error, CallError::Refused(no) if no.status == 400));
}

#[test]
fn friendship_is_what_the_flag_says() {
    let world = World::new();
    for flag in [true, false] {
        world.on(FRIENDSHIP, 200, &json!({"friendFlag": flag}));
        assert_eq!(block_on(world.client().friendship("at-123")), Ok(flag));
    }
    assert_eq!(world.header(0, "authorization").as_deref(), Some("Bearer at-123"));
    world.on(FRIENDSHIP, 200, &json!({}));
    assert_eq!(block_on(world.client().friendship("at-123")), Err(CallError::Unreadable("friendFlag")));
    // The person's token is refused: the channel's own must not be tried instead.
    world.on(FRIENDSHIP, 401, &json!({"message": "at-123 expired"}));
    let error = block_on(world.client().friendship("at-123")).unwrap_err();
    assert_eq!(error.to_string(), "refused with 401 *** expired (x-line-request-id rq-1)");
    world.asked();
}

#[test]
fn unlinking_takes_back_what_was_granted() {
    let world = World::new();
    let issue = || world.on(STATELESS, 200, &json!({"access_token": "s-1", "expires_in": 900}));
    issue();
    world.on(DEAUTHORIZE, 204, &Value::Null);
    assert_eq!(block_on(world.client().deauthorize("at-123")), Ok(true));
    assert_eq!(world.asked(), [STATELESS, DEAUTHORIZE]);
    assert_eq!(world.header(1, "authorization").as_deref(), Some("Bearer s-1"));
    assert_eq!(world.json(1), json!({"userAccessToken": "at-123"}));

    issue();
    world.on(DEAUTHORIZE, 400, &json!({"message": "invalid token"}));
    assert_eq!(block_on(world.client().deauthorize("at-123")), Ok(false));

    issue();
    world.on(DEAUTHORIZE, 500, &Value::Null);
    assert!(block_on(world.client().deauthorize("at-123")).is_err());

    world.on("POST /oauth2/v2.1/revoke", 200, &Value::Null);
    assert_eq!(block_on(world.client().revoke("at-123")), Ok(()));
    let form = world.form(6);
    let names: Vec<_> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["access_token", "client_id", "client_secret"]);
    world.asked();
}

#[test]
fn a_login_is_verified_with_its_own_channel_and_time() {
    let world = World::new();
    let claims = json!({
        "iss": "https://access.line.me", "sub": USER, "aud": "1650000001", "exp": NOW / 1_000 + 10,
        "iat": NOW / 1_000, "nonce": "n0nce", "name": "佐藤",
    });
    let key = EncodingKey::from_secret(b"login-s3cret/+");
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();
    let who = world.client().verify_login(&token, "n0nce").unwrap();
    assert_eq!((who.user_id.as_str(), who.name.as_deref()), (USER, Some("佐藤")));
    world.clock.advance(71_000);
    assert_eq!(world.client().verify_login(&token, "n0nce"), Err(IdTokenError::Expired));
}
