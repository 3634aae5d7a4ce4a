//! Days as a filter names them, in the zone in which the page shows its times.

/// `2026-11-21` as year, month and day of the calendar; `None` when it has not that form.
#[must_use]
pub fn parts(day: &str) -> Option<(u32, i32, i32)> {
    let mut parts = day.split('-');
    let mut number = |length: usize| parts.next().filter(|part| part.len() == length)?.parse::<i32>().ok();
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
    u32::try_from(year).ok().filter(|_| fits).map(|year| (year, month, day))
}

/// The beginning of the day `later` days after `day`, milliseconds UTC.
#[must_use]
pub fn beginning(day: &str, later: i32) -> Option<i64> {
    let (year, month, day) = parts(day)?;
    let date = js_sys::Date::new_with_year_month_day(year, month - 1, day + later);
    let at = date.get_time();
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds far below 2^53")]
    at.is_finite().then_some(at as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_days_are_days() {
        assert_eq!(parts("2026-11-21"), Some((2026, 11, 21)));
        for wrong in [
            "",
            "2026-11",
            "2026-11-21-1",
            "26-11-21",
            "2026-13-01",
            "2026-11-32",
            "2026-11-x1",
            "-026-11-11",
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
