//! An integration as the console sees it: nothing secret.

use shared::{
    api::integrations::{Integration, IntegrationSettings, Provider},
    error::Code,
    integration::ChatAudience,
};

use crate::{
    clients::IntegrationRow,
    hub::Hub,
    providers::{
        google_chat::GoogleChatSettings, line::LineSettings, lineworks::LineworksSettings,
        lineworks_v1::LineworksV1Settings, mail::MailSettings, slack::SlackSettings,
        web_push::WebPushSettings,
    },
    refusal::Refusal,
};

impl Hub {
    pub(super) fn shown_by_id(&self, id: &str) -> Result<Integration, Refusal> {
        self.integrations()?
            .into_iter()
            .find(|one| one.id.as_str() == id)
            .ok_or_else(|| Code::NotFound.into())
    }

    pub(super) fn shown(&self, row: IntegrationRow, is_default: bool) -> Result<Integration, Refusal> {
        let called_back = match row.provider {
            Provider::Mail | Provider::WebPush => None,
            Provider::GoogleChat => row.settings.get("app").filter(|app| !app.is_null()).map(|_| ()),
            Provider::Lineworks | Provider::LineworksV1 | Provider::Line | Provider::Slack => Some(()),
        };
        Ok(Integration {
            callback_url: called_back.map(|()| self.callback_url(row.provider, &row.id)),
            settings: self.shown_settings(row.provider, row.settings)?,
            calendar: self.calendar_shown(row.provider, row.id.as_str())?,
            id: row.id,
            provider: row.provider,
            state: row.state,
            cause: row.cause,
            state_since: row.state_since,
            last_ok_at: row.last_ok_at,
            secret_set_at: row.secret_set_at,
            is_default,
        })
    }

    /// Where a person's browser comes back to after a login at the provider.
    pub(crate) fn redirect_url(&self, provider: Provider) -> String {
        format!("{}/auth/callback/{}", self.config.public_url, provider.code())
    }

    fn shown_settings(
        &self,
        provider: Provider,
        settings: serde_json::Value,
    ) -> Result<IntegrationSettings, Refusal> {
        Ok(match provider {
            Provider::Lineworks => {
                let settings: LineworksSettings = serde_json::from_value(settings)?;
                IntegrationSettings::Lineworks {
                    client_id: settings.client_id,
                    service_account: settings.service_account,
                    domain_id: settings.domain_id.to_string(),
                    bot_admin: settings.bot_admin,
                    bot_subadmin: settings.bot_subadmin,
                    bot_name: settings.bot_name,
                    bot_id: settings.bot_id,
                }
            }
            Provider::LineworksV1 => {
                let settings: LineworksV1Settings = serde_json::from_value(settings)?;
                IntegrationSettings::LineworksV1 {
                    via: if settings.server_id.is_empty() {
                        shared::integration::V1Via::FixedToken
                    } else {
                        shared::integration::V1Via::ServerId
                    },
                    server_id: settings.server_id,
                    domain_id: settings.domain_id.to_string(),
                    bot_admin: settings.bot_admin,
                    bot_name: settings.bot_name,
                    bot_no: settings.bot_no,
                }
            }
            Provider::Line => {
                let settings: LineSettings = serde_json::from_value(settings)?;
                IntegrationSettings::Line {
                    friend_url: settings.friend_url(&self.config.endpoints.line),
                    login_channel_id: settings.login_channel_id,
                    via: settings.via,
                    messaging_channel_id: settings.messaging_channel_id,
                    kid: settings.kid,
                    basic_id: settings.basic_id,
                    display_name: settings.display_name,
                    login_callback_url: self.redirect_url(provider),
                }
            }
            Provider::Slack => {
                let settings: SlackSettings = serde_json::from_value(settings)?;
                IntegrationSettings::Slack {
                    via: settings.via,
                    client_id: settings.client_id,
                    team_name: settings.team_name,
                    installed: !settings.team_id.is_empty(),
                    team_id: settings.team_id,
                    bot_user_id: settings.bot_user_id,
                    redirect_url: self.redirect_url(provider),
                }
            }
            Provider::GoogleChat => {
                let settings: GoogleChatSettings = serde_json::from_value(settings)?;
                let app = settings.app;
                IntegrationSettings::GoogleChat {
                    webhooks: settings.webhooks,
                    client_email: app.as_ref().map(|app| app.client_email.clone()),
                    audience: app.as_ref().map_or(ChatAudience::EndpointUrl, |app| app.audience),
                    project_number: app.map(|app| app.project_number).unwrap_or_default(),
                }
            }
            Provider::Mail => {
                let settings: MailSettings = serde_json::from_value(settings)?;
                let server = settings.server;
                IntegrationSettings::Mail {
                    via: settings.via,
                    from_address: settings.from_address,
                    from_name: settings.from_name,
                    reply_to: settings.reply_to.unwrap_or_default(),
                    host: server.as_ref().map(|server| server.host.clone()).unwrap_or_default(),
                    port: server.as_ref().map(|server| server.port).unwrap_or_default(),
                    security: server.as_ref().map(|server| server.security).unwrap_or_default(),
                    user: server.map(|server| server.user).unwrap_or_default(),
                }
            }
            Provider::WebPush => {
                let settings: WebPushSettings = serde_json::from_value(settings)?;
                IntegrationSettings::WebPush { public_key: settings.public_key }
            }
        })
    }
}
