//! Quiet time: when notices that are not critical wait. Everybody has the workspace's, or one of their own, or
//! none. Pure: the moment, the zone and the calendar are handed in.
//!
//! It is quiet within the hours of every day, and all day on days off: chosen days of the week, and, where holidays
//! count, public holidays and the days off of the company's calendar. The calendar has the last word on the day that
//! it names.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    error::{Code, Error},
    time::{DAY, MINUTE, Millis},
};

pub mod holidays;

/// Nothing waits for longer, whatever the calendar says.
pub const LONGEST_DAYS: i64 = 31;

/// When it is quiet, as people write it. All empty: never.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietTime {
    /// `22:00`. Empty together with `until`: no hours.
    #[serde(default)]
    pub from: String,
    /// `07:00`; before `from` it is on the next day.
    #[serde(default)]
    pub until: String,
    /// Days of the week that are quiet as a whole, 1 (Monday) to 7.
    #[serde(default)]
    pub days: Vec<u8>,
    /// Public holidays and the company's days off are quiet as a whole.
    #[serde(default)]
    pub holidays: bool,
}

/// The same, ready to be asked. Its text (`22:00-07:00/67h`) is its form in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Schedule {
    /// Minutes after midnight, never the same.
    hours: Option<(u16, u16)>,
    /// Bit 0 is Monday. Never all seven.
    days: u8,
    holidays: bool,
}

/// The company's calendar: days since 1970-01-01, and whether they are off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar(BTreeMap<i64, bool>);

/// The text is no schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a quiet time")]
pub struct NotASchedule;

impl QuietTime {
    /// What is wrong with it, by field.
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        let hours = !(self.from.is_empty() && self.until.is_empty());
        for (name, text) in [("from", &self.from), ("until", &self.until)] {
            if hours && text.is_empty() {
                problems.push(Error::field(Code::Required, name));
            } else if hours && clock(text).is_none() {
                problems.push(Error::field(Code::NotATimeOfDay, name));
            }
        }
        if problems.is_empty() && hours && self.from == self.until {
            problems.push(Error::field(Code::NotATimeOfDay, "until"));
        }
        if self.days.iter().any(|day| !(1..=7).contains(day)) {
            problems.push(Error::field(Code::WrongType, "days"));
        } else if bits(&self.days) == 0b111_1111 {
            problems.push(Error::field(Code::AlwaysQuiet, "days"));
        }
        problems
    }

    /// `None` when something is wrong with it.
    #[must_use]
    pub fn schedule(&self) -> Option<Schedule> {
        if !self.problems().is_empty() {
            return None;
        }
        let hours = clock(&self.from).zip(clock(&self.until));
        Some(Schedule { hours, days: bits(&self.days), holidays: self.holidays })
    }
}

impl Schedule {
    /// It is never quiet.
    #[must_use]
    pub const fn is_never(&self) -> bool {
        self.hours.is_none() && self.days == 0 && !self.holidays
    }

    /// As people write it.
    #[must_use]
    pub fn time(&self) -> QuietTime {
        let (from, until) = self.hours.map(|(from, until)| (text(from), text(until))).unwrap_or_default();
        let days = (1..=7).filter(|day| self.days & (1 << (day - 1)) != 0).collect();
        QuietTime { from, until, days, holidays: self.holidays }
    }

    /// When the quiet that holds at `at` ends; `None` when there is none. `zone` is minutes east of UTC.
    #[must_use]
    pub fn until(&self, calendar: &Calendar, at: Millis, zone: i32) -> Option<Millis> {
        if self.is_never() {
            return None;
        }
        let shift = i64::from(zone) * MINUTE;
        let begun = at.checked_add(shift)?;
        let (mut now, last) = (begun, begun.checked_add(LONGEST_DAYS * DAY)?);
        while let Some(end) = self.stretch(calendar, now) {
            now = end;
            if now >= last {
                break;
            }
        }
        (now > begun).then_some(now - shift)
    }

    /// The end of one reason for quiet at a local time.
    fn stretch(&self, calendar: &Calendar, now: Millis) -> Option<Millis> {
        let day = now.div_euclid(DAY);
        if self.is_off(calendar, day) {
            return Some((day + 1) * DAY);
        }
        let (from, until) = self.hours?;
        let at = |day: i64, minutes: u16| day * DAY + i64::from(minutes) * MINUTE;
        let within = |day: i64| {
            let end = at(if until < from { day + 1 } else { day }, until);
            (at(day, from) <= now && now < end).then_some(end)
        };
        within(day).or_else(|| within(day - 1))
    }

    fn is_off(&self, calendar: &Calendar, day: i64) -> bool {
        // 1970-01-01 was a Thursday.
        let weekday = u32::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
        let by_week = self.days & (1 << weekday) != 0;
        if by_week && !self.holidays {
            return true;
        }
        match calendar.0.get(&day).filter(|_| self.holidays) {
            Some(off) => *off,
            None => by_week || self.holidays && holidays::holiday(day).is_some(),
        }
    }
}

impl Calendar {
    /// From days like `2026-12-29` and whether they are off; what is no day is passed over.
    #[must_use]
    pub fn new<'a>(days: impl Iterator<Item = (&'a str, bool)>) -> Self {
        Self(days.filter_map(|(day, off)| Some((day_number(day)?, off))).collect())
    }
}

/// Days since 1970-01-01 of `2026-11-22`.
#[must_use]
pub fn day_number(day: &str) -> Option<i64> {
    let at = crate::time::parse_rfc3339(&format!("{day}T00:00:00Z"))?;
    (day.len() == 10).then(|| at.div_euclid(DAY))
}

/// `2026-11-22` of days since 1970-01-01.
#[must_use]
pub fn day_text(day: i64) -> String {
    crate::time::rfc3339(day.saturating_mul(DAY)).chars().take(10).collect()
}

/// Minutes after midnight of `22:00`; `24:00` is no time of day.
fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str, below: u16| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| digits && *number < below)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

fn text(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn bits(days: &[u8]) -> u8 {
    days.iter().filter(|day| (1..=7).contains(*day)).fold(0, |bits, day| bits | 1 << (day - 1))
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QuietTime { from, until, days, .. } = self.time();
        if self.hours.is_some() {
            write!(f, "{from}-{until}")?;
        }
        f.write_str("/")?;
        for day in days {
            write!(f, "{day}")?;
        }
        f.write_str(if self.holidays { "h" } else { "" })
    }
}

impl FromStr for Schedule {
    type Err = NotASchedule;
    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        let (hours, rest) = text.split_once('/').ok_or(NotASchedule)?;
        let (from, until) =
            if hours.is_empty() { ("", "") } else { hours.split_once('-').ok_or(NotASchedule)? };
        let days = rest.strip_suffix('h').unwrap_or(rest);
        let time = QuietTime {
            from: from.to_owned(),
            until: until.to_owned(),
            days: days.bytes().map(|digit| digit.wrapping_sub(b'0')).collect(),
            holidays: days.len() != rest.len(),
        };
        time.schedule().ok_or(NotASchedule)
    }
}

#[cfg(test)]
mod tests;
