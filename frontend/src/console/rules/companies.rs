//! Companies and what goes into their rooms.

use leptos::prelude::*;
use shared::api::{companies::CompanyRules, live::LiveMessage};

use super::{
    filters::{Filters, Narrow},
    tabs::{Tab, head},
    texts,
};
use crate::{
    client::{json, live},
    console::{listing, part::Draw, visit::Visit},
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        Icon, Loader,
        surfaces::{mark, show},
    },
};

const PATH: &str = "/console/rules/companies";

const START: listing::Start = listing::Start {
    title: texts::COMPANIES_NONE,
    text: texts::COMPANIES_NONE_NEXT,
    action: texts::TO_MEMBERS,
    href: "/console/members",
    icon: Icon::People,
    testid: "to-members",
    filtered: texts::NOTHING_NEXT,
};

/// `/console/rules/companies`, `?q=` and `?app=`.
pub fn page() -> impl IntoView {
    let visit = Visit::expect();
    let narrow = Memo::new(move |_| Narrow::read(visit));
    let loader = Loader::new(move || {
        let path = narrow.get().address("/api/rules/companies", "");
        async move { json::get::<Vec<CompanyRules>>(&path).await }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Rules) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let none = Memo::new(move |_| loader.read(Vec::is_empty).unwrap_or_default());
    let unfiltered = Memo::new(move |_| narrow.with(Narrow::is_empty));
    let clear = Callback::new(move |()| visit.change(PATH));
    view! {
        {head(Tab::Companies).place()}
        <Filters narrow=narrow path=PATH search=texts::SEARCH />
        {show(el("div", ""), loader, |companies| vec![table(companies)]).place()}
        {crate::console::part::part(move || {
            if none.get() { listing::nothing(START, unfiltered, clear).drawn() } else { ().drawn() }
        })}
    }
}

fn table(companies: RwSignal<Vec<CompanyRules>>) -> El {
    let column = |text| el("th", "").attr("scope", "col").say(text);
    el("div", "").dynamic(move || {
        if companies.with(Vec::is_empty) {
            return Vec::new();
        }
        let heads = el("tr", "")
            .child(column(texts::COLUMN_COMPANY))
            .child(column(texts::COLUMN_ROOM))
            .child(column(texts::COLUMN_KINDS));
        vec![
            el("div", "card overflow-hidden p-0").child(
                el("table", "table")
                    .test("companies")
                    .child(el("thead", "max-md:sr-only").child(heads))
                    .child(el("tbody", "").children(companies.with(|all| all.iter().map(line).collect()))),
            ),
        ]
    })
}

fn line(company: &CompanyRules) -> El {
    let people = company.members.to_string();
    let name = el("td", "max-md:basis-full")
        .child(
            el("a", "row-link font-medium text-ink no-underline")
                .attr("href", &format!("{PATH}/{}", company.id))
                .text(&company.name),
        )
        .child(
            el("span", "ml-2 text-[13px] text-ink-soft").text_when(move || fill(texts::PEOPLE, &[&people])),
        );
    let count = company.kinds.len().to_string();
    let set = company.room.is_some();
    let differs = company.differs;
    let kinds = el("td", "text-[13px]")
        .maybe(set.then(|| el("span", "").text_when(move || fill(texts::KINDS_COUNT, &[&count]))))
        .maybe((differs > 0).then(|| {
            el("span", if set { "ml-3 text-ink-soft" } else { "text-ink-soft" })
                .text_when(move || fill(texts::DIFFERS_COUNT, &[&differs.to_string()]))
        }));
    el(
        "tr",
        "max-md:flex max-md:flex-wrap max-md:items-baseline max-md:gap-x-4 max-md:px-4 max-md:py-2.5 max-md:[&>td]:p-0",
    )
    .test("company")
    .attr("data-id", company.id.as_str())
    .child(name)
    .child(room(company))
    .child(kinds)
}

fn room(company: &CompanyRules) -> El {
    let cell = el("td", "text-sm");
    let Some(room) = &company.room else {
        return cell.child(el("span", "text-[13px] text-ink-soft").say(texts::NO_ROOM));
    };
    let closed = (!room.open)
        .then(|| el("span", "ml-2 text-[13px] text-shu").text_when(|| say(texts::ROOM_CLOSED).to_owned()));
    let called = if room.name.is_empty() { &room.provider_id } else { &room.name };
    cell.child(
        el("span", "inline-flex max-w-full items-center gap-1.5")
            .child(mark(room.provider.channel()))
            .child(el("span", "min-w-0 truncate").text(called))
            .maybe(closed),
    )
}
