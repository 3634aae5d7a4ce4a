//! Months as CSV: one line for each shift, for spreadsheets and payroll.

use crate::{
    api::attendance::{MonthSheet, SheetBreak, SheetDay, SheetShift},
    csv::push_line,
    lang::{Lang, Text},
};

/// What a file begins with: a byte order mark, by which spreadsheets know UTF-8, and the names of the columns.
/// Lines end with CR LF. No cell is a formula.
#[must_use]
pub fn head(lang: Lang) -> String {
    let mut text = String::from('\u{feff}');
    push_line(&mut text, &COLUMNS.map(|column| column.get(lang).to_owned()));
    text
}

/// Adds a month of one person.
pub fn add(text: &mut String, sheet: &MonthSheet, lang: Lang) {
    for day in &sheet.days {
        for shift in &day.shifts {
            push_line(text, &line(sheet, day, shift, lang));
        }
    }
}

const COLUMNS: [Text; 14] = [
    Text::new("社員番号", "Employee number"),
    Text::new("氏名", "Name"),
    Text::new("会社", "Company"),
    Text::new("日付", "Date"),
    Text::new("出勤", "Clock-in"),
    Text::new("退勤", "Clock-out"),
    Text::new("休憩", "Breaks"),
    Text::new("休憩時間(分)", "Break minutes"),
    Text::new("勤務時間(分)", "Worked minutes"),
    Text::new("状態", "State"),
    Text::new("修正", "Corrected"),
    Text::new("修正者", "Corrected by"),
    Text::new("修正理由", "Reason"),
    Text::new("月の状態", "Month"),
];

fn line(sheet: &MonthSheet, day: &SheetDay, shift: &SheetShift, lang: Lang) -> [String; 14] {
    let correction = sheet.corrections.iter().rev().find(|one| one.day == day.date);
    [
        sheet.employee_number.clone(),
        sheet.name.clone(),
        sheet.company_name.clone().unwrap_or_default(),
        day.date.to_string(),
        shift.clock_in.time.clone(),
        shift.clock_out.as_ref().map(|out| out.time.clone()).unwrap_or_default(),
        shift.breaks.iter().map(break_text).collect::<Vec<_>>().join(" "),
        shift.break_minutes.to_string(),
        shift.worked_minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
        shift.state.name().get(lang).to_owned(),
        if day.corrected { Text::new("あり", "yes").get(lang).to_owned() } else { String::new() },
        correction.map(|one| one.by.clone()).unwrap_or_default(),
        correction.map(|one| one.reason.clone()).unwrap_or_default(),
        sheet.state.name().get(lang).to_owned(),
    ]
}

fn break_text(one: &SheetBreak) -> String {
    format!("{}-{}", one.start.time, one.end.as_ref().map_or("", |end| end.time.as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        api::attendance::{MonthState, SheetCorrection},
        attendance::{
            calendar::Day,
            punch::{Punch, PunchKind},
            sheet::{Taken, days, timed},
        },
        csv::{read, unguarded},
        id::MemberId,
    };

    fn csv(sheet: &MonthSheet, lang: Lang) -> String {
        let mut text = head(lang);
        add(&mut text, sheet, lang);
        text
    }

    fn sheet(name: &str, reason: &str) -> MonthSheet {
        let date: Day = "2026-11-20".parse().unwrap();
        let taken: Vec<Taken> = [
            (542, PunchKind::ClockIn),
            (720, PunchKind::BreakStart),
            (780, PunchKind::BreakEnd),
            (1_530, PunchKind::ClockOut),
        ]
        .map(|(minutes, kind)| Taken {
            punch: Punch { at: date.at(minutes), kind },
            day: date,
            channel: None,
        })
        .into();
        let punches: Vec<Punch> = taken.iter().map(|one| one.punch).collect();
        MonthSheet {
            month: date.month(),
            member: MemberId::new(0, [0; 10]),
            name: name.into(),
            employee_number: "0042".into(),
            company_name: None,
            state: MonthState::Submitted,
            changed: None,
            days: days(date.month(), &taken, &[date], date.at(1_600)),
            worked_minutes: 928,
            break_minutes: 60,
            worked_days: 1,
            missing_clock_outs: 0,
            corrections: vec![SheetCorrection {
                day: date,
                at: 0,
                by: "田中".into(),
                reason: reason.into(),
                before: vec![],
                after: timed(date, &punches),
            }],
            version: String::new(),
        }
    }

    #[test]
    fn the_form_is_pinned() {
        assert_eq!(
            csv(&sheet("佐藤 花子", "退勤忘れ, 本人申告"), Lang::Ja),
            "\u{feff}社員番号,氏名,会社,日付,出勤,退勤,休憩,休憩時間(分),勤務時間(分),状態,修正,修正者,修正理由,月の状態\r\n\
             0042,佐藤 花子,,2026-11-20,09:02,25:30,12:00-13:00,60,928,退勤済み,あり,田中,\"退勤忘れ, 本人申告\",提出済み\r\n"
        );
    }

    proptest! {
        #[test]
        fn every_cell_reads_back(name in "[^\u{0}]{0,20}", reason in any::<String>()) {
            let text = csv(&sheet(&name, &reason), Lang::En);
            let lines = read(&text, 10).unwrap();
            prop_assert_eq!(lines.len(), 2);
            prop_assert!(lines.iter().all(|line| line.cells.len() == COLUMNS.len()));
            for (cell, value) in [(&lines[1].cells[1], &name), (&lines[1].cells[12], &reason)] {
                prop_assert_eq!(unguarded(cell), value);
                prop_assert!(!cell.trim().starts_with(['=', '+', '-', '@']));
            }
        }
    }
}
