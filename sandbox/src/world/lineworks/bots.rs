//! Bots: registration, settings, secret (lineworks.md §3.2 [D]).

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use super::super::{Reply, World};
use super::fields::{Fields, Invalid};
use super::{Call, Refusal, paged};

const MAX_BOTS: usize = 300;
const FIRST_BOT_ID: i64 = 2_000_001;
const CALLBACK_EVENTS: [&str; 7] = ["text", "location", "sticker", "image", "file", "audio", "video"];
const CHANNEL_EVENTS: [&str; 8] = ["message", "join", "leave", "joined", "left", "postback", "begin", "end"];

/// One bot with its registrations.
#[derive(Debug, Clone)]
pub struct Bot {
    pub id: i64,
    pub name: String,
    pub photo_url: String,
    pub description: String,
    /// userIds
    pub administrators: Vec<String>,
    pub subadministrators: Vec<String>,
    /// Domains where it may be registered; none means all.
    pub allow_domains: Vec<i64>,
    pub enable_callback: bool,
    pub callback_url: String,
    pub callback_events: Vec<String>,
    pub channel_events: Vec<String>,
    pub enable_group_join: bool,
    /// Registrations by domainId.
    pub domains: BTreeMap<i64, BotDomain>,
    /// Registered through API 1.0: callbacks have its form and are signed with its API ID.
    pub via_v1: bool,
    pub(crate) secret: String,
    /// `i18n…` fields and the like, kept as they came.
    extras: Map<String, Value>,
    created_ms: i64,
    modified_ms: i64,
}

/// A bot's registration in one domain (lineworks.md §3.3 [D]).
#[derive(Debug, Clone, Default)]
pub struct BotDomain {
    pub visible: bool,
    pub allow_to_selected_member: bool,
    /// userIds
    pub members: Vec<String>,
}

impl Bot {
    /// The secret that callbacks are signed with.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Whether this member may talk with the bot.
    #[must_use]
    pub fn serves(&self, domain_id: i64, user_id: &str) -> bool {
        self.domains.get(&domain_id).is_some_and(|domain| {
            !domain.allow_to_selected_member || domain.members.iter().any(|m| m == user_id)
        })
    }

    /// Whether this member finds the bot in the organisation's bot list.
    #[must_use]
    pub fn is_listed_for(&self, domain_id: i64, user_id: &str) -> bool {
        self.domains.get(&domain_id).is_some_and(|domain| domain.visible) && self.serves(domain_id, user_id)
    }

    fn settings(&self) -> Map<String, Value> {
        let mut map = self.extras.clone();
        for (name, value) in [
            ("botName", json!(self.name)),
            ("photoUrl", json!(self.photo_url)),
            ("description", json!(self.description)),
            ("administrators", json!(self.administrators)),
            ("subadministrators", json!(self.subadministrators)),
            ("allowDomains", json!(self.allow_domains)),
            ("enableCallback", json!(self.enable_callback)),
            ("callbackUrl", json!(self.callback_url)),
            ("callbackEvents", json!(self.callback_events)),
            ("channelEvents", json!(self.channel_events)),
            ("enableGroupJoin", json!(self.enable_group_join)),
        ] {
            map.insert(name.into(), value);
        }
        map
    }

    fn json(&self) -> Value {
        let mut map = self.settings();
        map.insert("botId".into(), self.id.into());
        map.insert("createdTime".into(), date_time(self.created_ms).into());
        map.insert("modifiedTime".into(), date_time(self.modified_ms).into());
        Value::Object(map)
    }

    /// Reads all settings; whatever is absent gets its default.
    fn set(&mut self, world: &World, body: &Value, now_ms: i64) -> Result<(), Invalid> {
        let fields = Fields::of(body, "")?;
        self.name = fields.text("botName", 100)?.replace(['\r', '\n'], " ");
        self.photo_url = fields.https("photoUrl")?.to_owned();
        self.description = fields.text("description", 100)?.to_owned();
        self.administrators = members(world, &fields, "administrators")?;
        if self.administrators.is_empty() {
            return Err(fields.wrong("administrators", "is required"));
        }
        self.subadministrators = members(world, &fields, "subadministrators")?;
        self.allow_domains = domain_ids(world, &fields)?;
        self.enable_callback = fields.flag("enableCallback", false)?;
        self.callback_url = match fields.opt_text("callbackUrl", 1000)? {
            None | Some("") => String::new(),
            Some(_) => fields.https("callbackUrl")?.to_owned(),
        };
        self.callback_events = events(&fields, "callbackEvents", &CALLBACK_EVENTS)?.unwrap_or_default();
        self.channel_events = events(&fields, "channelEvents", &CHANNEL_EVENTS)?
            .unwrap_or_else(|| CHANNEL_EVENTS.iter().take(6).map(|e| (*e).to_owned()).collect());
        self.enable_group_join = fields.flag("enableGroupJoin", false)?;
        self.extras.clear();
        for (field, inner, max) in [
            ("i18nBotNames", "botName", 100),
            ("i18nDescriptions", "description", 100),
            ("i18nPhotoUrls", "photoUrl", 1000),
        ] {
            fields.i18n(field, inner, max)?;
        }
        for field in ["i18nBotNames", "i18nDescriptions", "i18nPhotoUrls", "defaultRichmenuId"] {
            if let Some(value) = fields.get(field) {
                self.extras.insert(field.into(), value.clone());
            }
        }
        self.modified_ms = now_ms;
        Ok(())
    }
}

pub(super) fn create(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let body = call.json()?;
    let bot = make(world, &body, false, call.now_ms)?;
    Ok(Reply::json(201, &bot.json()))
}

/// A new bot of the tenant, by either API.
pub(in crate::world) fn make<'w>(
    world: &'w mut World,
    body: &Value,
    via_v1: bool,
    now_ms: i64,
) -> Result<&'w Bot, Invalid> {
    if world.bots.len() >= MAX_BOTS {
        return Err(Invalid("the tenant has 300 bots already".into()));
    }
    let mut bot = Bot {
        // Never given twice, also when the last bot was deleted.
        id: 0,
        name: String::new(),
        photo_url: String::new(),
        description: String::new(),
        administrators: Vec::new(),
        subadministrators: Vec::new(),
        allow_domains: Vec::new(),
        enable_callback: false,
        callback_url: String::new(),
        callback_events: Vec::new(),
        channel_events: Vec::new(),
        enable_group_join: false,
        domains: BTreeMap::new(),
        via_v1,
        secret: String::new(),
        extras: Map::new(),
        created_ms: now_ms,
        modified_ms: now_ms,
    };
    bot.set(world, body, now_ms)?;
    bot.id = FIRST_BOT_ID + i64::try_from(world.bots_made).unwrap_or_default();
    bot.secret = world.rng.hex(2);
    world.bots_made += 1;
    Ok(world.bots.entry(bot.id).or_insert(bot))
}

pub(super) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let page = call.page(50)?;
    let item = |bot: &Bot| {
        let mut item = json!({"botId": bot.id, "botName": bot.name, "photoUrl": bot.photo_url});
        for field in ["i18nBotNames", "i18nPhotoUrls"] {
            if let (Some(value), Some(map)) = (bot.extras.get(field), item.as_object_mut()) {
                map.insert(field.into(), value.clone());
            }
        }
        item
    };
    Ok(paged("bots", world.bots.values().map(item).collect(), page))
}

pub(super) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.bot(world)?;
    world.bots.get(&id).map(|bot| Reply::json(200, &bot.json())).ok_or(Refusal::NotFound)
}

/// Replaces the whole: what is left out goes back to its default (lineworks.md §2 [D]).
pub(super) fn put(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.bot(world)?;
    let body = call.json()?;
    replace(world, id, &body, call.now_ms)
}

/// Changes the listed fields only.
pub(super) fn patch(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.bot(world)?;
    let body = call.json()?;
    let mut whole = world.bots.get(&id).ok_or(Refusal::NotFound)?.settings();
    for (name, value) in body.as_object().into_iter().flatten() {
        whole.insert(name.clone(), value.clone());
    }
    replace(world, id, &Value::Object(whole), call.now_ms)
}

pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.bot(world)?;
    remove(world, id);
    Ok(Reply::empty(204))
}

/// Takes a bot out of every room and out of the tenant.
pub(in crate::world) fn remove(world: &mut World, id: i64) {
    world.bots.remove(&id);
    for room in world.rooms.values_mut() {
        room.bots.retain(|bot| *bot != id);
    }
}

/// A new secret; the old one is dead at once.
pub(super) fn reissue_secret(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.bot(world)?;
    let secret = world.rng.hex(2);
    let bot = world.bots.get_mut(&id).ok_or(Refusal::NotFound)?;
    bot.secret.clone_from(&secret);
    Ok(Reply::json(200, &json!({"secret": secret})))
}

/// Sets all settings of a bot anew, by either API.
pub(in crate::world) fn replace(
    world: &mut World,
    id: i64,
    body: &Value,
    now_ms: i64,
) -> Result<Reply, Refusal> {
    let mut bot = world.bots.get(&id).ok_or(Refusal::NotFound)?.clone();
    bot.set(world, body, now_ms)?;
    let reply = Reply::json(200, &bot.json());
    world.bots.insert(id, bot);
    Ok(reply)
}

/// Up to three distinct members, by userId or login ID, as userIds.
fn members(world: &World, fields: &Fields<'_>, field: &str) -> Result<Vec<String>, Invalid> {
    let mut ids = Vec::new();
    for selector in fields.texts(field, 3)?.unwrap_or_default() {
        let person = world.member(&selector).ok_or_else(|| fields.wrong(field, "has an unknown user"))?;
        if ids.contains(&person.user_id) {
            return Err(fields.wrong(field, "must be unique"));
        }
        ids.push(person.user_id.clone());
    }
    Ok(ids)
}

fn domain_ids(world: &World, fields: &Fields<'_>) -> Result<Vec<i64>, Invalid> {
    let mut ids = Vec::new();
    for value in fields.opt_items("allowDomains", usize::MAX)?.unwrap_or_default() {
        let id = value.as_i64().ok_or_else(|| fields.wrong("allowDomains", "must hold integers"))?;
        if ids.contains(&id) || !world.domains.contains_key(&id) {
            return Err(fields.wrong("allowDomains", "must be unique domains of the tenant"));
        }
        ids.push(id);
    }
    Ok(ids)
}

fn events(fields: &Fields<'_>, field: &str, known: &[&str]) -> Result<Option<Vec<String>>, Invalid> {
    let events = fields.texts(field, known.len())?;
    match events.iter().flatten().find(|event| !known.contains(&event.as_str())) {
        Some(event) => Err(fields.wrong(field, &format!("has an unknown event: {event}"))),
        None => Ok(events),
    }
}

/// `YYYY-MM-DDThh:mm:ssTZD`
fn date_time(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}
