//! One webhook: what it is, what became of the last messages, and what can be done with it.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{
    api::webhooks::{NewWebhook, Replayed, WebhookInfo, WebhookMessage, WebhookResult, WebhookState},
    lang::Text,
};

use super::{
    texts::{frame, webhooks as texts},
    webhook_form::{Asked, webhook_dialog},
    webhooks::{event_name, events_text, figures, state},
    wire::Done,
};
use crate::{
    client::{browser, json, spawn, times},
    console::{
        back::back,
        confirm::{Deletion, delete_by_name},
        head::card_head,
        texts::frame as console,
        visit::Visit,
    },
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        ButtonKind, Icon, Loader, Toasts, Tone,
        controls::{Press, button},
        dialog::dialog,
        surfaces::{badge, banner, paragraph, show, time, title, title_of},
        use_toasts,
    },
};

/// Messages are tried within moments of being written; there is no live news of them.
const LOOK_AGAIN: [i64; 4] = [400, 1_200, 3_000, 8_000];

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    webhooks: Loader<Vec<WebhookInfo>>,
    messages: Loader<Vec<WebhookMessage>>,
    toasts: Toasts,
    visit: Visit,
}

impl Page {
    fn reload(self) {
        self.webhooks.reload();
        self.messages.reload();
    }

    /// Looks a few times more: what was asked for is under way.
    fn follow(self) {
        spawn(async move {
            for pause in LOOK_AGAIN {
                browser::pause(pause).await;
                self.reload();
            }
        });
    }
}

/// `/console/settings/webhooks/{id}`.
pub(super) fn page(id: String) -> Vec<El> {
    let path = format!("/api/webhooks/{}/messages", browser::escape(&id));
    let page = Page {
        webhooks: Loader::<Vec<WebhookInfo>>::at("/api/webhooks"),
        messages: Loader::new(move || {
            let path = path.clone();
            async move { json::get::<Vec<WebhookMessage>>(&path).await }
        }),
        toasts: use_toasts(),
        visit: Visit::expect(),
    };
    vec![
        el("div", "max-lg:hidden").child(back("/console/settings/webhooks", texts::BACK)),
        show(el("div", ""), page.webhooks, move |all| {
            let id = id.clone();
            let own =
                Memo::new(move |_| all.with(|all| all.iter().find(|one| one.id.as_str() == id).cloned()));
            let there = Memo::new(move |_| own.with(Option::is_some));
            vec![el("div", "").dynamic(move || match own.get_untracked().filter(|_| there.get()) {
                Some(first) => untrack(|| {
                    let own = Memo::new(move |_| own.get().unwrap_or_else(|| first.clone()));
                    whole(page, own)
                }),
                None => vec![title_of(texts::GONE)],
            })]
        }),
    ]
}

fn whole(page: Page, own: Memo<WebhookInfo>) -> Vec<El> {
    let id = own.with_untracked(|own| own.id.to_string());
    let editing = RwSignal::new(None::<Asked>);
    let (rolling, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let host = StoredValue::new(own.with_untracked(|own| host_of(&own.url)));
    let head = el("div", "mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
        .child(
            el("div", "min-w-0 flex-1 basis-72")
                .child(title(move || own.with(|own| host_of(&own.url))).class("break-all"))
                .child(
                    el("p", "mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-ink-soft")
                        .dynamic(move || vec![own.with(state)])
                        .child(el("span", "").text_when(move || own.with(figures))),
                ),
        )
        .child(test(page, own, &id));
    let facts = el("dl", "facts mt-3")
        .child(el("dt", "").say(texts::URL))
        .child(el("dd", "font-mono text-[13px] break-all").text_when(move || own.with(|own| own.url.clone())))
        .child(el("dt", "").say(texts::EVENTS))
        .child(el("dd", "").text_when(move || own.with(|own| events_text(&own.events))))
        .child(el("dt", "").say(texts::SECRET))
        .child(el("dd", "").text_when(move || {
            own.with(|own| match own.old_secret_until.filter(|until| *until > browser::now()) {
                Some(until) => fill(texts::OLD_SECRET, &[&times::time_text(until, lang())]),
                None => "whsec_••••••••".to_owned(),
            })
        }));
    let edit = Press { test: "edit-webhook".into(), ..Press::new(texts::EDIT) };
    let roll = Press { icon: Some(Icon::Refresh), test: "roll-secret".into(), ..Press::new(texts::ROLL) };
    let delete =
        Press { kind: ButtonKind::Danger, test: "delete-webhook".into(), ..Press::new(texts::DELETE) };
    let settings = el("section", "card").child(facts).child(
        el("div", "form-actions mt-4")
            .child(button(
                edit,
                Some(Box::new(move || editing.set(Some(Asked::Change(own.get_untracked()))))),
            ))
            .child(button(roll, Some(Box::new(move || rolling.set(true)))))
            .child(button(delete, Some(Box::new(move || deleting.set(true))))),
    );
    let (roll_id, delete_id) = (id.clone(), id.clone());
    vec![
        head,
        stopped(page, own, &id),
        settings,
        messages(page, own, id),
        webhook_dialog(editing, page.toasts, move |_| {
            page.toasts.say(frame::SAVED);
            page.reload();
        }),
        dialog(
            rolling,
            || say(texts::ROLL_TITLE).to_owned(),
            "roll-dialog",
            move || roll_parts(page, rolling, editing, roll_id.clone()),
        ),
        dialog(
            deleting,
            || say(texts::DELETE_TITLE).to_owned(),
            "delete-dialog",
            move || delete_parts(page, deleting, host.get_value(), delete_id.clone()),
        ),
    ]
}

/// The host, by which people know it.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

/// One POST without a body whose answer is `T`.
fn ask<T: json::FromJson + 'static>(
    path: String,
    busy: RwSignal<bool>,
    toasts: Toasts,
    done: impl FnOnce(T) + 'static,
) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn(async move {
        let answer = json::send::<T>("POST", &path, "{}".to_owned()).await;
        let _gone = busy.try_set(false);
        match answer {
            Ok(answer) => done(answer),
            Err(failure) => toasts.failed(&failure),
        }
    });
}

fn test(page: Page, own: Memo<WebhookInfo>, id: &str) -> El {
    let busy = RwSignal::new(false);
    let path = format!("/api/webhooks/{id}/test");
    let press = Press {
        doing: texts::SEND_TEST_BUSY,
        icon: Some(Icon::Send),
        busy: busy.into(),
        disabled: Some(Signal::derive(move || own.with(|own| own.disabled_at.is_some()))),
        test: "test-webhook".into(),
        ..Press::primary(texts::SEND_TEST)
    };
    let send = move || {
        ask::<Done>(path.clone(), busy, page.toasts, move |Done| {
            page.toasts.say(texts::TEST_SENT);
            page.follow();
        });
    };
    button(press, Some(Box::new(send)))
}

/// It answered 410: why nothing is sent, and the way back.
fn stopped(page: Page, own: Memo<WebhookInfo>, id: &str) -> El {
    let path = format!("/api/webhooks/{id}/enable");
    let is_stopped = Memo::new(move |_| own.with(|own| own.disabled_at.is_some()));
    el("div", "").dynamic(move || {
        if !is_stopped.get() {
            return Vec::new();
        }
        let (busy, path) = (RwSignal::new(false), path.clone());
        let enable = move || {
            ask::<Done>(path.clone(), busy, page.toasts, move |Done| {
                page.toasts.say(texts::ENABLED);
                page.reload();
            });
        };
        let press = Press { busy: busy.into(), test: "enable-webhook".into(), ..Press::new(texts::ENABLE) };
        untrack(|| {
            vec![
                banner(Tone::Bad, "webhook-stopped", || say(texts::STOPPED_WHY).to_owned()),
                el("div", "mb-4").child(button(press, Some(Box::new(enable)))),
            ]
        })
    })
}

fn messages(page: Page, own: Memo<WebhookInfo>, id: String) -> El {
    let failed = Memo::new(move |_| own.with(|own| own.failed > 0 && own.disabled_at.is_none()));
    let all = el("div", "").dynamic(move || {
        if !failed.get() {
            return Vec::new();
        }
        let (busy, path) = (RwSignal::new(false), format!("/api/webhooks/{id}/replay"));
        let replay = move || {
            ask::<Replayed>(path.clone(), busy, page.toasts, move |answer| {
                let count = browser::number_text(answer.replayed);
                page.toasts.words(texts::REPLAYED.get(lang_now()).replace("{}", &count));
                page.reload();
                page.follow();
            });
        };
        let press = Press {
            doing: texts::REPLAY_BUSY,
            icon: Some(Icon::Refresh),
            busy: busy.into(),
            test: "replay-all".into(),
            ..Press::new(texts::REPLAY_ALL)
        };
        untrack(|| vec![button(press, Some(Box::new(replay)))])
    });
    let head = el("div", "flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4.5 pt-4")
        .child(card_head("messages", texts::MESSAGES, Some(texts::MESSAGES_LEAD)))
        .child(all);
    let list = show(el("div", ""), page.messages, move |messages| {
        vec![el("div", "").dynamic(move || {
            let messages = messages.get();
            if messages.is_empty() {
                return vec![paragraph("px-4.5 py-4 text-ink-soft", texts::NO_MESSAGES).test("no-messages")];
            }
            let lines = messages.iter().map(|one| untrack(|| message(page, own, one))).collect();
            vec![
                el("ul", "m-0 mt-3 list-none divide-y divide-line border-t border-line p-0")
                    .test("messages")
                    .children(lines),
            ]
        })]
    });
    el("section", "card mt-6 p-0").attr("aria-labelledby", "messages").child(head).child(list)
}

fn message(page: Page, own: Memo<WebhookInfo>, message: &WebhookMessage) -> El {
    let (tone, words) = match message.state {
        WebhookState::Waiting => (Tone::Active, texts::STATE_WAITING),
        WebhookState::Delivered => (Tone::Good, texts::STATE_DELIVERED),
        WebhookState::Failed => (Tone::Bad, texts::STATE_FAILED),
    };
    let due = message.due_at.filter(|_| message.tries > 0).map(|at| {
        el("span", "text-[13px] text-ink-soft")
            .text_when(move || fill(texts::NEXT_TRY, &[&times::time_text(at, lang())]))
    });
    let attempts = message.attempts.iter().rev().map(|attempt| {
        let status = attempt.status.map(|status| format!("HTTP {status} ")).unwrap_or_default();
        let (took, result) = (attempt.took.to_string(), attempt.result);
        el("li", "flex flex-wrap gap-x-3 text-[13px] text-ink-soft").child(time(attempt.at)).child(
            el("span", "").text_when(move || {
                format!("{status}{} · {}", say(result_words(result)), fill(texts::ATTEMPT, &[&took]))
            }),
        )
    });
    let body = el("div", "min-w-0 flex-1 basis-72")
        .child(
            el("p", "flex flex-wrap items-baseline gap-x-3")
                .child(badge(tone, words).test("message-state"))
                .child(el("span", "font-medium").say(event_name(message.event)))
                .child(time(message.created_at))
                .maybe(due),
        )
        .child(el("p", "font-mono text-[12px] text-ink-soft break-all").text(message.id.as_str()))
        .child(el("ul", "m-0 mt-1 list-none p-0").children(attempts.collect()));
    let (busy, path) = (RwSignal::new(false), format!("/api/webhooks/messages/{}/replay", message.id));
    let again = move || {
        ask::<Done>(path.clone(), busy, page.toasts, move |Done| {
            page.reload();
            page.follow();
        });
    };
    let press = Press {
        kind: ButtonKind::Quiet,
        doing: texts::REPLAY_BUSY,
        busy: busy.into(),
        test: "replay".into(),
        ..Press::new(texts::REPLAY)
    };
    let may = message.due_at.is_none() && own.with_untracked(|own| own.disabled_at.is_none());
    el("li", "flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-4.5 py-3")
        .test("message")
        .child(body)
        .maybe(may.then(|| button(press, Some(Box::new(again)))))
}

const fn result_words(result: WebhookResult) -> Text {
    match result {
        WebhookResult::Delivered => texts::R_DELIVERED,
        WebhookResult::Refused => texts::R_REFUSED,
        WebhookResult::Redirected => texts::R_REDIRECTED,
        WebhookResult::Gone => texts::R_GONE,
        WebhookResult::NoConnection => texts::R_NO_CONNECTION,
        WebhookResult::NoAnswer => texts::R_NO_ANSWER,
        WebhookResult::UrlRefused => texts::R_URL_REFUSED,
        WebhookResult::NoSecret => texts::R_NO_SECRET,
    }
}

fn roll_parts(page: Page, open: RwSignal<bool>, shown: RwSignal<Option<Asked>>, id: String) -> Vec<El> {
    let busy = RwSignal::new(false);
    let roll = move || {
        ask::<NewWebhook>(format!("/api/webhooks/{id}/secret"), busy, page.toasts, move |made| {
            let _gone = open.try_set(false);
            let _gone = shown.try_set(Some(Asked::Secret(Box::new(made), true)));
            page.webhooks.reload();
        });
    };
    let press = Press {
        doing: texts::ROLL_BUSY,
        busy: busy.into(),
        test: "roll-confirm".into(),
        ..Press::primary(texts::ROLL_DO)
    };
    vec![
        paragraph("", texts::ROLL_LEAD),
        el("div", "form-actions justify-end")
            .child(button(Press::new(console::CANCEL), Some(Box::new(move || open.set(false)))))
            .child(button(press, Some(Box::new(roll)))),
    ]
}

fn delete_parts(page: Page, open: RwSignal<bool>, host: String, id: String) -> Vec<El> {
    let (path, own) = (format!("/api/webhooks/{id}"), format!("/console/settings/webhooks/{id}"));
    let deletion = Deletion {
        name: Signal::stored(host),
        label: texts::DELETE_DO,
        doing: texts::DELETE_BUSY,
        test: "delete-confirm",
        toasts: page.toasts,
        path: Box::new(move || path.clone()),
        gone: Rc::new(move || {
            page.toasts.say(texts::DELETED);
            page.visit.go_instead(&own, "/console/settings/webhooks");
        }),
    };
    let mut parts = vec![paragraph("", texts::DELETE_LEAD)];
    parts.extend(delete_by_name(open, deletion));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_known_by_its_host() {
        for (url, host) in [
            ("https://hooks.minato.example/a/b?c", "hooks.minato.example"),
            ("http://127.0.0.1:9000", "127.0.0.1:9000"),
            ("https://a.jp?b", "a.jp"),
        ] {
            assert_eq!(host_of(url), host);
        }
    }
}
