//! Set-up: the workspace and its first owner, once.

use leptos::{either::Either, prelude::*};
use shared::api::auth::{Me, Public, SetupRequest};
use wasm_bindgen_futures::spawn_local;

use super::texts;
use crate::{
    client::{browser, http},
    i18n::{lang_now, signal, t},
    kit::{Banner, Button, ButtonKind, LinkButton, Loader, PageTitle, TextField, Tone, form::Form, show},
};

#[component]
pub fn SetupPage() -> impl IntoView {
    let loader = Loader::<Public>::new(|| http::get("/api/public"));
    view! {
        <div class="gate">
            {show(loader, |public| {
                if public.with_untracked(|public| public.workspace.is_some()) {
                    Either::Left(
                        view! {
                            <PageTitle text=signal(texts::SETUP_DONE_TITLE) />
                            <p class="lead">{t(texts::SETUP_DONE)}</p>
                            <LinkButton label=texts::SIGN_IN href="/sign-in" kind=ButtonKind::Primary testid="to-sign-in" />
                        },
                    )
                } else {
                    Either::Right(view! { <SetupFormView /> })
                }
            })}
        </div>
    }
}

#[component]
fn SetupFormView() -> impl IntoView {
    let form = Form::new(SetupRequest { language: lang_now(), ..SetupRequest::default() });
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(mut request) = form.submit() else { return };
        request.language = lang_now();
        busy.set(true);
        spawn_local(async move {
            match http::post::<_, Me>("/api/setup", &request).await {
                Ok(_) => browser::go_instead("/console"),
                Err(failure) => {
                    let _gone = busy.try_set(false);
                    form.failed(&failure);
                }
            }
        });
    };
    let general = form.general();
    view! {
        <PageTitle text=signal(texts::SETUP_TITLE) />
        <p class="lead">{t(texts::SETUP_LEAD)}</p>
        <form class="form" novalidate on:submit=submit>
            {move || general.get().map(|words| view! { <Banner tone=Tone::Bad testid="form-error">{words}</Banner> })}
            <TextField bind=form.text("token", |form| &form.token, |form| &mut form.token) label=texts::TOKEN hint=texts::TOKEN_HINT kind="password" strip=true />
            <TextField
                bind=form.text("workspace", |form| &form.workspace, |form| &mut form.workspace)
                label=texts::WORKSPACE
                hint=texts::WORKSPACE_HINT
                autocomplete="organization"
            />
            <TextField bind=form.text("name", |form| &form.name, |form| &mut form.name) label=texts::YOUR_NAME autocomplete="name" />
            <TextField
                bind=form.text("email", |form| &form.email, |form| &mut form.email)
                label=texts::EMAIL
                hint=texts::YOUR_EMAIL_HINT
                kind="email"
                inputmode="email"
                autocomplete="email"
                strip=true
            />
            <Button label=texts::SET_UP doing=texts::SETTING_UP kind=ButtonKind::Primary busy=busy testid="set-up" />
        </form>
    }
}
