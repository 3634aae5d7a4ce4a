//! The hub on the sandbox's world, in virtual time: what the simulation and the conversations share.
//!
//! - [`Outside`] is what survives a crash: the world, the store, the secrets, the alarm.
//! - [`Life`] is one start of the object. Every port call counts, yields and may be the last; after it nothing
//!   that the object still does has an effect, as on the platform.
//! - [`Machine`] is the shell: it opens the object, rings its alarm, posts the providers' callbacks.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test equipment: fail loudly"
)]

pub mod calls;
pub mod forms;
mod http;
mod life;
mod machine;
mod outside;
mod post;
pub mod talks;
mod tcp;

pub use life::Life;
pub use machine::{Machine, Watch};
pub use outside::{Door, Outside, Told};
pub use post::hook;
