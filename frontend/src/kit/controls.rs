//! Buttons, switches and fields as elements. The pages for phones use them as they are; the components of the
//! same names set them into a `view!`.

use leptos::prelude::*;
use shared::lang::Text;

use super::{
    Binding, ButtonKind, Icon,
    button::slow,
    field::{described, next_id, without_spaces},
    pointer::after_press,
    surfaces::icon,
    texts,
};
use crate::{
    client::browser::value_of,
    dom::{El, el},
    i18n::say,
};

/// What a button says and does while it waits.
pub(crate) struct Press {
    pub(crate) label: Text,
    /// Instead of `label`: what somebody else wrote on it.
    pub(crate) own_words: Option<Box<dyn Fn() -> String>>,
    /// Shown instead of the label after 400 ms.
    pub(crate) doing: Text,
    pub(crate) kind: ButtonKind,
    pub(crate) busy: Signal<bool>,
    pub(crate) test: String,
    /// What screen readers say when the label alone is not enough.
    pub(crate) named: Option<Box<dyn Fn() -> Option<String>>>,
    pub(crate) disabled: Option<Signal<bool>>,
    pub(crate) icon: Option<Icon>,
}

impl Press {
    pub(crate) fn new(label: Text) -> Self {
        Self {
            label,
            own_words: None,
            doing: texts::WORKING,
            kind: ButtonKind::Secondary,
            busy: Signal::stored(false),
            test: String::new(),
            named: None,
            disabled: None,
            icon: None,
        }
    }

    /// A button whose words are not the page's.
    pub(crate) fn words(self, words: impl Fn() -> String + 'static) -> Self {
        Self { own_words: Some(Box::new(words)), ..self }
    }

    pub(crate) fn primary(label: Text) -> Self {
        Self { kind: ButtonKind::Primary, ..Self::new(label) }
    }
}

/// Without `on_press` it submits its form. Nothing happens while it is busy.
pub(crate) fn button(press: Press, on_press: Option<Box<dyn Fn()>>) -> El {
    let Press { label, own_words, doing, kind, busy, test, named, disabled, icon: drawing } = press;
    let slow = slow(busy);
    let mut button = el("button", kind.class())
        .attr("type", if on_press.is_some() { "button" } else { "submit" })
        .test(&test)
        .class_when("busy", move || busy.get())
        .attr_when("aria-busy", move || busy.get().then(|| "true".to_owned()))
        .maybe(drawing.map(icon))
        .child(el("span", "spinner").attr("aria-hidden", "true"))
        .child(el("span", "").text_when(move || match &own_words {
            _ if slow.get() => say(doing).to_owned(),
            Some(words) => words(),
            None => say(label).to_owned(),
        }))
        .on("click", move |event| {
            if busy.get_untracked() {
                event.prevent_default();
            } else if let Some(press) = &on_press {
                press();
            }
        });
    if let Some(named) = named {
        button = button.attr_when("aria-label", named);
    }
    match disabled {
        Some(disabled) => button.attr_when("disabled", move || disabled.get().then(String::new)),
        None => button,
    }
}

/// A locked switch stays focusable, so that the reason beside it is read out.
pub(crate) struct Toggle {
    pub(crate) on: Signal<bool>,
    pub(crate) locked: Signal<bool>,
    pub(crate) test: String,
    /// Id of the element with the reason for the lock.
    pub(crate) reason: Box<dyn Fn() -> Option<String>>,
}

/// A reason that does not change.
pub(crate) fn reason(id: String) -> Box<dyn Fn() -> Option<String>> {
    Box::new(move || Some(id.clone()))
}

pub(crate) fn switch(
    toggle: Toggle,
    label: impl Fn() -> String + 'static,
    change: impl Fn(bool) + 'static,
) -> El {
    let Toggle { on, locked, test, reason } = toggle;
    el("button", "switch")
        .attr("type", "button")
        .attr("role", "switch")
        .attr_when("aria-describedby", reason)
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
pub(crate) struct Line<'a> {
    pub(crate) label: Text,
    pub(crate) hint: Option<Text>,
    /// `type` of the input.
    pub(crate) kind: &'static str,
    pub(crate) inputmode: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) autofocus: bool,
    /// Not required: said beside the label.
    pub(crate) optional: bool,
    pub(crate) placeholder: &'static str,
    /// Takes spaces and line breaks away as something is pasted.
    pub(crate) strip: bool,
    pub(crate) class: &'a str,
}

impl Line<'_> {
    pub(crate) const fn new(label: Text) -> Self {
        Self {
            label,
            hint: None,
            kind: "text",
            inputmode: "text",
            autocomplete: "off",
            autofocus: false,
            optional: false,
            placeholder: "",
            strip: false,
            class: "field",
        }
    }

    pub(crate) const fn email(label: Text) -> Self {
        Self { kind: "email", inputmode: "email", autocomplete: "email", strip: true, ..Self::new(label) }
    }
}

/// Label above, where to find the value under it, the error below. Its test id is `field-{name}`.
pub(crate) fn text_field(bind: Binding, line: Line<'_>) -> El {
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
    let input = if line.optional { input } else { input.attr("required", "") };
    let input = if line.placeholder.is_empty() { input } else { input.attr("placeholder", line.placeholder) };
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
    field(&id, bind, line.label, line.hint, line.optional, line.class)
        .child(row)
        .child(error_of(&id, bind.error))
}

/// A choice of a few. `options` are value and words.
pub(crate) fn select(bind: Binding, line: Line<'_>, options: Signal<Vec<(String, String)>>) -> El {
    let id = next_id(bind.name);
    let choice = el("select", "input")
        .attr("id", &id)
        .attr("name", bind.name)
        .test(&format!("field-{}", bind.name))
        .attr_when("aria-invalid", move || bind.error.get().is_some().then(|| "true".to_owned()))
        .attr_when("aria-describedby", described(&id, line.hint.is_some(), bind.error))
        .dynamic(move || {
            let chosen = bind.value.get();
            let option = |(value, words): (String, String)| {
                let option = el("option", "").attr("value", &value).text(&words);
                if value == chosen { option.attr("selected", "") } else { option }
            };
            options.get().into_iter().map(option).collect()
        })
        .on("change", move |event| {
            bind.input(value_of(&event));
            bind.leave();
        });
    field(&id, bind, line.label, line.hint, line.optional, line.class)
        .child(choice)
        .child(error_of(&id, bind.error))
}

/// The frame of a field: label above, where to find the value under it.
fn field(id: &str, bind: Binding, label: Text, hint: Option<Text>, optional: bool, class: &str) -> El {
    let name = el("label", "field-label").attr("for", id).say(label);
    let extra = optional.then(|| el("span", "field-optional").say(texts::OPTIONAL));
    el("div", class)
        .class_when("field-wrong", move || bind.error.get().is_some())
        .child(name.maybe(extra))
        .maybe(hint.map(|hint| el("p", "field-hint").attr("id", &format!("{id}-hint")).say(hint)))
}

/// The sentence under a control; there from the start, so that screen readers notice a change.
pub(crate) fn error_of(id: &str, error: Signal<Option<String>>) -> El {
    el("p", "field-error")
        .attr("id", &format!("{id}-error"))
        .attr("aria-live", "polite")
        .text_when(move || error.get().unwrap_or_default())
}

/// A form that sends itself with `send`.
pub(crate) fn form(send: impl Fn() + 'static) -> El {
    el("form", "form").attr("novalidate", "").on("submit", move |event| {
        event.prevent_default();
        send();
    })
}

/// A link that leaves this bundle, or loads the page anew, drawn as a button.
pub(crate) fn away(kind: ButtonKind, label: Text, href: &str, test: &str) -> El {
    el("a", kind.class()).attr("href", href).test(test).child(el("span", "").say(label))
}

pub(crate) fn back_arrow() -> El {
    icon(Icon::Back)
}
