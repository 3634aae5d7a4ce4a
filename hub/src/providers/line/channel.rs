//! What the Messaging API channel says of itself and of people, and where its webhooks go (line.md §2, §3, §5.1).

use futures_util::future::join;
use serde_json::{Value, json};

use super::{
    client::{Call, Client},
    outcome::{About, CallError},
};
use crate::providers::{answer::text, encode::percent};

/// The account behind the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotInfo {
    /// The `destination` of its webhooks.
    pub user_id: String,
    /// `@…`
    pub basic_id: String,
    pub display_name: String,
}

/// The month's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// `None` without a limit.
    pub limit: Option<u64>,
    /// LINE's approximation.
    pub used: u64,
}

impl Quota {
    /// Whether `messages` more fit into the month.
    #[must_use]
    pub fn has_room_for(&self, messages: u64) -> bool {
        self.limit.is_none_or(|limit| self.used.saturating_add(messages) <= limit)
    }
}

/// A person, as the account sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub user_id: String,
    pub display_name: String,
    /// A tag like `ja`, where the person lets it be known.
    pub language: Option<String>,
}

/// Where webhooks go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub endpoint: String,
    /// The console's switch 「Webhookの利用」, which no API can turn on.
    pub active: bool,
}

/// How LINE fared in calling the webhook endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookTest {
    pub success: bool,
    /// Zero or less when there was no answer.
    pub status: i64,
    /// `OK`, `COULD_NOT_CONNECT`, `REQUEST_TIMEOUT`, `ERROR_STATUS_CODE` or `UNCLASSIFIED`.
    pub reason: String,
    pub detail: String,
}

impl Client {
    pub async fn bot_info(&self) -> Result<BotInfo, CallError> {
        bot_info(&self.call(Call::get(BOT_INFO)).await?)
    }

    /// What may be sent this month, and what was.
    pub async fn quota(&self) -> Result<Quota, CallError> {
        let (limit, used) = join(
            self.call(Call::get("/v2/bot/message/quota")),
            self.call(Call::get("/v2/bot/message/quota/consumption")),
        )
        .await;
        let (limit, used) = (limit?, used?);
        Ok(Quota {
            limit: match limit.get("type").and_then(Value::as_str) {
                Some("none") => None,
                _ => Some(limit.get("value").and_then(Value::as_u64).ok_or(CallError::Unreadable("value"))?),
            },
            used: used
                .get("totalUsage")
                .and_then(Value::as_u64)
                .ok_or(CallError::Unreadable("totalUsage"))?,
        })
    }

    /// `None` for whoever is no friend, has blocked the account or is unknown.
    pub async fn profile(&self, user: &str) -> Result<Option<Profile>, CallError> {
        let path = format!("/v2/bot/profile/{}", percent(user));
        let call = Call { about: About::Person, ..Call::get(&path) };
        let Some(body) = found(self.call(call).await)? else { return Ok(None) };
        Ok(Some(Profile {
            user_id: text(&body, "userId").unwrap_or_else(|| user.to_owned()),
            display_name: text(&body, "displayName").unwrap_or_default(),
            language: text(&body, "language"),
        }))
    }

    /// `None` when no endpoint was set.
    pub async fn webhook(&self) -> Result<Option<Webhook>, CallError> {
        let Some(body) = found(self.call(Call::get(WEBHOOK)).await)? else { return Ok(None) };
        Ok(Some(Webhook {
            endpoint: text(&body, "endpoint").ok_or(CallError::Unreadable("endpoint"))?,
            active: body.get("active").and_then(Value::as_bool).unwrap_or_default(),
        }))
    }

    /// Lets webhooks go to `url` (`https`, at most 500 characters). It takes up to a minute to hold.
    pub async fn set_webhook(&self, url: &str) -> Result<(), CallError> {
        let body = json!({"endpoint": url});
        self.call(Call { method: "PUT", body: Some(&body), ..Call::get(WEBHOOK) }).await.map(drop)
    }

    /// Has LINE call the endpoint that is set with no events, now. At most 60 times an hour.
    pub async fn test_webhook(&self) -> Result<WebhookTest, CallError> {
        let body = json!({});
        let call = Call { method: "POST", body: Some(&body), ..Call::get("/v2/bot/channel/webhook/test") };
        let answer = self.call(call).await?;
        Ok(WebhookTest {
            // The contract does not promise `success`; a success always has this reason.
            success: answer
                .get("success")
                .and_then(Value::as_bool)
                .unwrap_or_else(|| answer.get("reason").and_then(Value::as_str) == Some("OK")),
            status: answer.get("statusCode").and_then(Value::as_i64).unwrap_or_default(),
            reason: text(&answer, "reason").unwrap_or_default(),
            detail: text(&answer, "detail").unwrap_or_default(),
        })
    }
}

pub(super) const BOT_INFO: &str = "/v2/bot/info";
const WEBHOOK: &str = "/v2/bot/channel/webhook/endpoint";

pub(super) fn bot_info(body: &Value) -> Result<BotInfo, CallError> {
    Ok(BotInfo {
        user_id: text(body, "userId").ok_or(CallError::Unreadable("userId"))?,
        basic_id: text(body, "basicId").ok_or(CallError::Unreadable("basicId"))?,
        display_name: text(body, "displayName").unwrap_or_default(),
    })
}

fn found(result: Result<Value, CallError>) -> Result<Option<Value>, CallError> {
    match result {
        Ok(body) => Ok(Some(body)),
        Err(CallError::Refused(refusal)) if refusal.status == 404 => Ok(None),
        Err(error) => Err(error),
    }
}
