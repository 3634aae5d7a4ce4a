//! 連携: the services that carry notices. One row per service, a guided form for each, and what can be done with
//! a connection afterwards.
//!
//! Where to start: [`guide`] lists the forms, [`form_page`] draws them, [`connected`] is the page of a connection.

pub mod check;
pub mod choices;
pub mod deletion;
pub mod facts;
pub mod fields;
pub mod guide;
pub mod secrets;
pub mod words;

pub mod calendar;
pub mod check_view;
pub mod connected;
pub mod delete_dialog;
pub mod first_notice;
pub mod form_page;
pub mod install;
pub mod list;
pub mod matching;
pub mod preparing;
pub mod replace_dialog;
pub mod rooms;
pub mod saving;
