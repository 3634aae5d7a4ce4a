//! Drives futures in virtual time: when nothing can go on, the clock jumps to the next sleeper.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use async_trait::async_trait;
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::task::LocalSpawnExt;
use shared::time::Millis;

use crate::ports::Clock;

/// Stands still until [`Runner`] moves it.
#[derive(Default)]
pub struct VirtualClock {
    now: Cell<Millis>,
    order: Cell<u64>,
    sleepers: RefCell<BTreeMap<(Millis, u64), Waker>>,
}

impl VirtualClock {
    #[must_use]
    pub fn at(now: Millis) -> Rc<Self> {
        Rc::new(Self { now: Cell::new(now), ..Self::default() })
    }

    #[must_use]
    pub fn get(&self) -> Millis {
        self.now.get()
    }

    pub fn advance(&self, ms: Millis) {
        self.set(self.now.get() + ms);
    }

    /// Moves to `at` and wakes whoever slept until then.
    pub fn set(&self, at: Millis) {
        self.now.set(at);
        let woken: Vec<Waker> = {
            let mut sleepers = self.sleepers.borrow_mut();
            let later = sleepers.split_off(&(at + 1, 0));
            std::mem::replace(&mut *sleepers, later).into_values().collect()
        };
        woken.into_iter().for_each(Waker::wake);
    }

    /// When the next sleeper wakes.
    #[must_use]
    pub fn next_wake(&self) -> Option<Millis> {
        self.sleepers.borrow().keys().next().map(|(at, _)| *at)
    }

    /// Sleeps in virtual time.
    pub fn sleep_until(self: &Rc<Self>, at: Millis) -> impl Future<Output = ()> + use<> {
        Sleep { clock: Rc::clone(self), at, key: None }
    }
}

/// [`VirtualClock`] as the port.
pub struct ClockPort(pub Rc<VirtualClock>);

#[async_trait(?Send)]
impl Clock for ClockPort {
    fn now(&self) -> Millis {
        self.0.get()
    }

    async fn sleep(&self, ms: u64) {
        self.0.sleep_until(self.0.get() + i64::try_from(ms).unwrap_or(i64::MAX / 2)).await;
    }
}

struct Sleep {
    clock: Rc<VirtualClock>,
    at: Millis,
    key: Option<(Millis, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.clock.now.get() >= self.at {
            return Poll::Ready(());
        }
        let key = self.key.unwrap_or_else(|| {
            self.clock.order.set(self.clock.order.get() + 1);
            (self.at, self.clock.order.get())
        });
        self.key = Some(key);
        self.clock.sleepers.borrow_mut().insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.clock.sleepers.borrow_mut().remove(&key);
        }
    }
}

/// One thread of tasks in virtual time.
pub struct Runner {
    pool: LocalPool,
    pub clock: Rc<VirtualClock>,
}

impl Runner {
    #[must_use]
    pub fn new(now: Millis) -> Self {
        Self { pool: LocalPool::new(), clock: VirtualClock::at(now) }
    }

    #[must_use]
    pub fn spawner(&self) -> LocalSpawner {
        self.pool.spawner()
    }

    /// Starts a task.
    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.pool.spawner().spawn_local(task).unwrap();
    }

    /// Runs until `future` is done, jumping through sleeps.
    ///
    /// # Panics
    /// When neither the future nor any task can ever go on.
    pub fn run<T: 'static>(&mut self, future: impl Future<Output = T> + 'static) -> T {
        let slot = Rc::new(RefCell::new(None));
        let result = Rc::clone(&slot);
        self.spawn(async move {
            let value = future.await;
            *result.borrow_mut() = Some(value);
        });
        loop {
            self.pool.run_until_stalled();
            if let Some(value) = slot.borrow_mut().take() {
                return value;
            }
            let at = self.clock.next_wake().expect("nothing sleeps and the future is not done");
            self.clock.set(at.max(self.clock.get()));
        }
    }

    /// Runs every task as far as it gets without time passing.
    pub fn run_until_stalled(&mut self) {
        self.pool.run_until_stalled();
    }

    /// Lets virtual time pass up to `until`, running everything on the way.
    pub fn run_for(&mut self, ms: Millis) {
        let until = self.clock.get() + ms;
        loop {
            self.pool.run_until_stalled();
            match self.clock.next_wake() {
                Some(at) if at <= until => self.clock.set(at.max(self.clock.get())),
                _ => break,
            }
        }
        self.clock.set(until);
        self.pool.run_until_stalled();
    }
}

/// Gives others a turn once: the points at which the simulation can crash.
pub fn yield_now() -> impl Future<Output = ()> {
    let mut yielded = false;
    std::future::poll_fn(move |context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
}
