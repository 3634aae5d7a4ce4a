//! Absences (マイ不在日程): a business system enters them, people's calendars show them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::{
    delivery::Cause,
    error::{Code, Error},
    id::MemberId,
    time::{self, DAY, Millis},
};

/// The longest body in bytes; a longer one is answered 413.
pub const MAX_ABSENCE_BYTES: usize = 16 * 1024;
/// Characters of a title: what LINE WORKS takes (lineworks.md §5).
pub const MAX_TITLE: usize = 200;
pub const MAX_NOTE: usize = 2_000;
/// Characters of the business system's own id.
pub const MAX_REF: usize = 128;
/// Beyond them something is mistyped.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// `PUT /api/v1/absences/{ref}` → 201 or 200 [`Absence`]: makes the absence or replaces it whole. `ref` is the
/// business system's own id, 1 to 128 characters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceRequest {
    /// Whose it is: this or `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Login or notification address of a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// At most 200 characters.
    pub title: String,
    /// RFC 3339; with `all_day` the first day, `2026-12-29`.
    pub starts: String,
    /// RFC 3339; with `all_day` the last day, which may be the first.
    pub ends: String,
    #[serde(default)]
    pub all_day: bool,
    /// At most 2,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Of whole days: midnight of the first one, as if in UTC.
    pub starts: Millis,
    /// The first moment that is not in it; of whole days midnight after the last one, as if in UTC.
    pub ends: Millis,
    pub all_day: bool,
}

impl AbsenceRequest {
    /// The period, and everything that is wrong with the texts. Whose it is the store knows.
    pub fn check(&self) -> Result<Period, Vec<Error>> {
        let mut problems = Vec::new();
        match (&self.member, &self.email) {
            (Some(_), Some(_)) => problems.push(Error::field(Code::NamedTwice, "email")),
            (None, None) => problems.push(Error::field(Code::Required, "member")),
            _ => {}
        }
        if self.title.trim().is_empty() {
            problems.push(Error::field(Code::Required, "title"));
        }
        for (name, text, most) in [("title", &self.title, MAX_TITLE), ("note", &self.note, MAX_NOTE)] {
            if text.chars().count() > most {
                problems.push(Error::field(Code::TooLong, name).found(most.to_string()));
            }
        }
        let starts = self.moment("starts", &self.starts, &mut problems);
        let ends = self.moment("ends", &self.ends, &mut problems);
        let (Some(starts), Some(ends)) = (starts, ends) else { return Err(problems) };
        let ends = if self.all_day { ends + DAY } else { ends };
        if ends <= starts {
            problems.push(Error::field(Code::EndsBeforeStart, "ends"));
        }
        if problems.is_empty() { Ok(Period { starts, ends, all_day: self.all_day }) } else { Err(problems) }
    }

    fn moment(&self, name: &str, text: &str, problems: &mut Vec<Error>) -> Option<Millis> {
        let (read, code) = if self.all_day {
            (parse_day(text), Code::NotADay)
        } else {
            (time::parse_rfc3339(text).filter(|at| in_years(*at)), Code::NotATime)
        };
        if read.is_none() {
            problems.push(Error::field(if text.is_empty() { Code::Required } else { code }, name));
        }
        read
    }
}

impl Period {
    /// `starts` and `ends` as a request writes them.
    #[must_use]
    pub fn texts(self) -> (String, String) {
        if self.all_day {
            (day_text(self.starts), day_text(self.ends - DAY))
        } else {
            (time::rfc3339(self.starts), time::rfc3339(self.ends))
        }
    }
}

/// `2026-12-29` as its midnight, as if in UTC.
#[must_use]
pub fn parse_day(text: &str) -> Option<Millis> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = plain.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())??;
    YEARS.contains(&day.year()).then(|| day.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}

/// The day of a midnight as if in UTC, `2026-12-29`.
#[must_use]
pub fn day_text(at: Millis) -> String {
    DateTime::from_timestamp_millis(at).unwrap_or(DateTime::UNIX_EPOCH).format("%Y-%m-%d").to_string()
}

fn in_years(at: Millis) -> bool {
    DateTime::from_timestamp_millis(at).is_some_and(|at| YEARS.contains(&at.year()))
}

/// One absence (`GET /api/v1/absences?member=&email=&from=&to=&cursor=` → page, earliest first). `from` and `to` are
/// days or RFC 3339; an absence is listed when a part of it lies between them, the day `to` included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    #[serde(rename = "ref")]
    pub reference: String,
    pub member: MemberId,
    pub title: String,
    /// As in [`AbsenceRequest`], in UTC.
    pub starts: String,
    pub ends: String,
    pub all_day: bool,
    pub note: String,
    /// RFC 3339.
    pub changed_at: String,
    /// In the person's calendar at LINE WORKS; absent when nothing is to be entered there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarEntry>,
}

/// How far an absence has got into a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEntry {
    pub state: CalendarEntryState,
    /// Why the last try came to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarEntryState {
    /// On its way, perhaps tried already.
    Waiting,
    Done,
    /// Given up.
    Failed,
}

/// `GET /api/me/calendar`: whether the member has a feed; `DELETE` takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarFeed {
    /// Milliseconds UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<i64>,
}

/// `POST /api/me/calendar` → 201: the feed's address, shown once. The one before is dead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCalendarFeed {
    pub url: String,
    pub created_at: i64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(starts: &str, ends: &str, all_day: bool) -> AbsenceRequest {
        AbsenceRequest {
            member: Some("mb_1".into()),
            title: "休暇".into(),
            starts: starts.into(),
            ends: ends.into(),
            all_day,
            ..AbsenceRequest::default()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for (starts, ends, all_day, texts) in [
            ("2026-12-29", "2026-12-29", true, ("2026-12-29", "2026-12-29")),
            ("2026-12-29", "2027-01-03", true, ("2026-12-29", "2027-01-03")),
            ("2028-02-28", "2028-02-29", true, ("2028-02-28", "2028-02-29")),
            (
                "2026-12-29T13:00:00+09:00",
                "2026-12-29T17:30:00+09:00",
                false,
                ("2026-12-29T04:00:00.000Z", "2026-12-29T08:30:00.000Z"),
            ),
        ] {
            let period = request(starts, ends, all_day).check().unwrap();
            let (from, until) = period.texts();
            assert_eq!((from.as_str(), until.as_str()), texts);
            assert!(period.ends > period.starts);
        }
    }

    #[test]
    fn each_fault_has_its_field() {
        let good = request("2026-12-29", "2026-12-29", true);
        let time = "2026-12-29T13:00:00Z";
        for (wrong, code, field) in [
            (AbsenceRequest { member: None, ..good.clone() }, Code::Required, "member"),
            (AbsenceRequest { email: Some("a@b.jp".into()), ..good.clone() }, Code::NamedTwice, "email"),
            (AbsenceRequest { title: " \n".into(), ..good.clone() }, Code::Required, "title"),
            (AbsenceRequest { title: "あ".repeat(201), ..good.clone() }, Code::TooLong, "title"),
            (AbsenceRequest { note: "あ".repeat(2_001), ..good.clone() }, Code::TooLong, "note"),
            (request("2026-12-29", "2026-12-28", true), Code::EndsBeforeStart, "ends"),
            (request(time, time, false), Code::EndsBeforeStart, "ends"),
            (request(time, "2026-12-29", true), Code::NotADay, "starts"),
            (request("2026-12-29", time, false), Code::NotATime, "starts"),
            (request("2026-02-29", "2026-03-01", true), Code::NotADay, "starts"),
            (request("0026-12-29", "2026-12-29", true), Code::NotADay, "starts"),
            (request("2026-1-1", "2026-12-29", true), Code::NotADay, "starts"),
            (request("２０２６-12-29", "2026-12-29", true), Code::NotADay, "starts"),
            (request("9026-12-29T00:00:00Z", "9026-12-30T00:00:00Z", false), Code::NotATime, "starts"),
            (request("", "2026-12-29", true), Code::Required, "starts"),
        ] {
            let problems = wrong.check().unwrap_err();
            assert_eq!((problems[0].code, problems[0].field.as_deref()), (code, Some(field)), "{wrong:?}");
        }
    }

    #[test]
    fn wire_forms_are_pinned() {
        let absence = Absence {
            reference: "wp-1".into(),
            member: MemberId::new(1, [0; 10]),
            title: "休暇".into(),
            starts: "2026-12-29".into(),
            ends: "2026-12-29".into(),
            all_day: true,
            note: String::new(),
            changed_at: "2026-11-22T00:00:00.000Z".into(),
            calendar: Some(CalendarEntry { state: CalendarEntryState::Done, cause: None }),
        };
        let text = serde_json::to_string(&absence).unwrap();
        assert_eq!(
            text,
            r#"{"ref":"wp-1","member":"mb_00000000010000000000000000","title":"休暇","starts":"2026-12-29","ends":"2026-12-29","all_day":true,"note":"","changed_at":"2026-11-22T00:00:00.000Z","calendar":{"state":"done"}}"#
        );
        assert_eq!(serde_json::from_str::<Absence>(&text).unwrap(), absence);
        assert!(
            serde_json::from_str::<AbsenceRequest>(r#"{"title":"t","starts":"","ends":"","x":1}"#).is_err()
        );
    }

    proptest! {
        /// Any text is either a period or a fault that names its field.
        #[test]
        fn no_text_is_a_surprise(starts in "\\PC{0,30}", ends in "\\PC{0,30}", all_day in any::<bool>()) {
            if let Err(problems) = request(&starts, &ends, all_day).check() {
                prop_assert!(!problems.is_empty() && problems.iter().all(|problem| problem.field.is_some()));
            }
        }
    }
}
