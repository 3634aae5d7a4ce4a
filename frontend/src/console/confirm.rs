//! The end of a dialog that destroys something: the name is typed before the button works.

use leptos::prelude::*;
use shared::lang::Text;

use crate::{
    console::{part::said, texts::frame},
    i18n::fill,
    kit::{Binding, Button, ButtonKind, TextField},
};

/// Test ids: `field-confirm`, and `testid` of the button.
#[component]
pub fn TypeToConfirm(
    open: RwSignal<bool>,
    #[prop(into)] name: Signal<String>,
    label: Text,
    doing: Text,
    busy: RwSignal<bool>,
    testid: &'static str,
    on_confirm: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let wrong = Signal::derive(move || !typed.with(|typed| name.with(|name| is_confirmed(typed, name))));
    view! {
        <p>{said(move || fill(frame::CONFIRM, &[&name.get()]))}</p>
        <TextField bind=Binding::plain("confirm", typed) label=frame::CONFIRM_NAME />
        <div class="form-actions justify-end">
            <Button label=frame::CANCEL on_press=move |()| open.set(false) />
            <Button
                label=label
                doing=doing
                kind=ButtonKind::Danger
                busy=busy
                disabled=wrong
                testid=testid
                on_press=on_confirm
            />
        </div>
    }
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
