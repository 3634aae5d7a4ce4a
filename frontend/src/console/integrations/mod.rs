//! 連携: the services that carry notices. One row per service, a guided form for each, and what can be done with
//! a connection afterwards.

pub mod check;
pub mod deletion;

pub mod check_view;
pub mod connected;
pub mod delete_dialog;
pub mod lineworks_form;
pub mod list;
pub mod mail_form;
pub mod matching;
pub mod replace_dialog;
pub mod saving;

pub use connected::IntegrationPage;
pub use lineworks_form::LineworksPage;
pub use list::IntegrationsPage;
pub use mail_form::MailPage;
