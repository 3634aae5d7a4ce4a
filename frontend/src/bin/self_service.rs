//! The bundle for phones: わたしの通知 and the ways in.

use frontend::{client::live, program, self_service::app::App};
use leptos::prelude::*;

fn main() {
    program::start(live::read_for_members, || view! { <App /> });
}
