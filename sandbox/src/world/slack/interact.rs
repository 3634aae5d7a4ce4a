//! Buttons and `response_url` (slack.md §7.3).

use serde_json::{Value, json};

use super::super::{Pressed, Reply, Request, World};
use super::args::Args;
use super::{Failure, SlackActError, SlackAuthor, chat, events, messages, outbox};

/// Uses of a response_url, and how long it lives.
const USES: u32 = 5;
const LIFE_MS: i64 = 30 * 60_000;

/// One response_url.
#[derive(Debug, Clone)]
pub(super) struct ResponseUrl {
    app: String,
    user: String,
    channel: String,
    /// The message that the button is on.
    ts: String,
    used: u32,
    ends_ms: i64,
}

impl World {
    /// A person presses a button of a message: a block_actions payload, also for a button with a `url`.
    pub fn slack_press(
        &mut self,
        person: &str,
        channel: &str,
        ts: &str,
        button: usize,
        now_ms: i64,
    ) -> Result<Pressed, SlackActError> {
        let user = self.slack_person(person)?;
        let channel = self.slack_place(&user, channel)?;
        let conversation = self.slack.conversations.get(&channel).ok_or(SlackActError::NoButton)?;
        if conversation.archived {
            return Err(SlackActError::Archived);
        }
        let message = conversation
            .messages
            .iter()
            .find(|message| message.ts == ts && message.only_for.as_ref().is_none_or(|only| *only == user))
            .ok_or(SlackActError::NoButton)?
            .clone();
        let SlackAuthor::App(app_id) = message.author.clone() else { return Err(SlackActError::NoButton) };
        let button =
            message.buttons().into_iter().find(|one| one.no == button).ok_or(SlackActError::NoButton)?;
        let url = button.element.get("url").and_then(Value::as_str).map(str::to_owned);
        let name = match conversation.name.as_str() {
            "" => "directmessage",
            name => name,
        };
        let ephemeral = message.only_for.is_some();
        let mut action = button.element;
        if let Some(fields) = action.as_object_mut() {
            fields.remove("confirm");
            fields.remove("accessibility_label");
            fields.insert("block_id".into(), json!(button.block_id));
            fields.insert("action_ts".into(), json!(messages::ts(now_ms * 1000 + 456)));
        }
        let slack = &self.slack;
        let presser = slack.user(&user).map(|user| user.name.clone()).unwrap_or_default();
        let mut payload = json!({
            "type": "block_actions",
            "api_app_id": app_id,
            "token": "sandbox-deprecated-verification-token",
            "team": {"id": slack.team_id, "domain": slack.domain},
            "enterprise": Value::Null,
            "is_enterprise_install": false,
            "user": {"id": user, "username": presser, "name": presser, "team_id": slack.team_id},
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral},
            "channel": {"id": channel, "name": name},
            "state": {"values": {}},
            "actions": [action],
        });
        let told = slack.message_json(&message);
        let token = self.slack.rng.hex(2);
        let trigger = format!("{}.{}.{}", now_ms, now_ms / 7, self.slack.rng.hex(2));
        let response_url =
            format!("{}/actions/{}/{now_ms}/{token}", self.slack.hooks_origin, self.slack.team_id);
        let known = ResponseUrl {
            app: app_id.clone(),
            user: user.clone(),
            channel: channel.clone(),
            ts: ts.to_owned(),
            used: 0,
            ends_ms: now_ms + LIFE_MS,
        };
        self.slack.response_urls.retain(|_, url| now_ms < url.ends_ms);
        self.slack.response_urls.insert(token, known);
        if let Some(fields) = payload.as_object_mut() {
            // An ephemeral message is not told (only its container).
            if !ephemeral {
                fields.insert("message".into(), told);
            }
            fields.insert("trigger_id".into(), json!(trigger));
            fields.insert("response_url".into(), json!(response_url));
        }
        self.slack_change(&channel, ts, |message| message.press_failed.retain(|failed| *failed != user));
        outbox::press(self, &app_id, &payload, (&channel, ts, &user), now_ms);
        Ok(url.map_or(Pressed::Sent, Pressed::Open))
    }
}

/// A POST to a response_url. Its success and error bodies are not documented: 200 `ok`, 404 when spent.
pub(super) fn respond(world: &mut World, request: &Request, now_ms: i64) -> Reply {
    let token = request.segments().last().cloned().unwrap_or_default();
    let spent = |error: &str| Reply::json(404, &json!({"ok": false, "error": error}));
    let Some(known) = world.slack.response_urls.get_mut(&token) else { return spent("invalid_url") };
    if now_ms >= known.ends_ms {
        return spent("expired_url");
    }
    if known.used >= USES {
        return spent("used_url");
    }
    known.used += 1;
    let known = known.clone();
    match Args::read(request, false, true).and_then(|args| apply(world, &known, &args, now_ms)) {
        Ok(()) => Reply::json(200, &json!({"ok": true})),
        Err(Failure::Error(error, _)) => Reply::json(400, &json!({"ok": false, "error": error})),
        Err(Failure::Limited { retry_after_s }) => super::rate_limited(retry_after_s),
    }
}

fn apply(world: &mut World, known: &ResponseUrl, args: &Args, now_ms: i64) -> Result<(), Failure> {
    let replace = args.flag("replace_original");
    if args.flag("delete_original") {
        let touched = world.touch();
        if let Some(conversation) =
            world.slack.conversations.get_mut(&known.channel).filter(|_| !world.dropping)
        {
            conversation.touched = touched;
            conversation.messages.retain(|message| message.ts != known.ts);
        }
        return Ok(());
    }
    let in_channel = args.text("response_type").as_deref() == Some("in_channel");
    let mut message = chat::content(args, SlackAuthor::App(known.app.clone()), now_ms)?;
    if replace && !args.has("blocks") {
        message.blocks = Vec::new();
    }
    message.blocks = world.slack.dress_blocks(message.blocks);
    if replace {
        if !world.dropping {
            world.slack_change(&known.channel, &known.ts, |kept| {
                kept.text = message.text;
                kept.blocks = message.blocks;
                kept.attachments = message.attachments;
                kept.edits += 1;
                kept.edited_at = Some(now_ms);
            });
        }
        return Ok(());
    }
    message.only_for = (!in_channel).then(|| known.user.clone());
    message.thread_ts = args.text("thread_ts").filter(|_| in_channel);
    let mut told = message.clone();
    told.ts = world.slack_put(&known.channel, message);
    events::posted(world, &known.channel, &told, now_ms);
    Ok(())
}
