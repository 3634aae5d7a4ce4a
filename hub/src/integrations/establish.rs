//! What saving does at the provider, so that what is saved works: bots are made, accounts asked for their
//! names, callback URLs set.

use shared::{
    api::integrations::Provider,
    delivery::Cause,
    error::{Code, Error},
    id::IntegrationId,
    integration::SlackVia,
    lang::Lang,
};

use super::forms::Parts;
use crate::{
    clients::Client,
    hub::Hub,
    providers::{
        line::{LineSecret, LineSettings},
        lineworks::{LineworksSecret, LineworksSettings, NewBot},
        lineworks_v1::{LineworksV1Secret, LineworksV1Settings},
        slack::{SlackSecret, SlackSettings},
    },
    refusal::Refusal,
};

impl Hub {
    /// Completes `parts` with what the provider tells. When a step fails, what was made is taken away again and
    /// nothing is saved.
    pub(super) async fn establish(
        &self,
        id: &IntegrationId,
        parts: &mut Parts,
        lang: Lang,
    ) -> Result<(), Refusal> {
        let client = self.build_client(parts.provider, parts.settings.clone(), &parts.secret, None)?;
        match &client {
            Client::Lineworks(bot) => {
                let (mut settings, mut secret): (LineworksSettings, LineworksSecret) = parts.read()?;
                let new = self.new_bot(id, parts.provider, &settings.bot_name);
                let made =
                    bot.client.create_bot(&new).await.map_err(|error| refused(&error.cause(), lang))?;
                let rest = async {
                    bot.client.register_domain(made.bot_id).await?;
                    bot.client.reissue_secret(made.bot_id).await
                };
                match rest.await {
                    Ok(bot_secret) => {
                        settings.bot_id = Some(made.bot_id);
                        secret.bot_secret = Some(bot_secret);
                    }
                    Err(error) => {
                        if let Err(left) = bot.client.delete_bot(made.bot_id).await {
                            self.ports.log.line(&format!("bot {} is left over: {left}", made.bot_id));
                        }
                        return Err(refused(&error.cause(), lang));
                    }
                }
                parts.write(&settings, &secret)
            }
            Client::LineworksV1(bot) => {
                let (mut settings, secret): (LineworksV1Settings, LineworksV1Secret) = parts.read()?;
                let new = self.new_bot(id, parts.provider, &settings.bot_name);
                let made =
                    bot.client.create_bot(&new).await.map_err(|error| refused(&error.cause(), lang))?;
                if let Err(error) = bot.client.register_domain(made).await {
                    if let Err(left) = bot.client.delete_bot(made).await {
                        self.ports.log.line(&format!("bot {made} is left over: {left}"));
                    }
                    return Err(refused(&error.cause(), lang));
                }
                settings.bot_no = Some(made);
                parts.write(&settings, &secret)
            }
            Client::Line(account) => {
                let (mut settings, secret): (LineSettings, LineSecret) = parts.read()?;
                let info = account.client.bot_info().await.map_err(|error| refused(&error.cause(), lang))?;
                account
                    .client
                    .set_webhook(&self.callback_url(Provider::Line, id))
                    .await
                    .map_err(|error| refused(&error.cause(), lang))?;
                settings.bot_user_id = Some(info.user_id);
                settings.basic_id = Some(info.basic_id);
                settings.display_name = Some(info.display_name);
                parts.write(&settings, &secret)
            }
            Client::Slack(app) => {
                let (mut settings, secret): (SlackSettings, SlackSecret) = parts.read()?;
                // An app that is installed by OAuth gets its token afterwards.
                if settings.via == SlackVia::Token {
                    let identity =
                        app.client.auth_test().await.map_err(|error| refused(&error.cause(), lang))?;
                    settings.learn(&identity);
                }
                parts.write(&settings, &secret)
            }
            Client::GoogleChat(chat) => {
                if let Some(app) = &chat.app {
                    app.spaces().await.map_err(|error| refused(&error.cause(), lang))?;
                }
                Ok(())
            }
            Client::Mail(_) | Client::WebPush(_) => Ok(()),
        }
    }

    fn new_bot(&self, id: &IntegrationId, provider: Provider, name: &str) -> NewBot {
        NewBot {
            name: name.to_owned(),
            description: "Todoke".into(),
            photo_url: format!("{}/bot.png", self.config.callback_url),
            callback_url: self.callback_url(provider, id),
        }
    }
}

/// The provider's no, in words for the admin.
pub(super) fn refused(cause: &Cause, lang: Lang) -> Refusal {
    let detail = if cause.detail.is_empty() { String::new() } else { format!(" {}", cause.detail) };
    Error::new(Code::ConnectionFailed).found(format!("{}{detail}", cause.code.sentence().get(lang))).into()
}
