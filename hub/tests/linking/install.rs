//! Installing the Slack app by OAuth.

use hub::providers::slack;
use serde_json::{Value, json};
use shared::integration::{SlackForm, SlackVia};

use crate::{
    slack::connect as connect_by_token,
    stage::{Stage, form, integration, location, parameter},
    world::{PAGES, World},
};

const ACCESS: &str = "POST slack.com/api/oauth.v2.access";

fn connect(world: &mut World) {
    let form = SlackForm {
        via: SlackVia::Install,
        signing_secret: "signing".into(),
        client_id: "12.34".into(),
        client_secret: "app-s3cret".into(),
        ..SlackForm::default()
    };
    let (settings, secret) = slack::split(&form);
    let (settings, secret) = (serde_json::to_value(settings).unwrap(), serde_json::to_value(secret).unwrap());
    world.connect("slack", 7, &settings, &secret);
}

fn path() -> String {
    format!("/api/integrations/{}/install", integration(7))
}

fn begin(stage: &mut Stage) -> String {
    let owner = stage.owner.clone();
    let back = stage.world.post(&owner, &path(), &Value::Null);
    assert_eq!(back.status, 200, "{back:?}");
    back.json["url"].as_str().unwrap().to_owned()
}

fn brought(team: &str) -> Value {
    json!({"ok": true, "app_id": "A01", "access_token": "xoxb-new", "token_type": "bot", "scope": "chat:write",
        "bot_user_id": "U0BOT", "team": {"id": team, "name": "みなと商事"}, "enterprise": null})
}

/// Comes back with `query`; answers the result behind the integration's page.
fn back(stage: &mut Stage, cookie: &str, query: &str) -> String {
    let back = stage.open(cookie, &format!("/auth/callback/slack?{query}"));
    let page = format!("/console/integrations/{}?result=", integration(7));
    location(&back).strip_prefix(&page).unwrap_or_else(|| panic!("{back:?}")).to_owned()
}

#[test]
fn an_installation_is_a_new_version_of_the_secret() {
    let mut stage = Stage::new(connect);
    let owner = stage.owner.clone();
    let url = begin(&mut stage);
    assert!(
        url.starts_with("https://slack.com/oauth/v2/authorize?client_id=12.34&scope=chat%3Awrite"),
        "{url}"
    );
    let redirect = format!("{PAGES}/auth/callback/slack");
    assert_eq!(parameter(&url, "redirect_uri"), redirect);
    stage.providers.on(ACCESS, 200, &brought("T01"));
    let query = format!("code=c-1&state={}", parameter(&url, "state"));
    assert_eq!(back(&mut stage, &owner, &query), "ok");
    let asked = stage.providers.asked();
    assert_eq!((form(&asked[0], "code"), form(&asked[0], "redirect_uri")), ("c-1".into(), redirect));
    assert_eq!(
        stage.world.count(
            "SELECT secret_version || ' ' || state || ' ' || (settings ->> 'team_id') || ' ' || (settings ->> 'app_id') FROM integrations WHERE provider = 'slack'"
        ),
        "2 ready T01 A01"
    );
    for secret in ["xoxb-new", "app-s3cret", "c-1"] {
        stage.kept_quiet(secret);
    }
    // The signing secret stays beside the new token, and the old version is gone.
    assert_eq!(
        stage.kv.entries.borrow().keys().filter(|place| place.contains(integration(7).as_str())).count(),
        1
    );

    // The new token is what is sent with.
    stage.providers.on(
        "GET slack.com/api/users.info?user=U012AB",
        200,
        &json!({"ok": true, "user": {"id": "U012AB"}}),
    );
    stage.world.put(&owner, "/api/me/channels/slack", &json!({"member_id": "U012AB"}));
    assert_eq!(stage.providers.asked()[0].headers[0], ("authorization", "Bearer xoxb-new".to_owned()));

    // Installed again elsewhere: members' IDs would mean nothing there.
    let url = begin(&mut stage);
    assert_eq!(parameter(&url, "team"), "T01");
    stage.providers.on(ACCESS, 200, &brought("T02"));
    let query = format!("code=c-2&state={}", parameter(&url, "state"));
    assert_eq!(back(&mut stage, &owner, &query), "other_team");
    assert_eq!(stage.world.count("SELECT secret_version FROM integrations WHERE provider = 'slack'"), "2");
}

#[test]
fn what_slack_refuses_is_said_and_changes_nothing() {
    let mut rotating = brought("T01");
    rotating["expires_in"] = json!(43_200);
    rotating["refresh_token"] = json!("xoxe-1");
    for (body, result) in [
        (json!({"ok": false, "error": "invalid_code"}), "code_refused"),
        (json!({"ok": false, "error": "bad_client_secret"}), "code_refused"),
        (json!("<html>"), "provider_down"),
        (rotating, "rotating"),
    ] {
        let mut stage = Stage::new(connect);
        let owner = stage.owner.clone();
        let state = parameter(&begin(&mut stage), "state");
        let status = if result == "provider_down" { 503 } else { 200 };
        stage.providers.on(ACCESS, status, &body);
        assert_eq!(back(&mut stage, &owner, &format!("code=c&state={state}")), result, "{body}");
        assert_eq!(
            stage.world.count("SELECT secret_version FROM integrations WHERE provider = 'slack'"),
            "1"
        );
        stage.providers.asked();
    }
    let mut stage = Stage::new(connect);
    let owner = stage.owner.clone();
    let state = parameter(&begin(&mut stage), "state");
    assert_eq!(back(&mut stage, &owner, &format!("error=access_denied&state={state}")), "cancelled");
    assert_eq!(back(&mut stage, &owner, &format!("error=invalid_scope&state={state}")), "code_refused");
    assert_eq!(back(&mut stage, &owner, &format!("state={state}")), "forged");
    assert!(stage.providers.asked().is_empty());
}

#[test]
fn a_state_of_another_session_installs_nothing() {
    let mut stage = Stage::new(connect);
    let (owner, sato) = (stage.owner.clone(), stage.sato.clone());
    let state = parameter(&begin(&mut stage), "state");
    for (cookie, query, result) in [
        (sato.as_str(), format!("code=c&state={state}"), "other_session"),
        ("", format!("code=c&state={state}"), "other_session"),
        (&owner, "code=c".to_owned(), "forged"),
        (&owner, format!("code=c&state={state}0"), "forged"),
    ] {
        let back = stage.open(cookie, &format!("/auth/callback/slack?{query}"));
        assert_eq!(location(&back), format!("/console/integrations?result={result}"));
    }
    // Whoever is no admin any more finishes nothing.
    stage.world.sql.exec("UPDATE members SET role = 'member'", &[]).unwrap();
    assert_eq!(back(&mut stage, &owner, &format!("code=c&state={state}")), "not_allowed");
    assert_eq!(stage.world.post(&sato, &path(), &Value::Null).code(), "not_allowed");
    stage.world.sql.exec("UPDATE members SET role = 'owner'", &[]).unwrap();
    stage.world.runner.clock.advance(600_000);
    let late = stage.open(&owner, &format!("/auth/callback/slack?code=c&state={state}"));
    assert_eq!(location(&late), "/console/integrations?result=expired");
    assert!(stage.providers.asked().is_empty());
}

#[test]
fn a_pasted_token_needs_no_installation() {
    let mut stage = Stage::new(connect_by_token);
    let owner = stage.owner.clone();
    let target = format!("/api/integrations/{}/install", integration(9));
    assert_eq!(stage.world.post(&owner, &target, &Value::Null).status, 404);
    assert_eq!(stage.world.post(&owner, "/api/integrations/in_1/install", &Value::Null).status, 404);
}
