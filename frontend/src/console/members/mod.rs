//! メンバー: the people who get notices. Where to start: [`list`] finds them, [`edit`] is one of them, [`import`]
//! brings thousands.

pub mod companies;
pub mod edit;
pub mod encoding;
pub mod fields;
pub mod import;
pub mod list;
pub mod person;
pub mod query;
pub mod texts;
pub mod tools;
pub mod wire;

pub use edit::{MemberPage, NewMemberPage};
pub use list::MembersPage;
