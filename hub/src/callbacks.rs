//! What providers call: verify over the raw bytes, recognise repeats, write, answer; the work follows from the
//! store, so a crash after the answer loses nothing.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::live::LiveMessage,
    channel::Channel,
    delivery::{BACKOFF, Outcome},
    error::Code,
    id::{EventId, RoomId},
    inbound::{Content, Inbound},
    lang::Lang,
    message::Message,
    signature,
    time::{DAY, Millis, SECOND},
};

use crate::{
    clients::{Client, Outbound},
    hub::Hub,
    ports::Audience,
    providers::lineworks::{CallError, callback},
    refusal::Refusal,
    store,
};

/// Repeats are recognised for that long.
const REMEMBERED: Millis = 3 * DAY;

#[derive(Debug, Deserialize)]
struct Letter {
    id: String,
    integration: String,
    inbound: Inbound,
    tries: usize,
}

impl Hub {
    /// `POST /hooks/lineworks/{workspace}/{integration}`: 200 for everything that is well signed.
    ///
    /// 1. Find the integration. 2. Verify. 3. Parse leniently. 4. Recognise a repeat. 5. Write.
    pub(crate) async fn lineworks_callback(
        self: &Rc<Self>,
        integration: &str,
        signature: Option<&str>,
        body: &[u8],
    ) -> Result<(), Refusal> {
        let Some(Client::Lineworks(bot)) = self.client(integration).await? else {
            return Err(Code::NotFound.into());
        };
        let secret = bot.bot_secret.as_deref().unwrap_or_default();
        if !signature.is_some_and(|header| signature::lineworks(secret, body, header)) {
            self.bad_signatures.set(self.bad_signatures.get() + 1);
            self.ports.log.line(&format!(
                "callback of {integration}: bad signature, {} so far",
                self.bad_signatures.get()
            ));
            return Err(Code::BadSignature.into());
        }
        let now = self.now();
        let inbound = callback::parse(body, now);
        if inbound == Inbound::Ignored {
            return Ok(());
        }
        let works = asks_for_work(&inbound);
        if works {
            self.arm(now + 5 * SECOND).await?;
        }
        let id = crate::sessions::hash_of([integration.as_bytes(), b"\n", body].concat());
        let written = self.ports.sql.exec(
            "INSERT INTO inbox (id, integration, inbound, received_at, due_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING",
            &[id.into(), integration.into(), serde_json::to_string(&inbound)?.into(), now.into(), works.then_some(now).into()],
        )?;
        if written > 0 && works {
            self.inbox_waits.set(true);
            self.dispatcher.nudge();
        }
        Ok(())
    }

    /// Works through what came in.
    pub(crate) async fn work_inbox(self: &Rc<Self>) -> Result<(), Refusal> {
        let now = self.now();
        let letters: Vec<Letter> = store::rows(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'integration', integration, 'inbound', json(inbound), 'tries', tries) FROM inbox \
             WHERE due_at <= ?1 ORDER BY received_at, id LIMIT 50",
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
                    self.ports
                        .sql
                        .exec("UPDATE inbox SET due_at = NULL WHERE id = ?1", &[letter.id.as_str().into()])?;
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

    /// True when nothing is left to do for it.
    async fn receive(self: &Rc<Self>, letter: &Letter) -> Result<bool, Refusal> {
        let Some(client) = self.client(&letter.integration).await? else { return Ok(true) };
        let Client::Lineworks(bot) = &client else { return Ok(true) };
        let id = &letter.integration;
        match &letter.inbound {
            Inbound::JoinedRoom { room, at } => {
                let name = match bot.client.room(room).await {
                    Ok(found) => found.title.unwrap_or_default(),
                    // The bot was taken out again before this letter was opened.
                    Err(CallError::Refused(no)) if no.status == 404 || no.code == "ACCESS_DENIED" => {
                        return Ok(true);
                    }
                    Err(CallError::Refused(no)) if no.status == 403 => String::new(),
                    Err(_) => return Ok(false),
                };
                self.open_room(id, room, &name, *at)?;
                let lang = self.workspace()?.language;
                Ok(self.reply(&client, room, true, lang, &joined(lang, room)).await)
            }
            Inbound::LeftRoom { room, at } => {
                self.ports.sql.exec(
                    "UPDATE rooms SET open = 0, since = ?3 WHERE integration = ?1 AND provider_id = ?2 AND since <= ?3",
                    &[id.as_str().into(), room.as_str().into(), (*at).into()],
                )?;
                self.announce_room(id, room)?;
                Ok(true)
            }
            Inbound::Message { from, room: None, content, .. } => {
                let lang = self.language_of(from)?;
                let answer = answer_to(content, lang, &self.config.public_url);
                Ok(self.reply(&client, from, false, lang, &answer).await)
            }
            Inbound::Followed { from, .. } => {
                self.ports.sql.exec(
                    "UPDATE addresses SET state = 'linked' WHERE channel = ?1 AND value = ?2 AND state <> 'linked'",
                    &[Channel::Lineworks.code().into(), from.as_str().into()],
                )?;
                Ok(true)
            }
            // In rooms people talk with each other; nothing there is meant for us yet.
            Inbound::Message { room: Some(_), .. }
            | Inbound::Action { .. }
            | Inbound::MembersJoined { .. }
            | Inbound::MembersLeft { .. }
            | Inbound::Unfollowed { .. }
            | Inbound::Ignored => Ok(true),
        }
    }

    /// Sends an answer into a talk; false when it surely did not arrive and is worth another try.
    async fn reply(&self, client: &Client, to: &str, to_room: bool, lang: Lang, message: &Message) -> bool {
        let id = EventId::new(self.now(), self.random()).to_string();
        let kind = self.workspace().map(|workspace| workspace.name).unwrap_or_default();
        let outbound = Outbound {
            id: &id,
            to,
            to_room,
            lang,
            kind: &kind,
            message,
            at: self.now(),
            unsubscribe: None,
            frozen: None,
        };
        !matches!(self.send(client, &outbound).await.outcome, Outcome::Retry { .. })
    }

    /// Letters may come in another order than things happened: the newer one holds.
    fn open_room(&self, integration: &str, room: &str, name: &str, at: Millis) -> Result<(), Refusal> {
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

    fn announce_room(&self, integration: &str, provider_id: &str) -> Result<(), Refusal> {
        let id: Option<String> = self
            .ports
            .sql
            .texts(
                "SELECT id FROM rooms WHERE integration = ?1 AND provider_id = ?2",
                &[integration.into(), provider_id.into()],
            )?
            .into_iter()
            .next();
        if let Some(room) = id.map(|id| self.room(&id)).transpose()?.flatten() {
            self.ports.live.publish(Audience::Admins, &serde_json::to_string(&LiveMessage::Room(room))?);
        }
        Ok(())
    }

    fn language_of(&self, lineworks_id: &str) -> Result<Lang, Refusal> {
        let known: Option<Lang> = store::row(
            &*self.ports.sql,
            "SELECT json_quote(m.language) FROM addresses a JOIN members m ON m.id = a.member WHERE a.channel = 'lineworks' AND a.value = ?1",
            &[lineworks_id.into()],
        )?;
        known.map_or_else(|| Ok(self.workspace()?.language), Ok)
    }
}

/// Whether anything follows. What does not is kept for a while only to know a repeat.
const fn asks_for_work(inbound: &Inbound) -> bool {
    match inbound {
        Inbound::JoinedRoom { .. }
        | Inbound::LeftRoom { .. }
        | Inbound::Message { room: None, .. }
        | Inbound::Followed { .. } => true,
        // In rooms people talk with each other; nothing there is meant for us yet.
        Inbound::Message { room: Some(_), .. }
        | Inbound::Action { .. }
        | Inbound::MembersJoined { .. }
        | Inbound::MembersLeft { .. }
        | Inbound::Unfollowed { .. }
        | Inbound::Ignored => false,
    }
}

fn joined(lang: Lang, room: &str) -> Message {
    let (title, label) = match lang {
        Lang::Ja => ("このルームにお知らせを送れるようになりました", "ルームID"),
        Lang::En => ("Notices can now be sent to this room", "Room ID"),
    };
    Message {
        title: title.into(),
        fields: vec![shared::message::Field { label: label.into(), value: room.into() }],
        ..Message::default()
    }
}

fn answer_to(content: &Content, lang: Lang, public_url: &str) -> Message {
    let title = match (content, lang) {
        (Content::Text(_), Lang::Ja) => "このトークにはお知らせが届きます",
        (Content::Text(_), Lang::En) => "Your notices arrive in this talk",
        (Content::Other(_), Lang::Ja) => "文字のメッセージだけを受け付けています",
        (Content::Other(_), Lang::En) => "Only text messages can be read here",
    };
    let body = match lang {
        Lang::Ja => "受け取るチャネルや種類は、わたしの通知のページで変えられます。",
        Lang::En => "Choose channels and kinds on your notices page.",
    };
    Message {
        title: title.into(),
        body: body.into(),
        link: Some(format!("{public_url}/me")),
        ..Message::default()
    }
}
