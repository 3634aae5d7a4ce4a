//! A message as each messenger draws it: from the provider's own JSON to a small tree ([`Node`]), and from there to
//! elements. What people wrote is only ever text; a link is only followed when it is one.

pub mod google_chat;
pub mod line;
pub mod lineworks;
pub mod slack;
pub mod web_push;

use crate::{
    client::json::Json,
    dom::{El, el},
};

/// A part of a drawn message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    pub class: &'static str,
    /// Before the children.
    pub text: String,
    pub link: Option<String>,
    pub children: Vec<Node>,
}

impl Node {
    #[must_use]
    pub fn text(class: &'static str, text: impl Into<String>) -> Self {
        Self { class, text: text.into(), ..Self::default() }
    }

    #[must_use]
    pub fn all(class: &'static str, children: Vec<Self>) -> Self {
        Self { class, children, ..Self::default() }
    }

    /// A button; one without a link calls back, which a picture of it does not.
    #[must_use]
    pub fn button(class: &'static str, label: impl Into<String>, link: Option<&str>) -> Self {
        let link = link.filter(|link| link.starts_with("https://") || link.starts_with("http://"));
        Self { link: link.map(Into::into), ..Self::text(class, label) }
    }

    /// All its words, in order.
    #[must_use]
    pub fn words(&self) -> String {
        let inner = self.children.iter().map(Self::words);
        std::iter::once(self.text.clone())
            .chain(inner)
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

pub(crate) fn draw(node: &Node) -> El {
    let element = match &node.link {
        Some(link) => {
            el("a", node.class).attr("href", link).attr("target", "_blank").attr("rel", "noreferrer noopener")
        }
        None => el(tag_of(node.class), node.class),
    };
    let element = if node.text.is_empty() { element } else { element.text(&node.text) };
    element.children(node.children.iter().map(draw).collect())
}

fn tag_of(class: &str) -> &'static str {
    match class {
        BOLD => "b",
        PLAIN | "" => "span",
        _ => "div",
    }
}

/// How messengers show the one mention that a preview holds; people are named in it.
pub(super) fn mentions(text: &str) -> String {
    let shown = [("<m userId=\"all\">", "@All"), ("<!channel>", "@channel"), ("<users/all>", "@all")];
    shown.iter().fold(text.to_owned(), |text, (written, shown)| text.replace(written, shown))
}

/// Within a line.
pub const BOLD: &str = "msg-bold";
pub const PLAIN: &str = "msg-plain";

/// A text at a path like `/text/text`.
pub(super) fn at<'a>(value: &'a Json, path: &str) -> Option<&'a str> {
    value.at(path).str()
}

/// The members of a list at a path; none when there is no list.
pub(super) fn list<'a>(value: &'a Json, path: &str) -> std::slice::Iter<'a, Json> {
    value.at(path).items().iter()
}

/// What the server sends, as it is read here.
#[cfg(test)]
pub(super) fn sent(value: &impl serde::Serialize) -> Json {
    Json::parse(&serde_json::to_string(value).unwrap()).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_is_none_is_not_followed() {
        for (link, kept) in [
            ("https://example.jp/", true),
            ("http://127.0.0.1/", true),
            ("javascript:alert(1)", false),
            ("//example.jp", false),
            ("", false),
        ] {
            assert_eq!(Node::button("b", "x", Some(link)).link.is_some(), kept, "{link}");
        }
    }
}
