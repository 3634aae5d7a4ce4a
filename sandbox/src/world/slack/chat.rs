//! `chat.*` (slack.md §3, §4).

use serde_json::{Value, json};

use super::super::World;
use super::args::Args;
use super::{Call, Conversation, ConversationKind, Failure, SlackAuthor, SlackMessage, blocks, events};

/// Longer texts are cut without an error (slack.md §3.1).
const TEXT_MAX: usize = 40_000;
/// chat.update, in bytes after escaping.
const UPDATE_MAX: usize = 4_000;
const MARKDOWN_MAX: usize = 12_000;
const ATTACHMENTS_MAX: usize = 100;

pub(super) fn post_message(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let channel = destination(world, call)?;
    let mut message = content(call.args, SlackAuthor::App(call.token.app.clone()), call.now_ms)?;
    message.thread_ts = thread(world, &channel, call.args)?;
    message.metadata = metadata(call.args)?;
    message.shown_name = call.args.text("username");
    let dressed = ["username", "icon_url", "icon_emoji"].iter().any(|name| call.args.has(name));
    if dressed && !call.token.has("chat:write.customize") {
        return Err(call.token.lacks("chat:write.customize"));
    }
    let limits = &mut world.slack.limits;
    limits.take_channel(&channel, call.now_ms).map_err(|retry_after_s| Failure::Limited { retry_after_s })?;
    message.blocks = world.slack.dress_blocks(message.blocks);
    message.text = cut(message.text);
    let mut told = message.clone();
    told.ts = world.slack_put(&channel, message);
    let body = world.slack.message_json(&told);
    events::posted(world, &channel, &told, call.now_ms);
    Ok(json!({"channel": channel, "ts": told.ts, "message": body}))
}

/// The author's own messages only; no ephemeral ones, and no user id as channel.
pub(super) fn update(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let (channel, ts) = (call.args.required("channel")?, call.args.required("ts")?);
    let conversation = world.slack.visible(&channel, &call.token.app)?;
    if conversation.archived {
        return Err("is_inactive".into());
    }
    let old =
        own(conversation, &ts, call).map_err(|missing| missing.unwrap_or("cant_update_message"))?.clone();
    let mut new = content(call.args, old.author.clone(), call.now_ms)?;
    if escaped_bytes(&new.text) > UPDATE_MAX {
        return Err("msg_too_long".into());
    }
    let metadata = metadata(call.args)?;
    // Not sent: the old ones stay. An empty list takes them away (slack.md §4, unconfirmed).
    if !call.args.has("blocks") {
        new.blocks.clone_from(&old.blocks);
    }
    let blocks = world.slack.dress_blocks(new.blocks);
    let mut told = SlackMessage { blocks, edits: old.edits + 1, edited_at: Some(call.now_ms), ..old.clone() };
    if call.args.text("text").is_some() || call.args.has("markdown_text") {
        told.text = new.text;
    }
    if call.args.has("attachments") {
        told.attachments = new.attachments;
    }
    told.metadata = metadata.or(told.metadata);
    if !world.dropping {
        world.slack_change(&channel, &ts, |kept| *kept = told.clone());
    }
    events::changed(world, &channel, &old, &told, call.now_ms);
    let body = world.slack.message_json(&told);
    Ok(json!({"channel": channel, "ts": ts, "text": told.text, "message": body}))
}

pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let (channel, ts) = (call.args.required("channel")?, call.args.required("ts")?);
    let conversation = world.slack.visible(&channel, &call.token.app)?;
    let old =
        own(conversation, &ts, call).map_err(|missing| missing.unwrap_or("cant_delete_message"))?.clone();
    let touched = world.touch();
    if let Some(conversation) = world.slack.conversations.get_mut(&channel) {
        conversation.touched = touched;
        conversation.messages.retain(|message| message.ts != ts);
    }
    events::deleted(world, &channel, &old, call.now_ms);
    Ok(json!({"channel": channel, "ts": ts}))
}

pub(super) fn post_ephemeral(world: &mut World, call: &Call<'_>) -> Result<Value, Failure> {
    let channel = call.args.required("channel")?;
    let user = call.args.required("user")?;
    let conversation = writable(world, &channel, call, false)?;
    if !conversation.has(&user) {
        return Err("user_not_in_channel".into());
    }
    let mut message = content(call.args, SlackAuthor::App(call.token.app.clone()), call.now_ms)?;
    message.thread_ts = thread(world, &channel, call.args)?;
    message.only_for = Some(user);
    message.blocks = world.slack.dress_blocks(message.blocks);
    let ts = world.slack_put(&channel, message);
    Ok(json!({"message_ts": ts}))
}

/// Text, blocks and attachments of a call, checked.
pub(super) fn content(args: &Args, author: SlackAuthor, now_ms: i64) -> Result<SlackMessage, Failure> {
    let mut message = SlackMessage::new(author, args.text("text").unwrap_or_default(), now_ms);
    message.blocks = blocks::read(args)?;
    if let Some(markdown) = args.text("markdown_text") {
        if args.has("text") || args.has("blocks") {
            return Err("markdown_text_conflict".into());
        }
        if markdown.chars().count() > MARKDOWN_MAX {
            return Err("msg_too_long".into());
        }
        message.text = markdown;
    }
    message.attachments = match args
        .nested("attachments")
        .map_err(|_| Failure::from("invalid_attachments"))?
    {
        None => None,
        Some(Value::Array(list)) if list.len() > ATTACHMENTS_MAX => return Err("too_many_attachments".into()),
        Some(Value::Array(list)) => Some(list).filter(|list| !list.is_empty()).map(Value::Array),
        Some(_) => return Err("invalid_attachments".into()),
    };
    if message.text.trim().is_empty() && message.blocks.is_empty() && message.attachments.is_none() {
        return Err("no_text".into());
    }
    Ok(message)
}

/// Where a new message goes: a user id opens the DM (slack.md §3), a name stands for its channel.
fn destination(world: &mut World, call: &Call<'_>) -> Result<String, Failure> {
    let asked = call.args.required("channel")?;
    if let Some(user) = world.slack.user(&asked) {
        if user.bot || user.deleted {
            return Err("channel_not_found".into());
        }
        messages_tab(world, call)?;
        let user = user.id.clone();
        return Ok(world.slack.dm_or_new(&user, &call.token.app).0);
    }
    let named = asked.strip_prefix('#').unwrap_or(&asked);
    let by_name = world.slack.conversations.values().find(|one| !one.name.is_empty() && one.name == named);
    let channel = by_name.map_or(asked.clone(), |one| one.id.clone());
    writable(world, &channel, call, call.token.has("chat:write.public"))?;
    Ok(channel)
}

/// The conversation, when the app may write there. `public`: also in public channels that it is not in.
fn writable<'a>(
    world: &'a World,
    channel: &str,
    call: &Call<'_>,
    public: bool,
) -> Result<&'a Conversation, Failure> {
    let conversation = world.slack.visible(channel, &call.token.app)?;
    let bot = world.slack.app(&call.token.app).map(|app| app.bot_user.as_str()).unwrap_or_default();
    match &conversation.kind {
        ConversationKind::Im { user, .. } => {
            if world.slack.user(user).is_none_or(|user| user.deleted) {
                return Err("channel_not_found".into());
            }
            messages_tab(world, call)?;
        }
        _ if conversation.archived => return Err("is_archived".into()),
        ConversationKind::Public if public => {}
        _ if !conversation.has(bot) => return Err("not_in_channel".into()),
        _ => {}
    }
    Ok(conversation)
}

fn messages_tab(world: &World, call: &Call<'_>) -> Result<(), Failure> {
    match world.slack.app(&call.token.app) {
        Some(app) if app.settings.messages_tab => Ok(()),
        _ => Err("messages_tab_disabled".into()),
    }
}

/// The app's own message. `Err(None)` when it is somebody else's.
fn own<'a>(
    conversation: &'a Conversation,
    ts: &str,
    call: &Call<'_>,
) -> Result<&'a SlackMessage, Option<&'static str>> {
    let found = conversation.messages.iter().find(|message| message.ts == ts && message.only_for.is_none());
    let found = found.ok_or(Some("message_not_found"))?;
    if found.author == SlackAuthor::App(call.token.app.clone()) { Ok(found) } else { Err(None) }
}

fn thread(world: &World, channel: &str, args: &Args) -> Result<Option<String>, Failure> {
    let Some(ts) = args.text("thread_ts") else { return Ok(None) };
    let messages = world.slack.conversations.get(channel).map_or(&[][..], |one| one.messages.as_slice());
    let parent = messages.iter().find(|message| message.ts == ts && message.only_for.is_none());
    match parent {
        // A reply's own ts leads to its parent.
        Some(parent) => Ok(Some(parent.thread_ts.clone().unwrap_or(ts))),
        None => Err("cannot_reply_to_message".into()),
    }
}

fn metadata(args: &Args) -> Result<Option<Value>, Failure> {
    let metadata = args.nested("metadata").map_err(|_| Failure::from("invalid_metadata_format"))?;
    match &metadata {
        None => Ok(None),
        Some(value)
            if value.get("event_type").is_some_and(Value::is_string)
                && value.get("event_payload").is_some_and(Value::is_object) =>
        {
            Ok(metadata)
        }
        Some(_) => Err("invalid_metadata_format".into()),
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(TEXT_MAX) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// Bytes with every bare `&` escaped; `<` and `>` are syntax, and stay.
fn escaped_bytes(text: &str) -> usize {
    let bare = |(place, _): &(usize, &str)| {
        let rest = text.get(*place..).unwrap_or_default();
        !["&amp;", "&lt;", "&gt;"].iter().any(|entity| rest.starts_with(entity))
    };
    text.len() + text.match_indices('&').filter(bare).count() * "amp;".len()
}
