//! Set-up: the workspace and its first owner, once.

use leptos::prelude::*;
use shared::api::auth::{Me, Public, SetupRequest};

use super::texts;
use crate::kit::{
    controls::{Line, Press, away, button, form, text_field},
    surfaces::{banner, paragraph, show, title_of},
};
use crate::{
    client::{
        browser,
        json::{self, Out},
        spawn,
    },
    dom::{El, el},
    i18n::lang_now,
    kit::{ButtonKind, Loader, Tone, form::Form},
};

pub(super) fn page() -> Vec<El> {
    let loader = Loader::<Public>::new(|| json::get("/api/public"));
    vec![show(el("div", "gate"), loader, |public| {
        if public.with_untracked(|public| public.workspace.is_none()) {
            return set_up();
        }
        vec![
            title_of(texts::SETUP_DONE_TITLE),
            paragraph("lead", texts::SETUP_DONE),
            away(ButtonKind::Primary, texts::SIGN_IN, "/sign-in", "to-sign-in"),
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
    let press = Press {
        doing: texts::SETTING_UP,
        busy: busy.into(),
        test: "set-up".into(),
        ..Press::primary(texts::SET_UP)
    };
    let token =
        Line { hint: Some(texts::TOKEN_HINT), kind: "password", strip: true, ..Line::new(texts::TOKEN) };
    let workspace = Line {
        hint: Some(texts::WORKSPACE_HINT),
        autocomplete: "organization",
        ..Line::new(texts::WORKSPACE)
    };
    let name = Line { autocomplete: "name", ..Line::new(texts::YOUR_NAME) };
    let email = Line { hint: Some(texts::YOUR_EMAIL_HINT), ..Line::email(texts::EMAIL) };
    let above = move || match general.get() {
        Some(words) => vec![banner(Tone::Bad, "form-error", move || words.clone())],
        None => Vec::new(),
    };
    vec![
        title_of(texts::SETUP_TITLE),
        paragraph("lead", texts::SETUP_LEAD),
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
