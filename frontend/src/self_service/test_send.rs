//! 「テスト送信」 of a card, with what becomes of its message as it happens.

use std::time::Duration;

use leptos::prelude::*;
use shared::{
    api::{deliveries::DeliveryRow, live::LiveMessage},
    channel::Channel,
    delivery::State,
};

use super::{frame::App, me::Choices, notice_page::NoticeDetail, texts};
use crate::{
    client::{json, live, spawn},
    dom::{El, el, follow},
    i18n::{fill, join, lang, say},
    kit::{
        Tone,
        controls::{Press, button},
        surfaces::{badge, state_badge, time},
    },
};

/// The button and what became of its message.
pub(super) fn test_send(app: App, channel: Channel, choices: Choices) -> El {
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
            let answer =
                json::send::<DeliveryRow>("POST", &format!("/api/me/channels/{channel}/test"), String::new())
                    .await;
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
            let answer = json::get::<NoticeDetail>(&format!("/api/me/notices/{id}")).await;
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
