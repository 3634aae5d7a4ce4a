//! Quiet time: who has which, and until when their notices wait.
//!
//! Nothing is written for a notice because of it. A notice that is decided in quiet time is due when that ends; one
//! that comes to its turn in quiet time (a retry, the rest of a flood) is put off then. Both wait in the store like a
//! scheduled one and leave in the queue's order: urgency first, in turns, within each provider's bucket.

mod settings;

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    quiet::{Calendar, Schedule},
    routing::Urgency,
    time::Millis,
};

use crate::{attempt::Job, hub::Hub, ports::SqlError, refusal::Refusal, store};

/// A member who wants no quiet time, in the store.
const NEVER: &str = "-";

/// All that is needed to say whether it is quiet for somebody. Kept in memory.
#[derive(Debug, Default)]
pub(crate) struct QuietRules {
    workspace: Option<Schedule>,
    /// Rooms wait too.
    rooms: bool,
    calendar: Calendar,
    /// The schedules that members have of their own.
    own: Vec<String>,
}

/// For whom it is quiet at one moment.
#[derive(Debug, Default)]
pub(crate) struct QuietNow {
    /// `{schedule: until}` for those who are quiet; the workspace's under the empty name. `None`: nobody is.
    pub(crate) ends: Option<String>,
    pub(crate) rooms: Option<Millis>,
}

/// A delivery that is about to go in a call to several.
pub(crate) struct Waiting<'a> {
    pub(crate) id: &'a str,
    pub(crate) urgency: i64,
    pub(crate) resends: u32,
    /// The member's own quiet time.
    pub(crate) quiet: Option<&'a str>,
}

impl QuietRules {
    /// `own` is a member's: see [`NEVER`]. `zone` is minutes east of UTC.
    fn until(&self, own: Option<&str>, at: Millis, zone: i32) -> Option<Millis> {
        let schedule = match own {
            None => self.workspace?,
            Some(own) => own.parse().ok()?,
        };
        schedule.until(&self.calendar, at, zone)
    }

    fn rooms_until(&self, at: Millis, zone: i32) -> Option<Millis> {
        self.until(None, at, zone).filter(|_| self.rooms)
    }

    /// Nobody has any.
    fn is_never(&self) -> bool {
        self.workspace.is_none() && self.own.is_empty()
    }
}

impl Hub {
    pub(crate) fn quiet_rules(&self) -> Result<Rc<QuietRules>, Refusal> {
        #[derive(Deserialize)]
        struct Row {
            workspace: Option<String>,
            rooms: i64,
            days: Vec<(String, i64)>,
            own: Vec<String>,
        }
        if let Some(known) = self.cache.quiet.borrow().as_ref() {
            return Ok(Rc::clone(known));
        }
        let row: Option<Row> = store::row(
            &*self.ports.sql,
            "SELECT json_object('workspace', quiet, 'rooms', quiet_rooms, \
             'days', json((SELECT json_group_array(json_array(day, off)) FROM company_days)), \
             'own', json((SELECT json_group_array(code) FROM quiet_schedules))) FROM workspace",
            &[],
        )?;
        let rules = match row {
            None => QuietRules::default(),
            Some(row) => QuietRules {
                workspace: row.workspace.and_then(|code| code.parse().ok()),
                rooms: row.rooms == 1,
                calendar: Calendar::new(row.days.iter().map(|(day, off)| (day.as_str(), *off == 1))),
                own: row.own,
            },
        };
        let rules = Rc::new(rules);
        self.cache.quiet.replace(Some(Rc::clone(&rules)));
        Ok(rules)
    }

    /// For whom it is quiet at `at`. Critical notices do not ask.
    pub(crate) fn quiet_at(&self, at: Millis, urgency: Urgency) -> Result<QuietNow, Refusal> {
        if urgency == Urgency::Critical {
            return Ok(QuietNow::default());
        }
        let rules = self.quiet_rules()?;
        if rules.is_never() {
            return Ok(QuietNow::default());
        }
        let zone = self.zone()?.minutes();
        let mut ends = serde_json::Map::new();
        let mut add = |code: &str, until: Option<Millis>| {
            ends.extend(until.map(|until| (code.to_owned(), until.into())));
        };
        add("", rules.until(None, at, zone));
        for code in &rules.own {
            add(code, rules.until(Some(code), at, zone));
        }
        let ends = (!ends.is_empty()).then(|| serde_json::Value::Object(ends).to_string());
        Ok(QuietNow { ends, rooms: rules.rooms_until(at, zone) })
    }

    /// Puts a try off that would disturb; true when it did. What was sent by hand goes, and so does a change of a
    /// sent message, which makes no sound. A repeat of what may have arrived goes too: in time for the provider to
    /// recognise it.
    pub(crate) fn hold_in_quiet(
        &self,
        job: &Job,
        leased: Option<Millis>,
        now: Millis,
    ) -> Result<bool, Refusal> {
        let passes = job.urgency == Urgency::Critical.rank() || job.resends > 0 || job.edits.is_some();
        if passes || job.may_have_arrived() {
            return Ok(false);
        }
        let rules = self.quiet_rules()?;
        if rules.is_never() {
            return Ok(false);
        }
        let zone = self.zone()?.minutes();
        let until = match job.room {
            Some(_) => rules.rooms_until(now, zone),
            None => rules.until(job.quiet.as_deref(), now, zone),
        };
        let Some(until) = until else { return Ok(false) };
        self.hold(job.id.as_str(), until, leased.or(Some(-1)))?;
        self.announce_delivery(&job.id)?;
        Ok(true)
    }

    /// The same for several people who would get one call; answers the ids of what was put off. None of them was
    /// tried yet.
    pub(crate) fn hold_those_in_quiet<'a>(
        &self,
        rows: impl Iterator<Item = Waiting<'a>>,
    ) -> Result<Vec<String>, Refusal> {
        let rules = self.quiet_rules()?;
        if rules.is_never() {
            return Ok(Vec::new());
        }
        let (now, zone) = (self.now(), self.zone()?.minutes());
        let mut held = Vec::new();
        for row in rows.filter(|row| row.urgency != Urgency::Critical.rank() && row.resends == 0) {
            let Some(until) = rules.until(row.quiet, now, zone) else { continue };
            self.hold(row.id, until, None)?;
            held.push(row.id.to_owned());
        }
        Ok(held)
    }

    /// What was leased in its insert is known by the end of its lease: that one, or with `None` any.
    fn hold(&self, id: &str, until: Millis, leased: Option<Millis>) -> Result<(), SqlError> {
        self.ports.sql.exec(
            "UPDATE deliveries SET state = 'waiting', lease_until = NULL, due_at = ?2, decision = 'hold', reason = 'quiet_time' \
             WHERE id = ?1 AND (state = 'waiting' OR state = 'sending' AND (lease_until = ?3 OR ?3 IS NULL AND due_at IS NULL)) \
             AND due_at IS NOT ?2",
            &[id.into(), until.into(), leased.into()],
        )?;
        self.dispatcher.look_by(until);
        Ok(())
    }

    /// Quiet time changed, for one member or for everybody: what waits for its end waits for the new one. What is
    /// scheduled for later is looked at again at its own time, and what was tried keeps its retry's time.
    pub(crate) fn release_quiet(&self, member: Option<&str>) -> Result<(), Refusal> {
        let now = self.now();
        let ends = self.quiet_at(now, Urgency::Normal)?;
        let changed = self.release(member, &ends, now)?;
        if changed > 0 {
            self.dispatcher.forget_queue();
        }
        self.dispatcher.look_by(now);
        Ok(())
    }

    fn release(&self, member: Option<&str>, quiet: &QuietNow, now: Millis) -> Result<u64, SqlError> {
        self.ports.sql.exec(
            "UPDATE deliveries SET due_at = held.due FROM (SELECT d.id, CASE WHEN e.deliver_at > ?1 THEN e.deliver_at ELSE max(?1, \
               coalesce(CASE WHEN r.id IS NOT NULL THEN ?4 ELSE ?3 ->> ('$.\"' || coalesce(m.quiet, '') || '\"') END, 0)) END AS due \
             FROM deliveries d JOIN events e ON e.id = d.event LEFT JOIN members m ON m.id = d.target LEFT JOIN rooms r ON r.id = d.target \
             WHERE d.due_at > ?1 AND d.state = 'waiting' AND d.decision = 'hold' AND d.tries = 0 AND (?2 IS NULL OR d.target = ?2)) AS held \
             WHERE deliveries.id = held.id AND deliveries.due_at <> held.due",
            &[
                now.into(),
                member.into(),
                quiet.ends.as_deref().unwrap_or("{}").into(),
                quiet.rooms.into(),
            ],
        )
    }
}
