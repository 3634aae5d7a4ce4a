//! The plain list of recent notices, each with 「なぜ?」.

use leptos::prelude::*;
use shared::{
    api::{Page, deliveries::DeliveryRow, live::LiveMessage, me::Notice},
    delivery::State,
    routing::Decision,
};

use super::{answers, frame::App, notices, texts};
use crate::kit::{
    controls::{Press, button},
    surfaces::{empty, mark, show, state_badge, time},
};
use crate::{
    client::{browser, http, json, live, spawn},
    dom::{El, el},
    i18n::{fill, join, lang},
    kit::{ButtonKind, Loader, words},
};

pub(super) fn section(app: App) -> Vec<El> {
    let loader = Loader::<Page<Notice>>::at("/api/me/notices");
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Delivery(row)) => {
            if let Some(me) = app.session.0.with_untracked(|me| me.as_ref().map(|me| me.id.clone())) {
                let mut new = false;
                loader.change(|page| new = notices::heard(&mut page.items, row, &me));
                if new {
                    learn(loader);
                }
            }
        }
        live::Heard::Message(LiveMessage::Claim { event, claim }) => {
            loader.change(|page| notices::claimed(&mut page.items, event, claim));
        }
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    vec![
        el("div", "notices-head").child(el("h2", "section-title").say(texts::NOTICES_TITLE)).dynamic(
            move || {
                let unread = loader.read(|page| page.items.iter().any(|notice| notice.unread));
                if unread == Some(true) { vec![untrack(|| read_all(app, loader))] } else { Vec::new() }
            },
        ),
        show(el("div", ""), loader, move |page| {
            let none = Memo::new(move |_| page.with(|page| page.items.is_empty()));
            vec![el("div", "").dynamic(move || {
                if none.get() {
                    vec![empty("no-notices", texts::NO_NOTICES_TITLE, texts::NO_NOTICES)]
                } else {
                    untrack(|| lines(app, page, loader))
                }
            })]
        }),
    ]
}

/// 「すべて既読にする」.
fn read_all(app: App, loader: Loader<Page<Notice>>) -> El {
    let press = Press { kind: ButtonKind::Quiet, test: "read-all".into(), ..Press::new(texts::READ_ALL) };
    let read = move || {
        loader.change(|page| notices::read(&mut page.items, None));
        spawn(async move {
            if let Err(failure) = http::tell_nothing("/api/me/read").await {
                app.toasts.failed(&failure);
                loader.reload();
            }
        });
    };
    button(press, Some(Box::new(read)))
}

/// What a live row does not say: whether the notice asks something.
fn learn(loader: Loader<Page<Notice>>) {
    spawn(async move {
        // Without the answer the notice is there all the same, and whole when the page is opened again.
        if let Ok(page) = json::get::<Page<Notice>>("/api/me/notices").await {
            loader.change(|shown| notices::learn(&mut shown.items, &page.items));
        }
    });
}

fn lines(app: App, page: RwSignal<Page<Notice>>, loader: Loader<Page<Notice>>) -> Vec<El> {
    let events = move || page.with(|page| page.items.iter().map(|notice| notice.event.to_string()).collect());
    let next = Memo::new(move |_| page.with(|page| page.next.clone()));
    let busy = RwSignal::new(false);
    let more = move || {
        let Some(cursor) = next.get_untracked() else { return };
        busy.set(true);
        spawn(async move {
            let path = format!("/api/me/notices?cursor={}", browser::escape(&cursor));
            let answer = json::get::<Page<Notice>>(&path).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(older) => loader.change(|page| {
                    notices::append(&mut page.items, older.items);
                    page.next = older.next;
                }),
                Err(failure) => app.toasts.failed(&failure),
            }
        });
    };
    let list =
        el("ul", "notices card").test("notices").list(events, move |event| line(app, event, page, loader));
    let more_button = move || {
        if next.with(Option::is_none) {
            return Vec::new();
        }
        let press = Press {
            doing: texts::MORE_LOADING,
            busy: busy.into(),
            test: "more".into(),
            ..Press::new(texts::MORE)
        };
        vec![button(press, Some(Box::new(more)))]
    };
    vec![list, el("div", "notices-more").dynamic(more_button)]
}

fn line(app: App, event: &str, page: RwSignal<Page<Notice>>, loader: Loader<Page<Notice>>) -> El {
    let event = event.to_owned();
    let notice = Memo::new(move |_| {
        page.with(|page| page.items.iter().find(|notice| notice.event.as_str() == event).cloned())
    });
    let rows = Memo::new(move |_| {
        notice.with(|notice| notice.as_ref().map(|notice| notice.channels.clone()).unwrap_or_default())
    });
    let kind = move || {
        notice.with(|notice| notice.as_ref().map(|notice| notice.kind_name.clone()).unwrap_or_default())
    };
    let Some(fixed) = notice.get_untracked() else { return el("li", "") };
    let title = fixed.title.clone();
    let event = fixed.event.clone();
    let asked = Memo::new(move |_| {
        notice.with(|notice| answers::Asked {
            event: event.clone(),
            actions: notice.as_ref().map(|notice| notice.actions.clone()).unwrap_or_default(),
            claim: notice.as_ref().and_then(|notice| notice.claim.clone()),
        })
    });
    let event = fixed.event.clone();
    let taken = move |claim: shared::api::events::Claim| {
        loader.change(|page| notices::claimed(&mut page.items, &event, &claim));
    };
    let link = match fixed.channels.first() {
        Some(row) => app.address.link("notice-title", &format!("/me/notices/{}", row.id)),
        None => el("span", "notice-title"),
    };
    let unread =
        Memo::new(move |_| notice.with(|notice| notice.as_ref().is_some_and(|notice| notice.unread)));
    el("li", "notice")
        .test("notice")
        .class_when("notice-unread", move || unread.get())
        .child(
            el("div", "notice-head")
                .child(el("span", "notice-kind").text_when(kind))
                .child(time(fixed.created_at)),
        )
        .child(link.text(&fixed.title).dynamic(move || {
            if unread.get() { vec![el("span", "sr-only").say(texts::UNREAD)] } else { Vec::new() }
        }))
        .child(answers::part(app, asked, taken))
        .child(
            el("details", "notice-why")
                .test("why")
                .child(
                    el("summary", "")
                        .dynamic(move || rows.with(|rows| rows.iter().map(channel_state).collect()))
                        .child(el("span", "notice-ask").say(crate::kit::texts::WHY)),
                )
                .child(
                    el("ul", "reasons")
                        .attr_when("aria-label", move || Some(fill(texts::WHY_FOR, &[&title])))
                        .dynamic(move || rows.get().into_iter().map(reason).collect()),
                ),
        )
}

fn channel_state(row: &DeliveryRow) -> El {
    let class = if row.state == State::Skipped { "notice-state notice-skipped" } else { "notice-state" };
    el("span", class)
        .test(&format!("state-{}", row.channel))
        .attr("data-state", row.state.code())
        .child(mark(row.channel))
        .child(el("span", "").say(row.channel.name()))
        .child(state_badge(row.state))
}

/// One channel's result and its reasons in words; the notice's own page shows the same lines.
pub(super) fn reason(row: DeliveryRow) -> El {
    // A wait that somebody chose has its time: quiet time ends, a schedule comes.
    let waits = row.state == State::Waiting && row.decision == Decision::Hold;
    let due = row.due_at.filter(|_| waits).map(|at| el("span", "reason-due").say(texts::DUE).child(time(at)));
    el("li", "reason")
        .test(&format!("reason-{}", row.channel))
        .child(
            el("span", "reason-channel")
                .child(mark(row.channel))
                .child(el("span", "").say(row.channel.name())),
        )
        .child(state_badge(row.state))
        .child(el("span", "reason-words").text_when(move || join(&words::why(&row, lang()))).maybe(due))
}
