//! Conversations with all messengers at once: the real hub over the sandbox's world, in virtual time.
//!
//! Each test ends with [`stage::Stage::end`], which finds everything that broke a vendor's contract on the way.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test: fail loudly"
)]

mod api_v1;
mod devices;
mod friends;
mod many;
mod paces;
mod repeats;
mod rush;
mod settles;
mod signatures;
mod stage;
