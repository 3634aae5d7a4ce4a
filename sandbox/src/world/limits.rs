//! Rate limits: requests per operation and clock minute (lineworks.md §2.1 [D]), per second for Resend.

use std::collections::BTreeMap;

/// The limits in force and what was used of them.
#[derive(Debug, Clone)]
pub struct Limits {
    /// LINE WORKS, per domain and operation and minute: 240 on the paid plans, 60 on the free one.
    pub lineworks_per_minute: u32,
    /// LINE WORKS, creating rooms: 10 a minute on every plan.
    pub create_channel_per_minute: u32,
    /// Resend, per second.
    pub resend_per_second: u32,
    used: BTreeMap<String, (i64, u32)>,
}

/// One limit at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minute {
    pub limit: u32,
    pub used: u32,
    /// Seconds until the count starts again, at least 1.
    pub reset_s: i64,
}

impl Minute {
    /// What is left.
    #[must_use]
    pub fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lineworks_per_minute: 240,
            create_channel_per_minute: 10,
            resend_per_second: 2,
            used: BTreeMap::new(),
        }
    }
}

impl Limits {
    /// Counts one LINE WORKS call; `Err` when the minute is used up, which does not count.
    pub(crate) fn take_lineworks(&mut self, operation: &str, now_ms: i64) -> Result<Minute, Minute> {
        let limit = self.lineworks_limit(operation);
        self.take(format!("lineworks {operation}"), limit, 60_000, now_ms)
    }

    pub(crate) fn peek_lineworks(&self, operation: &str, now_ms: i64) -> Minute {
        self.peek(&format!("lineworks {operation}"), self.lineworks_limit(operation), 60_000, now_ms)
    }

    pub(crate) fn take_resend(&mut self, now_ms: i64) -> Result<Minute, Minute> {
        self.take("resend".to_owned(), self.resend_per_second, 1_000, now_ms)
    }

    pub(crate) fn peek_resend(&self, now_ms: i64) -> Minute {
        self.peek("resend", self.resend_per_second, 1_000, now_ms)
    }

    fn lineworks_limit(&self, operation: &str) -> u32 {
        match operation {
            "create_channel" => self.create_channel_per_minute,
            _ => self.lineworks_per_minute,
        }
    }

    fn take(&mut self, key: String, limit: u32, window_ms: i64, now_ms: i64) -> Result<Minute, Minute> {
        let before = self.peek(&key, limit, window_ms, now_ms);
        if before.remaining() == 0 {
            return Err(before);
        }
        let used = before.used + 1;
        self.used.insert(key, (now_ms.div_euclid(window_ms), used));
        Ok(Minute { used, ..before })
    }

    fn peek(&self, key: &str, limit: u32, window_ms: i64, now_ms: i64) -> Minute {
        let window = now_ms.div_euclid(window_ms);
        let used = match self.used.get(key) {
            Some((then, used)) if *then == window => *used,
            _ => 0,
        };
        let left_ms = window_ms - now_ms.rem_euclid(window_ms);
        Minute { limit, used, reset_s: (left_ms + 999) / 1000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_starts_again_each_minute_and_for_each_operation() {
        let mut limits = Limits { lineworks_per_minute: 2, ..Limits::default() };
        assert_eq!(limits.take_lineworks("send_user", 1_000).map(|m| m.remaining()), Ok(1));
        assert!(limits.take_lineworks("send_user", 59_999).is_ok());
        let refused = limits.take_lineworks("send_user", 59_999).unwrap_err();
        assert_eq!((refused.used, refused.reset_s), (2, 1));
        assert!(limits.take_lineworks("send_channel", 59_999).is_ok());
        assert_eq!(limits.take_lineworks("send_user", 60_000).map(|m| (m.used, m.reset_s)), Ok((1, 60)));
    }

    #[test]
    fn rooms_have_their_own_limit() {
        let mut limits = Limits::default();
        let taken = (0..20).filter(|_| limits.take_lineworks("create_channel", 0).is_ok()).count();
        assert_eq!(taken, 10);
    }
}
