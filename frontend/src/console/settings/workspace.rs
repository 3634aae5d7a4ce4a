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
        difference::Shared,
        form::choice,
        head::{card_head, refused},
        kept::keep,
        listed::{List, Listed},
        wire::Body,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Loader, Toasts,
        controls::{Line, Press, button, form as form_element, select, text_field},
        form::Validated,
        surfaces::{paragraph, show, title_of},
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

impl Listed for WorkspaceSettings {
    fn list(&self) -> List {
        vec![
            ("name", self.name.clone()),
            ("zone", self.zone.clone()),
            ("language", self.language.tag().to_owned()),
            ("retention_days", self.retention_days.to_string()),
        ]
    }

    fn put(&mut self, name: &str, text: &str) {
        match name {
            "name" => text.clone_into(&mut self.name),
            "zone" => text.clone_into(&mut self.zone),
            "language" => self.language = if text == "en" { Lang::En } else { Lang::Ja },
            "retention_days" => self.retention_days = text.parse().unwrap_or(self.retention_days),
            _ => {}
        }
    }
}

/// `/console/settings/workspace`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::<WorkspaceSettings>::at(PATH);
    let toasts = use_toasts();
    vec![
        title_of(frame::WORKSPACE),
        paragraph("lead", frame::WORKSPACE_LEAD),
        show(el("div", ""), loader, move |saved| vec![settings(saved.get_untracked(), toasts)]),
        line_cost::card(toasts),
    ]
}

fn settings(saved: WorkspaceSettings, toasts: Toasts) -> El {
    let shared = Shared::new(saved);
    let form = shared.form;
    let kept = keep(form, "workspace", Vec::new());
    let busy = RwSignal::new(false);
    let save = move || {
        let Some(values) = form.submit().filter(|_| !busy.get_untracked()) else { return };
        let sending = kept.sending();
        busy.set(true);
        spawn(async move {
            let answer = json::send::<WorkspaceSettings>("PUT", PATH, values.body()).await;
            match answer {
                Ok(saved) => {
                    shared.saved(saved, sending);
                    toasts.say(frame::SAVED);
                }
                Err(failure) if failure.code() == Some(Code::ChangedMeanwhile) => {
                    match json::get::<WorkspaceSettings>(PATH).await {
                        Ok(now) => shared.meanwhile(now),
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
    form_element(save)
        .test("workspace-form")
        .child(general)
        .child(retention)
        .child(kept.line())
        .child(shared.difference(in_words, save))
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

/// A field's name, and one of its texts as the page says it.
fn in_words(field: &str, text: &str) -> (Text, String) {
    match field {
        "zone" => {
            let zone = Zone::from_code(text).map_or(text, |zone| zone.name.get(lang()));
            (texts::ZONE, zone.to_owned())
        }
        "language" => {
            let language = if text == "en" { texts::ENGLISH } else { texts::JAPANESE };
            (texts::LANGUAGE, say(language).to_owned())
        }
        "retention_days" => {
            let days = retentions(text.parse().unwrap_or_default());
            let words = days.into_iter().find(|(days, _)| days == text).map(|(_, words)| words);
            (texts::RETENTION_DAYS, words.unwrap_or_default())
        }
        _ => (texts::NAME, text.to_owned()),
    }
}
