//! Short words at the edge of the page about what was just done, with a way back where there is one.

use std::time::Duration;

use leptos::prelude::*;
use shared::lang::Text;

use super::{icon::Icon, surfaces::icon, texts};
use crate::{
    client::Failure,
    dom::{El, el},
    i18n::{lang_now, say},
};

/// Read by everybody in their own time; one that offers undo stays longer.
const SHORT: Duration = Duration::from_secs(6);
const LONG: Duration = Duration::from_secs(12);

#[derive(Clone)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) words: String,
    pub(crate) bad: bool,
    pub(crate) undo: Option<Callback<()>>,
}

/// Handed around by copy; provided by the shell.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

impl Toasts {
    #[must_use]
    pub fn new() -> Self {
        Self { list: RwSignal::new(Vec::new()), last: StoredValue::new(0) }
    }

    #[must_use]
    pub fn provide() -> Self {
        let toasts = Self::new();
        provide_context(toasts);
        toasts
    }

    pub fn say(self, text: Text) {
        self.push(text.get(lang_now()).to_owned(), false, None);
    }

    pub fn words(self, words: String) {
        self.push(words, false, None);
    }

    pub fn bad(self, text: Text) {
        self.push(text.get(lang_now()).to_owned(), true, None);
    }

    pub fn failed(self, failure: &Failure) {
        self.push(failure.message(lang_now()), true, None);
    }

    pub fn undoable(self, text: Text, undo: impl Fn() + Send + Sync + 'static) {
        self.push(text.get(lang_now()).to_owned(), false, Some(Callback::new(move |()| undo())));
    }

    /// The same in words that name what was changed.
    pub fn undoable_words(self, words: String, undo: impl Fn() + Send + Sync + 'static) {
        self.push(words, false, Some(Callback::new(move |()| undo())));
    }

    fn push(self, words: String, bad: bool, undo: Option<Callback<()>>) {
        let id = self.last.try_update_value(|last| {
            *last = last.wrapping_add(1);
            *last
        });
        let Some(id) = id else { return };
        let stay = if undo.is_some() || bad { LONG } else { SHORT };
        self.list.update(|list| {
            // More than three at a time are not read.
            if list.len() == 3 {
                list.remove(0);
            }
            list.push(Toast { id, words, bad, undo });
        });
        set_timeout(move || self.close(id), stay);
    }

    /// What is shown now, oldest first; tracked.
    pub(crate) fn ids(self) -> Vec<u32> {
        self.list.with(|list| list.iter().map(|toast| toast.id).collect())
    }

    /// One of [`Self::ids`], written out.
    pub(crate) fn toast(self, id: &str) -> Option<Toast> {
        self.list.with_untracked(|list| list.iter().find(|toast| toast.id.to_string() == id).cloned())
    }

    pub(crate) fn close(self, id: u32) {
        let _gone = self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Call in a component's body, not in an event handler.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(Toasts::provide)
}

/// Where toasts appear.
pub(crate) fn list(toasts: Toasts) -> El {
    el("div", "toasts").attr("role", "status").attr("aria-live", "polite").test("toasts").list(
        move || toasts.ids().iter().map(ToString::to_string).collect(),
        move |id| {
            let Some(toast) = toasts.toast(id) else { return el("div", "") };
            let number = toast.id;
            let undo = toast.undo.map(|undo| {
                el("button", "toast-undo").attr("type", "button").test("undo").say(texts::UNDO).on_press(
                    move || {
                        toasts.close(number);
                        let _gone = undo.try_run(());
                    },
                )
            });
            let close = el("button", "toast-close")
                .attr("type", "button")
                .attr_when("aria-label", || Some(say(texts::CLOSE).to_owned()))
                .child(icon(Icon::Cross))
                .on_press(move || toasts.close(number));
            el("div", if toast.bad { "toast toast-bad" } else { "toast" })
                .child(el("span", "").text(&toast.words))
                .maybe(undo)
                .child(close)
        },
    )
}
