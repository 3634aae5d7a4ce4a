//! 「Slackに追加」: leaves for Slack, which comes back with the bot token.

use leptos::prelude::*;
use shared::api::integrations::{Integration, IntegrationSettings, Redirect};

use super::{connected::Page, words as w};
use crate::{
    client::{browser, json, spawn},
    console::head::card_head,
    dom::{El, el},
    kit::{
        ButtonKind,
        controls::{Press, button},
    },
};

pub(super) fn install(page: Page, integration: Memo<Integration>) -> El {
    let busy = RwSignal::new(false);
    let installed = Memo::new(move |_| {
        integration.with(|one| matches!(one.settings, IntegrationSettings::Slack { installed: true, .. }))
    });
    let go = move || {
        let path = integration.with_untracked(|one| format!("/api/integrations/{}/install", one.id));
        busy.set(true);
        spawn(async move {
            match json::send::<Redirect>("POST", &path, String::new()).await {
                // Busy until the page is gone.
                Ok(Redirect { url }) => browser::go(&url),
                Err(failure) => {
                    let _gone = busy.try_set(false);
                    page.toasts.failed(&failure);
                }
            }
        });
    };
    let press = move || {
        let (label, kind) = if installed.get() {
            (w::ADD_AGAIN, ButtonKind::Secondary)
        } else {
            (w::ADD_TO_SLACK, ButtonKind::Primary)
        };
        let press = Press { kind, busy: busy.into(), test: "install".into(), ..Press::new(label) };
        vec![button(press, Some(Box::new(go)))]
    };
    el("section", "card flex flex-wrap items-center justify-between gap-x-4 gap-y-3")
        .attr("aria-labelledby", "install-title")
        .child(card_head("install-title", w::ADD_TO_SLACK, Some(w::ADD_TO_SLACK_LEAD)))
        .child(el("div", "").dynamic(press))
}
