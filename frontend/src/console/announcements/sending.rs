//! Sending: a test to oneself, and the last look before it goes to everybody.

use leptos::prelude::*;
use shared::{
    api::announcements::{AnnouncementRow, Reach},
    error::Code,
};

use super::{draft::Draft, texts, wire::Tested};
use crate::{
    client::{Failure, browser, json, spawn},
    console::{late::still_here, visit::Visit},
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        ButtonKind, Loader, Toasts,
        controls::{Press, button},
        dialog::dialog,
        form::{Form, Validated},
        surfaces::{mark, paragraph},
    },
};

/// What the page and its dialogs share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) form: Form<Draft>,
    pub(super) reach: Loader<Option<Reach>>,
    pub(super) toasts: Toasts,
    pub(super) visit: Visit,
    /// It was sent, or the session has ended: what is said above the buttons.
    pub(super) notice: RwSignal<Option<Code>>,
    /// It is on its way: the draft is not kept any more.
    pub(super) done: RwSignal<bool>,
    /// Where the browser keeps the draft.
    pub(super) place: StoredValue<String>,
}

/// The buttons below the form.
pub(super) fn buttons(desk: Desk) -> El {
    let Desk { form, toasts, .. } = desk;
    let (testing, open) = (RwSignal::new(false), RwSignal::new(false));
    let test = move || {
        let Some(draft) = form_without_audience(form) else { return toasts.bad(texts::FIX_FIELDS) };
        testing.set(true);
        spawn(async move {
            let answer = json::send::<Tested>("POST", "/api/announcements/test", draft.content()).await;
            let _gone = testing.try_set(false);
            match answer {
                Ok(Tested(0)) => toasts.bad(texts::TESTED_NONE),
                Ok(Tested(count)) => {
                    toasts.words(crate::i18n::fill(texts::TESTED, &[&browser::number_text(count)]));
                }
                Err(failure) => refuse(desk, &failure),
            }
        });
    };
    let review = move || {
        desk.notice.set(None);
        if form.submit().is_some() { open.set(true) } else { toasts.bad(texts::FIX_FIELDS) }
    };
    let later = Memo::new(move |_| form.values.with(|draft| draft.later));
    let test_press = Press {
        doing: texts::TEST_BUSY,
        busy: testing.into(),
        test: "send-test".into(),
        ..Press::new(texts::TEST)
    };
    el("div", "form-actions flex-wrap")
        .child(el("span", "contents").dynamic(move || {
            let label = if later.get() { texts::SEND_LATER } else { texts::SEND };
            let press = Press { test: "review".into(), ..Press::primary(label) };
            untrack(|| vec![button(press, Some(Box::new(review)))])
        }))
        .child(button(test_press, Some(Box::new(test))))
        .child(dialog(
            open,
            move || form.values.with(|draft| fill(texts::CONFIRM_TITLE, &[&draft.title])),
            "confirm-send",
            move || confirm(desk, open),
        ))
}

/// For a test nobody has to be chosen yet, and no time.
fn form_without_audience(form: Form<Draft>) -> Option<Draft> {
    let mut draft = form.values.get_untracked();
    draft.clean();
    let alone = Draft { everyone: true, later: false, ..draft.clone() };
    if alone.problems().is_empty() {
        return Some(draft);
    }
    let _wrong = form.submit();
    None
}

/// Whom it reaches, once more, and the button.
fn confirm(desk: Desk, open: RwSignal<bool>) -> Vec<El> {
    let Desk { form, reach, .. } = desk;
    let busy = RwSignal::new(false);
    let draft = form.values.get_untracked();
    let later = draft.later;
    let when = format!("{} {}", draft.date, draft.time);
    let lead = move || {
        if later { fill(texts::CONFIRM_LATER, &[&when]) } else { say(texts::CONFIRM_NOW).to_owned() }
    };
    let press = Press {
        doing: texts::SENDING,
        busy: busy.into(),
        test: "send-now".into(),
        ..Press::primary(if later { texts::CONFIRM_SCHEDULE } else { texts::CONFIRM_SEND })
    };
    let cancel = Press { test: "send-cancel".into(), ..Press::new(crate::console::texts::frame::CANCEL) };
    vec![
        el("p", "").text_when(lead),
        el("div", "").dynamic(move || {
            let reached = reach.read(Clone::clone).flatten();
            reached.iter().map(reach_list).collect()
        }),
        paragraph("text-[13px] text-ink-soft", texts::CONFIRM_UNDO),
        el("div", "form-actions justify-end")
            .child(button(cancel, Some(Box::new(move || open.set(false)))))
            .child(button(press, Some(Box::new(move || send(desk, open, busy))))),
    ]
}

fn send(desk: Desk, open: RwSignal<bool>, busy: RwSignal<bool>) {
    let (draft, place) = (desk.form.values.get_untracked(), desk.place.get_value());
    busy.set(true);
    spawn(async move {
        let answer = json::send::<AnnouncementRow>("POST", "/api/announcements", draft.body()).await;
        let here = still_here(busy);
        match answer {
            Ok(row) => {
                // The next one begins empty.
                let _gone = desk.done.try_set(true);
                browser::store(&place, "");
                desk.toasts.say(if draft.later { texts::SCHEDULED } else { texts::SENT });
                desk.visit
                    .go_instead("/console/announcements/new", &format!("/console/announcements/{}", row.id));
            }
            Err(failure) => {
                if here {
                    open.set(false);
                }
                refuse(desk, &failure);
            }
        }
    });
}

/// Nothing typed is lost. A form that was sent as it was before gets another key: the next press is meant.
fn refuse(desk: Desk, failure: &Failure) {
    match failure.code() {
        Some(code @ Code::KeyReused) => {
            desk.form.values.update(|draft| draft.key = super::compose::new_key());
            desk.notice.set(Some(code));
        }
        Some(code @ Code::NotSignedIn) => desk.notice.set(Some(code)),
        _ => {
            desk.form.failed(failure);
            desk.toasts.words(failure.message(lang_now()));
        }
    }
}

/// People, rooms, and messages by channel.
pub(super) fn reach_list(reach: &Reach) -> El {
    let number = browser::number_text;
    let (people, rooms, nobody) = (reach.people, reach.rooms, reach.nobody);
    let head = move || {
        let people = fill(texts::REACH_PEOPLE, &[&number(people)]);
        let rooms = (rooms > 0).then(|| fill(texts::REACH_ROOMS, &[&number(rooms)]));
        let between = if lang() == shared::lang::Lang::Ja { "、" } else { ", " };
        std::iter::once(people).chain(rooms).collect::<Vec<_>>().join(between)
    };
    let mut list = el("ul", "m-0 mt-2 grid list-none gap-1 p-0");
    for one in &reach.channels {
        let count = one.count;
        list = list.child(
            el("li", "flex items-center gap-2")
                .test("reach-channel")
                .attr("data-channel", one.channel.code())
                .child(mark(one.channel))
                .child(el("span", "flex-1").say(one.channel.name()))
                .child(
                    el("span", "tabular-nums").text_when(move || fill(texts::REACH_COUNT, &[&number(count)])),
                ),
        );
    }
    let missed = (nobody > 0).then(|| {
        el("p", "mt-2 text-[13px] text-shu")
            .test("reach-nobody")
            .text_when(move || fill(texts::REACH_NOBODY, &[&number(nobody)]))
    });
    el("div", "")
        .test("reach")
        .child(el("p", "text-[19px] font-semibold tabular-nums").text_when(head))
        .child(list)
        .maybe(missed)
}

/// A button beside a text.
pub(super) fn quiet(label: shared::lang::Text, test: &str) -> Press {
    Press { kind: ButtonKind::Quiet, test: test.into(), ..Press::new(label) }
}
