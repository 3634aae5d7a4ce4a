//! Headings and refusals that several pages share.

use leptos::prelude::*;
use shared::lang::Text;

use crate::{
    dom::{El, Placed, el},
    kit::{
        Tone,
        surfaces::{banner, paragraph},
    },
};

/// The heading of a card, with a line below it, beside whatever the card can do.
pub(crate) fn card_head(id: &str, title: Text, lead: Option<Text>) -> El {
    el("div", "min-w-0 flex-1 basis-64")
        .child(el("h2", "text-[16px]").attr("id", id).say(title))
        .maybe(lead.map(|lead| paragraph("text-[13px] text-ink-soft", lead)))
}

/// Why the server did not take a form, above its buttons.
pub(crate) fn refused(words: Signal<Option<String>>) -> El {
    el("div", "[&_.banner]:mb-0").dynamic(move || {
        words.get().map(|words| banner(Tone::Bad, "form-error", move || words.clone())).into_iter().collect()
    })
}

/// The same as a part of a `view!`.
pub(crate) fn refusal(words: Signal<Option<String>>) -> Placed {
    refused(words).place()
}
