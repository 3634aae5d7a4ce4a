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
    fn short_and_long_times() {
        let attempt =
            |took| Attempt { at: 0, took, result: AttemptResult::Accepted, cause: None, reference: None };
        assert_eq!(took(&attempt(142), Lang::Ja), "142 ms");
        assert_eq!(took(&attempt(1_260), Lang::Ja), "1.2 秒");
        assert_eq!(took(&attempt(10_000), Lang::En), "10.0 s");
    }
}
