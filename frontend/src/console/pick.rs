//! Choices above a list.

use leptos::prelude::*;
use shared::{api::events::Company, lang::Text};

use crate::{
    client::{browser::value_of, json, spawn},
    console::{
        part::{Draw, Part, part},
        texts::members as texts,
    },
    i18n::{say, t},
};

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
        <select class="input w-auto max-w-56 max-md:max-w-none max-md:min-w-0 max-md:grow max-md:basis-[calc(50%-0.25rem)]" aria-label=t(label) data-testid=testid on:change=move |event| on_choose.run(value_of(&event))>
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

/// The choice of a company by its id, where there are several.
pub fn company_pick(chosen: Signal<String>, on_choose: Callback<String>) -> Part {
    let companies = RwSignal::new(Vec::<Company>::new());
    spawn(async move {
        // Without the list of companies the search still works.
        if let Ok(loaded) = json::get("/api/v1/companies").await {
            let _gone = companies.try_set(loaded);
        }
    });
    let groups = Signal::derive(move || {
        let one = |company: &Company| (company.id.to_string(), company.name.clone());
        vec![(String::new(), companies.with(|all| all.iter().map(one).collect()))]
    });
    part(move || {
        if companies.with(|companies| companies.len() < 2) {
            return ().drawn();
        }
        view! {
            <Pick label=texts::COMPANY any=texts::ANY_COMPANY groups=groups chosen=chosen on_choose=on_choose testid="filter-company" />
        }
        .drawn()
    })
}
