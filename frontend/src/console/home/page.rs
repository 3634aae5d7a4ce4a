//! `/console`.

use leptos::prelude::*;
use shared::api::home::Home;

use super::{checklist, numbers, problems, quota, texts};
use crate::{
    client::{browser, json, live, spawn},
    console::head::card_head,
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        ButtonKind, Icon, Loader,
        button::link_button,
        surfaces::{paragraph, show, title_of},
    },
};

/// Looked at again without any news: what should have gone by now is found out by the clock alone.
const REFRESH: i64 = 60_000;
/// News come in bursts.
const SOON: i64 = 1_500;

pub(crate) fn page() -> Vec<El> {
    let head = el("div", "mb-4 flex flex-wrap items-center justify-between gap-3")
        .child(title_of(texts::TITLE))
        .child(
            link_button(
                texts::ANNOUNCE,
                "/console/announcements/new",
                ButtonKind::Secondary,
                Some(Icon::Bell),
            )
            .test("announce"),
        );
    vec![head, show(el("div", ""), load(), parts)]
}

/// Loads, and again when something happened, and every minute while somebody looks.
fn load() -> Loader<Home> {
    let (took, planned) = (StoredValue::new(0_i64), StoredValue::new(false));
    let loader = Loader::new(move || async move {
        let begun = browser::now();
        let answer = json::get::<Home>("/api/home").await;
        let _gone = took.try_set_value(browser::now() - begun);
        answer
    });
    let again = move |wait: i64| {
        if planned.try_get_value() != Some(false) {
            return;
        }
        planned.set_value(true);
        spawn(async move {
            browser::pause(wait).await;
            // `None`: the page is gone.
            if planned.try_set_value(false).is_none() {
                loader.reload();
            }
        });
    };
    // A slow answer is not asked for all the time.
    let soon = move || again(SOON.max(took.try_get_value().unwrap_or(0).saturating_mul(20)));
    live::listen(move |_| soon());
    let counting = move || loader.read(|home| home.counting) == Some(true);
    crate::dom::follow(Box::new(move || {
        if counting() {
            again(300);
        }
    }));
    spawn(async move {
        loop {
            browser::pause(REFRESH).await;
            if planned.try_get_value().is_none() {
                return;
            }
            if !browser::document().is_some_and(|page| page.hidden()) {
                loader.reload();
            }
        }
    });
    loader
}

fn parts(home: RwSignal<Home>) -> Vec<El> {
    let untracked = |read: fn(&Home) -> bool| home.with_untracked(read);
    let whole = untracked(|home| home.overview.is_some());
    let mut parts = vec![problems::section(home), checklist::section(home), today(home)];
    if whole {
        parts.push(numbers::days(home));
        parts.push(quota::section(home));
    }
    vec![el("div", "grid gap-6").children(parts)]
}

fn today(home: RwSignal<Home>) -> El {
    let channels = Memo::new(move |_| home.with(super::model::today));
    el("section", "")
        .attr("aria-labelledby", "today-title")
        .child(card_head("today-title", texts::TODAY, None).class("mb-3"))
        .dynamic(move || {
            let channels = channels.get();
            if channels.is_empty() {
                return vec![paragraph("card m-0 text-ink-soft", texts::TODAY_EMPTY).test("today-empty")];
            }
            vec![el("ul", "home-tiles").test("today").children(channels.into_iter().map(tile).collect())]
        })
}

fn tile((channel, sum): (shared::channel::Channel, super::model::Sum)) -> El {
    let number = |count| browser::number_text(count);
    let part = |class: &str, test: &str, text, count: u64| {
        let words = number(count);
        (count > 0).then(|| el("span", class).test(test).text_when(move || fill(text, &[&words])))
    };
    let link = el("a", "home-tile")
        .attr("href", &format!("/console/deliveries?channel={}", channel.code()))
        .child(
            el("span", "flex items-center gap-2")
                .child(crate::kit::surfaces::mark(channel))
                .child(el("span", "").say(channel.name())),
        )
        .child(
            el("span", "home-number").child(el("strong", "num").test("sent").text(&number(sum.sent))).child(
                el("span", "text-[13px] text-ink-soft").text_when(|| format!(" {}", say(texts::SENT_UNIT))),
            ),
        )
        .child(
            el("span", "flex min-h-6 flex-wrap gap-x-3 text-[13px] text-ink-soft")
                .maybe(part("text-shu", "failed-count", texts::FAILED_COUNT, sum.failed))
                .maybe(part("", "waiting-count", texts::WAITING_COUNT, sum.waiting)),
        );
    el("li", "").test(&format!("today-{}", channel.code())).child(link)
}
