//! The two views of 勤怠, and the page's head.

use leptos::prelude::*;
use shared::lang::Text;

use super::super::texts;
use crate::{
    client::Session,
    console::back::back,
    dom::{El, el},
    i18n::say,
    kit::surfaces::{paragraph, title_of},
};

pub(super) const MONTHS: &str = "/console/apps/attendance";
pub(super) const SETTINGS: &str = "/console/apps/attendance/settings";

/// Title, what the view is for, and the way to the other. Settings are for who runs the whole workspace.
pub(super) fn head(here: &'static str) -> El {
    let session = Session::expect();
    let whole = Memo::new(move |_| session.0.with(|me| me.as_ref().is_some_and(|me| me.role.is_admin())));
    let tab = move |label: Text, href: &'static str, test: &str| {
        let chosen = href == here;
        let class = if chosen {
            "inline-flex min-h-11 items-center border-b-2 border-ai px-1 font-medium text-ai no-underline"
        } else {
            "inline-flex min-h-11 items-center border-b-2 border-transparent px-1 text-ink-soft no-underline hover:text-ai"
        };
        let link = el("a", class).attr("href", href).test(test).say(label);
        if chosen { link.attr("aria-current", "page") } else { link }
    };
    let lead = if here == MONTHS { texts::MONTHS_LEAD } else { texts::SETTINGS_LEAD };
    let tabs = move || {
        if !whole.get() {
            return Vec::new();
        }
        vec![
            el("nav", "mb-4 flex gap-5 border-b border-line print:hidden")
                .attr_when("aria-label", || Some(say(texts::TABS).to_owned()))
                .child(tab(texts::TAB_MONTHS, MONTHS, "tab-months"))
                .child(tab(texts::TAB_SETTINGS, SETTINGS, "tab-settings")),
        ]
    };
    el("div", "")
        .child(back("/console/apps", texts::TITLE))
        .child(title_of(texts::ATTENDANCE))
        .child(paragraph("lead print:hidden", lead))
        .child(el("div", "").dynamic(tabs))
}
