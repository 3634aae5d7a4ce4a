//! Accepting an event: validate, decide, write in one burst, and only then say 202.

use std::rc::Rc;

use sha2::{Digest, Sha256};
use shared::{
    api::{
        deliveries::DeliveryRow,
        events::{Accepted, Cancelled, Event, EventRequest, MAX_FIELDS},
        settings::KindInfo,
    },
    channel::Channel,
    error::{Code, Error},
    id::{DeliveryId, EventId, MemberId},
    lang::Lang,
    message::{Action, MAX_ACTIONS, Message},
    routing::{Reason, Urgency},
    time::{self, DAY, MINUTE, Millis},
    validate::is_link,
};

use unicode_segmentation::UnicodeSegmentation;

use crate::{audience::Head, hub::Hub, ports::SqlError, refusal::Refusal, store};

/// Fan-outs up to this size reach open pages and the queue row by row; larger ones as one reload.
pub(crate) const SMALL: u32 = 50;

/// An event ready to be written.
struct Draft {
    request: EventRequest,
    kind: KindInfo,
    urgency: Urgency,
    deliver_at: Option<Millis>,
}

#[derive(serde::Deserialize)]
struct Earlier {
    id: EventId,
    body_hash: String,
    deliveries: u32,
    skipped: u32,
}

impl Earlier {
    fn answer(self, body_hash: &str) -> Result<Accepted, Refusal> {
        if self.body_hash == body_hash {
            Ok(Accepted { id: self.id, deliveries: self.deliveries, skipped: self.skipped })
        } else {
            Err(Error::field(Code::KeyReused, "Idempotency-Key").into())
        }
    }
}

impl Hub {
    /// `POST /api/v1/events`.
    ///
    /// 1. The same key again: the same answer again.
    /// 2. Check the form.
    /// 3. Look the audience up and decide.
    /// 4. Write event and deliveries at once.
    /// 5. Let the dispatcher start and tell open pages.
    pub(crate) async fn submit_event(
        self: &Rc<Self>,
        source: &str,
        idempotency_key: Option<&str>,
        request: EventRequest,
        body: &[u8],
    ) -> Result<Accepted, Refusal> {
        let now = self.now();
        let body_hash = hex(&Sha256::digest(body));
        if let Some(key) = idempotency_key {
            let well_formed =
                (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
            if !well_formed {
                return Err(Error::field(Code::KeyTooLong, "Idempotency-Key").into());
            }
            if let Some(earlier) = self.earlier(source, key)? {
                return earlier.answer(&body_hash);
            }
        }
        let draft = self.check_event(request, now)?;
        // The only await: from here on nothing can come between the look at the key and the write.
        // Within a minute even when it is scheduled: a new object does not know of an earlier alarm.
        self.arm(draft.deliver_at.unwrap_or(Millis::MAX).min(now + MINUTE)).await?;
        if let Some(earlier) = idempotency_key.map(|key| self.earlier(source, key)).transpose()?.flatten() {
            return earlier.answer(&body_hash);
        }
        let audience = self.find_audience(&draft.request.to)?;
        let event = EventId::new(now, self.random());
        let head = Head {
            event: &event,
            kind: &draft.kind,
            urgency: draft.urgency,
            now,
            deliver_at: draft.deliver_at,
        };
        let plan = self.plan(&audience, &head)?;
        let leased = self.lease_at_once(&head, &plan)?;
        let message = serde_json::to_string(&draft.request.message())?;
        self.ports.sql.atomically(&mut || {
            self.insert_event(
                &head,
                &message,
                draft.request.thread.as_deref(),
                source,
                idempotency_key,
                &body_hash,
                plan.deliveries,
                plan.skipped,
            )?;
            self.write_plan(&plan, &head, leased)
        })?;
        if let Some(at) = plan.held_until {
            self.dispatcher.look_by(at);
        }
        match draft.deliver_at {
            Some(at) => self.dispatcher.look_by(at),
            None if plan.deliveries > 0 => self.enqueue(&event, plan.deliveries)?,
            None => {}
        }
        self.announce_event(&event, plan.deliveries + plan.skipped)?;
        Ok(Accepted { id: event, deliveries: plan.deliveries, skipped: plan.skipped })
    }

    /// Sends 「テスト送信」 to one channel of a member, past every switch.
    pub(crate) async fn submit_test(
        self: &Rc<Self>,
        member: &MemberId,
        channel: Channel,
        lang: Lang,
    ) -> Result<DeliveryRow, Refusal> {
        let now = self.now();
        let connected = self.connected_channels()?;
        let (_, integration) = connected.iter().find(|(one, _)| *one == channel).ok_or(Code::NotConnected)?;
        let kind = self.kind("todoke.test")?.ok_or(Code::UnknownKind)?;
        let event = EventId::new(now, self.random());
        let head = Head { event: &event, kind: &kind, urgency: Urgency::Critical, now, deliver_at: None };
        let message = test_message(lang, &self.config.public_url);
        let message = serde_json::to_string(&message)?;
        let id = DeliveryId::of(&event, 0);
        self.arm(now + MINUTE).await?;
        self.ports.sql.atomically(&mut || {
            self.insert_event(&head, &message, None, member.as_str(), None, "", 1, 0)?;
            self.insert_delivery(&id, &head, member.as_str(), channel, integration.as_str(), Reason::Manual)
        })?;
        self.enqueue(&event, 1)?;
        self.announce_event(&event, 1)?;
        self.delivery_row(&id, lang)?.ok_or_else(|| Code::NotFound.into())
    }

    /// `GET /api/v1/events/{id}`.
    pub(crate) fn event(&self, id: &EventId, lang: Lang) -> Result<Event, Refusal> {
        #[derive(serde::Deserialize)]
        struct Row {
            kind: String,
            urgency: i64,
            message: Message,
            thread: Option<String>,
            created_at: Millis,
            deliver_at: Option<Millis>,
            cancelled: i64,
            total: u64,
        }
        let row: Row = store::row(
            &*self.ports.sql,
            "SELECT json_object('kind', kind, 'urgency', urgency, 'message', json(message), 'thread', thread, \
             'created_at', created_at, 'deliver_at', deliver_at, 'cancelled', cancelled, 'total', deliveries + skipped) \
             FROM events WHERE id = ?1",
            &[id.as_str().into()],
        )?
        .ok_or(Code::NotFound)?;
        Ok(Event {
            id: id.clone(),
            kind: row.kind,
            urgency: Urgency::from_rank(row.urgency),
            message: row.message,
            thread: row.thread,
            created_at: time::rfc3339(row.created_at),
            deliver_at: row.deliver_at.map(time::rfc3339),
            cancelled: row.cancelled == 1,
            deliveries: self.deliveries_of(id, 500, lang)?,
            total: row.total,
            claim: self.claim(id)?,
        })
    }

    /// `POST /api/v1/events/{id}/cancel`: withdraws what was not sent yet.
    pub(crate) fn cancel_event(&self, id: &EventId, lang: Lang) -> Result<Cancelled, Refusal> {
        self.event(id, lang)?;
        let (from, until) = id_range(id);
        let mut cancelled = 0;
        self.ports.sql.atomically(&mut || {
            cancelled = self.ports.sql.exec(
                "UPDATE deliveries SET state = 'cancelled', due_at = NULL, done_at = ?3 \
                 WHERE id >= ?1 AND id < ?2 AND state = 'waiting'",
                &[from.as_str().into(), until.as_str().into(), self.now().into()],
            )?;
            cancelled += self.cancel_leased(&from, &until)?;
            if cancelled == 0 {
                return Ok(());
            }
            // What is on its way ends as it will; the mark keeps it from being tried again.
            self.ports.sql.exec(
                "UPDATE deliveries SET done_at = ?3 WHERE id >= ?1 AND id < ?2 AND state = 'sending'",
                &[from.as_str().into(), until.as_str().into(), self.now().into()],
            )?;
            self.ports
                .sql
                .exec("UPDATE events SET cancelled = 1 WHERE id = ?1", &[id.as_str().into()])
                .map(drop)
        })?;
        if cancelled == 0 {
            return Err(Code::CannotCancel.into());
        }
        self.dispatcher.forget_queue();
        self.announce_event(id, u32::try_from(cancelled).unwrap_or(u32::MAX))?;
        Ok(Cancelled { cancelled })
    }

    /// Deliveries that are leased and of which nothing was sent yet.
    fn cancel_leased(&self, from: &str, until: &str) -> Result<u64, SqlError> {
        let not_left = serde_json::json!(self.dispatcher.not_left()).to_string();
        self.ports.sql.exec(
            "UPDATE deliveries SET state = 'cancelled', lease_until = NULL, due_at = NULL, done_at = ?3 WHERE id >= ?1 AND id < ?2 \
             AND state = 'sending' AND id IN (SELECT value FROM json_each(?4))",
            &[from.into(), until.into(), self.now().into(), not_left.into()],
        )
    }

    /// One delivery that nobody had to decide.
    pub(crate) fn insert_delivery(
        &self,
        id: &DeliveryId,
        head: &Head<'_>,
        target: &str,
        channel: Channel,
        integration: &str,
        reason: Reason,
    ) -> Result<(), SqlError> {
        self.ports.sql.run(
            "INSERT INTO deliveries (id, target, channel, integration, kind, urgency, decision, reason, state, due_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'deliver', ?7, 'waiting', ?8)",
            &[
                id.as_str().into(),
                target.into(),
                channel.code().into(),
                integration.into(),
                head.kind.code.as_str().into(),
                head.urgency.rank().into(),
                reason.code().into(),
                head.now.into(),
            ],
        )?;
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one row, column by column")]
    pub(crate) fn insert_event(
        &self,
        head: &Head<'_>,
        message: &str,
        thread: Option<&str>,
        source: &str,
        idempotency_key: Option<&str>,
        body_hash: &str,
        deliveries: u32,
        skipped: u32,
    ) -> Result<(), SqlError> {
        self.ports.sql.run(
            "INSERT INTO events (id, kind, urgency, message, thread, created_at, deliver_at, source, idem_key, body_hash, deliveries, skipped) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            &[
                head.event.as_str().into(),
                head.kind.code.as_str().into(),
                head.urgency.rank().into(),
                message.into(),
                thread.into(),
                head.now.into(),
                head.deliver_at.into(),
                source.into(),
                idempotency_key.into(),
                body_hash.into(),
                i64::from(deliveries).into(),
                i64::from(skipped).into(),
            ],
        )?;
        Ok(())
    }

    fn earlier(&self, source: &str, key: &str) -> Result<Option<Earlier>, Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'body_hash', body_hash, 'deliveries', deliveries, 'skipped', skipped) \
             FROM events WHERE source = ?1 AND idem_key = ?2",
            &[source.into(), key.into()],
        )
    }

    fn check_event(&self, mut request: EventRequest, now: Millis) -> Result<Draft, Refusal> {
        let mut problems = Vec::new();
        let kind = self.kind(&request.kind)?;
        if kind.is_none() || request.kind == "todoke.sign_in_code" {
            problems.push(Error::field(Code::UnknownKind, "kind").found(request.kind.as_str()));
        } else if kind.as_ref().is_some_and(|kind| kind.archived) {
            problems.push(Error::field(Code::KindArchived, "kind").found(request.kind.as_str()));
        }
        if request.title.trim().is_empty() {
            problems.push(Error::field(Code::Required, "title"));
        }
        let mut longest = |name: String, text: &str, limit: usize| {
            if text.chars().count() > limit {
                problems.push(Error::field(Code::TooLong, name).found(limit.to_string()));
            }
        };
        longest("title".into(), &request.title, 200);
        longest("body".into(), &request.body, 10_000);
        longest("thread".into(), request.thread.as_deref().unwrap_or_default(), 200);
        for (index, field) in request.fields.iter().enumerate() {
            longest(format!("fields[{index}].label"), &field.label, 100);
            longest(format!("fields[{index}].value"), &field.value, 1_000);
        }
        if request.fields.len() > MAX_FIELDS {
            problems.push(Error::field(Code::TooMany, "fields").found(MAX_FIELDS.to_string()));
        }
        if request.to.is_empty() {
            problems.push(Error::field(Code::EmptyAudience, "to"));
        } else if request.to.len() > 1_000 {
            problems.push(Error::field(Code::TooMany, "to").found("1000"));
        }
        if request.link.as_deref().is_some_and(|link| !is_link(link, self.config.development)) {
            problems.push(Error::field(Code::NotALink, "link"));
        }
        problems.extend(action_problems(&request.actions));
        if !request.mentions.is_empty() {
            request.mentions = self.find_mentions(&request.mentions, &mut problems)?;
        }
        let deliver_at = match request.deliver_at.as_deref().map(time::parse_rfc3339) {
            None => None,
            Some(None) => {
                problems.push(Error::field(Code::NotATime, "deliver_at"));
                None
            }
            Some(Some(at)) if at > now + 90 * DAY => {
                problems.push(Error::field(Code::TooFarAhead, "deliver_at"));
                None
            }
            // A time that has passed means now.
            Some(Some(at)) => Some(at).filter(|at| *at > now),
        };
        Refusal::unless_empty(problems)?;
        let kind = kind.ok_or(Code::UnknownKind)?;
        let urgency = request.urgency.unwrap_or(kind.urgency);
        Ok(Draft { request, kind, urgency, deliver_at })
    }
}

fn action_problems(actions: &[Action]) -> Vec<Error> {
    let mut problems = Vec::new();
    if actions.len() > MAX_ACTIONS {
        problems.push(Error::field(Code::TooMany, "actions").found(MAX_ACTIONS.to_string()));
    }
    for (index, action) in actions.iter().enumerate() {
        let at = |name: &str| format!("actions[{index}].{name}");
        let well_formed = (1..=40).contains(&action.id.len())
            && action
                .id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
        if !well_formed {
            problems.push(Error::field(Code::NotAnActionId, at("id")));
        } else if actions.iter().take(index).any(|earlier| earlier.id == action.id) {
            problems.push(Error::field(Code::NamedTwice, at("id")).found(action.id.as_str()));
        }
        if action.label.trim().is_empty() {
            problems.push(Error::field(Code::Required, at("label")));
        } else if action.label.graphemes(true).count() > 20 {
            problems.push(Error::field(Code::TooLong, at("label")).found("20"));
        }
    }
    problems
}

/// Ids of an event's deliveries lie between these two.
pub(crate) fn id_range(event: &EventId) -> (String, String) {
    let suffix = event.as_str().get(EventId::PREFIX.len()..).unwrap_or_default();
    (format!("dl_{suffix}"), format!("dl_{suffix}~"))
}

fn test_message(lang: Lang, public_url: &str) -> Message {
    let (title, body) = match lang {
        Lang::Ja => ("テスト送信です", "この宛先にお知らせが届くことを確認できました。"),
        Lang::En => ("This is a test", "Notices reach you at this address."),
    };
    Message {
        title: title.into(),
        body: body.into(),
        link: Some(format!("{public_url}/me")),
        ..Message::default()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
