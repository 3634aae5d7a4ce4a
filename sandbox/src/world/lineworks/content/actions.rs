//! Action objects and where each may stand (lineworks.md §3.7 [D]).

use super::{Fields, Invalid, LONG};

/// Where an action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Button,
    List,
    /// A carousel's buttons.
    Carousel,
    /// A carousel's `defaultAction`, which shows no label.
    CarouselDefault,
    ImageCarousel,
    QuickReply,
    Flex,
}

impl Place {
    fn takes_postback(self) -> bool {
        !matches!(self, Self::Button | Self::List)
    }

    fn needs_label(self) -> bool {
        matches!(self, Self::Button | Self::List | Self::Carousel | Self::QuickReply)
    }

    /// Elsewhere the label is sent when there is no text.
    fn needs_text(self) -> bool {
        !matches!(self, Self::Button | Self::List | Self::Flex)
    }

    fn label_max(self) -> usize {
        if self == Self::ImageCarousel { 12 } else { 20 }
    }
}

/// Checks the required action in this field.
pub(super) fn action(parent: &Fields<'_>, field: &str, place: Place) -> Result<(), Invalid> {
    let value = parent.get(field).ok_or_else(|| parent.wrong(field, "is required"))?;
    check(&Fields::of(value, &parent.name(field))?, place)
}

/// Checks the action in this field if there is one.
pub(super) fn opt_action(parent: &Fields<'_>, field: &str, place: Place) -> Result<(), Invalid> {
    if parent.has(field) { action(parent, field, place) } else { Ok(()) }
}

/// Checks one action.
pub(super) fn check(fields: &Fields<'_>, place: Place) -> Result<(), Invalid> {
    let max = place.label_max();
    if place.needs_label() {
        fields.text("label", max)?;
    } else {
        fields.opt_text("label", max)?;
    }
    fields.i18n("i18nLabels", "label", max)?;
    match fields.text("type", 100)? {
        "postback" if place.takes_postback() => {
            fields.text("data", 300)?;
            if place == Place::QuickReply {
                fields.text("displayText", 300)?;
            } else {
                fields.opt_text("displayText", 300)?;
            }
            fields.i18n("i18nDisplayTexts", "displayText", 300)?;
        }
        "postback" => return Err(fields.wrong("type", "postback cannot be used here")),
        "message" => {
            if place.needs_text() {
                fields.text("text", 300)?;
            } else {
                fields.opt_text("text", 300)?;
            }
            fields.opt_text("postback", LONG)?;
            fields.i18n("i18nTexts", "text", 300)?;
        }
        "uri" => {
            fields.text("uri", LONG)?;
        }
        "copy" => {
            fields.text("copyText", LONG)?;
        }
        "camera" | "cameraRoll" | "location" if place == Place::QuickReply => {}
        unknown => return Err(fields.wrong("type", &format!("cannot be used here: {unknown}"))),
    }
    Ok(())
}
