//! One notice: its message, and what happened on each channel.

use leptos::prelude::*;
use serde::Deserialize;
use shared::{
    api::{deliveries::DeliveryRow, live::LiveMessage},
    message::Message,
};

use super::{frame::App, notice_list::reason, texts};
use crate::kit::{
    controls::{away, back_arrow},
    surfaces::{show, time, title},
};
use crate::{
    client::{browser, http, live},
    dom::{El, el},
    i18n::say,
    kit::{ButtonKind, Loader},
};

/// What these pages read of [`shared::api::deliveries::DeliveryDetail`]: the previews are for the console.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct NoticeDetail {
    pub(super) row: DeliveryRow,
    message: Message,
    siblings: Vec<DeliveryRow>,
}

pub(super) fn page(app: App, id: String) -> Vec<El> {
    let loader = Loader::<NoticeDetail>::new(move || {
        let path = format!("/api/me/notices/{}", browser::escape(&id));
        async move { http::get(&path).await }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Delivery(row)) => loader.change(|detail| update(detail, row)),
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let name = Memo::new(move |_| loader.read(|detail| detail.row.title.clone()));
    vec![
        app.address.link("back", "/me").child(back_arrow()).child(el("span", "").say(texts::BACK)),
        title(move || name.get().unwrap_or_else(|| say(texts::NOTICE_TITLE).to_owned())),
        show(el("div", ""), loader, ready),
    ]
}

fn ready(detail: RwSignal<NoticeDetail>) -> Vec<El> {
    let fixed = detail.get_untracked();
    let rows = move || {
        let mut rows = detail.with(|detail| [vec![detail.row.clone()], detail.siblings.clone()].concat());
        rows.sort_by_key(|row| row.channel);
        rows.into_iter().map(reason).collect()
    };
    vec![
        el("p", "lead")
            .text_when(move || format!("{} ", detail.with(|detail| detail.row.kind_name.clone())))
            .child(time(fixed.row.created_at)),
        letter(&fixed.message),
        el("h2", "section-title").say(texts::CHANNELS_OF),
        el("ul", "reasons card").dynamic(rows),
    ]
}

fn letter(message: &Message) -> El {
    let mut letter = el("section", "card letter").test("message");
    if !message.body.is_empty() {
        letter = letter.child(el("p", "letter-body").text(&message.body));
    }
    if !message.fields.is_empty() {
        let pairs = message
            .fields
            .iter()
            .flat_map(|field| [el("dt", "").text(&field.label), el("dd", "").text(&field.value)]);
        letter = letter.child(el("dl", "letter-fields").children(pairs.collect()));
    }
    match &message.link {
        Some(link) => letter
            .child(away(ButtonKind::Primary, texts::OPEN_LINK, link, "open-link").attr("rel", "noopener")),
        None => letter,
    }
}

fn update(detail: &mut NoticeDetail, row: &DeliveryRow) {
    if detail.row.id == row.id {
        row.clone_into(&mut detail.row);
    } else if let Some(sibling) = detail.siblings.iter_mut().find(|sibling| sibling.id == row.id) {
        row.clone_into(sibling);
    }
}
