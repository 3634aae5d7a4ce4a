//! The dialog of a workspace's own kind: make it, change it, take it out of use, delete it.

use leptos::prelude::*;
use shared::{api::settings::KindInfo, error::Code, kind::ICONS, lang::Text, routing::Urgency};

use super::{
    grid::Grid,
    kind_form::KindForm,
    kind_icon::{all, drawing},
    model::{name, urgency_code, urgency_of},
    texts,
};
use crate::{
    client::{browser, http, json, spawn},
    console::{
        difference::{Shared, was},
        form::choice,
        head::refused,
        kept::keep,
        late::still_here,
        texts::frame,
    },
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        ButtonKind,
        controls::{Line, Press, button, form as form_of, select, text_field},
        dialog::dialog as dialog_of,
        form::Form,
    },
};

pub(super) fn dialog(grid: Grid) -> El {
    let title = move || {
        let fresh = grid.edited.with(Option::is_none);
        say(if fresh { texts::NEW_KIND } else { texts::EDIT_KIND }).to_owned()
    };
    dialog_of(grid.open, title, "kind-dialog", move || content(grid, grid.edited.get_untracked()))
}

fn content(grid: Grid, edited: Option<KindInfo>) -> Vec<El> {
    let shared = Shared::new(KindForm::of(edited.as_ref()));
    let form = shared.form;
    let place = format!("kind/{}", edited.as_ref().map_or("", |kind| kind.code.as_str()));
    let kept = keep(form, &place, Vec::new());
    let busy = RwSignal::new(false);
    let archived = edited.as_ref().is_some_and(|kind| kind.archived);
    let own = StoredValue::new(edited.clone());
    let send = move || {
        let Some(values) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        let own = own.get_value();
        let (method, path) = match &own {
            None => ("POST", "/api/v1/kinds".to_owned()),
            Some(kind) => {
                let before = shared.before().map(|before| before.read(archived)).unwrap_or_default();
                ("PUT", was(&path_of(&kind.code), &before))
            }
        };
        let sending = kept.sending();
        busy.set(true);
        spawn(async move {
            let answer = json::send::<KindInfo>(method, &path, values.body(archived)).await;
            let here = still_here(busy);
            match answer {
                Ok(kind) => {
                    sending.saved();
                    grid.take(kind);
                    if here {
                        grid.open.set(false);
                    }
                    grid.toasts.say(if values.fresh { texts::KIND_MADE } else { texts::KIND_SAVED });
                }
                Err(failure) if !here => grid.toasts.failed(&failure),
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    match json::get::<Vec<KindInfo>>("/api/v1/kinds").await {
                        Ok(all) => {
                            let now = all.iter().find(|kind| kind.code == values.code);
                            shared.meanwhile(KindForm::of(now));
                        }
                        Err(failure) => form.failed(&failure),
                    }
                }
                Err(failure) => form.failed(&failure),
            }
        });
    };
    let code = form.text("code", |form| &form.code, |form| &mut form.code);
    let code = edited.is_none().then(|| {
        text_field(
            code,
            Line { hint: Some(texts::CODE_HINT), autofocus: true, strip: true, ..Line::new(texts::CODE) },
        )
    });
    let urgencies = Signal::derive(move || {
        let option =
            |urgency: Urgency| (urgency_code(urgency).to_owned(), urgency.name().get(lang()).to_owned());
        Urgency::ALL.into_iter().map(option).collect()
    });
    let urgency = choice(
        form,
        "urgency",
        |form| urgency_code(form.urgency).to_owned(),
        |form, text| form.urgency = urgency_of(text),
    );
    let save = Press {
        doing: texts::SAVING,
        busy: busy.into(),
        test: "save-kind".into(),
        ..Press::primary(texts::SAVE)
    };
    let cancel = Press::new(frame::CANCEL);
    vec![
        form_of(send)
            .test("kind-form")
            .maybe(code)
            .child(text_field(
                form.text("name_ja", |form| &form.name_ja, |form| &mut form.name_ja),
                Line::new(texts::NAME_JA),
            ))
            .child(text_field(
                form.text("name_en", |form| &form.name_en, |form| &mut form.name_en),
                Line::new(texts::NAME_EN),
            ))
            .child(select(urgency, Line::new(texts::URGENCY), urgencies))
            .child(icons(form))
            .child(kept.line())
            .child(shared.difference(in_words, send))
            .child(refused(form.general()))
            .child(
                el("div", "form-actions flex-wrap")
                    .children(edited.map(|kind| others(grid, form, kind, busy)).unwrap_or_default())
                    .child(el("span", "flex-1"))
                    .child(button(cancel, Some(Box::new(move || grid.open.set(false)))))
                    .child(button(save, None)),
            ),
    ]
}

/// A field's name, and one of its texts as the page says it.
fn in_words(field: &str, text: &str) -> (Text, String) {
    match field {
        "name_ja" => (texts::NAME_JA, text.to_owned()),
        "name_en" => (texts::NAME_EN, text.to_owned()),
        "urgency" => (texts::URGENCY, urgency_of(text).name().get(lang()).to_owned()),
        "icon" => {
            let called = all().into_iter().find(|(icon, _)| *icon == text).map(|(_, called)| say(called));
            (texts::ICON, called.unwrap_or_default().to_owned())
        }
        _ => (texts::CODE, text.to_owned()),
    }
}

fn icons(form: Form<KindForm>) -> El {
    let one = |(icon, called): (&'static str, shared::lang::Text)| {
        let input = el("input", "sr-only")
            .attr("type", "radio")
            .attr("name", "icon")
            .attr("value", icon)
            .test(&format!("icon-{icon}"))
            .attr_when("aria-label", move || Some(say(called).to_owned()))
            .on("change", move |_| form.values.update(|form| icon.clone_into(&mut form.icon)));
        // The first one is drawn where there is none.
        let of_none = |form: &KindForm| form.icon.is_empty() && icon == ICONS[0];
        let checked = form.values.with_untracked(|form| form.icon == icon || of_none(form));
        let input = if checked { input.attr("checked", "") } else { input };
        el("label", "icon-choice")
            .attr_when("title", move || Some(say(called).to_owned()))
            .child(input)
            .child(drawing(icon))
    };
    el("fieldset", "field")
        .child(el("legend", "field-label").say(texts::ICON))
        .child(el("div", "flex flex-wrap gap-1").children(all().into_iter().map(one).collect()))
}

/// Out of use, back in use, gone: each with a way back.
fn others(grid: Grid, form: Form<KindForm>, kind: KindInfo, busy: RwSignal<bool>) -> Vec<El> {
    let archive = Press {
        kind: ButtonKind::Quiet,
        busy: busy.into(),
        test: "archive-kind".into(),
        ..Press::new(if kind.archived { texts::RESTORE } else { texts::ARCHIVE })
    };
    let delete = Press {
        kind: ButtonKind::Danger,
        busy: busy.into(),
        test: "delete-kind".into(),
        ..Press::new(texts::DELETE)
    };
    let (one, other) = (kind.clone(), kind);
    let archive_it = move || {
        busy.set(true);
        let kind = one.clone();
        spawn(async move {
            let done = set_archived(grid, &kind, !kind.archived).await;
            ended(grid, form, busy, done);
        });
    };
    let delete_it = move || {
        busy.set(true);
        let kind = other.clone();
        spawn(async move {
            let done = http::delete(&path_of(&kind.code)).await;
            let deleted = done.is_ok();
            ended(grid, form, busy, done);
            if deleted {
                grid.loader.change(|kinds| kinds.retain(|old| old.code != kind.code));
                let words = fill(texts::KIND_DELETED, &[name(&kind, lang_now())]);
                grid.toasts.undoable_words(words, move || make_again(grid, &kind));
            }
        });
    };
    vec![button(archive, Some(Box::new(archive_it))), button(delete, Some(Box::new(delete_it)))]
}

/// Closes the dialog, or says in it why it stays; elsewhere a refusal is a toast.
fn ended(grid: Grid, form: Form<KindForm>, busy: RwSignal<bool>, done: Result<(), http::Failure>) {
    match (done, still_here(busy)) {
        (Ok(()), true) => grid.open.set(false),
        (Ok(()), false) => {}
        (Err(failure), true) => form.failed(&failure),
        (Err(failure), false) => grid.toasts.failed(&failure),
    }
}

async fn set_archived(grid: Grid, kind: &KindInfo, archived: bool) -> Result<(), http::Failure> {
    let body = KindForm::of(Some(kind)).body(archived);
    let saved = json::send::<KindInfo>("PUT", &path_of(&kind.code), body).await?;
    let text = if archived { texts::KIND_ARCHIVED } else { texts::KIND_RESTORED };
    let words = fill(text, &[name(&saved, lang_now())]);
    let again = saved.clone();
    grid.take(saved);
    grid.toasts.undoable_words(words, move || {
        let kind = again.clone();
        spawn(async move {
            let body = KindForm::of(Some(&kind)).body(!archived);
            match json::send::<KindInfo>("PUT", &path_of(&kind.code), body).await {
                Ok(kind) => grid.take(kind),
                Err(failure) => grid.toasts.failed(&failure),
            }
        });
    });
    Ok(())
}

/// It was unused, so that nothing but its switches is lost: they are on again.
fn make_again(grid: Grid, kind: &KindInfo) {
    let body = KindForm { fresh: true, ..KindForm::of(Some(kind)) }.body(false);
    spawn(async move {
        match json::send::<KindInfo>("POST", "/api/v1/kinds", body).await {
            Ok(kind) => grid.take(kind),
            Err(failure) => grid.toasts.failed(&failure),
        }
    });
}

fn path_of(code: &str) -> String {
    format!("/api/v1/kinds/{}", browser::escape(code))
}
