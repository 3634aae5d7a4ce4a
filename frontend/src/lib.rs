//! The pages of Todoke. Five programs share this crate: `self_service`, opened on phones, and the console of the
//! admins in four parts, `console`, `people`, `apps` and `settings`. What a bundle does not call is not in it.
//!
//! Where to start: [`client`] talks to the Worker, [`i18n`] says everything twice, [`kit`] is the set of
//! components, [`self_service`] and [`console`] are the pages.

pub mod client;
pub mod console;
pub mod dom;
pub mod i18n;
pub mod kit;
pub mod program;
pub mod self_service;
