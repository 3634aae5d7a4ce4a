//! LINE by login: the whole way, the friend page, unlinking. What is refused is in `line_refused`.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hub::{
    ports::IoError,
    providers::line::{self, pkce_challenge},
};
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};
use shared::integration::{LineForm, LineVia};

use crate::{
    stage::{Stage, form, location, parameter},
    world::{NOW, PAGES, World},
};

pub(crate) const USER: &str = "U0123456789abcdef0123456789abcdef";
pub(crate) const OTHER: &str = "Uffffffffffffffffffffffffffffffff";
pub(crate) const TOKEN: &str = "POST api.line.me/oauth2/v2.1/token";
pub(crate) const FRIENDSHIP: &str = "GET api.line.me/friendship/v1/status";
pub(crate) const PUSH: &str = "POST api.line.me/v2/bot/message/push";
const STATELESS: &str = "POST api.line.me/oauth2/v3/token";
const DEAUTHORIZE: &str = "POST api.line.me/user/v1/deauthorize";
const LOGIN_SECRET: &str = "login-s3cret";
const CHANNEL: &str = "1650000001";

pub(crate) fn connect(world: &mut World) {
    let form = LineForm {
        login_channel_id: CHANNEL.into(),
        login_channel_secret: LOGIN_SECRET.into(),
        via: LineVia::Token,
        channel_access_token: "long-lived".into(),
        channel_secret: "channel-s3cret".into(),
        ..LineForm::default()
    };
    let (mut settings, secret) = line::split(&form);
    settings.basic_id = Some("@123abcde".into());
    settings.display_name = Some("みなと商事".into());
    let (settings, secret) = (serde_json::to_value(settings).unwrap(), serde_json::to_value(secret).unwrap());
    world.connect("line", 6, &settings, &secret);
}

pub(crate) fn profile(user: &str) -> String {
    format!("GET api.line.me/v2/bot/profile/{user}")
}

/// Begins a login; answers the authorize URL.
pub(crate) fn begin(stage: &mut Stage, cookie: &str) -> String {
    let back = stage.world.post(cookie, "/api/me/channels/line/link", &Value::Null);
    assert_eq!(back.status, 200, "{back:?}");
    back.json["url"].as_str().unwrap().to_owned()
}

pub(crate) fn claims(user: &str, nonce: &str) -> Value {
    json!({
        "iss": "https://access.line.me", "sub": user, "aud": CHANNEL, "exp": NOW / 1_000 + 3_600,
        "nonce": nonce, "name": "はなこ",
    })
}

pub(crate) fn tokens(claims: &Value) -> Value {
    let key = EncodingKey::from_secret(LOGIN_SECRET.as_bytes());
    let id_token = jsonwebtoken::encode(&Header::default(), claims, &key).unwrap();
    json!({"access_token": "at-1", "refresh_token": "rt-1", "expires_in": 2_592_000, "id_token": id_token})
}

/// Goes the whole way; answers where the browser ends.
pub(crate) fn link(stage: &mut Stage, cookie: &str, user: &str, friend: bool) -> String {
    let url = begin(stage, cookie);
    stage.providers.on(TOKEN, 200, &tokens(&claims(user, &parameter(&url, "nonce"))));
    stage.providers.on(FRIENDSHIP, 200, &json!({"friendFlag": friend}));
    let (status, body) =
        if friend { (200, json!({"userId": user, "displayName": "はなこ"})) } else { (404, json!({})) };
    stage.providers.on(&profile(user), status, &body);
    if friend {
        stage.providers.on(PUSH, 200, &json!({"sentMessages": [{"id": "1"}]}));
    }
    let target = format!("/auth/callback/line?code=c-1&state={}", parameter(&url, "state"));
    location(&stage.open(cookie, &target)).to_owned()
}

/// 佐藤 linked as a friend, nothing asked since.
pub(crate) fn linked() -> Stage {
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    assert_eq!(link(&mut stage, &sato, USER, true), "/me?link=line&result=ok");
    stage.providers.asked();
    stage
}

#[test]
fn a_friend_is_linked_and_told_so() {
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    let url = begin(&mut stage, &sato);
    assert!(url.starts_with("https://access.line.me/oauth2/v2.1/authorize?"), "{url}");
    assert_eq!(parameter(&url, "redirect_uri"), format!("{PAGES}/auth/callback/line"));
    let (state, challenge) = (parameter(&url, "state"), parameter(&url, "code_challenge"));
    assert!(state.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{state}");
    assert_ne!(parameter(&begin(&mut stage, &sato), "state"), state, "the same state again");

    stage.providers.on(TOKEN, 200, &tokens(&claims(USER, &parameter(&url, "nonce"))));
    stage.providers.on(FRIENDSHIP, 200, &json!({"friendFlag": true}));
    stage.providers.on(&profile(USER), 200, &json!({"userId": USER, "displayName": "はなこ"}));
    stage.providers.on(PUSH, 200, &json!({"sentMessages": [{"id": "1"}]}));
    let back = stage.open(&sato, &format!("/auth/callback/line?code=c-1&state={state}"));
    assert_eq!(location(&back), "/me?link=line&result=ok");
    let asked = stage.providers.asked();
    assert_eq!(
        (form(&asked[0], "code"), form(&asked[0], "redirect_uri")),
        ("c-1".into(), format!("{PAGES}/auth/callback/line"))
    );
    assert_eq!(pkce_challenge(&form(&asked[0], "code_verifier")), challenge);
    assert!(String::from_utf8_lossy(&asked[3].body).contains("連携が完了しました"));
    assert_eq!(stage.address(&stage.member, "line"), format!("{USER} linked はなこ"));
    assert_eq!(stage.named_secrets().len(), 1);
    assert!(stage.live.0.borrow().iter().any(|(_, text)| text.contains("channels")));
    for secret in ["at-1", "rt-1", LOGIN_SECRET, "c-1"] {
        stage.kept_quiet(secret);
    }
}

#[test]
fn who_is_no_friend_yet_sees_the_code_and_is_linked_once_they_are() {
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    let before = stage.world.get(&sato, "/api/me/channels/line/friend").json;
    assert_eq!(
        (&before["url"], &before["name"], &before["state"]),
        (&json!("https://line.me/R/ti/p/%40123abcde"), &json!("みなと商事"), &Value::Null)
    );
    assert!(before["qr_svg"].as_str().unwrap().starts_with("<svg "));
    assert_eq!(link(&mut stage, &sato, USER, false), "/me?link=line&result=add_friend");
    assert_eq!(stage.address(&stage.member, "line"), format!("{USER} unverified はなこ"));
    stage.providers.asked();

    // Still not; then yes; then blocked.
    for (friend, state) in [(false, "unverified"), (true, "linked"), (false, "blocked"), (true, "linked")] {
        stage.providers.on(FRIENDSHIP, 200, &json!({"friendFlag": friend}));
        let seen = if friend { 200 } else { 404 };
        stage.providers.on(&profile(USER), seen, &json!({"userId": USER, "displayName": "はなこ"}));
        let back = stage.world.post(&sato, "/api/me/channels/line/refresh", &json!({}));
        assert_eq!((back.status, &back.json["state"]), (200, &json!(state)));
        assert_eq!(stage.address(&stage.member, "line"), format!("{USER} {state} はなこ"));
        let asked = stage.providers.asked();
        assert_eq!(asked[0].headers[0], ("authorization", "Bearer at-1".to_owned()));
    }
}

#[test]
fn an_access_token_that_is_over_is_renewed_first() {
    let mut stage = linked();
    let sato = stage.sato.clone();
    // The session would be over too.
    stage.world.sql.exec("UPDATE sessions SET expires_at = expires_at * 2", &[]).unwrap();
    stage.world.runner.clock.advance(30 * 86_400_000);
    stage.providers.on(TOKEN, 200, &json!({"access_token": "at-2", "expires_in": 2_592_000}));
    for expected in ["at-2", "at-2"] {
        stage.providers.on(FRIENDSHIP, 200, &json!({"friendFlag": true}));
        stage.providers.on(&profile(USER), 200, &json!({"userId": USER, "displayName": "はなこ"}));
        let back = stage.world.post(&sato, "/api/me/channels/line/refresh", &json!({}));
        assert_eq!(back.status, 200, "{back:?}");
        let asked = stage.providers.asked();
        let bearer = ("authorization", format!("Bearer {expected}"));
        assert!(asked.iter().any(|request| request.headers.contains(&bearer)));
    }
}

#[test]
fn without_an_answer_from_the_login_side_the_account_decides() {
    for (seen, result, state) in
        [(200, "ok", "linked"), (404, "add_friend", "unverified"), (500, "add_friend", "unverified")]
    {
        let mut stage = Stage::new(connect);
        let sato = stage.sato.clone();
        let url = begin(&mut stage, &sato);
        stage.providers.on(TOKEN, 200, &tokens(&claims(USER, &parameter(&url, "nonce"))));
        stage.providers.on(FRIENDSHIP, 403, &json!({"message": "no linked account"}));
        stage.providers.on(&profile(USER), seen, &json!({"userId": USER, "displayName": "はなこ"}));
        if seen == 200 {
            // The page says it as well: a message that does not arrive takes nothing back.
            stage.providers.answer(PUSH, Err(IoError::NoAnswer("timeout".into())));
        }
        let back =
            stage.open(&sato, &format!("/auth/callback/line?code=c&state={}", parameter(&url, "state")));
        assert_eq!(location(&back), format!("/me?link=line&result={result}"), "{seen}");
        assert_eq!(stage.address(&stage.member, "line"), format!("{USER} {state} はなこ"));
        stage.providers.asked();
    }
}

#[test]
fn another_account_of_the_same_person_takes_the_place_of_the_first() {
    let mut stage = linked();
    let sato = stage.sato.clone();
    let first = stage.named_secrets();
    // What was granted for the first one is taken back.
    stage.providers.on(STATELESS, 200, &json!({"access_token": "sl", "expires_in": 900}));
    stage.providers.on(DEAUTHORIZE, 204, &Value::Null);
    assert_eq!(link(&mut stage, &sato, OTHER, true), "/me?link=line&result=ok");
    assert_eq!(stage.address(&stage.member, "line"), format!("{OTHER} linked はなこ"));
    assert!(stage.named_secrets().len() == 1 && stage.named_secrets() != first);
    stage.providers.asked();

    // The same account again changes nothing, and nobody is told a second time.
    let url = begin(&mut stage, &sato);
    stage.providers.on(TOKEN, 200, &tokens(&claims(OTHER, &parameter(&url, "nonce"))));
    stage.providers.on(FRIENDSHIP, 200, &json!({"friendFlag": true}));
    stage.providers.on(&profile(OTHER), 200, &json!({"userId": OTHER, "displayName": "はなこ"}));
    let back = stage.open(&sato, &format!("/auth/callback/line?code=c&state={}", parameter(&url, "state")));
    assert_eq!(location(&back), "/me?link=line&result=ok");
    stage.providers.asked();
}

#[test]
fn unlinking_deauthorises_and_forgets() {
    let mut stage = linked();
    let sato = stage.sato.clone();
    stage.providers.on(STATELESS, 200, &json!({"access_token": "sl", "expires_in": 900}));
    stage.providers.on(DEAUTHORIZE, 204, &Value::Null);
    let back = stage.world.delete(&sato, "/api/me/channels/line");
    assert_eq!(back.status, 200, "{back:?}");
    assert_eq!(back.json["channels"][0]["address"], Value::Null);
    let asked = stage.providers.asked();
    assert_eq!(asked[1].body, br#"{"userAccessToken":"at-1"}"#);
    assert_eq!((stage.address(&stage.member, "line").as_str(), stage.named_secrets().len()), ("", 0));
    assert_eq!(
        stage.world.delete(&sato, "/api/me/channels/line").refusal(),
        (409, "not_connected", "channel")
    );
}

#[test]
fn unlinking_does_not_wait_for_line() {
    for answer in [Err(IoError::NotSent("no route".into())), Ok(400)] {
        let mut stage = linked();
        let sato = stage.sato.clone();
        stage.providers.on(STATELESS, 200, &json!({"access_token": "sl", "expires_in": 900}));
        match answer {
            Err(error) => stage.providers.answer(DEAUTHORIZE, Err(error)),
            Ok(status) => stage.providers.on(DEAUTHORIZE, status, &json!({"message": "invalid token"})),
        }
        assert_eq!(stage.world.delete(&sato, "/api/me/channels/line").status, 200);
        assert_eq!((stage.address(&stage.member, "line").as_str(), stage.named_secrets().len()), ("", 0));
        assert_eq!(stage.world.log.0.borrow().len(), 1);
    }
}

#[test]
fn the_last_channel_and_mail_are_not_unlinked() {
    let mut stage = linked();
    let sato = stage.sato.clone();
    assert_eq!(
        stage.world.delete(&sato, "/api/me/channels/email").refusal(),
        (403, "not_allowed", "channel")
    );
    assert_eq!(stage.world.delete(&sato, "/api/me/channels/fax").refusal(), (404, "not_found", ""));
    stage.world.put(&sato, "/api/me/channels/email", &json!({"on": false}));
    assert_eq!(stage.world.delete(&sato, "/api/me/channels/line").refusal(), (409, "last_channel", ""));
    assert_eq!(stage.address(&stage.member, "line"), format!("{USER} linked はなこ"));
}

#[test]
fn erasing_a_member_forgets_what_line_granted() {
    let mut stage = linked();
    let owner = stage.owner.clone();
    stage.providers.on(STATELESS, 200, &json!({"access_token": "sl", "expires_in": 900}));
    stage.providers.on(DEAUTHORIZE, 204, &Value::Null);
    let target = format!("/api/v1/members/{}?confirm=%E4%BD%90%E8%97%A4%20%E8%8A%B1%E5%AD%90", stage.member);
    assert_eq!(stage.world.delete(&owner, &target).status, 204);
    assert_eq!(stage.named_secrets().len(), 0);
    stage.providers.asked();
}

#[test]
fn only_line_is_linked_by_logging_in() {
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    for channel in ["slack", "email", "fax"] {
        let target = format!("/api/me/channels/{channel}/link");
        assert_eq!(stage.world.post(&sato, &target, &Value::Null).status, 404, "{channel}");
    }
    let mut bare = Stage::new(|_| ());
    let sato = bare.sato.clone();
    for (method, target) in [("POST", "link"), ("GET", "friend"), ("POST", "refresh")] {
        let target = format!("/api/me/channels/line/{target}");
        let back = if method == "GET" {
            bare.world.get(&sato, &target)
        } else {
            bare.world.post(&sato, &target, &json!({}))
        };
        assert_eq!(back.refusal(), (409, "not_connected", "channel"), "{target}");
    }
}

/// The header of a token that says `none`, as a hostile server might make it.
pub(crate) fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT"})), part(claims))
}
