//! The people side of the hub through `Hub::handle`: status, JSON, and what is left in the store.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test equipment: fail loudly"
)]

mod home;
mod imports;
mod leaving;
mod meanwhile;
mod members;
mod quiet;
mod settings;
mod sign_in;
mod workspace;
mod world;
