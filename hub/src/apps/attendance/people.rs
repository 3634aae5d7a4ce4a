//! A month of many people in a list: the store adds up, so that no sheet is made for a line.

use serde::Deserialize;
use shared::{
    api::{
        attendance::{MonthPeople, MonthPerson, MonthState},
        settings::Scope,
    },
    attendance::Month,
    time::DAY,
};

use crate::{
    hub::Hub,
    members::{MemberFilter, cursor_of},
    refusal::Refusal,
    sessions::Caller,
    store,
};

#[derive(Deserialize)]
struct Row {
    total: u64,
    submitted: u64,
    reading: String,
    person: MonthPerson,
}

impl Hub {
    /// A page of the people whom the caller may see, by reading and name, each with the month's state and sums.
    /// For admins, company admins (their own company), and keys with `attendance:read`. Errors: `not_allowed`.
    pub(crate) fn attendance_people(
        &self,
        caller: &Caller,
        mut filter: MemberFilter,
        state: Option<MonthState>,
        month: Month,
    ) -> Result<MonthPeople, Refusal> {
        match caller {
            Caller::Key { .. } => caller.require_scope(Scope::AttendanceRead)?,
            Caller::Member(_) => self.narrow_to_reach(caller, &mut filter)?,
        }
        let (conditions, mut params) = filter.conditions();
        let mut add = |value| {
            params.push(value);
            format!("?{}", params.len())
        };
        let (start, end) = (add(month.start().into()), add(month.end().into()));
        let (month, now) = (add(month.to_string().into()), add(self.now().into()));
        let state = add(state.map(MonthState::code).into());
        let from = filter.behind_cursor(&mut params);
        let sql = format!(
            "WITH hits AS MATERIALIZED (SELECT m.id, m.reading, m.name, m.employee_number, m.company, \
               coalesce(s.state, 'open') AS state \
               FROM members m LEFT JOIN attendance_months s ON s.member = m.id AND s.month = {month} \
               WHERE {conditions} AND ({state} IS NULL OR coalesce(s.state, 'open') = {state}) \
               AND (m.usable = 1 OR s.month IS NOT NULL OR EXISTS (SELECT 1 FROM attendance_punches p \
                 WHERE p.member = m.id AND p.at >= {start} AND p.at < {end} AND substr(p.day, 1, 7) = {month}))), \
             page AS MATERIALIZED (SELECT * FROM hits h WHERE {from} ORDER BY h.reading, h.name, h.id LIMIT {most}), \
             line AS (SELECT p.member, p.day, p.kind, p.at, p.at / 60000 AS minute, \
               lead(p.at / 60000) OVER w AS next_minute, lead(p.kind) OVER w AS next_kind, \
               sum(p.kind = 'clock_in') OVER w AS shift \
               FROM page JOIN attendance_punches p ON p.member = page.id \
               WHERE p.at >= {start} AND p.at < {end} + {DAY} AND substr(p.day, 1, 7) = {month} \
               WINDOW w AS (PARTITION BY p.member ORDER BY p.at, {order})), \
             shifts AS (SELECT member, shift, min(day) AS day, min(at) AS began, min(minute) AS came, \
               max(CASE WHEN kind = 'clock_out' THEN minute END) AS went, \
               sum(CASE WHEN kind = 'break_start' AND next_kind IN ('break_end', 'clock_out') \
                 THEN next_minute - minute ELSE 0 END) AS breaks \
               FROM line WHERE shift > 0 GROUP BY member, shift), \
             sums AS (SELECT member, count(DISTINCT day) AS days, sum(breaks) AS breaks, \
               sum(coalesce(max(went - came - breaks, 0), 0)) AS worked, \
               sum(went IS NULL AND (began <= {now} - {DAY} \
                 OR shift < (SELECT max(x.shift) FROM shifts x WHERE x.member = shifts.member))) AS missing \
               FROM shifts GROUP BY member) \
             SELECT json_object('total', (SELECT count(*) FROM hits), \
               'submitted', (SELECT count(*) FROM hits WHERE state = 'submitted'), 'reading', h.reading, \
               'person', json_object('member', h.id, 'name', h.name, 'employee_number', h.employee_number, \
                 'company_name', c.name, 'state', h.state, 'worked_days', coalesce(s.days, 0), \
                 'worked_minutes', coalesce(s.worked, 0), 'break_minutes', coalesce(s.breaks, 0), \
                 'missing_clock_outs', coalesce(s.missing, 0))) \
             FROM page h LEFT JOIN companies c ON c.id = h.company LEFT JOIN sums s ON s.member = h.id \
             ORDER BY h.reading, h.name, h.id",
            most = filter.limit + 1,
            order = ORDER,
        );
        let mut rows: Vec<Row> = store::rows(&*self.ports.sql, &sql, &params)?;
        let (total, submitted) = rows.first().map_or((0, 0), |row| (row.total, row.submitted));
        let more = rows.len() > filter.limit;
        rows.truncate(filter.limit);
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| cursor_of(&row.reading, &row.person.name, row.person.member.as_str()));
        Ok(MonthPeople { items: rows.into_iter().map(|row| row.person).collect(), next, total, submitted })
    }
}

/// Punches of the very same moment, as `PunchKind` orders them.
pub(super) const ORDER: &str =
    "CASE p.kind WHEN 'break_end' THEN 0 WHEN 'clock_out' THEN 1 WHEN 'clock_in' THEN 2 ELSE 3 END";
