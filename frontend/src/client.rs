//! The browser's side of the wire: requests, the live connection, who is signed in, and what the browser keeps.

pub mod browser;
pub mod http;
pub mod live;
pub mod session;

pub use http::{Failure, delete, get, post, post_empty, put, tell};
pub use session::Session;
