//! The guided forms as lists: each provider's fields in the provider's own order. [`super::form_page`] draws them,
//! [`super::fields`] knows what stands in them.

mod chats;
mod forms;
pub mod steps;

use shared::{api::integrations::Provider, lang::Text};

pub use forms::replaceable;

/// The page of a new connection.
pub struct Guide {
    pub title: Text,
    pub lead: Text,
    /// Above the sections: what decides which of them there are.
    pub first: Option<Row>,
    pub sections: &'static [Section],
    /// What saving is called while it goes on.
    pub saving: Text,
    pub saved: Text,
}

/// Fields that are found in one place.
pub struct Section {
    pub title: Text,
    pub lead: Text,
    pub rows: &'static [Row],
    pub when: When,
}

/// Only while a choice has this word.
pub type When = Option<(&'static str, &'static str)>;

#[derive(Clone, Copy)]
pub struct Row {
    pub name: &'static str,
    pub label: Text,
    pub hint: Option<Text>,
    pub kind: Kind,
    pub optional: bool,
    pub when: When,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No space belongs into it.
    Code,
    Digits,
    /// Words of a person.
    Words,
    Mail,
    Secret,
    Password,
    /// Dropped, chosen or pasted; which endings the browser offers.
    File(&'static str),
    Chips(&'static [(&'static str, Text)]),
    Select(&'static [(&'static str, Text)]),
}

impl Kind {
    /// Never kept by the browser.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::Password | Self::File(_))
    }
}

impl Row {
    const fn new(name: &'static str, label: Text, kind: Kind) -> Self {
        Self { name, label, hint: None, kind, optional: false, when: None }
    }

    const fn hint(self, hint: Text) -> Self {
        Self { hint: Some(hint), ..self }
    }

    const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    const fn when(self, name: &'static str, word: &'static str) -> Self {
        Self { when: Some((name, word)), ..self }
    }
}

impl Section {
    const fn new(title: Text, lead: Text, rows: &'static [Row]) -> Self {
        Self { title, lead, rows, when: None }
    }
}

#[must_use]
pub const fn guide(provider: Provider) -> &'static Guide {
    match provider {
        Provider::Lineworks => &forms::LINEWORKS,
        Provider::LineworksV1 => &forms::LINEWORKS_V1,
        Provider::Line => &chats::LINE,
        Provider::Slack => &chats::SLACK,
        Provider::GoogleChat => &chats::GOOGLE_CHAT,
        // Web Push has no form, and no page leads here with it.
        Provider::Mail | Provider::WebPush => &forms::MAIL,
    }
}

/// Offered in development only: the server refuses it elsewhere.
pub const PLAIN: &str = "plain";

#[cfg(test)]
mod tests {
    use shared::api::integrations::SecretRequest;

    use super::*;
    use crate::console::integrations::{
        choices::{choice, choose},
        fields::{Named, blank},
    };

    /// Each row has a field behind it, each field a row, and each choice words that it understands.
    #[test]
    fn the_lists_are_whole() {
        for provider in Provider::ALL.into_iter().filter(|one| one.has_form()) {
            let guide = guide(provider);
            let rows: Vec<&Row> =
                guide.first.iter().chain(guide.sections.iter().flat_map(|section| section.rows)).collect();
            for row in &rows {
                let mut form = blank(provider);
                match row.kind {
                    Kind::Chips(options) | Kind::Select(options) => {
                        for (word, _) in options {
                            choose(&mut form, row.name, word);
                            assert_eq!(choice(&form, row.name), *word, "{provider:?} {}", row.name);
                        }
                    }
                    _ => assert!(form.text(row.name).is_some(), "{provider:?} {}", row.name),
                }
                let whens = guide.sections.iter().map(|section| section.when).chain([row.when]);
                for (name, word) in whens.flatten() {
                    choose(&mut form, name, word);
                    assert_eq!(choice(&form, name), word, "{provider:?} {}", row.name);
                }
            }
            let json = serde_json::to_value(blank(provider)).unwrap();
            for name in json["form"].as_object().unwrap().keys() {
                assert!(rows.iter().any(|row| row.name == name), "{provider:?} {name}");
            }
        }
    }

    #[test]
    fn what_is_replaced_has_its_field() {
        for provider in Provider::ALL.into_iter().filter(|one| one.has_form()) {
            for via in ["", "token", "key", "install", "server_id", "fixed_token", "smtp", "resend"] {
                let rows = replaceable(provider, via);
                assert!(!rows.is_empty());
                for row in rows {
                    assert!(SecretRequest::default().text(row.name).is_some(), "{provider:?} {}", row.name);
                }
            }
        }
    }
}
