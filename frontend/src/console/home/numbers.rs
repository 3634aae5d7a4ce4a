//! The last 30 days: a drawing for those who see it, and a table for everybody.

use leptos::prelude::*;
use shared::{
    api::home::{DayCounts, Home},
    lang::Text,
};

use super::{chart, model::Sum, texts};
use crate::{
    client::{browser, times},
    console::head::card_head,
    dom::{El, el, svg, svg_part},
    i18n::{fill, lang},
    kit::surfaces::paragraph,
};

/// A day's first moment is looked at from its middle: the reader may live in another zone than the workspace.
const NOON: i64 = 12 * 60 * 60 * 1_000;

pub(super) fn days(home: RwSignal<Home>) -> El {
    let days = Memo::new(move |_| home.with(|home| home.days.clone()));
    let counting = Memo::new(move |_| home.with(|home| home.counting));
    el("section", "card grid gap-4")
        .attr("aria-labelledby", "days-title")
        .test("days")
        .dynamic(move || {
            let all = days.with(|days| days.iter().map(sum).fold(Sum::default(), Sum::plus));
            vec![
                el("div", "flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2")
                    .child(card_head("days-title", texts::DAYS, None))
                    .child(legend(all)),
            ]
        })
        .dynamic(move || {
            counting
                .get()
                .then(|| paragraph("m-0 text-[13px] text-ink-soft", texts::COUNTING).attr("role", "status"))
                .into_iter()
                .collect()
        })
        .dynamic(move || days.with(|days| vec![drawing(days)]))
        .child(
            el("details", "why")
                .test("days-table")
                .child(el("summary", "").say(texts::AS_TABLE))
                .dynamic(move || days.with(|days| vec![table(days)])),
        )
}

fn sum(day: &DayCounts) -> Sum {
    Sum::of(day, |_| true)
}

fn legend(all: Sum) -> El {
    let entry = |class: &str, text: Text, count: u64| {
        el("li", "flex items-center gap-2")
            .child(el("span", "chart-key").class(class).attr("aria-hidden", "true"))
            .child(el("span", "").say(text))
            .child(el("strong", "num font-semibold text-ink").text(&browser::number_text(count)))
    };
    el("ul", "m-0 flex list-none flex-wrap gap-x-5 gap-y-1 p-0 text-[13px] text-ink-soft").children(vec![
        entry("bar-sent", texts::SENT, all.sent),
        entry("bar-waiting", texts::WAITING, all.waiting),
        entry("bar-failed", texts::FAILED_WORD, all.failed),
    ])
}

fn drawing(days: &[DayCounts]) -> El {
    let sums: Vec<Sum> = days.iter().map(sum).collect();
    let dates: Vec<String> = days.iter().map(|day| times::date_text(day.from + NOON, lang())).collect();
    let titles: Vec<String> = sums
        .iter()
        .zip(&dates)
        .map(|(sum, date)| {
            let number = browser::number_text;
            fill(texts::BAR, &[date, &number(sum.sent), &number(sum.waiting), &number(sum.failed)])
        })
        .collect();
    let top = chart::top(sums.iter().map(|sum| sum.all()).max().unwrap_or(0));
    let wide = chart::width(days.len());
    let rect = |class: &str, day: usize, piece: Option<chart::Piece>| {
        chart::place(day, piece)
            .into_iter()
            .fold(svg_part("rect").attr("class", class), |rect, (name, value)| {
                rect.attr(name, &value.to_string())
            })
    };
    let bars = sums.iter().zip(&titles).enumerate().map(|(day, (sum, title))| {
        let pieces = chart::pieces(*sum, top);
        svg_part("g")
            .attr("class", "chart-day")
            .child(svg_part("title").text(title))
            .child(rect("chart-hit", day, None))
            .children(pieces.into_iter().map(|piece| rect(piece.class, day, Some(piece))).collect())
    });
    let bars = svg("chart-bars", &format!("0 0 {wide} 100"))
        .attr("preserveAspectRatio", "none")
        .child(svg_part("path").attr("class", "chart-line").attr("d", &chart::lines(wide)))
        .children(bars.collect());
    let scale = [top, top / 2, 0].map(|number| el("span", "num").text(&browser::number_text(number)));
    // Half of 1 is nothing.
    let scale = if top < 2 { scale.into_iter().step_by(2).collect() } else { scale.into_iter().collect() };
    let marks = [0, days.len() / 2, days.len().saturating_sub(1)]
        .into_iter()
        .filter_map(|at| dates.get(at))
        .map(|date| el("span", "").text(date))
        .collect();
    el("div", "chart")
        .attr("aria-hidden", "true")
        .child(el("div", "chart-scale").children(scale))
        .child(bars)
        .child(el("div", "chart-dates").children(marks))
}

fn table(days: &[DayCounts]) -> El {
    let head = [texts::DAY, texts::SENT, texts::WAITING, texts::FAILED_WORD]
        .map(|text| el("th", "").attr("scope", "col").say(text));
    // The newest first, as in every list.
    let rows = days.iter().rev().map(|day| {
        let sum = sum(day);
        let cell = |count| el("td", "num").text(&browser::number_text(count));
        el("tr", "")
            .child(el("th", "").attr("scope", "row").text(&times::date_text(day.from + NOON, lang())))
            .children(vec![cell(sum.sent), cell(sum.waiting), cell(sum.failed)])
    });
    el("table", "home-table")
        .child(el("thead", "").child(el("tr", "").children(head.into_iter().collect())))
        .child(el("tbody", "").children(rows.collect()))
}
