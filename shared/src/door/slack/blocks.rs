//! Block Kit as far as it has words: header, section, context, actions, image, rich text. Other blocks are
//! skipped.

use serde_json::Value;

use super::{Collected, Style, attachments::list};

/// Rich text is a tree that a sender makes as deep as it likes.
const DEEPEST: u32 = 8;

impl Collected {
    pub(super) fn blocks(&mut self, blocks: &[Value]) {
        for block in blocks {
            match kind(block) {
                "header" => self.head(block.pointer("/text/text"), style(block.get("text"))),
                "section" => {
                    self.text(block.pointer("/text/text"), style(block.get("text")));
                    list(block, "fields").iter().for_each(|field| self.section_field(field));
                    if let Some(accessory) = block.get("accessory") {
                        self.button(accessory);
                    }
                }
                "context" => {
                    let texts: Vec<String> = list(block, "elements")
                        .iter()
                        .filter(|element| element.get("text").is_some())
                        .map(|element| self.inline(element.get("text"), style(Some(element))))
                        .collect();
                    self.text(Some(&Value::String(texts.join(" "))), Style::Plain);
                }
                "actions" => list(block, "elements").iter().for_each(|element| self.button(element)),
                "image" => {
                    self.text(block.pointer("/title/text"), Style::Plain);
                    self.target("", block.get("image_url"));
                }
                "rich_text" => {
                    let mut text = String::new();
                    self.rich(list(block, "elements"), &mut text, 0);
                    self.text(Some(&Value::String(text)), Style::Plain);
                }
                _ => {}
            }
        }
    }

    /// `*Label*\nvalue`, as uptime-kuma and many templates write it; else a line.
    fn section_field(&mut self, field: &Value) {
        let text = self.inline(field.get("text"), style(Some(field)));
        match text.trim().split_once('\n') {
            Some((label, value)) => {
                let label = label.trim().trim_end_matches([':', '：']);
                self.fields.push((label.to_owned(), value.trim().to_owned()));
            }
            None => self.fields.push((String::new(), text)),
        }
    }

    fn button(&mut self, element: &Value) {
        let label = self.inline(element.pointer("/text/text"), Style::Plain);
        self.target(&label, element.get("url"));
    }

    /// Appends the words of rich text; its lists and quotes are lines.
    fn rich(&mut self, elements: &[Value], text: &mut String, depth: u32) {
        if depth > DEEPEST {
            return;
        }
        for element in elements {
            let word = |name: &str| element.get(name).and_then(Value::as_str).unwrap_or_default();
            match kind(element) {
                "text" => text.push_str(word("text")),
                "link" => {
                    let (url, label) = (word("url"), word("text"));
                    self.links.push(url.to_owned());
                    if label.is_empty() || label == url {
                        text.push_str(url);
                    } else {
                        text.push_str(&super::mrkdwn::with_address(label, url));
                    }
                }
                "emoji" => text.push_str(&format!(":{}:", word("name"))),
                "user" => text.push_str(&format!("@{}", word("user_id"))),
                "usergroup" => text.push_str(&format!("@{}", word("usergroup_id"))),
                "channel" => text.push_str(&format!("#{}", word("channel_id"))),
                "broadcast" => text.push_str(&format!("@{}", word("range"))),
                "date" => text.push_str(word("fallback")),
                "rich_text_list" => {
                    for item in list(element, "elements") {
                        line_break(text);
                        text.push('・');
                        self.rich(std::slice::from_ref(item), text, depth + 1);
                    }
                    line_break(text);
                }
                "rich_text_quote" | "rich_text_preformatted" => {
                    line_break(text);
                    self.rich(list(element, "elements"), text, depth + 1);
                    line_break(text);
                }
                _ => self.rich(list(element, "elements"), text, depth + 1),
            }
        }
    }
}

fn line_break(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// How a text object's text is formatted.
fn style(object: Option<&Value>) -> Style {
    match object.map(kind) {
        Some("mrkdwn") => Style::Mrkdwn,
        _ => Style::Plain,
    }
}
