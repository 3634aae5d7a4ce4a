//! The pages that members open on their phones, and the ways in. No admin code.

pub mod app;
pub mod channel_cards;
pub mod code;
pub mod kind_switches;
pub mod link_sign_in;
pub mod me;
pub mod notice_list;
pub mod notice_page;
pub mod notices;
pub mod setup;
pub mod setup_form;
pub mod sign_in;
pub mod texts;
pub mod unsubscribe;
