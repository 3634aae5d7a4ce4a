//! How futures take turns: each wake of a future asks for a microtask.

use wasm_bindgen::prelude::wasm_bindgen;

/// Before the first future runs, once for each instance: the platform's own `queueMicrotask` goes through the
/// runtime's C++ and cost a tenth of a callback's CPU (profiled in workerd 2026-04-26); a settled promise does the
/// same inside the engine.
#[wasm_bindgen(start)]
pub(crate) fn start() {
    turn_by_promise();
}

#[wasm_bindgen(inline_js = r"
export function turn_by_promise() {
    const settled = Promise.resolve();
    globalThis.queueMicrotask = (work) => { settled.then(work); };
}
")]
extern "C" {
    fn turn_by_promise();
}
