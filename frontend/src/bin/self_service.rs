//! The bundle for phones: わたしの通知 and the ways in.

use frontend::{client::live, dom, program, self_service::frame};

fn main() {
    program::prepare(live::read_for_members);
    dom::mount("app", frame::draw);
}
