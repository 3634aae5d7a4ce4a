//! Flex messages: a near relative of consumer LINE's (lineworks.md §3.5 [C2+D]). The tree is checked for
//! known component types, their required parts and actions; looks (sizes, colours) are left alone.

use serde_json::Value;

use super::actions::{Place, action, opt_action};
use super::{Fields, Invalid};

const CAROUSEL_MAX_BYTES: usize = 15 * 1024;

pub(super) fn check(fields: &Fields<'_>) -> Result<(), Invalid> {
    fields.text("altText", 400)?;
    let value = fields.get("contents").ok_or_else(|| fields.wrong("contents", "is required"))?;
    let contents = Fields::of(value, &fields.name("contents"))?;
    match contents.text("type", 100)? {
        "bubble" => bubble(&contents),
        "carousel" => {
            if value.to_string().len() > CAROUSEL_MAX_BYTES {
                return Err(fields.wrong("contents", "exceeds 15 KB"));
            }
            each(&contents, "contents", contents.items("contents", 10)?, |item| {
                match item.text("type", 100)? {
                    "bubble" => bubble(item),
                    _ => Err(item.wrong("type", "must be bubble")),
                }
            })
        }
        _ => Err(contents.wrong("type", "must be bubble or carousel")),
    }
}

fn bubble(fields: &Fields<'_>) -> Result<(), Invalid> {
    let blocks = ["header", "hero", "body", "footer"];
    if !blocks.iter().any(|block| fields.has(block)) {
        return Err(fields.wrong("body", "is required"));
    }
    for block in blocks {
        let Some(value) = fields.get(block) else { continue };
        let inner = Fields::of(value, &fields.name(block))?;
        let kind = inner.text("type", 100)?;
        if kind != "box" && (block != "hero" || !matches!(kind, "image" | "video")) {
            return Err(inner.wrong("type", "cannot stand here"));
        }
        component(&inner)?;
    }
    opt_action(fields, "action", Place::Flex)
}

fn component(fields: &Fields<'_>) -> Result<(), Invalid> {
    match fields.text("type", 100)? {
        "box" => {
            if fields.opt_one_of("layout", &["horizontal", "vertical", "baseline"])?.is_none() {
                return Err(fields.wrong("layout", "is required"));
            }
            let items = fields.opt_items("contents", usize::MAX)?;
            let items = items.ok_or_else(|| fields.wrong("contents", "is required"))?;
            each(fields, "contents", items, component)?;
        }
        "button" => return action(fields, "action", Place::Flex),
        "image" | "icon" | "video" => {
            fields.https("url")?;
        }
        "text" => {
            if !fields.has("contents") {
                fields.text("text", usize::MAX)?;
            }
            let spans = fields.opt_items("contents", usize::MAX)?.unwrap_or_default();
            each(fields, "contents", spans, |item| match item.text("type", 100)? {
                "span" => item.opt_text("text", usize::MAX).map(drop),
                _ => Err(item.wrong("type", "must be span")),
            })?;
        }
        "separator" | "filler" | "spacer" => {}
        unknown => return Err(fields.wrong("type", &format!("is unknown: {unknown}"))),
    }
    opt_action(fields, "action", Place::Flex)
}

fn each(
    parent: &Fields<'_>,
    field: &str,
    items: &[Value],
    check: impl Fn(&Fields<'_>) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    for (place, item) in items.iter().enumerate() {
        check(&Fields::of(item, &format!("{}[{place}]", parent.name(field)))?)?;
    }
    Ok(())
}
