//! One start of the object, from opening to crash. Its ports stop having any effect at the crash.

use std::{cell::Cell, rc::Rc};

use async_trait::async_trait;
use hub::{
    native::{ClockPort, yield_now},
    ports::{Alarm, Audience, Clock, Kv, KvError, Live, Log, Ports, Sql, SqlError, Value},
};
use shared::time::Millis;

use crate::{http::WorldHttp, outside::Outside, tcp::WorldTcp};

/// Whether this start of the object is alive, and when it is to die.
pub struct Life {
    alive: Cell<bool>,
    calls: Cell<u64>,
    /// Looks at the clock: a loop that spins looks at nothing else.
    looks: Cell<u64>,
    dies_at: Cell<Option<u64>>,
}

impl Life {
    /// Ports over `outside` that die together.
    #[must_use]
    pub fn begin(outside: &Rc<Outside>) -> (Rc<Self>, Ports) {
        let life = Rc::new(Self {
            alive: Cell::new(true),
            calls: Cell::new(0),
            looks: Cell::new(0),
            dies_at: Cell::new(None),
        });
        let port = Mortal { life: Rc::clone(&life), outside: Rc::clone(outside) };
        let ports = Ports {
            sql: Rc::new(port.clone()),
            kv: Rc::new(port.clone()),
            http: Rc::new(WorldHttp(port.clone())),
            tcp: Rc::new(WorldTcp(port.clone())),
            clock: Rc::new(port.clone()),
            random: outside.random.clone(),
            live: Rc::new(port.clone()),
            alarm: Rc::new(port.clone()),
            log: Rc::new(port),
            signer: Rc::new(hub::native::RsaSigner),
        };
        (life, ports)
    }

    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.alive.get()
    }

    /// The object dies at its `calls`th port call from now; 0 is at once.
    pub fn die_after(&self, calls: u64) {
        if calls == 0 {
            self.alive.set(false);
        } else {
            self.dies_at.set(Some(self.calls.get() + calls));
        }
    }

    /// Takes back [`Self::die_after`].
    pub fn live_on(&self) {
        self.dies_at.set(None);
    }

    /// One point at which others get a turn and at which the object can die: then this never returns.
    pub(crate) async fn step(&self) {
        self.count().await;
        yield_now().await;
        self.stay_dead().await;
    }

    /// A point at which the object can die, without a turn for others: what follows happens at once or never.
    pub(crate) async fn count(&self) {
        self.calls.set(self.calls.get() + 1);
        assert!(self.calls.get() < 3_000_000, "three million port calls in one life: it spins");
        if self.dies_at.get().is_some_and(|at| self.calls.get() >= at) {
            self.alive.set(false);
        }
        self.stay_dead().await;
    }

    async fn stay_dead(&self) {
        if !self.alive.get() {
            std::future::pending::<()>().await;
        }
    }
}

/// A port of one life.
#[derive(Clone)]
pub(crate) struct Mortal {
    pub(crate) life: Rc<Life>,
    pub(crate) outside: Rc<Outside>,
}

impl Mortal {
    pub(crate) fn now(&self) -> Millis {
        self.outside.clock.get()
    }

    /// Sleeps in virtual time, and not past the end of this life.
    pub(crate) async fn pass(&self, ms: u64) {
        ClockPort(Rc::clone(&self.outside.clock)).sleep(ms).await;
        self.life.stay_dead().await;
    }

    fn dead(&self) -> Result<(), SqlError> {
        if self.life.alive.get() { Ok(()) } else { Err(SqlError("the object is gone".into())) }
    }
}

impl Sql for Mortal {
    fn exec(&self, sql: &str, params: &[Value]) -> Result<u64, SqlError> {
        self.dead()?;
        for param in params {
            if let Value::Text(text) = param {
                self.outside.disclose(text);
            }
        }
        self.outside.sqlite.exec(sql, params)
    }

    fn script(&self, sql: &str) -> Result<(), SqlError> {
        self.dead()?;
        self.outside.sqlite.script(sql)
    }

    fn texts(&self, sql: &str, params: &[Value]) -> Result<Vec<String>, SqlError> {
        self.dead()?;
        self.outside.sqlite.texts(sql, params)
    }

    fn atomically(&self, body: &mut dyn FnMut() -> Result<(), SqlError>) -> Result<(), SqlError> {
        self.dead()?;
        self.outside.sqlite.atomically(body)
    }

    fn rows_written(&self) -> u64 {
        self.outside.sqlite.rows_written()
    }

    fn size(&self) -> u64 {
        self.outside.sqlite.size()
    }
}

#[async_trait(?Send)]
impl Kv for Mortal {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KvError> {
        self.life.step().await;
        self.outside.kv.get(key).await
    }

    async fn put(&self, key: &str, value: &[u8], expires_in: Option<u64>) -> Result<(), KvError> {
        self.life.step().await;
        self.outside.kv.put(key, value, expires_in).await?;
        self.life.step().await;
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), KvError> {
        self.life.step().await;
        self.outside.kv.delete(key).await?;
        self.life.step().await;
        Ok(())
    }
}

#[async_trait(?Send)]
impl Clock for Mortal {
    fn now(&self) -> Millis {
        let looks = self.life.looks.get() + 1;
        self.life.looks.set(looks);
        assert!(looks < 5_000_000, "five million looks at the clock in one life: it spins");
        self.outside.clock.get()
    }

    async fn sleep(&self, ms: u64) {
        self.pass(ms).await;
    }
}

impl Live for Mortal {
    fn anyone(&self) -> bool {
        self.outside.watched
    }

    fn publish(&self, _: Audience, text: &str) {
        if self.life.alive.get() {
            self.outside.disclose(text);
        }
    }

    // Nobody's page is played here: whatever is said is looked at, whoever it is for.
    fn close(&self, _: &Audience) {}
}

#[async_trait(?Send)]
impl Alarm for Mortal {
    async fn set(&self, at: Option<Millis>) -> Result<(), SqlError> {
        // As writes do, it takes effect in the order of the calls.
        self.life.count().await;
        self.outside.alarm.set(at);
        self.outside.trace(|| match at {
            Some(at) => format!("alarm in {} ms", at - self.now()),
            None => "alarm removed".into(),
        });
        self.life.step().await;
        Ok(())
    }
}

impl Log for Mortal {
    fn line(&self, text: &str) {
        if self.life.alive.get() {
            self.outside.disclose(text);
            self.outside.trace(|| format!("log: {text}"));
        }
    }
}
