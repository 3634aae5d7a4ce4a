//! One announcement: how far it is, whom it was for, what it says, and stopping it.

use leptos::prelude::*;
use shared::{
    api::{
        announcements::{AnnouncementState, AudienceNames, StateCount, StoppedAnnouncement},
        live::LiveMessage,
    },
    channel::Channel,
    delivery::State,
    error::Code,
};

use super::{list::state_badge, texts, wire::Shown};
use crate::{
    client::{Failure, browser, json, live, spawn, times},
    console::{back::back, deliveries::preview},
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        ButtonKind, Loader, Toasts, Tone,
        card::progress,
        controls::{Press, button},
        dialog::dialog,
        surfaces::{banner, mark, show, state_badge as delivery_badge, time, title, title_of},
        use_toasts,
    },
};

type Found = Loader<Option<Shown>>;

/// How often it is asked how far it is: each time all of its deliveries are counted.
const PAUSE_MS: i64 = 2_000;
const PAUSE_OF_MANY_MS: i64 = 6_000;
const MANY: u64 = 2_000;

/// `/console/announcements/{id}`.
pub(crate) fn page(id: String) -> Vec<El> {
    let loader = Loader::new(move || {
        let id = id.clone();
        async move { load(&id).await }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    watch(loader);
    let toasts = use_toasts();
    vec![
        back("/console/announcements", texts::BACK_TO_LIST),
        show(el("div", ""), loader, move |found| {
            let there = Memo::new(move |_| found.with(Option::is_some));
            vec![el("div", "").dynamic(move || match found.get_untracked().filter(|_| there.get()) {
                Some(first) => untrack(|| {
                    let shown = Memo::new(move |_| found.get().unwrap_or_else(|| first.clone()));
                    whole(loader, toasts, shown)
                }),
                None => vec![title_of(texts::GONE)],
            })]
        }),
    ]
}

async fn load(id: &str) -> Result<Option<Shown>, Failure> {
    match json::get::<Shown>(&format!("/api/announcements/{}", browser::escape(id))).await {
        Err(failure) if failure.code() == Some(Code::NotFound) => Ok(None),
        answer => answer.map(Some),
    }
}

/// Asks again while it goes on, as long as the page is there.
fn watch(loader: Found) {
    let alive = RwSignal::new(());
    spawn(async move {
        let mut pause = PAUSE_MS;
        loop {
            browser::pause(pause).await;
            if alive.try_get_untracked().is_none() {
                return;
            }
            let asks = loader.peek(|shown| {
                shown.as_ref().map(|shown| (goes_on(shown, browser::now()), shown.row.deliveries))
            });
            let (goes_on, deliveries) = asks.flatten().unwrap_or_default();
            pause = if deliveries > MANY { PAUSE_OF_MANY_MS } else { PAUSE_MS };
            if goes_on {
                loader.reload();
            }
        }
    });
}

/// Whether it changes by itself.
fn goes_on(shown: &Shown, now: i64) -> bool {
    match shown.row.state {
        AnnouncementState::Scheduled => shown.row.deliver_at.is_some_and(|at| at <= now),
        AnnouncementState::Sending => true,
        AnnouncementState::Done | AnnouncementState::Stopped => open(&shown.counts) > 0,
    }
}

fn open(counts: &[StateCount]) -> u64 {
    sum(counts, |state| !state.is_final())
}

/// Sent, or as good as sent.
fn gone(counts: &[StateCount]) -> u64 {
    sum(counts, |state| matches!(state, State::Sent | State::Uncertain | State::Sending))
}

fn sum(counts: &[StateCount], which: impl Fn(State) -> bool) -> u64 {
    counts.iter().filter(|one| which(one.state)).map(|one| one.count).sum()
}

fn whole(loader: Found, toasts: Toasts, shown: Memo<Shown>) -> Vec<El> {
    let section = |id: &'static str, title: shared::lang::Text| {
        el("section", "min-w-0")
            .attr("aria-labelledby", id)
            .child(el("h2", "mb-2 text-[17px]").attr("id", id).say(title))
    };
    let compared = RwSignal::new(false);
    let pictures = Memo::new(move |_| shown.with(|shown| preview::pictures_here(&shown.previews)));
    vec![
        el("div", "flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
            .child(
                el("div", "min-w-0 flex-1 basis-80")
                    .child(title(move || shown.with(|shown| shown.row.title.clone())))
                    .child(
                        el("p", "mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft")
                            .test("announcement-summary")
                            .dynamic(move || shown.with(summary)),
                    ),
            )
            .child(el("div", "print:hidden").child(stop(loader, toasts, shown))),
        el("div", "mt-4 grid gap-3").child(bar(shown)),
        el("div", "mt-6 grid items-start gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]")
            .child(
                el("div", "grid min-w-0 gap-8")
                    .child(section("counts", texts::COUNTS).dynamic(move || vec![shown.with(counts)]))
                    .child(
                        section("audience", texts::AUDIENCE)
                            .dynamic(move || vec![shown.with(|shown| audience(&shown.audience))]),
                    ),
            )
            .child(
                section("message", texts::PREVIEW)
                    .class_when("lg:col-span-2", move || compared.get())
                    .child(preview::gallery(pictures, Channel::Lineworks, compared)),
            ),
    ]
}

fn summary(shown: &Shown) -> Vec<El> {
    let row = &shown.row;
    let (author, at) =
        (row.author.clone(), row.deliver_at.filter(|_| row.state == AnnouncementState::Scheduled));
    let scheduled = at.map(|at| {
        el("span", "font-medium text-ink")
            .test("goes-out")
            .text_when(move || fill(texts::AT, &[&times::full_time_text(at, lang())]))
    });
    let by = (!author.is_empty()).then(|| el("span", "").text_when(move || fill(texts::BY, &[&author])));
    let mut parts = vec![state_badge(row.state)];
    parts.extend(scheduled);
    parts.extend(by);
    parts.push(el("span", "").say(shown.urgency.name()));
    parts.push(time(row.created_at));
    parts
}

/// How many have gone while it goes on; what became of it when it was stopped.
fn bar(shown: Memo<Shown>) -> El {
    let done = Signal::derive(move || {
        shown.with(|shown| {
            sum(&shown.counts, State::is_final) - sum(&shown.counts, |state| state == State::Skipped)
        })
    });
    let of = Signal::derive(move || shown.with(|shown| shown.row.deliveries));
    let state = Memo::new(move |_| shown.with(|shown| (shown.row.state, open(&shown.counts) > 0)));
    el("div", "contents").dynamic(move || match state.get() {
        (AnnouncementState::Sending, _) | (AnnouncementState::Done, true) => {
            untrack(|| vec![el("div", "").test("progress").child(progress(done, of, texts::PROGRESS))])
        }
        (AnnouncementState::Stopped, _) => vec![banner(Tone::Warn, "stopped", move || {
            let stopped = shown.with(|shown| shown.row.stopped);
            fill(texts::STOPPED_LEAD, &[&browser::number_text(stopped)])
        })],
        (AnnouncementState::Scheduled | AnnouncementState::Done, _) => Vec::new(),
    })
}

/// A line for each channel, a badge for each state in it.
fn counts(shown: &Shown) -> El {
    let mut list = el("ul", "card m-0 list-none divide-y divide-line overflow-hidden p-0").test("counts");
    for channel in Channel::ALL {
        let own: Vec<&StateCount> =
            shown.counts.iter().filter(|one| one.channel == channel && one.state != State::Skipped).collect();
        if own.is_empty() {
            continue;
        }
        let states = own.iter().map(|one| {
            el("span", "inline-flex items-center gap-1.5")
                .attr("data-state", one.state.code())
                .child(delivery_badge(one.state))
                .child(el("span", "font-medium tabular-nums").text(&browser::number_text(one.count)))
        });
        list = list.child(
            el("li", "flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5")
                .attr("data-channel", channel.code())
                .child(mark(channel))
                .child(el("span", "min-w-28 flex-1").say(channel.name()))
                .children(states.collect()),
        );
    }
    let skipped = sum(&shown.counts, |state| state == State::Skipped);
    let (kind, title) = (shared::api::announcements::KIND, shown.row.title.as_str());
    let link = format!("/console/deliveries?kind={kind}&q={}", browser::escape(title));
    el("div", "grid gap-2")
        .child(list)
        .maybe((skipped > 0).then(|| {
            el("p", "text-[13px] text-ink-soft")
                .text_when(move || fill(texts::SKIPPED, &[&browser::number_text(skipped)]))
        }))
        .child(
            el("p", "text-[13px] print:hidden")
                .child(el("a", "").attr("href", &link).test("to-deliveries").say(texts::DELIVERIES)),
        )
}

fn audience(names: &AudienceNames) -> El {
    let names = names.clone();
    let words = move || {
        let mut all: Vec<String> = Vec::new();
        if names.everyone {
            all.push(say(texts::EVERYONE).to_owned());
        }
        all.extend(names.companies.iter().chain(&names.rooms).chain(&names.names).cloned());
        let named = u64::try_from(names.names.len()).unwrap_or_default();
        if names.members > named {
            all.push(fill(texts::OTHERS, &[&browser::number_text(names.members - named)]));
        }
        all.join(if lang() == shared::lang::Lang::Ja { "、" } else { ", " })
    };
    el("p", "card").test("audience").text_when(words)
}

/// While something has not gone.
fn stop(loader: Found, toasts: Toasts, shown: Memo<Shown>) -> El {
    let open_now = RwSignal::new(false);
    let can = Memo::new(move |_| {
        shown.with(|shown| {
            let waits = sum(&shown.counts, |state| state == State::Waiting) > 0;
            (waits && shown.row.state != AnnouncementState::Stopped).then_some(shown.row.state)
        })
    });
    el("div", "contents")
        .dynamic(move || {
            let Some(state) = can.get() else { return Vec::new() };
            let label =
                if state == AnnouncementState::Scheduled { texts::STOP_SCHEDULED } else { texts::STOP };
            let press = Press { kind: ButtonKind::Danger, test: "stop".into(), ..Press::new(label) };
            untrack(|| vec![button(press, Some(Box::new(move || open_now.set(true))))])
        })
        .child(dialog(
            open_now,
            move || shown.with(|shown| fill(texts::STOP_TITLE, &[&shown.row.title])),
            "stop-dialog",
            move || confirm(loader, toasts, shown, open_now),
        ))
}

fn confirm(loader: Found, toasts: Toasts, shown: Memo<Shown>, open_now: RwSignal<bool>) -> Vec<El> {
    let busy = RwSignal::new(false);
    let lead = move || {
        shown.with(|shown| {
            let waiting = sum(&shown.counts, |state| state == State::Waiting);
            fill(
                texts::STOP_LEAD,
                &[&browser::number_text(waiting), &browser::number_text(gone(&shown.counts))],
            )
        })
    };
    let stop = move || {
        let id = shown.with_untracked(|shown| shown.row.id.clone());
        busy.set(true);
        spawn(async move {
            let path = format!("/api/announcements/{id}/stop");
            let answer = json::send::<StoppedAnnouncement>("POST", &path, String::new()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(stopped) => {
                    let _gone = open_now.try_set(false);
                    let numbers =
                        [browser::number_text(stopped.cancelled), browser::number_text(stopped.gone)];
                    toasts.words(fill(texts::STOPPED, &[&numbers[0], &numbers[1]]));
                }
                Err(failure) => toasts.failed(&failure),
            }
            loader.reload();
        });
    };
    let press = Press {
        kind: ButtonKind::Danger,
        doing: texts::STOP_BUSY,
        busy: busy.into(),
        test: "stop-now".into(),
        ..Press::new(texts::STOP_DO)
    };
    let keep = Press { test: "stop-keep".into(), ..Press::new(texts::KEEP) };
    vec![
        el("p", "").test("stop-counts").text_when(lead),
        el("div", "form-actions justify-end")
            .child(button(keep, Some(Box::new(move || open_now.set(false)))))
            .child(button(press, Some(Box::new(stop)))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_by_what_became_of_it() {
        let one = |state, count| StateCount { channel: Channel::Line, state, count };
        let counts = [
            one(State::Waiting, 5),
            one(State::Sending, 1),
            one(State::Sent, 7),
            one(State::Uncertain, 2),
            one(State::Cancelled, 4),
            one(State::Skipped, 9),
        ];
        assert_eq!((open(&counts), gone(&counts)), (6, 10));
    }
}
