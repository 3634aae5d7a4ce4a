//! 入れ替え: what the provider reissued, in one place, without touching the rest.

use leptos::prelude::*;
use shared::{
    api::integrations::{Integration, IntegrationSettings, SecretRequest},
    integration::{LineVia, MailVia, SlackVia, V1Via},
};

use super::{connected::Page, fields::bind, form_page::text_row, guide::replaceable};
use crate::{
    client::{json, spawn},
    console::{
        head::refused,
        late::still_here,
        texts::{frame, integrations as texts},
        wire::Body,
    },
    dom::El,
    i18n::say,
    kit::{
        controls::{Press, button, form as form_of},
        dialog::dialog,
        form::Form,
        surfaces::paragraph,
    },
};

pub(super) fn replace_dialog(page: Page, open: RwSignal<bool>, integration: Integration) -> El {
    let title = || say(texts::REPLACE_TITLE).to_owned();
    dialog(open, title, "replace-dialog", move || vec![fields(page, open, &integration)])
}

fn fields(page: Page, open: RwSignal<bool>, integration: &Integration) -> El {
    let form = Form::new(SecretRequest::default());
    let (busy, nothing) = (RwSignal::new(false), RwSignal::new(false));
    let path = format!("/api/integrations/{}/secret", integration.id);
    let submit = move || {
        let Some(values) = form.submit() else { return };
        nothing.set(values == SecretRequest::default());
        if busy.get_untracked() || nothing.get_untracked() {
            return;
        }
        busy.set(true);
        let path = path.clone();
        spawn(async move {
            let answer = json::send::<Integration>("PUT", &path, values.body()).await;
            let here = still_here(busy);
            match answer {
                Ok(changed) => {
                    page.toasts.say(texts::REPLACED);
                    if here {
                        open.set(false);
                    }
                    page.loader.change(|shown| *shown = Some(changed));
                }
                Err(failure) if !here => page.toasts.failed(&failure),
                Err(failure) => form.failed(&failure),
            }
        });
    };
    let problem = Signal::derive(move || {
        if nothing.get() { Some(say(texts::REPLACE_NOTHING).to_owned()) } else { form.general().get() }
    });
    let rows = replaceable(integration.provider, via_of(&integration.settings));
    let save = Press {
        doing: texts::REPLACE_BUSY,
        busy: busy.into(),
        test: "replace-save".into(),
        ..Press::primary(texts::REPLACE_SAVE)
    };
    let cancel = Press::new(frame::CANCEL);
    form_of(submit)
        .test("replace-form")
        .child(paragraph("", texts::REPLACE_LEAD))
        .children(rows.iter().map(|row| text_row(bind(form, row.name), row)).collect())
        .child(refused(problem))
        .child(
            crate::dom::el("div", "form-actions justify-end")
                .child(button(cancel, Some(Box::new(move || open.set(false)))))
                .child(button(save, None)),
        )
}

/// The word of the form's choice.
const fn via_of(settings: &IntegrationSettings) -> &'static str {
    match settings {
        IntegrationSettings::LineworksV1 { via: V1Via::FixedToken, .. } => "fixed_token",
        IntegrationSettings::LineworksV1 { via: V1Via::ServerId, .. } => "server_id",
        IntegrationSettings::Line { via: LineVia::Key, .. } => "key",
        IntegrationSettings::Slack { via: SlackVia::Install, .. } => "install",
        IntegrationSettings::Line { .. } | IntegrationSettings::Slack { .. } => "token",
        IntegrationSettings::Mail { via: MailVia::Resend, .. } => "resend",
        IntegrationSettings::Mail { .. } => "smtp",
        IntegrationSettings::Lineworks { .. }
        | IntegrationSettings::GoogleChat { .. }
        | IntegrationSettings::WebPush { .. } => "",
    }
}
