//! The buttons that a notice asks with, and who took one of them.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    api::events::{Claim, Pressed},
    id::EventId,
    lang::Text,
    message::{Action, ActionStyle},
};

use super::{frame::App, texts};
use crate::{
    client::{
        json::{self, Out},
        spawn,
    },
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        ButtonKind, Icon,
        controls::{Press, button},
        surfaces::{icon, time},
    },
};

/// What a notice asks, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) event: EventId,
    /// Empty once somebody took one.
    pub(super) actions: Vec<Action>,
    pub(super) claim: Option<Claim>,
}

/// `taken` hears who has it, be it this press or an earlier one.
pub(super) fn part(app: App, asked: Memo<Asked>, taken: impl Fn(Claim) + 'static) -> El {
    let taken: Rc<dyn Fn(Claim)> = Rc::new(taken);
    el("div", "answers").attr("aria-live", "polite").dynamic(move || {
        let Asked { event, actions, claim } = asked.get();
        match claim {
            Some(claim) => vec![claimed(claim)],
            None if actions.is_empty() => Vec::new(),
            None => untrack(|| vec![buttons(app, &event, actions, &taken)]),
        }
    })
}

/// 「佐藤 花子さんが「対応します」を選びました」.
fn claimed(claim: Claim) -> El {
    let at = claim.at;
    el("p", "claim")
        .test("claim")
        .child(icon(Icon::Check))
        .child(el("span", "").text_when(move || fill(texts::CLAIMED, &[&claim.name, &claim.label])))
        .child(time(at))
}

fn buttons(app: App, event: &EventId, actions: Vec<Action>, taken: &Rc<dyn Fn(Claim)>) -> El {
    // Which of them is on its way; all wait for it.
    let pressed = RwSignal::new(None::<usize>);
    let event = event.to_string();
    let row = actions.into_iter().enumerate().map(|(index, action)| {
        let (event, id, taken) = (event.clone(), action.id.clone(), Rc::clone(taken));
        let press = Press {
            kind: kind_of(action.style),
            busy: Signal::derive(move || pressed.get() == Some(index)),
            disabled: Some(Signal::derive(move || pressed.get().is_some_and(|other| other != index))),
            test: format!("action-{id}"),
            ..Press::new(Text::new("", ""))
        };
        let send = move || {
            let body = json::object(&[("event", Out::Text(&event)), ("action", Out::Text(&id))]);
            let taken = Rc::clone(&taken);
            pressed.set(Some(index));
            spawn(async move {
                let answer = json::send::<Pressed>("POST", "/api/me/actions", body).await;
                let _gone = pressed.try_set(None);
                match answer {
                    Ok(Pressed { won, claim }) => {
                        let words = if won {
                            fill(texts::YOURS, &[&claim.label])
                        } else {
                            fill(texts::TAKEN, &[&claim.name, &claim.label])
                        };
                        app.toasts.words(words);
                        taken(claim);
                    }
                    Err(failure) => app.toasts.failed(&failure),
                }
            });
        };
        button(press.words(move || action.label.clone()), Some(Box::new(send)))
    });
    el("div", "answers-row")
        .attr("role", "group")
        .attr_when("aria-label", || Some(say(texts::ANSWER).to_owned()))
        .children(row.collect())
}

const fn kind_of(style: ActionStyle) -> ButtonKind {
    match style {
        ActionStyle::Plain => ButtonKind::Secondary,
        ActionStyle::Primary => ButtonKind::Primary,
        ActionStyle::Danger => ButtonKind::Danger,
    }
}
