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
    let domain = world.domain_of(&user);
    if !world.bots.get(&bot).is_some_and(|bot| bot.serves(domain, &user)) {
        return Err(Refusal::AccessDenied);
    }
    let content = content(call)?;
    let mentions = mentions::read(world, &content, std::slice::from_ref(&user), false)?;
    world.post(TalkKey::OneToOne { user, bot }, Author::Bot(bot), content, mentions, call.now_ms);
    Ok(Reply::empty(201))
}

pub(super) fn to_channel(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (bot, room) = channels::entered(world, call)?;
    let (channel, members) = (room.channel_id.clone(), room.members.clone());
    let content = content(call)?;
    let mentions = mentions::read(world, &content, &members, true)?;
    world.post(TalkKey::Room { channel }, Author::Bot(bot), content, mentions, call.now_ms);
    Ok(Reply::empty(201))
}

fn content(call: &Call<'_>) -> Result<Value, Refusal> {
    let body = call.json()?;
    let content = body.get("content").cloned().unwrap_or_default();
    content::check(&content)?;
    Ok(content)
}
