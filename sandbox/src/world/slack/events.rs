//! What happened, as the events that apps listen to (slack.md §7.2).

use serde_json::{Value, json};

use super::super::World;
use super::outbox::emit;
use super::{ConversationKind, SlackAuthor, SlackMessage, messages};

/// A message was written: by a person in a DM, or by the app itself there; a mention in a channel.
pub(super) fn posted(world: &mut World, channel: &str, message: &SlackMessage, now_ms: i64) {
    if world.dropping || message.only_for.is_some() {
        return;
    }
    let Some(conversation) = world.slack.conversations.get(channel) else { return };
    let mut inner = world.slack.message_json(message);
    // The vendor's example of an event has `bot_id` alone.
    if let Some(fields) = inner.as_object_mut() {
        fields.remove("app_id");
    }
    if let ConversationKind::Im { app, .. } = &conversation.kind {
        let app = app.clone();
        let extra = json!({"channel": channel, "event_ts": message.ts, "channel_type": "im"});
        emit(world, &app, "message.im", merged(inner, extra), now_ms);
        return;
    }
    // Only what people write mentions; an app's own post does not come back (slack.md §7.2).
    if !matches!(message.author, SlackAuthor::User(_)) {
        return;
    }
    let mentioned: Vec<String> = world
        .slack
        .apps
        .iter()
        .filter(|app| {
            conversation.has(&app.bot_user) && message.text.contains(&format!("<@{}>", app.bot_user))
        })
        .map(|app| app.id.clone())
        .collect();
    for app in mentioned {
        let extra = json!({"type": "app_mention", "channel": channel, "event_ts": message.ts});
        emit(world, &app, "app_mention", merged(inner.clone(), extra), now_ms);
    }
}

/// A message of a DM was changed: by its author, or by the app.
pub(super) fn changed(world: &mut World, channel: &str, old: &SlackMessage, new: &SlackMessage, now_ms: i64) {
    let (message, previous) = (world.slack.message_json(new), world.slack.message_json(old));
    let inner = json!({"subtype": "message_changed", "message": message, "previous_message": previous});
    subtype(world, channel, inner, now_ms);
}

pub(super) fn deleted(world: &mut World, channel: &str, old: &SlackMessage, now_ms: i64) {
    let previous = world.slack.message_json(old);
    let inner = json!({"subtype": "message_deleted", "deleted_ts": old.ts, "previous_message": previous});
    subtype(world, channel, inner, now_ms);
}

fn subtype(world: &mut World, channel: &str, inner: Value, now_ms: i64) {
    let app = match world.slack.conversations.get(channel).map(|one| &one.kind) {
        Some(ConversationKind::Im { app, .. }) if !world.dropping => app.clone(),
        _ => return,
    };
    let ts = messages::ts(now_ms * 1000);
    let extra = json!({"type": "message", "hidden": true, "channel": channel, "channel_type": "im",
        "ts": ts, "event_ts": ts});
    emit(world, &app, "message.im", merged(inner, extra), now_ms);
}

/// A user (`U…`, maybe a bot) enters a channel; every app in it hears, also of itself.
pub(super) fn enter(world: &mut World, channel: &str, user: &str, inviter: Option<&str>, now_ms: i64) {
    let Some(conversation) = world.slack.conversations.get_mut(channel) else { return };
    conversation.members.push(user.to_owned());
    note(world, channel, user, "が参加しました", now_ms);
    let mut inner = moved(world, channel, user, "member_joined_channel", now_ms);
    if let (Some(inviter), Some(fields)) = (inviter, inner.as_object_mut()) {
        fields.insert("inviter".into(), json!(inviter));
    }
    for app in apps_in(world, channel) {
        emit(world, &app, "member_joined_channel", inner.clone(), now_ms);
    }
}

/// A user leaves a channel. The apps that stay hear of it; a bot that was taken out hears `channel_left` or
/// `group_left` (not in the sheet: the vendor's event list).
pub(super) fn leave(world: &mut World, channel: &str, user: &str, actor: &str, now_ms: i64) {
    let Some(conversation) = world.slack.conversations.get_mut(channel) else { return };
    conversation.members.retain(|member| member != user);
    let left = match conversation.kind {
        ConversationKind::Private => "group_left",
        _ => "channel_left",
    };
    note(world, channel, user, "が退出しました", now_ms);
    let inner = moved(world, channel, user, "member_left_channel", now_ms);
    for app in apps_in(world, channel) {
        emit(world, &app, "member_left_channel", inner.clone(), now_ms);
    }
    let gone = world.slack.apps.iter().find(|app| app.bot_user == user).map(|app| app.id.clone());
    if let Some(app) = gone {
        let inner = json!({"type": left, "channel": channel, "actor_id": actor,
            "event_ts": messages::ts(now_ms * 1000)});
        emit(world, &app, left, inner, now_ms);
    }
}

/// A person opened the app's DM.
pub(super) fn home_opened(world: &mut World, app: &str, user: &str, channel: &str, now_ms: i64) {
    let inner = json!({"type": "app_home_opened", "user": user, "channel": channel, "tab": "messages",
        "event_ts": messages::ts(now_ms * 1000)});
    emit(world, app, "app_home_opened", inner, now_ms);
}

/// Called while the token still works: it decides what is sent.
pub(super) fn tokens_revoked(world: &mut World, app: &str, now_ms: i64) {
    let Some(bot) = world.slack.app(app).map(|app| app.bot_user.clone()) else { return };
    let inner = json!({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}});
    emit(world, app, "tokens_revoked", inner, now_ms);
}

pub(super) fn app_uninstalled(world: &mut World, app: &str, now_ms: i64) {
    emit(world, app, "app_uninstalled", json!({"type": "app_uninstalled"}), now_ms);
}

fn merged(mut into: Value, extra: Value) -> Value {
    if let (Some(fields), Value::Object(extra)) = (into.as_object_mut(), extra) {
        fields.extend(extra);
    }
    into
}

fn moved(world: &World, channel: &str, user: &str, event: &str, now_ms: i64) -> Value {
    let private =
        world.slack.conversations.get(channel).is_some_and(|one| one.kind == ConversationKind::Private);
    json!({"type": event, "user": user, "channel": channel, "channel_type": if private { "G" } else { "C" },
        "team": world.slack.team_id, "event_ts": messages::ts(now_ms * 1000)})
}

fn apps_in(world: &World, channel: &str) -> Vec<String> {
    let Some(conversation) = world.slack.conversations.get(channel) else { return Vec::new() };
    let inside = world.slack.apps.iter().filter(|app| conversation.has(&app.bot_user));
    inside.map(|app| app.id.clone()).collect()
}

/// A line of Slack's own.
fn note(world: &mut World, channel: &str, user: &str, words: &str, now_ms: i64) {
    let name = world.slack.user(user).map(|user| user.real_name.clone()).unwrap_or_default();
    let message = SlackMessage::new(SlackAuthor::System, format!("{name} {words}"), now_ms);
    world.slack_put(channel, message);
}
