//! The workspace as JSON for the phones page and the control API.

use serde_json::{Map, Value, json};

use super::super::World;
use super::{Conversation, ConversationKind, Slack, SlackMessage};

/// Messages shown per channel.
const SHOWN: usize = 100;

impl Slack {
    /// Small lists whole; `talks` by channel id, only those touched after version `since`.
    #[must_use]
    pub(crate) fn view(&self, since: u64) -> Value {
        let talks: Map<String, Value> = self
            .conversations
            .values()
            .filter(|one| one.touched > since || since == 0)
            .map(|one| (one.id.clone(), talk(one)))
            .collect();
        json!({
            "team": {"id": self.team_id, "name": self.team_name, "domain": self.domain},
            "users": self.users,
            "apps": self.apps.iter().map(|app| json!({
                "id": app.id, "name": app.name, "botUser": app.bot_user, "installed": app.token.is_some(),
                "eventsVerified": app.events_verified, "settings": app.settings,
            })).collect::<Vec<_>>(),
            "channels": self.conversations.values().map(channel).collect::<Vec<_>>(),
            "talks": talks,
        })
    }

    /// What the product's form asks for.
    #[must_use]
    pub(crate) fn credentials(&self) -> Value {
        self.apps.first().map_or(Value::Null, |app| {
            json!({
                "app_id": app.id, "client_id": app.client_id, "client_secret": app.client_secret,
                "signing_secret": app.signing_secret, "bot_token": app.token, "team_id": self.team_id,
                "bot_user": app.bot_user,
            })
        })
    }
}

impl World {
    /// The whole of one channel or DM, by id; `null` when there is none.
    #[must_use]
    pub fn slack_talk_view(&self, channel: &str) -> Value {
        self.slack.conversations.get(channel).map_or(Value::Null, |one| {
            json!({"total": one.total, "messages": one.messages.iter().map(message).collect::<Vec<_>>()})
        })
    }
}

fn channel(one: &Conversation) -> Value {
    let (kind, user, app) = match &one.kind {
        ConversationKind::Public => ("public", None, None),
        ConversationKind::Private => ("private", None, None),
        ConversationKind::Im { user, app } => ("im", Some(user), Some(app)),
    };
    json!({"id": one.id, "name": one.name, "kind": kind, "archived": one.archived, "members": one.members,
        "user": user, "app": app})
}

fn talk(one: &Conversation) -> Value {
    let shown = one.messages.iter().rev().take(SHOWN).rev();
    json!({"total": one.total, "messages": shown.map(message).collect::<Vec<_>>()})
}

fn message(one: &SlackMessage) -> Value {
    let mut fields = json!(one);
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("buttons".into(), json!(one.buttons()));
    }
    fields
}
