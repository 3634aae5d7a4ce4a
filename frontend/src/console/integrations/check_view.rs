//! 「接続を確認」 drawn: every step with its mark, what was found, and what to look at when it failed.

use leptos::prelude::*;
use shared::check::CheckName;

use super::check::{Mark, Run};
use crate::{
    console::{
        part::{Draw, part},
        texts::integrations as texts,
    },
    i18n::{say, t},
    kit::{Banner, Icon, Tone},
};

/// `can_save` is true on the page of a new connection, where saving is the next step.
#[component]
pub fn CheckView(run: RwSignal<Run>, #[prop(optional)] can_save: bool) -> impl IntoView {
    let lines = move || {
        run.with(|run| {
            run.lines()
                .into_iter()
                .map(|(name, mark, step)| {
                    let found = step.and_then(|step| step.found.clone());
                    let cause = step.and_then(|step| step.cause.clone());
                    view! { <Step name=name mark=mark found=found cause=cause.map(|cause| (cause.code.sentence(), cause.detail)) /> }
                })
                .collect_view()
        })
    };
    let summary = move || {
        run.with(|run| match run {
            Run::NotYet => None,
            Run::Running(_) => Some((Tone::Quiet, say(texts::CHECK_BUSY).to_owned())),
            Run::Failed(message) => Some((Tone::Bad, message.clone())),
            Run::Done(_) if run.passed() => Some((
                Tone::Good,
                say(if can_save { texts::CHECK_PASSED_SAVE } else { texts::CHECK_PASSED }).to_owned(),
            )),
            Run::Done(_) => Some((Tone::Bad, say(texts::CHECK_FAILED).to_owned())),
        })
    };
    view! {
        <div data-testid="check" data-passed=move || run.with(Run::passed).to_string()>
            <ol class="steps" aria-label=t(texts::CHECK_TITLE)>{lines}</ol>
            <div class="mt-3 [&_.banner]:mb-0" aria-live="polite">
                {part(move || {
                    summary()
                        .map(|(tone, words)| match tone {
                            Tone::Quiet => view! { <p class="text-[13px] text-ink-soft">{words}</p> }.drawn(),
                            tone => view! { <Banner tone=tone testid="check-result">{words}</Banner> }.drawn(),
                        })
                }.drawn())}
            </div>
        </div>
    }
}

#[component]
fn Step(
    name: CheckName,
    mark: Mark,
    found: Option<String>,
    cause: Option<(shared::lang::Text, String)>,
) -> impl IntoView {
    let (code, icon, words) = match mark {
        Mark::Running => ("running", None, texts::CHECK_RUNNING_STEP),
        Mark::Passed => ("passed", Some(Icon::Check), shared::check::CheckStatus::Passed.name()),
        Mark::Failed => ("failed", Some(Icon::Cross), shared::check::CheckStatus::Failed.name()),
        Mark::Skipped => ("skipped", Some(Icon::Dash), shared::check::CheckStatus::Skipped.name()),
    };
    view! {
        <li class="step" data-mark=code data-testid="step">
            <span class="step-mark">{icon.map(Icon::view)}<span class="sr-only">{t(words)}</span></span>
            <div class="min-w-0">
                <p class="flex flex-wrap items-baseline gap-x-3">
                    <span class="step-name">{t(name.name())}</span>
                    {found.map(|found| view! { <span class="text-[13px] text-ink-soft">{found}</span> })}
                </p>
                {cause
                    .map(|(sentence, detail)| {
                        view! {
                            <p class="mt-0.5">{t(sentence)}</p>
                            <p class="text-[13px] text-ink-soft">{t(name.hint())}</p>
                            {(!detail.is_empty())
                                .then(|| view! { <p class="mt-0.5 text-[13px]"><code class="font-mono text-ink-soft">{detail}</code></p> })}
                        }
                    })}
            </div>
        </li>
    }
}
