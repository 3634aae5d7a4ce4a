//! Name, zone, language, retention; and what LINE may cost.

use leptos::prelude::*;
use shared::{
    api::workspace::WorkspaceSettings,
    error::{Code, Error},
    lang::{Lang, Text},
    zone::{ZONES, Zone},
};

use super::{
    line_cost,
    texts::{frame, workspace as texts},
};
use crate::{
    client::{json, spawn},
    console::{
        form::choice,
        head::{card_head, refused},
        wire::Body,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Loader, Toasts, Tone,
        controls::{Line, Press, button, form as form_element, select, text_field},
        form::{Form, Validated},
        surfaces::{banner, paragraph, show, title_of},
        use_toasts,
    },
};

const PATH: &str = "/api/settings/workspace";

/// What the page offers; another number that was set by the API stands beside them.
const RETENTIONS: [(u32, Text); 7] = [
    (35, texts::LEAST),
    (90, texts::MONTHS_3),
    (180, texts::MONTHS_6),
    (365, texts::YEAR_1),
    (730, texts::YEARS_2),
    (1_825, texts::YEARS_5),
    (0, texts::FOR_EVER),
];

impl Validated for WorkspaceSettings {
    const FIELDS: &'static [&'static str] = &["name", "zone", "language", "retention_days"];

    fn clean(&mut self) {
        Self::clean(self);
    }

    fn problems(&self) -> Vec<Error> {
        Self::problems(self)
    }
}

/// `/console/settings/workspace`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::new(|| json::get::<WorkspaceSettings>(PATH));
    let toasts = use_toasts();
    vec![
        title_of(frame::WORKSPACE),
        paragraph("lead", frame::WORKSPACE_LEAD),
        show(el("div", ""), loader, move |saved| vec![settings(saved.get_untracked(), toasts)]),
        line_cost::card(toasts),
    ]
}

fn settings(saved: WorkspaceSettings, toasts: Toasts) -> El {
    let form = Form::new(saved);
    let busy = RwSignal::new(false);
    // What somebody else saved meanwhile.
    let other = RwSignal::new(None::<WorkspaceSettings>);
    let save = move || {
        let Some(values) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        spawn(async move {
            let answer = json::send::<WorkspaceSettings>("PUT", PATH, values.body()).await;
            match answer {
                Ok(saved) => {
                    let _gone = form.values.try_set(saved);
                    let _gone = other.try_set(None);
                    toasts.say(frame::SAVED);
                }
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    // What was typed stays; the next save is one over what is shown now.
                    match json::get::<WorkspaceSettings>(PATH).await {
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
    let name = Line { hint: Some(texts::NAME_HINT), ..Line::new(texts::NAME) };
    let zone = Line { hint: Some(texts::ZONE_HINT), ..Line::new(texts::ZONE) };
    let language = Line { hint: Some(texts::LANGUAGE_HINT), ..Line::new(texts::LANGUAGE) };
    let zones = Signal::derive(|| {
        ZONES.iter().map(|zone| (zone.code.to_owned(), zone.name.get(lang()).to_owned())).collect()
    });
    let languages = Signal::derive(|| {
        let words = |language, text: Text| (Lang::tag(language).to_owned(), say(text).to_owned());
        vec![words(Lang::Ja, texts::JAPANESE), words(Lang::En, texts::ENGLISH)]
    });
    let days = Signal::derive(move || retentions(form.values.with(|values| values.retention_days)));
    let general = el("section", "card")
        .attr("aria-labelledby", "general")
        .child(card_head("general", texts::GENERAL, None))
        .child(
            el("div", "mt-3 grid gap-4")
                .child(text_field(form.text("name", |form| &form.name, |form| &mut form.name), name))
                .child(select(
                    choice(
                        form,
                        "zone",
                        |form| form.zone.clone(),
                        |form, code| code.clone_into(&mut form.zone),
                    ),
                    zone,
                    zones,
                ))
                .child(select(
                    choice(
                        form,
                        "language",
                        |form| form.language.tag().to_owned(),
                        |form, tag| form.language = if tag == "en" { Lang::En } else { Lang::Ja },
                    ),
                    language,
                    languages,
                )),
        );
    let retention = el("section", "card")
        .attr("aria-labelledby", "retention")
        .child(card_head("retention", texts::RETENTION, Some(texts::RETENTION_LEAD)))
        .child(el("div", "mt-3").child(select(
            choice(
                form,
                "retention_days",
                |form| form.retention_days.to_string(),
                |form, days| form.retention_days = days.parse().unwrap_or(form.retention_days),
            ),
            Line::new(texts::RETENTION_DAYS),
            days,
        )));
    let changed = el("div", "").dynamic(move || {
        let Some(now) = other.get() else { return Vec::new() };
        let words = summary(&now);
        vec![banner(Tone::Warn, "changed-meanwhile", move || {
            format!("{} {}", say(frame::CHANGED), fill(frame::SAVED_NOW, &[&words]))
        })]
    });
    form_element(save)
        .test("workspace-form")
        .child(general)
        .child(retention)
        .child(changed)
        .child(refused(form.general()))
        .child(el("div", "form-actions").child(button(
            Press {
                doing: frame::SAVE_BUSY,
                busy: busy.into(),
                test: "save-workspace".into(),
                ..Press::primary(frame::SAVE)
            },
            None,
        )))
}

fn retentions(chosen: u32) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> =
        RETENTIONS.iter().map(|(days, words)| (days.to_string(), say(*words).to_owned())).collect();
    if RETENTIONS.iter().all(|(days, _)| *days != chosen) {
        options.insert(0, (chosen.to_string(), fill(texts::DAYS, &[&chosen.to_string()])));
    }
    options
}

/// What is saved, in one line.
fn summary(settings: &WorkspaceSettings) -> String {
    let zone = Zone::from_code(&settings.zone).map_or("", |zone| zone.name.get(lang()));
    let days = retentions(settings.retention_days)
        .into_iter()
        .find(|(days, _)| *days == settings.retention_days.to_string())
        .map(|(_, words)| words)
        .unwrap_or_default();
    let language = if settings.language == Lang::En { texts::ENGLISH } else { texts::JAPANESE };
    [settings.name.as_str(), zone, say(language), &days].join(" / ")
}
