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

/// What is punched. The order is that of punches of the very same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PunchKind {
    ClockIn,
    BreakStart,
    BreakEnd,
    ClockOut,
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use PunchKind::{BreakEnd, BreakStart, ClockIn, ClockOut};

    /// Minutes after the midnight before 21 November 2026 in Tokyo.
    fn at(time: &str) -> Millis {
        let day: Day = "2026-11-21".parse().unwrap();
        let (hours, minutes) = time.split_once(':').unwrap();
        day.at(hours.parse::<u32>().unwrap() * 60 + minutes.parse::<u32>().unwrap())
    }

    fn line(punches: &[(&str, PunchKind)]) -> Timeline {
        Timeline::of(
            &punches.iter().map(|(time, kind)| Punch { at: at(time), kind: *kind }).collect::<Vec<_>>(),
        )
    }

    /// Outcomes: the day's number, or why not.
    fn outcomes(punches: &[(&str, PunchKind)]) -> Vec<Result<String, Why>> {
        let line = line(punches);
        line.outcomes
            .into_iter()
            .map(|(_, outcome)| outcome.map(|day| day.to_string()[8..].to_owned()))
            .collect()
    }

    fn ok(day: &str) -> Result<String, Why> {
        Ok(day.to_owned())
    }

    #[test]
    fn a_plain_day() {
        let day = line(&[
            ("9:02", ClockIn),
            ("12:00", BreakStart),
            ("12:50", BreakEnd),
            ("15:00", BreakStart),
            ("15:10", BreakEnd),
            ("18:01", ClockOut),
        ]);
        assert!(day.outcomes.iter().all(|(_, outcome)| outcome.is_ok()));
        let shift = &day.shifts[0];
        assert_eq!((shift.break_minutes(), shift.worked_minutes()), (60, Some(8 * 60 + 59 - 60)));
        assert_eq!((day.shifts.len(), shift.on_break()), (1, None));
    }

    #[test]
    fn every_punch_out_of_turn_says_what_was_first() {
        type Case<'a> = (&'a [(&'a str, PunchKind)], Why);
        let cases: [Case<'_>; 12] = [
            (&[("9:00", ClockIn), ("9:01", ClockIn)], Why::AlreadyIn { at: at("9:00") }),
            (
                &[("9:00", ClockIn), ("12:00", BreakStart), ("12:01", ClockIn)],
                Why::AlreadyIn { at: at("9:00") },
            ),
            (&[("9:00", ClockOut)], Why::NotIn),
            (&[("9:00", BreakStart)], Why::NotIn),
            (&[("9:00", BreakEnd)], Why::NotIn),
            (
                &[("9:00", ClockIn), ("18:00", ClockOut), ("18:01", ClockOut)],
                Why::AlreadyOut { at: at("18:00") },
            ),
            (&[("9:00", ClockIn), ("18:00", ClockOut), ("18:01", BreakStart)], Why::NotIn),
            (
                &[("9:00", ClockIn), ("12:00", BreakStart), ("12:01", BreakStart)],
                Why::AlreadyOnBreak { at: at("12:00") },
            ),
            (&[("9:00", ClockIn), ("12:00", BreakEnd)], Why::NotOnBreak { ended: None }),
            (
                &[("9:00", ClockIn), ("12:00", BreakStart), ("13:00", BreakEnd), ("13:01", BreakEnd)],
                Why::NotOnBreak { ended: Some(at("13:00")) },
            ),
            // A day after the last clock-out, nobody means that one.
            (&[("9:00", ClockIn), ("18:00", ClockOut), ("42:00", ClockOut)], Why::NotIn),
            (&[("9:00", ClockIn), ("33:00", ClockOut)], Why::NotIn),
        ];
        for (punches, why) in cases {
            assert_eq!(outcomes(punches).pop(), Some(Err(why)), "{punches:?}");
        }
    }

    #[test]
    fn a_night_shift_belongs_to_the_day_on_which_it_began() {
        let night = [("22:00", ClockIn), ("25:00", BreakStart), ("25:45", BreakEnd), ("30:00", ClockOut)];
        assert_eq!(outcomes(&night), [ok("21"), ok("21"), ok("21"), ok("21")]);
        assert_eq!(line(&night).shifts[0].worked_minutes(), Some(8 * 60 - 45));
        // Up to 24 hours.
        assert_eq!(outcomes(&[("9:00", ClockIn), ("32:59", ClockOut)]), [ok("21"), ok("21")]);
        // After midnight, clocking in twice is still twice.
        let twice = outcomes(&[("22:00", ClockIn), ("24:30", ClockIn)]);
        assert_eq!(twice[1], Err(Why::AlreadyIn { at: at("22:00") }));
    }

    #[test]
    fn who_forgot_to_clock_out_can_come_to_work_the_next_morning() {
        let days = line(&[("9:00", ClockIn), ("32:30", ClockIn), ("42:00", ClockOut)]);
        assert_eq!(days.shifts.len(), 2);
        assert!(days.shifts[0].misses_clock_out(at("32:30")) && days.shifts[0].abandoned);
        assert_eq!(days.shifts[1].worked_minutes(), Some(9 * 60 + 30));
        assert_eq!(days.shift_before(at("42:00")), Some(&days.shifts[0]));
        // On the same day it is a double, however late.
        assert_eq!(
            outcomes(&[("1:00", ClockIn), ("23:00", ClockIn)])[1],
            Err(Why::AlreadyIn { at: at("1:00") })
        );
        // After 24 hours it is missing by itself.
        let open = line(&[("9:00", ClockIn)]);
        assert!(
            !open.shifts[0].misses_clock_out(at("32:59")) && open.shifts[0].misses_clock_out(at("33:00"))
        );
    }

    #[test]
    fn clocking_out_ends_the_break() {
        let day = line(&[("9:00", ClockIn), ("17:00", BreakStart), ("18:00", ClockOut)]);
        assert_eq!((day.shifts[0].break_minutes(), day.shifts[0].worked_minutes()), (60, Some(480)));
    }

    #[test]
    fn a_day_may_have_two_shifts() {
        let punches = [("9:00", ClockIn), ("12:00", ClockOut), ("17:00", ClockIn), ("21:00", ClockOut)];
        assert_eq!(
            line(&punches).shifts.iter().map(Shift::worked_minutes).collect::<Vec<_>>(),
            [Some(180), Some(240)]
        );
        assert_eq!(outcomes(&punches), vec![ok("21"); 4]);
    }

    #[test]
    fn seconds_do_not_count() {
        let (start, end) = (at("9:02") + 59_999, at("9:03") + 1);
        let day = Timeline::of(&[Punch { at: end, kind: ClockOut }, Punch { at: start, kind: ClockIn }]);
        assert_eq!(day.shifts[0].worked_minutes(), Some(1));
    }

    fn any_punches() -> impl Strategy<Value = Vec<Punch>> {
        let punch = (0..5_000_i64, 0..4_usize)
            .prop_map(|(minute, kind)| Punch { at: minute * MINUTE, kind: PunchKind::ALL[kind] });
        proptest::collection::vec(punch, 0..40)
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(punches in any_punches().prop_shuffle(), turn in 0..40_usize) {
            let mut other = punches.clone();
            other.rotate_left(turn.min(punches.len()));
            other.reverse();
            prop_assert_eq!(Timeline::of(&punches), Timeline::of(&other));
        }

        /// What the store relies on: refused punches leave no trace, and what is known before an accepted
        /// clock-in is of no use after it.
        #[test]
        fn accepted_punches_alone_and_from_any_clock_in_make_the_same_shifts(punches in any_punches()) {
            let whole = Timeline::of(&punches);
            let accepted: Vec<Punch> =
                whole.outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(punch, _)| *punch).collect();
            prop_assert_eq!(&Timeline::of(&accepted).shifts, &whole.shifts);
            for (index, shift) in whole.shifts.iter().enumerate() {
                let rest: Vec<Punch> = accepted.iter().copied().filter(|punch| punch.at >= shift.clock_in && *punch >= Punch { at: shift.clock_in, kind: ClockIn }).collect();
                prop_assert_eq!(&Timeline::of(&rest).shifts[..], &whole.shifts[index..]);
            }
        }

        #[test]
        fn shifts_do_not_overlap_and_minutes_add_up(punches in any_punches()) {
            let line = Timeline::of(&punches);
            for pair in line.shifts.windows(2) {
                let until = pair[0].clock_out.unwrap_or(pair[0].clock_in);
                prop_assert!(until <= pair[1].clock_in);
            }
            for shift in &line.shifts {
                if let (Some(worked), Some(out)) = (shift.worked_minutes(), shift.clock_out) {
                    prop_assert_eq!(i64::from(worked + shift.break_minutes()) * MINUTE, out - shift.clock_in);
                    prop_assert!(out - shift.clock_in < LONGEST);
                }
            }
        }
    }
}
