//! Set-up: the workspace and its first owner, once. The only page of the console for which nobody is signed in.

use leptos::prelude::*;
use shared::api::auth::{Me, Public, SetupRequest};

use crate::kit::{
    controls::{Line, Press, away, button, form, text_field},
    header::header,
    shell::{offline, skip_link},
    surfaces::{banner, paragraph, show, title_of},
    toast,
};
use crate::{
    client::{
        Session, browser,
        json::{self, Out},
        spawn,
    },
    dom::{El, el},
    i18n::{lang_now, texts},
    kit::{ButtonKind, Loader, Toasts, Tone, form::Form},
};

texts! {
    SETUP_TITLE "Todokeをはじめる" "Set up Todoke";
    SETUP_LEAD "ワークスペースと最初の管理者を登録します。" "Name the workspace and register its first admin.";
    TOKEN "セットアップトークン" "Setup token";
    TOKEN_HINT "サーバーを用意した人が設定した SETUP_TOKEN の値です。" "The value of SETUP_TOKEN, set by whoever installed the server.";
    WORKSPACE "ワークスペースの名前" "Workspace name";
    WORKSPACE_HINT "会社名など。通知の差出人として表示されます。" "Your company’s name, for example. It is shown as the sender of notices.";
    YOUR_NAME "あなたの名前" "Your name";
    YOUR_EMAIL_HINT "サインインに使います。" "Used for signing in.";
    SET_UP "登録してはじめる" "Create the workspace";
    SETTING_UP "登録しています" "Creating";
    SETUP_DONE_TITLE "セットアップは完了しています" "Set-up is done already";
    SETUP_DONE "このTodokeはすでに使われています。" "This Todoke is in use already.";
    EMAIL "メールアドレス" "Email";
    SIGN_IN "サインイン" "Sign in";
}

/// Its address.
pub const PATH: &str = "/setup";

/// The whole page, frame included.
#[must_use]
pub fn draw() -> Vec<El> {
    let (session, toasts) = (Session::new(), Toasts::new());
    let home = el("a", "brand").attr("href", "/");
    vec![
        skip_link(),
        el("div", "shell").child(header(session, toasts, home, false)).child(
            el("main", "").attr("id", "main").attr("tabindex", "-1").child(offline()).children(page()),
        ),
        toast::list(toasts),
    ]
}

fn page() -> Vec<El> {
    let loader = Loader::<Public>::at("/api/public");
    vec![show(el("div", "gate"), loader, |public| {
        if public.with_untracked(|public| public.workspace.is_none()) {
            return set_up();
        }
        vec![
            title_of(SETUP_DONE_TITLE),
            paragraph("lead", SETUP_DONE),
            away(ButtonKind::Primary, SIGN_IN, "/sign-in", "to-sign-in"),
        ]
    })]
}

fn set_up() -> Vec<El> {
    let values = Form::new(SetupRequest { language: lang_now(), ..SetupRequest::default() });
    let busy = RwSignal::new(false);
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        let Some(mut request) = values.submit() else { return };
        request.language = lang_now();
        busy.set(true);
        spawn(async move {
            let body = json::object(&[
                ("token", Out::Text(&request.token)),
                ("workspace", Out::Text(&request.workspace)),
                ("name", Out::Text(&request.name)),
                ("email", Out::Text(&request.email)),
                ("language", Out::Text(request.language.tag())),
            ]);
            match json::send::<Me>("POST", "/api/setup", body).await {
                Ok(_) => browser::go_instead("/console"),
                Err(failure) => {
                    let _gone = busy.try_set(false);
                    values.failed(&failure);
                }
            }
        });
    };
    let general = values.general();
    let press =
        Press { doing: SETTING_UP, busy: busy.into(), test: "set-up".into(), ..Press::primary(SET_UP) };
    let token = Line { hint: Some(TOKEN_HINT), kind: "password", strip: true, ..Line::new(TOKEN) };
    let workspace = Line { hint: Some(WORKSPACE_HINT), autocomplete: "organization", ..Line::new(WORKSPACE) };
    let name = Line { autocomplete: "name", ..Line::new(YOUR_NAME) };
    let email = Line { hint: Some(YOUR_EMAIL_HINT), ..Line::email(EMAIL) };
    let above = move || match general.get() {
        Some(words) => vec![banner(Tone::Bad, "form-error", move || words.clone())],
        None => Vec::new(),
    };
    vec![
        title_of(SETUP_TITLE),
        paragraph("lead", SETUP_LEAD),
        form(submit)
            .dynamic(above)
            .child(text_field(values.text("token", |form| &form.token, |form| &mut form.token), token))
            .child(text_field(
                values.text("workspace", |form| &form.workspace, |form| &mut form.workspace),
                workspace,
            ))
            .child(text_field(values.text("name", |form| &form.name, |form| &mut form.name), name))
            .child(text_field(values.text("email", |form| &form.email, |form| &mut form.email), email))
            .child(button(press, None)),
    ]
}
