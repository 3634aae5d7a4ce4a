//! What the providers post by themselves: at once, later, and what became of it. And what broke a contract.

use serde_json::Value;

use super::{Reply, World, google_chat, line, slack};
use crate::contract::{self, Problem, Side, Violation};

/// One POST that a provider makes to a bot's callback URL. Made once: LINE WORKS does not resend
/// (lineworks.md §4.1 [D]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    pub id: u64,
    pub provider: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Event type and bot, for the phones page.
    pub event: String,
    pub bot: i64,
    /// Milliseconds UTC at which the event happened.
    pub at: i64,
    pub answer: CallbackAnswer,
}

/// What became of a [`Callback`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackAnswer {
    Pending,
    Answered(u16),
    /// No route, refused, or no answer in time.
    Failed,
}

/// Why a [`Callback`] got no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoReply {
    TimedOut,
    /// No route, or no connection.
    Refused,
}

/// Callbacks remembered for the phones page.
const CALLBACKS_KEPT: usize = 200;

/// Broken contracts remembered; the first ones say most.
const VIOLATIONS_KEPT: usize = 200;

impl World {
    /// What the providers would POST now; each callback is given out once, oldest first.
    pub fn take_callbacks(&mut self) -> Vec<Callback> {
        let due = std::mem::take(&mut self.callbacks_due);
        self.callbacks_taken.extend(due.iter().cloned());
        let excess = self.callbacks_taken.len().saturating_sub(CALLBACKS_KEPT);
        self.callbacks_taken.drain(..excess);
        due
    }

    /// Records how a callback was answered: its HTTP status, or `None` when it could not be delivered.
    pub fn callback_answered(&mut self, id: u64, status: Option<u16>) {
        let answer = status.map_or(CallbackAnswer::Failed, CallbackAnswer::Answered);
        let mut provider = "";
        for callback in self.callbacks_taken.iter_mut().chain(&mut self.callbacks_due) {
            if callback.id == id {
                callback.answer = answer;
                provider = callback.provider;
            }
        }
        if provider == google_chat::callbacks::PROVIDER {
            google_chat::callbacks::answered(self, id, status);
        }
        if provider == line::PROVIDER {
            line::webhook::answered(self, id, status);
        }
        if provider == slack::outbox::PROVIDER {
            let reply = status.map(Reply::empty).ok_or(NoReply::Refused);
            slack::outbox::answered(self, id, &reply);
        }
        self.touch();
    }

    /// Records how a callback was answered, with everything that a provider may look at.
    pub fn callback_replied(&mut self, id: u64, outcome: &Result<Reply, NoReply>) {
        slack::outbox::answered(self, id, outcome);
        if let Ok(reply) = outcome {
            google_chat::replies::replied(self, id, reply);
        }
        self.callback_answered(id, outcome.as_ref().ok().map(|reply| reply.status));
    }

    /// Makes the callbacks whose time has come due. [`World::http`] does so too.
    pub fn tick(&mut self, now_ms: i64) {
        if self.next_due().is_none_or(|due| now_ms < due) {
            return;
        }
        let later = std::mem::take(&mut self.callbacks_later);
        let (due, later) = later.into_iter().partition(|(at, _)| *at <= now_ms);
        self.callbacks_later = later;
        self.callbacks_due.extend(Vec::into_iter(due).map(|(_, callback)| callback));
        slack::outbox::wake(self, now_ms);
        self.touch();
    }

    /// When [`World::tick`] next has something to do.
    #[must_use]
    pub fn next_due(&self) -> Option<i64> {
        let later = self.callbacks_later.iter().map(|(at, _)| *at).min();
        later.into_iter().chain(slack::outbox::next_due(&self.slack)).min()
    }

    /// Values that broke a vendor's contract, oldest first; a test asks for none.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Holds a value against a schema of [`contract`] and remembers when it does not fit.
    pub(crate) fn hold(
        &mut self,
        side: Side,
        schema: &str,
        value: &Value,
        now_ms: i64,
    ) -> Result<(), Vec<Problem>> {
        let held = contract::check(schema, value);
        if let Err(problems) = &held
            && self.violations.len() < VIOLATIONS_KEPT
        {
            let problems = problems.clone();
            self.violations.push(Violation { at: now_ms, side, schema: schema.to_owned(), problems });
        }
        held
    }

    /// Gives the callback's number.
    pub(crate) fn queue_callback(&mut self, mut callback: Callback) -> u64 {
        self.callback_numbers += 1;
        callback.id = self.callback_numbers;
        self.callbacks_due.push(callback);
        self.touch();
        self.callback_numbers
    }

    /// Like [`World::queue_callback`], but not before `due_ms`.
    pub(crate) fn queue_callback_later(&mut self, mut callback: Callback, due_ms: i64) -> u64 {
        self.callback_numbers += 1;
        callback.id = self.callback_numbers;
        self.callbacks_later.push((due_ms, callback));
        self.touch();
        self.callback_numbers
    }

    /// Callbacks already given out and those still due, oldest first.
    pub fn callbacks(&self) -> impl DoubleEndedIterator<Item = &Callback> {
        self.callbacks_taken.iter().chain(&self.callbacks_due)
    }
}
