//! People, rooms, the check, the installation.

use futures_executor::block_on;
use serde_json::{Value, json};
use shared::{
    check::{CheckName, CheckStatus, all_passed},
    delivery::{CauseCode, Effect},
    integration::{SlackForm, SlackVia},
};

use super::{
    super::{
        world::{AUTH_TEST, World, answered},
        *,
    },
    Is, is,
};
use crate::ports::IoError;

#[test]
fn people_are_found_by_mail_address() {
    let ask = "GET /api/users.lookupByEmail?email=hana%2Bx%40minato.example";
    let lookup = |world: &World| block_on(world.client().lookup_by_email("hana+x@minato.example"));
    let user = |more: Value| {
        let mut user = json!({"id": "U01", "name": "hana", "real_name": "佐藤 花子", "deleted": false, "is_bot": false,
            "profile": {"display_name": "", "real_name": "佐藤 花子", "email": "hana+x@minato.example"}});
        for (name, value) in more.as_object().unwrap() {
            user[name] = value.clone();
        }
        json!({"ok": true, "user": user})
    };
    let found = |name: &str, email: Option<&str>| {
        Ok(Some(User { id: "U01".into(), name: name.into(), email: email.map(str::to_owned) }))
    };
    for (answer, expected) in [
        (user(json!({})), found("佐藤 花子", Some("hana+x@minato.example"))),
        (user(json!({"profile": {"display_name": "はな"}})), found("はな", None)),
        (user(json!({"profile": null, "real_name": null})), found("hana", None)),
        (user(json!({"deleted": true})), Err(CallError::Deactivated)),
        (user(json!({"is_bot": true})), Err(CallError::IsBot)),
        (user(json!({"id": ""})), Err(CallError::Unreadable("user.id"))),
        (json!({"ok": true}), Err(CallError::Unreadable("user"))),
        (json!({"ok": false, "error": "users_not_found"}), Ok(None)),
    ] {
        let world = World::new();
        world.tell(ask, &answer);
        assert_eq!(lookup(&world), expected, "{answer}");
        assert_eq!(world.asked(), [ask]);
        assert!(world.request(0).body.is_empty());
    }
    let world = World::new();
    world.tell(ask, &json!({"ok": false, "error": "missing_scope", "needed": "users:read.email"}));
    let cause = lookup(&world).unwrap_err().cause();
    assert_eq!(
        (cause.code, &*cause.detail),
        (CauseCode::PermissionMissing, "missing_scope needed users:read.email")
    );

    let world = World::new();
    world.refuse("GET /api/users.info?user=U09", "user_not_found");
    assert_eq!(block_on(world.client().user("U09")), Ok(None));
    for (error, code) in [
        (CallError::Deactivated, CauseCode::RecipientInactive),
        (CallError::IsBot, CauseCode::UnknownRecipient),
    ] {
        assert_eq!(is(&error.outcome()), Is::Rejected(code, Effect::AddressBroken));
    }
}

#[test]
fn a_room_is_looked_up_and_rooms_are_listed_page_by_page() {
    let world = World::new();
    let channel = |id: &str, is_member: bool| json!({"id": id, "name": "ops", "is_member": is_member, "is_private": true, "is_archived": false, "is_im": false});
    let room = |id: &str| Conversation {
        id: id.into(),
        name: "ops".into(),
        is_member: true,
        is_archived: false,
        is_private: true,
        is_im: false,
    };
    world.tell(
        "GET /api/conversations.info?channel=C01",
        &json!({"ok": true, "channel": channel("C01", true)}),
    );
    assert_eq!(block_on(world.client().conversation("C01")), Ok(room("C01")));
    world.refuse("GET /api/conversations.info?channel=C02", "channel_not_found");
    let error = block_on(world.client().conversation("C02")).unwrap_err();
    assert_eq!(is(&error.outcome()), Is::Rejected(CauseCode::UnknownRecipient, Effect::RoomLost));

    let ask =
        "GET /api/conversations.list?exclude_archived=true&limit=200&types=public_channel%2Cprivate_channel";
    let page = |channels: Value, next: &str| json!({"ok": true, "channels": channels, "response_metadata": {"next_cursor": next}});
    world.tell(ask, &page(json!([channel("C01", true), channel("C02", false), {"name": "no id"}]), "a="));
    world.tell(&format!("{ask}&cursor=a%3D"), &page(json!([channel("C03", true)]), ""));
    assert_eq!(block_on(world.client().conversations()), Ok(vec![room("C01"), room("C03")]));
    // A cursor that does not move on ends the list.
    world.tell(ask, &page(json!([]), "b"));
    world.tell(&format!("{ask}&cursor=b"), &page(json!([]), "b"));
    assert_eq!(block_on(world.client().conversations()), Ok(vec![]));
    world.asked();
}

fn identity(team: &str, bot: Option<&str>) -> String {
    json!({"ok": true, "url": "https://minato.slack.example/", "team": "Minato", "user": "todoke", "team_id": team,
        "user_id": "U0BOT", "bot_id": bot, "app_id": "A01", "is_enterprise_install": false})
    .to_string()
}

#[test]
fn a_token_tells_whose_it_is() {
    let world = World::new();
    let scopes = [("x-oauth-scopes", "chat:write, users:read")];
    world.answer(AUTH_TEST, Ok(answered(200, &scopes, &identity("T02", Some("B01")))));
    let found = block_on(world.client().auth_test()).unwrap();
    let mut settings = SlackSettings { app_id: "A00".into(), ..SlackSettings::default() };
    settings.learn(&found);
    assert_eq!(
        (&*settings.team_id, &*settings.team_name, &*settings.bot_user_id, &*settings.app_id),
        ("T02", "Minato", "U0BOT", "A01")
    );
    assert_eq!(found.scopes, Some(vec!["chat:write".into(), "users:read".into()]));
    world.tell(AUTH_TEST, &json!({"ok": true, "team_id": "T02"}));
    assert_eq!(block_on(world.client().auth_test()), Err(CallError::Unreadable("user_id")));
}

#[test]
fn a_check_names_the_first_thing_that_is_wrong() {
    use CheckStatus::{Failed, Passed, Skipped};
    let all = SCOPES.join(",");
    let with = |scopes: Option<&str>, body: &str| {
        let headers: Vec<_> = scopes.map(|scopes| ("X-OAuth-Scopes", scopes)).into_iter().collect();
        Ok(answered(200, &headers, body))
    };
    let (ours, theirs, person) =
        (identity("T01", Some("B01")), identity("T02", Some("B01")), identity("T01", None));
    let refused = r#"{"ok":false,"error":"invalid_auth"}"#;
    for (answer, expected, cause) in [
        (with(Some(&all), &ours), [Passed, Passed], None),
        (with(Some("chat:write"), &ours), [Passed, Passed], None),
        (with(Some("users:read"), &ours), [Passed, Failed], Some(CauseCode::PermissionMissing)),
        (with(None, &ours), [Passed, Skipped], None),
        (with(Some(&all), &theirs), [Failed, Skipped], Some(CauseCode::Credentials)),
        (with(Some(&all), &person), [Failed, Skipped], Some(CauseCode::Credentials)),
        (with(None, refused), [Failed, Skipped], Some(CauseCode::Credentials)),
        (Err(IoError::NotSent("dns".into())), [Failed, Skipped], Some(CauseCode::NotConnected)),
    ] {
        let world = World::new();
        let shown = format!("{answer:?}");
        world.answer(AUTH_TEST, answer);
        let steps = block_on(world.client().check());
        assert_eq!(steps.iter().map(|step| step.step).collect::<Vec<_>>(), CheckName::SLACK);
        assert_eq!(steps.iter().map(|step| step.status).collect::<Vec<_>>(), expected, "{shown}");
        assert_eq!(
            steps.iter().find_map(|step| step.cause.as_ref()).map(|cause| cause.code),
            cause,
            "{shown}"
        );
        assert_eq!(all_passed(&steps), expected == [Passed, Passed]);
        world.asked();
    }
    // A first connection knows no workspace yet.
    let mut world = World::new();
    world.settings.team_id.clear();
    world.answer(AUTH_TEST, with(Some("chat:write"), &theirs));
    let steps = block_on(world.client().check());
    assert_eq!(steps[0].found.as_deref(), Some("Minato (todoke)"));
    assert!(steps[1].found.as_deref().unwrap().starts_with("✓ chat:write  – im:write"));
}

#[test]
fn the_page_to_install_from_has_everything() {
    let mut world = World::new();
    let url =
        |world: &World| world.client().authorize_url("https://todoke.example/auth/callback/slack", "s&1");
    let scopes = SCOPES.join("%2C").replace(':', "%3A");
    let first = format!(
        "https://slack.test/oauth/v2/authorize?client_id=12.34&scope={scopes}&state=s%261\
         &redirect_uri=https%3A%2F%2Ftodoke.example%2Fauth%2Fcallback%2Fslack"
    );
    assert_eq!(url(&world), format!("{first}&team=T01"));
    for unknown in ["", "E01"] {
        world.settings.team_id = unknown.into();
        assert_eq!(url(&world), first);
    }
}

const ACCESS: &str = "POST /api/oauth.v2.access";

fn installation(more: Value) -> Value {
    let mut body = json!({"ok": true, "app_id": "A01", "access_token": "xoxb-new", "token_type": "bot",
        "scope": "chat:write,im:write", "bot_user_id": "U1BOT", "team": {"id": "T09", "name": "Acme"},
        "enterprise": null, "is_enterprise_install": false, "authed_user": {"id": "U01"}});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[test]
fn a_code_is_traded_for_a_token() {
    let mut world = World::new();
    world.secret.bot_token.clear();
    world.tell(ACCESS, &installation(json!({})));
    let installed = block_on(world.client().exchange_code("c/1", "https://todoke.example/x")).unwrap();
    assert_eq!(world.asked(), [ACCESS]);
    let request = world.request(0);
    assert_eq!(request.body, b"code=c%2F1&redirect_uri=https%3A%2F%2Ftodoke.example%2Fx");
    // 12.34:app-s3cret
    assert!(request.headers.contains(&("authorization", "Basic MTIuMzQ6YXBwLXMzY3JldA==".to_owned())));
    assert_eq!(installed.scopes, ["chat:write", "im:write"]);
    assert!(!format!("{installed:?}").contains("xoxb"));

    let (mut settings, mut secret) = (world.settings.clone(), world.secret.clone());
    installed.keep(&mut settings, &mut secret);
    assert_eq!(
        (&*settings.team_id, &*settings.team_name, &*settings.bot_user_id, &*settings.app_id),
        ("T09", "Acme", "U1BOT", "A01")
    );
    assert_eq!((&*secret.bot_token, &*secret.signing_secret), ("xoxb-new", "signing"));

    let whole =
        json!({"team": null, "enterprise": {"id": "E01", "name": "Acme Org"}, "is_enterprise_install": true});
    world.tell(ACCESS, &installation(whole));
    let installed = block_on(world.client().exchange_code("c", "https://x")).unwrap();
    assert_eq!((&*installed.team_id, &*installed.team_name), ("E01", "Acme Org"));
}

#[test]
fn an_installation_that_would_not_work_is_refused() {
    for (more, expected) in [
        (json!({"expires_in": 43_200, "refresh_token": "xoxe-1"}), CallError::Rotating),
        (json!({"refresh_token": "xoxe-1"}), CallError::Rotating),
        (json!({"access_token": ""}), CallError::Unreadable("access_token")),
        (json!({"token_type": "user"}), CallError::Unreadable("token_type")),
        (json!({"team": null}), CallError::Unreadable("team")),
        (json!({"bot_user_id": null}), CallError::Unreadable("bot_user_id")),
    ] {
        let world = World::new();
        world.tell(ACCESS, &installation(more));
        assert_eq!(block_on(world.client().exchange_code("c", "https://x")), Err(expected));
    }
    for (code, cause) in [
        ("invalid_code", CauseCode::Credentials),
        ("bad_client_secret", CauseCode::Credentials),
        ("invalid_client_id", CauseCode::Credentials),
        ("bad_redirect_uri", CauseCode::Credentials),
        ("oauth_authorization_url_mismatch", CauseCode::Credentials),
        ("no_scopes", CauseCode::PermissionMissing),
        ("a_code_of_tomorrow", CauseCode::ProviderError),
    ] {
        let world = World::new();
        world.refuse(ACCESS, code);
        let found = block_on(world.client().exchange_code("c", "https://x")).unwrap_err().cause();
        assert_eq!((found.code, &*found.detail), (cause, code));
    }
}

#[test]
fn a_form_is_parted_by_its_way() {
    let form = SlackForm {
        via: SlackVia::Token,
        signing_secret: "s".into(),
        bot_token: "xoxb-1".into(),
        client_id: "12.34".into(),
        client_secret: "c".into(),
    };
    let (settings, secret) = split(&form);
    assert_eq!(settings, SlackSettings::default());
    assert_eq!(
        secret,
        SlackSecret { signing_secret: "s".into(), bot_token: "xoxb-1".into(), ..SlackSecret::default() }
    );
    let (settings, secret) = split(&SlackForm { via: SlackVia::Install, ..form });
    assert_eq!((settings.via, &*settings.client_id), (SlackVia::Install, "12.34"));
    assert_eq!((&*secret.bot_token, &*secret.client_secret), ("", "c"));
    let stored = serde_json::to_value(&settings).unwrap();
    assert_eq!(
        stored,
        json!({"via": "install", "client_id": "12.34", "team_id": "", "team_name": "", "bot_user_id": "", "app_id": ""})
    );
}
