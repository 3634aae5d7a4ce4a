//! 通知を休む時間: the workspace's, one's own, or none.

use leptos::prelude::*;
use shared::{
    api::me::{MyQuiet, QuietChoice},
    lang::Text,
    quiet::QuietTime,
};

use super::frame::App;
use crate::{
    client::{
        Failure,
        json::{self, FromJson, Json, Out},
        live, spawn,
    },
    dom::{El, el},
    i18n::{fill, join, say, texts},
    kit::{
        Loader,
        controls::{Press, button, form},
        form::Form,
        quiet::{fields, words, written},
        surfaces::{paragraph, show, time},
    },
};

texts! {
    TITLE "通知を休む時間" "Quiet time";
    LEAD "この時間の通知は、終わってからまとめて届きます。緊急の通知はいつでも届きます。" "What comes in quiet time arrives together when it ends. Critical notices always arrive.";
    WORKSPACE "会社の設定に従う" "As the company sets it";
    WORKSPACE_NONE "会社では決めていません。" "The company has set none.";
    OWN "自分で決める" "My own";
    NEVER "休まない" "None";
    NEVER_HELP "夜も休日も、すぐに届きます。" "Notices arrive at once, nights and days off included.";
    SAVE "保存" "Save";
    SAVING "保存しています" "Saving";
    SAVED "通知を休む時間を変更しました" "Quiet time was changed";
    NOW "いまは休んでいます。終わるのは " "It is quiet now, until ";
    WAITING "{}件の通知が待っています。" "Notices waiting: {}.";
}

impl FromJson for MyQuiet {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            choice: QuietChoice::from_code(json.get("choice").str()?)?,
            own: json.maybe("own")?,
            workspace: json.maybe("workspace")?,
            until: json.number("until"),
            waiting: json.count("waiting")?,
        })
    }
}

pub(super) fn section(app: App) -> Vec<El> {
    let loader = Loader::<MyQuiet>::at("/api/me/quiet");
    live::listen(move |heard| {
        if matches!(heard, live::Heard::Back) {
            loader.reload();
        }
    });
    vec![
        el("h2", "section-title").attr("id", "quiet").say(TITLE),
        paragraph("section-lead", LEAD),
        show(el("div", "card quiet").test("quiet"), loader, move |quiet| card(app, quiet, loader)),
    ]
}

fn card(app: App, quiet: RwSignal<MyQuiet>, loader: Loader<MyQuiet>) -> Vec<El> {
    let chosen = RwSignal::new(quiet.with_untracked(|quiet| quiet.choice));
    let values = Form::new(quiet.with_untracked(first_hours));
    let busy = RwSignal::new(false);
    let save = move |choice: QuietChoice, own: QuietTime| {
        busy.set(true);
        let body = json::object(&[("choice", Out::Text(choice.code())), ("own", Out::Json(&written(&own)))]);
        spawn(async move {
            let answer = json::send::<MyQuiet>("PUT", "/api/me/quiet", body).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(fresh) => {
                    loader.set(fresh);
                    app.toasts.say(SAVED);
                }
                Err(failure) => {
                    if choice != QuietChoice::Own {
                        let saved = loader.peek(|quiet| quiet.choice);
                        let _gone = saved.and_then(|saved| chosen.try_set(saved));
                        app.toasts.failed(&failure);
                    } else if matches!(failure, Failure::Refused(_)) {
                        values.failed(&failure);
                    } else {
                        app.toasts.failed(&failure);
                    }
                }
            }
        });
    };
    let choose = move |choice: QuietChoice| {
        chosen.set(choice);
        if choice != QuietChoice::Own {
            save(choice, QuietTime::default());
        }
    };
    let workspace = move || {
        let words = quiet.with(|quiet| words(&quiet.workspace));
        words.unwrap_or_else(|| say(WORKSPACE_NONE).to_owned())
    };
    let choices = el("fieldset", "quiet-choices")
        .child(el("legend", "sr-only").say(TITLE))
        .child(radio(chosen, QuietChoice::Workspace, WORKSPACE, Some(Box::new(workspace)), choose))
        .child(radio(chosen, QuietChoice::Own, OWN, None, choose))
        .child(el("div", "quiet-own").dynamic(move || {
            if chosen.get() != QuietChoice::Own {
                return Vec::new();
            }
            let press =
                Press { doing: SAVING, busy: busy.into(), test: "save-quiet".into(), ..Press::primary(SAVE) };
            let send = move || {
                if let Some(own) = values.submit().filter(|_| !busy.get_untracked()) {
                    save(QuietChoice::Own, own);
                }
            };
            untrack(|| {
                vec![form(send).children(fields(values)).child(general(values)).child(button(press, None))]
            })
        }))
        .child(radio(
            chosen,
            QuietChoice::Never,
            NEVER,
            Some(Box::new(|| say(NEVER_HELP).to_owned())),
            choose,
        ));
    vec![el("div", "quiet-now").attr("role", "status").dynamic(move || quiet.with(now)), choices]
}

/// What the form of one's own begins with.
fn first_hours(quiet: &MyQuiet) -> QuietTime {
    [&quiet.own, &quiet.workspace]
        .into_iter()
        .find(|time| **time != QuietTime::default())
        .cloned()
        .unwrap_or_else(|| QuietTime { from: "22:00".into(), until: "07:00".into(), ..QuietTime::default() })
}

fn general(values: Form<QuietTime>) -> El {
    let words = values.general();
    el("p", "field-error").attr("aria-live", "polite").text_when(move || words.get().unwrap_or_default())
}

/// That it is quiet now, until when, and how much waits.
fn now(quiet: &MyQuiet) -> Vec<El> {
    let Some(until) = quiet.until else { return Vec::new() };
    let waiting = quiet.waiting;
    let words = move || {
        if waiting == 0 { String::new() } else { join(&["", &fill(WAITING, &[&waiting.to_string()])]) }
    };
    vec![el("p", "").say(NOW).child(time(until)).child(el("span", "quiet-waiting").text_when(words))]
}

fn radio(
    chosen: RwSignal<QuietChoice>,
    choice: QuietChoice,
    label: Text,
    help: Option<Box<dyn Fn() -> String>>,
    choose: impl Fn(QuietChoice) + 'static,
) -> El {
    use wasm_bindgen::JsCast;
    let input =
        el("input", "").attr("type", "radio").attr("name", "quiet").test(&format!("quiet-{}", choice.code()));
    let own = input.element().dyn_ref::<web_sys::HtmlInputElement>().cloned();
    crate::dom::follow(Box::new(move || {
        let on = chosen.get() == choice;
        if let Some(input) = &own {
            input.set_checked(on);
        }
    }));
    let mut words = el("span", "quiet-words").child(el("span", "").say(label));
    if let Some(help) = help {
        words = words.child(el("span", "soft").text_when(help));
    }
    el("label", "quiet-choice").child(input.on("change", move |_| choose(choice))).child(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet() -> MyQuiet {
        MyQuiet {
            choice: QuietChoice::Own,
            own: QuietTime { days: vec![1], ..QuietTime::default() },
            workspace: QuietTime { holidays: true, ..QuietTime::default() },
            until: Some(3),
            waiting: 2,
        }
    }

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }

    #[test]
    fn it_is_read_as_serde_writes_it() {
        for quiet in [quiet(), MyQuiet { choice: QuietChoice::Never, until: None, ..quiet() }] {
            assert_eq!(json::read::<MyQuiet>(&serde_json::to_string(&quiet).unwrap()).as_ref(), Ok(&quiet));
        }
    }

    #[test]
    fn one_s_own_begins_with_what_is_there() {
        assert_eq!(first_hours(&quiet()).days, [1]);
        assert!(first_hours(&MyQuiet { own: QuietTime::default(), ..quiet() }).holidays);
        let none = MyQuiet { own: QuietTime::default(), workspace: QuietTime::default(), ..quiet() };
        assert_eq!(first_hours(&none).from, "22:00");
    }
}
