//! Deliveries as people see them: lists, details, resending, and live news of them.

mod bulk;
mod list;
mod resending;

pub(crate) use list::{Scope, read_filter};

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::{
        Page,
        deliveries::{DeliveryDetail, DeliveryRow},
        events::{Claim, Target},
        live::LiveMessage,
        me::Notice,
    },
    channel::Channel,
    delivery::{Cause, State},
    error::{Code, Error},
    id::{DeliveryId, EventId, IntegrationId, MemberId, RoomId},
    lang::Lang,
    message::Action,
    routing::{Decision, Reason, Urgency},
    time::{MINUTE, Millis},
};

use crate::{
    actions::CLAIM,
    clients::Outbound,
    events::{SMALL, id_range},
    hub::Hub,
    kinds,
    mentions::named,
    ports::{Audience, Value},
    refusal::Refusal,
    sessions::Caller,
    store,
};

impl Hub {
    /// All channels of one event, first `limit`.
    pub(crate) fn deliveries_of(
        &self,
        event: &EventId,
        limit: u32,
        lang: Lang,
    ) -> Result<Vec<DeliveryRow>, Refusal> {
        let (from, until) = id_range(event);
        self.delivery_rows(
            &format!("{ROW} WHERE d.id >= ?1 AND d.id < ?2 ORDER BY d.id LIMIT {limit}"),
            &[from.into(), until.into()],
            lang,
        )
    }

    pub(crate) fn delivery_row(&self, id: &DeliveryId, lang: Lang) -> Result<Option<DeliveryRow>, Refusal> {
        Ok(self.delivery_rows(&format!("{ROW} WHERE d.id = ?1"), &[id.as_str().into()], lang)?.pop())
    }

    /// `GET /api/deliveries/{id}`; `only` restricts it to one member's own.
    pub(crate) fn delivery(
        &self,
        id: &DeliveryId,
        only: Option<&MemberId>,
        lang: Lang,
    ) -> Result<DeliveryDetail, Refusal> {
        let row = self.delivery_row(id, lang)?.ok_or(Code::NotFound)?;
        let own =
            |target: &Target| matches!((only, target), (Some(me), Target::Member { id, .. }) if id == me);
        if only.is_some() && !own(&row.target) {
            return Err(Code::NotFound.into());
        }
        let job = self.job(id.as_str())?.ok_or(Code::NotFound)?;
        let kind = self.kind_name(&job.kind, job.lang);
        let (from, until) = id_range(&job.event);
        let siblings = self.delivery_rows(
            &format!("{ROW} WHERE d.id >= ?2 AND d.id < ?4 AND d.target = ?1 AND d.id <> ?3 ORDER BY d.id"),
            &[job.target.as_str().into(), from.into(), id.as_str().into(), until.into()],
            lang,
        )?;
        let ahead = (row.state == State::Waiting).then(|| self.ahead_of(&job, &row)).transpose()?;
        let about_ms = ahead.map(|ahead| self.about_ms(&row, ahead)).transpose()?;
        let no_resend = if only.is_some() { None } else { self.why_not_resend(id)? };
        let names = named(&job.mentions);
        let key = job.key();
        let outbound = Outbound { mentions: &names, ..job.outbound(&key, &kind, None) };
        let previews = match only {
            Some(_) => Vec::new(),
            None => Channel::ALL.iter().map(|channel| self.preview(*channel, &outbound)).collect(),
        };
        Ok(DeliveryDetail {
            message: job.message.clone(),
            address: job.label.clone().or_else(|| job.address.clone()),
            attempts: job.attempts.clone().unwrap_or_default(),
            preview: self.preview(job.channel, &outbound),
            previews,
            siblings,
            can_resend: only.is_none() && no_resend.is_none(),
            no_resend,
            claim: job.claim.clone(),
            ahead,
            about_ms,
            row,
        })
    }

    /// `POST /api/deliveries/{id}/resend`: tries again from the start of the schedule, past every switch.
    pub(crate) async fn resend(
        self: &Rc<Self>,
        caller: &Caller,
        id: &DeliveryId,
        lang: Lang,
    ) -> Result<DeliveryRow, Refusal> {
        let row = self.delivery_row(id, lang)?.ok_or(Code::NotFound)?;
        if let Some(why) = self.why_not_resend(&row.id)? {
            return Err(Error::new(Code::CannotResend).found(why.code()).into());
        }
        let fallbacks = resend_fallbacks(&self.connected_channels()?);
        let only = serde_json::to_string(&[id])?;
        let now = self.now();
        self.arm(now + MINUTE).await?;
        let mut changed = 0;
        self.ports.sql.atomically(&mut || {
            changed = self
                .ports
                .sql
                .exec(RESEND, &[only.as_str().into(), now.into(), fallbacks.as_str().into()])?;
            self.count_days_again(&only)?;
            self.audit(caller, "delivery.resent", id.as_str(), "")
        })?;
        if changed == 0 {
            return Err(Code::CannotResend.into());
        }
        self.dispatcher.forget_queue();
        self.announce_delivery(id)?;
        self.delivery_row(id, lang)?.ok_or_else(|| Code::NotFound.into())
    }

    /// `GET /api/me/notices`: newest events first, each with its channels.
    pub(crate) fn notices(
        &self,
        member: &MemberId,
        cursor: Option<&str>,
        lang: Lang,
    ) -> Result<Page<Notice>, Refusal> {
        const NOTICES: usize = 20;
        let rows = self.delivery_rows(
            &format!(
                "{ROW} WHERE d.target = ?1 AND (?2 IS NULL OR d.id < ?2) ORDER BY d.id DESC LIMIT {}",
                (NOTICES + 1) * Channel::ALL.len()
            ),
            &[member.as_str().into(), cursor.into()],
            lang,
        )?;
        let mut items: Vec<Notice> = Vec::new();
        let mut next = None;
        for row in rows {
            if let Some(notice) = items.last_mut().filter(|notice| notice.event == row.event) {
                notice.channels.push(row);
                continue;
            }
            if items.len() == NOTICES {
                next = items.last().and_then(|notice| notice.channels.last()).map(|row| row.id.to_string());
                break;
            }
            items.push(Notice {
                event: row.event.clone(),
                kind_name: row.kind_name.clone(),
                title: row.title.clone(),
                created_at: row.created_at,
                channels: vec![row],
                actions: Vec::new(),
                claim: None,
                unread: false,
            });
        }
        self.mark_unread(member, &mut items)?;
        let mut answers = self.answers_of(&items)?;
        for notice in &mut items {
            notice.channels.sort_by_key(|row| row.channel);
            if let Some(index) = answers.iter().position(|one| one.event == notice.event) {
                let answer = answers.swap_remove(index);
                notice.actions = if answer.claim.is_none() { answer.actions } else { Vec::new() };
                notice.claim = answer.claim;
            }
        }
        Ok(Page { items, next, total: None })
    }

    /// The member's first delivery of an event: its page.
    pub(crate) fn delivery_for(&self, event: &EventId, member: &MemberId) -> Result<DeliveryId, Refusal> {
        let (from, until) = id_range(event);
        let id = self.ports.sql.texts(
            "SELECT id FROM deliveries WHERE id >= ?1 AND id < ?2 AND target = ?3 ORDER BY id LIMIT 1",
            &[from.into(), until.into(), member.as_str().into()],
        )?;
        id.first().and_then(|id| id.parse().ok()).ok_or_else(|| Code::NotFound.into())
    }

    /// Buttons and claims of those notices that have any.
    fn answers_of(&self, notices: &[Notice]) -> Result<Vec<Answers>, Refusal> {
        let events: Vec<&EventId> = notices.iter().map(|notice| &notice.event).collect();
        store::rows(
            &*self.ports.sql,
            &format!(
                "SELECT json_object('event', e.id, 'actions', json(e.message -> '$.actions'), \
                 'claim', json((SELECT {CLAIM} FROM claims c WHERE c.event = e.id))) FROM events e \
                 WHERE e.id IN (SELECT value FROM json_each(?1)) AND e.message -> '$.actions' IS NOT NULL AND e.cancelled = 0"
            ),
            &[serde_json::to_string(&events)?.into()],
        )
    }

    /// Tells open pages of one delivery.
    pub(crate) fn announce_delivery(&self, id: &DeliveryId) -> Result<(), Refusal> {
        if !self.ports.live.anyone() {
            return Ok(());
        }
        let Some(mut row) = self.delivery_row(id, Lang::Ja)? else { return Ok(()) };
        row.kind_name_en = Some(self.kind_name(&row.kind, Lang::En));
        let member = match &row.target {
            Target::Member { id, .. } => Some(id.to_string()),
            Target::Room { .. } => None,
        };
        let text = serde_json::to_string(&LiveMessage::Delivery(Box::new(row)))?;
        self.ports.live.publish(Audience::Admins, &text);
        if let Some(member) = member {
            let company = "SELECT company FROM members WHERE id = ?1 AND company IS NOT NULL";
            for company in self.ports.sql.texts(company, &[member.as_str().into()])? {
                self.ports.live.publish(Audience::Company(company), &text);
            }
            self.ports.live.publish(Audience::Member(member), &text);
        }
        Ok(())
    }

    /// Tells open pages of a new or changed event.
    pub(crate) fn announce_event(&self, event: &EventId, deliveries: u32) -> Result<(), Refusal> {
        if !self.ports.live.anyone() {
            return Ok(());
        }
        if deliveries > SMALL {
            let text = serde_json::to_string(&LiveMessage::Reload)?;
            self.ports.live.publish(Audience::Admins, &text);
            return Ok(());
        }
        let (from, until) = id_range(event);
        let ids = self
            .ports
            .sql
            .texts("SELECT id FROM deliveries WHERE id >= ?1 AND id < ?2", &[from.into(), until.into()])?;
        for id in ids {
            if let Ok(id) = id.parse() {
                self.announce_delivery(&id)?;
            }
        }
        Ok(())
    }

    fn ahead_of(&self, job: &crate::attempt::Job, row: &DeliveryRow) -> Result<u64, Refusal> {
        let ahead = store::number(
            &*self.ports.sql,
            "SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL AND integration = ?1 AND due_at <= ?2 \
             AND (urgency < ?3 OR (urgency = ?3 AND id < ?4))",
            &[
                job.integration.as_deref().into(),
                row.due_at.unwrap_or_default().max(self.now()).into(),
                job.urgency.into(),
                row.id.as_str().into(),
            ],
        )?;
        Ok(u64::try_from(ahead).unwrap_or(0))
    }

    /// How long one with `ahead` others before it still waits: until it is due, and until its provider's limit
    /// lets it through. What is tried again or merged meanwhile makes it an estimate.
    fn about_ms(&self, row: &DeliveryRow, ahead: u64) -> Result<Millis, Refusal> {
        let now = self.now();
        let until_due = (row.due_at.unwrap_or(now) - now).max(0);
        let Some(item) = self.queued_item(&row.id)? else { return Ok(until_due) };
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        // Of those ahead that go elsewhere a destination's own limit knows nothing.
        let counts = match item.whole() {
            Some(whole) => vec![(item.bucket(), 0), (whole, ahead)],
            None => vec![(item.bucket(), ahead)],
        };
        let mut longest = 0;
        for (key, ahead) in counts {
            let integration = self.integration_row(&key.integration)?;
            let mut queue = self.dispatcher.queue.borrow_mut();
            let scope = key.scope.clone();
            let bucket = queue.bucket(key, || crate::clients::new_bucket(integration.as_ref(), &scope));
            longest = bucket.expected(now, ahead).max(longest);
        }
        Ok(until_due + longest)
    }

    fn delivery_rows(&self, query: &str, params: &[Value], lang: Lang) -> Result<Vec<DeliveryRow>, Refusal> {
        let rows: Vec<Row> = store::rows(&*self.ports.sql, query, params)?;
        let kinds = self.kinds()?;
        rows.into_iter()
            .map(|row| {
                let kind = kinds.iter().find(|kind| kind.code == row.kind);
                let kind_name = kinds::name(kind, &row.kind, lang);
                row.shown(kind_name)
            })
            .collect()
    }
}

/// Sends again from the start of the schedule: ?1 ids as JSON array, ?2 now, ?3 what [`resend_fallbacks`] makes.
const RESEND: &str = "UPDATE deliveries SET state = 'waiting', due_at = ?2, done_at = NULL, tries = 0, cause = NULL, frozen = NULL, \
     resends = resends + 1, reason = CASE decision WHEN 'skip' THEN 'manual' ELSE reason END, decision = 'deliver', \
     integration = coalesce((SELECT id FROM integrations WHERE id = integration), ?3 ->> channel, integration, '') \
     WHERE id IN (SELECT value FROM json_each(?1)) AND state NOT IN ('waiting', 'sending')";

/// The integration of each channel now, for deliveries whose own is gone: a JSON object by the channel's code.
fn resend_fallbacks(connected: &[(Channel, IntegrationId)]) -> String {
    let by_channel: serde_json::Map<String, serde_json::Value> =
        connected.iter().map(|(channel, id)| (channel.code().to_owned(), id.as_str().into())).collect();
    serde_json::Value::Object(by_channel).to_string()
}

#[derive(Debug, Deserialize)]
struct Answers {
    event: EventId,
    actions: Vec<Action>,
    claim: Option<Claim>,
}

/// A row as the store gives it.
#[derive(Debug, Deserialize)]
struct Row {
    id: DeliveryId,
    event: EventId,
    kind: String,
    title: String,
    target: String,
    member: Option<String>,
    room: Option<String>,
    channel: Channel,
    state: State,
    decision: Decision,
    reason: Reason,
    urgency: i64,
    created_at: Millis,
    due_at: Option<Millis>,
    done_at: Option<Millis>,
    tries: u32,
    cause: Option<Cause>,
}

impl Row {
    fn shown(self, kind_name: String) -> Result<DeliveryRow, Refusal> {
        let target = match (self.target.parse::<MemberId>(), self.target.parse::<RoomId>()) {
            (Ok(id), _) => Target::Member { id, name: self.member.unwrap_or_default() },
            (_, Ok(id)) => Target::Room { id, name: self.room.unwrap_or_default() },
            (Err(_), Err(_)) => return Err(Code::Internal.into()),
        };
        Ok(DeliveryRow {
            id: self.id,
            event: self.event,
            kind: self.kind,
            kind_name,
            kind_name_en: None,
            title: self.title,
            target,
            channel: self.channel,
            state: self.state,
            decision: self.decision,
            reason: self.reason,
            urgency: Urgency::from_rank(self.urgency),
            created_at: self.created_at,
            due_at: self.due_at,
            done_at: self.done_at,
            tries: self.tries,
            cause: self.cause,
        })
    }
}

const ROW: &str = "SELECT json_object('id', d.id, 'event', d.event, 'kind', d.kind, \
     'title', json_extract(e.message, '$.title'), 'target', d.target, 'member', m.name, 'room', r.name, \
     'channel', d.channel, 'state', d.state, 'decision', d.decision, 'reason', d.reason, 'urgency', d.urgency, \
     'created_at', e.created_at, 'due_at', d.due_at, 'done_at', d.done_at, 'tries', d.tries, 'cause', json(d.cause)) \
     FROM deliveries d JOIN events e ON e.id = d.event LEFT JOIN members m ON m.id = d.target LEFT JOIN rooms r ON r.id = d.target";
