//! What people do in LINE: add and block accounts, write, press, gather in groups.

use std::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use super::super::{ActError, Author, Pressed, World};
use super::Line;
use super::send::message_id;
use super::webhook::{Happening, happen};

/// A group talk.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// `C` and 32 hex digits.
    pub group_id: String,
    pub name: String,
    /// The world's userIds.
    pub members: Vec<String>,
    /// Messaging channels.
    pub bots: Vec<i64>,
}

/// Where a talk is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    OneToOne { channel: i64, person: String },
    Group { group: String },
}

impl fmt::Display for Place {
    /// `oa:{channelId}/{userId of the world}` or `group:{groupId}`, the key in the world's state.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneToOne { channel, person } => write!(f, "oa:{channel}/{person}"),
            Self::Group { group } => write!(f, "group:{group}"),
        }
    }
}

impl Line {
    /// The account of a friend link or of a basic ID.
    pub(super) fn account(&self, link: &str) -> Option<i64> {
        let path = link.trim().split(['?', '#']).next().unwrap_or_default();
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let id = last.strip_prefix("%40").or(last.strip_prefix('@')).unwrap_or(last);
        let mut bots = self.providers.iter().map(|one| &one.messaging);
        bots.find(|bot| bot.basic_id.trim_start_matches('@') == id).map(|bot| bot.channel_id)
    }
}

impl World {
    /// A person's talk: `oa:{channelId}` or `group:{groupId}`.
    pub fn line_place(&self, selector: &str, talk: &str) -> Result<Place, ActError> {
        let person = self.line_person(selector)?;
        let none = || ActError::NoTalk(talk.to_owned());
        match talk.split_once(':') {
            Some(("oa", channel)) => {
                let channel = channel.parse().map_err(|_| none())?;
                self.line.messaging(channel).ok_or_else(none)?;
                Ok(Place::OneToOne { channel, person })
            }
            Some(("group", group)) => {
                let known = self.line.groups.get(group).filter(|known| known.members.contains(&person));
                known.map(|known| Place::Group { group: known.group_id.clone() }).ok_or_else(none)
            }
            _ => Err(none()),
        }
    }

    /// A person adds an account or unblocks it: a `follow` event.
    pub fn line_befriend(&mut self, selector: &str, channel: i64, now_ms: i64) -> Result<(), ActError> {
        let person = self.line_person(selector)?;
        self.line.messaging(channel).ok_or(ActError::NoBot(channel))?;
        let contact = self.line.contact_mut(channel, &person);
        let was_blocked = contact.blocked;
        if contact.friend && !was_blocked {
            return Err(ActError::Already);
        }
        contact.friend = true;
        contact.blocked = false;
        self.line_event(
            "follow",
            channel,
            &Place::OneToOne { channel, person: person.clone() },
            Some(&person),
            json!({"follow": {"isUnblocked": was_blocked}}),
            now_ms,
        );
        Ok(())
    }

    /// A person follows a friend link or scans its QR code: `https://line.me/R/ti/p/%40…`, the sandbox's own
    /// `…/line/friend/@…`, or just the basic ID. Gives the account.
    pub fn line_scan(&mut self, selector: &str, link: &str, now_ms: i64) -> Result<i64, ActError> {
        let channel = self.line.account(link).ok_or_else(|| ActError::NoAccount(link.to_owned()))?;
        self.line_befriend(selector, channel, now_ms)?;
        Ok(channel)
    }

    /// A person blocks an account: an `unfollow` event, if it was a friend.
    pub fn line_block(&mut self, selector: &str, channel: i64, now_ms: i64) -> Result<(), ActError> {
        let person = self.line_person(selector)?;
        self.line.messaging(channel).ok_or(ActError::NoBot(channel))?;
        let contact = self.line.contact_mut(channel, &person);
        if contact.blocked {
            return Err(ActError::Already);
        }
        contact.blocked = true;
        let place = Place::OneToOne { channel, person: person.clone() };
        self.line_event("unfollow", channel, &place, Some(&person), json!({}), now_ms);
        Ok(())
    }

    /// A person writes a text. Gives the message number.
    pub fn line_say(&mut self, selector: &str, talk: &str, text: &str, now_ms: i64) -> Result<u64, ActError> {
        self.line_send(selector, talk, json!({"type": "text", "text": text}), now_ms)
    }

    /// A person sends something: `content` as in a webhook without ids, e.g. `{"type":"image"}`.
    pub fn line_send(
        &mut self,
        selector: &str,
        talk: &str,
        content: Value,
        now_ms: i64,
    ) -> Result<u64, ActError> {
        let person = self.line_person(selector)?;
        let place = self.line_place(selector, talk)?;
        let listeners = match &place {
            Place::OneToOne { channel, .. } => {
                let contact = self.line.contact_mut(*channel, &person);
                if contact.blocked {
                    return Err(ActError::Blocked);
                }
                contact.wrote_at = Some(now_ms);
                vec![*channel]
            }
            Place::Group { group } => self.line.groups.get(group).map(|g| g.bots.clone()).unwrap_or_default(),
        };
        let no = self.line_post(place.clone(), Author::Person(person.clone()), content.clone(), now_ms);
        let message = sent_by_person(self, content);
        for channel in listeners {
            let extra = json!({"message": message});
            self.line_event("message", channel, &place, Some(&person), extra, now_ms);
        }
        Ok(no)
    }

    /// A person presses a button of a message. Buttons stay and can be pressed again, in groups by anyone;
    /// quick replies only while their message is the newest (line.md §4).
    pub fn line_press(
        &mut self,
        selector: &str,
        talk: &str,
        message_no: u64,
        button_no: usize,
        now_ms: i64,
    ) -> Result<Pressed, ActError> {
        let person = self.line_person(selector)?;
        let place = self.line_place(selector, talk)?;
        let messages = self.line_messages(&place);
        let message = messages.iter().find(|m| m.no == message_no).ok_or(ActError::NoButton)?;
        let newest = messages.last().is_some_and(|last| last.no == message_no);
        let buttons = message.buttons();
        let quick =
            message.content.pointer("/quickReply/items").and_then(Value::as_array).map_or(0, Vec::len);
        if !newest && button_no + quick >= buttons.len() {
            return Err(ActError::NoButton);
        }
        let Author::Bot(channel) = message.author else { return Err(ActError::NoButton) };
        let action = buttons.into_iter().find(|b| b.no == button_no).ok_or(ActError::NoButton)?.action;
        let field = |name: &str| action.get(name).and_then(Value::as_str);
        match field("type").unwrap_or_default() {
            "message" => {
                self.line_say(selector, talk, field("text").unwrap_or_default(), now_ms)?;
                Ok(Pressed::Sent)
            }
            kind @ ("postback" | "datetimepicker") => {
                if matches!(&place, Place::OneToOne { .. }) && self.line.contact(channel, &person).blocked {
                    return Err(ActError::Blocked);
                }
                if let Some(text) = field("displayText").or(field("text")) {
                    let content = json!({"type": "text", "text": text});
                    self.line_post(place.clone(), Author::Person(person.clone()), content, now_ms);
                }
                let mut postback = json!({"data": field("data").unwrap_or_default()});
                if let ("datetimepicker", Some(fields)) = (kind, postback.as_object_mut()) {
                    // The phone picks what the button proposes.
                    let picked = field("initial").unwrap_or("2026-01-05");
                    fields.insert("params".into(), json!({field("mode").unwrap_or("date"): picked}));
                }
                let extra = json!({"postback": postback});
                self.line_event("postback", channel, &place, Some(&person), extra, now_ms);
                Ok(Pressed::Sent)
            }
            "uri" => Ok(Pressed::Open(field("uri").unwrap_or_default().to_owned())),
            "clipboard" => Ok(Pressed::Copied(field("clipboardText").unwrap_or_default().to_owned())),
            _ => Ok(Pressed::Nothing),
        }
    }

    /// Someone brings an account into a group: a `join` event.
    pub fn line_invite(&mut self, group: &str, channel: i64, now_ms: i64) -> Result<(), ActError> {
        let name = self.line.messaging(channel).ok_or(ActError::NoBot(channel))?.name.clone();
        let known = self.line.groups.get_mut(group).ok_or_else(|| ActError::NoRoom(group.to_owned()))?;
        if known.bots.contains(&channel) {
            return Err(ActError::Already);
        }
        known.bots.push(channel);
        let place = Place::Group { group: group.to_owned() };
        self.line_note(&place, &format!("{name} が参加しました"), now_ms);
        self.line_event("join", channel, &place, None, json!({}), now_ms);
        Ok(())
    }

    /// Someone takes an account out of a group: a `leave` event.
    pub fn line_remove(&mut self, group: &str, channel: i64, now_ms: i64) -> Result<(), ActError> {
        let known = self.line.groups.get(group).ok_or_else(|| ActError::NoRoom(group.to_owned()))?;
        if !known.bots.contains(&channel) {
            return Err(ActError::Already);
        }
        self.line_take_out(group, channel, now_ms);
        Ok(())
    }

    pub(super) fn line_take_out(&mut self, group: &str, channel: i64, now_ms: i64) {
        let name = self.line.messaging(channel).map(|bot| bot.name.clone()).unwrap_or_default();
        if let Some(known) = self.line.groups.get_mut(group) {
            known.bots.retain(|bot| *bot != channel);
        }
        let place = Place::Group { group: group.to_owned() };
        self.line_note(&place, &format!("{name} が退出しました"), now_ms);
        self.line_event("leave", channel, &place, None, json!({}), now_ms);
    }

    /// A person enters a group or leaves it: `memberJoined` or `memberLeft` to each account in it.
    pub fn line_move(
        &mut self,
        selector: &str,
        group: &str,
        enters: bool,
        now_ms: i64,
    ) -> Result<(), ActError> {
        let person = self.line_person(selector)?;
        let name = self.line_name(&person);
        let known = self.line.groups.get_mut(group).ok_or_else(|| ActError::NoRoom(group.to_owned()))?;
        if known.members.contains(&person) == enters {
            return Err(ActError::Already);
        }
        if enters {
            known.members.push(person.clone());
        } else {
            known.members.retain(|member| *member != person);
        }
        let bots = known.bots.clone();
        let place = Place::Group { group: group.to_owned() };
        let (event, field, word) =
            if enters { ("memberJoined", "joined", "参加") } else { ("memberLeft", "left", "退出") };
        self.line_note(&place, &format!("{name} さんが{word}しました"), now_ms);
        for channel in bots {
            let member = json!({"type": "user", "userId": self.line.user_id(channel, &person)});
            let extra = json!({field: {"members": [member]}});
            self.line_event(event, channel, &place, None, extra, now_ms);
        }
        Ok(())
    }

    /// The name that LINE shows for a person.
    pub(super) fn line_name(&self, person: &str) -> String {
        self.member(person).map_or_else(|| person.to_owned(), super::super::Person::name)
    }

    /// The world's userId of a person, or of someone in the crowd.
    fn line_person(&self, selector: &str) -> Result<String, ActError> {
        if let Some(person) = self.person(selector) {
            return Ok(person.user_id.clone());
        }
        let number = selector.strip_prefix("crowd:").and_then(|number| number.parse::<usize>().ok());
        match number {
            Some(number) if number < self.line.crowd => Ok(selector.to_owned()),
            _ => Err(ActError::NoPerson(selector.to_owned())),
        }
    }

    fn line_event(
        &mut self,
        kind: &'static str,
        channel: i64,
        place: &Place,
        person: Option<&str>,
        extra: Value,
        now_ms: i64,
    ) {
        // No reply tokens in these (line.md §3.5).
        let replied = !matches!(kind, "unfollow" | "leave" | "memberLeft");
        happen(self, Happening { kind, channel, place, person, extra, replied }, now_ms);
        self.touch();
    }

    fn line_note(&mut self, place: &Place, text: &str, now_ms: i64) {
        self.line_post(place.clone(), Author::System, json!({"type": "text", "text": text}), now_ms);
    }
}

/// The message object of the event: with its id, and what its type always has.
fn sent_by_person(world: &mut World, mut content: Value) -> Value {
    let kind = content.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (id, quote) = (message_id(world), world.rng.hex(4));
    if let Some(fields) = content.as_object_mut() {
        fields.insert("id".into(), json!(id));
        if matches!(kind.as_str(), "text" | "image" | "video" | "sticker") {
            fields.insert("quoteToken".into(), json!(quote));
        }
        if matches!(kind.as_str(), "image" | "video" | "audio") {
            fields.entry("contentProvider").or_insert(json!({"type": "line"}));
        }
        if kind == "sticker" {
            fields.entry("stickerResourceType").or_insert(json!("STATIC"));
        }
    }
    content
}
