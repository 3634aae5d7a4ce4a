//! The platform's time, behind [`hub::ports::Clock`]. It stands still between awaits.

use std::time::Duration;

use async_trait::async_trait;
use hub::ports::Clock;
use shared::time::Millis;
use worker::{Delay, js_sys::Date};

/// `setTimeout` takes a 32-bit number of milliseconds; a longer sleep goes in pieces.
const LONGEST_MS: u64 = 1 << 30;

#[derive(Debug, Clone, Copy)]
pub(crate) struct PlatformClock;

#[async_trait(?Send)]
impl Clock for PlatformClock {
    fn now(&self) -> Millis {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
        let now = Date::now() as i64;
        now
    }

    async fn sleep(&self, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let piece = left.min(LONGEST_MS);
            Delay::from(Duration::from_millis(piece)).await;
            left -= piece;
        }
    }
}
