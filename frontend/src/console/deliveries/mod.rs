//! 配信: what was delivered, what was not, and why; live.

pub mod bubble;
pub mod feed;
pub mod filter;
pub mod words;

pub mod detail;
pub mod filter_bar;
pub mod list;
pub mod mail_frame;
pub mod preview;

pub use detail::DeliveryPage;
pub use list::DeliveriesPage;
