//! Linking people, installing apps and signing in at a provider, through `Hub::handle` and against providers
//! that answer by script: every refusal, and what is left in the store and in the vault.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test equipment: fail loudly"
)]

mod deleting;
mod google_chat;
mod install;
mod line;
mod line_refused;
mod lineworks;
mod reach;
mod slack;
mod stage;
mod web_push;
#[path = "../people/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the people's side")]
mod world;
