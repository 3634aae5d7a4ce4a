//! The people side of the hub through `Hub::handle`: status, JSON, and what is left in the store.

mod members;
mod settings;
mod sign_in;
mod world;
