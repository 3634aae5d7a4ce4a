//! Times are whole milliseconds since 1970 UTC everywhere; a zone appears only at the edges.

use chrono::{DateTime, FixedOffset, SecondsFormat};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

pub const SECOND: Millis = 1_000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;
pub const DAY: Millis = 24 * HOUR;

/// `2026-01-02T03:04:05.678Z`; a time outside the calendar's range is shown as the epoch.
#[must_use]
pub fn rfc3339(at: Millis) -> String {
    DateTime::from_timestamp_millis(at)
        .unwrap_or(DateTime::UNIX_EPOCH)
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Reads RFC 3339 with any offset.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<Millis> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis())
}

/// `2026/01/02 12:04` in a zone given as minutes east of UTC.
#[must_use]
pub fn local_minute(at: Millis, offset_minutes: i32) -> String {
    let zone = FixedOffset::east_opt(offset_minutes.clamp(-1_439, 1_439) * 60);
    let utc = DateTime::from_timestamp_millis(at).unwrap_or(DateTime::UNIX_EPOCH);
    match zone {
        Some(zone) => utc.with_timezone(&zone).format("%Y/%m/%d %H:%M").to_string(),
        None => utc.format("%Y/%m/%d %H:%M").to_string(),
    }
}
