//! Sending: to a member, to a room (lineworks.md §3.1, §3.5). The reply has no body and no id.

use serde_json::Value;

use super::super::{Author, Reply, TalkKey, World};
use super::{Call, Refusal, channels, content, mentions};

pub(super) fn to_user(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let bot = call.bot(world)?;
    if call.param(1) == "me" {
        return Err(Refusal::ServiceAccount);
    }
    let user = world.member(call.param(1)).ok_or(Refusal::NotFound)?.user_id.clone();
    deliver_to_user(world, bot, user, content(call), call.now_ms)?;
    Ok(Reply::empty(201))
}

pub(super) fn to_channel(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (bot, room) = channels::entered(world, call)?;
    let channel = room.channel_id.clone();
    deliver_to_channel(world, bot, channel, content(call), call.now_ms)?;
    Ok(Reply::empty(201))
}

/// To a member, by either API. The bot must be registered in the member's domain and be for them.
pub(in crate::world) fn deliver_to_user(
    world: &mut World,
    bot: i64,
    user: String,
    content: Result<Value, Refusal>,
    now_ms: i64,
) -> Result<(), Refusal> {
    let domain = world.domain_of(&user);
    if !world.bots.get(&bot).is_some_and(|bot| bot.serves(domain, &user)) {
        return Err(Refusal::AccessDenied);
    }
    let content = content?;
    content::check(&content)?;
    let mentions = mentions::read(world, &content, std::slice::from_ref(&user), false)?;
    world.post(TalkKey::OneToOne { user, bot }, Author::Bot(bot), content, mentions, now_ms);
    Ok(())
}

/// To a room, by either API. The bot must be in it.
pub(in crate::world) fn deliver_to_channel(
    world: &mut World,
    bot: i64,
    channel: String,
    content: Result<Value, Refusal>,
    now_ms: i64,
) -> Result<(), Refusal> {
    let room = world.rooms.get(&channel).ok_or(Refusal::NotFound)?;
    if !room.bots.contains(&bot) {
        return Err(Refusal::AccessDenied);
    }
    let (content, members) = (content?, room.members.clone());
    content::check(&content)?;
    let mentions = mentions::read(world, &content, &members, true)?;
    world.post(TalkKey::Room { channel }, Author::Bot(bot), content, mentions, now_ms);
    Ok(())
}

fn content(call: &Call<'_>) -> Result<Value, Refusal> {
    let body = call.json()?;
    Ok(body.get("content").cloned().unwrap_or_default())
}
