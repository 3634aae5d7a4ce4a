//! Requests to the hub as pages, systems and providers make them, and what is read of the answers.

use hub::{Answer, Call};
use serde_json::Value;

/// Where people open the pages.
pub const PAGES: &str = "https://todoke.example";
/// What providers call.
pub const CALLBACKS: &str = "https://hooks.todoke.example";

/// A request; a `null` body is none.
///
/// # Panics
/// When `method` is none.
#[must_use]
pub fn call(method: &str, target: &str, headers: &[(&str, &str)], body: &Value) -> Call {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Call { method: method.parse().unwrap(), target: target.to_owned(), headers, body }
}

/// As a page of somebody with that cookie.
#[must_use]
pub fn page(method: &str, target: &str, cookie: &str, body: &Value) -> Call {
    call(method, target, &[("cookie", cookie), ("origin", PAGES), ("accept-language", "ja")], body)
}

/// As a system with that key.
#[must_use]
pub fn with_key(method: &str, target: &str, key: &str, body: &Value) -> Call {
    call(method, target, &[("authorization", &format!("Bearer {key}"))], body)
}

/// The answer's JSON, `null` when it is none.
#[must_use]
pub fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The cookie that an answer sets.
///
/// # Panics
/// When it sets none.
#[must_use]
pub fn session(answer: &Answer) -> String {
    let cookie =
        answer.headers.iter().find(|(name, _)| *name == "set-cookie").map(|(_, value)| value.as_str());
    cookie.and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned()
}
