//! Sending what is due: at most six at a time, each under a lease, until nothing is due. One loop runs at a
//! time; it can die at any await and the next one finds everything in the store.

mod leases;
mod ready;

pub(crate) use ready::Ready;
use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

use futures_util::{
    StreamExt,
    future::{Either, LocalBoxFuture, select},
    pin_mut,
    stream::FuturesUnordered,
};
use shared::{
    id::{DeliveryId, EventId},
    time::{MINUTE, Millis, SECOND},
};

use crate::{
    clients,
    events::id_range,
    hub::Hub,
    ports::SqlError,
    queue::{Item, MERGED, Pick, Queue},
    refusal::Refusal,
    store,
};

/// The platform's limit of open connections.
const SLOTS: usize = 6;
/// Waits up to this long stay in the loop; longer ones are left to the alarm.
const PATIENCE: Millis = 10 * SECOND;
/// How many due deliveries are looked at in one read.
const BATCH: usize = 500;

/// What the loop keeps in memory.
#[derive(Default)]
pub(crate) struct Dispatcher {
    pub(crate) queue: RefCell<Queue>,
    /// The store may have due work that the queue does not know.
    stale: Cell<bool>,
    running: Cell<bool>,
    in_flight: RefCell<HashSet<String>>,
    /// Those of them of which nothing has left yet.
    preparing: RefCell<HashSet<String>>,
    waker: RefCell<Option<Waker>>,
    changed: Cell<bool>,
    looked: Cell<bool>,
    /// Every lease in the store is of a try in flight here. Not known at the start of an object; looking
    /// through all open work for others costs too much to do it twice.
    leases_known: Cell<bool>,
    /// What the store was told last: see [`LEASES_TOLD`].
    leases_told: Cell<Millis>,
    /// The inbox has something due, and somebody reads it.
    letters: Cell<bool>,
    reading: Cell<bool>,
    /// The same for what other systems are told.
    webhooks: Cell<bool>,
    posting: Cell<bool>,
    /// The same for long works.
    errands: Cell<bool>,
    on_errands: Cell<bool>,
    /// Until when errands rest after a fault.
    errands_rest: Cell<Millis>,
    /// When the store must be looked into again.
    look_at: Cell<Option<Millis>>,
}

impl Dispatcher {
    /// Whether a run would find something to do. True at the start of an object, which knows nothing yet.
    pub(crate) fn wants_to_run(&self) -> bool {
        !self.running.get() && (!self.looked.get() || self.stale.get() || self.queue.borrow().len() > 0)
    }

    /// Something was begun that the loop is to find: it runs even if nothing else is due.
    pub(crate) fn wake(&self) {
        self.stale.set(true);
        self.nudge();
    }

    /// Something in the store becomes due at `at`.
    pub(crate) fn look_by(&self, at: Millis) {
        self.look_at.set(earlier(self.look_at.get(), Some(at)));
    }

    /// Tells a running loop that there is more to do.
    pub(crate) fn nudge(&self) {
        self.changed.set(true);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// What is leased and has not left for sure: it waits for its turn, or is being made ready.
    pub(crate) fn not_left(&self) -> Vec<String> {
        let mut ids = self.queue.borrow().leased();
        ids.extend(self.preparing.borrow().iter().cloned());
        ids
    }

    /// Others go along in a call that was picked, until [`Self::landed`].
    pub(crate) fn take_off(&self, ids: &[String]) {
        self.in_flight.borrow_mut().extend(ids.iter().cloned());
    }

    pub(crate) fn landed(&self, ids: &[String]) {
        self.in_flight.borrow_mut().retain(|id| !ids.contains(id));
    }

    pub(crate) fn is_in_flight(&self, id: &str) -> bool {
        self.in_flight.borrow().contains(id)
    }

    /// What is queued may no longer be due.
    pub(crate) fn forget_queue(&self) {
        self.queue.borrow_mut().clear();
        self.stale.set(true);
        self.nudge();
    }

    async fn wait_for_change(&self) {
        poll_fn(|context| {
            if self.changed.replace(false) {
                return Poll::Ready(());
            }
            *self.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// Marks the loop as running for as long as it lives, however it ends.
struct Running<'a>(&'a Dispatcher);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.set(false);
        self.0.reading.set(false);
        self.0.posting.set(false);
        self.0.on_errands.set(false);
        if !self.0.in_flight.take().is_empty() {
            // Cut off: the leases that it held are for the next loop to find.
            self.0.looked.set(false);
            self.0.leases_known.set(false);
        }
    }
}

impl Hub {
    /// Puts an event's due deliveries into the queue; large fan-outs are read from the store in batches.
    pub(crate) fn enqueue(&self, event: &EventId, deliveries: u32) -> Result<(), Refusal> {
        if deliveries > crate::events::SMALL {
            self.dispatcher.stale.set(true);
        } else {
            let (from, until) = id_range(event);
            let items: Vec<Item> = store::rows(
                &*self.ports.sql,
                &format!(
                    "SELECT {ITEM} FROM deliveries d WHERE id >= ?1 AND id < ?2 \
                     AND (state = 'waiting' AND due_at <= ?3 OR state = 'sending' AND due_at IS NULL)"
                ),
                &[from.into(), until.into(), self.now().into()],
            )?;
            let mut queue = self.dispatcher.queue.borrow_mut();
            items.into_iter().for_each(|item| queue.push(item));
        }
        self.dispatcher.nudge();
        Ok(())
    }

    /// One delivery as the queue sees it.
    pub(crate) fn queued_item(&self, id: &DeliveryId) -> Result<Option<Item>, Refusal> {
        store::row(
            &*self.ports.sql,
            &format!("SELECT {ITEM} FROM deliveries d WHERE id = ?1"),
            &[id.as_str().into()],
        )
    }

    /// The alarm rang: the platform has forgotten it. A loop that runs already may be cut off before it sets the next
    /// one, so whoever leaves the work to it sets it first.
    pub(crate) async fn dispatch_at_alarm(self: &Rc<Self>) {
        if self.dispatcher.running.get()
            && let Err(error) = self.arm(self.now() + MINUTE).await
        {
            self.ports.log.line(&format!("dispatch: {error}"));
        }
        self.dispatch().await;
    }

    /// Runs the loop unless it runs already.
    pub(crate) async fn dispatch(self: &Rc<Self>) {
        if self.dispatcher.running.replace(true) {
            self.dispatcher.nudge();
            return;
        }
        let _running = Running(&self.dispatcher);
        if let Err(error) = self.run_loop().await {
            self.ports.log.line(&format!("dispatch: {}", crate::http::for_log(&error)));
            // Tries that were cut off are found by their leases, at the next look.
            self.dispatcher.looked.set(false);
            self.dispatcher.leases_known.set(false);
            if let Err(error) = self.arm(self.now() + 30 * SECOND).await {
                self.ports.log.line(&format!("dispatch: {error}"));
            }
        }
    }

    async fn run_loop(self: &Rc<Self>) -> Result<(), Refusal> {
        let dispatcher = &self.dispatcher;
        let mut flying: FuturesUnordered<LocalBoxFuture<'static, Result<(), Refusal>>> =
            FuturesUnordered::new();
        if !dispatcher.looked.get() {
            dispatcher.look_by(Millis::MIN);
        }
        loop {
            if dispatcher.look_at.get().is_some_and(|at| at <= self.now()) {
                self.look()?;
            } else if self.inbox_waits.replace(false) {
                dispatcher.letters.set(true);
            }
            if dispatcher.letters.get() && !dispatcher.reading.get() && flying.len() < SLOTS {
                flying.push(Rc::clone(self).read_letters());
            }
            if dispatcher.webhooks.get() && !dispatcher.posting.get() && flying.len() < SLOTS {
                flying.push(Rc::clone(self).post_webhooks());
            }
            if dispatcher.errands.get() && !dispatcher.on_errands.get() && flying.len() < SLOTS {
                flying.push(Rc::clone(self).go_on_errands());
            }
            let mut wake = dispatcher.look_at.get();
            while flying.len() < SLOTS {
                self.refill()?;
                self.make_buckets()?;
                let picked = dispatcher.queue.borrow_mut().pick(self.now());
                match picked {
                    Pick::Send(items) => {
                        dispatcher.in_flight.borrow_mut().extend(items.iter().map(|item| item.id.clone()));
                        let hub = Rc::clone(self);
                        flying.push(Box::pin(async move {
                            let result = match items.as_slice() {
                                [item] if !item.is_of_many() => hub.attempt(item).await,
                                items if is_one_person(items) => hub.attempt_merged(items).await,
                                items => hub.attempt_many(items).await,
                            };
                            let mut in_flight = hub.dispatcher.in_flight.borrow_mut();
                            in_flight.retain(|id| items.iter().all(|item| item.id != *id));
                            result
                        }));
                    }
                    Pick::WaitUntil(at) => {
                        wake = earlier(wake, Some(at));
                        break;
                    }
                    Pick::Empty => break,
                }
            }
            if flying.is_empty() {
                match wake {
                    None => {}
                    Some(at) if at > self.now() + PATIENCE => self.arm(at).await?,
                    Some(_) => {
                        self.wait(&mut flying, wake).await?;
                        continue;
                    }
                }
                // Something may have come in while the alarm was being set.
                if dispatcher.changed.replace(false) {
                    continue;
                }
                return Ok(());
            }
            // Before the first lease, and again when the alarm rang while this loop ran.
            self.arm(self.now() + MINUTE).await?;
            self.wait(&mut flying, wake).await?;
        }
    }

    /// Makes sure that the alarm rings at `at` or earlier. It is never moved later and never removed: between
    /// the await and the write of somebody else who armed it, that would leave work without an alarm. To ring
    /// for nothing costs one invocation.
    pub(crate) async fn arm(&self, at: Millis) -> Result<(), SqlError> {
        if self.alarm_at.get().is_some_and(|set| set <= at && set > self.now()) {
            return Ok(());
        }
        // Known before the await: of two who arm at once, the later time must not win.
        self.alarm_at.set(Some(at));
        let armed = self.ports.alarm.set(Some(at)).await;
        if armed.is_err() {
            self.alarm_at.set(None);
        }
        armed
    }

    /// Looks into the store: what was lost, what came in, and when to look again.
    fn look(self: &Rc<Self>) -> Result<(), Refusal> {
        self.dispatcher.look_at.set(None);
        self.inbox_waits.set(false);
        if !self.dispatcher.leases_known.get() {
            self.adopt_leases()?;
            self.recover_leases()?;
        }
        self.dispatcher.stale.set(true);
        if let Some(at) = self.next_due()? {
            self.dispatcher.look_by(at);
        }
        self.dispatcher.looked.set(true);
        Ok(())
    }

    /// Works through the inbox beside the tries, not before them: it calls the provider too, and may wait for
    /// the very token that a try is fetching.
    fn read_letters(self: Rc<Self>) -> LocalBoxFuture<'static, Result<(), Refusal>> {
        self.dispatcher.letters.set(false);
        self.dispatcher.reading.set(true);
        Box::pin(async move {
            let result = self.work_inbox().await;
            self.dispatcher.reading.set(false);
            self.dispatcher.look_by(self.now());
            result
        })
    }

    /// Tells other systems, beside the tries too.
    fn post_webhooks(self: Rc<Self>) -> LocalBoxFuture<'static, Result<(), Refusal>> {
        self.dispatcher.webhooks.set(false);
        self.dispatcher.posting.set(true);
        Box::pin(async move {
            let result = self.work_webhooks().await;
            self.dispatcher.posting.set(false);
            self.dispatcher.look_by(self.now());
            result
        })
    }

    /// Goes on with long works, beside the tries as well.
    fn go_on_errands(self: Rc<Self>) -> LocalBoxFuture<'static, Result<(), Refusal>> {
        self.dispatcher.errands.set(false);
        self.dispatcher.on_errands.set(true);
        Box::pin(async move {
            if let Err(refusal) = self.run_errands().await {
                // One work's fault must not cut off the tries in flight, nor be met again at once.
                self.ports.log.line(&format!("errands: {}", crate::http::for_log(&refusal)));
                self.dispatcher.errands_rest.set(self.now() + MINUTE);
            }
            self.dispatcher.on_errands.set(false);
            self.dispatcher.look_by(self.now());
            Ok(())
        })
    }

    /// Until a try ends, something changes, or it is time.
    async fn wait<F>(&self, flying: &mut FuturesUnordered<F>, wake: Option<Millis>) -> Result<(), Refusal>
    where
        F: Future<Output = Result<(), Refusal>>,
    {
        let ended = async {
            match flying.next().await {
                Some(result) => result,
                None => std::future::pending().await,
            }
        };
        let changed = self.dispatcher.wait_for_change();
        let slept = async {
            match wake {
                Some(at) => {
                    let ms = at.saturating_sub(self.now()).clamp(1, 60 * SECOND);
                    self.ports.clock.sleep(u64::try_from(ms).unwrap_or(1)).await;
                }
                None => std::future::pending().await,
            }
        };
        pin_mut!(ended, changed, slept);
        match select(ended, select(changed, slept)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Ok(()),
        }
    }

    /// Reads more of what is due when the queue runs low.
    fn refill(&self) -> Result<(), Refusal> {
        let dispatcher = &self.dispatcher;
        if !dispatcher.stale.get() || dispatcher.queue.borrow().len() > BATCH / 2 {
            return Ok(());
        }
        let items: Vec<Item> = store::rows(
            &*self.ports.sql,
            &format!(
                "SELECT {ITEM} FROM (SELECT *, row_number() OVER (PARTITION BY urgency, kind, integration ORDER BY due_at, id) AS turn \
                 FROM deliveries WHERE due_at <= ?1 AND state = 'waiting') d ORDER BY urgency, turn LIMIT {BATCH}"
            ),
            &[self.now().into()],
        )?;
        dispatcher.stale.set(items.len() == BATCH);
        let in_flight = dispatcher.in_flight.borrow();
        let mut queue = dispatcher.queue.borrow_mut();
        queue.clear();
        items.into_iter().filter(|item| !in_flight.contains(&item.id)).for_each(|item| queue.push(item));
        Ok(())
    }

    fn make_buckets(&self) -> Result<(), Refusal> {
        self.dispatcher.queue.borrow_mut().forget_idle_buckets(self.now());
        let missing = self.dispatcher.queue.borrow().missing_buckets();
        for key in missing {
            let row = self.integration_row(&key.integration)?;
            let bucket = clients::new_bucket(row.as_ref(), &key.scope);
            self.dispatcher.queue.borrow_mut().bucket(key, || bucket);
        }
        Ok(())
    }

    /// When something becomes due that is not due yet: a retry, a scheduled notice, a lost lease, the inbox.
    fn next_due(&self) -> Result<Option<Millis>, Refusal> {
        let sql = &*self.ports.sql;
        let waiting = store::number(
            sql,
            "SELECT coalesce(min(due_at), 0) FROM deliveries WHERE due_at > ?1 AND state = 'waiting'",
            &[self.now().into()],
        )?;
        let lost = if self.dispatcher.leases_known.get() { None } else { self.next_lost_lease()? };
        self.dispatcher.leases_known.set(lost.is_none());
        let inbox =
            store::number(sql, "SELECT coalesce(min(due_at), 0) FROM inbox WHERE due_at IS NOT NULL", &[])?;
        let known = |at: Millis| Some(at).filter(|at| *at > 0);
        let now = self.now();
        if self.letters_to_forget() || known(inbox).is_some_and(|at| at <= now) {
            self.dispatcher.letters.set(true);
        }
        let inbox = known(inbox).filter(|at| *at > now);
        let webhook = self.next_webhook_due()?;
        if webhook.is_some_and(|at| at <= now) {
            self.dispatcher.webhooks.set(true);
        }
        let webhook = webhook.filter(|at| *at > now);
        let errand = self.next_errand()?.map(|at| at.max(self.dispatcher.errands_rest.get()));
        if errand.is_some_and(|at| at <= now) {
            self.dispatcher.errands.set(true);
        }
        let errand = errand.filter(|at| *at > now);
        let later = earlier(earlier(inbox, webhook), errand);
        Ok(earlier(earlier(known(waiting), lost), later))
    }
}

/// Columns of [`Item`], of `deliveries d`. Slack and Google Chat count by destination; LINE takes what is the
/// same for many in one call, and a repeat of such a call exactly as it was (`frozen`).
const ITEM: &str = "json_object('id', d.id, 'integration', coalesce(d.integration, ''), 'kind', d.kind, 'urgency', d.urgency, \
     'leased', CASE d.state WHEN 'sending' THEN d.lease_until END, \
     'room', CASE WHEN d.target LIKE 'rm~_%' ESCAPE '~' THEN d.target END, \
     'destination', CASE WHEN d.channel IN ('slack', 'google_chat') THEN coalesce((SELECT r.provider_id FROM rooms r WHERE r.id = d.target), \
       (SELECT a.value FROM addresses a WHERE a.member = d.target AND a.channel = d.channel), '') END, \
     'batch', CASE WHEN d.channel = 'line' AND d.edits IS NULL THEN CASE WHEN d.frozen IS NOT NULL THEN d.frozen \
       WHEN d.tries = 0 AND d.resends = 0 THEN (SELECT d.event || ':' || m.language FROM members m WHERE m.id = d.target) END END, \
     'changes', json(CASE WHEN d.channel = 'slack' AND d.edits IS NOT NULL THEN 'true' ELSE 'false' END), \
     'payee', CASE WHEN d.channel = 'line' AND d.edits IS NULL AND d.frozen IS NULL AND d.tries = 0 AND d.resends = 0 THEN d.target END)";

/// Several notices for one, rather than one for several.
fn is_one_person(items: &[Item]) -> bool {
    let first = items.first();
    if first.and_then(|item| item.batch.as_deref()).is_some_and(|batch| batch.starts_with(MERGED)) {
        return true;
    }
    let payee = first.and_then(|item| item.payee.as_ref());
    payee.is_some() && items.iter().all(|item| item.payee.as_ref() == payee)
}

/// Of two times that may not be there, the earlier.
pub(crate) fn earlier(one: Option<Millis>, other: Option<Millis>) -> Option<Millis> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
