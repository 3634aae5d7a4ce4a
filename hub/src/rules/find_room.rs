//! A channel ID that was pasted: asked for at the provider, then in the list like those that filled it themselves.

use std::rc::Rc;

use shared::{
    api::{
        companies::{FoundRoom, RoomChoices, RoomRequest, RoomService},
        deliveries::DeliveryRow,
        integrations::{Provider, Room},
    },
    error::{Code, Error},
    id::{DeliveryId, EventId},
    lang::Lang,
    message::Message,
    routing::{Reason, Urgency},
    time::MINUTE,
};

use crate::{audience::Head, clients, hub::Hub, refusal::Refusal, sessions::Caller};

/// No provider's id is longer; anything else was copied from somewhere else.
const LONGEST: usize = 200;

impl Hub {
    /// Looks a room up by the provider's own ID. Errors: `not_allowed`, `required`, `not_connected` for an
    /// integration that is not there or has no rooms, `bot_not_in_room`, `provider_down`. A company's own admin hears
    /// nothing of another company's room, and where the provider does not say that the bot is inside, only of a room
    /// that is known: an ID alone is no proof of anything.
    pub(crate) async fn find_room_by_id(
        &self,
        caller: &Caller,
        request: &RoomRequest,
    ) -> Result<FoundRoom, Refusal> {
        let own = self.company_scope(caller)?;
        let pasted: String = request.provider_id.chars().filter(|c| !c.is_whitespace()).collect();
        if pasted.is_empty() {
            return Err(Error::field(Code::Required, "provider_id").into());
        }
        let wrong = || Error::field(Code::BotNotInRoom, "provider_id");
        if pasted.len() > LONGEST || !pasted.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong().into());
        }
        let provider = self
            .integration_row(&request.integration)?
            .map(|row| row.provider)
            .filter(|provider| has_rooms(*provider))
            .ok_or_else(|| Error::field(Code::NotConnected, "integration"))?;
        if !may_be_room(provider, &pasted) {
            return Err(wrong().into());
        }
        let client = self
            .client(&request.integration)
            .await?
            .ok_or_else(|| Error::field(Code::NotConnected, "integration"))?;
        let name = match self.find_room(&client, &pasted).await {
            clients::FoundRoom::Named(name) => name,
            clients::FoundRoom::Gone => return Err(wrong().into()),
            clients::FoundRoom::Unknown => {
                return Err(Error::field(Code::ProviderDown, "provider_id").into());
            }
        };
        let confirmed = answers_for_rooms(provider) && !name.is_empty();
        if let Some(own) = &own {
            let known = self.room_id(&request.integration, &pasted)?;
            let known = known.map(|id| self.room(&id)).transpose()?.flatten();
            if let Some(room) = &known
                && self.room_of_others(own, room.id.as_str())?
            {
                return Err(wrong().into());
            }
            if !confirmed {
                let room = known.filter(|room| room.open).ok_or_else(wrong)?;
                return Ok(FoundRoom { room, confirmed });
            }
        }
        self.open_room(&request.integration, &pasted, &name, self.now())?;
        let id = self.room_id(&request.integration, &pasted)?.ok_or(Code::Internal)?;
        let room = self.room(&id)?.ok_or(Code::Internal)?;
        Ok(FoundRoom { room, confirmed })
    }

    /// Rooms that can be chosen for a company, and the services that a pasted ID may belong to. Errors: `not_allowed`,
    /// `not_found`.
    pub(crate) fn room_choices(&self, caller: &Caller, company: &str) -> Result<RoomChoices, Refusal> {
        let own = self.company_rules_of(caller, company)?.room;
        let rooms = match self.company_scope(caller)? {
            None => self.rooms()?,
            // Other rooms are other companies' affair.
            Some(_) => own.into_iter().collect(),
        };
        let services = self
            .integration_rows()?
            .iter()
            .filter(|row| has_rooms(row.provider))
            .map(|row| RoomService { integration: row.id.clone(), provider: row.provider })
            .collect();
        Ok(RoomChoices { rooms, services })
    }

    /// Sends the test notice into a room, past every switch.
    pub(super) async fn submit_room_test(
        self: &Rc<Self>,
        room: &Room,
        source: &str,
        lang: Lang,
    ) -> Result<DeliveryRow, Refusal> {
        let now = self.now();
        let kind = self.kind("todoke.test")?.ok_or(Code::UnknownKind)?;
        let event = EventId::new(now, self.random());
        let head = Head { event: &event, kind: &kind, urgency: Urgency::Critical, now, deliver_at: None };
        let message = serde_json::to_string(&test_message(lang))?;
        let id = DeliveryId::of(&event, 0);
        self.arm(now + MINUTE).await?;
        self.ports.sql.atomically(&mut || {
            self.insert_event(&head, &message, None, source, None, "", 1, 0)?;
            let (channel, integration) = (room.provider.channel(), room.integration.as_str());
            self.insert_delivery(&id, &head, room.id.as_str(), channel, integration, Reason::Manual)
        })?;
        self.enqueue(&event, 1)?;
        self.announce_event(&event, 1)?;
        self.delivery_row(&id, lang)?.ok_or_else(|| Code::NotFound.into())
    }
}

/// Mailboxes and devices are people's own.
const fn has_rooms(provider: Provider) -> bool {
    !matches!(provider, Provider::Mail | Provider::WebPush)
}

/// LINE and API 1.0 tell nothing of a group.
const fn answers_for_rooms(provider: Provider) -> bool {
    matches!(provider, Provider::Lineworks | Provider::Slack | Provider::GoogleChat)
}

/// What cannot be a room's ID is not asked for: a LINE group begins with C or R and has 32 more digits (line.md
/// §2), a Slack channel with C or G (slack.md §3; D… is a conversation with one person), a Google Chat space is
/// `spaces/…` (google_chat.md §1).
fn may_be_room(provider: Provider, id: &str) -> bool {
    match provider {
        Provider::Line => id.len() == 33 && id.starts_with(['C', 'R']),
        Provider::Slack => id.starts_with(['C', 'G']),
        Provider::GoogleChat => id.strip_prefix("spaces/").is_some_and(|rest| !rest.is_empty()),
        Provider::Lineworks | Provider::LineworksV1 => true,
        Provider::Mail | Provider::WebPush => false,
    }
}

fn test_message(lang: Lang) -> Message {
    let (title, body) = match lang {
        Lang::Ja => ("テスト通知です", "このルームにお知らせが届くことを確認できました。"),
        Lang::En => ("This is a test notice", "Notices reach this room."),
    };
    Message { title: title.into(), body: body.into(), ..Message::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_room_is_told_before_anybody_is_asked() {
        let group = format!("C{}", "0".repeat(32));
        for (provider, id, expected) in [
            (Provider::Line, group.as_str(), true),
            (Provider::Line, "U0123", false),
            (Provider::Slack, "C0123ABC", true),
            (Provider::Slack, "U0123ABC", false),
            (Provider::Slack, "D0123ABC", false),
            (Provider::GoogleChat, "spaces/AAAA", true),
            (Provider::GoogleChat, "spaces/", false),
            (Provider::GoogleChat, "AAAA", false),
            (Provider::Lineworks, "12345678-1234-1234-1234-123456789012", true),
            (Provider::Mail, "a@b.jp", false),
        ] {
            assert_eq!(may_be_room(provider, id), expected, "{provider:?} {id}");
        }
    }
}
