//! Outgoing webhooks: what happened, told to other systems by Standard Webhooks 1.0.0 (doors.md §4). A message
//! is written in the burst of what it tells, and worked off by the dispatcher: see `outbox`.
//!
//! The secret lives where all secrets do, sealed, never in SQLite.

mod change;
mod outbox;
mod sign;
#[cfg(test)]
mod tests;
mod url;

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::webhooks::{
        NewWebhook, WebhookAttempt, WebhookEvent, WebhookInfo, WebhookMessage, WebhookRequest, WebhookState,
    },
    error::{Code, Error},
    id::{WebhookId, WebhookMessageId},
    time::{MINUTE, Millis},
};

use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

/// Every event is one message to each of them.
const MOST: i64 = 20;
const LISTED: i64 = 50;

impl Hub {
    /// All webhooks, newest first.
    pub(crate) fn list_webhooks(&self, caller: &Caller) -> Result<Vec<WebhookInfo>, Refusal> {
        caller.admin_member()?;
        store::rows(&*self.ports.sql, &format!("{WEBHOOK} ORDER BY id DESC"), &[])
    }

    /// One webhook. Errors: `not_found`.
    pub(crate) fn webhook_of(&self, caller: &Caller, id: &WebhookId) -> Result<WebhookInfo, Refusal> {
        caller.admin_member()?;
        self.webhook(id)
    }

    /// Makes a webhook. The secret is in the answer and nowhere else. Errors: `not_a_public_url`, `too_long`,
    /// `required`, `wrong_type`, `too_many`.
    pub(crate) async fn create_webhook(
        &self,
        caller: &Caller,
        request: &WebhookRequest,
    ) -> Result<NewWebhook, Refusal> {
        caller.admin_member()?;
        let (target, events) = self.read_webhook(request)?;
        let now = self.now();
        let (id, secret) = (WebhookId::new(now, self.random()), sign::secret(self.random()));
        let place = self.webhook_place(id.as_str(), 1);
        let sealed = self.vault.seal(&*self.ports.random, &place, secret.as_bytes())?;
        // The secret first: a webhook without one could never be told anything.
        self.ports.kv.put(&place, &sealed, None).await?;
        if store::number(&*self.ports.sql, "SELECT count(*) FROM webhooks", &[])? >= MOST {
            self.ports.kv.delete(&place).await?;
            return Err(Error::new(Code::TooMany).found(MOST.to_string()).into());
        }
        let codes = serde_json::to_string(&events)?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "INSERT INTO webhooks (id, url, events, created_at) VALUES (?1, ?2, ?3, ?4)",
                &[id.as_str().into(), target.as_str().into(), codes.as_str().into(), now.into()],
            )?;
            self.audit(caller, "webhook.created", id.as_str(), &codes)
        })?;
        Ok(NewWebhook { secret, info: self.webhook(&id)? })
    }

    /// Forgets a webhook, its secret and its messages. Errors: `not_found`.
    pub(crate) async fn delete_webhook(&self, caller: &Caller, id: &WebhookId) -> Result<(), Refusal> {
        caller.admin_member()?;
        self.webhook(id)?;
        let versions = self.webhook_versions(id.as_str())?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec("DELETE FROM webhooks WHERE id = ?1", &[id.as_str().into()])?;
            self.audit(caller, "webhook.deleted", id.as_str(), "")
        })?;
        self.forget_secrets(id.as_str(), &versions).await
    }

    /// Switches a webhook on again that answered 410. What it missed can be replayed. Errors: `not_found`.
    pub(crate) fn enable_webhook(&self, caller: &Caller, id: &WebhookId) -> Result<WebhookInfo, Refusal> {
        caller.admin_member()?;
        self.webhook(id)?;
        self.ports.sql.atomically(&mut || {
            let enabled = self.ports.sql.exec(
                "UPDATE webhooks SET disabled_at = NULL, pause_until = 0 WHERE id = ?1 AND disabled_at IS NOT NULL",
                &[id.as_str().into()],
            )?;
            if enabled > 0 {
                self.audit(caller, "webhook.enabled", id.as_str(), "")?;
            }
            Ok(())
        })?;
        self.webhook(id)
    }

    /// Sends a test message to one webhook. Errors: `not_found`, `cannot_resend` when it is switched off.
    pub(crate) async fn test_webhook(
        self: &Rc<Self>,
        caller: &Caller,
        id: &WebhookId,
    ) -> Result<WebhookMessage, Refusal> {
        caller.admin_member()?;
        self.arm(self.now() + MINUTE).await?;
        if self.webhook(id)?.disabled_at.is_some() {
            return Err(Code::CannotResend.into());
        }
        let message = self.write_message(id.as_str(), WebhookEvent::Test, &serde_json::json!({}))?;
        self.webhooks_wait();
        self.webhook_message(message.as_str())
    }

    /// The last messages to a webhook, newest first. Errors: `not_found`.
    pub(crate) fn list_webhook_messages(
        &self,
        caller: &Caller,
        id: &WebhookId,
    ) -> Result<Vec<WebhookMessage>, Refusal> {
        caller.admin_member()?;
        self.webhook(id)?;
        let query = format!("{MESSAGE} WHERE webhook = ?1 ORDER BY id DESC LIMIT {LISTED}");
        let rows: Vec<MessageRow> = store::rows(&*self.ports.sql, &query, &[id.as_str().into()])?;
        Ok(rows.into_iter().map(MessageRow::message).collect())
    }

    /// Sends a message again that was delivered or given up, under the same id: a receiver that has it already
    /// knows it. Errors: `not_found`, `cannot_resend` while it waits or the webhook is switched off.
    pub(crate) async fn replay_webhook_message(
        self: &Rc<Self>,
        caller: &Caller,
        id: &WebhookMessageId,
    ) -> Result<WebhookMessage, Refusal> {
        caller.admin_member()?;
        self.arm(self.now() + MINUTE).await?;
        self.webhook_message(id.as_str())?;
        let mut replayed = 0;
        self.ports.sql.atomically(&mut || {
            replayed = self.ports.sql.exec(
                "UPDATE webhook_messages SET state = 'waiting', due_at = ?2, tries = 0 WHERE id = ?1 AND due_at IS NULL \
                 AND webhook IN (SELECT id FROM webhooks WHERE disabled_at IS NULL)",
                &[id.as_str().into(), self.now().into()],
            )?;
            if replayed > 0 {
                self.audit(caller, "webhook.replayed", id.as_str(), "")?;
            }
            Ok(())
        })?;
        if replayed == 0 {
            return Err(Code::CannotResend.into());
        }
        self.webhooks_wait();
        self.webhook_message(id.as_str())
    }

    fn webhook(&self, id: &WebhookId) -> Result<WebhookInfo, Refusal> {
        store::row(&*self.ports.sql, &format!("{WEBHOOK} WHERE id = ?1"), &[id.as_str().into()])?
            .ok_or_else(|| Code::NotFound.into())
    }

    fn webhook_message(&self, id: &str) -> Result<WebhookMessage, Refusal> {
        let row: Option<MessageRow> =
            store::row(&*self.ports.sql, &format!("{MESSAGE} WHERE id = ?1"), &[id.into()])?;
        row.map(MessageRow::message).ok_or_else(|| Code::NotFound.into())
    }

    /// Where a secret is kept: rule 2 of ARCHITECTURE.md.
    fn webhook_place(&self, id: &str, version: i64) -> String {
        format!("secret/{}/{id}/{version}", self.config.workspace)
    }
}

const WEBHOOK: &str = "SELECT json_object('id', id, 'url', url, 'events', json(events), 'created_at', created_at, \
     'disabled_at', disabled_at, 'last_ok_at', last_ok_at, 'waiting', \
     (SELECT count(*) FROM webhook_messages m WHERE m.webhook = webhooks.id AND m.due_at IS NOT NULL), 'failed', \
     (SELECT count(*) FROM webhook_messages m WHERE m.webhook = webhooks.id AND m.state = 'failed'), \
     'old_secret_until', before_until) FROM webhooks";

const MESSAGE: &str = "SELECT json_object('id', id, 'type', type, 'state', state, 'created_at', created_at, \
     'due_at', due_at, 'tries', tries, 'attempts', json(attempts)) FROM webhook_messages";

#[derive(Deserialize)]
struct MessageRow {
    id: WebhookMessageId,
    #[serde(rename = "type")]
    event: WebhookEvent,
    state: WebhookState,
    created_at: Millis,
    due_at: Option<Millis>,
    tries: u32,
    attempts: Vec<WebhookAttempt>,
}

impl MessageRow {
    fn message(self) -> WebhookMessage {
        WebhookMessage {
            id: self.id,
            event: self.event,
            state: self.state,
            created_at: self.created_at,
            due_at: self.due_at,
            tries: self.tries,
            attempts: self.attempts,
        }
    }
}
