//! Submitting a month, and sending it back.

use leptos::prelude::*;
use shared::{
    error::{Code, Error},
    lang::Text,
};

use super::{
    super::texts,
    sheet::{Page, focus_on, missing_words, month_words},
    wire::Sheet,
};
use crate::{
    client::{
        Failure,
        json::{self, Out, object},
        spawn,
    },
    console::{head::refused, late::still_here, texts::frame},
    dom::{El, el},
    i18n::{fill, lang, lang_now},
    kit::{
        Binding, ButtonKind, Tone,
        controls::{Line, Press, button, form as form_element, text_field},
        dialog::dialog,
        field::focus_first_wrong,
        surfaces::banner,
    },
};

/// 「提出」: says what it means, and what is missing.
pub(super) fn submit(page: Page) -> El {
    let open = page.submitting;
    dialog(
        open,
        move || fill(texts::SUBMIT_TITLE, &[&month_words(page)]),
        "submit-dialog",
        move || {
            let (busy, general) = (RwSignal::new(false), RwSignal::new(None::<String>));
            let missing =
                missing_words(page).map(|words| banner(Tone::Warn, "submit-missing", move || words.clone()));
            let send = move || {
                let version =
                    page.loader.peek(|sheet| sheet.as_ref().map(|sheet| sheet.version.clone())).flatten();
                let body = object(&[("version", Out::Text(version.as_deref().unwrap_or_default()))]);
                post(page, "/submit", body, (open, busy), texts::SUBMITTED, move |failure| {
                    // Somebody punched since: the page shows it, and the reader looks once more.
                    if failure.code() == Some(Code::ChangedMeanwhile) {
                        page.loader.reload();
                    }
                    let _gone = general.try_set(Some(failure.message(lang_now())));
                });
            };
            let press = Press {
                busy: busy.into(),
                doing: texts::SUBMITTING,
                test: "submit-confirm".into(),
                ..Press::primary(texts::SUBMIT)
            };
            vec![
                form_element(send)
                    .child(el("p", "").say(texts::SUBMIT_LEAD))
                    .maybe(missing)
                    .child(refused(general.into()))
                    .child(ends(open, press)),
            ]
        },
    )
}

/// 「差し戻す」, with a reason that the person is told.
pub(super) fn send_back(page: Page) -> El {
    let open = page.sending_back;
    dialog(
        open,
        move || fill(texts::SEND_BACK_TITLE, &[&month_words(page)]),
        "send-back-dialog",
        move || {
            let busy = RwSignal::new(false);
            let reason = RwSignal::new(String::new());
            let wrong = RwSignal::new(None::<Error>);
            let general = RwSignal::new(None::<String>);
            let error =
                Signal::derive(move || wrong.with(|wrong| wrong.as_ref().map(|wrong| wrong.message(lang()))));
            let send = move || {
                let text =
                    reason.with_untracked(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
                let found = match text.chars().count() {
                    0 => Some(Error::new(Code::Required)),
                    count if count > 200 => Some(Error::new(Code::TooLong).found("200")),
                    _ => None,
                };
                if found.is_some() {
                    wrong.set(found);
                    focus_first_wrong();
                    return;
                }
                let body = object(&[("reason", Out::Text(&text))]);
                post(page, "/send-back", body, (open, busy), texts::SENT_BACK, move |failure| {
                    let _gone = general.try_set(Some(failure.message(lang_now())));
                });
            };
            let mut bind = Binding::plain("reason", reason).with_error(error);
            bind.on_input = Callback::new(move |text| {
                reason.set(text);
                wrong.set(None);
            });
            let press = Press {
                kind: ButtonKind::Primary,
                busy: busy.into(),
                doing: texts::SENDING_BACK,
                test: "send-back-confirm".into(),
                ..Press::new(texts::SEND_BACK)
            };
            vec![
                form_element(send)
                    .child(el("p", "").say(texts::SEND_BACK_LEAD))
                    .child(text_field(bind, Line { autofocus: true, ..Line::new(texts::REASON) }))
                    .child(refused(general.into()))
                    .child(ends(open, press)),
            ]
        },
    )
}

fn ends(open: RwSignal<bool>, press: Press) -> El {
    el("div", "form-actions justify-end")
        .child(button(Press::new(frame::CANCEL), Some(Box::new(move || open.set(false)))))
        .child(button(press, None))
}

fn post(
    page: Page,
    what: &'static str,
    body: String,
    (open, busy): (RwSignal<bool>, RwSignal<bool>),
    done: Text,
    failed: impl FnOnce(&Failure) + 'static,
) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    let failed: Box<dyn FnOnce(&Failure)> = Box::new(failed);
    let path = page.path(what);
    spawn(async move {
        let answer = json::send::<Sheet>("POST", &path, body).await;
        let here = still_here(busy);
        match answer {
            Ok(sheet) => {
                page.take(sheet);
                page.toasts.say(done);
                if here {
                    open.set(false);
                    focus_on("[data-testid=page-title]".to_owned());
                }
            }
            Err(failure) if here => failed(&failure),
            Err(failure) => page.toasts.failed(&failure),
        }
    });
}
