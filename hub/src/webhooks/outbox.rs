//! The outbox of webhooks: written in the burst of what happened, tried until it is taken. At least once: the
//! receiver knows a repeat by `webhook-id`.

use std::rc::Rc;

use futures_util::future::try_join_all;
use serde::Deserialize;
use shared::{
    api::webhooks::{WebhookAttempt, WebhookEvent, WebhookResult},
    id::{WebhookId, WebhookMessageId},
    time::{self, DAY, HOUR, MINUTE, Millis, SECOND},
};

use super::{sign, url};
use crate::{
    hub::Hub,
    ports::{HttpRequest, HttpResponse, IoError, SqlError},
    refusal::Refusal,
    store,
};

/// What is waited after each failed try (doors.md §4), each up to a fifth longer; after the last the message is
/// given up.
const WAITS: [Millis; 9] =
    [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const TIMEOUT: u32 = 20_000;
/// Longer than a try can take: a message whose try was cut off is due again by then.
const LEASE: Millis = MINUTE;
/// How many webhooks are called at once: the platform's connections are for notices first.
const AT_ONCE: i64 = 2;
/// How many rounds are worked in one go.
const ROUNDS: usize = 20;
/// A webhook that cannot keep up, and does not say for how long, is left alone that long at most, however long
/// its message waits: another message finds out whether it is back.
const LONGEST_PAUSE: Millis = 5 * MINUTE;
const KEPT_ATTEMPTS: usize = 5;
const KEPT: Millis = 30 * DAY;

/// One message that is due.
#[derive(Debug, Deserialize)]
struct Due {
    id: WebhookMessageId,
    webhook: WebhookId,
    url: String,
    body: String,
    tries: usize,
    attempts: Vec<WebhookAttempt>,
    /// The number of the secret, and of the one before while it still signs.
    version: i64,
    before: Option<i64>,
}

impl Hub {
    /// Tells every webhook that asked for `event`. Within a burst, whose alarm the caller has armed; answers how
    /// many will be told. `data` names things by id and holds no text of a message.
    pub(crate) fn queue_webhook(
        &self,
        event: WebhookEvent,
        data: &serde_json::Value,
    ) -> Result<usize, SqlError> {
        let wanted = self.ports.sql.texts(
            "SELECT id FROM webhooks WHERE disabled_at IS NULL AND EXISTS (SELECT 1 FROM json_each(events) WHERE value = ?1)",
            &[event.code().into()],
        )?;
        for webhook in &wanted {
            self.write_message(webhook, event, data)?;
        }
        if !wanted.is_empty() {
            self.webhooks_wait();
        }
        Ok(wanted.len())
    }

    /// When the next message is due, which may have passed.
    pub(crate) fn next_webhook_due(&self) -> Result<Option<Millis>, Refusal> {
        let at = store::number(
            &*self.ports.sql,
            "SELECT coalesce(min(max(m.due_at, w.pause_until)), 0) FROM webhook_messages m \
             JOIN webhooks w ON w.id = m.webhook WHERE m.due_at IS NOT NULL",
            &[],
        )?;
        Ok(Some(at).filter(|at| *at > 0))
    }

    /// Sends what is due, the oldest message of each webhook first. One at a time is enough: two runs at once
    /// would not send a message twice either.
    pub(crate) async fn work_webhooks(self: &Rc<Self>) -> Result<(), Refusal> {
        for _ in 0..ROUNDS {
            let due: Vec<Due> = store::rows(&*self.ports.sql, DUE, &[self.now().into(), AT_ONCE.into()])?;
            if due.is_empty() {
                break;
            }
            try_join_all(due.iter().map(|due| self.try_message(due))).await?;
        }
        // Ids sort by age.
        let oldest = WebhookMessageId::new(self.now() - KEPT, [0; 10]);
        self.ports.sql.run(
            "DELETE FROM webhook_messages WHERE id < ?1 AND due_at IS NULL",
            &[oldest.as_str().into()],
        )?;
        Ok(())
    }

    /// Lets the dispatcher look at once.
    pub(super) fn webhooks_wait(&self) {
        self.dispatcher.look_by(self.now());
        self.dispatcher.nudge();
    }

    /// Writes one message, due at once.
    pub(super) fn write_message(
        &self,
        webhook: &str,
        event: WebhookEvent,
        data: &serde_json::Value,
    ) -> Result<WebhookMessageId, SqlError> {
        let now = self.now();
        let id = WebhookMessageId::new(now, self.random());
        let body = serde_json::json!({ "type": event.code(), "timestamp": time::rfc3339(now), "data": data })
            .to_string();
        self.ports.sql.run(
            "INSERT INTO webhook_messages (id, webhook, type, body, created_at, state, due_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?5)",
            &[id.as_str().into(), webhook.into(), event.code().into(), body.into(), now.into()],
        )?;
        Ok(id)
    }

    /// 1. Count the try, so that a message that kills the object is not sent for ever.
    /// 2. Send.
    /// 3. Write what came of it, unless the webhook is gone meanwhile.
    async fn try_message(self: &Rc<Self>, due: &Due) -> Result<(), Refusal> {
        let begun = self.now();
        if due.tries > WAITS.len() {
            // The last try was cut off.
            return self.end_message(due, "failed", &due.attempts);
        }
        self.ports.sql.run(
            "UPDATE webhook_messages SET tries = tries + 1, due_at = ?2 WHERE id = ?1",
            &[due.id.as_str().into(), (begun + LEASE).into()],
        )?;
        let answer = self.call_webhook(due, begun).await;
        let (result, status) = judge(&answer);
        let mut attempts = due.attempts.clone();
        attempts.push(WebhookAttempt { at: begun, took: self.now() - begun, status, result });
        attempts.drain(..attempts.len().saturating_sub(KEPT_ATTEMPTS));
        match result {
            WebhookResult::Delivered => {
                self.ports.sql.run(
                    "UPDATE webhooks SET last_ok_at = ?2, pause_until = 0 WHERE id = ?1",
                    &[due.webhook.as_str().into(), self.now().into()],
                )?;
                self.end_message(due, "delivered", &attempts)
            }
            WebhookResult::Gone => self.switch_off(due, &attempts),
            WebhookResult::UrlRefused => self.end_message(due, "failed", &attempts),
            _ => match WAITS.get(due.tries) {
                Some(wait) => self.put_off_message(due, *wait, &answer, result, &attempts),
                None => self.end_message(due, "failed", &attempts),
            },
        }
    }

    async fn call_webhook(&self, due: &Due, at: Millis) -> Result<HttpResponse, Failed> {
        if !url::is_callable(&due.url, self.config.development) {
            return Err(Failed::UrlRefused);
        }
        let seconds = at.div_euclid(SECOND);
        let mut signatures = self.signed(due, due.version, seconds).await?;
        if let Some(before) = due.before {
            // The receiver may know only that one yet. It is no loss when it cannot be read any more.
            if let Ok(old) = self.signed(due, before, seconds).await {
                signatures = format!("{signatures} {old}");
            }
        }
        let request = HttpRequest {
            method: "POST",
            url: due.url.clone(),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("user-agent", "Todoke-Webhooks/1".to_owned()),
                ("webhook-id", due.id.to_string()),
                ("webhook-timestamp", seconds.to_string()),
                ("webhook-signature", signatures),
            ],
            body: due.body.clone().into_bytes(),
            timeout_ms: TIMEOUT,
        };
        self.ports.http.send(request).await.map_err(Failed::Io)
    }

    /// One signature of the message, by the secret of that number.
    async fn signed(&self, due: &Due, version: i64, seconds: i64) -> Result<String, Failed> {
        let place = self.webhook_place(due.webhook.as_str(), version);
        let sealed = self.ports.kv.get(&place).await.ok().flatten().ok_or(Failed::NoSecret)?;
        let secret = self.vault.open(&place, &sealed).map_err(|error| {
            self.ports.log.line(&format!("webhook {}: {error}", due.webhook));
            Failed::NoSecret
        })?;
        let secret = String::from_utf8(secret).map_err(|_| Failed::NoSecret)?;
        sign::signature(&secret, due.id.as_str(), seconds, due.body.as_bytes()).ok_or(Failed::NoSecret)
    }

    /// Sets the next try, and leaves a webhook alone that cannot keep up or is not there.
    fn put_off_message(
        &self,
        due: &Due,
        wait: Millis,
        answer: &Result<HttpResponse, Failed>,
        result: WebhookResult,
        attempts: &[WebhookAttempt],
    ) -> Result<(), Refusal> {
        let now = self.now();
        let [random] = self.random();
        let jitter = wait / 5 * i64::from(random) / 256;
        let asked = answer.as_ref().ok().and_then(|answer| retry_after(answer, now));
        let wait = asked.unwrap_or_default().max(wait + jitter).min(DAY);
        let pause = asked.map_or(wait.min(LONGEST_PAUSE), |asked| asked.min(HOUR));
        let busy = matches!(result, WebhookResult::NoConnection | WebhookResult::NoAnswer)
            || answer.as_ref().is_ok_and(|answer| answer.status == 429 || answer.status >= 500);
        let attempts = serde_json::to_string(attempts)?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                "UPDATE webhook_messages SET due_at = ?2, attempts = ?3 WHERE id = ?1 AND state = 'waiting'",
                &[due.id.as_str().into(), (now + wait).into(), attempts.as_str().into()],
            )?;
            if busy {
                self.ports.sql.run(
                    "UPDATE webhooks SET pause_until = ?2 WHERE id = ?1",
                    &[due.webhook.as_str().into(), (now + pause).into()],
                )?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn end_message(&self, due: &Due, state: &str, attempts: &[WebhookAttempt]) -> Result<(), Refusal> {
        self.ports.sql.run(
            "UPDATE webhook_messages SET state = ?2, due_at = NULL, attempts = ?3 WHERE id = ?1",
            &[due.id.as_str().into(), state.into(), serde_json::to_string(attempts)?.into()],
        )?;
        Ok(())
    }

    /// 410: nothing more is wanted there. What waits is given up and can be replayed.
    fn switch_off(&self, due: &Due, attempts: &[WebhookAttempt]) -> Result<(), Refusal> {
        let attempts = serde_json::to_string(attempts)?;
        let webhook = due.webhook.as_str();
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                "UPDATE webhook_messages SET attempts = ?2 WHERE id = ?1",
                &[due.id.as_str().into(), attempts.as_str().into()],
            )?;
            self.ports.sql.run(
                "UPDATE webhook_messages SET state = 'failed', due_at = NULL WHERE webhook = ?1 AND due_at IS NOT NULL",
                &[webhook.into()],
            )?;
            self.ports.sql.run(
                "UPDATE webhooks SET disabled_at = ?2 WHERE id = ?1",
                &[webhook.into(), self.now().into()],
            )
        })?;
        self.ports.log.line(&format!("webhook {webhook}: answered 410 and was switched off"));
        Ok(())
    }
}

const DUE: &str = "SELECT json_object('id', m.id, 'webhook', m.webhook, 'url', w.url, 'body', m.body, 'tries', m.tries, \
     'attempts', json(m.attempts), 'version', w.secret_version, 'before', CASE WHEN w.before_until > ?1 THEN w.secret_before END) \
     FROM webhook_messages m JOIN webhooks w ON w.id = m.webhook \
     WHERE m.id IN (SELECT min(id) FROM webhook_messages WHERE due_at <= ?1 GROUP BY webhook) \
     AND w.pause_until <= ?1 ORDER BY m.due_at, m.id LIMIT ?2";

/// Why there is no answer.
enum Failed {
    UrlRefused,
    NoSecret,
    Io(IoError),
}

fn judge(answer: &Result<HttpResponse, Failed>) -> (WebhookResult, Option<u16>) {
    let result = match answer {
        Ok(answer) => match answer.status {
            200..=299 => WebhookResult::Delivered,
            300..=399 => WebhookResult::Redirected,
            410 => WebhookResult::Gone,
            _ => WebhookResult::Refused,
        },
        Err(Failed::UrlRefused) => WebhookResult::UrlRefused,
        Err(Failed::NoSecret) => WebhookResult::NoSecret,
        Err(Failed::Io(IoError::NotSent(_))) => WebhookResult::NoConnection,
        Err(Failed::Io(IoError::NoAnswer(_))) => WebhookResult::NoAnswer,
    };
    (result, answer.as_ref().ok().map(|answer| answer.status))
}

/// `Retry-After`: seconds or a date (RFC 9110 §10.2.3).
pub(super) fn retry_after(answer: &HttpResponse, now: Millis) -> Option<Millis> {
    let value = answer.header("retry-after")?.trim();
    let wait = match value.parse::<i64>() {
        Ok(seconds) => seconds.checked_mul(SECOND)?,
        Err(_) => chrono::DateTime::parse_from_rfc2822(value).ok()?.timestamp_millis() - now,
    };
    Some(wait).filter(|wait| *wait > 0)
}
