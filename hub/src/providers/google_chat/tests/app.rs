use futures_executor::block_on;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use shared::check::{CheckName, CheckStatus};

use super::*;
use crate::{
    ports::{HttpResponse, IoError},
    providers::{
        google_chat::{CallError, Space, split},
        script::PUBLIC,
    },
};

const ROOM: &str = "spaces/AAAAroom";
const TO_ROOM: &str = "POST /v1/spaces/AAAAroom/messages?requestId=r-1";
const FIND: &str = "GET /v1/spaces:findDirectMessage?name=users%2F111";
const TO_DM: &str = "POST /v1/spaces/AAAAdm/messages?requestId=r-1";
const NAME: &str = "spaces/AAAAroom/messages/m1.m1";
const UPDATE: &str = "PATCH /v1/spaces/AAAAroom/messages/m1.m1?updateMask=text%2Ccards_v2";

fn to_room(world: &World) -> Outcome {
    block_on(world.client().create(ROOM, &card(), "r-1", None))
}

#[test]
fn a_message_is_created_with_a_service_account_s_token() {
    let world = World::signed_in();
    world.script.on(TO_ROOM, 200, &json!({"name": NAME}));
    assert_eq!(to_room(&world), Outcome::Accepted { reference: Some(NAME.into()) });
    assert_eq!(world.script.asked(), [TOKEN, TO_ROOM]);
    assert_eq!(world.script.sent(1), card());
    let headers = world.script.request(1).headers;
    assert!(headers.contains(&("authorization", "Bearer ya29.t1".to_owned())));
    assert!(headers.contains(&("content-type", "application/json; charset=UTF-8".to_owned())));

    let form = String::from_utf8(world.script.request(0).body).unwrap();
    let (grant, assertion) = form.split_once("&assertion=").unwrap();
    assert_eq!(grant, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer");
    let mut rules = Validation::new(Algorithm::RS256);
    rules.validate_exp = false;
    rules.validate_aud = false;
    let key = DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).unwrap();
    let jwt = jsonwebtoken::decode::<Value>(assertion, &key, &rules).unwrap();
    assert_eq!(jwt.header.kid.as_deref(), Some("k-1"));
    let iat = NOW / 1_000;
    assert_eq!(
        jwt.claims,
        json!({
            "iss": ACCOUNT,
            "scope": "https://www.googleapis.com/auth/chat.bot",
            "aud": "https://oauth2.googleapis.com/token",
            "iat": iat,
            "exp": iat + 1_800,
        })
    );
}

#[test]
fn a_person_is_reached_in_the_conversation_with_the_app() {
    let world = World::signed_in();
    let client = world.client();
    let send = || block_on(client.create_for("users/111", &card(), "r-1", Some("ev_1")));
    let to_dm = format!("{TO_DM}&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD");
    world.script.on(FIND, 200, &json!({"name": "spaces/AAAAdm", "spaceType": "DIRECT_MESSAGE"}));
    world.script.on(&to_dm, 200, &json!({"name": "spaces/AAAAdm/messages/m"}));
    world.script.on(&to_dm, 403, &Value::Null);
    assert_eq!(shape(&send()), ACCEPTED);
    // Known by now.
    assert_eq!(shape(&send()), rejected(CauseCode::BotNotAllowed, Effect::AddressBroken));
    // And asked for again once it did not work.
    world.script.on(FIND, 404, &error(404, "NOT_FOUND", "", "m"));
    assert_eq!(shape(&send()), rejected(CauseCode::UnknownRecipient, Effect::AddressBroken));
    assert_eq!(world.script.asked(), [TOKEN, FIND, &*to_dm, &*to_dm, FIND]);
}

#[test]
fn a_message_is_changed_in_place() {
    for (status, expected) in [
        (200, ACCEPTED),
        (404, rejected(CauseCode::UnknownRecipient, Effect::None)),
        (403, rejected(CauseCode::BotNotInRoom, Effect::None)),
        (400, rejected(CauseCode::MessageRefused, Effect::None)),
    ] {
        let world = World::signed_in();
        world.script.on(UPDATE, status, &json!({}));
        let outcome = block_on(world.client().update(NAME, &card()));
        assert_eq!(shape(&outcome), expected, "{status}");
        assert_eq!(world.script.asked(), [TOKEN, UPDATE]);
        assert_eq!(world.script.sent(1), card());
    }
}

#[test]
fn every_answer_has_its_outcome() {
    use CauseCode as Code;
    let lost = |code| rejected(code, Effect::RoomLost);
    for (status, body, expected) in [
        (200, json!({"name": NAME}), ACCEPTED),
        (302, Value::Null, rejected(Code::ProviderError, Effect::None)),
        (400, error(400, "INVALID_ARGUMENT", "", "m"), rejected(Code::MessageRefused, Effect::None)),
        (403, error(403, "PERMISSION_DENIED", "", "not a member"), lost(Code::BotNotInRoom)),
        (403, error(403, "PERMISSION_DENIED", "SERVICE_DISABLED", "m"), retry(Code::PermissionMissing)),
        (
            403,
            error(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "m"),
            retry(Code::PermissionMissing),
        ),
        (404, error(404, "NOT_FOUND", "", "m"), lost(Code::UnknownRecipient)),
        (409, error(409, "ALREADY_EXISTS", "", "m"), ACCEPTED),
        (429, error(429, "RESOURCE_EXHAUSTED", "", "m"), retry(Code::RateLimited)),
        (500, error(500, "INTERNAL", "", "m"), retry(Code::ProviderError)),
        (502, json!("<html>"), UNCERTAIN),
        (503, error(503, "UNAVAILABLE", "", "m"), retry(Code::ProviderError)),
        (504, error(504, "DEADLINE_EXCEEDED", "", "m"), UNCERTAIN),
    ] {
        let world = World::signed_in();
        world.script.on(TO_ROOM, status, &body);
        assert_eq!(shape(&to_room(&world)), expected, "{status} {body}");
        world.script.asked();
    }
}

#[test]
fn a_refused_token_is_renewed_once() {
    let world = World::signed_in();
    let refused = error(401, "UNAUTHENTICATED", "", "ya29.t1 is no good");
    world.script.on(TO_ROOM, 401, &refused);
    world.token("ya29.t2");
    world.script.on(TO_ROOM, 200, &json!({"name": NAME}));
    assert_eq!(shape(&to_room(&world)), ACCEPTED);
    assert_eq!(world.script.asked(), [TOKEN, TO_ROOM, TOKEN, TO_ROOM]);

    world.script.on(TO_ROOM, 401, &refused);
    world.token("ya29.t3");
    world.script.on(TO_ROOM, 401, &error(401, "UNAUTHENTICATED", "", "ya29.t3 is no good"));
    let outcome = to_room(&world);
    assert_eq!(shape(&outcome), retry(CauseCode::Credentials));
    assert!(!format!("{outcome:?}").contains("ya29"), "{outcome:?}");
    world.script.asked();
}

#[test]
fn an_unanswered_token_request_is_a_plain_retry() {
    let world = World::new();
    world.script.answer(TOKEN, Err(IoError::NoAnswer("reset".into())));
    assert_eq!(shape(&to_room(&world)), retry(CauseCode::NoAnswer));
    world.script.on(
        TOKEN,
        400,
        &json!({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}),
    );
    assert_eq!(shape(&to_room(&world)), retry(CauseCode::Credentials));
    world.token("ya29.t1");
    world.script.answer(TO_ROOM, Err(IoError::NoAnswer("reset".into())));
    assert_eq!(shape(&to_room(&world)), ("uncertain", Some(CauseCode::NoAnswer), None));
    world.script.asked();
}

#[test]
fn names_never_leave_their_place_in_the_path() {
    let world = World::new();
    let client = world.client();
    for name in [
        "",
        "AAAA",
        "spaces/",
        "spaces/..",
        "spaces/A/B",
        "spaces/A?x=y",
        "spaces/A#",
        "users/1",
        "spaces/%2e",
    ] {
        let outcome = block_on(client.create(name, &card(), "r-1", None));
        assert_eq!(shape(&outcome), rejected(CauseCode::UnknownRecipient, Effect::RoomLost), "{name}");
        assert_eq!(
            block_on(client.space(name)),
            Err(CallError::NotAName(crate::providers::google_chat::About::Room))
        );
    }
    for name in [
        "spaces/A",
        "spaces/A/messages/",
        "spaces/A/messages/..",
        "spaces/A/messages/m/x",
        "spaces/A/messages/m?",
    ] {
        let outcome = block_on(client.update(name, &card()));
        assert_eq!(shape(&outcome), rejected(CauseCode::UnknownRecipient, Effect::None), "{name}");
    }
    assert_eq!(world.script.asked(), [""; 0]);
}

#[test]
fn spaces_are_listed_page_by_page() {
    let world = World::signed_in();
    world.script.on(
        "GET /v1/spaces?pageSize=1000&pageToken=",
        200,
        &json!({"spaces": [
            {"name": "spaces/A", "displayName": "現場", "spaceType": "SPACE"},
            {"displayName": "nameless"},
        ], "nextPageToken": "p/2"}),
    );
    world.script.on(
        "GET /v1/spaces?pageSize=1000&pageToken=p%2F2",
        200,
        &json!({"spaces": [{"name": "spaces/D", "spaceType": "DIRECT_MESSAGE", "singleUserBotDm": true}], "nextPageToken": ""}),
    );
    world.script.on("GET /v1/spaces/A", 200, &json!({"name": "spaces/A", "type": "ROOM"}));
    let client = world.client();
    assert_eq!(
        block_on(client.spaces()).unwrap(),
        [
            Space { name: "spaces/A".into(), title: Some("現場".into()), direct: false },
            Space { name: "spaces/D".into(), title: None, direct: true },
        ]
    );
    let space = Space { name: "spaces/A".into(), title: None, direct: false };
    assert_eq!(block_on(client.space("spaces/A")), Ok(space));
    world.script.asked();
}

#[test]
fn without_an_app_nothing_is_asked() {
    let mut world = World::new();
    world.settings.app = None;
    assert_eq!(shape(&to_room(&world)), retry(CauseCode::IntegrationMissing));
    assert_eq!(world.script.asked(), [""; 0]);
}

#[test]
fn the_check_names_the_first_step_that_fails() {
    use CheckStatus::{Failed, Passed, Skipped};
    const LIST: &str = "GET /v1/spaces?pageSize=1";
    let run = |world: &World| -> Vec<_> {
        let steps = block_on(world.client().check());
        assert_eq!(steps.iter().map(|step| step.step).collect::<Vec<_>>(), CheckName::GOOGLE_CHAT);
        steps.iter().map(|step| step.status).collect()
    };
    let world = World::signed_in();
    world.script.on(LIST, 200, &json!({}));
    assert_eq!(run(&world), [Passed, Passed, Passed]);
    // A new token, whatever is cached.
    world.token("ya29.t2");
    world.script.on(LIST, 403, &error(403, "PERMISSION_DENIED", "SERVICE_DISABLED", "m"));
    assert_eq!(run(&world), [Passed, Passed, Failed]);
    world.script.on(TOKEN, 400, &json!({"error": "invalid_grant"}));
    assert_eq!(run(&world), [Passed, Failed, Skipped]);
    world.script.asked();

    let mut world = World::new();
    world.secret.private_key = Some("hello".into());
    assert_eq!(run(&world), [Failed, Skipped, Skipped]);
    assert_eq!(world.script.asked(), [""; 0]);
}

#[test]
fn with_webhooks_only_the_way_to_the_provider_is_checked() {
    let mut world = World::new();
    world.settings.app = None;
    for (answer, status) in [
        (Ok(HttpResponse { status: 401, headers: vec![], body: vec![] }), CheckStatus::Passed),
        (Ok(HttpResponse { status: 503, headers: vec![], body: vec![] }), CheckStatus::Failed),
        (Err(IoError::NotSent("no such host".into())), CheckStatus::Failed),
    ] {
        world.script.answer("GET /v1/spaces", answer);
        let steps = block_on(world.client().check());
        assert_eq!((steps[0].step, steps[0].status, steps.len()), (CheckName::Connected, status, 1));
    }
}

#[test]
fn a_form_is_parted_and_no_secret_is_shown() {
    let file = json!({
        "type": "service_account", "client_email": ACCOUNT, "private_key": PKCS8, "private_key_id": "k-1",
    });
    let mut form = shared::integration::GoogleChatForm {
        webhooks: true,
        service_account: file.to_string(),
        audience: ChatAudience::ProjectNumber,
        project_number: "123".into(),
    };
    form.clean();
    assert_eq!(form.problems(), []);
    let (settings, secret) = split(&form).unwrap();
    assert!(!serde_json::to_string(&settings).unwrap().contains("PRIVATE"));
    assert_eq!(settings.app.as_ref().unwrap().project_number, "123");
    assert_eq!(secret.private_key.as_deref(), Some(PKCS8));
    assert!(!format!("{secret:?} {:?}", World::new().client()).contains("PRIVATE"));

    form.service_account.clear();
    let (settings, secret) = split(&form).unwrap();
    assert_eq!((settings.app, secret), (None, GoogleChatSecret::default()));
}
