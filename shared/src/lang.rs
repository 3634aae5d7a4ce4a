//! The two languages of every sentence Todoke says.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Ja,
    En,
}

impl Lang {
    /// Picks from an `Accept-Language` header or `navigator.language`: Japanese unless another language
    /// comes first.
    #[must_use]
    pub fn from_tags(tags: &str) -> Self {
        let first = tags.split(',').next().unwrap_or_default().trim().to_ascii_lowercase();
        if first.is_empty() || first.starts_with("ja") || first.starts_with('*') {
            Self::Ja
        } else {
            Self::En
        }
    }

    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }
}

/// One sentence in both languages: a translation that is missing does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub ja: &'static str,
    pub en: &'static str,
}

impl Text {
    #[must_use]
    pub const fn new(ja: &'static str, en: &'static str) -> Self {
        Self { ja, en }
    }

    #[must_use]
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_tag_decides() {
        for (tags, lang) in [
            ("", Lang::Ja),
            ("ja", Lang::Ja),
            ("ja-JP,en;q=0.8", Lang::Ja),
            ("en-US,ja;q=0.8", Lang::En),
            ("fr", Lang::En),
            ("*", Lang::Ja),
        ] {
            assert_eq!(Lang::from_tags(tags), lang, "{tags}");
        }
    }
}
