//! LINE WORKS: the `content` object (lineworks.md §3.5).

use super::{Node, at, list, mentions};
use crate::client::json::Json;

/// `text` and `button_template`; of a type that is not known the readable text, if any.
#[must_use]
pub fn node(content: &Json) -> Node {
    let text =
        at(content, "/text").or_else(|| at(content, "/contentText")).or_else(|| at(content, "/altText"));
    let mut parts = vec![Node::text("talk-text", mentions(text.unwrap_or_default()))];
    parts.extend(list(content, "/actions").filter_map(|action| {
        at(action, "/label").map(|label| Node::button("talk-button", label, at(action, "/uri")))
    }));
    Node::all("talk-bubble", parts)
}

#[cfg(test)]
mod tests {
    use shared::{
        lang::Lang,
        message::{Context, Mentioned, Message},
        render::lineworks::render,
    };

    use super::{super::sent, *};

    fn drawn(link: Option<&str>) -> Node {
        let message = Message { title: "見積書".into(), link: link.map(Into::into), ..Message::default() };
        let context =
            Context { lang: Lang::Ja, kind: "承認", workspace: "みなと商事", ..Context::default() };
        node(&sent(&render(&message, &context)))
    }

    #[test]
    fn what_is_sent_is_what_is_drawn() {
        assert_eq!(drawn(None).words(), "【承認】見積書");
        let with_link = drawn(Some("https://example.jp/t/1"));
        assert_eq!(with_link.words(), "【承認】見積書 開く");
        assert_eq!(with_link.children[1].link.as_deref(), Some("https://example.jp/t/1"));
        assert_eq!(node(&Json::Null).words(), "");
        let context = Context { mentions: &[Mentioned::Everyone], ..Context::default() };
        let called = render(&Message { title: "来客".into(), ..Message::default() }, &context);
        assert_eq!(node(&sent(&called)).words(), "@All\n来客");
    }
}
