//! Which language the page speaks. Every sentence is a [`Text`], so a missing translation does not compile;
//! what the server words in the reader's language is loaded again when the language changes.

use leptos::prelude::*;
use shared::lang::{Lang, Text};

use crate::client::browser;

const STORAGE_KEY: &str = "todoke.language";

thread_local! {
    /// One page, one language: an `Arc` signal lives as long as the page, outside any component.
    static LANG: ArcRwSignal<Lang> = ArcRwSignal::new(Lang::Ja);
}

/// The language now; tracked, so whatever reads it follows the switch.
#[must_use]
pub fn lang() -> Lang {
    LANG.with(Get::get)
}

/// The language now, for event handlers and requests: not tracked.
#[must_use]
pub fn lang_now() -> Lang {
    LANG.with(GetUntracked::get_untracked)
}

/// For views: `{t(texts::TITLE)}`.
pub fn t(text: Text) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || text.get(lang())
}

/// The sentence as a signal, for properties that want one.
#[must_use]
pub fn signal(text: Text) -> Signal<String> {
    Signal::derive(move || text.get(lang()).to_owned())
}

/// The sentence in the language of now, tracked.
#[must_use]
pub fn say(text: Text) -> &'static str {
    text.get(lang())
}

/// The sentence with each `{}` replaced in order; tracked.
#[must_use]
pub fn fill(text: Text, values: &[&str]) -> String {
    fill_in(text.get(lang()), values)
}

/// Sentences one after the other: Japanese needs no space between them.
#[must_use]
pub fn join(sentences: &[&str]) -> String {
    sentences.join(if lang() == Lang::En { " " } else { "" })
}

/// Takes the choice kept from an earlier visit, else the browser's language.
pub fn start() {
    let lang = match browser::stored(STORAGE_KEY).as_deref() {
        Some("ja") => Lang::Ja,
        Some("en") => Lang::En,
        _ => Lang::from_tags(&browser::language_tag()),
    };
    set(lang);
}

/// Switches and remembers.
pub fn choose(lang: Lang) {
    browser::store(STORAGE_KEY, lang.tag());
    set(lang);
}

fn set(lang: Lang) {
    browser::set_root_attribute("lang", lang.tag());
    LANG.with(|signal| signal.set(lang));
}

fn fill_in(pattern: &str, values: &[&str]) -> String {
    let mut parts = pattern.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        filled.push_str(values.get(index).copied().unwrap_or_default());
        filled.push_str(part);
    }
    filled
}

/// Declares sentences of a page: `texts! { TITLE "題" "Title"; }`. Tests see them all as `ALL`.
macro_rules! texts {
    ($($name:ident $ja:literal $en:literal;)*) => {
        $(pub const $name: shared::lang::Text = shared::lang::Text::new($ja, $en);)*

        #[cfg(test)]
        pub const ALL: &[(&str, shared::lang::Text)] = &[$((stringify!($name), $name),)*];
    };
}
pub(crate) use texts;

/// Both languages are there and have the same number of gaps. Returns what is wrong.
#[cfg(test)]
pub(crate) fn flaws(texts: &[(&str, Text)]) -> Vec<String> {
    let gaps = |sentence: &str| sentence.matches("{}").count();
    texts
        .iter()
        .filter(|(_, text)| {
            text.ja.is_empty()
                || text.en.is_empty()
                || gaps(text.ja) != gaps(text.en)
                || text.en.contains('!')
                || text.ja.contains('!')
        })
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_in_order() {
        assert_eq!(fill_in("{}人と{}件", &["3", "12"]), "3人と12件");
        assert_eq!(fill_in("none", &["3"]), "none");
        assert_eq!(fill_in("{} {}", &["a"]), "a ");
    }

    #[test]
    fn flaws_are_found() {
        let wrong = [("A", Text::new("{}", "x")), ("B", Text::new("", "x")), ("C", Text::new("良", "ok"))];
        assert_eq!(flaws(&wrong), ["A", "B"]);
    }
}
