//! Loading, failed, empty and ready are four different views, and the first three are never mistaken for
//! each other.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::*;

use super::surfaces::{failed, loading};
use crate::{
    client::{
        Failure,
        json::{self, FromJson, Json},
        spawn,
    },
    dom::follow,
    i18n::lang,
};

/// What a load brings: called, it puts the value where the loader keeps it.
type Arrival = Box<dyn FnOnce()>;
type Reads = Arc<dyn Fn(&Json) -> Option<Arrival> + Send + Sync>;
type Loads = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Arrival, Failure>>>> + Send + Sync>;

/// What a page shows, and how it gets it. Loads at once, again whenever a signal that the closure reads before
/// its first await changes, and again when the language changes.
pub struct Loader<T: Send + Sync + 'static> {
    course: Course,
    /// `None` until something arrived.
    data: StoredValue<Option<ArcRwSignal<T>>>,
}

/// What a loader has to show.
pub enum Phase<T: Send + Sync + 'static> {
    Loading,
    Failed(Failure),
    /// Kept while it is loaded again, so that nothing flickers.
    Ready(ArcRwSignal<T>),
}

/// How a load goes, whatever is loaded: written once in each bundle, not once for each type.
#[derive(Clone, Copy)]
pub(super) struct Course {
    pub(super) stage: RwSignal<Stage>,
    asking: StoredValue<Asking>,
    /// Only the newest request may speak.
    turn: StoredValue<u32>,
    loads: StoredValue<Option<Loads>>,
}

/// Whether a request is under way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    No,
    Once,
    /// Once more when it is answered.
    Again,
}

#[derive(Clone)]
pub(super) enum Stage {
    Loading,
    Failed(Failure),
    Ready,
}

impl Course {
    fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Loading),
            asking: StoredValue::new(Asking::No),
            turn: StoredValue::new(0),
            loads: StoredValue::new(None),
        }
    }

    fn begin(self, loads: Loads) {
        self.loads.set_value(Some(loads));
        follow(Box::new(move || {
            let _tracked = lang();
            self.ask();
        }));
    }

    fn begin_at(self, path: String, read: Reads) {
        self.begin(Arc::new(move || {
            let (answer, read) = (json::load(path.clone()), Arc::clone(&read));
            Box::pin(async move { read(&answer.await?).ok_or(Failure::Unreadable) })
        }));
    }

    pub(super) fn reload(self) {
        // Nothing is shown yet: the answer on its way is shown first, and what is newer than it after it.
        if self.is_asking() && self.is_loading() {
            self.asking.set_value(Asking::Again);
        } else {
            self.ask();
        }
    }

    /// Whatever is on its way is the answer to an older question.
    fn ask(self) {
        let Some(loads) = self.loads.try_get_value().flatten() else { return };
        let turn = self.turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        });
        let coming = loads();
        if self.stage.try_with_untracked(|stage| matches!(stage, Stage::Failed(_))) == Some(true) {
            self.stage.set(Stage::Loading);
        }
        let _gone = self.asking.try_set_value(Asking::Once);
        spawn(async move {
            let answer = coming.await;
            if self.turn.try_get_value() == turn {
                let asking = self.asking.try_update_value(|asking| std::mem::replace(asking, Asking::No));
                match answer {
                    Ok(arrival) => arrival(),
                    Err(failure) => self.failed(failure),
                }
                if asking == Some(Asking::Again) {
                    self.ask();
                }
            }
        });
    }

    fn failed(self, failure: Failure) {
        // What is shown is better than nothing while the network is away; the offline banner says so.
        if !(self.is_ready() && matches!(failure, Failure::Offline | Failure::TimedOut)) {
            drop(self.stage.try_set(Stage::Failed(failure)));
        }
    }

    fn is_asking(self) -> bool {
        self.asking.try_get_value().is_some_and(|asking| asking != Asking::No)
    }

    fn is_loading(self) -> bool {
        self.stage.try_with_untracked(|stage| matches!(stage, Stage::Loading)) == Some(true)
    }

    fn is_ready(self) -> bool {
        self.stage.try_with_untracked(|stage| matches!(stage, Stage::Ready)) == Some(true)
    }
}

impl<T: Send + Sync + 'static> Clone for Loader<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loader<T> {}

impl<T: Send + Sync + 'static> Loader<T> {
    pub fn new<F>(load: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<T, Failure>> + 'static,
    {
        let loader = Self { course: Course::new(), data: StoredValue::new(None) };
        loader.course.begin(Arc::new(move || {
            let coming = load();
            Box::pin(async move { coming.await.map(|value| Box::new(move || loader.set(value)) as Arrival) })
        }));
        loader
    }

    /// What stands at `path`.
    pub fn at(path: &str) -> Self
    where
        T: FromJson,
    {
        let loader = Self { course: Course::new(), data: StoredValue::new(None) };
        let read =
            move |json: &Json| T::from_json(json).map(|value| Box::new(move || loader.set(value)) as Arrival);
        loader.course.begin_at(path.to_owned(), Arc::new(read));
        loader
    }

    /// Loads again; what is shown stays until the answer is there.
    pub fn reload(self) {
        self.course.reload();
    }

    /// What there is to show; tracked, and unchanged by later loads of the same thing.
    #[must_use]
    pub fn phase(self) -> Phase<T> {
        match self.course.stage.get() {
            Stage::Loading => Phase::Loading,
            Stage::Failed(failure) => Phase::Failed(failure),
            Stage::Ready => self.data().map_or(Phase::Loading, Phase::Ready),
        }
    }

    /// Changes what is shown without asking the server: a live message, the answer to a write.
    pub fn change(self, change: impl FnOnce(&mut T)) {
        if let Some(data) = self.data() {
            data.update(change);
        }
    }

    /// Replaces what is shown. An answer that is on its way was perhaps read before this one: it is asked for anew.
    pub fn set(self, value: T) {
        if self.course.is_asking() {
            self.course.ask();
        }
        match self.data() {
            Some(data) => data.set(value),
            None => {
                let _gone = self.data.try_set_value(Some(ArcRwSignal::new(value)));
                let _gone = self.course.stage.try_set(Stage::Ready);
            }
        }
    }

    /// Reads what is shown, not tracked.
    pub fn peek<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.data().map(|data| data.with_untracked(read))
    }

    /// Reads what is shown; tracked, `None` while nothing is.
    pub fn read<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.course.stage.track();
        self.data().map(|data| data.with(read))
    }

    pub(super) fn course(self) -> Course {
        self.course
    }

    /// Not tracked; `None` unless it is shown.
    pub(super) fn data(self) -> Option<ArcRwSignal<T>> {
        if self.course.is_ready() { self.data.try_get_value().flatten() } else { None }
    }
}

/// Draws a loader: `ready` is called once per arrival and gets a signal that later loads and changes update.
pub fn show<T, V>(
    loader: Loader<T>,
    ready: impl Fn(ArcRwSignal<T>) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    V: IntoView + 'static,
{
    move || match loader.phase() {
        Phase::Loading => loading(4).place().into_any(),
        Phase::Failed(failure) => failed(failure, move || loader.reload()).place().into_any(),
        Phase::Ready(data) => ready(data).into_any(),
    }
}
