//! 連携, 設定.

use super::{nowhere, whole};
use crate::console::{
    integrations::{connected, form_page, list as services},
    part::Drawn,
    place::Place,
    settings,
};

/// The page of a place of this program.
pub fn draw(place: Place) -> Drawn {
    match place {
        Place::Integrations => whole(services::page()),
        Place::Connect(provider) => whole(form_page::page(provider)),
        Place::Integration(id) => whole(connected::page(id)),
        Place::Settings(section, rest) => whole(settings::page(&section, &rest)),
        _ => nowhere(),
    }
}
