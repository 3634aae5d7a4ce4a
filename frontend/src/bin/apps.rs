//! The bundle of アプリ.

use frontend::{
    console::{self, place::Program, programs},
    program,
};

fn main() {
    program::start(console::wire::read_live, || console::frame(Program::Apps, programs::apps::draw));
}
