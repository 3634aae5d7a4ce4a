//! ホーム, 配信, お知らせ.

use super::{nowhere, whole};
use crate::console::{
    announcements,
    deliveries::{DeliveriesPage, detail},
    home,
    part::{Draw, Drawn},
    place::Place,
};

/// The page of a place of this program.
pub fn draw(place: Place) -> Drawn {
    match place {
        Place::Home => whole(home::page()),
        Place::Unreachable => whole(home::unreachable_page()),
        Place::Deliveries => DeliveriesPage().drawn(),
        Place::Delivery(id) => whole(detail::page(id)),
        Place::Announcements => whole(announcements::list::page()),
        Place::NewAnnouncement => whole(announcements::compose::page()),
        Place::Announcement(id) => whole(announcements::shown::page(id)),
        _ => nowhere(),
    }
}
