//! Cards v2 in messages (google_chat.md §4): what the discovery document only says in prose. Fields and
//! their types are the contract's affair.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::error::Refusal;

const CARD_MAX_BYTES: usize = 32_000;
const WIDGETS_MAX: usize = 100;
const COLUMNS_MAX: usize = 2;

/// What a widget can be. Beside it stand only looks, such as `horizontalAlignment`.
const WIDGETS: [&str; 11] = [
    "textParagraph",
    "image",
    "decoratedText",
    "buttonList",
    "textInput",
    "selectionInput",
    "dateTimePicker",
    "divider",
    "grid",
    "columns",
    "carousel",
];
const INPUTS: [&str; 3] = ["textInput", "selectionInput", "dateTimePicker"];

/// What a press can do. A nested card and a dynamic link belong to add-ons.
const CLICKS: [&str; 3] = ["openLink", "action", "overflowMenu"];

/// Something in a message that can be pressed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Button {
    /// From 0, in the order of the JSON text.
    pub(super) no: usize,
    pub(super) label: String,
    pub(super) on_click: Value,
}

/// Checks the cards and accessory widgets of a message's body; `http` links become `https`.
pub(super) fn check(body: &mut Value, by_app: bool) -> Result<(), Refusal> {
    let check = Check { by_app };
    if let Some(cards) = body.get_mut("cardsV2").and_then(Value::as_array_mut) {
        let ids: Vec<String> = cards.iter().map(|card| text(card, "cardId").to_owned()).collect();
        if cards.len() > 1 && ids.iter().any(String::is_empty) {
            return wrong("cardsV2.cardId", "is required when there are several cards");
        }
        if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
            return wrong("cardsV2.cardId", "must be unique");
        }
        for (place, card) in cards.iter_mut().enumerate() {
            check
                .card(card.get_mut("card").unwrap_or(&mut Value::Null), &format!("cardsV2[{place}].card"))?;
        }
    }
    let Some(accessories) = body.get_mut("accessoryWidgets").and_then(Value::as_array_mut) else {
        return Ok(());
    };
    if !by_app && !accessories.is_empty() {
        return wrong("accessoryWidgets", "need app authentication");
    }
    for (place, accessory) in accessories.iter_mut().enumerate() {
        let at = format!("accessoryWidgets[{place}].buttonList.buttons");
        check.buttons(accessory.pointer_mut("/buttonList/buttons"), &at)?;
    }
    Ok(())
}

/// Everything that can be pressed.
pub(super) fn buttons(body: &Value) -> Vec<Button> {
    let mut body = body.clone();
    let mut buttons = Vec::new();
    visit(&mut body, &mut |fields| {
        let on_click = fields.get("onClick").cloned().unwrap_or_default();
        let label = ["text", "label", "altText", "title"].iter().find_map(|name| fields.get(*name)?.as_str());
        let label = label.unwrap_or_default().to_owned();
        buttons.push(Button { no: buttons.len(), label, on_click });
    });
    buttons
}

/// The body with `"_button": n` in everything that can be pressed, so that a page can draw it as it is.
pub(super) fn with_buttons(body: &Value) -> Value {
    let mut body = body.clone();
    let mut next = 0;
    visit(&mut body, &mut |fields| {
        fields.insert("_button".into(), json!(next));
        next += 1;
    });
    body
}

/// Visits every object that has an `onClick` of its own and is not disabled.
fn visit(value: &mut Value, each: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, each)),
        Value::Object(fields) => {
            if fields.contains_key("onClick") && fields.get("disabled") != Some(&Value::Bool(true)) {
                each(fields);
            }
            fields.values_mut().for_each(|field| visit(field, each));
        }
        _ => {}
    }
}

struct Check {
    by_app: bool,
}

impl Check {
    fn card(&self, card: &mut Value, at: &str) -> Result<(), Refusal> {
        if card.to_string().len() > CARD_MAX_BYTES {
            return wrong(at, "is too large");
        }
        if let Some(header) = card.get("header").filter(|header| !header.is_null()) {
            if text(header, "title").is_empty() {
                return wrong(&format!("{at}.header.title"), "is required");
            }
            https(header, "imageUrl", &format!("{at}.header"))?;
        }
        for field in ["fixedFooter", "cardActions"] {
            if card.get(field).is_some_and(|value| !value.is_null()) {
                return wrong(&format!("{at}.{field}"), "is not for card messages");
            }
        }
        let Some(sections) = card.get_mut("sections").and_then(Value::as_array_mut).filter(|s| !s.is_empty())
        else {
            return wrong(&format!("{at}.sections"), "is required");
        };
        let mut count = 0;
        for (place, section) in sections.iter_mut().enumerate() {
            let at = format!("{at}.sections[{place}].widgets");
            let widgets = section.get_mut("widgets").and_then(Value::as_array_mut).filter(|w| !w.is_empty());
            let Some(widgets) = widgets else { return wrong(&at, "needs at least one widget") };
            for (place, widget) in widgets.iter_mut().enumerate() {
                self.widget(widget, &format!("{at}[{place}]"), &mut count)?;
            }
        }
        if count > WIDGETS_MAX { wrong(at, "has more than 100 widgets") } else { Ok(()) }
    }

    fn widget(&self, widget: &mut Value, at: &str, count: &mut usize) -> Result<(), Refusal> {
        *count += 1;
        let kinds: Vec<&str> =
            WIDGETS.iter().chain(&["chipList"]).copied().filter(|k| has(widget, k)).collect();
        let [kind] = kinds.as_slice() else { return wrong(at, "must be exactly one widget") };
        let kind = *kind;
        let at = format!("{at}.{kind}");
        if INPUTS.contains(&kind) && !self.by_app {
            return wrong(&at, "needs a Chat app");
        }
        let Some(inner) = widget.get_mut(kind) else { return Ok(()) };
        match kind {
            "textParagraph" => required(inner, "text", &at)?,
            "decoratedText" => {
                if !has(inner, "contentText") {
                    required(inner, "text", &at)?;
                }
                if let Some(button) = inner.get_mut("button").filter(|button| !button.is_null()) {
                    self.button(button, &format!("{at}.button"))?;
                }
            }
            "image" => {
                required(inner, "imageUrl", &at)?;
                https(inner, "imageUrl", &at)?;
            }
            "buttonList" => self.buttons(inner.get_mut("buttons"), &format!("{at}.buttons"))?,
            "chipList" => {
                for chip in inner.get_mut("chips").and_then(Value::as_array_mut).into_iter().flatten() {
                    self.click(chip, &at)?;
                }
            }
            "columns" => {
                let items = inner.get_mut("columnItems").and_then(Value::as_array_mut);
                let Some(items) = items.filter(|items| !items.is_empty() && items.len() <= COLUMNS_MAX)
                else {
                    return wrong(&at, "must have one or two columns");
                };
                for column in items {
                    for widget in
                        column.get_mut("widgets").and_then(Value::as_array_mut).into_iter().flatten()
                    {
                        self.widget(widget, &at, count)?;
                    }
                }
            }
            _ => {}
        }
        self.click(inner, &at)
    }

    fn buttons(&self, buttons: Option<&mut Value>, at: &str) -> Result<(), Refusal> {
        let Some(buttons) = buttons.and_then(Value::as_array_mut).filter(|buttons| !buttons.is_empty())
        else {
            return wrong(at, "is required");
        };
        for (place, button) in buttons.iter_mut().enumerate() {
            self.button(button, &format!("{at}[{place}]"))?;
        }
        Ok(())
    }

    fn button(&self, button: &mut Value, at: &str) -> Result<(), Refusal> {
        if text(button, "text").is_empty() && !has(button, "icon") {
            return wrong(&format!("{at}.text"), "or icon is required");
        }
        if !has(button, "onClick") {
            return wrong(&format!("{at}.onClick"), "is required");
        }
        self.click(button, at)
    }

    /// The `onClick` of `holder`, if it has one.
    fn click(&self, holder: &mut Value, at: &str) -> Result<(), Refusal> {
        let Some(click) = holder.get_mut("onClick").filter(|click| !click.is_null()) else { return Ok(()) };
        let at = format!("{at}.onClick");
        let kinds: Vec<&str> =
            click.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
        let kind = match kinds.as_slice() {
            [kind] if CLICKS.contains(kind) => (*kind).to_owned(),
            _ => return wrong(&at, "must be exactly one of openLink, action and overflowMenu"),
        };
        match kind.as_str() {
            "openLink" => self.link(click.pointer_mut("/openLink/url"), &at),
            "action" if !self.by_app => wrong(&at, "action needs a Chat app"),
            "action" => {
                let function = click.pointer("/action/function").and_then(Value::as_str).unwrap_or_default();
                if function.is_empty() {
                    wrong(&format!("{at}.action.function"), "is required")
                } else {
                    Ok(())
                }
            }
            _ => {
                let items = click.pointer_mut("/overflowMenu/items").and_then(Value::as_array_mut);
                let Some(items) = items.filter(|items| !items.is_empty()) else {
                    return wrong(&at, "overflowMenu.items is required");
                };
                items.iter_mut().try_for_each(|item| self.button(item, &at))
            }
        }
    }

    /// `http` is upgraded to `https`.
    fn link(&self, url: Option<&mut Value>, at: &str) -> Result<(), Refusal> {
        let at = format!("{at}.openLink.url");
        let Some(url) = url else { return wrong(&at, "is required") };
        let upgraded = url.as_str().and_then(|url| Some(format!("https://{}", url.strip_prefix("http://")?)));
        if let Some(upgraded) = upgraded {
            *url = upgraded.into();
        }
        let known = ["https://", "mailto:", "tel:"];
        let good = url.as_str().is_some_and(|url| known.iter().any(|scheme| url.starts_with(scheme)));
        if good { Ok(()) } else { wrong(&at, "is invalid") }
    }
}

fn has(value: &Value, field: &str) -> bool {
    value.get(field).is_some_and(|value| !value.is_null())
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn required(value: &Value, field: &str, at: &str) -> Result<(), Refusal> {
    if text(value, field).is_empty() { wrong(&format!("{at}.{field}"), "is required") } else { Ok(()) }
}

fn https(value: &Value, field: &str, at: &str) -> Result<(), Refusal> {
    let url = text(value, field);
    if url.is_empty() || url.starts_with("https://") {
        Ok(())
    } else {
        wrong(&format!("{at}.{field}"), "must be an https URL")
    }
}

fn wrong(at: &str, what: &str) -> Result<(), Refusal> {
    Err(Refusal::invalid(format!("Invalid value at '{at}': {what}.")))
}
