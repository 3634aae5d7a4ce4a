//! Light, dark, or as the device: an attribute on the root element that the style sheet reads.

use leptos::prelude::*;

use super::{icon::Icon, texts};
use crate::{client::browser, i18n::say};

const STORAGE_KEY: &str = "todoke.theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    Auto,
    Light,
    Dark,
}

/// Takes the choice of an earlier visit. Called before anything is drawn.
pub fn start() {
    browser::set_root_attribute("data-theme", chosen().name());
}

/// Goes through the three with each press.
#[component]
pub(super) fn ThemeButton() -> impl IntoView {
    let theme = RwSignal::new(chosen());
    let next = move |_| {
        let next = theme.get_untracked().next();
        browser::store(STORAGE_KEY, next.name());
        browser::set_root_attribute("data-theme", next.name());
        theme.set(next);
    };
    let words = move || {
        say(match theme.get() {
            Theme::Auto => texts::THEME_AUTO,
            Theme::Light => texts::THEME_LIGHT,
            Theme::Dark => texts::THEME_DARK,
        })
    };
    view! {
        <button type="button" class="icon-btn" aria-label=words title=words data-testid="theme" on:click=next>
            {move || match theme.get() {
                Theme::Auto => Icon::Auto.view(),
                Theme::Light => Icon::Sun.view(),
                Theme::Dark => Icon::Moon.view(),
            }}
        </button>
    }
}

impl Theme {
    const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

fn chosen() -> Theme {
    match browser::stored(STORAGE_KEY).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::Auto,
    }
}
