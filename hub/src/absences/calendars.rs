//! LINE WORKS calendars follow the absences. What is to be done is a row, written in the burst of the change and
//! worked off by the errands: one event after another, tried until the calendar has it or the waits of a delivery are
//! through. What may be there already is replaced rather than made again, so that an answer that got lost doubles
//! nothing.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::live::LiveMessage,
    delivery::{BACKOFF, Cause, CauseCode, Guarantee, Next, Outcome, after_try},
    id::AbsenceId,
    time::{MINUTE, Millis, SECOND},
};

use crate::{
    clients::Client,
    hub::Hub,
    ports::{Audience, SqlError},
    providers::lineworks::{CalendarEvent, CallError},
    refusal::Refusal,
    store,
};

/// Entries of one go: with a token and a replacement each, below what one invocation may ask of other servers.
const SLICE: usize = 8;
/// Before the next go: longer than the dispatcher waits, so that it is another invocation.
const PAUSE: Millis = 15 * SECOND;
/// Longer than a try can take: one that was cut off is due again by then.
const LEASE: Millis = 2 * MINUTE;
/// The others are not kept waiting for longer by one that did not go through, unless the provider asks for it.
const LONGEST_PAUSE: Millis = MINUTE;

/// One entry that is due, with the absence as it is now.
#[derive(Debug, Deserialize)]
struct Due {
    absence: AbsenceId,
    account: String,
    integration: String,
    event: String,
    removing: i64,
    begun: i64,
    tries: u32,
    /// `None` when it is gone.
    wanted: Option<Content>,
}

#[derive(Debug, Deserialize)]
struct Content {
    title: String,
    note: String,
    starts: Millis,
    ends: Millis,
    all_day: i64,
    revision: i64,
}

impl Hub {
    /// An absence was written: whoever has it in a calendar gets it anew, and the person's own calendar does. Within
    /// a burst, whose alarm the caller has armed.
    pub(super) fn queue_entry(&self, absence: &AbsenceId) -> Result<(), SqlError> {
        let params = [absence.as_str().into(), self.now().into()];
        for statement in [MOVED, CHANGED, ENTERED] {
            self.ports.sql.run(statement, &params)?;
        }
        Ok(())
    }

    /// An absence goes: its events are to be taken away. Within a burst.
    pub(super) fn unqueue_entries(&self, absence: &AbsenceId) -> Result<(), SqlError> {
        let sql = &self.ports.sql;
        sql.run("DELETE FROM calendar_entries WHERE absence = ?1 AND begun = 0", &[absence.as_str().into()])?;
        sql.run(
            "UPDATE calendar_entries SET removing = 1, due_at = ?2, tries = 0, cause = NULL WHERE absence = ?1",
            &[absence.as_str().into(), self.now().into()],
        )
    }

    /// When the next entry is due, which may have passed.
    pub(crate) fn next_calendar_entry(&self) -> Result<Option<Millis>, Refusal> {
        let at = store::number(
            &*self.ports.sql,
            "SELECT coalesce(min(max((SELECT e.due_at FROM calendar_entries e WHERE e.integration = s.integration \
             AND e.due_at IS NOT NULL ORDER BY e.due_at LIMIT 1), s.pause_until)), 0) \
             FROM calendar_syncs s WHERE s.switched_on = 1",
            &[],
        )?;
        Ok(Some(at).filter(|at| *at > 0))
    }

    /// One slice of what is due.
    pub(crate) async fn work_calendars(self: &Rc<Self>) -> Result<(), Refusal> {
        let mut tried = Vec::new();
        while tried.len() < SLICE {
            let due: Option<Due> = store::row(&*self.ports.sql, DUE, &[self.now().into()])?;
            let Some(due) = due else { break };
            self.try_entry(&due).await?;
            tried.push(due.integration);
        }
        if tried.len() == SLICE {
            self.ports.sql.run(
                "UPDATE calendar_syncs SET pause_until = ?1 WHERE switched_on = 1 AND pause_until < ?1",
                &[(self.now() + PAUSE).into()],
            )?;
        }
        self.tell_of_calendars(&tried)
    }

    /// 1. Count the try, so that an entry that kills the object is not tried for ever.
    /// 2. Ask.
    /// 3. Write what came of it, unless the absence was changed meanwhile.
    async fn try_entry(self: &Rc<Self>, due: &Due) -> Result<(), Refusal> {
        let lease = self.now() + LEASE;
        if usize::try_from(due.tries).is_ok_and(|tries| tries > BACKOFF.len()) {
            // The last try was cut off.
            return self.put_off(due, None, None, &Cause::new(CauseCode::LeaseExpired, ""));
        }
        self.ports.sql.run(
            "UPDATE calendar_entries SET tries = tries + 1, begun = 1, due_at = ?3 WHERE absence = ?1 AND account = ?2",
            &[due.absence.as_str().into(), due.account.as_str().into(), lease.into()],
        )?;
        match self.tell_calendar(due).await {
            Ok(event) => self.entry_done(due, lease, &event),
            Err(outcome) => self.entry_failed(due, lease, &outcome),
        }
    }

    /// The event's id in the calendar.
    async fn tell_calendar(self: &Rc<Self>, due: &Due) -> Result<String, Outcome> {
        let missing = |code| Outcome::Retry { after_ms: None, cause: Cause::new(code, "") };
        let client = self.client(&due.integration).await.map_err(|refusal| {
            self.ports.log.line(&format!("calendars: {}", crate::http::for_log(&refusal)));
            missing(CauseCode::Credentials)
        })?;
        let Some(Client::Lineworks(bot)) = client else { return Err(missing(CauseCode::IntegrationMissing)) };
        let calendars = &bot.calendars;
        let outcome = |error: CallError| error.outcome();
        let Some(content) = due.wanted.as_ref().filter(|_| due.removing == 0) else {
            calendars.delete_event(&due.account, &due.event).await.map_err(outcome)?;
            return Ok(due.event.clone());
        };
        let zone = self.zone().map_err(|_| missing(CauseCode::ProviderError))?;
        let event = CalendarEvent {
            id: &due.event,
            title: &content.title,
            note: &content.note,
            starts: content.starts,
            ends: content.ends,
            all_day: content.all_day == 1,
            sequence: content.revision - 1,
            zone,
        };
        calendars.save_event(&due.account, &event, due.begun == 1).await.map_err(outcome)
    }

    fn entry_done(&self, due: &Due, lease: Millis, event: &str) -> Result<(), Refusal> {
        let key = [due.absence.as_str().into(), due.account.as_str().into(), lease.into()];
        self.ports.sql.atomically(&mut || {
            let sql = &self.ports.sql;
            sql.run(
                "UPDATE calendar_syncs SET last_ok_at = ?2, pause_until = 0 WHERE integration = ?1",
                &[due.integration.as_str().into(), self.now().into()],
            )?;
            if due.removing == 1 || due.wanted.is_none() {
                // Unless it was wanted again meanwhile.
                return sql.run(
                    "DELETE FROM calendar_entries WHERE absence = ?1 AND account = ?2 AND due_at = ?3",
                    &key,
                );
            }
            sql.run(
                "UPDATE calendar_entries SET event = ?4, tries = 0, cause = NULL, failed_at = NULL, \
                 due_at = CASE WHEN due_at = ?3 THEN NULL ELSE due_at END WHERE absence = ?1 AND account = ?2",
                &[&key[..], &[event.into()]].concat(),
            )
        })?;
        Ok(())
    }

    fn entry_failed(&self, due: &Due, lease: Millis, outcome: &Outcome) -> Result<(), Refusal> {
        let now = self.now();
        let jitter = u16::from_le_bytes(self.random());
        let next = after_try(outcome, due.tries + 1, now, true, Guarantee::AtLeastOnce, jitter);
        let (Outcome::Retry { cause, .. } | Outcome::Rejected { cause, .. } | Outcome::Uncertain { cause }) =
            outcome
        else {
            return Ok(());
        };
        let due_at = match next {
            Next::Waiting { due_at } => Some(due_at),
            Next::Sent | Next::Failed | Next::Uncertain => None,
        };
        if let Some(due_at) = due_at {
            // What stands in the way of this one stands in the way of the others.
            let asked = matches!(outcome, Outcome::Retry { after_ms: Some(_), .. });
            let pause_until = if asked { due_at } else { due_at.min(now + LONGEST_PAUSE) };
            self.ports.sql.run(
                "UPDATE calendar_syncs SET pause_until = ?2 WHERE integration = ?1",
                &[due.integration.as_str().into(), pause_until.into()],
            )?;
        }
        self.put_off(due, Some(lease), due_at, cause)
    }

    /// Waits until `due_at`, or is given up. One that was changed since `lease` keeps its own time.
    fn put_off(
        &self,
        due: &Due,
        lease: Option<Millis>,
        due_at: Option<Millis>,
        cause: &Cause,
    ) -> Result<(), Refusal> {
        self.ports.sql.run(
            "UPDATE calendar_entries SET due_at = ?4, cause = ?5, failed_at = ?6 \
             WHERE absence = ?1 AND account = ?2 AND (?3 IS NULL OR due_at = ?3)",
            &[
                due.absence.as_str().into(),
                due.account.as_str().into(),
                lease.into(),
                due_at.into(),
                serde_json::to_string(cause)?.into(),
                self.now().into(),
            ],
        )?;
        Ok(())
    }

    /// Open pages of 連携 hear how it goes: once a slice, since everything that waits is counted for it.
    fn tell_of_calendars(&self, tried: &[String]) -> Result<(), Refusal> {
        if tried.is_empty() || !self.ports.live.anyone() {
            return Ok(());
        }
        for shown in self.integrations()? {
            if tried.iter().any(|id| id == shown.id.as_str()) {
                let text = serde_json::to_string(&LiveMessage::Integration(Box::new(shown)))?;
                self.ports.live.publish(Audience::Admins, &text);
            }
        }
        Ok(())
    }
}

/// The person's own ID at LINE WORKS, else the login: the provider takes either (lineworks.md §0).
macro_rules! account {
    () => {
        "coalesce((SELECT a.value FROM addresses a WHERE a.member = m.id AND a.channel = 'lineworks' AND a.value <> ''), m.login_email)"
    };
}

/// It is somebody else's now, or the person's ID is another one.
const MOVED: &str = concat!(
    "UPDATE calendar_entries SET removing = 1, due_at = ?2, tries = 0, cause = NULL WHERE absence = ?1 AND removing = 0 \
     AND account <> (SELECT ",
    account!(),
    " FROM absences b JOIN members m ON m.id = b.member WHERE b.id = ?1)"
);

const CHANGED: &str = concat!(
    "UPDATE calendar_entries SET removing = 0, due_at = ?2, tries = 0, cause = NULL WHERE absence = ?1 \
     AND account = (SELECT ",
    account!(),
    " FROM absences b JOIN members m ON m.id = b.member WHERE b.id = ?1)"
);

/// Whose work it is: the integration that was connected first, of those that are switched on.
macro_rules! keeper {
    () => {
        "(SELECT o.integration FROM calendar_syncs o JOIN integrations i ON i.id = o.integration \
         WHERE o.switched_on = 1 ORDER BY i.created_at, i.id LIMIT 1)"
    };
}

/// What is in a calendar already stays the one entry of its absence: the login and the ID that is linked later name the
/// same calendar.
macro_rules! entered {
    ($which:literal) => {
        concat!(
            "INSERT INTO calendar_entries (absence, account, member, integration, event, due_at) SELECT b.id, ",
            account!(),
            ", b.member, s.integration, b.id || '-' || b.revision, ?2 FROM absences b JOIN members m ON m.id = b.member JOIN ",
            keeper!(),
            " s WHERE ",
            $which,
            " AND NOT EXISTS (SELECT 1 FROM calendar_entries e WHERE e.absence = b.id AND e.removing = 0) \
             ON CONFLICT (absence, account) DO NOTHING"
        )
    };
}

const ENTERED: &str = entered!("b.id = ?1");

/// Everything that is not over, when the switch is turned on; ?1 is the time.
pub(super) const ALL_ENTERED: &str = entered!("b.ends > ?1 AND ?2 = ?2");

/// What belongs to an integration that is switched off goes to one that is on, if any; ?1 is the time. Any app of a
/// tenant may change any event in it (lineworks.md §5). What is not over is told again, and replaced where it is: in
/// the calendars of another tenant it would be missing.
pub(super) const HANDED_OVER: &str = concat!(
    "UPDATE calendar_entries SET integration = ",
    keeper!(),
    ", tries = 0, cause = NULL, due_at = CASE WHEN due_at IS NOT NULL OR cause IS NOT NULL OR EXISTS \
     (SELECT 1 FROM absences b WHERE b.id = calendar_entries.absence AND b.ends > ?1) THEN ?1 END \
     WHERE integration NOT IN (SELECT integration FROM calendar_syncs WHERE switched_on = 1) \
     AND EXISTS (SELECT 1 FROM calendar_syncs WHERE switched_on = 1)"
);

/// What was given up for want of the right ID; ?1 is the integration.
pub(super) const ACCOUNTS_ANEW: &str = concat!(
    "UPDATE OR IGNORE calendar_entries SET account = (SELECT ",
    account!(),
    " FROM members m WHERE m.id = calendar_entries.member) \
     WHERE integration = ?1 AND due_at IS NULL AND removing = 0 AND cause ->> '$.code' = 'unknown_recipient'"
);

const DUE: &str = "SELECT json_object('absence', e.absence, 'account', e.account, 'integration', e.integration, \
     'event', e.event, 'removing', e.removing, 'begun', e.begun, 'tries', e.tries, 'wanted', \
     json((SELECT json_object('title', b.title, 'note', b.note, 'starts', b.starts, 'ends', b.ends, 'all_day', b.all_day, \
     'revision', b.revision) FROM absences b WHERE b.id = e.absence))) \
     FROM calendar_entries e JOIN calendar_syncs s ON s.integration = e.integration \
     WHERE e.due_at <= ?1 AND s.switched_on = 1 AND s.pause_until <= ?1 ORDER BY e.due_at, e.absence LIMIT 1";
