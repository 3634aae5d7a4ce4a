//! People and conversations (slack.md §2), read only.

use serde_json::Value;

use super::{
    client::{Args, Client, flag},
    outcome::{About, CallError},
};
use crate::providers::answer::text;

/// 20,000 channels; a guard against a list without end, not a limit of the provider.
const MOST_PAGES: usize = 100;

/// A person who can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `U…` or `W…`.
    pub id: String,
    /// As shown in Slack; never empty unless Slack tells none.
    pub name: String,
    /// Only with the scope `users:read.email`.
    pub email: Option<String>,
}

/// A channel, a group or a direct conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    pub id: String,
    /// Without `#`; empty for a direct conversation.
    pub name: String,
    pub is_member: bool,
    pub is_archived: bool,
    pub is_private: bool,
    /// With one person.
    pub is_im: bool,
}

impl Client {
    /// The person with that mail address, `None` when there is none. People who have left and bots are
    /// errors: [`CallError::Deactivated`], [`CallError::IsBot`].
    pub async fn lookup_by_email(&self, email: &str) -> Result<Option<User>, CallError> {
        self.find("users.lookupByEmail", &[("email", email)]).await
    }

    /// The person with that user id, like [`Self::lookup_by_email`].
    pub async fn user(&self, id: &str) -> Result<Option<User>, CallError> {
        self.find("users.info", &[("user", id)]).await
    }

    pub async fn conversation(&self, id: &str) -> Result<Conversation, CallError> {
        let answer = self.call(About::of(id), "conversations.info", Args::Query(&[("channel", id)])).await?;
        answer.body.get("channel").and_then(conversation).ok_or(CallError::Unreadable("channel"))
    }

    /// Every channel the bot is in, archived ones left out.
    pub async fn conversations(&self) -> Result<Vec<Conversation>, CallError> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        for _ in 0..MOST_PAGES {
            let mut pairs = vec![
                ("exclude_archived", "true"),
                ("limit", "200"),
                ("types", "public_channel,private_channel"),
            ];
            if !cursor.is_empty() {
                pairs.push(("cursor", &cursor));
            }
            let body = self.call(About::App, "conversations.list", Args::Query(&pairs)).await?.body;
            let page = body.get("channels").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            found.extend(page.iter().filter_map(conversation).filter(|one| one.is_member));
            match body.get("response_metadata").and_then(|more| text(more, "next_cursor")) {
                Some(next) if next != cursor => cursor = next,
                _ => break,
            }
        }
        Ok(found)
    }

    async fn find(&self, method: &str, pairs: &[(&str, &str)]) -> Result<Option<User>, CallError> {
        let answer = match self.call(About::Person, method, Args::Query(pairs)).await {
            Ok(answer) => answer,
            // Some methods spell it in the singular.
            Err(error) if matches!(error.code(), "users_not_found" | "user_not_found") => return Ok(None),
            Err(error) => return Err(error),
        };
        let user = answer.body.get("user").ok_or(CallError::Unreadable("user"))?;
        if flag(user, "deleted") {
            return Err(CallError::Deactivated);
        }
        if flag(user, "is_bot") {
            return Err(CallError::IsBot);
        }
        let profile = user.get("profile").unwrap_or(&Value::Null);
        let name = [
            text(profile, "display_name"),
            text(profile, "real_name"),
            text(user, "real_name"),
            text(user, "name"),
        ];
        Ok(Some(User {
            id: text(user, "id").ok_or(CallError::Unreadable("user.id"))?,
            name: name.into_iter().flatten().next().unwrap_or_default(),
            email: text(profile, "email"),
        }))
    }
}

fn conversation(value: &Value) -> Option<Conversation> {
    Some(Conversation {
        id: text(value, "id")?,
        name: text(value, "name").unwrap_or_default(),
        is_member: flag(value, "is_member"),
        is_archived: flag(value, "is_archived"),
        is_private: flag(value, "is_private"),
        is_im: flag(value, "is_im"),
    })
}
