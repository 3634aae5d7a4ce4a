//! Outgoing webhooks: what happened, told to other systems with the headers of Standard Webhooks
//! (doors.md §4).

use serde::{Deserialize, Serialize};

use crate::id::{WebhookId, WebhookMessageId};

/// What a webhook can be told. The word is the `type` of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WebhookEvent {
    /// Somebody pressed an action first.
    #[serde(rename = "action.taken")]
    ActionTaken,
    /// A delivery failed for good.
    #[serde(rename = "delivery.failed")]
    DeliveryFailed,
    /// Sent by hand to one webhook, whatever it asked for.
    #[serde(rename = "webhook.test")]
    Test,
}

impl WebhookEvent {
    /// What can be asked for.
    pub const ALL: [Self; 2] = [Self::ActionTaken, Self::DeliveryFailed];

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ActionTaken => "action.taken",
            Self::DeliveryFailed => "delivery.failed",
            Self::Test => "webhook.test",
        }
    }
}

/// `POST /api/webhooks` → 201 [`NewWebhook`]; `PUT /api/webhooks/{id}` → 200 [`WebhookInfo`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookRequest {
    /// `https` to an address of the internet; at most 1,000 characters.
    pub url: String,
    pub events: Vec<WebhookEvent>,
}

/// The secret is shown once. `POST /api/webhooks/{id}/secret` → 201 with a new one; the one before signs along for a
/// day.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWebhook {
    /// `whsec_` and the base64 of 32 random bytes.
    pub secret: String,
    pub info: WebhookInfo,
}

impl std::fmt::Debug for NewWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewWebhook").field("info", &self.info).finish_non_exhaustive()
    }
}

/// `GET /api/webhooks` → list, newest first; `DELETE /api/webhooks/{id}` → 204; `POST …/{id}/test` → 202
/// [`WebhookMessage`]; `POST …/{id}/enable` → 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookInfo {
    pub id: WebhookId,
    pub url: String,
    pub events: Vec<WebhookEvent>,
    pub created_at: i64,
    /// Since when nothing is sent to it, because it answered 410.
    pub disabled_at: Option<i64>,
    pub last_ok_at: Option<i64>,
    /// Messages that are not delivered yet.
    pub waiting: u64,
    /// Messages that were given up and can be replayed.
    pub failed: u64,
    /// Until then messages carry a second signature, by the secret before.
    pub old_secret_until: Option<i64>,
}

/// `POST /api/webhooks/{id}/replay` → 202: everything that was given up, at most 1,000 at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    pub replayed: u64,
    /// Given up and not among them.
    pub left: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    Waiting,
    Delivered,
    /// Not tried any more; it can be replayed.
    Failed,
}

/// `GET /api/webhooks/{id}/messages` → the last 50, newest first;
/// `POST /api/webhooks/messages/{id}/replay` → 202.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookMessage {
    /// The header `webhook-id`, the same at every try.
    pub id: WebhookMessageId,
    #[serde(rename = "type")]
    pub event: WebhookEvent,
    pub state: WebhookState,
    pub created_at: i64,
    /// When it is tried next.
    pub due_at: Option<i64>,
    pub tries: u32,
    /// The last five.
    pub attempts: Vec<WebhookAttempt>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookAttempt {
    pub at: i64,
    /// Milliseconds until the answer.
    pub took: i64,
    /// The HTTP status, if there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    pub result: WebhookResult,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookResult {
    Delivered,
    /// Another status than 2xx.
    Refused,
    /// A redirect, which is never followed.
    Redirected,
    /// 410: the webhook was switched off.
    Gone,
    NoConnection,
    NoAnswer,
    /// The URL may not be sent to (any more).
    UrlRefused,
    /// Our own store did not give the secret; tried again.
    NoSecret,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_pinned() {
        for event in WebhookEvent::ALL.into_iter().chain([WebhookEvent::Test]) {
            assert_eq!(serde_json::to_value(event).unwrap(), event.code());
        }
        let attempt = WebhookAttempt { at: 1, took: 2, status: Some(410), result: WebhookResult::Gone };
        assert_eq!(
            serde_json::to_string(&attempt).unwrap(),
            r#"{"at":1,"took":2,"status":410,"result":"gone"}"#
        );
    }

    #[test]
    fn a_secret_is_not_printed() {
        let info = WebhookInfo {
            id: WebhookId::new(0, [0; 10]),
            url: "https://a.example/".into(),
            events: vec![WebhookEvent::ActionTaken],
            created_at: 0,
            disabled_at: None,
            last_ok_at: None,
            waiting: 0,
            failed: 0,
            old_secret_until: None,
        };
        assert!(!format!("{:?}", NewWebhook { secret: "whsec_x".into(), info }).contains("whsec_x"));
    }
}
