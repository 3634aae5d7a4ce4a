//! A card per channel: state, address, switch, 「テスト送信」 with its result.

use std::time::Duration;

use leptos::prelude::*;
use shared::{
    api::{
        deliveries::DeliveryRow,
        live::LiveMessage,
        me::{ChannelCard, Settings},
    },
    channel::{AddressState, Channel},
    delivery::State,
    lang::Text,
};

use super::{frame::App, me::Choices, notice_page::NoticeDetail, texts};
use crate::kit::{
    controls::{Press, Toggle, button, reason, switch},
    surfaces::{badge, icon, mark, paragraph, state_badge, time},
};
use crate::{
    client::{http, live, spawn},
    dom::{El, el, follow},
    i18n::{fill, join, lang, say},
    kit::{Icon, Tone},
};

pub(super) fn section(app: App, settings: RwSignal<Settings>, choices: Choices) -> Vec<El> {
    let keys = move || {
        settings.with(|settings| settings.channels.iter().map(|card| card.channel.to_string()).collect())
    };
    vec![
        el("h2", "section-title section-first").say(texts::CHANNELS_TITLE),
        el("div", "channels").list(keys, move |code| match Channel::from_code(code) {
            Some(channel) => card(app, channel, settings, choices),
            None => el("div", ""),
        }),
    ]
}

fn card(app: App, channel: Channel, settings: RwSignal<Settings>, choices: Choices) -> El {
    let card = Memo::new(move |_| {
        settings.with(|settings| settings.channels.iter().find(|card| card.channel == channel).cloned())
    });
    let is = move |read: fn(&ChannelCard) -> bool| {
        Memo::new(move |_| card.with(|card| card.as_ref().is_some_and(read)))
    };
    let on = is(|card| card.on);
    let last_one = is(|card| card.last_one && card.on);
    let reachable = is(|card| card.address.is_some());
    let id = format!("channel-{channel}");
    let note = format!("{id}-note");
    let toggle = Toggle {
        on: on.into(),
        locked: Signal::derive(move || last_one.get() || !reachable.get()),
        test: format!("switch-{channel}"),
        reason: reason(note.clone()),
    };
    el("section", "card channel")
        .class_when("channel-off", move || !on.get())
        .test(&id)
        .child(
            el("div", "channel-head")
                .child(
                    el("h3", "channel-name").child(mark(channel)).child(el("span", "").say(channel.name())),
                )
                .child(switch(
                    toggle,
                    move || fill(texts::RECEIVE_ON, &[say(channel.name())]),
                    move |on| choices.switch_channel(channel, on),
                )),
        )
        .dynamic(move || card.with(|card| card.as_ref().map(facts).unwrap_or_default()))
        .child(el("p", "channel-note").attr("id", &note).dynamic(move || {
            let state = card.with(|card| card.as_ref().and_then(|card| card.state));
            let last_one = last_one.get();
            let Some(text) = note_of(reachable.get(), last_one, state) else { return Vec::new() };
            let mut note = Vec::new();
            if last_one {
                note.push(icon(Icon::Lock));
            }
            note.push(el("span", "").say(text));
            note
        }))
        .dynamic(move || {
            if reachable.get() { vec![untrack(|| test_send(app, channel, choices))] } else { Vec::new() }
        })
}

/// Address, its state, and when it last worked.
fn facts(card: &ChannelCard) -> Vec<El> {
    let Some(address) = &card.address else {
        return vec![paragraph("channel-address soft", texts::NO_ADDRESS)];
    };
    let mut line = el("p", "channel-facts");
    if let Some(state) = card.state {
        line = line.child(badge(Tone::of_address(state), state.name()));
    }
    let last = match card.last_ok_at {
        Some(at) => el("span", "soft").say(texts::LAST_OK).child(time(at)),
        None => el("span", "soft").say(texts::NEVER_OK),
    };
    vec![el("p", "channel-address").text(address), line.child(last)]
}

/// The one sentence a card needs besides its facts.
fn note_of(reachable: bool, last_one: bool, state: Option<AddressState>) -> Option<Text> {
    match state {
        _ if !reachable => Some(texts::NO_ADDRESS_HELP),
        Some(AddressState::Blocked) => Some(texts::BLOCKED_HELP),
        Some(AddressState::Broken) => Some(texts::BROKEN_HELP),
        _ if last_one => Some(texts::LAST_ONE),
        _ => None,
    }
}

/// The button and what became of its message, as it happens.
fn test_send(app: App, channel: Channel, choices: Choices) -> El {
    let asking = RwSignal::new(false);
    let test = RwSignal::new(None::<DeliveryRow>);
    let done = Memo::new(move |_| test.with(|test| test.as_ref().is_some_and(|test| test.state.is_final())));
    follow(Box::new(move || {
        // The card says when it last worked and what is known of the address: both have just changed.
        if done.get() {
            untrack(|| choices.refresh());
        }
    }));
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Delivery(row)) => {
            if test.with_untracked(|test| test.as_ref().is_some_and(|test| test.id == row.id)) {
                test.set(Some((**row).clone()));
            }
        }
        live::Heard::Back => look_again(test, 1),
        live::Heard::Message(_) => {}
    });
    let send = move || {
        asking.set(true);
        spawn(async move {
            let answer = http::post_empty::<DeliveryRow>(&format!("/api/me/channels/{channel}/test")).await;
            if asking.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(row) => {
                    test.set(Some(row));
                    look_again(test, 20);
                }
                Err(failure) => app.toasts.failed(&failure),
            }
        });
    };
    let under_way =
        move || asking.get() || test.with(|test| test.as_ref().is_some_and(|test| !test.state.is_final()));
    let press = Press {
        doing: texts::TESTING,
        busy: Signal::derive(under_way),
        test: format!("test-{channel}"),
        named: Some(Box::new(move || Some(fill(texts::TEST_NAMED, &[say(channel.name())])))),
        ..Press::new(texts::TEST)
    };
    el("div", "channel-test").child(button(press, Some(Box::new(send)))).child(
        el("span", "channel-result")
            .attr("role", "status")
            .test(&format!("test-result-{channel}"))
            .dynamic(move || test.get().map(result).unwrap_or_default()),
    )
}

fn result(row: DeliveryRow) -> Vec<El> {
    if let Some(at) = row.done_at.filter(|_| row.state == State::Sent) {
        return vec![badge(Tone::Good, texts::TEST_SENT), time(at)];
    }
    vec![state_badge(row.state), el("span", "soft").text_when(move || result_words(&row))]
}

fn result_words(row: &DeliveryRow) -> String {
    let first = match row.state {
        State::Sent => return String::new(),
        State::Waiting | State::Sending if row.tries == 0 => say(texts::TEST_WAITING),
        State::Uncertain => say(texts::TEST_UNCERTAIN),
        State::Skipped => row.reason.sentence().get(lang()),
        State::Waiting | State::Sending | State::Failed | State::Cancelled => say(texts::TEST_FAILED),
    };
    let mut sentences = vec![first];
    sentences.extend(row.cause.as_ref().map(|cause| cause.code.sentence().get(lang())));
    join(&sentences)
}

/// Asks for the test's state every three seconds while nothing live says it, `times` at most.
fn look_again(test: RwSignal<Option<DeliveryRow>>, times: u32) {
    let look = move || {
        let open = test.try_with_untracked(|test| {
            test.as_ref().filter(|row| !row.state.is_final()).map(|row| row.id.clone())
        });
        let Some(Some(id)) = open else { return };
        spawn(async move {
            let answer = http::get::<NoticeDetail>(&format!("/api/me/notices/{id}")).await;
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
    };
    set_timeout(look, Duration::from_secs(3));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_says_what_matters_most() {
        for (reachable, last_one, state, note) in [
            (false, true, None, Some(texts::NO_ADDRESS_HELP)),
            (true, true, Some(AddressState::Blocked), Some(texts::BLOCKED_HELP)),
            (true, false, Some(AddressState::Broken), Some(texts::BROKEN_HELP)),
            (true, true, Some(AddressState::Linked), Some(texts::LAST_ONE)),
            (true, false, Some(AddressState::Linked), None),
        ] {
            assert_eq!(note_of(reachable, last_one, state), note);
        }
    }
}
