//! What these pages read and write (see [`crate::client::json`]). Days are texts here; the tests compare with serde.

use shared::{
    api::attendance::{
        AttendanceSettings, MonthChange, MonthPeople, MonthPerson, MonthState, SheetBreak, SheetPunch,
        SheetShift, ShiftState, TimedPunch, Tried,
    },
    attendance::PunchKind,
    channel::Channel,
};

use crate::{
    client::{
        json::{Json, Out, object},
        wire::read,
    },
    console::wire::Body,
};

/// `shared::api::attendance::MonthSheet`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) month: String,
    pub(super) member: String,
    pub(super) name: String,
    pub(super) employee_number: String,
    pub(super) company_name: Option<String>,
    pub(super) state: MonthState,
    pub(super) changed: Option<MonthChange>,
    pub(super) days: Vec<SheetDay>,
    pub(super) worked_minutes: u32,
    pub(super) break_minutes: u32,
    pub(super) worked_days: u32,
    pub(super) missing_clock_outs: u32,
    pub(super) corrections: Vec<Correction>,
    pub(super) version: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetDay {
    /// `2026-11-21`
    pub(super) date: String,
    pub(super) shifts: Vec<SheetShift>,
    pub(super) corrected: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Correction {
    pub(super) day: String,
    pub(super) at: i64,
    pub(super) by: String,
    pub(super) reason: String,
    pub(super) before: Vec<TimedPunch>,
    pub(super) after: Vec<TimedPunch>,
}

read! {
    AttendanceSettings: json => Some(Self {
        on: json.bool("on")?,
        clock_in: texts(json, "clock_in"),
        clock_out: texts(json, "clock_out"),
        break_start: texts(json, "break_start"),
        break_end: texts(json, "break_end"),
        triggers: texts(json, "triggers"),
        rooms: json.bool("rooms")?,
        integrations: json.get("integrations").items().iter().filter_map(|id| id.str()?.parse().ok()).collect(),
        remind_at: json.text("remind_at")?,
        version: json.number("version")?,
    });
    Tried: json => Some(Self {
        punch: json.maybe("punch"),
        needs_trigger: json.bool("needs_trigger")?,
        explanation: json.text("explanation")?,
    });
    PunchKind: json => {
        let code = json.str()?;
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    };
    MonthState: json => Self::from_code(json.str()?);
    ShiftState: json => {
        let code = json.str()?;
        Self::ALL.into_iter().find(|state| state.code() == code)
    };
    MonthPeople: json => Some(Self {
        items: json.all("items")?,
        next: json.text("next"),
        total: json.count("total")?,
        submitted: json.count("submitted")?,
    });
    MonthPerson: json => Some(Self {
        member: json.parsed("member")?,
        name: json.text("name")?,
        employee_number: json.text("employee_number")?,
        company_name: json.text("company_name"),
        state: json.maybe("state")?,
        worked_days: small(json, "worked_days")?,
        worked_minutes: small(json, "worked_minutes")?,
        break_minutes: small(json, "break_minutes")?,
        missing_clock_outs: small(json, "missing_clock_outs")?,
    });
    Sheet: json => Some(Self {
        month: json.text("month")?,
        member: json.text("member")?,
        name: json.text("name")?,
        employee_number: json.text("employee_number")?,
        company_name: json.text("company_name"),
        state: json.maybe("state")?,
        changed: json.maybe("changed"),
        days: json.all("days")?,
        worked_minutes: small(json, "worked_minutes")?,
        break_minutes: small(json, "break_minutes")?,
        worked_days: small(json, "worked_days")?,
        missing_clock_outs: small(json, "missing_clock_outs")?,
        corrections: json.all("corrections")?,
        version: json.text("version")?,
    });
    MonthChange: json => Some(Self {
        by: json.text("by")?,
        at: json.number("at")?,
        reason: json.text("reason").unwrap_or_default(),
    });
    SheetDay: json => Some(Self {
        date: json.text("date")?,
        shifts: json.all("shifts")?,
        corrected: json.bool("corrected")?,
    });
    SheetShift: json => Some(Self {
        clock_in: json.maybe("clock_in")?,
        clock_out: json.maybe("clock_out"),
        breaks: json.all("breaks")?,
        break_minutes: small(json, "break_minutes")?,
        worked_minutes: small(json, "worked_minutes"),
        state: json.maybe("state")?,
    });
    SheetBreak: json => Some(Self { start: json.maybe("start")?, end: json.maybe("end") });
    SheetPunch: json => Some(Self {
        time: json.text("time")?,
        at: json.number("at")?,
        channel: json.get("channel").str().and_then(Channel::from_code),
    });
    Correction: json => Some(Self {
        day: json.text("day")?,
        at: json.number("at")?,
        by: json.text("by")?,
        reason: json.text("reason")?,
        before: json.all("before")?,
        after: json.all("after")?,
    });
    TimedPunch: json => Some(Self { kind: json.maybe("kind")?, time: json.text("time")? });
}

fn texts(json: &Json, name: &str) -> Vec<String> {
    json.get(name).items().iter().filter_map(Json::str).map(Into::into).collect()
}

fn small(json: &Json, name: &str) -> Option<u32> {
    json.number(name)?.try_into().ok()
}

impl Body for AttendanceSettings {
    fn body(&self) -> String {
        let lists = [&self.clock_in, &self.clock_out, &self.break_start, &self.break_end, &self.triggers];
        let lists = lists.map(|list| list.iter().map(String::as_str).collect::<Vec<_>>());
        let [clock_in, clock_out, break_start, break_end, triggers] = &lists;
        let integrations: Vec<&str> = self.integrations.iter().map(|id| id.as_str()).collect();
        object(&[
            ("on", Out::Bool(self.on)),
            ("clock_in", Out::Texts(clock_in)),
            ("clock_out", Out::Texts(clock_out)),
            ("break_start", Out::Texts(break_start)),
            ("break_end", Out::Texts(break_end)),
            ("triggers", Out::Texts(triggers)),
            ("rooms", Out::Bool(self.rooms)),
            ("integrations", Out::Texts(&integrations)),
            ("remind_at", Out::Text(&self.remind_at)),
            ("version", Out::Number(self.version)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use shared::{
        api::attendance as api,
        attendance::{
            Day, Punch,
            sheet::{self, Taken},
        },
        id::{IntegrationId, MemberId},
    };

    use super::*;
    use crate::client::json::{self, FromJson};

    fn back<T: Serialize + FromJson + PartialEq + Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(json::read::<T>(&text).as_ref(), Ok(value), "{text}");
    }

    #[test]
    fn what_serde_writes_is_read_back_the_same() {
        let settings = AttendanceSettings {
            triggers: vec!["打刻\"\\".into()],
            integrations: vec![IntegrationId::new(1, [0; 10])],
            version: 3,
            ..AttendanceSettings::default()
        };
        back(&settings);
        let written: AttendanceSettings = serde_json::from_str(&settings.body()).unwrap();
        assert_eq!(written, settings);
        back(&Tried { punch: Some(PunchKind::BreakEnd), needs_trigger: false, explanation: "x".into() });
        back(&Tried { punch: None, needs_trigger: true, explanation: "x".into() });
        let person = MonthPerson {
            member: MemberId::new(1, [0; 10]),
            name: "佐藤".into(),
            employee_number: "0042".into(),
            company_name: None,
            state: MonthState::SentBack,
            worked_days: 1,
            worked_minutes: 2,
            break_minutes: 3,
            missing_clock_outs: 4,
        };
        back(&MonthPeople { items: vec![person], next: Some("c".into()), total: 9, submitted: 8 });
    }

    #[test]
    fn a_sheet_is_read() {
        let date: Day = "2026-11-20".parse().unwrap();
        let taken = |minutes, kind| Taken {
            punch: Punch { at: date.at(minutes), kind },
            day: date,
            channel: (minutes > 600).then_some(Channel::Line),
        };
        let taken = [
            taken(540, PunchKind::ClockIn),
            taken(720, PunchKind::BreakStart),
            taken(780, PunchKind::BreakEnd),
            taken(1_530, PunchKind::ClockOut),
        ];
        let days = sheet::days(date.month(), &taken, &[date], date.at(1_600));
        let timed = TimedPunch { kind: PunchKind::ClockIn, time: "09:00".into() };
        let change = MonthChange { by: "田中".into(), at: 5, reason: "理由".into() };
        let sheet = api::MonthSheet {
            month: date.month(),
            member: MemberId::new(0, [0; 10]),
            name: "佐藤 花子".into(),
            employee_number: "0042".into(),
            company_name: Some("みなと".into()),
            state: MonthState::Submitted,
            changed: Some(change.clone()),
            days: days.clone(),
            worked_minutes: 930,
            break_minutes: 60,
            worked_days: 1,
            missing_clock_outs: 0,
            corrections: vec![api::SheetCorrection {
                day: date,
                at: 7,
                by: "田中".into(),
                reason: "打刻忘れ".into(),
                before: vec![],
                after: vec![timed.clone()],
            }],
            version: "1.2.3.4".into(),
        };
        let read: Sheet = json::read(&serde_json::to_string(&sheet).unwrap()).unwrap();
        assert_eq!((read.month.as_str(), read.days.len(), &read.changed), ("2026-11", 30, &Some(change)));
        assert_eq!((&read.days[19].shifts, read.days[19].corrected), (&days[19].shifts, true));
        assert_eq!(read.days[19].date, "2026-11-20");
        assert_eq!(read.corrections[0].after, [timed]);
        assert_eq!(
            (read.worked_minutes, read.state, read.version.as_str()),
            (930, MonthState::Submitted, "1.2.3.4")
        );
    }
}
