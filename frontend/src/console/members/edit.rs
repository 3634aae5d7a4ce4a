//! A member, new or known: the form, saved with a way back, and two who change the same person.

use leptos::prelude::*;
use shared::{
    api::members::{Member, MemberForm},
    error::Code,
};

use super::{difference::changed, fields::MemberFields, person};
use crate::{
    client::{Failure, browser, json, spawn},
    console::{back::BackLink, part::Draw, texts::members as texts, visit::Visit, wire::Body},
    i18n::{fill, signal},
    kit::{Loader, PageTitle, Toasts, form::Form, show, use_toasts},
};

/// `/console/members/new`.
#[component]
pub fn NewMemberPage() -> impl IntoView {
    let (visit, toasts) = (Visit::expect(), use_toasts());
    let form = Form::new(MemberForm::fresh());
    let busy = RwSignal::new(false);
    let save = Callback::new(move |()| {
        let Some(values) = form.submit() else { return };
        busy.set(true);
        spawn(async move {
            let answer = json::send::<Member>("POST", "/api/v1/members", values.body()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(made) => {
                    toasts.words(fill(texts::ADDED, &[&made.name]));
                    visit.go("/console/members");
                }
                Err(failure) => form.failed(&failure),
            }
        });
    });
    view! {
        <BackLink href="/console/members" label=texts::BACK />
        <PageTitle text=signal(texts::NEW) />
        <MemberFields form=form busy=busy on_save=save />
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
    let page = Page {
        id: StoredValue::new(member.id.to_string()),
        form: Form::new(member.form()),
        before: StoredValue::new(member.form()),
        name,
        theirs: RwSignal::new(None),
        busy: RwSignal::new(false),
        toasts: use_toasts(),
        visit: Visit::expect(),
    };
    let save = Callback::new(move |()| page.save());
    view! {
        <PageTitle text=name />
        <MemberFields form=page.form busy=page.busy on_save=save changed=move || changed(page).place() />
        {person::card(page, &member).place()}
    }
}

/// What the page of a known member works with, handed around by copy.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) id: StoredValue<String>,
    pub(super) form: Form<MemberForm>,
    /// As it was on the server when the form was filled, for going back.
    pub(super) before: StoredValue<MemberForm>,
    pub(super) name: RwSignal<String>,
    /// What somebody else made of it meanwhile.
    pub(super) theirs: RwSignal<Option<Member>>,
    pub(super) busy: RwSignal<bool>,
    pub(super) toasts: Toasts,
    pub(super) visit: Visit,
}

impl Page {
    pub(super) fn path(self) -> String {
        self.id.with_value(|id| format!("/api/v1/members/{id}"))
    }

    fn save(self) {
        let Some(values) = self.form.submit() else { return };
        self.put(values, true);
    }

    /// Writes; `undoable` offers the way back afterwards.
    fn put(self, values: MemberForm, undoable: bool) {
        let path = self.path();
        self.busy.set(true);
        spawn(async move {
            let answer = json::send::<Member>("PUT", &path, values.body()).await;
            let _gone = self.busy.try_set(false);
            match answer {
                Ok(saved) => self.saved(&saved, undoable),
                Err(failure) => {
                    self.form.failed(&failure);
                    if failure.code() == Some(Code::ChangedMeanwhile) {
                        self.look_at_theirs();
                    }
                }
            }
        });
    }

    fn saved(self, member: &Member, undoable: bool) {
        let Some(before) = self.before.try_get_value() else { return };
        let back = MemberForm { version: Some(member.version), ..before };
        self.show(member);
        if undoable {
            self.toasts.undoable(texts::SAVED, move || {
                // The page may have been left; then the way back is gone with it.
                if self.busy.try_get_untracked().is_some() {
                    self.put(back.clone(), false);
                }
            });
        } else {
            self.toasts.say(texts::UNDONE);
        }
    }

    fn show(self, member: &Member) {
        self.form.values.set(member.form());
        self.form.problems.set(Default::default());
        self.before.set_value(member.form());
        self.name.set(member.name.clone());
    }

    /// Loads what the other one saved: the difference is shown, nothing typed is touched.
    fn look_at_theirs(self) {
        let path = self.path();
        spawn(async move {
            match json::get::<Member>(&path).await {
                Ok(latest) => drop(self.theirs.try_set(Some(latest))),
                Err(failure) => self.toasts.failed(&failure),
            }
        });
    }

    /// Their version instead of what was typed.
    pub(super) fn take_theirs(self, theirs: &Member) {
        self.theirs.set(None);
        self.show(theirs);
    }

    /// Saves `form` over theirs.
    pub(super) fn save_over(self, theirs: &Member, form: MemberForm) {
        self.theirs.set(None);
        self.before.set_value(theirs.form());
        self.form.values.set(MemberForm { version: Some(theirs.version), ..form });
        self.save();
    }
}
