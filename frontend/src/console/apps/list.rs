//! The list of apps, each with its state in words.

use leptos::prelude::*;
use shared::api::{attendance::AttendanceSettings, integrations::Integration};

use super::{attendance::listens, texts};
use crate::{
    client::{Failure, Session, json},
    console::head::card_head,
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        Loader, Tone,
        surfaces::{badge, paragraph, show, title_of},
    },
};

/// `/console/apps`.
#[must_use]
pub fn page() -> Vec<El> {
    let session = Session::expect();
    // Who runs one company has nothing to do with the settings, and may not read them.
    let whole = Memo::new(move |_| session.0.with(|me| me.as_ref().is_some_and(|me| me.role.is_admin())));
    let state = el("div", "empty:hidden").dynamic(move || {
        if !whole.get() {
            return Vec::new();
        }
        untrack(|| {
            let loader = Loader::new(|| async { load().await });
            vec![show(el("div", "mt-3"), loader, |known| {
                known.with_untracked(|(settings, all)| vec![state(settings, all)])
            })]
        })
    });
    let settings = el("span", "contents").dynamic(move || {
        let link = || {
            el("a", "btn")
                .attr("href", "/console/apps/attendance/settings")
                .test("to-settings")
                .child(el("span", "").say(texts::SETTINGS))
        };
        whole.get().then(link).into_iter().collect()
    });
    let card = el("section", "card max-w-[46rem]")
        .attr("aria-labelledby", "attendance")
        .test("app-attendance")
        .child(card_head("attendance", texts::ATTENDANCE, Some(texts::ATTENDANCE_IS)))
        .child(state)
        .child(
            el("div", "mt-4 flex flex-wrap gap-2")
                .child(
                    el("a", "btn btn-primary")
                        .attr("href", "/console/apps/attendance")
                        .test("to-months")
                        .child(el("span", "").say(texts::TAB_MONTHS)),
                )
                .child(settings),
        );
    vec![title_of(texts::TITLE), paragraph("lead", texts::LEAD), card]
}

async fn load() -> Result<(AttendanceSettings, Vec<Integration>), Failure> {
    Ok((json::get("/api/attendance/settings").await?, json::get("/api/integrations").await?))
}

/// On or off, and where it listens.
fn state(settings: &AttendanceSettings, all: &[Integration]) -> El {
    let on = settings.on;
    let mut heard: Vec<&str> = Vec::new();
    for one in all.iter().filter(|one| listens(settings, one)) {
        // The same in both languages.
        let messenger = one.provider.channel().name().en;
        if !heard.contains(&messenger) {
            heard.push(messenger);
        }
    }
    let rooms = settings.rooms;
    let words = move || match (on, heard.is_empty()) {
        (false, _) => say(texts::STATE_OFF).to_owned(),
        (true, true) => say(texts::STATE_NOWHERE).to_owned(),
        (true, false) => fill(
            if rooms { texts::STATE_ROOMS } else { texts::STATE_ALONE },
            &[&heard.join(say(texts::COMMA))],
        ),
    };
    el("p", "flex flex-wrap items-center gap-x-3 gap-y-1 text-[14px]")
        .test("app-state")
        .child(if on { badge(Tone::Good, texts::ON) } else { badge(Tone::Quiet, texts::OFF) })
        .child(el("span", "").text_when(words))
}
