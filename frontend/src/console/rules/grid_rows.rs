//! The rows of the grid, by app.

use leptos::prelude::*;
use shared::{api::settings::KindInfo, channel::Channel, routing::Urgency};

use super::{
    grid::{Grid, archived, nothing},
    kind_icon::drawing,
    model::{Change, apps_of, is_on, kinds_of, name, title, urgency_code, urgency_of},
    texts,
    walking::{CELL, stop_at_first, walkable},
};
use crate::{
    client::browser::value_of,
    dom::{El, el, follow},
    i18n::{fill, lang, say},
    kit::{
        controls::{Toggle, switch},
        surfaces::{mark, paragraph},
    },
};

type Kinds = RwSignal<Vec<KindInfo>>;

/// One card per app, and what is archived.
pub(super) fn apps(grid: Grid, kinds: Kinds) -> Vec<El> {
    let words = grid.words;
    let shown = move || words.with(|words| kinds.with(|kinds| apps_of(kinds, words)));
    let whole =
        walkable(el("div", "grid gap-5").test("rules").list(shown, move |app| card(grid, kinds, app)));
    let own = whole.clone();
    follow(Box::new(move || {
        let _tracked = shown();
        stop_at_first(&own);
    }));
    vec![
        whole,
        el("div", "").dynamic(move || {
            let none = words.with(|words| kinds.with(|kinds| nothing(kinds, words)));
            none.then(|| paragraph("py-8 text-center text-ink-soft", texts::NO_KINDS).test("no-kinds"))
                .into_iter()
                .collect()
        }),
        el("div", "").dynamic(move || {
            let gone = kinds.with(|kinds| archived(kinds));
            if gone.is_empty() || !grid.company.get().is_empty() {
                Vec::new()
            } else {
                vec![out_of_use(grid, gone)]
            }
        }),
    ]
}

fn card(grid: Grid, kinds: Kinds, app: &str) -> El {
    let (own, code) = (app.to_owned(), app.to_owned());
    let id = format!("app-{app}");
    let rows = move || grid.words.with(|words| kinds.with(|kinds| kinds_of(kinds, &own, words)));
    let own = app.to_owned();
    let locked =
        Memo::new(move |_| kinds.with(|kinds| kinds.iter().any(|kind| kind.app == own && kind.locked)));
    let own = app.to_owned();
    let heading =
        el("h2", "min-w-0 flex-1 text-[16px]").attr("id", &id).text_when(move || title(&own, lang()));
    let note = format!("{id}-note");
    let permission = el("div", "flex items-center gap-2").dynamic(move || {
        if !grid.company.get().is_empty() || !grid.whole.get() {
            return Vec::new();
        }
        let toggle = Toggle {
            on: Signal::derive(move || !locked.get()),
            locked: Signal::stored(false),
            test: format!("permit-{code}"),
            reason: Box::new({
                let note = note.clone();
                move || locked.get().then(|| note.clone())
            }),
        };
        let (own, named) = (code.clone(), code.clone());
        vec![
            el("span", "text-[13px] text-ink-soft").child(el("span", "").say(texts::MEMBERS_MAY)).child(
                el("span", "block text-xs").attr("id", &note).text_when(move || {
                    if locked.get() { say(texts::LOCKED_NOTE).to_owned() } else { String::new() }
                }),
            ),
            switch(
                toggle,
                move || format!("{}: {}", title(&named, lang()), say(texts::MEMBERS_MAY)),
                move |may| grid.permit(&own, may, true),
            ),
        ]
    });
    el("section", "card overflow-hidden p-0")
        .attr("aria-labelledby", &id)
        .test(&format!("rules-{app}"))
        .child(el("div", "flex flex-wrap items-center gap-x-4 px-4 py-2.5").child(heading).child(permission))
        .child(
            el("table", "rules-table")
                .attr("aria-labelledby", &id)
                .child(heads(grid))
                .child(el("tbody", "").list(rows, move |kind| line(grid, kinds, kind))),
        )
}

fn heads(grid: Grid) -> El {
    let channel = |channel: Channel| {
        el("th", "").attr("scope", "col").child(mark(channel)).child(el("span", "block").say(channel.name()))
    };
    let only_whole = move || (!grid.company.get().is_empty()).then(String::new);
    el("thead", "").child(
        el("tr", "")
            .child(el("th", "").attr("scope", "col").child(el("span", "sr-only").say(texts::KIND)))
            .children(Channel::ALL.into_iter().map(channel).collect())
            .child(el("th", "").attr("scope", "col").attr_when("hidden", only_whole).say(texts::MANDATORY))
            .child(el("th", "").attr("scope", "col").attr_when("hidden", only_whole).say(texts::URGENCY)),
    )
}

/// One kind. It reads its own part of the list, so that a change draws one cell.
fn line(grid: Grid, kinds: Kinds, code: &str) -> El {
    let wanted = code.to_owned();
    let row = Memo::new(move |_| kinds.with(|kinds| kinds.iter().find(|kind| kind.code == wanted).cloned()));
    let called =
        move || row.with(|row| row.as_ref().map(|kind| name(kind, lang()).to_owned()).unwrap_or_default());
    let custom = row.with_untracked(|row| row.as_ref().is_some_and(|kind| kind.custom));
    let only_whole = move || (!grid.company.get().is_empty()).then(String::new);
    el("tr", "")
        .attr("data-row", "")
        .test(&format!("rule-{code}"))
        .child(header(grid, row, code, custom))
        .children(Channel::ALL.into_iter().map(|channel| cell(grid, row, code, channel)).collect())
        .child(mandatory(grid, row, code, called).attr_when("hidden", only_whole))
        .child(urgency(grid, row, code, called).attr_when("hidden", only_whole))
}

fn header(grid: Grid, row: Memo<Option<KindInfo>>, code: &str, custom: bool) -> El {
    let called =
        move || row.with(|row| row.as_ref().map(|kind| name(kind, lang()).to_owned()).unwrap_or_default());
    let icon = custom.then(|| {
        el("span", "text-ai").dynamic(move || {
            vec![drawing(&row.with(|row| row.as_ref().map(|kind| kind.icon.clone()).unwrap_or_default()))]
        })
    });
    let own = code.to_owned();
    let edit = custom.then(|| {
        el("button", "text-btn text-[13px] text-ai")
            .attr("type", "button")
            .test("edit-kind")
            .attr_when("aria-label", move || Some(fill(texts::EDIT_NAMED, &[&called()])))
            .attr_when("hidden", move || {
                (!grid.company.get().is_empty() || !grid.whole.get()).then(String::new)
            })
            .say(texts::EDIT)
            .on_press(move || grid.edit(grid.peek(&own)))
    });
    el("th", "").attr("scope", "row").child(
        el("span", "flex items-center gap-2")
            .maybe(icon)
            .child(
                el("span", "min-w-0")
                    .child(el("span", "").text_when(called))
                    .child(el("code", "block font-mono text-xs font-normal text-ink-soft").text(code)),
            )
            .maybe(edit),
    )
}

fn cell(grid: Grid, row: Memo<Option<KindInfo>>, code: &str, channel: Channel) -> El {
    let on = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|kind| is_on(kind, channel))));
    let differs =
        Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|kind| kind.differs.contains(&channel))));
    let toggle = Toggle {
        on: on.into(),
        locked: Signal::stored(false),
        test: format!("rule-{code}-{channel}"),
        reason: Box::new(move || differs.get().then(|| "rules-differs".to_owned())),
    };
    let called =
        move || row.with(|row| row.as_ref().map(|kind| name(kind, lang()).to_owned()).unwrap_or_default());
    let own = code.to_owned();
    let press = switch(
        toggle,
        move || fill(texts::CELL, &[&called(), say(channel.name())]),
        move |on| grid.change(&own, Change::Channel(channel, on)),
    );
    el("td", "")
        .class_when("differs", move || differs.get())
        .child(el("span", "rules-small").attr("aria-hidden", "true").child(mark(channel)))
        .child(press.attr("tabindex", "-1").attr(CELL, ""))
}

fn mandatory(
    grid: Grid,
    row: Memo<Option<KindInfo>>,
    code: &str,
    called: impl Fn() -> String + Copy + 'static,
) -> El {
    let toggle = Toggle {
        on: Signal::derive(move || row.with(|row| row.as_ref().is_some_and(|kind| kind.mandatory))),
        locked: Signal::stored(false),
        test: format!("mandatory-{code}"),
        reason: Box::new(|| None),
    };
    let own = code.to_owned();
    let press = switch(
        toggle,
        move || fill(texts::CELL_MANDATORY, &[&called()]),
        move |on| grid.change(&own, Change::Mandatory(on)),
    );
    el("td", "rules-wide")
        .child(el("span", "rules-small").attr("aria-hidden", "true").say(texts::MANDATORY))
        .child(press.attr("tabindex", "-1").attr(CELL, ""))
}

fn urgency(grid: Grid, row: Memo<Option<KindInfo>>, code: &str, called: impl Fn() -> String + 'static) -> El {
    let own = code.to_owned();
    let chosen =
        Memo::new(move |_| row.with(|row| row.as_ref().map_or(Urgency::Normal, |kind| kind.urgency)));
    let options = move || {
        let chosen = chosen.get();
        let option = |urgency: Urgency| {
            let option = el("option", "").attr("value", urgency_code(urgency)).say(urgency.name());
            if urgency == chosen { option.attr("selected", "") } else { option }
        };
        Urgency::ALL.into_iter().map(option).collect()
    };
    el("td", "rules-wide rules-urgency")
        .child(el("span", "rules-small").attr("aria-hidden", "true").say(texts::URGENCY))
        .child(
            el("select", "input")
                .attr("tabindex", "-1")
                .attr(CELL, "")
                .test(&format!("urgency-{code}"))
                .attr_when("aria-label", move || Some(fill(texts::CELL_URGENCY, &[&called()])))
                .class_when("text-shu", move || chosen.get() == Urgency::Critical)
                .dynamic(options)
                .on("change", move |event| grid.change(&own, Change::Urgency(urgency_of(&value_of(&event))))),
        )
}

fn out_of_use(grid: Grid, kinds: Vec<KindInfo>) -> El {
    let count = kinds.len().to_string();
    let line = |kind: KindInfo| {
        let (own, named) = (kind.clone(), kind.clone());
        el("li", "flex items-center gap-3 py-1")
            .child(el("span", "text-ink-soft").child(drawing(&kind.icon)))
            .child(el("span", "min-w-0 flex-1").text_when(move || name(&named, lang()).to_owned()))
            .child(
                el("button", "text-btn text-[13px] text-ai")
                    .attr("type", "button")
                    .test("edit-archived")
                    .say(texts::EDIT)
                    .on_press(move || grid.edit(Some(own.clone()))),
            )
    };
    el("details", "mt-5")
        .test("archived-kinds")
        .child(
            el("summary", "min-h-11 text-ink-soft")
                .text_when(move || format!("{} ({count})", say(texts::ARCHIVED))),
        )
        .child(el("ul", "m-0 list-none p-0").children(kinds.into_iter().map(line).collect()))
}
