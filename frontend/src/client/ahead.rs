//! What `frontend/ahead.js` asked for before this program was there.

use js_sys::{Map, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The answer to `GET path`, once. `None`: not asked for, or not answered, so ask.
pub(super) async fn take(path: &str) -> Option<web_sys::Response> {
    let asked: Map = Reflect::get(&js_sys::global(), &"todokeAhead".into()).ok()?.dyn_into().ok()?;
    let path = JsValue::from_str(path);
    let answer: Promise = asked.get(&path).dyn_into().ok()?;
    asked.delete(&path);
    JsFuture::from(answer).await.ok()?.dyn_into().ok()
}
