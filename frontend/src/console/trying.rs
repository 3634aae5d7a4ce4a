//! A test notice: the button, and beside it what became of the notice as it happens.

use leptos::prelude::*;
use shared::{
    api::{deliveries::DeliveryRow, live::LiveMessage},
    delivery::State,
    lang::Text,
};

use crate::{
    client::{json, live, spawn},
    dom::{El, el},
    i18n::{join, lang, say},
    kit::{
        Toasts, Tone,
        controls::{Press, button},
        surfaces::{banner, state_badge},
        words::why,
    },
};

crate::i18n::texts! {
    RESULT "テスト通知の結果" "Result of the test notice";
}

/// The button and the line below it. `path` is what it posts to, for the [`DeliveryRow`] of the notice; `arrived` is
/// said when it is there.
pub(crate) fn test_notice(
    toasts: Toasts,
    press: Press,
    path: impl Fn() -> String + 'static,
    arrived: Text,
) -> El {
    let (busy, sent) = (RwSignal::new(false), RwSignal::new(None::<DeliveryRow>));
    // The news may be here before the answer that says which delivery it is about.
    let early = StoredValue::new(Vec::<DeliveryRow>::new());
    live::listen(move |heard| {
        if let live::Heard::Message(LiveMessage::Delivery(row)) = heard {
            if busy.get_untracked() {
                early.update_value(|early| early.push(row.as_ref().clone()));
            }
            sent.update(|sent| {
                if let Some(sent) = sent.as_mut().filter(|sent| sent.id == row.id) {
                    *sent = row.as_ref().clone();
                }
            });
        }
    });
    let send = move || {
        let path = path();
        busy.set(true);
        sent.set(None);
        early.set_value(Vec::new());
        spawn(async move {
            let answer = json::send::<DeliveryRow>("POST", &path, String::new()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(row) => {
                    let newer =
                        early.try_with_value(|early| early.iter().rfind(|one| one.id == row.id).cloned());
                    drop(sent.try_set(Some(newer.flatten().unwrap_or(row))));
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    el("div", "contents").child(button(Press { busy: busy.into(), ..press }, Some(Box::new(send)))).child(
        el("div", "basis-full")
            .attr("aria-live", "polite")
            .attr_when("aria-label", || Some(say(RESULT).to_owned()))
            .attr("role", "group")
            .dynamic(move || {
                sent.with(|sent| sent.as_ref().map(|row| outcome(row, arrived))).into_iter().collect()
            }),
    )
}

fn outcome(row: &DeliveryRow, arrived: Text) -> El {
    // Until something is known, the state alone; then what is wrong, in the words of the delivery's page.
    let words = match row.state {
        State::Sent => say(arrived).to_owned(),
        _ if row.cause.is_some() => join(why(row, lang()).get(1..).unwrap_or_default()),
        _ => String::new(),
    };
    let line =
        el("div", "flex flex-wrap items-center gap-3").test("test-result").child(state_badge(row.state));
    if row.state == State::Failed || row.cause.is_some() && row.state != State::Sent {
        return line
            .child(banner(Tone::Bad, "test-cause", move || words.clone()).class("mb-0").class("flex-1"));
    }
    line.child(el("span", "").text(&words))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
