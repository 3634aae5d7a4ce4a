//! Days and months as the sheets name them, without a calendar's library: it would be a tenth of the program. The
//! tests compare with that of `shared`.

use shared::lang::Lang;

use crate::client::times::{MONTHS, WEEK};

/// Sheets are kept in Tokyo's time, wherever the reader is.
const ZONE: i64 = 9 * 3_600_000;
const DAY: i64 = 24 * 3_600_000;

/// A calendar month, `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    year: i64,
    month: i64,
}

impl Month {
    /// The month of a moment.
    pub(super) fn of(at: i64) -> Self {
        let (year, month, _) = civil(days_of(at));
        Self { year, month }
    }

    /// Reads `2026-11`, as the address and the browser's field have it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let number = |text: &str, digits: usize| {
            let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
            if fits { text.parse().ok() } else { None }
        };
        let read = Self { year: number(year, 4)?, month: number(month, 2)? };
        ((1970..=9999).contains(&read.year) && (1..=12).contains(&read.month)).then_some(read)
    }

    pub(super) fn text(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// So many months later, or before; it stays within the years that can be read.
    pub(super) fn moved(self, months: i64) -> Self {
        let all = self.year * 12 + self.month - 1 + months;
        let moved = Self { year: all.div_euclid(12), month: all.rem_euclid(12) + 1 };
        if (1970..=9999).contains(&moved.year) { moved } else { self }
    }

    /// 「2026年11月」, `November 2026`.
    pub(super) fn name(self, lang: Lang) -> String {
        match lang {
            Lang::Ja => format!("{}年{}月", self.year, self.month),
            Lang::En => {
                let name = usize::try_from(self.month - 1).ok().and_then(|index| MONTHS.get(index));
                format!("{} {}", name.copied().unwrap_or_default(), self.year)
            }
        }
    }
}

/// Today, `2026-11-22`: such texts compare as days do.
pub(super) fn day_of(at: i64) -> String {
    let (year, month, day) = civil(days_of(at));
    format!("{year:04}-{month:02}-{day:02}")
}

/// 「11月21日(土)」, `Sat 21 Nov`, of `2026-11-21`. What is no day is shown as it came.
pub(super) fn day_name(date: &str, lang: Lang) -> String {
    let Some((month, day, week)) = read_day(date) else { return date.to_owned() };
    match lang {
        Lang::Ja => format!("{}月{day}日({week})", month.month, week = week.get(lang)),
        Lang::En => {
            let name = month.name(lang);
            format!("{} {day} {}", week.get(lang), name.get(..3).unwrap_or_default())
        }
    }
}

/// 「21(土)」, `21 Sat`: within a month.
pub(super) fn day_short(date: &str, lang: Lang) -> String {
    let Some((_, day, week)) = read_day(date) else { return date.to_owned() };
    match lang {
        Lang::Ja => format!("{day}({})", week.get(lang)),
        Lang::En => format!("{day} {}", week.get(lang)),
    }
}

/// Whether it is a Saturday or a Sunday.
pub(super) fn is_weekend(date: &str) -> bool {
    read_day(date).is_some_and(|(_, _, week)| week == WEEK[5] || week == WEEK[6])
}

fn read_day(date: &str) -> Option<(Month, i64, shared::lang::Text)> {
    let month = Month::read(date.get(..7)?)?;
    let day: i64 = date.get(8..)?.parse().ok()?;
    let days = days_from_civil(month.year, month.month, day);
    // 1 January 1970 was a Thursday.
    let week = usize::try_from((days + 3).rem_euclid(7)).ok()?;
    Some((month, day, *WEEK.get(week)?))
}

fn days_of(at: i64) -> i64 {
    (at + ZONE).div_euclid(DAY)
}

/// Year, month and day of the days since 1970, by eras of 400 years that begin in March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * march + 2) / 5 + 1)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let march = if month > 2 { month - 3 } else { month + 9 };
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * march + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use shared::attendance::{Day as OtherDay, Month as OtherMonth};

    use super::*;

    #[test]
    fn days_and_months_are_those_of_the_other_calendar() {
        // Every eleven hours of sixty years, over every kind of leap year.
        for step in 0..48_000_i64 {
            let at = step * 11 * 3_600_000;
            let (day, month) = (OtherDay::of(at), OtherMonth::of(at));
            let text = day.to_string();
            assert_eq!(day_of(at), text);
            assert_eq!(Month::of(at).text(), month.to_string());
            assert_eq!(Month::of(at).moved(1), Month::of(month.end()));
            for lang in [Lang::Ja, Lang::En] {
                assert_eq!(day_name(&text, lang), day.name(lang));
                assert_eq!(Month::of(at).name(lang), month.name(lang));
            }
        }
    }

    #[test]
    fn only_months_are_read() {
        let month = Month::read("2026-11").unwrap();
        assert_eq!((month.moved(2).text(), month.moved(-11).text()), ("2027-01".into(), "2025-12".into()));
        for bad in ["", "2026", "2026-13", "2026-1", "26-11", "2026-11-01", "1969-12", "+026-11", "2026-0１"]
        {
            assert_eq!(Month::read(bad), None, "{bad}");
        }
        let last = Month::read("9999-12").unwrap();
        assert_eq!(last.moved(1), last);
    }

    #[test]
    fn short_names_and_weekends() {
        assert_eq!(
            (day_short("2026-11-21", Lang::Ja), day_short("2026-11-21", Lang::En)),
            ("21(土)".into(), "21 Sat".into())
        );
        let weekend: Vec<bool> = (20..24).map(|day| is_weekend(&format!("2026-11-{day}"))).collect();
        assert_eq!(weekend, [false, true, true, false]);
        assert_eq!(day_name("x", Lang::Ja), "x");
    }
}
