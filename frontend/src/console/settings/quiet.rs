//! 通知を休む時間: the workspace's quiet time, and the days on which the company differs from week and law.

use leptos::prelude::*;
use shared::{
    api::quiet::{CompanyDays, Holiday, WorkspaceQuiet},
    error::Code,
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
    console::{
        difference::was,
        head::{card_head, refused},
        kept::keep_all,
        late::still_here,
        listed::{List, yes_or_no},
    },
    dom::{El, el},
    i18n::{fill, join, say, texts},
    kit::{
        Loader, Toasts, Tone,
        controls::{Press, button, form as form_element},
        form::{Form, Problems},
        quiet::{checkbox, fields, words, written},
        surfaces::{banner, paragraph, show, time, title_of},
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
    CHANGED "ほかの人が先に変更しました。このまま保存すると、あなたの入力に変わります。" "Someone else changed this first. Saving now puts yours over it.";
    SAVED_NOW "今の設定は「{}」です。" "It is now: {}.";
    NOT_USED "使わない" "none";
    TAKE "最新の内容を読み込む" "Load the latest";
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
    let loader = Loader::<WorkspaceQuiet>::at(PATH);
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
    let form = Form::new(if never { usual() } else { saved.clone() });
    let (used, rooms, busy) = (RwSignal::new(!never), RwSignal::new(saved_rooms), RwSignal::new(false));
    let listed = move || form.values.with(|time| list_of(time, used.get(), rooms.get()));
    let kept = keep_all("quiet", Vec::new(), listed, move |name, text| match name {
        "used" => used.set(text == "yes"),
        "rooms" => rooms.set(text == "yes"),
        _ => form.values.update(|time| put(time, name, text)),
    });
    let before = StoredValue::new(body_of(&saved, saved_rooms));
    // What somebody else saved meanwhile; the next save is one over it.
    let theirs = RwSignal::new(None::<WorkspaceQuiet>);
    let save = move || {
        let time = if used.get_untracked() { form.submit() } else { Some(QuietTime::default()) };
        let Some(time) = time.filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let body = body_of(&time, rooms.get_untracked());
        let path = was(PATH, &before.get_value());
        // Hours stand in the form that are not sent while they are not used.
        let (hours, was_used) = (form.values.get_untracked(), used.get_untracked());
        let sending = kept.sending();
        spawn(async move {
            let answer = json::send::<WorkspaceQuiet>("PUT", &path, body).await;
            let here = still_here(busy);
            match answer {
                Ok(fresh) => {
                    let uses = fresh.time != QuietTime::default();
                    sending.saved_as(list_of(&hours, uses, fresh.rooms));
                    let _gone = theirs.try_set(None);
                    let _gone = before.try_set_value(body_of(&fresh.time, fresh.rooms));
                    // What was typed or switched since stays.
                    if used.try_get_untracked() == Some(was_used) {
                        used.set(uses);
                    }
                    loader.set(fresh);
                    toasts.say(frame::SAVED);
                }
                Err(failure) if !here => toasts.failed(&failure),
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    match json::get::<WorkspaceQuiet>(PATH).await {
                        Ok(now) => {
                            let _gone = before.try_set_value(body_of(&now.time, now.rooms));
                            let _gone = theirs.try_set(Some(now));
                        }
                        Err(failure) => form.failed(&failure),
                    }
                }
                Err(failure @ Failure::Refused(_)) => form.failed(&failure),
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    let take = move |now: WorkspaceQuiet| {
        let never = now.time == QuietTime::default();
        form.values.set(if never { usual() } else { now.time.clone() });
        form.problems.set(Problems::default());
        used.set(!never);
        rooms.set(now.rooms);
        theirs.set(None);
        kept.saved();
        loader.set(now);
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
                .child(kept.line())
                .child(
                    el("div", "")
                        .dynamic(move || theirs.get().map(|now| changed(&now, take)).into_iter().collect()),
                )
                .child(refused(form.general()))
                .child(el("div", "form-actions").child(button(press, None))),
        )
}

/// The body of a change, and what was read before it.
fn body_of(time: &QuietTime, rooms: bool) -> String {
    json::object(&[("time", Out::Json(&written(time))), ("rooms", Out::Bool(rooms))])
}

/// What somebody else set, in words: the next save puts what stands in the form over it.
fn changed(now: &WorkspaceQuiet, take: impl Fn(WorkspaceQuiet) + 'static) -> El {
    let (time, rooms, fresh) = (now.time.clone(), now.rooms, now.clone());
    let words = move || {
        let hours = words(&time).unwrap_or_else(|| say(NOT_USED).to_owned());
        let rooms = if rooms { say(ROOMS) } else { "" };
        join(&[say(CHANGED), &fill(SAVED_NOW, &[&hours]), rooms])
    };
    let press = Press { test: "take-theirs".into(), ..Press::new(TAKE) };
    banner(Tone::Warn, "changed-meanwhile", words)
        .class("flex-wrap")
        .child(button(press, Some(Box::new(move || take(fresh.clone())))))
}

fn list_of(time: &QuietTime, used: bool, rooms: bool) -> List {
    vec![
        ("from", time.from.clone()),
        ("until", time.until.clone()),
        ("days", time.days.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
        ("holidays", yes_or_no(time.holidays)),
        ("used", yes_or_no(used)),
        ("rooms", yes_or_no(rooms)),
    ]
}

fn put(time: &mut QuietTime, name: &str, text: &str) {
    match name {
        "from" => text.clone_into(&mut time.from),
        "until" => text.clone_into(&mut time.until),
        "days" => time.days = text.split(' ').filter_map(|day| day.parse().ok()).collect(),
        "holidays" => time.holidays = text == "yes",
        _ => {}
    }
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
