//! Signing in: address, then the six digits. The answers are the same whether or not somebody has that
//! address.

use leptos::prelude::*;
use shared::{
    api::auth::{CodeRequest, Me, Public, SignInRequest},
    error::Code,
    lang::Text,
    validate::is_mail_address,
};

use super::{code, frame::App, texts};
use crate::kit::{
    controls::{Line, Press, button, form, text_field},
    surfaces::{paragraph, title_of},
};
use crate::{
    client::{browser, http, session::safe_return, spawn},
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{Binding, ButtonKind, field::focus_first_wrong},
};

pub(super) fn page(app: App) -> Vec<El> {
    spawn(async move {
        // Before set-up nobody can sign in. Not being able to ask is no reason to stop anybody here.
        if let Ok(Public { workspace: None, .. }) = http::get::<Public>("/api/public").await {
            browser::go_instead("/setup");
        }
    });
    let step = Step { email: RwSignal::new(String::new()), asked: RwSignal::new(false) };
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
}

impl Step {
    fn address(self) -> Vec<El> {
        let Self { email, asked } = self;
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
        vec![
            title_of(texts::SIGN_IN_TITLE),
            paragraph("lead", texts::SIGN_IN_LEAD),
            form(submit).child(text_field(bind, line)).child(button(press, None)),
        ]
    }

    fn code(self, app: App) -> Vec<El> {
        let Self { email, asked } = self;
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
                let request = SignInRequest { email: email.get_untracked(), code };
                match http::post::<_, Me>("/api/sign-in", &request).await {
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

async fn ask(email: String) -> Result<(), http::Failure> {
    http::tell("/api/sign-in/code", &CodeRequest { email }).await
}

/// What is wrong with the field; said in the language of now, which may be switched while it is shown.
#[derive(Clone)]
enum Wrong {
    Typed(Text),
    Refused(http::Failure),
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
