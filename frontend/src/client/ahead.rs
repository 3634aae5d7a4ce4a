//! What `frontend/ahead.js` asked for before this program was there.

use js_sys::{Array, Map, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Status and body of the answer to `GET path`, once. `None`: not asked for, or not answered, so ask.
pub(super) async fn take(path: &str) -> Option<(u16, String)> {
    let asked: Map = Reflect::get(&js_sys::global(), &"todokeAhead".into()).ok()?.dyn_into().ok()?;
    let path = JsValue::from_str(path);
    let answer: Promise = asked.get(&path).dyn_into().ok()?;
    asked.delete(&path);
    let answer: Array = JsFuture::from(answer).await.ok()?.dyn_into().ok()?;
    // A status has three digits.
    Some((answer.get(0).as_f64()? as u16, answer.get(1).as_string()?))
}
