//! Reading JSON by pointers (`/settings/bot_id`), with errors that name what is missing.

use serde_json::Value;

use crate::Result;

/// What is at `pointer`, or `null`.
pub(crate) fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    static NOTHING: Value = Value::Null;
    value.pointer(pointer).unwrap_or(&NOTHING)
}

/// The elements of the list at `pointer`; none when there is no list.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    at(value, pointer).as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

/// The text at `pointer`.
pub(crate) fn text(value: &Value, pointer: &str) -> Result<String> {
    at(value, pointer)
        .as_str()
        .map(ToOwned::to_owned)
        .ok_or_else(|| format!("{pointer} is missing in {value}"))
}
