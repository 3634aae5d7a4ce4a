//! Bots, directory, rooms, the check and the stored forms.

use futures_executor::block_on;
use serde_json::{Value, json};
use shared::{
    check::{CheckName, CheckStatus, CheckStep, all_passed},
    delivery::CauseCode,
};

use super::{
    super::{
        world::{PUBLIC, SHORT, TOKEN, World},
        *,
    },
    TO_USER, to_user,
};

fn sato() -> Value {
    json!({
        "userId": "U-sato", "email": "sato@minato", "domainId": 40_029_600, "isDeleted": false,
        "userName": {"lastName": "佐藤", "firstName": "花子", "phoneticLastName": "サトウ", "phoneticFirstName": "ハナコ"},
        "employeeNumber": "A-1",
        "organizations": [
            {"domainId": 2, "primary": false, "orgUnits": [{"orgUnitName": "x"}]},
            {"domainId": 40_029_600, "primary": true, "orgUnits": [
                {"orgUnitName": "営業部", "primary": true, "positionName": "課長"}]},
        ],
    })
}

#[test]
fn a_bot_is_made_published_and_taken_away() {
    let mut world = World::signed_in();
    world.settings.bot_subadmin = "U-ito".into();
    let new = NewBot {
        name: "Todoke通知".into(),
        description: "お知らせを届けます".into(),
        photo_url: "https://todoke.example/bot.png".into(),
        callback_url: "https://todoke.example/hooks/lineworks/ws/in".into(),
    };
    world.on("GET /users/sato%40minato", 200, &sato());
    world.on("GET /users/U-ito", 200, &json!({"userId": "U-ito"}));
    world.on("POST /bots", 201, &json!({"botId": 2_000_001, "botName": "Todoke通知"}));
    world.on("POST /bots/2000001/domains/40029600", 201, &json!({"domainId": 40_029_600}));
    world.on("POST /bots/2000001/secret", 200, &json!({"secret": "bs"}));
    world.on(
        "GET /bots/2000001",
        200,
        &json!({"botId": "2000001", "botName": "n", "callbackUrl": "https://c"}),
    );
    world.on("DELETE /bots/2000001", 204, &Value::Null);
    world.on("DELETE /bots/2000001", 404, &json!({"code": "NOT_FOUND"}));
    let client = world.client();
    block_on(async {
        let bot = client.create_bot(&new).await.unwrap();
        assert_eq!(bot, Bot { bot_id: 2_000_001, name: "Todoke通知".into(), callback_url: None });
        client.register_domain(bot.bot_id).await.unwrap();
        assert_eq!(client.reissue_secret(bot.bot_id).await.unwrap(), "bs");
        let got = client.get_bot(bot.bot_id).await.unwrap();
        assert_eq!((got.bot_id, got.callback_url.as_deref()), (2_000_001, Some("https://c")));
        assert!(client.delete_bot(bot.bot_id).await.unwrap());
        assert!(!client.delete_bot(bot.bot_id).await.unwrap());
    });
    world.asked();
    assert_eq!(
        serde_json::from_slice::<Value>(&world.request(3).body).unwrap(),
        json!({
            "botName": "Todoke通知", "photoUrl": "https://todoke.example/bot.png", "description": "お知らせを届けます",
            "administrators": ["U-sato"], "subadministrators": ["U-ito"], "enableCallback": true,
            "callbackUrl": "https://todoke.example/hooks/lineworks/ws/in",
            "callbackEvents": ["text", "location", "sticker", "image", "file", "audio", "video"],
            "channelEvents": ["message", "join", "leave", "joined", "left", "postback"],
            "enableGroupJoin": true,
        })
    );
    assert_eq!(
        serde_json::from_slice::<Value>(&world.request(4).body).unwrap(),
        json!({"visible": true, "allowToSelectedMember": false})
    );
}

#[test]
fn a_bot_that_is_gone_is_said_to_be() {
    let world = World::signed_in();
    world.on("GET /bots/7", 404, &json!({"code": "NOT_FOUND"}));
    let error = block_on(world.client().get_bot(7)).unwrap_err();
    assert_eq!(error.cause().code, CauseCode::BotMissing);
}

#[test]
fn the_whole_directory_is_read() {
    let world = World::signed_in();
    let first = "GET /users?domainId=40029600&count=100";
    world.on(
        first,
        200,
        &json!({"users": [sato(), {"email": "no-id"}], "responseMetaData": {"nextCursor": "a/b="}}),
    );
    world.on(
        &format!("{first}&cursor=a%2Fb%3D"),
        200,
        &json!({"users": [{"userId": "U-2", "isDeleted": true}], "responseMetaData": {"nextCursor": "a/b="}}),
    );
    let users = block_on(world.client().list_users()).unwrap();
    world.asked();
    assert_eq!(
        users,
        [
            DirectoryUser {
                user_id: "U-sato".into(),
                email: Some("sato@minato".into()),
                name: "佐藤 花子".into(),
                reading: "サトウ ハナコ".into(),
                department: Some("営業部".into()),
                title: Some("課長".into()),
                employee_number: Some("A-1".into()),
                domain_ids: vec![2, 40_029_600],
                ..DirectoryUser::default()
            },
            DirectoryUser { user_id: "U-2".into(), is_deleted: true, ..DirectoryUser::default() },
        ]
    );
    assert!(users[0].is_active() && !users[1].is_active());
}

#[test]
fn rooms_are_looked_up_and_left() {
    let world = World::signed_in();
    let channel = "/bots/7/channels/C-1";
    world.on(
        &format!("GET {channel}"),
        200,
        &json!({"domainId": 1, "channelId": "C-1", "title": "現場", "channelType": {"type": "MULTI_USERS"}}),
    );
    world.on(&format!("GET {channel}"), 403, &json!({"code": "ACCESS_DENIED"}));
    world.on(&format!("DELETE {channel}"), 204, &Value::Null);
    let client = world.client();
    block_on(async {
        let room = client.room("C-1").await.unwrap();
        assert_eq!(
            room,
            Room {
                channel_id: "C-1".into(), title: Some("現場".into()), channel_type: "MULTI_USERS".into()
            }
        );
        assert_eq!(client.room("C-1").await.unwrap_err().cause().code, CauseCode::BotNotInRoom);
        assert!(client.leave("C-1").await.unwrap());
    });
    world.asked();
}

fn statuses(steps: &[CheckStep]) -> Vec<CheckStatus> {
    assert_eq!(steps.iter().map(|step| step.step).collect::<Vec<_>>(), CheckName::LINEWORKS);
    steps.iter().map(|step| step.status).collect()
}

const ADMIN: &str = "GET /users/sato%40minato";
const BOTS: &str = "GET /bots?count=1";

#[test]
fn a_good_connection_passes_every_step_with_a_new_token() {
    let world = World::signed_in();
    world.on(TO_USER, 201, &Value::Null);
    to_user(&world);
    world.token("t-2");
    world.on(ADMIN, 200, &sato());
    world.on(BOTS, 200, &json!({"bots": [], "responseMetaData": {}}));
    let steps = block_on(world.client().check());
    assert!(all_passed(&steps), "{steps:?}");
    statuses(&steps);
    assert_eq!(steps[2].found.as_deref(), Some("佐藤 花子 (sato@minato)"));
    assert_eq!(steps[3].found.as_deref(), Some("40029600"));
    assert_eq!(world.asked()[2..], [TOKEN, ADMIN, BOTS]);
    assert!(world.request(3).headers.contains(&("authorization", "Bearer t-2".to_owned())));
}

#[test]
fn the_check_names_what_is_wrong() {
    use CheckStatus::{Failed, Passed, Skipped};
    let bots = json!({"bots": []});

    for key in ["", "hello", SHORT, PUBLIC, &super::super::world::PKCS8.replace("MII", "AII")] {
        let mut world = World::new();
        world.secret.private_key = key.to_owned();
        let steps = block_on(world.client().check());
        assert_eq!(statuses(&steps), [Failed, Skipped, Skipped, Skipped, Skipped], "{key}");
        assert_eq!(world.asked(), [""; 0]);
    }

    let world = World::new();
    world.on(TOKEN, 401, &json!({"error": "invalid_client"}));
    let steps = block_on(world.client().check());
    assert_eq!(statuses(&steps), [Passed, Failed, Skipped, Skipped, Skipped]);
    assert_eq!(steps[1].cause.as_ref().unwrap().code, CauseCode::Credentials);

    let world = World::signed_in();
    world.on(ADMIN, 404, &json!({"code": "NOT_FOUND"}));
    world.on(BOTS, 200, &bots);
    let steps = block_on(world.client().check());
    assert_eq!(statuses(&steps), [Passed, Passed, Failed, Skipped, Passed]);
    assert_eq!(steps[2].cause.as_ref().unwrap().code, CauseCode::UnknownRecipient);
    assert_eq!(steps[2].found.as_deref(), Some("sato@minato"));

    let mut world = World::signed_in();
    world.settings.domain_id = 1;
    world.settings.bot_subadmin = "ito@minato".into();
    world.on(ADMIN, 200, &sato());
    world.on("GET /users/ito%40minato", 200, &json!({"userId": "U-ito", "isDeleted": true}));
    world.on(BOTS, 403, &json!({"code": "FORBIDDEN"}));
    let steps = block_on(world.client().check());
    assert_eq!(statuses(&steps), [Passed, Passed, Failed, Failed, Failed]);
    assert_eq!(steps[2].found.as_deref(), Some("ito@minato"));
    assert_eq!(steps[3].found.as_deref(), Some("2, 40029600"));
    assert_eq!(steps[4].cause.as_ref().unwrap().code, CauseCode::PermissionMissing);
    world.asked();
}

fn filled() -> LineworksForm {
    LineworksForm {
        client_id: "id".into(),
        client_secret: "s3cret".into(),
        service_account: "x1.serviceaccount@minato".into(),
        private_key: "PEM".into(),
        domain_id: "40029600".into(),
        bot_admin: "sato@minato".into(),
        bot_subadmin: String::new(),
        bot_name: "Todoke通知".into(),
    }
}

#[test]
fn the_stored_forms_are_pinned() {
    let (settings, mut secret) = split(&filled()).unwrap();
    assert_eq!(
        serde_json::to_value(&settings).unwrap(),
        json!({
            "client_id": "id", "service_account": "x1.serviceaccount@minato", "domain_id": 40_029_600,
            "bot_admin": "sato@minato", "bot_subadmin": "", "bot_name": "Todoke通知", "bot_id": null,
        })
    );
    let sealed = json!({"client_secret": "s3cret", "private_key": "PEM"});
    assert_eq!(serde_json::to_value(&secret).unwrap(), sealed);
    assert_eq!(serde_json::from_value::<LineworksSecret>(sealed).unwrap(), secret);
    secret.bot_secret = Some("b".into());
    assert_eq!(
        serde_json::to_value(&secret).unwrap(),
        json!({"client_secret": "s3cret", "private_key": "PEM", "bot_secret": "b"})
    );
    assert_eq!(format!("{secret:?}"), "LineworksSecret(redacted)");
}

#[test]
fn a_domain_id_too_long_for_a_number_is_refused() {
    let form = LineworksForm { domain_id: "9".repeat(20), ..filled() };
    assert_eq!(split(&form).unwrap_err(), Error::field(Code::NotDigits, "domain_id"));
}
