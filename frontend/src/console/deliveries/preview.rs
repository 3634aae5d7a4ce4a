//! The message as the person sees it, on every messenger that is known of it: a row of tabs.

use leptos::prelude::*;
use shared::{channel::Channel, id::DeliveryId};

use super::{
    drawing::{self, draw},
    mail_frame::mail_frame,
    model::{Detail, Preview},
    texts as own,
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
pub(crate) enum Picture {
    Here(Preview),
    Of(DeliveryId),
}

/// The tab that shows them all.
const COMPARE: &str = "compare";

/// Tabs in the order of channels, and the chosen one's picture. `compared` is told when all are shown at once.
pub(super) fn previews(detail: Memo<Detail>, compared: RwSignal<bool>) -> El {
    // Drawn again only when they changed: the frame of a mail would flicker.
    let pictures = Memo::new(move |_| detail.with(pictures_of));
    gallery(pictures, detail.with_untracked(|detail| detail.row.channel), compared)
}

/// The same of any pictures; `first` is shown first.
pub(crate) fn gallery(
    pictures: Memo<Vec<(Channel, Picture)>>,
    first: Channel,
    compared: RwSignal<bool>,
) -> El {
    let chosen = RwSignal::new(first.code().to_owned());
    let tabs = Signal::derive(move || {
        let words = |channel: Channel| (channel.code().to_owned(), say(channel.name()).to_owned());
        let mut tabs =
            pictures.with(|pictures| pictures.iter().map(|(channel, _)| words(*channel)).collect::<Vec<_>>());
        tabs.push((COMPARE.to_owned(), say(own::COMPARE).to_owned()));
        tabs
    });
    let choose = move |tab: String| {
        compared.set(tab == COMPARE);
        chosen.set(tab);
    };
    el("div", "card grid gap-3")
        .child(el("div", "empty:hidden print:hidden").dynamic(move || {
            if pictures.with(|pictures| pictures.len() < 2) {
                return Vec::new();
            }
            vec![chips(texts::PREVIEWS, "preview", tabs, chosen.into(), choose)]
        }))
        .child(
            el("div", "grid min-w-0 items-start gap-4")
                .class_when("previews-all", move || compared.get())
                .list(
                    move || {
                        let chosen = chosen.get();
                        let all = chosen == COMPARE;
                        pictures.with(|pictures| {
                            let codes = pictures.iter().map(|(channel, _)| channel.code().to_owned());
                            codes.filter(|code| all || *code == chosen).collect()
                        })
                    },
                    move |code| shown(pictures, code.to_owned(), compared),
                ),
        )
}

/// One picture, under its messenger's name where others stand beside it.
fn shown(pictures: Memo<Vec<(Channel, Picture)>>, code: String, compared: RwSignal<bool>) -> El {
    let channel = Channel::from_code(&code);
    let picture = Memo::new(move |_| {
        pictures.with(|pictures| {
            pictures.iter().find(|(channel, _)| channel.code() == code).map(|(_, picture)| picture.clone())
        })
    });
    el("div", "min-w-0")
        .dynamic(move || {
            let name = channel.filter(|_| compared.get()).map(|channel| {
                el("h3", "mb-1.5 flex items-center gap-1.5 text-[13px] font-medium text-ink-soft")
                    .child(mark(channel))
                    .child(el("span", "").say(channel.name()))
            });
            name.into_iter().collect()
        })
        .child(el("div", "min-w-0").dynamic(move || match picture.get() {
            Some(Picture::Here(preview)) => untrack(|| vec![drawn(&preview)]),
            Some(Picture::Of(id)) => untrack(|| vec![fetched(&id)]),
            None => Vec::new(),
        }))
}

/// Pictures that are there already, in the order of channels.
pub(crate) fn pictures_here(previews: &[Preview]) -> Vec<(Channel, Picture)> {
    let mut pictures: Vec<(Channel, Picture)> =
        previews.iter().map(|preview| (preview.channel, Picture::Here(preview.clone()))).collect();
    pictures.sort_by_key(|(channel, _)| *channel);
    pictures
}

/// All that the server drew; else this delivery's and, when asked for, those of its siblings.
fn pictures_of(detail: &Detail) -> Vec<(Channel, Picture)> {
    let mut pictures = pictures_here(&detail.previews);
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
        Channel::WebPush => drawing::web_push::node(content),
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
