//! ホーム: what is wrong now, today's deliveries, the last 30 days, what LINE will cost, and the way through the set-up.
//! [`model`] says what is shown, the rest draws it.

pub mod chart;
mod checklist;
pub mod model;
mod numbers;
mod page;
mod problems;
mod quota;
pub mod texts;
mod unreachable;
pub mod wire;

pub(crate) use page::page;
pub(crate) use unreachable::page as unreachable_page;
