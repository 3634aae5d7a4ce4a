//! What must hold of buttons once everything has come to rest: one winner, everybody told, nobody disturbed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::{
    api::deliveries::AttemptResult, channel::Channel, delivery::State, routing::Decision, time::Millis,
};

use crate::{
    found::{Claim, Row, claims, is_notice, mark, talks},
    verdict::Verdict,
};

impl Verdict<'_> {
    /// Whoever is named anywhere is the one winner, and the customer's system was told of each once.
    pub(crate) fn claims(&self, problems: &mut Vec<String>) {
        let claims = claims(self.machine);
        let titles: BTreeMap<&str, &str> =
            self.rows.iter().map(|row| (row.event.as_str(), row.title.as_str())).collect();
        let said = |claim: &Claim| format!("{}さんが「{}」を選びました", claim.name, claim.label);
        let marks: BTreeMap<&str, String> = claims
            .iter()
            .filter_map(|claim| Some((mark(titles.get(claim.event.as_str())?)?, said(claim))))
            .collect();
        for (talk, shown) in talks(self.machine, self.cast) {
            for message in shown.iter().filter(|message| message.text.contains("を選びました")) {
                let right = mark(&message.text).and_then(|mark| marks.get(mark));
                if right.is_none_or(|right| !message.text.contains(right.as_str())) {
                    problems.push(format!("claims: {talk} says {:?}, it is {right:?}", message.text));
                }
            }
        }
        self.winners(&claims, &titles, problems);
        let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for request in self.machine.outside.told.borrow().iter() {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let id = request.headers.iter().find(|(name, _)| name == "webhook-id").unwrap().1.clone();
            told.entry(body["data"]["event"].as_str().unwrap_or_default().to_owned()).or_default().insert(id);
        }
        for claim in &claims {
            let times = told.get(&claim.event).map_or(0, BTreeSet::len);
            if times != 1 {
                problems.push(format!("claims: the system was told of {} by {times} messages", claim.event));
            }
        }
        if told.len() > claims.len() {
            problems.push(format!(
                "claims: the system was told of {} claims, there are {}",
                told.len(),
                claims.len()
            ));
        }
    }

    /// In no talk but the winner's is anybody told 「受け付けました」.
    fn winners(&self, claims: &[Claim], titles: &BTreeMap<&str, &str>, problems: &mut Vec<String>) {
        let winner = |mark: &str| {
            let claim = claims
                .iter()
                .find(|claim| titles.get(claim.event.as_str()).is_some_and(|title| title.contains(mark)));
            claim.and_then(|claim| claim.member.as_deref())
        };
        for (talk, shown) in talks(self.machine, self.cast) {
            for message in shown.iter().filter(|message| message.text.contains("を受け付けました")) {
                let won = mark(&message.text).and_then(winner);
                if won.is_none_or(|member| talk.split(':').nth(1) != Some(member)) {
                    problems.push(format!("claims: {talk} says {:?}, {won:?} has it", message.text));
                }
            }
        }
    }

    /// No copy of a taken event is left asking: it was changed, or followed by news, or answered where the
    /// button was pressed.
    pub(crate) fn settled(&self, problems: &mut Vec<String>) {
        let talks = talks(self.machine, self.cast);
        for claim in claims(self.machine) {
            let copies = self.rows.iter().filter(|row| row.event == claim.event && row.state == State::Sent);
            for row in copies.filter(|row| row.channel != Channel::Email && row.has_actions) {
                // What may have arrived without a word is asked of nobody but who has a key.
                let arrived = |result| {
                    result == AttemptResult::Accepted
                        || result == AttemptResult::Uncertain && self.is_keyed(row)
                };
                let tries = row.attempts.iter().flatten();
                let begun = tries.filter(|one| arrived(one.result)).map(|one| one.at).min();
                if begun.is_none_or(|at| at >= claim.at) || self.record.resent.contains_key(&row.id) {
                    continue;
                }
                let news = self.news.iter().find(|news| {
                    news.about.as_ref() == Some(&row.event)
                        && (&news.target, news.channel) == (&row.target, row.channel)
                });
                let pressed_here = row.channel.code() == claim.channel
                    && (row.place.is_some() || claim.member.as_ref() == Some(&row.target));
                match news {
                    None if pressed_here && matches!(row.channel, Channel::Line | Channel::Lineworks) => {}
                    None if self.is_out_of_reach(row) => {}
                    None => problems.push(format!("settled: {} was taken and nothing follows", row.name())),
                    Some(news) if news.state == State::Sent && !self.has_dropped(row.channel) => {
                        let certain =
                            !row.attempts.iter().flatten().any(|one| one.result == AttemptResult::Uncertain);
                        let shown = talks.get(&self.talk_of(row)).map_or(&[][..], Vec::as_slice);
                        let asking = shown.iter().any(|message| {
                            is_notice(&message.text)
                                && mark(&message.text) == mark(&row.title)
                                && !message.answers.is_empty()
                        });
                        if news.edits.is_some() && asking && certain {
                            problems.push(format!("settled: {} still asks", row.name()));
                        }
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// Nothing is sent to somebody who is known to block us.
    pub(crate) fn blocked(&self, problems: &mut Vec<String>) {
        let blocking = |(number, _): &&(usize, Millis)| !self.record.let_in.contains(number);
        for (number, since) in self.record.known_blocked.iter().filter(blocking) {
            let member = &self.cast.members[*number].id;
            let mine = |row: &&Row| row.channel == Channel::Line && row.target == *member;
            for row in self.rows.iter().chain(&self.news).filter(mine) {
                let sent = row
                    .attempts
                    .iter()
                    .flatten()
                    .any(|attempt| attempt.result == AttemptResult::Accepted && attempt.at > *since);
                if sent && row.decision != Decision::Skip {
                    problems.push(format!("blocked: {} was sent to somebody who blocks us", row.name()));
                }
            }
        }
    }

    /// No request, answer or callback was unlike what the vendors publish.
    pub(crate) fn contracts(&self, problems: &mut Vec<String>) {
        let world = self.machine.outside.world.borrow();
        problems.extend(world.violations().first().map(|broken| format!("contract: {broken:?}")));
    }

    fn is_out_of_reach(&self, row: &Row) -> bool {
        let room = self.cast.rooms.iter().position(|room| Some(&room.provider_id) == row.place.as_ref());
        let left = room.is_some_and(|room| self.record.left.contains(&room));
        left || row.channel == Channel::Line && self.has_blocked(row)
    }
}
