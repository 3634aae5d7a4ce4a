//! The API: what there is, tried in place with the reader's own rights, and the same as a line for a terminal.

use leptos::prelude::*;
use shared::lang::Lang;

use super::{
    api_model::{Document, Operation, pretty},
    once,
    texts::{api as texts, frame},
};
use crate::{
    client::{
        Failure,
        browser::{self, value_of},
        http,
        json::Json,
        spawn,
    },
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Binding, ButtonKind, Loader, Toasts, Tone,
        button::link_button,
        controls::{Line, Press, button, error_of, form, select},
        surfaces::{badge, paragraph, show, title_of},
        use_toasts,
    },
};

/// What became of a call.
type Answer = Option<Result<String, Failure>>;

/// `/console/settings/api`.
pub(super) fn page() -> Vec<El> {
    let loader = Loader::<Document>::at("/api/openapi.json");
    let toasts = use_toasts();
    let download = link_button(texts::DOWNLOAD, "/api/openapi.json", ButtonKind::Secondary, None)
        .attr("rel", "external")
        .attr("download", "todoke-openapi.json")
        .test("openapi");
    vec![
        title_of(frame::API),
        el("div", "mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3")
            .child(paragraph("lead min-w-0 flex-1 basis-72 [&]:mb-0", texts::LEAD))
            .child(download),
        show(el("div", ""), loader, move |document| {
            vec![whole(document.with_untracked(|document| document.0.clone()), toasts)]
        }),
    ]
}

fn whole(operations: Vec<Operation>, toasts: Toasts) -> El {
    // What everybody comes for.
    let first = operations.iter().position(|one| one.method == "POST" && one.path == "/api/v1/events");
    let chosen = RwSignal::new(first.unwrap_or_default().to_string());
    let operations = StoredValue::new(operations);
    let options = Signal::derive(move || {
        operations.with_value(|all| {
            let words = |(index, one): (usize, &Operation)| {
                let summary = if lang() == Lang::En { &one.summary_en } else { &one.summary_ja };
                (index.to_string(), format!("{summary} — {} {}", one.method, one.path))
            };
            all.iter().enumerate().map(words).collect()
        })
    });
    el("div", "grid grid-cols-1 gap-5")
        .child(select(Binding::plain("operation", chosen), Line::new(texts::OPERATION), options))
        .child(el("div", "").dynamic(move || {
            let index: usize = chosen.get().parse().unwrap_or_default();
            let one = operations.with_value(|all| all.get(index).cloned());
            untrack(|| one.map(|one| try_it(one, toasts)).into_iter().collect())
        }))
}

fn try_it(operation: Operation, toasts: Toasts) -> El {
    let count = operation.parameters.len();
    let values = RwSignal::new(vec![String::new(); count]);
    let body = RwSignal::new(operation.body.as_ref().map(|body| body.example.clone()).unwrap_or_default());
    let (missing, busy) = (RwSignal::new(false), RwSignal::new(false));
    let answer = RwSignal::new(None as Answer);
    let operation = StoredValue::new(operation);
    let not_json = Memo::new(move |_| {
        operation.with_value(|one| one.body.is_some()) && body.with(|body| Json::parse(body).is_none())
    });
    let send = move || {
        let target = operation.with_value(|one| one.target(&values.get_untracked(), browser::escape));
        let Some(target) = target else {
            missing.set(true);
            crate::kit::field::focus_first_wrong();
            return;
        };
        if not_json.get_untracked() || busy.get_untracked() {
            crate::kit::field::focus_first_wrong();
            return;
        }
        let (method, sends) = operation.with_value(|one| (method(&one.method), one.body.is_some()));
        // A call without a body of its own says so; the key of a repeat is for systems.
        let body = sends.then(|| body.get_untracked());
        busy.set(true);
        spawn(async move {
            let came = http::send(method, &target, body).await;
            let _gone = busy.try_set(false);
            let _gone = answer.try_set(Some(came));
        });
    };
    let fields = operation.with_value(|one| {
        let field = |(index, parameter): (usize, &super::api_model::Parameter)| {
            let wrong = parameter.required;
            let error = Signal::derive(move || {
                let empty = values.with(|all| all.get(index).is_none_or(|value| value.trim().is_empty()));
                (wrong && missing.get() && empty).then(|| say(texts::MISSING).to_owned())
            });
            parameter_field(index, parameter, values, error)
        };
        one.parameters.iter().enumerate().map(field).collect::<Vec<_>>()
    });
    let parameters = (count > 0).then(|| {
        el("fieldset", "grid gap-3 border-0 p-0")
            .child(el("legend", "mb-1 text-[15px] font-semibold").say(texts::PARAMETERS))
            .children(fields)
    });
    let press = Press {
        doing: texts::SEND_BUSY,
        busy: busy.into(),
        test: "api-send".into(),
        ..Press::primary(texts::SEND)
    };
    let scope = operation.with_value(|one| one.scope.clone());
    el("div", "grid grid-cols-1 gap-5")
        .child(
            form(send)
                .class("card")
                .test("api-form")
                .child(el("p", "text-[13px] text-ink-soft").text_when(move || fill(texts::SCOPE, &[&scope])))
                .maybe(parameters)
                .maybe(
                    operation.with_value(|one| one.body.as_ref().map(|one| body_field(one, body, not_json))),
                )
                .child(el("div", "form-actions").child(button(press, None))),
        )
        .child(
            el("div", "")
                .attr("aria-live", "polite")
                .dynamic(move || answer.get().map(|answer| untrack(|| shown(answer))).into_iter().collect()),
        )
        .child(el("div", "").dynamic(move || {
            let (values, body) = (values.get(), body.get());
            let line = operation.with_value(|one| {
                let target = one.target(&values, browser::escape).unwrap_or_else(|| one.path.clone());
                one.curl(&browser::origin(), &target, &values, &body)
            });
            untrack(|| vec![once::terminal(toasts, texts::CURL, &line, "api-curl")])
        }))
}

/// The methods that requests are made with.
fn method(name: &str) -> &'static str {
    match name {
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "GET",
    }
}

fn parameter_field(
    index: usize,
    parameter: &super::api_model::Parameter,
    values: RwSignal<Vec<String>>,
    error: Signal<Option<String>>,
) -> El {
    let id = crate::kit::field::next_id(&parameter.name);
    let input = el("input", "input font-mono text-[13px]")
        .attr("id", &id)
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-describedby", &format!("{id}-error"))
        .attr_when("aria-invalid", move || error.get().is_some().then(|| "true".to_owned()))
        .test(&format!("parameter-{}", parameter.name))
        .on("input", move |event| {
            let text = value_of(&event);
            values.update(|all| {
                if let Some(own) = all.get_mut(index) {
                    *own = text;
                }
            });
        });
    let required = parameter.required.then(|| el("span", "field-optional").say(texts::REQUIRED));
    el("div", "field")
        .class_when("field-wrong", move || error.get().is_some())
        .child(el("label", "field-label").attr("for", &id).text(&parameter.name).maybe(required))
        .child(input)
        .child(error_of(&id, error))
}

fn body_field(of: &super::api_model::Body, body: RwSignal<String>, wrong: Memo<bool>) -> El {
    let id = crate::kit::field::next_id("body");
    let error = Signal::derive(move || wrong.get().then(|| say(texts::NOT_JSON).to_owned()));
    let area = el("textarea", "input min-h-64 font-mono text-[13px] leading-relaxed")
        .attr("id", &id)
        .attr("rows", "12")
        .attr("spellcheck", "false")
        .attr("aria-describedby", &format!("{id}-error"))
        .attr_when("aria-invalid", move || wrong.get().then(|| "true".to_owned()))
        .test("api-body")
        .value_when(move || body.get())
        .on("input", move |event| body.set(value_of(&event)));
    let rows = of.fields.iter().map(|(name, kind, required)| {
        let needed = required.then(|| badge(Tone::Quiet, texts::REQUIRED));
        el("li", "flex flex-wrap items-baseline gap-x-2")
            .child(el("code", "font-mono text-[13px]").text(name))
            .child(el("span", "text-[13px] text-ink-soft").text(kind))
            .maybe(needed)
    });
    let fields = el("details", "why")
        .child(el("summary", "").say(texts::FIELDS))
        .child(el("ul", "why-body m-0 grid list-none gap-1 p-0").children(rows.collect()));
    el("div", "field")
        .class_when("field-wrong", move || wrong.get())
        .child(el("label", "field-label").attr("for", &id).say(texts::BODY))
        .child(area)
        .child(error_of(&id, error))
        .child(fields)
}

/// What came back: good, or refused in words.
fn shown(answer: Result<String, Failure>) -> El {
    let (tone, words, text) = match answer {
        Ok(text) if text.trim().is_empty() => (Tone::Good, None, String::new()),
        Ok(text) => (Tone::Good, None, Json::parse(&text).map_or(text, |json| pretty(&json))),
        Err(failure) => (Tone::Bad, Some(failure.message(lang())), String::new()),
    };
    let state = if tone == Tone::Good { "ok" } else { "refused" };
    let words = match (words, text.is_empty()) {
        (Some(words), _) => Some(el("p", "text-shu").text(&words)),
        (None, true) => Some(el("p", "text-ink-soft").say(texts::NO_BODY)),
        (None, false) => None,
    };
    el("section", "min-w-0")
        .test("api-answer")
        .attr("data-state", state)
        .child(el("h2", "mb-1 text-[16px]").say(texts::ANSWER))
        .maybe(words)
        .maybe((!text.is_empty()).then(|| once::code(&text, "api-answer-body")))
}
