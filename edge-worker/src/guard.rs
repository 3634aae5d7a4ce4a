//! An answer in any case.
//!
//! A panic ends the whole Wasm instance, and with it every future of every request that it was serving: in
//! one isolate the Worker and its objects share the instance (seen in workerd: the caller hung for good,
//! and a timer awaited in Rust hung with it). So the clock that gives up is JavaScript's. The next request
//! finds a new instance, which worker-build's shim starts.

use shared::{
    error::{Code, Error, ErrorBody},
    lang::Lang,
};
use wasm_bindgen::prelude::wasm_bindgen;
use worker::js_sys::Promise;

/// `answer`, or 503 when it has not come after `ms`.
pub(crate) fn within(ms: u32, answer: &Promise, language: Option<&str>) -> Promise {
    let lang = Lang::from_tags(language.unwrap_or_default());
    let body = ErrorBody::of(&[Error::new(Code::Busy)], lang);
    guarded(answer, ms, Code::Busy.status(), &serde_json::to_string(&body).unwrap_or_default())
}

#[wasm_bindgen(inline_js = r#"
export function guarded(answer, ms, status, body) {
    let timer;
    const silence = new Promise((resolve) => {
        timer = setTimeout(() => {
            console.error(`no answer within ${ms} ms`);
            resolve(new Response(body, {
                status,
                headers: { "content-type": "application/json", "cache-control": "no-store", "retry-after": "5" },
            }));
        }, ms);
    });
    return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
}
"#)]
extern "C" {
    fn guarded(answer: &Promise, ms: u32, status: u16, body: &str) -> Promise;
}
