//! What every list has besides its rows: the button for more, and a page for when there is nothing.

use leptos::prelude::*;
use shared::lang::Text;

use crate::{
    console::{
        part::{Draw, Part, part},
        texts::frame,
    },
    i18n::say,
    kit::{Button, ButtonKind, Empty, Icon, LinkButton},
};

/// The button while there is more, else `end`.
pub fn more(there: Memo<bool>, busy: RwSignal<bool>, on_press: Callback<()>, end: Option<Text>) -> Part {
    part(move || {
        let below = if there.get() {
            view! { <Button label=frame::MORE doing=frame::MORE_BUSY busy=busy testid="more" on_press=on_press /> }
                .drawn()
        } else {
            end.map(say).drawn()
        };
        view! { <div class="mt-4 flex justify-center text-[13px] text-ink-soft">{below}</div> }.drawn()
    })
}

/// An empty list: what would be here, and the link that starts it.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    pub title: Text,
    pub text: Text,
    pub action: Text,
    pub href: &'static str,
    pub icon: Icon,
    pub testid: &'static str,
    /// Said instead while a filter hides everything.
    pub filtered: Text,
}

/// `unfiltered` is true while no filter is set; `on_clear` takes the filters away.
pub fn nothing(start: Start, unfiltered: Memo<bool>, on_clear: Callback<()>) -> Part {
    part(move || {
        if unfiltered.get() {
            let action = move || {
                view! {
                    <LinkButton label=start.action href=start.href kind=ButtonKind::Primary icon=start.icon testid=start.testid />
                }
            };
            view! { <Empty title=start.title text=start.text action=action /> }.drawn()
        } else {
            let action = move || view! { <Button label=frame::CLEAR_FILTERS testid="clear-filters" on_press=on_clear /> };
            view! { <Empty title=frame::NOTHING_FOUND text=start.filtered testid="nothing-found" action=action /> }
                .drawn()
        }
    })
}
