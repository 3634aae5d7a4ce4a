//! What a message would do, before anything is saved.

use leptos::prelude::*;
use shared::api::attendance::{AttendanceSettings, Tried};

use super::super::texts;
use crate::{
    client::{
        json::{self, Out, object},
        spawn,
    },
    console::{head::card_head, wire::Body},
    dom::{El, el, follow},
    i18n::{lang, lang_now},
    kit::{
        Binding, Icon,
        controls::{Line, Press, button, form as form_element, text_field},
        form::Form,
        surfaces::icon,
    },
};

pub(super) fn card(form: Form<AttendanceSettings>) -> El {
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let result = RwSignal::new(None::<Result<Tried, String>>);
    // An answer is about what stood there, in the language in which it was asked.
    follow(Box::new(move || {
        let _tracked = (lang(), form.values.track(), typed.track());
        result.set(None);
    }));
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let (text, settings) = (typed.get_untracked(), form.values.with_untracked(Body::body));
        let body = object(&[("text", Out::Text(&text)), ("settings", Out::Json(&settings))]);
        busy.set(true);
        spawn(async move {
            let answer = json::send::<Tried>("POST", "/api/attendance/settings/try", body).await;
            let _gone = busy.try_set(false);
            let _gone = result.try_set(Some(answer.map_err(|failure| failure.message(lang_now()))));
        });
    };
    let told = move || {
        let Some(answer) = result.get() else { return Vec::new() };
        let (good, words, punch) = match answer {
            Ok(tried) => {
                (tried.punch.is_some(), tried.explanation, tried.punch.map_or("none", |kind| kind.code()))
            }
            Err(words) => (false, words, "refused"),
        };
        let drawing = if good { Icon::Check } else { Icon::Dash };
        vec![
            el("p", "flex items-start gap-2 rounded-md bg-sunk px-3 py-2")
                .test("tried")
                .attr("data-punch", punch)
                .child(
                    el("span", if good { "mt-0.5 text-ai" } else { "mt-0.5 text-ink-soft" })
                        .child(icon(drawing)),
                )
                .child(el("span", "min-w-0 break-words").text(&words)),
        ]
    };
    let press =
        Press { busy: busy.into(), doing: texts::TRYING, test: "try".into(), ..Press::new(texts::TRY) };
    el("section", "card")
        .attr("aria-labelledby", "trying")
        .test("trying")
        .child(card_head("trying", texts::TRY_TITLE, Some(texts::TRY_LEAD)))
        .child(
            form_element(send)
                .class("mt-3")
                .child(text_field(Binding::plain("try", typed), Line::new(texts::TRY_TEXT)))
                .child(el("div", "").attr("aria-live", "polite").dynamic(told))
                .child(el("div", "form-actions").child(button(press, None))),
        )
}
