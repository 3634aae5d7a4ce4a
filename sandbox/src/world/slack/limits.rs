//! Rate limits (slack.md §2, §6): per method and minute, and about one message a second in one channel.

use std::collections::BTreeMap;

/// How often a method may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    Second,
    Third,
    Fourth,
    /// chat.postMessage: [`SlackLimits::posts_per_minute`].
    Posting,
    /// Generous, and not told.
    Special,
}

/// The limits in force and what was used of them.
#[derive(Debug, Clone)]
pub struct SlackLimits {
    /// Tiers 1 to 4, calls a minute: 1, 20, 50, 100.
    pub tiers: [u32; 4],
    /// All posting to the workspace, a minute: "several hundred".
    pub posts_per_minute: u32,
    /// Messages that one channel takes at once, before the second between them counts.
    pub channel_burst: u32,
    /// Milliseconds between two messages of one channel.
    pub channel_interval_ms: i64,
    /// By method: the minute and the calls in it.
    used: BTreeMap<&'static str, (i64, u32)>,
    /// By channel: when it would be idle again.
    busy_until: BTreeMap<String, i64>,
}

impl Default for SlackLimits {
    fn default() -> Self {
        Self {
            tiers: [1, 20, 50, 100],
            posts_per_minute: 300,
            channel_burst: 3,
            channel_interval_ms: 1_000,
            used: BTreeMap::new(),
            busy_until: BTreeMap::new(),
        }
    }
}

impl SlackLimits {
    /// Counts one call; `Err` with the seconds to wait when the minute is used up, which does not count.
    pub(super) fn take(&mut self, method: &'static str, tier: Tier, now_ms: i64) -> Result<(), i64> {
        let [_, second, third, fourth] = self.tiers;
        let limit = match tier {
            Tier::Second => second,
            Tier::Third => third,
            Tier::Fourth => fourth,
            Tier::Posting => self.posts_per_minute,
            Tier::Special => 600,
        };
        let minute = now_ms.div_euclid(60_000);
        let used = self.used.get(method).filter(|(then, _)| *then == minute).map_or(0, |(_, used)| *used);
        if used >= limit {
            return Err((60_000 - now_ms.rem_euclid(60_000) + 999) / 1000);
        }
        self.used.insert(method, (minute, used + 1));
        Ok(())
    }

    /// Counts one message in one channel; `Err` as above.
    pub(super) fn take_channel(&mut self, channel: &str, now_ms: i64) -> Result<(), i64> {
        let busy_until = self.busy_until.get(channel).copied().unwrap_or(now_ms).max(now_ms);
        let tolerance = i64::from(self.channel_burst.saturating_sub(1)) * self.channel_interval_ms;
        let over_ms = busy_until - now_ms - tolerance;
        if over_ms > 0 {
            return Err((over_ms + 999) / 1000);
        }
        self.busy_until.insert(channel.to_owned(), busy_until + self.channel_interval_ms);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_takes_a_burst_and_then_one_a_second() {
        let mut limits = SlackLimits::default();
        let mut at = |ms: i64| limits.take_channel("C1", 10_000 + ms);
        assert_eq!([at(0), at(0), at(0)], [Ok(()); 3]);
        assert_eq!(at(0), Err(1));
        assert_eq!(at(999), Err(1));
        assert_eq!(at(1_000), Ok(()));
        assert_eq!(at(1_001), Err(1));
        assert_eq!([at(60_000), at(60_000), at(60_000)], [Ok(()); 3]);
        assert_eq!(limits.take_channel("C2", 10_000), Ok(()));
    }

    #[test]
    fn a_method_has_its_own_minute() {
        let mut limits = SlackLimits::default();
        let taken =
            (0..30).filter(|_| limits.take("conversations.list", Tier::Second, 59_000).is_ok()).count();
        assert_eq!(taken, 20);
        assert_eq!(limits.take("conversations.list", Tier::Second, 59_000), Err(1));
        assert_eq!(limits.take("users.info", Tier::Fourth, 59_000), Ok(()));
        assert_eq!(limits.take("conversations.list", Tier::Second, 60_000), Ok(()));
    }
}
