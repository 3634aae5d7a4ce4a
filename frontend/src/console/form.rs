//! The forms of the console, tied to the kit: which fields each page has, and the checks of `shared`.

use leptos::prelude::*;
use shared::{
    api::{members::MemberForm, settings::KeyRequest},
    error::{Code, Error},
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
