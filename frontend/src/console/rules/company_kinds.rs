//! Which kinds go into a company's room.

use leptos::prelude::*;

use super::{
    company::Page,
    model::{apps_of, kinds_of, name, title},
    texts,
};
use crate::{
    dom::{El, el},
    i18n::{fill, lang, say},
    kit::surfaces::paragraph,
};

pub(super) fn card(page: Page) -> El {
    let apps = move || page.kinds.with(|kinds| apps_of(kinds, ""));
    el("section", "card grid gap-3")
        .attr("aria-labelledby", "company-kinds")
        .child(
            el("div", "")
                .child(el("h2", "text-[16px]").attr("id", "company-kinds").say(texts::KINDS_TITLE))
                .child(paragraph("text-[13px] text-ink-soft", texts::KINDS_LEAD)),
        )
        .child(el("div", "divide-y divide-line border-y border-line").list(apps, move |app| group(page, app)))
}

fn group(page: Page, app: &str) -> El {
    let own = app.to_owned();
    let codes = Memo::new(move |_| page.kinds.with(|kinds| kinds_of(kinds, &own, "")));
    let chosen = Memo::new(move |_| {
        page.draft
            .with(|draft| codes.with(|codes| codes.iter().filter(|code| draft.kinds.contains(code)).count()))
    });
    let (own, test) = (app.to_owned(), format!("company-app-{app}"));
    let count = move || fill(texts::CHOSEN, &[&chosen.get().to_string(), &codes.with(Vec::len).to_string()]);
    let all = el("button", "text-btn text-[13px] text-ai")
        .attr("type", "button")
        .test("company-all")
        .attr_when("aria-pressed", move || Some((chosen.get() == codes.with(Vec::len)).to_string()))
        .say(texts::ALL_OF)
        .on_press(move || {
            let on = chosen.get_untracked() < codes.with_untracked(Vec::len);
            page.draft.update(|draft| {
                for code in codes.get_untracked() {
                    draft.set(&code, on);
                }
            });
        });
    // Open from the start where something is chosen.
    let open = chosen.get_untracked() > 0;
    let details = el("details", "rules-group py-1").test(&test);
    let details = if open { details.attr("open", "") } else { details };
    details
        .child(
            el("summary", "flex min-h-11 cursor-pointer items-center gap-3")
                .child(el("span", "flex-1 font-medium").text_when(move || title(&own, lang())))
                .child(el("span", "text-[13px] text-ink-soft").text_when(count)),
        )
        .child(el("div", "flex justify-end").child(all))
        .child(
            el("ul", "m-0 grid list-none gap-x-4 p-0 pb-3 sm:grid-cols-2")
                .list(move || codes.get(), move |code| choice(page, code)),
        )
}

fn choice(page: Page, code: &str) -> El {
    let (own, wanted) = (code.to_owned(), code.to_owned());
    let called = move || {
        page.kinds.with(|kinds| {
            let kind = kinds.iter().find(|kind| kind.code == wanted);
            kind.map(|kind| name(kind, lang()).to_owned()).unwrap_or_default()
        })
    };
    let on = Memo::new(move |_| page.draft.with(|draft| draft.kinds.contains(&own)));
    let own = code.to_owned();
    let state = move || say(if on.get() { texts::ON } else { texts::OFF }).to_owned();
    el("li", "").child(
        el("button", "flex min-h-11 w-full items-center gap-3 text-left")
            .attr("type", "button")
            .attr("role", "checkbox")
            .test(&format!("company-kind-{code}"))
            .attr_when("aria-checked", move || Some(on.get().to_string()))
            .attr_when("title", move || Some(state()))
            .child(el("span", "rules-box").attr("aria-hidden", "true"))
            .child(el("span", "min-w-0").text_when(called))
            .on_press(move || {
                let turned = !on.get_untracked();
                page.draft.update(|draft| draft.set(&own, turned));
            }),
    )
}
