//! The feed of a member's own absences: a secret address that any calendar program subscribes to. The store keeps
//! the hash of its token, as it does of sessions.

use serde::Deserialize;
use shared::{
    api::absences::{CalendarFeed, NewCalendarFeed},
    ics::{self, Event},
    id::MemberId,
    lang::{Lang, Text},
    time::{DAY, Millis},
};

use super::{ABSENCE, Row};
use crate::{hub::Hub, refusal::Refusal, sessions::hash_of, store};

/// Longer ago than that nobody looks.
const PAST: Millis = 180 * DAY;
/// More is no calendar: the oldest are left out.
const MOST: i64 = 1_000;
const NAME: Text = Text::new("不在予定", "Absences");

impl Hub {
    /// `GET /api/me/calendar`.
    pub(crate) fn calendar_feed(&self, member: &MemberId) -> Result<CalendarFeed, Refusal> {
        let made = "SELECT created_at FROM calendar_feeds WHERE member = ?1";
        let made = self.ports.sql.texts(made, &[member.as_str().into()])?;
        Ok(CalendarFeed { created_at: made.first().and_then(|at| at.parse().ok()) })
    }

    /// `POST /api/me/calendar`: a new address; the one before is dead at once.
    pub(crate) fn make_calendar_feed(&self, member: &MemberId) -> Result<NewCalendarFeed, Refusal> {
        let now = self.now();
        let token = format!("{}.{}", self.workspace_digits(), self.new_token());
        self.ports.sql.run(
            "INSERT INTO calendar_feeds (member, hash, created_at) VALUES (?1, ?2, ?3) \
             ON CONFLICT (member) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at",
            &[member.as_str().into(), hash_of(&token).into(), now.into()],
        )?;
        Ok(NewCalendarFeed {
            url: format!("{}/calendar/{token}.ics", self.config.public_url),
            created_at: now,
        })
    }

    /// `DELETE /api/me/calendar`: again is no error.
    pub(crate) fn remove_calendar_feed(&self, member: &MemberId) -> Result<(), Refusal> {
        self.ports.sql.run("DELETE FROM calendar_feeds WHERE member = ?1", &[member.as_str().into()])?;
        Ok(())
    }

    /// `GET /calendar/{token}.ics`: `None` for a token that is none, and for somebody who may not come in any more.
    pub(crate) fn calendar_of(&self, file: &str) -> Result<Option<String>, Refusal> {
        #[derive(Deserialize)]
        struct Whose {
            id: String,
            language: Lang,
        }
        let Some(token) = file.strip_suffix(".ics") else { return Ok(None) };
        let whose: Option<Whose> = store::row(
            &*self.ports.sql,
            "SELECT json_object('id', m.id, 'language', m.language) FROM calendar_feeds f \
             JOIN members m ON m.id = f.member WHERE f.hash = ?1 AND m.usable = 1",
            &[hash_of(token).into()],
        )?;
        let Some(whose) = whose else { return Ok(None) };
        let rows: Vec<Row> = store::rows(
            &*self.ports.sql,
            &format!(
                "SELECT {ABSENCE} FROM absences b WHERE b.member = ?1 AND b.ends > ?2 ORDER BY b.starts DESC, b.id DESC LIMIT {MOST}"
            ),
            &[whose.id.into(), (self.now() - PAST).into()],
        )?;
        let workspace = self.config.workspace.as_str();
        let events: Vec<Event> = rows.into_iter().rev().map(|row| row.event(workspace)).collect();
        let name = format!("{} - {}", NAME.get(whose.language), self.workspace()?.name);
        Ok(Some(ics::calendar(&name, &events)))
    }
}

impl Row {
    fn event(self, workspace: &str) -> Event {
        Event {
            uid: format!("{}@{workspace}", self.id),
            changed_at: self.changed_at,
            sequence: u32::try_from(self.revision - 1).unwrap_or_default(),
            starts: self.starts,
            ends: self.ends,
            all_day: self.all_day == 1,
            title: self.title,
            note: self.note,
        }
    }
}
