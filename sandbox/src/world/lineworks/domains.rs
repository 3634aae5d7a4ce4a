//! A bot's registration in a domain and the members who may use it (lineworks.md §3.3 [D]).

use serde_json::{Value, json};

use super::super::{Reply, World};
use super::bots::BotDomain;
use super::fields::Fields;
use super::{Call, Refusal, paged};

pub(super) fn add(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (bot_id, domain_id) = selected(world, call)?;
    let settings = read(call, BotDomain::default())?;
    let bot = world.bots.get_mut(&bot_id).ok_or(Refusal::NotFound)?;
    if !bot.allow_domains.is_empty() && !bot.allow_domains.contains(&domain_id) {
        return Err(Refusal::Invalid("domainId is not in allowDomains".into()));
    }
    if bot.domains.contains_key(&domain_id) {
        return Err(Refusal::Invalid("the bot is registered in this domain already".into()));
    }
    let reply = Reply::json(201, &json(domain_id, &settings));
    bot.domains.insert(domain_id, settings);
    Ok(reply)
}

pub(super) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.bot(world)?;
    let page = call.page(50)?;
    let bot = world.bots.get(&id).ok_or(Refusal::NotFound)?;
    Ok(paged("domains", bot.domains.iter().map(|(id, domain)| json(*id, domain)).collect(), page))
}

pub(super) fn put(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    change(world, call, false)
}

pub(super) fn patch(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    change(world, call, true)
}

pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (bot_id, domain_id) = selected(world, call)?;
    registered(world, bot_id, domain_id)?;
    if let Some(bot) = world.bots.get_mut(&bot_id) {
        bot.domains.remove(&domain_id);
    }
    Ok(Reply::empty(204))
}

pub(super) fn add_member(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (bot_id, domain_id) = selected(world, call)?;
    let body = call.json()?;
    let selector = Fields::of(&body, "")?.text("userId", 100)?.to_owned();
    let person = world.member(&selector).filter(|person| person.domain_id == domain_id);
    let user_id = person.ok_or(Refusal::NotFound)?.user_id.clone();
    let domain = registered(world, bot_id, domain_id)?;
    if !domain.members.contains(&user_id) {
        domain.members.push(user_id.clone());
    }
    Ok(Reply::json(201, &json!({"userId": user_id})))
}

pub(super) fn list_members(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (bot_id, domain_id) = selected(world, call)?;
    let page = call.page(50)?;
    let domain = registered(world, bot_id, domain_id)?;
    if !domain.allow_to_selected_member {
        // A text, not a list (lineworks.md §3.1 [D]).
        let body = json!({"members": "All users", "responseMetaData": {"nextCursor": Value::Null}});
        return Ok(Reply::json(200, &body));
    }
    Ok(paged("members", domain.members.iter().map(|id| json!(id)).collect(), page))
}

pub(super) fn delete_member(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (bot_id, domain_id) = selected(world, call)?;
    let user_id = world.member(call.param(2)).ok_or(Refusal::NotFound)?.user_id.clone();
    let domain = registered(world, bot_id, domain_id)?;
    if !domain.members.contains(&user_id) {
        return Err(Refusal::NotFound);
    }
    domain.members.retain(|member| *member != user_id);
    Ok(Reply::empty(204))
}

fn change(world: &mut World, call: &Call<'_>, keep_rest: bool) -> Result<Reply, Refusal> {
    let (bot_id, domain_id) = selected(world, call)?;
    let domain = registered(world, bot_id, domain_id)?;
    let before = if keep_rest { domain.clone() } else { BotDomain::default() };
    let settings = read(call, before)?;
    domain.visible = settings.visible;
    domain.allow_to_selected_member = settings.allow_to_selected_member;
    Ok(Reply::json(200, &json(domain_id, domain)))
}

fn selected(world: &World, call: &Call<'_>) -> Result<(i64, i64), Refusal> {
    let bot = call.bot(world)?;
    let domain = call.param(1).parse().map_err(|_| Refusal::NotFound)?;
    if world.domains.contains_key(&domain) { Ok((bot, domain)) } else { Err(Refusal::NotFound) }
}

fn registered(world: &mut World, bot: i64, domain: i64) -> Result<&mut BotDomain, Refusal> {
    world.bots.get_mut(&bot).and_then(|bot| bot.domains.get_mut(&domain)).ok_or(Refusal::NotFound)
}

/// All fields are optional, and so is the body.
fn read(call: &Call<'_>, mut settings: BotDomain) -> Result<BotDomain, Refusal> {
    if call.request.body.is_empty() {
        return Ok(settings);
    }
    let body = call.json()?;
    let fields = Fields::of(&body, "")?;
    settings.visible = fields.flag("visible", settings.visible)?;
    settings.allow_to_selected_member =
        fields.flag("allowToSelectedMember", settings.allow_to_selected_member)?;
    Ok(settings)
}

fn json(domain_id: i64, domain: &BotDomain) -> Value {
    json!({
        "domainId": domain_id,
        "visible": domain.visible,
        "allowToSelectedMember": domain.allow_to_selected_member,
    })
}
