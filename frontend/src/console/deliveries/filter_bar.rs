//! The filters above the list of deliveries.

use leptos::prelude::*;
use shared::{
    api::settings::KindInfo,
    channel::Channel,
    delivery::State,
    kind::app_name,
    lang::{Lang, Text},
};

use super::filter::Filter;
use crate::{
    client::{browser::value_of, json, spawn},
    console::{
        part::{Draw, part},
        search::Search,
        texts::deliveries as texts,
    },
    i18n::{lang, say, t},
    kit::Chips,
};

/// `on_choose` gets the whole new filter.
#[component]
pub fn FilterBar(filter: Memo<Filter>, on_choose: Callback<Filter>) -> impl IntoView {
    let with = move |change: &dyn Fn(&mut Filter)| {
        let mut filter = filter.get_untracked();
        change(&mut filter);
        on_choose.run(filter);
    };
    let states = Signal::derive(move || {
        let all = (String::new(), say(texts::FILTER_ALL).to_owned());
        std::iter::once(all)
            .chain(
                State::ALL
                    .into_iter()
                    .map(|state| (state.code().to_owned(), state.name().get(lang()).to_owned())),
            )
            .collect()
    });
    let state = Signal::derive(move || filter.with(|filter| filter.state.map_or("", State::code).to_owned()));
    let channels = Signal::derive(move || {
        vec![(
            String::new(),
            Channel::ALL
                .into_iter()
                .map(|channel| (channel.code().to_owned(), channel.name().get(lang()).to_owned()))
                .collect(),
        )]
    });
    let kinds = RwSignal::new(Vec::<KindInfo>::new());
    spawn(async move {
        // Without the list of kinds the other filters still work.
        if let Ok(loaded) = json::get("/api/v1/kinds").await {
            let _gone = kinds.try_set(loaded);
        }
    });
    let grouped = Signal::derive(move || kinds.with(|kinds| by_app(kinds, lang())));
    view! {
        <div class="my-4 flex flex-col gap-3">
            <div class="flex flex-wrap gap-2">
                <div class="min-w-56 flex-1 max-md:basis-full">
                    <Search
                        q=Signal::derive(move || filter.with(|filter| filter.q.clone()))
                        label=texts::SEARCH
                        on_search=move |q: String| with(&|filter| q.trim().clone_into(&mut filter.q))
                    />
                </div>
                <Pick
                    label=texts::FILTER_CHANNEL
                    any=texts::ANY_CHANNEL
                    groups=channels
                    chosen=Signal::derive(move || filter.with(|filter| filter.channel.map_or("", Channel::code).to_owned()))
                    on_choose=move |code: String| with(&|filter| filter.channel = Channel::from_code(&code))
                    testid="filter-channel"
                />
                <Pick
                    label=texts::FILTER_KIND
                    any=texts::ANY_KIND
                    groups=grouped
                    chosen=Signal::derive(move || filter.with(|filter| filter.kind.clone()))
                    on_choose=move |code: String| with(&|filter| filter.kind.clone_from(&code))
                    testid="filter-kind"
                />
            </div>
            <div class="max-md:-mx-4 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none] max-md:[&_.chips]:flex-nowrap">
                <Chips
                label=texts::FILTER_STATE
                name="state"
                options=states
                chosen=state
                on_choose=move |code: String| with(&|filter| filter.state = State::from_code(&code))
                />
            </div>
        </div>
    }
}

/// A group's name, empty for none, and its choices: value and words.
pub type Group = (String, Vec<(String, String)>);

/// A choice without room for a label above it; the first entry says what it is about.
#[component]
pub fn Pick(
    label: Text,
    any: Text,
    #[prop(into)] groups: Signal<Vec<Group>>,
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    testid: &'static str,
) -> impl IntoView {
    let choices = move |choices: Vec<(String, String)>, chosen: &str| {
        choices
            .into_iter()
            .map(|(value, words)| {
                let selected = value == chosen;
                view! { <option value=value selected=selected>{words}</option> }
            })
            .collect_view()
    };
    view! {
        <select class="input w-auto max-w-56 max-md:max-w-none max-md:min-w-0 max-md:flex-1 max-md:basis-0" aria-label=t(label) data-testid=testid on:change=move |event| on_choose.run(value_of(&event))>
            {part(move || {
                let chosen = chosen.get();
                view! {
                    <option value="" selected=chosen.is_empty()>{say(any)}</option>
                    {groups
                        .get()
                        .into_iter()
                        .map(|(name, entries)| {
                            let entries = choices(entries, &chosen);
                            if name.is_empty() { entries.drawn() } else { view! { <optgroup label=name>{entries}</optgroup> }.drawn() }
                        })
                        .collect_view()}
                }
            }.drawn())}
        </select>
    }
}

/// Kinds under the names of their apps, in the order given.
fn by_app(kinds: &[KindInfo], lang: Lang) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for kind in kinds {
        let app = app_name(&kind.app).map_or_else(|| kind.app.clone(), |name| name.get(lang).to_owned());
        let name = match lang {
            Lang::Ja => &kind.name_ja,
            Lang::En => &kind.name_en,
        };
        let entry = (kind.code.clone(), name.clone());
        match groups.iter_mut().find(|(group, _)| *group == app) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((app, vec![entry])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use shared::routing::Urgency;

    use super::*;

    #[test]
    fn kinds_stand_under_their_app() {
        let kind = |app: &str, code: &str| KindInfo {
            code: code.into(),
            app: app.into(),
            name_ja: "種".into(),
            name_en: "kind".into(),
            urgency: Urgency::Normal,
            mandatory: false,
            custom: false,
            off: Vec::new(),
        };
        let groups = by_app(
            &[kind("tasks", "tasks.a"), kind("building", "building.x"), kind("tasks", "tasks.b")],
            Lang::En,
        );
        let shape: Vec<_> = groups.iter().map(|(name, entries)| (name.as_str(), entries.len())).collect();
        assert_eq!(shape, [("Tasks", 2), ("building", 1)]);
        assert_eq!(groups[0].1[1], ("tasks.b".to_owned(), "kind".to_owned()));
    }
}
