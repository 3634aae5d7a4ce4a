use proptest::prelude::*;

use super::*;
use crate::time::{HOUR, parse_rfc3339};

const TOKYO: i32 = 9 * 60;

fn schedule(text: &str) -> Schedule {
    text.parse().unwrap()
}

fn at(text: &str) -> Millis {
    parse_rfc3339(&format!("{text}:00+09:00")).unwrap()
}

fn calendar() -> Calendar {
    Calendar::new(
        [("2026-12-29", true), ("2026-12-30", true), ("2026-11-23", false), ("x", true)].into_iter(),
    )
}

#[test]
fn quiet_ends_where_neither_hours_nor_days_off_hold_any_more() {
    let night = "22:00-07:00/";
    let nights_and_weekends = "22:00-07:00/67h";
    for (text, now, end) in [
        (night, "2026-11-20T21:59", None),
        (night, "2026-11-20T22:00", Some("2026-11-21T07:00")),
        (night, "2026-11-21T06:59", Some("2026-11-21T07:00")),
        (night, "2026-11-21T07:00", None),
        // Friday night, the weekend, Sunday night; Monday the 23rd is a holiday that the company works.
        (nights_and_weekends, "2026-11-20T23:00", Some("2026-11-23T07:00")),
        (nights_and_weekends, "2026-11-22T12:00", Some("2026-11-23T07:00")),
        (nights_and_weekends, "2026-11-23T12:00", None),
        // 2026-11-03 is a holiday, a Tuesday.
        (nights_and_weekends, "2026-11-03T12:00", Some("2026-11-04T07:00")),
        ("22:00-07:00/67", "2026-11-03T12:00", None),
        // The company's own days off, which only those with holidays follow.
        ("/h", "2026-12-29T00:00", Some("2026-12-31T00:00")),
        ("/6", "2026-12-29T00:00", None),
        // Golden week: five days off in a row, with the weekend before.
        ("/67h", "2026-05-02T10:00", Some("2026-05-07T00:00")),
        ("12:00-13:00/", "2026-11-20T12:30", Some("2026-11-20T13:00")),
        ("12:00-13:00/", "2026-11-20T13:00", None),
        ("/", "2026-11-20T12:30", None),
    ] {
        assert_eq!(schedule(text).until(&calendar(), at(now), TOKYO), end.map(at), "{text} {now}");
    }
}

#[test]
fn a_year_off_is_not_waited_for() {
    let all = Calendar::new(
        (20_000..21_000).map(day_text).collect::<Vec<_>>().iter().map(|day| (day.as_str(), true)),
    );
    let now = at("2026-11-20T12:00");
    let end = schedule("/h").until(&all, now, TOKYO).unwrap();
    assert!((LONGEST_DAYS * DAY..=(LONGEST_DAYS + 1) * DAY).contains(&(end - now)));
}

#[test]
fn what_cannot_be_meant_is_refused_by_field() {
    let quiet = |from: &str, until: &str, days: &[u8]| QuietTime {
        from: from.into(),
        until: until.into(),
        days: days.to_vec(),
        holidays: false,
    };
    for (time, code, field) in [
        (quiet("22:00", "", &[]), Code::Required, "until"),
        (quiet("", "07:00", &[]), Code::Required, "from"),
        (quiet("7:00", "08:00", &[]), Code::NotATimeOfDay, "from"),
        (quiet("22:00", "24:00", &[]), Code::NotATimeOfDay, "until"),
        (quiet("07:00", "07:00", &[]), Code::NotATimeOfDay, "until"),
        (quiet("", "", &[0]), Code::WrongType, "days"),
        (quiet("", "", &[8]), Code::WrongType, "days"),
        (quiet("", "", &[1, 2, 3, 4, 5, 6, 7]), Code::AlwaysQuiet, "days"),
    ] {
        assert_eq!(time.problems(), [Error::field(code, field)], "{time:?}");
        assert_eq!(time.schedule(), None);
    }
    assert_eq!(quiet("", "", &[]).schedule(), Some(Schedule::default()));
}

#[test]
fn the_stored_form_is_pinned() {
    for text in ["/", "/67", "/h", "22:00-07:00/", "22:00-07:00/67h", "00:00-23:59/1h"] {
        assert_eq!(schedule(text).to_string(), text);
    }
    for bad in
        ["", "-", "22:00/", "22:00-07:00", "22-07/", "/8", "/1234567", "/hh", "25:00-07:00/", "07:00-07:00/"]
    {
        assert_eq!(bad.parse::<Schedule>(), Err(NotASchedule), "{bad}");
    }
    assert_eq!(
        serde_json::to_string(&schedule("22:00-07:00/67h").time()).unwrap(),
        r#"{"from":"22:00","until":"07:00","days":[6,7],"holidays":true}"#
    );
    assert_eq!((day_number("2026-11-22"), day_text(20_779)), (Some(20_779), "2026-11-22".into()));
    assert_eq!((day_number("2026-11-31"), day_number("x")), (None, None));
}

prop_compose! {
    fn any_schedule()(hours in prop::option::of((0u16..1440, 1u16..1440)), days in 0u8..127, holidays: bool) -> Schedule {
        Schedule { hours: hours.map(|(from, length)| (from, (from + length) % 1440)), days, holidays }
    }
}

proptest! {
    #[test]
    fn quiet_time_ends_in_the_open_and_not_before(
        schedule in any_schedule(), minutes in 0i64..5_000_000, zone in prop::sample::select(vec![0, 540, -480, 330]),
    ) {
        let (calendar, now) = (calendar(), at("2026-01-01T00:00") + minutes * MINUTE);
        prop_assert_eq!(schedule.to_string().parse::<Schedule>(), Ok(schedule));
        prop_assert_eq!(schedule.time().schedule(), Some(schedule));
        if let Some(end) = schedule.until(&calendar, now, zone) {
            prop_assert!(end > now);
            prop_assert!(end <= now + (LONGEST_DAYS + 1) * DAY);
            let open = schedule.until(&calendar, end, zone).is_none();
            prop_assert!(open || end >= now + LONGEST_DAYS * DAY);
            // Every moment until then is quiet until the same end.
            let mut between = now;
            while between < end && end < now + LONGEST_DAYS * DAY {
                prop_assert_eq!(schedule.until(&calendar, between, zone), Some(end));
                between += 7 * HOUR;
            }
        }
    }
}
