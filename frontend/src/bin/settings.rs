//! The bundle of 連携 and 設定.

use frontend::{
    console::{self, place::Program, programs},
    program,
};

fn main() {
    program::start(console::wire::read_live, || console::frame(Program::Settings, programs::settings::draw));
}
