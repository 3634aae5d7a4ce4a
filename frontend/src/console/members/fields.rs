//! The fields of a member.

use leptos::prelude::*;
use shared::{
    api::{auth::Role, events::Company, members::MemberForm},
    lang::{Lang, Text},
};

use super::texts::person;
use crate::{
    client::{Session, json, spawn},
    console::{
        form::choice,
        head::refusal,
        texts::{frame, members as texts},
    },
    i18n::{lang, say, signal, t},
    kit::{Button, ButtonKind, LinkButton, Select, Switch, TextField, form::Form},
};

/// All fields and the button. `changed` stands above it.
#[component]
pub(super) fn MemberFields(
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
    view! {
        <form class="mt-4 grid max-w-[46rem] gap-5" novalidate on:submit=submit data-testid="member-form">
            <Person form=form />
            <Reach form=form />
            <Work form=form />
            <Access form=form />
            {refusal(form.general())}
            {changed.run()}
            <div class="form-actions">
                <Button label=texts::SAVE doing=texts::SAVE_BUSY kind=ButtonKind::Primary busy=busy testid="save" />
                <LinkButton label=frame::CANCEL href="/console/members" kind=ButtonKind::Quiet testid="cancel" />
            </div>
        </form>
    }
}

#[component]
fn Group(title: Text, children: Children) -> impl IntoView {
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
                bind=form.text("slack_id", |form| &form.slack_id, |form| &mut form.slack_id)
                label=person::SLACK_ID
                hint=person::SLACK_ID_HINT
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
    let session = Session::expect();
    let own = move || session.0.with(|me| me.as_ref().map_or(Role::Owner, |me| me.role));
    let roles = Signal::derive(move || {
        let now = form.values.with(|form| form.role);
        Role::ALL
            .into_iter()
            .filter(|role| *role <= own() || *role == now)
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

/// A field's name, and one of its texts as the page says it.
pub(super) fn in_words(field: &str, text: &str, lang: Lang) -> (Text, String) {
    let name = match field {
        "name" => texts::NAME,
        "reading" => texts::READING,
        "login_email" => texts::LOGIN_EMAIL,
        "notification_email" => texts::NOTIFICATION_EMAIL,
        "lineworks_id" => texts::LINEWORKS_ID,
        "slack_id" => person::SLACK_ID,
        "company" => texts::COMPANY,
        "department" => texts::DEPARTMENT,
        "title" => texts::POST,
        "employee_number" => texts::NUMBER,
        "role" => texts::ROLE,
        "language" => texts::LANGUAGE,
        _ => texts::USABLE_LABEL,
    };
    let words = match (field, text) {
        ("company", "") => texts::COMPANY_NONE,
        ("company", _) => person::COMPANY_OTHER,
        ("role", code) => Role::from_code(code).unwrap_or_default().name(),
        ("language", "en") => texts::ENGLISH,
        ("language", _) => texts::JAPANESE,
        ("usable", "yes") => super::texts::list::ACTIVE,
        ("usable", _) => super::texts::list::INACTIVE,
        _ => return (name, text.to_owned()),
    };
    (name, words.get(lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::listed::Listed;

    #[test]
    fn every_field_has_its_own_name() {
        let mut names: Vec<_> = MemberForm::default()
            .list()
            .iter()
            .map(|(field, _)| in_words(field, "", Lang::Ja).0.ja)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), all), (13, 13));
    }
}
