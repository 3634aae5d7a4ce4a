//! The limits of message objects that LINE's OpenAPI does not carry (line.md §4). Lengths are UTF-16 code
//! units, or graphemes where the table says so.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::contract::Problem;

const BUBBLE_MAX_BYTES: usize = 30 * 1024;
const CAROUSEL_MAX_BYTES: usize = 50 * 1024;
const BUBBLES_MAX: usize = 12;

/// Everything wrong with a message that already fits its schema.
pub(super) fn problems(message: &Value, at: &str) -> Vec<Problem> {
    let mut check = Check { problems: Vec::new() };
    check.message(message, at);
    check.problems
}

/// Where an action stands decides its label.
#[derive(Clone, Copy)]
enum Label {
    /// Required, at most so many graphemes.
    Required(usize),
    Optional(usize),
}

struct Check {
    problems: Vec<Problem>,
}

impl Check {
    fn wrong(&mut self, at: String, what: impl Into<String>) {
        self.problems.push(Problem { at, what: what.into() });
    }

    fn message(&mut self, message: &Value, at: &str) {
        let kind = text(message, "type");
        match kind {
            "text" => self.units(message, at, "text", 1, 5_000),
            "textV2" => {
                self.units(message, at, "text", 1, 5_000);
                self.slots(message, at);
            }
            "template" => {
                self.units(message, at, "altText", 1, 1_500);
                self.template(message.get("template").unwrap_or(&Value::Null), &format!("{at}.template"));
            }
            "flex" => {
                self.units(message, at, "altText", 1, 1_500);
                self.flex(message.get("contents").unwrap_or(&Value::Null), &format!("{at}.contents"));
            }
            "image" | "video" | "audio" => {
                for field in ["originalContentUrl", "previewImageUrl"] {
                    if message.get(field).is_some() {
                        self.https(message, at, field);
                    }
                }
            }
            _ => {}
        }
        if let Some(sender) = message.get("sender") {
            self.units(sender, &format!("{at}.sender"), "name", 0, 20);
        }
        let quick = message.pointer("/quickReply/items").and_then(Value::as_array);
        if let Some(items) = quick {
            if items.len() > 13 {
                self.wrong(format!("{at}.quickReply.items"), "Size must be between 0 and 13");
            }
            for (place, item) in items.iter().enumerate() {
                let at = format!("{at}.quickReply.items[{place}].action");
                self.action(item.get("action").unwrap_or(&Value::Null), &at, Label::Required(20));
            }
        }
    }

    /// `{name}` must be named in `substitution`; `{{` and `}}` are braces.
    fn slots(&mut self, message: &Value, at: &str) {
        let plain = text(message, "text").replace("{{", "").replace("}}", "");
        let mut rest = plain.as_str();
        while let Some((_, after)) = rest.split_once('{') {
            let (name, next) = after.split_once('}').unwrap_or((after, ""));
            if message.pointer(&format!("/substitution/{name}")).is_none() {
                self.wrong(format!("{at}.text"), format!("placeholder {name} is not in substitution"));
                return;
            }
            rest = next;
        }
        if rest.contains('}') {
            self.wrong(format!("{at}.text"), "unbalanced braces");
        }
    }

    fn template(&mut self, template: &Value, at: &str) {
        match text(template, "type") {
            "buttons" => {
                self.graphemes(template, at, "title", 40);
                let short =
                    !text(template, "title").is_empty() || template.get("thumbnailImageUrl").is_some();
                self.required(template, at, "text", if short { 60 } else { 160 });
                self.actions(template, at, 1, 4);
            }
            "confirm" => {
                self.required(template, at, "text", 240);
                self.actions(template, at, 2, 2);
            }
            "carousel" => {
                for (place, column) in items(template, "columns").enumerate() {
                    let at = format!("{at}.columns[{place}]");
                    self.graphemes(column, &at, "title", 40);
                    let short =
                        !text(column, "title").is_empty() || column.get("thumbnailImageUrl").is_some();
                    self.required(column, &at, "text", if short { 60 } else { 120 });
                    self.actions(column, &at, 1, 3);
                }
            }
            "image_carousel" => {
                for (place, column) in items(template, "columns").enumerate() {
                    let at = format!("{at}.columns[{place}]");
                    self.https(column, &at, "imageUrl");
                    let action = column.get("action").unwrap_or(&Value::Null);
                    self.action(action, &format!("{at}.action"), Label::Optional(12));
                }
            }
            _ => {}
        }
        if template.get("thumbnailImageUrl").is_some() {
            self.https(template, at, "thumbnailImageUrl");
        }
    }

    fn actions(&mut self, holder: &Value, at: &str, least: usize, most: usize) {
        let count = items(holder, "actions").count();
        if !(least..=most).contains(&count) {
            self.wrong(format!("{at}.actions"), format!("Size must be between {least} and {most}"));
        }
        for (place, action) in items(holder, "actions").enumerate() {
            self.action(action, &format!("{at}.actions[{place}]"), Label::Required(20));
        }
    }

    fn flex(&mut self, container: &Value, at: &str) {
        let bytes = container.to_string().len();
        if text(container, "type") == "carousel" {
            if bytes > CAROUSEL_MAX_BYTES {
                self.wrong(at.to_owned(), "must not be larger than 50 KB");
            }
            let count = items(container, "contents").count();
            if !(1..=BUBBLES_MAX).contains(&count) {
                self.wrong(format!("{at}.contents"), "Size must be between 1 and 12");
            }
            for (place, bubble) in items(container, "contents").enumerate() {
                self.bubble(bubble, &format!("{at}.contents[{place}]"));
            }
        } else {
            self.bubble(container, at);
        }
    }

    fn bubble(&mut self, bubble: &Value, at: &str) {
        if bubble.to_string().len() > BUBBLE_MAX_BYTES {
            self.wrong(at.to_owned(), "must not be larger than 30 KB");
        }
        let blocks = ["header", "hero", "body", "footer"];
        if !blocks.iter().any(|block| bubble.get(block).is_some()) {
            self.wrong(at.to_owned(), "at least one block must be specified");
        }
        for block in blocks {
            if let Some(component) = bubble.get(block) {
                self.component(component, &format!("{at}.{block}"));
            }
        }
        self.opt_action(bubble, at);
    }

    fn component(&mut self, component: &Value, at: &str) {
        match text(component, "type") {
            "box" => {
                for (place, inner) in items(component, "contents").enumerate() {
                    self.component(inner, &format!("{at}.contents[{place}]"));
                }
            }
            "button" => {
                let action = component.get("action").unwrap_or(&Value::Null);
                self.action(action, &format!("{at}.action"), Label::Required(40));
                return;
            }
            "text" if text(component, "text").is_empty() && items(component, "contents").next().is_none() => {
                self.wrong(format!("{at}.text"), "must be specified");
            }
            "image" | "icon" => self.https(component, at, "url"),
            _ => {}
        }
        self.opt_action(component, at);
    }

    fn opt_action(&mut self, holder: &Value, at: &str) {
        if let Some(action) = holder.get("action") {
            self.action(action, &format!("{at}.action"), Label::Optional(40));
        }
    }

    fn action(&mut self, action: &Value, at: &str, label: Label) {
        match label {
            Label::Required(most) => self.required(action, at, "label", most),
            Label::Optional(most) => self.graphemes(action, at, "label", most),
        }
        match text(action, "type") {
            "postback" => {
                self.units(action, at, "data", 1, 300);
                self.graphemes(action, at, "displayText", 300);
            }
            "message" => self.required(action, at, "text", 300),
            "clipboard" => self.units(action, at, "clipboardText", 1, 1_000),
            "uri" => {
                self.units(action, at, "uri", 1, 1_000);
                let uri = text(action, "uri");
                let known = ["http://", "https://", "line://", "tel:"].iter().any(|s| uri.starts_with(s));
                // Percent-encoded: what is left is printable ASCII.
                if !known || !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
                    self.wrong(format!("{at}.uri"), "invalid uri");
                }
            }
            _ => {}
        }
    }

    fn https(&mut self, holder: &Value, at: &str, field: &str) {
        let url = text(holder, field);
        if !url.starts_with("https://") || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.wrong(format!("{at}.{field}"), "must be a valid HTTPS URL");
        }
        self.units(holder, at, field, 1, 2_000);
    }

    /// UTF-16 code units.
    fn units(&mut self, holder: &Value, at: &str, field: &str, least: usize, most: usize) {
        let length = text(holder, field).encode_utf16().count();
        self.length(holder, at, field, (length, least, most));
    }

    fn graphemes(&mut self, holder: &Value, at: &str, field: &str, most: usize) {
        let length = text(holder, field).graphemes(true).count();
        self.length(holder, at, field, (length, 0, most));
    }

    fn required(&mut self, holder: &Value, at: &str, field: &str, most: usize) {
        let length = text(holder, field).graphemes(true).count();
        self.length(holder, at, field, (length, 1, most));
    }

    fn length(
        &mut self,
        holder: &Value,
        at: &str,
        field: &str,
        (length, least, most): (usize, usize, usize),
    ) {
        if length < least && holder.get(field).is_none() {
            self.wrong(format!("{at}.{field}"), "must be specified");
        } else if !(least..=most).contains(&length) {
            self.wrong(format!("{at}.{field}"), format!("Length must be between {least} and {most}"));
        }
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn items<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}
