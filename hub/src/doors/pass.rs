//! Through a door: whose token it is, how many calls are left, and the notice that is made of a call.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    api::{
        doors::DoorForm,
        events::{EventRequest, Recipient},
    },
    door,
    error::Code,
    id::DoorId,
    lang::Lang,
    message::Message,
    routing::Urgency,
    time::{HOUR, Millis},
};

use crate::{hub::Hub, refusal::Refusal, sessions::hash_of, store};

/// A door as a call finds it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Door {
    pub(crate) id: DoorId,
    pub(crate) name: String,
    pub(crate) form: DoorForm,
    member: Option<String>,
    room: Option<String>,
    kind: String,
    revoked_at: Option<Millis>,
    window_until: Millis,
    calls: u32,
    images: u32,
}

/// What a token may still do in the running hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meter {
    pub(crate) limit: u32,
    pub(crate) image_limit: u32,
    pub(crate) left: u32,
    pub(crate) images_left: u32,
    /// When the hour ends.
    pub(crate) reset_at: Millis,
}

impl Door {
    pub(crate) const fn is_shut(&self) -> bool {
        self.revoked_at.is_some()
    }

    pub(crate) const fn leads_to_room(&self) -> bool {
        self.room.is_some()
    }

    fn recipient(&self) -> Option<Recipient> {
        let member = self.member.clone().map(Recipient::Member);
        member.or_else(|| self.room.clone().map(Recipient::Room))
    }
}

impl Hub {
    /// The door of a token; a shut one too. `None` for a token that was never one of that form.
    pub(crate) fn door(&self, form: DoorForm, token: &str) -> Result<Option<Door>, Refusal> {
        store::row(
            &*self.ports.sql,
            "SELECT json_object('id', id, 'name', name, 'form', form, 'member', member, 'room', room, 'kind', kind, \
             'revoked_at', revoked_at, 'window_until', window_until, 'calls', calls, 'images', images) \
             FROM doors WHERE hash = ?1 AND form = ?2",
            &[hash_of(token).into(), form.code().into()],
        )
    }

    /// Name of the person or room behind a door, `None` when the room is gone.
    pub(crate) fn name_behind(&self, door: &Door) -> Result<Option<String>, Refusal> {
        let (query, id) = match (&door.member, &door.room) {
            (Some(id), _) => ("SELECT name FROM members WHERE id = ?1", id),
            (None, Some(id)) => ("SELECT name FROM rooms WHERE id = ?1", id),
            (None, None) => return Ok(None),
        };
        Ok(self.ports.sql.texts(query, &[id.as_str().into()])?.into_iter().next())
    }

    /// What is left of the hour. An hour that is not running begins with the next call; one that lies further
    /// ahead than an hour was begun by a clock that has been put back.
    pub(crate) fn meter(&self, door: &Door) -> Meter {
        let (limit, image_limit) = match door.form {
            DoorForm::LineNotify => (door::line_notify::HOURLY, door::line_notify::HOURLY_IMAGES),
            DoorForm::Slack => (door::slack::HOURLY, door::slack::HOURLY),
        };
        let now = self.now();
        let runs = (now + 1..=now + HOUR).contains(&door.window_until);
        let (calls, images) = if runs { (door.calls, door.images) } else { (0, 0) };
        Meter {
            limit,
            image_limit,
            left: limit.saturating_sub(calls),
            images_left: image_limit.saturating_sub(images),
            reset_at: if runs { door.window_until } else { now + HOUR },
        }
    }

    /// Counts one call; false, and nothing counted, when the hour is used up.
    pub(crate) fn count_call(&self, door: &mut Door, with_image: bool) -> Result<bool, Refusal> {
        let meter = self.meter(door);
        if meter.left == 0 || (with_image && meter.images_left == 0) {
            return Ok(false);
        }
        door.window_until = meter.reset_at;
        door.calls = meter.limit - meter.left + 1;
        door.images = meter.image_limit - meter.images_left + u32::from(with_image);
        self.ports.sql.run(
            "UPDATE doors SET window_until = ?2, calls = ?3, images = ?4, last_used_at = ?5 WHERE id = ?1",
            &[
                door.id.as_str().into(),
                door.window_until.into(),
                i64::from(door.calls).into(),
                i64::from(door.images).into(),
                self.now().into(),
            ],
        )?;
        Ok(true)
    }

    /// Makes a notice of a call: durable when it is answered. False when nobody is there to get it: the room is
    /// gone, or the bot is no longer in it. A person who wants no such notice is no concern of the script.
    pub(crate) async fn pass(
        self: &Rc<Self>,
        door: &Door,
        message: Message,
        urgency: Option<Urgency>,
        body: &[u8],
    ) -> Result<bool, Refusal> {
        let Some(to) = door.recipient() else { return Ok(false) };
        let Message { title, body: text, link, fields, actions, mentions } = message;
        let words = EventRequest::new(&door.kind, vec![to], title, text);
        let request = EventRequest { link, fields, urgency, actions, mentions, ..words };
        let gone = |code| matches!(code, Code::UnknownRoom | Code::UnknownMember);
        match self.submit_event(door.id.as_str(), None, request, body).await {
            Ok(accepted) => Ok(accepted.deliveries > 0 || !door.leads_to_room()),
            Err(Refusal::Because(errors)) if errors.iter().any(|error| gone(error.code)) => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    /// `POST /api/revoke`: the token shuts its own door.
    pub(crate) fn shut_own(&self, door: &Door) -> Result<(), Refusal> {
        self.shut(&door.id, door.id.as_str())
    }

    /// The language of what Todoke itself adds to a message.
    pub(crate) fn door_language(&self) -> Result<Lang, Refusal> {
        Ok(self.workspace()?.language)
    }
}
