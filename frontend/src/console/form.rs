//! The forms of the console, tied to the kit: which fields each page has, and the checks of `shared`.

use leptos::prelude::*;
use shared::{
    api::{
        auth::Role,
        members::MemberForm,
        settings::{KeyRequest, Scope},
    },
    error::{Code, Error},
    lang::Lang,
};

use super::{
    listed::{List, Listed, joined, yes_or_no},
    settings::keys_model::scope_code,
};

use crate::{
    i18n::lang,
    kit::{
        Binding,
        form::{Form, Validated},
    },
};

impl Validated for MemberForm {
    const FIELDS: &'static [&'static str] = &[
        "name",
        "reading",
        "login_email",
        "notification_email",
        "lineworks_id",
        "slack_id",
        "company",
        "department",
        "title",
        "employee_number",
        "role",
        "language",
        "usable",
    ];

    fn clean(&mut self) {
        Self::clean(self);
    }

    fn problems(&self) -> Vec<Error> {
        Self::problems(self)
    }
}

impl Listed for MemberForm {
    fn list(&self) -> List {
        vec![
            ("name", self.name.clone()),
            ("reading", self.reading.clone()),
            ("login_email", self.login_email.clone()),
            ("lineworks_id", self.lineworks_id.clone()),
            ("slack_id", self.slack_id.clone()),
            ("notification_email", self.notification_email.clone()),
            ("company", self.company.clone()),
            ("department", self.department.clone()),
            ("title", self.title.clone()),
            ("employee_number", self.employee_number.clone()),
            ("role", self.role.code().to_owned()),
            ("language", self.language.tag().to_owned()),
            ("usable", yes_or_no(self.usable)),
        ]
    }

    fn put(&mut self, name: &str, text: &str) {
        let own = match name {
            "name" => &mut self.name,
            "reading" => &mut self.reading,
            "login_email" => &mut self.login_email,
            "lineworks_id" => &mut self.lineworks_id,
            "slack_id" => &mut self.slack_id,
            "notification_email" => &mut self.notification_email,
            "company" => &mut self.company,
            "department" => &mut self.department,
            "title" => &mut self.title,
            "employee_number" => &mut self.employee_number,
            "role" => return self.role = Role::from_code(text).unwrap_or(self.role),
            "language" => return self.language = if text == "en" { Lang::En } else { Lang::Ja },
            "usable" => return self.usable = text == "yes",
            _ => return,
        };
        text.clone_into(own);
    }
}

impl Listed for KeyRequest {
    fn list(&self) -> List {
        let scopes = joined(self.scopes.iter().map(|scope| scope_code(*scope)));
        vec![("name", self.name.clone()), ("scopes", scopes)]
    }

    fn put(&mut self, name: &str, text: &str) {
        match name {
            "name" => text.clone_into(&mut self.name),
            "scopes" => {
                let chosen: Vec<&str> = text.split(' ').collect();
                self.scopes =
                    Scope::ALL.into_iter().filter(|scope| chosen.contains(&scope_code(*scope))).collect();
            }
            _ => {}
        }
    }
}

impl Validated for KeyRequest {
    const FIELDS: &'static [&'static str] = &["name", "scopes"];

    fn clean(&mut self) {
        self.name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
    }

    fn problems(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        if self.name.is_empty() {
            problems.push(Error::field(Code::Required, "name"));
        } else if self.name.chars().count() > 100 {
            problems.push(Error::field(Code::TooLong, "name"));
        }
        if self.scopes.is_empty() {
            problems.push(Error::field(Code::Required, "scopes"));
        }
        problems
    }
}

/// Ties a choice of a form to a control that knows only texts. `read` gets one of the values of `write`.
pub(crate) fn choice<F: Validated>(
    form: Form<F>,
    name: &'static str,
    write: fn(&F) -> String,
    read: fn(&mut F, &str),
) -> Binding {
    Binding {
        name,
        value: Signal::derive(move || form.values.with(write)),
        on_input: Callback::new(move |text: String| {
            form.values.update(|values| read(values, &text));
            form.problems.update(|problems| problems.typed(name));
        }),
        on_leave: Callback::new(|()| {}),
        error: Signal::derive(move || form.problems.with(|problems| problems.of(name, lang()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_a_form_can_have_is_about_a_field_of_its_page() {
        fn check<F: Validated>(form: &F) {
            assert!(!form.problems().is_empty());
            for error in form.problems() {
                assert!(F::FIELDS.contains(&error.field.as_deref().unwrap()), "{error:?}");
            }
        }
        check(&MemberForm {
            company: "x".into(),
            slack_id: "x".into(),
            notification_email: "x".into(),
            ..MemberForm::default()
        });
        check(&KeyRequest { name: String::new(), scopes: Vec::new() });
    }

    #[test]
    fn what_is_listed_can_be_taken_back() {
        let member = MemberForm {
            name: "a".into(),
            reading: "b".into(),
            login_email: "c".into(),
            notification_email: "d".into(),
            department: "e".into(),
            title: "f".into(),
            employee_number: "g".into(),
            usable: true,
            company: "h".into(),
            lineworks_id: "i".into(),
            slack_id: "j".into(),
            role: Role::Owner,
            language: Lang::En,
            version: None,
        };
        let key = KeyRequest { name: "a".into(), scopes: Scope::ALL.to_vec() };
        let mut back = (MemberForm::default(), KeyRequest { name: String::new(), scopes: Vec::new() });
        for (name, text) in member.list() {
            back.0.put(name, &text);
        }
        for (name, text) in key.list() {
            back.1.put(name, &text);
        }
        assert_eq!(back, (member, key));
        assert_eq!(MemberForm::default().differences(&back.0).len(), back.0.list().len());
    }

    #[test]
    fn a_key_needs_a_name_and_something_to_do() {
        let mut request = KeyRequest {
            name: " 販売\u{3000}管理 ".into(),
            scopes: vec![shared::api::settings::Scope::EventsWrite],
        };
        request.clean();
        assert_eq!((request.name.as_str(), request.problems().len()), ("販売 管理", 0));
        request.name = "x".repeat(101);
        assert_eq!(request.problems(), [Error::field(Code::TooLong, "name")]);
    }
}
