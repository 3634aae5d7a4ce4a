//! The simulation's ports: the hub's outside, made of the sandbox's [`sandbox::world::World`] and a virtual
//! clock.
//!
//! - [`Outside`] is what survives a crash: the world, the store, the secrets, the alarm.
//! - [`Life`] is one start of the object. Every port call counts, yields and may be the last; after it nothing
//!   that the object still does has an effect, as on the platform.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test equipment: fail loudly")]

mod http;
mod life;
mod outside;
mod tcp;

pub use life::Life;
pub use outside::{Door, Outside};
