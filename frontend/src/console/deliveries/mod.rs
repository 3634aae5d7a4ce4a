//! 配信: what was delivered, what was not, and why; live.

pub mod drawing;
pub mod feed;
pub mod filter;
pub mod model;
pub mod words;

pub mod detail;
pub mod detail_parts;
pub mod filter_bar;
pub mod list;
pub mod mail_frame;
pub mod preview;
pub mod row;

pub use list::DeliveriesPage;
