//! The forms of the console, tied to the kit: which fields each page has, and the checks of `shared`.

use leptos::prelude::*;
use shared::{
    api::{integrations::SecretRequest, members::MemberForm, settings::KeyRequest},
    error::{Code, Error},
    integration::{LineworksForm, MailForm},
};

use crate::{
    i18n::lang,
    kit::{
        Binding,
        form::{Form, Validated},
    },
};

impl Validated for LineworksForm {
    const FIELDS: &'static [&'static str] = &[
        "client_id",
        "client_secret",
        "service_account",
        "private_key",
        "domain_id",
        "bot_admin",
        "bot_subadmin",
        "bot_name",
    ];

    fn clean(&mut self) {
        Self::clean(self);
    }

    fn problems(&self) -> Vec<Error> {
        Self::problems(self)
    }
}

impl Validated for MailForm {
    const FIELDS: &'static [&'static str] = &[
        "via",
        "host",
        "port",
        "security",
        "user",
        "password",
        "api_key",
        "from_name",
        "from_address",
        "reply_to",
    ];

    fn clean(&mut self) {
        Self::clean(self);
    }

    fn problems(&self) -> Vec<Error> {
        Self::problems(self)
    }
}

impl Validated for SecretRequest {
    const FIELDS: &'static [&'static str] =
        &["client_secret", "service_account", "private_key", "password", "api_key"];

    /// The same cleaning as when it was first entered.
    fn clean(&mut self) {
        let mut lineworks = lineworks_part(self);
        lineworks.clean();
        let mut mail = MailForm {
            password: std::mem::take(&mut self.password),
            api_key: std::mem::take(&mut self.api_key),
            ..MailForm::default()
        };
        mail.clean();
        *self = Self {
            client_secret: lineworks.client_secret,
            service_account: lineworks.service_account,
            private_key: lineworks.private_key.trim_start().to_owned(),
            password: mail.password,
            api_key: mail.api_key,
        };
    }

    /// Only what was typed is checked: an empty field stays as it is.
    fn problems(&self) -> Vec<Error> {
        lineworks_part(self)
            .problems()
            .into_iter()
            .filter(|error| match error.field.as_deref() {
                Some("client_secret") => !self.client_secret.is_empty(),
                Some("service_account") => !self.service_account.is_empty(),
                Some("private_key") => !self.private_key.is_empty(),
                _ => false,
            })
            .collect()
    }
}

/// The parts that LINE WORKS knows, to be cleaned and checked by its own form.
fn lineworks_part(request: &SecretRequest) -> LineworksForm {
    LineworksForm {
        client_secret: request.client_secret.clone(),
        service_account: request.service_account.clone(),
        private_key: request.private_key.clone(),
        ..LineworksForm::default()
    }
}

impl Validated for MemberForm {
    const FIELDS: &'static [&'static str] = &[
        "name",
        "reading",
        "login_email",
        "notification_email",
        "lineworks_id",
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
        check(&LineworksForm::default());
        check(&MailForm { user: "a".into(), port: "25".into(), ..MailForm::default() });
        check(&MailForm { via: shared::integration::MailVia::Resend, ..MailForm::default() });
        check(&MemberForm { company: "x".into(), notification_email: "x".into(), ..MemberForm::default() });
        check(&KeyRequest { name: String::new(), scopes: Vec::new() });
        check(&SecretRequest { private_key: "x".into(), ..SecretRequest::default() });
    }

    #[test]
    fn of_a_replacement_only_what_was_typed_is_checked() {
        let mut request = SecretRequest {
            client_secret: " a b ".into(),
            password: " p q ".into(),
            ..SecretRequest::default()
        };
        Validated::clean(&mut request);
        assert_eq!((request.client_secret.as_str(), request.password.as_str()), ("ab", "p q"));
        assert_eq!(request.private_key, "");
        assert_eq!(Validated::problems(&request), []);
        let wrong = SecretRequest { service_account: "me@minato".into(), ..SecretRequest::default() };
        assert_eq!(Validated::problems(&wrong), [Error::field(Code::NotAServiceAccount, "service_account")]);
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
