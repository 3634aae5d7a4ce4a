//! Sending (lineworks.md §7.2).

use serde_json::{Value, json};
use shared::{delivery::Outcome, render::lineworks::TEXT_LIMIT};

use super::{
    client::Client,
    outcome::{About, CallError},
};

impl Client {
    /// Sends one `content` object, as [`shared::render::lineworks`] makes it, to a person by login ID
    /// (`accountId`). There is no message id to keep.
    pub async fn send_to_user(&self, account: &str, content: &Value) -> Outcome {
        self.push(About::Person, "accountId", account, content).await
    }

    /// Sends one `content` object to a room: `channelId` by the documentation, which calls it `roomId`
    /// elsewhere.
    pub async fn send_to_room(&self, room: &str, content: &Value) -> Outcome {
        self.push(About::Room, "channelId", room, content).await
    }

    async fn push(&self, about: About, field: &str, to: &str, content: &Value) -> Outcome {
        let sent = async {
            let bot_no = self.settings.bot_no.ok_or(CallError::NoBot)?;
            let body = json!({field: to, "content": known(content)});
            self.call(about, "POST", &format!("/bot/{bot_no}/message/push"), Some(&body)).await
        };
        match sent.await {
            Ok(_) => Outcome::Accepted { reference: None },
            Err(error) => error.outcome(),
        }
    }
}

/// `content` without what API 1.0 does not know. Text and button templates, with `uri` and `message` actions and
/// their postbacks, are the same in both (lineworks.md §7.2, §7.5). A flex message is told in words: its
/// `altText`, which is shorter than any text may be. Translated variants (`i18n…`) and quick replies go.
fn known(content: &Value) -> Value {
    let text = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        "text" => json!({"type": "text", "text": text("text")}),
        "button_template" => {
            let actions = content.get("actions").cloned().unwrap_or_else(|| json!([]));
            json!({"type": "button_template", "contentText": text("contentText"), "actions": actions})
        }
        _ => {
            let words = ["altText", "contentText", "text"].map(text);
            let words = words.into_iter().find(|words| !words.is_empty()).unwrap_or("…");
            let short: String = words.chars().take(TEXT_LIMIT).collect();
            json!({"type": "text", "text": short})
        }
    }
}
