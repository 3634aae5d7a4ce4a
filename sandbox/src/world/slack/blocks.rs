//! Block Kit: what a message may hold (slack.md §3.1).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Failure;
use super::args::Args;

const BLOCKS_MAX: usize = 50;
/// Of all texts together; undocumented, "about" (slack.md §3.1 observed).
const TEXTS_MAX: usize = 13_000;

/// The blocks of a call: none when it has none.
pub(super) fn read(args: &Args) -> Result<Vec<Value>, Failure> {
    let Ok(Some(Value::Array(blocks))) = args.nested("blocks") else {
        return if args.has("blocks") && args.text("blocks").is_none_or(|text| !text.is_empty()) {
            Err("invalid_blocks_format".into())
        } else {
            Ok(Vec::new())
        };
    };
    if blocks.iter().any(|block| !block.is_object()) {
        return Err("invalid_blocks_format".into());
    }
    let problems = problems(&blocks);
    if !problems.is_empty() {
        return Err(Failure::explained("invalid_blocks", &problems));
    }
    if blocks.iter().map(text_chars).sum::<usize>() > TEXTS_MAX {
        return Err("msg_blocks_too_long".into());
    }
    Ok(blocks)
}

/// Everything wrong with a message's blocks, as `response_metadata.messages` tells it.
pub(super) fn problems(blocks: &[Value]) -> Vec<String> {
    let mut check = Check::default();
    if blocks.len() > BLOCKS_MAX {
        check.wrong("/blocks", format!("no more than {BLOCKS_MAX} items allowed"));
    }
    for (place, block) in blocks.iter().enumerate() {
        check.block(block, &format!("/blocks/{place}"));
    }
    check.problems
}

fn text_chars(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match value {
                Value::String(text) if name == "text" => text.chars().count(),
                value => text_chars(value),
            })
            .sum(),
        Value::Array(items) => items.iter().map(text_chars).sum(),
        _ => 0,
    }
}

#[derive(Default)]
struct Check {
    problems: Vec<String>,
}

/// Which text objects a place takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Any,
}

impl Check {
    fn wrong(&mut self, at: &str, what: impl std::fmt::Display) {
        self.problems.push(format!("[ERROR] {what} [json-pointer:{at}]"));
    }

    fn block(&mut self, block: &Value, at: &str) {
        let Some(fields) = block.as_object() else { return self.wrong(at, "should be object") };
        self.length(fields, "block_id", at, 255);
        match fields.get("type").and_then(Value::as_str) {
            Some("header") => {
                self.only(fields, &["type", "block_id", "text", "level"], at);
                self.text(fields.get("text"), &format!("{at}/text"), Kind::Plain, 150);
            }
            Some("section") => self.section(fields, at),
            Some("context") => {
                self.only(fields, &["type", "block_id", "elements"], at);
                for (place, element) in self.list(fields, "elements", at, 10).iter().enumerate() {
                    let at = format!("{at}/elements/{place}");
                    match element.get("type").and_then(Value::as_str) {
                        Some("image") => self.image(element, &at),
                        // The number of characters is not told.
                        _ => self.text(Some(element), &at, Kind::Any, 3_000),
                    }
                }
            }
            Some("actions") => self.actions(fields, at),
            Some("divider") => self.only(fields, &["type", "block_id"], at),
            Some("image") => self.image(block, at),
            Some("markdown") => {
                self.only(fields, &["type", "block_id", "text"], at);
                match fields.get("text").and_then(Value::as_str) {
                    None | Some("") => self.wrong(&format!("{at}/text"), "missing required field"),
                    Some(_) => self.length(fields, "text", at, 12_000),
                }
            }
            // Real, but not looked into.
            Some("rich_text" | "video" | "table" | "file" | "input" | "context_actions") => {}
            Some(other) => self.wrong(&format!("{at}/type"), format!("unsupported type: {other}")),
            None => self.wrong(at, "missing required field: type"),
        }
    }

    fn section(&mut self, fields: &Map<String, Value>, at: &str) {
        self.only(fields, &["type", "block_id", "text", "fields", "accessory", "expand"], at);
        if fields.contains_key("text") || !fields.contains_key("fields") {
            self.text(fields.get("text"), &format!("{at}/text"), Kind::Any, 3_000);
        }
        if fields.contains_key("fields") {
            for (place, field) in self.list(fields, "fields", at, 10).iter().enumerate() {
                self.text(Some(field), &format!("{at}/fields/{place}"), Kind::Any, 2_000);
            }
        }
        if let Some(accessory) = fields.get("accessory") {
            let at = format!("{at}/accessory");
            match accessory.get("type").and_then(Value::as_str) {
                Some("image") => self.image(accessory, &at),
                _ => self.element(accessory, &at),
            }
        }
    }

    fn actions(&mut self, fields: &Map<String, Value>, at: &str) {
        self.only(fields, &["type", "block_id", "elements"], at);
        let mut seen = BTreeSet::new();
        for (place, element) in self.list(fields, "elements", at, 25).iter().enumerate() {
            let at = format!("{at}/elements/{place}");
            self.element(element, &at);
            if let Some(id) = element.get("action_id").and_then(Value::as_str)
                && !seen.insert(id.to_owned())
            {
                self.wrong(&format!("{at}/action_id"), format!("`action_id` {id} already exists"));
            }
        }
    }

    fn element(&mut self, element: &Value, at: &str) {
        let Some(fields) = element.as_object() else { return self.wrong(at, "should be object") };
        self.length(fields, "action_id", at, 255);
        if let Some(confirm) = fields.get("confirm") {
            self.confirm(confirm, &format!("{at}/confirm"));
        }
        match fields.get("type").and_then(Value::as_str) {
            Some("button") => {
                let known =
                    ["type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"];
                self.only(fields, &known, at);
                self.text(fields.get("text"), &format!("{at}/text"), Kind::Plain, 75);
                self.length(fields, "value", at, 2_000);
                self.length(fields, "url", at, 3_000);
                self.length(fields, "accessibility_label", at, 75);
                if let Some(url) = fields.get("url").and_then(Value::as_str)
                    && !["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
                {
                    self.wrong(&format!("{at}/url"), "must be a valid URL");
                }
                if fields.get("style").is_some_and(|style| *style != "primary" && *style != "danger") {
                    self.wrong(&format!("{at}/style"), "value must be one of primary, danger");
                }
            }
            Some("static_select") => {
                if let Some(placeholder) = fields.get("placeholder") {
                    self.text(Some(placeholder), &format!("{at}/placeholder"), Kind::Plain, 150);
                }
                for (place, option) in self.list(fields, "options", at, 100).iter().enumerate() {
                    let at = format!("{at}/options/{place}");
                    self.text(option.get("text"), &format!("{at}/text"), Kind::Plain, 75);
                    match option.as_object() {
                        // 75 or 150: the larger one is unconfirmed, so it passes.
                        Some(option) => self.length(option, "value", &at, 150),
                        None => self.wrong(&at, "should be object"),
                    }
                }
            }
            // Real elements that nothing here draws.
            Some(
                "overflow"
                | "datepicker"
                | "timepicker"
                | "datetimepicker"
                | "checkboxes"
                | "radio_buttons"
                | "users_select"
                | "channels_select"
                | "conversations_select"
                | "external_select"
                | "multi_static_select"
                | "workflow_button",
            ) => {}
            Some(other) => self.wrong(&format!("{at}/type"), format!("unsupported type: {other}")),
            None => self.wrong(at, "missing required field: type"),
        }
    }

    fn confirm(&mut self, confirm: &Value, at: &str) {
        self.text(confirm.get("title"), &format!("{at}/title"), Kind::Plain, 100);
        self.text(confirm.get("text"), &format!("{at}/text"), Kind::Any, 300);
        for button in ["confirm", "deny"] {
            if confirm.get(button).is_some() {
                self.text(confirm.get(button), &format!("{at}/{button}"), Kind::Plain, 30);
            }
        }
    }

    fn image(&mut self, image: &Value, at: &str) {
        if image.get("alt_text").and_then(Value::as_str).is_none() {
            self.wrong(at, "missing required field: alt_text");
        }
        if image.get("image_url").is_none() && image.get("slack_file").is_none() {
            self.wrong(at, "missing required field: image_url");
        }
    }

    /// A text object of 1 to `max` characters.
    fn text(&mut self, text: Option<&Value>, at: &str, kind: Kind, max: usize) {
        let Some(fields) = text.and_then(Value::as_object) else {
            return self.wrong(at, "missing required field");
        };
        match fields.get("type").and_then(Value::as_str) {
            Some("plain_text") => self.only(fields, &["type", "text", "emoji"], at),
            Some("mrkdwn") if kind == Kind::Any => self.only(fields, &["type", "text", "verbatim"], at),
            _ => self.wrong(&format!("{at}/type"), "unsupported type of text"),
        }
        match fields.get("text").and_then(Value::as_str) {
            None => self.wrong(&format!("{at}/text"), "must be a string"),
            Some("") => self.wrong(&format!("{at}/text"), "must be more than 0 characters"),
            Some(_) => self.length(fields, "text", at, max),
        }
    }

    /// At most so many characters, where it is there.
    fn length(&mut self, fields: &Map<String, Value>, name: &str, at: &str, max: usize) {
        match fields.get(name) {
            None => {}
            Some(Value::String(text)) if text.chars().count() <= max => {}
            Some(Value::String(_)) => {
                self.wrong(&format!("{at}/{name}"), format!("must be less than {} characters", max + 1));
            }
            Some(_) => self.wrong(&format!("{at}/{name}"), "must be a string"),
        }
    }

    /// A list of 1 to `max` items; nothing to look at when it is none.
    fn list<'a>(&mut self, fields: &'a Map<String, Value>, name: &str, at: &str, max: usize) -> &'a [Value] {
        let at = format!("{at}/{name}");
        let Some(list) = fields.get(name).and_then(Value::as_array) else {
            self.wrong(&at, "missing required field");
            return &[];
        };
        if list.is_empty() {
            self.wrong(&at, "no fewer than 1 items allowed");
        }
        if list.len() > max {
            self.wrong(&at, format!("no more than {max} items allowed"));
        }
        list
    }

    fn only(&mut self, fields: &Map<String, Value>, known: &[&str], at: &str) {
        for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
            self.wrong(at, format!("invalid additional property: {name}"));
        }
    }
}
