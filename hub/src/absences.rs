//! Absences (マイ不在日程): a business system enters, changes and deletes them under ids of its own. Whoever
//! subscribes sees them in any calendar program (`feed`), and LINE WORKS calendars get them where the admin wants it
//! (`calendars`, `switch`).

mod calendars;
mod feed;
mod list;
mod switch;

pub(crate) use list::AbsenceFilter;

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::{
        absences::{Absence, AbsenceRequest, CalendarEntry, CalendarEntryState, MAX_REF, Period},
        auth::Role,
        settings::Scope,
    },
    delivery::Cause,
    error::{Code, Error},
    id::{AbsenceId, CompanyId, MemberId},
    time::{self, MINUTE, Millis},
};

use crate::{audience::BY_EMAIL, hub::Hub, ports::SqlError, refusal::Refusal, sessions::Caller, store};

impl Hub {
    /// `PUT /api/v1/absences/{ref}`: whether it is new, and the absence. The same again changes nothing. Errors: those
    /// of the form, `unknown_member`, `too_long` for the id, `not_allowed`.
    pub(crate) async fn save_absence(
        self: &Rc<Self>,
        caller: &Caller,
        reference: &str,
        request: &AbsenceRequest,
    ) -> Result<(bool, Absence), Refusal> {
        let own = absence_reach(caller, Scope::AbsencesWrite)?;
        let reference = checked_ref(reference)?;
        // The only await: whoever is found after it is still there when the absence is written.
        self.arm(self.now() + MINUTE).await?;
        let (period, mut problems) = match request.check() {
            Ok(period) => (Some(period), Vec::new()),
            Err(problems) => (None, problems),
        };
        let member = self.absent_member(request, own.as_ref(), &mut problems)?;
        let (Some(period), Some(member)) = (period, member) else {
            return Err(Refusal::Because(problems));
        };
        let wanted = Wanted { member, period, request };
        let known = self.absence_row(reference)?;
        if let (Some(known), Some(own)) = (&known, &own)
            && self.company_of_member(known.member.as_str())?.as_ref() != Some(own)
        {
            return Err(Code::NotAllowed.into());
        }
        let now = self.now();
        let fresh = known.is_none();
        if known.as_ref().is_none_or(|known| !wanted.is(known)) {
            let id = known.map_or_else(|| AbsenceId::new(now, self.random()), |known| known.id);
            self.ports.sql.atomically(&mut || {
                self.write_absence(&id, reference, &wanted)?;
                self.queue_entry(&id)?;
                self.audit(caller, "absence.saved", wanted.member.as_str(), id.as_str())
            })?;
            self.errand_waits();
        }
        let saved = self.absence_row(reference)?.ok_or(Code::Internal)?;
        Ok((fresh, saved.shown()))
    }

    /// `DELETE /api/v1/absences/{ref}`. Errors: `not_found`, `not_allowed`.
    pub(crate) async fn delete_absence(
        self: &Rc<Self>,
        caller: &Caller,
        reference: &str,
    ) -> Result<(), Refusal> {
        let own = absence_reach(caller, Scope::AbsencesWrite)?;
        self.arm(self.now() + MINUTE).await?;
        let known = self.absence_row(reference)?.ok_or(Code::NotFound)?;
        if own.is_some() && self.company_of_member(known.member.as_str())? != own {
            return Err(Code::NotFound.into());
        }
        self.ports.sql.atomically(&mut || {
            self.unqueue_entries(&known.id)?;
            self.ports.sql.run("DELETE FROM absences WHERE id = ?1", &[known.id.as_str().into()])?;
            self.audit(caller, "absence.deleted", known.member.as_str(), known.id.as_str())
        })?;
        self.errand_waits();
        Ok(())
    }

    fn write_absence(&self, id: &AbsenceId, reference: &str, wanted: &Wanted<'_>) -> Result<(), SqlError> {
        let Period { starts, ends, all_day } = wanted.period;
        self.ports.sql.run(
            "INSERT INTO absences (id, ref, member, title, note, starts, ends, all_day, revision, changed_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9) ON CONFLICT (id) DO UPDATE SET member = excluded.member, \
             title = excluded.title, note = excluded.note, starts = excluded.starts, ends = excluded.ends, \
             all_day = excluded.all_day, revision = revision + 1, changed_at = excluded.changed_at",
            &[
                id.as_str().into(),
                reference.into(),
                wanted.member.as_str().into(),
                wanted.title().into(),
                wanted.note().into(),
                starts.into(),
                ends.into(),
                all_day.into(),
                self.now().into(),
            ],
        )
    }

    /// Whom the request names, if the caller may write for that person.
    fn absent_member(
        &self,
        request: &AbsenceRequest,
        own: Option<&CompanyId>,
        problems: &mut Vec<Error>,
    ) -> Result<Option<MemberId>, Refusal> {
        let (query, asked, field) = match (&request.member, &request.email) {
            (Some(id), None) => ("SELECT id FROM members WHERE id = ?1", id, "member"),
            (None, Some(email)) => (BY_EMAIL, email, "email"),
            // Said already.
            _ => return Ok(None),
        };
        let found = self.ports.sql.texts(query, &[asked.as_str().into()])?;
        let found = found.first().and_then(|id| id.parse::<MemberId>().ok());
        let found = match (found, own) {
            (Some(id), Some(own)) if self.company_of_member(id.as_str())?.as_ref() != Some(own) => None,
            (found, _) => found,
        };
        if found.is_none() {
            problems.push(Error::field(Code::UnknownMember, field).found(asked));
        }
        Ok(found)
    }

    fn company_of_member(&self, member: &str) -> Result<Option<CompanyId>, Refusal> {
        let found = self.ports.sql.texts("SELECT company FROM members WHERE id = ?1", &[member.into()])?;
        Ok(found.first().and_then(|id| id.parse().ok()))
    }

    fn absence_row(&self, reference: &str) -> Result<Option<Row>, Refusal> {
        store::row(
            &*self.ports.sql,
            &format!("SELECT {ABSENCE} FROM absences b WHERE b.ref = ?1"),
            &[reference.into()],
        )
    }
}

/// A row of `absences b`, with how far it got into a calendar.
const ABSENCE: &str = "json_object('id', b.id, 'ref', b.ref, 'member', b.member, 'title', b.title, 'note', b.note, \
     'starts', b.starts, 'ends', b.ends, 'all_day', b.all_day, 'revision', b.revision, 'changed_at', b.changed_at, \
     'entry', json((SELECT json_object('due_at', e.due_at, 'cause', json(e.cause)) FROM calendar_entries e \
     WHERE e.absence = b.id AND e.removing = 0)))";

/// What a request asks for.
struct Wanted<'a> {
    member: MemberId,
    period: Period,
    request: &'a AbsenceRequest,
}

impl Wanted<'_> {
    /// One line.
    fn title(&self) -> String {
        self.request.title.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn note(&self) -> &str {
        self.request.note.trim()
    }

    /// Nothing would change.
    fn is(&self, known: &Row) -> bool {
        self.member == known.member
            && self.period == known.period()
            && self.title() == known.title
            && self.note() == known.note
    }
}

#[derive(Debug, Deserialize)]
struct Row {
    id: AbsenceId,
    #[serde(rename = "ref")]
    reference: String,
    member: MemberId,
    title: String,
    note: String,
    starts: Millis,
    ends: Millis,
    all_day: i64,
    revision: i64,
    changed_at: Millis,
    entry: Option<EntryRow>,
}

#[derive(Debug, Deserialize)]
struct EntryRow {
    due_at: Option<Millis>,
    cause: Option<Cause>,
}

impl Row {
    const fn period(&self) -> Period {
        Period { starts: self.starts, ends: self.ends, all_day: self.all_day == 1 }
    }

    fn shown(self) -> Absence {
        let (starts, ends) = self.period().texts();
        Absence {
            all_day: self.all_day == 1,
            calendar: self.entry.map(|EntryRow { due_at, cause }| CalendarEntry {
                state: match (due_at, &cause) {
                    (Some(_), _) => CalendarEntryState::Waiting,
                    (None, Some(_)) => CalendarEntryState::Failed,
                    (None, None) => CalendarEntryState::Done,
                },
                cause,
            }),
            changed_at: time::rfc3339(self.changed_at),
            reference: self.reference,
            member: self.member,
            title: self.title,
            note: self.note,
            starts,
            ends,
        }
    }
}

/// Whose absences the caller may see or change: a company admin's own company, else everybody's. Errors:
/// `not_allowed`.
fn absence_reach(caller: &Caller, scope: Scope) -> Result<Option<CompanyId>, Refusal> {
    match caller {
        Caller::Member(member) if member.role == Role::CompanyAdmin => {
            member.company.clone().map(Some).ok_or_else(|| Code::NotAllowed.into())
        }
        caller => caller.require_scope(scope).map(|()| None),
    }
}

fn checked_ref(reference: &str) -> Result<&str, Refusal> {
    if reference.chars().count() > MAX_REF {
        return Err(Error::field(Code::TooLong, "ref").found(MAX_REF.to_string()).into());
    }
    if reference.trim().is_empty() || reference.chars().any(char::is_control) {
        return Err(Error::field(Code::WrongType, "ref").into());
    }
    Ok(reference)
}
