//! What people do: write, press, open a talk, invite and remove bots, enter and leave rooms.

use serde_json::{Value, json};

use super::lineworks::callbacks;
use super::{Author, TalkId, TalkKey, World};

/// Why a person cannot do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    #[error("no such person: {0}")]
    NoPerson(String),
    #[error("no such talk, or this person is not in it: {0}")]
    NoTalk(String),
    #[error("no such bot: {0}")]
    NoBot(i64),
    #[error("no such room: {0}")]
    NoRoom(String),
    #[error("this person may not use the bot: {0}")]
    BotNotForThem(i64),
    #[error("the bot takes no text, its callbackEvents lack it: {0}")]
    TakesNoText(i64),
    #[error("the bot may not be in rooms with several people, enableGroupJoin is off: {0}")]
    NotForGroups(i64),
    #[error("no such message or button")]
    NoButton,
    #[error("no such account: {0}")]
    NoAccount(String),
    #[error("this person blocked the account")]
    Blocked,
    #[error("not a key that a browser would take")]
    NoKey,
    #[error("already so")]
    Already,
}

/// What pressing a button did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// A message or postback went to the bot.
    Sent,
    /// The person's browser opens this.
    Open(String),
    /// The person's clipboard holds this.
    Copied(String),
    /// Something only a real phone has: camera, camera roll, location.
    Nothing,
}

impl World {
    /// A person writes a text. Bots that listen get a `message` callback. Gives the message number.
    pub fn say(&mut self, user: &str, talk: &TalkId, text: &str, now_ms: i64) -> Result<u64, ActError> {
        self.write(user, talk, json!({"type": "text", "text": text}), now_ms)
    }

    /// A person sends something that is no text: `content` as in a callback, e.g.
    /// `{"type":"sticker","packageId":"1","stickerId":"2"}`.
    pub fn send(&mut self, user: &str, talk: &TalkId, content: Value, now_ms: i64) -> Result<u64, ActError> {
        self.write(user, talk, content, now_ms)
    }

    /// A person presses 「利用開始」: a text whose postback is `start` (lineworks.md §4.2 [D]).
    pub fn start(&mut self, user: &str, bot: i64, now_ms: i64) -> Result<u64, ActError> {
        let content = json!({"type": "text", "text": "利用開始", "postback": "start"});
        self.write(user, &TalkId::Bot(bot), content, now_ms)
    }

    /// A person presses a button of a message. A message action comes back as a `message` callback that
    /// carries the postback, a postback action as a `postback` callback (lineworks.md §3.7 [D]).
    pub fn press(
        &mut self,
        user: &str,
        talk: &TalkId,
        message_no: u64,
        button_no: usize,
        now_ms: i64,
    ) -> Result<Pressed, ActError> {
        let key = self.known_talk(user, talk)?;
        let message = self
            .talks
            .get(&key)
            .and_then(|t| t.messages.iter().find(|m| m.no == message_no))
            .ok_or(ActError::NoButton)?;
        let author = message.author.clone();
        let action =
            message.buttons().into_iter().find(|b| b.no == button_no).ok_or(ActError::NoButton)?.action;
        let field = |name: &str| action.get(name).and_then(Value::as_str);
        match field("type").unwrap_or_default() {
            "message" => {
                let text = field("text").or(field("label")).unwrap_or_default();
                let mut content = json!({"type": "text", "text": text});
                if let (Some(postback), Some(fields)) = (field("postback"), content.as_object_mut()) {
                    fields.insert("postback".into(), postback.into());
                }
                self.write(user, talk, content, now_ms)?;
                Ok(Pressed::Sent)
            }
            "postback" => {
                let person = self.known_person(user)?;
                if let Some(text) = field("displayText") {
                    let content = json!({"type": "text", "text": text});
                    self.post(key.clone(), Author::Person(person.clone()), content, vec![], now_ms);
                }
                if let Author::Bot(bot) = author {
                    let data = field("data").unwrap_or_default();
                    callbacks::postback(self, bot, &key, &person, data, now_ms);
                }
                Ok(Pressed::Sent)
            }
            "uri" => Ok(Pressed::Open(field("uri").unwrap_or_default().to_owned())),
            "copy" => Ok(Pressed::Copied(field("copyText").unwrap_or_default().to_owned())),
            _ => Ok(Pressed::Nothing),
        }
    }

    /// Someone brings a bot into a room: a `join` callback.
    pub fn invite_bot(&mut self, channel: &str, bot: i64, now_ms: i64) -> Result<(), ActError> {
        let known = self.bots.get(&bot).ok_or(ActError::NoBot(bot))?;
        let room = self.rooms.get_mut(channel).ok_or_else(|| ActError::NoRoom(channel.to_owned()))?;
        if !known.domains.contains_key(&room.domain_id) {
            return Err(ActError::BotNotForThem(bot));
        }
        if !known.enable_group_join {
            return Err(ActError::NotForGroups(bot));
        }
        if room.bots.contains(&bot) {
            return Err(ActError::Already);
        }
        room.bots.push(bot);
        self.note(channel, &format!("{} が参加しました", self.bot_name(bot)), now_ms);
        callbacks::membership(self, bot, channel, "join", None, now_ms);
        Ok(())
    }

    /// Someone takes a bot out of a room: a `leave` callback.
    pub fn remove_bot(&mut self, channel: &str, bot: i64, now_ms: i64) -> Result<(), ActError> {
        let room = self.rooms.get_mut(channel).ok_or_else(|| ActError::NoRoom(channel.to_owned()))?;
        if !room.bots.contains(&bot) {
            return Err(ActError::Already);
        }
        room.bots.retain(|b| *b != bot);
        self.note(channel, &format!("{} が退出しました", self.bot_name(bot)), now_ms);
        callbacks::membership(self, bot, channel, "leave", None, now_ms);
        Ok(())
    }

    /// A person enters a room: a `joined` callback to each bot in it.
    pub fn enter_room(&mut self, user: &str, channel: &str, now_ms: i64) -> Result<(), ActError> {
        self.move_person(user, channel, true, now_ms)
    }

    /// A person leaves a room: a `left` callback to each bot in it.
    pub fn leave_room(&mut self, user: &str, channel: &str, now_ms: i64) -> Result<(), ActError> {
        self.move_person(user, channel, false, now_ms)
    }

    fn move_person(&mut self, user: &str, channel: &str, enters: bool, now_ms: i64) -> Result<(), ActError> {
        let person = self.known_person(user)?;
        let name = self.person(&person).map(super::Person::name).unwrap_or_default();
        let room = self.rooms.get_mut(channel).ok_or_else(|| ActError::NoRoom(channel.to_owned()))?;
        if room.members.contains(&person) == enters {
            return Err(ActError::Already);
        }
        if enters {
            room.members.push(person.clone());
        } else {
            room.members.retain(|member| *member != person);
        }
        let bots = room.bots.clone();
        let (event, words) = if enters { ("joined", "参加") } else { ("left", "退出") };
        self.note(channel, &format!("{name} さんが{words}しました"), now_ms);
        for bot in bots {
            callbacks::membership(self, bot, channel, event, Some(&person), now_ms);
        }
        Ok(())
    }

    fn write(&mut self, user: &str, talk: &TalkId, content: Value, now_ms: i64) -> Result<u64, ActError> {
        let key = self.known_talk(user, talk)?;
        let person = self.known_person(user)?;
        let kind = content.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let listeners = match &key {
            TalkKey::OneToOne { bot, .. } => {
                let known = self.bots.get(bot).ok_or(ActError::NoBot(*bot))?;
                if !known.serves(self.domain_of(&person), &person) {
                    return Err(ActError::BotNotForThem(*bot));
                }
                // Types that are not subscribed are greyed out in the app (lineworks.md §3.2 [D]).
                if known.enable_callback && !known.callback_events.contains(&kind) {
                    return Err(ActError::TakesNoText(*bot));
                }
                vec![*bot]
            }
            TalkKey::Room { channel } => {
                self.rooms.get(channel).map(|room| room.bots.clone()).unwrap_or_default()
            }
        };
        let no = self.post(key.clone(), Author::Person(person.clone()), content.clone(), vec![], now_ms);
        for bot in listeners {
            callbacks::message(self, bot, &key, &person, &content, now_ms);
        }
        Ok(no)
    }

    fn known_person(&self, user: &str) -> Result<String, ActError> {
        let person = self.person(user).ok_or_else(|| ActError::NoPerson(user.to_owned()))?;
        Ok(person.user_id.clone())
    }

    fn known_talk(&self, user: &str, talk: &TalkId) -> Result<TalkKey, ActError> {
        self.known_person(user)?;
        self.talk_key(user, talk).ok_or_else(|| ActError::NoTalk(talk.to_string()))
    }

    pub(crate) fn domain_of(&self, user_id: &str) -> i64 {
        self.member(user_id).map_or(0, |person| person.domain_id)
    }

    pub(crate) fn bot_name(&self, bot: i64) -> String {
        self.bots.get(&bot).map(|bot| bot.name.clone()).unwrap_or_default()
    }

    /// A line of the messenger itself in a room.
    pub(crate) fn note(&mut self, channel: &str, text: &str, now_ms: i64) {
        let key = TalkKey::Room { channel: channel.to_owned() };
        self.post(key, Author::System, json!({"type": "text", "text": text}), vec![], now_ms);
    }
}
