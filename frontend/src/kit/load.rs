//! Loading, failed, empty and ready are four different views, and the first three are never mistaken for
//! each other.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::*;

use super::surfaces::{failed, loading};
use crate::{
    client::{Failure, spawn},
    dom::follow,
    i18n::lang,
};

type Loads<T> = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<T, Failure>>>> + Send + Sync>;

/// What a page shows, and how it gets it. Loads at once, again whenever a signal that the closure reads before
/// its first await changes, and again when the language changes.
pub struct Loader<T: Send + Sync + 'static> {
    state: RwSignal<Phase<T>>,
    busy: RwSignal<bool>,
    /// Only the newest request may speak.
    turn: StoredValue<u32>,
    loads: StoredValue<Loads<T>>,
}

/// What a loader has to show.
pub enum Phase<T: Send + Sync + 'static> {
    Loading,
    Failed(Failure),
    /// Kept while it is loaded again, so that nothing flickers.
    Ready(ArcRwSignal<T>),
}

impl<T: Send + Sync + 'static> Clone for Phase<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Failed(failure) => Self::Failed(failure.clone()),
            Self::Ready(data) => Self::Ready(data.clone()),
        }
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
        let loads: Loads<T> = Arc::new(move || Box::pin(load()));
        let loader = Self {
            state: RwSignal::new(Phase::Loading),
            busy: RwSignal::new(false),
            turn: StoredValue::new(0),
            loads: StoredValue::new(loads),
        };
        follow(Box::new(move || {
            let _tracked = lang();
            loader.reload();
        }));
        loader
    }

    /// Loads again; what is shown stays until the answer is there.
    pub fn reload(self) {
        let Some(loads) = self.loads.try_get_value() else { return };
        let turn = self.turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        });
        let coming = loads();
        if self.state.try_update_untracked(|state| matches!(state, Phase::Failed(_))) == Some(true) {
            self.state.set(Phase::Loading);
        }
        let _gone = self.busy.try_set(true);
        spawn(async move {
            let answer = coming.await;
            if self.turn.try_get_value() == turn {
                let _gone = self.busy.try_set(false);
                self.answered(answer);
            }
        });
    }

    /// What there is to show; tracked, and unchanged by later loads of the same thing.
    #[must_use]
    pub fn phase(self) -> Phase<T> {
        self.state.get()
    }

    /// Changes what is shown without asking the server: a live message, the answer to a write.
    pub fn change(self, change: impl FnOnce(&mut T)) {
        if let Some(data) = self.data() {
            data.update(change);
        }
    }

    /// Replaces what is shown.
    pub fn set(self, value: T) {
        self.answered(Ok(value));
    }

    /// Reads what is shown, not tracked.
    pub fn peek<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.data().map(|data| data.with_untracked(read))
    }

    /// Reads what is shown; tracked, `None` while nothing is.
    pub fn read<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        let data = self.state.with(|state| match state {
            Phase::Ready(data) => Some(data.clone()),
            Phase::Loading | Phase::Failed(_) => None,
        });
        data.map(|data| data.with(read))
    }

    /// True while a request is under way.
    #[must_use]
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    fn data(self) -> Option<ArcRwSignal<T>> {
        self.state
            .try_with_untracked(|state| match state {
                Phase::Ready(data) => Some(data.clone()),
                Phase::Loading | Phase::Failed(_) => None,
            })
            .flatten()
    }

    fn answered(self, answer: Result<T, Failure>) {
        match (answer, self.data()) {
            (Ok(value), Some(data)) => data.set(value),
            (Ok(value), None) => drop(self.state.try_set(Phase::Ready(ArcRwSignal::new(value)))),
            // What is shown is better than nothing while the network is away; the offline banner says so.
            (Err(Failure::Offline | Failure::TimedOut), Some(_)) => {}
            (Err(failure), _) => drop(self.state.try_set(Phase::Failed(failure))),
        }
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
    move || {
        loader.state.with(|state| match state {
            Phase::Loading => loading(4).place().into_any(),
            Phase::Failed(failure) => failed(failure.clone(), move || loader.reload()).place().into_any(),
            Phase::Ready(data) => ready(data.clone()).into_any(),
        })
    }
}

/// Lines where the content will be.
#[component]
pub fn Loading(#[prop(default = 4)] lines: usize) -> impl IntoView {
    loading(lines).place()
}

/// What went wrong, and 再試行.
#[component]
pub fn Failed(failure: Failure, #[prop(into)] on_retry: Callback<()>) -> impl IntoView {
    let retry = move || {
        let _gone = on_retry.try_run(());
    };
    failed(failure, retry).place()
}
