//! メンバー: the people who get notices.

pub mod query;

pub mod edit;
pub mod list;

pub use edit::{MemberPage, NewMemberPage};
pub use list::MembersPage;
