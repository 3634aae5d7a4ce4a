//! The live list of deliveries.

use leptos::prelude::*;
use shared::{
    api::{deliveries::DeliveryRow, events::Target, live::LiveMessage},
    id::DeliveryId,
};

use super::{
    feed::Feed,
    filter::Filter,
    filter_bar::FilterBar,
    jobs::{self, Jobs},
    period,
    picking::{self, Picking},
    row, texts as own,
};
use crate::{
    client::{json, live, spawn},
    console::{
        listing,
        part::{Draw, part, said},
        texts::deliveries as texts,
        visit::Visit,
    },
    i18n::{fill, signal, t},
    kit::{Badge, ButtonKind, Icon, Loader, PageTitle, Tone, button::link_button, show, use_toasts},
};

/// Further down than this the reader is reading: nothing is pushed in above him.
const TOP: f64 = 160.0;

const START: listing::Start = listing::Start {
    title: texts::EMPTY,
    text: texts::EMPTY_NEXT,
    action: texts::EMPTY_ACTION,
    href: "/console/settings/keys",
    icon: Icon::Key,
    testid: "to-keys",
    filtered: texts::NOTHING_NEXT,
};

/// `/console/deliveries`.
#[component]
pub fn DeliveriesPage() -> impl IntoView {
    let visit = Visit::expect();
    let filter = Memo::new(move |_| Filter::read(|name| visit.asked(name), period::beginning));
    let loader = Loader::new(move || {
        let path = filter.with(|filter| path_of(filter, None));
        async move { json::get(&path).await.map(Feed::of) }
    });
    let held = RwSignal::new(false);
    let busy = move || held.get_untracked() || window().scroll_y().unwrap_or_default() > TOP;
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Delivery(row)) => {
            let row = row.as_ref().clone();
            loader.change(|feed| feed.hear(row, &filter.get_untracked(), busy()));
        }
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back if busy() => catch_up(loader, filter),
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    let choose = Callback::new(move |filter: Filter| {
        visit.change(&format!("/console/deliveries{}", filter.query()));
    });
    let toasts = use_toasts();
    let (picking, jobs) = (Picking::new(), Jobs::find(toasts));
    Effect::new(move || {
        // Another filter is about other deliveries.
        filter.track();
        picking.forget();
    });
    let person = Signal::derive(move || {
        let person = filter.with(|filter| filter.person.clone());
        loader.read(|feed| name_of(feed, &person)).flatten()
    });
    view! {
        <div class="flex flex-wrap items-center justify-between gap-x-4">
            <PageTitle text=signal(texts::TITLE) />
            <div class="flex flex-wrap items-center gap-x-3">
                <LiveMark />
                {link_button(own::ANNOUNCE, "/console/announcements", ButtonKind::Quiet, Some(Icon::Bell)).test("to-announcements").class("print:hidden").place()}
            </div>
        </div>
        <p class="lead">{t(texts::LEAD)}</p>
        <FilterBar filter=filter person=person on_choose=choose />
        {jobs::cards(jobs).class("mb-3").place()}
        {show(loader, move |feed| {
            let count = {
                let feed = feed.clone();
                Memo::new(move |_| feed.with(|feed| feed.rows.len() + feed.fresh.len()))
            };
            move || {
                if count.get() > 0 {
                    view! { <List loader=loader feed=feed.clone() filter=filter held=held picking=picking jobs=jobs /> }.drawn()
                } else {
                    let unfiltered = Memo::new(move |_| filter.with(Filter::is_empty));
                    let clear = Callback::new(move |()| choose.run(Filter::default()));
                    listing::nothing(START, unfiltered, clear).drawn()
                }
            }
        })}
    }
}

#[component]
fn List(
    loader: Loader<Feed>,
    feed: ArcRwSignal<Feed>,
    filter: Memo<Filter>,
    held: RwSignal<bool>,
    picking: Picking,
    jobs: Jobs,
) -> impl IntoView {
    let toasts = use_toasts();
    let feed = RwSignal::from(feed);
    let path = move |cursor: &str| filter.with(|filter| path_of(filter, Some(cursor)));
    let shown = move || feed.with_untracked(|feed| feed.rows.iter().map(|row| row.id.to_string()).collect());
    let ids =
        Memo::new(move |_| feed.with(|feed| feed.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>()));
    let fresh = Memo::new(move |_| feed.with(|feed| feed.fresh.len()));
    let show_fresh = move |_| {
        held.set(false);
        if feed.with_untracked(|feed| feed.behind) {
            loader.reload();
        } else {
            feed.update(Feed::show_fresh);
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    view! {
        <div class="pointer-events-none sticky top-20 z-10 -mb-2 flex h-2 justify-center" aria-live="polite">
            // There from the start, so that screen readers hear of it and the focus stays on it.
            <button
                type="button"
                class="btn btn-primary pointer-events-auto -translate-y-3 rounded-full shadow-md"
                class:hidden=move || fresh.get() == 0
                data-testid="fresh"
                on:click=show_fresh
            >
                {said(move || fill(texts::FRESH, &[&fresh.get().to_string()]))}
            </button>
        </div>
        <div class="-mt-2 mb-1 flex justify-end">{picking::switch(picking).place()}</div>
        <div class="card overflow-hidden p-0" data-testid="deliveries">
            <div
                class:pl-12=move || picking.on.get()
                class="hidden grid-cols-[6.5rem_minmax(0,1fr)_10rem_7.5rem_7.5rem] gap-x-4 border-b border-line px-4 py-2 text-xs text-ink-soft md:grid"
                aria-hidden="true"
            >
                <span>{t(texts::COLUMN_STATE)}</span>
                <span>{t(texts::COLUMN_TITLE)}</span>
                <span>{t(texts::COLUMN_TO)}</span>
                <span>{t(texts::COLUMN_CHANNEL)}</span>
                <span class="text-right">{t(texts::COLUMN_TIME)}</span>
            </div>
            <ol
                class="m-0 list-none divide-y divide-line p-0"
                aria-label=t(texts::TITLE)
                on:pointerenter=move |_| held.set(true)
                on:pointerleave=move |_| held.set(false)
                on:focusin=move |_| held.set(true)
                on:focusout=move |_| held.set(false)
            >
                <For each=move || ids.get() key=Clone::clone let:id>
                    <Line feed=feed id=id picking=picking />
                </For>
            </ol>
        </div>
        {picking::bar(picking, filter, shown, jobs, toasts).place()}
        {listing::more(loader, path, Some(texts::ALL_LISTED)).place()}
    }
}

/// What the rows call the person whose they are.
fn name_of(feed: &Feed, person: &str) -> Option<String> {
    feed.rows.iter().find_map(|row| match &row.target {
        Target::Member { id, name } if id.as_str() == person => Some(name.clone()),
        Target::Member { .. } | Target::Room { .. } => None,
    })
}

/// A row that follows its delivery; it goes with the delivery.
#[component]
fn Line(feed: RwSignal<Feed>, id: DeliveryId, picking: Picking) -> impl IntoView {
    let own = id.to_string();
    let find = move |feed: &Feed| feed.rows.iter().find(|row| row.id == id).cloned();
    let first = feed.with_untracked(&find);
    first.map(|first| {
        // Between the row's leaving the list and its leaving the page it shows what it showed.
        let row = Memo::new(move |last: Option<&DeliveryRow>| {
            feed.with(&find).or_else(|| last.cloned()).unwrap_or_else(|| first.clone())
        });
        let title = Signal::derive(move || row.with(|row| row.title.clone()));
        view! {
            <li class="flex transition-opacity duration-300 starting:opacity-0">
                {picking::tick(picking, own, title).place()} {row::line(row.into()).class("min-w-0").class("flex-1").place()}
            </li>
        }
    })
}

/// Whether the list is live at this moment.
#[component]
fn LiveMark() -> impl IntoView {
    part(move || match live::link() {
        live::Link::Idle => ().drawn(),
        live::Link::Open => view! { <Badge tone=Tone::Good text=texts::LIVE testid="live" /> }.drawn(),
        live::Link::Lost => view! { <Badge tone=Tone::Warn text=texts::LIVE_LOST testid="live" /> }.drawn(),
    })
}

fn path_of(filter: &Filter, cursor: Option<&str>) -> String {
    format!("/api/deliveries{}", filter.asked(cursor))
}

/// Loads the newest again without taking away what the reader is looking at.
fn catch_up(loader: Loader<Feed>, filter: Memo<Filter>) {
    let asked = filter.get_untracked();
    spawn(async move {
        // A failure is no news: the list stays, and the banner says that the connection is lost.
        if let Ok(page) = json::get(&path_of(&asked, None)).await
            && filter.try_get_untracked().as_ref() == Some(&asked)
        {
            loader.change(|feed| feed.catch_up(page, &asked));
        }
    });
}
