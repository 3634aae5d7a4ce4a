//! The place for the file.

use leptos::prelude::*;
use shared::{api::member_imports::MAX_FILE_BYTES, lang::Text, members_csv::Column};
use wasm_bindgen::JsCast;

use super::{
    Page, Step,
    sheet::{Sheet, Unfit},
};
use crate::{
    client::{browser, spawn},
    console::members::{
        encoding::{bytes_of, decoded},
        texts::import as texts,
    },
    dom::{El, el},
    i18n::{fill, lang_now, say},
    kit::{
        Icon, Tone,
        surfaces::{banner, icon},
    },
};

/// Why a file was not taken.
#[derive(Clone, Copy)]
enum Problem {
    Words(Text),
    Unclosed(u32),
}

pub(super) fn choose(page: Page) -> El {
    let (over, busy) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<Problem>);
    let read = move |file: Option<web_sys::File>| {
        let Some(file) = file else { return };
        #[expect(clippy::cast_precision_loss, reason = "5 MiB is exact in a double")]
        if file.size() > MAX_FILE_BYTES as f64 {
            return problem.set(Some(Problem::Words(texts::TOO_LARGE)));
        }
        problem.set(None);
        busy.set(true);
        spawn(async move {
            let text = bytes_of(&file).await.as_deref().and_then(decoded);
            let sheet = match text {
                None => Err(Problem::Words(texts::NO_TEXT)),
                Some(text) => Sheet::read(&file.name(), &text).map_err(|unfit| match unfit {
                    Unfit::Empty => Problem::Words(texts::EMPTY),
                    Unfit::TooManyRows => Problem::Words(texts::TOO_MANY_ROWS),
                    Unfit::TooManyColumns => Problem::Words(texts::TOO_MANY_COLUMNS),
                    Unfit::Unclosed(line) => Problem::Unclosed(line),
                }),
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match sheet {
                Ok(sheet) => {
                    page.sheet.set(Some(sheet));
                    page.step.set(Step::Columns);
                }
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    let chosen = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        read(input.files().and_then(|files| files.get(0)));
        // So that choosing the same file again is a change again.
        input.set_value("");
    };
    let dropped = move |event: web_sys::Event| {
        event.prevent_default();
        over.set(false);
        let dragged = event.dyn_ref::<web_sys::DragEvent>().and_then(web_sys::DragEvent::data_transfer);
        read(dragged.and_then(|data| data.files()).and_then(|files| files.get(0)));
    };
    let words = move || {
        if busy.get() {
            return vec![el("span", "").say(texts::READING)];
        }
        vec![el("span", "drop-link").say(texts::CHOOSE), el("span", "drop-or").say(texts::DROP)]
    };
    let drop = el("label", "drop min-h-28")
        .class_when("drop-over", move || over.get())
        .child(
            el("input", "drop-input")
                .attr("type", "file")
                .attr("accept", ".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values")
                .attr_when("aria-label", || Some(say(texts::FILE).to_owned()))
                .test("field-file")
                .on("change", chosen),
        )
        .child(icon(Icon::File))
        .child(el("span", "drop-words").attr("aria-live", "polite").dynamic(words))
        .on("dragover", move |event| {
            event.prevent_default();
            over.set(true);
        })
        .on("dragleave", move |_| over.set(false))
        .on("drop", dropped);
    let why = move || match problem.get()? {
        Problem::Words(words) => Some(say(words).to_owned()),
        Problem::Unclosed(line) => Some(fill(texts::UNCLOSED, &[&line.to_string()])),
    };
    let why = Signal::derive(why);
    let rules = [texts::RULES_1, texts::RULES_2, texts::RULES_3].map(|rule| el("li", "").say(rule));
    el("section", "card grid gap-4")
        .child(drop)
        .child(el("div", "[&_.banner]:mb-0").dynamic(move || {
            why.get()
                .map(|words| banner(Tone::Bad, "file-problem", move || words.clone()))
                .into_iter()
                .collect()
        }))
        .child(el("ul", "m-0 grid list-disc gap-1 pl-5 text-[13px] text-ink-soft").children(rules.into()))
        .child(
            el("button", "btn btn-quiet justify-self-start")
                .attr("type", "button")
                .test("sample")
                .child(icon(Icon::File))
                .child(el("span", "").say(texts::SAMPLE))
                .on_press(sample),
        )
}

/// The headings and one person.
fn sample() {
    let lang = lang_now();
    let mut text = String::from('\u{feff}');
    shared::members_csv::push_head(&mut text, lang);
    let cells = Column::ALL.iter().map(|column| match column {
        Column::Name => "山田 太郎",
        Column::Reading => "やまだ たろう",
        Column::LoginEmail => "yamada@example.jp",
        Column::Department => "営業部",
        Column::Title => "課長",
        Column::EmployeeNumber => "1001",
        Column::Usable => "はい",
        Column::Role => "メンバー",
        Column::Language => "ja",
        Column::NotificationEmail | Column::Company | Column::LineworksId | Column::SlackId => "",
    });
    shared::csv::push_line(&mut text, &cells.collect::<Vec<_>>());
    browser::save_bytes(texts::SAMPLE_NAME.get(lang), "text/csv", text.as_bytes());
}
