//! One notice: its message, the buttons it asks with, and what happened on each channel.

use leptos::prelude::*;
use shared::{
    api::{deliveries::DeliveryRow, events::Claim, live::LiveMessage},
    channel::Channel,
    id::EventId,
    message::Message,
};

use super::{answers, frame::App, notice_list::reason, texts};
use crate::{
    client::{
        browser, http,
        json::{self, FromJson, Json, Out},
        live, spawn,
    },
    dom::{El, el},
    i18n::say,
    kit::{
        ButtonKind, Loader,
        controls::{away, back_arrow},
        surfaces::{show, time, title},
    },
};

/// What these pages read of [`shared::api::deliveries::DeliveryDetail`]: the previews are for the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoticeDetail {
    pub(super) row: DeliveryRow,
    message: Message,
    siblings: Vec<DeliveryRow>,
    claim: Option<Claim>,
}

impl FromJson for NoticeDetail {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            row: json.maybe("row")?,
            message: json.maybe("message")?,
            siblings: json.all("siblings")?,
            claim: json.maybe("claim"),
        })
    }
}

/// `id` is a delivery's or an event's: messengers link to the event.
pub(super) fn page(app: App, id: String) -> Vec<El> {
    let loader = Loader::<NoticeDetail>::new(move || {
        let path = format!("/api/me/notices/{}", browser::escape(&id));
        async move { json::get(&path).await }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Delivery(row)) => loader.change(|detail| update(detail, row)),
        live::Heard::Message(LiveMessage::Claim { event, claim }) => loader.change(|detail| {
            if detail.row.event == *event {
                detail.claim = Some(claim.clone());
            }
        }),
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let name = Memo::new(move |_| loader.read(|detail| detail.row.title.clone()));
    vec![
        app.address.link("back", "/me").child(back_arrow()).child(el("span", "").say(texts::BACK)),
        title(move || name.get().unwrap_or_else(|| say(texts::NOTICE_TITLE).to_owned())),
        show(el("div", ""), loader, move |detail| ready(app, loader, detail)),
    ]
}

fn ready(app: App, loader: Loader<NoticeDetail>, detail: RwSignal<NoticeDetail>) -> Vec<El> {
    let fixed = detail.get_untracked();
    let rows = move || {
        let rows = detail.with(|detail| [vec![detail.row.clone()], detail.siblings.clone()].concat());
        // In the order of all pages, without a sort in the bundle.
        let of = |channel| rows.iter().filter(move |row| row.channel == channel).cloned().map(reason);
        Channel::ALL.into_iter().flat_map(of).collect()
    };
    let asked = Memo::new(move |_| {
        detail.with(|detail| answers::Asked {
            event: detail.row.event.clone(),
            actions: if detail.claim.is_none() { detail.message.actions.clone() } else { Vec::new() },
            claim: detail.claim.clone(),
        })
    });
    read(&fixed.row.event);
    let taken = move |claim: Claim| loader.change(|detail| detail.claim = Some(claim));
    vec![
        el("p", "lead")
            .text_when(move || format!("{} ", detail.with(|detail| detail.row.kind_name.clone())))
            .child(time(fixed.row.created_at)),
        letter(&fixed.message),
        answers::part(app, asked, taken),
        el("h2", "section-title").say(texts::CHANNELS_OF),
        el("ul", "reasons card").dynamic(rows),
    ]
}

/// The list shows it as read from now on. If that is lost, the notice is shown as new once more.
fn read(event: &EventId) {
    let body = json::object(&[("event", Out::Text(event.as_str()))]);
    spawn(async move { drop(http::send("POST", "/api/me/read", Some(body)).await) });
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
            .child(away(ButtonKind::Secondary, texts::OPEN_LINK, link, "open-link").attr("rel", "noopener")),
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
