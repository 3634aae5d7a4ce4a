//! The `content` object of a message, checked by type (lineworks.md §3.5 to §3.7).

mod actions;
mod flex;
mod templates;

use serde_json::Value;

use super::fields::{Fields, Invalid};
use actions::{Place, action};

/// Extensions of files that are blocked unless an administrator allows them.
const BLOCKED: [&str; 10] = ["bat", "cmd", "com", "cpl", "exe", "scr", "js", "vbs", "wsf", "hta"];

/// Longest text of a text message.
const TEXT_MAX: usize = 2000;

/// Longest text of most template fields.
const LONG: usize = 1000;

/// Checks a whole content; the error names the field.
pub(super) fn check(content: &Value) -> Result<(), Invalid> {
    let fields = Fields::of(content, "content")?;
    match fields.text("type", 100)? {
        "text" => {
            fields.text("text", TEXT_MAX)?;
            fields.i18n("i18nTexts", "text", TEXT_MAX)?;
        }
        "image" | "video" => preview_and_original(&fields)?,
        "file" => file(&fields)?,
        "audio" => audio(&fields)?,
        "location" => {
            fields.text("title", 100)?;
            fields.text("address", 100)?;
            coordinate(&fields, "latitude", 90.0)?;
            coordinate(&fields, "longitude", 180.0)?;
        }
        "sticker" => {
            fields.text("packageId", 100)?;
            fields.text("stickerId", 100)?;
        }
        "link" => {
            fields.text("contentText", LONG)?;
            fields.text("linkText", LONG)?;
            fields.text("link", LONG)?;
            fields.i18n("i18nContentTexts", "contentText", LONG)?;
            fields.i18n("i18nLinkTexts", "linkText", LONG)?;
        }
        "button_template" => templates::buttons(&fields)?,
        "list_template" => templates::list(&fields)?,
        "carousel" => templates::carousel(&fields)?,
        "image_carousel" => templates::image_carousel(&fields)?,
        "flex" => flex::check(&fields)?,
        unknown => return Err(fields.wrong("type", &format!("is unknown: {unknown}"))),
    }
    quick_reply(&fields)
}

fn quick_reply(fields: &Fields<'_>) -> Result<(), Invalid> {
    let Some(value) = fields.get("quickReply") else { return Ok(()) };
    let reply = Fields::of(value, &fields.name("quickReply"))?;
    for (place, item) in reply.items("items", 13)?.iter().enumerate() {
        let item = Fields::of(item, &format!("{}[{place}]", reply.name("items")))?;
        item.opt_https("imageUrl")?;
        action(&item, "action", Place::QuickReply)?;
    }
    Ok(())
}

/// `fileId`, or both URLs.
fn preview_and_original(fields: &Fields<'_>) -> Result<(), Invalid> {
    fields.one_or_other("originalContentUrl", "fileId")?;
    if fields.has("fileId") {
        fields.text("fileId", LONG)?;
        if fields.has("previewImageUrl") {
            return Err(fields.wrong("previewImageUrl", "does not go with fileId"));
        }
        return Ok(());
    }
    fields.https("originalContentUrl")?;
    fields.https("previewImageUrl")?;
    Ok(())
}

fn file(fields: &Fields<'_>) -> Result<(), Invalid> {
    fields.one_or_other("originalContentUrl", "fileId")?;
    let Some(url) = fields.opt_https("originalContentUrl")? else {
        return fields.text("fileId", LONG).map(drop);
    };
    let name = url.split(['?', '#']).next().unwrap_or_default();
    let extension = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if BLOCKED.contains(&extension.as_str()) {
        return Err(fields.wrong("originalContentUrl", "has a blocked extension"));
    }
    Ok(())
}

fn audio(fields: &Fields<'_>) -> Result<(), Invalid> {
    fields.one_or_other("originalContentUrl", "fileId")?;
    fields.opt_https("originalContentUrl")?;
    fields.opt_text("fileId", LONG)?;
    match fields.keys().find(|key| {
        !["type", "originalContentUrl", "fileId", "quickReply"].contains(key) && !key.starts_with("i18n")
    }) {
        Some(unknown) => Err(fields.wrong(unknown, "is unknown")),
        None => Ok(()),
    }
}

fn coordinate(fields: &Fields<'_>, field: &str, most: f64) -> Result<(), Invalid> {
    if fields.number(field)?.abs() > most { Err(fields.wrong(field, "is out of range")) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
