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
    Timeline::of(&punches.iter().map(|(time, kind)| Punch { at: at(time), kind: *kind }).collect::<Vec<_>>())
}

/// Outcomes: the day's number, or why not.
fn outcomes(punches: &[(&str, PunchKind)]) -> Vec<Result<String, Why>> {
    let line = line(punches);
    line.outcomes.into_iter().map(|(_, outcome)| outcome.map(|day| day.to_string()[8..].to_owned())).collect()
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
        (&[("9:00", ClockIn), ("12:00", BreakStart), ("12:01", ClockIn)], Why::AlreadyIn { at: at("9:00") }),
        (&[("9:00", ClockOut)], Why::NotIn),
        (&[("9:00", BreakStart)], Why::NotIn),
        (&[("9:00", BreakEnd)], Why::NotIn),
        (&[("9:00", ClockIn), ("18:00", ClockOut), ("18:01", ClockOut)], Why::AlreadyOut { at: at("18:00") }),
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
    assert_eq!(outcomes(&[("1:00", ClockIn), ("23:00", ClockIn)])[1], Err(Why::AlreadyIn { at: at("1:00") }));
    // After 24 hours it is missing by itself.
    let open = line(&[("9:00", ClockIn)]);
    assert!(!open.shifts[0].misses_clock_out(at("32:59")) && open.shifts[0].misses_clock_out(at("33:00")));
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
fn at_the_same_moment_what_ends_goes_first() {
    let punches = [
        ("9:00", ClockIn),
        ("12:00", BreakStart),
        ("13:00", BreakStart),
        ("13:00", BreakEnd),
        ("17:00", ClockIn),
        ("17:00", BreakEnd),
        ("17:00", ClockOut),
    ];
    assert_eq!(outcomes(&punches), vec![ok("21"); 7]);
    assert_eq!(line(&punches).shifts.len(), 2);
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
