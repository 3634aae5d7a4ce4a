//! An answer in any case.
//!
//! A panic ends the whole Wasm instance, and with it every future of every request that it was serving: in
//! one isolate the Worker and its objects share the instance (seen in workerd: the caller hung for good,
//! and a timer awaited in Rust hung with it). So the clock that gives up is JavaScript's. The next request
//! finds a new instance, which worker-build's shim starts.

use shared::{
    door::refusal::{Form, Refusal},
    error::{Code, Error, ErrorBody},
    lang::Lang,
};
use wasm_bindgen::prelude::wasm_bindgen;
use worker::js_sys::Promise;

/// `answer`, or a refusal in the form that `path` speaks when it has not come after `ms`.
pub(crate) fn within(ms: u32, answer: &Promise, path: &str, language: Option<&str>) -> Promise {
    let lang = Lang::from_tags(language.unwrap_or_default());
    let refusal = Form::of(path).map_or_else(
        || {
            let body = ErrorBody::of(&[Error::new(Code::Busy)], lang);
            let body = serde_json::to_vec(&body).unwrap_or_default();
            Refusal { status: Code::Busy.status(), content_type: "application/json", body }
        },
        |form| form.refusal(Code::Busy),
    );
    guarded(answer, ms, refusal.status, refusal.content_type, &String::from_utf8_lossy(&refusal.body))
}

#[wasm_bindgen(inline_js = r#"
export function guarded(answer, ms, status, type, body) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
            console.error(`no answer within ${ms} ms`);
            resolve(new Response(body, {
                status,
                headers: { "content-type": type, "cache-control": "no-store", "retry-after": "5" },
            }));
        }, ms);
        answer.then(
            (value) => { clearTimeout(timer); resolve(value); },
            (error) => { clearTimeout(timer); reject(error); },
        );
    });
}
"#)]
extern "C" {
    fn guarded(answer: &Promise, ms: u32, status: u16, content_type: &str, body: &str) -> Promise;
}
