//! Messages of a channel or DM.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::World;
use super::Slack;

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", content = "id", rename_all = "snake_case")]
pub enum SlackAuthor {
    /// `U…` of a person.
    User(String),
    /// `A…`
    App(String),
    /// Slack itself: someone entered or left.
    System,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SlackMessage {
    /// Its id, `1767225600.000123`.
    pub ts: String,
    /// The message it answers.
    pub thread_ts: Option<String>,
    /// Milliseconds UTC.
    pub at: i64,
    pub author: SlackAuthor,
    /// Escaped mrkdwn, as sent.
    pub text: String,
    pub blocks: Vec<Value>,
    pub attachments: Option<Value>,
    pub metadata: Option<Value>,
    /// How often it was changed.
    pub edits: u32,
    pub edited_at: Option<i64>,
    /// An ephemeral message: the only user who sees it.
    pub only_for: Option<String>,
    /// `username` of chat:write.customize.
    pub shown_name: Option<String>,
    /// Users whose press got no 200 within three seconds: they see an error under it.
    pub press_failed: Vec<String>,
}

/// Something in a message that can be pressed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlackButton {
    /// From 0, in the order in which it is drawn.
    pub no: usize,
    pub label: String,
    pub block_id: String,
    /// The element as it was sent.
    pub element: Value,
}

impl SlackMessage {
    pub(super) fn new(author: SlackAuthor, text: String, now_ms: i64) -> Self {
        Self {
            ts: String::new(),
            thread_ts: None,
            at: now_ms,
            author,
            text,
            blocks: Vec::new(),
            attachments: None,
            metadata: None,
            edits: 0,
            edited_at: None,
            only_for: None,
            shown_name: None,
            press_failed: Vec::new(),
        }
    }

    /// Its buttons: of each block the accessory or the elements.
    #[must_use]
    pub fn buttons(&self) -> Vec<SlackButton> {
        let mut buttons = Vec::new();
        for block in &self.blocks {
            let elements = block.get("elements").and_then(Value::as_array).into_iter().flatten();
            for element in block.get("accessory").into_iter().chain(elements) {
                if element.get("type").and_then(Value::as_str) != Some("button") {
                    continue;
                }
                let text =
                    |pointer: &str| element.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
                buttons.push(SlackButton {
                    no: buttons.len(),
                    label: text("/text/text").to_owned(),
                    block_id: block.get("block_id").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    element: element.clone(),
                });
            }
        }
        buttons
    }
}

impl Slack {
    /// A message as the API and events tell it.
    pub(super) fn message_json(&self, message: &SlackMessage) -> Value {
        let mut fields = Map::new();
        fields.insert("type".into(), json!("message"));
        match &message.author {
            SlackAuthor::User(user) => {
                fields.insert("user".into(), json!(user));
            }
            SlackAuthor::App(app) => {
                if let Some(app) = self.app(app) {
                    fields.insert("user".into(), json!(app.bot_user));
                    fields.insert("bot_id".into(), json!(app.bot_id));
                    fields.insert("app_id".into(), json!(app.id));
                }
            }
            SlackAuthor::System => {
                fields.insert("subtype".into(), json!("channel_join"));
            }
        }
        fields.insert("team".into(), json!(self.team_id));
        fields.insert("text".into(), json!(message.text));
        fields.insert("ts".into(), json!(message.ts));
        if !message.blocks.is_empty() {
            fields.insert("blocks".into(), json!(message.blocks));
        }
        for (name, value) in [
            ("attachments", message.attachments.clone()),
            ("metadata", message.metadata.clone()),
            ("thread_ts", message.thread_ts.as_ref().map(|ts| json!(ts))),
            ("username", message.shown_name.as_ref().map(|name| json!(name))),
        ] {
            if let Some(value) = value {
                fields.insert(name.into(), value);
            }
        }
        if let (Some(at), Some(user)) = (message.edited_at, fields.get("user").cloned()) {
            fields.insert("edited".into(), json!({"user": user, "ts": ts(at * 1000)}));
        }
        Value::Object(fields)
    }

    /// Names blocks and elements that came without a name, and gives plain texts their `emoji`: what comes
    /// back may differ from what was sent (slack.md §3).
    pub(super) fn dress_blocks(&mut self, mut blocks: Vec<Value>) -> Vec<Value> {
        for block in &mut blocks {
            let Some(fields) = block.as_object_mut() else { continue };
            fields.entry("block_id").or_insert_with(|| json!(short_id(&mut self.rng)));
            let mut elements: Vec<&mut Value> = Vec::new();
            for (name, value) in fields.iter_mut() {
                match (name.as_str(), value) {
                    ("accessory", accessory) => elements.push(accessory),
                    ("elements", Value::Array(list)) => elements.extend(list),
                    _ => {}
                }
            }
            for element in elements.into_iter().filter_map(Value::as_object_mut) {
                if !matches!(element.get("type").and_then(Value::as_str), Some("button" | "static_select")) {
                    continue;
                }
                element.entry("action_id").or_insert_with(|| json!(short_id(&mut self.rng)));
                if let Some(text) = element.get_mut("text").and_then(Value::as_object_mut) {
                    text.entry("emoji").or_insert(Value::Bool(true));
                }
            }
        }
        blocks
    }
}

impl World {
    /// Puts a message into a conversation and gives its `ts`; a "200 and drop" fault gives one and forgets it.
    pub(super) fn slack_put(&mut self, channel: &str, mut message: SlackMessage) -> String {
        let (touched, dropping, retention) = (self.touch(), self.dropping, self.retention);
        let Some(conversation) = self.slack.conversations.get_mut(channel) else { return String::new() };
        // Strictly increasing in each channel (slack.md §9).
        conversation.last_us = (message.at * 1000).max(conversation.last_us + 1);
        message.ts = ts(conversation.last_us);
        let made = message.ts.clone();
        if !dropping {
            conversation.total += 1;
            conversation.touched = touched;
            conversation.messages.push(message);
            let excess = conversation.messages.len().saturating_sub(retention);
            conversation.messages.drain(..excess);
        }
        made
    }

    /// Works on one message; `None` when it is not there.
    pub(super) fn slack_change<T>(
        &mut self,
        channel: &str,
        ts: &str,
        change: impl FnOnce(&mut SlackMessage) -> T,
    ) -> Option<T> {
        let touched = self.touch();
        let conversation = self.slack.conversations.get_mut(channel)?;
        conversation.touched = touched;
        conversation.messages.iter_mut().find(|message| message.ts == ts).map(change)
    }
}

/// Microseconds as seconds with six decimals.
pub(super) fn ts(us: i64) -> String {
    format!("{}.{:06}", us.div_euclid(1_000_000), us.rem_euclid(1_000_000))
}

fn short_id(rng: &mut super::Rng) -> String {
    rng.hex(1).chars().take(5).collect()
}
