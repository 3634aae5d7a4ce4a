//! The end of a dialog that destroys something: the name is typed before the button works.

use std::rc::Rc;

use leptos::prelude::*;
use shared::lang::Text;

use crate::{
    client::{http, spawn},
    console::{late::still_here, texts::frame},
    dom::{El, el},
    i18n::fill,
    kit::{
        Binding, ButtonKind, Toasts,
        controls::{Line, Press, button, text_field},
    },
};

/// What is destroyed, and how that is said.
pub(crate) struct Confirmation {
    pub(crate) name: Signal<String>,
    pub(crate) label: Text,
    pub(crate) doing: Text,
    pub(crate) busy: RwSignal<bool>,
    pub(crate) test: &'static str,
}

/// What is deleted, and how that is said.
pub(crate) struct Deletion {
    pub(crate) name: Signal<String>,
    pub(crate) label: Text,
    pub(crate) doing: Text,
    pub(crate) test: &'static str,
    pub(crate) toasts: Toasts,
    /// `DELETE` goes there.
    pub(crate) path: Box<dyn Fn() -> String>,
    /// Called when it is gone, wherever the reader is by then: the page and its signals may be gone too.
    pub(crate) gone: Rc<dyn Fn()>,
}

/// The name typed, then the deletion; a refusal is said and leaves the dialog as it is.
pub(crate) fn delete_by_name(open: RwSignal<bool>, deletion: Deletion) -> Vec<El> {
    let Deletion { name, label, doing, test, toasts, path, gone } = deletion;
    let busy = RwSignal::new(false);
    let delete = move || {
        let (path, gone) = (path(), Rc::clone(&gone));
        busy.set(true);
        spawn(async move {
            let answer = http::delete(&path).await;
            let here = still_here(busy);
            match answer {
                Ok(()) => {
                    gone();
                    if here {
                        open.set(false);
                    }
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    type_to_confirm(open, Confirmation { name, label, doing, busy, test }, delete)
}

pub(crate) fn type_to_confirm(
    open: RwSignal<bool>,
    last: Confirmation,
    confirm: impl Fn() + 'static,
) -> Vec<El> {
    let Confirmation { name, label, doing, busy, test } = last;
    let typed = RwSignal::new(String::new());
    let wrong = Signal::derive(move || !typed.with(|typed| name.with(|name| is_confirmed(typed, name))));
    let press = Press {
        kind: ButtonKind::Danger,
        doing,
        busy: busy.into(),
        disabled: Some(wrong),
        test: test.into(),
        ..Press::new(label)
    };
    let cancel = Press::new(frame::CANCEL);
    vec![
        el("p", "").text_when(move || fill(frame::CONFIRM, &[&name.get()])),
        text_field(Binding::plain("confirm", typed), Line::new(frame::CONFIRM_NAME)),
        el("div", "form-actions justify-end")
            .child(button(cancel, Some(Box::new(move || open.set(false)))))
            .child(button(press, Some(Box::new(confirm)))),
    ]
}

/// Whether what was typed is the name; spaces around it are a slip.
fn is_confirmed(typed: &str, name: &str) -> bool {
    !name.is_empty() && typed.trim() == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_name_confirms() {
        assert!(is_confirmed(" Todoke通知 ", "Todoke通知"));
        for wrong in ["", "todoke通知", "Todoke", "Todoke通知2"] {
            assert!(!is_confirmed(wrong, "Todoke通知"), "{wrong}");
        }
        assert!(!is_confirmed("", ""));
    }
}
