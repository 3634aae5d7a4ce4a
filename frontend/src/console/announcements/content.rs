//! What an announcement says, how urgent it is, and when it goes.

use leptos::prelude::*;
use shared::{lang::Text, routing::Urgency};

use super::{
    draft::{Draft, word},
    texts,
};
use crate::{
    client::browser::value_of,
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::{
        Binding, ButtonKind, Icon,
        card::chips,
        controls::{Line, Press, button, error_of, text_field},
        field::{described, next_id},
        form::Form,
        surfaces::icon,
    },
};

/// Title, text, link and details.
pub(super) fn fields(form: Form<Draft>) -> El {
    let title = form.text("title", |draft| &draft.title, |draft| &mut draft.title);
    let body = form.text("body", |draft| &draft.body, |draft| &mut draft.body);
    let link = form.text("link", |draft| &draft.link, |draft| &mut draft.link);
    el("fieldset", "grid min-w-0 gap-4 border-0 p-0 [&>*]:min-w-0")
        .child(el("legend", "mb-2 text-[16px] font-semibold").say(texts::CONTENT))
        .child(text_field(title, Line::new(texts::TITLE_FIELD)))
        .child(area(body, texts::BODY_FIELD))
        .child(text_field(
            link,
            Line {
                hint: Some(texts::LINK_HINT),
                kind: "url",
                inputmode: "url",
                optional: true,
                strip: true,
                ..Line::new(texts::LINK_FIELD)
            },
        ))
        .child(lines(form))
}

/// Several lines of text.
fn area(bind: Binding, label: Text) -> El {
    let id = next_id(bind.name);
    el("div", "field")
        .class_when("field-wrong", move || bind.error.get().is_some())
        .child(el("label", "field-label").attr("for", &id).say(label))
        .child(
            el("textarea", "input min-h-36 py-2 font-sans text-[15px] leading-relaxed")
                .attr("id", &id)
                .attr("name", bind.name)
                .attr("rows", "6")
                .test(&format!("field-{}", bind.name))
                .attr_when("aria-invalid", move || bind.error.get().is_some().then(|| "true".to_owned()))
                .attr_when("aria-describedby", described(&id, false, bind.error))
                .value_when(move || bind.value.get())
                .on("input", move |event| bind.input(value_of(&event)))
                .on("blur", move |_| bind.leave()),
        )
        .child(error_of(&id, bind.error))
}

/// The labelled lines below the text.
fn lines(form: Form<Draft>) -> El {
    let count = Memo::new(move |_| form.values.with(|draft| draft.fields.len()));
    let keys = move || (0..count.get()).map(|index| index.to_string()).collect();
    let add = move || form.values.update(|draft| draft.fields.push((String::new(), String::new())));
    el("div", "grid gap-2")
        .attr("role", "group")
        .attr_when("aria-label", || Some(say(texts::FIELDS).to_owned()))
        .child(
            el("div", "")
                .child(el("p", "field-label").say(texts::FIELDS))
                .child(el("p", "field-hint").say(texts::FIELDS_HINT)),
        )
        .child(
            el("div", "grid gap-2 empty:hidden")
                .list(keys, move |index| line(form, index.parse().unwrap_or_default())),
        )
        .child(el("div", "").dynamic(move || {
            // As many as a message takes.
            if count.get() >= 20 {
                return Vec::new();
            }
            let press = Press {
                icon: Some(Icon::Plus),
                test: "add-field".into(),
                kind: ButtonKind::Quiet,
                ..Press::new(texts::FIELD_ADD)
            };
            untrack(|| vec![button(press, Some(Box::new(add)))])
        }))
}

type Part = fn(&mut (String, String)) -> &mut String;

fn line(form: Form<Draft>, index: usize) -> El {
    let input = move |label: Text, name: &'static str, class: &str, part: Part| {
        let field = format!("fields[{index}].{name}");
        let error = Signal::derive(move || form.problems.with(|problems| problems.of(&field, lang())));
        let typed = format!("fields[{index}].{name}");
        let id = next_id(name);
        el("div", class)
            .child(
                el("input", "input")
                    .attr("id", &id)
                    .attr("autocomplete", "off")
                    .attr_when("aria-label", move || Some(say(label).to_owned()))
                    .attr_when("placeholder", move || Some(say(label).to_owned()))
                    .attr_when("aria-invalid", move || error.get().is_some().then(|| "true".to_owned()))
                    .attr_when("aria-describedby", described(&id, false, error))
                    .test(&format!("field-{name}"))
                    .value_when(move || {
                        let mut pair =
                            form.values.with(|draft| draft.fields.get(index).cloned().unwrap_or_default());
                        std::mem::take(part(&mut pair))
                    })
                    .on("input", move |event| {
                        let text = value_of(&event);
                        form.values.update(|draft| {
                            if let Some(pair) = draft.fields.get_mut(index) {
                                *part(pair) = text;
                            }
                        });
                        form.problems.update(|problems| problems.typed(&typed));
                    }),
            )
            .child(error_of(&id, error))
    };
    let remove = move || {
        form.values.update(|draft| {
            if index < draft.fields.len() {
                draft.fields.remove(index);
            }
        });
    };
    el("div", "flex items-start gap-2")
        .child(input(texts::FIELD_LABEL, "label", "w-32 flex-none", |pair| &mut pair.0))
        .child(input(texts::FIELD_VALUE, "value", "min-w-0 flex-1", |pair| &mut pair.1))
        .child(
            el("button", "icon-btn flex-none")
                .attr("type", "button")
                .attr_when("aria-label", move || Some(fill(texts::FIELD_REMOVE, &[&(index + 1).to_string()])))
                .test("remove-field")
                .child(icon(Icon::Cross))
                .on_press(remove),
        )
}

/// How urgent, and when.
pub(super) fn timing(form: Form<Draft>) -> El {
    let urgencies = Signal::derive(|| {
        let words = |urgency: Urgency| (word(urgency).to_owned(), say(urgency.name()).to_owned());
        Urgency::ALL.into_iter().map(words).collect::<Vec<_>>()
    });
    let urgency = Signal::derive(move || form.values.with(|draft| word(draft.urgency).to_owned()));
    let choose = move |chosen: String| {
        let found = Urgency::ALL.into_iter().find(|urgency| word(*urgency) == chosen);
        form.values.update(|draft| draft.urgency = found.unwrap_or(draft.urgency));
    };
    let times = Signal::derive(|| {
        vec![
            ("now".to_owned(), say(texts::NOW).to_owned()),
            ("later".to_owned(), say(texts::LATER).to_owned()),
        ]
    });
    let later = Memo::new(move |_| form.values.with(|draft| draft.later));
    let when = Signal::derive(move || if later.get() { "later" } else { "now" }.to_owned());
    el("div", "grid gap-4")
        .child(
            el("div", "")
                .child(el("p", "field-label mb-1.5").say(texts::URGENCY))
                .child(chips(texts::URGENCY, "urgency", urgencies, urgency, choose))
                .child(el("p", "field-hint mt-1").say(texts::URGENCY_HINT)),
        )
        .child(
            el("div", "")
                .child(el("p", "field-label mb-1.5").say(texts::WHEN))
                .child(chips(texts::WHEN, "when", times, when, move |chosen| {
                    form.values.update(|draft| draft.later = chosen == "later");
                }))
                .dynamic(move || {
                    if !later.get() {
                        return Vec::new();
                    }
                    untrack(|| vec![date_and_time(form)])
                }),
        )
}

fn date_and_time(form: Form<Draft>) -> El {
    let date = form.text("date", |draft| &draft.date, |draft| &mut draft.date);
    let time = form.text("time", |draft| &draft.time, |draft| &mut draft.time);
    let at = Signal::derive(move || form.problems.with(|problems| problems.of("at", lang())));
    el("div", "mt-3")
        .child(
            el("div", "flex flex-wrap gap-3")
                .child(text_field(date, Line { kind: "date", inputmode: "none", ..Line::new(texts::DATE) }))
                .child(text_field(time, Line { kind: "time", inputmode: "none", ..Line::new(texts::TIME) })),
        )
        .child(
            el("p", "field-error")
                .attr("aria-live", "polite")
                .test("error-at")
                .text_when(move || at.get().unwrap_or_default()),
        )
        .child(el("p", "field-hint").say(texts::ZONE_HINT))
}
