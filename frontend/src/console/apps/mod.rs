//! アプリ: what the hub does by itself beside notices. Today one, 勤怠.
//!
//! Where to start: [`list`] names the apps, [`attendance`] has the pages of 勤怠.

pub mod attendance;
mod list;
pub mod texts;

pub use list::page;

use super::part::Drawn;

/// The page of an app; `None` where there is none.
#[must_use]
pub fn app(code: &str, rest: &str) -> Option<Drawn> {
    (code == "attendance").then(|| attendance::page(rest)).flatten()
}
