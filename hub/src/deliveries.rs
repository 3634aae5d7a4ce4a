//! Deliveries as people see them: lists, details, resending, and live news of them.

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
    error::Code,
    id::{DeliveryId, EventId, MemberId, RoomId},
    lang::Lang,
    message::Action,
    routing::{Decision, Reason, Urgency},
    time::{MINUTE, Millis},
};

use crate::{
    actions::CLAIM,
    events::{SMALL, id_range},
    hub::Hub,
    kinds,
    ports::{Audience, Value},
    refusal::Refusal,
    sessions::Caller,
    store,
};

/// What a list is narrowed to. `person` keeps only that member's own.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) state: Option<State>,
    pub(crate) channel: Option<Channel>,
    pub(crate) kind: Option<String>,
    /// Part of a person's or room's name, or of a title.
    pub(crate) q: Option<String>,
    pub(crate) cursor: Option<String>,
}

const PAGE: usize = 50;

impl Hub {
    /// `GET /api/deliveries`: newest first.
    pub(crate) fn list_deliveries(&self, filter: &Filter, lang: Lang) -> Result<Page<DeliveryRow>, Refusal> {
        // `instr` and not LIKE: the platform's patterns end at 50 bytes.
        let part = filter.q.as_deref().map(|q| q.trim().to_lowercase()).filter(|q| !q.is_empty());
        let query = format!(
            "{ROW} WHERE (?1 IS NULL OR d.id < ?1) AND (?2 IS NULL OR d.state = ?2) AND (?3 IS NULL OR d.channel = ?3) \
             AND (?4 IS NULL OR d.kind = ?4) AND (?5 IS NULL OR instr(lower(m.name), ?5) OR instr(lower(m.reading), ?5) \
             OR instr(lower(r.name), ?5) OR instr(lower(json_extract(e.message, '$.title')), ?5)) \
             ORDER BY d.id DESC LIMIT {}",
            PAGE + 1
        );
        let mut items = self.delivery_rows(
            &query,
            &[
                filter.cursor.as_deref().into(),
                filter.state.map(State::code).into(),
                filter.channel.map(Channel::code).into(),
                filter.kind.as_deref().into(),
                part.into(),
            ],
            lang,
        )?;
        let more = items.len() > PAGE;
        items.truncate(PAGE);
        let next = if more { items.last().map(|row| row.id.to_string()) } else { None };
        Ok(Page { items, next, total: None })
    }

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
        Ok(DeliveryDetail {
            message: job.message.clone(),
            address: job.label.clone().or_else(|| job.address.clone()),
            attempts: job.attempts.clone().unwrap_or_default(),
            preview: self.preview(job.channel, &job.outbound(&job.key(), &kind, None)),
            siblings,
            can_resend: only.is_none() && can_resend(&row),
            ahead,
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
        if !can_resend(&row) {
            return Err(Code::CannotResend.into());
        }
        let connected = self.connected_channels()?;
        let fallback =
            connected.iter().find(|(channel, _)| *channel == row.channel).map(|(_, id)| id.to_string());
        let now = self.now();
        self.arm(now + MINUTE).await?;
        let mut changed = 0;
        self.ports.sql.atomically(&mut || {
            changed = self.ports.sql.exec(
                "UPDATE deliveries SET state = 'waiting', due_at = ?2, done_at = NULL, tries = 0, cause = NULL, frozen = NULL, resends = resends + 1, \
                 reason = CASE decision WHEN 'skip' THEN 'manual' ELSE reason END, decision = 'deliver', \
                 integration = coalesce((SELECT id FROM integrations WHERE id = integration), ?3) \
                 WHERE id = ?1 AND state NOT IN ('waiting', 'sending')",
                &[id.as_str().into(), now.into(), fallback.as_deref().into()],
            )?;
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
            });
        }
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
        let Some(row) = self.delivery_row(id, Lang::Ja)? else { return Ok(()) };
        let member = match &row.target {
            Target::Member { id, .. } => Some(id.to_string()),
            Target::Room { .. } => None,
        };
        let text = serde_json::to_string(&LiveMessage::Delivery(Box::new(row)))?;
        self.ports.live.publish(Audience::Admins, &text);
        if let Some(member) = member {
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

fn can_resend(row: &DeliveryRow) -> bool {
    row.state.is_final()
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
