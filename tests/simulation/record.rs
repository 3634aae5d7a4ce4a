//! What a run asked for and was told: the other side of what the store says.

use std::collections::{BTreeMap, BTreeSet};

use shared::{api::events::Accepted, time::Millis};

use tests::{Outside, Watch};

use crate::{check, ops::To};

/// One posted event, or several posts of the same one.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    /// Unique in the run; the title has it in brackets.
    pub(crate) mark: String,
    pub(crate) to: To,
    pub(crate) key: Option<String>,
    pub(crate) body: Vec<u8>,
    /// The first answer 202, byte by byte.
    pub(crate) answer: Option<Vec<u8>>,
    pub(crate) accepted: Option<Accepted>,
    /// When the first answer came.
    pub(crate) at: Option<Millis>,
    /// Sent by somebody who never heard back.
    pub(crate) asked: u32,
    pub(crate) answered: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) posts: Vec<Posted>,
    /// Deliveries withdrawn, by id, and when.
    pub(crate) cancelled: BTreeMap<String, Millis>,
    /// Events withdrawn with success, by id, and when.
    pub(crate) withdrawn: BTreeMap<String, Millis>,
    /// How often each was resent by hand.
    pub(crate) resent: BTreeMap<String, u32>,
    pub(crate) deaths: u32,
    pub(crate) died: Vec<Millis>,
    /// From when to when something was wrong with a provider; the last one may be open.
    pub(crate) trouble: Vec<(Millis, Option<Millis>)>,
    /// Rooms by number that the bot was taken out of at some time.
    pub(crate) left: BTreeSet<usize>,
    /// Callbacks that were not answered with 200.
    pub(crate) callbacks_open: usize,
    pub(crate) limit_changed: bool,
    /// LINE's month may have run out.
    pub(crate) quota_changed: bool,
    /// Who blocked the LINE account at some time, by number.
    pub(crate) blocked: BTreeSet<usize>,
    /// Who let the account in again since, by number.
    pub(crate) let_in: BTreeSet<usize>,
    /// Since when the hub knows that somebody blocks it.
    pub(crate) known_blocked: Vec<(usize, Millis)>,
    /// When something was sent past the outbox: sign-in codes, replies.
    pub(crate) beside: Vec<Millis>,
    pub(crate) problems: Vec<String>,
}

/// A run of this simulation.
pub(crate) type Machine = tests::Machine<Record>;

impl Watch for Record {
    fn died(&mut self, at: Millis) {
        self.deaths += 1;
        self.died.push(at);
    }

    fn idle(&mut self, outside: &Outside) {
        self.problems.extend(check::alarm(outside));
    }
}

impl Record {
    pub(crate) fn trouble_begins(&mut self, at: Millis) {
        if self.trouble.last().is_none_or(|(_, until)| until.is_some()) {
            self.trouble.push((at, None));
        }
    }

    pub(crate) fn trouble_ends(&mut self, at: Millis) {
        if let Some((_, until)) = self.trouble.last_mut().filter(|(_, until)| until.is_none()) {
            *until = Some(at);
        }
    }

    /// Whether anything was wrong between two times.
    pub(crate) fn troubled(&self, from: Millis, until: Millis) -> bool {
        self.trouble.iter().any(|(begun, ended)| *begun <= until && ended.is_none_or(|at| at >= from))
            || self.died.iter().any(|at| (from..=until).contains(at))
    }

    pub(crate) fn problem(&mut self, text: String) {
        self.problems.push(text);
    }
}
