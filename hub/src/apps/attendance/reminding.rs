//! 「退勤の打刻がまだありません」: once a day, at the time that the admin chose, to everybody who has begun and not
//! ended. Whom it would reach in quiet time is not asked: in the morning an answer would end the shift then.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::{
        attendance::AttendanceSettings,
        events::{EventRequest, Recipient},
    },
    attendance::{Day, PunchKind},
    lang::Lang,
    routing::Urgency,
    time::Millis,
};

use super::people::ORDER;
use crate::{hub::Hub, ports::SqlError, refusal::Refusal, store};

const KIND: &str = "attendance.clock_out_missing";
/// Whom one event may name.
const SLICE: usize = 1_000;
/// Behind every id.
const ALL: &str = "~";

/// What is kept of the last day on which it began.
#[derive(Debug, Clone, Deserialize)]
struct Course {
    day: Day,
    reached: String,
}

impl Hub {
    /// When it begins, or goes on; `None` while no time is chosen.
    pub(super) fn next_reminder(&self) -> Result<Option<Millis>, Refusal> {
        let Some(minutes) = self.attendance_settings()?.reminder() else { return Ok(None) };
        let today = Day::of(self.now());
        let done = self.reminder_course()?.is_some_and(|course| course.day >= today && course.reached == ALL);
        Ok(Some(if done { today.next() } else { today }.at(minutes)))
    }

    /// Asks the next thousand, if it is time. Each is an event of its own with its own key, so that nobody is asked
    /// twice.
    pub(super) async fn remind(self: &Rc<Self>) -> Result<(), Refusal> {
        let now = self.now();
        if self.next_reminder()?.is_none_or(|at| at > now) {
            return Ok(());
        }
        let today = Day::of(now);
        let settings = self.attendance_settings()?;
        let reached = match self.reminder_course()? {
            Some(course) if course.day == today => course.reached,
            _ => String::new(),
        };
        let quiet = self.quiet_at(now, Urgency::Normal)?.ends;
        let open = self.not_clocked_out(today, &reached, quiet.as_deref())?;
        if open.is_empty() {
            return Ok(self.set_reminder_course(today, ALL)?);
        }
        let lang = self.workspace()?.language;
        let word = settings.example(PunchKind::ClockOut).unwrap_or_default();
        let request = reminder(&open, &word, lang);
        let key = format!("{KIND}:{today}:{}:{reached}", settings.remind_at);
        self.submit_event("attendance", Some(&key), request, b"").await?;
        // Within the burst that wrote the event: nothing is awaited in between.
        let last = if open.len() < SLICE { ALL } else { open.last().map_or(ALL, String::as_str) };
        Ok(self.set_reminder_course(today, last)?)
    }

    /// After a change of the time: one that has passed today is tomorrow's.
    pub(super) fn reminder_changed(&self, settings: &AttendanceSettings) -> Result<(), SqlError> {
        let now = self.now();
        let today = Day::of(now);
        match settings.reminder() {
            Some(minutes) if today.at(minutes) <= now => self.set_reminder_course(today, ALL),
            _ => self.ports.sql.run("DELETE FROM attendance_reminder", &[]),
        }
    }

    /// Whose last punch of the day does not end it, by id. `quiet`: see `QuietNow::ends`.
    fn not_clocked_out(&self, day: Day, reached: &str, quiet: Option<&str>) -> Result<Vec<String>, Refusal> {
        Ok(self.ports.sql.texts(
            &format!(
                "SELECT m.id FROM members m WHERE m.id > ?1 AND m.usable = 1 AND \
                 (SELECT p.kind FROM attendance_punches p WHERE p.member = m.id AND p.at >= ?2 AND p.day = ?3 \
                  ORDER BY p.at DESC, {ORDER} DESC LIMIT 1) <> 'clock_out' \
                 AND NOT EXISTS (SELECT 1 FROM json_each(?4) q WHERE q.key = coalesce(m.quiet, '')) ORDER BY m.id LIMIT {SLICE}"
            ),
            &[reached.into(), day.start().into(), day.to_string().into(), quiet.unwrap_or("{}").into()],
        )?)
    }

    fn reminder_course(&self) -> Result<Option<Course>, Refusal> {
        let course = "SELECT json_object('day', day, 'reached', reached) FROM attendance_reminder";
        store::row(&*self.ports.sql, course, &[])
    }

    fn set_reminder_course(&self, day: Day, reached: &str) -> Result<(), SqlError> {
        self.ports.sql.run(
            "INSERT INTO attendance_reminder (one, day, reached) VALUES (1, ?1, ?2) \
             ON CONFLICT (one) DO UPDATE SET day = excluded.day, reached = excluded.reached",
            &[day.to_string().into(), reached.into()],
        )
    }
}

fn reminder(open: &[String], word: &str, lang: Lang) -> EventRequest {
    let (title, body) = match lang {
        Lang::Ja => (
            "退勤の打刻がまだありません".to_owned(),
            format!(
                "退勤していたら、「{word}」と送ってください。時刻を直すときは、管理者に知らせてください。"
            ),
        ),
        Lang::En => (
            "You have not clocked out yet".to_owned(),
            format!("If you have left, send “{word}”. To correct the time, tell an admin."),
        ),
    };
    EventRequest::new(KIND, open.iter().cloned().map(Recipient::Member).collect(), title, body)
}
