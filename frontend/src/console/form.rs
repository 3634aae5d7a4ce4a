//! What a form knows besides its values: which field has which problem. The checks are those of `shared`, so a
//! form that passes here passes on the server too.

use std::collections::BTreeMap;

use shared::{
    api::{members::MemberForm, settings::KeyRequest},
    error::{Code, Error, ErrorBody},
    integration::{LineworksForm, MailForm},
    lang::Lang,
};

/// A form that can clean and check itself.
pub trait Validated: Clone {
    /// The fields in the order of the page: the first wrong one gets the focus.
    const FIELDS: &'static [&'static str];
    fn clean(&mut self);
    fn problems(&self) -> Vec<Error>;
}

/// The problems of one form, by field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    by_field: BTreeMap<String, Problem>,
    /// A refusal that belongs to no field of the page.
    general: Option<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    /// Found here: said in whatever language is chosen.
    Own(Error),
    /// The server's sentence, which is in the reader's language already.
    Told { code: Code, message: String },
}

impl Problems {
    /// The field was left: only its own problem appears or goes.
    pub fn leave<F: Validated>(&mut self, form: &F, field: &str) {
        self.by_field.remove(field);
        if let Some(error) = found_in(form).into_iter().find(|error| error.field.as_deref() == Some(field)) {
            self.by_field.insert(field.to_owned(), Problem::Own(error));
        }
    }

    /// Something is typed into the field: what was said about the old text goes.
    pub fn typed(&mut self, field: &str) {
        self.by_field.remove(field);
        self.general = None;
    }

    /// Cleans the form in place and checks all of it; true when it may be sent.
    pub fn submit<F: Validated>(&mut self, form: &mut F) -> bool {
        form.clean();
        *self = Self::default();
        for error in form.problems() {
            let field = error.field.clone().unwrap_or_default();
            self.by_field.entry(field).or_insert(Problem::Own(error));
        }
        self.by_field.is_empty()
    }

    /// Puts the server's refusal where it belongs: on its fields, or above the form.
    pub fn refused<F: Validated>(&mut self, body: &ErrorBody) {
        let all = if body.errors.is_empty() { std::slice::from_ref(body) } else { body.errors.as_slice() };
        for one in all {
            let told = Problem::Told { code: one.code, message: one.message.clone() };
            // The server names nested fields like `form.client_id`.
            let field = one.field.as_deref().map(|field| field.rsplit('.').next().unwrap_or(field));
            match field.filter(|field| F::FIELDS.contains(field)) {
                Some(field) => drop(self.by_field.insert(field.to_owned(), told)),
                None => self.general = Some(told),
            }
        }
    }

    /// The sentence under a field.
    #[must_use]
    pub fn of(&self, field: &str, lang: Lang) -> Option<String> {
        self.by_field.get(field).map(|problem| problem.say(lang))
    }

    /// The sentence above the form.
    #[must_use]
    pub fn general(&self, lang: Lang) -> Option<String> {
        self.general.as_ref().map(|problem| problem.say(lang))
    }

    /// The code of the refusal that belongs to no field.
    #[must_use]
    pub fn general_code(&self) -> Option<Code> {
        self.general.as_ref().map(|problem| match problem {
            Problem::Own(error) => error.code,
            Problem::Told { code, .. } => *code,
        })
    }

    /// The first wrong field in the page's order.
    #[must_use]
    pub fn first<F: Validated>(&self) -> Option<&'static str> {
        F::FIELDS.iter().copied().find(|field| self.by_field.contains_key(*field))
    }
}

impl Problem {
    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Own(error) => error.message(lang),
            Self::Told { message, .. } => message.clone(),
        }
    }
}

fn found_in<F: Validated>(form: &F) -> Vec<Error> {
    let mut form = form.clone();
    form.clean();
    form.problems()
}

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
    const FIELDS: &'static [&'static str] =
        &["host", "port", "security", "user", "password", "api_key", "from_name", "from_address", "reply_to"];

    fn clean(&mut self) {
        Self::clean(self);
    }

    fn problems(&self) -> Vec<Error> {
        Self::problems(self)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_a_field_speaks_of_that_field_only() {
        let mut problems = Problems::default();
        let form = LineworksForm { domain_id: " 40a ".into(), ..LineworksForm::default() };
        problems.leave(&form, "domain_id");
        assert_eq!(problems.of("domain_id", Lang::Ja).as_deref(), Some(Code::NotDigits.sentence().ja));
        assert_eq!(problems.of("client_id", Lang::Ja), None);
        problems.typed("domain_id");
        assert_eq!(problems, Problems::default());
    }

    #[test]
    fn submitting_cleans_checks_everything_and_finds_the_first_field_of_the_page() {
        let mut problems = Problems::default();
        let mut form = MailForm { from_address: " a@b.jp ".into(), ..MailForm::default() };
        assert!(!problems.submit(&mut form));
        assert_eq!(form.from_address, "a@b.jp");
        assert_eq!(problems.first::<MailForm>(), Some("host"));
        form.host = "mail.b.jp".into();
        form.port = "587".into();
        assert!(problems.submit(&mut form));
        assert_eq!(problems.first::<MailForm>(), None);
    }

    #[test]
    fn the_servers_refusal_lands_on_its_field_or_above_the_form() {
        let body = |code: Code, field: Option<&str>| ErrorBody {
            code,
            message: format!("{code:?}"),
            field: field.map(Into::into),
            errors: Vec::new(),
        };
        let mut problems = Problems::default();
        problems.refused::<MemberForm>(&body(Code::AlreadyExists, Some("login_email")));
        assert_eq!(problems.of("login_email", Lang::En).as_deref(), Some("AlreadyExists"));
        assert_eq!(problems.general(Lang::En), None);

        problems.refused::<MemberForm>(&body(Code::ChangedMeanwhile, None));
        assert_eq!(problems.general_code(), Some(Code::ChangedMeanwhile));
        problems.refused::<LineworksForm>(&ErrorBody {
            errors: vec![body(Code::TooLong, Some("form.client_id")), body(Code::Internal, Some("elsewhere"))],
            ..body(Code::TooLong, Some("form.client_id"))
        });
        assert_eq!(problems.of("client_id", Lang::En).as_deref(), Some("TooLong"));
        assert_eq!(problems.general_code(), Some(Code::Internal));
    }

    #[test]
    fn every_problem_a_form_can_have_is_about_a_field_of_its_page() {
        fn check<F: Validated>(form: &F) {
            for error in form.problems() {
                assert!(F::FIELDS.contains(&error.field.as_deref().unwrap()), "{error:?}");
            }
        }
        check(&LineworksForm::default());
        check(&MailForm { user: "a".into(), port: "25".into(), ..MailForm::default() });
        check(&MailForm { via: shared::integration::MailVia::Resend, ..MailForm::default() });
        check(&MemberForm { company: "x".into(), notification_email: "x".into(), ..MemberForm::default() });
        check(&KeyRequest { name: String::new(), scopes: Vec::new() });
    }
}
