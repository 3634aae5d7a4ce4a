//! The bundle of 連携 and 設定, and of the set-up before them.

use frontend::{
    client::browser,
    console::{self, place::Program, programs, set_up},
    dom, program,
};

fn main() {
    if browser::path() == set_up::PATH {
        program::prepare(console::wire::read_live);
        return dom::mount("app", set_up::draw);
    }
    program::start(console::wire::read_live, || console::frame(Program::Settings, programs::settings::draw));
}
