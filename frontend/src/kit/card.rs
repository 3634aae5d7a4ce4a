//! Quiet surfaces and small marks: cards, banners, badges, chips, empty pages.

use std::rc::Rc;

use leptos::{children::ViewFnOnce, prelude::*};
use shared::{
    channel::{AddressState, Channel},
    delivery::State,
    lang::Text,
};

use super::{icon::Icon, surfaces, texts};
use crate::{
    client::browser,
    dom::{El, el},
    i18n::{say, t},
};

/// What a colour means; never the only sign, words stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Quiet,
    Good,
    /// Under way.
    Active,
    /// Wants looking at.
    Warn,
    /// Failed or critical: the vermilion.
    Bad,
}

impl Tone {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Good => "good",
            Self::Active => "active",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    #[must_use]
    pub const fn of_state(state: State) -> Self {
        match state {
            State::Waiting | State::Sending => Self::Active,
            State::Sent => Self::Good,
            State::Failed => Self::Bad,
            State::Uncertain => Self::Warn,
            State::Skipped | State::Cancelled => Self::Quiet,
        }
    }

    #[must_use]
    pub const fn of_address(state: AddressState) -> Self {
        match state {
            AddressState::Linked => Self::Good,
            AddressState::Unverified => Self::Quiet,
            AddressState::Blocked => Self::Warn,
            AddressState::Broken => Self::Bad,
        }
    }
}

#[component]
pub fn Card(
    #[prop(optional, into)] class: String,
    #[prop(optional, into)] testid: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("card {class}") data-testid=testid>
            {children()}
        </section>
    }
}

/// A dot and a word.
#[component]
pub fn Badge(
    #[prop(into)] tone: Signal<Tone>,
    #[prop(into)] text: Signal<Text>,
    #[prop(optional, into)] testid: String,
) -> impl IntoView {
    el("span", "badge")
        .attr_when("data-tone", move || Some(tone.get().name().to_owned()))
        .test(&testid)
        .text_when(move || say(text.get()).to_owned())
        .place()
}

/// The state of a delivery.
#[component]
pub fn StateBadge(#[prop(into)] state: Signal<State>) -> impl IntoView {
    el("span", "badge")
        .attr_when("data-tone", move || Some(Tone::of_state(state.get()).name().to_owned()))
        .attr_when("data-state", move || Some(state.get().code().to_owned()))
        .text_when(move || say(state.get().name()).to_owned())
        .place()
}

/// The small colour mark beside a provider's name.
#[component]
pub fn Mark(channel: Channel) -> impl IntoView {
    surfaces::mark(channel).place()
}

/// Words across the page's column. A bad one is announced at once.
#[component]
pub fn Banner(tone: Tone, children: Children, #[prop(optional)] testid: &'static str) -> impl IntoView {
    view! {
        <div class="banner" data-tone=tone.name() role=if tone == Tone::Bad { "alert" } else { "status" } data-testid=testid>
            {if matches!(tone, Tone::Bad | Tone::Warn) { Some(Icon::Warning.view()) } else { None }}
            <div>{children()}</div>
        </div>
    }
}

/// What would be here, and the one button that starts it.
#[component]
pub fn Empty(
    title: Text,
    text: Text,
    #[prop(optional, into)] action: Option<ViewFnOnce>,
    #[prop(default = "empty")] testid: &'static str,
) -> impl IntoView {
    view! {
        <div class="empty" data-testid=testid>
            <p class="empty-title">{t(title)}</p>
            <p class="empty-text">{t(text)}</p>
            {action.map(|action| action.run())}
        </div>
    }
}

/// A time in the reader's zone; the whole date on hovering.
#[component]
pub fn Time(at: i64) -> impl IntoView {
    surfaces::time(at).place()
}

/// How far long work has come.
#[component]
pub fn Progress(
    #[prop(into)] done: Signal<u64>,
    #[prop(into)] of: Signal<u64>,
    label: Text,
) -> impl IntoView {
    progress(done, of, label).place()
}

pub(crate) fn progress(done: Signal<u64>, of: Signal<u64>, label: Text) -> El {
    let numbers =
        move || format!("{} / {}", browser::number_text(done.get()), browser::number_text(of.get()));
    el("div", "progress")
        .child(
            el("progress", "")
                .attr_when("max", move || Some(of.get().to_string()))
                .attr_when("value", move || Some(done.get().to_string()))
                .attr_when("aria-label", move || Some(say(label).to_owned())),
        )
        .child(el("span", "num").text_when(numbers))
}

/// Filter chips, one chosen at a time. `options` are value and words; the empty value stands for everything.
#[component]
pub fn Chips(
    label: Text,
    name: &'static str,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let choose = move |value| {
        let _gone = on_choose.try_run(value);
    };
    chips(label, name, options, chosen, choose).place()
}

pub(crate) fn chips(
    label: Text,
    name: &'static str,
    options: Signal<Vec<(String, String)>>,
    chosen: Signal<String>,
    choose: impl Fn(String) + 'static,
) -> El {
    let choose = Rc::new(choose);
    let chip = move |(value, words): (String, String)| {
        let test = format!("{name}-{}", if value.is_empty() { "all" } else { &value });
        let own = value.clone();
        let choose = Rc::clone(&choose);
        el("button", "chip")
            .attr("type", "button")
            .attr_when("aria-pressed", move || Some((chosen.get() == own).to_string()))
            .test(&test)
            .text(&words)
            .on_press(move || choose(value.clone()))
    };
    el("div", "chips")
        .attr("role", "group")
        .attr_when("aria-label", move || Some(say(label).to_owned()))
        .dynamic(move || options.get().into_iter().map(&chip).collect())
}

/// 「なぜ?」: a reason that opens in place.
#[component]
pub fn Why(
    children: Children,
    #[prop(default = texts::WHY)] label: Text,
    #[prop(default = "why")] testid: &'static str,
) -> impl IntoView {
    view! {
        <details class="why" data-testid=testid>
            <summary>{t(label)}</summary>
            <div class="why-body">{children()}</div>
        </details>
    }
}
