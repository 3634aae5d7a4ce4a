//! What must hold of time: no provider is asked too often, and what is urgent does not wait behind what is not.

use shared::{
    channel::Channel,
    routing::{Decision, Reason},
    time::{MINUTE, Millis, SECOND},
};

use crate::{found::Row, verdict::Verdict};

impl Verdict<'_> {
    /// The provider never has to say 429, except to an object that forgot what it had sent.
    pub(crate) fn limits(&self, problems: &mut Vec<String>) {
        if self.record.limit_changed {
            return;
        }
        let world = self.machine.outside.world.borrow();
        for entry in world.log().after(0).filter(|entry| entry.status == Some(429) && entry.fault.is_none()) {
            let forgot = self.record.died.iter().any(|at| (*at..at + 2 * MINUTE).contains(&entry.at));
            // Sign-in codes and, where a limit is for all together, replies to letters go past the buckets.
            let beside = !matches!(entry.face, "slack" | "google-chat")
                && self.record.beside.iter().any(|at| (*at..at + 2 * MINUTE).contains(&entry.at));
            let month = entry.face == "line" && self.record.quota_changed;
            if !forgot && !beside && !month {
                problems.push(format!(
                    "limits: {} {} was answered 429 at {}",
                    entry.face, entry.operation, entry.at
                ));
            }
        }
    }

    /// A critical notice starts within two seconds and the limit that it shares with other critical ones; a
    /// scheduled one within five and the limit that it shares with all.
    pub(crate) fn in_time(&self, problems: &mut Vec<String>) {
        if self.record.limit_changed || self.record.quota_changed {
            return;
        }
        let due = |row: &Row| row.deliver_at.unwrap_or(row.created_at);
        for row in self.rows.iter().filter(|row| row.urgency == 0 || row.deliver_at.is_some()) {
            let Some(first) = row.attempts.iter().flatten().next().map(|attempt| attempt.at) else {
                continue;
            };
            let by_hand = self.record.resent.contains_key(&row.id);
            let later =
                by_hand || matches!(row.reason, Reason::Fallback | Reason::Manual | Reason::QuietTime);
            if later || self.record.troubled(due(row) - 2 * MINUTE, first) {
                continue;
            }
            let rivals = self.rows.iter().filter(|other| {
                (other.channel, other.place.is_some()) == (row.channel, row.place.is_some())
                    && (other.urgency == 0 || row.urgency > 0)
                    && other.decision != Decision::Skip
                    && (due(row) - 5 * MINUTE..=first).contains(&due(other))
            });
            let turn = match (row.channel, self.cast.resend) {
                (Channel::Email, true) => 700,
                (Channel::Email, false) => 150,
                (Channel::Lineworks, _) if self.cast.api_v1 => 150,
                _ => 60_250 / i64::from(self.cast.limit),
            };
            let head_start = if row.urgency == 0 { 2 * SECOND } else { 5 * SECOND };
            // And a turn of its own.
            let rivals = i64::try_from(rivals.count()).unwrap();
            let mut bound = head_start + turn * (1 + rivals);
            // Where that and what went before is more than the limit, the rest waits for the window to pass.
            if row.channel == Channel::Lineworks
                && rivals + self.gone_before(row, due(row)) >= self.cast.limit.into()
            {
                bound += 60_250;
            }
            if self.cast.all {
                bound += self.shared_wait(row, first, due);
            }
            let waited = first - due(row);
            if waited > bound {
                problems.push(format!(
                    "in time: {} was first tried after {waited} ms, bound {bound}",
                    row.name()
                ));
            }
        }
    }

    /// How many were tried within the minute before `due`, by the same channel and in the same count.
    fn gone_before(&self, row: &Row, due: Millis) -> i64 {
        let same =
            |other: &&Row| (other.channel, other.place.is_some()) == (row.channel, row.place.is_some());
        let before = |other: &&Row| {
            other.attempts.iter().flatten().any(|tried| (due - MINUTE..due).contains(&tried.at))
        };
        i64::try_from(self.rows.iter().filter(same).filter(before).count()).unwrap()
    }

    /// Six connections serve all, and a destination in Slack and Google Chat takes one message a second.
    fn shared_wait(&self, row: &Row, first: Millis, due: impl Fn(&Row) -> Millis) -> Millis {
        let rivals = self.rows.iter().chain(&self.news).filter(|other| {
            (other.urgency == 0 || row.urgency > 0)
                && other.decision != Decision::Skip
                && (due(row) - 5 * MINUTE..=first).contains(&due(other))
        });
        rivals
            .map(|other| {
                let paced = matches!(row.channel, Channel::Slack | Channel::GoogleChat);
                if paced && other.channel == row.channel { 1_300 } else { 150 }
            })
            .sum()
    }
}
