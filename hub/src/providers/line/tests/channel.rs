//! What the channel says of itself, its webhooks, and the check.

use futures_executor::block_on;
use serde_json::{Value, json};
use shared::{
    check::{CheckName, CheckStatus, CheckStep, all_passed},
    delivery::CauseCode,
};

use super::{
    super::world::{BOT, NOW, STATELESS, TOKEN},
    token::assertion_of,
    *,
};

const WEBHOOK: &str = "/v2/bot/channel/webhook/endpoint";

fn bot() -> Value {
    json!({
        "userId": USER, "basicId": "@123abcde", "displayName": "通知ボット", "chatMode": "bot",
        "markAsReadMode": "auto", "somethingNew": 1,
    })
}

#[test]
fn the_bot_says_who_it_is() {
    let world = World::new();
    world.on(BOT, 200, &bot());
    let expected =
        BotInfo {
            user_id: USER.into(), basic_id: "@123abcde".into(), display_name: "通知ボット".into()
        };
    assert_eq!(block_on(world.client().bot_info()), Ok(expected));
    assert_eq!(world.header(0, "content-type"), None);
    world.on(BOT, 200, &json!({"userId": USER}));
    assert_eq!(block_on(world.client().bot_info()), Err(CallError::Unreadable("basicId")));
}

#[test]
fn the_quota_is_limited_or_not() {
    for (limit, expected) in [
        (json!({"type": "limited", "value": 200}), Ok(Quota { limit: Some(200), used: 57 })),
        (json!({"type": "none"}), Ok(Quota { limit: None, used: 57 })),
        (json!({"type": "limited"}), Err(CallError::Unreadable("value"))),
        (json!([]), Err(CallError::Unreadable("value"))),
    ] {
        let world = World::new();
        world.on(QUOTA, 200, &limit);
        world.on(CONSUMPTION, 200, &json!({"totalUsage": 57}));
        assert_eq!(block_on(world.client().quota()), expected, "{limit}");
        world.asked();
    }
}

#[test]
fn a_profile_is_there_only_for_friends() {
    let world = World::new();
    let path = format!("GET /v2/bot/profile/{USER}");
    world.on(&path, 200, &json!({"userId": USER, "displayName": "佐藤", "language": "ja"}));
    let profile = block_on(world.client().profile(USER)).unwrap().unwrap();
    assert_eq!((profile.display_name.as_str(), profile.language.as_deref()), ("佐藤", Some("ja")));
    world.on(&path, 404, &json!({"message": "Not found"}));
    assert_eq!(block_on(world.client().profile(USER)), Ok(None));
    world.on("GET /v2/bot/profile/..%2Finfo", 400, &json!({"message": "bad"}));
    assert!(
        matches!(block_on(world.client().profile("../info")), Err(CallError::Refused(no)) if no.status == 400)
    );
    world.asked();
}

#[test]
fn the_webhook_is_set_read_and_tested() {
    let world = World::new();
    let (client, url) = (world.client(), "https://todoke.example/hooks/line/ws_1/in_1");
    world.on(&format!("PUT {WEBHOOK}"), 200, &json!({}));
    assert_eq!(block_on(client.set_webhook(url)), Ok(()));
    assert_eq!(world.json(0), json!({"endpoint": url}));
    assert_eq!(world.header(0, "x-line-retry-key"), None);

    world.on(&format!("GET {WEBHOOK}"), 200, &json!({"endpoint": url, "active": false}));
    assert_eq!(block_on(client.webhook()), Ok(Some(Webhook { endpoint: url.into(), active: false })));
    world.on(&format!("GET {WEBHOOK}"), 404, &json!({"message": "Webhook endpoint not found"}));
    assert_eq!(block_on(client.webhook()), Ok(None));
    world.on(&format!("PUT {WEBHOOK}"), 400, &json!({"message": "Invalid webhook endpoint URL"}));
    let error = block_on(client.set_webhook("http://x")).unwrap_err();
    assert_eq!(error.to_string(), "refused with 400 Invalid webhook endpoint URL (x-line-request-id rq-1)");

    let test = "POST /v2/bot/channel/webhook/test";
    let failed = json!({
        "success": false, "timestamp": "2026-01-05T00:00:00.000Z", "statusCode": 0,
        "reason": "COULD_NOT_CONNECT", "detail": "TLS handshake failure",
    });
    world.on(test, 200, &failed);
    let expected = WebhookTest {
        success: false,
        status: 0,
        reason: "COULD_NOT_CONNECT".into(),
        detail: "TLS handshake failure".into(),
    };
    assert_eq!(block_on(client.test_webhook()), Ok(expected));
    assert_eq!(world.json(4), json!({}));
    world.on(test, 200, &json!({"statusCode": 200, "reason": "OK", "detail": "200", "timestamp": "x"}));
    assert!(block_on(client.test_webhook()).unwrap().success);
    world.asked();
}

fn stateless(world: &World) {
    world.on(STATELESS, 200, &json!({"token_type": "Bearer", "access_token": "s-1", "expires_in": 900}));
}

fn shape(steps: &[CheckStep]) -> Vec<(CheckName, CheckStatus)> {
    steps.iter().map(|step| (step.step, step.status)).collect()
}

#[test]
fn a_pasted_token_is_checked_with_the_login_channel() {
    let world = World::new();
    world.on(BOT, 200, &bot());
    stateless(&world);
    let steps = block_on(world.client().check());
    assert!(all_passed(&steps));
    assert_eq!(steps.iter().map(|step| step.step).collect::<Vec<_>>(), CheckName::LINE_TOKEN);
    assert_eq!(steps[0].found.as_deref(), Some("通知ボット (@123abcde)"));
    assert_eq!(world.asked(), [BOT, STATELESS]);
    let form: Vec<_> = world.form(1);
    let expected = [
        ("grant_type", "client_credentials"),
        ("client_id", "1650000001"),
        ("client_secret", "login-s3cret/+"),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn a_key_is_checked_without_using_up_a_token() {
    let world = World::keyed();
    stateless(&world);
    world.on(BOT, 200, &bot());
    stateless(&world);
    let steps = block_on(world.client().check());
    assert!(all_passed(&steps));
    assert_eq!(steps.iter().map(|step| step.step).collect::<Vec<_>>(), CheckName::LINE_KEY);
    assert_eq!(world.asked(), [STATELESS, BOT, STATELESS]);
    assert_eq!(world.header(1, "authorization").as_deref(), Some("Bearer s-1"));
    let (_, claims) = assertion_of(&world.form(0));
    let id = "1650000002";
    let exp = NOW / 1_000 + 600;
    assert_eq!(claims, json!({"iss": id, "sub": id, "aud": "https://api.line.me/", "exp": exp}));
    assert!(world.kv.entries.borrow().is_empty());
}

#[test]
fn the_first_step_that_decides_is_blamed() {
    use CheckName::{AssertionKeyReadable, ChannelTokenAccepted, ChannelTokenIssued, LoginChannelAccepted};
    use CheckStatus::{Failed, Passed, Skipped};
    let refused = json!({"error": "invalid_client", "error_description": "bad login-s3cret/+"});

    let world = World::new();
    world.on(BOT, 401, &json!({"message": "Authentication failed"}));
    world.on(STATELESS, 400, &refused);
    let steps = block_on(world.client().check());
    assert_eq!(shape(&steps), [(ChannelTokenAccepted, Failed), (LoginChannelAccepted, Failed)]);
    let cause = steps[1].cause.clone().unwrap();
    assert_eq!((cause.code, cause.detail.as_str()), (CauseCode::Credentials, "400 invalid_client bad ***"));

    let mut world = World::keyed();
    world.secret.token = ChannelToken::Key("hello".into());
    stateless(&world);
    let expected = [
        (AssertionKeyReadable, Failed),
        (ChannelTokenIssued, Skipped),
        (ChannelTokenAccepted, Skipped),
        (LoginChannelAccepted, Passed),
    ];
    assert_eq!(shape(&block_on(world.client().check())), expected);

    let world = World::keyed();
    world.on(STATELESS, 404, &json!({"message": "Cannot find channel key that satisfies the conditions"}));
    stateless(&world);
    let expected = [
        (AssertionKeyReadable, Passed),
        (ChannelTokenIssued, Failed),
        (ChannelTokenAccepted, Skipped),
        (LoginChannelAccepted, Passed),
    ];
    assert_eq!(shape(&block_on(world.client().check())), expected);
    assert!(!world.asked().contains(&TOKEN.to_owned()));
}
