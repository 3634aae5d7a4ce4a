//! Rooms that the bot is in; the list fills itself.

use leptos::prelude::*;
use shared::api::{
    integrations::{Integration, Room},
    live::LiveMessage,
};

use super::connected::Page;
use crate::{
    client::live,
    console::texts::integrations as texts,
    dom::{El, el},
    kit::{
        Loader,
        button::copy_button,
        surfaces::{paragraph, show},
    },
};

pub(super) fn rooms(page: Page, integration: Memo<Integration>) -> El {
    let loader = Loader::<Vec<Room>>::at("/api/v1/rooms");
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Room(changed)) => {
            let changed = changed.clone();
            loader.change(|rooms| match rooms.iter_mut().find(|old| old.id == changed.id) {
                Some(old) => *old = changed,
                None => rooms.push(changed),
            });
        }
        live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let list = show(el("div", ""), loader, move |rooms| {
        let own = Memo::new(move |_| {
            let id = integration.with(|one| one.id.clone());
            rooms
                .with(|rooms| rooms.iter().filter(|room| room.integration == id).cloned().collect::<Vec<_>>())
        });
        vec![el("div", "").dynamic(move || {
            let own = own.get();
            if own.is_empty() {
                return vec![paragraph("px-4.5 pb-4 text-ink-soft", texts::ROOMS_EMPTY).test("rooms-empty")];
            }
            vec![
                el("ul", "m-0 mt-2 list-none divide-y divide-line border-t border-line p-0")
                    .test("rooms")
                    .children(own.into_iter().map(|room| line(page, room)).collect()),
            ]
        })]
    });
    el("section", "card p-0")
        .attr("aria-labelledby", "rooms-title")
        .child(el("h2", "px-4.5 pt-4 text-[16px]").attr("id", "rooms-title").say(texts::ROOMS))
        .child(list)
}

fn line(page: Page, room: Room) -> El {
    let named = format!("{}: ID", room.name);
    let mut words = el("span", "min-w-0 flex-1 basis-40")
        .child(el("span", if room.open { "" } else { "text-ink-soft" }).text(&room.name));
    if !room.open {
        words = words.child(el("span", "ml-2 text-[13px] text-ink-soft").say(texts::ROOM_CLOSED));
    }
    el("li", "flex flex-wrap items-center justify-between gap-x-4 px-4.5 py-2")
        .test("room")
        .child(words)
        .child(
            el("span", "flex min-w-0 items-center gap-1")
                .child(
                    el("code", "min-w-0 truncate font-mono text-[13px] text-ink-soft")
                        .text(&room.provider_id),
                )
                .child(copy_button(
                    page.toasts,
                    Signal::stored(room.provider_id),
                    "copy-room-id",
                    move || Some(named.clone()),
                )),
        )
}
