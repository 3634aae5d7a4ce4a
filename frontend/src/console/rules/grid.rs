//! The grid: every kind on every channel, for all or for one company. Saved as it is changed, with a way back.

use leptos::prelude::*;
use shared::{
    api::{auth::Role, events::Company, live::LiveMessage, settings::KindInfo},
    channel::Channel,
};

use super::{
    filters::address,
    grid_rows, kind_dialog,
    model::{self, Change, name, title},
    tabs::{Tab, head},
    texts,
};
use crate::{
    client::{
        Session, browser,
        json::{self, Out},
        live, spawn,
    },
    console::{
        part::{Draw, part},
        pick::Pick,
        search::Search,
        visit::Visit,
    },
    dom::el,
    i18n::{fill, lang_now, say},
    kit::{
        Button, ButtonKind, Icon, Loader, Toasts,
        surfaces::{paragraph, show},
        use_toasts,
    },
};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    pub(super) loader: Loader<Vec<KindInfo>>,
    /// Whose switches are shown: a company's id, empty for the workspace's.
    pub(super) company: Memo<String>,
    /// What is searched for.
    pub(super) words: Memo<String>,
    /// The reader runs the whole workspace.
    pub(super) whole: Memo<bool>,
    pub(super) toasts: Toasts,
    /// The dialog of an own kind.
    pub(super) open: RwSignal<bool>,
    /// `None`: a new one.
    pub(super) edited: RwSignal<Option<KindInfo>>,
    /// Codes of kinds and apps whose change is on its way.
    pending: StoredValue<Vec<String>>,
    /// Something else changed meanwhile.
    stale: StoredValue<bool>,
}

/// `/console/rules`, `?company=` and `?q=`.
pub fn page() -> impl IntoView {
    let visit = Visit::expect();
    let session = Session::expect();
    let whole =
        Memo::new(move |_| session.0.with(|me| me.as_ref().is_none_or(|me| me.role != Role::CompanyAdmin)));
    let company = Memo::new(move |_| {
        let own =
            session.0.with(|me| me.as_ref().and_then(|me| me.company.as_ref().map(ToString::to_string)));
        if whole.get() { visit.asked("company").unwrap_or_default() } else { own.unwrap_or_default() }
    });
    let words = Memo::new(move |_| visit.asked("q").unwrap_or_default());
    let grid = Grid {
        loader: Loader::new(move || {
            let path = address("/api/rules", &[("company", &company.get())]);
            async move { json::get::<Vec<KindInfo>>(&path).await }
        }),
        company,
        words,
        whole,
        toasts: use_toasts(),
        open: RwSignal::new(false),
        edited: RwSignal::new(None),
        pending: StoredValue::new(Vec::new()),
        stale: StoredValue::new(false),
    };
    live::listen(move |heard| match heard {
        live::Heard::Message(LiveMessage::Rules) | live::Heard::Back => grid.refresh(),
        live::Heard::Message(_) => {}
    });
    let seek = move |company: &str, words: &str| {
        visit.change(&address("/console/rules", &[("company", company), ("q", words)]));
    };
    let lead = el("div", "").dynamic(move || {
        let for_company = !company.get().is_empty();
        for_company
            .then(|| paragraph("mb-3 text-[13px] text-ink-soft", texts::COMPANY_LEAD))
            .into_iter()
            .collect()
    });
    view! {
        {head(Tab::Kinds).place()}
        <div class="mb-3 flex flex-wrap items-center gap-2">
            <div class="min-w-56 flex-1 max-md:basis-full">
                <Search q=words label=texts::SEARCH_KINDS on_search=move |q: String| seek(&company.get_untracked(), q.trim()) />
            </div>
            {part(move || {
                whole
                    .get()
                    .then(|| {
                        view! {
                            <Whose company=company on_choose=move |id: String| seek(&id, &words.get_untracked()) />
                            <Button label=texts::ADD_KIND kind=ButtonKind::Primary icon=Icon::Plus testid="add-kind" on_press=move |()| grid.edit(None) />
                        }
                    })
                    .drawn()
            })}
        </div>
        {lead.place()}
        {paragraph("mb-3 text-[13px] text-ink-soft max-md:hidden", texts::KEYS_HINT).attr("id", "rules-keys").place()}
        {el("p", "sr-only").attr("id", "rules-differs").say(texts::DIFFERS).place()}
        {show(el("div", ""), grid.loader, move |kinds| grid_rows::apps(grid, kinds)).place()}
        {kind_dialog::dialog(grid).place()}
    }
}

/// The workspace or one of its companies.
#[component]
fn Whose(company: Memo<String>, #[prop(into)] on_choose: Callback<String>) -> impl IntoView {
    let companies = RwSignal::new(Vec::<Company>::new());
    spawn(async move {
        // Without the list the workspace's own rules still work.
        if let Ok(loaded) = json::get("/api/v1/companies").await {
            let _gone = companies.try_set(loaded);
        }
    });
    let groups = Signal::derive(move || {
        let of = |one: &Company| (one.id.to_string(), one.name.clone());
        vec![(String::new(), companies.with(|all| all.iter().map(of).collect()))]
    });
    part(move || {
        let any = companies.with(Vec::is_empty);
        (!any)
            .then(|| {
                view! { <Pick label=texts::WHOSE any=texts::EVERYBODY groups=groups chosen=company on_choose=on_choose testid="pick-company" /> }
            })
            .drawn()
    })
}

impl Grid {
    /// Opens the dialog of an own kind.
    pub(super) fn edit(self, kind: Option<KindInfo>) {
        self.edited.set(kind);
        self.open.set(true);
    }

    /// One kind as it is shown; not tracked.
    pub(super) fn peek(self, code: &str) -> Option<KindInfo> {
        self.loader.peek(|kinds| kinds.iter().find(|kind| kind.code == code).cloned()).flatten()
    }

    /// Takes a kind in that the server answered with.
    pub(super) fn take(self, kind: KindInfo) {
        self.loader.change(|kinds| match kinds.iter_mut().find(|old| old.code == kind.code) {
            Some(old) => *old = kind,
            None => kinds.push(kind),
        });
    }

    /// Changes one thing of a kind: shown at once, saved, said with a way back.
    pub(super) fn change(self, code: &str, change: Change) {
        if let Some(before) = self.peek(code) {
            let back = change.back(&before);
            if back != change {
                self.save(before, change, Some(back));
            }
        }
    }

    fn save(self, before: KindInfo, change: Change, back: Option<Change>) {
        let company = self.company.get_untracked();
        let code = before.code.clone();
        self.loader.change(|kinds| {
            if let Some(kind) = kinds.iter_mut().find(|kind| kind.code == code) {
                change.apply(kind, !company.is_empty());
            }
        });
        self.pending.update_value(|pending| pending.push(code.clone()));
        spawn(async move {
            let answer = json::send::<KindInfo>("PUT", "/api/rules", change.body(&code, &company)).await;
            let alone = self.arrived(&code);
            let same = self.company.try_get_untracked().as_ref() == Some(&company);
            match answer {
                Ok(kind) => {
                    if alone && same {
                        self.take(kind);
                    }
                    let Some(back) = back else { return };
                    let again = before.clone();
                    self.toasts.undoable_words(done(&before, change), move || {
                        if let Some(now) = self.peek(&again.code) {
                            self.save(now, back, None);
                        }
                    });
                }
                Err(failure) => {
                    if same {
                        self.loader.reload();
                    }
                    self.toasts.failed(&failure);
                }
            }
        });
    }

    /// Lets members set an app's notices themselves, or not.
    pub(super) fn permit(self, app: &str, may: bool, undoable: bool) {
        let app = app.to_owned();
        let show = move |app: &str, may: bool| {
            self.loader.change(|kinds| {
                for kind in kinds.iter_mut().filter(|kind| kind.app == app) {
                    kind.locked = !may;
                }
            });
        };
        show(&app, may);
        self.pending.update_value(|pending| pending.push(app.clone()));
        spawn(async move {
            let body = json::object(&[("members_set", Out::Bool(may))]);
            let path = format!("/api/rules/apps/{}", browser::escape(&app));
            let answer = json::send::<shared::api::settings::AppPermission>("PUT", &path, body).await;
            self.arrived(&app);
            match answer {
                Ok(_) if undoable => {
                    let text = if may { texts::DONE_MAY } else { texts::DONE_MAY_NOT };
                    let words = fill(text, &[&title(&app, lang_now())]);
                    self.toasts.undoable_words(words, move || self.permit(&app, !may, false));
                }
                Ok(_) => {}
                Err(failure) => {
                    show(&app, !may);
                    self.toasts.failed(&failure);
                }
            }
        });
    }

    /// Loads again what others changed, but never under a change of the reader's that is on its way.
    pub(super) fn refresh(self) {
        if self.pending.with_value(Vec::is_empty) {
            self.loader.reload();
        } else {
            self.stale.set_value(true);
        }
    }

    /// An answer is there; whether no other change of the same is on its way.
    fn arrived(self, what: &str) -> bool {
        let state = self.pending.try_update_value(|pending| {
            if let Some(at) = pending.iter().position(|one| one == what) {
                pending.remove(at);
            }
            (pending.is_empty(), !pending.iter().any(|one| one == what))
        });
        let (quiet, alone) = state.unwrap_or_default();
        if quiet && self.stale.try_get_value() == Some(true) {
            self.stale.set_value(false);
            self.loader.reload();
        }
        alone
    }
}

/// What was done, in words.
fn done(kind: &KindInfo, change: Change) -> String {
    let own = name(kind, lang_now());
    match change {
        Change::Channel(channel, on) => {
            fill(if on { texts::DONE_ON } else { texts::DONE_OFF }, &[own, say(Channel::name(channel))])
        }
        Change::Mandatory(on) => fill(if on { texts::DONE_MANDATORY } else { texts::DONE_FREE }, &[own]),
        Change::Urgency(urgency) => fill(texts::DONE_URGENCY, &[own, say(urgency.name())]),
    }
}

/// Kinds that are out of use.
pub(super) fn archived(kinds: &[KindInfo]) -> Vec<KindInfo> {
    kinds.iter().filter(|kind| kind.archived).cloned().collect()
}

/// Whether there is anything to show for what is searched for.
pub(super) fn nothing(kinds: &[KindInfo], words: &str) -> bool {
    model::apps_of(kinds, words).is_empty()
}
