//! The way to the first notice. Gone when it has been walked.

use leptos::prelude::*;
use shared::{api::home::Home, lang::Text};

use super::{
    model::{self, Step},
    texts,
};
use crate::{
    console::head::card_head,
    dom::{El, el},
    i18n::fill,
    kit::{
        ButtonKind, Icon, Tone,
        button::link_button,
        card::progress,
        surfaces::{badge, icon, paragraph},
    },
};

pub(super) fn section(home: RwSignal<Home>) -> El {
    let steps = Memo::new(move |_| home.with(model::steps));
    el("div", "contents").dynamic(move || {
        let steps = steps.get();
        if steps.is_empty() {
            return Vec::new();
        }
        let count = |done| u64::try_from(steps.iter().filter(|(_, own)| *own == done).count()).unwrap_or(0);
        let (done, left) = (count(true), count(false));
        let next = steps.iter().find(|(_, done)| !done).map(|(step, _)| *step);
        let rows = steps.iter().map(|(step, done)| row(*step, *done, next == Some(*step))).collect();
        let lead = el("p", "m-0 text-[13px] text-ink-soft")
            .text_when(move || fill(texts::SETUP_LEAD, &[&left.to_string()]));
        let head = el("div", "flex flex-wrap items-center gap-x-6 gap-y-2 px-5 py-4")
            .child(
                el("div", "min-w-0 flex-1 basis-64")
                    .child(card_head("setup-title", texts::SETUP, None))
                    .child(lead),
            )
            .child(el("div", "w-48").child(progress(
                Signal::stored(done),
                Signal::stored(done + left),
                texts::SETUP_PROGRESS,
            )));
        vec![
            el("section", "card p-0").attr("aria-labelledby", "setup-title").test("setup").child(head).child(
                el("ol", "m-0 list-none divide-y divide-line border-t border-line p-0").children(rows),
            ),
        ]
    })
}

fn row(step: Step, done: bool, next: bool) -> El {
    let (code, title, why, href) = words(step);
    let row = el("li", "home-step")
        .attr("data-done", if done { "true" } else { "false" })
        .test(&format!("step-{code}"))
        .child(el("span", "home-tick").attr("aria-hidden", "true").maybe(done.then(|| icon(Icon::Check))))
        .child(
            el("div", "min-w-0 flex-1")
                .child(el("p", "m-0 font-medium").child(if done {
                    el("span", "").say(title)
                } else {
                    el("a", "").attr("href", href).say(title)
                }))
                .child(paragraph("m-0 text-[13px] text-ink-soft", why)),
        );
    match (done, next) {
        (true, _) => row.child(badge(Tone::Good, texts::DONE)),
        (false, true) => {
            row.child(link_button(texts::STEP_DO, href, ButtonKind::Primary, None).test("next-step"))
        }
        (false, false) => row,
    }
}

const fn words(step: Step) -> (&'static str, Text, Text, &'static str) {
    match step {
        Step::Messenger => {
            ("messenger", texts::STEP_MESSENGER, texts::STEP_MESSENGER_WHY, "/console/integrations")
        }
        Step::Mail => ("mail", texts::STEP_MAIL, texts::STEP_MAIL_WHY, "/console/integrations/mail"),
        Step::Members => ("members", texts::STEP_MEMBERS, texts::STEP_MEMBERS_WHY, "/console/members"),
        Step::Linked => ("linked", texts::STEP_LINKED, texts::STEP_LINKED_WHY, "/console/members"),
        Step::System => ("system", texts::STEP_SYSTEM, texts::STEP_SYSTEM_WHY, "/console/settings/keys"),
        Step::Sent => ("sent", texts::STEP_SENT, texts::STEP_SENT_WHY, "/console/announcements/new"),
    }
}
