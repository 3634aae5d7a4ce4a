//! The message as the person sees it, on every messenger that is known of it: a row of tabs.

use leptos::prelude::*;
use shared::{channel::Channel, id::DeliveryId};

use super::{
    drawing::{self, draw},
    mail_frame::mail_frame,
    model::{Detail, Preview},
};
use crate::{
    client::json::{self, Json},
    console::texts::deliveries as texts,
    dom::{El, el},
    i18n::say,
    kit::{
        Loader,
        card::chips,
        surfaces::{mark, show},
    },
};

/// What a tab shows: a picture that is there, or that of another delivery of the same notice.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Picture {
    Here(Preview),
    Of(DeliveryId),
}

/// Tabs in the order of channels, and the chosen one's picture. `own` is the delivery's channel.
pub(super) fn previews(detail: Memo<Detail>) -> El {
    // Drawn again only when they changed: the frame of a mail would flicker.
    let pictures = Memo::new(move |_| detail.with(pictures_of));
    let own = detail.with_untracked(|detail| detail.row.channel);
    let chosen = RwSignal::new(own.code().to_owned());
    let tabs = Signal::derive(move || {
        let words = |channel: Channel| (channel.code().to_owned(), say(channel.name()).to_owned());
        pictures.with(|pictures| pictures.iter().map(|(channel, _)| words(*channel)).collect::<Vec<_>>())
    });
    let picture = Memo::new(move |_| {
        let chosen = chosen.get();
        pictures.with(|pictures| {
            pictures.iter().find(|(channel, _)| channel.code() == chosen).map(|(_, picture)| picture.clone())
        })
    });
    el("div", "card grid gap-3")
        .dynamic(move || {
            if pictures.with(|pictures| pictures.len() < 2) {
                return Vec::new();
            }
            vec![chips(texts::PREVIEWS, "preview", tabs, chosen.into(), move |channel| chosen.set(channel))]
        })
        .child(el("div", "min-w-0").dynamic(move || match picture.get() {
            Some(Picture::Here(preview)) => untrack(|| vec![drawn(&preview)]),
            Some(Picture::Of(id)) => untrack(|| vec![fetched(&id)]),
            None => Vec::new(),
        }))
}

/// All that the server drew; else this delivery's and, when asked for, those of its siblings.
fn pictures_of(detail: &Detail) -> Vec<(Channel, Picture)> {
    let mut pictures: Vec<(Channel, Picture)> =
        detail.previews.iter().map(|preview| (preview.channel, Picture::Here(preview.clone()))).collect();
    if pictures.is_empty() {
        let others = detail.siblings.iter().map(|row| (row.channel, Picture::Of(row.id.clone())));
        pictures = others.filter(|(channel, _)| *channel != detail.row.channel).collect();
    }
    pictures.retain(|(channel, _)| *channel != detail.row.channel);
    pictures.push((detail.row.channel, Picture::Here(detail.preview.clone())));
    pictures.sort_by_key(|(channel, _)| *channel);
    pictures.dedup_by_key(|(channel, _)| *channel);
    pictures
}

fn fetched(id: &DeliveryId) -> El {
    let path = format!("/api/deliveries/{id}");
    let loader = Loader::<Detail>::new(move || {
        let path = path.clone();
        async move { json::get(&path).await }
    });
    show(el("div", ""), loader, |detail| vec![detail.with_untracked(|detail| drawn(&detail.preview))])
}

fn drawn(Preview { channel, content }: &Preview) -> El {
    let node = match channel {
        Channel::Email => return mail(content),
        Channel::Lineworks => drawing::lineworks::node(content.get("content")),
        Channel::Line => drawing::line::node(content.get("messages").items()),
        Channel::Slack => drawing::slack::node(content),
        Channel::GoogleChat => drawing::google_chat::node(content.get("message")),
    };
    el("div", "talk")
        .attr("data-channel", channel.code())
        .test("bubble")
        .child(el("p", "talk-from").child(mark(*channel)).child(el("span", "").say(texts::BOT)))
        .child(draw(&node))
}

/// Subject, and the HTML or the text part.
fn mail(content: &Json) -> El {
    let way = RwSignal::new("html".to_owned());
    let ways = Signal::derive(|| {
        [("html", texts::MAIL_AS_HTML), ("text", texts::MAIL_AS_TEXT)]
            .into_iter()
            .map(|(value, words)| (value.to_owned(), say(words).to_owned()))
            .collect::<Vec<_>>()
    });
    let part = |name| content.text(name).unwrap_or_default();
    let (subject, text, html) = (part("subject"), part("text"), part("html"));
    let head = el("div", "mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2")
        .child(
            el("p", "min-w-0 flex-1")
                .child(el("span", "block text-[13px] text-ink-soft").say(texts::MAIL_SUBJECT))
                .child(el("span", "font-medium").test("mail-subject").text(&subject)),
        )
        .child(chips(texts::MESSAGE, "part", ways, way.into(), move |value| way.set(value)));
    el("div", "").child(head).dynamic(move || {
        if way.with(|way| way == "text") {
            vec![el("pre", "mail-text").attr("tabindex", "0").test("mail-text").text(&text)]
        } else {
            vec![mail_frame(&html)]
        }
    })
}
