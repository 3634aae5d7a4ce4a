//! Japan's public holidays, by the rules of the law on national holidays (国民の祝日に関する法律) as it stands since
//! 2022. The law leaves the two equinoxes to the almanac of the year before; they are computed here by the usual
//! approximation, which holds from 1980 to 2099.

use chrono::{DateTime, Datelike, NaiveDate, Weekday};

use crate::{
    lang::Text,
    time::{DAY, Millis},
};

/// The public holiday on a day, counted in days since 1970-01-01, if it is one.
#[must_use]
pub fn holiday(day: i64) -> Option<Text> {
    let date = date_of(day)?;
    named(date).or_else(|| substitute(date)).or_else(|| between(date))
}

/// Every public holiday of a year: `2026-11-23` and its name.
#[must_use]
pub fn holidays_of(year: i32) -> Vec<(String, Text)> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, number_of);
    (first..first + 366)
        .filter_map(|day| Some((date_of(day).filter(|date| date.year() == year)?, holiday(day)?)))
        .map(|(date, name)| (date.to_string(), name))
        .collect()
}

/// The year of a day, counted as in [`holiday`].
#[must_use]
pub fn year_of(day: i64) -> i32 {
    date_of(day).map_or(1970, |date| date.year())
}

fn date_of(day: i64) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp_millis(day.checked_mul(DAY)?)?.date_naive())
}

fn number_of(date: NaiveDate) -> i64 {
    let at: Millis = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    at.div_euclid(DAY)
}

/// Article 2: the holidays that have a name.
fn named(date: NaiveDate) -> Option<Text> {
    let (month, day) = (date.month(), date.day());
    // The n-th Monday of its month.
    let monday = |n: u32| date.weekday() == Weekday::Mon && day.div_ceil(7) == n;
    Some(match month {
        1 if day == 1 => Text::new("元日", "New Year's Day"),
        1 if monday(2) => Text::new("成人の日", "Coming of Age Day"),
        2 if day == 11 => Text::new("建国記念の日", "National Foundation Day"),
        2 if day == 23 => Text::new("天皇誕生日", "The Emperor's Birthday"),
        3 if day == equinox(20_843_100, date.year()) => Text::new("春分の日", "Vernal Equinox Day"),
        4 if day == 29 => Text::new("昭和の日", "Showa Day"),
        5 if day == 3 => Text::new("憲法記念日", "Constitution Day"),
        5 if day == 4 => Text::new("みどりの日", "Greenery Day"),
        5 if day == 5 => Text::new("こどもの日", "Children's Day"),
        7 if monday(3) => Text::new("海の日", "Marine Day"),
        8 if day == 11 => Text::new("山の日", "Mountain Day"),
        9 if monday(3) => Text::new("敬老の日", "Respect for the Aged Day"),
        9 if day == equinox(23_248_800, date.year()) => Text::new("秋分の日", "Autumnal Equinox Day"),
        10 if monday(2) => Text::new("スポーツの日", "Sports Day"),
        11 if day == 3 => Text::new("文化の日", "Culture Day"),
        11 if day == 23 => Text::new("勤労感謝の日", "Labor Thanksgiving Day"),
        _ => return None,
    })
}

/// Article 3-2: for a holiday on a Sunday, the first day behind it that has no name of its own.
fn substitute(date: NaiveDate) -> Option<Text> {
    let mut before = date.pred_opt()?;
    while named(before).is_some() {
        if before.weekday() == Weekday::Sun {
            return Some(Text::new("振替休日", "Substitute holiday"));
        }
        before = before.pred_opt()?;
    }
    None
}

/// Article 3-3: a day between two holidays.
fn between(date: NaiveDate) -> Option<Text> {
    let holiday = named(date.pred_opt()?).is_some() && named(date.succ_opt()?).is_some();
    holiday.then(|| Text::new("国民の休日", "National holiday"))
}

/// The day of the month, from the moment of 1980 in millionths of a day.
fn equinox(of_1980: i64, year: i32) -> u32 {
    let years = i64::from(year) - 1980;
    let day = (of_1980 + 242_194 * years).div_euclid(1_000_000) - years.div_euclid(4);
    u32::try_from(day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As announced for 2026 and 2027, and as the almanac foretells until 2030.
    const OFFICIAL: [(i32, &str); 5] = [
        (
            2026,
            "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
        ),
        (
            2027,
            "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23",
        ),
        (
            2028,
            "01-01 01-10 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-22 10-09 11-03 11-23",
        ),
        (
            2029,
            "01-01 01-08 02-11 02-12 02-23 03-20 04-29 04-30 05-03 05-04 05-05 07-16 08-11 09-17 09-23 09-24 10-08 11-03 11-23",
        ),
        (
            2030,
            "01-01 01-14 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 11-03 11-04 11-23",
        ),
    ];

    #[test]
    fn every_year_has_the_official_holidays_and_no_other() {
        for (year, days) in OFFICIAL {
            let found: Vec<String> =
                holidays_of(year).into_iter().map(|(day, _)| day[5..].to_owned()).collect();
            assert_eq!(found.join(" "), days, "{year}");
        }
    }

    #[test]
    fn substitutes_and_days_between_have_their_names() {
        let name = |day: &str| {
            let date: NaiveDate = day.parse().unwrap();
            holiday(number_of(date)).map(|name| name.ja)
        };
        for (day, expected) in [
            // 憲法記念日 is a Sunday: the substitute lies behind two more holidays.
            ("2026-05-06", Some("振替休日")),
            ("2026-05-07", None),
            ("2026-09-22", Some("国民の休日")),
            ("2027-03-22", Some("振替休日")),
            // A holiday on a Saturday has no substitute.
            ("2028-01-01", Some("元日")),
            ("2028-01-03", None),
            ("2030-08-12", Some("振替休日")),
            ("2026-12-31", None),
        ] {
            assert_eq!(name(day), expected, "{day}");
        }
    }
}
