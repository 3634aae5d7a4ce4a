//! The filters above the list of deliveries.

use leptos::prelude::*;
use shared::{
    api::{integrations::Room, settings::KindInfo},
    channel::Channel,
    delivery::State,
    kind::app_name,
    lang::{Lang, Text},
};

use super::{filter::Filter, texts as own};
use crate::{
    client::{browser::value_of, json, spawn},
    console::{
        part::{Draw, part},
        pick::{Group, Pick},
        search::Search,
        texts::deliveries as texts,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{Chips, Icon, surfaces::icon},
};

/// `on_choose` gets the whole new filter; `person` is what the chosen person is called, as far as that is known.
#[component]
pub fn FilterBar(
    filter: Memo<Filter>,
    person: Signal<Option<String>>,
    on_choose: Callback<Filter>,
) -> impl IntoView {
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
    let rooms = RwSignal::new(Vec::<Group>::new());
    spawn(async move {
        // A company admin has none, and without them the other filters still work.
        if let Ok(loaded) = json::get::<Vec<Room>>("/api/v1/rooms").await {
            let _gone = rooms.try_set(by_messenger(loaded));
        }
    });
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
                {part(move || {
                    if rooms.with(Vec::is_empty) {
                        return ().drawn();
                    }
                    view! {
                        <Pick
                            label=own::FILTER_ROOM
                            any=own::ANY_ROOM
                            groups=rooms
                            chosen=Signal::derive(move || filter.with(|filter| filter.room.clone()))
                            on_choose=move |id: String| with(&|filter| filter.room.clone_from(&id))
                            testid="filter-room"
                        />
                    }
                    .drawn()
                })}
            </div>
            {period(filter, on_choose).place()}
            <div class="max-md:-mx-4 max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none] max-md:[&_.chips]:flex-nowrap">
                <Chips
                label=texts::FILTER_STATE
                name="state"
                options=states
                chosen=state
                on_choose=move |code: String| with(&|filter| filter.state = State::from_code(&code))
                />
            </div>
            {of_person(filter, person, on_choose).place()}
        </div>
    }
}

/// The first and the last day.
fn period(filter: Memo<Filter>, choose: Callback<Filter>) -> El {
    let day = |label: Text, test: &str, read: fn(&Filter) -> &String, write: fn(&mut Filter, String)| {
        el(
            "label",
            "flex items-center gap-2 text-[13px] text-ink-soft max-md:flex-1 max-md:flex-col max-md:items-start max-md:gap-1",
        )
            .child(el("span", "whitespace-nowrap").say(label))
            .child(
                el("input", "input w-auto max-md:w-full")
                    .attr("type", "date")
                    .test(test)
                    .value_when(move || filter.with(|filter| read(filter).clone()))
                    .on("change", move |event| {
                        let mut filter = filter.get_untracked();
                        write(&mut filter, value_of(&event));
                        choose.run(filter);
                    }),
            )
    };
    el("div", "flex flex-wrap gap-x-4 gap-y-2 max-md:gap-x-2")
        .child(day(own::FROM, "filter-from", |filter| &filter.from, |filter, day| filter.from = day))
        .child(day(own::UNTIL, "filter-until", |filter| &filter.until, |filter, day| filter.until = day))
}

/// The one person that a link asked for, and the way out of it.
fn of_person(filter: Memo<Filter>, person: Signal<Option<String>>, choose: Callback<Filter>) -> El {
    el("div", "empty:hidden").dynamic(move || {
        if filter.with(|filter| filter.person.is_empty()) {
            return Vec::new();
        }
        let words = move || match person.get() {
            Some(name) => fill(own::PERSON, &[&name]),
            None => say(own::PERSON_OTHER).to_owned(),
        };
        let clear = move || choose.run(Filter { person: String::new(), ..filter.get_untracked() });
        vec![
            el("button", "chip inline-flex items-center gap-1.5")
                .attr("type", "button")
                .attr("aria-pressed", "true")
                .attr_when("title", || Some(say(own::ONLY_CLEAR).to_owned()))
                .test("filter-person")
                .child(el("span", "").text_when(words))
                .child(icon(Icon::Cross))
                .on_press(clear),
        ]
    })
}

/// Rooms under the names of their messengers.
fn by_messenger(rooms: Vec<Room>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for room in rooms {
        let group = room.provider.channel().name().get(lang()).to_owned();
        let words = if room.name.is_empty() { room.provider_id } else { room.name };
        let entry = (room.id.to_string(), words);
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((group, vec![entry])),
        }
    }
    groups
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
            icon: String::new(),
            archived: false,
            locked: false,
            differs: Vec::new(),
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
