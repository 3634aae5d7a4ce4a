//! LINE costs money: other channels first where the workspace says so, and a part of the month's messages kept
//! for critical notices.

use std::{cell::RefCell, collections::HashMap};

use shared::{
    api::settings::LineCost,
    delivery::{Cause, CauseCode, Effect, Outcome},
    error::{Code, Error},
    routing::Urgency,
    time::{MINUTE, Millis},
};

use crate::{clients::Line, hub::Hub, providers::line::Quota, refusal::Refusal, sessions::Caller, store};

/// LINE's own count is approximate and late; between two looks we count what we send.
const QUOTA_AGE: Millis = 10 * MINUTE;
const MOST_RESERVE: u32 = 1_000_000;

/// What LINE said last, by integration.
#[derive(Default)]
pub(crate) struct Quotas(RefCell<HashMap<String, Seen>>);

struct Seen {
    at: Millis,
    quota: Quota,
    sent_since: u64,
}

impl Hub {
    pub(crate) fn line_cost(&self) -> Result<LineCost, Refusal> {
        if let Some(known) = self.cache.line_cost.get() {
            return Ok(known);
        }
        let read: Option<LineCost> = store::row(
            &*self.ports.sql,
            "SELECT json_object('spare', json(CASE line_spare WHEN 1 THEN 'true' ELSE 'false' END), 'reserve', coalesce(line_reserve, 0)) FROM workspace",
            &[],
        )?;
        let cost = read.unwrap_or_default();
        self.cache.line_cost.set(Some(cost));
        Ok(cost)
    }

    /// `PUT /api/settings/line`.
    pub(crate) fn set_line_cost(&self, caller: &Caller, cost: LineCost) -> Result<LineCost, Refusal> {
        caller.admin_member()?;
        if cost.reserve > MOST_RESERVE {
            return Err(Error::field(Code::TooLong, "reserve").found(MOST_RESERVE.to_string()).into());
        }
        self.ports.sql.atomically(&mut || {
            self.ports.sql.exec(
                "UPDATE workspace SET line_spare = ?1, line_reserve = ?2",
                &[cost.spare.into(), i64::from(cost.reserve).into()],
            )?;
            let detail = format!("spare {}, reserve {}", cost.spare, cost.reserve);
            self.audit(caller, "line_cost.changed", "workspace", &detail)
        })?;
        self.cache.line_cost.set(Some(cost));
        Ok(cost)
    }

    /// `Some` when `count` messages would eat into what is kept for critical notices.
    pub(crate) async fn keep_reserve(
        &self,
        integration: &str,
        account: &Line,
        urgency: Urgency,
        count: u64,
    ) -> Option<Outcome> {
        let reserve = u64::from(self.line_cost().ok()?.reserve);
        if reserve == 0 || urgency == Urgency::Critical {
            return None;
        }
        let now = self.now();
        let known = self.quotas.0.borrow().get(integration).is_some_and(|seen| seen.at + QUOTA_AGE > now);
        if !known {
            // Not known is not used up: the send itself will tell.
            let quota = account.client.quota().await.ok()?;
            let seen = Seen { at: now, quota, sent_since: 0 };
            self.quotas.0.borrow_mut().insert(integration.to_owned(), seen);
        }
        let mut quotas = self.quotas.0.borrow_mut();
        let seen = quotas.get_mut(integration)?;
        if left(&seen.quota, seen.sent_since).is_none_or(|left| left >= reserve.saturating_add(count)) {
            seen.sent_since += count;
            return None;
        }
        let cause = Cause::new(CauseCode::QuotaReserved, "");
        Some(Outcome::Rejected { cause, effect: Effect::None })
    }
}

/// Messages that may still be sent this month; `None` without a limit.
fn left(quota: &Quota, sent_since: u64) -> Option<u64> {
    quota.limit.map(|limit| limit.saturating_sub(quota.used.saturating_add(sent_since)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_sent_since_counts() {
        let quota = Quota { limit: Some(200), used: 150 };
        assert_eq!(left(&quota, 0), Some(50));
        assert_eq!(left(&quota, 49), Some(1));
        assert_eq!(left(&quota, 60), Some(0));
        assert_eq!(left(&Quota { limit: None, used: 9 }, 9), None);
    }
}
