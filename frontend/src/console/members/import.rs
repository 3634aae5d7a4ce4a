//! `/console/members/import`: choose a file, say what its columns are, see what would happen, start it, watch it.
//! Where it stands is on the server once it runs; `?id=` finds it again.

pub mod sheet;

mod choose;
mod columns;
mod preview;
mod progress;

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::member_imports::{Checked, Import, ImportState, RowResult};

use self::sheet::Sheet;
use super::texts::import as texts;
use crate::{
    client::{
        Session, browser, http,
        json::{self, FromJson, Json},
        spawn,
    },
    console::{back::back, visit::Visit},
    dom::{El, el},
    i18n::fill,
    kit::{
        Loader, Toasts,
        card::progress,
        surfaces::{paragraph, show, title_of},
        use_toasts,
    },
};

/// Where the reader is.
#[derive(Clone)]
enum Step {
    Choose,
    Columns,
    /// Rows checked so far.
    Checking,
    Preview(Arc<Preview>),
    Job(Import),
}

/// What the server said of a draft.
struct Preview {
    import: Import,
    results: Vec<RowResult>,
    companies: Vec<String>,
}

/// What the parts of the page work with, handed around by copy.
#[derive(Clone, Copy)]
struct Page {
    step: RwSignal<Step>,
    sheet: RwSignal<Option<Sheet>>,
    create_companies: RwSignal<bool>,
    checked: RwSignal<u64>,
    recent: Loader<Recent>,
    toasts: Toasts,
    visit: Visit,
    session: Session,
}

pub(crate) fn page() -> Vec<El> {
    let visit = Visit::expect();
    let page = Page {
        step: RwSignal::new(Step::Choose),
        sheet: RwSignal::new(None),
        create_companies: RwSignal::new(true),
        checked: RwSignal::new(0),
        recent: Loader::<Recent>::at("/api/members/imports"),
        toasts: use_toasts(),
        visit,
        session: Session::expect(),
    };
    if let Some(id) = browser::query("id") {
        page.find(id);
    }
    vec![
        back("/console/members", texts::BACK),
        title_of(texts::TITLE),
        paragraph("lead", texts::LEAD),
        el("div", "mt-4 grid max-w-[56rem] gap-6").test("import").dynamic(move || {
            let step = page.step.get();
            untrack(|| match step {
                Step::Choose => vec![choose::choose(page), history(page)],
                Step::Columns => columns::columns(page),
                Step::Checking => vec![checking(page)],
                Step::Preview(preview) => preview::preview(page, &preview),
                Step::Job(import) => progress::watch(page, import),
            })
        }),
    ]
}

impl Page {
    /// One that was started before.
    fn find(self, id: String) {
        spawn(async move {
            match json::get::<Import>(&format!("/api/members/imports/{}", browser::escape(&id))).await {
                Ok(import) if import.state != ImportState::Draft => {
                    drop(self.step.try_set(Step::Job(import)))
                }
                Ok(_) | Err(_) => self.toasts.bad(texts::NOT_FOUND),
            }
        });
    }

    /// Hands the rows over, slice by slice, and shows what would become of them.
    fn check(self) {
        let Some(sheet) = self.sheet.get_untracked() else { return };
        let all = self.session.0.with_untracked(|me| me.as_ref().is_some_and(|me| me.role.is_admin()));
        let new = sheet.new_import(all && self.create_companies.get_untracked());
        self.checked.set(0);
        self.step.set(Step::Checking);
        spawn(async move {
            let mut preview = match json::send::<Import>("POST", "/api/members/imports", new).await {
                Ok(import) => Preview { import, results: Vec::new(), companies: Vec::new() },
                Err(failure) => return self.give_up(&failure),
            };
            let path = format!("/api/members/imports/{}/rows", preview.import.id);
            for body in sheet.slices() {
                match json::send::<Checked>("POST", &path, body).await {
                    Ok(part) => {
                        preview.results.extend(part.rows);
                        for company in part.companies {
                            if !preview.companies.contains(&company) {
                                preview.companies.push(company);
                            }
                        }
                    }
                    Err(failure) => return self.give_up(&failure),
                }
                // `Some`: the page was left. The draft is forgotten by itself.
                if self.checked.try_set(preview.results.len() as u64).is_some() {
                    return;
                }
            }
            let _gone = self.step.try_set(Step::Preview(Arc::new(preview)));
        });
    }

    fn give_up(self, failure: &http::Failure) {
        self.toasts.failed(failure);
        let _gone = self.step.try_set(Step::Columns);
    }

    /// Back to the beginning.
    fn again(self) {
        self.sheet.set(None);
        self.visit.change("/console/members/import");
        self.step.set(Step::Choose);
        self.recent.reload();
    }

    fn watch(self, import: Import) {
        self.visit.change(&format!("/console/members/import?id={}", import.id));
        self.step.set(Step::Job(import));
    }
}

fn checking(page: Page) -> El {
    let of = page.sheet.with_untracked(|sheet| sheet.as_ref().map_or(0, |sheet| sheet.lines.len()) as u64);
    el("section", "card grid gap-3")
        .attr("aria-live", "polite")
        .test("checking")
        .child(paragraph("", texts::CHECKING))
        .child(progress(page.checked.into(), Signal::stored(of), texts::CHECK_PROGRESS))
}

/// The last imports.
struct Recent(Vec<Import>);

impl FromJson for Recent {
    fn from_json(json: &Json) -> Option<Self> {
        json.items().iter().map(Import::from_json).collect::<Option<_>>().map(Self)
    }
}

/// One that runs is shown at once: it was left and is found again.
fn history(page: Page) -> El {
    show(el("div", ""), page.recent, move |recent| {
        let imports = recent.with_untracked(|recent| recent.0.clone());
        if let Some(running) = imports.iter().find(|import| import.state == ImportState::Running) {
            let running = running.clone();
            request_animation_frame(move || page.watch(running));
        }
        if imports.is_empty() {
            return Vec::new();
        }
        let rows = imports.into_iter().take(5).map(|import| past(page, import)).collect();
        vec![
            el("h2", "section-title").say(texts::HISTORY),
            el("ul", "card m-0 mt-2 list-none divide-y divide-line p-0").test("imports").children(rows),
        ]
    })
}

fn past(page: Page, import: Import) -> El {
    let facts = counted(&import);
    let by = import.by.clone();
    let (file, at) = (import.file.clone(), import.created_at);
    let mut about = el("p", "text-[13px] text-ink-soft").child(crate::kit::surfaces::time(at));
    if !by.is_empty() {
        about = about.child(el("span", "ml-2").text_when(move || fill(texts::BY, &[&by])));
    }
    el("li", "flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4.5 py-3")
        .child(
            el("div", "min-w-0 flex-1 basis-64")
                .child(el("p", "font-medium break-all").text(&file))
                .child(about)
                .child(el("p", "text-[13px] text-ink-soft tabular-nums").text_when(facts)),
        )
        .child(
            el("button", "btn btn-quiet")
                .attr("type", "button")
                .test("open-import")
                .say(texts::OPEN)
                .on_press(move || page.watch(import.clone())),
        )
}

/// 「追加 3 · 変更 1 …」, in the language of the moment.
fn counted(import: &Import) -> impl Fn() -> String + Clone + use<> {
    let counts = [import.created, import.changed, import.same, import.failed]
        .map(|count| browser::number_text(count.into()));
    move || fill(texts::COUNTS, &[&counts[0], &counts[1], &counts[2], &counts[3]])
}
