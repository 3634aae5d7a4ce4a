//! Attendance by chat, as far as it needs no store: what a message means ([`words`]), what follows from
//! punches in the order of their times ([`punch`]), the sheet of a month ([`sheet`]) and its CSV ([`csv`]).
//!
//! The rules, in one place:
//! - The order of the punches' own times counts, never that of their arrival: everything that was ever said is
//!   kept with its outcome, and what comes late is put where it belongs.
//! - A shift belongs to the day on which it began, and lasts at most [`punch::LONGEST`].
//! - Times count by whole minutes, as people see them.

pub mod calendar;
pub mod csv;
pub mod punch;
pub mod sheet;
pub mod words;

pub use calendar::{Day, Month};
pub use punch::{Punch, PunchKind, Shift, Timeline, Why};
pub use words::{Keywords, Reading};
