//! Deleting a connection: counted, named, confirmed.

use std::rc::Rc;

use leptos::prelude::*;
use shared::api::integrations::{Consequences, Integration, Provider};

use super::connected::Page;
use crate::{
    client::{browser, json},
    console::{
        confirm::{Deletion, delete_by_name},
        texts::integrations as texts,
    },
    dom::{El, el},
    i18n::fill,
    kit::{
        Loader,
        dialog::dialog,
        surfaces::{paragraph, show},
    },
};

pub(super) fn delete_dialog(page: Page, open: RwSignal<bool>, integration: Integration) -> El {
    let name = integration.name().to_owned();
    let title = move || fill(texts::DELETE_TITLE, &[&name]);
    dialog(open, title, "delete-dialog", move || confirm(page, open, &integration))
}

fn confirm(page: Page, open: RwSignal<bool>, integration: &Integration) -> Vec<El> {
    let name = integration.name().to_owned();
    let id = integration.id.clone();
    let path = format!("/api/integrations/{id}/consequences");
    let loader = Loader::new(move || {
        let path = path.clone();
        async move { json::get::<Consequences>(&path).await }
    });
    let own = format!("/console/integrations/{id}");
    let lead = match integration.provider {
        Provider::Lineworks | Provider::LineworksV1 => texts::DELETE_LEAD_LINEWORKS,
        Provider::Line | Provider::Slack | Provider::GoogleChat | Provider::Mail | Provider::WebPush => {
            texts::DELETE_LEAD
        }
    };
    let deletion = Deletion {
        name: Signal::stored(name.clone()),
        label: texts::DELETE_DO,
        doing: texts::DELETE_BUSY,
        test: "delete-confirm",
        toasts: page.toasts,
        path: Box::new(move || format!("/api/integrations/{id}?confirm={}", browser::escape(&name))),
        gone: Rc::new(move || {
            page.toasts.say(texts::DELETED);
            page.visit.go_instead(&own, "/console/integrations");
        }),
    };
    let mut parts = vec![
        paragraph("", lead),
        show(el("div", ""), loader, |counted| vec![counted.with_untracked(counts)]),
    ];
    parts.extend(delete_by_name(open, deletion));
    parts
}

fn counts(counted: &Consequences) -> El {
    let mut list = el("dl", "facts counts").test("consequences");
    for (name, count) in [
        (texts::DELETE_MEMBERS, counted.members),
        (texts::DELETE_ROOMS, counted.rooms),
        (texts::DELETE_COMPANIES, counted.companies),
        (texts::DELETE_WAITING, counted.waiting),
    ] {
        list = list
            .child(el("dt", "").say(name))
            .child(el("dd", "font-medium tabular-nums").text(&browser::number_text(count)));
    }
    el("div", "").child(paragraph("mb-1 text-[14px] font-semibold", texts::DELETE_COUNTS)).child(list)
}
