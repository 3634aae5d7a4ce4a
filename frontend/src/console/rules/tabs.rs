//! The three views of the rules, and the page's head.

use shared::lang::Text;

use super::texts;
use crate::{
    dom::{El, el},
    i18n::say,
    kit::surfaces::{paragraph, title_of},
};

/// Which view is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Kinds,
    Companies,
    Members,
}

/// Title, what the view is for, and the way to the others.
pub(super) fn head(here: Tab) -> El {
    let lead = match here {
        Tab::Kinds => texts::LEAD,
        Tab::Companies => texts::COMPANIES_LEAD,
        Tab::Members => texts::MEMBERS_LEAD,
    };
    let tab = |tab: Tab, label: Text, href: &str, test: &str| {
        let chosen = tab == here;
        let class = if chosen {
            "inline-flex min-h-11 items-center border-b-2 border-ai px-1 font-medium text-ai no-underline"
        } else {
            "inline-flex min-h-11 items-center border-b-2 border-transparent px-1 text-ink-soft no-underline hover:text-ai"
        };
        let link = el("a", class).attr("href", href).test(test).say(label);
        if chosen { link.attr("aria-current", "page") } else { link }
    };
    el("div", "").child(title_of(texts::TITLE)).child(paragraph("lead", lead)).child(
        el("nav", "mb-4 flex gap-5 border-b border-line")
            .attr_when("aria-label", || Some(say(texts::TABS).to_owned()))
            .child(tab(Tab::Kinds, texts::TAB_KINDS, "/console/rules", "tab-kinds"))
            .child(tab(Tab::Companies, texts::TAB_COMPANIES, "/console/rules/companies", "tab-companies"))
            .child(tab(Tab::Members, texts::TAB_MEMBERS, "/console/rules/members", "tab-members")),
    )
}
