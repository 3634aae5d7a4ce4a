//! The dialog that corrects a day, with a reason.

use leptos::prelude::*;
use shared::{api::attendance::TimedPunch, attendance::PunchKind, error::Code};

use super::{
    super::texts,
    calendar::day_name,
    correction_model::{Draft, MOST, Wrong, punches},
    sheet::{Page, focus_on},
    wire::{Sheet, SheetDay},
};
use crate::{
    client::{Failure, browser::value_of, json, spawn},
    console::{head::refused, late::still_here, texts::frame},
    dom::{El, el},
    i18n::{fill, lang, lang_now, say},
    kit::{
        Binding, ButtonKind, Icon,
        controls::{Line as Field, Press, button, error_of, form as form_element, text_field},
        dialog::dialog as dialog_of,
        field::{described, focus_first_wrong, next_id},
        surfaces::icon,
    },
};

/// Which day is corrected.
#[derive(Clone, Copy)]
pub(super) struct Correcting {
    open: RwSignal<bool>,
    draft: RwSignal<Draft>,
}

impl Correcting {
    pub(super) fn new() -> Self {
        Self { open: RwSignal::new(false), draft: RwSignal::new(Draft::default()) }
    }

    pub(super) fn open(self, page: Page, day: &SheetDay) {
        let version = page.loader.peek(|sheet| sheet.as_ref().map(|sheet| sheet.version.clone())).flatten();
        self.draft.set(Draft::new(&day.date, &day.shifts, &version.unwrap_or_default()));
        self.open.set(true);
    }
}

/// 「出勤 09:00 / 退勤 18:00」; tracked.
pub(super) fn told(punches: &[TimedPunch]) -> String {
    if punches.is_empty() {
        return say(texts::NO_PUNCHES).to_owned();
    }
    let one = |punch: &TimedPunch| format!("{} {}", say(punch.kind.name()), punch.time);
    punches.iter().map(one).collect::<Vec<_>>().join(" / ")
}

pub(super) fn dialog(page: Page) -> El {
    let Correcting { open, draft } = page.correcting;
    let title = move || fill(texts::CORRECT_TITLE, &[&draft.with(|draft| day_name(&draft.day, lang()))]);
    dialog_of(open, title, "correction-dialog", move || vec![content(page)])
}

fn content(page: Page) -> El {
    let Correcting { open, draft } = page.correcting;
    let busy = RwSignal::new(false);
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let Some(body) = draft.try_update(Draft::submit).flatten() else {
            focus_first_wrong();
            return;
        };
        busy.set(true);
        let (path, whole) = (page.path("/corrections"), page.path(""));
        spawn(async move {
            let answer = json::send::<Sheet>("POST", &path, body).await;
            // If somebody punched meanwhile, what stands now is shown, and the next save is over that.
            let changed = answer.as_ref().err().and_then(Failure::code) == Some(Code::ChangedMeanwhile);
            let now = if changed { json::get::<Sheet>(&whole).await.ok() } else { None };
            // The draft may be another day's by now.
            let here = still_here(busy);
            match answer {
                Ok(sheet) => {
                    page.take(sheet);
                    page.toasts.say(texts::CORRECT_DONE);
                    if here {
                        open.set(false);
                        let day = draft.with_untracked(|draft| draft.day.clone());
                        focus_on(format!("[data-date=\"{day}\"] [data-testid=correct]"));
                    }
                }
                Err(failure) if here => failed(page, &failure, now),
                Err(failure) => page.toasts.failed(&failure),
            }
        });
    };
    let keys = move || draft.with(|draft| draft.lines.iter().map(|line| line.key.to_string()).collect());
    let add = Press {
        kind: ButtonKind::Quiet,
        icon: Some(Icon::Plus),
        test: "add-punch".into(),
        disabled: Some(Signal::derive(move || draft.with(|draft| draft.lines.len() >= MOST))),
        ..Press::new(texts::ADD_PUNCH)
    };
    let reason = Binding {
        name: "reason",
        value: Signal::derive(move || draft.with(|draft| draft.reason.clone())),
        on_input: Callback::new(move |text| {
            draft.update(|draft| {
                draft.reason = text;
                draft.reason_wrong = None;
            });
        }),
        on_leave: Callback::new(|()| {}),
        error: Signal::derive(move || draft.with(|draft| sentence(draft.reason_wrong.as_ref()))),
    };
    let save = Press {
        busy: busy.into(),
        doing: texts::SAVING,
        test: "save-correction".into(),
        ..Press::primary(texts::SAVE)
    };
    let general = Signal::derive(move || draft.with(|draft| sentence(draft.general.as_ref())));
    form_element(send)
        .test("correction-form")
        .child(el("p", "text-[13px] text-ink-soft").say(texts::CORRECT_LEAD))
        .child(
            el("ul", "m-0 grid list-none gap-2 p-0").test("punches").list(keys, move |key| line(draft, key)),
        )
        .child(el("div", "").child(button(add, Some(Box::new(move || draft.update(Draft::add))))))
        .child(text_field(reason, Field { hint: Some(texts::REASON_HINT), ..Field::new(texts::REASON) }))
        .child(refused(general))
        .child(
            el("div", "form-actions justify-end")
                .child(button(Press::new(frame::CANCEL), Some(Box::new(move || open.set(false)))))
                .child(button(save, None)),
        )
}

/// One punch: its kind, its time, and the way out.
fn line(draft: RwSignal<Draft>, key: &str) -> El {
    let key: u32 = key.parse().unwrap_or_default();
    let id = next_id("time");
    let read = move |read: fn(&super::correction_model::Line) -> String| {
        draft.with(|draft| draft.lines.iter().find(|line| line.key == key).map(read).unwrap_or_default())
    };
    let kind = move || read(|line| line.kind.code().to_owned());
    let error = Signal::derive(move || {
        draft.with(|draft| {
            sentence(draft.lines.iter().find(|line| line.key == key).and_then(|line| line.wrong.as_ref()))
        })
    });
    let choices = move || {
        let chosen = untrack(kind);
        let option = |kind: PunchKind| {
            let option = el("option", "").attr("value", kind.code()).say(kind.name());
            if kind.code() == chosen { option.attr("selected", "") } else { option }
        };
        PunchKind::ALL.into_iter().map(option).collect()
    };
    let choose = move |code: String| {
        let found = PunchKind::ALL.into_iter().find(|kind| kind.code() == code);
        draft.update(|draft| {
            if let (Some(line), Some(kind)) = (draft.line(key), found) {
                line.kind = kind;
                line.wrong = None;
            }
        });
    };
    let typed = move |text: String| {
        draft.update(|draft| {
            if let Some(line) = draft.line(key) {
                line.time = text;
                line.wrong = None;
            }
        });
    };
    let field = el("input", "input num w-28")
        .attr("id", &id)
        .attr("type", "text")
        .attr("inputmode", "numeric")
        .attr("autocomplete", "off")
        .attr("required", "")
        .test("punch-time")
        .attr_when("aria-label", || Some(say(texts::PUNCH_TIME).to_owned()))
        .attr_when("aria-invalid", move || error.get().is_some().then(|| "true".to_owned()))
        .attr_when("aria-describedby", described(&id, false, error))
        .value_when(move || read(|line| line.time.clone()))
        .on("input", move |event| typed(value_of(&event)));
    // A fresh line is there to be filled.
    let field =
        if untrack(|| read(|line| line.time.clone())).is_empty() { field.focus_soon() } else { field };
    let remove = el("button", "icon-btn")
        .attr("type", "button")
        .attr_when("aria-label", move || {
            Some(fill(
                texts::REMOVE_PUNCH,
                &[&format!("{} {}", word_of(&kind()), read(|line| line.time.clone()))],
            ))
        })
        .test("remove-punch")
        .child(icon(Icon::Cross))
        .on_press(move || draft.update(|draft| draft.remove(key)));
    el("li", "field")
        .test("punch")
        .class_when("field-wrong", move || error.get().is_some())
        .child(
            el("div", "flex items-center gap-2")
                .child(
                    el("select", "input w-auto min-w-32")
                        .test("punch-kind")
                        .attr_when("aria-label", || Some(say(texts::PUNCH_KIND).to_owned()))
                        .dynamic(choices)
                        .on("change", move |event| choose(value_of(&event))),
                )
                .child(field)
                .child(remove),
        )
        .child(error_of(&id, error))
}

/// What a kind's code is called; tracked.
fn word_of(code: &str) -> &'static str {
    PunchKind::ALL.into_iter().find(|kind| kind.code() == code).map_or("", |kind| say(kind.name()))
}

fn sentence(wrong: Option<&Wrong>) -> Option<String> {
    wrong.map(|wrong| match wrong {
        Wrong::Own(error) => error.message(lang()),
        Wrong::Told(message) => message.clone(),
    })
}

/// What was typed stays; `now` is what somebody else made of the month meanwhile.
fn failed(page: Page, failure: &Failure, now: Option<Sheet>) {
    let draft = page.correcting.draft;
    if let Some(sheet) = now {
        draft.update(|draft| {
            let now = sheet.days.iter().find(|day| day.date == draft.day);
            let now = now.map(|day| punches(&day.shifts)).unwrap_or_default();
            draft.general = Some(Wrong::Told(untrack(|| fill(texts::CHANGED, &[&told(&now)]))));
            draft.version.clone_from(&sheet.version);
        });
        page.take(sheet);
        return;
    }
    draft.update(|draft| match failure {
        Failure::Refused(body) => draft.refused(body),
        other => draft.general = Some(Wrong::Told(other.message(lang_now()))),
    });
    focus_first_wrong();
}
