//! Old notices and absences are forgotten, a slice at a time. Rows that are deleted count as written on the platform, so that a
//! backlog is worked off over days rather than at once: 300 deliveries each half hour are 14,400 a day, more than
//! the free plan lets come in.
//!
//! What is under way is never forgotten, however old. The day counts of the home page are kept for ever.

use serde::Deserialize;
use shared::{
    id::{DeliveryId, EventId},
    time::{DAY, HOUR, MINUTE, Millis},
};

use crate::{hub::Hub, refusal::Refusal, store};

/// Deliveries of one slice.
const SLICE: i64 = 300;
/// Between two slices while there is more; kept in the store, since an object lives for seconds.
const PAUSE: Millis = 30 * MINUTE;
/// Between two looks when there is nothing to forget.
const REST: Millis = 6 * HOUR;

/// What is known of the work: when somebody last looked, and when a slice is due if there is something.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Forgetting {
    looked: Option<Millis>,
    due: Option<Millis>,
}

#[derive(Deserialize)]
struct Wanted {
    days: i64,
    forgot_at: Millis,
}

impl Hub {
    /// When the next slice is due. Nothing to forget costs two reads every six hours, and no alarm.
    pub(crate) fn next_forgetting(&self) -> Result<Option<Millis>, Refusal> {
        let known = self.forgetting.get();
        if known.due.is_some() || known.looked.is_some_and(|looked| looked + REST > self.now()) {
            return Ok(known.due);
        }
        let wanted: Option<Wanted> = store::row(
            &*self.ports.sql,
            "SELECT json_object('days', retention_days, 'forgot_at', forgot_at) FROM workspace WHERE retention_days > 0",
            &[],
        )?;
        let due = match wanted {
            Some(wanted) if self.has_old(self.cut(wanted.days)?)? => Some(wanted.forgot_at + PAUSE),
            _ => None,
        };
        self.forgetting.set(Forgetting { looked: Some(self.now()), due });
        Ok(due)
    }

    /// The setting changed: look again now.
    pub(crate) fn forget_old_soon(&self) {
        self.forgetting.set(Forgetting::default());
        self.errand_waits();
    }

    /// Forgets one slice of what is older than the workspace wants to remember, if it is time.
    pub(crate) fn work_forgetting(&self) -> Result<(), Refusal> {
        let now = self.now();
        if self.forgetting.get().due.is_none_or(|due| due > now) {
            return Ok(());
        }
        self.forgetting.set(Forgetting::default());
        let days = store::number(&*self.ports.sql, "SELECT retention_days FROM workspace", &[])?;
        if days == 0 {
            return Ok(());
        }
        self.forget_slice(self.cut(days)?)
    }

    fn has_old(&self, cut: Millis) -> Result<bool, Refusal> {
        let count = store::number(
            &*self.ports.sql,
            &format!(
                "SELECT EXISTS (SELECT 1 FROM deliveries WHERE id < ?1 AND {OVER}) \
                 OR EXISTS (SELECT 1 FROM {OLDEST_EVENTS} WHERE {NOTHING_LEFT}) \
                 OR EXISTS (SELECT 1 FROM absences b WHERE b.ends < ?3 AND {SETTLED})"
            ),
            &[DeliveryId::first_at(cut).into(), EventId::new(cut, [0; 10]).as_str().into(), cut.into()],
        )?;
        Ok(count > 0)
    }

    fn forget_slice(&self, cut: Millis) -> Result<(), Refusal> {
        let sql = &*self.ports.sql;
        let all = DeliveryId::first_at(cut);
        let oldest = sql.texts(
            &format!(
                "SELECT e.created_at FROM (SELECT event FROM deliveries WHERE id < ?1 AND {OVER} ORDER BY id LIMIT 1) d \
                 JOIN events e ON e.id = d.event"
            ),
            &[all.as_str().into()],
        )?;
        // A slice ends with its day, which is counted before the first of it goes.
        let day = oldest.first().and_then(|at| at.parse().ok()).map(|at| self.whole_day(at)).transpose()?;
        let until = day.map_or(cut, |day| (day + DAY).min(cut));
        let until = DeliveryId::first_at(until);
        sql.atomically(&mut || {
            if let Some(day) = day {
                sql.run(COUNT_DAY, &[DeliveryId::first_at(day).into(), until.as_str().into()])?;
            }
            sql.run(
                &format!(
                    "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE id < ?1 AND {OVER} ORDER BY id LIMIT {SLICE})"
                ),
                &[until.as_str().into()],
            )?;
            let events = sql.texts(
                &format!(
                    "DELETE FROM events WHERE id IN (SELECT e.id FROM {OLDEST_EVENTS} WHERE {NOTHING_LEFT} AND ?1 = ?1) RETURNING id"
                ),
                &[all.as_str().into(), EventId::new(cut, [0; 10]).as_str().into()],
            )?;
            for event in &events {
                sql.run("DELETE FROM claims WHERE event = ?1", &[event.as_str().into()])?;
            }
            for statement in [
                format!(
                    "DELETE FROM calendar_entries WHERE absence IN (SELECT b.id FROM absences b WHERE b.ends < ?1 AND {SETTLED} ORDER BY b.id LIMIT {SLICE})"
                ),
                format!(
                    "DELETE FROM absences WHERE id IN (SELECT b.id FROM absences b WHERE b.ends < ?1 AND {SETTLED} ORDER BY b.id LIMIT {SLICE})"
                ),
            ] {
                sql.run(&statement, &[cut.into()])?;
            }
            sql.run("UPDATE workspace SET forgot_at = ?1", &[self.now().into()])
        })?;
        Ok(())
    }

    /// What is older than this is old: the beginning of a day, as the workspace counts days.
    fn cut(&self, days: i64) -> Result<Millis, Refusal> {
        self.whole_day(self.now() - days * DAY)
    }

    fn whole_day(&self, at: Millis) -> Result<Millis, Refusal> {
        let east = i64::from(self.zone()?.minutes()) * MINUTE;
        Ok((at + east).div_euclid(DAY) * DAY - east)
    }
}

/// What the home page draws, in its form; a day that was counted stays as it was.
const COUNT_DAY: &str = "INSERT INTO day_counts (first, until, counts) SELECT ?1, ?2, json_group_array(json_array(channel, state, n)) \
     FROM (SELECT channel, state, count(*) AS n FROM deliveries WHERE id >= ?1 AND id < ?2 GROUP BY channel, state) \
     WHERE NOT EXISTS (SELECT 1 FROM day_counts WHERE first < ?2 AND until > ?1) HAVING count(*) > 0";
/// A delivery that is under way is never forgotten.
const OVER: &str = "due_at IS NULL AND state <> 'sending'";
/// Few enough to look at: deliveries go in the order of their age, and so do their events.
const OLDEST_EVENTS: &str = "(SELECT id FROM events WHERE id < ?2 ORDER BY id LIMIT 600) e";
/// Of `absences b`: no calendar is to be told of it, or its switch is off and may stay so for ever. Events stay in the
/// calendars.
const SETTLED: &str = "NOT EXISTS (SELECT 1 FROM calendar_entries e JOIN calendar_syncs s ON s.integration = e.integration \
     WHERE e.absence = b.id AND e.due_at IS NOT NULL AND s.switched_on = 1)";
const NOTHING_LEFT: &str = "NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id >= 'dl_' || substr(e.id, 4) \
     AND d.id < 'dl_' || substr(e.id, 4) || '~')";
