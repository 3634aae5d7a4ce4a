//! The pages of Todoke. Two programs share this crate and nothing else of each other: `self_service`, opened on
//! phones, and `console`, opened by admins. What a bundle does not call is not in it.
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
