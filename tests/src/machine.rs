//! The shell's behaviour over the real hub, crash by crash.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    rc::Rc,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::future::{AbortHandle, abortable};
use hub::{Answer, Call, Config, Endpoints, Hub, native::Runner, ports::Sql as _, vault::Vault};
use sandbox::world::{Callback, Keys};
use serde_json::Value;
use shared::{id::WorkspaceId, time::Millis};

use crate::{
    calls::{CALLBACKS, PAGES, body, page},
    life::Life,
    outside::Outside,
    post::{Awaited, hook},
};

const NOW: Millis = 1_795_219_200_000;

/// Hears what happens to the object.
pub trait Watch {
    /// The object died.
    fn died(&mut self, at: Millis);
    /// Nothing of the object runs.
    fn idle(&mut self, outside: &Outside);
}

/// One run: the outside, and the object while it lives.
pub struct Machine<W> {
    pub runner: Runner,
    pub outside: Rc<Outside>,
    pub config: Config,
    pub record: Rc<RefCell<W>>,
    /// What the providers have to call back is delivered as soon as it is due; else it waits in the world.
    pub delivers: bool,
    deaths: Cell<u32>,
    object: Option<(Rc<Hub>, Rc<Life>)>,
    tasks: Vec<AbortHandle>,
    busy: Rc<Busy>,
    /// For the next object as well.
    dies_after: Option<u64>,
}

/// Counts what runs.
#[derive(Default)]
struct Busy {
    tasks: Cell<usize>,
    alarms: Cell<usize>,
}

struct Counted<'a>(&'a Cell<usize>);

impl<'a> Counted<'a> {
    fn new(cell: &'a Cell<usize>) -> Self {
        cell.set(cell.get() + 1);
        Self(cell)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl<W: Watch + Default + 'static> Machine<W> {
    /// Nothing is set up yet.
    #[must_use]
    pub fn new(seed: u64, keys: &Keys, tracing: bool) -> Self {
        let runner = Runner::new(NOW);
        let outside = Outside::new(seed, keys, Rc::clone(&runner.clock), tracing);
        let config = Config {
            workspace: WorkspaceId::new(NOW, [1; 10]),
            public_url: PAGES.into(),
            callback_url: CALLBACKS.into(),
            development: false,
            vault_key: BASE64_STANDARD.encode([3; 32]),
            vault_key_previous: None,
            endpoints: Endpoints::default(),
        };
        Self {
            runner,
            outside,
            config,
            record: Rc::default(),
            delivers: true,
            deaths: Cell::default(),
            object: None,
            tasks: Vec::new(),
            busy: Rc::default(),
            dies_after: None,
        }
    }

    #[must_use]
    pub fn now(&self) -> Millis {
        self.outside.clock.get()
    }

    /// One request, answered at once or later: `then` gets the answer unless the object dies before. The work
    /// that it made follows, as in the shell.
    pub fn send(&mut self, call: Call, then: impl FnOnce(Answer) + 'static) {
        let hub = self.hub();
        let life = self.object.as_ref().map(|(_, life)| Rc::clone(life));
        let busy = Rc::clone(&self.busy);
        self.spawn(async move {
            let _busy = Counted::new(&busy.tasks);
            let answer = hub.handle(call).await;
            // The dead answer nobody.
            if life.is_some_and(|life| life.is_alive()) {
                then(answer);
            }
            if hub.has_work() {
                hub.work().await;
            }
        });
    }

    /// Posts what the providers have to call back now; how much that was.
    pub fn deliver(&mut self) -> usize {
        let callbacks = self.outside.world.borrow_mut().take_callbacks();
        for callback in &callbacks {
            self.post(callback, |_| {});
        }
        callbacks.len()
    }

    /// A callback as the provider posts it, which then hears what came of it. `then` gets the status, `None`
    /// when the object died first.
    pub fn post(&mut self, callback: &Callback, then: impl FnOnce(Option<u16>) + 'static) {
        let awaited = Awaited::new(&self.outside, callback, then);
        self.send(hook(callback), move |answer| awaited.answered(&answer));
    }

    /// One request and its answer, time passing as needed. `None` when the object died first.
    pub fn ask(&mut self, call: Call) -> Option<Answer> {
        let slot: Rc<RefCell<Option<Answer>>> = Rc::default();
        let result = Rc::clone(&slot);
        let deaths = self.deaths.get();
        self.send(call, move |answer| *result.borrow_mut() = Some(answer));
        for _ in 0..100_000 {
            self.runner.run_until_stalled();
            if let Some(answer) = slot.borrow_mut().take() {
                return Some(answer);
            }
            self.bury();
            if self.deaths.get() != deaths {
                return None;
            }
            let next = self.outside.clock.next_wake()?;
            self.run_until(next);
        }
        None
    }

    /// The cron trigger: opens the object and lets it work.
    pub fn cron(&mut self) {
        let hub = self.hub();
        let busy = Rc::clone(&self.busy);
        self.spawn(async move {
            let _busy = Counted::new(&busy.tasks);
            if hub.has_work() {
                hub.work().await;
            }
        });
    }

    /// The object dies at its `calls`th port call from now on, in this life or the next.
    pub fn crash_after(&mut self, calls: u64) {
        match &self.object {
            Some((_, life)) => life.die_after(calls),
            None if calls > 0 => self.dies_after = Some(calls),
            None => {}
        }
        self.bury();
    }

    /// Takes back a crash that did not happen yet.
    pub fn no_more_crashes(&mut self) {
        self.dies_after = None;
        if let Some((_, life)) = &self.object {
            life.live_on();
        }
    }

    /// Ends the object between two of its steps, as a new deployment does.
    pub fn restart(&mut self) {
        self.crash_after(0);
    }

    /// What is ready runs, without time passing.
    pub fn settle(&mut self) {
        self.run_until(self.now());
    }

    pub fn run_for(&mut self, ms: Millis) {
        self.run_until(self.now() + ms);
    }

    fn run_until(&mut self, until: Millis) {
        loop {
            self.runner.run_until_stalled();
            if self.bury() {
                continue;
            }
            let now = self.now();
            self.outside.world.borrow_mut().tick(now);
            if self.delivers && self.deliver() > 0 {
                continue;
            }
            if self.outside.alarm.get().is_some_and(|at| at <= now) {
                self.ring();
                continue;
            }
            let world = self.outside.world.borrow().next_due();
            let next = [self.outside.clock.next_wake(), self.outside.alarm.get(), world];
            match next.into_iter().flatten().min() {
                Some(at) if at <= until => self.outside.clock.set(at.max(now)),
                _ if now < until => self.outside.clock.set(until),
                _ => break,
            }
        }
        self.tasks.retain(|task| !task.is_aborted());
        if self.is_idle() {
            self.record.borrow_mut().idle(&self.outside);
        }
    }

    /// Nothing of the object runs.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.busy.tasks.get() == 0
    }

    /// Whether the living object thinks that it has something to do.
    #[must_use]
    pub fn has_work(&self) -> bool {
        self.object.as_ref().is_some_and(|(hub, _)| hub.has_work())
    }

    /// The platform forgets the alarm when it rings.
    fn ring(&mut self) {
        self.outside.alarm.set(None);
        self.outside.trace(|| "the alarm rings".into());
        let hub = self.hub();
        let busy = Rc::clone(&self.busy);
        self.spawn(async move {
            let _busy = (Counted::new(&busy.tasks), Counted::new(&busy.alarms));
            hub.work().await;
        });
    }

    /// After a death: takes every task away; true when there was one.
    fn bury(&mut self) -> bool {
        if self.object.as_ref().is_none_or(|(_, life)| life.is_alive()) {
            return false;
        }
        self.outside.trace(|| "the object dies".into());
        let alarm_cut = self.busy.alarms.get() > 0;
        self.tasks.drain(..).for_each(|task| task.abort());
        self.object = None;
        self.runner.run_until_stalled();
        assert!(self.is_idle(), "a task outlived its object");
        if alarm_cut && self.outside.alarm.get().is_none() {
            // The platform rings again when a handler did not end.
            self.outside.alarm.set(Some(self.now() + 2_000));
        }
        self.deaths.set(self.deaths.get() + 1);
        self.record.borrow_mut().died(self.now());
        true
    }

    fn hub(&mut self) -> Rc<Hub> {
        // A death that nobody noticed yet.
        self.bury();
        if let Some((hub, _)) = &self.object {
            return Rc::clone(hub);
        }
        let (life, ports) = Life::begin(&self.outside);
        if let Some(calls) = self.dies_after.take() {
            life.die_after(calls);
        }
        let hub = Hub::open(ports, self.config.clone()).unwrap();
        self.object = Some((Rc::clone(&hub), life));
        hub
    }

    fn spawn(&mut self, task: impl Future<Output = ()> + 'static) {
        let (task, handle) = abortable(task);
        self.tasks.push(handle);
        self.runner.spawn(async move {
            // Aborted at the death of the object.
            let _ = task.await;
        });
    }

    /// A request that must be answered so.
    ///
    /// # Panics
    /// When it is not.
    pub fn must(&mut self, call: Call, status: u16) -> Answer {
        let what = format!("{} {}", call.method, call.target);
        let back = self.ask(call).expect("the object died");
        assert_eq!(back.status, status, "{what}: {}", String::from_utf8_lossy(&back.body));
        back
    }

    /// Creates something; its id.
    ///
    /// # Panics
    /// When it is refused.
    pub fn create(&mut self, cookie: &str, target: &str, form: &Value) -> String {
        let back = self.must(page("POST", target, cookie, form), 201);
        body(&back)["id"].as_str().unwrap().to_owned()
    }

    /// The first column of a read of the store, past the object.
    #[must_use]
    pub fn read(&self, query: &str) -> Vec<String> {
        self.outside.sqlite.texts(query, &[]).unwrap()
    }

    /// Writes to the store, past the object.
    pub fn write(&self, statement: &str, params: &[hub::ports::Value]) {
        self.outside.sqlite.exec(statement, params).unwrap();
    }

    /// Writes where a channel reaches a member, as the linking use cases do.
    pub fn link(&self, member: &str, channel: &str, value: &str, state: &str) {
        self.write(
            "INSERT INTO addresses (member, channel, value, state, switched_on) VALUES (?1, ?2, ?3, ?4, 1)",
            &[member.into(), channel.into(), value.into(), state.into()],
        );
    }

    /// Keeps a secret of a person, as the linking use cases do.
    pub fn keep_secret(&self, name: &str, secret: &str) {
        let config = &self.config;
        let vault = Vault::new(config.workspace.as_str(), &config.vault_key, None).unwrap();
        let kept = vault.put_named(&self.outside.kv, &*self.outside.random, name, secret.as_bytes());
        futures_executor::block_on(kept).unwrap();
    }
}
