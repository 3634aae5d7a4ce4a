//! Attendance by chat: its settings, the sheet of a month, and what may be done with it.

use serde::{Deserialize, Serialize};

use crate::{
    attendance::{
        Day, Keywords, Month, Punch, PunchKind,
        calendar::read_clock,
        words::{normal, same_as},
    },
    channel::Channel,
    error::{Code, Error},
    id::{IntegrationId, MemberId},
    lang::Text,
};

mod people;

pub use people::{MonthPeople, MonthPerson};

const MOST_WORDS: usize = 20;
const LONGEST_WORD: usize = 50;
const LONGEST_REASON: usize = 200;
const MOST_PUNCHES: usize = 40;

/// `GET` and `PUT /api/attendance/settings`. What is not said in a `PUT` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttendanceSettings {
    pub on: bool,
    /// Words, signs or emoji: each is a whole message. At most 20 of each kind, 50 characters each.
    pub clock_in: Vec<String>,
    pub clock_out: Vec<String>,
    /// Empty where breaks are not punched.
    pub break_start: Vec<String>,
    pub break_end: Vec<String>,
    /// If there are any, a message must begin with one of them.
    pub triggers: Vec<String>,
    /// Whether it listens in rooms too, or only between two.
    pub rooms: bool,
    /// The integrations it listens to; empty for all of them.
    pub integrations: Vec<IntegrationId>,
    /// When those are asked each day who have not clocked out, `22:00`; empty for never.
    pub remind_at: String,
    /// One more with each change. A `PUT` that says one is refused when it is not the newest.
    pub version: i64,
}

impl Default for AttendanceSettings {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            on: false,
            clock_in: words(&["出勤", "おはようございます"]),
            clock_out: words(&["退勤", "お疲れさまでした"]),
            break_start: words(&["休憩", "休憩開始"]),
            break_end: words(&["戻り", "休憩終了"]),
            triggers: Vec::new(),
            rooms: true,
            integrations: Vec::new(),
            remind_at: String::new(),
            version: 0,
        }
    }
}

impl AttendanceSettings {
    /// The lists by what they punch.
    #[must_use]
    pub fn lists(&self) -> [(PunchKind, &[String]); 4] {
        [
            (PunchKind::ClockIn, &self.clock_in),
            (PunchKind::ClockOut, &self.clock_out),
            (PunchKind::BreakStart, &self.break_start),
            (PunchKind::BreakEnd, &self.break_end),
        ]
    }

    #[must_use]
    pub fn keywords(&self) -> Keywords {
        Keywords::new(self.lists(), &self.triggers)
    }

    /// Minutes after midnight at which those are asked who have not clocked out.
    #[must_use]
    pub fn reminder(&self) -> Option<u32> {
        read_clock(&self.remind_at).ok().filter(|minutes| self.on && *minutes < 24 * 60)
    }

    /// How somebody would write it: the trigger word, if any, and the first keyword.
    #[must_use]
    pub fn example(&self, kind: PunchKind) -> Option<String> {
        let (_, words) = self.lists().into_iter().find(|(one, _)| *one == kind)?;
        let word = words.first()?;
        Some(self.triggers.first().map_or_else(|| word.clone(), |trigger| format!("{trigger} {word}")))
    }

    pub fn clean(&mut self) {
        for list in [
            &mut self.clock_in,
            &mut self.clock_out,
            &mut self.break_start,
            &mut self.break_end,
            &mut self.triggers,
        ] {
            for word in list.iter_mut() {
                *word = word.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            list.retain(|word| !word.is_empty());
        }
        self.remind_at = self.remind_at.trim().to_owned();
    }

    /// What is wrong, by field. Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        let lists = self.lists().map(|(kind, words)| (kind.code(), words));
        for (name, words) in lists.into_iter().chain([("triggers", self.triggers.as_slice())]) {
            if words.len() > MOST_WORDS {
                problems.push(Error::field(Code::TooMany, name).found(MOST_WORDS.to_string()));
            }
            if name == "triggers" {
                seen.clear();
            }
            for (index, word) in words.iter().enumerate() {
                let field = format!("{name}[{index}]");
                let same = if name == "triggers" { normal(word) } else { same_as(word) };
                if word.chars().count() > LONGEST_WORD {
                    problems.push(Error::field(Code::TooLong, field).found(LONGEST_WORD.to_string()));
                } else if same.is_empty() {
                    // Nothing but signs that nobody sees.
                    problems.push(Error::field(Code::Required, field));
                } else if seen.contains(&same) {
                    problems.push(Error::field(Code::NamedTwice, field).found(word));
                } else {
                    seen.push(same);
                }
            }
        }
        for (name, words) in [("clock_in", &self.clock_in), ("clock_out", &self.clock_out)] {
            if self.on && words.is_empty() {
                problems.push(Error::field(Code::Required, name));
            }
        }
        let in_day = read_clock(&self.remind_at).is_ok_and(|minutes| minutes < 24 * 60);
        if !self.remind_at.is_empty() && !in_day {
            problems.push(Error::field(Code::NotATimeInDay, "remind_at"));
        }
        // A break that cannot be ended, or ended but not begun.
        match (self.break_start.is_empty(), self.break_end.is_empty()) {
            (true, false) => problems.push(Error::field(Code::Required, "break_start")),
            (false, true) => problems.push(Error::field(Code::Required, "break_end")),
            _ => {}
        }
        problems
    }
}

/// `POST /api/attendance/settings/try`: what a message would do. `settings` are those on the page, not yet
/// saved; without them, the saved ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TryRequest {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<AttendanceSettings>,
}

/// → 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// What it would punch, `None` for nothing.
    pub punch: Option<PunchKind>,
    /// It is a keyword, but no trigger word stands before it.
    pub needs_trigger: bool,
    /// One sentence for the reader.
    pub explanation: String,
}

/// Where a month stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthState {
    #[default]
    Open,
    /// Nothing is punched or corrected any more.
    Submitted,
    /// Open again.
    SentBack,
}

impl MonthState {
    pub const ALL: [Self; 3] = [Self::Open, Self::Submitted, Self::SentBack];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Submitted => "submitted",
            Self::SentBack => "sent_back",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Open => Text::new("未提出", "Open"),
            Self::Submitted => Text::new("提出済み", "Submitted"),
            Self::SentBack => Text::new("差し戻し", "Sent back"),
        }
    }
}

/// `GET /api/attendance/months/{yyyy-mm}?member=`: the caller's own without `member`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthSheet {
    pub month: Month,
    pub member: MemberId,
    pub name: String,
    pub employee_number: String,
    pub company_name: Option<String>,
    pub state: MonthState,
    /// Who submitted or sent back last.
    pub changed: Option<MonthChange>,
    /// Every day of the month.
    pub days: Vec<SheetDay>,
    pub worked_minutes: u32,
    pub break_minutes: u32,
    pub worked_days: u32,
    /// Shifts that were never ended.
    pub missing_clock_outs: u32,
    /// Oldest first.
    pub corrections: Vec<SheetCorrection>,
    /// Of what is on the sheet: goes back with a correction or a submission.
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthChange {
    pub by: String,
    pub at: i64,
    /// Why it was sent back.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetDay {
    pub date: Day,
    pub shifts: Vec<SheetShift>,
    pub worked_minutes: u32,
    pub break_minutes: u32,
    pub corrected: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetShift {
    pub clock_in: SheetPunch,
    pub clock_out: Option<SheetPunch>,
    pub breaks: Vec<SheetBreak>,
    pub break_minutes: u32,
    /// `None` before it ended.
    pub worked_minutes: Option<u32>,
    pub state: ShiftState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShiftState {
    Working,
    OnBreak,
    Finished,
    ClockOutMissing,
}

impl ShiftState {
    pub const ALL: [Self; 4] = [Self::Working, Self::OnBreak, Self::Finished, Self::ClockOutMissing];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::OnBreak => "on_break",
            Self::Finished => "finished",
            Self::ClockOutMissing => "clock_out_missing",
        }
    }

    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Working => Text::new("勤務中", "Working"),
            Self::OnBreak => Text::new("休憩中", "On break"),
            Self::Finished => Text::new("退勤済み", "Finished"),
            Self::ClockOutMissing => Text::new("退勤の打刻なし", "Clock-out missing"),
        }
    }
}

/// A break; ended by clocking out if by nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetBreak {
    pub start: SheetPunch,
    pub end: Option<SheetPunch>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPunch {
    /// `09:02`; `25:30` in the night after the day.
    pub time: String,
    pub at: i64,
    /// Where it was said; `None` when a correction wrote it.
    pub channel: Option<Channel>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetCorrection {
    pub day: Day,
    pub at: i64,
    pub by: String,
    pub reason: String,
    pub before: Vec<TimedPunch>,
    pub after: Vec<TimedPunch>,
}

/// A punch by its time of day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimedPunch {
    pub kind: PunchKind,
    /// `09:02`; up to `47:59` in the night after the day.
    pub time: String,
}

/// `POST /api/attendance/months/{yyyy-mm}/corrections?member=` → 200 [`MonthSheet`]: the punches of one day, all
/// of them, as they should be. None for a day on which nobody worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequest {
    pub day: Day,
    pub punches: Vec<TimedPunch>,
    /// Required, at most 200 characters.
    pub reason: String,
    /// Of the sheet that was seen: if there is a newer one, the answer is 409.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl CorrectionRequest {
    pub fn clean(&mut self) {
        self.reason = self.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    }

    /// The punches at their moments. Errors: everything that is wrong with the form. Call after
    /// [`Self::clean`].
    pub fn punches(&self) -> Result<Vec<Punch>, Vec<Error>> {
        let mut problems = reason_problems(&self.reason);
        if self.punches.len() > MOST_PUNCHES {
            problems.push(Error::field(Code::TooMany, "punches").found(MOST_PUNCHES.to_string()));
        }
        let mut punches = Vec::new();
        for (index, punch) in self.punches.iter().take(MOST_PUNCHES).enumerate() {
            match read_clock(&punch.time) {
                Ok(minutes) => punches.push(Punch { at: self.day.at(minutes), kind: punch.kind }),
                Err(_) => problems.push(
                    Error::field(Code::NotAPunchTime, format!("punches[{index}].time")).found(&punch.time),
                ),
            }
        }
        if problems.is_empty() { Ok(punches) } else { Err(problems) }
    }
}

/// `POST /api/attendance/months/{yyyy-mm}/submit?member=` → 200 [`MonthSheet`]. The body may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubmitRequest {
    /// As in [`CorrectionRequest`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// `POST /api/attendance/months/{yyyy-mm}/send-back?member=` → 200 [`MonthSheet`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendBackRequest {
    /// Required, at most 200 characters.
    pub reason: String,
}

impl SendBackRequest {
    pub fn clean(&mut self) {
        self.reason = self.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    }

    /// Call after [`Self::clean`].
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        reason_problems(&self.reason)
    }
}

fn reason_problems(reason: &str) -> Vec<Error> {
    let code = if reason.is_empty() {
        Code::Required
    } else if reason.chars().count() > LONGEST_REASON {
        Code::TooLong
    } else if reason.chars().any(char::is_control) {
        Code::WrongType
    } else {
        return Vec::new();
    };
    vec![Error::field(code, "reason")]
}

#[cfg(test)]
mod tests;
