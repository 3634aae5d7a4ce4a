use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use shared::{
    api::{Page, auth::Role, events::Target},
    id::{AuditId, DoorId, MemberId, RoomId, WebhookId, WebhookMessageId},
    lang::Lang,
};

use super::*;
use crate::client::json::{self, FromJson};

/// What serde writes is read back the same.
fn back<T: Serialize + FromJson + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(json::read::<T>(&text).as_ref(), Ok(value), "{text}");
}

/// What is written is read by serde the same.
fn forth<T: Body + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = value.body();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
}

#[test]
fn doors_are_read_and_asked_for() {
    let room = Target::Room { id: RoomId::new(1, [2; 10]), name: "総務".into() };
    let info = |form, to, at| DoorInfo {
        id: DoorId::new(1, [1; 10]),
        name: "監視".into(),
        form,
        to,
        kind: "todoke.message".into(),
        hint: "ab12".into(),
        created_at: 1,
        revoked_at: at,
        last_used_at: at,
    };
    back(&info(DoorForm::Slack, None, Some(2)));
    back(&NewDoor {
        token: "t".into(),
        url: "https://t.jp".into(),
        info: info(DoorForm::LineNotify, Some(room), None),
    });
    for (to, kind) in
        [(DoorTo::Member("mb_1".into()), None), (DoorTo::Room("rm_1".into()), Some("a.b".into()))]
    {
        forth(&DoorRequest { name: "\"x\"".into(), form: DoorForm::Slack, to, kind });
    }
}

#[test]
fn webhooks_are_read_and_asked_for() {
    let info = WebhookInfo {
        id: WebhookId::new(1, [1; 10]),
        url: "https://a.jp/x".into(),
        events: WebhookEvent::ALL.to_vec(),
        created_at: 1,
        disabled_at: Some(2),
        last_ok_at: None,
        waiting: 3,
        failed: 4,
        old_secret_until: Some(5),
    };
    back(&info);
    let text = serde_json::to_string(&NewWebhook { secret: "whsec_x".into(), info }).unwrap();
    assert_eq!(json::read::<NewWebhook>(&text).unwrap().secret, "whsec_x");
    back(&Replayed { replayed: 2, left: 1 });
    forth(&WebhookRequest { url: "https://a.jp".into(), events: vec![WebhookEvent::DeliveryFailed] });
    for state in [WebhookState::Waiting, WebhookState::Delivered, WebhookState::Failed] {
        back(&state);
    }
    for result in [
        WebhookResult::Delivered,
        WebhookResult::Refused,
        WebhookResult::Redirected,
        WebhookResult::Gone,
        WebhookResult::NoConnection,
        WebhookResult::NoAnswer,
        WebhookResult::UrlRefused,
        WebhookResult::NoSecret,
    ] {
        back(&WebhookMessage {
            id: WebhookMessageId::new(1, [1; 10]),
            event: WebhookEvent::Test,
            state: WebhookState::Waiting,
            created_at: 1,
            due_at: None,
            tries: 2,
            attempts: vec![WebhookAttempt { at: 1, took: 2, status: Some(500), result }],
        });
    }
}

#[test]
fn the_workspace_is_read_and_written() {
    let settings = WorkspaceSettings {
        name: "みなと商事".into(),
        zone: "Asia/Tokyo".into(),
        language: Lang::En,
        retention_days: 90,
        version: 3,
    };
    back(&settings);
    forth(&settings);
    back(&LineCost { spare: true, reserve: 100 });
    forth(&LineCost { spare: false, reserve: 7 });
    for company_name in [None, Some("みなと".to_owned())] {
        back(&RoleHolder {
            id: MemberId::new(1, [1; 10]),
            name: "佐藤".into(),
            email: "a@b.jp".into(),
            role: Role::CompanyAdmin,
            company_name,
            usable: false,
        });
    }
    back(&WorkspaceConsequences {
        members: 1,
        integrations: 2,
        rooms: 3,
        notices: 4,
        waiting: 5,
        keys: 6,
        doors: 7,
        webhooks: 8,
    });
    back(&ExportSlice {
        lines: "{}\n".into(),
        count: 1,
        total: Some(2),
        next: Some("members\u{1}mb_1".into()),
    });
    back(&ExportSlice { lines: String::new(), count: 0, total: None, next: None });
    let entry = AuditEntry {
        id: AuditId::new(1, [1; 10]),
        at: 1,
        actor: "田中".into(),
        actor_id: "mb_1".into(),
        action: "key.created".into(),
        target: "ky_1".into(),
        target_name: None,
        detail: "[]".into(),
    };
    back(&Page { items: vec![entry], next: Some("au_1".into()), total: None });
    assert_eq!(json::read::<Ended>(r#"{"left":["slack"]}"#), Ok(Ended(vec!["slack".into()])));
}
