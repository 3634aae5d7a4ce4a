//! Clients of the messengers: each turns one delivery into one [`shared::delivery::Outcome`].

pub mod lineworks;
pub mod mail;
