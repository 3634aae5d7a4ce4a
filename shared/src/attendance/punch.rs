//! What follows from punches: a fold over them in the order of their times.

use serde::{Deserialize, Serialize};

use super::calendar::Day;
use crate::{
    lang::Text,
    time::{HOUR, MINUTE, Millis},
};

/// So long after clocking in, a shift that was not ended is over: its clock-out is missing.
pub const LONGEST: Millis = 24 * HOUR;

/// So long after clocking in, clocking in on another day begins a new shift although the old one was not
/// ended: somebody who forgot to clock out must be able to come to work the next morning.
pub const FORGOTTEN: Millis = 14 * HOUR;

/// What is punched. The order is that of punches of the very same moment, as corrections by the minute make
/// them: what ends goes before what begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PunchKind {
    BreakEnd,
    ClockOut,
    ClockIn,
    BreakStart,
}

impl PunchKind {
    pub const ALL: [Self; 4] = [Self::ClockIn, Self::BreakStart, Self::BreakEnd, Self::ClockOut];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ClockIn => "clock_in",
            Self::BreakStart => "break_start",
            Self::BreakEnd => "break_end",
            Self::ClockOut => "clock_out",
        }
    }

    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::ClockIn => Text::new("出勤", "Clock-in"),
            Self::BreakStart => Text::new("休憩開始", "Break start"),
            Self::BreakEnd => Text::new("休憩終了", "Break end"),
            Self::ClockOut => Text::new("退勤", "Clock-out"),
        }
    }
}

/// One punch at one moment. Sorted as time goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Punch {
    pub at: Millis,
    pub kind: PunchKind,
}

/// Why a punch changes nothing. Each carries the time of the punch that was first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    AlreadyIn {
        at: Millis,
    },
    AlreadyOut {
        at: Millis,
    },
    /// Neither at work nor just gone.
    NotIn,
    AlreadyOnBreak {
        at: Millis,
    },
    /// `ended` is the last break's end, if there was one.
    NotOnBreak {
        ended: Option<Millis>,
    },
}

/// A break; without an end while it lasts, or when the shift's clock-out is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    pub start: Millis,
    pub end: Option<Millis>,
}

/// From clocking in to clocking out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    pub clock_in: Millis,
    pub clock_out: Option<Millis>,
    pub breaks: Vec<Break>,
    /// Another shift began although this one was not ended.
    pub abandoned: bool,
}

impl Shift {
    /// The day that it counts for.
    #[must_use]
    pub fn day(&self) -> Day {
        Day::of(self.clock_in)
    }

    #[must_use]
    pub fn on_break(&self) -> Option<Millis> {
        self.breaks.last().filter(|one| one.end.is_none()).map(|one| one.start)
    }

    /// Nothing can end it any more at `now`.
    #[must_use]
    pub const fn misses_clock_out(&self, now: Millis) -> bool {
        self.clock_out.is_none() && (self.abandoned || now - self.clock_in >= LONGEST)
    }

    /// Minutes of ended breaks.
    #[must_use]
    pub fn break_minutes(&self) -> u32 {
        self.breaks.iter().filter_map(|one| Some(minutes_between(one.start, one.end?))).sum()
    }

    /// Minutes of work, `None` before it ended.
    #[must_use]
    pub fn worked_minutes(&self) -> Option<u32> {
        let all = minutes_between(self.clock_in, self.clock_out?);
        Some(all.saturating_sub(self.break_minutes()))
    }

    fn takes(&self, at: Millis) -> bool {
        self.clock_out.is_none() && !self.abandoned && at - self.clock_in < LONGEST
    }

    fn is_forgotten_by(&self, at: Millis) -> bool {
        at - self.clock_in >= FORGOTTEN && Day::of(at) != self.day()
    }
}

/// Whole minutes as people read them off: from 9:02:59 to 9:03:01 is one.
fn minutes_between(from: Millis, until: Millis) -> u32 {
    let minutes = until.div_euclid(MINUTE) - from.div_euclid(MINUTE);
    u32::try_from(minutes).unwrap_or_default()
}

/// What a list of punches amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    pub shifts: Vec<Shift>,
    /// For each punch, in the order of time: the day that it counts for.
    pub outcomes: Vec<(Punch, Result<Day, Why>)>,
}

impl Timeline {
    /// Folds punches, in whatever order they come. What came before them is not known: it begins with nobody
    /// at work.
    #[must_use]
    pub fn of(punches: &[Punch]) -> Self {
        let mut punches = punches.to_vec();
        punches.sort_unstable();
        let mut line = Self::default();
        for punch in punches {
            let outcome = line.take(punch);
            line.outcomes.push((punch, outcome));
        }
        line
    }

    /// What became of one punch.
    #[must_use]
    pub fn outcome(&self, punch: Punch) -> Option<Result<Day, Why>> {
        self.outcomes.iter().find(|(one, _)| *one == punch).map(|(_, outcome)| *outcome)
    }

    /// The last shift that had begun at `at`.
    #[must_use]
    pub fn shift_at(&self, at: Millis) -> Option<&Shift> {
        self.shifts.iter().rev().find(|shift| shift.clock_in <= at)
    }

    /// The shift before the one that [`Self::shift_at`] finds.
    #[must_use]
    pub fn shift_before(&self, at: Millis) -> Option<&Shift> {
        self.shifts.iter().rev().filter(|shift| shift.clock_in <= at).nth(1)
    }

    fn take(&mut self, Punch { at, kind }: Punch) -> Result<Day, Why> {
        let last = self.shifts.last_mut();
        let gone = last.as_ref().and_then(|shift| shift.clock_out).filter(|out| at - *out < LONGEST);
        let open = last.filter(|shift| shift.takes(at));
        match (kind, open) {
            (PunchKind::ClockIn, Some(shift)) if !shift.is_forgotten_by(at) => {
                Err(Why::AlreadyIn { at: shift.clock_in })
            }
            (PunchKind::ClockIn, forgotten) => {
                if let Some(shift) = forgotten {
                    shift.abandoned = true;
                }
                self.shifts.push(Shift {
                    clock_in: at,
                    clock_out: None,
                    breaks: Vec::new(),
                    abandoned: false,
                });
                Ok(Day::of(at))
            }
            (PunchKind::ClockOut, None) => Err(gone.map_or(Why::NotIn, |at| Why::AlreadyOut { at })),
            (PunchKind::BreakStart | PunchKind::BreakEnd, None) => Err(Why::NotIn),
            (PunchKind::ClockOut, Some(shift)) => {
                // Whoever goes home has finished the break.
                end_break(shift, at);
                shift.clock_out = Some(at);
                Ok(shift.day())
            }
            (PunchKind::BreakStart, Some(shift)) => {
                if let Some(at) = shift.on_break() {
                    return Err(Why::AlreadyOnBreak { at });
                }
                shift.breaks.push(Break { start: at, end: None });
                Ok(shift.day())
            }
            (PunchKind::BreakEnd, Some(shift)) => {
                if shift.on_break().is_none() {
                    return Err(Why::NotOnBreak { ended: shift.breaks.last().and_then(|one| one.end) });
                }
                end_break(shift, at);
                Ok(shift.day())
            }
        }
    }
}

fn end_break(shift: &mut Shift, at: Millis) {
    if let Some(one) = shift.breaks.last_mut().filter(|one| one.end.is_none()) {
        one.end = Some(at);
    }
}

#[cfg(test)]
mod tests;
