//! What every part of Todoke agrees on: words, forms, decisions. Pure: no I/O, no clock, no randomness, so the
//! browser, the Worker and the tests run the very same code.
//!
//! Where to start: [`routing`] decides who gets what, [`delivery`] what follows from a provider's answer,
//! [`kind`] is the catalogue, [`api`] the wire forms, [`render`] turns a message into a provider's form.

pub mod agent;
pub mod api;
pub mod attendance;
pub mod bucket;
pub mod channel;
pub mod check;
pub mod csv;
pub mod delivery;
pub mod door;
pub mod error;
pub mod ics;
pub mod id;
pub mod inbound;
pub mod integration;
pub mod kind;
pub mod lang;
pub mod members_csv;
pub mod message;
pub mod quiet;
pub mod render;
pub mod routing;
pub mod search;
pub mod signature;
pub mod time;
pub mod validate;
pub mod zone;
