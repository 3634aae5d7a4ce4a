//! 連携: trying, saving, replacing and deleting a connection. Saving makes the bot; deleting takes it away.

mod establish;
mod forms;
mod health;
mod install;
mod matching;
mod quota;
mod rooms;
mod shown;

use std::rc::Rc;

use shared::{
    api::integrations::{
        CheckResult, Consequences, Integration, IntegrationRequest, IntegrationState, SecretRequest,
    },
    check::{CheckStep, all_passed},
    delivery::{Cause, CauseCode},
    error::{Code, Error},
    id::IntegrationId,
    lang::Lang,
    time::MINUTE,
};

use crate::{
    clients::{Client, IntegrationRow},
    hub::Hub,
    providers::mail::{self, MailSecret},
    refusal::Refusal,
    sessions::Caller,
    store,
};
use forms::Parts;

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
        let parts = self.parts(request)?;
        let client = self.build_client(parts.provider, parts.settings, &parts.secret, None)?;
        Ok(CheckResult { steps: self.check(&client).await })
    }

    /// `POST /api/integrations/{id}/check`: tries what is saved.
    pub(crate) async fn check_saved(&self, id: &str) -> Result<CheckResult, Refusal> {
        let client = self.client(id).await?.ok_or(Code::NotFound)?;
        let mut steps = self.check(&client).await;
        if all_passed(&steps) {
            self.set_state(id, IntegrationState::Ready, None)?;
            // Notices go without them.
            steps.extend(self.check_calendar_of(id, &client).await?);
        }
        Ok(CheckResult { steps })
    }

    /// `POST /api/integrations`: see `establish`.
    pub(crate) async fn connect(
        self: &Rc<Self>,
        caller: &Caller,
        request: IntegrationRequest,
        lang: Lang,
    ) -> Result<Integration, Refusal> {
        let id = IntegrationId::new(self.now(), self.random());
        let mut parts = self.parts(request)?;
        self.establish(&id, &mut parts, lang).await?;
        let Parts { provider, settings, secret } = parts;
        let settings = settings.to_string();
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
        request: SecretRequest,
    ) -> Result<Integration, Refusal> {
        let row = self.integration_row(id)?.ok_or(Code::NotFound)?;
        let kv = &*self.ports.kv;
        let stored = self.vault.get_secret(kv, &row.id, row.secret_version).await?.ok_or(Code::Busy)?;
        let kept = Parts { provider: row.provider, settings: row.settings.clone(), secret: stored };
        let (parts, changed) = self.replaced(&kept, request)?;
        self.keep_version(caller, &row, &parts, "integration.secret_replaced", &changed).await?;
        self.shown_by_id(id)
    }

    /// Keeps `parts` as the next version of `row`, which works from now on. Errors: `changed_meanwhile`.
    async fn keep_version(
        self: &Rc<Self>,
        caller: &Caller,
        row: &IntegrationRow,
        parts: &Parts,
        action: &str,
        detail: &str,
    ) -> Result<(), Refusal> {
        let kv = &*self.ports.kv;
        let (id, settings) = (row.id.as_str(), parts.settings.to_string());
        let version = self.reserve_version(id)?;
        self.vault.put_secret(kv, &*self.ports.random, &row.id, version, &parts.secret).await?;
        let now = self.now();
        let mut updated = 0;
        self.ports.sql.atomically(&mut || {
            updated = self.ports.sql.exec(
                "UPDATE integrations SET settings = ?2, secret_version = ?3, secret_set_at = ?4, state = 'ready', cause = NULL, state_since = ?4 \
                 WHERE id = ?1 AND secret_version = ?5",
                &[id.into(), settings.as_str().into(), i64::from(version).into(), now.into(), i64::from(row.secret_version).into()],
            )?;
            self.audit(caller, action, id, detail)
        })?;
        self.cache.integrations_changed();
        if updated == 0 {
            return Err(Code::ChangedMeanwhile.into());
        }
        self.forget_client(id);
        self.vault.delete(kv, &row.id, row.secret_version).await?;
        self.dispatcher.forget_queue();
        Ok(())
    }

    /// The number of the next secret, written down before the secret itself: after a crash between the two, the
    /// next one has another number, and no stale read can serve the lost one.
    fn reserve_version(&self, id: &str) -> Result<u32, Refusal> {
        let reserved = self.ports.sql.texts(
            "UPDATE integrations SET secret_reserved = max(coalesce(secret_reserved, 0), secret_version) + 1 WHERE id = ?1 RETURNING secret_reserved",
            &[id.into()],
        )?;
        reserved.first().and_then(|version| version.parse().ok()).ok_or_else(|| Code::NotFound.into())
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
            companies: count(
                "SELECT count(*) FROM company_rooms WHERE ?2 = ?2 \
                 AND room IN (SELECT id FROM rooms WHERE integration = ?1)",
            )?,
            waiting: count(
                "SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL AND integration = ?1 AND ?2 = ?2",
            )?,
        })
    }

    /// Whether `given` is what the admin calls the integration: deleting it asks for that. Errors: `not_found`,
    /// `required`, `wrong_confirmation`.
    pub(crate) fn confirm_integration(&self, id: &str, given: Option<&str>) -> Result<(), Refusal> {
        let integration = self.shown_by_id(id)?;
        match given {
            Some(given) if given == integration.name() => Ok(()),
            Some(_) => Err(Error::field(Code::WrongConfirmation, "confirm").into()),
            None => Err(Error::field(Code::Required, "confirm").into()),
        }
    }

    /// `DELETE /api/integrations/{id}?confirm=`: the bot at the provider, then everything under it. A provider that
    /// cannot be reached stops the deletion; one that no longer knows us does not.
    pub(crate) async fn disconnect(self: &Rc<Self>, caller: &Caller, id: &str) -> Result<(), Refusal> {
        let row = self.integration_row(id)?.ok_or(Code::NotFound)?;
        if let Ok(Some(client)) = self.client(id).await
            && let Err(cause) = self.take_away(&client, &row).await
        {
            let lost = matches!(
                cause.code,
                CauseCode::Credentials
                    | CauseCode::PermissionMissing
                    | CauseCode::BotMissing
                    | CauseCode::UnknownRecipient
            );
            if !lost {
                return Err(Error::new(Code::ProviderDown).found(cause.detail).into());
            }
        }
        // Lost ones of crashed replacements too.
        let reserved = self.reserve_version(id)?;
        let now = self.now();
        let channel = row.provider.channel();
        let others = self
            .integration_rows()?
            .iter()
            .any(|other| other.id != row.id && other.provider.channel() == channel);
        let cause = serde_json::to_string(&Cause::new(CauseCode::IntegrationMissing, ""))?;
        // For what is forgotten afterwards.
        self.arm(now + MINUTE).await?;
        self.ports.sql.atomically(&mut || {
            let sql = &*self.ports.sql;
            sql.exec(
                "UPDATE deliveries SET state = 'cancelled', due_at = NULL, lease_until = NULL, done_at = ?2, cause = ?3 \
                 WHERE due_at IS NOT NULL AND integration = ?1",
                &[id.into(), now.into(), cause.as_str().into()],
            )?;
            sql.exec("DELETE FROM integrations WHERE id = ?1", &[id.into()])?;
            // Mail addresses are the people's own; an ID at a messenger means nothing without its integration.
            if channel != shared::channel::Channel::Email && !others {
                self.forget_grants_of(channel)?;
                sql.exec("DELETE FROM addresses WHERE channel = ?1", &[channel.code().into()])?;
            }
            self.audit(caller, "integration.deleted", id, row.provider.code())
        })?;
        self.cache.integrations_changed();
        self.forget_client(id);
        self.dispatcher.forget_queue();
        self.errand_waits();
        for version in 1..=reserved {
            self.vault.delete(&*self.ports.kv, &row.id, version).await?;
        }
        Ok(())
    }

    async fn check(&self, client: &Client) -> Vec<CheckStep> {
        match client {
            Client::Lineworks(bot) => bot.client.check().await,
            Client::LineworksV1(bot) => bot.client.check().await,
            Client::Line(account) => account.client.check().await,
            Client::Slack(app) => app.client.check().await,
            Client::GoogleChat(chat) => match &chat.app {
                Some(app) => app.check().await,
                // Each member's webhook is tried when it is given.
                None => Vec::new(),
            },
            Client::Mail(account) => match (
                &account.secret,
                account.settings.smtp_account(&account.secret, self.config.development),
            ) {
                (_, Some(smtp)) => {
                    mail::smtp::check(&*self.ports.tcp, &smtp, &account.settings.from_address).await
                }
                (MailSecret::ApiKey(key), None) => {
                    mail::resend::check(&*self.ports.http, &self.config.endpoints.resend, key).await
                }
                (MailSecret::Password(_), None) => Vec::new(),
            },
            // Every device has a push service of its own, which is asked when a notice goes there.
            Client::WebPush(_) => Vec::new(),
        }
    }

    /// Deletes what saving made at the provider.
    async fn take_away(&self, client: &Client, row: &IntegrationRow) -> Result<(), Cause> {
        let number = |name: &str| row.settings.get(name).and_then(serde_json::Value::as_i64);
        match client {
            Client::Lineworks(bot) => match number("bot_id") {
                Some(id) => bot.client.delete_bot(id).await.map(drop).map_err(|error| error.cause()),
                None => Ok(()),
            },
            Client::LineworksV1(bot) => match number("bot_no") {
                Some(id) => bot.client.delete_bot(id).await.map(drop).map_err(|error| error.cause()),
                None => Ok(()),
            },
            // Apps and accounts are the admin's own; nothing was made there.
            Client::Line(_)
            | Client::Slack(_)
            | Client::GoogleChat(_)
            | Client::Mail(_)
            | Client::WebPush(_) => Ok(()),
        }
    }
}

/// IDs at a messenger go with its last integration; mail addresses stay.
const MEMBERS_UNDER: &str = "SELECT count(*) FROM addresses WHERE channel = ?2 AND ?2 <> 'email' AND ?1 = ?1 \
     AND (SELECT count(*) FROM integrations WHERE id <> ?1 AND CASE provider WHEN 'mail' THEN 'email' WHEN 'lineworks_v1' THEN 'lineworks' ELSE provider END = ?2) = 0";
