//! お知らせ: what an admin writes to people by hand. [`draft`] is the form as plain data, kept by the browser until
//! it is sent; [`compose`] draws it.

pub mod draft;
pub mod texts;

mod audience;
pub mod compose;
mod content;
pub mod list;
mod sending;
pub mod shown;
mod wire;
