//! Signing in: address, then the six digits. The answers are the same whether or not somebody has that
//! address.

use leptos::prelude::*;
use shared::{
    api::{auth::Me, linking::Returned},
    error::Code,
    lang::Text,
    validate::is_mail_address,
};

use super::{code, frame::App, texts};
use crate::kit::{
    controls::{Line, Press, away, button, form, text_field},
    surfaces::{banner, paragraph, title_of},
};
use crate::{
    client::{
        Failure, browser, http,
        json::{self, FromJson, Json, Out},
        session::safe_return,
        spawn,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{Binding, ButtonKind, Tone, field::focus_first_wrong},
};

pub(super) fn page(app: App) -> Vec<El> {
    let lineworks = RwSignal::new(false);
    spawn(async move {
        // Before set-up nobody can sign in. Not being able to ask is no reason to stop anybody here.
        match json::get::<Ways>("/api/public").await {
            Ok(Ways { set_up: false, .. }) => browser::go_instead("/setup"),
            Ok(ways) => drop(lineworks.try_set(ways.lineworks)),
            Err(_) => {}
        }
    });
    let step = Step { email: RwSignal::new(String::new()), asked: RwSignal::new(false), lineworks };
    vec![el("div", "gate").dynamic(move || {
        let asked = step.asked.get();
        untrack(|| if asked { step.code(app) } else { step.address() })
    })]
}

#[derive(Clone, Copy)]
struct Step {
    email: RwSignal<String>,
    /// The code is on its way.
    asked: RwSignal<bool>,
    /// There is a sign-in by LINE WORKS.
    lineworks: RwSignal<bool>,
}

/// What is read of [`shared::api::auth::Public`].
struct Ways {
    set_up: bool,
    lineworks: bool,
}

impl FromJson for Ways {
    fn from_json(json: &Json) -> Option<Self> {
        let by = json.get("sign_in").items().iter().filter_map(Json::str);
        Some(Self {
            set_up: *json.get("workspace") != Json::Null,
            lineworks: by.into_iter().any(|way| way == "lineworks"),
        })
    }
}

/// Why signing in elsewhere led back here.
fn came_back() -> Option<El> {
    let returned =
        browser::query("result").map(|code| Returned::from_code(&code).unwrap_or(Returned::Failed));
    returned
        .filter(|returned| !returned.is_good())
        .map(|returned| banner(Tone::Bad, "sign-in-result", move || say(returned.sentence()).to_owned()))
}

/// 「LINE WORKSでサインイン」: leaves for the provider's page.
fn elsewhere(lineworks: RwSignal<bool>) -> El {
    el("div", "gate-other").dynamic(move || {
        if !lineworks.get() {
            return Vec::new();
        }
        vec![away(
            ButtonKind::Secondary,
            texts::SIGN_IN_LINEWORKS,
            "/auth/start/lineworks",
            "sign-in-lineworks",
        )]
    })
}

impl Step {
    fn address(self) -> Vec<El> {
        let Self { email, asked, lineworks } = self;
        let error = RwSignal::new(None::<Wrong>);
        let busy = RwSignal::new(false);
        let submit = move || {
            if busy.get_untracked() {
                return;
            }
            email.update(|email| *email = email.split_whitespace().collect::<String>().to_ascii_lowercase());
            let address = email.get_untracked();
            if let Some(code) = address_problem(&address) {
                error.set(Some(Wrong::Typed(code.sentence())));
                focus_first_wrong();
                return;
            }
            busy.set(true);
            spawn(async move {
                let answer = ask(address).await;
                let _gone = busy.try_set(false);
                match answer {
                    Ok(()) => asked.set(true),
                    Err(failure) => error.set(Some(Wrong::Refused(failure))),
                }
            });
        };
        let bind = Binding {
            on_input: Callback::new(move |text| {
                error.set(None);
                email.set(text);
            }),
            ..Binding::plain("email", email).with_error(words_of(error))
        };
        let press = Press {
            doing: texts::SENDING_CODE,
            busy: busy.into(),
            test: "send-code".into(),
            ..Press::primary(texts::SEND_CODE)
        };
        let line = Line { autocomplete: "username", autofocus: true, ..Line::email(texts::EMAIL) };
        let mut page = vec![title_of(texts::SIGN_IN_TITLE), paragraph("lead", texts::SIGN_IN_LEAD)];
        page.extend(came_back());
        page.push(form(submit).child(text_field(bind, line)).child(button(press, None)));
        page.push(elsewhere(lineworks));
        page
    }

    fn code(self, app: App) -> Vec<El> {
        let Self { email, asked, .. } = self;
        let typed = RwSignal::new(String::new());
        let error = RwSignal::new(None::<Wrong>);
        let (busy, again) = (RwSignal::new(false), RwSignal::new(false));
        let send = move || {
            if busy.get_untracked() {
                return;
            }
            let code = typed.get_untracked();
            if !code::is_whole(&code) {
                error.set(Some(Wrong::Typed(texts::CODE_SHORT)));
                focus_first_wrong();
                return;
            }
            busy.set(true);
            spawn(async move {
                let email = email.get_untracked();
                let body = json::object(&[("email", Out::Text(&email)), ("code", Out::Text(&code))]);
                match json::send::<Me>("POST", "/api/sign-in", body).await {
                    // Loaded anew: whatever was known before signing in is forgotten.
                    Ok(_) => browser::go_instead(&safe_return(browser::query("to").as_deref())),
                    Err(failure) => {
                        let _gone = busy.try_set(false);
                        error.set(Some(Wrong::Refused(failure)));
                        focus_first_wrong();
                    }
                }
            });
        };
        let bind = Binding {
            on_input: Callback::new(move |text: String| {
                error.set(None);
                typed.set(code::digits(&text));
                // Nobody should have to press a button after pasting.
                if code::is_whole(&typed.get_untracked()) {
                    send();
                }
            }),
            ..Binding::plain("code", typed).with_error(words_of(error))
        };
        let send_again = move || {
            again.set(true);
            spawn(async move {
                let answer = ask(email.get_untracked()).await;
                let _gone = again.try_set(false);
                match answer {
                    Ok(()) => app.toasts.say(texts::SENT_AGAIN),
                    Err(failure) => app.toasts.failed(&failure),
                }
            });
        };
        let line = Line {
            inputmode: "numeric",
            autocomplete: "one-time-code",
            autofocus: true,
            class: "field code-field",
            ..Line::new(texts::CODE)
        };
        let press = Press {
            doing: texts::SIGNING_IN,
            busy: busy.into(),
            test: "sign-in".into(),
            ..Press::primary(texts::SIGN_IN)
        };
        let quiet = |label| Press { kind: ButtonKind::Quiet, ..Press::new(label) };
        let resend = Press {
            doing: texts::SENDING_CODE,
            busy: again.into(),
            test: "send-again".into(),
            ..quiet(texts::SEND_AGAIN)
        };
        let other = Press { test: "other-address".into(), ..quiet(texts::OTHER_ADDRESS) };
        vec![
            title_of(texts::CODE_TITLE),
            el("p", "lead").text_when(move || fill(texts::CODE_LEAD, &[&email.get()])),
            form(send).child(text_field(bind, line)).child(button(press, None)).child(
                el("div", "form-actions")
                    .child(button(resend, Some(Box::new(send_again))))
                    .child(button(other, Some(Box::new(move || asked.set(false))))),
            ),
        ]
    }
}

async fn ask(email: String) -> Result<(), Failure> {
    let body = json::object(&[("email", Out::Text(&email))]);
    http::send("POST", "/api/sign-in/code", Some(body)).await.map(drop)
}

/// What is wrong with the field; said in the language of now, which may be switched while it is shown.
#[derive(Clone)]
enum Wrong {
    Typed(Text),
    Refused(Failure),
}

fn words_of(error: RwSignal<Option<Wrong>>) -> Signal<Option<String>> {
    Signal::derive(move || {
        error.with(|error| {
            error.as_ref().map(|error| match error {
                Wrong::Typed(text) => say(*text).to_owned(),
                Wrong::Refused(failure) => failure.message(lang()),
            })
        })
    })
}

fn address_problem(address: &str) -> Option<Code> {
    if address.is_empty() {
        Some(Code::Required)
    } else if is_mail_address(address) {
        None
    } else {
        Some(Code::NotAMailAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_checked_before_it_is_sent() {
        assert_eq!(address_problem(""), Some(Code::Required));
        assert_eq!(address_problem("sato"), Some(Code::NotAMailAddress));
        assert_eq!(address_problem("sato@minato.example"), None);
    }
}
