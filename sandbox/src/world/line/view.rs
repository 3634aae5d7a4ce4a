//! LINE's part of the state for the phones page.

use serde_json::{Map, Value, json};

use super::super::World;
use super::super::view::talk_json;
use super::Place;

impl World {
    /// Small lists whole, talks only where touched since.
    pub(crate) fn line_view(&self, since: u64) -> Value {
        let accounts = self.line.providers.iter().map(|one| {
            let bot = &one.messaging;
            json!({
                "channelId": bot.channel_id, "name": bot.name, "basicId": bot.basic_id,
                "friendLink": bot.friend_link(), "webhookUrl": bot.webhook_url,
                "webhookActive": bot.webhook_active, "redelivery": bot.redelivery, "standby": bot.standby,
                "quota": bot.quota, "used": bot.used, "provider": one.name,
                "loginChannelId": one.login.channel_id,
            })
        });
        // The crowd has no phones.
        let contacts = self.line.contacts.iter().filter(|((_, person), _)| self.member(person).is_some());
        let contacts: Map<String, Value> = contacts
            .filter_map(|((channel, person), contact)| {
                let state = match (contact.blocked, contact.friend) {
                    (true, _) => "blocked",
                    (_, true) => "friend",
                    _ => return None,
                };
                Some((format!("{channel}/{person}"), json!(state)))
            })
            .collect();
        let talks: Map<String, Value> = self
            .line
            .talks
            .iter()
            .filter(|(place, talk)| talk.touched > since && self.is_shown(place))
            .map(|(place, talk)| (place.to_string(), talk_json(talk)))
            .collect();
        json!({
            "accounts": accounts.collect::<Vec<_>>(),
            "groups": self.line.groups.values().collect::<Vec<_>>(),
            "contacts": contacts,
            "talks": talks,
        })
    }

    fn is_shown(&self, place: &Place) -> bool {
        match place {
            Place::OneToOne { person, .. } => self.member(person).is_some(),
            Place::Group { .. } => true,
        }
    }
}
