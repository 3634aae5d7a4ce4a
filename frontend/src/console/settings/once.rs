//! What is shown once: a secret, where to send, a line to try it.

use leptos::prelude::*;
use shared::lang::Text;

use super::texts::frame;
use crate::{
    dom::{El, el},
    i18n::{fill, say},
    kit::{Toasts, Tone, button::copy_button, surfaces::banner},
};

/// The warning above it.
pub(super) fn warning(words: Text) -> El {
    el("div", "[&_.banner]:mb-0").child(banner(Tone::Warn, "once", move || say(words).to_owned()))
}

/// One value with a button that copies it. Its test ids are `{test}` and `copy-{test}`.
pub(super) fn value(toasts: Toasts, label: Text, value: &str, test: &str) -> El {
    let line = el("div", "mt-1 flex items-center gap-2 rounded-md bg-sunk py-0.5 pr-1 pl-3")
        .child(el("code", "min-w-0 flex-1 py-1.5 font-mono text-[13px] break-all").test(test).text(value))
        .child(copy(toasts, label, value, test));
    el("div", "min-w-0").child(el("p", "field-label").say(label)).child(line)
}

/// A line for a terminal.
pub(super) fn terminal(toasts: Toasts, label: Text, line: &str, test: &str) -> El {
    let head = el("div", "flex items-center justify-between gap-2")
        .child(el("p", "field-label").say(label))
        .child(copy(toasts, label, line, test));
    el("div", "min-w-0").child(head).child(code(line, test))
}

/// Text as it is written, in a box of its own that scrolls.
pub(super) fn code(text: &str, test: &str) -> El {
    el(
        "pre",
        "mt-1 max-w-full overflow-x-auto rounded-md bg-sunk p-3 font-mono text-[12.5px] leading-relaxed",
    )
    .attr("tabindex", "0")
    .test(test)
    .text(text)
}

fn copy(toasts: Toasts, label: Text, text: &str, test: &str) -> El {
    copy_button(toasts, Signal::stored(text.to_owned()), &format!("copy-{test}"), move || {
        Some(fill(frame::COPY_NAMED, &[say(label)]))
    })
}
