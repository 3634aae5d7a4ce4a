//! Google Chat: cards v2 (google_chat.md §3).

use super::{BOLD, Node, PLAIN, at, list, mentions};
use crate::client::json::Json;

/// The text that calls people, and the cards; the text alone where there are none.
#[must_use]
pub fn node(message: &Json) -> Node {
    let cards: Vec<Node> = list(message, "/cardsV2").map(|one| card(one.get("card"))).collect();
    if cards.is_empty() {
        let text = at(message, "/text").or_else(|| at(message, "/fallbackText"));
        return Node::all("msg-app", vec![Node::text("msg-text", text.unwrap_or_default())]);
    }
    let called = at(message, "/text").map(|text| Node::text("msg-text", mentions(text)));
    Node::all("msg-stack", called.into_iter().chain(cards).collect())
}

fn card(card: &Json) -> Node {
    let mut parts = Vec::new();
    if let Some(title) = at(card, "/header/title") {
        let mut head = vec![Node::text("flex-strong", title)];
        head.extend(at(card, "/header/subtitle").map(|text| Node::text("msg-small", text)));
        parts.push(Node::all("msg-part", head));
    }
    for section in list(card, "/sections") {
        parts.extend(list(section, "/widgets").map(widget));
    }
    Node::all("msg-app", parts)
}

fn widget(widget: &Json) -> Node {
    if let Some(html) = at(widget, "/textParagraph/text") {
        return Node::all("msg-text", runs(html));
    }
    let decorated = widget.get("decoratedText");
    if *decorated != Json::Null {
        let mut parts = Vec::new();
        parts.extend(at(decorated, "/topLabel").map(|text| Node::text("msg-small", text)));
        parts.push(Node::all("msg-text", runs(at(decorated, "/text").unwrap_or_default())));
        parts.extend(at(decorated, "/bottomLabel").map(|text| Node::text("msg-small", text)));
        return Node::all("msg-part", parts);
    }
    if *widget.get("divider") != Json::Null {
        return Node::text("flex-rule", "");
    }
    let buttons = list(widget, "/buttonList/buttons").map(|button| {
        let class = match (at(button, "/type"), button.get("color")) {
            (Some("FILLED"), Json::Null) => "msg-button msg-primary",
            (_, Json::Null) => "msg-button",
            _ => "msg-button msg-danger",
        };
        let label = at(button, "/text").unwrap_or_default();
        Node::button(class, label, at(button, "/onClick/openLink/url"))
    });
    Node::all("msg-buttons", buttons.collect())
}

/// The small HTML of a card's texts: bold stays bold, `<br>` breaks the line, other tags go, and what was escaped
/// is itself again.
fn runs(html: &str) -> Vec<Node> {
    let mut runs = Vec::new();
    let mut class = PLAIN;
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(&decoded(before));
        rest = after;
        let Some((tag, after)) = rest.split_once('>') else { break };
        rest = after;
        let next = match tag {
            "b" | "strong" => BOLD,
            "/b" | "/strong" => PLAIN,
            "br" | "br/" => {
                text.push('\n');
                class
            }
            _ => class,
        };
        if next != class {
            runs.push(Node::text(class, std::mem::take(&mut text)));
            class = next;
        }
    }
    text.push_str(&decoded(rest));
    runs.push(Node::text(class, text));
    runs.retain(|run| !run.text.is_empty());
    runs
}

fn decoded(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use shared::{
        message::{Action, ActionStyle, Context, Field, Message},
        render::google_chat::{Mode, render},
    };

    use super::{super::sent, *};

    #[test]
    fn what_is_sent_is_what_is_drawn() {
        let message = Message {
            title: "稟議 <第1号>".into(),
            body: "佐藤さん\n& 鈴木さん".into(),
            link: Some("https://example.jp/t/1".into()),
            fields: vec![Field { label: "金額".into(), value: "<b>1円</b>".into() }],
            actions: vec![Action { id: "a".into(), label: "承認".into(), style: ActionStyle::Primary }],
            ..Message::default()
        };
        let context = Context {
            kind: "承認の依頼",
            workspace: "みなと商事",
            event: Some("ev_1"),
            page: Some("https://t.jp/n/1"),
            ..Context::default()
        };
        for mode in [Mode::App, Mode::Webhook] {
            assert_eq!(
                node(&sent(&render(&message, &context, mode))).words(),
                "承認の依頼 みなと商事 稟議 <第1号> 佐藤さん\n& 鈴木さん 金額 <b>1円</b> 承認 開く"
            );
        }
    }

    #[test]
    fn tags_of_ours_are_drawn_and_others_are_gone() {
        assert_eq!(
            runs("a<b>b</b><br>c<font color=\"x\">d</font>&amp;lt;"),
            [Node::text(PLAIN, "a"), Node::text(BOLD, "b"), Node::text(PLAIN, "\ncd&lt;")]
        );
        assert_eq!(runs("1 < 2"), [Node::text(PLAIN, "1  2")]);
        assert_eq!(runs(""), []);
    }
}
