//! One person's month: what stands on it, and what can be done with it.

use leptos::{ev, prelude::*};
use shared::{api::attendance::MonthState, error::Code, id::MemberId, lang::Text};
use wasm_bindgen::JsCast;

use super::{
    super::texts,
    calendar::{Month, day_name},
    clock::hours,
    correction::{self, Correcting},
    dialogs,
    month_nav::{asked, month_nav, take_away},
    months::state_badge,
    sheet_rows,
    tabs::MONTHS,
    wire::{Correction, Sheet},
};
use crate::{
    client::{Failure, Session, browser, json, live},
    console::{back::back, visit::Visit},
    dom::{El, el},
    i18n::{fill, lang},
    kit::{
        ButtonKind, Loader, Toasts, Tone,
        controls::{Press, button},
        surfaces::{banner, show, time, title, title_of},
        use_toasts,
    },
};

/// What the page works with, handed around by copy.
#[derive(Clone, Copy)]
pub(super) struct Page {
    /// `None`: there is no such member.
    pub(super) loader: Loader<Option<Sheet>>,
    pub(super) month: Memo<Month>,
    member: StoredValue<String>,
    pub(super) toasts: Toasts,
    pub(super) submitting: RwSignal<bool>,
    pub(super) sending_back: RwSignal<bool>,
    pub(super) correcting: Correcting,
}

impl Page {
    /// `/api/attendance/months/{month}{what}?member={id}`.
    pub(super) fn path(self, what: &str) -> String {
        let month = self.month.get_untracked().text();
        self.member.with_value(|id| format!("/api/attendance/months/{month}{what}?member={id}"))
    }

    /// The sheet as an answer brought it; a page that shows another month by now keeps that.
    pub(super) fn take(self, sheet: Sheet) {
        if self.month.try_get_untracked().is_some_and(|month| month.text() == sheet.month) {
            self.loader.set(Some(sheet));
        }
    }
}

/// `/console/apps/attendance/{member}`, `?month=`.
pub(super) fn page(member: MemberId) -> Vec<El> {
    let visit = Visit::expect();
    let id = member.to_string();
    let member = StoredValue::new(id.clone());
    let month = Memo::new(move |_| asked(visit));
    let loader = Loader::new(move || {
        let path = format!("/api/attendance/months/{}?member={id}", month.get().text());
        async move { load(&path).await }
    });
    let page = Page {
        loader,
        month,
        member,
        toasts: use_toasts(),
        submitting: RwSignal::new(false),
        sending_back: RwSignal::new(false),
        correcting: Correcting::new(),
    };
    // Punches come from elsewhere: whoever comes back to the page sees those of now.
    let returned = window_event_listener(ev::focus, move |_| loader.reload());
    on_cleanup(move || returned.remove());
    live::listen(move |heard| {
        if *heard == live::Heard::Back {
            loader.reload();
        }
    });
    let go = move |month: Month| {
        visit.change(&member.with_value(|id| format!("{MONTHS}/{id}?month={}", month.text())));
    };
    let link = move || Some(format!("{MONTHS}?month={}", month.get().text()));
    vec![
        back(MONTHS, texts::TAB_MONTHS).attr_when("href", link),
        show(el("div", ""), loader, move |found| {
            if found.with_untracked(Option::is_none) {
                return vec![title_of(texts::GONE)];
            }
            // The same sheet again is no reason to draw: whoever is among its buttons stays there.
            vec![whole(page, Memo::new(move |_| found.get()), go)]
        }),
        dialogs::submit(page),
        dialogs::send_back(page),
        correction::dialog(page),
    ]
}

async fn load(path: &str) -> Result<Option<Sheet>, Failure> {
    match json::get(path).await {
        Err(failure) if failure.code() == Some(Code::NotFound) => Ok(None),
        answer => answer.map(Some),
    }
}

fn whole(page: Page, sheet: Memo<Option<Sheet>>, go: impl Fn(Month) + Clone + 'static) -> El {
    let of =
        move |read: fn(&Sheet) -> String| sheet.with(|sheet| sheet.as_ref().map(read).unwrap_or_default());
    let beside = move || {
        of(|sheet| {
            let parts = [sheet.company_name.as_deref().unwrap_or_default(), &sheet.employee_number];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        })
    };
    let csv = move || page.path("/csv");
    let below = move || {
        let Some(sheet) = sheet.get() else { return Vec::new() };
        untrack(|| {
            let mut parts = vec![standing(&sheet), sums(&sheet), sheet_rows::table(page, &sheet)];
            parts.extend(history(&sheet.corrections));
            parts
        })
    };
    el("div", "grid gap-4")
        .test("sheet")
        .child(
            el("div", "")
                .child(title(move || of(|sheet| sheet.name.clone())))
                .child(el("p", "text-[13px] text-ink-soft").text_when(beside)),
        )
        .child(
            el("div", "flex flex-wrap items-center justify-between gap-x-4 gap-y-2")
                .child(month_nav(page.month, go))
                .child(
                    el("div", "flex flex-wrap items-center gap-2")
                        .child(take_away(csv, page.month, page.toasts))
                        .child(el("div", "contents").dynamic(move || {
                            let state = sheet.with(|sheet| sheet.as_ref().map(|sheet| sheet.state));
                            untrack(|| state.map(|state| acts(page, state)).unwrap_or_default())
                        })),
                ),
        )
        .dynamic(below)
}

/// The one thing to do next: submit, or send back.
fn acts(page: Page, state: MonthState) -> Vec<El> {
    let act = |kind, label: Text, test: &str, open: RwSignal<bool>| {
        let press = Press { kind, test: test.into(), ..Press::new(label) };
        vec![button(press, Some(Box::new(move || open.set(true))))]
    };
    if state != MonthState::Submitted {
        return act(ButtonKind::Primary, texts::SUBMIT, "submit", page.submitting);
    }
    let session = Session::expect();
    // Who submitted their own month asks whoever stands above, unless nobody does.
    let may = session.0.with_untracked(|me| {
        me.as_ref()
            .is_some_and(|me| me.role.is_admin() || page.member.with_value(|member| me.id.as_str() != member))
    });
    if may {
        act(ButtonKind::Secondary, texts::SEND_BACK, "send-back", page.sending_back)
    } else {
        Vec::new()
    }
}

/// Where the month stands, since when and by whom; why it was sent back.
fn standing(sheet: &Sheet) -> El {
    let changed = sheet.changed.as_ref();
    let by = changed.map(|change| {
        el("span", "flex flex-wrap items-baseline gap-x-2 text-[13px] text-ink-soft")
            .child(time(change.at))
            .child(el("span", "").text(&change.by))
    });
    let reason = changed.map(|change| change.reason.clone()).filter(|reason| !reason.is_empty());
    let reason = reason
        .filter(|_| sheet.state == MonthState::SentBack)
        .map(|reason| banner(Tone::Warn, "sent-back-reason", move || fill(texts::REASON_WAS, &[&reason])));
    el("div", "grid gap-2 [&_.banner]:mb-0")
        .child(
            el("p", "flex flex-wrap items-center gap-x-3 gap-y-1").child(state_badge(sheet.state)).maybe(by),
        )
        .maybe(reason)
}

fn sums(sheet: &Sheet) -> El {
    let one = |label: Text, test: &str, value: String, look: &str| {
        el("div", "min-w-20")
            .child(el("dt", "text-[13px] text-ink-soft").say(label))
            .child(el("dd", &format!("num m-0 text-[22px] leading-tight {look}")).test(test).text(&value))
    };
    let missing = sheet.missing_clock_outs;
    el("dl", "card m-0 flex flex-wrap gap-x-10 gap-y-3 max-md:gap-x-6")
        .child(one(texts::COLUMN_DAYS, "sum-days", sheet.worked_days.to_string(), ""))
        .child(one(texts::COLUMN_WORKED, "sum-worked", hours(sheet.worked_minutes), ""))
        .child(one(texts::COLUMN_BREAKS, "sum-breaks", hours(sheet.break_minutes), ""))
        .maybe((missing > 0).then(|| one(texts::MISSING, "sum-missing", missing.to_string(), "text-shu")))
}

/// What was corrected, the newest first.
fn history(corrections: &[Correction]) -> Option<El> {
    let line =
        |one: &Correction| {
            let (day, before, after) = (one.day.clone(), one.before.clone(), one.after.clone());
            el("li", "grid gap-0.5 px-4.5 py-2.5")
                .test("correction")
                .child(
                    el("p", "flex flex-wrap items-baseline gap-x-3")
                        .child(el("span", "font-medium").text_when(move || day_name(&day, lang())))
                        .child(el("span", "text-[13px] text-ink-soft").child(time(one.at)))
                        .child(el("span", "text-[13px] text-ink-soft").text(&one.by)),
                )
                .child(el("p", "text-[14px] break-words").child(el("bdi", "").text(&one.reason)))
                .child(el("p", "num text-[13px] text-ink-soft").text_when(move || {
                    format!("{} → {}", correction::told(&before), correction::told(&after))
                }))
        };
    (!corrections.is_empty()).then(|| {
        el("section", "grid gap-2")
            .attr("aria-labelledby", "corrections")
            .child(el("h2", "section-title").attr("id", "corrections").say(texts::CORRECTIONS))
            .child(
                el("ul", "card m-0 list-none divide-y divide-line overflow-hidden p-0")
                    .test("corrections")
                    .children(corrections.iter().rev().map(line).collect()),
            )
    })
}

/// Moves the focus once the sheet is drawn anew: what had it is no more.
pub(super) fn focus_on(selector: String) {
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(element.focus());
        }
    });
}

/// For sentences about this month.
pub(super) fn month_words(page: Page) -> String {
    page.month.get().name(lang())
}

/// The number of shifts without an end, in words, if there are any.
pub(super) fn missing_words(page: Page) -> Option<String> {
    let missing = page.loader.peek(|sheet| sheet.as_ref().map_or(0, |sheet| sheet.missing_clock_outs))?;
    (missing > 0).then(|| fill(texts::MISSING_DAYS, &[&missing.to_string()]))
}

/// Today, as days are written.
pub(super) fn today() -> String {
    super::calendar::day_of(browser::now())
}
