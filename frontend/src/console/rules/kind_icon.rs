//! What a workspace's own kinds are drawn with.

use shared::{kind::ICONS, lang::Text};

use super::texts;
use crate::dom::{El, drawn};

/// The drawing of one of [`ICONS`]; of the first for any other word.
pub(super) fn drawing(icon: &str) -> El {
    drawn("icon shrink-0", "0 0 20 20", path(icon))
}

/// Codes and what to call them.
pub(super) fn all() -> [(&'static str, Text); 10] {
    ICONS.map(|icon| (icon, name(icon)))
}

fn name(icon: &str) -> Text {
    match icon {
        "flag" => texts::ICON_FLAG,
        "box" => texts::ICON_BOX,
        "truck" => texts::ICON_TRUCK,
        "wrench" => texts::ICON_WRENCH,
        "yen" => texts::ICON_YEN,
        "calendar" => texts::ICON_CALENDAR,
        "heart" => texts::ICON_HEART,
        "shield" => texts::ICON_SHIELD,
        "flame" => texts::ICON_FLAME,
        _ => texts::ICON_BELL,
    }
}

fn path(icon: &str) -> &'static str {
    match icon {
        "flag" => "M5 17V3.5M5 4h10l-2.500 3.500L15 11H5",
        "box" => "M10 3 16.500 6.500v7L10 17l-6.500-3.500v-7zM3.500 6.500 10 10l6.500-3.500M10 10v7",
        "truck" => {
            "M2.500 5.500h9v8h-9zM11.500 8.500h3.500l2.500 2.500v2.500h-6M6 15.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3ZM14.500 15.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3Z"
        }
        "wrench" => {
            "M16.500 6.500a4 4 0 0 1-5.300 3.800L6 15.500a1.400 1.400 0 0 1-2-2l5.200-5.200A4 4 0 0 1 14 3.500L11.800 5.700l2.500 2.500z"
        }
        "yen" => "M5 3.500 10 10l5-6.500M10 10v6.500M6 10.500h8M6 13.500h8",
        "calendar" => "M4 5h12v11.500H4zM4 8.500h12M7 3v3.500M13 3v3.500",
        "heart" => {
            "M10 16.500 4 10.300a3.600 3.600 0 0 1 5.100-5.100l.9.900.9-.9A3.600 3.600 0 0 1 16 10.300z"
        }
        "shield" => "M10 3 16 5v5c0 3.500-2.500 5.800-6 7-3.500-1.200-6-3.500-6-7V5z",
        "flame" => {
            "M10 3c.5 3 4.500 4.800 4.500 9a4.500 4.500 0 0 1-9 0c0-1.800.9-3 2-4 .2 1.200.8 1.800 1.500 2C9 7.500 8.800 5 10 3Z"
        }
        _ => "M5 13V9a5 5 0 0 1 10 0v4l1.500 1.500h-13zM8.500 17h3",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_a_drawing_of_its_own() {
        let mut paths = ICONS.map(path).to_vec();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), ICONS.len());
        let mut names = ICONS.map(|icon| name(icon).ja).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ICONS.len());
    }
}
