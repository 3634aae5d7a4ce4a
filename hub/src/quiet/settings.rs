//! Who sets quiet time: an admin for everybody, each member for themselves; and the company's calendar.

use serde::Deserialize;
use shared::{
    api::{
        me::{MyQuiet, MyQuietRequest, QuietChoice},
        quiet::{CompanyDays, CompanyDaysRequest, Holiday, QuietRequest, WorkspaceQuiet},
    },
    error::{Code, Error},
    id::MemberId,
    lang::Lang,
    quiet::{
        QuietTime, Schedule, day_number, day_text,
        holidays::{holidays_of, year_of},
    },
    time::{DAY, MINUTE},
};

use super::NEVER;
use crate::{hub::Hub, refusal::Refusal, sessions::Caller, store};

/// More than three years of days that differ from the week.
const MOST_DAYS: i64 = 500;

impl Hub {
    /// `GET /api/settings/quiet`.
    pub(crate) fn workspace_quiet(&self, caller: &Caller, lang: Lang) -> Result<WorkspaceQuiet, Refusal> {
        caller.admin_member()?;
        let rules = self.quiet_rules()?;
        let (now, zone) = (self.now(), self.zone()?.minutes());
        let today = (now + i64::from(zone) * MINUTE).div_euclid(DAY);
        let days: Vec<CompanyDays> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('from', day, 'until', day, 'off', json(CASE off WHEN 1 THEN 'true' ELSE 'false' END), 'name', name) \
             FROM company_days WHERE day >= ?1 ORDER BY day",
            &[day_text(today).into()],
        )?;
        let year = year_of(today);
        let holidays = [year, year + 1].into_iter().flat_map(holidays_of);
        let count = |query: &str| store::number(&*self.ports.sql, query, &[]);
        let unsigned = |count: i64| u64::try_from(count).unwrap_or_default();
        Ok(WorkspaceQuiet {
            time: time_of(rules.workspace),
            rooms: rules.rooms,
            days: in_rows(days),
            holidays: holidays.map(|(day, name)| Holiday { day, name: name.get(lang).to_owned() }).collect(),
            until: rules.until(None, now, zone),
            waiting: unsigned(count(
                "SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL AND state = 'waiting' AND reason = 'quiet_time'",
            )?),
            own: unsigned(count("SELECT count(*) FROM members WHERE quiet IS NOT NULL")?),
        })
    }

    /// `PUT /api/settings/quiet`. Errors: those of the form below `time`.
    pub(crate) fn set_workspace_quiet(&self, caller: &Caller, request: &QuietRequest) -> Result<(), Refusal> {
        caller.admin_member()?;
        let schedule = read(&request.time, "time")?;
        let code = (!schedule.is_never()).then(|| schedule.to_string());
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "UPDATE workspace SET quiet = ?1, quiet_rooms = ?2",
                &[code.as_deref().into(), request.rooms.into()],
            )?;
            let rooms = if request.rooms { ", rooms too" } else { "" };
            let detail = format!("{}{rooms}", code.as_deref().unwrap_or("none"));
            self.audit(caller, "quiet.changed", "workspace", &detail)
        })?;
        self.quiet_changed(None)
    }

    /// `PUT /api/settings/quiet/days`. Errors: those of the form, `too_many` days in the calendar.
    pub(crate) fn set_company_days(
        &self,
        caller: &Caller,
        request: &CompanyDaysRequest,
    ) -> Result<(), Refusal> {
        caller.admin_member()?;
        Refusal::unless_empty(request.problems())?;
        let Some(first) = day_number(&request.from) else { return Err(Code::NotADay.into()) };
        let last = day_number(&request.until).unwrap_or(first);
        let days: Vec<String> = (first..=last).map(day_text).collect();
        let known = store::number(&*self.ports.sql, "SELECT count(*) FROM company_days", &[])?;
        if known + last - first >= MOST_DAYS {
            return Err(Error::field(Code::TooMany, "from").found(MOST_DAYS.to_string()).into());
        }
        let name = request.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let days = serde_json::to_string(&days)?;
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "INSERT INTO company_days (day, off, name) SELECT value, ?2, ?3 FROM json_each(?1) WHERE true \
                 ON CONFLICT (day) DO UPDATE SET off = excluded.off, name = excluded.name",
                &[days.as_str().into(), request.off.into(), name.as_str().into()],
            )?;
            let until = if request.until.is_empty() { &request.from } else { &request.until };
            let off = if request.off { "off" } else { "working" };
            self.audit(caller, "quiet.calendar_changed", "workspace", &format!("{}/{until} {off}", request.from))
        })?;
        self.quiet_changed(None)
    }

    /// `DELETE /api/settings/quiet/days/{first}`: the days up to `last`. Errors: `not_found`.
    pub(crate) fn forget_company_days(
        &self,
        caller: &Caller,
        first: &str,
        last: &str,
    ) -> Result<(), Refusal> {
        caller.admin_member()?;
        let mut gone = 0;
        self.ports.sql.atomically(&mut || {
            gone = self
                .ports
                .sql
                .exec("DELETE FROM company_days WHERE day BETWEEN ?1 AND ?2", &[first.into(), last.into()])?;
            if gone == 0 {
                return Ok(());
            }
            self.audit(caller, "quiet.calendar_changed", "workspace", &format!("{first}/{last} as usual"))
        })?;
        if gone == 0 {
            return Err(Code::NotFound.into());
        }
        self.quiet_changed(None)
    }

    /// `GET /api/me/quiet`.
    pub(crate) fn my_quiet(&self, member: &MemberId) -> Result<MyQuiet, Refusal> {
        #[derive(Deserialize)]
        struct Row {
            quiet: Option<String>,
            waiting: u64,
        }
        let row: Row = store::row(
            &*self.ports.sql,
            "SELECT json_object('quiet', quiet, 'waiting', (SELECT count(*) FROM deliveries d WHERE d.due_at IS NOT NULL \
             AND d.state = 'waiting' AND d.reason = 'quiet_time' AND d.target = members.id)) FROM members WHERE id = ?1",
            &[member.as_str().into()],
        )?
        .ok_or(Code::NotFound)?;
        let rules = self.quiet_rules()?;
        let choice = match row.quiet.as_deref() {
            None => QuietChoice::Workspace,
            Some(NEVER) => QuietChoice::Never,
            Some(_) => QuietChoice::Own,
        };
        Ok(MyQuiet {
            choice,
            own: time_of(row.quiet.as_deref().and_then(|code| code.parse().ok())),
            workspace: time_of(rules.workspace),
            until: rules.until(row.quiet.as_deref(), self.now(), self.zone()?.minutes()),
            waiting: row.waiting,
        })
    }

    /// `PUT /api/me/quiet`. Errors: those of the form below `own`; `required` when it is never quiet.
    pub(crate) fn set_my_quiet(
        &self,
        member: &MemberId,
        request: &MyQuietRequest,
    ) -> Result<MyQuiet, Refusal> {
        let code = match request.choice {
            QuietChoice::Workspace => None,
            QuietChoice::Never => Some(NEVER.to_owned()),
            QuietChoice::Own => {
                let schedule = read(&request.own, "own")?;
                if schedule.is_never() {
                    return Err(Error::field(Code::Required, "own.from").into());
                }
                Some(schedule.to_string())
            }
        };
        self.ports.sql.atomically(&mut || {
            let sql = &self.ports.sql;
            sql.exec(
                "UPDATE members SET quiet = ?2 WHERE id = ?1 AND quiet IS NOT ?2",
                &[member.as_str().into(), code.as_deref().into()],
            )?;
            if let Some(code) = code.as_deref().filter(|code| *code != NEVER) {
                sql.exec("INSERT INTO quiet_schedules (code) VALUES (?1) ON CONFLICT DO NOTHING", &[code.into()])?;
            }
            sql.exec(
                "DELETE FROM quiet_schedules WHERE code NOT IN (SELECT quiet FROM members WHERE quiet IS NOT NULL)",
                &[],
            )
            .map(drop)
        })?;
        self.quiet_changed(Some(member.as_str()))?;
        self.my_quiet(member)
    }

    fn quiet_changed(&self, member: Option<&str>) -> Result<(), Refusal> {
        self.cache.quiet.take();
        self.release_quiet(member)
    }
}

fn time_of(schedule: Option<Schedule>) -> QuietTime {
    schedule.map(|schedule| schedule.time()).unwrap_or_default()
}

/// Days in a row that are alike, as one.
fn in_rows(days: Vec<CompanyDays>) -> Vec<CompanyDays> {
    let mut rows: Vec<CompanyDays> = Vec::new();
    for day in days {
        let next = |last: &str| day_number(last).map(|number| day_text(number + 1));
        match rows.last_mut() {
            Some(row)
                if next(&row.until).as_ref() == Some(&day.from)
                    && (row.off, &row.name) == (day.off, &day.name) =>
            {
                row.until = day.until;
            }
            _ => rows.push(day),
        }
    }
    rows
}

/// The problems of a form are those of its field.
fn read(time: &QuietTime, field: &str) -> Result<Schedule, Refusal> {
    let mut problems = time.problems();
    for problem in &mut problems {
        problem.field = problem.field.take().map(|name| format!("{field}.{name}"));
    }
    Refusal::unless_empty(problems)?;
    time.schedule().ok_or_else(|| Code::WrongType.into())
}
