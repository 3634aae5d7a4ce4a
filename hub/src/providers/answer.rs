//! What answers of every provider have in common.

use serde_json::Value;
use shared::{
    delivery::{Cause, CauseCode, Effect, Outcome},
    time::{HOUR, Millis, SECOND},
};

use crate::ports::IoError;

pub(super) fn retry(after_ms: Option<Millis>, code: CauseCode, detail: &str) -> Outcome {
    Outcome::Retry { after_ms, cause: Cause::new(code, detail) }
}

pub(super) fn rejected(code: CauseCode, effect: Effect, detail: &str) -> Outcome {
    Outcome::Rejected { cause: Cause::new(code, detail), effect }
}

pub(super) fn uncertain(code: CauseCode, detail: &str) -> Outcome {
    Outcome::Uncertain { cause: Cause::new(code, detail) }
}

/// An exchange that failed: what was not sent may be sent again, what was not answered may have been taken.
pub(super) fn lost(error: &IoError) -> Outcome {
    match error {
        IoError::NotSent(detail) => retry(None, CauseCode::NotConnected, detail),
        IoError::NoAnswer(detail) => uncertain(CauseCode::NoAnswer, detail),
    }
}

/// Why it was not accepted; `None` when it was.
pub(super) fn cause(outcome: Outcome) -> Option<Cause> {
    match outcome {
        Outcome::Accepted { .. } => None,
        Outcome::Retry { cause, .. } | Outcome::Rejected { cause, .. } | Outcome::Uncertain { cause } => {
            Some(cause)
        }
    }
}

/// The text of a field, trimmed; `None` when it is missing, empty or no text.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// `text` with every secret taken out, should the provider echo one.
pub(super) fn without(text: &str, secrets: &[&str]) -> String {
    secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

/// The value of the first of `names` (lower case) that is there, in the order of `names`.
pub(super) fn header<'a>(headers: &'a [(String, String)], names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    })
}

/// How long one of the headers `names` asks to wait: at least a second.
pub(super) fn wait(headers: &[(String, String)], names: &[&str]) -> Option<Millis> {
    header(headers, names).and_then(seconds).map(|ms| ms.max(SECOND))
}

/// A count of seconds. More than an hour is no wait but a date, or a mistake.
pub(super) fn seconds(text: &str) -> Option<Millis> {
    text.parse::<Millis>()
        .ok()
        .map(|seconds| seconds.saturating_mul(SECOND))
        .filter(|ms| (0..=HOUR).contains(ms))
}
