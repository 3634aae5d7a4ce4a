//! What links a channel: LINE by its login and then by adding the account as a friend, Slack by the member ID,
//! Google Chat by a webhook URL; and what takes a link away.

use leptos::prelude::*;
use shared::{
    api::{
        linking::Returned,
        me::{ChannelCard, Settings},
    },
    channel::{AddressState, Channel},
    lang::Text,
};

use super::{frame::App, friend, me::Choices, push, texts};
use crate::{
    client::{
        Failure, browser, http,
        json::{self, FromJson, Json, Out},
        spawn,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Binding, ButtonKind, Tone,
        controls::{Line, Press, button, form, text_field},
        field::focus_first_wrong,
        surfaces::banner,
    },
};

/// The part of a card that links its channel. `state` is `None` without an address.
pub(super) fn part(app: App, channel: Channel, state: Option<AddressState>, choices: Choices) -> Vec<El> {
    match (channel, state) {
        (Channel::Line, None | Some(AddressState::Broken)) => vec![line_login(app)],
        (Channel::Line, Some(AddressState::Unverified | AddressState::Blocked)) => {
            vec![friend::part(app, choices)]
        }
        (Channel::Slack, None | Some(AddressState::Broken)) => vec![asked(app, SLACK, choices)],
        (Channel::GoogleChat, None | Some(AddressState::Broken)) => vec![asked(app, CHAT, choices)],
        (Channel::WebPush, state) => vec![push::part(app, state, choices)],
        _ => Vec::new(),
    }
}

/// What became of the LINE login, said once: the address is tidied, so that it is gone after reloading.
pub(super) fn came_back(settings: RwSignal<Settings>, choices: Choices) -> El {
    let result = browser::query("link").and_then(|_| browser::query("result"));
    let place = el("div", "link-result");
    let Some(result) = result else { return place };
    browser::forget_query();
    choices.refresh();
    let returned = Returned::from_code(&result).unwrap_or(Returned::Failed);
    let tone = if returned.is_good() { Tone::Good } else { Tone::Bad };
    // What it asks for may be done while the page is open.
    let done = move || {
        let linked =
            |card: &ChannelCard| card.channel == Channel::Line && card.state == Some(AddressState::Linked);
        returned == Returned::AddFriend && settings.with(|settings| settings.channels.iter().any(linked))
    };
    place.attr_when("hidden", move || done().then(String::new)).child(banner(
        tone,
        "link-result",
        move || say(returned.sentence()).to_owned(),
    ))
}

/// Where the browser goes next.
struct Way(String);

impl FromJson for Way {
    fn from_json(json: &Json) -> Option<Self> {
        json.text("url").map(Self)
    }
}

fn line_login(app: App) -> El {
    let busy = RwSignal::new(false);
    let press = Press { busy: busy.into(), test: "link-line".into(), ..Press::primary(texts::LINK_LINE) };
    let start = move || {
        busy.set(true);
        spawn(async move {
            match json::send::<Way>("POST", "/api/me/channels/line/link", "{}".to_owned()).await {
                // Busy until the page is gone.
                Ok(Way(url)) => browser::go(&url),
                Err(failure) => {
                    let _gone = busy.try_set(false);
                    app.toasts.failed(&failure);
                }
            }
        });
    };
    el("div", "channel-link").child(button(press, Some(Box::new(start))))
}

/// A channel that is linked by something that the member looks up.
#[derive(Clone, Copy)]
struct Asked {
    channel: Channel,
    /// In the request.
    field: &'static str,
    label: Text,
    hint: Text,
    kind: &'static str,
    placeholder: &'static str,
    press: Text,
}

const SLACK: Asked = Asked {
    channel: Channel::Slack,
    field: "member_id",
    label: texts::SLACK_ID,
    hint: texts::SLACK_ID_HINT,
    kind: "text",
    placeholder: "U0123ABCD",
    press: texts::LINK,
};

const CHAT: Asked = Asked {
    channel: Channel::GoogleChat,
    field: "url",
    label: texts::CHAT_URL,
    hint: texts::CHAT_URL_HINT,
    kind: "url",
    placeholder: "https://chat.googleapis.com/v1/spaces/…",
    press: texts::LINK_AND_TRY,
};

fn asked(app: App, what: Asked, choices: Choices) -> El {
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<Wrong>);
    let busy = RwSignal::new(false);
    let send = move || {
        let value: String = typed.with_untracked(|typed| typed.split_whitespace().collect());
        if busy.get_untracked() {
            return;
        }
        if value.is_empty() {
            wrong.set(Some(Wrong::Empty));
            focus_first_wrong();
            return;
        }
        busy.set(true);
        spawn(async move {
            let body = json::object(&[(what.field, Out::Text(&value))]);
            let path = format!("/api/me/channels/{}", what.channel);
            let answer = json::send::<Settings>("PUT", &path, body).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(settings) => {
                    choices.settle(settings);
                    app.toasts.words(fill(texts::LINKED_WITH, &[say(what.channel.name())]));
                }
                Err(failure) => {
                    let _gone = wrong.try_set(Some(Wrong::Refused(failure)));
                    focus_first_wrong();
                }
            }
        });
    };
    let bind = Binding {
        on_input: Callback::new(move |text| {
            wrong.set(None);
            typed.set(text);
        }),
        ..Binding::plain(what.field, typed).with_error(Signal::derive(move || {
            wrong.with(|wrong| {
                wrong.as_ref().map(|wrong| match wrong {
                    Wrong::Empty => say(shared::error::Code::Required.sentence()).to_owned(),
                    Wrong::Refused(failure) => failure.message(lang()),
                })
            })
        }))
    };
    let line = Line {
        hint: Some(what.hint),
        kind: what.kind,
        placeholder: what.placeholder,
        strip: true,
        ..Line::new(what.label)
    };
    let press = Press {
        doing: texts::LINKING,
        busy: busy.into(),
        test: format!("link-{}", what.channel),
        ..Press::primary(what.press)
    };
    form(send).class("channel-link").child(text_field(bind, line)).child(button(press, None))
}

#[derive(Clone)]
enum Wrong {
    Empty,
    Refused(Failure),
}

/// 「連携を解除」, asked again in place. Mail and LINE WORKS are the admin's to keep.
pub(super) fn unlink(app: App, channel: Channel, choices: Choices) -> Vec<El> {
    if matches!(channel, Channel::Email | Channel::Lineworks) {
        return Vec::new();
    }
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let go = move || {
        busy.set(true);
        spawn(async move {
            let answer = http::send("DELETE", &format!("/api/me/channels/{channel}"), None).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(_) => {
                    app.toasts.words(fill(texts::UNLINKED, &[say(channel.name())]));
                    choices.refresh();
                }
                Err(failure) => {
                    let _gone = asking.try_set(false);
                    app.toasts.failed(&failure);
                }
            }
        });
    };
    vec![el("div", "channel-unlink").dynamic(move || {
        let named: Option<Box<dyn Fn() -> Option<String>>> =
            Some(Box::new(move || Some(fill(texts::UNLINK_NAMED, &[say(channel.name())]))));
        if !asking.get() {
            let press = Press {
                kind: ButtonKind::Quiet,
                test: format!("unlink-{channel}"),
                named,
                ..Press::new(texts::UNLINK)
            };
            return vec![button(press, Some(Box::new(move || asking.set(true))))];
        }
        let sure = Press {
            kind: ButtonKind::Danger,
            doing: texts::UNLINKING,
            busy: busy.into(),
            test: format!("unlink-{channel}-sure"),
            named,
            ..Press::new(texts::UNLINK)
        };
        let back = Press { kind: ButtonKind::Quiet, ..Press::new(texts::KEEP) };
        vec![
            el("p", "channel-ask")
                .attr("role", "status")
                .text_when(move || fill(texts::UNLINK_ASK, &[say(channel.name())])),
            el("div", "form-actions")
                .child(button(sure, Some(Box::new(go))))
                .child(button(back, Some(Box::new(move || asking.set(false))))),
        ]
    })]
}
