//! `X-Line-Retry-Key` (line.md §3.2).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::Reply;
use super::{Call, Line, refusal};

const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1000;
const HEADER: &str = "x-line-retry-key";

/// Accepted keys by channel and key.
pub(super) type Retries = BTreeMap<(i64, String), Accepted>;

/// What was accepted with a key.
#[derive(Debug, Clone)]
pub(crate) struct Accepted {
    request_id: String,
    sent: Option<Value>,
    at: i64,
}

/// Refuses a malformed key, and any key where none belongs.
pub(super) fn check_header(call: &Call<'_>, operation: &str) -> Result<(), Reply> {
    let Some(key) = call.request.header(HEADER) else { return Ok(()) };
    if !matches!(operation, "push" | "multicast") {
        return Err(refusal(400, "The header, X-Line-Retry-Key, is not supported"));
    }
    let lengths: Vec<usize> = key.split('-').map(str::len).collect();
    let hex = key.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit());
    if lengths != [8, 4, 4, 4, 12] || !hex {
        return Err(refusal(400, "The value of the header, X-Line-Retry-Key, is invalid"));
    }
    Ok(())
}

impl Line {
    /// The 409 of a key that was accepted within the last 24 hours.
    pub(super) fn already_accepted(&mut self, call: &Call<'_>) -> Result<(), Reply> {
        self.retries.retain(|_, accepted| call.now_ms - accepted.at < REMEMBERED_MS);
        let Some(accepted) = key(call).and_then(|key| self.retries.get(&key)) else { return Ok(()) };
        let mut body = json!({"message": "The retry key is already accepted"});
        if let (Some(sent), Some(fields)) = (&accepted.sent, body.as_object_mut()) {
            fields.insert("sentMessages".into(), sent.clone());
        }
        let mut reply = Reply::json(409, &body);
        reply.headers.push(("x-line-accepted-request-id".into(), accepted.request_id.clone()));
        Err(reply)
    }

    /// Remembers the call's key, if it has one. `sent`: `sentMessages`, which multicast has not.
    pub(super) fn accept(&mut self, call: &Call<'_>, sent: Option<Value>) {
        if let Some(key) = key(call) {
            let accepted = Accepted { request_id: call.request_id.clone(), sent, at: call.now_ms };
            self.retries.insert(key, accepted);
        }
    }
}

fn key(call: &Call<'_>) -> Option<(i64, String)> {
    Some((call.channel, call.request.header(HEADER)?.to_ascii_lowercase()))
}
