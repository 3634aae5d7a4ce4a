//! アプリ: the list of apps, and the pages that each brings.

use super::{nowhere, whole};
use crate::console::{apps, part::Drawn, place::Place};

/// The page of a place of this program.
pub fn draw(place: Place) -> Drawn {
    match place {
        Place::Apps => whole(apps::page()),
        Place::App(app, rest) => apps::app(&app, &rest).unwrap_or_else(nowhere),
        _ => nowhere(),
    }
}
