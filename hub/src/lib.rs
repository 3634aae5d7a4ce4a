//! The application of Todoke: use cases, store, providers, callbacks.
//!
//! Where to start: [`Hub`] is one workspace. `http` turns a request into a use case, `events` accepts a
//! notice, `dispatch` sends it, `callbacks` takes what comes back. Everything outside (SQL, secrets, HTTP,
//! TCP, time, randomness, live pages) is a trait in [`ports`]; `edge-worker` implements them on the
//! platform and `native` (feature) on this machine.

mod absences;
mod actions;
mod announcements;
mod apps;
mod attempt;
mod attempt_many;
mod audience;
mod audit;
mod cache;
mod callbacks;
mod clients;
mod companies;
mod deliveries;
mod dispatch;
mod doors;
mod errands;
mod events;
mod export;
mod home;
mod http;
mod inbox;
mod integrations;
mod kinds;
mod line_cost;
mod linking;
mod me;
mod members;
mod mentions;
mod queue;
mod quiet;
mod reading;
mod retention;
mod rules;
mod sessions;
mod settings;
mod setup;
mod sign_in;
mod unsubscribe;
mod webhooks;
mod workspace;

pub mod call;
pub mod hub;
#[cfg(feature = "native")]
pub mod native;
pub mod ports;
pub mod providers;
pub mod refusal;
pub mod store;
pub mod vault;

pub use call::{Answer, Call};
pub use hub::{Config, Endpoints, Hub, OpenError};
