//! The bundle of メンバー and 通知ルール.

use frontend::{
    console::{self, place::Program, programs},
    program,
};

fn main() {
    program::start(console::wire::read_live, || console::frame(Program::People, programs::people::draw));
}
