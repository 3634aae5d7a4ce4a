//! On or off, where it listens, keywords: one form, saved at once.

use leptos::prelude::*;
use shared::{
    api::{attendance::AttendanceSettings, integrations::Integration},
    error::{Code, Error},
    id::IntegrationId,
    lang::Text,
};

use super::{
    super::texts,
    can_listen, name_of,
    tabs::{SETTINGS, head},
    trying,
    words::{List, Settle, words},
};
use crate::{
    client::{Failure, json, spawn},
    console::{
        head::{card_head, refused},
        wire::Body,
    },
    dom::{El, el},
    i18n::{fill, say},
    kit::{
        Loader, Toasts, Tone,
        controls::{Line, Press, Toggle, button, switch, text_field},
        field::focus_first_wrong,
        form::{Form, Validated},
        surfaces::{banner, mark, paragraph, show},
        use_toasts,
    },
};

const PATH: &str = "/api/attendance/settings";

const LISTS: [List; 5] = [
    List {
        name: "clock_in",
        label: texts::CLOCK_IN,
        hint: None,
        get: |settings| &settings.clock_in,
        get_mut: |settings| &mut settings.clock_in,
    },
    List {
        name: "clock_out",
        label: texts::CLOCK_OUT,
        hint: None,
        get: |settings| &settings.clock_out,
        get_mut: |settings| &mut settings.clock_out,
    },
    List {
        name: "break_start",
        label: texts::BREAK_START,
        hint: Some(texts::BREAK_HINT),
        get: |settings| &settings.break_start,
        get_mut: |settings| &mut settings.break_start,
    },
    List {
        name: "break_end",
        label: texts::BREAK_END,
        hint: None,
        get: |settings| &settings.break_end,
        get_mut: |settings| &mut settings.break_end,
    },
    List {
        name: "triggers",
        label: texts::TRIGGERS,
        hint: Some(texts::TRIGGERS_HINT),
        get: |settings| &settings.triggers,
        get_mut: |settings| &mut settings.triggers,
    },
];

impl Validated for AttendanceSettings {
    const FIELDS: &'static [&'static str] =
        &["clock_in", "clock_out", "break_start", "break_end", "triggers", "remind_at"];

    fn clean(&mut self) {
        Self::clean(self);
    }

    /// By list: the page has no place for a single word's.
    fn problems(&self) -> Vec<Error> {
        let whole = |mut error: Error| {
            error.field = error.field.map(|field| field.split('[').next().unwrap_or_default().to_owned());
            error
        };
        Self::problems(self).into_iter().map(whole).collect()
    }
}

/// `/console/apps/attendance/settings`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::new(|| async { load().await });
    let toasts = use_toasts();
    vec![
        head(SETTINGS),
        show(el("div", ""), loader, move |known| {
            vec![known.with_untracked(|(settings, all)| fields(settings.clone(), all, toasts))]
        }),
    ]
}

async fn load() -> Result<(AttendanceSettings, Vec<Integration>), Failure> {
    let all: Vec<Integration> = json::get("/api/integrations").await?;
    let mut settings: AttendanceSettings = json::get(PATH).await?;
    // One that was disconnected since is not offered, and would be refused.
    settings.integrations.retain(|id| all.iter().any(|one| one.id == *id));
    Ok((settings, all))
}

fn fields(saved: AttendanceSettings, all: &[Integration], toasts: Toasts) -> El {
    let form = Form::new(saved);
    let busy = RwSignal::new(false);
    // What somebody else saved meanwhile.
    let other = RwSignal::new(None::<AttendanceSettings>);
    let mut settles = Vec::<Settle>::new();
    let lists = LISTS.into_iter().map(|list| {
        let (field, settle) = words(form, list);
        settles.push(settle);
        field
    });
    let lists: Vec<El> = lists.collect();
    let save = move || {
        // What was typed and not added is meant too.
        let typed: Vec<bool> = settles.iter().map(|settle| settle()).collect();
        if typed.contains(&false) {
            focus_first_wrong();
            return;
        }
        let Some(values) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        spawn(async move {
            match json::send::<AttendanceSettings>("PUT", PATH, values.body()).await {
                Ok(saved) => {
                    // What was typed since stays, and its next save is one over this.
                    let _gone = form.values.try_update(|now| {
                        if *now == values {
                            *now = saved;
                        } else {
                            now.version = saved.version;
                        }
                    });
                    let _gone = other.try_set(None);
                    toasts.say(texts::SAVED);
                }
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    // What was typed stays; the next save is one over what is shown now.
                    match json::get::<AttendanceSettings>(PATH).await {
                        Ok(now) => {
                            let _gone = form.values.try_update(|values| values.version = now.version);
                            let _gone = other.try_set(Some(now));
                        }
                        Err(failure) => form.failed(&failure),
                    }
                }
                Err(failure) => form.failed(&failure),
            }
            let _gone = busy.try_set(false);
        });
    };
    let on = toggle(
        form,
        "attendance-on",
        texts::SWITCH,
        texts::SWITCH_HINT,
        |settings| settings.on,
        |settings, on| settings.on = on,
    );
    let rooms = toggle(
        form,
        "attendance-rooms",
        texts::ROOMS,
        texts::ROOMS_HINT,
        |settings| settings.rooms,
        |settings, on| settings.rooms = on,
    );
    let press = Press {
        doing: texts::SAVING,
        busy: busy.into(),
        test: "save-attendance".into(),
        ..Press::primary(texts::SAVE)
    };
    let form_itself = el("div", "grid min-w-0 gap-5")
        .child(
            el("section", "card min-w-0")
                .attr("aria-labelledby", "where")
                .child(card_head("where", texts::WHERE, None))
                .child(el("div", "mt-2 divide-y divide-line").child(on).child(rooms))
                .child(connections(form, all)),
        )
        .child(
            el("section", "card min-w-0")
                .attr("aria-labelledby", "keywords")
                .child(card_head("keywords", texts::KEYWORDS, Some(texts::KEYWORDS_LEAD)))
                .child(el("div", "mt-3 grid gap-4 [&>*]:min-w-0").children(lists)),
        )
        .child(
            el("section", "card min-w-0")
                .attr("aria-labelledby", "remind")
                .child(card_head("remind", texts::REMIND_TITLE, Some(texts::REMIND_LEAD)))
                .child(el("div", "mt-3").child(text_field(
                    form.text(
                        "remind_at",
                        |settings| &settings.remind_at,
                        |settings| &mut settings.remind_at,
                    ),
                    Line { kind: "time", optional: true, class: "max-w-48", ..Line::new(texts::REMIND_AT) },
                ))),
        );
    let end = el("div", "grid min-w-0 gap-4")
        .child(changed(form, other))
        .child(refused(form.general()))
        .child(el("div", "form-actions").child(button(press, Some(Box::new(save)))));
    // Words are tried while they are chosen: beside them where there is room, else before they are saved.
    el(
        "div",
        "grid max-w-[46rem] items-start gap-5 xl:max-w-none xl:grid-cols-[minmax(0,46rem)_minmax(16rem,1fr)]",
    )
    .test("attendance-form")
    .child(form_itself)
    .child(trying::card(form).class("min-w-0").class("xl:sticky").class("xl:top-20"))
    .child(end)
}

/// A switch of the form, with what it means.
fn toggle(
    form: Form<AttendanceSettings>,
    test: &'static str,
    label: Text,
    hint: Text,
    get: fn(&AttendanceSettings) -> bool,
    set: fn(&mut AttendanceSettings, bool),
) -> El {
    let on = Signal::derive(move || form.values.with(get));
    let hint_id = format!("{test}-hint");
    let toggle = Toggle {
        on,
        locked: Signal::stored(false),
        test: test.into(),
        reason: crate::kit::controls::reason(hint_id.clone()),
    };
    let change = move |on| form.values.update(|settings| set(settings, on));
    row(
        el("p", "font-medium").say(label),
        Some(el("p", "text-[13px] text-ink-soft").attr("id", &hint_id).say(hint)),
        switch(toggle, move || say(label).to_owned(), change),
    )
}

fn row(name: El, below: Option<El>, control: El) -> El {
    el("div", "flex items-center justify-between gap-4 py-2.5")
        .child(el("div", "min-w-0").child(name).maybe(below))
        .child(control)
}

/// A switch for each connection that brings messages. All of them on is how it stays for those of tomorrow.
fn connections(form: Form<AttendanceSettings>, all: &[Integration]) -> El {
    let all: Vec<&Integration> = all.iter().filter(|one| can_listen(one)).collect();
    let head = el("div", "mt-3 border-t border-line pt-3")
        .test("connections")
        .child(el("h3", "text-[14px] font-semibold").say(texts::CONNECTIONS));
    if all.is_empty() {
        let link = el("a", "").attr("href", "/console/integrations").say(texts::TO_INTEGRATIONS);
        return head.child(
            el("p", "mt-1 text-[13px] text-ink-soft")
                .child(el("span", "mr-2").say(texts::NO_CONNECTIONS))
                .child(link),
        );
    }
    let known = StoredValue::new(all.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
    let line = |one: &&Integration| {
        let (id, name) = (one.id.clone(), name_of(one));
        let (own, said) = (id.clone(), name.clone());
        let on = Signal::derive(move || {
            form.values
                .with(|settings| settings.integrations.is_empty() || settings.integrations.contains(&own))
        });
        let alone = id.clone();
        let last =
            Signal::derive(move || form.values.with(|settings| settings.integrations == [alone.clone()]));
        // With a single one there is nothing to choose: the switch above is for that.
        let locked = Signal::derive(move || last.get() || known.with_value(Vec::len) == 1);
        let toggle = Toggle {
            on,
            locked,
            test: "connection".into(),
            reason: Box::new(move || locked.get().then(|| "last-connection".to_owned())),
        };
        let change = move |on| {
            form.values.update(|settings| {
                settings.integrations =
                    known.with_value(|known| chosen(known, &settings.integrations, &id, on));
            });
        };
        let words = el("p", "flex min-w-0 items-center gap-2")
            .child(mark(one.provider.channel()))
            .child(el("span", "min-w-0 truncate").text(&name));
        row(words, None, switch(toggle, move || said.clone(), change))
    };
    head.child(paragraph("text-[13px] text-ink-soft", texts::CONNECTIONS_LEAD))
        .child(el("div", "divide-y divide-line").children(all.iter().map(line).collect()))
        .child(
            el("p", "mt-1 text-[13px] text-ink-soft")
                .attr("id", "last-connection")
                .say(texts::LAST_CONNECTION),
        )
}

/// Which are named once one is switched; none when all are on, and never nothing at all.
fn chosen(
    known: &[IntegrationId],
    named: &[IntegrationId],
    id: &IntegrationId,
    on: bool,
) -> Vec<IntegrationId> {
    let is_on = |one: &IntegrationId| {
        if one == id { on } else { named.is_empty() || named.contains(one) }
    };
    let after: Vec<IntegrationId> = known.iter().filter(|one| is_on(one)).cloned().collect();
    if after.len() == known.len() {
        Vec::new()
    } else if after.is_empty() {
        named.to_vec()
    } else {
        after
    }
}

/// What somebody else saved, and the choice between the two.
fn changed(form: Form<AttendanceSettings>, other: RwSignal<Option<AttendanceSettings>>) -> El {
    el("div", "grid gap-2 empty:hidden").dynamic(move || {
        let Some(now) = other.get() else { return Vec::new() };
        let theirs = now.clone();
        let words = move || fill(texts::SETTINGS_CHANGED, &[&summary(&now)]);
        let take = move || {
            form.values.set(theirs.clone());
            other.set(None);
        };
        let press = Press { test: "take-theirs".into(), ..Press::new(texts::TAKE_THEIRS) };
        vec![
            banner(Tone::Warn, "changed-meanwhile", words).class("!mb-0"),
            el("div", "").child(button(press, Some(Box::new(take)))),
        ]
    })
}

/// What is saved, in one line; tracked.
fn summary(settings: &AttendanceSettings) -> String {
    let state = say(if settings.on { texts::ON } else { texts::OFF }).to_owned();
    let lists = LISTS.iter().filter(|list| !(list.get)(settings).is_empty());
    let lists =
        lists.map(|list| format!("{}: {}", say(list.label), (list.get)(settings).join(say(texts::COMMA))));
    let remind = Some(&settings.remind_at).filter(|at| !at.is_empty());
    let remind = remind.map(|at| format!("{}: {at}", say(texts::REMIND_AT)));
    std::iter::once(state).chain(lists).chain(remind).collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_on_is_nothing_named_and_one_stays() {
        let ids: Vec<IntegrationId> = (1..=3).map(|n| IntegrationId::new(n, [0; 10])).collect();
        let without = chosen(&ids, &[], &ids[1], false);
        assert_eq!(without, [ids[0].clone(), ids[2].clone()]);
        assert_eq!(chosen(&ids, &without, &ids[1], true), []);
        let one = chosen(&ids, &without, &ids[0], false);
        assert_eq!(one, [ids[2].clone()]);
        assert_eq!(chosen(&ids, &one, &ids[2], false), one);
    }

    #[test]
    fn every_problem_is_about_a_list_of_the_page() {
        let settings = AttendanceSettings {
            on: true,
            clock_in: Vec::new(),
            clock_out: vec!["x".repeat(51), "a".into(), "A".into()],
            break_start: Vec::new(),
            triggers: vec!["#".into(), "#".into()],
            remind_at: "24:00".into(),
            ..AttendanceSettings::default()
        };
        let problems = Validated::problems(&settings);
        assert_eq!(problems.len(), 6);
        for error in problems {
            assert!(AttendanceSettings::FIELDS.contains(&error.field.as_deref().unwrap()), "{error:?}");
        }
    }
}
