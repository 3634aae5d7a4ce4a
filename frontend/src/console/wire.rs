//! The types of `shared::api` that only the console reads and writes, without serde (see [`crate::client::json`]):
//! with it they were a sixth of the bundle. The tests compare each with serde.

use shared::{
    api::{
        deliveries::{Attempt, AttemptResult},
        events::Company,
        integrations::{
            CalendarChanged, CalendarSync, CheckResult, Consequences, Integration, IntegrationRequest,
            IntegrationSettings, IntegrationState, Provider, Redirect, Room, SecretRequest,
        },
        live::LiveMessage,
        members::{Address, Member, MemberForm},
        settings::{KeyInfo, KeyRequest, KindInfo, NewKey, Scope},
    },
    check::{CheckStatus, CheckStep},
    integration::{ChatAudience, LineVia, MailVia, SlackVia, SmtpSecurity, V1Via},
};

use crate::client::{
    json::{self, Json, Out},
    live,
    wire::{read, word},
};

/// Reads a live message: what members hear, and what changed in 連携.
#[must_use]
pub fn read_live(text: &str) -> Option<LiveMessage> {
    let message = Json::parse(text)?;
    match message.get("type").str()? {
        "integration" => Some(LiveMessage::Integration(Box::new(message.maybe("data")?))),
        "rules" => Some(LiveMessage::Rules),
        "room" => message.maybe("data").map(LiveMessage::Room),
        "import" => Some(LiveMessage::Import(Box::new(message.maybe("data")?))),
        _ => live::read_for_members(text),
    }
}

read! {
    Integration: json => {
        let provider = json.maybe("provider")?;
        Some(Self {
            id: json.parsed("id")?,
            provider,
            state: json.maybe("state")?,
            cause: json.maybe("cause"),
            state_since: json.number("state_since")?,
            last_ok_at: json.number("last_ok_at"),
            secret_set_at: json.number("secret_set_at")?,
            settings: settings(provider, json.get("settings"))?,
            callback_url: json.text("callback_url"),
            is_default: json.bool("is_default")?,
            calendar: json.maybe("calendar"),
        })
    };
    CalendarSync: json => Some(Self {
        on: json.bool("on")?,
        last_ok_at: json.number("last_ok_at"),
        waiting: json.count("waiting")?,
        failed: json.count("failed")?,
        cause: json.maybe("cause"),
    });
    CalendarChanged: json => Some(Self { steps: json.all("steps")?, calendar: json.maybe("calendar")? });
    Provider: json => Self::from_code(json.str()?);
    IntegrationState: json => match json.str()? {
        "ready" => Some(Self::Ready),
        "broken" => Some(Self::Broken),
        _ => None,
    };
    Room: json => Some(Self {
        id: json.parsed("id")?,
        integration: json.parsed("integration")?,
        provider: json.maybe("provider")?,
        provider_id: json.text("provider_id")?,
        name: json.text("name")?,
        open: json.bool("open")?,
        since: json.number("since")?,
    });
    CheckResult: json => Some(Self { steps: json.all("steps")? });
    CheckStep: json => Some(Self {
        step: word(json.get("step"))?,
        status: match json.get("status").str()? {
            "passed" => CheckStatus::Passed,
            "failed" => CheckStatus::Failed,
            _ => CheckStatus::Skipped,
        },
        cause: json.maybe("cause"),
        found: json.text("found"),
    });
    Consequences: json => Some(Self {
        members: json.count("members")?,
        rooms: json.count("rooms")?,
        companies: json.count("companies")?,
        waiting: json.count("waiting")?,
    });
    Redirect: json => Some(Self { url: json.text("url")? });
    Attempt: json => Some(Self {
        at: json.number("at")?,
        took: json.number("took")?,
        result: match json.get("result").str()? {
            "accepted" => AttemptResult::Accepted,
            "retry" => AttemptResult::Retry,
            "rejected" => AttemptResult::Rejected,
            _ => AttemptResult::Uncertain,
        },
        cause: json.maybe("cause"),
        reference: json.text("reference"),
    });
    Member: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        reading: json.text("reading")?,
        login_email: json.text("login_email")?,
        notification_email: json.text("notification_email")?,
        department: json.text("department")?,
        title: json.text("title")?,
        employee_number: json.text("employee_number")?,
        usable: json.bool("usable")?,
        company: json.parsed("company"),
        company_name: json.text("company_name"),
        role: json.maybe("role")?,
        language: json.maybe("language")?,
        addresses: json.all("addresses")?,
        version: json.number("version")?,
        invited_at: json.number("invited_at"),
    });
    Address: json => Some(Self {
        channel: json.maybe("channel")?,
        value: json.text("value")?,
        state: json.maybe("state")?,
        on: json.bool("on")?,
        last_ok_at: json.number("last_ok_at"),
    });
    Company: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        members: json.count("members")?,
    });
    KindInfo: json => Some(Self {
        code: json.text("code")?,
        app: json.text("app")?,
        name_ja: json.text("name_ja")?,
        name_en: json.text("name_en")?,
        urgency: json.maybe("urgency")?,
        mandatory: json.bool("mandatory")?,
        custom: json.bool("custom")?,
        off: json.all("off")?,
        icon: json.text("icon").unwrap_or_default(),
        archived: json.bool("archived").unwrap_or_default(),
        locked: json.bool("locked").unwrap_or_default(),
        differs: json.all("differs")?,
    });
    KeyInfo: json => Some(Self {
        id: json.parsed("id")?,
        name: json.text("name")?,
        hint: json.text("hint")?,
        scopes: json.all("scopes")?,
        created_at: json.number("created_at")?,
        revoked_at: json.number("revoked_at"),
    });
    NewKey: json => Some(Self { key: json.text("key")?, info: json.maybe("info")? });
    Scope: json => word(json);
}

fn settings(provider: Provider, json: &Json) -> Option<IntegrationSettings> {
    let text = |name| json.text(name);
    let via = json.get("via").str().unwrap_or_default();
    Some(match provider {
        Provider::Lineworks => IntegrationSettings::Lineworks {
            client_id: text("client_id")?,
            service_account: text("service_account")?,
            domain_id: text("domain_id")?,
            bot_admin: text("bot_admin")?,
            bot_subadmin: text("bot_subadmin")?,
            bot_name: text("bot_name")?,
            bot_id: json.number("bot_id"),
        },
        Provider::LineworksV1 => IntegrationSettings::LineworksV1 {
            via: if via == "fixed_token" { V1Via::FixedToken } else { V1Via::ServerId },
            server_id: text("server_id")?,
            domain_id: text("domain_id")?,
            bot_admin: text("bot_admin")?,
            bot_name: text("bot_name")?,
            bot_no: json.number("bot_no"),
        },
        Provider::Line => IntegrationSettings::Line {
            login_channel_id: text("login_channel_id")?,
            via: if via == "key" { LineVia::Key } else { LineVia::Token },
            messaging_channel_id: text("messaging_channel_id")?,
            kid: text("kid")?,
            friend_url: text("friend_url"),
            basic_id: text("basic_id"),
            display_name: text("display_name"),
            login_callback_url: text("login_callback_url")?,
        },
        Provider::Slack => IntegrationSettings::Slack {
            via: if via == "install" { SlackVia::Install } else { SlackVia::Token },
            client_id: text("client_id")?,
            team_name: text("team_name")?,
            team_id: text("team_id")?,
            bot_user_id: text("bot_user_id")?,
            installed: json.bool("installed")?,
            redirect_url: text("redirect_url")?,
        },
        Provider::GoogleChat => IntegrationSettings::GoogleChat {
            webhooks: json.bool("webhooks")?,
            client_email: text("client_email"),
            audience: match json.get("audience").str()? {
                "project_number" => ChatAudience::ProjectNumber,
                _ => ChatAudience::EndpointUrl,
            },
            project_number: text("project_number")?,
        },
        Provider::Mail => IntegrationSettings::Mail {
            via: if via == "resend" { MailVia::Resend } else { MailVia::Smtp },
            from_address: text("from_address")?,
            from_name: text("from_name")?,
            reply_to: text("reply_to")?,
            host: text("host")?,
            port: json.number("port")?.try_into().ok()?,
            security: match json.get("security").str()? {
                "tls" => SmtpSecurity::Tls,
                "plain" => SmtpSecurity::Plain,
                _ => SmtpSecurity::Starttls,
            },
            user: text("user")?,
        },
        Provider::WebPush => IntegrationSettings::WebPush { public_key: text("public_key")? },
    })
}

/// The body of a request.
pub(crate) trait Body {
    fn body(&self) -> String;
}

impl Body for IntegrationRequest {
    fn body(&self) -> String {
        use super::integrations::{choices::words, fields::texts};
        let mut form: Vec<(&str, Out<'_>)> =
            texts(self).into_iter().map(|(name, text)| (name, Out::Text(text))).collect();
        form.extend(words(self));
        let provider = match self {
            Self::Lineworks(_) => Provider::Lineworks,
            Self::LineworksV1(_) => Provider::LineworksV1,
            Self::Line(_) => Provider::Line,
            Self::Slack(_) => Provider::Slack,
            Self::GoogleChat(_) => Provider::GoogleChat,
            Self::Mail(_) => Provider::Mail,
        };
        let form = json::object(&form);
        json::object(&[("provider", Out::Text(provider.code())), ("form", Out::Json(&form))])
    }
}

impl Body for SecretRequest {
    fn body(&self) -> String {
        let given =
            super::integrations::secrets::texts(self).into_iter().filter(|(_, text)| !text.is_empty());
        json::object(&given.map(|(name, text)| (name, Out::Text(text))).collect::<Vec<_>>())
    }
}

impl Body for MemberForm {
    fn body(&self) -> String {
        let mut fields = vec![
            ("name", Out::Text(&self.name)),
            ("reading", Out::Text(&self.reading)),
            ("login_email", Out::Text(&self.login_email)),
            ("notification_email", Out::Text(&self.notification_email)),
            ("department", Out::Text(&self.department)),
            ("title", Out::Text(&self.title)),
            ("employee_number", Out::Text(&self.employee_number)),
            ("usable", Out::Bool(self.usable)),
            ("company", Out::Text(&self.company)),
            ("lineworks_id", Out::Text(&self.lineworks_id)),
            ("slack_id", Out::Text(&self.slack_id)),
            ("role", Out::Text(self.role.code())),
            ("language", Out::Text(self.language.tag())),
        ];
        fields.extend(self.version.map(|version| ("version", Out::Number(version))));
        json::object(&fields)
    }
}

impl Body for KeyRequest {
    fn body(&self) -> String {
        use super::settings::keys_model::scope_code;
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope_code(*scope)).collect();
        json::object(&[("name", Out::Text(&self.name)), ("scopes", Out::Texts(&scopes))])
    }
}

#[cfg(test)]
mod tests;
