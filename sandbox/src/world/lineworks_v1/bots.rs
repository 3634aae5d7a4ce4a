//! Registering bots (lineworks.md §7.2), by the rules of API 2.0 under the names of 1.0 (§7.5).

use serde_json::{Map, Value, json};

use super::super::lineworks::bots;
use super::super::lineworks::fields::{Fields, Invalid};
use super::super::lineworks::{Bot, BotDomain};
use super::super::{Reply, World};
use super::{Call, Refusal, bot_of};

/// Most people of one domain registration.
const ACCOUNTS_MAX: usize = 150;

/// Names of 1.0 and of 2.0.
const NAMES: [(&str, &str); 9] = [
    ("name", "botName"),
    ("photoUrl", "photoUrl"),
    ("description", "description"),
    ("managers", "administrators"),
    ("submanagers", "subadministrators"),
    ("useGroupJoin", "enableGroupJoin"),
    ("useCallback", "enableCallback"),
    ("callbackUrl", "callbackUrl"),
    ("callbackEvents", "callbackEvents"),
];

pub(super) fn register(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let body = settings(&call.json()?);
    let bot = bots::make(world, &body, true, call.now_ms)?;
    Ok(Reply::json(200, &json!({"botNo": bot.id})))
}

pub(super) fn list(world: &World) -> Reply {
    let bots = world.bots.values().filter(|bot| bot.via_v1);
    let bots = bots.map(|bot| json!({"botNo": bot.id, "name": bot.name, "photoUrl": bot.photo_url}));
    Reply::json(200, &json!({"bots": bots.collect::<Vec<_>>()}))
}

pub(super) fn get(world: &World, bot: &str) -> Result<Reply, Refusal> {
    let id = bot_of(world, bot)?;
    let bot = world.bots.get(&id).map(|bot| told(world, bot)).unwrap_or_default();
    Ok(Reply::json(200, &bot))
}

pub(super) fn update(world: &mut World, call: &Call<'_>, bot: &str) -> Result<Reply, Refusal> {
    let id = bot_of(world, bot)?;
    let body = settings(&call.json()?);
    let refused = |refusal| match refusal {
        super::super::lineworks::Refusal::Invalid(what) => Invalid(what).into(),
        _ => Refusal::Bot("NONEXISTENT_BOT", "no such bot".into()),
    };
    bots::replace(world, id, &body, call.now_ms).map_err(refused)?;
    Ok(Reply::json(200, &json!({"botNo": id})))
}

pub(super) fn delete(world: &mut World, bot: &str) -> Result<Reply, Refusal> {
    let id = bot_of(world, bot)?;
    bots::remove(world, id);
    Ok(Reply::json(200, &json!({})))
}

/// Registers the bot in a domain, for all or for the named people.
pub(super) fn register_domain(
    world: &mut World,
    call: &Call<'_>,
    bot: &str,
    domain: &str,
) -> Result<Reply, Refusal> {
    let id = bot_of(world, bot)?;
    let foreign = || Refusal::Bot("DOMAIN_NOT_BELONGING_TO_TENANT", "no such domain".into());
    let domain: i64 = domain.parse().map_err(|_| foreign())?;
    if !world.domains.contains_key(&domain) {
        return Err(foreign());
    }
    let body = call.json()?;
    let fields = Fields::of(&body, "")?;
    let mut members = Vec::new();
    for account in fields.texts("accountIds", ACCOUNTS_MAX)?.unwrap_or_default() {
        let person = world.people.iter().find(|person| person.login == account);
        let person = person.ok_or_else(|| fields.wrong("accountIds", "has an unknown user"))?;
        members.push(person.user_id.clone());
    }
    let settings = BotDomain {
        visible: fields.flag("usePublic", false)?,
        allow_to_selected_member: fields.flag("usePermission", false)?,
        members,
    };
    let bot = world.bots.get_mut(&id).ok_or_else(foreign)?;
    if !bot.allow_domains.is_empty() && !bot.allow_domains.contains(&domain) {
        return Err(Refusal::Bot("PERMISSION_DENIED", "the bot is for other domains".into()));
    }
    if bot.domains.contains_key(&domain) {
        return Err(Refusal::Bot("ALREADY_REGISTERED_BOT", "registered in this domain already".into()));
    }
    bot.domains.insert(domain, settings);
    Ok(Reply::json(200, &json!({})))
}

/// The body of API 2.0 for one of 1.0.
fn settings(body: &Value) -> Value {
    let mut settings = Map::new();
    for (old, new) in NAMES {
        if let Some(value) = body.get(old) {
            settings.insert(new.into(), value.clone());
        }
    }
    for (old, new, inner, name) in [
        ("i18nNames", "i18nBotNames", "name", "botName"),
        ("i18nDescriptions", "i18nDescriptions", "description", "description"),
    ] {
        let Some(items) = body.get(old).and_then(Value::as_array) else { continue };
        let items = items.iter().map(|item| json!({"language": item.get("language"), name: item.get(inner)}));
        settings.insert(new.into(), items.collect());
    }
    if body.get("useDomainScope") == Some(&Value::Bool(true)) {
        settings.insert("allowDomains".into(), body.get("domainIds").cloned().unwrap_or_default());
    }
    Value::Object(settings)
}

fn told(world: &World, bot: &Bot) -> Value {
    let logins = |ids: &[String]| -> Vec<Value> {
        ids.iter().filter_map(|id| world.member(id)).map(|person| person.login.clone().into()).collect()
    };
    json!({
        "botNo": bot.id, "name": bot.name, "photoUrl": bot.photo_url, "description": bot.description,
        "managers": logins(&bot.administrators), "submanagers": logins(&bot.subadministrators),
        "useGroupJoin": bot.enable_group_join, "useDomainScope": !bot.allow_domains.is_empty(),
        "domainIds": bot.allow_domains, "useCallback": bot.enable_callback, "callbackUrl": bot.callback_url,
        "callbackEvents": bot.callback_events,
    })
}
