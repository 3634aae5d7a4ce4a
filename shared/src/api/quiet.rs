//! Quiet time of the workspace and its company's calendar. A member's own is in [`super::me`].

use serde::{Deserialize, Serialize};

use crate::quiet::QuietTime;

/// `GET /api/settings/quiet`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceQuiet {
    /// Empty for none.
    pub time: QuietTime,
    /// Rooms wait too.
    pub rooms: bool,
    /// The company's calendar from today on, by day.
    pub days: Vec<CompanyDays>,
    /// The public holidays of this year and the next, by day, in the reader's language.
    pub holidays: Vec<Holiday>,
    /// It is quiet now, until then.
    pub until: Option<i64>,
    /// How many notices wait for the end of somebody's quiet time.
    pub waiting: u64,
    /// How many members have a quiet time of their own, or none.
    pub own: u64,
}

/// Days in a row that the company works or does not, whatever the week and the law say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyDays {
    /// `2026-12-29`.
    pub from: String,
    /// The last one; the same for a single day.
    pub until: String,
    pub off: bool,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// `2026-11-23`.
    pub day: String,
    pub name: String,
}

/// `PUT /api/settings/quiet` → 200 [`WorkspaceQuiet`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietRequest {
    #[serde(default)]
    pub time: QuietTime,
    #[serde(default)]
    pub rooms: bool,
}

/// `PUT /api/settings/quiet/days` → 200 [`WorkspaceQuiet`]: one day, or all from the first to the last.
/// `DELETE /api/settings/quiet/days/{first}?until={last}` takes them back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyDaysRequest {
    /// `2026-12-29`.
    pub from: String,
    /// Empty for one day.
    #[serde(default)]
    pub until: String,
    /// A day off; else a working day.
    pub off: bool,
    /// At most 60 characters; may be empty.
    #[serde(default)]
    pub name: String,
}

impl CompanyDaysRequest {
    /// The longest that can be entered at once.
    pub const MOST_DAYS: i64 = 31;

    /// What is wrong with it, by field.
    #[must_use]
    pub fn problems(&self) -> Vec<crate::error::Error> {
        use crate::{
            error::{Code, Error},
            quiet::day_number,
        };
        let mut problems = Vec::new();
        let first = day_number(&self.from);
        if self.from.is_empty() {
            problems.push(Error::field(Code::Required, "from"));
        } else if first.is_none() {
            problems.push(Error::field(Code::NotADay, "from"));
        }
        match (first, day_number(&self.until)) {
            _ if self.until.is_empty() => {}
            (_, None) => problems.push(Error::field(Code::NotADay, "until")),
            (Some(first), Some(last)) if last < first => {
                problems.push(Error::field(Code::NotADay, "until"));
            }
            (Some(first), Some(last)) if last - first >= Self::MOST_DAYS => {
                problems.push(Error::field(Code::TooMany, "until").found(Self::MOST_DAYS.to_string()));
            }
            _ => {}
        }
        if self.name.chars().count() > 60 {
            problems.push(Error::field(Code::TooLong, "name").found("60"));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn days_are_checked_by_field() {
        let request = |from: &str, until: &str| CompanyDaysRequest {
            from: from.into(),
            until: until.into(),
            ..CompanyDaysRequest::default()
        };
        for good in [request("2026-12-29", ""), request("2026-12-29", "2027-01-03")] {
            assert_eq!(good.problems(), [], "{good:?}");
        }
        for (bad, code, field) in [
            (request("", ""), Code::Required, "from"),
            (request("2026-02-30", ""), Code::NotADay, "from"),
            (request("2026-12-29", "x"), Code::NotADay, "until"),
            (request("2026-12-29", "2026-12-28"), Code::NotADay, "until"),
            (request("2026-12-29", "2027-01-29"), Code::TooMany, "until"),
            (
                CompanyDaysRequest { name: "休".repeat(61), ..request("2026-12-29", "") },
                Code::TooLong,
                "name",
            ),
        ] {
            let problems = bad.problems();
            let found: Vec<_> =
                problems.iter().map(|error| (error.code, error.field.as_deref().unwrap())).collect();
            assert_eq!(found, [(code, field)], "{bad:?}");
        }
    }
}
