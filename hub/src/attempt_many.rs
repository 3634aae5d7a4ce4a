//! One call for several deliveries: the same message to many people (LINE's multicast), or several messages to
//! one. Its repeat must be the same call with the same key, so that the deliveries of one call stay together
//! until it is settled.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    delivery::{CauseCode, Next, Outcome, after_try},
    kind::guarantee,
    routing::Urgency,
    time::{MINUTE, Millis},
};

use crate::{
    attempt::{attempt_of, cause_of},
    clients::{Client, Outbound, Sent},
    events::SMALL,
    hub::Hub,
    queue::{Item, MANY, MERGED},
    refusal::Refusal,
    store,
};

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    to: Option<String>,
    tries: u32,
}

impl Hub {
    /// Leases, sends and records several deliveries of one event and language. What has no address any more is
    /// left to a try of its own.
    pub(crate) async fn attempt_many(self: &Rc<Self>, items: &[Item]) -> Result<(), Refusal> {
        let Some(first) = items.first() else { return Ok(()) };
        let Some(Client::Line(account)) = self.client(&first.integration).await? else {
            return self.attempt_each(items).await;
        };
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        let list = serde_json::to_string(&ids)?;
        let mut rows: Vec<Row> = store::rows(&*self.ports.sql, ROWS, &[list.as_str().into()])?;
        rows.retain(|row| row.to.is_some());
        let Some(job) = rows.first().map(|row| self.job(&row.id)).transpose()?.flatten() else {
            return Ok(());
        };
        // A repeat of a call of which some are gone is another call: its key would not be recognised anyway.
        let earlier = first.batch.as_deref().filter(|batch| is_whole(batch, rows.len()));
        let key = match earlier {
            Some(key) => key.to_owned(),
            None if rows.len() == 1 => return self.attempt(first).await,
            None => format!("{MANY}{}:{}:{}", job.id, self.now(), rows.len()),
        };
        let begun = self.now();
        let lease = begun + 2 * MINUTE;
        let taken: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let taken = serde_json::to_string(&taken)?;
        self.ports.sql.exec(LEASE, &[taken.as_str().into(), lease.into(), key.as_str().into()])?;
        let kind = self.kind_name(&job.kind, job.lang);
        let outbound = Outbound { to: "", ..job.outbound(&key, &kind, None) };
        let to: Vec<String> = rows.iter().filter_map(|row| row.to.clone()).collect();
        let count = u64::try_from(to.len()).unwrap_or(u64::MAX);
        let urgency = Urgency::from_rank(job.urgency);
        let outcome = match self.keep_reserve(&first.integration, &account, urgency, count).await {
            Some(outcome) => outcome,
            None => self.send_to_many(&account, &to, &outbound).await,
        };
        self.obey(first, &Sent { outcome: outcome.clone(), limit: None });
        let tries = rows.iter().map(|row| row.tries).max().unwrap_or(0) + 1;
        self.finish_many(&taken, rows.len(), &job, &outcome, begun, tries)?;
        self.judge_integration(&job, &outcome, self.now())
    }

    /// Several notices to one person in one call, which costs as much as one. Its repeat is the same call too.
    pub(crate) async fn attempt_merged(self: &Rc<Self>, items: &[Item]) -> Result<(), Refusal> {
        let Some(first) = items.first() else { return Ok(()) };
        let Some(Client::Line(account)) = self.client(&first.integration).await? else {
            return self.attempt_each(items).await;
        };
        let mut jobs = Vec::new();
        for item in items {
            let job = self.job(&item.id)?.filter(|job| job.state == "waiting" || job.lease_until == item.leased);
            jobs.extend(job.filter(|job| job.address.is_some()));
        }
        let Some(job) = jobs.first() else { return Ok(()) };
        let earlier = first.batch.as_deref().filter(|batch| is_whole(batch, jobs.len()));
        let key = match earlier {
            Some(key) => key.to_owned(),
            None if jobs.len() == 1 => return self.attempt(first).await,
            None => format!("{MERGED}{}:{}:{}", job.id, self.now(), jobs.len()),
        };
        let begun = self.now();
        let taken: Vec<&str> = jobs.iter().map(|job| job.id.as_str()).collect();
        let taken = serde_json::to_string(&taken)?;
        self.ports.sql.exec(LEASE, &[taken.as_str().into(), (begun + 2 * MINUTE).into(), key.as_str().into()])?;
        let kinds: Vec<String> = jobs.iter().map(|job| self.kind_name(&job.kind, job.lang)).collect();
        let outbounds: Vec<_> = jobs.iter().zip(&kinds).map(|(job, kind)| job.outbound(&key, kind, None)).collect();
        let urgent = jobs.iter().map(|job| job.urgency).min().unwrap_or_default();
        let outcome = match self.keep_reserve(&first.integration, &account, Urgency::from_rank(urgent), 1).await {
            Some(outcome) => outcome,
            None => self.send_merged(&account, &outbounds, &key).await,
        };
        self.obey(first, &Sent { outcome: outcome.clone(), limit: None });
        let tries = jobs.iter().map(|job| job.tries).max().unwrap_or(0) + 1;
        for job in &jobs {
            let own = serde_json::to_string(&[&job.id])?;
            self.finish_many(&own, jobs.len(), job, &outcome, begun, tries)?;
        }
        self.judge_integration(job, &outcome, self.now())
    }

    async fn attempt_each(self: &Rc<Self>, items: &[Item]) -> Result<(), Refusal> {
        for item in items {
            self.attempt(item).await?;
        }
        Ok(())
    }

    fn finish_many(
        self: &Rc<Self>,
        taken: &str,
        count: usize,
        job: &crate::attempt::Job,
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
                taken.into(),
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
        let failed = state == "failed" && job.urgency == Urgency::Critical.rank();
        let claimed = !job.message.actions.is_empty() && self.claim(&job.event)?.is_some();
        let ids: Vec<String> = serde_json::from_str(taken)?;
        if failed || claimed || ids.len() <= SMALL as usize {
            for id in &ids {
                let Some(job) = self.job(id)? else { continue };
                if failed {
                    self.fall_back(&job, now)?;
                }
                if claimed && state == "sent" {
                    self.settle_latecomer(&job, None)?;
                }
                self.announce_delivery(&job.id)?;
            }
        } else {
            self.announce_event(&job.event, SMALL + 1)?;
        }
        Ok(())
    }
}

/// Whether all of an earlier call's deliveries are here again.
fn is_whole(batch: &str, rows: usize) -> bool {
    let count =
        batch.strip_prefix(MANY).and_then(|key| key.rsplit(':').next()).and_then(|count| count.parse().ok());
    count == Some(rows)
}

const ROWS: &str = "SELECT json_object('id', d.id, 'to', a.value, 'tries', d.tries) FROM deliveries d \
     LEFT JOIN addresses a ON a.member = d.target AND a.channel = d.channel \
     WHERE d.id IN (SELECT value FROM json_each(?1)) AND (d.state = 'waiting' OR d.state = 'sending' AND d.due_at IS NULL) ORDER BY d.id";

const LEASE: &str = "UPDATE deliveries SET state = 'sending', lease_until = ?2, due_at = coalesce(due_at, ?2), frozen = ?3 \
     WHERE id IN (SELECT value FROM json_each(?1))";

/// See `Hub::finish`; ?8 lets go of the call's key.
const FINISH: &str = "UPDATE deliveries SET state = CASE WHEN ?2 = 'waiting' AND done_at IS NOT NULL THEN 'cancelled' ELSE ?2 END, \
     due_at = CASE WHEN done_at IS NULL THEN ?3 END, lease_until = NULL, tries = ?4, \
     attempts = json_insert(coalesce(attempts, '[]'), '$[#]', json(?5)), cause = ?6, done_at = coalesce(?7, done_at), \
     frozen = CASE ?8 WHEN 1 THEN NULL ELSE frozen END \
     WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'sending'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_keeps_its_key_only_when_nobody_is_missing() {
        assert!(is_whole("many:dl_1:17:3", 3));
        for (batch, rows) in [("many:dl_1:17:3", 2), ("ev_1:ja", 1), ("many:", 0), ("", 0)] {
            assert!(!is_whole(batch, rows), "{batch}");
        }
    }
}
