//! 配信: what was delivered, what was not, and why; live.

pub mod bubble;
pub mod feed;
pub mod filter;
pub mod words;

mod detail;
pub(crate) mod filter_bar;
mod list;
mod mail_frame;
mod preview;

pub use detail::DeliveryPage;
pub use list::DeliveriesPage;
