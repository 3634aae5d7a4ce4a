//! 「接続を確認」 drawn: every step with its mark, what was found, and what to look at when it failed.

use leptos::prelude::*;
use shared::check::{CheckName, CheckStatus, CheckStep};

use super::check::{Mark, Run};
use crate::{
    console::texts::integrations as texts,
    dom::{El, el},
    i18n::say,
    kit::{
        Icon, Tone,
        surfaces::{banner, icon, paragraph},
    },
};

/// `can_save` is true on the page of a new connection, where saving is the next step.
pub(super) fn check_view(run: RwSignal<Run>, can_save: bool) -> El {
    let lines = move || run.with(|run| run.lines().into_iter().map(step).collect());
    let summary = move || {
        run.with(|run| match run {
            Run::NotYet => None,
            Run::Running(_) => Some((Tone::Quiet, say(texts::CHECK_BUSY).to_owned())),
            Run::Failed(message) => Some((Tone::Bad, message.clone())),
            Run::Done(_) if run.passed() => {
                let words = if can_save { texts::CHECK_PASSED_SAVE } else { texts::CHECK_PASSED };
                Some((Tone::Good, say(words).to_owned()))
            }
            Run::Done(_) => Some((Tone::Bad, say(texts::CHECK_FAILED).to_owned())),
        })
    };
    let said = move || match summary() {
        None => Vec::new(),
        Some((Tone::Quiet, words)) => vec![el("p", "text-[13px] text-ink-soft").text(&words)],
        Some((tone, words)) => vec![banner(tone, "check-result", move || words.clone())],
    };
    el("div", "")
        .test("check")
        .attr_when("hidden", move || run.with(|run| matches!(run, Run::NotYet)).then(String::new))
        .attr_when("data-passed", move || Some(run.with(Run::passed).to_string()))
        .child(
            el("ol", "steps")
                .attr_when("aria-label", || Some(say(texts::CHECK_TITLE).to_owned()))
                .dynamic(lines),
        )
        .child(el("div", "mt-3 [&_.banner]:mb-0").attr("aria-live", "polite").dynamic(said))
}

fn step((name, mark, step): (CheckName, Mark, Option<&CheckStep>)) -> El {
    let (code, drawing, words) = match mark {
        Mark::Running => ("running", None, texts::CHECK_RUNNING_STEP),
        Mark::Passed => ("passed", Some(Icon::Check), CheckStatus::Passed.name()),
        Mark::Failed => ("failed", Some(Icon::Cross), CheckStatus::Failed.name()),
        Mark::Skipped => ("skipped", Some(Icon::Dash), CheckStatus::Skipped.name()),
    };
    let found = step.and_then(|step| step.found.as_ref());
    let mut line = el("div", "min-w-0").child(
        el("p", "flex flex-wrap items-baseline gap-x-3")
            .child(el("span", "step-name").say(name.name()))
            .maybe(found.map(|found| el("span", "text-[13px] text-ink-soft").text(found))),
    );
    if let Some(cause) = step.and_then(|step| step.cause.as_ref()) {
        line = line
            .child(paragraph("mt-0.5", cause.code.sentence()))
            .child(paragraph("text-[13px] text-ink-soft", name.hint()));
        if !cause.detail.is_empty() {
            let detail = el("code", "font-mono text-ink-soft").text(&cause.detail);
            line = line.child(el("p", "mt-0.5 text-[13px]").child(detail));
        }
    }
    el("li", "step")
        .attr("data-mark", code)
        .test("step")
        .child(el("span", "step-mark").maybe(drawing.map(icon)).child(el("span", "sr-only").say(words)))
        .child(line)
}
