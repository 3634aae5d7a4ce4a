//! What needs somebody now: a line each, that leads to where it is put right.

use leptos::prelude::*;
use shared::{
    api::{home::Home, integrations::Provider},
    lang::Text,
};

use super::{
    model::{self, Problem},
    texts,
};
use crate::{
    client::{browser, times},
    console::head::card_head,
    dom::{El, el},
    i18n::{fill, join, lang, say},
    kit::{Icon, surfaces::icon},
};

pub(super) fn section(home: RwSignal<Home>) -> El {
    let problems = Memo::new(move |_| home.with(model::problems));
    let keys = move || problems.with(|all| all.iter().map(Problem::key).collect());
    let line = move |key: &str| {
        let key = key.to_owned();
        // The line stays; its words follow.
        let own =
            Memo::new(move |_| problems.with(|all| all.iter().find(|problem| problem.key() == key).cloned()));
        el("li", "").dynamic(move || own.get().iter().map(row).collect())
    };
    el("section", "card p-0")
        .attr("aria-labelledby", "now-title")
        .test("problems")
        .child(el("div", "px-5 pt-4 pb-2").child(card_head("now-title", texts::NOW, None)))
        .dynamic(move || {
            if problems.with(|all| !all.is_empty()) {
                return Vec::new();
            }
            vec![
                el("p", "home-fine")
                    .test("no-problems")
                    .child(icon(Icon::Check))
                    .child(el("span", "").say(texts::FINE)),
            ]
        })
        .child(el("ul", "m-0 list-none divide-y divide-line p-0").list(keys, line))
}

fn row(problem: &Problem) -> El {
    let (href, title, detail) = words(problem);
    let kind = problem.key();
    let kind = kind.split('-').next().unwrap_or_default().to_owned();
    el("a", "home-problem")
        .attr("href", &href)
        .attr("data-tone", if problem.is_bad() { "bad" } else { "warn" })
        .test(&format!("problem-{kind}"))
        .child(icon(Icon::Warning))
        .child(
            el("span", "min-w-0")
                .child(el("span", "block font-medium").text_when(title))
                .child(el("span", "block text-[13px] text-ink-soft").text_when(detail)),
        )
        .child(el("span", "home-go").attr("aria-hidden", "true").text("›"))
}

type Words = Box<dyn Fn() -> String>;

/// Where it is put right, what it is, and why or since when.
fn words(problem: &Problem) -> (String, Words, Words) {
    let counted = |text: Text, count: u64| -> Words {
        let count = browser::number_text(count);
        Box::new(move || fill(text, &[&count]))
    };
    let plain = |text: Text| -> Words { Box::new(move || say(text).to_owned()) };
    match problem {
        Problem::Broken(one) => {
            let (provider, name) = (one.provider, one.name.clone());
            let (cause, since) = (one.cause.as_ref().map(|cause| cause.code.sentence()), one.since);
            let title = move || {
                let provider = provider_name(provider);
                if name.is_empty() {
                    fill(texts::BROKEN, &[provider])
                } else {
                    fill(texts::BROKEN_NAMED, &[provider, &name])
                }
            };
            let detail = move || {
                let since = format!("{}{}", fill(texts::SINCE, &[&time(since)]), say(END));
                join(&[cause.map_or("", say), &since]).trim().to_owned()
            };
            (format!("/console/integrations/{}", one.id), Box::new(title), Box::new(detail))
        }
        Problem::Behind(count, oldest) => {
            let oldest = *oldest;
            let detail =
                move || oldest.map_or_else(String::new, |at| fill(texts::BEHIND_SINCE, &[&time(at)]));
            ("/console/deliveries?state=waiting".to_owned(), counted(texts::BEHIND, *count), Box::new(detail))
        }
        Problem::Unreachable(count) => (
            "/console/unreachable".to_owned(),
            counted(texts::UNREACHABLE, *count),
            plain(texts::UNREACHABLE_WHY),
        ),
        Problem::Failed(count) => (
            "/console/deliveries?state=failed".to_owned(),
            counted(texts::FAILED, *count),
            plain(texts::FAILED_DO),
        ),
        Problem::Lost(room) => {
            let (name, provider, since) = (room.name.clone(), room.provider, room.since);
            (
                format!("/console/integrations/{}", room.integration),
                Box::new(move || fill(texts::LOST, &[&name])),
                Box::new(move || fill(texts::LOST_SINCE, &[provider_name(provider), &time(since)])),
            )
        }
        Problem::NotInstalled(one) => (
            format!("/console/integrations/{}", one.id),
            plain(texts::NOT_INSTALLED),
            plain(texts::NOT_INSTALLED_DO),
        ),
        Problem::Webhooks(count) => (
            "/console/settings/webhooks".to_owned(),
            counted(texts::WEBHOOKS, *count),
            plain(texts::WEBHOOKS_WHY),
        ),
    }
}

const END: Text = Text::new("。", ".");

fn time(at: i64) -> String {
    times::time_text(at, lang())
}

fn provider_name(provider: Provider) -> &'static str {
    match provider {
        Provider::LineworksV1 => "LINE WORKS API 1.0",
        provider => say(provider.channel().name()),
    }
}
