//! What members set themselves, in a list.

use leptos::prelude::*;
use shared::{
    api::{Page, companies::MemberRules},
    channel::Channel,
};

use super::{
    filters::{Filters, Narrow},
    tabs::{Tab, head},
    texts,
};
use crate::{
    client::json,
    console::{
        listing,
        part::{Draw, part},
        visit::Visit,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Icon, Loader,
        surfaces::{mark, show},
    },
};

const PATH: &str = "/console/rules/members";

const START: listing::Start = listing::Start {
    title: texts::MEMBERS_NONE,
    text: texts::MEMBERS_NONE_NEXT,
    action: texts::TO_MEMBERS,
    href: "/console/members",
    icon: Icon::People,
    testid: "to-members",
    filtered: texts::NOTHING_NEXT,
};

/// `/console/rules/members`, `?q=` and `?app=`.
pub fn page() -> impl IntoView {
    let visit = Visit::expect();
    let narrow = Memo::new(move |_| Narrow::read(visit));
    let path = move |cursor: &str| narrow.with(|narrow| narrow.address("/api/rules/members", cursor));
    let loader = Loader::new(move || {
        let path = path("");
        async move { json::get::<Page<MemberRules>>(&path).await }
    });
    let none = Memo::new(move |_| loader.read(|page| page.items.is_empty()).unwrap_or_default());
    let unfiltered = Memo::new(move |_| narrow.with(Narrow::is_empty));
    let clear = Callback::new(move |()| visit.change(PATH));
    view! {
        {head(Tab::Members).place()}
        <Filters narrow=narrow path=PATH search=texts::SEARCH_MEMBERS />
        {show(el("div", ""), loader, |page| vec![table(page)]).place()}
        {part(move || {
            if none.get() { listing::nothing(START, unfiltered, clear).drawn() } else { ().drawn() }
        })}
        {listing::more(loader, path, None).place()}
    }
}

fn table(page: RwSignal<Page<MemberRules>>) -> El {
    let column = |text| el("th", "").attr("scope", "col").say(text);
    let empty = Memo::new(move |_| page.with(|page| page.items.is_empty()));
    let keys = move || page.with(|page| page.items.iter().map(|one| one.id.to_string()).collect());
    let heads = el("tr", "")
        .child(column(texts::COLUMN_MEMBER))
        .child(column(texts::COLUMN_CHANNELS))
        .child(column(texts::COLUMN_OFF));
    el("div", "card overflow-hidden p-0").attr_when("hidden", move || empty.get().then(String::new)).child(
        el("table", "table").test("member-rules").child(el("thead", "max-md:sr-only").child(heads)).child(
            el("tbody", "").list(keys, move |id| {
                let found =
                    page.with_untracked(|page| page.items.iter().find(|one| one.id.as_str() == id).cloned());
                found.map_or_else(|| el("tr", ""), |member| line(&member))
            }),
        ),
    )
}

fn line(member: &MemberRules) -> El {
    let company = member.company_name.clone().unwrap_or_default();
    let off = member.off;
    let channel = |code: &String| {
        let channel = Channel::from_code(code)?;
        let is_off = member.channels_off.contains(code);
        let words = is_off.then(|| el("span", "text-ink-soft").say(texts::OFF_CHANNEL));
        Some(
            el("span", "mr-3 inline-flex items-center gap-1.5 whitespace-nowrap text-[13px]")
                .child(mark(channel))
                .child(el("span", "").text_when(move || channel.name().get(lang()).to_owned()))
                .maybe(words),
        )
    };
    el(
        "tr",
        "max-md:flex max-md:flex-wrap max-md:items-baseline max-md:gap-x-4 max-md:px-4 max-md:py-2.5 max-md:[&>td]:p-0",
    )
    .test("member-rule")
    .child(
        el("td", "max-md:basis-full")
            .child(
                el("a", "row-link font-medium text-ink no-underline")
                    .attr("href", &format!("{PATH}/{}", member.id))
                    .text(&member.name),
            )
            .child(el("span", "ml-2 text-[13px] text-ink-soft").text(&company)),
    )
    .child(el("td", "").children(member.channels.iter().filter_map(channel).collect()))
    .child(el("td", "text-[13px]").class_when("text-ink-soft", move || off == 0).text_when(move || match off {
        0 => say(texts::OFF_NONE).to_owned(),
        off => fill(texts::OFF_COUNT, &[&off.to_string()]),
    }))
}
