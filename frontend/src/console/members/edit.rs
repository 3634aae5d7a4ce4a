//! The form of a member, new or known.

use leptos::prelude::*;
use shared::{
    api::{
        auth::Role,
        events::Company,
        members::{Member, MemberForm},
    },
    error::Code,
    lang::Lang,
};

use crate::{
    client::{Failure, browser, json, spawn},
    console::{
        back::BackLink,
        form::choice,
        head::refusal,
        part::{Draw, part},
        texts::{frame, members as texts},
        visit::Visit,
        wire::Body,
    },
    i18n::{fill, lang, say, signal, t},
    kit::{
        Banner, Button, ButtonKind, LinkButton, Loader, PageTitle, Select, Switch, TextField, Toasts, Tone,
        form::Form, show, use_toasts,
    },
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
        busy: RwSignal::new(false),
        toasts: use_toasts(),
    };
    let save = Callback::new(move |()| page.save());
    view! {
        <PageTitle text=name />
        <MemberFields form=page.form busy=page.busy on_save=save changed=move || view! { <Changed page=page /> } />
    }
}

/// Someone else was faster: the typed text stays, and the admin chooses.
#[component]
fn Changed(page: Page) -> impl IntoView {
    let changed = Memo::new(move |_| {
        page.form.problems.with(|problems| problems.general_code() == Some(Code::ChangedMeanwhile))
    });
    part(move || {
        if !changed.get() {
            return ().drawn();
        }
        view! {
            <div class="[&_.banner]:mb-0">
                <Banner tone=Tone::Warn testid="changed-meanwhile">
                    <p>{t(texts::CHANGED)}</p>
                    <div class="mt-2 flex flex-wrap gap-2">
                        <Button label=texts::CHANGED_RELOAD testid="take-theirs" on_press=move |()| page.take_theirs() />
                        <Button label=texts::CHANGED_OVERWRITE kind=ButtonKind::Danger testid="keep-mine" on_press=move |()| page.keep_mine() />
                    </div>
                </Banner>
            </div>
        }
        .drawn()
    })
}

/// What the page of a known member works with, handed around by copy.
#[derive(Clone, Copy)]
struct Page {
    id: StoredValue<String>,
    form: Form<MemberForm>,
    /// As it is on the server, for going back.
    before: StoredValue<MemberForm>,
    name: RwSignal<String>,
    busy: RwSignal<bool>,
    toasts: Toasts,
}

impl Page {
    fn path(self) -> String {
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
                Err(failure) => self.form.failed(&failure),
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

    fn take_theirs(self) {
        self.with_latest(|page, latest| page.show(&latest));
    }

    fn keep_mine(self) {
        self.with_latest(|page, latest| {
            page.before.set_value(latest.form());
            let mine = page.form.values.get_untracked();
            page.put(MemberForm { version: Some(latest.version), ..mine }, true);
        });
    }

    fn with_latest(self, act: impl FnOnce(Self, Member) + 'static) {
        let path = self.path();
        spawn(async move {
            match json::get::<Member>(&path).await {
                Ok(latest) if self.busy.try_get_untracked().is_some() => act(self, latest),
                Ok(_) => {}
                Err(failure) => self.toasts.failed(&failure),
            }
        });
    }
}

/// All fields and the button. `changed` stands above it.
#[component]
fn MemberFields(
    form: Form<MemberForm>,
    busy: RwSignal<bool>,
    on_save: Callback<()>,
    #[prop(optional, into)] changed: ViewFn,
) -> impl IntoView {
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            on_save.run(());
        }
    };
    let general = Signal::derive(move || {
        let own = form.problems.with(|problems| problems.general_code() == Some(Code::ChangedMeanwhile));
        form.general().get().filter(|_| !own)
    });
    view! {
        <form class="mt-4 grid max-w-[46rem] gap-5" novalidate on:submit=submit data-testid="member-form">
            <Person form=form />
            <Reach form=form />
            <Work form=form />
            <Access form=form />
            {refusal(general)}
            {changed.run()}
            <div class="form-actions">
                <Button label=texts::SAVE doing=texts::SAVE_BUSY kind=ButtonKind::Primary busy=busy testid="save" />
                <LinkButton label=frame::CANCEL href="/console/members" kind=ButtonKind::Quiet testid="cancel" />
            </div>
        </form>
    }
}

#[component]
fn Group(title: shared::lang::Text, children: Children) -> impl IntoView {
    view! {
        <fieldset class="card grid min-w-0 gap-x-5 gap-y-4 sm:grid-cols-2">
            <legend class="float-left w-full text-[16px] font-semibold sm:col-span-2">{t(title)}</legend>
            {children()}
        </fieldset>
    }
}

#[component]
fn Person(form: Form<MemberForm>) -> impl IntoView {
    view! {
        <Group title=texts::PERSON>
            <TextField bind=form.text("name", |form| &form.name, |form| &mut form.name) label=texts::NAME class="content-start" />
            <TextField
                bind=form.text("reading", |form| &form.reading, |form| &mut form.reading)
                label=texts::READING
                optional=true
                class="content-start"
            />
            <TextField
                bind=form.text("login_email", |form| &form.login_email, |form| &mut form.login_email)
                label=texts::LOGIN_EMAIL
                hint=texts::LOGIN_EMAIL_HINT
                kind="email"
                strip=true
                class="sm:col-span-2"
            />
        </Group>
    }
}

#[component]
fn Reach(form: Form<MemberForm>) -> impl IntoView {
    view! {
        <Group title=texts::REACH>
            <TextField
                bind=form.text("lineworks_id", |form| &form.lineworks_id, |form| &mut form.lineworks_id)
                label=texts::LINEWORKS_ID
                hint=texts::LINEWORKS_ID_HINT
                optional=true
                strip=true
                class="sm:col-span-2"
            />
            <TextField
                bind=form.text("notification_email", |form| &form.notification_email, |form| &mut form.notification_email)
                label=texts::NOTIFICATION_EMAIL
                hint=texts::NOTIFICATION_EMAIL_HINT
                kind="email"
                optional=true
                strip=true
                class="sm:col-span-2"
            />
        </Group>
    }
}

#[component]
fn Work(form: Form<MemberForm>) -> impl IntoView {
    let companies = RwSignal::new(Vec::<Company>::new());
    spawn(async move {
        // Without the list the company stays as it is.
        if let Ok(loaded) = json::get("/api/v1/companies").await {
            let _gone = companies.try_set(loaded);
        }
    });
    let options = Signal::derive(move || {
        let none = (String::new(), say(texts::COMPANY_NONE).to_owned());
        std::iter::once(none)
            .chain(companies.with(|all| {
                all.iter().map(|company| (company.id.to_string(), company.name.clone())).collect::<Vec<_>>()
            }))
            .collect::<Vec<_>>()
    });
    view! {
        <Group title=texts::WORK>
            <Select
                bind=choice(form, "company", |form| form.company.clone(), |form, id| id.clone_into(&mut form.company))
                label=texts::COMPANY
                options=options
                optional=true
                class="content-start [&>select]:mt-[0.15rem]"
            />
            <TextField
                bind=form.text("department", |form| &form.department, |form| &mut form.department)
                label=texts::DEPARTMENT
                optional=true
                class="content-start"
            />
            <TextField bind=form.text("title", |form| &form.title, |form| &mut form.title) label=texts::POST optional=true class="content-start" />
            <TextField
                bind=form.text("employee_number", |form| &form.employee_number, |form| &mut form.employee_number)
                label=texts::NUMBER
                optional=true
                class="content-start"
            />
        </Group>
    }
}

#[component]
fn Access(form: Form<MemberForm>) -> impl IntoView {
    let roles = Signal::derive(|| {
        Role::ALL
            .into_iter()
            .map(|role| (role.code().to_owned(), role.name().get(lang()).to_owned()))
            .collect::<Vec<_>>()
    });
    let languages = Signal::derive(|| {
        [(Lang::Ja, texts::JAPANESE), (Lang::En, texts::ENGLISH)]
            .into_iter()
            .map(|(lang, words)| (lang.tag().to_owned(), say(words).to_owned()))
            .collect::<Vec<_>>()
    });
    view! {
        <Group title=texts::ACCESS>
            <Select
                bind=choice(form, "role", |form| form.role.code().to_owned(), |form, code| form.role = Role::from_code(code).unwrap_or_default())
                label=texts::ROLE
                options=roles
                class="content-start [&>select]:mt-[0.15rem]"
            />
            <Select
                bind=choice(
                    form,
                    "language",
                    |form| form.language.tag().to_owned(),
                    |form, tag| form.language = if tag == Lang::En.tag() { Lang::En } else { Lang::Ja },
                )
                label=texts::LANGUAGE
                options=languages
                class="content-start [&>select]:mt-[0.15rem]"
            />
            <div class="flex items-center justify-between gap-4 border-t border-line pt-3 sm:col-span-2">
                <div class="min-w-0">
                    <p class="text-[14px] font-semibold">{t(texts::USABLE_LABEL)}</p>
                    <p class="text-[13px] text-ink-soft" id="usable-hint">{t(texts::USABLE_HINT)}</p>
                </div>
                <Switch
                    on=Signal::derive(move || form.values.with(|form| form.usable))
                    label=signal(texts::USABLE_LABEL)
                    described_by="usable-hint"
                    testid="field-usable"
                    on_change=move |on| form.values.update(|form| form.usable = on)
                />
            </div>
        </Group>
    }
}
