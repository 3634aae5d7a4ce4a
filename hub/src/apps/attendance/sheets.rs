//! Reading months: one person's sheet, or many as CSV. Set-based: a few reads for any number of people.

use serde::Deserialize;
use shared::{
    api::{
        attendance::{MonthChange, MonthSheet, MonthState, SheetCorrection, ShiftState, TimedPunch},
        auth::Role,
        settings::Scope,
    },
    attendance::{
        Day, Month, Punch, PunchKind, csv,
        sheet::{self, Taken},
    },
    channel::Channel,
    error::Code,
    id::{CompanyId, MemberId},
    lang::Lang,
    time::{DAY, Millis},
};

use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

/// People read at a time.
const CHUNK: i64 = 200;

/// Whose months are wanted; both empty for everybody the caller may see.
#[derive(Debug, Clone, Default)]
pub(crate) struct CsvFilter {
    pub(crate) member: Option<MemberId>,
    pub(crate) company: Option<CompanyId>,
}

#[derive(Deserialize)]
struct PersonRow {
    id: MemberId,
    name: String,
    employee_number: String,
    company_name: Option<String>,
    state: Option<MonthState>,
    changed_by: Option<String>,
    changed_at: Option<Millis>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct PunchRow {
    member: MemberId,
    at: Millis,
    kind: PunchKind,
    day: Day,
    channel: Option<Channel>,
    recorded_at: Millis,
}

#[derive(Deserialize)]
struct CorrectionRow {
    member: MemberId,
    day: Day,
    at: Millis,
    by: String,
    reason: String,
    before: Vec<TimedPunch>,
    after: Vec<TimedPunch>,
}

impl Hub {
    /// One person's month, for the person, admins, the company's admins, and keys with `attendance:read`.
    /// Errors: `not_found`, `not_allowed`.
    pub(crate) fn attendance_month(
        &self,
        caller: &Caller,
        member: Option<&MemberId>,
        month: Month,
    ) -> Result<MonthSheet, Refusal> {
        let subject = match caller {
            Caller::Key { .. } => {
                caller.require_scope(Scope::AttendanceRead)?;
                let id = member.ok_or_else(|| shared::error::Error::field(Code::Required, "member"))?;
                self.member(id)?.id
            }
            Caller::Member(own) => match member {
                Some(id) if *id != own.id => self.visible_member(caller, id)?.id,
                _ => own.id.clone(),
            },
        };
        self.month_sheet(&subject, month)
    }

    /// The sheet, whoever asks.
    pub(super) fn month_sheet(&self, member: &MemberId, month: Month) -> Result<MonthSheet, Refusal> {
        let filter = CsvFilter { member: Some(member.clone()), company: None };
        self.sheets(month, &filter, 0)?.pop().ok_or_else(|| Code::NotFound.into())
    }

    /// The months of everybody whom the caller may see and the filter takes, by reading and name. Errors:
    /// `not_allowed`, `not_found` for a person out of reach.
    pub(crate) fn attendance_csv(
        &self,
        caller: &Caller,
        mut filter: CsvFilter,
        month: Month,
        lang: Lang,
    ) -> Result<String, Refusal> {
        match caller {
            Caller::Key { .. } => caller.require_scope(Scope::AttendanceRead)?,
            Caller::Member(own) if own.role.is_admin() => {}
            Caller::Member(own) => {
                let company = own.company.clone().filter(|_| own.role == Role::CompanyAdmin);
                match (&filter.member, company) {
                    (Some(id), _) if *id == own.id => {}
                    (Some(id), Some(_)) => drop(self.visible_member(caller, id)?),
                    (None, Some(company)) => {
                        if filter.company.as_ref().is_some_and(|asked| *asked != company) {
                            return Err(Code::NotAllowed.into());
                        }
                        filter.company = Some(company);
                    }
                    (None, None) if filter.company.is_none() => filter.member = Some(own.id.clone()),
                    (_, None) => return Err(Code::NotAllowed.into()),
                }
            }
        }
        let mut text = csv::head(lang);
        let mut from = 0;
        loop {
            let sheets = self.sheets(month, &filter, from)?;
            sheets.iter().for_each(|sheet| csv::add(&mut text, sheet, lang));
            from += CHUNK;
            if i64::try_from(sheets.len()).unwrap_or_default() < CHUNK {
                return Ok(text);
            }
        }
    }

    /// The next people from a number on, with everything of their month.
    fn sheets(&self, month: Month, filter: &CsvFilter, from: i64) -> Result<Vec<MonthSheet>, Refusal> {
        let sql = &*self.ports.sql;
        let people: Vec<PersonRow> = store::rows(
            sql,
            "SELECT json_object('id', m.id, 'name', m.name, 'employee_number', m.employee_number, 'company_name', c.name, \
             'state', s.state, 'changed_by', coalesce(x.name, s.changed_by), 'changed_at', s.changed_at, 'reason', s.reason) \
             FROM members m LEFT JOIN companies c ON c.id = m.company \
             LEFT JOIN attendance_months s ON s.member = m.id AND s.month = ?1 LEFT JOIN members x ON x.id = s.changed_by \
             WHERE (?2 IS NULL OR m.id = ?2) AND (?3 IS NULL OR m.company = ?3) \
             ORDER BY m.reading, m.name, m.id LIMIT ?4 OFFSET ?5",
            &[
                month.to_string().into(),
                filter.member.as_ref().map(MemberId::as_str).into(),
                filter.company.as_ref().map(CompanyId::as_str).into(),
                CHUNK.into(),
                from.into(),
            ],
        )?;
        let ids = serde_json::to_string(&people.iter().map(|person| &person.id).collect::<Vec<_>>())?;
        // A shift that begins on the last day may end on the next; a correction knows times up to 47:59.
        let punches: Vec<PunchRow> = store::rows(
            sql,
            "SELECT json_object('member', member, 'at', at, 'kind', kind, 'day', day, 'channel', channel, 'recorded_at', recorded_at) \
             FROM attendance_punches WHERE member IN (SELECT value FROM json_each(?1)) AND at >= ?2 AND at < ?3 \
             AND substr(day, 1, 7) = ?4 ORDER BY member, at",
            &[
                ids.as_str().into(),
                month.start().into(),
                (month.end() + DAY).into(),
                month.to_string().into(),
            ],
        )?;
        let corrections: Vec<CorrectionRow> = store::rows(
            sql,
            "SELECT json_object('member', k.member, 'day', k.day, 'at', k.at, 'by', coalesce(x.name, k.actor), 'reason', k.reason, \
             'before', json(k.before), 'after', json(k.after)) FROM attendance_corrections k LEFT JOIN members x ON x.id = k.actor \
             WHERE k.member IN (SELECT value FROM json_each(?1)) AND substr(k.day, 1, 7) = ?2 ORDER BY k.member, k.at",
            &[ids.as_str().into(), month.to_string().into()],
        )?;
        let now = self.now();
        Ok(people
            .into_iter()
            .map(|person| {
                let mine = |member: &MemberId| *member == person.id;
                let punches: Vec<&PunchRow> = punches.iter().filter(|row| mine(&row.member)).collect();
                let corrections: Vec<&CorrectionRow> =
                    corrections.iter().filter(|row| mine(&row.member)).collect();
                make(month, &person, &punches, &corrections, now)
            })
            .collect())
    }
}

fn make(
    month: Month,
    person: &PersonRow,
    punches: &[&PunchRow],
    corrections: &[&CorrectionRow],
    now: Millis,
) -> MonthSheet {
    let taken: Vec<Taken> = punches
        .iter()
        .map(|row| Taken { punch: Punch { at: row.at, kind: row.kind }, day: row.day, channel: row.channel })
        .collect();
    let corrected: Vec<Day> = corrections.iter().map(|row| row.day).collect();
    let days = sheet::days(month, &taken, &corrected, now);
    let missing = days.iter().flat_map(|day| &day.shifts);
    let missing = missing.filter(|shift| shift.state == ShiftState::ClockOutMissing).count();
    let worked_days = days.iter().filter(|day| !day.shifts.is_empty()).count();
    let newest = punches.iter().map(|row| row.recorded_at).max().unwrap_or_default();
    let corrected_at = corrections.iter().map(|row| row.at).max().unwrap_or_default();
    MonthSheet {
        month,
        member: person.id.clone(),
        name: person.name.clone(),
        employee_number: person.employee_number.clone(),
        company_name: person.company_name.clone(),
        state: person.state.unwrap_or_default(),
        changed: person.changed_at.map(|at| MonthChange {
            by: person.changed_by.clone().unwrap_or_default(),
            at,
            reason: person.reason.clone().unwrap_or_default(),
        }),
        worked_minutes: days.iter().map(|day| day.worked_minutes).sum(),
        break_minutes: days.iter().map(|day| day.break_minutes).sum(),
        worked_days: u32::try_from(worked_days).unwrap_or(u32::MAX),
        missing_clock_outs: u32::try_from(missing).unwrap_or(u32::MAX),
        days,
        corrections: corrections
            .iter()
            .map(|row| SheetCorrection {
                day: row.day,
                at: row.at,
                by: row.by.clone(),
                reason: row.reason.clone(),
                before: row.before.clone(),
                after: row.after.clone(),
            })
            .collect(),
        version: format!("{newest}.{}.{corrected_at}.{}", punches.len(), corrections.len()),
    }
}
