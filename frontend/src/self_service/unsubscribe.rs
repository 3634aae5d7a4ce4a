//! `/u/{token}` from the foot of a mail: says what will stop, and stops it at a press (mail programs do the same
//! by RFC 8058 without this page).

use leptos::prelude::*;
use shared::api::me::Unsubscription;

use super::texts;
use crate::kit::{
    controls::{Press, away, button},
    surfaces::{banner, paragraph, title_of},
};
use crate::{
    client::{Failure, http, json, spawn},
    dom::{El, el, follow},
    i18n::{fill, lang, say},
    kit::{ButtonKind, Tone, texts as kit_texts},
};

pub(super) fn page(token: &str) -> Vec<El> {
    let token = StoredValue::new(token.to_owned());
    let about = RwSignal::new(None::<Unsubscription>);
    let failure = RwSignal::new(None::<Failure>);
    let (busy, done) = (RwSignal::new(false), RwSignal::new(false));
    follow(Box::new(move || {
        let _tracked = lang();
        spawn(async move {
            // Only the name in the sentence depends on it: without it the sentence is general.
            if let Ok(found) = json::get::<Unsubscription>(&format!("/api/u/{}", token.get_value())).await {
                let _gone = about.try_set(Some(found));
            }
        });
    }));
    let stop = move || {
        busy.set(true);
        failure.set(None);
        spawn(async move {
            let answer = http::tell_nothing(&format!("/u/{}", token.get_value())).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(()) => done.set(true),
                Err(refused) => failure.set(Some(refused)),
            }
        });
    };
    let words = move || match about.get() {
        Some(about) => fill(texts::STOP_ASK_KIND, &[&about.kind_name]),
        None => say(texts::STOP_ASK).to_owned(),
    };
    let above = move || match failure.get() {
        Some(failure) => vec![banner(Tone::Bad, "form-error", move || failure.message(lang()))],
        None => Vec::new(),
    };
    vec![el("div", "gate").dynamic(move || {
        if done.get() {
            return vec![
                title_of(texts::STOPPED_TITLE),
                paragraph("lead", texts::STOPPED).test("stopped"),
                away(ButtonKind::Secondary, kit_texts::TO_MY_NOTICES, "/me", "to-me"),
            ];
        }
        let press = Press {
            doing: texts::STOPPING,
            busy: busy.into(),
            test: "stop".into(),
            ..Press::primary(texts::STOP)
        };
        vec![
            title_of(texts::STOP_TITLE),
            el("p", "lead").text_when(words).child(el("br", "")).child(el("span", "").say(texts::STOP_REST)),
            el("div", "").dynamic(above),
            button(press, Some(Box::new(stop))),
        ]
    })]
}
