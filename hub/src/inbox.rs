//! Working through what came in: rooms fill themselves, people are answered, buttons are pressed.

mod words;

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::live::LiveMessage,
    channel::Channel,
    delivery::{BACKOFF, Outcome},
    error::Code,
    id::{EventId, MemberId, RoomId},
    inbound::{Content, Inbound},
    lang::Lang,
    message::{Message, read_action_data},
    time::{DAY, MINUTE, Millis, SECOND},
};

use crate::{
    actions::{Presser, answer_message, changes_messages},
    apps::Said,
    clients::{Client, FoundRoom, Outbound, new_bucket},
    hub::Hub,
    ports::Audience,
    queue::{BucketKey, Scope},
    refusal::Refusal,
    store,
};

use words::{answer_to, joined, somebody};
pub(crate) use words::{how_to_link, linked};

/// Repeats are recognised for that long.
const REMEMBERED: Millis = 3 * DAY;
/// A reply token lives about a minute (line.md §3.5); what is older is not tried.
const REPLY_TOKEN_LIFE: Millis = MINUTE - 5_000;
/// What has to wait longer for its turn is tried again later.
const LONGEST_TURN: Millis = 5 * SECOND;

#[derive(Debug, Deserialize)]
struct Letter {
    id: String,
    integration: String,
    inbound: Inbound,
    received_at: Millis,
    reply_token: Option<String>,
    tries: usize,
}

/// Where a letter came from and how it can be answered.
pub(crate) struct Talk<'a> {
    pub(crate) integration: &'a str,
    pub(crate) channel: Channel,
    client: &'a Client,
    /// The provider's id of the room, `None` between two.
    room: Option<&'a str>,
    /// The provider's id of the person.
    from: &'a str,
    reply_token: Option<&'a str>,
}

/// A member behind a provider's user id.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Person {
    pub(crate) id: MemberId,
    pub(crate) name: String,
    pub(crate) lang: Lang,
}

impl Hub {
    /// Works through what came in.
    pub(crate) async fn work_inbox(self: &Rc<Self>) -> Result<(), Refusal> {
        let now = self.now();
        let letters: Vec<Letter> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'integration', integration, 'inbound', json(inbound), 'received_at', received_at, \
             'reply_token', reply_token, 'tries', tries) FROM inbox WHERE due_at <= ?1 ORDER BY received_at, id LIMIT 50",
            &[now.into()],
        )?;
        for letter in letters {
            // Counted first: a letter that kills the object is not opened for ever.
            let retry_at = BACKOFF.get(letter.tries).map(|wait| self.now() + wait);
            self.ports.sql.exec(
                "UPDATE inbox SET tries = tries + 1, due_at = ?2 WHERE id = ?1",
                &[letter.id.as_str().into(), retry_at.into()],
            )?;
            match self.receive(&letter).await {
                Ok(true) => {
                    self.ports.sql.exec(
                        "UPDATE inbox SET due_at = NULL, reply_token = NULL WHERE id = ?1",
                        &[letter.id.as_str().into()],
                    )?;
                }
                Ok(false) => {}
                // One letter's trouble is not that of everything on its way.
                Err(error) => self.ports.log.line(&format!("callback: {error}")),
            }
        }
        if self.letters_to_forget() {
            self.forgotten_at.set(now);
            self.ports.sql.exec(
                "DELETE FROM inbox WHERE due_at IS NULL AND received_at < ?1",
                &[(now - REMEMBERED).into()],
            )?;
        }
        Ok(())
    }

    /// Once a day, and at the start of an object.
    pub(crate) fn letters_to_forget(&self) -> bool {
        self.forgotten_at.get() < self.now() - DAY
    }

    /// The member whom a provider's user id belongs to.
    pub(crate) fn person(&self, channel: Channel, address: &str) -> Result<Option<Person>, Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('id', m.id, 'name', m.name, 'lang', m.language) FROM addresses a JOIN members m ON m.id = a.member \
             WHERE a.channel = ?1 AND a.value = ?2 AND m.usable = 1",
            &[channel.code().into(), address.into()],
        )
    }

    /// The same for whoever wrote. LINE WORKS calls people by an id that nobody types in: somebody who is known
    /// by the login is found by asking, and from then on known by both.
    async fn person_at(&self, talk: &Talk<'_>) -> Result<Option<Person>, Refusal> {
        let found = self.person(talk.channel, talk.from)?;
        let (None, Client::Lineworks(bot)) = (&found, talk.client) else { return Ok(found) };
        let logins = "SELECT 1 FROM addresses WHERE channel = 'lineworks' AND instr(value, '@') > 0 LIMIT 1";
        if self.ports.sql.texts(logins, &[])?.is_empty() {
            return Ok(None);
        }
        // Not allowed, or not now: then the person stays unknown.
        let Ok(user) = bot.client.get_user(talk.from).await else { return Ok(None) };
        let Some(login) = user.email.filter(|_| user.user_id == talk.from) else { return Ok(None) };
        self.ports.sql.exec(
            "UPDATE addresses SET value = ?2, label = ?1 WHERE channel = 'lineworks' AND lower(value) = lower(?1)",
            &[login.as_str().into(), talk.from.into()],
        )?;
        self.person(talk.channel, talk.from)
    }

    /// True when nothing is left to do for it.
    async fn receive(self: &Rc<Self>, letter: &Letter) -> Result<bool, Refusal> {
        let Some(row) = self.integration_row(&letter.integration)? else { return Ok(true) };
        let Some(client) = self.client(&letter.integration).await? else { return Ok(true) };
        let fresh = self.now() < letter.received_at + REPLY_TOKEN_LIFE;
        let talk = |from, room| Talk {
            integration: &letter.integration,
            channel: row.provider.channel(),
            client: &client,
            room,
            from,
            reply_token: letter.reply_token.as_deref().filter(|_| fresh && letter.tries == 0),
        };
        match &letter.inbound {
            Inbound::JoinedRoom { room, at } => self.joined_room(&talk("", Some(room)), room, *at).await,
            Inbound::LeftRoom { room, at } => {
                self.ports.sql.exec(
                    "UPDATE rooms SET open = 0, since = ?3 WHERE integration = ?1 AND provider_id = ?2 AND since <= ?3",
                    &[letter.integration.as_str().into(), room.as_str().into(), (*at).into()],
                )?;
                self.announce_room(&letter.integration, room)?;
                Ok(true)
            }
            Inbound::Message { from, room, content, at } => {
                self.said(&talk(from, room.as_deref()), content, *at).await
            }
            // A button of a menu that somebody made at the provider says its words.
            Inbound::Action { from, room, data, text, at, .. } if read_action_data(data).is_none() => {
                let words = if text.is_empty() { data } else { text };
                Ok(self.app_answer(&talk(from, room.as_deref()), words, *at).await?.unwrap_or(true))
            }
            Inbound::Action { from, room, data, name, at, .. } => {
                let talk = talk(from, room.as_deref());
                match read_action_data(data) {
                    Some((event, action)) if event.starts_with(EventId::PREFIX) => {
                        self.pressed(&talk, event, action, name).await
                    }
                    Some((app, action)) => self.pressed_at_app(&talk, app, action, *at).await,
                    None => Ok(true),
                }
            }
            Inbound::Followed { from, at } => {
                if self.knows_better(&letter.integration, from, *at)? {
                    return Ok(true);
                }
                self.followed(&talk(from, None)).await
            }
            Inbound::Unfollowed { from, at } => {
                if self.knows_better(&letter.integration, from, *at)? {
                    return Ok(true);
                }
                let channel = row.provider.channel();
                self.ports.sql.exec(
                    "UPDATE addresses SET state = 'blocked' WHERE channel = ?1 AND value = ?2",
                    &[channel.code().into(), from.as_str().into()],
                )?;
                if let Some(person) = self.person(channel, from)? {
                    self.announce_addresses(&person.id)?;
                }
                Ok(true)
            }
            Inbound::MembersJoined { .. } | Inbound::MembersLeft { .. } | Inbound::Ignored => Ok(true),
        }
    }

    /// Letters may come in another order than things happened: a later one says how it is now.
    fn knows_better(&self, integration: &str, from: &str, at: Millis) -> Result<bool, Refusal> {
        let later = self.ports.sql.texts(
            "SELECT 1 FROM inbox WHERE integration = ?1 AND inbound ->> '$.type' IN ('followed', 'unfollowed') \
             AND inbound ->> '$.from' = ?2 AND inbound ->> '$.at' > ?3 LIMIT 1",
            &[integration.into(), from.into(), at.into()],
        )?;
        Ok(!later.is_empty())
    }

    /// The same of a room.
    fn left_later(&self, integration: &str, room: &str, at: Millis) -> Result<bool, Refusal> {
        let later = self.ports.sql.texts(
            "SELECT 1 FROM inbox WHERE integration = ?1 AND inbound ->> '$.type' = 'left_room' \
             AND inbound ->> '$.room' = ?2 AND inbound ->> '$.at' > ?3 LIMIT 1",
            &[integration.into(), room.into(), at.into()],
        )?;
        Ok(!later.is_empty())
    }

    async fn joined_room(self: &Rc<Self>, talk: &Talk<'_>, room: &str, at: Millis) -> Result<bool, Refusal> {
        let name = match self.find_room(talk.client, room).await {
            FoundRoom::Named(name) => name,
            // The bot was taken out again before this letter was opened.
            FoundRoom::Gone => return Ok(true),
            FoundRoom::Unknown => return Ok(false),
        };
        // Not every provider can be asked.
        if self.left_later(talk.integration, room, at)? {
            return Ok(true);
        }
        self.open_room(talk.integration, room, &name, at)?;
        let lang = self.workspace()?.language;
        Ok(self.reply(talk, lang, &joined(lang, room)).await)
    }

    async fn said(self: &Rc<Self>, talk: &Talk<'_>, content: &Content, at: Millis) -> Result<bool, Refusal> {
        if let Content::Text(text) = content
            && let Some(done) = self.app_answer(talk, text, at).await?
        {
            return Ok(done);
        }
        // In rooms people talk with each other; nothing else there is meant for us.
        if talk.room.is_some() {
            return Ok(true);
        }
        let person = self.person_at(talk).await?;
        let lang =
            person.as_ref().map_or_else(|| self.workspace().map(|one| one.language), |one| Ok(one.lang))?;
        let answer = match person {
            Some(_) => answer_to(content, lang, &self.config.public_url),
            None => how_to_link(talk.channel, lang, &self.config.public_url),
        };
        Ok(self.reply(talk, lang, &answer).await)
    }

    /// What an app has to say about a text; `None` when none has.
    async fn app_answer(
        self: &Rc<Self>,
        talk: &Talk<'_>,
        text: &str,
        at: Millis,
    ) -> Result<Option<bool>, Refusal> {
        let person = self.person_at(talk).await?;
        let said = self.said_by(talk, person.as_ref(), text, at)?;
        let Some(answer) = self.ask_apps(&said).await? else { return Ok(None) };
        Ok(Some(self.answer(talk, said.lang, &answer.message, Some(answer.app)).await))
    }

    /// A button under something that an app said.
    async fn pressed_at_app(
        self: &Rc<Self>,
        talk: &Talk<'_>,
        app: &str,
        action: &str,
        at: Millis,
    ) -> Result<bool, Refusal> {
        let person = self.person_at(talk).await?;
        let said = self.said_by(talk, person.as_ref(), action, at)?;
        let Some(answer) = self.press_at_app(app, &said).await? else { return Ok(true) };
        Ok(self.answer(talk, said.lang, &answer.message, Some(answer.app)).await)
    }

    fn said_by<'a>(
        &self,
        talk: &Talk<'a>,
        person: Option<&'a Person>,
        text: &'a str,
        at: Millis,
    ) -> Result<Said<'a>, Refusal> {
        let lang = person.map_or_else(|| self.workspace().map(|one| one.language), |one| Ok(one.lang))?;
        let in_room = talk.room.is_some();
        Ok(Said { person, channel: talk.channel, integration: talk.integration, in_room, text, at, lang })
    }

    /// A button: the first press wins, and whoever pressed is told how it ended.
    /// `name` is what the provider told of a stranger with the press.
    async fn pressed(
        self: &Rc<Self>,
        talk: &Talk<'_>,
        event: &str,
        action: &str,
        name: &str,
    ) -> Result<bool, Refusal> {
        let person = self.person_at(talk).await?;
        let lang =
            person.as_ref().map_or_else(|| self.workspace().map(|one| one.language), |one| Ok(one.lang))?;
        let room = talk.room.map(|room| self.room_id(talk.integration, room)).transpose()?.flatten();
        let presser = Presser {
            name: match &person {
                Some(person) => person.name.clone(),
                None if !name.trim().is_empty() => name.trim().to_owned(),
                None => self.name_at(talk.client, talk.from).await.unwrap_or_else(|| somebody(lang).into()),
            },
            member: person.map(|person| person.id),
            channel: Some(talk.channel),
            room: room.as_deref(),
        };
        let pressed = match self.press(event, action, presser).await {
            Ok(pressed) => pressed,
            // Written by hand, of another workspace, or of a notice that is gone: nothing to say.
            Err(Refusal::Because(problems)) => {
                let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
                self.ports.log.line(&format!("a button was pressed for nothing: {codes:?}"));
                return Ok(true);
            }
            Err(error) => return Err(error),
        };
        // Where messages can be changed, the button's own message says it.
        if changes_messages(talk.channel) && (pressed.won || talk.room.is_some()) {
            return Ok(true);
        }
        let about: Option<Message> =
            store::row(&*self.ports.sql, "SELECT json(message) FROM events WHERE id = ?1", &[event.into()])?;
        let about = about.ok_or(Code::NotFound)?;
        Ok(self.reply(talk, lang, &answer_message(&pressed, talk.room.is_none(), &about, lang)).await)
    }

    async fn followed(self: &Rc<Self>, talk: &Talk<'_>) -> Result<bool, Refusal> {
        let changed = self.ports.sql.exec(
            "UPDATE addresses SET state = 'linked' WHERE channel = ?1 AND value = ?2 AND state <> 'linked'",
            &[talk.channel.code().into(), talk.from.into()],
        )?;
        if talk.channel != Channel::Line {
            return Ok(true);
        }
        let person = self.person_at(talk).await?;
        let lang =
            person.as_ref().map_or_else(|| self.workspace().map(|one| one.language), |one| Ok(one.lang))?;
        if let Some(person) = person.as_ref().filter(|_| changed > 0) {
            self.announce_addresses(&person.id)?;
        }
        let answer = match person {
            Some(_) => linked(lang, &self.config.public_url),
            None => how_to_link(talk.channel, lang, &self.config.public_url),
        };
        Ok(self.reply(talk, lang, &answer).await)
    }

    async fn reply(&self, talk: &Talk<'_>, lang: Lang, message: &Message) -> bool {
        self.answer(talk, lang, message, None).await
    }

    /// Says something into a talk, for nothing where that is possible; false when it surely did not arrive and
    /// is worth another try. Buttons go back to `app`.
    async fn answer(&self, talk: &Talk<'_>, lang: Lang, message: &Message, app: Option<&str>) -> bool {
        if !self.wait_for_turn(talk).await {
            return false;
        }
        let id = EventId::new(self.now(), self.random()).to_string();
        let kind = self.workspace().map(|workspace| workspace.name).unwrap_or_default();
        let outbound = Outbound {
            to_room: talk.room.is_some(),
            reply_token: talk.reply_token,
            event: app,
            ..Outbound::plain(&id, talk.room.unwrap_or(talk.from), lang, &kind, message, self.now())
        };
        !matches!(self.send(talk.client, &outbound).await.outcome, Outcome::Retry { .. })
    }

    /// Where each destination has a pace, what is said keeps to it too, and has its place before what the
    /// dispatcher sends next. False when that would take long.
    async fn wait_for_turn(&self, talk: &Talk<'_>) -> bool {
        if !changes_messages(talk.channel) {
            return true;
        }
        let now = self.now();
        let key = BucketKey {
            integration: talk.integration.to_owned(),
            scope: Scope::to(talk.room.unwrap_or(talk.from)),
        };
        let row = self.integration_row(talk.integration).ok().flatten();
        let at = {
            let mut queue = self.dispatcher.queue.borrow_mut();
            let bucket = queue.bucket(key.clone(), || new_bucket(row.as_ref(), &key.scope));
            let at = bucket.next_at(now, true);
            if at > now + LONGEST_TURN {
                return false;
            }
            bucket.take(at);
            at
        };
        if at > now {
            self.ports.clock.sleep(u64::try_from(at - now).unwrap_or_default()).await;
        }
        true
    }

    /// Letters may come in another order than things happened: the newer one holds.
    pub(crate) fn open_room(
        &self,
        integration: &str,
        room: &str,
        name: &str,
        at: Millis,
    ) -> Result<(), Refusal> {
        let id = RoomId::new(self.now(), self.random());
        self.ports.sql.exec(
            "INSERT INTO rooms (id, integration, provider_id, name, open, since) VALUES (?1, ?2, ?3, ?4, 1, ?5) \
             ON CONFLICT (integration, provider_id) DO UPDATE SET open = 1, since = excluded.since, \
             name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END \
             WHERE excluded.since >= since",
            &[id.as_str().into(), integration.into(), room.into(), name.into(), at.into()],
        )?;
        self.announce_room(integration, room)
    }

    pub(crate) fn room_id(&self, integration: &str, provider_id: &str) -> Result<Option<String>, Refusal> {
        let ids = self.ports.sql.texts(
            "SELECT id FROM rooms WHERE integration = ?1 AND provider_id = ?2",
            &[integration.into(), provider_id.into()],
        )?;
        Ok(ids.into_iter().next())
    }

    fn announce_room(&self, integration: &str, provider_id: &str) -> Result<(), Refusal> {
        let id = self.room_id(integration, provider_id)?;
        if let Some(room) = id.map(|id| self.room(&id)).transpose()?.flatten() {
            self.ports.live.publish(Audience::Admins, &serde_json::to_string(&LiveMessage::Room(room))?);
        }
        Ok(())
    }

    /// Tells a member's open pages that an address of theirs changed.
    pub(crate) fn announce_addresses(&self, member: &MemberId) -> Result<(), Refusal> {
        self.ports
            .live
            .publish(Audience::Member(member.to_string()), &serde_json::to_string(&LiveMessage::Channels)?);
        Ok(())
    }
}
