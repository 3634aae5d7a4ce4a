//! A new API key: asked for, made, shown once.

use leptos::prelude::*;
use shared::{
    api::settings::{KeyRequest, NewKey, Scope},
    lang::Text,
};

use super::{
    keys_model::{curl_line, scope_code, scope_name},
    once,
};
use crate::{
    client::{Session, browser, json, spawn},
    console::{
        head::refused,
        kept::keep,
        texts::{frame, settings as texts},
        wire::Body,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Toasts,
        controls::{Line, Press, button, form as form_element, text_field},
        dialog::dialog,
        form::{Form, Validated},
    },
};

/// `on_made` is called as soon as the key exists, while it is still shown.
pub(super) fn new_key_dialog(
    open: RwSignal<bool>,
    toasts: Toasts,
    on_made: impl Fn() + Copy + Send + Sync + 'static,
) -> El {
    let made = RwSignal::new(None::<NewKey>);
    Effect::new(move || {
        // The key leaves the page's memory with the dialog.
        if !open.get() {
            made.set(None);
        }
    });
    let session = Session::expect();
    let title = move || {
        made.with(|made| {
            made.as_ref().map_or_else(
                || say(texts::NEW).to_owned(),
                |made| fill(texts::ONCE_TITLE, &[&made.info.name]),
            )
        })
    };
    dialog(open, title, "key-dialog", move || {
        vec![el("div", "contents").dynamic(move || match made.get() {
            None => untrack(|| vec![ask(open, made, on_made)]),
            Some(made) => untrack(|| shown(open, made, toasts, session)),
        })]
    })
}

fn ask(open: RwSignal<bool>, made: RwSignal<Option<NewKey>>, on_made: impl Fn() + Copy + 'static) -> El {
    let form =
        Form::new(KeyRequest { name: String::new(), scopes: vec![Scope::EventsWrite, Scope::EventsRead] });
    let kept = keep(form, "key", Vec::new());
    let busy = RwSignal::new(false);
    let submit = move || {
        let Some(values) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        let sending = kept.sending();
        busy.set(true);
        spawn(async move {
            let answer = json::send::<NewKey>("POST", "/api/keys", values.body()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(key) => {
                    sending.saved();
                    let _gone = made.try_set(Some(key));
                    on_made();
                }
                Err(failure) => form.failed(&failure),
            }
        });
    };
    let scopes = Scope::ALL.map(|scope| {
        tick(
            form,
            "scopes",
            &format!("scope-{}", scope_code(scope)),
            (scope_name(scope), scope_code(scope)),
            move |form| form.scopes.contains(&scope),
            move |form| match form.scopes.iter().position(|own| *own == scope) {
                Some(at) => drop(form.scopes.remove(at)),
                None => form.scopes.push(scope),
            },
        )
    });
    let name = Line { hint: Some(texts::NAME_HINT), autofocus: true, ..Line::new(texts::NAME) };
    form_element(submit)
        .test("key-form")
        .child(text_field(form.text("name", |form| &form.name, |form| &mut form.name), name))
        .child(ticks(form, "scopes", texts::SCOPES, scopes.into()))
        .child(kept.line())
        .child(refused(form.general()))
        .child(
            el("div", "form-actions justify-end")
                .child(button(Press::new(frame::CANCEL), Some(Box::new(move || open.set(false)))))
                .child(button(
                    Press {
                        doing: texts::CREATE_BUSY,
                        busy: busy.into(),
                        test: "create-key".into(),
                        ..Press::primary(texts::CREATE)
                    },
                    None,
                )),
        )
}

/// Several of a few, with one error below.
pub(super) fn ticks<F: Validated>(form: Form<F>, name: &'static str, label: Text, boxes: Vec<El>) -> El {
    let wrong = move || form.problems.with(|problems| problems.of(name, lang()));
    el("fieldset", "field")
        .class_when("field-wrong", move || wrong().is_some())
        .child(el("legend", "field-label").say(label))
        .children(boxes)
        .child(
            el("p", "field-error")
                .attr("aria-live", "polite")
                .test(&format!("error-{name}"))
                .text_when(move || wrong().unwrap_or_default()),
        )
}

/// One of them: its words, and the code that the API uses.
pub(super) fn tick<F: Validated>(
    form: Form<F>,
    name: &'static str,
    test: &str,
    (words, code): (Text, &str),
    ticked: impl Fn(&F) -> bool + 'static,
    toggle: impl Fn(&mut F) + 'static,
) -> El {
    let on = form.values.with_untracked(&ticked);
    let input = el("input", "size-4.5 shrink-0 accent-ai").attr("type", "checkbox").test(test).on(
        "change",
        move |_| {
            form.values.update(&toggle);
            form.problems.update(|problems| problems.typed(name));
        },
    );
    let input = if on { input.attr("checked", "") } else { input };
    el("label", "flex min-h-11 cursor-pointer items-center gap-3 md:min-h-9").child(input).child(
        el("span", "")
            .child(el("span", "").say(words))
            .child(el("code", "ml-2 font-mono text-[13px] text-ink-soft").text(code)),
    )
}

/// The only time that the key is seen.
fn shown(open: RwSignal<bool>, made: NewKey, toasts: Toasts, session: Session) -> Vec<El> {
    let me = session.0.with_untracked(|me| me.as_ref().map(|me| me.id.clone()));
    let may_send = made.info.scopes.contains(&Scope::EventsWrite);
    let line = me
        .filter(|_| may_send)
        .map(|me| curl_line(&browser::origin(), &made.key, &me, say(texts::FIRST_TITLE)));
    let done = Press { test: "key-done".into(), ..Press::primary(frame::CLOSE) };
    let mut parts =
        vec![once::warning(texts::ONCE_LEAD), once::value(toasts, texts::ONCE_KEY, &made.key, "key-value")];
    parts.extend(line.map(|line| once::terminal(toasts, texts::ONCE_TRY, &line, "curl")));
    parts.push(
        el("div", "form-actions justify-end").child(button(done, Some(Box::new(move || open.set(false))))),
    );
    parts
}
