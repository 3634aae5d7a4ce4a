//! The live list of deliveries.

use leptos::prelude::*;
use shared::{
    api::{Page, deliveries::DeliveryRow, events::Target, live::LiveMessage},
    delivery::State,
    id::DeliveryId,
    routing::{Decision, Urgency},
};

use super::{feed::Feed, filter::Filter, filter_bar::FilterBar, words};
use crate::{
    client::{http, live, spawn},
    console::{
        listing,
        part::{Draw, Drawn, part, said},
        texts::deliveries as texts,
        visit::Visit,
    },
    i18n::{fill, lang, say, signal, t},
    kit::{
        Badge, Icon, Loader, Mark, PageTitle, StateBadge, Time, Tone, show, use_toasts, words::target_name,
    },
};

/// Further down than this the reader is reading: nothing is pushed in above him.
const TOP: f64 = 160.0;

const START: listing::Start = listing::Start {
    title: texts::EMPTY,
    text: texts::EMPTY_NEXT,
    action: texts::EMPTY_ACTION,
    href: "/console/settings",
    icon: Icon::Key,
    testid: "to-keys",
    filtered: texts::NOTHING_NEXT,
};

/// `/console/deliveries`.
#[component]
pub fn DeliveriesPage() -> impl IntoView {
    let visit = Visit::expect();
    let filter = Memo::new(move |_| Filter::read(|name| visit.asked(name)));
    let loader = Loader::new(move || {
        let filter = filter.get();
        async move { load(&filter, None).await.map(Feed::of) }
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
        live::Heard::Message(LiveMessage::Integration(_) | LiveMessage::Room(_)) => {}
    });
    let choose = Callback::new(move |filter: Filter| {
        visit.change(&format!("/console/deliveries{}", filter.query(None)));
    });
    view! {
        <div class="flex flex-wrap items-center justify-between gap-x-4">
            <PageTitle text=signal(texts::TITLE) />
            <LiveMark />
        </div>
        <p class="lead">{t(texts::LEAD)}</p>
        <FilterBar filter=filter on_choose=choose />
        {show(loader, move |feed| {
            let count = {
                let feed = feed.clone();
                Memo::new(move |_| feed.with(|feed| feed.rows.len() + feed.fresh.len()))
            };
            move || {
                if count.get() > 0 {
                    view! { <List loader=loader feed=feed.clone() filter=filter held=held /> }.drawn()
                } else {
                    let unfiltered = Memo::new(move |_| filter.with(Filter::is_empty));
                    let clear = Callback::new(move |()| choose.run(Filter::default()));
                    listing::nothing(START, unfiltered, clear).drawn()
                }
            }
        })}
    }
}

/// One line of a list of deliveries, the whole of it a link.
#[component]
pub fn Row(#[prop(into)] row: Signal<DeliveryRow>) -> impl IntoView {
    let first = row.get_untracked();
    view! {
        // The link stays while its delivery changes, and with it focus and pointer.
        <a
            class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 text-ink no-underline transition-colors hover:bg-sunk md:grid-cols-[6.5rem_minmax(0,1fr)_10rem_7.5rem_7.5rem]"
            href=format!("/console/deliveries/{}", first.id)
            data-testid="delivery-row"
            data-id=first.id.to_string()
            data-state=move || row.with(|row| row.state.code())
        >
            {part(move || row.with(cells))}
        </a>
    }
}

fn cells(row: &DeliveryRow) -> Drawn {
    let room = matches!(row.target, Target::Room { .. }).then(|| say(texts::ROOM));
    let critical = (row.urgency == Urgency::Critical).then(|| say(Urgency::Critical.name()));
    let sub = sub_line(row).map(|(words, bad)| view! { <span class:text-shu=bad>" · " {words}</span> });
    let channel = say(row.channel.name());
    view! {
        <span class="col-start-2 row-start-1 flex justify-self-end md:col-start-1 md:justify-self-start">
            <StateBadge state=row.state />
        </span>
        <span class="col-start-1 row-start-1 min-w-0 md:col-start-2">
            <span class="flex min-w-0 items-center gap-2">
                <span class="shrink-0 text-xs font-semibold text-shu empty:hidden">{critical}</span>
                <span class="truncate font-medium" data-testid="delivery-title">{row.title.clone()}</span>
            </span>
            <span class="block truncate text-[13px] text-ink-soft">
                {row.kind_name.clone()}
                {sub}
            </span>
        </span>
        <span class="col-start-1 min-w-0 truncate text-sm max-md:text-[13px] max-md:text-ink-soft md:col-start-3" data-testid="delivery-to">
            {target_name(&row.target).to_owned()}
            <span class="ml-1.5 text-xs text-ink-soft empty:hidden">{room}</span>
            <span class="md:hidden">" · " {channel}</span>
        </span>
        <span class="col-start-4 hidden items-center gap-1.5 text-sm md:flex">
            <Mark channel=row.channel />
            {channel}
        </span>
        <span class="col-start-2 row-start-2 justify-self-end self-start text-[13px] text-ink-soft tabular-nums md:col-start-5 md:row-start-1 md:self-center">
            <Time at=row.created_at />
        </span>
    }
    .drawn()
}

/// What is worth saying in the list: why it was not sent, what went wrong, when it is tried again. True for what
/// ended badly.
fn sub_line(row: &DeliveryRow) -> Option<(String, bool)> {
    if row.decision == Decision::Skip {
        return Some((words::reason(row.reason).get(lang()).to_owned(), false));
    }
    match (row.state, &row.cause, row.due_at) {
        (State::Failed, Some(cause), _) => Some((cause.code.sentence().get(lang()).to_owned(), true)),
        (State::Waiting, Some(_), Some(due)) => {
            Some((fill(texts::NEXT_TRY, &[&crate::client::browser::time_text(due, lang())]), false))
        }
        (State::Uncertain, Some(cause), _) => Some((cause.code.sentence().get(lang()).to_owned(), false)),
        _ => None,
    }
}

#[component]
fn List(
    loader: Loader<Feed>,
    feed: ArcRwSignal<Feed>,
    filter: Memo<Filter>,
    held: RwSignal<bool>,
) -> impl IntoView {
    let feed = RwSignal::from(feed);
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
        <div class="card overflow-hidden p-0" data-testid="deliveries">
            <div
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
                    <Line feed=feed id=id />
                </For>
            </ol>
        </div>
        <More loader=loader filter=filter feed=feed />
    }
}

/// A row that follows its delivery; it goes with the delivery.
#[component]
fn Line(feed: RwSignal<Feed>, id: DeliveryId) -> impl IntoView {
    let find = move |feed: &Feed| feed.rows.iter().find(|row| row.id == id).cloned();
    let first = feed.with_untracked(&find);
    first.map(|first| {
        // Between the row's leaving the list and its leaving the page it shows what it showed.
        let row = Memo::new(move |last: Option<&DeliveryRow>| {
            feed.with(&find).or_else(|| last.cloned()).unwrap_or_else(|| first.clone())
        });
        view! {
            <li class="transition-opacity duration-300 starting:opacity-0">
                <Row row=row />
            </li>
        }
    })
}

#[component]
fn More(loader: Loader<Feed>, filter: Memo<Filter>, feed: RwSignal<Feed>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let more = Callback::new(move |()| {
        let Some(cursor) = feed.with_untracked(|feed| feed.next.clone()) else { return };
        let asked = filter.get_untracked();
        busy.set(true);
        spawn(async move {
            let page = load(&asked, Some(&cursor)).await;
            let _gone = busy.try_set(false);
            // The reader may have chosen another filter meanwhile.
            if filter.try_get_untracked().as_ref() != Some(&asked) {
                return;
            }
            match page {
                Ok(page) => loader.change(|feed| feed.append(page)),
                Err(failure) => toasts.failed(&failure),
            }
        });
    });
    let there = Memo::new(move |_| feed.with(|feed| feed.next.is_some()));
    listing::more(there, busy, more, Some(texts::ALL_LISTED))
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

async fn load(filter: &Filter, cursor: Option<&str>) -> Result<Page<DeliveryRow>, http::Failure> {
    http::get(&format!("/api/deliveries{}", filter.query(cursor))).await
}

/// Loads the newest again without taking away what the reader is looking at.
fn catch_up(loader: Loader<Feed>, filter: Memo<Filter>) {
    let asked = filter.get_untracked();
    spawn(async move {
        // A failure is no news: the list stays, and the banner says that the connection is lost.
        if let Ok(page) = load(&asked, None).await
            && filter.try_get_untracked().as_ref() == Some(&asked)
        {
            loader.change(|feed| feed.catch_up(page, &asked));
        }
    });
}
