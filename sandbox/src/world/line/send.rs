//! Push, multicast, reply, their checks and the month's quota (line.md §3).

use chrono::{DateTime, Datelike as _, FixedOffset};
use serde_json::{Value, json};

use super::super::{Author, Reply, World};
use super::{Call, MONTHLY_LIMIT, Place, content, invalid, property, refusal};
use crate::contract::{Problem, Side};

/// Someone who is no friend can be written to this long after writing in the 1:1 talk (line.md §3.1).
const WROTE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

const MULTICAST_MAX: usize = 500;

pub(super) fn push(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let messages = checked_messages(call)?;
    world.line.already_accepted(call)?;
    let to = text(&call.body, "to");
    let place = match to.chars().next() {
        Some('U') if is_id(to) => match world.line.person_of(call.channel, to) {
            Some(person) => Place::OneToOne { channel: call.channel, person: person.to_owned() },
            // Unknown to this channel, for example another provider's (line.md §3.1).
            None => return Err(refusal(400, "Failed to send messages")),
        },
        Some('C') if is_id(to) => match world.line.groups.get(to) {
            Some(group) if group.bots.contains(&call.channel) => Place::Group { group: to.to_owned() },
            _ => return Err(refusal(400, "Failed to send messages")),
        },
        _ => return Err(property("to")),
    };
    let reached = world.line_reached(&place, call.channel, call.now_ms);
    world.line_spend(call.channel, reached, call.now_ms)?;
    let sent = sent_messages(world, &messages);
    world.line.accept(call, Some(sent.clone()));
    if reached > 0 {
        deliver(world, call, &place, messages);
    }
    Ok(Reply::json(200, &json!({"sentMessages": sent})))
}

pub(super) fn multicast(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let messages = checked_messages(call)?;
    world.line.already_accepted(call)?;
    let to: Vec<&str> = call
        .body
        .get("to")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if to.is_empty() || to.len() > MULTICAST_MAX || to.iter().any(|one| !one.starts_with('U') || !is_id(one))
    {
        return Err(property("to"));
    }
    let refuses = world.line.messaging(call.channel).is_some_and(|bot| bot.multicast_refuses_foreign);
    let mut places = Vec::with_capacity(to.len());
    for one in to {
        match world.line.person_of(call.channel, one) {
            Some(person) => places.push(Place::OneToOne { channel: call.channel, person: person.to_owned() }),
            None if refuses => return Err(property("to")),
            None => {}
        }
    }
    places.sort();
    places.dedup();
    places.retain(|place| world.line_reached(place, call.channel, call.now_ms) > 0);
    world.line_spend(call.channel, places.len() as u64, call.now_ms)?;
    world.line.accept(call, None);
    for place in places {
        deliver(world, call, &place, messages.clone());
    }
    Ok(Reply::json(200, &json!({})))
}

pub(super) fn reply(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let messages = checked_messages(call)?;
    let token = text(&call.body, "replyToken");
    let place = world
        .line
        .hooks
        .use_reply_token(call.channel, token, call.now_ms)
        .ok_or_else(|| refusal(400, "Invalid reply token"))?;
    let sent = sent_messages(world, &messages);
    deliver(world, call, &place, messages);
    Ok(Reply::json(200, &json!({"sentMessages": sent})))
}

pub(super) fn validate(_: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    checked_messages(call)?;
    Ok(Reply::json(200, &json!({})))
}

pub(super) fn quota(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let quota = world.line.messaging(call.channel).and_then(|bot| bot.quota);
    let body = match quota {
        Some(value) => json!({"type": "limited", "value": value}),
        None => json!({"type": "none"}),
    };
    Ok(Reply::json(200, &body))
}

pub(super) fn consumption(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let month = month(call.now_ms);
    let bot = world.line.messaging(call.channel);
    let used = bot.filter(|bot| bot.month == month).map_or(0, |bot| bot.used);
    Ok(Reply::json(200, &json!({"totalUsage": used})))
}

impl World {
    /// How many people a message to this place reaches now: 0 means that it is silently dropped.
    fn line_reached(&self, place: &Place, channel: i64, now_ms: i64) -> u64 {
        match place {
            Place::OneToOne { person, .. } => {
                let contact = self.line.contact(channel, person);
                let wrote = contact.wrote_at.is_some_and(|at| now_ms - at < WROTE_MS);
                u64::from(!contact.blocked && (contact.friend || wrote))
            }
            Place::Group { group } => self.line.groups.get(group).map_or(0, |g| g.members.len() as u64),
        }
    }

    /// Counts recipients, however many message objects there are (line.md §3.3). `Err` when the month is
    /// used up; then nothing was sent.
    fn line_spend(&mut self, channel: i64, recipients: u64, now_ms: i64) -> Result<(), Reply> {
        let Some(bot) = self.line.messaging_mut(channel) else { return Ok(()) };
        let month = month(now_ms);
        if bot.month != month {
            bot.month = month;
            bot.used = 0;
        }
        if bot.quota.is_some_and(|quota| bot.used + recipients > quota) {
            return Err(refusal(429, MONTHLY_LIMIT));
        }
        bot.used += recipients;
        Ok(())
    }
}

/// Months since year 0, in Japan.
pub(super) fn month(now_ms: i64) -> i64 {
    let japan = FixedOffset::east_opt(9 * 60 * 60);
    let time =
        DateTime::from_timestamp_millis(now_ms).zip(japan).map(|(time, zone)| time.with_timezone(&zone));
    time.map_or(0, |time| i64::from(time.year()) * 12 + i64::from(time.month0()))
}

fn checked_messages(call: &Call<'_>) -> Result<Vec<Value>, Reply> {
    let messages = call.body.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
    let problems: Vec<Problem> = messages
        .iter()
        .enumerate()
        .flat_map(|(place, message)| content::problems(message, &format!("messages[{place}]")))
        .collect();
    if problems.is_empty() { Ok(messages) } else { Err(invalid(&problems)) }
}

fn sent_messages(world: &mut World, messages: &[Value]) -> Value {
    let sent: Vec<Value> = messages
        .iter()
        .map(|message| {
            let id = message_id(world);
            if matches!(text(message, "type"), "text" | "textV2" | "sticker" | "image" | "video" | "template")
            {
                json!({"id": id, "quoteToken": world.rng.hex(4)})
            } else {
                json!({"id": id})
            }
        })
        .collect();
    Value::Array(sent)
}

/// 18 digits, as message ids have.
pub(super) fn message_id(world: &mut World) -> String {
    format!("5{:017}", world.rng.next() % 100_000_000_000_000_000)
}

fn deliver(world: &mut World, call: &Call<'_>, place: &Place, messages: Vec<Value>) {
    for message in messages {
        world.line_post(place.clone(), Author::Bot(call.channel), message, call.now_ms);
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 33
        && text.chars().skip(1).all(|letter| letter.is_ascii_digit() || ('a'..='f').contains(&letter))
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Notes a body that LINE itself would never have made.
pub(super) fn hold_callback(world: &mut World, body: &Value, now_ms: i64) {
    let _ = world.hold(Side::Callback, "line-webhook:CallbackRequest", body, now_ms);
}
