//! The four programs of the console: each draws its own pages and carries no others.

pub mod apps;
pub mod console;
pub mod people;
pub mod settings;

use super::part::{Draw, Drawn};
use crate::{
    dom::{El, el},
    kit::signed_in::NotFound,
};

/// A page made of elements.
fn whole(page: Vec<El>) -> Drawn {
    el("div", "").children(page).place().drawn()
}

fn nowhere() -> Drawn {
    NotFound().drawn()
}
