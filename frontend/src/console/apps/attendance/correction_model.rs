//! A day's punches while they are corrected.

use shared::{
    api::attendance::{SheetShift, TimedPunch},
    attendance::{PunchKind, calendar::read_clock},
    error::{Code, Error, ErrorBody},
};

use super::clock::tidy;
use crate::client::json::{Out, object};

/// As many as the server takes.
pub(super) const MOST: usize = 40;
const LONGEST_REASON: usize = 200;

/// A punch as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Stays with it, whatever is added or taken away before it.
    pub(super) key: u32,
    pub(super) kind: PunchKind,
    pub(super) time: String,
    pub(super) wrong: Option<Wrong>,
}

/// Why something cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Found here.
    Own(Error),
    /// The server's sentence.
    Told(String),
}

/// The form of one day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Draft {
    /// `2026-11-21`
    pub(super) day: String,
    pub(super) lines: Vec<Line>,
    pub(super) reason: String,
    pub(super) reason_wrong: Option<Wrong>,
    /// What belongs to no field.
    pub(super) general: Option<Wrong>,
    /// Of the sheet that was seen.
    pub(super) version: String,
    last: u32,
}

impl Draft {
    pub(super) fn new(day: &str, shifts: &[SheetShift], version: &str) -> Self {
        let mut draft = Self { day: day.into(), version: version.into(), ..Self::default() };
        for punch in punches(shifts) {
            draft.push(punch.kind, punch.time);
        }
        draft
    }

    fn push(&mut self, kind: PunchKind, time: String) {
        self.last += 1;
        self.lines.push(Line { key: self.last, kind, time, wrong: None });
    }

    /// One line more, of the kind that comes next.
    pub(super) fn add(&mut self) {
        let kind = match self.lines.last().map(|line| line.kind) {
            None | Some(PunchKind::ClockOut) => PunchKind::ClockIn,
            Some(PunchKind::BreakStart) => PunchKind::BreakEnd,
            Some(PunchKind::ClockIn | PunchKind::BreakEnd) => PunchKind::ClockOut,
        };
        self.push(kind, String::new());
    }

    pub(super) fn remove(&mut self, key: u32) {
        self.lines.retain(|line| line.key != key);
    }

    pub(super) fn line(&mut self, key: u32) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.key == key)
    }

    /// Cleans and checks everything; the body when it may be sent.
    pub(super) fn submit(&mut self) -> Option<String> {
        self.general = None;
        self.reason = self.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        let reason = match self.reason.chars().count() {
            0 => Some(Code::Required),
            count if count > LONGEST_REASON => Some(Code::TooLong),
            _ => None,
        };
        self.reason_wrong = reason.map(|code| {
            let error = Error::new(code);
            Wrong::Own(if code == Code::TooLong { error.found(LONGEST_REASON.to_string()) } else { error })
        });
        for line in &mut self.lines {
            line.time = tidy(&line.time);
            let good = read_clock(&line.time).is_ok();
            let code = if line.time.is_empty() { Code::Required } else { Code::NotAPunchTime };
            line.wrong = (!good).then(|| Wrong::Own(Error::new(code)));
        }
        let good = self.reason_wrong.is_none() && self.lines.iter().all(|line| line.wrong.is_none());
        good.then(|| self.body())
    }

    fn body(&self) -> String {
        let one =
            |line: &Line| object(&[("kind", Out::Text(line.kind.code())), ("time", Out::Text(&line.time))]);
        let punches = format!("[{}]", self.lines.iter().map(one).collect::<Vec<_>>().join(","));
        object(&[
            ("day", Out::Text(&self.day)),
            ("punches", Out::Json(&punches)),
            ("reason", Out::Text(&self.reason)),
            ("version", Out::Text(&self.version)),
        ])
    }

    /// Puts the server's refusal where it belongs: `punches[2].time`, `reason`, or above the buttons.
    pub(super) fn refused(&mut self, body: &ErrorBody) {
        let all = if body.errors.is_empty() { std::slice::from_ref(body) } else { body.errors.as_slice() };
        for one in all {
            let told = Some(Wrong::Told(one.message.clone()));
            let field = one.field.as_deref().unwrap_or_default();
            let index =
                field.strip_prefix("punches[").and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
            match index.and_then(|index| self.lines.get_mut(index)) {
                Some(line) => line.wrong = told,
                None if field == "reason" => self.reason_wrong = told,
                None => self.general = told,
            }
        }
    }
}

/// What was punched, in order. A break that ended with the shift was not ended by a punch of its own.
pub(super) fn punches(shifts: &[SheetShift]) -> Vec<TimedPunch> {
    let mut all = Vec::new();
    for shift in shifts {
        let out = shift.clock_out.as_ref();
        let mut add = |kind, time: &str| all.push(TimedPunch { kind, time: time.to_owned() });
        add(PunchKind::ClockIn, &shift.clock_in.time);
        for one in &shift.breaks {
            add(PunchKind::BreakStart, &one.start.time);
            let own = one.end.as_ref().filter(|end| out.is_none_or(|out| out.at != end.at));
            if let Some(end) = own {
                add(PunchKind::BreakEnd, &end.time);
            }
        }
        if let Some(out) = out {
            add(PunchKind::ClockOut, &out.time);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use shared::{
        api::attendance::{CorrectionRequest, SheetBreak, SheetPunch, ShiftState},
        lang::Lang,
    };

    use super::*;

    fn punch(at: i64) -> SheetPunch {
        SheetPunch { time: format!("{:02}:{:02}", at / 60, at % 60), at, channel: None }
    }

    fn shift(end: Option<i64>) -> SheetShift {
        SheetShift {
            clock_in: punch(540),
            clock_out: Some(punch(1_080)),
            breaks: vec![SheetBreak { start: punch(720), end: end.map(punch) }],
            break_minutes: 0,
            worked_minutes: None,
            state: ShiftState::Finished,
        }
    }

    #[test]
    fn a_day_is_what_was_punched() {
        let kinds = |shift: SheetShift| {
            punches(&[shift]).into_iter().map(|punch| punch.kind.code()).collect::<Vec<_>>()
        };
        assert_eq!(kinds(shift(Some(780))), ["clock_in", "break_start", "break_end", "clock_out"]);
        // The break ended because the shift did.
        assert_eq!(kinds(shift(Some(1_080))), ["clock_in", "break_start", "clock_out"]);
        assert_eq!(kinds(shift(None)), ["clock_in", "break_start", "clock_out"]);
    }

    #[test]
    fn what_is_sent_is_what_the_server_reads() {
        let mut draft = Draft::new("2026-11-21", &[shift(Some(780))], "1.2");
        draft.remove(2);
        draft.remove(3);
        draft.add();
        draft.reason = "  打刻\u{3000}忘れ ".into();
        assert_eq!(draft.submit(), None);
        assert_eq!(draft.lines[2].wrong, Some(Wrong::Own(Error::new(Code::Required))));
        draft.line(5).unwrap().time = "１９００".into();
        draft.line(5).unwrap().kind = PunchKind::ClockIn;
        let request: CorrectionRequest = serde_json::from_str(&draft.submit().unwrap()).unwrap();
        let punches: Vec<_> =
            request.punches.iter().map(|one| (one.kind.code(), one.time.as_str())).collect();
        assert_eq!(punches, [("clock_in", "09:00"), ("clock_out", "18:00"), ("clock_in", "19:00")]);
        assert_eq!((request.reason.as_str(), request.version.as_deref()), ("打刻 忘れ", Some("1.2")));
        assert!(request.punches().is_ok());
    }

    #[test]
    fn what_cannot_be_is_said_where_it_is() {
        let mut draft = Draft::new("2026-11-21", &[], "");
        assert_eq!(draft.submit(), None);
        assert_eq!(draft.reason_wrong, Some(Wrong::Own(Error::new(Code::Required))));
        draft.reason = "長".repeat(201);
        draft.add();
        draft.lines[0].time = "48:00".into();
        assert_eq!(draft.submit(), None);
        let sentence = |wrong: &Option<Wrong>| match wrong {
            Some(Wrong::Own(error)) => error.message(Lang::En),
            _ => String::new(),
        };
        assert!(sentence(&draft.reason_wrong).contains("200"));
        assert_eq!(sentence(&draft.lines[0].wrong), Code::NotAPunchTime.sentence().en);

        let told = |field: &str| ErrorBody {
            code: Code::PunchesDoNotFit,
            message: field.into(),
            field: Some(field.into()),
            errors: Vec::new(),
        };
        draft.refused(&ErrorBody {
            errors: vec![told("punches[0].time"), told("reason"), told("punches[7]")],
            ..told("")
        });
        assert_eq!(draft.lines[0].wrong, Some(Wrong::Told("punches[0].time".into())));
        assert_eq!(draft.reason_wrong, Some(Wrong::Told("reason".into())));
        assert_eq!(draft.general, Some(Wrong::Told("punches[7]".into())));
    }

    #[test]
    fn the_next_line_is_of_the_kind_that_comes_next() {
        let mut draft = Draft::default();
        for expected in ["clock_in", "clock_out", "clock_in"] {
            draft.add();
            assert_eq!(draft.lines.last().unwrap().kind.code(), expected);
        }
        draft.lines[2].kind = PunchKind::BreakStart;
        draft.add();
        assert_eq!(draft.lines[3].kind, PunchKind::BreakEnd);
    }
}
