//! A card per channel: state, address, switch, 「テスト送信」 with its result.

use std::time::Duration;

use leptos::{either::Either, prelude::*};
use shared::{
    api::{
        deliveries::{DeliveryDetail, DeliveryRow},
        live::LiveMessage,
        me::{ChannelCard, Settings},
    },
    channel::{AddressState, Channel},
    delivery::State,
    lang::Text,
};
use wasm_bindgen_futures::spawn_local;

use super::{me::Choices, texts};
use crate::{
    client::{http, live},
    i18n::{fill, lang, say, t},
    kit::{Badge, Button, Icon, Mark, StateBadge, Switch, Time, Tone, use_toasts},
};

#[component]
pub(super) fn ChannelCards(settings: RwSignal<Settings>, choices: Choices) -> impl IntoView {
    let channels = Memo::new(move |_| {
        settings.with(|settings| settings.channels.iter().map(|card| card.channel).collect::<Vec<_>>())
    });
    view! {
        <h2 class="section-title section-first">{t(texts::CHANNELS_TITLE)}</h2>
        <div class="channels">
            <For each=move || channels.get() key=|channel| *channel let:channel>
                <ChannelView channel=channel settings=settings choices=choices />
            </For>
        </div>
    }
}

#[component]
fn ChannelView(channel: Channel, settings: RwSignal<Settings>, choices: Choices) -> impl IntoView {
    let card = Memo::new(move |_| {
        settings.with(|settings| settings.channels.iter().find(|card| card.channel == channel).cloned())
    });
    let read = move |read: fn(&ChannelCard) -> bool| card.with(|card| card.as_ref().is_some_and(read));
    let has_address = Memo::new(move |_| read(|card| card.address.is_some()));
    let last_one = Signal::derive(move || read(|card| card.last_one && card.on));
    let locked = Signal::derive(move || last_one.get() || !has_address.get());
    let id = format!("channel-{channel}");
    let note = format!("{id}-note");
    let describe = note.clone();
    let state = Signal::derive(move || card.with(|card| card.as_ref().and_then(|card| card.state)));
    view! {
        <section class="card channel" class:channel-off=move || !read(|card| card.on) data-testid=id>
            <div class="channel-head">
                <h3 class="channel-name">
                    <Mark channel=channel />
                    {t(channel.name())}
                </h3>
                <Switch
                    on=Signal::derive(move || read(|card| card.on))
                    label=Signal::derive(move || fill(texts::RECEIVE_ON, &[say(channel.name())]))
                    locked=locked
                    described_by=Signal::derive(move || locked.get().then(|| describe.clone()))
                    on_change=move |on| choices.switch_channel(channel, on)
                    testid=format!("switch-{channel}")
                />
            </div>
            {move || match card.with(|card| card.as_ref().and_then(|card| card.address.clone())) {
                Some(address) => {
                    Either::Left(
                        view! {
                            <p class="channel-address">{address}</p>
                            <p class="channel-facts">
                                {move || state.get().map(|state| view! { <Badge tone=Tone::of_address(state) text=state.name() /> })}
                                {move || match card.with(|card| card.as_ref().and_then(|card| card.last_ok_at)) {
                                    Some(at) => Either::Left(view! { <span class="soft">{t(texts::LAST_OK)} <Time at=at /></span> }),
                                    None => Either::Right(view! { <span class="soft">{t(texts::NEVER_OK)}</span> }),
                                }}
                            </p>
                        },
                    )
                }
                None => Either::Right(view! { <p class="channel-address soft">{t(texts::NO_ADDRESS)}</p> }),
            }}
            <p class="channel-note" id=note>
                {move || {
                    note_of(has_address.get(), last_one.get(), state.get())
                        .map(|text| view! {
                            {(last_one.get()).then(|| Icon::Lock.view())}
                            <span>{say(text)}</span>
                        })
                }}
            </p>
            {move || has_address.get().then(|| view! { <TestSend channel=channel choices=choices /> })}
        </section>
    }
}

/// The one sentence a card needs besides its facts.
fn note_of(has_address: bool, last_one: bool, state: Option<AddressState>) -> Option<Text> {
    match state {
        _ if !has_address => Some(texts::NO_ADDRESS_HELP),
        Some(AddressState::Blocked) => Some(texts::BLOCKED_HELP),
        Some(AddressState::Broken) => Some(texts::BROKEN_HELP),
        _ if last_one => Some(texts::LAST_ONE),
        _ => None,
    }
}

/// The button and what became of its message, as it happens.
#[component]
fn TestSend(channel: Channel, choices: Choices) -> impl IntoView {
    let toasts = use_toasts();
    let asking = RwSignal::new(false);
    let test = RwSignal::new(None::<DeliveryRow>);
    let state = Memo::new(move |_| test.with(|test| test.as_ref().map(|row| row.state)));
    Effect::new(move || {
        // The card says when it last worked and what is known of the address: both have just changed.
        if state.get().is_some_and(State::is_final) {
            choices.refresh();
        }
    });
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Delivery(row)) => {
            if test.with_untracked(|test| test.as_ref().is_some_and(|test| test.id == row.id)) {
                test.set(Some((**row).clone()));
            }
        }
        live::Heard::Back => look_again(test, 1),
        live::Heard::Message(_) => {}
    });
    let send = move |()| {
        asking.set(true);
        spawn_local(async move {
            let answer = http::post_empty::<DeliveryRow>(&format!("/api/me/channels/{channel}/test")).await;
            if asking.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(row) => {
                    test.set(Some(row));
                    look_again(test, 20);
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let under_way = Signal::derive(move || {
        asking.get() || test.with(|test| test.as_ref().is_some_and(|test| !test.state.is_final()))
    });
    view! {
        <div class="channel-test">
            <Button
                label=texts::TEST
                doing=texts::TESTING
                busy=under_way
                named=Signal::derive(move || fill(texts::TEST_NAMED, &[say(channel.name())]))
                testid=test_id(channel)
                on_press=send
            />
            <span class="channel-result" role="status" data-testid=format!("test-result-{channel}")>
                {move || test.get().map(|row| view! { <TestResult row=row /> })}
            </span>
        </div>
    }
}

#[component]
fn TestResult(row: DeliveryRow) -> impl IntoView {
    let cause = row.cause.clone().filter(|_| row.state != State::Sent);
    let words = move || {
        let first = match row.state {
            State::Sent => return None,
            State::Waiting | State::Sending if row.tries == 0 => {
                return Some(say(texts::TEST_WAITING).to_owned());
            }
            State::Uncertain => say(texts::TEST_UNCERTAIN),
            State::Skipped => row.reason.sentence().get(lang()),
            State::Waiting | State::Sending | State::Failed | State::Cancelled => say(texts::TEST_FAILED),
        };
        let cause = cause.as_ref().map(|cause| cause.code.sentence().get(lang())).unwrap_or_default();
        Some(format!("{first}{}{cause}", if lang() == shared::lang::Lang::En { " " } else { "" }))
    };
    match row.done_at.filter(|_| row.state == State::Sent) {
        Some(at) => Either::Left(view! {
            <span class="badge" data-tone="good">{t(texts::TEST_SENT)}</span>
            <Time at=at />
        }),
        None => Either::Right(view! {
            <StateBadge state=row.state />
            <span class="soft">{words}</span>
        }),
    }
}

/// Asks for the test's state every three seconds while nothing live says it, `times` at most.
fn look_again(test: RwSignal<Option<DeliveryRow>>, times: u32) {
    set_timeout(
        move || {
            let open = test.try_with_untracked(|test| {
                test.as_ref().filter(|row| !row.state.is_final()).map(|row| row.id.clone())
            });
            let Some(Some(id)) = open else { return };
            spawn_local(async move {
                let answer = http::get::<DeliveryDetail>(&format!("/api/me/notices/{id}")).await;
                let same = test.try_with_untracked(|test| test.as_ref().is_some_and(|row| row.id == id));
                if same != Some(true) {
                    return;
                }
                if let Ok(detail) = answer {
                    test.set(Some(detail.row));
                }
                if times > 1 {
                    look_again(test, times - 1);
                }
            });
        },
        Duration::from_secs(3),
    );
}

const fn test_id(channel: Channel) -> &'static str {
    match channel {
        Channel::Lineworks => "test-lineworks",
        Channel::Line => "test-line",
        Channel::Slack => "test-slack",
        Channel::GoogleChat => "test-google_chat",
        Channel::Email => "test-email",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_says_what_matters_most() {
        for (has_address, last_one, state, note) in [
            (false, true, None, Some(texts::NO_ADDRESS_HELP)),
            (true, true, Some(AddressState::Blocked), Some(texts::BLOCKED_HELP)),
            (true, false, Some(AddressState::Broken), Some(texts::BROKEN_HELP)),
            (true, true, Some(AddressState::Linked), Some(texts::LAST_ONE)),
            (true, false, Some(AddressState::Linked), None),
        ] {
            assert_eq!(note_of(has_address, last_one, state), note);
        }
    }
}
