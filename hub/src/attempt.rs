//! One try of one delivery: lease, send, write down what came of it.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::{
        deliveries::{Attempt, AttemptResult},
        events::Claim,
        integrations::Provider,
        webhooks::WebhookEvent,
    },
    channel::Channel,
    delivery::{Cause, CauseCode, Effect, Next, Outcome, after_try},
    id::{DeliveryId, EventId},
    kind::guarantee,
    lang::Lang,
    message::{Mentioned, Message},
    routing::Urgency,
    time::{DAY, MINUTE, Millis, SECOND},
};

use crate::{
    actions::{news_message, settled_line},
    clients::{self, Client, Limit, Outbound, Sent},
    dispatch::Ready,
    events::id_range,
    hub::Hub,
    mentions::in_words,
    ports::SqlError,
    providers::line::RETRY_KEY_LIFE,
    queue::{Item, Scope},
    refusal::Refusal,
    store,
};

/// Everything a try needs, in one read.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: DeliveryId,
    pub(crate) event: EventId,
    /// A member's or a room's id.
    pub(crate) target: String,
    pub(crate) channel: Channel,
    pub(crate) integration: Option<String>,
    pub(crate) kind: String,
    pub(crate) urgency: i64,
    pub(crate) tries: u32,
    pub(crate) resends: u32,
    #[serde(default)]
    pub(crate) attempts: Option<Vec<Attempt>>,
    pub(crate) frozen: Option<String>,
    pub(crate) message: Message,
    pub(crate) created_at: Millis,
    /// The member's address on the channel, or the room's id at the provider.
    pub(crate) address: Option<String>,
    /// What a person knows the address by, where that differs.
    pub(crate) label: Option<String>,
    pub(crate) address_state: Option<String>,
    pub(crate) last_ok_at: Option<Millis>,
    pub(crate) room: Option<String>,
    pub(crate) lang: Lang,
    pub(crate) state: String,
    pub(crate) lease_until: Option<Millis>,
    /// What the event tells the outcome of, and that event's message.
    pub(crate) about: Option<EventId>,
    pub(crate) about_message: Option<Message>,
    /// Who took an action of the event, or of what it is about.
    pub(crate) claim: Option<Claim>,
    /// The member's own quiet time, as in the store.
    #[serde(default)]
    pub(crate) quiet: Option<String>,
    /// The sent message to change.
    pub(crate) edits: Option<String>,
    /// Groups notices of one matter, where the messenger can.
    pub(crate) thread: Option<String>,
    /// Where the notice can be read and answered.
    #[serde(default)]
    pub(crate) page: Option<String>,
    /// The line that says who has it.
    #[serde(default)]
    pub(crate) settled: Option<String>,
    /// Who is called; empty but in a room.
    #[serde(skip)]
    pub(crate) mentions: Vec<Mentioned>,
}

impl Hub {
    /// Leases the delivery, tries it once and records the outcome.
    pub(crate) async fn attempt(self: &Rc<Self>, item: &Item) -> Result<(), Refusal> {
        let Some(Ready { client, fetched }) = self.get_ready(item).await else { return Ok(()) };
        let Some(job) = self.job(&item.id)? else { return Ok(()) };
        let kind = self.kind_name(&job.kind, job.lang);
        let unsubscribe = self.unsubscribe_link(&job);
        let key = job.key();
        let outbound = job.outbound(&key, &kind, unsubscribe.as_deref());
        let frozen = match (&client, &job.frozen) {
            (Ok(Some(client)), None) => self.freeze(client, &outbound),
            _ => None,
        };
        let begun = self.now();
        if self.hold_in_quiet(&job, item.leased, begun)? {
            return Ok(());
        }
        let lease = client.as_ref().ok().and_then(Option::as_ref).map_or(MINUTE, Client::lease);
        if !self.lease(item, &job, begun + lease, frozen.as_deref())? {
            return Ok(());
        }
        let outbound = Outbound { frozen: job.frozen.as_deref().or(frozen.as_deref()), ..outbound };
        let sent = match (&client, job.address.as_deref()) {
            (Ok(Some(_)), None) => refused(CauseCode::AddressMissing),
            (Ok(Some(_)), Some(_)) if job.is_blocked() => refused(CauseCode::RecipientBlocked),
            (Ok(Some(client)), Some(_)) => match (fetched, self.refused_for_reserve(client, &job).await) {
                (Err(outcome), _) | (_, Some(outcome)) => Sent { outcome, limit: None },
                (Ok(()), None) => self.send(client, &outbound).await,
            },
            (Ok(None), _) => refused(CauseCode::IntegrationMissing),
            (Err(error), _) => {
                self.ports.log.line(&format!("client: {error}"));
                Sent {
                    outcome: Outcome::Retry { after_ms: None, cause: Cause::new(CauseCode::Credentials, "") },
                    limit: None,
                }
            }
        };
        let client = client.ok().flatten();
        self.obey(item, &sent);
        let keyed =
            client.as_ref().is_some_and(|client| client.keyed(&outbound)) && !job.key_forgotten(begun);
        self.finish(&job, &sent.outcome, begun, keyed)
    }

    async fn refused_for_reserve(&self, client: &Client, job: &Job) -> Option<Outcome> {
        match (client, &job.integration) {
            (Client::Line(account), Some(integration)) => {
                self.keep_reserve(integration, account, Urgency::from_rank(job.urgency), 1).await
            }
            _ => None,
        }
    }

    /// Deliveries whose try was cut off: perhaps sent. They are treated as an uncertain send.
    pub(crate) fn recover_leases(self: &Rc<Self>) -> Result<(), Refusal> {
        let lost = self.ports.sql.texts(
            "SELECT id FROM deliveries WHERE due_at IS NOT NULL AND state = 'sending' AND lease_until <= ?1",
            &[self.now().into()],
        )?;
        for id in lost {
            if self.dispatcher.is_in_flight(&id) {
                continue;
            }
            let Some(job) = self.job(&id)? else { continue };
            // What has a body of its own to repeat has a key, and so has everything on LINE and of the Chat app;
            // to change a message twice is to change it once.
            let by_app = |address: &String| !address.starts_with(clients::WEBHOOK);
            let keyed = job.frozen.is_some()
                || job.edits.is_some()
                || job.channel == Channel::Line
                || job.channel == Channel::GoogleChat && job.address.as_ref().is_some_and(by_app);
            let cause = Cause::new(CauseCode::LeaseExpired, "");
            self.finish(&job, &Outcome::Uncertain { cause }, self.now(), keyed)?;
        }
        Ok(())
    }

    pub(crate) fn job(&self, id: &str) -> Result<Option<Job>, Refusal> {
        let job: Option<Job> = store::row(&*self.ports.sql, JOB, &[id.into()])?;
        let Some(mut job) = job.map(|job| job.prepared(&self.config.public_url)) else { return Ok(None) };
        if job.room.is_some() && !job.message.mentions.is_empty() {
            job.mentions = self.mentioned(&job.message.mentions, job.channel)?;
            // API 1.0 has no mentions: they are named.
            if let Some(id) = &job.integration
                && self.integration_row(id)?.is_some_and(|row| row.provider == Provider::LineworksV1)
            {
                job.mentions = in_words(&job.mentions, job.lang);
            }
        }
        Ok(Some(job))
    }

    /// False when it is no longer to be sent: cancelled, or taken by another loop. What was leased in its
    /// insert needs no more than that, unless it waited too long or has a body to keep.
    fn lease(&self, item: &Item, job: &Job, until: Millis, frozen: Option<&str>) -> Result<bool, Refusal> {
        if let Some(leased) = item.leased {
            if job.state != "sending" || job.lease_until != Some(leased) {
                return Ok(false);
            }
            if leased >= until && frozen.is_none() {
                return Ok(true);
            }
        }
        let changed = self.ports.sql.exec(
            "UPDATE deliveries SET state = 'sending', lease_until = ?2, due_at = coalesce(due_at, ?2), frozen = coalesce(frozen, ?3) \
             WHERE id = ?1 AND (state = 'waiting' OR state = 'sending' AND lease_until = ?4)",
            &[job.id.as_str().into(), until.into(), frozen.into(), item.leased.into()],
        )?;
        Ok(changed == 1)
    }

    /// Tells the bucket what the provider said of its limit.
    pub(crate) fn obey(&self, item: &Item, sent: &Sent) {
        let now = self.now();
        let mut queue = self.dispatcher.queue.borrow_mut();
        let bucket = queue.bucket(item.bucket(), || clients::new_bucket(None, &item.bucket().scope));
        if let Some(Limit { limit, remaining, reset_ms }) = sent.limit {
            bucket.observe(now, Some(limit), Some(remaining), Some(reset_ms));
        }
        // Asking again for each message of a flood would only cost calls.
        if let Outcome::Rejected { cause, .. } = &sent.outcome
            && cause.code == CauseCode::QuotaUsedUp
        {
            bucket.block(now + 30 * SECOND);
        }
        if let Outcome::Retry { after_ms, cause } = &sent.outcome {
            match cause.code {
                CauseCode::RateLimited | CauseCode::QuotaUsedUp => {
                    // A destination's second is over soon, and Google Chat does not say when.
                    let one_place = matches!(item.bucket().scope, Scope::Destination(_));
                    let unsaid = if one_place { 5 * SECOND } else { MINUTE };
                    bucket.block(now + after_ms.unwrap_or(unsaid));
                }
                // Knocking on a locked door helps nobody: the others wait with it.
                CauseCode::Credentials | CauseCode::PermissionMissing | CauseCode::BotMissing => {
                    bucket.block(now + 5_000)
                }
                _ => {}
            }
        }
    }

    /// Writes the outcome, its consequences, and tells open pages.
    fn finish(
        self: &Rc<Self>,
        job: &Job,
        outcome: &Outcome,
        begun: Millis,
        keyed: bool,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let tries = job.tries + 1;
        let jitter = u16::from_le_bytes(self.random());
        let promise = guarantee(Urgency::from_rank(job.urgency));
        let next = after_try(outcome, tries, now, keyed, promise, jitter);
        let (state, due_at, done_at) = match next {
            Next::Sent => ("sent", None, Some(now)),
            Next::Waiting { due_at } => ("waiting", Some(due_at), None),
            Next::Failed => ("failed", None, Some(now)),
            Next::Uncertain => ("uncertain", None, Some(now)),
        };
        if let Some(at) = due_at {
            self.dispatcher.look_by(at);
        }
        let mut attempts = job.attempts.clone().unwrap_or_default();
        attempts.push(attempt_of(outcome, begun, now));
        let attempts = serde_json::to_string(&attempts)?;
        let cause = cause_of(outcome).map(serde_json::to_string).transpose()?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.run(
                // What was withdrawn while it was on its way is not tried again: see `cancel_event`.
                "UPDATE deliveries SET state = CASE WHEN ?2 = 'waiting' AND done_at IS NOT NULL THEN 'cancelled' ELSE ?2 END, \
                 due_at = CASE WHEN done_at IS NULL THEN ?3 END, lease_until = NULL, tries = ?4, attempts = ?5, \
                 cause = ?6, done_at = coalesce(?7, done_at) WHERE id = ?1 AND state = 'sending'",
                &[
                    job.id.as_str().into(),
                    state.into(),
                    due_at.into(),
                    i64::from(tries).into(),
                    attempts.as_str().into(),
                    cause.as_deref().into(),
                    done_at.into(),
                ],
            )?;
            if let Outcome::Accepted { reference } = outcome {
                self.settle_latecomer(job, reference.as_deref())?;
            } else if state == "uncertain" {
                self.settle_latecomer(job, None)?;
            }
            if state == "failed" {
                let code = cause_of(outcome).map(|cause| cause.code);
                let data = serde_json::json!({"delivery": job.id, "event": job.event, "channel": job.channel, "cause": code});
                self.queue_webhook(WebhookEvent::DeliveryFailed, &data)?;
            }
            self.learn(job, outcome, begun, now)
        })?;
        if matches!(outcome, Outcome::Rejected { .. }) && job.urgency == Urgency::Critical.rank() {
            self.fall_back(job, now)?;
        }
        self.announce_delivery(&job.id)?;
        self.judge_integration(job, outcome, now)
    }

    /// What an outcome says about the address or the room. Written only when it changes something: every
    /// row counts.
    fn learn(&self, job: &Job, outcome: &Outcome, begun: Millis, now: Millis) -> Result<(), SqlError> {
        let sql = &*self.ports.sql;
        let address = |state: &str| {
            sql.exec(
                "UPDATE addresses SET state = ?3 WHERE member = ?1 AND channel = ?2 AND value = ?4",
                &[
                    job.target.as_str().into(),
                    job.channel.code().into(),
                    state.into(),
                    job.address.as_deref().into(),
                ],
            )
        };
        match outcome {
            // LINE accepts what it will drop: only friendship says whether somebody is reached (line.md §3.1).
            Outcome::Accepted { .. } if job.room.is_none() && job.channel != Channel::Line => {
                let fresh = job.last_ok_at.is_some_and(|at| at > now - DAY);
                if job.address_state.as_deref() != Some("linked") || !fresh {
                    sql.exec(
                        "UPDATE addresses SET state = 'linked', last_ok_at = ?3 WHERE member = ?1 AND channel = ?2 AND value = ?4",
                        &[job.target.as_str().into(), job.channel.code().into(), now.into(), job.address.as_deref().into()],
                    )?;
                }
            }
            Outcome::Rejected { effect: Effect::AddressBroken, .. } => drop(address("broken")?),
            Outcome::Rejected { effect: Effect::AddressBlocked, .. } => drop(address("blocked")?),
            Outcome::Rejected { effect: Effect::RoomLost, .. } => {
                // The bot may have been invited again since the try began.
                sql.exec(
                    "UPDATE rooms SET open = 0, since = ?2 WHERE id = ?1 AND since <= ?2",
                    &[job.target.as_str().into(), begun.into()],
                )?;
            }
            Outcome::Accepted { .. }
            | Outcome::Retry { .. }
            | Outcome::Rejected { .. }
            | Outcome::Uncertain { .. } => {}
        }
        Ok(())
    }

    /// A critical notice that a channel refuses goes to the person's next one.
    pub(crate) fn fall_back(self: &Rc<Self>, job: &Job, now: Millis) -> Result<(), Refusal> {
        let (from, until) = id_range(&job.event);
        let next: Option<String> = self
            .ports
            .sql
            .texts(
                "SELECT d.id FROM deliveries d JOIN addresses a ON a.member = d.target AND a.channel = d.channel \
                 JOIN members m ON m.id = d.target AND m.usable = 1 \
                 WHERE d.id >= ?3 AND d.id < ?4 AND d.target = ?1 AND d.state = 'skipped' AND d.reason IN ('channel_off', 'preference_off') \
                 AND a.state IN ('linked', 'unverified') \
                 AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = ?2 AND e.cancelled = 1) \
                 AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.id >= ?3 AND o.id < ?4 AND o.target = ?1 \
                   AND o.state IN ('waiting', 'sending', 'sent', 'uncertain')) ORDER BY d.id LIMIT 1",
                &[job.target.as_str().into(), job.event.as_str().into(), from.into(), until.into()],
            )?
            .into_iter()
            .next();
        let Some(id) = next else { return Ok(()) };
        self.ports.sql.exec(
            "UPDATE deliveries SET decision = 'deliver', reason = 'fallback', state = 'waiting', due_at = ?2, done_at = NULL WHERE id = ?1",
            &[id.as_str().into(), now.into()],
        )?;
        self.dispatcher.forget_queue();
        if let Ok(id) = id.parse() {
            self.announce_delivery(&id)?;
        }
        Ok(())
    }

    fn unsubscribe_link(&self, job: &Job) -> Option<String> {
        let member = job.target.parse().ok()?;
        (job.channel == Channel::Email && !job.kind.starts_with("todoke."))
            .then(|| self.unsubscribe_url(&member, &job.kind))
    }
}

impl Job {
    /// News is told in the reader's language; a message that is changed is the old one with a line more.
    fn prepared(mut self, public_url: &str) -> Self {
        if self.room.is_none() {
            let event = self.about.as_ref().unwrap_or(&self.event);
            self.page = Some(format!("{public_url}/me/notices/{event}"));
        }
        let Some(claim) = &self.claim else { return self };
        match self.about_message.take() {
            Some(about) if self.edits.is_some() => {
                self.settled = Some(settled_line(claim, self.lang));
                self.message = about;
            }
            Some(about) => self.message = news_message(claim, &about, self.lang),
            // It may have arrived with its buttons, and its repeat must be the same: it is settled afterwards.
            None if self.perhaps_arrived(claim.at) => {}
            None => self.settled = Some(settled_line(claim, self.lang)),
        }
        self
    }

    /// A try from before `claimed` was not answered, and the provider will know its repeat.
    fn perhaps_arrived(&self, claimed: Millis) -> bool {
        let keyed = matches!(self.channel, Channel::Line | Channel::GoogleChat);
        let uncertain =
            |attempt: &Attempt| attempt.result == AttemptResult::Uncertain && attempt.at <= claimed;
        keyed && self.resends == 0 && self.attempts.iter().flatten().any(uncertain)
    }

    /// A try was not answered.
    pub(crate) fn may_have_arrived(&self) -> bool {
        self.attempts.iter().flatten().any(|attempt| attempt.result == AttemptResult::Uncertain)
    }

    /// LINE takes what a blocked account is sent and drops it (line.md §3.1).
    pub(crate) fn is_blocked(&self) -> bool {
        self.channel == Channel::Line
            && self.room.is_none()
            && self.address_state.as_deref() == Some("blocked")
    }

    /// LINE forgets a key after a day, and nobody keeps one for longer (line.md §3.2, email.md §3).
    pub(crate) fn key_forgotten(&self, now: Millis) -> bool {
        let first = self.attempts.as_deref().and_then(<[Attempt]>::first);
        first.is_some_and(|first| now - first.at >= RETRY_KEY_LIFE - MINUTE)
    }

    /// The message's identity at the provider: the same for each try, another for each resending by hand.
    pub(crate) fn key(&self) -> String {
        match self.resends {
            0 => self.id.to_string(),
            times => format!("{}-{times}", self.id),
        }
    }

    pub(crate) fn outbound<'a>(
        &'a self,
        key: &'a str,
        kind: &'a str,
        unsubscribe: Option<&'a str>,
    ) -> Outbound<'a> {
        Outbound {
            id: key,
            to: self.address.as_deref().unwrap_or_default(),
            to_room: self.room.is_some(),
            lang: self.lang,
            kind,
            message: &self.message,
            at: self.created_at,
            unsubscribe,
            frozen: None,
            event: Some(self.about.as_ref().unwrap_or(&self.event).as_str()),
            page: self.page.as_deref(),
            settled: self.settled.as_deref(),
            mentions: &self.mentions,
            edits: self.edits.as_deref(),
            thread: self.thread.as_deref(),
            reply_token: None,
            urgency: self.urgency,
        }
    }
}

fn refused(code: CauseCode) -> Sent {
    Sent { outcome: Outcome::Rejected { cause: Cause::new(code, ""), effect: Effect::None }, limit: None }
}

pub(crate) fn cause_of(outcome: &Outcome) -> Option<&Cause> {
    match outcome {
        Outcome::Accepted { .. } => None,
        Outcome::Retry { cause, .. } | Outcome::Rejected { cause, .. } | Outcome::Uncertain { cause } => {
            Some(cause)
        }
    }
}

pub(crate) fn attempt_of(outcome: &Outcome, begun: Millis, now: Millis) -> Attempt {
    let (result, reference) = match outcome {
        Outcome::Accepted { reference } => (AttemptResult::Accepted, reference.clone()),
        Outcome::Retry { .. } => (AttemptResult::Retry, None),
        Outcome::Rejected { .. } => (AttemptResult::Rejected, None),
        Outcome::Uncertain { .. } => (AttemptResult::Uncertain, None),
    };
    Attempt { at: begun, took: now - begun, result, cause: cause_of(outcome).cloned(), reference }
}

const JOB: &str = "SELECT json_object('id', d.id, 'event', d.event, 'target', d.target, 'channel', d.channel, \
     'integration', d.integration, 'kind', d.kind, 'urgency', d.urgency, 'tries', d.tries, 'resends', d.resends, 'attempts', json(d.attempts), \
     'frozen', d.frozen, 'message', json(e.message), 'created_at', e.created_at, \
     'address', coalesce(r.provider_id, a.value), 'label', a.label, 'address_state', a.state, 'last_ok_at', a.last_ok_at, 'room', r.id, \
     'lang', coalesce(m.language, w.language), 'state', d.state, 'lease_until', d.lease_until, \
     'edits', d.edits, 'quiet', m.quiet, 'thread', e.thread, 'about', e.about, 'about_message', json((SELECT message FROM events o WHERE o.id = e.about)), \
     'claim', json((SELECT json_object('action', c.action, 'label', c.label, 'name', c.name, 'member', c.member, \
     'channel', CASE c.channel WHEN '' THEN NULL ELSE c.channel END, 'at', c.at) FROM claims c WHERE c.event = coalesce(e.about, e.id)))) \
     FROM deliveries d JOIN events e ON e.id = d.event JOIN workspace w \
     LEFT JOIN members m ON m.id = d.target LEFT JOIN rooms r ON r.id = d.target \
     LEFT JOIN addresses a ON a.member = d.target AND a.channel = d.channel WHERE d.id = ?1";
