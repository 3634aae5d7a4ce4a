//! What LINE will cost this month: one line for each account.

use leptos::prelude::*;
use shared::api::{home::Home, integrations::Provider, linking::MonthlyQuota};

use super::texts;
use crate::{
    client::{browser, json},
    console::head::card_head,
    dom::{El, el},
    i18n::fill,
    kit::{
        Loader, Tone,
        card::progress,
        surfaces::{banner, show},
    },
};

pub(super) fn section(home: RwSignal<Home>) -> El {
    let accounts = Memo::new(move |_| {
        home.with(|home| {
            let all = home.overview.iter().flat_map(|overview| &overview.integrations);
            let line = all.filter(|one| one.provider == Provider::Line);
            line.map(|one| (one.id.to_string(), one.name.clone())).collect::<Vec<_>>()
        })
    });
    // LINE is asked once for each account, not with every refresh of the page.
    el("div", "contents").dynamic(move || {
        let accounts = accounts.get();
        if accounts.is_empty() {
            return Vec::new();
        }
        vec![
            el("section", "card grid gap-3")
                .attr("aria-labelledby", "quota-title")
                .test("quota")
                .child(card_head("quota-title", texts::QUOTA, None))
                .children(accounts.into_iter().map(|(id, name)| account(&id, &name)).collect()),
        ]
    })
}

fn account(id: &str, name: &str) -> El {
    let path = format!("/api/integrations/{id}/quota");
    let loader = Loader::new(move || {
        let path = path.clone();
        async move { json::get::<MonthlyQuota>(&path).await }
    });
    let name = (!name.is_empty()).then(|| el("h3", "text-[14px]").text(name));
    el("div", "grid gap-1").maybe(name).child(show(el("div", "grid gap-2"), loader, |quota| {
        vec![el("div", "grid gap-2").dynamic(move || quota.with(|quota| drawn(*quota)))]
    }))
}

fn drawn(quota: MonthlyQuota) -> Vec<El> {
    let MonthlyQuota { limit, used, forecast } = quota;
    let number = browser::number_text;
    let Some(limit) = limit else {
        let words = number(used);
        return vec![el("p", "m-0").text_when(move || fill(texts::QUOTA_NO_LIMIT, &[&words]))];
    };
    let bar =
        progress(Signal::stored(used.min(limit)), Signal::stored(limit), texts::QUOTA).test("quota-bar");
    let said = match () {
        () if used >= limit => {
            banner(Tone::Bad, "quota-used-up", || crate::i18n::say(texts::QUOTA_USED_UP).to_owned())
        }
        () if forecast > limit => {
            let words = number(forecast);
            banner(Tone::Warn, "quota-over", move || fill(texts::QUOTA_OVER, &[&words]))
        }
        () => {
            let words = number(forecast);
            el("p", "m-0 text-[13px] text-ink-soft").text_when(move || fill(texts::QUOTA_FORECAST, &[&words]))
        }
    };
    vec![bar, said]
}
