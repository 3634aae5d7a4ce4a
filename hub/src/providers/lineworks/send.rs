//! Sending, and the rooms the bot is in (lineworks.md §3.1, §3.4).

use serde_json::{Value, json};
use shared::delivery::Outcome;

use super::{
    client::{Client, id_text},
    limit::Limit,
    outcome::{About, CallError},
};
use crate::providers::{answer::text, encode::percent};

/// A room the bot is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    pub channel_id: String,
    pub title: Option<String>,
    /// `SINGLE_USER`, `MULTI_USERS`, `ORGUNIT` or `GROUP`; empty when not told.
    pub channel_type: String,
}

impl Client {
    /// Sends one `content` object to a person by user ID or login ID. There is no message id to keep.
    pub async fn send_to_user(&self, user: &str, content: &Value) -> (Outcome, Option<Limit>) {
        self.send(About::Person, &format!("users/{}", percent(user)), content).await
    }

    /// Sends one `content` object to a room.
    pub async fn send_to_room(&self, channel_id: &str, content: &Value) -> (Outcome, Option<Limit>) {
        self.send(About::Room, &format!("channels/{}", percent(channel_id)), content).await
    }

    pub async fn room(&self, channel_id: &str) -> Result<Room, CallError> {
        let path = format!("/bots/{}/channels/{}", self.bot_id()?, percent(channel_id));
        let body = self.call(About::Room, "GET", &path, None).await?.body;
        Ok(Room {
            channel_id: body.get("channelId").and_then(id_text).ok_or(CallError::Unreadable("channelId"))?,
            title: text(&body, "title"),
            channel_type: body.get("channelType").and_then(|kind| text(kind, "type")).unwrap_or_default(),
        })
    }

    /// Takes the bot out of a room; true when it was in it.
    pub async fn leave(&self, channel_id: &str) -> Result<bool, CallError> {
        let path = format!("/bots/{}/channels/{}", self.bot_id()?, percent(channel_id));
        match self.call(About::Room, "DELETE", &path, None).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn send(&self, about: About, to: &str, content: &Value) -> (Outcome, Option<Limit>) {
        let sent = async {
            let path = format!("/bots/{}/{to}/messages", self.bot_id()?);
            self.call(about, "POST", &path, Some(&json!({"content": content}))).await
        };
        match sent.await {
            Ok(answer) => (Outcome::Accepted { reference: None }, answer.limit),
            Err(error) => (error.outcome(), error.limit()),
        }
    }

    fn bot_id(&self) -> Result<i64, CallError> {
        self.settings.bot_id.ok_or(CallError::NoBot)
    }
}
