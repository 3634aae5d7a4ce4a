//! 通知を休む時間: the workspace's quiet time, and the days on which the company differs from week and law.

use leptos::prelude::*;
use shared::{
    api::quiet::{CompanyDays, Holiday, WorkspaceQuiet},
    quiet::QuietTime,
};

use super::{quiet_days, texts::frame};
use crate::{
    client::{
        Failure,
        json::{self, Out},
        spawn,
        wire::read,
    },
    console::head::{card_head, refused},
    dom::{El, el},
    i18n::{fill, join, say, texts},
    kit::{
        Loader, Toasts,
        controls::{Press, button, form as form_element},
        form::Form,
        quiet::{checkbox, fields, written},
        surfaces::{paragraph, show, time, title_of},
        use_toasts,
    },
};

texts! {
    HOURS "会社の設定" "The company's setting";
    HOURS_LEAD "メンバーは「わたしの通知」で、自分の時間に変えたり、休まない設定にしたりできます。" "Members can choose hours of their own, or none, under “My notices”.";
    USED "通知を休む時間を使う" "Use quiet time";
    ROOMS "ルームへの通知も休む" "Notices to rooms wait too";
    NOW "いまは休んでいます。終わるのは " "It is quiet now, until ";
    WAITING "{}件の通知が待っています。" "Notices waiting: {}.";
    OWN "{}人が自分の設定を使っています。" "Members with a setting of their own: {}.";
}

const PATH: &str = "/api/settings/quiet";

read! {
    WorkspaceQuiet: json => Some(Self {
        time: json.maybe("time")?,
        rooms: json.bool("rooms")?,
        days: json.all("days")?,
        holidays: json.all("holidays")?,
        until: json.number("until"),
        waiting: json.count("waiting")?,
        own: json.count("own")?,
    });
    CompanyDays: json => Some(Self {
        from: json.text("from")?,
        until: json.text("until")?,
        off: json.bool("off")?,
        name: json.text("name")?,
    });
    Holiday: json => Some(Self { day: json.text("day")?, name: json.text("name")? });
}

/// `/console/settings/quiet`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::new(|| json::get::<WorkspaceQuiet>(PATH));
    let toasts = use_toasts();
    vec![
        title_of(frame::QUIET),
        paragraph("lead", frame::QUIET_LEAD),
        show(el("div", "grid gap-4"), loader, move |quiet| {
            let mut cards = vec![hours(quiet, loader, toasts)];
            cards.extend(quiet_days::cards(quiet, loader, toasts));
            cards
        }),
    ]
}

fn hours(quiet: RwSignal<WorkspaceQuiet>, loader: Loader<WorkspaceQuiet>, toasts: Toasts) -> El {
    let (saved, saved_rooms) = quiet.with_untracked(|quiet| (quiet.time.clone(), quiet.rooms));
    let never = saved == QuietTime::default();
    let form = Form::new(if never { usual() } else { saved });
    let (used, rooms, busy) = (RwSignal::new(!never), RwSignal::new(saved_rooms), RwSignal::new(false));
    let save = move || {
        let time = if used.get_untracked() { form.submit() } else { Some(QuietTime::default()) };
        let Some(time) = time.filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let body = [("time", Out::Json(&written(&time))), ("rooms", Out::Bool(rooms.get_untracked()))];
        let body = json::object(&body);
        spawn(async move {
            let answer = json::send::<WorkspaceQuiet>("PUT", PATH, body).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(fresh) => {
                    let _gone = used.try_set(fresh.time != QuietTime::default());
                    loader.set(fresh);
                    toasts.say(frame::SAVED);
                }
                Err(failure @ Failure::Refused(_)) => form.failed(&failure),
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let tick = |on: RwSignal<bool>, label, test| {
        el("label", "check")
            .child(checkbox(move || on.get(), move |ticked| on.set(ticked)).test(test))
            .child(el("span", "").say(label))
    };
    let press = Press {
        doing: frame::SAVE_BUSY,
        busy: busy.into(),
        test: "save-quiet".into(),
        ..Press::primary(frame::SAVE)
    };
    el("section", "card")
        .attr("aria-labelledby", "hours")
        .child(card_head("hours", HOURS, Some(HOURS_LEAD)))
        .child(
            el("div", "text-[13px] text-ink-soft")
                .attr("role", "status")
                .test("quiet-now")
                .dynamic(move || quiet.with(now)),
        )
        .child(
            form_element(save)
                .class("mt-3")
                .test("quiet-form")
                .child(tick(used, USED, "quiet-used"))
                .child(el("div", "grid gap-4").dynamic(move || {
                    if !used.get() {
                        return Vec::new();
                    }
                    untrack(|| {
                        let mut all = fields(form);
                        all.push(tick(rooms, ROOMS, "quiet-rooms"));
                        all
                    })
                }))
                .child(refused(form.general()))
                .child(el("div", "form-actions").child(button(press, None))),
        )
}

/// What the form begins with where nothing is set.
fn usual() -> QuietTime {
    QuietTime { from: "22:00".into(), until: "07:00".into(), days: vec![6, 7], holidays: true }
}

/// Whether it is quiet now, how much waits, and who has another setting.
fn now(quiet: &WorkspaceQuiet) -> Vec<El> {
    let (waiting, own) = (quiet.waiting, quiet.own);
    let counts = move || {
        let sentence =
            |count: u64, text| if count == 0 { String::new() } else { fill(text, &[&count.to_string()]) };
        let (waiting, own) = (sentence(waiting, WAITING), sentence(own, OWN));
        let parts: Vec<&str> = [waiting.as_str(), &own].into_iter().filter(|part| !part.is_empty()).collect();
        join(&parts)
    };
    let until = quiet
        .until
        .map(|until| el("p", "").child(el("span", "").text_when(|| say(NOW).to_owned())).child(time(until)));
    let mut lines: Vec<El> = until.into_iter().collect();
    if waiting + own > 0 {
        lines.push(el("p", "").text_when(counts));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(ALL), Vec::<String>::new());
    }

    #[test]
    fn it_is_read_as_serde_writes_it() {
        let days = |off| CompanyDays {
            from: "2026-12-29".into(),
            until: "2027-01-03".into(),
            off,
            name: "冬".into(),
        };
        let quiet = WorkspaceQuiet {
            time: usual(),
            rooms: true,
            days: vec![days(true), days(false)],
            holidays: vec![Holiday { day: "2026-11-23".into(), name: "勤労感謝の日".into() }],
            until: Some(5),
            waiting: 3,
            own: 1,
        };
        for quiet in [WorkspaceQuiet { until: None, days: Vec::new(), ..quiet.clone() }, quiet] {
            assert_eq!(json::read::<WorkspaceQuiet>(&serde_json::to_string(&quiet).unwrap()), Ok(quiet));
        }
        assert!(usual().schedule().is_some());
    }
}
