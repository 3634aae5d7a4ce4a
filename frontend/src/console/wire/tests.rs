use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use shared::{
    api::{
        Page,
        auth::Role,
        member_imports::{Import, ImportState},
    },
    channel::{AddressState, Channel},
    check::CheckName,
    delivery::{Cause, CauseCode},
    id::{ApiKeyId, CompanyId, ImportId, IntegrationId, MemberId, RoomId},
    lang::Lang,
    routing::Urgency,
};

use super::*;
use crate::{
    client::json::FromJson,
    console::integrations::{
        choices::choose,
        fields::{Named, blank},
    },
};

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

fn integration(provider: Provider, settings: IntegrationSettings) -> Integration {
    Integration {
        id: IntegrationId::new(1, [0; 10]),
        provider,
        state: IntegrationState::Broken,
        cause: Some(Cause::new(CauseCode::Credentials, "invalid_client")),
        state_since: 1,
        last_ok_at: Some(2),
        secret_set_at: 3,
        settings,
        callback_url: Some("https://t.jp/hooks".into()),
        is_default: true,
        calendar: Some(CalendarSync {
            on: true,
            last_ok_at: Some(9),
            waiting: 2,
            failed: 1,
            cause: Some(Cause::new(CauseCode::PermissionMissing, "403")),
        }),
    }
}

fn all() -> Vec<Integration> {
    let line = |via| IntegrationSettings::Line {
        login_channel_id: "1".into(),
        via,
        messaging_channel_id: "2".into(),
        kid: "k".into(),
        friend_url: Some("https://lin.ee/1".into()),
        basic_id: None,
        display_name: Some("みなと".into()),
        login_callback_url: "https://t.jp/auth".into(),
    };
    let slack = |via| IntegrationSettings::Slack {
        via,
        client_id: "1.2".into(),
        team_name: "みなと".into(),
        team_id: "T1".into(),
        bot_user_id: "U1".into(),
        installed: true,
        redirect_url: "https://t.jp/auth".into(),
    };
    let chat = |audience| IntegrationSettings::GoogleChat {
        webhooks: true,
        client_email: Some("a@b".into()),
        audience,
        project_number: "1".into(),
    };
    let mail = |via, security| IntegrationSettings::Mail {
        via,
        from_address: "a@b.jp".into(),
        from_name: "n".into(),
        reply_to: "r".into(),
        host: "h".into(),
        port: 587,
        security,
        user: "u".into(),
    };
    let v1 = |via| IntegrationSettings::LineworksV1 {
        via,
        server_id: "s".into(),
        domain_id: "1".into(),
        bot_admin: "a".into(),
        bot_name: "b".into(),
        bot_no: Some(7),
    };
    let lineworks = IntegrationSettings::Lineworks {
        client_id: "c".into(),
        service_account: "s".into(),
        domain_id: "1".into(),
        bot_admin: "a".into(),
        bot_subadmin: "s".into(),
        bot_name: "b".into(),
        bot_id: None,
    };
    vec![
        integration(Provider::Lineworks, lineworks),
        integration(Provider::LineworksV1, v1(V1Via::ServerId)),
        integration(Provider::LineworksV1, v1(V1Via::FixedToken)),
        integration(Provider::Line, line(LineVia::Token)),
        integration(Provider::Line, line(LineVia::Key)),
        integration(Provider::Slack, slack(SlackVia::Token)),
        integration(Provider::Slack, slack(SlackVia::Install)),
        integration(Provider::GoogleChat, chat(ChatAudience::EndpointUrl)),
        integration(Provider::GoogleChat, chat(ChatAudience::ProjectNumber)),
        integration(Provider::Mail, mail(MailVia::Smtp, SmtpSecurity::Starttls)),
        integration(Provider::Mail, mail(MailVia::Smtp, SmtpSecurity::Tls)),
        integration(Provider::Mail, mail(MailVia::Resend, SmtpSecurity::Plain)),
    ]
}

fn member() -> Member {
    Member {
        id: MemberId::new(1, [1; 10]),
        name: "佐藤 花子".into(),
        reading: "さとう".into(),
        login_email: "sato@minato.example".into(),
        notification_email: String::new(),
        department: "総務".into(),
        title: "課長".into(),
        employee_number: "7".into(),
        usable: true,
        company: Some(CompanyId::new(1, [1; 10])),
        company_name: Some("みなと".into()),
        role: Role::Owner,
        language: Lang::En,
        addresses: vec![Address {
            channel: Channel::Slack,
            value: "U1".into(),
            state: AddressState::Broken,
            on: false,
            last_ok_at: None,
        }],
        version: 4,
        invited_at: Some(8),
    }
}

#[test]
fn what_the_server_writes_is_read() {
    for one in all() {
        back(&one);
        back(&Integration { cause: None, callback_url: None, last_ok_at: None, ..one });
    }
    for (name, status) in CheckName::LINEWORKS
        .into_iter()
        .chain(CheckName::GOOGLE_CHAT)
        .zip([CheckStatus::Passed, CheckStatus::Failed, CheckStatus::Skipped].into_iter().cycle())
    {
        let cause = (status == CheckStatus::Failed).then(|| Cause::new(CauseCode::BotMissing, ""));
        back(&CheckResult { steps: vec![CheckStep { step: name, status, cause, found: Some("x".into()) }] });
    }
    back(&Consequences { members: 12, rooms: 3, companies: 1, waiting: 0 });
    back(&Redirect { url: "https://slack.com/".into() });
    for result in
        [AttemptResult::Accepted, AttemptResult::Retry, AttemptResult::Rejected, AttemptResult::Uncertain]
    {
        let cause = Some(Cause::new(CauseCode::NoAnswer, "timeout"));
        back(&Attempt { at: 1, took: 2, result, cause, reference: Some("r".into()) });
    }
    back(&member());
    back(&Page { items: vec![member()], next: None, total: Some(12) });
    back(&Company { id: CompanyId::new(1, [2; 10]), name: "みなと".into(), members: 3 });
    back(&KindInfo {
        code: "a.b".into(),
        app: "a".into(),
        name_ja: "名".into(),
        name_en: "n".into(),
        urgency: Urgency::Low,
        mandatory: false,
        custom: true,
        off: vec![Channel::Line],
        icon: "flame".into(),
        archived: true,
        locked: true,
        differs: vec![Channel::Email],
    });
    let info = KeyInfo {
        id: ApiKeyId::new(1, [0; 10]),
        name: "販売".into(),
        hint: "abcd".into(),
        scopes: Scope::ALL.to_vec(),
        created_at: 1,
        revoked_at: Some(2),
    };
    back(&info);
    back(&NewKey { key: "tdk_".into(), info });
}

#[test]
fn live_news_are_read() {
    let room = Room {
        id: RoomId::new(1, [0; 10]),
        integration: IntegrationId::new(1, [0; 10]),
        provider: Provider::Line,
        provider_id: "C1".into(),
        name: "総務".into(),
        open: true,
        since: 3,
    };
    let import = Import {
        id: ImportId::new(1, [1; 10]),
        file: "社員.csv".into(),
        state: ImportState::Running,
        total: 9,
        received: 9,
        done: 8,
        created: 1,
        changed: 2,
        same: 3,
        failed: 2,
        by: "田中".into(),
        created_at: 1,
        finished_at: None,
    };
    let news = all().into_iter().map(|one| LiveMessage::Integration(Box::new(one)));
    for said in news.chain([
        LiveMessage::Import(Box::new(import)),
        LiveMessage::Room(room),
        LiveMessage::Reload,
        LiveMessage::Channels,
        LiveMessage::Rules,
    ]) {
        let text = serde_json::to_string(&said).unwrap();
        assert_eq!(read_live(&text), Some(said), "{text}");
    }
    assert_eq!(read_live(r#"{"type":"of_tomorrow"}"#), None);
}

#[test]
fn what_is_sent_is_read_by_the_server() {
    for provider in Provider::ALL {
        for (name, word) in [
            ("", ""),
            ("via", "key"),
            ("via", "install"),
            ("via", "fixed_token"),
            ("via", "resend"),
            ("security", "tls"),
            ("security", "plain"),
            ("webhooks", "no"),
            ("audience", "project_number"),
        ] {
            let mut form = blank(provider);
            choose(&mut form, name, word);
            for text in ["client_id", "bot_name", "host", "kid", "project_number", "signing_secret"] {
                if let Some(own) = form.text_mut(text) {
                    format!("\"{text}\"\n\\").clone_into(own);
                }
            }
            forth(&form);
        }
    }
    forth(&SecretRequest::default());
    forth(&SecretRequest {
        private_key: "-----\nA".into(),
        bot_token: "xoxb-1".into(),
        ..SecretRequest::default()
    });
    forth(&member().form());
    forth(&MemberForm::fresh());
    forth(&KeyRequest { name: "販売\"".into(), scopes: Scope::ALL.to_vec() });
}
