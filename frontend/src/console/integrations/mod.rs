//! 連携: the services that carry notices. One row per service, a guided form for each, and what can be done with
//! a connection afterwards.

pub mod check;
pub mod deletion;

mod check_view;
mod connected;
mod delete_dialog;
mod lineworks_form;
mod list;
mod mail_form;
mod matching;
mod replace_dialog;
mod saving;

pub use connected::IntegrationPage;
pub use lineworks_form::LineworksPage;
pub use list::IntegrationsPage;
pub use mail_form::MailPage;
