//! Web Push: the notification as a device shows it.

use super::{BOLD, Node, at};
use crate::client::json::Json;

#[must_use]
pub fn node(content: &Json) -> Node {
    let title = Node::text(BOLD, at(content, "/title").unwrap_or_default());
    let body = at(content, "/body").filter(|body| !body.is_empty());
    let parts = std::iter::once(title).chain(body.map(|body| Node::text("talk-text", body)));
    Node::all("talk-bubble", parts.collect())
}

#[cfg(test)]
mod tests {
    use shared::{
        message::{Context, Message},
        render::web_push::render,
    };

    use super::{super::sent, *};

    #[test]
    fn what_is_sent_is_what_is_drawn() {
        let message = Message { title: "見積書".into(), body: "本日中".into(), ..Message::default() };
        let context = Context { kind: "承認", ..Context::default() };
        assert_eq!(node(&sent(&render(&message, &context))).words(), "【承認】見積書 本日中");
        assert_eq!(node(&Json::Null).words(), "");
    }
}
