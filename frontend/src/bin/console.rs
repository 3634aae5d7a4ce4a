//! The bundle for admins.

use frontend::{
    console::{Console, wire},
    program,
};
use leptos::prelude::*;

fn main() {
    program::start(wire::read_live, || view! { <Console /> });
}
