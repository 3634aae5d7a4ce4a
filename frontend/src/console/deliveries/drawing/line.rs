//! LINE: texts and Flex bubbles (line.md).

use super::{Node, at, list};
use crate::client::json::Json;

/// The messages of one call, one under the other.
#[must_use]
pub fn node(messages: &[Json]) -> Node {
    Node::all("msg-stack", messages.iter().map(message).collect())
}

fn message(message: &Json) -> Node {
    match at(message, "/type") {
        Some("text") => {
            Node::all("talk-bubble", vec![Node::text("talk-text", at(message, "/text").unwrap_or_default())])
        }
        Some("flex") => container(message.get("contents")),
        _ => alt(message),
    }
}

fn alt(message: &Json) -> Node {
    Node::all("talk-bubble", vec![Node::text("talk-text", at(message, "/altText").unwrap_or_default())])
}

fn container(contents: &Json) -> Node {
    if at(contents, "/type") == Some("carousel") {
        return Node::all("msg-carousel", list(contents, "/contents").map(container).collect());
    }
    let parts = ["header", "hero", "body", "footer"].into_iter();
    let parts = parts.map(|name| contents.get(name)).filter(|part| **part != Json::Null);
    let parts = parts.map(|part| Node::all("flex-part", vec![component(part)]));
    Node::all("talk-bubble flex-bubble", parts.collect())
}

fn component(part: &Json) -> Node {
    match at(part, "/type") {
        Some("box") => {
            let class = match at(part, "/layout") {
                Some("vertical") => "flex-box",
                _ => "flex-row",
            };
            Node::all(class, list(part, "/contents").map(component).collect())
        }
        Some("text") => Node::text(text_class(part), at(part, "/text").unwrap_or_default()),
        Some("separator") => Node::text("flex-rule", ""),
        Some("button") => {
            let class = match at(part, "/style") {
                Some("primary") => "flex-button flex-primary",
                Some("secondary") => "flex-button flex-secondary",
                _ => "flex-button",
            };
            let label = at(part, "/action/label").unwrap_or_default();
            Node::button(class, label, at(part, "/action/uri"))
        }
        _ => Node::text("flex-text", ""),
    }
}

fn text_class(part: &Json) -> &'static str {
    match (at(part, "/weight"), at(part, "/size")) {
        (Some("bold"), Some("lg" | "xl" | "xxl")) => "flex-text flex-title",
        (Some("bold"), _) => "flex-text flex-strong",
        (_, Some("xs" | "xxs")) => "flex-text flex-small",
        _ => "flex-text",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::{
        message::{Action, ActionStyle, Context, Field, Message},
        render::line::render,
    };

    use super::{super::sent, *};

    #[test]
    fn what_is_sent_is_what_is_drawn() {
        let message = Message {
            title: "出張申請".into(),
            body: "大阪 2泊".into(),
            link: Some("https://example.jp/t/1".into()),
            fields: vec![Field { label: "金額".into(), value: "48,000円".into() }],
            actions: vec![Action { id: "a".into(), label: "承認".into(), style: ActionStyle::Primary }],
            ..Message::default()
        };
        let context = Context { kind: "承認", event: Some("ev_1"), ..Context::default() };
        assert_eq!(
            node(sent(&render(&message, &context)).items()).words(),
            "承認 出張申請 大阪 2泊 金額 48,000円 承認 開く"
        );
        let text = Message { title: "停電".into(), ..Message::default() };
        assert_eq!(node(sent(&render(&text, &context)).items()).words(), "【承認】停電");
    }

    #[test]
    fn what_is_not_known_is_drawn_as_its_own_words() {
        let sticker = json!({"type": "sticker", "altText": "スタンプ"});
        assert_eq!(node(sent(&[sticker, json!(null)]).items()).words(), "スタンプ");
    }
}
