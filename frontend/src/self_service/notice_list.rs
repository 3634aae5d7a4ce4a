//! The plain list of recent notices, each with 「なぜ?」.

use leptos::{either::Either, prelude::*};
use shared::{
    api::{Page, deliveries::DeliveryRow, live::LiveMessage, me::Notice},
    delivery::State,
};
use wasm_bindgen_futures::spawn_local;

use super::{notices, texts};
use crate::{
    client::{Session, browser, http, live},
    i18n::{fill, lang, t},
    kit::{Button, Empty, Loader, Mark, StateBadge, Time, show, use_toasts, words},
};

#[component]
pub(super) fn NoticeList() -> impl IntoView {
    let session = Session::expect();
    let loader = Loader::<Page<Notice>>::new(|| http::get("/api/me/notices"));
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Delivery(row)) => {
            if let Some(me) = session.0.with_untracked(|me| me.as_ref().map(|me| me.id.clone())) {
                loader.change(|page| notices::heard(&mut page.items, row, &me));
            }
        }
        live::Heard::Message(LiveMessage::Reload) | live::Heard::Back => loader.reload(),
        live::Heard::Message(_) => {}
    });
    view! {
        <h2 class="section-title">{t(texts::NOTICES_TITLE)}</h2>
        {show(loader, move |page| {
            let page = RwSignal::from(page);
            let none = Memo::new(move |_| page.with(|page| page.items.is_empty()));
            move || {
                if none.get() {
                    Either::Left(view! { <Empty title=texts::NO_NOTICES_TITLE text=texts::NO_NOTICES testid="no-notices" /> })
                } else {
                    Either::Right(view! { <Lines page=page loader=loader /> })
                }
            }
        })}
    }
}

#[component]
fn Lines(page: RwSignal<Page<Notice>>, loader: Loader<Page<Notice>>) -> impl IntoView {
    let events = Memo::new(move |_| {
        page.with(|page| page.items.iter().map(|notice| notice.event.clone()).collect::<Vec<_>>())
    });
    let next = Memo::new(move |_| page.with(|page| page.next.clone()));
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let more = move |()| {
        let Some(cursor) = next.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer =
                http::get::<Page<Notice>>(&format!("/api/me/notices?cursor={}", browser::escape(&cursor)))
                    .await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(older) => loader.change(|page| {
                    notices::append(&mut page.items, older.items);
                    page.next = older.next;
                }),
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    view! {
        <ul class="notices card" data-testid="notices">
            <For each=move || events.get() key=Clone::clone let:event>
                {
                    let notice = Memo::new(move |_| page.with(|page| page.items.iter().find(|notice| notice.event == event).cloned()));
                    view! { <NoticeLine notice=notice /> }
                }
            </For>
        </ul>
        {move || {
            next.with(Option::is_some)
                .then(|| view! { <Button label=texts::MORE doing=texts::MORE_LOADING busy=busy testid="more" on_press=more /> })
        }}
    }
}

#[component]
fn NoticeLine(notice: Memo<Option<Notice>>) -> impl IntoView {
    let fixed = notice.get_untracked();
    let rows = Memo::new(move |_| {
        notice.with(|notice| notice.as_ref().map(|notice| notice.channels.clone()).unwrap_or_default())
    });
    fixed.map(|fixed| {
        let href = fixed.channels.first().map(|row| format!("/me/notices/{}", row.id));
        view! {
            <li class="notice" data-testid="notice">
                <div class="notice-head">
                    <span class="notice-kind">{move || notice.with(|notice| notice.as_ref().map(|notice| notice.kind_name.clone()))}</span>
                    <Time at=fixed.created_at />
                </div>
                <a class="notice-title" href=href>{fixed.title.clone()}</a>
                <details class="notice-why" data-testid="why">
                    <summary>
                        {move || rows.get().into_iter().map(|row| view! { <ChannelState row=row /> }).collect_view()}
                        <span class="notice-ask">{t(crate::kit::texts::WHY)}</span>
                    </summary>
                    <ul class="reasons" aria-label=move || fill(texts::WHY_FOR, &[&fixed.title])>
                        {move || rows.get().into_iter().map(|row| view! { <ReasonLine row=row /> }).collect_view()}
                    </ul>
                </details>
            </li>
        }
    })
}

#[component]
fn ChannelState(row: DeliveryRow) -> impl IntoView {
    view! {
        <span class="notice-state" class:notice-skipped=row.state == State::Skipped data-testid=format!("state-{}", row.channel) data-state=row.state.code()>
            <Mark channel=row.channel />
            <span>{t(row.channel.name())}</span>
            <StateBadge state=row.state />
        </span>
    }
}

/// One channel's result and its reasons in words; the notice's own page shows the same lines.
#[component]
pub(super) fn ReasonLine(row: DeliveryRow) -> impl IntoView {
    let test = format!("reason-{}", row.channel);
    view! {
        <li class="reason" data-testid=test>
            <span class="reason-channel">
                <Mark channel=row.channel />
                {t(row.channel.name())}
            </span>
            <StateBadge state=row.state />
            <span class="reason-words">
                {move || words::why(&row, lang()).join(if lang() == shared::lang::Lang::En { " " } else { "" })}
            </span>
        </li>
    }
}
