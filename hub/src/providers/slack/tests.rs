mod manage;

use futures_executor::block_on;
use serde_json::json;
use shared::{
    delivery::{CauseCode, Effect, Outcome},
    render::slack::Rendered,
};

use super::{
    world::{POST, UPDATE, World, answered, notice},
    *,
};
use crate::ports::IoError;

fn accepted(reference: &str) -> Outcome {
    Outcome::Accepted { reference: Some(reference.into()) }
}

fn post(world: &World, to: &str) -> Outcome {
    block_on(world.client().post_message(to, &notice(), None))
}

/// The kind of outcome with everything in it but the provider's words.
#[derive(Debug, PartialEq)]
enum Is {
    Retry(Option<i64>, CauseCode),
    Rejected(CauseCode, Effect),
    Uncertain(CauseCode),
    Accepted,
}

fn is(outcome: &Outcome) -> Is {
    match outcome {
        Outcome::Accepted { .. } => Is::Accepted,
        Outcome::Retry { after_ms, cause } => Is::Retry(*after_ms, cause.code),
        Outcome::Rejected { cause, effect } => Is::Rejected(cause.code, *effect),
        Outcome::Uncertain { cause } => Is::Uncertain(cause.code),
    }
}

fn detail(outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted { .. } => panic!("accepted"),
        Outcome::Retry { cause, .. } | Outcome::Rejected { cause, .. } | Outcome::Uncertain { cause } => {
            cause.detail
        }
    }
}

#[test]
fn a_message_to_a_person_is_remembered_by_the_conversation_it_came_to_stand_in() {
    let world = World::new();
    world.tell(
        POST,
        &json!({"ok": true, "channel": "D01", "ts": "1767225600.000123", "warning": "missing_charset"}),
    );
    assert_eq!(post(&world, "U01"), accepted("D01:1767225600.000123"));
    assert_eq!(world.asked(), [POST]);
    let request = world.request(0);
    assert!(request.headers.contains(&("authorization", "Bearer xoxb-1".to_owned())));
    assert!(request.headers.contains(&("content-type", "application/json; charset=utf-8".to_owned())));
    assert_eq!(
        world.sent(0),
        json!({"channel": "U01", "text": "見積の確認", "blocks": notice().blocks, "unfurl_links": false, "unfurl_media": false})
    );
}

#[test]
fn a_text_alone_has_no_blocks_and_a_thread_is_answered() {
    let world = World::new();
    world.tell(POST, &json!({"ok": true, "channel": "C01", "ts": "2.2"}));
    let text = Rendered { text: "了解".into(), blocks: vec![] };
    let outcome = block_on(world.client().post_message("C01", &text, Some("1.1")));
    assert_eq!(outcome, accepted("C01:2.2"));
    assert_eq!(
        world.sent(0),
        json!({"channel": "C01", "text": "了解", "thread_ts": "1.1", "unfurl_links": false, "unfurl_media": false})
    );
    // Accepted all the same when Slack tells nothing of it.
    world.tell(POST, &json!({"ok": true}));
    assert_eq!(post(&world, "C01"), Outcome::Accepted { reference: None });
}

#[test]
fn a_thread_that_takes_no_answers_does_not_lose_the_message() {
    for code in [
        "cannot_reply_to_message",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
    ] {
        let world = World::new();
        world.refuse(POST, code);
        world.tell(POST, &json!({"ok": true, "channel": "C01", "ts": "2.2"}));
        let outcome = block_on(world.client().post_message("C01", &notice(), Some("1.1")));
        assert_eq!(outcome, accepted("C01:2.2"), "{code}");
        assert_eq!(world.sent(0)["thread_ts"], "1.1");
        assert_eq!(world.sent(1).get("thread_ts"), None);
        assert_eq!(world.asked().len(), 2);
        // Without a thread it is final.
        world.refuse(POST, code);
        assert!(matches!(post(&world, "C01"), Outcome::Rejected { .. }), "{code}");
    }
    // Perhaps posted: posting it beside the thread would be a second time.
    let world = World::new();
    world.refuse(POST, "fatal_error");
    let outcome = block_on(world.client().post_message("C01", &notice(), Some("1.1")));
    assert_eq!(is(&outcome), Is::Uncertain(CauseCode::ProviderError));
    assert_eq!(world.asked(), [POST]);
}

/// slack.md §5, and the errors of the methods' references.
#[test]
fn every_error_has_its_outcome() {
    use CauseCode as Code;
    use Effect::{AddressBroken, None as NoEffect, RoomLost};
    const HOUR: Option<i64> = Some(3_600_000);
    let both = |code, expected: fn() -> Is| [(code, "U01", expected()), (code, "C01", expected())];
    let table = [
        both("ratelimited", || Is::Retry(Some(60_000), Code::RateLimited)),
        both("rate_limited", || Is::Retry(Some(60_000), Code::RateLimited)),
        both("service_unavailable", || Is::Uncertain(Code::ProviderError)),
        both("fatal_error", || Is::Uncertain(Code::ProviderError)),
        both("internal_error", || Is::Uncertain(Code::ProviderError)),
        both("request_timeout", || Is::Uncertain(Code::ProviderError)),
        both("team_added_to_org", || Is::Retry(HOUR, Code::ProviderError)),
        both("org_login_required", || Is::Retry(HOUR, Code::ProviderError)),
        both("external_channel_migrating", || Is::Retry(HOUR, Code::ProviderError)),
        both("invalid_auth", || Is::Retry(None, Code::Credentials)),
        both("not_authed", || Is::Retry(None, Code::Credentials)),
        both("token_revoked", || Is::Retry(None, Code::Credentials)),
        both("token_expired", || Is::Retry(None, Code::Credentials)),
        both("account_inactive", || Is::Retry(None, Code::Credentials)),
        both("missing_scope", || Is::Retry(None, Code::PermissionMissing)),
        both("no_permission", || Is::Retry(None, Code::PermissionMissing)),
        both("not_allowed_token_type", || Is::Retry(None, Code::PermissionMissing)),
        both("access_denied", || Is::Retry(None, Code::PermissionMissing)),
        both("accesslimited", || Is::Retry(None, Code::PermissionMissing)),
        both("ekm_access_denied", || Is::Retry(None, Code::PermissionMissing)),
        both("app_access_restricted", || Is::Retry(None, Code::PermissionMissing)),
        both("message_limit_exceeded", || Is::Retry(Some(4 * 3_600_000), Code::QuotaUsedUp)),
        both("messages_tab_disabled", || Is::Rejected(Code::MessagesTabOff, NoEffect)),
        both("cannot_reply_to_message", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("user_not_in_channel", || Is::Rejected(Code::UnknownRecipient, NoEffect)),
        both("no_text", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("invalid_blocks", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("invalid_blocks_format", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("msg_blocks_too_long", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("msg_too_long", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("too_many_attachments", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("invalid_arg_name", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("invalid_json", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("json_not_object", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("invalid_form_data", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("invalid_charset", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("missing_post_type", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("invalid_post_type", || Is::Rejected(Code::MessageRefused, NoEffect)),
        both("a_code_of_tomorrow", || Is::Rejected(Code::MessageRefused, NoEffect)),
    ];
    let by_destination = |code, room, person| {
        [(code, "U01", Is::Rejected(person, AddressBroken)), (code, "C01", Is::Rejected(room, RoomLost))]
    };
    let same = |code, cause| by_destination(code, cause, cause);
    let destinations = [
        by_destination("channel_not_found", Code::UnknownRecipient, Code::UnknownRecipient),
        same("not_in_channel", Code::BotNotInRoom),
        by_destination("is_archived", Code::RoomArchived, Code::RecipientInactive),
        by_destination("is_inactive", Code::RoomArchived, Code::RecipientInactive),
        same("restricted_action", Code::PostingRestricted),
        same("restricted_action_read_only_channel", Code::PostingRestricted),
        same("restricted_action_thread_only_channel", Code::PostingRestricted),
        same("users_not_found", Code::UnknownRecipient),
        same("user_not_found", Code::UnknownRecipient),
        same("user_not_visible", Code::UnknownRecipient),
        same("cannot_dm_bot", Code::UnknownRecipient),
        same("user_disabled", Code::RecipientInactive),
    ];
    for (code, to, expected) in table.into_iter().chain(destinations).flatten() {
        let world = World::new();
        world.refuse(POST, code);
        let outcome = post(&world, to);
        assert_eq!(is(&outcome), expected, "{code} {to}");
        assert_eq!(detail(outcome), code);
        assert_eq!(world.asked(), [POST]);
    }
}

#[test]
fn what_is_no_person_s_id_is_a_room() {
    for (to, about) in [
        ("U1", About::Person),
        ("W1", About::Person),
        ("D1", About::Person),
        ("C1", About::Room),
        ("G1", About::Room),
        ("", About::Room),
    ] {
        assert_eq!(About::of(to), about, "{to}");
    }
}

#[test]
fn a_limit_is_waited_for() {
    let body = r#"{"ok":false,"error":"ratelimited"}"#;
    for (status, headers, body, wait) in [
        (429, [("Retry-After", "17")].as_slice(), body, 17_000),
        (429, &[("retry-after", "0")], body, 1_000),
        (429, &[("retry-after", "soon")], "", 60_000),
        (429, &[], "<html>", 60_000),
        (200, &[("retry-after", "30")], body, 30_000),
    ] {
        let world = World::new();
        world.answer(POST, Ok(answered(status, headers, body)));
        assert_eq!(
            is(&post(&world, "C01")),
            Is::Retry(Some(wait), CauseCode::RateLimited),
            "{status} {body}"
        );
    }
}

#[test]
fn what_is_no_answer_of_slack_s_is_uncertain_when_it_may_have_been_taken() {
    use CauseCode as Code;
    for (status, body, expected) in [
        (200, "<html>", Is::Uncertain(Code::ProviderError)),
        (200, "", Is::Uncertain(Code::ProviderError)),
        (200, "[]", Is::Uncertain(Code::ProviderError)),
        (200, r#"{"ok":false}"#, Is::Uncertain(Code::ProviderError)),
        (200, r#"{"ok":"true"}"#, Is::Uncertain(Code::ProviderError)),
        (500, "", Is::Uncertain(Code::ProviderError)),
        (502, "<html>", Is::Uncertain(Code::ProviderError)),
        (503, r#"{"ok":true}"#, Is::Uncertain(Code::ProviderError)),
        (500, r#"{"ok":false,"error":"a_code_of_tomorrow"}"#, Is::Uncertain(Code::ProviderError)),
        (
            500,
            r#"{"ok":false,"error":"channel_not_found"}"#,
            Is::Rejected(Code::UnknownRecipient, Effect::RoomLost),
        ),
        (302, "", Is::Retry(None, Code::ProviderError)),
        (403, "<html>", Is::Retry(None, Code::ProviderError)),
        (408, "", Is::Retry(None, Code::ProviderError)),
        (401, r#"{"ok":false,"error":"invalid_auth"}"#, Is::Retry(None, Code::Credentials)),
    ] {
        let world = World::new();
        world.answer(POST, Ok(answered(status, &[], body)));
        assert_eq!(is(&post(&world, "C01")), expected, "{status} {body}");
    }
    for (error, expected) in [
        (IoError::NoAnswer("reset".into()), Is::Uncertain(Code::NoAnswer)),
        (IoError::NotSent("refused".into()), Is::Retry(None, Code::NotConnected)),
    ] {
        let world = World::new();
        world.answer(POST, Err(error));
        assert_eq!(is(&post(&world, "C01")), expected);
    }
}

#[test]
fn an_error_s_words_are_kept_and_secrets_are_not() {
    let world = World::new();
    world.tell(
        POST,
        &json!({"ok": false, "error": "missing_scope", "needed": "chat:write", "provided": "xoxb-1 app-s3cret"}),
    );
    assert_eq!(detail(post(&world, "C01")), "missing_scope needed chat:write");
    let messages =
        json!(["[ERROR] no more than 150 characters [json-pointer:/blocks/0/text/text]", "xoxb-1"]);
    world.tell(
        POST,
        &json!({"ok": false, "error": "invalid_blocks", "response_metadata": {"messages": messages}}),
    );
    assert_eq!(
        detail(post(&world, "C01")),
        "invalid_blocks [ERROR] no more than 150 characters [json-pointer:/blocks/0/text/text] ***"
    );
    world.answer(POST, Ok(answered(429, &[], r#"{"ok":false,"error":"ratelimited"}"#)));
    assert_eq!(detail(post(&world, "C01")), "429 ratelimited");
    world.answer(POST, Ok(answered(200, &[], "<html>")));
    assert_eq!(detail(post(&world, "C01")), "no JSON");
    let shown = format!("{:?} {:?}", world.client(), world.secret);
    assert!(!shown.contains("xoxb") && !shown.contains("s3cret") && !shown.contains("signing"), "{shown}");
}

#[test]
fn without_a_token_nothing_is_asked() {
    let mut world = World::new();
    world.secret.bot_token.clear();
    assert_eq!(is(&post(&world, "C01")), Is::Retry(None, CauseCode::BotMissing));
    assert_eq!(block_on(world.client().auth_test()), Err(CallError::NotInstalled));
    assert_eq!(world.asked(), [""; 0]);
}

#[test]
fn a_message_is_changed_with_its_buttons() {
    let world = World::new();
    world.tell(UPDATE, &json!({"ok": true, "channel": "D01", "ts": "1.1", "text": "x"}));
    let (channel, ts) = read_reference("D01:1.1").unwrap();
    let settled = Rendered { text: "佐藤さんが対応します".into(), blocks: vec![] };
    assert_eq!(block_on(world.client().update(channel, ts, &settled)), accepted("D01:1.1"));
    assert_eq!(
        world.sent(0),
        json!({"channel": "D01", "ts": "1.1", "text": "佐藤さんが対応します", "blocks": []})
    );
    for reference in ["", "D01", ":", "D01:", ":1.1"] {
        assert_eq!(read_reference(reference), None, "{reference}");
    }
}

#[test]
fn a_change_is_never_uncertain() {
    use CauseCode as Code;
    let update = |world: &World| is(&block_on(world.client().update("C01", "1.1", &notice())));
    for (code, expected) in [
        ("message_not_found", Is::Rejected(Code::MessageRefused, Effect::None)),
        ("cant_update_message", Is::Rejected(Code::MessageRefused, Effect::None)),
        ("edit_window_closed", Is::Rejected(Code::MessageRefused, Effect::None)),
        ("block_mismatch", Is::Rejected(Code::MessageRefused, Effect::None)),
        ("streaming_state_conflict", Is::Rejected(Code::MessageRefused, Effect::None)),
        ("msg_too_long", Is::Rejected(Code::MessageRefused, Effect::None)),
        ("is_inactive", Is::Rejected(Code::RoomArchived, Effect::RoomLost)),
        ("channel_not_found", Is::Rejected(Code::UnknownRecipient, Effect::RoomLost)),
        ("fatal_error", Is::Retry(None, Code::ProviderError)),
    ] {
        let world = World::new();
        world.refuse(UPDATE, code);
        assert_eq!(update(&world), expected, "{code}");
    }
    let world = World::new();
    world.answer(UPDATE, Err(IoError::NoAnswer("reset".into())));
    assert_eq!(update(&world), Is::Retry(None, Code::NoAnswer));
}

#[test]
fn one_person_in_a_room_is_told() {
    let world = World::new();
    let ask = "POST /api/chat.postEphemeral";
    world.tell(ask, &json!({"ok": true, "message_ts": "1.1"}));
    assert_eq!(block_on(world.client().post_ephemeral("C01", "U01", &notice())), Ok(()));
    assert_eq!(
        world.sent(0),
        json!({"channel": "C01", "user": "U01", "text": "見積の確認", "blocks": notice().blocks})
    );
    world.refuse(ask, "user_not_in_channel");
    let error = block_on(world.client().post_ephemeral("C01", "U01", &notice())).unwrap_err();
    assert_eq!(is(&error.outcome()), Is::Rejected(CauseCode::UnknownRecipient, Effect::None));
}
