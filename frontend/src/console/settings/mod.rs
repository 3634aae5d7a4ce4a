//! 設定: sections, each a page of its own. Where to start: [`section`] lists them.

pub mod api;
pub mod api_model;
pub mod audit;
pub mod audit_words;
pub mod data;
pub mod door_form;
pub mod doors;
pub mod keys;
pub mod keys_model;
pub mod line_cost;
pub mod new_key;
pub mod once;
pub mod person;
pub mod quiet;
pub mod quiet_days;
pub mod roles;
pub mod section;
pub mod texts;
pub mod webhook;
pub mod webhook_form;
pub mod webhooks;
pub mod wire;
pub mod workspace;

use self::{
    section::{SECTIONS, Section},
    texts::frame,
};
use super::back::back;
use crate::{
    dom::{El, el},
    i18n::say,
    kit::surfaces::{icon, paragraph, title_of},
};

/// `/console/settings`, and `/console/settings/{section}` with what stands behind it.
pub(crate) fn page(code: &str, rest: &str) -> Vec<El> {
    if code.is_empty() {
        return first();
    }
    let Some(section) = Section::find(code) else { return nowhere() };
    let content = match (code, rest) {
        ("workspace", "") => workspace::page(),
        ("roles", "") => roles::page(),
        ("quiet", "") => quiet::page(),
        ("keys", "") => keys::page(),
        ("doors", "") => doors::page(),
        ("webhooks", "") => webhooks::page(),
        ("webhooks", id) => webhook::page(id.to_owned()),
        ("audit", "") => audit::page(),
        ("data", "") => data::page(),
        ("api", "") => api::page(),
        _ => return nowhere(),
    };
    vec![
        el("div", "gap-x-10 lg:grid lg:grid-cols-[11rem_minmax(0,1fr)]")
            .child(beside(section))
            .child(el("div", "min-w-0 max-w-[56rem]").children(content)),
    ]
}

/// The list of sections as a page.
fn first() -> Vec<El> {
    let line = |section: &Section| {
        let words = el("span", "min-w-0 flex-1")
            .child(el("span", "block font-medium").say(section.name))
            .child(el("span", "block text-[13px] text-ink-soft").say(section.lead));
        let link = el(
            "a",
            "flex min-h-11 items-center gap-4 px-5 py-3.5 text-ink no-underline transition-colors hover:bg-sunk",
        )
        .attr("href", &section.path())
        .test(&format!("section-{}", section.code))
        .child(el("span", "text-ai").child(icon(section.icon)))
        .child(words);
        el("li", "").child(link)
    };
    vec![
        title_of(frame::TITLE),
        paragraph("lead", frame::LEAD),
        el("ul", "card m-0 max-w-[46rem] list-none divide-y divide-line overflow-hidden p-0")
            .test("sections")
            .children(SECTIONS.iter().map(line).collect()),
    ]
}

/// The list beside a section; on a phone a way back to it.
fn beside(current: Section) -> El {
    let line = |section: &Section| {
        let here = section.code == current.code;
        let look = if here { "bg-ai-soft font-medium text-ai" } else { "text-ink hover:bg-sunk" };
        let link = el("a", &format!("block rounded-md px-3 py-1.5 text-[14px] no-underline {look}"))
            .attr("href", &section.path())
            .say(section.name);
        el("li", "").child(if here { link.attr("aria-current", "page") } else { link })
    };
    let list = el("ul", "m-0 grid list-none gap-0.5 p-0").children(SECTIONS.iter().map(line).collect());
    el("div", "").child(el("div", "lg:hidden").child(back("/console/settings", frame::TITLE))).child(
        el("nav", "sticky top-20 hidden lg:block")
            .attr_when("aria-label", || Some(say(frame::SECTIONS).to_owned()))
            .child(list),
    )
}

fn nowhere() -> Vec<El> {
    vec![back("/console/settings", frame::TITLE), title_of(frame::NOT_FOUND)]
}
