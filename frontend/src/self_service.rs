//! The pages that members open on their phones, and the ways in. No admin code. Drawn with [`crate::dom`].

pub mod account;
pub mod answers;
pub mod calendar;
pub mod channel_cards;
pub mod code;
pub mod frame;
pub mod friend;
pub mod kind_switches;
pub mod link_sign_in;
pub mod linking;
pub mod me;
pub mod notice_list;
pub mod notice_page;
pub mod notices;
pub mod push;
pub mod quiet;
pub mod route;
pub mod sign_in;
pub mod test_send;
pub mod texts;
pub mod unsubscribe;
