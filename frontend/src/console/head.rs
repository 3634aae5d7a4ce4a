//! Headings and refusals that several pages share.

use leptos::prelude::*;
use shared::{error::Code, lang::Text};

use crate::{
    client::browser,
    dom::{El, Placed, el},
    kit::{
        Tone,
        surfaces::{banner, paragraph},
    },
};

crate::i18n::texts! {
    SIGN_IN "サインイン" "Sign in";
}

/// The heading of a card, with a line below it, beside whatever the card can do.
pub(crate) fn card_head(id: &str, title: Text, lead: Option<Text>) -> El {
    el("div", "min-w-0 flex-1 basis-64")
        .child(el("h2", "text-[16px]").attr("id", id).say(title))
        .maybe(lead.map(|lead| paragraph("text-[13px] text-ink-soft", lead)))
}

/// Why the server did not take a form, above its buttons.
pub(crate) fn refused(words: Signal<Option<String>>) -> El {
    el("div", "[&_.banner]:mb-0").dynamic(move || {
        let Some(words) = words.get() else { return Vec::new() };
        let sentence = Code::NotSignedIn.sentence();
        let signed_out = [sentence.ja, sentence.en].iter().any(|own| words.starts_with(own));
        let line = banner(Tone::Bad, "form-error", move || words.clone());
        vec![if signed_out { line.class("flex-wrap").child(sign_in_again()) } else { line }]
    })
}

/// What was typed waits in the browser (see [`super::kept`]).
fn sign_in_again() -> El {
    let to = browser::escape(&browser::here());
    el("a", "font-medium")
        .attr("href", &format!("/sign-in?to={to}"))
        .attr("rel", "external")
        .test("sign-in-again")
        .say(SIGN_IN)
}

/// The same as a part of a `view!`.
pub(crate) fn refusal(words: Signal<Option<String>>) -> Placed {
    refused(words).place()
}
