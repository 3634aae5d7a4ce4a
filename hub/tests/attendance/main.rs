//! Attendance by chat: what is said on a messenger, what is answered, and what stands on the sheet.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "test equipment: fail loudly")]

mod chat;
mod months;
mod people;
mod reminding;
mod settings;
mod stage;
mod store;
mod undoing;
#[path = "../people/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the people's side")]
mod world;
