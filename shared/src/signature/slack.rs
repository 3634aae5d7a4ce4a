//! Slack's signature (slack.md §7.1): over the time and the raw body, so that a request cannot be replayed
//! later.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::time::{MINUTE, Millis, SECOND};

/// How far the request's time may lie from ours, before or after.
pub const SLACK_WINDOW: Millis = 5 * MINUTE;

/// Why a request is not Slack's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlackSignature {
    /// An empty secret signs nothing: anybody could use it.
    #[error("there is no signing secret")]
    NoSecret,
    #[error("the request has no readable time")]
    NoTime,
    #[error("the request's time is more than five minutes ago")]
    Stale,
    #[error("the request's time is more than five minutes ahead")]
    Ahead,
    #[error("the signature does not fit the request")]
    Mismatch,
}

/// Checks `signature` (`X-Slack-Signature`) over `timestamp` (`X-Slack-Request-Timestamp`, Unix seconds) and
/// the raw `body` under the app's signing secret, at the time `now`. A header that is missing is empty.
/// White space around a header is forgiven, nothing else.
pub fn slack(
    secret: &str,
    timestamp: &str,
    body: &[u8],
    signature: &str,
    now: Millis,
) -> Result<(), SlackSignature> {
    if secret.is_empty() {
        return Err(SlackSignature::NoSecret);
    }
    let timestamp = timestamp.trim();
    let at = seconds(timestamp).ok_or(SlackSignature::NoTime)?;
    if at < now.saturating_sub(SLACK_WINDOW) {
        return Err(SlackSignature::Stale);
    }
    if at > now.saturating_add(SLACK_WINDOW) {
        return Err(SlackSignature::Ahead);
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return Err(SlackSignature::NoSecret);
    };
    for part in [b"v0:", timestamp.as_bytes(), b":", body] {
        mac.update(part);
    }
    let wanted = mac.finalize().into_bytes().iter().fold("v0=".to_owned(), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    });
    // Constant time; only the length, which is known to everybody, is told apart early.
    if bool::from(wanted.as_bytes().ct_eq(signature.trim().as_bytes())) {
        Ok(())
    } else {
        Err(SlackSignature::Mismatch)
    }
}

/// Unix seconds as milliseconds; digits only.
fn seconds(text: &str) -> Option<Millis> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<Millis>().ok())??.checked_mul(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "c0ffee00c0ffee00c0ffee00c0ffee00";
    const TIME: &str = "1767225600";
    const NOW: Millis = 1_767_225_600_000;
    // slack.md §7.1.
    const FORM: &[u8] = b"payload=%7B%22type%22%3A%22block_actions%22%7D";
    const FORM_SIGNATURE: &str = "v0=36e6bb2def9beaf46c73f9947633fd51068fb3e0f927fd897798266cbe2f6070";
    const JSON: &[u8] = br#"{"type":"url_verification","challenge":"abc123"}"#;
    const JSON_SIGNATURE: &str = "v0=42b26201eb63803221ee3fc519d3fd1c0c4a37605efd837443c4218da9fc1289";

    #[test]
    fn signatures_made_elsewhere_are_accepted() {
        for (body, signature) in [(FORM, FORM_SIGNATURE), (JSON, JSON_SIGNATURE)] {
            assert_eq!(slack(SECRET, TIME, body, signature, NOW), Ok(()));
            let (time, signature) = (format!(" {TIME}\r\n"), format!("\t{signature} "));
            assert_eq!(slack(SECRET, &time, body, &signature, NOW), Ok(()));
        }
    }

    #[test]
    fn the_window_is_five_minutes_both_ways() {
        for (now, expected) in [
            (NOW - 300_001, Err(SlackSignature::Ahead)),
            (NOW - 300_000, Ok(())),
            (NOW + 300_000, Ok(())),
            (NOW + 300_001, Err(SlackSignature::Stale)),
            (0, Err(SlackSignature::Ahead)),
            (Millis::MAX, Err(SlackSignature::Stale)),
        ] {
            assert_eq!(slack(SECRET, TIME, FORM, FORM_SIGNATURE, now), expected, "{now}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let hex = &FORM_SIGNATURE[3..];
        for signature in [
            "",
            "v0=",
            "v0",
            hex,
            &format!("v1={hex}"),
            &format!("v0={}", hex.to_uppercase()),
            &format!("v0={}", &hex[..62]),
            &format!("{FORM_SIGNATURE}00"),
            &format!("v0= {hex}"),
            JSON_SIGNATURE,
            "v0=あ",
        ] {
            let found = slack(SECRET, TIME, FORM, signature, NOW);
            assert_eq!(found, Err(SlackSignature::Mismatch), "{signature}");
        }
        // Another secret, another body, another time.
        for (secret, time, body) in [
            ("c0ffee00c0ffee00c0ffee00c0ffee01", TIME, FORM),
            (SECRET, TIME, JSON),
            (SECRET, TIME, &FORM[1..]),
            (SECRET, "1767225601", FORM),
            (SECRET, "01767225600", FORM),
        ] {
            assert_eq!(slack(secret, time, body, FORM_SIGNATURE, NOW), Err(SlackSignature::Mismatch));
        }
    }

    #[test]
    fn a_time_that_is_no_time_is_refused() {
        for time in [
            "",
            " ",
            "now",
            "-1767225600",
            "+1767225600",
            "1767225600.0",
            "99999999999999999999",
            "9223372036854775807",
        ] {
            assert_eq!(slack(SECRET, time, FORM, FORM_SIGNATURE, NOW), Err(SlackSignature::NoTime), "{time}");
        }
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        mac.update(format!("v0:{TIME}:").as_bytes());
        mac.update(FORM);
        let forged: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let found = slack("", TIME, FORM, &format!("v0={forged}"), NOW);
        assert_eq!(found, Err(SlackSignature::NoSecret));
    }
}
