//! What a run asked for and was told: the other side of what the store says.

use std::collections::{BTreeMap, BTreeSet};

use shared::{api::events::Accepted, time::Millis};

use crate::ops::To;

/// One posted event, or several posts of the same one.
#[derive(Debug, Clone)]
pub struct Posted {
    /// Unique in the run; the title has it in brackets.
    pub mark: String,
    pub kind: usize,
    pub to: To,
    pub key: Option<String>,
    pub body: Vec<u8>,
    /// The first answer 202, byte by byte.
    pub answer: Option<Vec<u8>>,
    pub accepted: Option<Accepted>,
    /// When the first answer came.
    pub at: Option<Millis>,
    /// Sent by somebody who never heard back.
    pub asked: u32,
    pub answered: u32,
}

#[derive(Debug, Default)]
pub struct Record {
    pub posts: Vec<Posted>,
    /// Deliveries withdrawn, by id, and when.
    pub cancelled: BTreeMap<String, Millis>,
    /// Events withdrawn with success, by id, and when.
    pub withdrawn: BTreeMap<String, Millis>,
    /// How often each was resent by hand.
    pub resent: BTreeMap<String, u32>,
    pub deaths: u32,
    pub died: Vec<Millis>,
    /// From when to when something was wrong with a provider; the last one may be open.
    pub trouble: Vec<(Millis, Option<Millis>)>,
    /// Rooms by number that the bot was taken out of at some time.
    pub left: BTreeSet<usize>,
    /// Callbacks that were not answered with 200.
    pub callbacks_open: usize,
    pub limit_changed: bool,
    pub problems: Vec<String>,
}

impl Record {
    pub fn died_at(&mut self, at: Millis) {
        self.deaths += 1;
        self.died.push(at);
    }

    pub fn trouble_begins(&mut self, at: Millis) {
        if self.trouble.last().is_none_or(|(_, until)| until.is_some()) {
            self.trouble.push((at, None));
        }
    }

    pub fn trouble_ends(&mut self, at: Millis) {
        if let Some((_, until)) = self.trouble.last_mut().filter(|(_, until)| until.is_none()) {
            *until = Some(at);
        }
    }

    /// Whether anything was wrong between two times.
    pub fn troubled(&self, from: Millis, until: Millis) -> bool {
        self.trouble.iter().any(|(begun, ended)| *begun <= until && ended.is_none_or(|at| at >= from))
            || self.died.iter().any(|at| (from..=until).contains(at))
    }

    pub fn problem(&mut self, text: String) {
        self.problems.push(text);
    }
}
