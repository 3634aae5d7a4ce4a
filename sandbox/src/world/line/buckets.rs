//! Token buckets per channel and operation (line.md §3): they refill all the time, no window resets.

use std::collections::BTreeMap;

/// The buckets with what is left in them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buckets {
    /// Requests a second in place of the real rate, for tests.
    per_second: BTreeMap<String, u32>,
    levels: BTreeMap<(i64, &'static str), Level>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    /// Thousandths of a request.
    left: i64,
    at: i64,
}

impl Buckets {
    /// Sets the rate of one operation; `None` restores LINE's.
    pub(crate) fn set(&mut self, operation: &str, per_second: Option<u32>) {
        match per_second {
            Some(rate) => self.per_second.insert(operation.to_owned(), rate),
            None => self.per_second.remove(operation),
        };
        self.levels.retain(|(_, name), _| *name != operation);
    }

    /// Takes one request; `false` when the bucket is empty.
    pub(crate) fn take(&mut self, channel: i64, operation: &'static str, now_ms: i64) -> bool {
        let (count, window_ms) = match self.per_second.get(operation) {
            Some(rate) => (i64::from(*rate), 1_000),
            None => real_rate(operation),
        };
        let full = count * 1_000;
        let level = self.levels.entry((channel, operation)).or_insert(Level { left: full, at: now_ms });
        let passed = now_ms.saturating_sub(level.at).max(0);
        let refilled = passed.saturating_mul(full) / window_ms;
        level.left = level.left.saturating_add(refilled).min(full);
        level.at = level.at.max(now_ms);
        if level.left < 1_000 {
            return false;
        }
        level.left -= 1_000;
        true
    }
}

/// Requests and the milliseconds in which the bucket fills (line.md §3, §5.1).
fn real_rate(operation: &str) -> (i64, i64) {
    match operation {
        "multicast" => (200, 1_000),
        "set_webhook" | "get_webhook" => (1_000, 60_000),
        "test_webhook" => (60, 3_600_000),
        _ => (2_000, 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_refills_with_time_and_holds_no_more_than_its_size() {
        let mut buckets = Buckets::default();
        buckets.set("push", Some(2));
        let mut take = |at| buckets.take(1, "push", at);
        assert_eq!([take(0), take(0), take(0)], [true, true, false]);
        assert_eq!([take(500), take(500)], [true, false]);
        assert_eq!([take(60_000), take(60_000), take(60_000)], [true, true, false]);
        assert!(buckets.take(2, "push", 60_000) && buckets.take(1, "reply", 60_000));
        let test = (0..100).filter(|_| buckets.take(1, "test_webhook", 0)).count();
        assert_eq!(test, 60);
        assert!(buckets.take(1, "test_webhook", 60_000));
    }
}
