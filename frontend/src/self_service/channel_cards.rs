//! A card per channel: state, address, switch, what links it, 「テスト送信」.

use leptos::prelude::*;
use shared::{
    api::{
        live::LiveMessage,
        me::{ChannelCard, Settings},
    },
    channel::{AddressState, Channel},
    lang::Text,
};

use super::{frame::App, linking, me::Choices, test_send::test_send, texts};
use crate::{
    client::live,
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        Icon, Tone,
        controls::{Toggle, reason, switch},
        surfaces::{badge, icon, mark, paragraph, time},
    },
};

pub(super) fn section(app: App, settings: RwSignal<Settings>, choices: Choices) -> Vec<El> {
    let keys = move || {
        settings.with(|settings| settings.channels.iter().map(|card| card.channel.to_string()).collect())
    };
    // A friend was added, an address was found or lost: the cards follow by themselves.
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Channels) | live::Heard::Back => choices.refresh(),
        live::Heard::Message(_) => {}
    });
    vec![
        el("h2", "section-title section-first").say(texts::CHANNELS_TITLE),
        linking::came_back(settings, choices),
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
    let testable = is(can_test);
    let state = Memo::new(move |_| card.with(|card| card.as_ref().and_then(|card| card.state)));
    let id = format!("channel-{channel}");
    let note = format!("{id}-note");
    let toggle = Toggle {
        on: on.into(),
        locked: last_one.into(),
        test: format!("switch-{channel}"),
        reason: reason(note.clone()),
    };
    let mut toggle = Some(switch(
        toggle,
        move || fill(texts::RECEIVE_ON, &[say(channel.name())]),
        move |on| choices.switch_channel(channel, on),
    ));
    // Without an address there is nothing to switch.
    if let Some(made) = toggle.take() {
        toggle = Some(made.attr_when("hidden", move || (!reachable.get()).then(String::new)));
    }
    el("section", "card channel")
        .class_when("channel-off", move || reachable.get() && !on.get())
        .test(&id)
        .child(
            el("div", "channel-head")
                .child(
                    el("h3", "channel-name").child(mark(channel)).child(el("span", "").say(channel.name())),
                )
                .maybe(toggle),
        )
        .dynamic(move || card.with(|card| card.as_ref().map(facts).unwrap_or_default()))
        .child(el("p", "channel-note").attr("id", &note).dynamic(move || {
            let last_one = last_one.get();
            let Some(text) = note_of(channel, state.get(), last_one) else { return Vec::new() };
            let mut note = Vec::new();
            if last_one {
                note.push(icon(Icon::Lock));
            }
            note.push(el("span", "").say(text));
            note
        }))
        .dynamic(move || {
            let (state, reachable) = (state.get(), reachable.get());
            untrack(|| linking::part(app, channel, state.filter(|_| reachable), choices))
        })
        .child(
            el("div", "channel-foot")
                .dynamic(move || {
                    if testable.get() {
                        vec![untrack(|| test_send(app, channel, choices))]
                    } else {
                        Vec::new()
                    }
                })
                .dynamic(move || {
                    if reachable.get() {
                        untrack(|| linking::unlink(app, channel, choices))
                    } else {
                        Vec::new()
                    }
                }),
        )
}

/// An address that nothing can be sent to has nothing to try.
fn can_test(card: &ChannelCard) -> bool {
    let waits_for_a_friend = card.channel == Channel::Line && card.state == Some(AddressState::Unverified);
    card.address.is_some() && !waits_for_a_friend
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

/// The one sentence a card needs besides its facts. `state` is `None` without an address.
fn note_of(channel: Channel, state: Option<AddressState>, last_one: bool) -> Option<Text> {
    match (state, channel) {
        (None, Channel::Line) => Some(texts::LINK_LINE_HELP),
        (None, Channel::Slack) => Some(texts::LINK_SLACK_HELP),
        (None, Channel::GoogleChat) => Some(texts::LINK_CHAT_HELP),
        (None, Channel::WebPush) => Some(texts::LINK_PUSH_HELP),
        (None, Channel::Lineworks | Channel::Email) => Some(texts::NO_ADDRESS_HELP),
        (Some(AddressState::Blocked), _) => Some(texts::BLOCKED_HELP),
        (Some(AddressState::Broken), Channel::Slack | Channel::GoogleChat | Channel::WebPush) => {
            Some(texts::BROKEN_OWN_HELP)
        }
        (Some(AddressState::Broken), _) => Some(texts::BROKEN_HELP),
        (Some(AddressState::Unverified), Channel::Line) => Some(texts::FRIEND_HELP),
        _ if last_one => Some(texts::LAST_ONE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_says_what_matters_most() {
        use AddressState::{Blocked, Broken, Linked, Unverified};
        for (channel, last_one, state, note) in [
            (Channel::Email, true, None, Some(texts::NO_ADDRESS_HELP)),
            (Channel::Slack, false, None, Some(texts::LINK_SLACK_HELP)),
            (Channel::Line, true, Some(Blocked), Some(texts::BLOCKED_HELP)),
            (Channel::Email, false, Some(Broken), Some(texts::BROKEN_HELP)),
            (Channel::GoogleChat, false, Some(Broken), Some(texts::BROKEN_OWN_HELP)),
            (Channel::Line, true, Some(Unverified), Some(texts::FRIEND_HELP)),
            (Channel::Email, true, Some(Linked), Some(texts::LAST_ONE)),
            (Channel::Email, false, Some(Linked), None),
        ] {
            assert_eq!(note_of(channel, state, last_one), note, "{channel} {state:?}");
        }
    }

    #[test]
    fn nothing_is_tried_that_cannot_arrive() {
        let card = |channel, state: Option<AddressState>| ChannelCard {
            channel,
            address: state.map(|_| "x".into()),
            state,
            on: true,
            last_one: false,
            last_ok_at: None,
        };
        for (channel, state, expected) in [
            (Channel::Line, Some(AddressState::Linked), true),
            (Channel::Line, Some(AddressState::Unverified), false),
            (Channel::Slack, Some(AddressState::Unverified), true),
            (Channel::Slack, None, false),
        ] {
            assert_eq!(can_test(&card(channel, state)), expected, "{channel} {state:?}");
        }
    }
}
