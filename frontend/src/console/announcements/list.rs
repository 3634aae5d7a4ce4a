//! The announcements that were written, newest first.

use leptos::prelude::*;
use shared::{
    api::{
        Page,
        announcements::{AnnouncementRow, AnnouncementState},
        live::LiveMessage,
    },
    lang::Text,
};

use super::texts;
use crate::{
    client::{browser, live, times},
    console::{back::back, listing},
    dom::{El, el},
    i18n::{fill, lang},
    kit::{
        ButtonKind, Icon, Loader, Tone,
        button::link_button,
        surfaces::{badge, empty, paragraph, show, time, title_of},
    },
};

/// `/console/announcements`.
pub(crate) fn page() -> Vec<El> {
    let loader = Loader::<Page<AnnouncementRow>>::at(&path(""));
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let write =
        || link_button(texts::WRITE, "/console/announcements/new", ButtonKind::Primary, Some(Icon::Plus));
    vec![
        back("/console/deliveries", texts::BACK),
        el("div", "flex flex-wrap items-start justify-between gap-x-4 gap-y-2")
            .child(el("div", "").child(title_of(texts::TITLE)).child(paragraph("lead", texts::LEAD)))
            .child(write().test("write")),
        show(el("div", "mt-4"), loader, move |page| {
            let none = Memo::new(move |_| page.with(|page| page.items.is_empty()));
            vec![el("div", "").dynamic(move || {
                if none.get() {
                    let start = write().test("write-first");
                    return vec![empty("empty", texts::EMPTY, texts::EMPTY_NEXT).child(start)];
                }
                untrack(|| vec![table(page), listing::more(loader, path, None)])
            })]
        }),
    ]
}

fn path(cursor: &str) -> String {
    let query = if cursor.is_empty() { String::new() } else { format!("?cursor={cursor}") };
    format!("/api/announcements{query}")
}

fn table(page: RwSignal<Page<AnnouncementRow>>) -> El {
    let head = |text: Text, class: &str| el("th", class).attr("scope", "col").say(text);
    let keys = move || page.with(|page| page.items.iter().map(|row| row.id.to_string()).collect());
    el("div", "card overflow-hidden p-0").child(
        el("table", "table")
            .test("announcements")
            .child(
                el("thead", "max-md:sr-only").child(
                    el("tr", "")
                        .child(head(texts::COLUMN_STATE, "w-32"))
                        .child(head(texts::COLUMN_TITLE, ""))
                        .child(head(texts::COLUMN_COUNT, "text-right"))
                        .child(head(texts::COLUMN_TIME, "text-right")),
                ),
            )
            .child(el("tbody", "").list(keys, move |id| line(page, id.to_owned()))),
    )
}

/// The row stays while its announcement goes on.
fn line(page: RwSignal<Page<AnnouncementRow>>, id: String) -> El {
    let row = Memo::new(move |last: Option<&Option<AnnouncementRow>>| {
        let found = page.with(|page| page.items.iter().find(|row| row.id.as_str() == id).cloned());
        found.or_else(|| last.cloned().flatten())
    });
    let class = "max-md:flex max-md:flex-wrap max-md:items-baseline max-md:gap-x-4 max-md:px-4 max-md:py-2.5 \
                 max-md:[&>td]:p-0";
    el("tr", class).test("announcement").dynamic(move || {
        let Some(row) = row.get() else { return Vec::new() };
        let (author, at) = (row.author.clone(), row.deliver_at);
        let when = match (row.state, at) {
            (AnnouncementState::Scheduled, Some(at)) => {
                el("span", "").text_when(move || fill(texts::AT, &[&times::time_text(at, lang())]))
            }
            _ => time(row.created_at),
        };
        vec![
            el("td", "whitespace-nowrap").child(state_badge(row.state)),
            el("td", "max-md:order-first max-md:basis-full")
                .child(
                    el("a", "row-link font-medium text-ink no-underline")
                        .attr("href", &format!("/console/announcements/{}", row.id))
                        .text(&row.title),
                )
                .child(el("span", "block text-[13px] text-ink-soft").text_when(move || {
                    if author.is_empty() { String::new() } else { fill(texts::BY, &[&author]) }
                })),
            el("td", "text-right text-sm whitespace-nowrap tabular-nums")
                .text_when(move || fill(texts::MESSAGES, &[&browser::number_text(row.deliveries)])),
            el("td", "text-right text-sm whitespace-nowrap text-ink-soft").child(when),
        ]
    })
}

pub(super) fn state_badge(state: AnnouncementState) -> El {
    let (tone, words) = match state {
        AnnouncementState::Scheduled => (Tone::Quiet, texts::STATE_SCHEDULED),
        AnnouncementState::Sending => (Tone::Active, texts::STATE_SENDING),
        AnnouncementState::Done => (Tone::Good, texts::STATE_DONE),
        AnnouncementState::Stopped => (Tone::Warn, texts::STATE_STOPPED),
    };
    badge(tone, words).attr("data-state", state.code())
}
