//! Reads a callback's body (lineworks.md §7.3), once its signature is known to be good
//! ([`shared::signature::lineworks_v1`]). The events are those of API 2.0 under older names (§7.5).

use serde_json::{Map, Value};
use shared::time::Millis;

use crate::providers::{Callback, lineworks};

/// The header with the signature, in lower case.
pub use crate::providers::lineworks::callback::SIGNATURE_HEADER;

/// The header with the bot's number, in lower case.
pub const BOT_HEADER: &str = "x-works-botno";

/// Lenient: what is unknown or lacks what it needs is `Inbound::Ignored`, and answered with 200 like the rest,
/// because the provider does not send it again. People are named by their login IDs. `received` stands in for
/// an unreadable `createdTime`.
#[must_use]
pub fn parse(body: &[u8], received: Millis) -> Vec<Callback> {
    let event: Value = serde_json::from_slice(body).unwrap_or_default();
    let at = event.get("createdTime").and_then(millis).unwrap_or(received);
    // Without `issuedTime` the newer reader takes the time it is handed.
    let newer = renamed(&event).to_string();
    vec![Callback::of(lineworks::callback::parse(newer.as_bytes(), at))]
}

/// Milliseconds since 1970, as a number or in text.
fn millis(value: &Value) -> Option<Millis> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|at| *at > 0)
}

fn renamed(event: &Value) -> Value {
    let take = |value: &Value, names: &[(&str, &str)]| -> Map<String, Value> {
        names
            .iter()
            .filter_map(|(older, newer)| Some(((*newer).to_owned(), value.get(older)?.clone())))
            .collect()
    };
    let names = [("type", "type"), ("content", "content"), ("data", "data"), ("memberList", "members")];
    let mut newer = take(event, &names);
    if let Some(source) = event.get("source") {
        let source = take(source, &[("accountId", "userId"), ("roomId", "channelId")]);
        newer.insert("source".into(), source.into());
    }
    newer.into()
}
