//! Which room: one of the list that filled itself, or a pasted ID, asked for at the provider.

use leptos::prelude::*;
use shared::{
    api::{
        companies::{FoundRoom, RoomChoices, RoomService},
        integrations::{Provider, Room},
        live::LiveMessage,
    },
    lang::Text,
};

use super::{
    company::{Page, path_of},
    company_model::{called, options},
    texts,
};
use crate::{
    client::{
        json::{self, Out},
        live, spawn,
    },
    console::texts::integrations,
    dom::{El, el},
    i18n::{fill, lang_now, say},
    kit::{
        Binding, Loader, Tone,
        controls::{Line, Press, button, form, select, text_field},
        surfaces::{banner, paragraph, show},
    },
};

pub(super) fn card(page: Page) -> El {
    let loader = Loader::new(move || {
        let path = path_of(&page.id.get_value(), "/rooms");
        async move { json::get::<RoomChoices>(&path).await }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Room(room)) => note(loader, room),
        live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    el("section", "card grid gap-4")
        .attr("aria-labelledby", "company-room")
        .child(
            el("div", "")
                .child(el("h2", "text-[16px]").attr("id", "company-room").say(texts::ROOM_TITLE))
                .child(paragraph("text-[13px] text-ink-soft", texts::ROOM_LEAD)),
        )
        .child(show(el("div", "grid gap-4"), loader, move |choices| {
            vec![pick(page, choices), paste(page, loader, choices)]
        }))
}

fn note(loader: Loader<RoomChoices>, room: &Room) {
    let room = room.clone();
    loader.change(|choices| match choices.rooms.iter_mut().find(|old| old.id == room.id) {
        Some(old) => *old = room,
        None => choices.rooms.push(room),
    });
}

fn pick(page: Page, choices: RwSignal<RoomChoices>) -> El {
    let bind = Binding {
        name: "room",
        value: Signal::derive(move || page.draft.with(|draft| draft.room.clone())),
        on_input: Callback::new(move |room: String| page.draft.update(|draft| draft.room = room)),
        on_leave: Callback::new(|()| {}),
        error: Signal::derive(|| None),
    };
    let all = Signal::derive(move || {
        let chosen = page.draft.with(|draft| draft.room.clone());
        let mut all = choices
            .with(|choices| options(&choices.rooms, &chosen, |provider| say(service(provider)).to_owned()));
        all.insert(0, (String::new(), say(texts::ROOM_CHOOSE).to_owned()));
        all
    });
    let none = Memo::new(move |_| all.with(|all| all.len() == 1));
    let closed = Memo::new(move |_| {
        let chosen = page.draft.with(|draft| draft.room.clone());
        choices.with(|choices| choices.rooms.iter().any(|room| room.id.as_str() == chosen && !room.open))
    });
    el("div", "").child(select(bind, Line::new(texts::ROOM_PICK), all)).dynamic(move || {
        if none.get() {
            vec![paragraph("mt-1 text-[13px] text-ink-soft", texts::ROOM_NONE).test("no-rooms")]
        } else if closed.get() {
            vec![paragraph("mt-1 text-[13px] text-shu", texts::ROOM_CLOSED).test("room-closed")]
        } else {
            Vec::new()
        }
    })
}

fn paste(page: Page, loader: Loader<RoomChoices>, choices: RwSignal<RoomChoices>) -> El {
    let services = Memo::new(move |_| choices.with(|choices| choices.services.clone()));
    el("details", "")
        .test("paste-room")
        .attr_when("hidden", move || services.with(Vec::is_empty).then(String::new))
        .child(el("summary", "min-h-11 cursor-pointer text-[13px] text-ai").say(texts::ROOM_PASTE))
        .dynamic(move || vec![paste_form(page, loader, services.get())])
}

fn paste_form(page: Page, loader: Loader<RoomChoices>, services: Vec<RoomService>) -> El {
    let first = services.first().map(|one| one.integration.to_string()).unwrap_or_default();
    let (integration, id) = (RwSignal::new(first), RwSignal::new(String::new()));
    let (busy, wrong, found) =
        (RwSignal::new(false), RwSignal::new(None::<String>), RwSignal::new(None::<FoundRoom>));
    let all = Signal::derive(move || {
        services
            .iter()
            .map(|one| (one.integration.to_string(), say(service(one.provider)).to_owned()))
            .collect()
    });
    let check = move || {
        if busy.get_untracked() {
            return;
        }
        let (own, typed) = (integration.get_untracked(), id.get_untracked());
        let body = json::object(&[("integration", Out::Text(&own)), ("provider_id", Out::Text(&typed))]);
        busy.set(true);
        wrong.set(None);
        found.set(None);
        spawn(async move {
            let answer = json::send::<FoundRoom>("POST", "/api/rooms/find", body).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(answer) => {
                    note(loader, &answer.room);
                    let id = answer.room.id.to_string();
                    let _gone = page.draft.try_update(|draft| draft.room = id);
                    let _gone = found.try_set(Some(answer));
                }
                Err(failure) => drop(wrong.try_set(Some(failure.message(lang_now())))),
            }
        });
    };
    let press = Press {
        doing: texts::ROOM_CHECKING,
        busy: busy.into(),
        test: "check-room".into(),
        ..Press::new(texts::ROOM_CHECK)
    };
    let hint = Line { hint: Some(texts::ROOM_ID_HINT), strip: true, ..Line::new(texts::ROOM_ID) };
    form(check)
        .class("pt-2")
        .child(select(Binding::plain("integration", integration), Line::new(texts::ROOM_SERVICE), all))
        .child(text_field(Binding::plain("provider_id", id).with_error(wrong), hint))
        .child(el("div", "form-actions").child(button(press, None)))
        .child(
            el("div", "")
                .attr("aria-live", "polite")
                .dynamic(move || found.get().map(shown).into_iter().collect()),
        )
}

fn shown(found: FoundRoom) -> El {
    let name = called(&found.room);
    let (tone, words): (Tone, Box<dyn Fn() -> String>) = if found.confirmed {
        (Tone::Good, Box::new(move || fill(texts::ROOM_CONFIRMED, &[&name])))
    } else {
        (Tone::Quiet, Box::new(|| say(texts::ROOM_UNCONFIRMED).to_owned()))
    };
    banner(tone, "room-found", words).class("mb-0")
}

/// API 1.0 and 2.0 are two services to an admin.
fn service(provider: Provider) -> Text {
    match provider {
        Provider::LineworksV1 => integrations::LINEWORKS_V1,
        provider => provider.channel().name(),
    }
}
