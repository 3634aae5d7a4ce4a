//! Decisions and attempts of a delivery in words, as an admin reads them.

use shared::{
    api::deliveries::{Attempt, AttemptResult},
    lang::{Lang, Text},
    routing::{Decision, Reason},
};

/// The decision in one word.
#[must_use]
pub const fn decision(decision: Decision) -> Text {
    match decision {
        Decision::Deliver => Text::new("送信する", "Deliver"),
        Decision::Hold => Text::new("指定の時刻まで待つ", "Hold until its time"),
        Decision::Skip => Text::new("送信しない", "Do not send"),
    }
}

/// The reason as `shared` says it, except where that speaks to the member: the admin reads of someone else.
#[must_use]
pub const fn reason(reason: Reason) -> Text {
    match reason {
        Reason::PreferenceOff => Text::new(
            "本人の設定で、この通知はこのチャネルでは受け取りません。",
            "The person turned this notice off for this channel.",
        ),
        Reason::ChannelOff => Text::new(
            "本人の設定で、このチャネルはオフになっています。",
            "The person turned this channel off.",
        ),
        Reason::AtLeastOne => Text::new(
            "緊急の通知で、ほかに届くチャネルがないため、送りました。",
            "It is critical and nothing else would have reached the person, so it was sent.",
        ),
        other => other.sentence(),
    }
}

/// How a try ended.
#[must_use]
pub const fn result(result: AttemptResult) -> Text {
    match result {
        AttemptResult::Accepted => Text::new("受け付けられました", "Accepted"),
        AttemptResult::Retry => Text::new("あとで再試行", "To be tried again"),
        AttemptResult::Rejected => Text::new("受け付けられませんでした", "Refused"),
        AttemptResult::Uncertain => Text::new("応答なし(到達は不明)", "No answer, may have arrived"),
    }
}

/// How many go first and how long that takes: 「先に送るものが 12 件あります。およそ40秒後に送ります。」
#[must_use]
pub fn turn(ahead: u64, about_ms: Option<i64>) -> String {
    use super::texts;
    use crate::{client::browser::number_text, i18n::fill};
    let about = about_ms.unwrap_or_default();
    if ahead == 0 && about < 1_500 {
        return crate::i18n::say(texts::SOON).to_owned();
    }
    let (unit, number) = span(about);
    let long = fill(unit, &[&number.to_string()]);
    if ahead == 0 {
        fill(texts::ABOUT, &[&long])
    } else {
        fill(texts::AHEAD_ABOUT, &[&number_text(ahead), &long])
    }
}

/// A span in the unit in which people say it.
const fn span(ms: i64) -> (Text, i64) {
    use super::texts;
    let seconds = if ms < 1_000 { 1 } else { (ms + 500) / 1_000 };
    match seconds {
        0..90 => (texts::SECONDS, seconds),
        90..5_400 => (texts::MINUTES, (seconds + 30) / 60),
        5_400..172_800 => (texts::HOURS, (seconds + 1_800) / 3_600),
        _ => (texts::DAYS, (seconds + 43_200) / 86_400),
    }
}

/// How long the provider took: 「142 ms」 or 「1.2 秒」.
#[must_use]
pub fn took(attempt: &Attempt, lang: Lang) -> String {
    if attempt.took < 1_000 {
        return format!("{} ms", attempt.took.max(0));
    }
    let tenths = attempt.took / 100;
    let unit = Text::new("秒", "s").get(lang);
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_is_never_addressed_as_the_member() {
        for code in Reason::ALL {
            assert!(!reason(code).ja.contains("あなた"), "{code:?}");
            assert!(!reason(code).en.contains("you"), "{code:?}");
        }
    }

    #[test]
    fn spans_are_said_in_their_unit() {
        use super::super::texts;
        for (ms, unit, number) in [
            (0, texts::SECONDS, 1),
            (40_400, texts::SECONDS, 40),
            (90_000, texts::MINUTES, 2),
            (3_600_000, texts::MINUTES, 60),
            (5_400_000, texts::HOURS, 2),
            (200_000_000, texts::DAYS, 2),
        ] {
            assert_eq!(span(ms), (unit, number), "{ms}");
        }
        assert_eq!(turn(0, Some(900)), texts::SOON.ja);
        assert_eq!(turn(0, Some(40_000)), "およそ40秒後に送ります。");
        assert_eq!(turn(1_200, Some(120_000)), "先に送るものが1,200件あります。およそ2分後に送ります。");
    }

    #[test]
    fn short_and_long_times() {
        let attempt =
            |took| Attempt { at: 0, took, result: AttemptResult::Accepted, cause: None, reference: None };
        assert_eq!(took(&attempt(142), Lang::Ja), "142 ms");
        assert_eq!(took(&attempt(1_260), Lang::Ja), "1.2 秒");
        assert_eq!(took(&attempt(10_000), Lang::En), "10.0 s");
    }
}
