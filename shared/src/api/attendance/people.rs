//! A month of many people, in a list.

use serde::{Deserialize, Serialize};

use super::MonthState;
use crate::id::MemberId;

/// `GET /api/attendance/months/{yyyy-mm}/people?company=&q=&state=&cursor=&limit=`: whom the caller may see, by
/// reading and name. Who is no longer in use is there only in months of their own. `limit` is 50 when absent, at most
/// 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthPeople {
    pub items: Vec<MonthPerson>,
    pub next: Option<String>,
    /// All that the filters take.
    pub total: u64,
    /// Of these.
    pub submitted: u64,
}

/// One person's month in a line. The numbers are those of [`super::MonthSheet`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthPerson {
    pub member: MemberId,
    pub name: String,
    pub employee_number: String,
    pub company_name: Option<String>,
    pub state: MonthState,
    pub worked_days: u32,
    pub worked_minutes: u32,
    pub break_minutes: u32,
    pub missing_clock_outs: u32,
}
