//! Sending and changing what was sent (slack.md §3, §4).

use serde_json::{Value, json};
use shared::{delivery::Outcome, render::slack::Rendered};

use super::{
    client::{Answer, Args, Client},
    outcome::{About, CallError},
};
use crate::providers::answer::text;

/// How often Slack may be called (slack.md §2, §6): a refusal with `Retry-After` stops one method for the
/// whole workspace, the others go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages a second into one channel or to one person.
    pub posts_per_second_and_channel: u32,
    /// Messages a minute in the whole workspace. Slack says 「several hundred」; this is the least of that.
    pub posts_per_minute: u32,
    /// `chat.update` a minute (tier 3).
    pub updates_per_minute: u32,
}

pub const LIMITS: Limits =
    Limits { posts_per_second_and_channel: 1, posts_per_minute: 200, updates_per_minute: 50 };

/// Parts the reference of an accepted message, `{channel}:{ts}`, into what [`Client::update`] takes.
#[must_use]
pub fn read_reference(reference: &str) -> Option<(&str, &str)> {
    reference.split_once(':').filter(|(channel, ts)| !channel.is_empty() && !ts.is_empty())
}

impl Client {
    /// Posts to a channel or to a person by user id. The reference of the accepted message names the channel
    /// it came to stand in: for a person the `D…` that [`Self::update`] wants. Where `thread_ts` cannot be
    /// answered the message is posted beside the thread rather than lost.
    pub async fn post_message(&self, to: &str, message: &Rendered, thread_ts: Option<&str>) -> Outcome {
        // Unfurling would fetch links that work once (slack.md §3.3); its default is not certain.
        let mut body =
            json!({"channel": to, "text": message.text, "unfurl_links": false, "unfurl_media": false});
        set(&mut body, "blocks", (!message.blocks.is_empty()).then(|| json!(message.blocks)));
        set(&mut body, "thread_ts", thread_ts.map(Value::from));
        let about = About::of(to);
        let mut posted = self.call(about, "chat.postMessage", Args::Json(&body)).await;
        if thread_ts.is_some() && posted.as_ref().is_err_and(is_of_the_thread) {
            set(&mut body, "thread_ts", None);
            posted = self.call(about, "chat.postMessage", Args::Json(&body)).await;
        }
        match posted {
            Ok(Answer { body, .. }) => Outcome::Accepted { reference: reference(&body) },
            Err(error) => error.outcome(),
        }
    }

    /// Puts `message` in the place of one of our own, by the two parts of its reference. To do it twice is to
    /// do it once, so that nothing here is uncertain.
    pub async fn update(&self, channel: &str, ts: &str, message: &Rendered) -> Outcome {
        // Without `blocks` the old ones, buttons and all, would stay.
        let body = json!({"channel": channel, "ts": ts, "text": message.text, "blocks": message.blocks});
        match self.call(About::of(channel), "chat.update", Args::Json(&body)).await {
            Ok(Answer { body, .. }) => Outcome::Accepted { reference: reference(&body) },
            Err(error) => match error.outcome() {
                Outcome::Uncertain { cause } => Outcome::Retry { after_ms: None, cause },
                other => other,
            },
        }
    }

    /// Shows `message` in a channel to one of its members only. Cannot be changed later.
    pub async fn post_ephemeral(
        &self,
        channel: &str,
        user: &str,
        message: &Rendered,
    ) -> Result<(), CallError> {
        let mut body = json!({"channel": channel, "user": user, "text": message.text});
        set(&mut body, "blocks", (!message.blocks.is_empty()).then(|| json!(message.blocks)));
        self.call(About::of(channel), "chat.postEphemeral", Args::Json(&body)).await.map(drop)
    }
}

/// The message itself would be taken, only not as an answer to that one.
fn is_of_the_thread(error: &CallError) -> bool {
    matches!(
        error.code(),
        "cannot_reply_to_message"
            | "restricted_action_non_threadable_channel"
            | "restricted_action_thread_locked"
    )
}

fn reference(body: &Value) -> Option<String> {
    Some(format!("{}:{}", text(body, "channel")?, text(body, "ts")?))
}

/// Sets or removes one argument.
fn set(body: &mut Value, name: &str, value: Option<Value>) {
    if let Some(object) = body.as_object_mut() {
        match value {
            Some(value) => object.insert(name.to_owned(), value),
            None => object.remove(name),
        };
    }
}
