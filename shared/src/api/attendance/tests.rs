use super::*;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn found(settings: &AttendanceSettings) -> Vec<(Code, String)> {
    settings.problems().into_iter().map(|error| (error.code, error.field.unwrap_or_default())).collect()
}

#[test]
fn fresh_settings_are_off_and_well_formed() {
    let fresh = AttendanceSettings::default();
    assert_eq!((found(&fresh), fresh.on), (vec![], false));
    assert_eq!(found(&AttendanceSettings { on: true, ..fresh }), []);
}

#[test]
fn two_keywords_never_mean_the_same_message() {
    let mut settings = AttendanceSettings {
        clock_in: words(&["IN", " ", "☀️"]),
        clock_out: words(&["in!", "☀"]),
        triggers: words(&["in", "#", "#"]),
        break_start: vec![],
        break_end: vec!["x".repeat(51)],
        ..AttendanceSettings::default()
    };
    settings.clean();
    assert_eq!(
        found(&settings),
        [
            (Code::NamedTwice, "clock_out[0]".into()),
            (Code::NamedTwice, "clock_out[1]".into()),
            (Code::TooLong, "break_end[0]".into()),
            (Code::NamedTwice, "triggers[2]".into()),
            (Code::Required, "break_start".into()),
        ]
    );
    let many = AttendanceSettings {
        on: true,
        clock_in: (0..21).map(|n| n.to_string()).collect(),
        clock_out: vec![],
        triggers: words(&["\u{200b}"]),
        ..AttendanceSettings::default()
    };
    assert_eq!(
        found(&many),
        [
            (Code::TooMany, "clock_in".into()),
            (Code::Required, "triggers[0]".into()),
            (Code::Required, "clock_out".into())
        ]
    );
}

#[test]
fn an_example_carries_the_trigger_word() {
    let mut settings = AttendanceSettings::default();
    assert_eq!(settings.example(PunchKind::ClockIn).as_deref(), Some("出勤"));
    settings.triggers = words(&["打刻"]);
    assert_eq!(settings.example(PunchKind::ClockOut).as_deref(), Some("打刻 退勤"));
    settings.break_start.clear();
    assert_eq!(settings.example(PunchKind::BreakStart), None);
}

#[test]
fn a_correction_names_every_fault() {
    let json = serde_json::json!({
        "day": "2026-11-20",
        "punches": [{"kind": "clock_in", "time": "9:00"}, {"kind": "clock_out", "time": "25:60"}],
        "reason": " ",
    });
    let mut request: CorrectionRequest = serde_json::from_value(json.clone()).unwrap();
    request.clean();
    let fields: Vec<_> =
        request.punches().unwrap_err().into_iter().map(|error| (error.code, error.field.unwrap())).collect();
    assert_eq!(fields, [(Code::Required, "reason".into()), (Code::NotAPunchTime, "punches[1].time".into())]);
    request.reason = "打刻忘れ".into();
    request.punches[1].time = "25:30".into();
    let punches = request.punches().unwrap();
    assert_eq!(punches[1].at - punches[0].at, (16 * 60 + 30) * 60_000);
    for (field, value) in [("day", "2026-11-31"), ("day", "x")] {
        let mut wrong = json.clone();
        wrong[field] = value.into();
        assert!(serde_json::from_value::<CorrectionRequest>(wrong).is_err());
    }
}

#[test]
fn codes_are_the_words_on_the_wire() {
    for state in MonthState::ALL {
        assert_eq!(serde_json::to_value(state).unwrap(), state.code());
        assert_eq!(MonthState::from_code(state.code()), Some(state));
    }
    for state in ShiftState::ALL {
        assert_eq!(serde_json::to_value(state).unwrap(), state.code());
    }
    assert_eq!(MonthState::from_code("closed"), None);
}
