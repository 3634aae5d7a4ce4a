//! What must hold once everything has come to rest.

use std::collections::BTreeMap;

use shared::{
    api::deliveries::AttemptResult,
    channel::Channel,
    delivery::{CauseCode, State},
    routing::Reason,
};

use crate::{
    check::recipients,
    found::{Copies, Row, copies, mark, rows},
    record::Machine,
    record::Record,
    stage::Cast,
};

/// Every problem of a run at rest.
pub(crate) fn all(machine: &Machine, cast: &Cast) -> Vec<String> {
    let verdict = Verdict {
        machine,
        cast,
        record: &machine.record.borrow(),
        rows: Vec::new(),
        news: Vec::new(),
        copies: copies(machine, cast),
    };
    let (news, rows) = rows(machine).into_iter().partition(|row| row.about.is_some());
    let verdict = Verdict { rows, news, ..verdict };
    let mut problems = Vec::new();
    for check in [
        Verdict::quiet,
        Verdict::whole_events,
        Verdict::final_states,
        Verdict::no_duplicates,
        Verdict::labelled,
        Verdict::cancelled_stay,
        Verdict::switched_off,
        Verdict::limits,
        Verdict::in_time,
        Verdict::quiet_time,
        Verdict::rooms,
        Verdict::secrets,
        Verdict::claims,
        Verdict::settled,
        Verdict::blocked,
        Verdict::contracts,
    ] {
        check(&verdict, &mut problems);
    }
    problems
}

pub(crate) struct Verdict<'a> {
    pub(crate) machine: &'a Machine,
    pub(crate) cast: &'a Cast,
    pub(crate) record: &'a Record,
    /// Deliveries of what was posted.
    pub(crate) rows: Vec<Row>,
    /// Deliveries of news: who took it.
    pub(crate) news: Vec<Row>,
    copies: Copies,
}

impl Verdict<'_> {
    /// No lease, nothing due, nothing queued, no alarm.
    fn quiet(&self, problems: &mut Vec<String>) {
        let machine = self.machine;
        for (what, query) in [
            (
                "deliveries open",
                "SELECT id || ' ' || state FROM deliveries WHERE due_at IS NOT NULL OR lease_until IS NOT NULL",
            ),
            ("letters open", "SELECT inbound FROM inbox WHERE due_at IS NOT NULL"),
            ("webhooks open", "SELECT body FROM webhook_messages WHERE due_at IS NOT NULL"),
        ] {
            let rows = machine.read(query);
            if !rows.is_empty() {
                problems.push(format!("quiet: {what}: {rows:?}"));
            }
        }
        if !machine.is_idle() || machine.has_work() || machine.outside.alarm.get().is_some() {
            let alarm = machine.outside.alarm.get().map(|at| at - machine.now());
            problems.push(format!(
                "quiet: idle {}, work {}, alarm in {alarm:?}",
                machine.is_idle(),
                machine.has_work()
            ));
        }
    }

    /// Answered: there, with a decision for each recipient and channel. Not answered: wholly there or not at all.
    fn whole_events(&self, problems: &mut Vec<String>) {
        let counted = self.machine.read(
            "SELECT json_array(e.id, json_extract(e.message, '$.title'), e.deliveries + e.skipped, \
             (SELECT count(*) FROM deliveries d WHERE d.event = e.id)) FROM events e WHERE e.about IS NULL",
        );
        let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for text in counted {
            let (id, title, promised, found): (String, String, usize, usize) =
                serde_json::from_str(&text).unwrap();
            let Some(post) = self.record.posts.iter().find(|post| title.contains(&post.mark)) else {
                problems.push(format!("events: nobody asked for {title}"));
                continue;
            };
            let (people, rooms) = recipients(post.to);
            let expected = people * self.cast.channels() + rooms;
            if promised != found || found != expected {
                problems.push(format!(
                    "events: {} has {found} decisions, promised {promised}, expected {expected}",
                    post.mark
                ));
            }
            seen.entry(post.mark.clone()).or_default().push(id);
        }
        for post in &self.record.posts {
            let events = seen.get(&post.mark).map_or(0, Vec::len);
            let most = if post.key.is_some() { 1 } else { usize::try_from(post.asked).unwrap() };
            if events > most {
                problems.push(format!("idempotency: {} became {events} events", post.mark));
            }
            if let Some(accepted) = &post.accepted
                && !seen.get(&post.mark).is_some_and(|ids| ids.iter().any(|id| id == accepted.id.as_str()))
            {
                problems.push(format!("events: {} was accepted and is gone", post.mark));
            }
        }
    }

    /// Sent is in the world; failed and uncertain have their cause.
    fn final_states(&self, problems: &mut Vec<String>) {
        let calm = self.record.trouble.is_empty() && self.record.deaths == 0;
        for row in &self.rows {
            let last = row.attempts.iter().flatten().last().map(|attempt| attempt.result);
            let hopeless = self.is_hopeless(row);
            // LINE takes what it drops, and the hub refuses what it knows to be dropped.
            let unreached = hopeless || row.channel == Channel::Line && self.has_blocked(row);
            let used_up = row
                .cause
                .as_ref()
                .is_some_and(|cause| cause.code == CauseCode::QuotaUsedUp && self.record.quota_changed);
            let what =
                format!("{} {} to {} by {}: {:?}", row.id, row.title, row.target, row.channel, row.state);
            match row.state {
                State::Waiting | State::Sending => problems.push(format!("final: {what}")),
                State::Sent if self.copies_of(row) == 0 && !self.has_dropped(row.channel) && !unreached => {
                    problems.push(format!("final: {what}, but the world has none"));
                }
                State::Failed => {
                    let refused = last == Some(AttemptResult::Rejected) && (unreached || used_up);
                    let given_up = row.tries >= 8 && !calm;
                    if !refused && !given_up {
                        problems.push(format!("final: {what} after {} tries, last {last:?}", row.tries));
                    }
                }
                State::Uncertain => {
                    let once = row.urgency == 2 && !self.is_keyed(row);
                    if last != Some(AttemptResult::Uncertain) || !(once || row.tries >= 8) || calm {
                        problems.push(format!("final: {what} after {} tries, last {last:?}", row.tries));
                    }
                }
                State::Sent | State::Skipped | State::Cancelled => {}
            }
        }
    }

    fn no_duplicates(&self, problems: &mut Vec<String>) {
        for row in &self.rows {
            let attempts = || row.attempts.iter().flatten();
            let uncertain = attempts().filter(|attempt| attempt.result == AttemptResult::Uncertain).count();
            let by_hand = self.record.resent.get(&row.id).copied().unwrap_or(0);
            let once = row.urgency == 2 || self.is_keyed(row);
            let most = 1 + by_hand + if once { 0 } else { u32::try_from(uncertain).unwrap() };
            let copies = self.copies_of(row);
            if copies > most {
                problems.push(format!(
                    "duplicate: {} {} by {} is there {copies} times, at most {most}; tries {:?}",
                    row.id,
                    row.title,
                    row.channel,
                    attempts().map(|attempt| (attempt.at, attempt.result)).collect::<Vec<_>>()
                ));
            }
        }
    }

    /// What is there although nobody resent it was taken, or is said to be in doubt.
    fn labelled(&self, problems: &mut Vec<String>) {
        for row in self.rows.iter().filter(|row| !self.record.resent.contains_key(&row.id)) {
            let known = row
                .attempts
                .iter()
                .flatten()
                .any(|one| matches!(one.result, AttemptResult::Accepted | AttemptResult::Uncertain));
            let copies = self.copies_of(row);
            if copies > 0 && !known {
                let tries: Vec<_> = row.attempts.iter().flatten().map(|one| one.result).collect();
                problems.push(format!(
                    "labelled: {} is there {copies} times, it is {:?}, tries {tries:?}",
                    row.name(),
                    row.state
                ));
            }
        }
    }

    fn cancelled_stay(&self, problems: &mut Vec<String>) {
        for row in &self.rows {
            if self.record.resent.contains_key(&row.id) {
                continue;
            }
            let since = [self.record.cancelled.get(&row.id), self.record.withdrawn.get(&row.event)];
            let Some(since) = since.into_iter().flatten().min() else { continue };
            let after = row.attempts.iter().flatten().find(|attempt| {
                attempt.at > *since
                    && attempt.cause.as_ref().is_none_or(|cause| cause.code != CauseCode::LeaseExpired)
            });
            if let Some(attempt) = after {
                problems.push(format!(
                    "cancelled: {} {} was tried {} ms after it was withdrawn",
                    row.id,
                    row.title,
                    attempt.at - since
                ));
            }
        }
    }

    fn switched_off(&self, problems: &mut Vec<String>) {
        for row in &self.rows {
            let says_no = !matches!(
                row.reason,
                Reason::Allowed
                    | Reason::Mandatory
                    | Reason::AtLeastOne
                    | Reason::Fallback
                    | Reason::Room
                    | Reason::Scheduled
                    | Reason::QuietTime
                    | Reason::Manual
            );
            if says_no && (row.attempts.is_some() || row.state != State::Skipped) {
                problems.push(format!("switches: {} is {:?} although {:?}", row.id, row.state, row.reason));
            }
        }
    }

    /// When no callback was lost, the hub knows where its bot is.
    fn rooms(&self, problems: &mut Vec<String>) {
        if self.record.callbacks_open > 0 {
            return;
        }
        let world = self.machine.outside.world.borrow();
        for text in self.machine.read("SELECT json_array(provider_id, open) FROM rooms") {
            let (channel, open): (String, i64) = serde_json::from_str(&text).unwrap();
            let Some(room) = self.cast.rooms.iter().find(|room| room.provider_id == channel) else {
                continue;
            };
            let inside = room.is_inside(&world, self.cast.bot);
            if inside != (open == 1) {
                problems.push(format!("rooms: {channel} is open {open}, the bot is inside {inside}"));
            }
        }
    }

    /// The talk in which a delivery arrives, as in [`crate::found::talks`].
    pub(crate) fn talk_of(&self, row: &Row) -> String {
        match (&row.place, row.channel) {
            (Some(room), _) => format!("room:{room}"),
            (None, channel) => format!("{channel}:{}", row.target),
        }
    }

    fn copies_of(&self, row: &Row) -> u32 {
        let place = self.talk_of(row);
        let mark = mark(&row.title).unwrap_or_default();
        self.copies.get(&(place, mark.to_owned())).copied().unwrap_or(0)
    }

    /// The provider said yes to something and threw it away.
    pub(crate) fn has_dropped(&self, channel: Channel) -> bool {
        let faces: &[&str] = match channel {
            Channel::Lineworks => &["lineworks", "lineworks-v1"],
            Channel::Line => &["line"],
            Channel::Slack => &["slack"],
            Channel::GoogleChat => &["google-chat"],
            Channel::Email => &["smtp", "resend"],
            Channel::WebPush => &["push"],
        };
        let world = self.machine.outside.world.borrow();
        world.log().after(0).any(|entry| entry.fault == Some("drop") && faces.contains(&entry.face))
    }

    /// The provider can never take it: nobody there, or the bot is out.
    fn is_hopeless(&self, row: &Row) -> bool {
        if let Some(room) = &row.place {
            let number = self.cast.rooms.iter().position(|one| one.provider_id == *room);
            return number.is_some_and(|number| self.record.left.contains(&number));
        }
        let person = self.cast.members.iter().find(|person| person.id == row.target);
        person.is_some_and(|person| !person.reached.contains(&row.channel))
    }

    pub(crate) fn has_blocked(&self, row: &Row) -> bool {
        let number = self.cast.members.iter().position(|person| person.id == row.target);
        number.is_some_and(|number| self.record.blocked.contains(&number))
    }

    pub(crate) fn is_keyed(&self, row: &Row) -> bool {
        match row.channel {
            Channel::Email => self.cast.resend,
            Channel::Line => true,
            Channel::GoogleChat => !self.is_by_webhook(row),
            Channel::Lineworks | Channel::Slack | Channel::WebPush => false,
        }
    }

    pub(crate) fn is_by_webhook(&self, row: &Row) -> bool {
        let person = self.cast.members.iter().find(|person| person.id == row.target);
        row.channel == Channel::GoogleChat && person.is_some_and(|person| person.by_webhook)
    }
}
