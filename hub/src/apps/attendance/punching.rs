//! One punch: put where its time belongs, whatever came before it over the wire.

use serde::Deserialize;
use shared::{
    attendance::{Day, Month, Punch, PunchKind, Shift, Timeline, Why},
    channel::Channel,
    id::MemberId,
    time::Millis,
};

use crate::{hub::Hub, ports::SqlError, refusal::Refusal, store};

/// What came of a punch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Punched {
    pub(crate) punch: Punch,
    pub(crate) verdict: Verdict,
    /// The last shift that had begun at that time.
    pub(crate) shift: Option<Shift>,
    /// The one before, when it was never ended.
    pub(crate) forgotten: Option<Shift>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Taken,
    Refused(Why),
    /// It would change a month that was submitted.
    Submitted(Month),
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Row {
    at: Millis,
    kind: PunchKind,
    day: Option<Day>,
}

impl Row {
    const fn punch(&self) -> Punch {
        Punch { at: self.at, kind: self.kind }
    }
}

impl Hub {
    /// Punches. `at` is the provider's time; the same punch again changes nothing and is answered alike.
    ///
    /// What was refused is kept too: where two messages overtake each other, the second may make sense of the
    /// first.
    pub(crate) fn punch(
        &self,
        member: &MemberId,
        kind: PunchKind,
        at: Millis,
        channel: Channel,
    ) -> Result<Punched, Refusal> {
        let punch = Punch { at, kind };
        let known = self.punches_around(member, at)?;
        let mut all: Vec<Punch> = known.iter().map(Row::punch).collect();
        let again = all.contains(&punch);
        if !again {
            all.push(punch);
        }
        let line = Timeline::of(&all);
        let outcome = line.outcome(punch).unwrap_or(Err(Why::NotIn));
        let moved: Vec<(Row, Option<Day>)> = known
            .iter()
            .map(|row| (*row, line.outcome(row.punch()).and_then(Result::ok)))
            .filter(|(row, day)| row.day != *day)
            .collect();
        let verdict = match (again, self.submitted_among(member, at, outcome, &moved)?, outcome) {
            (true, _, Ok(_)) | (false, None, Ok(_)) => Verdict::Taken,
            (false, Some(month), _) => Verdict::Submitted(month),
            (_, _, Err(why)) => Verdict::Refused(why),
        };
        if matches!(verdict, Verdict::Submitted(_)) {
            return Ok(Punched { punch, verdict, shift: None, forgotten: None });
        }
        if !again {
            self.ports.sql.atomically(&mut || {
                self.write_punch(member, punch, outcome.ok(), Some(channel))?;
                for (row, day) in &moved {
                    self.ports.sql.run(
                        "UPDATE attendance_punches SET day = ?4, recorded_at = ?5 WHERE member = ?1 AND at = ?2 AND kind = ?3",
                        &[
                            member.as_str().into(),
                            row.at.into(),
                            row.kind.code().into(),
                            day.map(|day| day.to_string()).into(),
                            self.now().into(),
                        ],
                    )?;
                }
                Ok(())
            })?;
        }
        let forgotten = line.shift_before(at).filter(|shift| shift.misses_clock_out(at)).cloned();
        Ok(Punched { punch, verdict, shift: line.shift_at(at).cloned(), forgotten })
    }

    /// One row. Within a burst.
    pub(super) fn write_punch(
        &self,
        member: &MemberId,
        punch: Punch,
        day: Option<Day>,
        channel: Option<Channel>,
    ) -> Result<(), SqlError> {
        self.ports.sql.run(
            "INSERT INTO attendance_punches (member, at, kind, day, channel, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[
                member.as_str().into(),
                punch.at.into(),
                punch.kind.code().into(),
                day.map(|day| day.to_string()).into(),
                channel.map(Channel::code).into(),
                self.now().into(),
            ],
        )
    }

    /// Whether a month was submitted and not sent back since.
    pub(super) fn month_is_submitted(&self, member: &MemberId, month: Month) -> Result<bool, Refusal> {
        let found = self.ports.sql.texts(
            "SELECT 1 FROM attendance_months WHERE member = ?1 AND month = ?2 AND state = 'submitted'",
            &[member.as_str().into(), month.to_string().into()],
        )?;
        Ok(!found.is_empty())
    }

    /// Everything from the last but one clock-in before `at`: nothing earlier has a say in what follows, and of
    /// the two shifts, one is the present one and the other may have been forgotten.
    fn punches_around(&self, member: &MemberId, at: Millis) -> Result<Vec<Row>, Refusal> {
        let mut rows: Vec<Row> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('at', at, 'kind', kind, 'day', day) FROM attendance_punches WHERE member = ?1 AND at >= \
             coalesce((SELECT min(at) FROM (SELECT at FROM attendance_punches WHERE member = ?1 AND at <= ?2 \
             AND kind = 'clock_in' AND day IS NOT NULL ORDER BY at DESC LIMIT 2)), ?2)",
            &[member.as_str().into(), at.into()],
        )?;
        rows.sort_by_key(Row::punch);
        // At the very moment of that clock-in, the shift before it may have ended.
        let begins = |row: &&Row| row.kind == PunchKind::ClockIn && row.day.is_some() && row.at <= at;
        if let Some(first) = rows.iter().find(begins).map(Row::punch) {
            rows.retain(|row| row.punch() >= first);
        }
        Ok(rows)
    }

    /// The first submitted month that the punch, or a punch that it moves, counts or counted for.
    fn submitted_among(
        &self,
        member: &MemberId,
        at: Millis,
        outcome: Result<Day, Why>,
        moved: &[(Row, Option<Day>)],
    ) -> Result<Option<Month>, Refusal> {
        let own = outcome.unwrap_or_else(|_| Day::of(at));
        let others = moved.iter().flat_map(|(row, day)| [row.day, *day]).flatten();
        let mut months: Vec<Month> = std::iter::once(own).chain(others).map(Day::month).collect();
        months.dedup();
        for month in months {
            if self.month_is_submitted(member, month)? {
                return Ok(Some(month));
            }
        }
        Ok(None)
    }
}
