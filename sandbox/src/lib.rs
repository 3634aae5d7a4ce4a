//! A make-believe world of messengers, to try Todoke without a contract.
//!
//! - [`world`] is pure: no I/O, no clock, no ambient randomness. The same seed and the same calls give the
//!   same world. The simulation drives it in process with a virtual clock.
//! - [`server`] gives it faces on this machine: HTTP and SMTP as the providers speak them, a control API,
//!   and a page with phones.
//!
//! Written from the provider fact sheets alone, never from Todoke's own clients, so that a mistake there is
//! noticed here. Facts marked [D] or [C2] in the sheets are enforced, the rest is lenient.
//!
//! Where to start: [`world::World::http`], then `world/lineworks/mod.rs`.

pub mod contract;
pub mod server;
pub mod world;
