//! The bundle for phones: わたしの通知 and the ways in.

use frontend::{program, self_service::app::App};
use leptos::prelude::*;

fn main() {
    program::start(|| view! { <App /> });
}
