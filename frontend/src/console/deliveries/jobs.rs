//! Work on many deliveries: how far it is. It goes on without the page, which finds it again.

use leptos::prelude::*;
use shared::api::bulk::{BulkAction, BulkJob, BulkState};

use super::texts;
use crate::{
    client::{browser, json, spawn},
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        Icon, Toasts,
        controls::{Press, button},
        surfaces::{icon, time},
    },
};

/// How long an ended one is still shown to whoever comes.
const SHOWN_MS: i64 = 10 * 60_000;
const PAUSE_MS: i64 = 1_000;

/// What is under way or ended lately, handed around by copy.
#[derive(Clone, Copy)]
pub(super) struct Jobs {
    list: RwSignal<Vec<BulkJob>>,
    /// Put away by the reader.
    away: RwSignal<Vec<String>>,
    watching: RwSignal<bool>,
    toasts: Toasts,
}

impl Jobs {
    /// Asks once what there is; goes on asking while something runs.
    pub(super) fn find(toasts: Toasts) -> Self {
        let jobs = Self {
            list: RwSignal::new(Vec::new()),
            away: RwSignal::new(Vec::new()),
            watching: RwSignal::new(false),
            toasts,
        };
        jobs.watch();
        jobs
    }

    pub(super) fn begun(self, job: BulkJob) {
        self.take(job);
        self.watch();
    }

    fn take(self, job: BulkJob) {
        self.list.update(|list| match list.iter_mut().find(|known| known.id == job.id) {
            Some(known) => *known = job,
            None => list.insert(0, job),
        });
    }

    fn watch(self) {
        if self.watching.get_untracked() {
            return;
        }
        self.watching.set(true);
        spawn(async move {
            loop {
                let answer = json::get::<Vec<BulkJob>>("/api/bulk").await;
                // The page is gone.
                if self.watching.try_get_untracked().is_none() {
                    return;
                }
                let running = match answer {
                    Ok(jobs) => {
                        let running = jobs.iter().any(|job| job.state == BulkState::Running);
                        self.list.set(fresh(jobs, browser::now()));
                        running
                    }
                    // Asked again: it goes on whether or not this page hears of it.
                    Err(_) => self.list.with_untracked(|list| !list.is_empty()),
                };
                if !running {
                    self.watching.set(false);
                    return;
                }
                browser::pause(PAUSE_MS).await;
                if self.watching.try_get_untracked().is_none() {
                    return;
                }
            }
        });
    }

    fn stop(self, id: String, busy: RwSignal<bool>) {
        busy.set(true);
        spawn(async move {
            let answer = json::send::<BulkJob>("POST", &format!("/api/bulk/{id}/stop"), String::new()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(job) => self.take(job),
                Err(failure) => self.toasts.failed(&failure),
            }
        });
    }

    fn of(self, id: &str) -> Option<BulkJob> {
        self.list.with(|list| list.iter().find(|job| job.id.as_str() == id).cloned())
    }
}

/// Those under way, and those that ended lately.
fn fresh(mut jobs: Vec<BulkJob>, now: i64) -> Vec<BulkJob> {
    jobs.retain(|job| job.finished_at.is_none_or(|at| at + SHOWN_MS > now));
    jobs
}

/// Above the list.
pub(super) fn cards(jobs: Jobs) -> El {
    let keys = move || {
        let away = jobs.away.get();
        let all = jobs.list.with(|list| list.iter().map(|job| job.id.to_string()).collect::<Vec<_>>());
        all.into_iter().filter(|id| !away.contains(id)).collect()
    };
    el("div", "grid gap-2 empty:hidden print:hidden")
        .attr_when("aria-label", || Some(say(texts::JOBS).to_owned()))
        .attr("role", "group")
        .list(keys, move |id| card(jobs, id.to_owned()))
}

fn card(jobs: Jobs, id: String) -> El {
    let own = id.clone();
    let job =
        Memo::new(move |last: Option<&Option<BulkJob>>| jobs.of(&own).or_else(|| last.cloned().flatten()));
    let part = move |read: fn(&BulkJob) -> u64| job.with(|job| job.as_ref().map(read).unwrap_or_default());
    let state = Memo::new(move |_| job.with(|job| job.as_ref().map(|job| job.state)));
    let action = job.with_untracked(|job| job.as_ref().map(|job| job.action));
    let title = move || {
        let changed = browser::number_text(part(|job| job.changed));
        match (state.get(), action) {
            (Some(BulkState::Stopped), _) => fill(texts::JOB_STOPPED, &[&changed]),
            (Some(BulkState::Done), Some(BulkAction::Cancel)) => fill(texts::JOB_CANCELLED, &[&changed]),
            (Some(BulkState::Done), _) => fill(texts::JOB_RESENT, &[&changed]),
            (_, Some(BulkAction::Cancel)) => say(texts::JOB_CANCELLING).to_owned(),
            (_, _) => say(texts::JOB_RESENDING).to_owned(),
        }
    };
    let by = job.with_untracked(|job| job.as_ref().map(|job| (job.by.clone(), job.created_at)));
    let begun = by.map(|(by, at)| {
        el("p", "flex flex-wrap gap-x-2 text-[13px] text-ink-soft")
            .child(el("span", "").text_when(move || fill(texts::JOB_BY, &[&by])))
            .child(time(at))
    });
    el("section", "card grid gap-2")
        .test("bulk-job")
        .attr_when("data-state", move || {
            let code = match state.get()? {
                BulkState::Running => "running",
                BulkState::Done => "done",
                BulkState::Stopped => "stopped",
            };
            Some(code.to_owned())
        })
        .child(
            el("div", "flex flex-wrap items-center justify-between gap-x-4 gap-y-1")
                .child(
                    el("div", "min-w-0")
                        .child(el("p", "font-semibold").attr("role", "status").text_when(title))
                        .maybe(begun),
                )
                .dynamic(move || {
                    let running = state.get() == Some(BulkState::Running);
                    let id = id.clone();
                    untrack(|| vec![if running { stop_button(jobs, id) } else { close_button(jobs, id) }])
                }),
        )
        .dynamic(move || {
            if state.get() != Some(BulkState::Running) {
                return Vec::new();
            }
            let label =
                if action == Some(BulkAction::Cancel) { texts::JOB_CANCELLING } else { texts::JOB_RESENDING };
            untrack(|| {
                vec![
                    crate::kit::card::progress(
                        Signal::derive(move || part(|job| job.changed)),
                        Signal::derive(move || part(|job| job.total)),
                        label,
                    ),
                    el("p", "text-[13px] text-ink-soft").say(texts::JOB_LEAVE),
                ]
            })
        })
}

fn stop_button(jobs: Jobs, id: String) -> El {
    let busy = RwSignal::new(false);
    let press = Press {
        doing: texts::JOB_STOP_BUSY,
        busy: busy.into(),
        test: "bulk-stop".into(),
        ..Press::new(texts::JOB_STOP)
    };
    button(press, Some(Box::new(move || jobs.stop(id.clone(), busy))))
}

fn close_button(jobs: Jobs, id: String) -> El {
    el("button", "icon-btn")
        .attr("type", "button")
        .attr_when("aria-label", || Some(say(texts::CLOSE).to_owned()))
        .test("bulk-away")
        .child(icon(Icon::Cross))
        .on_press(move || jobs.away.update(|away| away.push(id.clone())))
}

#[cfg(test)]
mod tests {
    use shared::id::BulkId;

    use super::*;

    #[test]
    fn what_ended_long_ago_is_not_shown() {
        let job = |number: u8, finished_at: Option<i64>| BulkJob {
            id: BulkId::new(1, [number; 10]),
            action: BulkAction::Resend,
            state: if finished_at.is_some() { BulkState::Done } else { BulkState::Running },
            total: 1,
            changed: 0,
            by: String::new(),
            created_at: 1,
            finished_at,
        };
        let jobs = vec![job(1, None), job(2, Some(5)), job(3, Some(SHOWN_MS))];
        let shown: Vec<_> = fresh(jobs, SHOWN_MS + 6).iter().map(|job| job.finished_at).collect();
        assert_eq!(shown, [None, Some(SHOWN_MS)]);
    }
}
