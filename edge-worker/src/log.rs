//! Lines for the operator, behind [`hub::ports::Log`]: they show in `wrangler tail` and the dashboard.

use hub::ports::Log;
use worker::console_log;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Console;

impl Log for Console {
    fn line(&self, text: &str) {
        console_log!("{text}");
    }
}
