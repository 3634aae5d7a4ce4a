//! The bundle for admins.

fn main() {
    frontend::program::start(|| leptos::view! { <frontend::console::Console /> });
}
