//! The checklist above a guided form, drawn from [`super::guide::steps`].

use leptos::prelude::*;
use shared::api::integrations::{IntegrationRequest, Provider};

use super::{
    form_page::while_chosen,
    guide::steps::{Step, steps},
};
use crate::{
    client::browser,
    dom::{El, el},
    kit::{Toasts, button::copy_button, form::Form, use_toasts},
};

crate::i18n::texts! {
    TITLE "先に、提供元の画面で" "First, at the provider";
}

/// Open from the start; an admin who has it all ready closes it.
pub(super) fn checklist(form: Form<IntegrationRequest>, provider: Provider) -> Option<El> {
    let all = steps(provider);
    if all.is_empty() {
        return None;
    }
    let toasts = use_toasts();
    let rows = all.iter().map(|step| while_chosen(form, step.when, move || row(toasts, step)));
    Some(
        el("details", "card mb-5 max-w-[42rem]")
            .attr("open", "")
            .test("checklist")
            .child(el("summary", "cursor-pointer text-[16px] font-semibold").say(TITLE))
            .child(el("div", "checklist").attr("role", "list").children(rows.collect())),
    )
}

fn row(toasts: Toasts, step: &'static Step) -> El {
    let values = step.copied.iter().map(|value| copied(toasts, value)).collect::<Vec<_>>();
    let words = el("label", "checklist-step")
        .child(el("input", "").attr("type", "checkbox"))
        .child(el("span", "").say(step.words));
    let row = el("div", "").attr("role", "listitem").child(words);
    if values.is_empty() { row } else { row.child(el("div", "checklist-values").children(values)) }
}

fn copied(toasts: Toasts, value: &'static str) -> El {
    let value =
        if value.starts_with('/') { format!("{}{value}", browser::origin()) } else { value.to_owned() };
    let name = value.clone();
    el("span", "checklist-value")
        .child(el("code", "min-w-0 break-all").test("to-copy").text(&value))
        .child(copy_button(toasts, Signal::stored(value), "copy", move || Some(name.clone())))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_sentence_is_there() {
        assert_eq!(crate::i18n::flaws(super::ALL), Vec::<String>::new());
    }
}
