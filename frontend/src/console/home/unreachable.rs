//! `/console/unreachable`: who would miss a critical notice now, and why.

use leptos::prelude::*;
use shared::api::{Page, linking::UnreachableMember};

use super::texts;
use crate::{
    client::browser,
    console::{back::back, listing},
    dom::{El, el},
    i18n::say,
    kit::{
        Loader,
        surfaces::{empty, mark, paragraph, show, title_of},
    },
};

const PATH: &str = "/api/v1/members?unreachable=critical";

pub(crate) fn page() -> Vec<El> {
    let loader = Loader::at(PATH);
    crate::client::live::listen(move |heard| {
        // Addresses and connections come and go; what was loaded further down stays until then.
        if matches!(heard, crate::client::live::Heard::Back) {
            loader.reload();
        }
    });
    vec![
        back("/console", texts::TITLE),
        title_of(texts::UNREACHABLE_TITLE),
        paragraph("lead", texts::UNREACHABLE_LEAD),
        show(el("div", ""), loader, move |page| list(page, loader)),
    ]
}

fn list(page: RwSignal<Page<UnreachableMember>>, loader: Loader<Page<UnreachableMember>>) -> Vec<El> {
    let rows = el("ul", "card m-0 list-none divide-y divide-line p-0")
        .test("unreachable")
        .dynamic(move || page.with(|page| page.items.iter().map(row).collect()));
    if page.with_untracked(|page| page.items.is_empty()) {
        return vec![empty("all-reached", texts::UNREACHABLE_NONE, texts::UNREACHABLE_NONE_TEXT)];
    }
    let path = |cursor: &str| format!("{PATH}&cursor={}", browser::escape(cursor));
    vec![rows, listing::more(loader, path, None)]
}

fn row(one: &UnreachableMember) -> El {
    let member = &one.member;
    let reasons = one.obstacles.iter().map(|obstacle| {
        let (channel, why) = (obstacle.channel, obstacle.obstacle);
        el("li", "flex items-baseline gap-2 text-[13px]").child(mark(channel)).child(
            el("span", "").text_when(move || format!("{}: {}", say(channel.name()), say(why.sentence()))),
        )
    });
    let place = [member.company_name.as_deref().unwrap_or_default(), &member.department].join(" ");
    el("li", "grid gap-x-6 gap-y-1 px-5 py-3 md:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]")
        .test("unreachable-member")
        .child(
            el("div", "min-w-0")
                .child(
                    el("a", "font-medium")
                        .attr("href", &format!("/console/members/{}", member.id))
                        .text(&member.name),
                )
                .child(el("span", "block text-[13px] text-ink-soft").text(place.trim())),
        )
        .child(el("ul", "m-0 grid list-none gap-0.5 p-0").children(reasons.collect()))
}
