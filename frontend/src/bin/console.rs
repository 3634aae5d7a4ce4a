//! The bundle of ホーム, 配信 and お知らせ.

use frontend::{
    console::{self, place::Program, programs},
    program,
};

fn main() {
    program::start(console::wire::read_live, || console::frame(Program::Console, programs::console::draw));
}
