//! One member's own settings, to be read only.

use leptos::prelude::*;
use shared::api::{
    companies::MemberSettings,
    me::{Cell, ChannelCard, KindRow},
};

use super::texts;
use crate::{
    client::{browser, json},
    console::back::back,
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Icon, Loader, Tone,
        surfaces::{badge, icon, mark, paragraph, show, title},
    },
};

/// `/console/rules/members/{id}`.
pub fn page(id: String) -> Vec<El> {
    let loader = Loader::new(move || {
        let path = format!("/api/rules/members/{}", browser::escape(&id));
        async move { json::get::<MemberSettings>(&path).await }
    });
    vec![
        back("/console/rules/members", texts::BACK_MEMBERS),
        show(el("div", ""), loader, |shown| vec![whole(shown)]),
    ]
}

fn whole(shown: RwSignal<MemberSettings>) -> El {
    let name = move || shown.with(|shown| fill(texts::MEMBER_TITLE, &[&shown.name]));
    el("div", "grid gap-5")
        .test("member-settings")
        .child(el("div", "").child(title(name)).child(paragraph("lead mb-0", texts::MEMBERS_LEAD)))
        .dynamic(move || {
            let settings = shown.with(|shown| shown.settings.clone());
            let mut parts = vec![channels(&settings.channels)];
            let mut apps: Vec<(String, String)> = Vec::new();
            for row in &settings.kinds {
                if apps.iter().all(|(app, _)| *app != row.app) {
                    apps.push((row.app.clone(), row.app_name.clone()));
                }
            }
            let channels: Vec<_> = settings.channels.iter().map(|card| card.channel).collect();
            parts.extend(apps.iter().map(|(app, name)| {
                let rows = settings.kinds.iter().filter(|row| row.app == *app);
                kinds(app, name, &channels, rows)
            }));
            parts
        })
}

fn channels(cards: &[ChannelCard]) -> El {
    let line = |card: &ChannelCard| {
        let state = match card.state {
            None => badge(Tone::Quiet, texts::MEMBER_NO_ADDRESS),
            Some(state) => badge(Tone::of_address(state), state.name()),
        };
        el("li", "flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2")
            .child(mark(card.channel))
            .child(el("span", "min-w-24").say(card.channel.name()))
            .child(state)
            .child(
                el("span", "min-w-0 flex-1 break-all text-[13px] text-ink-soft empty:hidden max-md:order-last max-md:basis-full")
                    .text(card.address.as_deref().unwrap_or_default()),
            )
            .maybe(
                card.address
                    .is_some()
                    .then(|| el("span", "ml-auto text-[13px]").say(if card.on { texts::ON } else { texts::OFF })),
            )
    };
    el("section", "card overflow-hidden p-0")
        .attr("aria-labelledby", "member-channels")
        .child(el("h2", "px-4 py-2.5 text-[16px]").attr("id", "member-channels").say(texts::MEMBER_CHANNELS))
        .child(
            el("ul", "m-0 list-none divide-y divide-line border-t border-line p-0")
                .children(cards.iter().map(line).collect()),
        )
}

fn kinds<'a>(
    app: &str,
    name: &str,
    channels: &[shared::channel::Channel],
    rows: impl Iterator<Item = &'a KindRow>,
) -> El {
    let id = format!("member-{app}");
    let rows: Vec<&KindRow> = rows.collect();
    let locked = rows.iter().any(|row| row.locked);
    let heads = channels.iter().map(|channel| {
        el("th", "").attr("scope", "col").child(mark(*channel)).child(el("span", "block").say(channel.name()))
    });
    let line = |row: &&KindRow| {
        let fixed = row.mandatory.then(|| el("span", "ml-2 text-xs text-ink-soft").say(texts::MANDATORY));
        el("tr", "")
            .child(el("th", "").attr("scope", "row").child(el("span", "").text(&row.name)).maybe(fixed))
            .children(row.cells.iter().map(|cell| shown(*cell, row)).collect())
    };
    el("section", "card overflow-hidden p-0")
        .attr("aria-labelledby", &id)
        .child(
            el("div", "flex flex-wrap items-center gap-x-3 px-4 py-2.5")
                .child(el("h2", "text-[16px]").attr("id", &id).text(name))
                .maybe(locked.then(|| badge(Tone::Quiet, texts::BY_ADMIN))),
        )
        .child(
            el("table", "rules-table rules-read")
                .attr("aria-labelledby", &id)
                .child(
                    el("thead", "").child(
                        el("tr", "")
                            .child(
                                el("th", "")
                                    .attr("scope", "col")
                                    .child(el("span", "sr-only").say(texts::KIND)),
                            )
                            .children(heads.collect()),
                    ),
                )
                .child(el("tbody", "").children(rows.iter().map(line).collect())),
        )
}

fn shown(cell: Cell, row: &KindRow) -> El {
    let on = cell.allowed && (cell.on || row.mandatory);
    let words = match (cell.allowed, on) {
        (false, _) => texts::NOT_SENT,
        (true, true) => texts::ON,
        (true, false) => texts::OFF,
    };
    let drawing = match (cell.allowed, on) {
        (false, _) => Icon::Dash,
        (true, true) => Icon::Check,
        (true, false) => Icon::Cross,
    };
    let class = if on { "rules-mark text-ai" } else { "rules-mark text-ink-soft" };
    el("td", "").child(el("span", "rules-small").attr("aria-hidden", "true").child(mark(cell.channel))).child(
        el("span", class)
            .attr_when("title", move || Some(words.get(lang()).to_owned()))
            .child(icon(drawing))
            .child(el("span", "sr-only").text_when(move || say(words).to_owned())),
    )
}
