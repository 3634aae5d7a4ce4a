//! Days and months as attendance counts them: in Japan's zone, whatever the workspace's is.

use std::{fmt, str::FromStr};

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    lang::Lang,
    time::{DAY, MINUTE, Millis},
};

/// Minutes east of UTC: Asia/Tokyo, which has had no summer time since 1951.
pub const ZONE_MINUTES: i32 = 9 * 60;

/// The text is no day, month or time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the calendar")]
pub struct NotADate;

/// A day, `2026-11-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(NaiveDate);

impl Day {
    /// The day in which `at` lies; a time outside the calendar's range lies in 1970.
    #[must_use]
    pub fn of(at: Millis) -> Self {
        Self(local(at).date())
    }

    /// Its first moment.
    #[must_use]
    pub fn start(self) -> Millis {
        let zone = FixedOffset::east_opt(ZONE_MINUTES * 60);
        let midnight = self.0.and_time(NaiveTime::MIN);
        zone.and_then(|zone| zone.from_local_datetime(&midnight).single())
            .map_or(0, |at| at.timestamp_millis())
    }

    /// The day after; the calendar's last day for itself.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.succ_opt().unwrap_or(self.0))
    }

    /// `minutes` after its midnight, also beyond the next one.
    #[must_use]
    pub fn at(self, minutes: u32) -> Millis {
        self.start() + i64::from(minutes) * MINUTE
    }

    #[must_use]
    pub fn month(self) -> Month {
        Month { year: self.0.year(), month: self.0.month() }
    }

    /// 「11月21日(土)」, `Sat 21 Nov`.
    #[must_use]
    pub fn name(self, lang: Lang) -> String {
        const WEEK: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
        match lang {
            Lang::Ja => {
                let index = usize::try_from(self.0.weekday().num_days_from_monday()).unwrap_or_default();
                let week = WEEK.get(index).copied().unwrap_or_default();
                format!("{}月{}日({week})", self.0.month(), self.0.day())
            }
            Lang::En => self.0.format("%a %-d %b").to_string(),
        }
    }
}

/// A calendar month, `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    #[must_use]
    pub fn of(at: Millis) -> Self {
        Day::of(at).month()
    }

    /// Every day of it.
    pub fn days(self) -> impl Iterator<Item = Day> {
        (1..=31).filter_map(move |day| NaiveDate::from_ymd_opt(self.year, self.month, day)).map(Day)
    }

    /// Its first moment.
    #[must_use]
    pub fn start(self) -> Millis {
        self.days().next().map_or(0, Day::start)
    }

    /// The first moment of the next month.
    #[must_use]
    pub fn end(self) -> Millis {
        self.days().last().map_or(0, |day| day.start() + DAY)
    }

    /// 「2026年11月」, `November 2026`.
    #[must_use]
    pub fn name(self, lang: Lang) -> String {
        match (lang, self.days().next()) {
            (Lang::En, Some(first)) => first.0.format("%B %Y").to_string(),
            _ => format!("{}年{}月", self.year, self.month),
        }
    }
}

/// `9:02`, as one says it.
#[must_use]
pub fn clock(at: Millis) -> String {
    let time = local(at).time();
    format!("{}:{:02}", time.hour(), time.minute())
}

/// `09:02`; beyond the midnight after `day`, `25:30`.
#[must_use]
pub fn clock_of(day: Day, at: Millis) -> String {
    let minutes = (at - day.start()).div_euclid(MINUTE);
    format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
}

/// Reads `9:02`, `09:02` or `25:30`: minutes after midnight, up to 47:59. Errors: [`NotADate`].
pub fn read_clock(text: &str) -> Result<u32, NotADate> {
    let (hours, minutes) = text.split_once(':').ok_or(NotADate)?;
    let digits = |text: &str, most: usize| {
        let fits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { text.parse::<u32>().map_err(|_| NotADate) } else { Err(NotADate) }
    };
    let (hours, minutes) =
        (digits(hours, 2)?, if minutes.len() == 2 { digits(minutes, 2)? } else { return Err(NotADate) });
    if hours < 48 && minutes < 60 { Ok(hours * 60 + minutes) } else { Err(NotADate) }
}

fn local(at: Millis) -> NaiveDateTime {
    let shifted = at.saturating_add(i64::from(ZONE_MINUTES) * MINUTE);
    chrono::DateTime::from_timestamp_millis(shifted).unwrap_or_default().naive_utc()
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Day {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self).map_err(|_| NotADate)?;
        // chrono also reads `2026-1-2` and `+2026-…`.
        let written = day.to_string() == text && (1970..=9999).contains(&day.0.year());
        if written { Ok(day) } else { Err(NotADate) }
    }
}

impl FromStr for Month {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        format!("{text}-01").parse::<Day>().map(Day::month)
    }
}

macro_rules! as_text {
    ($($name:ident)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

as_text! { Day Month }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_rfc3339;

    fn at(text: &str) -> Millis {
        parse_rfc3339(text).unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_in_tokyo() {
        for (moment, day) in [
            ("2026-11-20T14:59:59.999Z", "2026-11-20"),
            ("2026-11-20T15:00:00Z", "2026-11-21"),
            ("2027-01-01T00:00:00+09:00", "2027-01-01"),
            ("1969-12-31T15:00:00Z", "1970-01-01"),
        ] {
            assert_eq!(Day::of(at(moment)).to_string(), day, "{moment}");
        }
        let day: Day = "2026-11-21".parse().unwrap();
        assert_eq!(day.start(), at("2026-11-21T00:00:00+09:00"));
        assert_eq!((day.name(Lang::Ja), day.name(Lang::En)), ("11月21日(土)".into(), "Sat 21 Nov".into()));
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        for (month, days, end) in [
            ("2026-11", 30, "2026-12-01T00:00:00+09:00"),
            ("2026-12", 31, "2027-01-01T00:00:00+09:00"),
            ("2028-02", 29, "2028-03-01T00:00:00+09:00"),
        ] {
            let month: Month = month.parse().unwrap();
            assert_eq!((month.days().count(), month.end()), (days, at(end)), "{month}");
        }
        let month: Month = "2026-11".parse().unwrap();
        assert_eq!(
            (month.name(Lang::Ja), month.name(Lang::En)),
            ("2026年11月".into(), "November 2026".into())
        );
    }

    #[test]
    fn only_the_calendar_s_own_form_is_read() {
        for bad in ["", "2026-11", "2026-11-31", "2026-1-02", "+2026-11-01", "0000-01-01", "2026-11-01 "] {
            assert_eq!(bad.parse::<Day>(), Err(NotADate), "{bad}");
        }
        for bad in ["", "2026-13", "2026-1", "2026-11-01", "26-11", "1969-12"] {
            assert_eq!(bad.parse::<Month>(), Err(NotADate), "{bad}");
        }
    }

    #[test]
    fn times_of_day_go_beyond_midnight() {
        for (text, minutes) in
            [("0:00", 0), ("9:02", 542), ("09:02", 542), ("23:59", 1_439), ("25:30", 1_530), ("47:59", 2_879)]
        {
            assert_eq!(read_clock(text), Ok(minutes), "{text}");
        }
        for bad in [
            "",
            "9",
            "9:2",
            "9:60",
            "48:00",
            "009:00",
            "-1:00",
            "9:00:00",
            "\u{ff19}:\u{ff10}\u{ff10}",
            " 9:00",
            ":00",
        ] {
            assert_eq!(read_clock(bad), Err(NotADate), "{bad}");
        }
        let day: Day = "2026-11-21".parse().unwrap();
        let late = day.at(1_530) + 59_999;
        assert_eq!((clock(late), clock_of(day, late)), ("1:30".into(), "25:30".into()));
        assert_eq!((clock(day.at(542)), clock_of(day, day.at(542))), ("9:02".into(), "09:02".into()));
    }
}
