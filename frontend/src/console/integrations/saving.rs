//! From a filled form to a connection: check, then save. Saving without a check checks first.

use leptos::prelude::*;
use shared::{
    api::integrations::{CheckResult, Integration, IntegrationRequest},
    error::Code,
};

use super::{
    check::{Run, steps_of},
    check_view::check_view,
    guide::Guide,
};
use crate::{
    client::{Failure, json, spawn},
    console::{
        head::{card_head, refused},
        kept::Kept,
        late::still_here,
        texts::integrations as texts,
        visit::Visit,
        wire::Body,
    },
    dom::{El, el},
    i18n::lang_now,
    kit::{
        Icon, Toasts,
        controls::{Press, button},
        form::Form,
        use_toasts,
    },
};

/// The last part of the page of a new connection: the check and the button that saves.
pub(super) fn check_and_save(form: Form<IntegrationRequest>, guide: &'static Guide, kept: Kept) -> El {
    let visit = Visit::expect();
    let work = Work {
        form,
        run: RwSignal::new(Run::NotYet),
        checked: StoredValue::new(None),
        saving: RwSignal::new(false),
        toasts: use_toasts(),
        guide,
    };
    // What was confirmed was another connection than the one that is typed now.
    crate::dom::follow(Box::new(move || {
        let same =
            form.values.with(|values| work.checked.with_value(|checked| checked.as_ref() == Some(values)));
        if !same && work.run.with_untracked(|run| matches!(run, Run::Done(_) | Run::Failed(_))) {
            work.run.set(Run::NotYet);
        }
    }));
    let check = move || {
        spawn(async move {
            work.check().await;
        });
    };
    let save = move || {
        let sending = kept.sending();
        spawn(async move {
            work.saving.set(true);
            let made = work.checked_and_saved().await;
            let here = still_here(work.saving);
            let Some(made) = made else { return };
            sending.saved();
            work.toasts.say(work.guide.saved);
            // Whoever went elsewhere meanwhile is not taken away from there.
            if here {
                visit.go(&format!("/console/integrations/{}", made.id));
            }
        });
    };
    // Before 「Slackに追加」 there is no token to try.
    let can_check = Memo::new(move |_| form.values.with(|form| !steps_of(form).is_empty()));
    let press = Press {
        busy: work.saving.into(),
        doing: guide.saving,
        test: "save".into(),
        ..Press::primary(texts::SAVE)
    };
    el("div", "contents")
        .dynamic(
            move || {
                if can_check.get() { vec![untrack(|| checking(work.run, true, check))] } else { Vec::new() }
            },
        )
        .child(refused(form.general()))
        .child(el("div", "form-actions").child(button(press, Some(Box::new(save)))))
}

/// The card of a check: its button and its steps.
pub(super) fn checking(run: RwSignal<Run>, can_save: bool, check: impl Fn() + Copy + 'static) -> El {
    let busy = Signal::derive(move || run.with(Run::is_running));
    let ended = Memo::new(move |_| run.with(|run| matches!(run, Run::Done(_) | Run::Failed(_))));
    let shown = Memo::new(move |_| run.with(|run| *run != Run::NotYet));
    let again = move || {
        let label = if ended.get() { texts::CHECK_AGAIN } else { texts::CHECK };
        let press = Press {
            doing: texts::CHECK_BUSY,
            icon: Some(Icon::Refresh),
            busy,
            test: "check-connection".into(),
            ..Press::new(label)
        };
        vec![button(press, Some(Box::new(check)))]
    };
    let lead = can_save.then_some(texts::CHECK_LEAD);
    el("section", "card grid gap-3")
        .attr("aria-labelledby", "check-title")
        .child(
            el("div", "flex flex-wrap items-center justify-between gap-x-4 gap-y-3")
                .child(card_head("check-title", texts::CHECK_TITLE, lead))
                .dynamic(again),
        )
        .dynamic(move || if shown.get() { vec![untrack(|| check_view(run, can_save))] } else { Vec::new() })
}

/// The work of one page, handed around by copy.
#[derive(Clone, Copy)]
struct Work {
    form: Form<IntegrationRequest>,
    run: RwSignal<Run>,
    /// What the last check looked at.
    checked: StoredValue<Option<IntegrationRequest>>,
    saving: RwSignal<bool>,
    toasts: Toasts,
    guide: &'static Guide,
}

impl Work {
    /// Tries the connection; true when every step passed.
    async fn check(self) -> bool {
        if self.run.with_untracked(Run::is_running) {
            return false;
        }
        let Some(values) = self.form.submit() else { return false };
        self.run.set(Run::Running(steps_of(&values)));
        let answer = json::send::<CheckResult>("POST", "/api/integrations/check", values.body()).await;
        self.checked.set_value(Some(values));
        let run = match answer {
            Ok(result) => Run::Done(result.steps),
            Err(failure) => self.refused(&failure),
        };
        let passed = run.passed();
        // `None`: the page was left meanwhile.
        self.run.try_set(run).is_none() && passed
    }

    /// A refusal of a field goes to the field, an ended session above the buttons with its way back; anything else is said where the steps would be.
    fn refused(self, failure: &Failure) -> Run {
        match failure {
            Failure::Refused(body) if body.field.is_some() || body.code == Code::NotSignedIn => {
                self.form.failed(failure);
                Run::NotYet
            }
            other => Run::Failed(other.message(lang_now())),
        }
    }

    async fn checked_and_saved(self) -> Option<Integration> {
        let already = self.run.with_untracked(Run::passed)
            || self.form.values.with_untracked(|form| steps_of(form).is_empty());
        if !already && !self.check().await {
            return None;
        }
        let values = self.form.submit()?;
        match json::send("POST", "/api/integrations", values.body()).await {
            Ok(made) => Some(made),
            Err(failure) => {
                // The page was left: its form shows nothing any more.
                if self.saving.is_disposed() {
                    self.toasts.failed(&failure);
                } else {
                    self.form.failed(&failure);
                }
                None
            }
        }
    }
}
