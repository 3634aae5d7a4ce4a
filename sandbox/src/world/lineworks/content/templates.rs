//! Buttons, lists and carousels (lineworks.md §3.5).

use serde_json::Value;

use super::actions::{self, Place, opt_action};
use super::{Fields, Invalid, LONG};

pub(super) fn buttons(fields: &Fields<'_>) -> Result<(), Invalid> {
    fields.text("contentText", LONG)?;
    fields.i18n("i18nContentTexts", "contentText", LONG)?;
    all(fields, "actions", fields.items("actions", 10)?, Place::Button)
}

pub(super) fn list(fields: &Fields<'_>) -> Result<(), Invalid> {
    if let Some(cover) = fields.get("coverData") {
        let cover = Fields::of(cover, &fields.name("coverData"))?;
        cover.opt_text("title", LONG)?;
        cover.opt_text("subtitle", LONG)?;
        cover.one_or_other("backgroundImageUrl", "backgroundFileId")?;
        cover.opt_https("backgroundImageUrl")?;
        cover.opt_text("backgroundFileId", LONG)?;
    }
    for element in objects(fields, "elements", fields.items("elements", 4)?)? {
        element.text("title", LONG)?;
        element.opt_text("subtitle", LONG)?;
        element.i18n("i18nTitles", "title", LONG)?;
        element.i18n("i18nSubtitles", "subtitle", LONG)?;
        opt_image(&element)?;
        opt_action(&element, "action", Place::List)?;
    }
    // Two rows of two.
    for (place, row) in fields.opt_items("actions", 2)?.unwrap_or_default().iter().enumerate() {
        let name = format!("actions[{place}]");
        match row.as_array() {
            Some(row) if row.len() <= 2 => all(fields, &name, row, Place::List)?,
            _ => return Err(fields.wrong(&name, "must be an array of at most 2 actions")),
        }
    }
    Ok(())
}

pub(super) fn carousel(fields: &Fields<'_>) -> Result<(), Invalid> {
    fields.opt_one_of("imageAspectRatio", &["rectangle", "square"])?;
    fields.opt_one_of("imageSize", &["cover", "contain"])?;
    let mut counts = Vec::new();
    for column in objects(fields, "columns", fields.items("columns", 10)?)? {
        opt_image(&column)?;
        let title = column.opt_text("title", 40)?;
        let pictured = column.has("originalContentUrl") || column.has("fileId");
        let max = if pictured || title.is_some_and(|t| !t.is_empty()) { 60 } else { 120 };
        column.text("text", max)?;
        opt_action(&column, "defaultAction", Place::CarouselDefault)?;
        let actions = column.items("actions", 3)?;
        all(&column, "actions", actions, Place::Carousel)?;
        counts.push(actions.len());
    }
    if counts.windows(2).any(|pair| pair.first() != pair.last()) {
        return Err(fields.wrong("columns", "must have the same number of actions each"));
    }
    Ok(())
}

pub(super) fn image_carousel(fields: &Fields<'_>) -> Result<(), Invalid> {
    for column in objects(fields, "columns", fields.items("columns", 10)?)? {
        column.one_or_other("originalContentUrl", "fileId")?;
        opt_image(&column)?;
        opt_action(&column, "action", Place::ImageCarousel)?;
    }
    Ok(())
}

/// Neither or one of URL and file.
fn opt_image(fields: &Fields<'_>) -> Result<(), Invalid> {
    if fields.has("originalContentUrl") && fields.has("fileId") {
        fields.one_or_other("originalContentUrl", "fileId")?;
    }
    fields.opt_https("originalContentUrl")?;
    fields.opt_text("fileId", LONG)?;
    Ok(())
}

fn all(parent: &Fields<'_>, field: &str, items: &[Value], place: Place) -> Result<(), Invalid> {
    for item in objects(parent, field, items)? {
        actions::check(&item, place)?;
    }
    Ok(())
}

fn objects<'a>(parent: &Fields<'_>, field: &str, items: &'a [Value]) -> Result<Vec<Fields<'a>>, Invalid> {
    let name = |place| format!("{}[{place}]", parent.name(field));
    items.iter().enumerate().map(|(place, item)| Fields::of(item, &name(place))).collect()
}
