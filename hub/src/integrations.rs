//! 連携: trying, saving, replacing and deleting a connection. Saving makes the bot; deleting takes it away.

mod health;
mod matching;
mod rooms;

use std::rc::Rc;

use shared::{
    api::integrations::{
        CheckResult, Consequences, Integration, IntegrationRequest, IntegrationSettings, IntegrationState,
        Provider, SecretRequest,
    },
    check::all_passed,
    delivery::{Cause, CauseCode},
    error::{Code, Error},
    id::IntegrationId,
    integration::{LineworksForm, MailForm},
    lang::Lang,
};

use crate::{
    clients::{Client, IntegrationRow, Lineworks},
    hub::Hub,
    providers::{
        lineworks::{self, CallError, LineworksSecret, LineworksSettings, NewBot},
        mail::{self, MailSecret, MailSettings},
    },
    refusal::Refusal,
    sessions::Caller,
    store,
};

impl Hub {
    /// `GET /api/integrations`: oldest first.
    pub(crate) fn integrations(&self) -> Result<Vec<Integration>, Refusal> {
        let default = self.connected_channels()?;
        self.integration_rows()?
            .iter()
            .map(|row| {
                let is_default = default.iter().any(|(_, id)| *id == row.id);
                self.shown(row.clone(), is_default)
            })
            .collect()
    }

    /// `POST /api/integrations/check`: tries a form without saving anything.
    pub(crate) async fn check_connection(&self, request: IntegrationRequest) -> Result<CheckResult, Refusal> {
        let client = match request {
            IntegrationRequest::Lineworks(form) => {
                let (settings, secret) = lineworks_parts(form)?;
                Client::Lineworks(Rc::new(Lineworks {
                    client: self.lineworks_unsaved(settings, secret),
                    bot_secret: None,
                }))
            }
            IntegrationRequest::Mail(form) => {
                let (settings, secret) = self.mail_parts(form)?;
                Client::Mail(Rc::new(crate::clients::MailAccount { settings, secret }))
            }
        };
        Ok(CheckResult { steps: self.check(&client).await })
    }

    /// `POST /api/integrations/{id}/check`: tries what is saved.
    pub(crate) async fn check_saved(&self, id: &str) -> Result<CheckResult, Refusal> {
        let client = self.client(id).await?.ok_or(Code::NotFound)?;
        let steps = self.check(&client).await;
        if all_passed(&steps) {
            self.set_state(id, IntegrationState::Ready, None)?;
        }
        Ok(CheckResult { steps })
    }

    /// `POST /api/integrations`: for LINE WORKS makes, registers and publishes the bot first, so that what is
    /// saved works; when a step fails, the bot is taken away again and nothing is saved.
    pub(crate) async fn connect(
        self: &Rc<Self>,
        caller: &Caller,
        request: IntegrationRequest,
        lang: Lang,
    ) -> Result<Integration, Refusal> {
        let id = IntegrationId::new(self.now(), self.random());
        let (provider, settings, secret) = match request {
            IntegrationRequest::Lineworks(form) => {
                let (settings, secret) = lineworks_parts(form)?;
                let (settings, secret) = self.make_bot(&id, settings, secret, lang).await?;
                (Provider::Lineworks, serde_json::to_string(&settings)?, serde_json::to_vec(&secret)?)
            }
            IntegrationRequest::Mail(form) => {
                let (settings, secret) = self.mail_parts(form)?;
                (Provider::Mail, serde_json::to_string(&settings)?, serde_json::to_vec(&secret)?)
            }
        };
        self.vault.put_secret(&*self.ports.kv, &*self.ports.random, &id, 1, &secret).await?;
        let now = self.now();
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "INSERT INTO integrations (id, provider, settings, secret_version, secret_set_at, state, state_since, created_at) \
                 VALUES (?1, ?2, ?3, 1, ?4, 'ready', ?4, ?4)",
                &[id.as_str().into(), provider.code().into(), settings.as_str().into(), now.into()],
            )?;
            self.audit(caller, "integration.connected", id.as_str(), provider.code())
        })?;
        self.cache.integrations_changed();
        self.shown_by_id(id.as_str())
    }

    /// `PUT /api/integrations/{id}/secret`: a new version; what is not given stays.
    pub(crate) async fn replace_secret(
        self: &Rc<Self>,
        caller: &Caller,
        id: &str,
        mut request: SecretRequest,
    ) -> Result<Integration, Refusal> {
        let row = self.integration_row(id)?.ok_or(Code::NotFound)?;
        let kv = &*self.ports.kv;
        let stored = self.vault.get_secret(kv, &row.id, row.secret_version).await?;
        let (settings, secret, changed) = match row.provider {
            Provider::Lineworks => {
                let mut settings: LineworksSettings = serde_json::from_value(row.settings)?;
                let mut secret: LineworksSecret = serde_json::from_slice(&stored.ok_or(Code::Busy)?)?;
                let mut form = LineworksForm {
                    client_id: settings.client_id.clone(),
                    client_secret: or(std::mem::take(&mut request.client_secret), &secret.client_secret),
                    service_account: or(
                        std::mem::take(&mut request.service_account),
                        &settings.service_account,
                    ),
                    private_key: or(std::mem::take(&mut request.private_key), &secret.private_key),
                    domain_id: settings.domain_id.to_string(),
                    bot_admin: settings.bot_admin.clone(),
                    bot_subadmin: settings.bot_subadmin.clone(),
                    bot_name: settings.bot_name.clone(),
                };
                form.clean();
                Refusal::unless_empty(form.problems())?;
                settings.service_account = form.service_account;
                let changed = "client_secret service_account private_key";
                secret = LineworksSecret {
                    client_secret: form.client_secret,
                    private_key: form.private_key,
                    bot_secret: secret.bot_secret,
                };
                (serde_json::to_string(&settings)?, serde_json::to_vec(&secret)?, changed)
            }
            Provider::Mail => {
                let settings: MailSettings = serde_json::from_value(row.settings)?;
                let (field, value) = match settings.server {
                    Some(_) => ("password", request.password.trim().to_owned()),
                    None => ("api_key", request.api_key.split_whitespace().collect()),
                };
                if value.is_empty() {
                    return Err(Error::field(Code::Required, field).into());
                }
                let secret =
                    if field == "password" { MailSecret::Password(value) } else { MailSecret::ApiKey(value) };
                (serde_json::to_string(&settings)?, serde_json::to_vec(&secret)?, field)
            }
        };
        let version = row.secret_version + 1;
        self.vault.put_secret(kv, &*self.ports.random, &row.id, version, &secret).await?;
        let now = self.now();
        let mut updated = 0;
        self.ports.sql.atomically(&mut || {
            updated = self.ports.sql.exec(
                "UPDATE integrations SET settings = ?2, secret_version = ?3, secret_set_at = ?4, state = 'ready', cause = NULL, state_since = ?4 \
                 WHERE id = ?1 AND secret_version = ?5",
                &[id.into(), settings.as_str().into(), i64::from(version).into(), now.into(), i64::from(row.secret_version).into()],
            )?;
            self.audit(caller, "integration.secret_replaced", id, changed)
        })?;
        self.cache.integrations_changed();
        if updated == 0 {
            return Err(Code::ChangedMeanwhile.into());
        }
        self.forget_client(id);
        self.vault.delete(kv, &row.id, row.secret_version).await?;
        self.dispatcher.forget_queue();
        self.shown_by_id(id)
    }

    /// What goes with an integration.
    pub(crate) fn consequences(&self, id: &str) -> Result<Consequences, Refusal> {
        let row = self.integration_row(id)?.ok_or(Code::NotFound)?;
        let count = |query: &str| -> Result<u64, Refusal> {
            let number =
                store::number(&*self.ports.sql, query, &[id.into(), row.provider.channel().code().into()])?;
            Ok(u64::try_from(number).unwrap_or(0))
        };
        Ok(Consequences {
            members: count(MEMBERS_UNDER)?,
            rooms: count("SELECT count(*) FROM rooms WHERE integration = ?1 AND ?2 = ?2")?,
            waiting: count(
                "SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL AND integration = ?1 AND ?2 = ?2",
            )?,
        })
    }

    /// `DELETE /api/integrations/{id}`: the bot at the provider, then everything under it. A provider that
    /// cannot be reached stops the deletion; one that no longer knows us does not.
    pub(crate) async fn disconnect(self: &Rc<Self>, caller: &Caller, id: &str) -> Result<(), Refusal> {
        let row = self.integration_row(id)?.ok_or(Code::NotFound)?;
        if let Ok(Some(Client::Lineworks(bot))) = self.client(id).await
            && let Some(bot_id) = row.settings.get("bot_id").and_then(serde_json::Value::as_i64)
            && let Err(error) = bot.client.delete_bot(bot_id).await
        {
            let lost = matches!(
                error.cause().code,
                CauseCode::Credentials
                    | CauseCode::PermissionMissing
                    | CauseCode::BotMissing
                    | CauseCode::UnknownRecipient
            );
            if !lost {
                return Err(Error::new(Code::ProviderDown).found(error.cause().detail).into());
            }
        }
        let now = self.now();
        let channel = row.provider.channel();
        let cause = serde_json::to_string(&Cause::new(CauseCode::IntegrationMissing, ""))?;
        self.ports.sql.atomically(&mut || {
            let sql = &*self.ports.sql;
            sql.exec(
                "UPDATE deliveries SET state = 'cancelled', due_at = NULL, lease_until = NULL, done_at = ?2, cause = ?3 \
                 WHERE due_at IS NOT NULL AND integration = ?1",
                &[id.into(), now.into(), cause.as_str().into()],
            )?;
            sql.exec("DELETE FROM integrations WHERE id = ?1", &[id.into()])?;
            if channel == shared::channel::Channel::Lineworks {
                sql.exec(
                    "DELETE FROM addresses WHERE channel = ?1 AND NOT EXISTS (SELECT 1 FROM integrations WHERE provider = 'lineworks')",
                    &[channel.code().into()],
                )?;
            }
            self.audit(caller, "integration.deleted", id, row.provider.code())
        })?;
        self.cache.integrations_changed();
        self.forget_client(id);
        self.dispatcher.forget_queue();
        for version in 1..=row.secret_version {
            self.vault.delete(&*self.ports.kv, &row.id, version).await?;
        }
        Ok(())
    }

    async fn check(&self, client: &Client) -> Vec<shared::check::CheckStep> {
        match client {
            Client::Lineworks(bot) => bot.client.check().await,
            Client::Mail(account) => match (
                &account.secret,
                account.settings.smtp_account(&account.secret, self.config.development),
            ) {
                (_, Some(smtp)) => {
                    mail::smtp::check(&*self.ports.tcp, &smtp, &account.settings.from_address).await
                }
                (MailSecret::ApiKey(key), None) => {
                    mail::resend::check(&*self.ports.http, &self.config.resend_url, key).await
                }
                (MailSecret::Password(_), None) => Vec::new(),
            },
        }
    }

    /// Makes, registers and publishes the bot and learns its secret; takes it away again when a later step
    /// fails.
    async fn make_bot(
        &self,
        id: &IntegrationId,
        mut settings: LineworksSettings,
        mut secret: LineworksSecret,
        lang: Lang,
    ) -> Result<(LineworksSettings, LineworksSecret), Refusal> {
        let new = NewBot {
            name: settings.bot_name.clone(),
            description: "Todoke".into(),
            photo_url: format!("{}/bot.png", self.config.callback_url),
            callback_url: self.callback_url("lineworks", id),
        };
        let client = self.lineworks_unsaved(settings.clone(), secret.clone());
        let bot = client.create_bot(&new).await.map_err(|error| refused(&error, lang))?;
        let rest = async {
            client.register_domain(bot.bot_id).await?;
            client.reissue_secret(bot.bot_id).await
        };
        match rest.await {
            Ok(bot_secret) => {
                settings.bot_id = Some(bot.bot_id);
                secret.bot_secret = Some(bot_secret);
                Ok((settings, secret))
            }
            Err(error) => {
                if let Err(left) = client.delete_bot(bot.bot_id).await {
                    self.ports.log.line(&format!("bot {} is left over: {left}", bot.bot_id));
                }
                Err(refused(&error, lang))
            }
        }
    }

    fn lineworks_unsaved(&self, settings: LineworksSettings, secret: LineworksSecret) -> lineworks::Client {
        lineworks::Client::new(
            &self.ports,
            self.config.lineworks.clone(),
            settings,
            secret,
            Rc::default(),
            None,
        )
    }

    fn mail_parts(&self, mut form: MailForm) -> Result<(MailSettings, MailSecret), Refusal> {
        form.clean();
        let mut problems = form.problems();
        let plain = form.via == shared::integration::MailVia::Smtp
            && form.security == shared::integration::SmtpSecurity::Plain;
        if plain
            && !(self.config.development && matches!(form.host.as_str(), "127.0.0.1" | "localhost" | "::1"))
        {
            problems.push(Error::field(Code::PlainOnlyToLoopback, "security"));
        }
        Refusal::unless_empty(problems)?;
        Ok(mail::split(&form))
    }

    fn shown_by_id(&self, id: &str) -> Result<Integration, Refusal> {
        self.integrations()?
            .into_iter()
            .find(|one| one.id.as_str() == id)
            .ok_or_else(|| Code::NotFound.into())
    }

    fn shown(&self, row: IntegrationRow, is_default: bool) -> Result<Integration, Refusal> {
        let (settings, callback_url) = match row.provider {
            Provider::Lineworks => {
                let settings: LineworksSettings = serde_json::from_value(row.settings)?;
                let shown = IntegrationSettings::Lineworks {
                    client_id: settings.client_id,
                    service_account: settings.service_account,
                    domain_id: settings.domain_id.to_string(),
                    bot_admin: settings.bot_admin,
                    bot_subadmin: settings.bot_subadmin,
                    bot_name: settings.bot_name,
                    bot_id: settings.bot_id,
                };
                (shown, Some(self.callback_url("lineworks", &row.id)))
            }
            Provider::Mail => {
                let settings: MailSettings = serde_json::from_value(row.settings)?;
                let server = settings.server;
                let shown = IntegrationSettings::Mail {
                    via: settings.via,
                    from_address: settings.from_address,
                    from_name: settings.from_name,
                    reply_to: settings.reply_to.unwrap_or_default(),
                    host: server.as_ref().map(|server| server.host.clone()).unwrap_or_default(),
                    port: server.as_ref().map(|server| server.port).unwrap_or_default(),
                    security: server.as_ref().map(|server| server.security).unwrap_or_default(),
                    user: server.map(|server| server.user).unwrap_or_default(),
                };
                (shown, None)
            }
        };
        Ok(Integration {
            id: row.id,
            provider: row.provider,
            state: row.state,
            cause: row.cause,
            state_since: row.state_since,
            last_ok_at: row.last_ok_at,
            secret_set_at: row.secret_set_at,
            settings,
            callback_url,
            is_default,
        })
    }
}

fn lineworks_parts(mut form: LineworksForm) -> Result<(LineworksSettings, LineworksSecret), Refusal> {
    form.clean();
    Refusal::unless_empty(form.problems())?;
    Ok(lineworks::split(&form)?)
}

fn or(given: String, kept: &str) -> String {
    if given.trim().is_empty() { kept.to_owned() } else { given }
}

/// The provider's no, in words for the admin.
fn refused(error: &CallError, lang: Lang) -> Refusal {
    let cause = error.cause();
    let detail = if cause.detail.is_empty() { String::new() } else { format!(" {}", cause.detail) };
    Error::new(Code::ConnectionFailed).found(format!("{}{detail}", cause.code.sentence().get(lang))).into()
}

const MEMBERS_UNDER: &str =
    "SELECT count(*) FROM addresses WHERE channel = ?2 AND ?2 = 'lineworks' AND ?1 = ?1";
