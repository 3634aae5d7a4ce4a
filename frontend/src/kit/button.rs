//! Buttons: they answer at once, and say what they are doing when it takes longer than 400 ms.

use std::time::Duration;

use leptos::prelude::*;
use shared::lang::Text;
use wasm_bindgen_futures::JsFuture;

use super::{
    controls::{Press, button},
    icon::Icon,
    surfaces, texts,
    toast::Toasts,
};
use crate::{
    client::spawn,
    dom::{El, el},
    i18n::say,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one thing that this page is for.
    Primary,
    #[default]
    Secondary,
    /// Deletes or stops something.
    Danger,
    /// Beside a text.
    Quiet,
}

impl ButtonKind {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn",
            Self::Danger => "btn btn-danger",
            Self::Quiet => "btn btn-quiet",
        }
    }
}

/// `on_press` is not called while `busy`; the button keeps its place, its width and the focus.
/// Without `on_press` it submits its form.
#[component]
pub fn Button(
    label: Text,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] busy: Signal<bool>,
    /// Shown instead of the label after 400 ms: 「送信しています」.
    #[prop(default = texts::WORKING)]
    doing: Text,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] testid: &'static str,
    /// What screen readers say when the label alone is not enough: 「LINE WORKSにテスト送信」.
    #[prop(optional, into)]
    named: MaybeProp<String>,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
) -> impl IntoView {
    let press = Press {
        label,
        own_words: None,
        doing,
        kind,
        busy,
        test: testid.to_owned(),
        named: Some(Box::new(move || named.get())),
        disabled: Some(disabled),
        icon,
    };
    let on_press = on_press.map(|on_press| -> Box<dyn Fn()> {
        Box::new(move || {
            let _gone = on_press.try_run(());
        })
    });
    button(press, on_press).place()
}

/// A link that looks like a button. `away` leaves this bundle.
#[component]
pub fn LinkButton(
    label: Text,
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] away: bool,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    let link = link_button(label, &href, kind, icon).test(testid);
    if away { link.attr("rel", "external") } else { link }.place()
}

pub(crate) fn link_button(label: Text, href: &str, kind: ButtonKind, icon: Option<Icon>) -> El {
    el("a", kind.class()).attr("href", href).maybe(icon.map(surfaces::icon)).child(el("span", "").say(label))
}

/// Copies `text`; says so in place for two seconds. `named` is what screen readers say.
pub(crate) fn copy_button(
    toasts: Toasts,
    text: Signal<String>,
    test: &str,
    named: impl Fn() -> Option<String> + 'static,
) -> El {
    let copied = RwSignal::new(false);
    let copy = move || {
        let Some(window) = web_sys::window() else { return };
        let written = JsFuture::from(window.navigator().clipboard().write_text(&text.get_untracked()));
        spawn(async move {
            if written.await.is_err() {
                toasts.bad(texts::COPY_FAILED);
                return;
            }
            // The button may be gone by now.
            let _gone = copied.try_set(true);
            let back = move || {
                let _gone = copied.try_set(false);
            };
            set_timeout(back, Duration::from_secs(2));
        });
    };
    let drawing = move || vec![surfaces::icon(if copied.get() { Icon::Check } else { Icon::Copy })];
    let words = move || say(if copied.get() { texts::COPIED } else { texts::COPY }).to_owned();
    el("button", "btn btn-quiet")
        .attr("type", "button")
        .attr_when("aria-label", named)
        .test(test)
        .dynamic(drawing)
        .child(el("span", "").attr("aria-live", "polite").text_when(words))
        .on_press(copy)
}

/// True once `busy` has lasted 400 ms.
pub(crate) fn slow(busy: Signal<bool>) -> RwSignal<bool> {
    let slow = RwSignal::new(false);
    Effect::new(move |pending: Option<Option<TimeoutHandle>>| {
        if let Some(Some(handle)) = pending {
            handle.clear();
        }
        if !busy.get() {
            slow.set(false);
            return None;
        }
        let late = move || {
            let _gone = slow.try_set(true);
        };
        set_timeout_with_handle(late, Duration::from_millis(400)).ok()
    });
    slow
}
