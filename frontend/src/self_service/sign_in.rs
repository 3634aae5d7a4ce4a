//! Signing in: address, then the six digits. The answers are the same whether or not somebody has that
//! address.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use shared::{
    api::auth::{CodeRequest, Me, Public, SignInRequest},
    error::Code,
    validate::is_mail_address,
};
use wasm_bindgen_futures::spawn_local;

use super::{code, texts};
use crate::{
    client::{browser, http, session::safe_return},
    i18n::{fill, lang_now, say, signal, t},
    kit::{Binding, Button, ButtonKind, PageTitle, TextField, field::focus_first_wrong, use_toasts},
};

#[component]
pub fn SignInPage() -> impl IntoView {
    let to = use_query_map().with_untracked(|query| safe_return(query.get("to").as_deref()));
    let email = RwSignal::new(String::new());
    let asked = RwSignal::new(false);
    spawn_local(async move {
        // Before set-up nobody can sign in. Not being able to ask is no reason to stop anybody here.
        if let Ok(Public { workspace: None, .. }) = http::get::<Public>("/api/public").await {
            browser::go_instead("/setup");
        }
    });
    let to = StoredValue::new(to);
    view! {
        <div class="gate">
            {move || {
                if asked.get() {
                    Either::Right(view! { <CodeStep email=email asked=asked to=to.get_value() /> })
                } else {
                    Either::Left(view! { <AddressStep email=email asked=asked /> })
                }
            }}
        </div>
    }
}

#[component]
fn AddressStep(email: RwSignal<String>, asked: RwSignal<bool>) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        email.update(|email| *email = email.split_whitespace().collect::<String>().to_lowercase());
        let address = email.get_untracked();
        if let Some(code) = address_problem(&address) {
            error.set(Some(code.sentence().get(lang_now()).to_owned()));
            focus_first_wrong();
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = http::tell("/api/sign-in/code", &CodeRequest { email: address }).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(()) => asked.set(true),
                Err(failure) => error.set(Some(failure.message(lang_now()))),
            }
        });
    };
    let bind = Binding {
        on_input: Callback::new(move |text| {
            error.set(None);
            email.set(text);
        }),
        ..Binding::plain("email", email).with_error(error)
    };
    view! {
        <PageTitle text=signal(texts::SIGN_IN_TITLE) />
        <p class="lead">{t(texts::SIGN_IN_LEAD)}</p>
        <form class="form" novalidate on:submit=submit>
            <TextField bind=bind label=texts::EMAIL kind="email" inputmode="email" autocomplete="username" autofocus=true />
            <Button label=texts::SEND_CODE doing=texts::SENDING_CODE kind=ButtonKind::Primary busy=busy testid="send-code" />
        </form>
    }
}

#[component]
fn CodeStep(email: RwSignal<String>, asked: RwSignal<bool>, to: String) -> impl IntoView {
    let toasts = use_toasts();
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let again = RwSignal::new(false);
    let to = StoredValue::new(to);
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let code = typed.get_untracked();
        if !code::is_whole(&code) {
            error.set(Some(texts::CODE_SHORT.get(lang_now()).to_owned()));
            focus_first_wrong();
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let request = SignInRequest { email: email.get_untracked(), code };
            match http::post::<_, Me>("/api/sign-in", &request).await {
                // Loaded anew: whatever was known before signing in is forgotten.
                Ok(_) => browser::go_instead(&to.get_value()),
                Err(failure) => {
                    let _gone = busy.try_set(false);
                    error.set(Some(failure.message(lang_now())));
                    focus_first_wrong();
                }
            }
        });
    };
    let bind = Binding {
        on_input: Callback::new(move |text: String| {
            error.set(None);
            let whole = code::digits(&text);
            typed.set(whole);
            // Nobody should have to press a button after pasting.
            if code::is_whole(&typed.get_untracked()) {
                send();
            }
        }),
        ..Binding::plain("code", typed).with_error(error)
    };
    let send_again = move |()| {
        again.set(true);
        spawn_local(async move {
            let answer = http::tell("/api/sign-in/code", &CodeRequest { email: email.get_untracked() }).await;
            let _gone = again.try_set(false);
            match answer {
                Ok(()) => toasts.say(texts::SENT_AGAIN),
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    view! {
        <PageTitle text=signal(texts::CODE_TITLE) />
        <p class="lead">{move || fill(texts::CODE_LEAD, &[&email.get()])}</p>
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <TextField bind=bind label=texts::CODE inputmode="numeric" autocomplete="one-time-code" autofocus=true class="code-field" />
            <Button label=texts::SIGN_IN doing=texts::SIGNING_IN kind=ButtonKind::Primary busy=busy testid="sign-in" />
            <div class="form-actions">
                <Button label=texts::SEND_AGAIN doing=texts::SENDING_CODE kind=ButtonKind::Quiet busy=again testid="send-again" on_press=send_again />
                <Button label=texts::OTHER_ADDRESS kind=ButtonKind::Quiet testid="other-address" on_press=move |()| asked.set(false) />
            </div>
        </form>
        <span class="sr-only" role="status">{move || busy.get().then(|| say(texts::SIGNING_IN))}</span>
    }
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
