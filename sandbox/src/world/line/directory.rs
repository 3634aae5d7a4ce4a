//! Who and what: the bot itself, people, followers, groups (line.md §2, §3; groups by the OpenAPI).

use serde_json::json;

use super::super::{Reply, World};
use super::{Call, Group, refusal};

pub(super) fn bot_info(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let bot = world.line.messaging(call.channel).ok_or_else(|| refusal(404, "Not found"))?;
    Ok(Reply::json(
        200,
        &json!({"userId": bot.bot_user_id, "basicId": bot.basic_id, "displayName": bot.name,
            "chatMode": "bot", "markAsReadMode": "auto"}),
    ))
}

/// 404 for someone who is no friend, blocked the account or is unknown (line.md §3).
pub(super) fn profile(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let id = call.param(0);
    if id.len() != 33 || !id.starts_with('U') {
        return Err(refusal(400, "The value for the 'userId' parameter is invalid"));
    }
    let person = world.line.person_of(call.channel, id).ok_or_else(|| refusal(404, "Not found"))?;
    let contact = world.line.contact(call.channel, person);
    if !contact.friend || contact.blocked {
        return Err(refusal(404, "Not found"));
    }
    let name = world.line_name(person);
    Ok(Reply::json(200, &json!({"userId": id, "displayName": name, "language": "ja"})))
}

pub(super) fn followers(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    if !world.line.messaging(call.channel).is_some_and(|bot| bot.verified) {
        return Err(refusal(403, "Access to this API is not available for your account"));
    }
    let limit = call.request.query("limit").and_then(|text| text.parse().ok()).unwrap_or(300);
    let start = call.request.query("start").and_then(|text| text.parse().ok()).unwrap_or(0);
    let friends = world
        .line
        .contacts
        .iter()
        .filter(|((channel, _), contact)| *channel == call.channel && contact.friend && !contact.blocked);
    let ids: Vec<String> = friends.map(|((_, person), _)| world.line.user_id(call.channel, person)).collect();
    let page: Vec<&String> = ids.iter().skip(start).take(limit).collect();
    let end = start + page.len();
    let body = if end < ids.len() {
        json!({"userIds": page, "next": end.to_string()})
    } else {
        json!({"userIds": page})
    };
    Ok(Reply::json(200, &body))
}

pub(super) fn group(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let group = entered(world, call)?;
    Ok(Reply::json(200, &json!({"groupId": group.group_id, "groupName": group.name})))
}

pub(super) fn member(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let id = call.param(1);
    let person = world.line.person_of(call.channel, id).ok_or_else(|| refusal(404, "Not found"))?;
    if !entered(world, call)?.members.iter().any(|member| member == person) {
        return Err(refusal(404, "Not found"));
    }
    Ok(Reply::json(200, &json!({"userId": id, "displayName": world.line_name(person)})))
}

pub(super) fn leave(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let group = entered(world, call)?.group_id.clone();
    world.line_take_out(&group, call.channel, call.now_ms);
    Ok(Reply::json(200, &json!({})))
}

/// A group that the bot is in.
fn entered<'a>(world: &'a World, call: &Call<'_>) -> Result<&'a Group, Reply> {
    let group = world.line.groups.get(call.param(0)).filter(|group| group.bots.contains(&call.channel));
    group.ok_or_else(|| refusal(404, "Not found"))
}
