//! Light, dark, or as the device: an attribute on the root element that the style sheet reads.

use shared::lang::Text;

use super::{icon::Icon, texts};
use crate::client::browser;

const STORAGE_KEY: &str = "todoke.theme";

/// What the reader chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Auto,
    Light,
    Dark,
}

/// Takes the choice of an earlier visit. Called before anything is drawn.
pub fn start() {
    browser::set_root_attribute("data-theme", Theme::chosen().name());
}

impl Theme {
    /// The choice of an earlier visit.
    #[must_use]
    pub fn chosen() -> Self {
        match browser::stored(STORAGE_KEY).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// Switches to the next of the three and remembers it.
    #[must_use]
    pub fn choose_next(self) -> Self {
        let next = match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        };
        browser::store(STORAGE_KEY, next.name());
        browser::set_root_attribute("data-theme", next.name());
        next
    }

    #[must_use]
    pub const fn words(self) -> Text {
        match self {
            Self::Auto => texts::THEME_AUTO,
            Self::Light => texts::THEME_LIGHT,
            Self::Dark => texts::THEME_DARK,
        }
    }

    #[must_use]
    pub const fn icon(self) -> Icon {
        match self {
            Self::Auto => Icon::Auto,
            Self::Light => Icon::Sun,
            Self::Dark => Icon::Moon,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
