//! What every list has besides its rows: the button for more, and a page for when there is nothing.

use leptos::prelude::*;
use shared::{api::Page, lang::Text};

use crate::{
    client::{
        json::{self, FromJson},
        spawn,
    },
    console::{
        part::{Draw, Part, part},
        texts::frame,
    },
    dom::{El, el},
    kit::{
        Button, ButtonKind, Empty, Icon, LinkButton, Loader,
        controls::{Press, button},
        use_toasts,
    },
};

/// A list that comes in parts.
pub trait Listed: Send + Sync + 'static {
    type Part: FromJson;

    /// Where the next part begins; `None` at the end.
    fn next(&self) -> Option<&str>;

    fn append(&mut self, part: Self::Part);
}

impl<T: PartialEq + Send + Sync + 'static> Listed for Page<T>
where
    Self: FromJson,
{
    type Part = Self;

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// What moved between two requests is not listed twice.
    fn append(&mut self, part: Self) {
        self.next = part.next;
        let known = self.items.len();
        for item in part.items {
            if !self.items.iter().take(known).any(|old| *old == item) {
                self.items.push(item);
            }
        }
    }
}

/// Below a list: the button for its next part, or `end` when all of it is there. `path` of a cursor is where that part
/// is; an answer that came too late, for another filter or another list, is dropped.
pub fn more<T: Listed>(
    loader: Loader<T>,
    path: impl Fn(&str) -> String + Copy + Send + Sync + 'static,
    end: Option<Text>,
) -> El {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let next = Memo::new(move |_| loader.read(|list| list.next().map(ToOwned::to_owned)).flatten());
    let press = move || {
        let Some(cursor) = next.get_untracked() else { return };
        let asked = untrack(|| path(&cursor));
        busy.set(true);
        spawn(async move {
            let answer = json::get::<T::Part>(&asked).await;
            if busy.try_set(false).is_some() || untrack(|| path(&cursor)) != asked {
                return;
            }
            match answer {
                Ok(part) => loader.change(|list| {
                    if list.next() == Some(&cursor) {
                        list.append(part);
                    }
                }),
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let there = Memo::new(move |_| next.with(Option::is_some));
    el("div", "mt-4 flex justify-center text-[13px] text-ink-soft empty:hidden").dynamic(move || {
        if !there.get() {
            return end.map(|end| el("p", "").say(end)).into_iter().collect();
        }
        let more = Press {
            doing: frame::MORE_BUSY,
            busy: busy.into(),
            test: "more".into(),
            ..Press::new(frame::MORE)
        };
        untrack(|| vec![button(more, Some(Box::new(press)))])
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
