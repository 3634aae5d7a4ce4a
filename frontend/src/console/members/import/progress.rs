//! An import that runs or has ended.

use leptos::prelude::*;
use shared::api::{
    live::LiveMessage,
    member_imports::{Import, ImportState},
};

use super::{Page, counted};
use crate::{
    client::{browser, http, json, live, spawn},
    console::members::texts::import as texts,
    dom::{El, el},
    i18n::say,
    kit::{
        ButtonKind, Icon, Tone,
        card::progress,
        controls::{Press, away, button},
        surfaces::{banner, icon, paragraph},
    },
};

/// The live connection tells each step; this is for whoever watches another admin's import, or has lost it.
const PAUSE_MS: i64 = 4_000;

pub(super) fn watch(page: Page, import: Import) -> Vec<El> {
    let id = import.id.to_string();
    let shown = RwSignal::new(import);
    let state = Memo::new(move |_| shown.with(|import| import.state));
    if state.get_untracked() == ImportState::Running {
        listen(shown);
        follow(shown, id);
    }
    vec![
        el("section", "card grid gap-4")
            .test("import-job")
            .attr_when("data-state", move || Some(state.get().code().to_owned()))
            .dynamic(move || {
                let state = state.get();
                untrack(
                    || if state == ImportState::Running { running(page, shown) } else { ended(page, shown) },
                )
            }),
    ]
}

/// Each slice is told as it is done, and the end.
fn listen(shown: RwSignal<Import>) {
    live::listen(move |heard| {
        if let live::Heard::Message(LiveMessage::Import(import)) = heard {
            shown.update(|shown| {
                // News may overtake an answer: what is done never becomes less.
                if shown.id == import.id && shown.state == ImportState::Running && shown.done <= import.done {
                    *shown = import.as_ref().clone();
                }
            });
        }
    });
}

/// Asks until it has ended or the page is left; a lost connection is no end.
fn follow(shown: RwSignal<Import>, id: String) {
    spawn(async move {
        let path = format!("/api/members/imports/{id}");
        loop {
            browser::pause(PAUSE_MS).await;
            match json::get::<Import>(&path).await {
                Ok(import) => {
                    let going = import.state == ImportState::Running;
                    let newer = shown.try_with_untracked(|shown| {
                        shown.state == ImportState::Running && shown.done <= import.done
                    });
                    match newer {
                        Some(true) => drop(shown.try_set(import)),
                        Some(false) => {}
                        None => return,
                    }
                    if !going {
                        return;
                    }
                }
                Err(http::Failure::Offline | http::Failure::TimedOut) => {}
                Err(_) => return,
            }
            if shown.try_get_untracked().is_none() {
                return;
            }
        }
    });
}

fn running(page: Page, shown: RwSignal<Import>) -> Vec<El> {
    let done = Signal::derive(move || shown.with(|import| u64::from(import.done)));
    let of = Signal::derive(move || shown.with(|import| u64::from(import.total)));
    let busy = RwSignal::new(false);
    let stop = move || {
        let path = shown.with_untracked(|import| format!("/api/members/imports/{}", import.id));
        busy.set(true);
        spawn(async move {
            // The end is seen by whoever watches.
            if let Err(failure) = http::delete(&path).await {
                page.toasts.failed(&failure);
                let _gone = busy.try_set(false);
            }
        });
    };
    let press = Press { busy: busy.into(), test: "stop-import".into(), ..Press::new(texts::STOP) };
    vec![
        el("h2", "text-[16px]").attr("tabindex", "-1").say(texts::RUNNING).focus_soon(),
        progress(done, of, texts::PROGRESS),
        el("p", "text-[13px] text-ink-soft tabular-nums").text_when(move || shown.with(counted)()),
        paragraph("text-[13px] text-ink-soft", texts::RUNNING_LEAD),
        el("div", "flex flex-wrap items-center gap-3")
            .child(button(press, Some(Box::new(stop))))
            .child(paragraph("text-[13px] text-ink-soft", texts::STOP_NOTE)),
    ]
}

fn ended(page: Page, shown: RwSignal<Import>) -> Vec<El> {
    let import = shown.get_untracked();
    let (tone, words) = match import.state {
        ImportState::Stopped => (Tone::Warn, texts::WAS_STOPPED),
        ImportState::Failed => (Tone::Bad, texts::FAILED),
        ImportState::Draft | ImportState::Running | ImportState::Done => (Tone::Good, texts::DONE),
    };
    let end = if tone == Tone::Good {
        el("h2", "flex items-center gap-2 text-[16px]")
            .test("import-ended")
            .child(icon(Icon::Check))
            .child(el("span", "").say(words))
    } else {
        el("div", "[&_.banner]:mb-0").child(banner(tone, "import-ended", move || say(words).to_owned()))
    };
    let counts = counted(&import);
    let path = format!("/api/members/imports/{}/result", import.id);
    let file = el("a", ButtonKind::Secondary.class())
        .attr_when("href", move || Some(format!("{path}?lang={}", crate::i18n::lang().tag())))
        .attr("download", &format!("todoke-{}.csv", import.id))
        .test("result-file")
        .child(icon(Icon::File))
        .child(el("span", "").say(texts::RESULT_FILE));
    let again = Press { kind: ButtonKind::Quiet, test: "import-again".into(), ..Press::new(texts::ANOTHER) };
    let mut parts = vec![end, el("p", "tabular-nums").test("import-counts").text_when(counts)];
    if import.state == ImportState::Failed {
        parts.push(paragraph("text-[13px] text-ink-soft", texts::FAILED_NEXT));
    }
    parts.push(
        el("div", "form-actions")
            .child(away(ButtonKind::Primary, texts::TO_MEMBERS, "/console/members", "to-members"))
            .child(file)
            .child(button(again, Some(Box::new(move || page.again())))),
    );
    parts
}
