//! Slack: Block Kit (slack.md §3.1).

use super::{Node, at, list, mentions};
use crate::client::json::Json;

/// The blocks; the text where there are none.
#[must_use]
pub fn node(message: &Json) -> Node {
    let blocks: Vec<Node> = list(message, "/blocks").map(block).collect();
    if blocks.is_empty() {
        let text = at(message, "/text").unwrap_or_default();
        return Node::all("msg-app", vec![Node::text("msg-text", marked(text))]);
    }
    Node::all("msg-app", blocks)
}

fn block(block: &Json) -> Node {
    match at(block, "/type") {
        Some("header") => Node::text("msg-title", words(block, "/text/text")),
        Some("divider") => Node::text("flex-rule", ""),
        Some("context") => Node::all(
            "msg-small",
            list(block, "/elements").map(|one| Node::text("msg-text", words(one, "/text"))).collect(),
        ),
        Some("actions") => Node::all(
            "msg-buttons",
            list(block, "/elements")
                .map(|button| {
                    let class = match at(button, "/style") {
                        Some("primary") => "msg-button msg-primary",
                        Some("danger") => "msg-button msg-danger",
                        _ => "msg-button",
                    };
                    Node::button(class, words(button, "/text/text"), at(button, "/url"))
                })
                .collect(),
        ),
        _ => {
            let mut parts = Vec::new();
            let mut text = words(block, "/text/text");
            if at(block, "/text/type") == Some("mrkdwn") {
                text = marked(&text);
            }
            if !text.is_empty() {
                parts.push(Node::text("msg-text", text));
            }
            let fields: Vec<_> =
                list(block, "/fields").map(|field| Node::text("msg-text", words(field, "/text"))).collect();
            if !fields.is_empty() {
                parts.push(Node::all("msg-fields", fields));
            }
            Node::all("msg-part", parts)
        }
    }
}

fn words(value: &Json, path: &str) -> String {
    at(value, path).unwrap_or_default().to_owned()
}

/// As Slack shows mrkdwn, in which all but mentions was escaped for it.
fn marked(text: &str) -> String {
    mentions(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use shared::{
        message::{Action, ActionStyle, Context, Field, Mentioned, Message},
        render::slack::render,
    };

    use super::{super::sent, *};

    #[test]
    fn what_is_sent_is_what_is_drawn() {
        let message = Message {
            title: "来客: <!channel> & <@U1>".into(),
            body: "山田様".into(),
            link: Some("https://example.jp/v/1".into()),
            fields: vec![Field { label: "会社".into(), value: "みなと倉庫".into() }],
            actions: vec![Action {
                id: "take".into(),
                label: "対応します".into(),
                style: ActionStyle::Danger,
            }],
            ..Message::default()
        };
        let mentions = [Mentioned::Everyone, Mentioned::Person { name: "<b>".into(), id: None }];
        let context =
            Context { kind: "来客", event: Some("ev_1"), mentions: &mentions, ..Context::default() };
        let drawn = node(&sent(&render(&message, &context)));
        assert_eq!(
            drawn.words(),
            "@channel @<b> 来客 来客: <!channel> & <@U1> 山田様 会社\nみなと倉庫 対応します 開く"
        );
        assert_eq!(node(&sent(&serde_json::json!({"text": "a &amp;lt; b"}))).words(), "a &lt; b");
    }
}
