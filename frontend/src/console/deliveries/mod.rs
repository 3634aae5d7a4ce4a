//! 配信: what was delivered, what was not, and why; live.

pub mod drawing;
pub mod feed;
pub mod filter;
pub mod model;
pub mod period;
pub mod texts;
pub mod words;

pub mod detail;
pub mod detail_parts;
pub mod filter_bar;
mod jobs;
pub mod list;
pub mod mail_frame;
mod picking;
pub mod preview;
pub mod row;
mod wire;

pub use list::DeliveriesPage;
