//! The bundle for admins.

use frontend::{client::live, console::Console, program};
use leptos::prelude::*;

fn main() {
    program::start(live::read_for_admins, || view! { <Console /> });
}
