//! Kinds x channels as switches, grouped by app.

use leptos::{either::Either, prelude::*};
use shared::{
    api::me::{Cell, KindRow, Settings},
    channel::Channel,
};

use super::{me::Choices, texts};
use crate::{
    i18n::{fill, say, t},
    kit::{Icon, Mark, Switch},
};

#[component]
pub(super) fn KindSwitches(settings: RwSignal<Settings>, choices: Choices) -> impl IntoView {
    let apps = Memo::new(move |_| settings.with(|settings| apps_of(&settings.kinds)));
    view! {
        <h2 class="section-title">{t(texts::KINDS_TITLE)}</h2>
        <p class="section-lead">{t(texts::KINDS_LEAD)}</p>
        <div class="apps">
            <For each=move || apps.get() key=Clone::clone let:app>
                <AppGroup app=app.0 name=app.1 settings=settings choices=choices />
            </For>
        </div>
    }
}

#[component]
fn AppGroup(app: String, name: String, settings: RwSignal<Settings>, choices: Choices) -> impl IntoView {
    let own = app.clone();
    let kinds = Memo::new(move |_| {
        settings.with(|settings| {
            settings.kinds.iter().filter(|row| row.app == own).map(|row| row.kind.clone()).collect::<Vec<_>>()
        })
    });
    let own = app.clone();
    let off = Memo::new(move |_| settings.with(|settings| off_in(&settings.kinds, &own)));
    let channels: Vec<Channel> =
        settings.with_untracked(|settings| settings.channels.iter().map(|card| card.channel).collect());
    let many = channels.len() > 2;
    view! {
        <details class="app" data-testid=format!("app-{app}")>
            <summary class="app-head">
                <span class="app-name">{name.clone()}</span>
                <span class="soft">
                    {move || match off.get() {
                        0 => say(texts::KINDS_ALL_ON).to_owned(),
                        some => fill(texts::KINDS_OFF, &[&some.to_string()]),
                    }}
                </span>
            </summary>
            <table class="kinds" class:kinds-many=many>
                <caption class="sr-only">{name}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="kinds-name">
                            <span class="sr-only">{t(texts::KIND)}</span>
                        </th>
                        {channels
                            .iter()
                            .map(|&channel| {
                                view! {
                                    <th scope="col" class="kinds-channel">
                                        <Mark channel=channel />
                                        <span>{t(channel.name())}</span>
                                    </th>
                                }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>
                    <For each=move || kinds.get() key=Clone::clone let:kind>
                        <KindLine kind=kind settings=settings choices=choices />
                    </For>
                </tbody>
            </table>
        </details>
    }
}

#[component]
fn KindLine(kind: String, settings: RwSignal<Settings>, choices: Choices) -> impl IntoView {
    let wanted = kind.clone();
    let row = Memo::new(move |_| {
        settings.with(|settings| settings.kinds.iter().find(|row| row.kind == wanted).cloned())
    });
    let channels: Vec<Channel> =
        row.with_untracked(|row| row.iter().flat_map(|row| &row.cells).map(|cell| cell.channel).collect());
    let note = format!("kind-{}", kind.replace('.', "-"));
    let described = note.clone();
    view! {
        <tr data-testid=format!("kind-{kind}")>
            <th scope="row" class="kinds-name">
                {move || row.with(|row| row.as_ref().map(|row| row.name.clone()))}
                <span class="kinds-note" id=note>
                    {move || row.with(|row| row.as_ref().map(|row| locks(row).join(" ")))}
                </span>
            </th>
            {channels
                .into_iter()
                .map(|channel| {
                    let cell = Memo::new(move |_| {
                        row.with(|row| row.as_ref().and_then(|row| row.cells.iter().find(|cell| cell.channel == channel).map(|cell| (*cell, row.mandatory))))
                    });
                    let (kind, described) = (kind.clone(), described.clone());
                    let test = format!("switch-{kind}-{channel}");
                    view! {
                        <td class="kinds-cell">
                            {move || {
                                if cell.with(|cell| cell.is_some_and(|(cell, _)| !cell.allowed)) {
                                    return Either::Left(view! { <span class="kinds-none" aria-describedby=described.clone()>{Icon::Dash.view()}<span class="sr-only">{t(crate::kit::texts::OFF)}</span></span> });
                                }
                                let kind = kind.clone();
                                let described = described.clone();
                                let name = move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default());
                                Either::Right(
                                    view! {
                                        <Switch
                                            on=Signal::derive(move || cell.with(|cell| cell.is_some_and(is_on)))
                                            label=Signal::derive(move || fill(texts::KIND_ON, &[&name(), say(channel.name())]))
                                            locked=Signal::derive(move || cell.with(|cell| cell.is_some_and(|(_, mandatory)| mandatory)))
                                            described_by=described
                                            on_change=move |on| choices.switch_kind(kind.clone(), channel, on)
                                            testid=test.clone()
                                        />
                                    },
                                )
                            }}
                        </td>
                    }
                })
                .collect_view()}
        </tr>
    }
}

fn is_on((cell, mandatory): (Cell, bool)) -> bool {
    cell.on || mandatory
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
            row.app == app && !row.mandatory && row.cells.iter().any(|cell| cell.allowed && !cell.on)
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
    if row.mandatory && row.cells.iter().any(|cell| cell.allowed) {
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
        assert_eq!(locks(&row("a.b", true, &[(true, false)])), ["メールでは送らない設定です(管理者)。"]);
    }
}
