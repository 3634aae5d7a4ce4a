//! Sending (line.md §3). A 200 does not say that anybody saw it: what is pushed to people who are no friends is
//! dropped without a word (§3.1), so that friendship, not the outcome, tells who can be reached.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{
    delivery::{CauseCode, Effect, Outcome},
    time::{HOUR, MINUTE, Millis},
};

use super::{
    client::{Call, Client},
    outcome::{About, CallError},
};
use crate::providers::answer::{rejected, text};

/// Most message objects of one call.
pub const MESSAGES_PER_CALL: usize = 5;
/// Most people of one multicast.
pub const MULTICAST_MAX: usize = 500;
/// LINE forgets a retry key then, and the same key would send again. The hub must not repeat an uncertain send
/// with a key that was first used longer ago than this.
pub const RETRY_KEY_LIFE: Millis = 24 * HOUR;
/// Everybody in a room is paid for, and how many that is we do not know: a month with less left than this is
/// used up for a room.
const LARGE_ROOM: u64 = 500;
/// A delivery that is running holds its part of the month's quota for about that long.
const QUOTA_HELD: Millis = MINUTE;

/// The retry key of `id`, a delivery's id (or of whatever is sent in one call): the first 16 bytes of its
/// SHA-256, in the form of a UUID of version 8 (RFC 9562 §5.8). The same id always has the same key, so that it
/// is there on the first attempt and survives a crash.
#[must_use]
pub fn retry_key(id: &str) -> String {
    let hash = Sha256::digest(id.as_bytes());
    let hex: String = hash
        .iter()
        .take(16)
        .enumerate()
        .map(|(at, byte)| match at {
            6 => (byte & 0x0f) | 0x80,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        })
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

impl Client {
    /// Sends 1 to [`MESSAGES_PER_CALL`] message objects to a person (`U…`), a group (`C…`) or a room (`R…`), and
    /// costs one message per person in it. A repeat must have the same body and the same `retry_key`. The
    /// reference is the first message's id.
    pub async fn push(&self, to: &str, messages: &[Value], retry_key: &str) -> Outcome {
        let (about, recipients) =
            if to.starts_with('U') { (About::Person, 1) } else { (About::Room, LARGE_ROOM) };
        let body = json!({"to": to, "messages": messages});
        self.send(about, "/v2/bot/message/push", &body, Some(retry_key), recipients).await
    }

    /// Sends the same to up to [`MULTICAST_MAX`] people in one call; costs one message per person. All or
    /// nothing: one unknown user ID may refuse the call for all, with [`CauseCode::UnknownRecipient`] and no
    /// effect; then each must be sent alone to find whose it is. There is no reference.
    pub async fn multicast(&self, to: &[String], messages: &[Value], retry_key: &str) -> Outcome {
        if to.len() > MULTICAST_MAX {
            let detail = format!("{} recipients in one call", to.len());
            return rejected(CauseCode::MessageRefused, Effect::None, &detail);
        }
        let body = json!({"to": to, "messages": messages});
        let count = u64::try_from(to.len()).unwrap_or(u64::MAX);
        self.send(About::People, "/v2/bot/message/multicast", &body, Some(retry_key), count).await
    }

    /// Answers a callback, free of quota. `None` when the token is dead (used, or older than about a minute):
    /// nothing was sent, so push instead. There is no retry key, but a token answers only once: after
    /// [`Outcome::Uncertain`] the same reply is safe to repeat, and a push is not.
    pub async fn reply(&self, token: &str, messages: &[Value]) -> Option<Outcome> {
        let body = json!({"replyToken": token, "messages": messages});
        let call = Call {
            about: About::Reply,
            method: "POST",
            path: "/v2/bot/message/reply",
            body: Some(&body),
            retry_key: None,
        };
        match self.call(call).await {
            Ok(answer) => Some(accepted(&answer)),
            Err(CallError::Refused(refusal)) if refusal.is_dead_reply_token() => None,
            Err(error) => Some(error.outcome()),
        }
    }

    async fn send(
        &self,
        about: About,
        path: &str,
        body: &Value,
        retry_key: Option<&str>,
        recipients: u64,
    ) -> Outcome {
        match self.call(Call { about, method: "POST", path, body: Some(body), retry_key }).await {
            Ok(answer) => accepted(&answer),
            Err(error) => self.settled(error.outcome(), recipients).await,
        }
    }

    /// 「monthly limit」 may mean that a delivery that is running holds what is left (line.md §3.3). The count
    /// tells: with room for these recipients it is worth another try soon. Otherwise waiting helps nobody before
    /// the next month, so that it is a rejection: it is listed, and a critical notice takes another channel.
    async fn settled(&self, outcome: Outcome, recipients: u64) -> Outcome {
        match outcome {
            Outcome::Rejected { cause, effect } if cause.code == CauseCode::QuotaUsedUp => {
                match self.quota().await {
                    Ok(quota) if quota.has_room_for(recipients) => {
                        Outcome::Retry { after_ms: Some(QUOTA_HELD), cause }
                    }
                    _ => Outcome::Rejected { cause, effect },
                }
            }
            other => other,
        }
    }
}

fn accepted(answer: &Value) -> Outcome {
    let first = answer.get("sentMessages").and_then(|sent| sent.get(0));
    Outcome::Accepted { reference: first.and_then(|message| text(message, "id")) }
}
