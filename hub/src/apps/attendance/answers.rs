//! What is said in the talk. A refusal says why, and what to do.

use shared::{
    api::attendance::AttendanceSettings,
    attendance::{Day, Month, PunchKind, Reading, Shift, Why, calendar::clock},
    lang::Lang,
    message::{Field, Message},
    time::Millis,
};

use super::{
    punching::{Punched, Verdict},
    undoing,
};

/// The answer to a punch. `name` is there in a room, where several people punch.
pub(super) fn punched(
    punched: &Punched,
    name: Option<&str>,
    settings: &AttendanceSettings,
    lang: Lang,
) -> Message {
    let at = punched.punch.at;
    let (title, body) = match punched.verdict {
        Verdict::Taken => (
            taken(punched.punch.kind, at, lang),
            punched.forgotten.as_ref().map(|shift| forgotten(shift, lang)).unwrap_or_default(),
        ),
        Verdict::Refused(why) => refused(punched.punch.kind, why, settings, lang),
        Verdict::Submitted(month) => submitted(month, lang),
    };
    let title = name.map_or_else(|| title.clone(), |name| format!("{name}: {title}"));
    // Of a shift that ended days ago nobody asked.
    let shift = punched.shift.as_ref().filter(|shift| punched.verdict == Verdict::Taken || is_of(shift, at));
    Message {
        title: title.chars().take(200).collect(),
        body,
        fields: shift.map(|shift| state_of(shift, lang)).unwrap_or_default(),
        actions: if punched.verdict == Verdict::Taken {
            vec![undoing::button(punched, lang)]
        } else {
            Vec::new()
        },
        ..Message::default()
    }
}

/// For a keyword without a trigger word.
pub(super) fn needs_trigger(settings: &AttendanceSettings, kind: PunchKind, lang: Lang) -> Message {
    Message {
        title: match lang {
            Lang::Ja => format!("{}は記録していません", kind.name().ja),
            Lang::En => format!("{} was not recorded", kind.name().en),
        },
        body: how_to_write(settings, kind, lang),
        ..Message::default()
    }
}

/// One sentence on what a message would do.
pub(super) fn explain(settings: &AttendanceSettings, reading: Reading, lang: Lang) -> String {
    match (reading, lang) {
        (Reading::Punch(kind), Lang::Ja) => format!("「{}」を記録します。", kind.name().ja),
        (Reading::Punch(kind), Lang::En) => format!("Records: {}.", kind.name().en),
        (Reading::NeedsTrigger(kind), lang) => how_to_write(settings, kind, lang),
        (Reading::Nothing, Lang::Ja) => "キーワードではないため、何も記録しません。".into(),
        (Reading::Nothing, Lang::En) => "This is no keyword: nothing is recorded.".into(),
    }
}

fn taken(kind: PunchKind, at: Millis, lang: Lang) -> String {
    let time = clock(at);
    match lang {
        Lang::Ja => format!("{}を記録しました {time}", kind.name().ja),
        Lang::En => format!("{} recorded {time}", kind.name().en),
    }
}

fn forgotten(shift: &Shift, lang: Lang) -> String {
    let when = format!("{} {}", shift.day().name(lang), clock(shift.clock_in));
    match lang {
        Lang::Ja => format!("前回({when} 出勤)の退勤が記録されていません。勤怠のページで修正してください。"),
        Lang::En => {
            format!("The last shift ({when}) has no clock-out. Please correct it on the attendance page.")
        }
    }
}

/// Title and body.
fn refused(kind: PunchKind, why: Why, settings: &AttendanceSettings, lang: Lang) -> (String, String) {
    let nothing = |lang| match lang {
        Lang::Ja => "今回は何も変えていません。時刻が違うときは、勤怠のページで修正してください。",
        Lang::En => "Nothing was changed. If the time is wrong, correct it on the attendance page.",
    };
    let first_write = |kind: PunchKind| settings.example(kind).map(|example| first(&example, lang));
    match (why, lang) {
        (Why::AlreadyIn { at }, Lang::Ja) => {
            (format!("すでに{}に出勤しています", clock(at)), nothing(lang).into())
        }
        (Why::AlreadyIn { at }, Lang::En) => {
            (format!("You clocked in at {} already", clock(at)), nothing(lang).into())
        }
        (Why::AlreadyOut { at }, Lang::Ja) => {
            (format!("すでに{}に退勤しています", clock(at)), nothing(lang).into())
        }
        (Why::AlreadyOut { at }, Lang::En) => {
            (format!("You clocked out at {} already", clock(at)), nothing(lang).into())
        }
        (Why::AlreadyOnBreak { at }, Lang::Ja) => {
            (format!("すでに{}から休憩中です", clock(at)), nothing(lang).into())
        }
        (Why::AlreadyOnBreak { at }, Lang::En) => {
            (format!("You have been on a break since {}", clock(at)), nothing(lang).into())
        }
        (Why::NotIn, Lang::Ja) => (
            format!("出勤していないため、{}を記録できません", kind.name().ja),
            first_write(PunchKind::ClockIn).unwrap_or_default(),
        ),
        (Why::NotIn, Lang::En) => (
            format!("You are not clocked in: {} was not recorded", kind.name().en.to_lowercase()),
            first_write(PunchKind::ClockIn).unwrap_or_default(),
        ),
        (Why::NotOnBreak { ended: Some(at) }, Lang::Ja) => {
            (format!("休憩はすでに{}に終わっています", clock(at)), nothing(lang).into())
        }
        (Why::NotOnBreak { ended: Some(at) }, Lang::En) => {
            (format!("The break ended at {} already", clock(at)), nothing(lang).into())
        }
        (Why::NotOnBreak { ended: None }, Lang::Ja) => (
            "休憩中ではないため、休憩終了を記録できません".into(),
            first_write(PunchKind::BreakStart).unwrap_or_default(),
        ),
        (Why::NotOnBreak { ended: None }, Lang::En) => {
            ("You are not on a break".into(), first_write(PunchKind::BreakStart).unwrap_or_default())
        }
    }
}

pub(super) fn submitted(month: Month, lang: Lang) -> (String, String) {
    let month = month.name(lang);
    match lang {
        Lang::Ja => (
            format!("{month}の勤怠は提出済みのため、記録できません"),
            "管理者に差し戻してもらってから、もう一度送ってください。".into(),
        ),
        Lang::En => (
            format!("{month} was submitted: nothing was recorded"),
            "Have it sent back by your admin first, then write again.".into(),
        ),
    }
}

fn first(example: &str, lang: Lang) -> String {
    match lang {
        Lang::Ja => {
            format!("先に「{example}」と送ってください。打刻を忘れたときは、勤怠のページで修正できます。")
        }
        Lang::En => {
            format!("Write “{example}” first. What was forgotten can be corrected on the attendance page.")
        }
    }
}

fn how_to_write(settings: &AttendanceSettings, kind: PunchKind, lang: Lang) -> String {
    let example = settings.example(kind).unwrap_or_default();
    match lang {
        Lang::Ja => format!("「{example}」のように、合言葉を先頭に付けて送ってください。"),
        Lang::En => format!("Put the trigger word in front, like “{example}”."),
    }
}

/// Still going on, or of the same day.
fn is_of(shift: &Shift, at: Millis) -> bool {
    shift.day() == Day::of(at) || shift.clock_out.is_none_or(|out| Day::of(out) == Day::of(at))
}

/// The shift as it stands.
fn state_of(shift: &Shift, lang: Lang) -> Vec<Field> {
    let field = |ja: &str, en: &str, value: String| Field {
        label: if lang == Lang::Ja { ja } else { en }.to_owned(),
        value,
    };
    let mut fields =
        vec![field("日付", "Day", shift.day().name(lang)), field("出勤", "Clock-in", clock(shift.clock_in))];
    // More than anybody takes would be longer than a field may be.
    let breaks: Vec<String> = shift
        .breaks
        .iter()
        .take(20)
        .map(|one| format!("{}–{}", clock(one.start), one.end.map(clock).unwrap_or_default()))
        .collect();
    if !breaks.is_empty() {
        fields.push(field("休憩", "Breaks", breaks.join(", ")));
    }
    if let (Some(out), Some(worked)) = (shift.clock_out, shift.worked_minutes()) {
        fields.push(field("退勤", "Clock-out", clock(out)));
        let (hours, minutes) = (worked / 60, worked % 60);
        fields.push(field(
            "勤務時間",
            "Worked",
            match lang {
                Lang::Ja => format!("{hours}時間{minutes:02}分"),
                Lang::En => format!("{hours} h {minutes:02} min"),
            },
        ));
    }
    fields
}

#[cfg(test)]
mod tests {
    use shared::attendance::{Punch, Timeline};

    use super::*;
    use PunchKind::{BreakEnd, BreakStart, ClockIn, ClockOut};

    fn of(punches: &[(u32, PunchKind)]) -> Punched {
        let day: Day = "2026-11-21".parse().unwrap();
        let punches: Vec<Punch> =
            punches.iter().map(|(minutes, kind)| Punch { at: day.at(*minutes), kind: *kind }).collect();
        let (line, punch) = (Timeline::of(&punches), *punches.last().unwrap());
        let verdict = line.outcome(punch).unwrap().map_or_else(Verdict::Refused, |_| Verdict::Taken);
        Punched {
            punch,
            verdict,
            shift: line.shift_at(punch.at).cloned(),
            forgotten: line.shift_before(punch.at).filter(|one| one.misses_clock_out(punch.at)).cloned(),
        }
    }

    fn told(punches: &[(u32, PunchKind)]) -> (String, String) {
        let message = punched(&of(punches), None, &AttendanceSettings::default(), Lang::Ja);
        let fields: Vec<_> =
            message.fields.iter().map(|field| format!("{} {}", field.label, field.value)).collect();
        (message.title, fields.join(" / "))
    }

    #[test]
    fn a_confirmation_says_how_the_day_stands() {
        let day = [(542, ClockIn), (720, BreakStart), (780, BreakEnd), (1_083, ClockOut)];
        for (punches, title, fields) in [
            (&day[..1], "出勤を記録しました 9:02", "日付 11月21日(土) / 出勤 9:02"),
            (&day[..2], "休憩開始を記録しました 12:00", "日付 11月21日(土) / 出勤 9:02 / 休憩 12:00–"),
            (
                &day[..],
                "退勤を記録しました 18:03",
                "日付 11月21日(土) / 出勤 9:02 / 休憩 12:00–13:00 / 退勤 18:03 / 勤務時間 8時間01分",
            ),
        ] {
            assert_eq!(told(punches), (title.to_owned(), fields.to_owned()));
        }
        let in_room = punched(&of(&day[..1]), Some("佐藤 花子"), &AttendanceSettings::default(), Lang::Ja);
        assert_eq!(in_room.title, "佐藤 花子: 出勤を記録しました 9:02");
    }

    #[test]
    fn a_refusal_says_why_and_what_was_first() {
        for (punches, title) in [
            (&[(542, ClockIn), (600, ClockIn)][..], "すでに9:02に出勤しています"),
            (&[(542, ClockIn), (1_080, ClockOut), (1_081, ClockOut)], "すでに18:00に退勤しています"),
            (&[(542, BreakStart)], "出勤していないため、休憩開始を記録できません"),
            (&[(542, ClockIn), (720, BreakStart), (721, BreakStart)], "すでに12:00から休憩中です"),
            (&[(542, ClockIn), (720, BreakEnd)], "休憩中ではないため、休憩終了を記録できません"),
        ] {
            assert_eq!(told(punches).0, title);
        }
        let lonely = punched(&of(&[(542, ClockOut)]), None, &AttendanceSettings::default(), Lang::Ja);
        assert!(lonely.body.contains("先に「出勤」") && lonely.fields.is_empty(), "{lonely:?}");
        let month = Punched {
            verdict: Verdict::Submitted("2026-11".parse().unwrap()),
            shift: None,
            ..of(&[(542, ClockIn)])
        };
        let message = punched(&month, None, &AttendanceSettings::default(), Lang::Ja);
        assert_eq!(message.title, "2026年11月の勤怠は提出済みのため、記録できません");
        assert!(message.body.contains("差し戻し"));
    }

    #[test]
    fn a_forgotten_clock_out_is_told_the_next_morning() {
        let message = punched(
            &of(&[(542, ClockIn), (1_440 + 540, ClockIn)]),
            None,
            &AttendanceSettings::default(),
            Lang::Ja,
        );
        assert_eq!(message.title, "出勤を記録しました 9:00");
        assert!(
            message.body.starts_with("前回(11月21日(土) 9:02 出勤)の退勤が記録されていません"),
            "{message:?}"
        );
    }
}
