//! The own small kit: native elements with the behaviour design.md asks for. Styles live in `styles/kit.css`, and in `kit_console.css` what phones never show.

pub mod button;
pub mod card;
pub(crate) mod controls;
pub mod dialog;
pub mod field;
pub(crate) mod file_drop;
pub mod form;
pub(crate) mod header;
pub mod icon;
pub mod load;
pub mod pointer;
pub mod quiet;
pub mod shell;
pub mod signed_in;
pub(crate) mod surfaces;
pub mod switch;
pub mod texts;
pub mod theme;
pub mod toast;
pub mod words;

pub use button::{Button, ButtonKind, LinkButton};
pub use card::{Badge, Banner, Card, Chips, Empty, Mark, Progress, StateBadge, Time, Tone, Why};
pub use dialog::Dialog;
pub use field::{Binding, Select, TextField};
pub use icon::Icon;
pub use load::{Loader, show};
pub use shell::{NavItem, PageTitle, Shell};
pub use signed_in::SignedIn;
pub use switch::Switch;
pub use toast::{Toasts, use_toasts};
