//! Changing a webhook: its address and what it asks for, its secret, and sending again what was given up.

use std::rc::Rc;

use shared::{
    api::webhooks::{NewWebhook, Replayed, WebhookEvent, WebhookInfo, WebhookRequest},
    error::{Code, Error},
    id::WebhookId,
    time::{DAY, MINUTE, Millis},
};

use super::{sign, url};
use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

/// How long the secret before a new one still signs: the receiver has a day to be told.
const OVERLAP: Millis = DAY;
/// Of one press: the rest is there for the next.
const REPLAYED_AT_ONCE: i64 = 1_000;

impl Hub {
    /// The address and the events of a form. Errors: `not_a_public_url`, `too_long`, `required`, `wrong_type`.
    pub(super) fn read_webhook(
        &self,
        request: &WebhookRequest,
    ) -> Result<(String, Vec<WebhookEvent>), Refusal> {
        let target = request.url.trim();
        let events: Vec<WebhookEvent> =
            WebhookEvent::ALL.into_iter().filter(|event| request.events.contains(event)).collect();
        let mut problems = Vec::new();
        if target.is_empty() {
            problems.push(Error::field(Code::Required, "url"));
        } else if target.len() > url::LIMIT {
            problems.push(Error::field(Code::TooLong, "url").found(url::LIMIT.to_string()));
        } else if !url::is_callable(target, self.config.development) {
            problems.push(Error::field(Code::NotAPublicUrl, "url"));
        }
        if request.events.contains(&WebhookEvent::Test) {
            problems.push(Error::field(Code::WrongType, "events").found(WebhookEvent::Test.code()));
        } else if events.is_empty() {
            problems.push(Error::field(Code::Required, "events"));
        }
        Refusal::unless_empty(problems)?;
        Ok((target.to_owned(), events))
    }

    /// Changes where a webhook leads and what it hears. What waits goes to the new address. Errors: those of
    /// [`Self::read_webhook`], `not_found`.
    pub(crate) fn change_webhook(
        self: &Rc<Self>,
        caller: &Caller,
        id: &WebhookId,
        request: &WebhookRequest,
    ) -> Result<WebhookInfo, Refusal> {
        caller.admin_member()?;
        let old = self.webhook(id)?;
        let (target, events) = self.read_webhook(request)?;
        if old.url == target && old.events == events {
            return Ok(old);
        }
        let codes = serde_json::to_string(&events)?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "UPDATE webhooks SET url = ?2, events = ?3, pause_until = 0 WHERE id = ?1",
                &[id.as_str().into(), target.as_str().into(), codes.as_str().into()],
            )?;
            let moved = if old.url == target { "" } else { "url " };
            self.audit(caller, "webhook.changed", id.as_str(), &format!("{moved}{codes}"))
        })?;
        self.webhooks_wait();
        self.webhook(id)
    }

    /// A new secret, which is in the answer and nowhere else. The one before signs along for a day: the header then
    /// has both signatures, as Standard Webhooks provides for. Errors: `not_found`, `changed_meanwhile`.
    pub(crate) async fn roll_webhook_secret(
        &self,
        caller: &Caller,
        id: &WebhookId,
    ) -> Result<NewWebhook, Refusal> {
        caller.admin_member()?;
        self.webhook(id)?;
        let (sql, key) = (&*self.ports.sql, id.as_str());
        let older = store::number(
            sql,
            "SELECT coalesce(secret_before, 0) FROM webhooks WHERE id = ?1",
            &[key.into()],
        )?;
        // The number is written down first: after a crash the next secret has another one.
        let reserved = sql.texts(
            "UPDATE webhooks SET secret_reserved = max(coalesce(secret_reserved, 0), secret_version) + 1 WHERE id = ?1 RETURNING secret_reserved",
            &[key.into()],
        )?;
        let version: i64 = reserved.first().and_then(|number| number.parse().ok()).ok_or(Code::NotFound)?;
        let secret = sign::secret(self.random());
        let place = self.webhook_place(key, version);
        let sealed = self.vault.seal(&*self.ports.random, &place, secret.as_bytes())?;
        self.ports.kv.put(&place, &sealed, None).await?;
        let mut rolled = 0;
        sql.atomically(&mut || {
            rolled = sql.exec(
                "UPDATE webhooks SET secret_before = secret_version, before_until = ?3, secret_version = ?2 \
                 WHERE id = ?1 AND secret_version < ?2",
                &[key.into(), version.into(), (self.now() + OVERLAP).into()],
            )?;
            if rolled > 0 {
                self.audit(caller, "webhook.secret_rolled", key, "")?;
            }
            Ok(())
        })?;
        if rolled == 0 {
            self.ports.kv.delete(&place).await?;
            return Err(Code::ChangedMeanwhile.into());
        }
        if older > 0 {
            self.ports.kv.delete(&self.webhook_place(key, older)).await?;
        }
        Ok(NewWebhook { secret, info: self.webhook(id)? })
    }

    /// Sends everything again that was given up, the oldest first. Errors: `not_found`, `cannot_resend` while it is
    /// switched off.
    pub(crate) async fn replay_failed(
        self: &Rc<Self>,
        caller: &Caller,
        id: &WebhookId,
    ) -> Result<Replayed, Refusal> {
        caller.admin_member()?;
        self.arm(self.now() + MINUTE).await?;
        if self.webhook(id)?.disabled_at.is_some() {
            return Err(Code::CannotResend.into());
        }
        let mut replayed = 0;
        self.ports.sql.atomically(&mut || {
            replayed = self.ports.sql.exec(
                "UPDATE webhook_messages SET state = 'waiting', due_at = ?2, tries = 0 WHERE id IN \
                 (SELECT id FROM webhook_messages WHERE webhook = ?1 AND state = 'failed' ORDER BY id LIMIT ?3)",
                &[id.as_str().into(), self.now().into(), REPLAYED_AT_ONCE.into()],
            )?;
            if replayed > 0 {
                self.audit(caller, "webhook.replayed", id.as_str(), &replayed.to_string())?;
            }
            Ok(())
        })?;
        if replayed > 0 {
            self.webhooks_wait();
        }
        Ok(Replayed { replayed, left: self.webhook(id)?.failed })
    }

    /// Forgets every secret of a webhook.
    pub(crate) async fn forget_webhook_secrets(&self, id: &str) -> Result<(), Refusal> {
        let versions = self.webhook_versions(id)?;
        self.forget_secrets(id, &versions).await
    }

    /// The numbers under which there may be a secret.
    pub(super) fn webhook_versions(&self, id: &str) -> Result<Vec<String>, Refusal> {
        Ok(self.ports.sql.texts(
            "SELECT secret_version FROM webhooks WHERE id = ?1 UNION SELECT secret_before FROM webhooks WHERE id = ?1 \
             AND secret_before > 0 UNION SELECT secret_reserved FROM webhooks WHERE id = ?1 AND secret_reserved > 0",
            &[id.into()],
        )?)
    }

    pub(super) async fn forget_secrets(&self, id: &str, versions: &[String]) -> Result<(), Refusal> {
        for version in versions.iter().filter_map(|version| version.parse().ok()) {
            self.ports.kv.delete(&self.webhook_place(id, version)).await?;
        }
        Ok(())
    }
}
