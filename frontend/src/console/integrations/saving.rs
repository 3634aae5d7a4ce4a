//! From a filled form to a connection: check, then save. Saving without a check checks first.

use leptos::prelude::*;
use shared::{
    api::integrations::{CheckResult, Integration, IntegrationRequest},
    integration::{LineworksForm, MailForm},
    lang::Text,
};

use super::{
    check::{Run, Steps},
    check_view::CheckView,
};
use crate::{
    client::{Failure, http, spawn},
    console::{
        head::{head, refusal},
        part::{Draw, part},
        texts::integrations as texts,
        visit::Visit,
    },
    i18n::lang_now,
    kit::{
        Button, ButtonKind, Icon, Toasts,
        form::{Form, Validated},
        use_toasts,
    },
};

/// A form that a connection is made of.
pub trait Connects: Validated + Steps + PartialEq {
    fn request(self) -> IntegrationRequest;
    /// What saving is called while it goes on, and afterwards.
    const SAVING: Text;
    const SAVED: Text;
}

impl Connects for LineworksForm {
    fn request(self) -> IntegrationRequest {
        IntegrationRequest::Lineworks(self)
    }
    const SAVING: Text = texts::SAVE_BUSY_LINEWORKS;
    const SAVED: Text = texts::SAVED_LINEWORKS;
}

impl Connects for MailForm {
    fn request(self) -> IntegrationRequest {
        IntegrationRequest::Mail(self)
    }
    const SAVING: Text = texts::SAVE_BUSY_MAIL;
    const SAVED: Text = texts::SAVED_MAIL;
}

/// The last part of the page of a new connection: the check and the button that saves.
#[component]
pub fn CheckAndSave<F: Connects>(form: Form<F>) -> impl IntoView {
    let visit = Visit::expect();
    let work = Work {
        form,
        run: RwSignal::new(Run::NotYet),
        checked: StoredValue::new(None),
        saving: RwSignal::new(false),
        toasts: use_toasts(),
    };
    // What was confirmed was another connection than the one that is typed now.
    Effect::new(move || {
        let same =
            form.values.with(|values| work.checked.with_value(|checked| checked.as_ref() == Some(values)));
        if !same && work.run.with_untracked(|run| matches!(run, Run::Done(_) | Run::Failed(_))) {
            work.run.set(Run::NotYet);
        }
    });
    let checking = Signal::derive(move || work.run.with(Run::is_running));
    let check = Callback::new(move |()| {
        spawn(async move {
            work.check().await;
        });
    });
    let save = Callback::new(move |()| {
        spawn(async move {
            if let Some(made) = work.save().await {
                visit.go(&format!("/console/integrations/{}", made.id));
            }
        });
    });
    let checked_before = move || work.run.with(|run| matches!(run, Run::Done(_) | Run::Failed(_)));
    view! {
        <section class="card grid gap-3" aria-labelledby="check-title">
            <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
                {head("check-title", texts::CHECK_TITLE, Some(texts::CHECK_LEAD))}
                {part(move || {
                    let label = if checked_before() { texts::CHECK_AGAIN } else { texts::CHECK };
                    view! { <Button label=label doing=texts::CHECK_BUSY icon=Icon::Refresh busy=checking testid="check-connection" on_press=check /> }
                }.drawn())}
            </div>
            {part(move || (work.run.with(|run| *run != Run::NotYet)).then(|| view! { <CheckView run=work.run can_save=true /> }).drawn())}
        </section>
        {refusal(form.general())}
        <div class="form-actions">
            <Button label=texts::SAVE doing=F::SAVING kind=ButtonKind::Primary busy=work.saving testid="save" on_press=save />
        </div>
    }
}

/// The work of one page, handed around by copy.
struct Work<F: Connects> {
    form: Form<F>,
    run: RwSignal<Run>,
    /// What the last check looked at.
    checked: StoredValue<Option<F>>,
    saving: RwSignal<bool>,
    toasts: Toasts,
}

impl<F: Connects> Clone for Work<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Connects> Copy for Work<F> {}

impl<F: Connects> Work<F> {
    /// Tries the connection; true when every step passed.
    async fn check(self) -> bool {
        if self.run.with_untracked(Run::is_running) {
            return false;
        }
        let Some(values) = self.form.submit() else { return false };
        self.checked.set_value(Some(values.clone()));
        self.run.set(Run::Running(values.steps()));
        let answer = http::post::<_, CheckResult>("/api/integrations/check", &values.request()).await;
        let run = match answer {
            Ok(result) => Run::Done(result.steps),
            Err(failure) => self.refused(&failure),
        };
        let passed = run.passed();
        // `None`: the page was left meanwhile.
        self.run.try_set(run).is_none() && passed
    }

    /// A refusal of a field goes to the field; anything else is said where the steps would be.
    fn refused(self, failure: &Failure) -> Run {
        match failure {
            Failure::Refused(body) if body.field.is_some() => {
                self.form.failed(failure);
                Run::NotYet
            }
            other => Run::Failed(other.message(lang_now())),
        }
    }

    async fn save(self) -> Option<Integration> {
        self.saving.set(true);
        let made = self.checked_and_saved().await;
        let _gone = self.saving.try_set(false);
        if made.is_some() {
            self.toasts.say(F::SAVED);
        }
        made
    }

    async fn checked_and_saved(self) -> Option<Integration> {
        let already = self.run.with_untracked(Run::passed);
        if !already && !self.check().await {
            return None;
        }
        let values = self.form.submit()?;
        match http::post("/api/integrations", &values.request()).await {
            Ok(made) => Some(made),
            Err(failure) => {
                self.form.failed(&failure);
                None
            }
        }
    }
}
