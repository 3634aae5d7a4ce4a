//! How many deliveries ended how, day by day. Ids sort by age, so a day is a range of the primary key, and nothing is
//! counted on the way of a notice. What cannot change any more is counted once: a finished day is kept in the store, a
//! finished hour of today in memory.

use std::{cell::RefCell, collections::HashMap};

use shared::{
    id::{CompanyId, DeliveryId},
    time::{DAY, HOUR, MINUTE, Millis},
};

use crate::{hub::Hub, ports::SqlError, refusal::Refusal};

/// With today.
const DAYS: i64 = 30;
/// So many rows of past days are counted for one answer; the rest for the next one.
const MOST_ROWS: u64 = 100_000;
/// A past day on which something still waits is counted again after so long.
const STALE: Millis = MINUTE;

/// Counts that are known without asking the store, by the [`key`] of their time.
#[derive(Default)]
pub(crate) struct Counted(RefCell<HashMap<String, Known>>);

struct Known {
    at: Millis,
    counts: String,
}

/// What a range holds.
struct Count {
    rows: u64,
    /// JSON: `[["email","sent",12]]`.
    counts: String,
}

impl Count {
    /// Nothing of it will change by itself any more.
    fn is_settled(&self) -> bool {
        is_settled(&self.counts)
    }
}

fn is_settled(counts: &str) -> bool {
    !counts.contains("\"waiting\"") && !counts.contains("\"sending\"")
}

impl Hub {
    /// The last 30 days as the parts of a JSON array, oldest first; true when older days are left to count.
    pub(super) fn days_until_today(&self) -> Result<(String, bool), Refusal> {
        let (now, today) = (self.now(), self.today()?);
        let stored = self.stored_days(today - DAYS * DAY)?;
        let (mut days, mut left, mut budget) =
            (vec![shown(today, &self.counts_of_today(today)?)], false, MOST_ROWS);
        // The newest first: they are what is looked at.
        for back in 1..DAYS {
            let from = today - back * DAY;
            let (first, until) = (DeliveryId::first_at(from), DeliveryId::first_at(from + DAY));
            let known = stored.iter().find(|(day, end, _)| *day == first && *end == until);
            if let Some((_, _, counts)) = known {
                days.push(shown(from, counts));
                continue;
            }
            let key = key(&first, &until);
            if let Some(counts) = self.remembered(&key, now - STALE) {
                days.push(shown(from, &counts));
                continue;
            }
            if budget == 0 {
                left = true;
                let old = self.remembered(&key, 0);
                days.push(shown(from, old.as_deref().unwrap_or("[]")));
                continue;
            }
            let count = self.count(&first, &until)?;
            budget = budget.saturating_sub(count.rows);
            days.push(shown(from, &count.counts));
            if !count.is_settled() {
                self.remember(key, count.counts);
            } else if count.rows > 0 {
                self.ports.sql.exec(
                    "INSERT INTO day_counts (first, until, counts) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (first) DO UPDATE SET until = excluded.until, counts = excluded.counts",
                    &[first.into(), until.into(), count.counts.into()],
                )?;
            }
        }
        days.reverse();
        Ok((days.join(","), left))
    }

    /// The same of today and of one company's people.
    pub(super) fn today_of_company(&self, company: &CompanyId) -> Result<String, Refusal> {
        let today = self.today()?;
        // From the people to what went to each: the company may be a small one of a large workspace.
        let counts = self.ports.sql.texts(
            "SELECT json_group_array(json_array(channel, state, n)) FROM (SELECT d.channel, d.state, count(*) AS n \
             FROM members m CROSS JOIN deliveries d ON d.target = m.id AND d.id >= ?2 WHERE m.company = ?1 \
             GROUP BY d.channel, d.state)",
            &[company.as_str().into(), DeliveryId::first_at(today).into()],
        )?;
        Ok(shown(today, counts.first().map_or("[]", String::as_str)))
    }

    /// Deliveries change after their end, `ids` as a JSON array: their days are counted anew. Within a burst.
    pub(crate) fn count_days_again(&self, ids: &str) -> Result<(), SqlError> {
        self.counted.0.borrow_mut().clear();
        self.ports.sql.run(
            "DELETE FROM day_counts WHERE EXISTS (SELECT 1 FROM json_each(?1) WHERE value >= first AND value < until)",
            &[ids.into()],
        )
    }

    /// Today's first moment where the workspace is.
    fn today(&self) -> Result<Millis, Refusal> {
        let east = i64::from(self.zone()?.minutes()) * MINUTE;
        Ok((self.now() + east).div_euclid(DAY) * DAY - east)
    }

    /// Hour by hour, each as one part of the list.
    fn counts_of_today(&self, today: Millis) -> Result<String, Refusal> {
        let now = self.now();
        let hours = (now - today) / HOUR;
        let mut parts = Vec::new();
        for hour in 0..=hours {
            let from = today + hour * HOUR;
            let (first, until) = (DeliveryId::first_at(from), DeliveryId::first_at(from + HOUR));
            let key = key(&first, &until);
            let finished = self.remembered(&key, 0).filter(|_| hour < hours);
            let counts = match finished {
                Some(counts) => counts,
                None => {
                    let count = self.count(&first, &until)?;
                    if hour < hours && count.is_settled() {
                        self.remember(key, count.counts.clone());
                    }
                    count.counts
                }
            };
            // Both brackets of `[[…],[…]]`, on either side.
            let inner = counts.trim_start_matches('[').trim_end_matches(']');
            if !inner.is_empty() {
                parts.push(format!("[{inner}]"));
            }
        }
        Ok(format!("[{}]", parts.join(",")))
    }

    fn count(&self, first: &str, until: &str) -> Result<Count, Refusal> {
        let found = self.ports.sql.texts(
            "SELECT coalesce(sum(n), 0) || ' ' || json_group_array(json_array(channel, state, n)) FROM \
             (SELECT channel, state, count(*) AS n FROM deliveries WHERE id >= ?1 AND id < ?2 GROUP BY channel, state)",
            &[first.into(), until.into()],
        )?;
        let (rows, counts) = found.first().and_then(|text| text.split_once(' ')).unwrap_or(("0", "[]"));
        Ok(Count { rows: rows.parse().unwrap_or(0), counts: counts.to_owned() })
    }

    /// First id, first id of the next day, counts.
    fn stored_days(&self, from: Millis) -> Result<Vec<(String, String, String)>, Refusal> {
        let rows = self.ports.sql.texts(
            "SELECT first || ' ' || until || ' ' || counts FROM day_counts WHERE first >= ?1",
            &[DeliveryId::first_at(from).into()],
        )?;
        let split = |row: &String| {
            let mut parts = row.splitn(3, ' ').map(str::to_owned);
            Some((parts.next()?, parts.next()?, parts.next()?))
        };
        Ok(rows.iter().filter_map(split).collect())
    }

    fn remembered(&self, key: &str, since: Millis) -> Option<String> {
        let known = self.counted.0.borrow();
        known.get(key).filter(|known| known.at >= since).map(|known| known.counts.clone())
    }

    fn remember(&self, key: String, counts: String) {
        let mut known = self.counted.0.borrow_mut();
        let at = self.now();
        known.retain(|_, known| known.at > at - 2 * DAY);
        known.insert(key, Known { at, counts });
    }
}

/// An hour and a day may begin together.
fn key(first: &str, until: &str) -> String {
    format!("{first} {until}")
}

fn shown(from: Millis, counts: &str) -> String {
    format!(r#"{{"from":{from},"counts":{counts}}}"#)
}
