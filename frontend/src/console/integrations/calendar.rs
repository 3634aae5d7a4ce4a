//! The switch 「カレンダー」 of a LINE WORKS connection: members' absences in their LINE WORKS calendars. Turning it on
//! tries the connection first, with the steps shown as 「接続を確認」 shows them.

use leptos::prelude::*;
use shared::{
    api::integrations::{CalendarChanged, CalendarSync, Integration},
    check::CheckName,
};

use super::{check::Run, check_view::check_view, connected::Page};
use crate::{
    client::{
        json::{self, Out},
        spawn,
    },
    console::head::card_head,
    dom::{El, el},
    i18n::{fill, say, texts},
    kit::{
        Icon, Tone,
        controls::{Press, Toggle, button, switch},
        surfaces::{icon, paragraph, time},
    },
};

texts! {
    TITLE "カレンダー" "Calendar";
    LEAD "業務システムが登録した不在予定を、メンバーそれぞれのLINE WORKSカレンダーに反映します。アプリのOAuth Scopesにcalendarが必要です。" "Absences that your business systems enter appear in each member's LINE WORKS calendar. The app needs the OAuth scope calendar.";
    KEPT "オフにしても、反映済みの予定はLINE WORKSに残ります。" "Turned off, what was entered stays in LINE WORKS.";
    ON "使用中" "In use";
    OFF "使用しない" "Not in use";
    LAST "最後の反映 " "last entered ";
    WAITING "反映待ち {}件" "{} waiting";
    FAILED "反映できなかった予定が{}件あります。" "Absences that could not be entered: {}.";
    AGAIN "自動でもう一度試します。" "It is tried again by itself.";
    RETRY "もう一度反映" "Try again";
    RETRYING "反映しています" "Entering";
    TURNED_ON "カレンダーへの反映を始めました。" "Absences are entered into calendars now.";
    TURNED_OFF "カレンダーへの反映を止めました。" "Nothing more is entered into calendars.";
}

pub(super) fn calendar(page: Page, integration: Memo<Integration>) -> El {
    let (run, busy) = (RwSignal::new(Run::NotYet), RwSignal::new(false));
    let sync = Memo::new(move |_| integration.with(|one| one.calendar.clone().unwrap_or_default()));
    let path = move || integration.with_untracked(|one| format!("/api/integrations/{}/calendar", one.id));
    let change = move |on: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        run.set(if on { Run::Running(CheckName::LINEWORKS_CALENDAR.to_vec()) } else { Run::NotYet });
        let path = path();
        spawn(async move {
            let body = json::object(&[("on", Out::Bool(on))]);
            let answer = json::send::<CalendarChanged>("PUT", &path, body).await;
            let _gone = busy.try_set(false);
            let shown = match answer {
                Ok(CalendarChanged { steps, calendar }) => {
                    if calendar.on == on {
                        page.toasts.say(if on { TURNED_ON } else { TURNED_OFF });
                    }
                    keep(page, calendar);
                    if steps.is_empty() { Run::NotYet } else { Run::Done(steps) }
                }
                Err(failure) => {
                    page.toasts.failed(&failure);
                    Run::NotYet
                }
            };
            let _gone = run.try_set(shown);
        });
    };
    let toggle = Toggle {
        on: Signal::derive(move || sync.with(|sync| sync.on)),
        locked: Signal::derive(|| false),
        test: "calendar-switch".to_owned(),
        reason: Box::new(|| Some("calendar-kept".to_owned())),
    };
    let head = el("div", "flex flex-wrap items-start justify-between gap-x-4 gap-y-3")
        .child(card_head("calendar-title", TITLE, Some(LEAD)))
        .child(
            switch(toggle, || say(TITLE).to_owned(), change)
                .attr_when("aria-busy", move || busy.get().then(|| "true".to_owned())),
        );
    el("section", "card grid gap-3")
        .attr("aria-labelledby", "calendar-title")
        .test("calendar")
        .child(head)
        .child(
            el("div", "")
                .child(
                    el("p", "flex flex-wrap gap-x-3 text-[13px] text-ink-soft")
                        .test("calendar-state")
                        .dynamic(move || sync.with(state)),
                )
                .child(el("div", "[&>*]:mt-3").attr("aria-live", "polite").dynamic(move || {
                    let trouble = sync.with(|sync| sync.cause.is_some() && sync.on);
                    if trouble { vec![sync.with(|sync| troubles(page, path(), sync))] } else { Vec::new() }
                })),
        )
        .child(check_view(run, false))
        .child(paragraph("text-[13px] text-ink-soft", KEPT).attr("id", "calendar-kept"))
}

/// What the server answered is what is shown.
fn keep(page: Page, calendar: CalendarSync) {
    page.loader.change(|shown| {
        if let Some(shown) = shown {
            shown.calendar = Some(calendar);
        }
    });
}

fn state(sync: &CalendarSync) -> Vec<El> {
    if !sync.on {
        return vec![el("span", "").say(OFF)];
    }
    let mut parts = vec![el("span", "text-ink").say(ON)];
    if let Some(at) = sync.last_ok_at {
        parts.push(el("span", "").say(LAST).child(time(at)));
    }
    if sync.waiting > 0 {
        let count = sync.waiting.to_string();
        parts.push(el("span", "").text_when(move || fill(WAITING, &[&count])));
    }
    parts
}

/// Why something is not there, and what was given up.
fn troubles(page: Page, path: String, sync: &CalendarSync) -> El {
    let failed = sync.failed;
    let mut words = el("div", "");
    if failed > 0 {
        let count = failed.to_string();
        words = words.child(el("p", "font-medium").text_when(move || fill(FAILED, &[&count])));
    }
    if let Some(cause) = &sync.cause {
        words = words
            .child(paragraph("", cause.code.sentence()))
            .child(el("p", "font-mono text-[13px]").text(&cause.detail));
    }
    if failed == 0 {
        words = words.child(paragraph("", AGAIN));
    }
    let busy = RwSignal::new(false);
    let go = move || {
        let path = format!("{path}/retry");
        busy.set(true);
        spawn(async move {
            let answer = json::send::<CalendarSync>("POST", &path, String::new()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(calendar) => keep(page, calendar),
                Err(failure) => page.toasts.failed(&failure),
            }
        });
    };
    let again =
        Press { doing: RETRYING, busy: busy.into(), test: "calendar-retry".into(), ..Press::new(RETRY) };
    let tone = if failed > 0 { Tone::Bad } else { Tone::Warn };
    let words = words.maybe((failed > 0).then(|| el("div", "mt-2").child(button(again, Some(Box::new(go))))));
    el("div", "banner mb-0")
        .attr("data-tone", tone.name())
        .test("calendar-trouble")
        .child(icon(Icon::Warning))
        .child(words)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
