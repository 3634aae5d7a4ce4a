//! Choosing several deliveries: by a tick each, or all that the filter lets through. What is done with them is
//! counted and confirmed first.

use leptos::prelude::*;
use shared::{
    api::bulk::{BulkAction, BulkCount, BulkJob, MAX_CHOSEN},
    lang::Text,
};
use wasm_bindgen::JsCast;

use super::{filter::Filter, jobs::Jobs, texts};
use crate::{
    client::{browser, json, spawn},
    dom::{El, el, follow},
    i18n::{fill, say},
    kit::{
        ButtonKind, Loader, Toasts, Tone,
        controls::{Press, button},
        dialog::dialog,
        surfaces::{banner, show},
    },
};

/// What is chosen, handed around by copy.
#[derive(Clone, Copy)]
pub(super) struct Picking {
    /// Ticks are shown.
    pub(super) on: RwSignal<bool>,
    /// All that the filter lets through, instead of `ids`.
    all: RwSignal<bool>,
    ids: RwSignal<Vec<String>>,
}

impl Picking {
    pub(super) fn new() -> Self {
        Self { on: RwSignal::new(false), all: RwSignal::new(false), ids: RwSignal::new(Vec::new()) }
    }

    /// Nothing is chosen any more: another filter, or it was done.
    pub(super) fn forget(self) {
        self.all.set(false);
        self.ids.set(Vec::new());
    }

    fn is_any(self) -> bool {
        self.all.get() || self.ids.with(|ids| !ids.is_empty())
    }

    fn toggle(self, id: &str) {
        self.all.set(false);
        self.ids.update(|ids| match ids.iter().position(|known| known == id) {
            Some(at) => drop(ids.swap_remove(at)),
            None if ids.len() < MAX_CHOSEN => ids.push(id.to_owned()),
            None => {}
        });
    }
}

/// The tick of one row, while there are any.
pub(super) fn tick(picking: Picking, id: String, title: Signal<String>) -> El {
    el("span", "contents").dynamic(move || {
        if !picking.on.get() {
            return Vec::new();
        }
        let (own, pressed) = (id.clone(), id.clone());
        let box_ = el("input", "size-[18px] accent-ai")
            .attr("type", "checkbox")
            .attr_when("aria-label", move || Some(title.with(|title| fill(texts::PICK_ROW, &[title]))))
            .test("pick")
            .on("change", move |_| picking.toggle(&pressed));
        let input = box_.element().dyn_ref::<web_sys::HtmlInputElement>().cloned();
        follow(Box::new(move || {
            let on = picking.all.get() || picking.ids.with(|ids| ids.contains(&own));
            if let Some(input) = &input {
                input.set_checked(on);
            }
        }));
        vec![
            el("label", "grid min-h-11 w-12 flex-none place-items-center self-stretch print:hidden")
                .child(box_),
        ]
    })
}

/// The button that shows and hides the ticks.
pub(super) fn switch(picking: Picking) -> El {
    el("button", "btn btn-quiet print:hidden")
        .attr("type", "button")
        .attr_when("aria-pressed", move || Some(picking.on.get().to_string()))
        .test("pick-several")
        .text_when(move || say(if picking.on.get() { texts::PICK_END } else { texts::PICK }).to_owned())
        .on_press(move || {
            picking.forget();
            picking.on.update(|on| *on = !*on);
        })
}

/// What can be done, below the list while there are ticks.
pub(super) fn bar(
    picking: Picking,
    filter: Memo<Filter>,
    shown: impl Fn() -> Vec<String> + Clone + 'static,
    jobs: Jobs,
    toasts: Toasts,
) -> El {
    let asked = RwSignal::new(None::<BulkAction>);
    let open = RwSignal::new(false);
    let nothing = Signal::derive(move || !picking.is_any());
    let count = move || {
        if picking.all.get() {
            say(texts::PICKED_ALL).to_owned()
        } else {
            let count = picking.ids.with(Vec::len);
            fill(texts::PICKED, &[&browser::number_text(u64::try_from(count).unwrap_or_default())])
        }
    };
    let ask = move |label: Text, test: &str, action: BulkAction| {
        let press = Press { test: test.into(), disabled: Some(nothing), ..Press::new(label) };
        button(
            press,
            Some(Box::new(move || {
                asked.set(Some(action));
                open.set(true);
            })),
        )
    };
    let choose_shown = move || {
        picking.all.set(false);
        let mut ids = shown();
        ids.truncate(MAX_CHOSEN);
        picking.ids.set(ids);
    };
    let choose_all = move || {
        picking.ids.set(Vec::new());
        picking.all.set(true);
    };
    let quiet =
        |label: Text, test: &str| Press { kind: ButtonKind::Quiet, test: test.into(), ..Press::new(label) };
    el("div", "contents").dynamic(move || {
        if !picking.on.get() {
            return Vec::new();
        }
        let choose_shown = choose_shown.clone();
        untrack(|| {
            vec![
                el(
                    "div",
                    "sticky bottom-3 z-10 mt-3 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-xl border \
                     border-line-strong bg-paper px-4 py-2 shadow-md print:hidden",
                )
                .attr("role", "group")
                .attr_when("aria-label", || Some(say(texts::PICK_BAR).to_owned()))
                .test("pick-bar")
                .child(
                    el("span", "mr-auto font-medium tabular-nums")
                        .attr("aria-live", "polite")
                        .test("picked")
                        .text_when(count),
                )
                .child(button(quiet(texts::PICK_SHOWN, "pick-shown"), Some(Box::new(choose_shown))))
                .child(button(quiet(texts::PICK_ALL, "pick-all"), Some(Box::new(choose_all))))
                .child(ask(texts::RESEND, "bulk-resend", BulkAction::Resend))
                .child(ask(texts::CANCEL, "bulk-cancel", BulkAction::Cancel)),
                dialog(
                    open,
                    move || {
                        let cancel = asked.get() == Some(BulkAction::Cancel);
                        say(if cancel { texts::CANCEL_TITLE } else { texts::RESEND_TITLE }).to_owned()
                    },
                    "bulk-dialog",
                    move || match asked.get_untracked() {
                        Some(action) => confirm(action, open, picking, filter, jobs, toasts),
                        None => Vec::new(),
                    },
                ),
            ]
        })
    })
}

/// Counted by the server, then done.
fn confirm(
    action: BulkAction,
    open: RwSignal<bool>,
    picking: Picking,
    filter: Memo<Filter>,
    jobs: Jobs,
    toasts: Toasts,
) -> Vec<El> {
    let body = StoredValue::new(request(
        action,
        &filter.get_untracked(),
        &picking.ids.get_untracked(),
        picking.all.get_untracked(),
    ));
    let loader = Loader::new(move || async move {
        json::send::<BulkCount>("POST", "/api/bulk/count", body.get_value()).await
    });
    let busy = RwSignal::new(false);
    let begin = move || {
        busy.set(true);
        spawn(async move {
            let answer = json::send::<BulkJob>("POST", "/api/bulk", body.get_value()).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(job) => {
                    let _gone = open.try_set(false);
                    picking.forget();
                    picking.on.set(false);
                    jobs.begun(job);
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    };
    vec![show(el("div", "grid gap-4"), loader, move |counted| {
        let count = counted.get_untracked();
        let number = browser::number_text;
        let (some, none, label, kind) = match action {
            BulkAction::Resend => {
                (texts::RESEND_COUNT, texts::RESEND_NONE, texts::RESEND_DO, ButtonKind::Primary)
            }
            BulkAction::Cancel => {
                (texts::CANCEL_COUNT, texts::CANCEL_NONE, texts::CANCEL_DO, ButtonKind::Danger)
            }
        };
        let words = move || {
            if count.matching == 0 {
                fill(none, &[&number(count.chosen)])
            } else {
                fill(some, &[&number(count.chosen), &number(count.matching)])
            }
        };
        let warning = (count.uncertain > 0 && action == BulkAction::Resend).then(|| {
            banner(Tone::Warn, "bulk-uncertain", move || {
                fill(texts::UNCERTAIN_COUNT, &[&number(count.uncertain)])
            })
        });
        let close = Press { test: "bulk-close".into(), ..Press::new(texts::CLOSE) };
        let act = (count.matching > 0).then(|| {
            let press = Press {
                kind,
                doing: texts::BEGINNING,
                busy: busy.into(),
                test: "bulk-confirm".into(),
                ..Press::new(label)
            };
            button(press.words(move || fill(label, &[&number(count.matching)])), Some(Box::new(begin)))
        });
        vec![
            el("p", "").test("bulk-count").text_when(words),
            el("div", "contents").maybe(warning),
            el("div", "form-actions justify-end")
                .child(button(close, Some(Box::new(move || open.set(false)))))
                .maybe(act),
        ]
    })]
}

/// The body of a request about what is chosen.
fn request(action: BulkAction, filter: &Filter, ids: &[String], all: bool) -> String {
    use json::Out;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let chosen = if all { ("filter", filter.body()) } else { ("ids", String::new()) };
    let value = if all { Out::Json(&chosen.1) } else { Out::Texts(&ids) };
    json::object(&[("action", Out::Text(action.code())), (chosen.0, value)])
}

#[cfg(test)]
mod tests {
    use shared::{api::bulk::BulkRequest, delivery::State};

    use super::*;

    #[test]
    fn the_server_reads_what_is_asked() {
        let filter = Filter { state: Some(State::Failed), since: Some(5), ..Filter::default() };
        let all: BulkRequest =
            serde_json::from_str(&request(BulkAction::Resend, &filter, &["dl_1".into()], true)).unwrap();
        assert_eq!((all.filter.state, all.filter.from, all.ids.len()), (Some(State::Failed), Some(5), 0));
        let some: BulkRequest =
            serde_json::from_str(&request(BulkAction::Cancel, &filter, &["dl_1".into()], false)).unwrap();
        assert_eq!((some.action, some.filter.state, some.ids.len()), (BulkAction::Cancel, None, 1));
    }
}
