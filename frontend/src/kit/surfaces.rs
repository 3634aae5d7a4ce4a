//! Marks, badges, times, and the four views of a load. The looks are the kit's classes.

use leptos::prelude::*;
use shared::{channel::Channel, delivery::State, lang::Text};

use super::{
    Icon, Loader, Tone,
    controls::{Press, button},
    load::{Course, Stage},
    shell, texts,
};
use crate::{
    client::{Failure, browser, times},
    dom::{El, drawn, el},
    i18n::{lang, say},
};

pub(crate) fn icon(icon: Icon) -> El {
    drawn("icon", "0 0 20 20", icon.path())
}

pub(crate) fn mark(channel: Channel) -> El {
    el("span", "mark").attr("data-channel", channel.code()).attr("aria-hidden", "true")
}

pub(crate) fn badge(tone: Tone, text: Text) -> El {
    el("span", "badge").attr("data-tone", tone.name()).say(text)
}

pub(crate) fn state_badge(state: State) -> El {
    badge(Tone::of_state(state), state.name()).attr("data-state", state.code())
}

/// A time in the reader's zone; the whole date on hovering.
pub(crate) fn time(at: i64) -> El {
    el("time", "time")
        .attr("datetime", &browser::iso(at))
        .attr_when("title", move || Some(times::full_time_text(at, lang())))
        .text_when(move || times::time_text(at, lang()))
}

/// Words across the column. A bad one is announced at once.
pub(crate) fn banner(tone: Tone, test: &str, words: impl Fn() -> String + 'static) -> El {
    el("div", "banner")
        .attr("data-tone", tone.name())
        .attr("role", if tone == Tone::Bad { "alert" } else { "status" })
        .test(test)
        .child(icon(if tone == Tone::Good { Icon::Check } else { Icon::Warning }))
        .child(el("div", "").text_when(words))
}

pub(crate) fn empty(test: &str, title: Text, text: Text) -> El {
    el("div", "empty")
        .test(test)
        .child(el("p", "empty-title").say(title))
        .child(el("p", "empty-text").say(text))
}

/// A paragraph in the language of the page.
pub(crate) fn paragraph(class: &str, text: Text) -> El {
    el("p", class).say(text)
}

/// Draws a loader: `ready` is called once per arrival and gets a signal that later loads and changes update.
pub(crate) fn show<T: Send + Sync + 'static>(
    within: El,
    loader: Loader<T>,
    ready: impl Fn(RwSignal<T>) -> Vec<El> + 'static,
) -> El {
    let ready = move || loader.data().map_or_else(Vec::new, |data| ready(data.into()));
    show_course(within, loader.course(), Box::new(ready))
}

/// [`show`] without its type: in each bundle once.
fn show_course(within: El, course: Course, ready: Box<dyn Fn() -> Vec<El>>) -> El {
    within.dynamic(move || match course.stage.get() {
        Stage::Loading => vec![loading(4)],
        Stage::Failed(failure) => vec![failed(failure, move || course.reload())],
        Stage::Ready => untrack(&ready),
    })
}

pub(crate) fn loading(lines: usize) -> El {
    let line = |_| el("div", "loading-line").attr("aria-hidden", "true");
    el("div", "loading")
        .attr("role", "status")
        .test("loading")
        .child(el("span", "sr-only").say(texts::LOADING))
        .children((0..lines).map(line).collect())
}

pub(crate) fn failed(failure: Failure, retry: impl Fn() + 'static) -> El {
    el("div", "failed")
        .attr("role", "alert")
        .test("failed")
        .child(el("p", "failed-title").say(texts::LOAD_FAILED))
        .child(el("p", "failed-text").text_when(move || failure.message(lang())))
        .child(button(Press { test: "retry".into(), ..Press::new(texts::RETRY) }, Some(Box::new(retry))))
}

/// The page's title: names the window, and takes the focus except on the first page.
pub(crate) fn title(words: impl Fn() -> String + Clone + 'static) -> El {
    let own = words.clone();
    crate::dom::follow(Box::new(move || browser::set_title(&format!("{} · Todoke", own()))));
    let heading = el("h1", "page-title").attr("tabindex", "-1").test("page-title").text_when(words);
    if shell::is_first_page() { heading } else { heading.focus_soon() }
}

pub(crate) fn title_of(text: Text) -> El {
    title(move || say(text).to_owned())
}
