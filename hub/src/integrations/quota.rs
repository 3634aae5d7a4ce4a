//! The month's messages of a LINE account (line.md §3.3), and what they will be at its end.

use chrono::{DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveTime, TimeZone};
use shared::{
    api::linking::MonthlyQuota,
    error::Code,
    lang::Lang,
    time::{DAY, Millis},
};

use super::establish::refused;
use crate::{clients::Client, hub::Hub, refusal::Refusal};

/// The provider's month is taken to be Japan's; when exactly it begins is not documented.
const JAPAN: i32 = 9 * 3_600;

impl Hub {
    /// `GET /api/integrations/{id}/quota`. Errors: `not_found` for a provider without one, `connection_failed`.
    pub(crate) async fn monthly_quota(&self, id: &str, lang: Lang) -> Result<MonthlyQuota, Refusal> {
        let Some(Client::Line(account)) = self.client(id).await? else { return Err(Code::NotFound.into()) };
        let quota = account.client.quota().await.map_err(|error| refused(&error.cause(), lang))?;
        let forecast = forecast(quota.used, self.now());
        Ok(MonthlyQuota { limit: quota.limit, used: quota.used, forecast })
    }
}

/// `used` so far, at the same rate until the month's end. The first day counts as a whole one, so that an hour's
/// messages are not taken for a habit.
fn forecast(used: u64, now: Millis) -> u64 {
    let Some((begin, end)) = month(now) else { return used };
    let elapsed = u128::try_from((now - begin).max(DAY)).unwrap_or(1);
    let whole = u128::try_from(end - begin).unwrap_or(0);
    let sum = (u128::from(used) * whole).div_ceil(elapsed.max(1));
    u64::try_from(sum).unwrap_or(u64::MAX).max(used)
}

/// Begin and end of the month that `now` is in.
fn month(now: Millis) -> Option<(Millis, Millis)> {
    let zone = FixedOffset::east_opt(JAPAN)?;
    let local = DateTime::from_timestamp_millis(now)?.with_timezone(&zone);
    let first = NaiveDate::from_ymd_opt(local.year(), local.month(), 1)?;
    let at = |day: NaiveDate| {
        Some(zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).single()?.timestamp_millis())
    };
    Some((at(first)?, at(first.checked_add_months(Months::new(1))?)?))
}

#[cfg(test)]
mod tests {
    use shared::time::parse_rfc3339;

    use super::*;

    #[test]
    fn the_month_goes_on_as_it_went() {
        for (now, used, expected) in [
            // A third of November.
            ("2026-11-11T00:00:00+09:00", 100, 300),
            ("2026-11-11T00:00:00+09:00", 0, 0),
            // The first day counts whole, also in its first minute.
            ("2026-11-01T00:01:00+09:00", 10, 300),
            // Still October elsewhere.
            ("2026-10-31T16:00:00Z", 10, 300),
            ("2026-11-30T23:59:59+09:00", 100, 101),
            ("2028-02-15T12:00:00+09:00", 29, 58),
            ("2026-12-31T12:00:00+09:00", 61, 62),
        ] {
            assert_eq!(forecast(used, parse_rfc3339(now).unwrap()), expected, "{now} {used}");
        }
        assert_eq!(forecast(u64::MAX, parse_rfc3339("2026-11-02T00:00:00Z").unwrap()), u64::MAX);
        assert_eq!(forecast(7, Millis::MAX), 7);
    }
}
