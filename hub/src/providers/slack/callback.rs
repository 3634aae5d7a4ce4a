//! Reads what Slack calls back with (slack.md §7.2, §7.3), once its signature is known to be good
//! ([`shared::signature::slack`]). Lenient: what is unknown is answered with 200 like the rest, within three
//! seconds, because Slack sends it again otherwise and in the end stops sending.

use serde_json::Value;
use shared::{
    delivery::{Cause, CauseCode},
    door::{
        form,
        mrkdwn::{self, Style},
    },
    inbound::{Content, Inbound},
    time::{Millis, SECOND},
};

use super::SlackSettings;
use crate::providers::{Callback, answer::text};

/// Headers, in lower case.
pub const TIMESTAMP_HEADER: &str = "x-slack-request-timestamp";
pub const SIGNATURE_HEADER: &str = "x-slack-signature";

/// What a request to the Event Request URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Answer 200 with exactly this as `text/plain`: Slack tries the URL.
    Challenge(String),
    /// Answer 200; may be empty.
    Callbacks(Vec<Callback>),
    /// The app was uninstalled or its token withdrawn: the integration works no more. A reinstallation later
    /// than `at` makes it stale. Comes twice, as two events.
    Lost { cause: Cause, at: Millis },
}

/// Reads the JSON body of an event. `settings` tell our own bot from people; `received` stands in for a time
/// that cannot be read.
#[must_use]
pub fn parse_event(body: &[u8], settings: &SlackSettings, received: Millis) -> Event {
    let outer: Value = serde_json::from_slice(body).unwrap_or_default();
    if let (Some("url_verification"), Some(challenge)) = (kind(&outer), text(&outer, "challenge")) {
        return Event::Challenge(challenge);
    }
    let Some(event) = outer.get("event").filter(|_| kind(&outer) == Some("event_callback")) else {
        return Event::Callbacks(Vec::new());
    };
    if !is_ours(&outer, settings) {
        return Event::Callbacks(Vec::new());
    }
    // `event_ts` of a mention was seen in other forms than `ts` (slack.md §7.2).
    let at = ["ts", "event_ts"]
        .iter()
        .find_map(|name| instant(event.get(name)?))
        .or_else(|| instant(outer.get("event_time")?))
        .unwrap_or(received);
    if let Some(what) = loss(event, settings) {
        return Event::Lost { cause: Cause::new(CauseCode::Credentials, what), at };
    }
    let key = text(&outer, "event_id");
    let inbound = inbound(event, settings, at);
    Event::Callbacks(
        inbound
            .into_iter()
            .map(|inbound| Callback { inbound, key: key.clone(), reply_token: None })
            .collect(),
    )
}

/// Reads the form body of an interaction, one callback for each pressed button that carries a value. A button
/// that only opens a link is told too and says nothing. Answer 200 with an empty body.
#[must_use]
pub fn parse_interaction(body: &[u8], received: Millis) -> Vec<Callback> {
    let payload: Value = form::pairs(body)
        .into_iter()
        .find(|(name, _)| name == "payload")
        .and_then(|(_, payload)| serde_json::from_str(&payload).ok())
        .unwrap_or_default();
    if kind(&payload) != Some("block_actions") {
        return Vec::new();
    }
    let actions = payload.get("actions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    actions.iter().filter_map(|action| pressed(&payload, action, received)).collect()
}

fn pressed(payload: &Value, action: &Value, received: Millis) -> Option<Callback> {
    let data = text(action, "value")?;
    let from = payload.get("user").and_then(|user| text(user, "id"))?;
    let container = payload.get("container").unwrap_or(&Value::Null);
    let channel = payload
        .get("channel")
        .and_then(|channel| text(channel, "id"))
        .or_else(|| text(container, "channel_id"));
    let message = payload
        .get("message")
        .and_then(|message| text(message, "ts"))
        .or_else(|| text(container, "message_ts"))
        .unwrap_or_default();
    let team = payload.get("team").and_then(|team| text(team, "id")).unwrap_or_default();
    let action_id = text(action, "action_id").unwrap_or_default();
    let pressed_at = action.get("action_ts");
    let key = text(action, "action_ts")
        .map(|ts| [&team, &from, &message, &action_id, &ts].map(String::as_str).join(":"));
    Some(Callback {
        inbound: Inbound::Action {
            from,
            room: channel.filter(|channel| !is_direct(channel)),
            data,
            text: String::new(),
            name: String::new(),
            at: pressed_at.and_then(instant).unwrap_or(received),
        },
        key,
        reply_token: None,
    })
}

fn inbound(event: &Value, settings: &SlackSettings, at: Millis) -> Option<Inbound> {
    let bot = settings.bot_user_id.as_str();
    let is_bot = |user: &str| !bot.is_empty() && user == bot;
    // Of some events an object, of most its id.
    let channel = || {
        let channel = event.get("channel")?;
        text(event, "channel").or_else(|| text(channel, "id"))
    };
    let user = || text(event, "user");
    match kind(event)? {
        "message" => {
            let channel = channel()?;
            let direct = match text(event, "channel_type") {
                Some(kind) => kind == "im",
                None => is_direct(&channel),
            };
            // What is said in a room is heard as `app_mention` when it is for us.
            if direct { said(event, None, settings, at) } else { None }
        }
        "app_mention" => said(event, Some(channel()?).filter(|channel| !is_direct(channel)), settings, at),
        "member_joined_channel" => {
            let (room, user) = (channel()?, user()?);
            Some(if is_bot(&user) {
                Inbound::JoinedRoom { room, at }
            } else {
                Inbound::MembersJoined { room, members: vec![user], at }
            })
        }
        "member_left_channel" => {
            let (room, user) = (channel()?, user()?);
            Some(if is_bot(&user) {
                Inbound::LeftRoom { room, at }
            } else {
                Inbound::MembersLeft { room, members: vec![user], at }
            })
        }
        "channel_left" | "group_left" => Some(Inbound::LeftRoom { room: channel()?, at }),
        _ => None,
    }
}

/// What a person wrote. Our own posts come back too, and so do edits and deletions (slack.md §7.2).
fn said(event: &Value, room: Option<String>, settings: &SlackSettings, at: Millis) -> Option<Inbound> {
    let from = text(event, "user").filter(|user| *user != settings.bot_user_id)?;
    let by_a_bot = event.get("bot_id").is_some_and(|id| !id.is_null());
    if by_a_bot || text(event, "subtype").is_some() || event.get("hidden") == Some(&Value::Bool(true)) {
        return None;
    }
    let words = words(event.get("text")?.as_str()?, &settings.bot_user_id);
    let has_files = event.get("files").and_then(Value::as_array).is_some_and(|files| !files.is_empty());
    let content =
        if words.is_empty() && has_files { Content::Other("file".to_owned()) } else { Content::Text(words) };
    Some(Inbound::Message { from, room, content, at })
}

/// What the person sees of her own words, without those that only call the bot. Slack writes what she types
/// as `<` as an entity, so that markup is never hers.
fn words(text: &str, bot: &str) -> String {
    let mention = format!("<@{bot}");
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while !bot.is_empty()
        && let Some((before, after)) = rest.split_once(&mention)
    {
        kept.push_str(before);
        rest = match after.split_once('>') {
            Some((label, behind)) if label.is_empty() || label.starts_with('|') => behind,
            // Somebody whose id begins like ours.
            _ => {
                kept.push_str(&mention);
                after
            }
        };
    }
    kept.push_str(rest);
    mrkdwn::plain(&kept, Style::Mrkdwn, &mut Vec::new()).trim().to_owned()
}

/// What ended the installation. A person's own token may be withdrawn without touching the bot's.
fn loss(event: &Value, settings: &SlackSettings) -> Option<&'static str> {
    match kind(event)? {
        "app_uninstalled" => Some("app_uninstalled"),
        "tokens_revoked" => {
            let bots = event.pointer("/tokens/bot")?.as_array()?;
            let ours = |id: &Value| settings.bot_user_id.is_empty() || *id == settings.bot_user_id.as_str();
            bots.iter().any(ours).then_some("tokens_revoked")
        }
        _ => None,
    }
}

/// One app may be installed in several workspaces and calls one URL for all. In shared channels the outer team
/// need not be ours, so that any place will do; a body that names none is taken.
fn is_ours(outer: &Value, settings: &SlackSettings) -> bool {
    let installations = outer.get("authorizations").and_then(Value::as_array).map(Vec::as_slice);
    let mut places = std::iter::once(outer)
        .chain(installations.unwrap_or_default())
        .flat_map(|place| ["team_id", "context_team_id", "enterprise_id"].map(|name| text(place, name)))
        .flatten()
        .peekable();
    settings.team_id.is_empty() || places.peek().is_none() || places.any(|place| place == settings.team_id)
}

fn kind(value: &Value) -> Option<&str> {
    value.get("type")?.as_str()
}

/// A conversation with one person.
fn is_direct(channel: &str) -> bool {
    channel.starts_with('D')
}

/// `"1767225600.000123"` or a count of seconds. Read as text: as a float it would lose digits. What lies
/// before 2001 or after 5138 is in another unit.
fn instant(value: &Value) -> Option<Millis> {
    let written = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (seconds, fraction) = written.split_once('.').unwrap_or((&written, ""));
    if !seconds.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds: Millis = seconds.parse().ok()?;
    // Three digits, whatever there is.
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let at = seconds.checked_mul(SECOND)?.checked_add(thousandths.parse().ok()?)?;
    Some(at).filter(|_| (1_000_000_000..100_000_000_000).contains(&seconds))
}

#[cfg(test)]
mod tests;
