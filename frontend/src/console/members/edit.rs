//! A member, new or known: the form, saved with a way back, and two who change the same person.

use leptos::prelude::*;
use shared::{
    api::members::{Member, MemberForm},
    error::Code,
};

use super::{
    fields::{MemberFields, in_words},
    person,
};
use crate::{
    client::{Failure, browser, json, spawn},
    console::{
        back::BackLink,
        difference::Shared,
        kept::{Kept, keep},
        late::still_here,
        part::Draw,
        texts::members as texts,
        visit::Visit,
        wire::Body,
    },
    dom::{El, el},
    i18n::{fill, lang, signal},
    kit::{Loader, PageTitle, Toasts, form::Form, show, use_toasts},
};

/// `/console/members/new`.
#[component]
pub fn NewMemberPage() -> impl IntoView {
    let (visit, toasts) = (Visit::expect(), use_toasts());
    let form = Form::new(MemberForm::fresh());
    let kept = keep(form, "member", Vec::new());
    let busy = RwSignal::new(false);
    let save = Callback::new(move |()| {
        let Some(values) = form.submit() else { return };
        let sending = kept.sending();
        busy.set(true);
        spawn(async move {
            let answer = json::send::<Member>("POST", "/api/v1/members", values.body()).await;
            let here = still_here(busy);
            match answer {
                Ok(made) => {
                    sending.saved();
                    toasts.words(fill(texts::ADDED, &[&made.name]));
                    // Whoever went elsewhere meanwhile is not taken away from there.
                    if here {
                        visit.go("/console/members");
                    }
                }
                Err(failure) if !here => toasts.failed(&failure),
                Err(failure) => form.failed(&failure),
            }
        });
    });
    view! {
        <BackLink href="/console/members" label=texts::BACK />
        <PageTitle text=signal(texts::NEW) />
        <MemberFields form=form busy=busy on_save=save changed=move || kept.line().place() />
    }
}

/// `/console/members/{id}`.
#[component]
pub fn MemberPage(id: String) -> impl IntoView {
    let loader = Loader::new(move || {
        let id = id.clone();
        async move { load(&id).await }
    });
    view! {
        <BackLink href="/console/members" label=texts::BACK />
        {show(loader, move |found| match found.get_untracked() {
            Some(member) => view! { <Known member=member /> }.drawn(),
            None => view! { <PageTitle text=signal(texts::GONE) /> }.drawn(),
        })}
    }
}

/// `None`: there is no such member.
async fn load(id: &str) -> Result<Option<Member>, Failure> {
    match json::get(&format!("/api/v1/members/{}", browser::escape(id))).await {
        Err(failure) if failure.code() == Some(Code::NotFound) => Ok(None),
        answer => answer.map(Some),
    }
}

#[component]
fn Known(member: Member) -> impl IntoView {
    let name = RwSignal::new(member.name.clone());
    let shared = Shared::new(member.form());
    let page = Page {
        id: StoredValue::new(member.id.to_string()),
        kept: keep(shared.form, &format!("member/{}", member.id), Vec::new()),
        shared,
        name,
        companies: RwSignal::new(Vec::new()),
        busy: RwSignal::new(false),
        toasts: use_toasts(),
        visit: Visit::expect(),
    };
    let save = Callback::new(move |()| page.save());
    view! {
        <PageTitle text=name />
        <MemberFields form=page.shared.form busy=page.busy on_save=save changed=move || page.changed() />
        {person::card(page, &member).place()}
    }
}

/// What the page of a known member works with, handed around by copy.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) id: StoredValue<String>,
    shared: Shared<MemberForm>,
    kept: Kept,
    pub(super) name: RwSignal<String>,
    /// Ids and names of the companies that somebody else chose meanwhile.
    companies: RwSignal<Vec<(String, String)>>,
    pub(super) busy: RwSignal<bool>,
    pub(super) toasts: Toasts,
    pub(super) visit: Visit,
}

impl Page {
    pub(super) fn path(self) -> String {
        self.id.with_value(|id| format!("/api/v1/members/{id}"))
    }

    /// As it is on the server.
    pub(super) fn is_usable(self) -> bool {
        self.shared.before().is_some_and(|before| before.usable)
    }

    fn save(self) {
        let Some(values) = self.shared.form.submit() else { return };
        self.put(self.path(), values, self.shared.before());
    }

    /// Writes, after the page was left too: undo is pressed anywhere. `before` is what a toast offers to put back.
    fn put(self, path: String, values: MemberForm, before: Option<MemberForm>) {
        let sending = self.kept.sending();
        self.busy.set(true);
        spawn(async move {
            let answer = json::send::<Member>("PUT", &path, values.body()).await;
            let here = still_here(self.busy);
            match answer {
                Ok(saved) => {
                    self.shared.saved(saved.form(), sending);
                    self.name.set(saved.name);
                    let Some(before) = before else { return self.toasts.say(texts::UNDONE) };
                    let back = MemberForm { version: Some(saved.version), ..before };
                    self.toasts.undoable(texts::SAVED, move || self.put(path.clone(), back.clone(), None));
                }
                Err(failure) if !here => self.toasts.failed(&failure),
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => self.look_at_theirs(),
                Err(failure) => self.shared.form.failed(&failure),
            }
        });
    }

    /// Loads what the other one saved: the difference is shown, nothing typed is touched.
    fn look_at_theirs(self) {
        let path = self.path();
        spawn(async move {
            match json::get::<Member>(&path).await {
                Ok(latest) => {
                    if let (Some(id), Some(name)) = (&latest.company, &latest.company_name) {
                        let _gone = self.companies.try_update(|all| all.push((id.to_string(), name.clone())));
                    }
                    self.shared.meanwhile(latest.form());
                }
                Err(failure) => self.toasts.failed(&failure),
            }
        });
    }

    /// What came back of an earlier visit, and what somebody else changed meanwhile.
    fn changed(self) -> impl IntoView + use<> {
        let words = move |field: &str, text: &str| {
            let company = self.companies.with_untracked(|all| {
                all.iter().find(|(id, _)| field == "company" && id == text).map(|(_, name)| name.clone())
            });
            let (name, shown) = in_words(field, text, lang());
            (name, company.unwrap_or(shown))
        };
        let save = move || self.save();
        El::place(
            el("div", "grid gap-5 empty:hidden")
                .child(self.kept.line())
                .child(self.shared.difference(words, save)),
        )
    }
}
