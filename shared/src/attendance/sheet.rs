//! The sheet of a month, made of the punches that were taken.

use super::{
    calendar::{Day, Month, clock_of},
    punch::{Punch, Shift, Timeline},
};
use crate::{
    api::attendance::{SheetBreak, SheetDay, SheetPunch, SheetShift, ShiftState, TimedPunch},
    channel::Channel,
    time::Millis,
};

/// A punch that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub punch: Punch,
    /// The day that it counts for.
    pub day: Day,
    /// Where it was said; `None` when a correction wrote it.
    pub channel: Option<Channel>,
}

/// Every day of a month. `taken` are the punches that count for its days, `corrected` the days that were
/// corrected.
#[must_use]
pub fn days(month: Month, taken: &[Taken], corrected: &[Day], now: Millis) -> Vec<SheetDay> {
    let punches: Vec<Punch> = taken.iter().map(|one| one.punch).collect();
    let line = Timeline::of(&punches);
    month
        .days()
        .map(|date| {
            let shifts: Vec<SheetShift> = line
                .shifts
                .iter()
                .filter(|shift| shift.day() == date)
                .map(|shift| sheet_shift(shift, date, taken, now))
                .collect();
            SheetDay {
                date,
                worked_minutes: shifts.iter().filter_map(|shift| shift.worked_minutes).sum(),
                break_minutes: shifts.iter().map(|shift| shift.break_minutes).sum(),
                shifts,
                corrected: corrected.contains(&date),
            }
        })
        .collect()
}

/// Whether the punches of `day` can be these, between what was taken on other days. Errors: the number of the
/// first one that cannot, in the order in which they were given.
pub fn fit(day: Day, punches: &[Punch], others: &[Taken]) -> Result<(), usize> {
    for (index, punch) in punches.iter().enumerate() {
        let twice = punches.iter().take(index).any(|one| one == punch);
        if twice || others.iter().any(|one| one.punch == *punch) {
            return Err(index);
        }
    }
    let all: Vec<Punch> = punches.iter().copied().chain(others.iter().map(|one| one.punch)).collect();
    let line = Timeline::of(&all);
    if let Some(index) = punches.iter().position(|punch| line.outcome(*punch) != Some(Ok(day))) {
        return Err(index);
    }
    // One that fits by itself may push another day's punch out.
    let pushed = others.iter().any(|one| line.outcome(one.punch) != Some(Ok(one.day)));
    if pushed { Err(punches.len().saturating_sub(1)) } else { Ok(()) }
}

/// Punches by their times of day, in order.
#[must_use]
pub fn timed(day: Day, punches: &[Punch]) -> Vec<TimedPunch> {
    let mut sorted = punches.to_vec();
    sorted.sort_unstable();
    sorted.iter().map(|punch| TimedPunch { kind: punch.kind, time: clock_of(day, punch.at) }).collect()
}

fn sheet_shift(shift: &Shift, date: Day, taken: &[Taken], now: Millis) -> SheetShift {
    let seen = |at: Millis| SheetPunch {
        time: clock_of(date, at),
        at,
        channel: taken.iter().find(|one| one.punch.at == at).and_then(|one| one.channel),
    };
    let state = if shift.clock_out.is_some() {
        ShiftState::Finished
    } else if shift.misses_clock_out(now) {
        ShiftState::ClockOutMissing
    } else if shift.on_break().is_some() {
        ShiftState::OnBreak
    } else {
        ShiftState::Working
    };
    SheetShift {
        clock_in: seen(shift.clock_in),
        clock_out: shift.clock_out.map(seen),
        breaks: shift
            .breaks
            .iter()
            .map(|one| SheetBreak { start: seen(one.start), end: one.end.map(seen) })
            .collect(),
        break_minutes: shift.break_minutes(),
        worked_minutes: shift.worked_minutes(),
        state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attendance::punch::PunchKind::{self, BreakStart, ClockIn, ClockOut},
        time::MINUTE,
    };

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn taken(date: &str, minutes: u32, kind: PunchKind) -> Taken {
        let day = day(date);
        Taken { punch: Punch { at: day.at(minutes), kind }, day, channel: Some(Channel::Line) }
    }

    #[test]
    fn a_month_has_all_its_days_and_each_shift_its_state() {
        let all = [
            taken("2026-11-20", 22 * 60, ClockIn),
            taken("2026-11-20", 30 * 60, ClockOut),
            taken("2026-11-21", 9 * 60, ClockIn),
            taken("2026-11-22", 9 * 60, ClockIn),
            taken("2026-11-22", 12 * 60, BreakStart),
        ];
        let month = "2026-11".parse().unwrap();
        let days = days(month, &all, &[day("2026-11-21")], day("2026-11-22").at(12 * 60 + 5));
        assert_eq!(days.len(), 30);
        let states: Vec<_> = days[19..22].iter().map(|day| day.shifts[0].state).collect();
        assert_eq!(states, [ShiftState::Finished, ShiftState::ClockOutMissing, ShiftState::OnBreak]);
        let night = &days[19].shifts[0];
        assert_eq!(night.clock_out.as_ref().map(|out| out.time.as_str()), Some("30:00"));
        assert_eq!((days[19].worked_minutes, days[20].worked_minutes), (480, 0));
        assert_eq!((days[20].corrected, days[21].corrected), (true, false));
        assert_eq!(night.clock_in.channel, Some(Channel::Line));
    }

    #[test]
    fn a_correction_must_fit_in_itself_and_between_its_neighbours() {
        let date = day("2026-11-21");
        let punch = |minutes: u32, kind| Punch { at: date.at(minutes), kind };
        let others = [
            taken("2026-11-20", 22 * 60, ClockIn),
            taken("2026-11-20", 30 * 60, ClockOut),
            taken("2026-11-22", 6 * 60, ClockIn),
        ];
        let cases: [(&[Punch], Result<(), usize>); 9] = [
            (&[], Ok(())),
            (&[punch(540, ClockIn), punch(1_080, ClockOut)], Ok(())),
            (&[punch(1_080, ClockOut), punch(540, ClockIn)], Ok(())),
            (&[punch(1_080, ClockIn), punch(1_620, ClockOut)], Ok(())),
            // Before the night shift ended.
            (&[punch(300, ClockIn), punch(1_080, ClockOut)], Err(0)),
            (&[punch(540, ClockOut)], Err(0)),
            (&[punch(540, ClockIn), punch(540, ClockIn)], Err(1)),
            // Begins on the next day.
            (&[punch(1_500, ClockIn)], Err(0)),
            // Lasts until after the next day's shift began.
            (&[punch(1_200, ClockIn), punch(1_860, ClockOut)], Err(1)),
        ];
        for (index, (punches, expected)) in cases.into_iter().enumerate() {
            assert_eq!(fit(date, punches, &others), expected, "case {index}");
        }
    }

    #[test]
    fn punches_are_told_by_the_minute_and_in_order() {
        let date = day("2026-11-21");
        let punches = [
            Punch { at: date.at(1_500) + MINUTE - 1, kind: ClockOut },
            Punch { at: date.at(542), kind: ClockIn },
        ];
        let told: Vec<String> = timed(date, &punches).into_iter().map(|punch| punch.time).collect();
        assert_eq!(told, ["09:02", "25:00"]);
    }
}
