//! A form and what is wrong with it. The checks are those of `shared`, so a form that passes here passes on the
//! server too; what the server still refuses lands on its field.

use leptos::prelude::*;
use shared::{
    error::{Code, Error, ErrorBody},
    lang::Lang,
};

use super::field::{Binding, focus_first_wrong};
use crate::{
    client::Failure,
    i18n::{lang, lang_now},
};

/// A form that can clean and check itself.
pub trait Validated: Clone + Send + Sync + 'static {
    /// The fields that the page has.
    const FIELDS: &'static [&'static str];
    fn clean(&mut self);
    fn problems(&self) -> Vec<Error>;
}

/// The problems of one form, by field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    /// At most one each.
    by_field: Vec<(String, Problem)>,
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

/// A form on a page: values and problems, handed around by copy.
pub struct Form<F: Validated> {
    pub values: RwSignal<F>,
    pub problems: RwSignal<Problems>,
}

impl<F: Validated> Clone for Form<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Validated> Copy for Form<F> {}

impl<F: Validated> Form<F> {
    #[must_use]
    pub fn new(values: F) -> Self {
        Self { values: RwSignal::new(values), problems: RwSignal::new(Problems::default()) }
    }

    /// Ties a text of the form to a control. Leaving the control cleans the form and checks that field.
    pub fn text(
        self,
        name: &'static str,
        get: fn(&F) -> &String,
        get_mut: fn(&mut F) -> &mut String,
    ) -> Binding {
        Binding {
            name,
            value: Signal::derive(move || self.values.with(|form| get(form).clone())),
            on_input: Callback::new(move |text| {
                self.values.update(|form| *get_mut(form) = text);
                self.problems.update(|problems| problems.typed(name));
            }),
            on_leave: Callback::new(move |()| {
                let Some(mut form) = self.values.try_get_untracked() else { return };
                form.clean();
                self.problems.update(|problems| problems.leave(&form, name));
                let own = get(&form).clone();
                if self.values.with_untracked(|old| *get(old) != own) {
                    self.values.update(|form| *get_mut(form) = own);
                }
            }),
            error: Signal::derive(move || self.problems.with(|problems| problems.of(name, lang()))),
        }
    }

    /// The cleaned form when it may be sent; otherwise the first wrong field has the focus.
    #[must_use]
    pub fn submit(self) -> Option<F> {
        let mut form = self.values.get_untracked();
        let good = self.problems.try_update(|problems| problems.submit(&mut form)).unwrap_or_default();
        self.values.set(form.clone());
        if !good {
            focus_first_wrong();
        }
        good.then_some(form)
    }

    /// Shows why the server did not take it. Nothing typed is lost.
    pub fn failed(self, failure: &Failure) {
        let told = self.problems.try_update(|problems| match failure {
            Failure::Refused(body) => problems.refused::<F>(body),
            other => {
                problems.general =
                    Some(Problem::Told { code: Code::ProviderDown, message: other.message(lang_now()) });
            }
        });
        if told.is_some() {
            focus_first_wrong();
        }
    }

    /// The sentence above the form.
    #[must_use]
    pub fn general(self) -> Signal<Option<String>> {
        Signal::derive(move || self.problems.with(|problems| problems.general(lang())))
    }
}

impl Problems {
    /// The field was left: only its own problem appears or goes.
    pub fn leave<F: Validated>(&mut self, cleaned: &F, field: &str) {
        self.forget(field);
        if let Some(error) =
            cleaned.problems().into_iter().find(|error| error.field.as_deref() == Some(field))
        {
            self.put(field, Problem::Own(error));
        }
    }

    /// Something is typed into the field: what was said about the old text goes.
    pub fn typed(&mut self, field: &str) {
        self.forget(field);
        self.general = None;
    }

    /// Cleans the form in place and checks all of it; true when it may be sent.
    pub fn submit<F: Validated>(&mut self, form: &mut F) -> bool {
        form.clean();
        *self = Self::default();
        for error in form.problems() {
            let field = error.field.clone().unwrap_or_default();
            if self.problem(&field).is_none() {
                self.put(&field, Problem::Own(error));
            }
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
                Some(field) => self.put(field, told),
                None => self.general = Some(told),
            }
        }
    }

    /// The sentence under a field.
    #[must_use]
    pub fn of(&self, field: &str, lang: Lang) -> Option<String> {
        self.problem(field).map(|problem| problem.say(lang))
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

    fn problem(&self, field: &str) -> Option<&Problem> {
        self.by_field.iter().find(|(name, _)| name == field).map(|(_, problem)| problem)
    }

    fn put(&mut self, field: &str, problem: Problem) {
        self.forget(field);
        self.by_field.push((field.to_owned(), problem));
    }

    fn forget(&mut self, field: &str) {
        self.by_field.retain(|(name, _)| name != field);
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

#[cfg(test)]
mod tests {
    use shared::api::auth::SetupRequest;

    use super::*;

    fn told(code: Code, field: Option<&str>) -> ErrorBody {
        ErrorBody { code, message: format!("{code:?}"), field: field.map(Into::into), errors: Vec::new() }
    }

    #[test]
    fn leaving_a_field_speaks_of_that_field_only() {
        let mut problems = Problems::default();
        let form = SetupRequest { email: "x".into(), ..SetupRequest::default() };
        problems.leave(&form, "email");
        assert_eq!(problems.of("email", Lang::Ja).as_deref(), Some(Code::NotAMailAddress.sentence().ja));
        assert_eq!(problems.of("name", Lang::Ja), None);
        problems.typed("email");
        assert_eq!(problems, Problems::default());
    }

    #[test]
    fn submitting_cleans_and_checks_everything() {
        let mut form = SetupRequest { email: " A@b.jp ".into(), ..SetupRequest::default() };
        let mut problems = Problems::default();
        assert!(!problems.submit(&mut form));
        assert_eq!(form.email, "a@b.jp");
        assert!(problems.of("workspace", Lang::En).is_some());
        assert!(problems.of("email", Lang::En).is_none());
    }

    #[test]
    fn a_refusal_lands_on_its_field_or_above_the_form() {
        let mut problems = Problems::default();
        problems.refused::<SetupRequest>(&told(Code::BadSetupToken, Some("form.token")));
        assert_eq!(problems.of("token", Lang::En).as_deref(), Some("BadSetupToken"));
        assert_eq!(problems.general_code(), None);
        problems.refused::<SetupRequest>(&ErrorBody {
            errors: vec![told(Code::TooLong, Some("name")), told(Code::Internal, Some("elsewhere"))],
            ..told(Code::TooLong, Some("name"))
        });
        assert_eq!(problems.of("name", Lang::En).as_deref(), Some("TooLong"));
        assert_eq!(problems.general_code(), Some(Code::Internal));
    }
}
