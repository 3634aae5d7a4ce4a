//! The audit log: searched, by kind of change, by days.

use leptos::prelude::*;
use shared::api::{Page, settings::AuditEntry};

use super::{
    audit_words::{GROUPS, action_words},
    texts::{audit as texts, frame},
};
use crate::{
    client::{browser, json},
    console::{listing, search::search_field, texts::frame as console},
    dom::{El, el},
    i18n::{lang, say},
    kit::{
        Binding, Loader,
        controls::{Line, Press, button, select, text_field},
        surfaces::{empty, paragraph, show, time, title_of},
    },
};

/// What is looked for; days as the browser's date fields write them.
#[derive(Debug, Clone, Copy)]
struct Filter {
    q: RwSignal<String>,
    group: RwSignal<String>,
    from: RwSignal<String>,
    until: RwSignal<String>,
}

impl Filter {
    fn path(self, cursor: Option<&str>) -> String {
        let mut path = "/api/audit?".to_owned();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                path.push_str(&format!("{name}={}&", browser::escape(value)));
            }
        };
        add("q", self.q.get().trim());
        add("group", &self.group.get());
        add("from", &browser::day_start(&self.from.get(), 0).map(|at| at.to_string()).unwrap_or_default());
        // The last day belongs to it.
        add("until", &browser::day_start(&self.until.get(), 1).map(|at| at.to_string()).unwrap_or_default());
        add("cursor", cursor.unwrap_or_default());
        path.pop();
        path
    }

    fn is_empty(self) -> bool {
        [self.q, self.group, self.from, self.until].iter().all(|one| one.with(|text| text.trim().is_empty()))
    }

    fn clear(self) {
        for one in [self.q, self.group, self.from, self.until] {
            one.set(String::new());
        }
    }
}

/// `/console/settings/audit`.
pub(super) fn page() -> Vec<El> {
    let new = || RwSignal::new(String::new());
    let filter = Filter { q: new(), group: new(), from: new(), until: new() };
    let loader = Loader::new(move || {
        let path = filter.path(None);
        async move { json::get::<Page<AuditEntry>>(&path).await }
    });
    let groups = Signal::derive(|| {
        let any = (String::new(), say(texts::ANY).to_owned());
        let own = GROUPS.iter().map(|(code, words)| ((*code).to_owned(), words.get(lang()).to_owned()));
        std::iter::once(any).chain(own).collect()
    });
    let day = |name, value, label| {
        text_field(
            Binding::plain(name, value),
            Line { kind: "date", class: "field min-w-36 flex-1", optional: false, ..Line::new(label) },
        )
    };
    let bar = el("div", "my-4 grid gap-3")
        .test("audit-filter")
        .child(search_field(filter.q.into(), texts::SEARCH, move |q| filter.q.set(q)))
        .child(
            el("div", "flex flex-wrap items-end gap-3")
                .child(select(
                    Binding::plain("group", filter.group),
                    Line { class: "field min-w-48 flex-1", ..Line::new(texts::GROUP) },
                    groups,
                ))
                .child(day("from", filter.from, texts::FROM))
                .child(day("until", filter.until, texts::UNTIL)),
        );
    vec![
        title_of(frame::AUDIT),
        paragraph("lead", texts::LEAD),
        bar,
        show(el("div", ""), loader, move |page| {
            vec![el("div", "").dynamic(move || page.with(|page| list(page, filter, loader)))]
        }),
    ]
}

fn list(page: &Page<AuditEntry>, filter: Filter, loader: Loader<Page<AuditEntry>>) -> Vec<El> {
    if page.items.is_empty() {
        if untrack(|| filter.is_empty()) {
            return vec![empty("empty", texts::EMPTY, texts::EMPTY_NEXT)];
        }
        let clear = Press { test: "clear-filters".into(), ..Press::new(console::CLEAR_FILTERS) };
        return vec![
            empty("nothing-found", console::NOTHING_FOUND, texts::NOTHING_NEXT)
                .child(button(clear, Some(Box::new(move || filter.clear())))),
        ];
    }
    let lines = el("ul", "card m-0 list-none divide-y divide-line p-0")
        .test("audit")
        .children(page.items.iter().map(line).collect());
    let below = untrack(|| listing::more(loader, move |cursor| filter.path(Some(cursor)), Some(texts::END)));
    vec![lines, below]
}

fn line(entry: &AuditEntry) -> El {
    let (actor, action) = (entry.actor.clone(), entry.action.clone());
    // Somebody without a name is gone; what is written there is the id.
    let gone = entry.actor == entry.actor_id;
    let system = !entry.actor_id.contains('_');
    let who = move || match (gone, system) {
        (true, true) => say(texts::SYSTEM).to_owned(),
        (true, false) => say(texts::GONE_ACTOR).to_owned(),
        _ => actor.clone(),
    };
    let what =
        move || action_words(&action).map_or_else(|| action.clone(), |words| words.get(lang()).to_owned());
    let target = match &entry.target_name {
        Some(name) => el("span", "min-w-0 break-all").text(name),
        None => el("code", "min-w-0 font-mono text-[12px] text-ink-soft break-all").text(&entry.target),
    };
    let link = (entry.target.starts_with("mb_") && entry.target_name.is_some())
        .then(|| format!("/console/members/{}", entry.target));
    let target = match link {
        Some(href) => el("a", "min-w-0").attr("href", &href).child(target),
        None => target,
    };
    let mut words = el("p", "flex min-w-0 flex-wrap items-baseline gap-x-2")
        .child(el("span", "font-medium").text_when(who))
        .child(el("span", "").text_when(what))
        .child(target);
    if !entry.detail.is_empty() {
        words = words.child(
            el("span", "font-mono text-[12px] text-ink-soft break-all").text(&detail_words(&entry.detail)),
        );
    }
    el("li", "grid gap-x-4 px-4.5 py-2.5 md:grid-cols-[minmax(0,1fr)_9rem]")
        .test("audit-entry")
        .attr("data-action", &entry.action)
        .child(words)
        .child(el("p", "text-[13px] text-ink-soft md:text-right").child(time(entry.at)))
}

/// A list of texts, which is written as JSON, with commas; anything else as it is.
fn detail_words(detail: &str) -> String {
    let list = detail.strip_prefix("[\"").and_then(|rest| rest.strip_suffix("\"]"));
    list.map_or_else(|| detail.to_owned(), |list| list.replace("\",\"", ", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_one() {
        for (detail, words) in [
            (r#"["events:write","admin"]"#, "events:write, admin"),
            (r#"["admin"]"#, "admin"),
            ("2026-11", "2026-11"),
            ("[]", "[]"),
        ] {
            assert_eq!(detail_words(detail), words);
        }
    }
}
