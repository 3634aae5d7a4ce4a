//! What survives a crash of the object.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    rc::Rc,
};

use hub::native::{MemoryKv, SeededRandom, Sqlite, VirtualClock};
use sandbox::world::{Keys, World};
use shared::time::Millis;

/// Everything that can be switched off as a whole: connections to it are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    LineWorks,
    Smtp,
    Resend,
    Line,
    Slack,
    GoogleChat,
    Push,
}

/// What a system of the customer was told by an outgoing webhook.
#[derive(Debug, Clone)]
pub struct Told {
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// World, store, secrets, clock and alarm of one run.
pub struct Outside {
    pub clock: Rc<VirtualClock>,
    pub world: RefCell<World>,
    pub sqlite: Sqlite,
    pub kv: MemoryKv,
    pub random: Rc<SeededRandom>,
    /// When the platform rings.
    pub alarm: Cell<Option<Millis>>,
    /// Doors that refuse connections.
    pub closed: RefCell<BTreeSet<Door>>,
    /// Every text that was written to the store, logged or shown on a page.
    pub disclosed: RefCell<String>,
    /// What a system of the customer was told, oldest first.
    pub told: RefCell<Vec<Told>>,
    /// SMTP servers wait that long before each reply.
    pub smtp_step_ms: Cell<u64>,
    /// A page is open.
    pub(crate) watched: bool,
    latency: SeededRandom,
    tracing: bool,
    traced: RefCell<Vec<String>>,
}

impl Outside {
    /// The demo world. `tracing` keeps a line for everything that happens.
    #[must_use]
    pub fn new(seed: u64, keys: &Keys, clock: Rc<VirtualClock>, tracing: bool) -> Rc<Self> {
        Rc::new(Self {
            world: RefCell::new(World::demo(seed, keys)),
            sqlite: Sqlite::default(),
            kv: MemoryKv::new(Rc::clone(&clock)),
            clock,
            random: Rc::new(SeededRandom::new(seed)),
            alarm: Cell::default(),
            closed: RefCell::default(),
            disclosed: RefCell::default(),
            told: RefCell::default(),
            smtp_step_ms: Cell::default(),
            watched: seed.is_multiple_of(2),
            latency: SeededRandom::new(!seed),
            tracing,
            traced: RefCell::default(),
        })
    }

    /// One way to a provider or back: 3 to 42 ms.
    pub(crate) fn latency(&self) -> u64 {
        3 + (self.latency.next() >> 32) % 40
    }

    pub(crate) fn is_closed(&self, door: Door) -> bool {
        self.closed.borrow().contains(&door)
    }

    pub(crate) fn disclose(&self, text: &str) {
        let mut all = self.disclosed.borrow_mut();
        all.push_str(text);
        all.push('\n');
    }

    /// Keeps `line` with the time, when tracing.
    pub fn trace(&self, line: impl FnOnce() -> String) {
        if self.tracing {
            let line = format!("{} {}", self.clock.get(), line());
            self.traced.borrow_mut().push(line);
        }
    }

    /// The lines so far.
    #[must_use]
    pub fn traced(&self) -> Vec<String> {
        self.traced.borrow().clone()
    }
}
