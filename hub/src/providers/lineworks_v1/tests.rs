//! The client against a provider that answers by script.

mod callbacks;

use std::rc::Rc;

use futures_executor::block_on;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use shared::{
    check::{CheckName, CheckStatus},
    delivery::{CauseCode, Effect, Outcome},
    integration::{LineworksV1Form, V1Via},
};

use super::*;
use crate::{
    native::VirtualClock,
    ports::{IoError, Ports},
    providers::script::{self, PKCS8, PUBLIC, Script},
};

const NOW: i64 = 1_795_000_000_123;
const TOKEN: &str = "POST /b/jp1Abc/server/token";
const PUSH: &str = "POST /r/jp1Abc/message/v1/bot/7/message/push";

struct World {
    script: Rc<Script>,
    ports: Ports,
    settings: LineworksV1Settings,
    secret: LineworksV1Secret,
    tokens: Rc<TokenCache>,
}

impl World {
    fn new() -> Self {
        let clock = VirtualClock::at(NOW);
        let script = Rc::new(Script::default());
        let ports = script::ports(&script, &clock);
        let (mut settings, secret) = split(&form(V1Via::FixedToken)).unwrap();
        settings.bot_no = Some(7);
        Self { script, ports, settings, secret, tokens: Rc::default() }
    }

    fn by_id() -> Self {
        let (settings, secret) = split(&form(V1Via::ServerId)).unwrap();
        let world = Self::new();
        Self { settings: LineworksV1Settings { bot_no: Some(7), ..settings }, secret, ..world }
    }

    fn token(&self, token: &str) {
        let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": 86_400});
        self.script.on(TOKEN, 200, &body);
    }

    fn client(&self) -> Client {
        let endpoints = Endpoints { auth: "https://auth.test".into(), api: "https://apis.test".into() };
        let tokens = Rc::clone(&self.tokens);
        Client::new(&self.ports, endpoints, self.settings.clone(), self.secret.clone(), tokens, None)
    }

    fn to_user(&self) -> Outcome {
        block_on(self.client().send_to_user("sato@minato", &text()))
    }
}

fn form(via: V1Via) -> LineworksV1Form {
    LineworksV1Form {
        api_id: "jp1Abc".into(),
        consumer_key: "consumer-1".into(),
        via,
        token: "fixed-1".into(),
        server_id: "server-1".into(),
        private_key: PKCS8.into(),
        domain_id: "40029600".into(),
        bot_admin: "admin@minato".into(),
        bot_name: "Todoke通知".into(),
    }
}

fn text() -> Value {
    json!({"type": "text", "text": "停電です"})
}

fn shape(outcome: &Outcome) -> (&'static str, Option<CauseCode>, Option<Effect>) {
    match outcome {
        Outcome::Accepted { .. } => ("accepted", None, None),
        Outcome::Retry { cause, .. } => ("retry", Some(cause.code), None),
        Outcome::Rejected { cause, effect } => ("rejected", Some(cause.code), Some(*effect)),
        Outcome::Uncertain { cause } => ("uncertain", Some(cause.code), None),
    }
}

const ACCEPTED: (&str, Option<CauseCode>, Option<Effect>) = ("accepted", None, None);

#[test]
fn a_fixed_token_is_used_as_it_is() {
    let world = World::new();
    world.script.on(PUSH, 200, &json!({}));
    assert_eq!(world.to_user(), Outcome::Accepted { reference: None });
    assert_eq!(world.script.asked(), [PUSH]);
    assert_eq!(world.script.sent(0), json!({"accountId": "sato@minato", "content": text()}));
    assert_eq!(
        world.script.request(0).headers,
        [
            ("consumerKey", "consumer-1".to_owned()),
            ("authorization", "Bearer fixed-1".to_owned()),
            ("content-type", "application/json; charset=UTF-8".to_owned()),
        ]
    );
    // There is no other one to try.
    world.script.on(PUSH, 401, &json!({"errorCode": "024", "code": "UNAUTHORIZED"}));
    assert_eq!(shape(&world.to_user()), ("retry", Some(CauseCode::Credentials), None));
    assert_eq!(world.script.asked(), [PUSH, PUSH]);
}

#[test]
fn a_registered_server_asks_for_its_token() {
    let world = World::by_id();
    world.token("t-1");
    world.script.on(PUSH, 200, &json!({}));
    world.script.on(PUSH, 200, &json!({}));
    assert_eq!(shape(&world.to_user()), ACCEPTED);
    assert_eq!(shape(&world.to_user()), ACCEPTED);
    assert_eq!(world.script.asked(), [TOKEN, PUSH, PUSH]);

    let form = String::from_utf8(world.script.request(0).body).unwrap();
    let (grant, assertion) = form.split_once("&assertion=").unwrap();
    assert_eq!(grant, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer");
    let mut rules = Validation::new(Algorithm::RS256);
    rules.validate_exp = false;
    let key = DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).unwrap();
    let jwt = jsonwebtoken::decode::<Value>(assertion, &key, &rules).unwrap();
    let iat = NOW / 1_000;
    assert_eq!(jwt.claims, json!({"iss": "server-1", "iat": iat, "exp": iat + 1_800}));

    world.script.on(PUSH, 401, &json!({"errorCode": "024", "code": "UNAUTHORIZED"}));
    world.token("t-2");
    world.script.on(PUSH, 200, &json!({}));
    assert_eq!(shape(&world.to_user()), ACCEPTED);
    assert_eq!(world.script.asked()[3..], [PUSH, TOKEN, PUSH]);
}

#[test]
fn a_room_is_a_channel() {
    let world = World::new();
    world.script.on(PUSH, 200, &json!({}));
    assert_eq!(shape(&block_on(world.client().send_to_room("12345", &text()))), ACCEPTED);
    assert_eq!(world.script.sent(0), json!({"channelId": "12345", "content": text()}));
}

#[test]
fn what_api_1_0_does_not_know_is_told_in_words() {
    let button = json!({
        "type": "button_template",
        "contentText": "対応しますか",
        "actions": [{"type": "message", "label": "対応します", "postback": "todoke:ev_1:take"}],
    });
    let mut translated = text();
    translated["i18nTexts"] = json!([{"language": "en_US", "text": "Blackout"}]);
    translated["quickReply"] = json!({"items": []});
    for (content, sent) in [
        (button.clone(), button),
        (translated, text()),
        (json!({"type": "flex", "altText": "停電です", "contents": {}}), text()),
        (json!({"type": "image"}), json!({"type": "text", "text": "…"})),
    ] {
        let world = World::new();
        world.script.on(PUSH, 200, &json!({}));
        block_on(world.client().send_to_user("sato@minato", &content));
        assert_eq!(world.script.sent(0)["content"], sent);
    }
}

#[test]
fn every_answer_has_its_outcome() {
    use CauseCode as Code;
    let gateway = |number: &str, code: &str| json!({"errorCode": number, "errorMessage": "m", "code": code});
    let bot = |code: &str| json!({"code": code, "message": "m", "domain": "message"});
    let retry = |code| ("retry", Some(code), None);
    let rejected = |code, effect| ("rejected", Some(code), Some(effect));
    for (status, body, person, room) in [
        (200, Value::Null, ACCEPTED, ACCEPTED),
        (401, gateway("024", "UNAUTHORIZED"), retry(Code::Credentials), retry(Code::Credentials)),
        (401, gateway("028", ""), retry(Code::Credentials), retry(Code::Credentials)),
        (401, gateway("029", ""), retry(Code::Credentials), retry(Code::Credentials)),
        (404, gateway("001", ""), retry(Code::Credentials), retry(Code::Credentials)),
        (404, gateway("002", ""), retry(Code::Credentials), retry(Code::Credentials)),
        (403, gateway("041", ""), retry(Code::PermissionMissing), retry(Code::PermissionMissing)),
        (403, gateway("042", ""), retry(Code::PermissionMissing), retry(Code::PermissionMissing)),
        (403, gateway("043", ""), retry(Code::PermissionMissing), retry(Code::PermissionMissing)),
        (400, bot("NONEXISTENT_BOT"), retry(Code::BotMissing), retry(Code::BotMissing)),
        (400, bot("DOMAIN_NOT_BELONGING_TO_TENANT"), retry(Code::Credentials), retry(Code::Credentials)),
        (400, bot("EXCEEDED_NUMBER_LIMIT_OF_BOT"), retry(Code::QuotaUsedUp), retry(Code::QuotaUsedUp)),
        (
            400,
            bot("PERMISSION_DENIED"),
            rejected(Code::BotNotAllowed, Effect::None),
            rejected(Code::BotNotInRoom, Effect::None),
        ),
        (
            400,
            bot("EXCEEDED_LENGTH_LIMIT_OF_PARAM"),
            rejected(Code::MessageRefused, Effect::None),
            rejected(Code::MessageRefused, Effect::None),
        ),
        (
            400,
            bot("BAD_REQUEST"),
            rejected(Code::MessageRefused, Effect::None),
            rejected(Code::MessageRefused, Effect::None),
        ),
        (
            400,
            json!({"code": "BAD_REQUEST", "message": "unknown accountId or channelId", "domain": "message"}),
            rejected(Code::UnknownRecipient, Effect::None),
            rejected(Code::UnknownRecipient, Effect::None),
        ),
        (
            404,
            bot("NOT_FOUND"),
            rejected(Code::UnknownRecipient, Effect::AddressBroken),
            rejected(Code::UnknownRecipient, Effect::RoomLost),
        ),
        (429, Value::Null, retry(Code::RateLimited), retry(Code::RateLimited)),
        (500, bot("INTERNAL_SERVER_ERROR"), retry(Code::ProviderError), retry(Code::ProviderError)),
        (302, Value::Null, retry(Code::ProviderError), retry(Code::ProviderError)),
        (
            502,
            Value::Null,
            ("uncertain", Some(Code::ProviderError), None),
            ("uncertain", Some(Code::ProviderError), None),
        ),
    ] {
        let world = World::new();
        world.script.on(PUSH, status, &body);
        world.script.on(PUSH, status, &body);
        assert_eq!(shape(&world.to_user()), person, "{status} {body}");
        assert_eq!(shape(&block_on(world.client().send_to_room("1", &text()))), room, "{status} {body}");
        world.script.asked();
    }
}

#[test]
fn lost_exchanges_and_a_missing_bot() {
    let mut world = World::new();
    world.script.answer(PUSH, Err(IoError::NoAnswer("reset".into())));
    assert_eq!(shape(&world.to_user()), ("uncertain", Some(CauseCode::NoAnswer), None));
    world.script.answer(PUSH, Err(IoError::NotSent("refused".into())));
    assert_eq!(shape(&world.to_user()), ("retry", Some(CauseCode::NotConnected), None));
    world.settings.bot_no = None;
    assert_eq!(shape(&world.to_user()), ("retry", Some(CauseCode::BotMissing), None));
    world.script.asked();

    let world = World::by_id();
    let body = json!({"message": "bad jp1Abc", "detail": "d", "code": "024"});
    world.script.on(TOKEN, 401, &body);
    let outcome = world.to_user();
    assert_eq!(shape(&outcome), ("retry", Some(CauseCode::Credentials), None));
    assert!(!format!("{outcome:?}").contains("jp1Abc"), "{outcome:?}");
}

#[test]
fn no_secret_comes_back_in_words() {
    let world = World::new();
    let words = "fixed-1 of consumer-1 at jp1Abc";
    world.script.on(PUSH, 401, &json!({"errorCode": "024", "errorMessage": words}));
    let Outcome::Retry { cause, .. } = world.to_user() else { panic!() };
    assert_eq!(cause.detail, "401 024 *** of *** at ***");
    let shown = format!("{:?} {:?} {:?}", world.client(), world.secret, world.secret.server);
    assert!(
        !shown.contains("fixed-1") && !shown.contains("consumer-1") && !shown.contains("jp1Abc"),
        "{shown}"
    );
    assert!(!serde_json::to_string(&world.settings).unwrap().contains("jp1Abc"));
}

#[test]
fn a_bot_lives_and_dies() {
    const BOT: &str = "POST /r/jp1Abc/message/v1/bot";
    const DOMAIN: &str = "POST /r/jp1Abc/message/v1/bot/7/domain/40029600";
    const DELETE: &str = "DELETE /r/jp1Abc/message/v1/bot/7";
    let refused = |code: &str| json!({"code": code, "message": "m", "domain": "message"});
    let world = World::new();
    let client = world.client();
    let new = NewBot {
        name: "Todoke通知".into(),
        description: "お知らせ".into(),
        photo_url: "https://t.example/bot.png".into(),
        callback_url: "https://t.example/hooks/lineworks/ws_1/in_1".into(),
    };
    world.script.on(BOT, 200, &json!({"botNo": 7}));
    assert_eq!(block_on(client.create_bot(&new)), Ok(7));
    let body = world.script.sent(0);
    assert_eq!((&body["managers"], &body["useCallback"]), (&json!(["admin@minato"]), &json!(true)));
    assert_eq!(body["callbackUrl"], "https://t.example/hooks/lineworks/ws_1/in_1");
    world.script.on(BOT, 200, &json!({}));
    assert_eq!(block_on(client.create_bot(&new)), Err(CallError::Unreadable("botNo")));
    world.script.on(BOT, 400, &refused("EXCEEDED_NUMBER_LIMIT_OF_BOT"));
    assert_eq!(block_on(client.create_bot(&new)).unwrap_err().cause().code, CauseCode::QuotaUsedUp);

    world.script.on("PUT /r/jp1Abc/message/v1/bot/7", 200, &json!({}));
    assert_eq!(block_on(client.update_bot(7, &new)), Ok(()));

    world.script.on(DOMAIN, 200, &json!({}));
    assert_eq!(block_on(client.register_domain(7)), Ok(()));
    world.script.on(DOMAIN, 400, &refused("ALREADY_REGISTERED_BOT"));
    assert_eq!(block_on(client.register_domain(7)), Ok(()));
    world.script.on(DOMAIN, 400, &refused("DOMAIN_NOT_BELONGING_TO_TENANT"));
    assert_eq!(block_on(client.register_domain(7)).unwrap_err().cause().code, CauseCode::Credentials);

    for (status, body, expected) in [(200, json!({}), Ok(true)), (400, refused("NONEXISTENT_BOT"), Ok(false))]
    {
        world.script.on(DELETE, status, &body);
        assert_eq!(block_on(client.delete_bot(7)), expected);
    }
    world.script.on(DELETE, 403, &json!({"errorCode": "041"}));
    assert_eq!(block_on(client.delete_bot(7)).unwrap_err().cause().code, CauseCode::PermissionMissing);
    world.script.asked();
}

#[test]
fn the_check_names_the_first_step_that_fails() {
    use CheckStatus::{Failed, Passed, Skipped};
    const LIST: &str = "GET /r/jp1Abc/message/v1/bot";
    let run = |world: &World| -> Vec<_> {
        block_on(world.client().check()).into_iter().map(|step| (step.step, step.status)).collect()
    };
    let all = |statuses: [CheckStatus; 3]| -> Vec<_> {
        CheckName::LINEWORKS_V1.into_iter().zip(statuses).collect()
    };
    let world = World::new();
    world.script.on(LIST, 200, &json!({"bots": []}));
    assert_eq!(run(&world), [(CheckName::V1Usable, Passed)]);
    world.script.on(LIST, 401, &json!({"errorCode": "024"}));
    assert_eq!(run(&world), [(CheckName::V1Usable, Failed)]);
    world.script.asked();

    let mut world = World::by_id();
    world.token("t-1");
    world.script.on(LIST, 200, &json!({"bots": []}));
    assert_eq!(run(&world), all([Passed, Passed, Passed]));
    world.script.on(TOKEN, 400, &json!({"message": "m"}));
    assert_eq!(run(&world), all([Passed, Failed, Skipped]));
    world.script.asked();
    world.secret.server = Server::PrivateKey("hello".into());
    assert_eq!(run(&world), all([Failed, Skipped, Skipped]));
}

#[test]
fn the_stored_forms_are_pinned() {
    for (via, settings, secret) in [
        (
            V1Via::FixedToken,
            json!({"server_id": "", "domain_id": 40_029_600, "bot_admin": "admin@minato", "bot_name": "Todoke通知", "bot_no": null}),
            json!({"api_id": "jp1Abc", "consumer_key": "consumer-1", "server": {"fixed_token": "fixed-1"}}),
        ),
        (
            V1Via::ServerId,
            json!({"server_id": "server-1", "domain_id": 40_029_600, "bot_admin": "admin@minato", "bot_name": "Todoke通知", "bot_no": null}),
            json!({"api_id": "jp1Abc", "consumer_key": "consumer-1", "server": {"private_key": PKCS8}}),
        ),
    ] {
        let parts = split(&form(via)).unwrap();
        assert_eq!(serde_json::to_value(&parts.0).unwrap(), settings);
        assert_eq!(serde_json::to_value(&parts.1).unwrap(), secret);
    }
}
