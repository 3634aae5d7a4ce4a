//! Absences through `Hub::handle`: entering them, the feed, and LINE WORKS calendars against a provider that keeps
//! events and fails by script.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test equipment: fail loudly"
)]

mod calendars;
mod entering;
mod feed;
mod stage;
mod store;
#[path = "../people/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the people's side")]
mod world;
