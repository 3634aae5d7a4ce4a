//! The address under which any calendar program shows one's own absences. It is shown once.

use leptos::prelude::*;

use super::frame::App;
use crate::{
    client::{
        http,
        json::{self, FromJson, Json},
        spawn,
    },
    dom::{El, el},
    i18n::{say, texts},
    kit::{
        ButtonKind, Loader,
        button::copy_button,
        controls::{Press, button},
        surfaces::{paragraph, show, time},
    },
};

texts! {
    TITLE "カレンダー" "Calendar";
    NAME "不在予定をカレンダーで見る" "Absences in your calendar";
    LEAD "購読アドレスをカレンダーアプリに登録すると、あなたの不在予定が表示されます。アドレスを知っている人は誰でも見られます。" "Subscribe to this address in a calendar app to see your absences. Anybody who knows it can see them.";
    MAKE "カレンダーの購読アドレスを作る" "Make a subscription address";
    ONCE "アドレスの表示は今回だけです。コピーして登録してください。" "It is shown only this once. Copy it now.";
    COPY "購読アドレスをコピー" "Copy the address";
    MADE "作成 " "made ";
    RENEW "作り直す" "Make a new one";
    RENEW_LEAD "作り直すか削除すると、今のアドレスは使えなくなります。" "With a new one, or none, this one stops working.";
    REMOVE "削除" "Remove";
    REMOVED "購読アドレスを削除しました" "The address was removed";
}

const PATH: &str = "/api/me/calendar";

/// As asked for, or as just made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Feed {
    created_at: Option<i64>,
    url: Option<String>,
}

impl FromJson for Feed {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { created_at: json.number("created_at"), url: json.text("url") })
    }
}

pub(super) fn section(app: App) -> Vec<El> {
    let opened = RwSignal::new(false);
    let feed = el("details", "app")
        .test("feed")
        .child(
            el("summary", "app-head")
                .child(el("span", "app-name").say(NAME))
                .on_press(move || opened.set(true)),
        )
        // Asked for when somebody wants it.
        .dynamic(move || if opened.get() { untrack(|| vec![card(app)]) } else { Vec::new() });
    vec![el("h2", "section-title").say(TITLE), el("div", "apps").child(feed)]
}

fn card(app: App) -> El {
    let loader = Loader::<Feed>::at(PATH);
    show(el("div", "devices"), loader, move |feed| {
        vec![el("div", "feed").dynamic(move || parts(app, feed.get(), loader))]
    })
}

fn parts(app: App, feed: Feed, loader: Loader<Feed>) -> Vec<El> {
    let busy = RwSignal::new(false);
    let ask = move |remove: bool| {
        busy.set(true);
        spawn(async move {
            let answer = if remove {
                http::delete(PATH).await.map(|()| Feed::default())
            } else {
                json::send("POST", PATH, String::new()).await
            };
            let _gone = busy.try_set(false);
            match answer {
                Ok(feed) => {
                    loader.set(feed);
                    if remove {
                        app.toasts.say(REMOVED);
                    }
                }
                Err(failure) => app.toasts.failed(&failure),
            }
        });
    };
    let press = |label, kind, test: &str| Press {
        kind,
        busy: busy.into(),
        test: test.to_owned(),
        ..Press::new(label)
    };
    let mut parts = vec![paragraph("soft", LEAD)];
    let Some(at) = feed.created_at else {
        parts.push(button(press(MAKE, ButtonKind::Primary, "make-feed"), Some(Box::new(move || ask(false)))));
        return parts;
    };
    match feed.url {
        Some(url) => {
            parts.push(paragraph("", ONCE));
            parts.push(el("code", "feed-url").test("feed-url").text(&url));
            parts.push(copy_button(app.toasts, Signal::stored(url), "copy-feed", || {
                Some(say(COPY).to_owned())
            }));
        }
        None => parts.push(el("p", "soft").say(MADE).child(time(at))),
    }
    parts.push(paragraph("soft", RENEW_LEAD));
    parts.push(
        el("div", "form-actions")
            .child(button(
                press(RENEW, ButtonKind::Secondary, "make-feed"),
                Some(Box::new(move || ask(false))),
            ))
            .child(button(
                press(REMOVE, ButtonKind::Quiet, "remove-feed"),
                Some(Box::new(move || ask(true))),
            )),
    );
    parts
}

#[cfg(test)]
mod tests {
    use shared::api::absences::{CalendarFeed, NewCalendarFeed};

    use super::*;

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }

    #[test]
    fn both_answers_are_read_as_serde_writes_them() {
        let read = |text: String| json::read::<Feed>(&text).ok();
        let none = serde_json::to_string(&CalendarFeed { created_at: None }).unwrap();
        assert_eq!(read(none), Some(Feed::default()));
        let made = NewCalendarFeed { url: "https://t.jp/calendar/x.ics".into(), created_at: 7 };
        let made = serde_json::to_string(&made).unwrap();
        assert_eq!(
            read(made),
            Some(Feed { created_at: Some(7), url: Some("https://t.jp/calendar/x.ics".into()) })
        );
    }
}
