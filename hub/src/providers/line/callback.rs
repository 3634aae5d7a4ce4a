//! Reads a webhook's body (line.md §5), once its signature is known to be good ([`shared::signature::line`]).

use serde_json::Value;
use shared::{
    inbound::{Content, Inbound},
    time::{MINUTE, Millis},
};

use crate::providers::{Callback, answer::text};

/// The header with the signature, in lower case; the provider does not promise its case.
pub const SIGNATURE_HEADER: &str = "x-line-signature";

/// The reply token of an event this old is dead, even in a redelivery.
const REPLY_LIFE: Millis = 20 * MINUTE;

/// Well signed, but not a webhook of LINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a webhook body")]
pub struct NotAWebhook;

/// One callback per event, in the order of the body, which is not that of the events: `at` tells. None is the
/// connection check. Lenient within an event: what is unknown or lacks what it needs is [`Inbound::Ignored`].
///
/// `received` stands in for an unreadable `timestamp`, and tells whether a redelivered reply token may still
/// live. It lives for about a minute from `received`, so that the caller must drop it then.
pub fn parse(body: &[u8], received: Millis) -> Result<Vec<Callback>, NotAWebhook> {
    let body: Value = serde_json::from_slice(body).map_err(|_| NotAWebhook)?;
    let events = body.get("events").and_then(Value::as_array).ok_or(NotAWebhook)?;
    Ok(events.iter().map(|event| callback(event, received)).collect())
}

fn callback(event: &Value, received: Millis) -> Callback {
    let at = event.get("timestamp").and_then(Value::as_i64).unwrap_or(received);
    // In `standby` there is nothing to reply to (line.md §3.5).
    let active = event.get("mode").and_then(Value::as_str) != Some("standby");
    let redelivered = event
        .get("deliveryContext")
        .and_then(|context| context.get("isRedelivery"))
        .and_then(Value::as_bool)
        .unwrap_or_default();
    let alive = active && !(redelivered && received.saturating_sub(at) >= REPLY_LIFE);
    Callback {
        inbound: read(event, at).unwrap_or(Inbound::Ignored),
        key: text(event, "webhookEventId"),
        reply_token: text(event, "replyToken").filter(|_| alive),
    }
}

fn read(event: &Value, at: Millis) -> Option<Inbound> {
    let source = event.get("source")?;
    // Not always there in a group.
    let from = || text(source, "userId");
    let room = || text(source, "groupId").or_else(|| text(source, "roomId"));
    Some(match event.get("type")?.as_str()? {
        "message" => Inbound::Message { from: from()?, room: room(), content: content(event)?, at },
        "postback" => Inbound::Action {
            from: from()?,
            room: room(),
            data: event.get("postback")?.get("data")?.as_str()?.to_owned(),
            text: String::new(),
            name: String::new(),
            at,
        },
        // Also when a block was taken back; `isUnblocked` is not fully reliable.
        "follow" => Inbound::Followed { from: from()?, at },
        "unfollow" => Inbound::Unfollowed { from: from()?, at },
        "join" => Inbound::JoinedRoom { room: room()?, at },
        "leave" => Inbound::LeftRoom { room: room()?, at },
        "memberJoined" => Inbound::MembersJoined { room: room()?, members: members(event, "joined"), at },
        "memberLeft" => Inbound::MembersLeft { room: room()?, members: members(event, "left"), at },
        _ => return None,
    })
}

fn content(event: &Value) -> Option<Content> {
    let message = event.get("message")?;
    let kind = text(message, "type")?;
    Some(if kind == "text" {
        Content::Text(message.get("text").and_then(Value::as_str).unwrap_or_default().to_owned())
    } else {
        Content::Other(kind)
    })
}

fn members(event: &Value, what: &str) -> Vec<String> {
    event
        .get(what)
        .and_then(|what| what.get("members"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|member| text(member, "userId"))
        .collect()
}

#[cfg(test)]
mod tests;
