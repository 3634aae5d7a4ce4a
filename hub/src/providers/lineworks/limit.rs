//! How often the provider may be called (lineworks.md §2.1 \[D\]).

use shared::time::{MINUTE, Millis};

use crate::providers::answer::{self, header, seconds};

/// Calls per minute, counted by the provider per domain and per operation: sending to a person, sending to a
/// room, reading the directory … are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Standard and Advanced plan.
    pub standard: u32,
    pub free: u32,
    /// Making a room with the bot, on every plan.
    pub create_room: u32,
}

/// Peaks: calling for longer than half an hour should stay below half of them.
pub const LIMITS: Limits = Limits { standard: 240, free: 60, create_room: 10 };

/// What the provider says of an operation's bucket after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Calls per minute.
    pub limit: u32,
    /// Not always given.
    pub used: Option<u32>,
    pub remaining: u32,
    /// Until the bucket is full again.
    pub reset_ms: Millis,
}

impl Limit {
    /// Reads the four `rateLimit-…` headers, in any case. The count of used calls is spelt `rateLimit-ssed` in
    /// the documentation, presumably a slip for `rateLimit-used`; both are read.
    pub(super) fn read(headers: &[(String, String)]) -> Option<Self> {
        let number = |names: &[&str]| header(headers, names).and_then(|value| value.parse::<u32>().ok());
        Some(Self {
            limit: number(&["ratelimit-limit"])?,
            used: number(&["ratelimit-used", "ratelimit-ssed"]),
            remaining: number(&["ratelimit-remaining"])?,
            reset_ms: header(headers, &["ratelimit-reset"]).and_then(seconds).unwrap_or(MINUTE),
        })
    }
}

/// How long to wait when called too often: until the reset, which is documented to come within a minute.
/// `Retry-After` is not documented but obeyed.
pub(super) fn wait(headers: &[(String, String)]) -> Option<Millis> {
    answer::wait(headers, &["retry-after", "ratelimit-reset"])
}

#[cfg(test)]
mod tests {
    use shared::time::SECOND;

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn both_spellings_and_any_case_are_read() {
        let expected = Limit { limit: 240, used: Some(3), remaining: 237, reset_ms: 42_000 };
        for used in ["rateLimit-ssed", "ratelimit-used", "RateLimit-Used"] {
            let given = headers(&[
                ("rateLimit-limit", "240"),
                (used, "3"),
                ("RATELIMIT-REMAINING", " 237"),
                ("ratelimit-reset", "42"),
            ]);
            assert_eq!(Limit::read(&given), Some(expected), "{used}");
        }
    }

    #[test]
    fn missing_and_odd_headers() {
        assert_eq!(Limit::read(&[]), None);
        assert_eq!(Limit::read(&headers(&[("ratelimit-limit", "many"), ("ratelimit-remaining", "1")])), None);
        let few =
            headers(&[("ratelimit-limit", "60"), ("ratelimit-remaining", "0"), ("ratelimit-reset", "soon")]);
        assert_eq!(Limit::read(&few), Some(Limit { limit: 60, used: None, remaining: 0, reset_ms: MINUTE }));
    }

    #[test]
    fn the_wait_is_the_reset() {
        for (pairs, expected) in [
            (&[("ratelimit-reset", "12")][..], Some(12_000)),
            (&[("ratelimit-reset", "12"), ("Retry-After", "5")], Some(5_000)),
            (&[("ratelimit-reset", "0")], Some(SECOND)),
            (&[("ratelimit-reset", "1767225600")], None),
            (&[("retry-after", "-1")], None),
            (&[], None),
        ] {
            assert_eq!(wait(&headers(pairs)), expected, "{pairs:?}");
        }
    }
}
