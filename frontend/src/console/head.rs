//! Headings and refusals that several pages share.

use leptos::prelude::*;
use shared::lang::Text;

use crate::{
    console::part::{Draw, Drawn, Part, part},
    i18n::t,
    kit::{Banner, Tone},
};

/// The heading of a card, with a line below it, beside whatever the card can do.
pub fn head(id: &'static str, title: Text, lead: Option<Text>) -> Drawn {
    view! {
        <div class="min-w-0 flex-1 basis-64">
            <h2 id=id class="text-[16px]">{t(title)}</h2>
            <p class="text-[13px] text-ink-soft">{lead.map(t)}</p>
        </div>
    }
    .drawn()
}

/// Why the server did not take a form, above its buttons.
pub fn refusal(words: Signal<Option<String>>) -> Part {
    part(move || {
        let Some(words) = words.get() else { return ().drawn() };
        view! {
            <div class="[&_.banner]:mb-0">
                <Banner tone=Tone::Bad testid="form-error">{words}</Banner>
            </div>
        }
        .drawn()
    })
}
