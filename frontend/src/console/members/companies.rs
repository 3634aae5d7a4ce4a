//! `/console/members/companies`: the companies that members belong to.

use std::rc::Rc;

use leptos::prelude::*;
use shared::{api::events::Company, error::Code};

use super::texts::companies as texts;
use crate::{
    client::{
        browser::number_text,
        json::{self, Out, object},
        spawn,
    },
    console::{
        back::back,
        confirm::{Deletion, delete_by_name},
        difference::was,
        kept::keep_all,
        late::still_here,
    },
    dom::{El, el},
    i18n::{fill, lang_now, say},
    kit::{
        Binding, ButtonKind, Icon, Loader, Toasts,
        controls::{Line, Press, button, form, text_field},
        dialog::dialog,
        surfaces::{empty, paragraph, show, title_of},
        use_toasts,
    },
};

type Companies = Loader<Vec<Company>>;

/// What a dialog is about, and what was typed into it.
#[derive(Clone, Copy)]
struct Naming {
    open: RwSignal<bool>,
    /// `None` for a new one.
    of: RwSignal<Option<Company>>,
    deleting: RwSignal<bool>,
    loader: Companies,
    toasts: Toasts,
}

pub(crate) fn page() -> Vec<El> {
    let naming = Naming {
        open: RwSignal::new(false),
        of: RwSignal::new(None),
        deleting: RwSignal::new(false),
        loader: Loader::<Vec<Company>>::at("/api/v1/companies"),
        toasts: use_toasts(),
    };
    let add = Press { icon: Some(Icon::Plus), test: "add-company".into(), ..Press::primary(texts::ADD) };
    let begin = move || {
        naming.of.set(None);
        naming.open.set(true);
    };
    vec![
        back("/console/members", texts::BACK),
        el("div", "mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
            .child(
                el("div", "min-w-0 flex-1 basis-72")
                    .child(title_of(texts::TITLE))
                    .child(paragraph("lead", texts::LEAD)),
            )
            .child(button(add, Some(Box::new(begin)))),
        show(el("div", "max-w-[46rem]"), naming.loader, move |companies| {
            vec![el("div", "").dynamic(move || {
                let companies = companies.get();
                if companies.is_empty() {
                    return vec![empty("no-companies", texts::EMPTY, texts::EMPTY_NEXT)];
                }
                let rows = companies.into_iter().map(|company| row(naming, company)).collect();
                vec![el("ul", "card m-0 list-none divide-y divide-line p-0").test("companies").children(rows)]
            })]
        }),
        dialog(
            naming.open,
            move || say(if naming.of.with(Option::is_some) { texts::RENAME } else { texts::ADD }).to_owned(),
            "company-dialog",
            move || vec![name_form(naming)],
        ),
        dialog(
            naming.deleting,
            move || fill(texts::DELETE_TITLE, &[&name_of(naming)]),
            "delete-company",
            move || confirm(naming),
        ),
    ]
}

fn name_of(naming: Naming) -> String {
    naming.of.with(|company| company.as_ref().map(|company| company.name.clone()).unwrap_or_default())
}

fn row(naming: Naming, company: Company) -> El {
    let (members, people) = (number_text(company.members), company.members);
    let (id, name) = (company.id.to_string(), company.name.clone());
    let company = StoredValue::new(company);
    let about = move |open: RwSignal<bool>| {
        Box::new(move || {
            naming.of.set(Some(company.get_value()));
            open.set(true);
        })
    };
    let named = |verb: shared::lang::Text| -> Option<Box<dyn Fn() -> Option<String>>> {
        let name = name.clone();
        Some(Box::new(move || Some(format!("{}: {name}", say(verb)))))
    };
    let rename = Press {
        kind: ButtonKind::Quiet,
        named: named(texts::RENAME),
        test: "rename".into(),
        ..Press::new(texts::RENAME)
    };
    let mut tools =
        el("div", "flex flex-wrap items-center gap-1").child(button(rename, Some(about(naming.open))));
    if people == 0 {
        let delete = Press {
            kind: ButtonKind::Quiet,
            named: named(texts::DELETE),
            test: "delete".into(),
            ..Press::new(texts::DELETE)
        };
        tools = tools.child(button(delete, Some(about(naming.deleting))));
    }
    let count = el("a", "text-[13px] text-ink-soft tabular-nums")
        .attr("href", &format!("/console/members?company={id}"))
        .text_when(move || fill(texts::MEMBERS, &[&members]));
    el("li", "flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4.5 py-3")
        .test("company")
        .child(
            el("div", "min-w-0 flex-1 basis-40")
                .child(el("p", "font-medium break-words").text(&name))
                .child(count),
        )
        .child(tools)
}

fn name_form(naming: Naming) -> El {
    let known = naming.of.get_untracked();
    let typed = RwSignal::new(known.as_ref().map(|company| company.name.clone()).unwrap_or_default());
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<String>));
    // The name as it was read; after a refusal, as it is now.
    let before = StoredValue::new(known.as_ref().map(|company| company.name.clone()).unwrap_or_default());
    let id = known.as_ref().map(|company| company.id.to_string());
    let place = format!("company-name/{}", id.as_deref().unwrap_or_default());
    let kept = keep_all(
        &place,
        Vec::new(),
        move || vec![("name", typed.get())],
        move |_, text| typed.set(text.to_owned()),
    );
    let renames = known.is_some();
    let save = move || {
        if busy.get_untracked() {
            return;
        }
        let name = typed.get_untracked();
        let problem = match name.trim().chars().count() {
            0 => Some(Code::Required),
            1..=100 => None,
            _ => Some(Code::TooLong),
        };
        if let Some(problem) = problem {
            wrong.set(Some(problem.sentence().get(lang_now()).to_owned()));
            crate::kit::field::focus_first_wrong();
            return;
        }
        let body = object(&[("name", Out::Text(&name))]);
        let id = id.clone();
        let (method, path) = match &id {
            Some(id) => {
                let before = before.with_value(|before| object(&[("name", Out::Text(before))]));
                ("PUT", was(&format!("/api/v1/companies/{id}"), &before))
            }
            None => ("POST", "/api/v1/companies".to_owned()),
        };
        let sending = kept.sending();
        busy.set(true);
        spawn(async move {
            let answer = json::send::<Company>(method, &path, body).await;
            let here = still_here(busy);
            match answer {
                Ok(made) => {
                    sending.saved();
                    if renames {
                        naming.toasts.say(texts::RENAMED);
                    } else {
                        naming.toasts.words(texts::CREATED.get(lang_now()).replacen("{}", &made.name, 1));
                    }
                    if here {
                        naming.open.set(false);
                    }
                    naming.loader.reload();
                }
                Err(failure) if !here => naming.toasts.failed(&failure),
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    let now = json::get::<Vec<Company>>("/api/v1/companies").await.unwrap_or_default();
                    let now = now.into_iter().find(|one| Some(one.id.as_str()) == id.as_deref());
                    let now = now.map(|company| company.name).unwrap_or_default();
                    let words = texts::RENAMED_MEANWHILE.get(lang_now()).replacen("{}", &now, 1);
                    let _gone = before.try_set_value(now);
                    let _gone = wrong.try_set(Some(words));
                }
                Err(failure) => drop(wrong.try_set(Some(failure.message(lang_now())))),
            }
        });
    };
    let bind = Binding {
        on_input: Callback::new(move |text| {
            wrong.set(None);
            typed.set(text);
        }),
        ..Binding::plain("name", typed)
    };
    let press = Press {
        doing: texts::CREATE_BUSY,
        busy: busy.into(),
        test: "save-company".into(),
        ..Press::primary(if renames { texts::RENAME_SAVE } else { texts::CREATE })
    };
    form(save)
        .child(kept.line())
        .child(text_field(bind.with_error(wrong), Line { autofocus: true, ..Line::new(texts::NAME) }))
        .child(el("div", "form-actions justify-end").child(button(press, None)))
}

fn confirm(naming: Naming) -> Vec<El> {
    let Some(company) = naming.of.get_untracked() else { return Vec::new() };
    let path = format!("/api/v1/companies/{}", company.id);
    let deletion = Deletion {
        name: Signal::stored(company.name),
        label: texts::DELETE_DO,
        doing: texts::DELETE_BUSY,
        test: "delete-company-confirm",
        toasts: naming.toasts,
        path: Box::new(move || path.clone()),
        gone: Rc::new(move || {
            naming.toasts.say(texts::DELETED);
            naming.loader.reload();
        }),
    };
    let mut parts = vec![paragraph("", texts::DELETE_LEAD)];
    parts.extend(delete_by_name(naming.deleting, deletion));
    parts
}
