//! Old scripts at their doors: each answer byte by byte, and what became of the notice.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "test equipment: fail loudly")]

mod api;
mod line_notify;
mod slack;
mod stage;
#[path = "../people/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the people's side")]
mod world;
