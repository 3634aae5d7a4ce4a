//! Obeying a provider's limit: never more than `limit` calls in any window, however the provider aligns its
//! own, and no stall at the end of a burst.

use std::collections::VecDeque;

use crate::time::Millis;

/// Calls of one operation of one integration.
#[derive(Debug, Clone)]
pub struct Bucket {
    limit: u32,
    window: Millis,
    /// Times of the calls within the last window, oldest first.
    calls: VecDeque<Millis>,
    blocked_until: Millis,
    last: Millis,
}

/// Added to the window at most: the provider counts when a call arrives, we when it leaves.
const SKEW: Millis = 250;
/// A short window is lengthened by this part of it, so that a limit of one a second is used for 92 %. The sandbox,
/// which counts as strictly, refuses nothing then (the bench's flood).
const SKEW_PART: Millis = 12;
/// One call in so many is urgent ones' own.
const KEPT: u32 = 30;

impl Bucket {
    /// `limit` calls within any `window` milliseconds.
    #[must_use]
    pub fn new(limit: u32, window: Millis) -> Self {
        Self {
            limit: limit.max(1),
            window: lengthened(window),
            calls: VecDeque::new(),
            blocked_until: 0,
            last: Millis::MIN / 2,
        }
    }

    /// When the next call may go. The first half of a window goes at once; the rest is spread evenly until
    /// the first half is forgotten, so that a flood leaves room: an urgent call is never paced.
    #[must_use]
    pub fn next_at(&mut self, now: Millis, urgent: bool) -> Millis {
        self.forget(now);
        let most = if urgent { self.limit } else { self.for_all() };
        let hard = if self.used() < most {
            now
        } else {
            let first_free = self.calls.len().saturating_sub(most as usize);
            self.calls.get(first_free).map_or(now, |oldest| oldest + self.window)
        };
        let paced = if urgent || self.used() * 2 < self.limit { now } else { self.last + self.spacing(now) };
        hard.max(paced).max(self.blocked_until).max(now)
    }

    /// How long a call is expected to wait that has `ahead` others before it, each of them one call: what is left
    /// of the first half goes at once, the rest at the limit's own pace.
    #[must_use]
    pub fn expected(&mut self, now: Millis, ahead: u32) -> Millis {
        self.forget(now);
        let at_once = (self.limit.div_ceil(2)).saturating_sub(self.used());
        let blocked = (self.blocked_until - now).max(0);
        let paced = Millis::from(ahead.saturating_add(1).saturating_sub(at_once));
        blocked + paced.saturating_mul(self.window) / Millis::from(self.for_all().max(1))
    }

    /// Counts a call that goes now.
    pub fn take(&mut self, now: Millis) {
        self.calls.push_back(now);
        self.last = now;
    }

    /// Forgets one call that was counted at `taken`: it did not go.
    pub fn give_back(&mut self, taken: Millis) {
        if let Some(index) = self.calls.iter().rposition(|at| *at == taken) {
            self.calls.remove(index);
            self.last = self.calls.back().copied().unwrap_or(Millis::MIN / 2);
        }
    }

    /// The provider's own count: `remaining` of `limit` until `reset_in` passed. Others may use the same
    /// account, so the smaller view wins.
    pub fn observe(
        &mut self,
        now: Millis,
        limit: Option<u32>,
        remaining: Option<u32>,
        reset_in: Option<Millis>,
    ) {
        if let Some(limit) = limit.filter(|limit| *limit > 0) {
            self.limit = limit;
        }
        self.forget(now);
        if let (Some(0), Some(reset_in)) = (remaining, reset_in) {
            self.block(now + reset_in);
        }
    }

    /// No call before `until`, at the provider's wish.
    pub fn block(&mut self, until: Millis) {
        self.blocked_until = self.blocked_until.max(until);
    }

    /// Whether it has nothing to remember.
    #[must_use]
    pub fn is_idle(&mut self, now: Millis) -> bool {
        self.forget(now);
        self.calls.is_empty() && self.blocked_until <= now
    }

    fn used(&self) -> u32 {
        u32::try_from(self.calls.len()).unwrap_or(u32::MAX)
    }

    /// The last few of a window are kept for urgent calls: a flood that used them all would hold those up for
    /// half a window.
    fn for_all(&self) -> u32 {
        self.limit - self.limit / KEPT
    }

    fn spacing(&self, now: Millis) -> Millis {
        let left = Millis::from(self.for_all().saturating_sub(self.used()));
        let oldest_forgotten = self.calls.front().map_or(0, |oldest| oldest + self.window - now);
        let spread = if left == 0 { 0 } else { oldest_forgotten / left };
        // Of a few calls none is kept, and to spread the second half of them would leave it unused.
        if self.for_all() < self.limit { spread } else { spread.min(self.window / Millis::from(self.limit)) }
    }

    fn forget(&mut self, now: Millis) {
        while self.calls.front().is_some_and(|oldest| oldest + self.window <= now) {
            self.calls.pop_front();
        }
    }
}

const fn lengthened(window: Millis) -> Millis {
    let part = window / SKEW_PART;
    window + if part < SKEW { part } else { SKEW }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drain(bucket: &mut Bucket, from: Millis, until: Millis) -> Vec<Millis> {
        let mut now = from;
        let mut sent = Vec::new();
        loop {
            let at = bucket.next_at(now, false);
            if at >= until {
                return sent;
            }
            now = at;
            bucket.take(now);
            sent.push(now);
        }
    }

    #[test]
    fn a_flood_uses_nearly_all_of_the_limit() {
        let mut bucket = Bucket::new(240, 60_000);
        let sent = drain(&mut bucket, 0, 600_000);
        assert!(sent.len() >= 2_400 * 95 / 100, "{}", sent.len());
    }

    #[test]
    fn a_flood_uses_nearly_all_of_a_small_limit() {
        for limit in [1, 2, 5, 10] {
            let mut bucket = Bucket::new(limit, 1_000);
            let sent = drain(&mut bucket, 0, 60_000);
            let allowed = 60_000 / usize::try_from(lengthened(1_000)).unwrap() * limit as usize;
            assert!(sent.len() >= allowed * 95 / 100, "{limit}: {} of {allowed}", sent.len());
        }
    }

    #[test]
    fn an_urgent_call_does_not_wait_behind_a_flood() {
        let mut bucket = Bucket::new(240, 60_000);
        for at in [1_000, 5_000, 20_000, 59_000] {
            let from = bucket.last.max(0);
            drain(&mut bucket, from, at);
            assert!(bucket.next_at(at, true) - at <= 2_000, "{at}");
        }
    }

    #[test]
    fn what_is_expected_is_about_what_happens() {
        let mut bucket = Bucket::new(240, 60_000);
        assert_eq!(bucket.expected(0, 100), 0);
        let sent = drain(&mut Bucket::new(240, 60_000), 0, 600_000);
        for ahead in [200_usize, 500, 1_500] {
            let (expected, real) = (bucket.expected(0, u32::try_from(ahead).unwrap()), sent[ahead]);
            assert!((expected - real).abs() < 40_000, "{ahead}: {expected} and really {real}");
        }
        bucket.block(9_000);
        assert_eq!(bucket.expected(4_000, 0), 5_000);
    }

    #[test]
    fn the_provider_s_word_stops_us() {
        let mut bucket = Bucket::new(10, 1_000);
        bucket.observe(0, Some(20), Some(0), Some(700));
        assert_eq!(bucket.next_at(0, true), 700);
        bucket.block(5_000);
        assert_eq!(bucket.next_at(800, true), 5_000);
    }

    proptest! {
        #[test]
        fn no_window_ever_holds_more_than_the_limit(
            limit in 1u32..50,
            steps in prop::collection::vec((0i64..3_000, any::<bool>()), 1..300),
        ) {
            let mut bucket = Bucket::new(limit, 1_000);
            let (mut now, mut sent) = (0, Vec::new());
            for (wait, urgent) in steps {
                now += wait;
                let at = bucket.next_at(now, urgent);
                prop_assert!(at >= now);
                now = at;
                bucket.take(now);
                sent.push(now);
            }
            for (index, first) in sent.iter().enumerate() {
                let within = sent[index..].iter().take_while(|at| **at < first + 1_000).count();
                prop_assert!(within <= limit as usize);
            }
        }
    }
}
