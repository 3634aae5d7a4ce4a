//! The page of a new connection, drawn from its [`super::guide`].

use leptos::prelude::*;
use shared::{
    api::{
        auth::Public,
        integrations::{IntegrationRequest, Provider},
    },
    lang::Text,
};

use super::{
    choices::{bind_choice, choice},
    fields::{bind, blank},
    guide::{Kind, PLAIN, Row, Section, When, guide},
    preparing::checklist,
    saving::check_and_save,
};
use crate::{
    client::{json, spawn},
    console::{back::back, kept::keep, texts::integrations as texts},
    dom::{El, el},
    i18n::say,
    kit::{
        Binding, Tone,
        card::chips,
        controls::{Line, select, text_field},
        file_drop::file_drop,
        form::Form,
        surfaces::{banner, paragraph, title_of},
    },
};

/// `/console/integrations/{provider}`.
pub(crate) fn page(provider: Provider) -> Vec<El> {
    let guide = guide(provider);
    let form = Form::new(blank(provider));
    let rows = guide.first.iter().chain(guide.sections.iter().flat_map(|part| part.rows));
    let secret = rows.filter(|row| row.kind.is_secret()).map(|row| row.name).collect();
    let kept = keep(form, &format!("connect/{}", provider.code()), secret);
    let development = RwSignal::new(false);
    spawn(async move {
        // Unknown means no: the server refuses it anyway.
        if let Ok(public) = json::get::<Public>("/api/public").await {
            let _gone = development.try_set(public.development);
        }
    });
    let mut whole = el("form", "grid max-w-[42rem] gap-5")
        .attr("novalidate", "")
        .test(&format!("{}-form", provider.code().replace('_', "-")))
        .on("submit", |event| event.prevent_default());
    if let Some(first) = &guide.first {
        whole = whole.child(row(form, first, development));
    }
    for part in guide.sections {
        whole = whole.child(while_chosen(form, part.when, move || section(form, part, development)));
    }
    let mut page = vec![
        back("/console/integrations", texts::BACK),
        title_of(guide.title),
        paragraph("lead max-w-[42rem]", guide.lead),
    ];
    if provider == Provider::LineworksV1 {
        page.push(retired());
    }
    page.push(kept.line().class("mb-5").class("max-w-[42rem]"));
    page.extend(checklist(form, provider));
    page.push(whole.child(check_and_save(form, guide, kept)));
    page
}

/// API 1.0 still works for some; nobody should begin with it.
pub(super) fn retired() -> El {
    el("div", "max-w-[42rem]")
        .child(banner(Tone::Warn, "retired", || say(texts::RETIRED_SENTENCE).to_owned()))
}

fn section(form: Form<IntegrationRequest>, part: &'static Section, development: RwSignal<bool>) -> El {
    let legend = el("legend", "float-left w-full")
        .child(el("span", "block text-[16px] font-semibold").say(part.title))
        .child(el("span", "block text-[13px] text-ink-soft").say(part.lead));
    let mut all = el("fieldset", "card grid min-w-0 gap-5").child(legend);
    for one in part.rows {
        all = all.child(while_chosen(form, one.when, move || row(form, one, development)));
    }
    all
}

/// Only there while the choice stands; always, when there is none.
pub(super) fn while_chosen(
    form: Form<IntegrationRequest>,
    when: When,
    draw: impl Fn() -> El + 'static,
) -> El {
    let Some((name, word)) = when else { return draw() };
    let there = Memo::new(move |_| form.values.with(|form| choice(form, name) == word));
    el("div", "contents").dynamic(move || if there.get() { vec![untrack(&draw)] } else { Vec::new() })
}

fn row(form: Form<IntegrationRequest>, row: &'static Row, development: RwSignal<bool>) -> El {
    match row.kind {
        Kind::Chips(options) => choice_of(form, row, options),
        Kind::Select(options) => {
            let options = Signal::derive(move || {
                let offered = options.iter().filter(|(word, _)| *word != PLAIN || development.get());
                offered.map(|(word, words)| ((*word).to_owned(), say(*words).to_owned())).collect()
            });
            let line = Line { hint: row.hint, ..Line::new(row.label) };
            select(bind_choice(form, row.name), line, options)
        }
        _ => text_row(bind(form, row.name), row),
    }
}

/// A field of text, of whatever form.
pub(super) fn text_row(bind: Binding, row: &Row) -> El {
    let line = Line { hint: row.hint, optional: row.optional, strip: true, ..Line::new(row.label) };
    match row.kind {
        Kind::File(accept) => file_drop(bind, row.label, row.hint, accept),
        Kind::Digits => text_field(bind, Line { inputmode: "numeric", ..line }),
        Kind::Words => text_field(bind, Line { strip: false, ..line }),
        Kind::Mail => text_field(bind, Line { kind: "email", ..line }),
        Kind::Secret => text_field(bind, Line { kind: "password", ..line }),
        Kind::Password => {
            text_field(bind, Line { kind: "password", autocomplete: "new-password", strip: false, ..line })
        }
        Kind::Code | Kind::Chips(_) | Kind::Select(_) => text_field(bind, line),
    }
}

fn choice_of(
    form: Form<IntegrationRequest>,
    row: &'static Row,
    options: &'static [(&'static str, Text)],
) -> El {
    let own = bind_choice(form, row.name);
    let words = Signal::derive(move || {
        options.iter().map(|(word, words)| ((*word).to_owned(), say(*words).to_owned())).collect()
    });
    el("div", "").child(paragraph("mb-1.5 text-[14px] font-semibold", row.label)).child(chips(
        row.label,
        row.name,
        words,
        own.value,
        move |word| own.input(word),
    ))
}
