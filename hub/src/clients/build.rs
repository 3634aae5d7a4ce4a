//! Making a provider's client of what the store and the vault keep, or of a form that is not saved yet.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use shared::{api::integrations::Provider, id::IntegrationId};

use super::{Client, GoogleChat, Line, Lineworks, LineworksV1, MailAccount, Slack};
use crate::{
    hub::Hub,
    providers::{
        google_chat,
        line::{self, Kept, TokenCache},
        lineworks, lineworks_v1, slack, web_push,
    },
    refusal::Refusal,
};

impl Hub {
    /// `kept` is `None` for a form that is not saved: tokens then stay in memory.
    pub(crate) fn build_client(
        &self,
        provider: Provider,
        settings: serde_json::Value,
        secret: &[u8],
        kept: Option<(&IntegrationId, u32)>,
    ) -> Result<Client, Refusal> {
        let (ports, endpoints) = (&self.ports, &self.config.endpoints);
        let kept = kept.map(|(integration, version)| Kept {
            vault: self.vault.clone(),
            integration: integration.clone(),
            version,
            purpose: "",
        });
        let tokens = Rc::<TokenCache>::default();
        Ok(match provider {
            Provider::Lineworks => {
                let secret: lineworks::LineworksSecret = read(secret)?;
                let bot_secret = secret.bot_secret.clone();
                let settings = serde_json::from_value(settings)?;
                let client = lineworks::Client::new(
                    ports,
                    endpoints.lineworks.clone(),
                    settings,
                    secret,
                    tokens,
                    kept,
                );
                let calendars = client.for_calendars();
                Client::Lineworks(Rc::new(Lineworks { client, calendars, bot_secret }))
            }
            Provider::LineworksV1 => {
                let secret: lineworks_v1::LineworksV1Secret = read(secret)?;
                let api_id = secret.api_id.clone();
                let settings = serde_json::from_value(settings)?;
                let client = lineworks_v1::Client::new(
                    ports,
                    endpoints.lineworks_v1.clone(),
                    settings,
                    secret,
                    tokens,
                    kept,
                );
                Client::LineworksV1(Rc::new(LineworksV1 { client, api_id }))
            }
            Provider::Line => {
                let secret: line::LineSecret = read(secret)?;
                let channel_secret = secret.channel_secret.clone();
                let settings: line::LineSettings = serde_json::from_value(settings)?;
                let client =
                    line::Client::new(ports, endpoints.line.clone(), settings.clone(), secret, tokens, kept);
                Client::Line(Rc::new(Line { client, settings, channel_secret }))
            }
            Provider::Slack => {
                let secret: slack::SlackSecret = read(secret)?;
                let signing_secret = secret.signing_secret.clone();
                let settings: slack::SlackSettings = serde_json::from_value(settings)?;
                let client = slack::Client::new(ports, endpoints.slack.clone(), settings.clone(), secret);
                Client::Slack(Rc::new(Slack { client, settings, signing_secret }))
            }
            Provider::GoogleChat => {
                let secret: google_chat::GoogleChatSecret = read(secret)?;
                let settings: google_chat::GoogleChatSettings = serde_json::from_value(settings)?;
                let app = settings.app.is_some().then(|| {
                    google_chat::Client::new(
                        ports,
                        endpoints.google_chat.clone(),
                        settings.clone(),
                        secret,
                        tokens,
                        kept,
                    )
                });
                Client::GoogleChat(Rc::new(GoogleChat { app, settings }))
            }
            Provider::Mail => Client::Mail(Rc::new(MailAccount {
                settings: serde_json::from_value(settings)?,
                secret: read(secret)?,
            })),
            Provider::WebPush => Client::WebPush(Rc::new(web_push::Client::new(
                ports,
                endpoints.web_push.clone(),
                &self.config.public_url,
                serde_json::from_value(settings)?,
                &read(secret)?,
            ))),
        })
    }
}

fn read<T: DeserializeOwned>(secret: &[u8]) -> Result<T, Refusal> {
    Ok(serde_json::from_slice(secret)?)
}
