//! Finding absences.

use shared::{
    api::{
        Page,
        absences::{Absence, parse_day},
        settings::Scope,
    },
    error::{Code, Error},
    time::{DAY, MINUTE, Millis, parse_rfc3339},
};

use super::{ABSENCE, Row, absence_reach};
use crate::{audience::BY_EMAIL, http::Input, hub::Hub, refusal::Refusal, sessions::Caller, store};

const PAGE: i64 = 100;

/// What a list asks for.
#[derive(Debug, Default)]
pub(crate) struct AbsenceFilter {
    member: Option<String>,
    email: Option<String>,
    /// From a moment on, or from a day on.
    from: Option<Bound>,
    /// Before a moment, or up to and with a day.
    to: Option<Bound>,
    /// When the last one that was read begins, and its id.
    after: Option<(Millis, String)>,
}

#[derive(Debug, Clone, Copy)]
enum Bound {
    Moment(Millis),
    Day(Millis),
}

impl AbsenceFilter {
    /// Reads `?member=&email=&from=&to=&cursor=`. Errors: `not_a_time`, `wrong_type`, with the parameter's name.
    pub(crate) fn of(input: &Input) -> Result<Self, Refusal> {
        let bound = |name: &'static str| -> Result<Option<Bound>, Refusal> {
            let Some(text) = input.asked(name) else { return Ok(None) };
            let read = parse_day(text).map(Bound::Day).or_else(|| parse_rfc3339(text).map(Bound::Moment));
            read.map(Some).ok_or_else(|| Error::field(Code::NotATime, name).found(text).into())
        };
        let after = match input.asked("cursor") {
            None => None,
            Some(cursor) => {
                let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
                let (at, id) = parts.ok_or_else(|| Error::field(Code::WrongType, "cursor"))?;
                Some((at, id.to_owned()))
            }
        };
        Ok(Self {
            member: input.asked("member").map(str::to_owned),
            email: input.asked("email").map(str::to_owned),
            from: bound("from")?,
            to: bound("to")?,
            after,
        })
    }
}

impl Hub {
    /// `GET /api/v1/absences`: a page, earliest first. Errors: `not_allowed`.
    pub(crate) fn list_absences(
        &self,
        caller: &Caller,
        filter: AbsenceFilter,
    ) -> Result<Page<Absence>, Refusal> {
        let own = absence_reach(caller, Scope::AbsencesRead)?;
        let east = i64::from(self.zone()?.minutes()) * MINUTE;
        let real = |bound: Option<Bound>, days: i64, missing: Millis| match bound {
            None => missing,
            Some(Bound::Moment(at)) => at,
            Some(Bound::Day(at)) => at - east + days * DAY,
        };
        // Farther than any absence.
        let far: Millis = 1 << 52;
        let (after, last) = filter.after.unwrap_or((-far, String::new()));
        let mut rows: Vec<Row> = store::rows(
            &*self.ports.sql,
            &format!(
                "SELECT {ABSENCE} FROM absences b WHERE (b.starts, b.id) > (?1, ?2) \
                 AND b.ends - b.all_day * ?3 > ?4 AND b.starts - b.all_day * ?3 < ?5 \
                 AND (?6 IS NULL OR b.member = ?6) AND (?7 IS NULL OR b.member IN ({})) \
                 AND (?8 IS NULL OR b.member IN (SELECT id FROM members WHERE company = ?8)) \
                 ORDER BY b.starts, b.id LIMIT {}",
                BY_EMAIL.replace("?1", "?7"),
                PAGE + 1
            ),
            &[
                after.into(),
                last.into(),
                east.into(),
                real(filter.from, 0, -far).into(),
                real(filter.to, 1, far).into(),
                filter.member.into(),
                filter.email.into(),
                own.map(|own| own.to_string()).into(),
            ],
        )?;
        let page = usize::try_from(PAGE).unwrap_or_default();
        let more = rows.len() > page;
        rows.truncate(page);
        let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.starts, row.id));
        Ok(Page { items: rows.into_iter().map(Row::shown).collect(), next, total: None })
    }
}
