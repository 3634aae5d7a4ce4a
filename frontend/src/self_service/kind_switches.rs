//! Kinds x channels as switches, grouped by app; a group is drawn when it is opened.

use leptos::prelude::*;
use shared::{
    api::me::{Cell, KindRow, Settings},
    channel::Channel,
};

use super::{me::Choices, texts};
use crate::kit::{
    controls::{Toggle, reason, switch},
    surfaces::{icon, mark, paragraph},
};
use crate::{
    dom::{El, el},
    i18n::{fill, say},
    kit::Icon,
};

pub(super) fn section(settings: RwSignal<Settings>, choices: Choices) -> Vec<El> {
    let apps =
        move || settings.with(|settings| apps_of(&settings.kinds)).into_iter().map(|(app, _)| app).collect();
    vec![
        el("h2", "section-title").say(texts::KINDS_TITLE),
        paragraph("section-lead", texts::KINDS_LEAD),
        el("div", "apps").list(apps, move |app| group(app, settings, choices)),
    ]
}

fn group(app: &str, settings: RwSignal<Settings>, choices: Choices) -> El {
    let app = app.to_owned();
    let own = app.clone();
    let name = Memo::new(move |_| settings.with(|settings| name_of(&settings.kinds, &own)));
    let own = app.clone();
    let off = Memo::new(move |_| settings.with(|settings| off_in(&settings.kinds, &own)));
    let words = move || match off.get() {
        0 => say(texts::KINDS_ALL_ON).to_owned(),
        some => fill(texts::KINDS_OFF, &[&some.to_string()]),
    };
    // Hundreds of switches that a slow phone need not draw for a look at the page.
    let opened = RwSignal::new(false);
    el("details", "app")
        .test(&format!("app-{app}"))
        .on("toggle", move |_| {
            if !opened.get_untracked() {
                opened.set(true);
            }
        })
        .child(
            el("summary", "app-head")
                .child(el("span", "app-name").text_when(move || name.get()))
                .child(el("span", "soft").text_when(words)),
        )
        .dynamic(move || match opened.get() {
            true => vec![untrack(|| table(app.clone(), name, settings, choices))],
            false => Vec::new(),
        })
}

fn table(app: String, name: Memo<String>, settings: RwSignal<Settings>, choices: Choices) -> El {
    let kinds = move || {
        settings.with(|settings| {
            settings.kinds.iter().filter(|row| row.app == app).map(|row| row.kind.clone()).collect()
        })
    };
    let channels: Vec<Channel> =
        settings.with_untracked(|settings| settings.channels.iter().map(|card| card.channel).collect());
    let heads = channels.iter().map(|&channel| {
        el("th", "kinds-channel")
            .attr("scope", "col")
            .child(mark(channel))
            .child(el("span", "").say(channel.name()))
    });
    let first = el("th", "kinds-name").attr("scope", "col").child(el("span", "sr-only").say(texts::KIND));
    el("table", if channels.len() > 2 { "kinds kinds-many" } else { "kinds" })
        .child(el("caption", "sr-only").text_when(move || name.get()))
        .child(el("thead", "").child(el("tr", "").child(first).children(heads.collect())))
        .child(el("tbody", "").list(kinds, move |kind| line(kind, settings, choices)))
}

fn line(kind: &str, settings: RwSignal<Settings>, choices: Choices) -> El {
    let wanted = kind.to_owned();
    let row = Memo::new(move |_| {
        settings.with(|settings| settings.kinds.iter().find(|row| row.kind == wanted).cloned())
    });
    let name = move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default());
    let note = format!("kind-{}", kind.replace('.', "-"));
    let reasons = move || row.with(|row| row.as_ref().map(|row| locks(row).join(" ")).unwrap_or_default());
    let mut line = el("tr", "").test(&format!("kind-{kind}")).child(
        el("th", "kinds-name")
            .attr("scope", "row")
            .text_when(name)
            .child(el("span", "kinds-note").attr("id", &note).text_when(reasons)),
    );
    let channels = row.with_untracked(|row| {
        row.iter().flat_map(|row| &row.cells).map(|cell| cell.channel).collect::<Vec<_>>()
    });
    for channel in channels {
        let cell = Memo::new(move |_| {
            row.with(|row| {
                let row = row.as_ref()?;
                row.cells
                    .iter()
                    .find(|cell| cell.channel == channel)
                    .map(|cell| (*cell, row.mandatory || row.locked))
            })
        });
        let allowed = Memo::new(move |_| cell.get().is_some_and(|(cell, _)| cell.allowed));
        let (kind, note) = (kind.to_owned(), note.clone());
        line = line.child(el("td", "kinds-cell").dynamic(move || {
            if !allowed.get() {
                let off = el("span", "sr-only").say(crate::kit::texts::OFF);
                return vec![el("span", "kinds-none").child(icon(Icon::Dash)).child(off)];
            }
            let toggle = Toggle {
                on: Signal::derive(move || cell.get().is_some_and(is_on)),
                locked: Signal::derive(move || cell.get().is_some_and(|(_, fixed)| fixed)),
                test: format!("switch-{kind}-{channel}"),
                reason: reason(note.clone()),
            };
            let kind = kind.clone();
            vec![switch(
                toggle,
                move || fill(texts::KIND_ON, &[&name(), say(channel.name())]),
                move |on| choices.switch_kind(&kind, channel, on),
            )]
        }));
    }
    line
}

fn name_of(kinds: &[KindRow], app: &str) -> String {
    kinds.iter().find(|row| row.app == app).map(|row| row.app_name.clone()).unwrap_or_default()
}

fn is_on((cell, fixed): (Cell, bool)) -> bool {
    cell.on || fixed
}

/// Code and name of each app, in the order of its first kind.
fn apps_of(kinds: &[KindRow]) -> Vec<(String, String)> {
    let mut apps: Vec<(String, String)> = Vec::new();
    for row in kinds {
        if !apps.iter().any(|(app, _)| *app == row.app) {
            apps.push((row.app.clone(), row.app_name.clone()));
        }
    }
    apps
}

/// How many kinds of an app the member turned off somewhere.
fn off_in(kinds: &[KindRow], app: &str) -> usize {
    kinds
        .iter()
        .filter(|row| {
            row.app == app
                && !row.mandatory
                && !row.locked
                && row.cells.iter().any(|cell| cell.allowed && !cell.on)
        })
        .count()
}

/// Why switches of a kind are locked.
fn locks(row: &KindRow) -> Vec<String> {
    let mut reasons: Vec<String> = row
        .cells
        .iter()
        .filter(|cell| !cell.allowed)
        .map(|cell| fill(texts::RULED_OFF, &[say(cell.channel.name())]))
        .collect();
    if row.locked && row.cells.iter().any(|cell| cell.allowed) {
        reasons.insert(0, say(texts::LOCKED).to_owned());
    } else if row.mandatory && row.cells.iter().any(|cell| cell.allowed) {
        reasons.insert(0, say(texts::MANDATORY).to_owned());
    }
    reasons
}

#[cfg(test)]
mod tests {
    use shared::routing::Urgency;

    use super::*;

    fn row(kind: &str, mandatory: bool, cells: &[(bool, bool)]) -> KindRow {
        KindRow {
            kind: kind.into(),
            name: kind.into(),
            app: kind.split('.').next().unwrap().into(),
            app_name: "名".into(),
            urgency: Urgency::Normal,
            mandatory,
            locked: false,
            cells: cells.iter().map(|&(on, allowed)| Cell { channel: Channel::Email, on, allowed }).collect(),
        }
    }

    #[test]
    fn apps_are_counted_by_what_the_member_turned_off() {
        let kinds = [
            row("tasks.a", false, &[(true, true), (false, true)]),
            row("tasks.b", true, &[(false, true)]),
            row("fleet.a", false, &[(false, false)]),
            row("tasks.c", false, &[(true, true)]),
        ];
        assert_eq!(apps_of(&kinds).into_iter().map(|(app, _)| app).collect::<Vec<_>>(), ["tasks", "fleet"]);
        assert_eq!((off_in(&kinds, "tasks"), off_in(&kinds, "fleet")), (1, 0));
    }

    #[test]
    fn locked_switches_say_why() {
        assert_eq!(locks(&row("a.b", false, &[(true, true)])), Vec::<String>::new());
        assert_eq!(locks(&row("a.b", true, &[(true, true)])), [texts::MANDATORY.ja]);
        assert_eq!(locks(&row("a.b", true, &[(true, true), (true, false)])).len(), 2);
        let own = KindRow { locked: true, ..row("a.b", true, &[(false, true)]) };
        assert_eq!((locks(&own), off_in(&[own], "a")), (vec![texts::LOCKED.ja.to_owned()], 0));
        assert_eq!(locks(&row("a.b", true, &[(true, false)])), ["メールでは送らない設定です(管理者)。"]);
    }
}
