//! Each way in which a LINE login comes to nothing: the page says which, and nothing is kept.

use hub::{ports::IoError, providers::slack};
use serde_json::{Value, json};
use shared::integration::{SlackForm, SlackVia};

use crate::{
    line::{FRIENDSHIP, OTHER, TOKEN, USER, begin, claims, connect, link, linked, profile, tokens, unsigned},
    stage::{Stage, integration, location, parameter},
};

const REVOKE: &str = "POST api.line.me/oauth2/v2.1/revoke";

/// Comes back with `query`; answers the result.
fn back(stage: &mut Stage, cookie: &str, query: &str) -> String {
    let back = stage.open(cookie, &format!("/auth/callback/line?{query}"));
    location(&back).strip_prefix("/me?link=line&result=").unwrap().to_owned()
}

fn nothing_kept(stage: &Stage) {
    assert_eq!((stage.address(&stage.member, "line").as_str(), stage.named_secrets().len()), ("", 0));
    stage.providers.asked();
}

#[test]
fn a_state_counts_for_its_session_its_time_and_its_provider_only() {
    let mut stage = Stage::new(|world| {
        connect(world);
        let form = SlackForm {
            via: SlackVia::Install,
            signing_secret: "s".into(),
            client_id: "1.2".into(),
            client_secret: "c".into(),
            ..SlackForm::default()
        };
        let (settings, secret) = slack::split(&form);
        let (settings, secret) =
            (serde_json::to_value(settings).unwrap(), serde_json::to_value(secret).unwrap());
        world.connect("slack", 7, &settings, &secret);
    });
    let (sato, owner) = (stage.sato.clone(), stage.owner.clone());
    let state = parameter(&begin(&mut stage, &sato), "state");
    let with = |state: &str| format!("code=c&state={state}");

    assert_eq!(back(&mut stage, &owner, &with(&state)), "other_session");
    assert_eq!(back(&mut stage, "", &with(&state)), "other_session");
    assert_eq!(back(&mut stage, "todoke=nonsense", &with(&state)), "other_session");
    // The same person in another browser.
    let again = stage.world.cookie_of(&owner, &stage.member.clone());
    assert_eq!(back(&mut stage, &again, &with(&state)), "other_session");

    let mut altered = state.clone().into_bytes();
    for at in [0, 35, 50, 80, 101, 102, 165] {
        let before = altered[at];
        altered[at] = if before == b'0' { b'1' } else { b'0' };
        let text = String::from_utf8(altered.clone()).unwrap();
        assert_eq!(back(&mut stage, &sato, &with(&text)), "forged", "{at}");
        altered[at] = before;
    }
    let upper = state.to_uppercase();
    let shorter = &state[..state.len() - 2];
    for forged in ["", "x", &upper, shorter, &format!("{state}00"), &"0".repeat(166), "%E5%B1%8A"] {
        assert_eq!(back(&mut stage, &sato, &with(forged)), "forged", "{forged}");
    }
    assert_eq!(back(&mut stage, &sato, &format!("state={state}")), "forged");
    let target = format!("/api/integrations/{}/install", integration(7));
    let slack = stage.world.post(&owner, &target, &Value::Null);
    let of_slack = parameter(slack.json["url"].as_str().unwrap(), "state");
    assert_eq!(back(&mut stage, &owner, &with(&of_slack)), "forged");

    stage.world.runner.clock.advance(10 * 60_000);
    assert_eq!(back(&mut stage, &sato, &with(&state)), "expired");
    nothing_kept(&stage);
}

#[test]
fn who_says_no_to_line_is_told_that_nothing_changed() {
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    let state = parameter(&begin(&mut stage, &sato), "state");
    for (query, result) in [
        (format!("error=ACCESS_DENIED&error_description=x&state={state}"), "cancelled"),
        ("error=access_denied".to_owned(), "cancelled"),
        (format!("error=SERVER_ERROR&state={state}"), "code_refused"),
        ("error=INVALID_SCOPE".to_owned(), "code_refused"),
    ] {
        assert_eq!(back(&mut stage, &sato, &query), result, "{query}");
    }
    nothing_kept(&stage);
}

#[test]
fn a_code_that_line_refuses_links_nobody() {
    let used = json!({"error": "invalid_grant", "error_description": "code c-1 of login-s3cret"});
    for (status, body, result) in [
        (400, used, "code_refused"),
        (401, json!({"error": "invalid_client"}), "code_refused"),
        (429, json!({}), "provider_down"),
        (500, json!({}), "provider_down"),
        (200, json!({"access_token": "at-1", "expires_in": 60}), "provider_down"),
        (200, json!({"id_token": "a.b.c"}), "provider_down"),
    ] {
        let mut stage = Stage::new(connect);
        let sato = stage.sato.clone();
        let state = parameter(&begin(&mut stage, &sato), "state");
        stage.providers.on(TOKEN, status, &body);
        assert_eq!(back(&mut stage, &sato, &format!("code=c-1&state={state}")), result, "{status} {body}");
        nothing_kept(&stage);
        stage.kept_quiet("c-1");
        stage.kept_quiet("login-s3cret");
    }
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    let state = parameter(&begin(&mut stage, &sato), "state");
    stage.providers.answer(TOKEN, Err(IoError::NoAnswer("timeout".into())));
    assert_eq!(back(&mut stage, &sato, &format!("code=c-1&state={state}")), "provider_down");
    nothing_kept(&stage);
}

#[test]
fn an_id_token_of_another_login_is_not_believed() {
    type Damage = fn(&mut Value);
    let damages: [(&str, Damage); 5] = [
        ("nonce", |claims| claims["nonce"] = json!("another")),
        ("aud", |claims| claims["aud"] = json!("1650000002")),
        ("iss", |claims| claims["iss"] = json!("https://evil.example")),
        ("exp", |claims| claims["exp"] = json!(1_000)),
        ("sub", |claims| claims["sub"] = json!("hanako")),
    ];
    for (name, damage) in damages {
        let mut stage = Stage::new(connect);
        let sato = stage.sato.clone();
        let url = begin(&mut stage, &sato);
        let mut claims = claims(USER, &parameter(&url, "nonce"));
        damage(&mut claims);
        stage.providers.on(TOKEN, 200, &tokens(&claims));
        let state = parameter(&url, "state");
        assert_eq!(back(&mut stage, &sato, &format!("code=c&state={state}")), "not_verified", "{name}");
        nothing_kept(&stage);
    }
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    let url = begin(&mut stage, &sato);
    let claims = claims(USER, &parameter(&url, "nonce"));
    let mut answer = tokens(&claims);
    answer["id_token"] = json!(unsigned(&claims));
    stage.providers.on(TOKEN, 200, &answer);
    let state = parameter(&url, "state");
    assert_eq!(back(&mut stage, &sato, &format!("code=c&state={state}")), "not_verified");
    nothing_kept(&stage);
}

/// What one login was told counts for no other, even in the same session.
#[test]
fn the_id_token_of_an_earlier_login_is_not_believed() {
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    let earlier = parameter(&begin(&mut stage, &sato), "nonce");
    let state = parameter(&begin(&mut stage, &sato), "state");
    stage.providers.on(TOKEN, 200, &tokens(&claims(USER, &earlier)));
    assert_eq!(back(&mut stage, &sato, &format!("code=c&state={state}")), "not_verified");
    nothing_kept(&stage);
}

#[test]
fn an_account_belongs_to_one_member() {
    let mut stage = linked();
    let owner = stage.owner.clone();
    let url = begin(&mut stage, &owner);
    stage.providers.on(TOKEN, 200, &tokens(&claims(USER, &parameter(&url, "nonce"))));
    stage.providers.on(FRIENDSHIP, 200, &json!({"friendFlag": true}));
    stage.providers.on(&profile(USER), 200, &json!({"userId": USER, "displayName": "はなこ"}));
    stage.providers.on(REVOKE, 200, &Value::Null);
    let state = parameter(&url, "state");
    assert_eq!(back(&mut stage, &owner, &format!("code=c&state={state}")), "already_taken");
    assert_eq!(stage.address(&stage.member, "line"), format!("{USER} linked はなこ"));
    assert_eq!(
        (
            stage.world.count("SELECT count(*) FROM addresses WHERE channel = 'line'").as_str(),
            stage.named_secrets().len()
        ),
        ("1", 1)
    );
    stage.providers.asked();
    // An account of their own is no matter.
    assert_eq!(link(&mut stage, &owner, OTHER, true), "/me?link=line&result=ok");
}

#[test]
fn a_login_channel_of_another_provider_is_noticed() {
    let mut stage = Stage::new(connect);
    let sato = stage.sato.clone();
    let url = begin(&mut stage, &sato);
    stage.providers.on(TOKEN, 200, &tokens(&claims(USER, &parameter(&url, "nonce"))));
    stage.providers.on(FRIENDSHIP, 200, &json!({"friendFlag": true}));
    stage.providers.on(&profile(USER), 404, &json!({"message": "Not found"}));
    let state = parameter(&url, "state");
    assert_eq!(back(&mut stage, &sato, &format!("code=c&state={state}")), "other_account");
    // Not sent to, as LINE would take it and drop it.
    assert_eq!(stage.address(&stage.member, "line"), format!("{USER} unverified はなこ"));
}

#[test]
fn an_integration_that_is_gone_links_nobody() {
    let mut stage = Stage::new(connect);
    let (sato, owner) = (stage.sato.clone(), stage.owner.clone());
    let state = parameter(&begin(&mut stage, &sato), "state");
    let target =
        format!("/api/integrations/{}?confirm=%E3%81%BF%E3%81%AA%E3%81%A8%E5%95%86%E4%BA%8B", integration(6));
    assert_eq!(stage.world.delete(&owner, &target).status, 204);
    assert_eq!(back(&mut stage, &sato, &format!("code=c&state={state}")), "not_connected");
    nothing_kept(&stage);
}
