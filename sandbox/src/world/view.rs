//! The world as JSON for the phones page and the control API.

use serde_json::{Value, json};

use super::{Callback, CallbackAnswer, Message, Talk, TalkId, TalkKey, World};

/// Messages and mails shown per talk and mailbox.
const SHOWN: usize = 100;
const CALLBACKS_SHOWN: usize = 30;

impl World {
    /// Everything that changed after version `since` (0: everything): small lists whole, talks and mailboxes
    /// only where touched. Talks are keyed `bot:{botId}/{userId}` and `room:{channelId}`.
    #[must_use]
    pub fn view(&self, since: u64) -> Value {
        let talks: serde_json::Map<String, Value> = self
            .talks
            .iter()
            .filter(|(_, talk)| talk.touched > since)
            .map(|(key, talk)| (key_text(key), talk_json(talk)))
            .collect();
        let mailboxes: serde_json::Map<String, Value> = self
            .mailboxes
            .iter()
            .filter(|(_, mailbox)| mailbox.touched > since)
            .map(|(address, mailbox)| {
                let shown = mailbox.mails.iter().rev().take(SHOWN).rev();
                let mails = shown.map(|mail| {
                    json!({"no": mail.no, "at": mail.at, "from": mail.from, "subject": mail.subject,
                        "via": mail.via, "hasHtml": mail.html.is_some()})
                });
                (address.clone(), json!({"total": mailbox.mails.len(), "mails": mails.collect::<Vec<_>>()}))
            })
            .collect();
        json!({
            "version": self.version,
            "born": self.born,
            "domains": self.domains.values().collect::<Vec<_>>(),
            "people": self.people.iter().map(|person| self.person_json(person)).collect::<Vec<_>>(),
            "rooms": self.rooms.values().collect::<Vec<_>>(),
            "bots": self.bots.values().map(|bot| json!({
                "botId": bot.id, "name": bot.name, "description": bot.description, "photoUrl": bot.photo_url,
                "enableCallback": bot.enable_callback, "callbackUrl": bot.callback_url,
                "takesText": !bot.enable_callback || bot.callback_events.iter().any(|e| e == "text"),
                "groups": bot.enable_group_join,
            })).collect::<Vec<_>>(),
            "talks": talks,
            "calendars": super::lineworks::calendar::view(self),
            "google_chat": super::google_chat::view(self, since),
            "mailboxes": mailboxes,
            "slack": self.slack.view(since),
            "push": self.push_view(),
            "line": self.line_view(since),
            "violations": self.violations(),
            "faults": self.faults.list(),
            "limits": {
                "lineworks_per_minute": self.limits.lineworks_per_minute,
                "create_channel_per_minute": self.limits.create_channel_per_minute,
                "resend_per_second": self.limits.resend_per_second,
            },
            "callbacks": self.callbacks().rev().take(CALLBACKS_SHOWN).map(callback_json).collect::<Vec<_>>(),
            "requests": self.log.after(self.log.last().saturating_sub(20)).collect::<Vec<_>>(),
        })
    }

    /// The whole of one talk, with its buttons; `null` when there is none.
    #[must_use]
    pub fn talk_view(&self, user: &str, talk: &TalkId) -> Value {
        let talk = self.talk_key(user, talk).and_then(|key| self.talks.get(&key));
        talk.map_or(Value::Null, |talk| {
            json!({"total": talk.total, "messages": talk.messages.iter().map(message_json).collect::<Vec<_>>()})
        })
    }

    fn person_json(&self, person: &super::Person) -> Value {
        let listed: Vec<i64> = self
            .bots
            .values()
            .filter(|bot| bot.is_listed_for(person.domain_id, &person.user_id))
            .map(|bot| bot.id)
            .collect();
        json!({
            "userId": person.user_id, "name": person.name(), "login": person.login, "mail": person.mail,
            "short": person.short_name(), "reading": format!("{} {}", person.last_reading, person.first_reading),
            "position": person.position, "bots": listed,
        })
    }
}

fn key_text(key: &TalkKey) -> String {
    match key {
        TalkKey::OneToOne { user, bot } => format!("bot:{bot}/{user}"),
        TalkKey::Room { channel } => format!("room:{channel}"),
    }
}

pub(super) fn talk_json(talk: &Talk) -> Value {
    let shown = talk.messages.iter().rev().take(SHOWN).rev();
    json!({"total": talk.total, "messages": shown.map(message_json).collect::<Vec<_>>()})
}

fn message_json(message: &Message) -> Value {
    json!({
        "no": message.no,
        "at": message.at,
        "author": message.author,
        "content": message.content_with_buttons(),
        "buttons": message.buttons(),
        "mentions": message.mentions,
    })
}

fn callback_json(callback: &Callback) -> Value {
    let answer = match callback.answer {
        CallbackAnswer::Pending => json!("pending"),
        CallbackAnswer::Answered(status) => json!(status),
        CallbackAnswer::Failed => json!("failed"),
    };
    json!({
        "id": callback.id, "at": callback.at, "event": callback.event, "bot": callback.bot,
        "provider": callback.provider, "url": callback.url, "answer": answer,
        "body": String::from_utf8_lossy(&callback.body),
    })
}
