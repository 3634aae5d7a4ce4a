//! The providers' own requests to the hub, and what they hear of them.

use std::rc::Rc;

use hub::{Answer, Call};
use sandbox::world::{Callback, NoReply, Reply};
use shared::time::{Millis, SECOND};

use crate::{calls::CALLBACKS, outside::Outside};

/// A callback as the provider posts it.
///
/// # Panics
/// When it goes somewhere else than to the hub.
#[must_use]
pub fn hook(callback: &Callback) -> Call {
    let target = callback.url.strip_prefix(CALLBACKS).expect("a callback to the hub").to_owned();
    let headers = callback.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    Call { method: "POST".parse().unwrap(), target, headers, body: callback.body.clone() }
}

/// A callback that waits for its answer. Dropped without one, the provider has heard nothing in time.
pub(crate) struct Awaited<F: FnOnce(Option<u16>)> {
    outside: Rc<Outside>,
    id: u64,
    until: Millis,
    then: Option<F>,
}

impl<F: FnOnce(Option<u16>)> Awaited<F> {
    pub(crate) fn new(outside: &Rc<Outside>, callback: &Callback, then: F) -> Self {
        // slack.md §7.1; the others do not say.
        let patience = if callback.provider == "slack" { 3 * SECOND } else { 10 * SECOND };
        let until = outside.clock.get() + patience;
        Self { outside: Rc::clone(outside), id: callback.id, until, then: Some(then) }
    }

    pub(crate) fn answered(mut self, answer: &Answer) {
        let headers = answer.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let reply = Reply { status: answer.status, headers: headers.collect(), body: answer.body.clone() };
        self.heard((self.outside.clock.get() <= self.until).then_some(reply));
    }

    fn heard(&mut self, reply: Option<Reply>) {
        let Some(then) = self.then.take() else { return };
        let status = reply.as_ref().map(|reply| reply.status);
        let outcome = reply.ok_or(NoReply::TimedOut);
        self.outside.world.borrow_mut().callback_replied(self.id, &outcome);
        then(status);
    }
}

impl<F: FnOnce(Option<u16>)> Drop for Awaited<F> {
    fn drop(&mut self) {
        self.heard(None);
    }
}
