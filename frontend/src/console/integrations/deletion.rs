//! What tells integrations apart, and what they still lack.

use shared::{api::integrations::IntegrationSettings, integration::MailVia};

/// What tells connections of one service apart: 「mail.minato.example:587」, 「@todoke」.
#[must_use]
pub fn way_of(settings: &IntegrationSettings) -> Option<String> {
    match settings {
        IntegrationSettings::Mail { via: MailVia::Resend, .. } => Some("Resend".to_owned()),
        IntegrationSettings::Mail { host, port, .. } => Some(format!("{host}:{port}")),
        IntegrationSettings::Line { basic_id, .. } => basic_id.clone(),
        IntegrationSettings::Lineworks { .. }
        | IntegrationSettings::LineworksV1 { .. }
        | IntegrationSettings::Slack { .. }
        | IntegrationSettings::GoogleChat { .. }
        | IntegrationSettings::WebPush { .. } => None,
    }
}

/// Saved, but without the token that comes with 「Slackに追加」.
#[must_use]
pub const fn needs_install(settings: &IntegrationSettings) -> bool {
    matches!(settings, IntegrationSettings::Slack { installed: false, .. })
}

#[cfg(test)]
mod tests {
    use shared::{
        api::integrations::{Integration, IntegrationState, Provider},
        id::IntegrationId,
        integration::{ChatAudience, SlackVia},
    };

    use super::*;

    #[test]
    fn every_connection_has_a_name_to_type() {
        let one = |provider, settings| Integration {
            id: IntegrationId::new(1, [0; 10]),
            provider,
            state: IntegrationState::Ready,
            cause: None,
            state_since: 0,
            last_ok_at: None,
            secret_set_at: 0,
            settings,
            callback_url: None,
            is_default: false,
            calendar: None,
        };
        let chat = |client_email: Option<&str>| IntegrationSettings::GoogleChat {
            webhooks: true,
            client_email: client_email.map(Into::into),
            audience: ChatAudience::EndpointUrl,
            project_number: String::new(),
        };
        let slack = IntegrationSettings::Slack {
            via: SlackVia::Install,
            client_id: String::new(),
            team_name: String::new(),
            team_id: String::new(),
            bot_user_id: String::new(),
            installed: false,
            redirect_url: String::new(),
        };
        assert!(needs_install(&slack));
        assert_eq!(one(Provider::Slack, slack).name(), "Slack");
        assert_eq!(one(Provider::GoogleChat, chat(None)).name(), "Google Chat");
        assert_eq!(one(Provider::GoogleChat, chat(Some("a@b.iam"))).name(), "a@b.iam");
    }
}
