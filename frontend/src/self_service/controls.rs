//! Buttons, switches and fields, as the kit has them, drawn for phones.

use leptos::prelude::*;
use shared::lang::Text;

use super::surfaces::icon;
use crate::{
    client::browser::value_of,
    dom::{El, el},
    i18n::say,
    kit::{
        Binding, ButtonKind, Icon,
        button::slow,
        field::{described, next_id, without_spaces},
        pointer::after_press,
        texts,
    },
};

/// What a button says and does while it waits.
pub(super) struct Press {
    pub(super) label: Text,
    /// Shown instead of the label after 400 ms.
    pub(super) doing: Text,
    pub(super) kind: ButtonKind,
    pub(super) busy: Signal<bool>,
    pub(super) test: String,
    /// What screen readers say when the label alone is not enough.
    pub(super) named: Option<Box<dyn Fn() -> String>>,
}

impl Press {
    pub(super) fn new(label: Text) -> Self {
        Self {
            label,
            doing: texts::WORKING,
            kind: ButtonKind::Secondary,
            busy: Signal::stored(false),
            test: String::new(),
            named: None,
        }
    }

    pub(super) fn primary(label: Text) -> Self {
        Self { kind: ButtonKind::Primary, ..Self::new(label) }
    }
}

/// Without `on_press` it submits its form. Nothing happens while it is busy.
pub(super) fn button(press: Press, on_press: Option<Box<dyn Fn()>>) -> El {
    let Press { label, doing, kind, busy, test, named } = press;
    let slow = slow(busy);
    let button = el("button", kind.class())
        .attr("type", if on_press.is_some() { "button" } else { "submit" })
        .test(&test)
        .class_when("busy", move || busy.get())
        .attr_when("aria-busy", move || busy.get().then(|| "true".to_owned()))
        .child(el("span", "spinner").attr("aria-hidden", "true"))
        .child(el("span", "").text_when(move || say(if slow.get() { doing } else { label }).to_owned()))
        .on("click", move |event| {
            if busy.get_untracked() {
                event.prevent_default();
            } else if let Some(press) = &on_press {
                press();
            }
        });
    match named {
        Some(named) => button.attr_when("aria-label", move || Some(named())),
        None => button,
    }
}

/// A locked switch stays focusable, so that the reason beside it is read out.
pub(super) struct Toggle {
    pub(super) on: Signal<bool>,
    pub(super) locked: Signal<bool>,
    pub(super) test: String,
    /// Id of the element with the reason for the lock.
    pub(super) reason: String,
}

pub(super) fn switch(
    toggle: Toggle,
    label: impl Fn() -> String + 'static,
    change: impl Fn(bool) + 'static,
) -> El {
    let Toggle { on, locked, test, reason } = toggle;
    el("button", "switch")
        .attr("type", "button")
        .attr("role", "switch")
        .attr("aria-describedby", &reason)
        .test(&test)
        .attr_when("aria-checked", move || Some(on.get().to_string()))
        .attr_when("aria-disabled", move || locked.get().then(|| "true".to_owned()))
        .attr_when("aria-label", move || Some(label()))
        .child(el("span", "switch-knob").attr("aria-hidden", "true"))
        .on_press(move || {
            if !locked.get_untracked() {
                change(!on.get_untracked());
            }
        })
}

/// How a line of text is asked for.
pub(super) struct Line {
    pub(super) label: Text,
    pub(super) hint: Option<Text>,
    /// `type` of the input.
    pub(super) kind: &'static str,
    pub(super) inputmode: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) autofocus: bool,
    /// Takes spaces and line breaks away as something is pasted.
    pub(super) strip: bool,
    pub(super) class: &'static str,
}

impl Line {
    pub(super) const fn new(label: Text) -> Self {
        Self {
            label,
            hint: None,
            kind: "text",
            inputmode: "text",
            autocomplete: "off",
            autofocus: false,
            strip: false,
            class: "field",
        }
    }

    pub(super) const fn email(label: Text) -> Self {
        Self { kind: "email", inputmode: "email", autocomplete: "email", strip: true, ..Self::new(label) }
    }
}

/// Label above, where to find the value under it, the error below. Its test id is `field-{name}`.
pub(super) fn text_field(bind: Binding, line: Line) -> El {
    let id = next_id(bind.name);
    let secret = line.kind == "password";
    let (shown, pasted) = (RwSignal::new(false), StoredValue::new(false));
    let kind = line.kind;
    let strip = line.strip;
    let input = el("input", if secret { "input input-secret" } else { "input" })
        .attr("id", &id)
        .attr("name", bind.name)
        .attr("inputmode", line.inputmode)
        .attr("autocomplete", line.autocomplete)
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("required", "")
        .test(&format!("field-{}", bind.name))
        .attr_when("type", move || Some(if secret && shown.get() { "text" } else { kind }.to_owned()))
        .attr_when("aria-invalid", move || bind.error.get().is_some().then(|| "true".to_owned()))
        .attr_when("aria-describedby", described(&id, line.hint.is_some(), bind.error))
        .value_when(move || bind.value.get())
        .on("paste", move |_| pasted.set_value(true))
        .on("input", move |event| {
            let mut text = value_of(&event);
            if pasted.get_value() && strip {
                text = without_spaces(&text);
            }
            pasted.set_value(false);
            bind.input(text);
        })
        .on("blur", move |_| after_press(move || bind.leave()));
    let input = if line.autofocus { input.focus_soon() } else { input };
    let mut row = el("div", "field-row").child(input);
    if secret {
        row = row.child(
            el("button", "field-reveal")
                .attr("type", "button")
                .attr_when("aria-pressed", move || Some(shown.get().to_string()))
                .attr_when("aria-label", move || {
                    Some(say(if shown.get() { texts::HIDE_LABEL } else { texts::SHOW_LABEL }).to_owned())
                })
                .text_when(move || say(if shown.get() { texts::HIDE } else { texts::SHOW }).to_owned())
                .on_press(move || shown.update(|shown| *shown = !*shown)),
        );
    }
    let mut field = el("div", line.class)
        .class_when("field-wrong", move || bind.error.get().is_some())
        .child(el("label", "field-label").attr("for", &id).say(line.label));
    if let Some(hint) = line.hint {
        field = field.child(el("p", "field-hint").attr("id", &format!("{id}-hint")).say(hint));
    }
    field.child(row).child(
        el("p", "field-error")
            .attr("id", &format!("{id}-error"))
            .attr("aria-live", "polite")
            .text_when(move || bind.error.get().unwrap_or_default()),
    )
}

/// A form that sends itself with `send`.
pub(super) fn form(send: impl Fn() + 'static) -> El {
    el("form", "form").attr("novalidate", "").on("submit", move |event| {
        event.prevent_default();
        send();
    })
}

/// A link that leaves this bundle, or loads the page anew, drawn as a button.
pub(super) fn away(kind: ButtonKind, label: Text, href: &str, test: &str) -> El {
    el("a", kind.class()).attr("href", href).test(test).child(el("span", "").say(label))
}

pub(super) fn back_arrow() -> El {
    icon(Icon::Back)
}
