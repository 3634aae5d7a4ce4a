//! One call for several deliveries: the same message to many people (LINE's multicast), or several messages to
//! one. Its repeat must be the same call with the same key, so that the deliveries of one call stay together
//! until it is settled.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::webhooks::WebhookEvent,
    delivery::{CauseCode, Next, Outcome, after_try},
    kind::guarantee,
    routing::Urgency,
    time::{MINUTE, Millis},
};

use crate::{
    attempt::{Job, attempt_of, cause_of},
    clients::{Outbound, Sent},
    events::{SMALL, id_range},
    hub::Hub,
    providers::line::MULTICAST_MAX,
    queue::{Item, MANY, MERGED},
    quiet::Waiting,
    refusal::Refusal,
    store,
};

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    to: Option<String>,
    /// The address's.
    state: Option<String>,
    tries: u32,
    resends: u32,
    urgency: i64,
    /// The member's own quiet time.
    quiet: Option<String>,
}

impl Row {
    fn is_reachable(&self) -> bool {
        self.to.is_some() && self.state.as_deref() != Some("blocked")
    }
}

impl Hub {
    /// Leases, sends and records several deliveries of one event and language.
    pub(crate) async fn attempt_many(self: &Rc<Self>, items: &[Item]) -> Result<(), Refusal> {
        let Some(first) = items.first() else { return Ok(()) };
        // Without one, each is tried by itself, which writes down why it comes to nothing.
        let Some(account) = self.line_for_call(items).await else { return self.attempt_each(items).await };
        let repeated = first.batch.as_deref().filter(|batch| batch.starts_with(MANY));
        let mut rows: Vec<Row> = match repeated {
            Some(key) => store::rows(&*self.ports.sql, REPEATED, &[key.into()])?,
            None => self.without_quiet(self.fresh_rows(items)?)?,
        };
        let (rows, alone): (Vec<Row>, Vec<Row>) = rows.drain(..).partition(Row::is_reachable);
        self.leave_the_call(&alone)?;
        let Some(job) = rows.first().map(|row| self.job(&row.id)).transpose()?.flatten() else {
            return Ok(());
        };
        let key = match repeated {
            Some(key) => key.to_owned(),
            None if rows.len() == 1 => return self.attempt_one(items, &job).await,
            None => format!("{MANY}{}:{}", job.id, self.now()),
        };
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let begun = self.now();
        self.lease_together(&ids, begun + 2 * MINUTE, &key)?;
        let kind = self.kind_name(&job.kind, job.lang);
        let outbound = Outbound { to: "", ..job.outbound(&key, &kind, None) };
        let to: Vec<String> = rows.iter().filter_map(|row| row.to.clone()).collect();
        let count = u64::try_from(to.len()).unwrap_or(u64::MAX);
        let urgency = Urgency::from_rank(job.urgency);
        let outcome = match self.keep_reserve(&first.integration, &account, urgency, count).await {
            Some(outcome) => outcome,
            None => self.send_to_many(&account, &to, &outbound).await,
        };
        self.dispatcher.landed(&ids);
        self.obey(first, &Sent { outcome: outcome.clone(), limit: None });
        let tries = rows.iter().map(|row| row.tries).max().unwrap_or(0) + 1;
        self.finish_many(&ids, rows.len(), &job, &outcome, begun, tries)?;
        self.judge_integration(&job, &outcome, self.now())
    }

    /// Several notices to one person in one call, which costs as much as one. Its repeat is the same call too.
    pub(crate) async fn attempt_merged(self: &Rc<Self>, items: &[Item]) -> Result<(), Refusal> {
        let Some(first) = items.first() else { return Ok(()) };
        let Some(account) = self.line_for_call(items).await else { return self.attempt_each(items).await };
        let repeated = first.batch.as_deref().filter(|batch| batch.starts_with(MERGED));
        let rows: Vec<Row> = match repeated {
            Some(key) => store::rows(&*self.ports.sql, REPEATED, &[key.into()])?,
            None => self.without_quiet(self.named_rows(items)?)?,
        };
        let (rows, alone): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(Row::is_reachable);
        self.leave_the_call(&alone)?;
        let mut jobs = Vec::new();
        for row in &rows {
            jobs.extend(self.job(&row.id)?);
        }
        let Some(job) = jobs.first() else { return Ok(()) };
        let key = match repeated {
            Some(key) => key.to_owned(),
            None if jobs.len() == 1 => return self.attempt_one(items, job).await,
            None => format!("{MERGED}{}:{}", job.id, self.now()),
        };
        let ids: Vec<String> = jobs.iter().map(|job| job.id.to_string()).collect();
        let begun = self.now();
        self.lease_together(&ids, begun + 2 * MINUTE, &key)?;
        let kinds: Vec<String> = jobs.iter().map(|job| self.kind_name(&job.kind, job.lang)).collect();
        let outbounds: Vec<_> =
            jobs.iter().zip(&kinds).map(|(job, kind)| job.outbound(&key, kind, None)).collect();
        let urgent = jobs.iter().map(|job| job.urgency).min().unwrap_or_default();
        let outcome =
            match self.keep_reserve(&first.integration, &account, Urgency::from_rank(urgent), 1).await {
                Some(outcome) => outcome,
                None => self.send_merged(&account, &outbounds, &key).await,
            };
        self.dispatcher.landed(&ids);
        self.obey(first, &Sent { outcome: outcome.clone(), limit: None });
        let tries = jobs.iter().map(|job| job.tries).max().unwrap_or(0) + 1;
        for job in &jobs {
            self.finish_many(&[job.id.to_string()], jobs.len(), job, &outcome, begun, tries)?;
        }
        self.judge_integration(job, &outcome, self.now())
    }

    /// What was picked, and what more of the same the store has: the queue may know a part only, and each call
    /// takes as many as LINE allows.
    fn fresh_rows(&self, items: &[Item]) -> Result<Vec<Row>, Refusal> {
        let mut rows = self.named_rows(items)?;
        let Some(last) = rows.last().filter(|_| rows.len() < MULTICAST_MAX) else { return Ok(rows) };
        let Some(job) = self.job(&last.id)? else { return Ok(rows) };
        let (_, until) = id_range(&job.event);
        let room = i64::try_from(MULTICAST_MAX - rows.len()).unwrap_or_default();
        let more: Vec<Row> = store::rows(
            &*self.ports.sql,
            MORE,
            &[
                last.id.as_str().into(),
                until.into(),
                self.now().into(),
                job.lang.tag().into(),
                job.integration.as_deref().into(),
                room.into(),
            ],
        )?;
        rows.extend(more);
        Ok(rows)
    }

    fn named_rows(&self, items: &[Item]) -> Result<Vec<Row>, Refusal> {
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        store::rows(&*self.ports.sql, NAMED, &[serde_json::to_string(&ids)?.into()])
    }

    /// The rows of those for whom it is not quiet; the others' are put off. A repeat is never asked about: it must
    /// be the same call.
    fn without_quiet(&self, rows: Vec<Row>) -> Result<Vec<Row>, Refusal> {
        let asked = rows.iter().map(|row| Waiting {
            id: &row.id,
            urgency: row.urgency,
            resends: row.resends,
            quiet: row.quiet.as_deref(),
        });
        let held = self.hold_those_in_quiet(asked)?;
        if held.is_empty() {
            return Ok(rows);
        }
        self.dispatcher.landed(&held);
        Ok(rows.into_iter().filter(|row| !held.contains(&row.id)).collect())
    }

    /// Who has no address any more, or blocks us, ends by a try of its own, and holds nobody up.
    fn leave_the_call(&self, rows: &[Row]) -> Result<(), Refusal> {
        if rows.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        self.ports.sql.run(
            "UPDATE deliveries SET state = 'waiting', lease_until = NULL, due_at = ?2, frozen = NULL, tries = max(tries, 1) \
             WHERE id IN (SELECT value FROM json_each(?1))",
            &[serde_json::to_string(&ids)?.into(), self.now().into()],
        )?;
        // What is in flight would not be read again.
        self.dispatcher.landed(&ids);
        self.dispatcher.forget_queue();
        Ok(())
    }

    fn lease_together(&self, ids: &[String], until: Millis, key: &str) -> Result<(), Refusal> {
        self.ports.sql.exec(LEASE, &[serde_json::to_string(ids)?.into(), until.into(), key.into()])?;
        self.dispatcher.take_off(ids);
        Ok(())
    }

    async fn attempt_one(self: &Rc<Self>, items: &[Item], job: &Job) -> Result<(), Refusal> {
        match items.iter().find(|item| item.id == job.id.as_str()) {
            Some(item) => self.attempt(item).await,
            None => Ok(()),
        }
    }

    async fn attempt_each(self: &Rc<Self>, items: &[Item]) -> Result<(), Refusal> {
        for item in items {
            self.attempt(item).await?;
        }
        Ok(())
    }

    fn finish_many(
        self: &Rc<Self>,
        ids: &[String],
        count: usize,
        job: &Job,
        outcome: &Outcome,
        begun: Millis,
        tries: u32,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let unknown =
            matches!(outcome, Outcome::Rejected { cause, .. } if cause.code == CauseCode::UnknownRecipient);
        let keyed = !job.key_forgotten(begun);
        let promise = guarantee(Urgency::from_rank(job.urgency));
        let (state, due_at, done_at) =
            match after_try(outcome, tries, now, keyed, promise, u16::from_le_bytes(self.random())) {
                // One ID refuses the call for all: each goes alone, to find whose it is.
                Next::Failed if unknown && count > 1 => ("waiting", Some(now), None),
                Next::Sent => ("sent", None, Some(now)),
                Next::Waiting { due_at } => ("waiting", Some(due_at), None),
                Next::Failed => ("failed", None, Some(now)),
                Next::Uncertain => ("uncertain", None, Some(now)),
            };
        if let Some(at) = due_at {
            self.dispatcher.look_by(at);
        }
        let attempt = serde_json::to_string(&attempt_of(outcome, begun, now))?;
        let cause = cause_of(outcome).map(serde_json::to_string).transpose()?;
        // Kept for a repeat of an answer that never came; a refused call was not made.
        let keeps_key = matches!(outcome, Outcome::Uncertain { .. } | Outcome::Accepted { .. });
        self.ports.sql.run(
            FINISH,
            &[
                serde_json::to_string(ids)?.into(),
                state.into(),
                due_at.into(),
                i64::from(tries).into(),
                attempt.as_str().into(),
                cause.as_deref().into(),
                done_at.into(),
                (!keeps_key).into(),
            ],
        )?;
        if unknown && count > 1 {
            self.dispatcher.forget_queue();
        }
        let failed = state == "failed";
        let urgent = job.urgency == Urgency::Critical.rank();
        let settled = job.settled.clone();
        let claimed = !job.message.actions.is_empty() && self.claim(&job.event)?.is_some();
        if failed || claimed || ids.len() <= SMALL as usize {
            let code = cause_of(outcome).map(|cause| cause.code);
            for id in ids {
                let Some(job) = self.job(id)? else { continue };
                if failed {
                    let data = serde_json::json!({"delivery": job.id, "event": job.event, "channel": job.channel, "cause": code});
                    self.queue_webhook(WebhookEvent::DeliveryFailed, &data)?;
                }
                if failed && urgent {
                    self.fall_back(&job, now)?;
                }
                if claimed && (state == "sent" || state == "uncertain") {
                    // As it was sent, not as it would be now.
                    self.settle_latecomer(&Job { settled: settled.clone(), ..job.clone() }, None)?;
                }
                self.announce_delivery(&job.id)?;
            }
        } else {
            self.announce_event(&job.event, SMALL + 1)?;
        }
        Ok(())
    }
}

/// A delivery as a call to many needs it.
macro_rules! row {
    () => {
        "SELECT json_object('id', d.id, 'to', a.value, 'state', a.state, 'tries', d.tries, 'resends', d.resends, \
         'urgency', d.urgency, 'quiet', (SELECT m.quiet FROM members m WHERE m.id = d.target)) FROM deliveries d \
         LEFT JOIN addresses a ON a.member = d.target AND a.channel = d.channel WHERE "
    };
}

const NAMED: &str = concat!(
    row!(),
    "d.id IN (SELECT value FROM json_each(?1)) AND (d.state = 'waiting' OR d.state = 'sending' AND d.due_at IS NULL) ORDER BY d.id"
);

/// Whatever is left of an earlier call, due or not: a repeat must be the same call.
const REPEATED: &str =
    concat!(row!(), "d.due_at IS NOT NULL AND d.frozen = ?1 AND d.state = 'waiting' ORDER BY d.id");

/// More of one event and language, behind ?1.
const MORE: &str = concat!(
    row!(),
    "d.id > ?1 AND d.id < ?2 AND d.channel = 'line' AND d.state = 'waiting' AND d.due_at <= ?3 AND d.tries = 0 AND d.resends = 0 \
     AND d.frozen IS NULL AND d.edits IS NULL AND d.integration = ?5 \
     AND (SELECT m.language FROM members m WHERE m.id = d.target) = ?4 ORDER BY d.id LIMIT ?6"
);

const LEASE: &str = "UPDATE deliveries SET state = 'sending', lease_until = ?2, due_at = coalesce(due_at, ?2), frozen = ?3 \
     WHERE id IN (SELECT value FROM json_each(?1))";

/// See `Hub::finish`; ?8 lets go of the call's key.
const FINISH: &str = "UPDATE deliveries SET state = CASE WHEN ?2 = 'waiting' AND done_at IS NOT NULL THEN 'cancelled' ELSE ?2 END, \
     due_at = CASE WHEN done_at IS NULL THEN ?3 END, lease_until = NULL, tries = ?4, \
     attempts = json_insert(coalesce(attempts, '[]'), '$[#]', json(?5)), cause = ?6, done_at = coalesce(?7, done_at), \
     frozen = CASE ?8 WHEN 1 THEN NULL ELSE frozen END \
     WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'sending'";
