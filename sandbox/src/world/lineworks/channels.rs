//! Rooms of a bot (lineworks.md §3.4 [D]).

use serde_json::json;

use super::super::{Reply, Room, World};
use super::fields::Fields;
use super::{Call, Refusal, callbacks, paged};

/// Makes a room with these members and the bot in it; a `join` callback follows.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let bot_id = call.bot(world)?;
    let body = call.json()?;
    let fields = Fields::of(&body, "")?;
    let title = fields.opt_text("title", 1000)?.unwrap_or_default().to_owned();
    fields.items("members", 100)?;
    let mut members: Vec<String> = Vec::new();
    for selector in fields.texts("members", 100)?.unwrap_or_default() {
        let person = world.member(&selector).ok_or_else(|| fields.wrong("members", "has an unknown user"))?;
        if members.contains(&person.user_id) {
            return Err(fields.wrong("members", "must be unique").into());
        }
        members.push(person.user_id.clone());
    }
    let bot = world.bots.get(&bot_id).ok_or(Refusal::NotFound)?;
    if !members.iter().all(|user| bot.serves(world.domain_of(user), user)) {
        return Err(Refusal::AccessDenied);
    }
    let domain_id = members.first().map(|user| world.domain_of(user)).unwrap_or_default();
    let channel_id = world.rng.uuid();
    let mut reply = json!({"channelId": channel_id});
    if let (false, Some(reply)) = (title.is_empty(), reply.as_object_mut()) {
        reply.insert("title".into(), title.clone().into());
    }
    let room = Room {
        channel_id: channel_id.clone(),
        domain_id,
        title,
        channel_type: "MULTI_USERS",
        members,
        bots: vec![bot_id],
    };
    world.rooms.insert(channel_id.clone(), room);
    world.note(&channel_id, &format!("{} がトークルームを作成しました", world.bot_name(bot_id)), call.now_ms);
    callbacks::membership(world, bot_id, &channel_id, "join", None, call.now_ms);
    Ok(Reply::json(201, &reply))
}

pub(super) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (_, room) = entered(world, call)?;
    let body = json!({
        "domainId": room.domain_id,
        "channelId": room.channel_id,
        "title": room.title,
        "channelType": {"type": room.channel_type},
    });
    Ok(Reply::json(200, &body))
}

pub(super) fn members(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let page = call.page(50)?;
    let (_, room) = entered(world, call)?;
    Ok(paged("members", room.members.iter().map(|id| json!(id)).collect(), page))
}

/// The bot leaves by itself; a `leave` callback follows as when it is removed.
pub(super) fn leave(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (bot, room) = entered(world, call)?;
    let channel = room.channel_id.clone();
    if let Some(room) = world.rooms.get_mut(&channel) {
        room.bots.retain(|b| *b != bot);
    }
    world.note(&channel, &format!("{} が退出しました", world.bot_name(bot)), call.now_ms);
    callbacks::membership(world, bot, &channel, "leave", None, call.now_ms);
    Ok(Reply::empty(204))
}

/// The bot and the room of the path; the bot must be in it.
pub(super) fn entered<'w>(world: &'w World, call: &Call<'_>) -> Result<(i64, &'w Room), Refusal> {
    let bot = call.bot(world)?;
    let room = world.rooms.get(call.param(1)).ok_or(Refusal::NotFound)?;
    if room.bots.contains(&bot) { Ok((bot, room)) } else { Err(Refusal::AccessDenied) }
}
