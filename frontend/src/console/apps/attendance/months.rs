//! A month of everybody the reader runs.

use leptos::prelude::*;
use shared::api::attendance::{MonthPeople, MonthPerson, MonthState};

use super::{
    super::texts,
    calendar::Month,
    clock::hours,
    month_nav::{asked, month_nav, take_away},
    tabs::{MONTHS, head},
};
use crate::{
    client::{browser, json},
    console::{
        listing,
        part::{Draw, part},
        pick::{Pick, company_pick},
        rules::filters::address,
        search::Search,
        visit::Visit,
    },
    dom::{El, el},
    i18n::{fill, lang},
    kit::{
        Icon, Loader, Tone,
        surfaces::{badge, show},
        use_toasts,
    },
};

const START: listing::Start = listing::Start {
    title: texts::NOBODY,
    text: texts::NOBODY_NEXT,
    action: texts::TO_MEMBERS,
    href: "/console/members",
    icon: Icon::People,
    testid: "to-members",
    filtered: texts::NOTHING_NEXT,
};

/// Whose months are listed; it lives in the address.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    month: Month,
    q: String,
    company: String,
    state: String,
}

impl Asked {
    /// Tracked.
    fn read(visit: Visit) -> Self {
        let text = |name| visit.asked(name).unwrap_or_default();
        Self { month: asked(visit), q: text("q"), company: text("company"), state: text("state") }
    }

    fn page(&self) -> String {
        let month = self.month.text();
        let pairs = [
            ("month", month.as_str()),
            ("q", self.q.trim()),
            ("company", &self.company),
            ("state", &self.state),
        ];
        address(MONTHS, &pairs)
    }

    fn people(&self, cursor: &str) -> String {
        let path = format!("/api/attendance/months/{}/people", self.month.text());
        let pairs =
            [("q", self.q.trim()), ("company", &self.company), ("state", &self.state), ("cursor", cursor)];
        address(&path, &pairs)
    }

    fn csv(&self) -> String {
        address(&format!("/api/attendance/months/{}/csv", self.month.text()), &[("company", &self.company)])
    }

    fn is_narrowed(&self) -> bool {
        !(self.q.trim().is_empty() && self.company.is_empty() && self.state.is_empty())
    }
}

/// `/console/apps/attendance`, `?month=`, `?q=`, `?company=`, `?state=`.
pub(super) fn page() -> impl IntoView {
    let visit = Visit::expect();
    let toasts = use_toasts();
    let asked = Memo::new(move |_| Asked::read(visit));
    let month = Memo::new(move |_| asked.with(|asked| asked.month));
    let loader = Loader::new(move || {
        let path = asked.with(|asked| asked.people(""));
        async move { json::get::<MonthPeople>(&path).await }
    });
    let with = move |change: &dyn Fn(&mut Asked)| {
        let mut asked = asked.get_untracked();
        change(&mut asked);
        visit.change(&asked.page());
    };
    let none = Memo::new(move |_| loader.read(|page| page.items.is_empty()).unwrap_or_default());
    let unfiltered = Memo::new(move |_| asked.with(|asked| !asked.is_narrowed()));
    let clear = Callback::new(move |()| {
        with(&|asked| {
            *asked =
                Asked { month: asked.month, q: String::new(), company: String::new(), state: String::new() };
        });
    });
    let above = el("div", "flex flex-wrap items-center justify-between gap-x-4 gap-y-2")
        .child(month_nav(month, move |month| with(&|asked| asked.month = month)))
        .child(take_away(move || asked.with_untracked(Asked::csv), month, toasts));
    view! {
        {head(MONTHS).place()}
        {above.place()}
        <Filters asked=asked />
        {show(el("div", ""), loader, move |page| vec![table(page, month)]).place()}
        {part(move || {
            if none.get() { listing::nothing(START, unfiltered, clear).drawn() } else { ().drawn() }
        })}
        {listing::more(loader, move |cursor| asked.with(|asked| asked.people(cursor)), None).place()}
    }
}

impl listing::Listed for MonthPeople {
    type Part = Self;

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn append(&mut self, part: Self) {
        self.next = part.next;
        self.items.extend(part.items);
    }
}

#[component]
fn Filters(asked: Memo<Asked>) -> impl IntoView {
    let visit = Visit::expect();
    let with = move |change: &dyn Fn(&mut Asked)| {
        let mut asked = asked.get_untracked();
        change(&mut asked);
        visit.change(&asked.page());
    };
    let states = Signal::derive(|| {
        let one = |state: MonthState| (state.code().to_owned(), state.name().get(lang()).to_owned());
        vec![(String::new(), MonthState::ALL.into_iter().map(one).collect())]
    });
    let companies = company_pick(
        Signal::derive(move || asked.with(|asked| asked.company.clone())),
        Callback::new(move |id: String| with(&|asked| asked.company.clone_from(&id))),
    );
    view! {
        <div class="my-4 flex flex-wrap gap-2 print:hidden">
            <div class="min-w-56 flex-1 max-md:basis-full">
                <Search
                    q=Signal::derive(move || asked.with(|asked| asked.q.clone()))
                    label=texts::SEARCH
                    on_search=move |q: String| with(&|asked| q.trim().clone_into(&mut asked.q))
                />
            </div>
            <Pick
                label=texts::STATE
                any=texts::ANY_STATE
                groups=states
                chosen=Signal::derive(move || asked.with(|asked| asked.state.clone()))
                on_choose=move |code: String| with(&|asked| asked.state.clone_from(&code))
                testid="filter-state"
            />
            {companies}
        </div>
    }
}

fn table(page: RwSignal<MonthPeople>, month: Memo<Month>) -> El {
    let empty = Memo::new(move |_| page.with(|page| page.items.is_empty()));
    let count = move || {
        let (total, submitted) = page.with(|page| (page.total, page.submitted));
        fill(texts::COUNT, &[&browser::number_text(total), &browser::number_text(submitted)])
    };
    let column = |text, class| el("th", class).attr("scope", "col").say(text);
    let heads = el("tr", "")
        .child(column(texts::COLUMN_NAME, ""))
        .child(column(texts::COLUMN_STATE, ""))
        .child(column(texts::COLUMN_DAYS, "[text-align:end]"))
        .child(column(texts::COLUMN_WORKED, "[text-align:end]"))
        .child(column(texts::COLUMN_BREAKS, "[text-align:end]"));
    // Rows are made anew when their numbers are: the key has all of them.
    let keys = move || page.with(|page| page.items.iter().map(key_of).collect());
    let row = move |key: &str| {
        let found = page.with_untracked(|page| page.items.iter().find(|one| key_of(one) == key).cloned());
        found.map_or_else(|| el("tr", ""), |person| line(&person, month))
    };
    el("div", "")
        .attr_when("hidden", move || empty.get().then(String::new))
        .child(
            el("p", "mb-2 text-[13px] text-ink-soft")
                .attr("aria-live", "polite")
                .test("people-count")
                .text_when(count),
        )
        .child(
            el("div", "card overflow-hidden p-0").child(
                el("table", "table")
                    .test("month-people")
                    .child(el("thead", "max-md:sr-only").child(heads))
                    .child(el("tbody", "").list(keys, row)),
            ),
        )
}

fn key_of(person: &MonthPerson) -> String {
    format!(
        "{} {} {} {} {} {}",
        person.member,
        person.state.code(),
        person.worked_days,
        person.worked_minutes,
        person.break_minutes,
        person.missing_clock_outs
    )
}

fn line(person: &MonthPerson, month: Memo<Month>) -> El {
    let id = person.member.to_string();
    let beside =
        [person.employee_number.as_str(), person.company_name.as_deref().unwrap_or_default()].into_iter();
    let beside: Vec<&str> = beside.filter(|part| !part.is_empty()).collect();
    let missing = person.missing_clock_outs;
    let marked = (missing > 0).then(|| {
        el("span", "badge")
            .attr("data-tone", Tone::Warn.name())
            .test("missing")
            .text_when(move || fill(texts::MISSING_COUNT, &[&missing.to_string()]))
    });
    // Who has nothing yet does not catch the eye.
    let worked = person.worked_days > 0;
    let number = |label, text: String| {
        let look = if worked { "" } else { "text-ink-soft" };
        el("td", &format!("num text-sm [text-align:end] max-md:text-[13px] {look}"))
            .child(el("span", "mr-1 text-ink-soft md:hidden").say(label))
            .text(&text)
    };
    el(
        "tr",
        "max-md:flex max-md:flex-wrap max-md:items-baseline max-md:gap-x-4 max-md:px-4 max-md:py-2.5 max-md:[&>td]:p-0",
    )
    .test("month-person")
    .attr("data-id", &id)
    .child(
        el("td", "max-md:basis-full")
            .child(
                el("a", "row-link font-medium text-ink no-underline")
                    .attr_when("href", move || Some(format!("{MONTHS}/{id}?month={}", month.get().text())))
                    .text(&person.name),
            )
            .child(el("span", "ml-2 text-[13px] text-ink-soft").text(&beside.join(" · "))),
    )
    .child(
        el("td", "max-md:basis-full").child(
            el("span", "flex flex-wrap items-center gap-x-3 gap-y-1")
                .child(state_badge(person.state))
                .maybe(marked),
        ),
    )
    .child(number(texts::COLUMN_DAYS, person.worked_days.to_string()))
    .child(number(texts::COLUMN_WORKED, hours(person.worked_minutes)))
    .child(number(texts::COLUMN_BREAKS, hours(person.break_minutes)))
}

/// Where a month stands, in a word.
pub(super) fn state_badge(state: MonthState) -> El {
    let tone = match state {
        MonthState::Open => Tone::Quiet,
        MonthState::Submitted => Tone::Good,
        MonthState::SentBack => Tone::Warn,
    };
    badge(tone, state.name()).test("month-state").attr("data-state", state.code())
}
