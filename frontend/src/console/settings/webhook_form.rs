//! A webhook's address and what it is told; and its secret, which is shown once.

use leptos::prelude::*;
use shared::{
    api::webhooks::{NewWebhook, WebhookEvent, WebhookInfo, WebhookRequest},
    error::{Code, Error},
    lang::Text,
};

use super::{
    new_key::{tick, ticks},
    once,
    texts::{frame, webhooks as texts},
    webhooks::{event_name, events_text},
};
use crate::{
    client::{json, spawn},
    console::{
        difference::{Shared, was},
        head::refused,
        kept::keep,
        late::still_here,
        listed::{List, Listed, joined},
        texts::frame as console,
        wire::Body,
    },
    dom::{El, el},
    i18n::say,
    kit::{
        Toasts,
        controls::{Line, Press, button, form as form_element, text_field},
        dialog::dialog,
        form::Validated,
    },
};

/// What a dialog is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    New,
    Change(WebhookInfo),
    /// A secret that was just made; true when it replaced one.
    Secret(Box<NewWebhook>, bool),
}

impl Validated for WebhookRequest {
    const FIELDS: &'static [&'static str] = &["url", "events"];

    fn clean(&mut self) {
        self.url = self.url.trim().to_owned();
    }

    fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.url.is_empty() {
            problems.push(Error::field(Code::Required, "url"));
        } else if !self.url.starts_with("https://") && !self.url.starts_with("http://") {
            // Which addresses are of the internet is the server's to say.
            problems.push(Error::field(Code::NotAPublicUrl, "url"));
        }
        if self.events.is_empty() {
            problems.push(Error::field(Code::Required, "events"));
        }
        problems
    }
}

impl Listed for WebhookRequest {
    fn list(&self) -> List {
        vec![("url", self.url.clone()), ("events", joined(self.events.iter().map(|event| event.code())))]
    }

    fn put(&mut self, name: &str, text: &str) {
        match name {
            "url" => text.clone_into(&mut self.url),
            "events" => {
                let chosen: Vec<&str> = text.split(' ').collect();
                self.events =
                    WebhookEvent::ALL.into_iter().filter(|event| chosen.contains(&event.code())).collect();
            }
            _ => {}
        }
    }
}

/// A field's name, and one of its texts as the page says it.
fn in_words(field: &str, text: &str) -> (Text, String) {
    if field == "url" {
        return (texts::URL, text.to_owned());
    }
    let chosen: Vec<&str> = text.split(' ').collect();
    let events: Vec<WebhookEvent> =
        WebhookEvent::ALL.into_iter().filter(|event| chosen.contains(&event.code())).collect();
    (texts::EVENTS, events_text(&events))
}

/// `on_done` hears of what was saved, while a new secret is still shown.
pub(super) fn webhook_dialog(
    asked: RwSignal<Option<Asked>>,
    toasts: Toasts,
    on_done: impl Fn(WebhookInfo) + Copy + Send + Sync + 'static,
) -> El {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if asked.with(Option::is_some) && !open.get_untracked() {
            open.set(true);
        }
    });
    Effect::new(move || {
        // A secret leaves the page's memory with the dialog.
        if !open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    let title = move || {
        say(asked.with(|asked| match asked {
            Some(Asked::Secret(_, true)) => texts::ROLLED,
            Some(Asked::Secret(_, false)) => texts::MADE,
            Some(Asked::Change(_)) => texts::EDIT_TITLE,
            Some(Asked::New) | None => texts::NEW,
        }))
        .to_owned()
    };
    dialog(open, title, "webhook-dialog", move || {
        vec![el("div", "contents").dynamic(move || match asked.get() {
            None => Vec::new(),
            Some(Asked::Secret(made, _)) => untrack(|| shown(open, &made, toasts)),
            Some(other) => untrack(|| vec![ask(open, asked, other, toasts, on_done)]),
        })]
    })
}

fn ask(
    open: RwSignal<bool>,
    asked: RwSignal<Option<Asked>>,
    what: Asked,
    toasts: Toasts,
    on_done: impl Fn(WebhookInfo) + Copy + 'static,
) -> El {
    let old = match what {
        Asked::Change(info) => Some(info),
        Asked::New | Asked::Secret(..) => None,
    };
    let shared = Shared::new(WebhookRequest {
        url: old.as_ref().map(|old| old.url.clone()).unwrap_or_default(),
        events: old.as_ref().map_or_else(|| WebhookEvent::ALL.to_vec(), |old| old.events.clone()),
    });
    let form = shared.form;
    let kept = keep(form, &format!("webhook/{}", old.as_ref().map_or("", |old| old.id.as_str())), Vec::new());
    let busy = RwSignal::new(false);
    let changes = old.is_some();
    let id = StoredValue::new(old.map(|old| old.id.to_string()));
    let submit = move || {
        let Some(values) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        let sending = kept.sending();
        busy.set(true);
        let id = id.get_value();
        spawn(async move {
            let body = values.body();
            let known = id.clone();
            let answer = match id {
                Some(id) => {
                    let before = shared.before().map(|before| before.body()).unwrap_or_default();
                    let path = was(&format!("/api/webhooks/{id}"), &before);
                    json::send::<WebhookInfo>("PUT", &path, body).await.map(Err)
                }
                None => json::send::<NewWebhook>("POST", "/api/webhooks", body).await.map(Ok),
            };
            let here = still_here(busy);
            match answer {
                Ok(Ok(made)) => {
                    sending.saved();
                    on_done(made.info.clone());
                    let _gone = asked.try_set(Some(Asked::Secret(Box::new(made), false)));
                }
                Ok(Err(changed)) => {
                    sending.saved();
                    on_done(changed);
                    if here {
                        open.set(false);
                    }
                }
                Err(failure) if !here => toasts.failed(&failure),
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    match json::get::<Vec<WebhookInfo>>("/api/webhooks").await {
                        Ok(all) => {
                            let now = all.into_iter().find(|one| Some(one.id.as_str()) == known.as_deref());
                            if let Some(WebhookInfo { url, events, .. }) = now {
                                shared.meanwhile(WebhookRequest { url, events });
                            }
                        }
                        Err(failure) => form.failed(&failure),
                    }
                }
                Err(failure) => form.failed(&failure),
            }
        });
    };
    let boxes = WebhookEvent::ALL.map(|event| {
        tick(
            form,
            "events",
            &format!("event-{}", event.code()),
            (event_name(event), event.code()),
            move |form| form.events.contains(&event),
            move |form| match form.events.iter().position(|own| *own == event) {
                Some(at) => drop(form.events.remove(at)),
                None => form.events.push(event),
            },
        )
    });
    let url = Line {
        hint: Some(texts::URL_HINT),
        kind: "url",
        inputmode: "url",
        strip: true,
        autofocus: true,
        ..Line::new(texts::URL)
    };
    let (label, doing) =
        if changes { (frame::SAVE, frame::SAVE_BUSY) } else { (texts::CREATE, texts::CREATE_BUSY) };
    form_element(submit)
        .test("webhook-form")
        .child(text_field(form.text("url", |form| &form.url, |form| &mut form.url), url))
        .child(ticks(form, "events", texts::EVENTS, boxes.into()))
        .child(kept.line())
        .child(shared.difference(in_words, submit))
        .child(refused(form.general()))
        .child(
            el("div", "form-actions justify-end")
                .child(button(Press::new(console::CANCEL), Some(Box::new(move || open.set(false)))))
                .child(button(
                    Press { doing, busy: busy.into(), test: "save-webhook".into(), ..Press::primary(label) },
                    None,
                )),
        )
}

/// The only time that the secret is seen.
fn shown(open: RwSignal<bool>, made: &NewWebhook, toasts: Toasts) -> Vec<El> {
    let done = Press { test: "webhook-done".into(), ..Press::primary(frame::DONE) };
    vec![
        once::warning(texts::ONCE),
        once::value(toasts, texts::SECRET, &made.secret, "webhook-secret"),
        el("div", "form-actions justify-end").child(button(done, Some(Box::new(move || open.set(false))))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_leads_to_an_address_and_is_told_something() {
        let mut form = WebhookRequest { url: " ".into(), events: Vec::new() };
        form.clean();
        let fields: Vec<_> = form.problems().into_iter().filter_map(|error| error.field).collect();
        assert_eq!(fields, ["url", "events"]);
        let good = WebhookRequest { url: "https://a.jp/x".into(), events: WebhookEvent::ALL.to_vec() };
        assert_eq!(good.problems(), []);
        let odd = WebhookRequest { url: "javascript:alert(1)".into(), ..good };
        assert_eq!(odd.problems(), [Error::field(Code::NotAPublicUrl, "url")]);
    }
}
