//! The workspace's users.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::{Person, World};
use super::Slack;

/// One user of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SlackUser {
    /// `U…`
    pub id: String,
    /// The old handle.
    pub name: String,
    pub real_name: String,
    pub first_name: String,
    pub last_name: String,
    /// Bots have none.
    pub email: Option<String>,
    /// The world's person: userId. Bots have none.
    pub person: Option<String>,
    pub title: String,
    pub bot: bool,
    pub deleted: bool,
    pub admin: bool,
}

impl SlackUser {
    pub(super) fn of(person: &Person, number: usize) -> Self {
        Self {
            id: format!("U0MINATO{number:02}"),
            name: person.short_name().to_owned(),
            real_name: person.name(),
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            email: Some(person.mail.clone()),
            person: Some(person.user_id.clone()),
            title: person.position.clone(),
            bot: false,
            deleted: false,
            admin: number == 1,
        }
    }
}

impl Slack {
    /// The user with this id.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<&SlackUser> {
        self.users.iter().find(|user| user.id == id)
    }

    /// A user as the API tells it; the address only with `users:read.email`.
    pub(super) fn user_json(&self, user: &SlackUser, with_email: bool) -> Value {
        let mut profile = json!({
            "title": user.title, "phone": "", "skype": "",
            "real_name": user.real_name, "real_name_normalized": user.real_name,
            "display_name": "", "display_name_normalized": "",
            "status_text": "", "status_emoji": "", "status_expiration": 0, "avatar_hash": "sandbox",
            "first_name": user.first_name, "last_name": user.last_name, "team": self.team_id,
        });
        if let (true, Some(email), Some(profile)) = (with_email, &user.email, profile.as_object_mut()) {
            profile.insert("email".into(), json!(email));
        }
        let mut fields = json!({
            "id": user.id, "team_id": self.team_id, "name": user.name, "deleted": user.deleted,
            "profile": profile, "is_bot": user.bot, "is_app_user": false, "updated": 1_767_225_600,
        });
        // A deactivated user is told with fewer fields.
        if let (false, Some(fields)) = (user.deleted, fields.as_object_mut()) {
            for (name, value) in [
                ("color", json!("9f69e7")),
                ("real_name", json!(user.real_name)),
                ("tz", json!("Asia/Tokyo")),
                ("tz_label", json!("Japan Standard Time")),
                ("tz_offset", json!(32_400)),
                ("is_admin", json!(user.admin)),
                ("is_owner", json!(user.admin)),
                ("is_primary_owner", json!(user.admin)),
                ("is_restricted", json!(false)),
                ("is_ultra_restricted", json!(false)),
                ("is_email_confirmed", json!(!user.bot)),
            ] {
                fields.insert(name.into(), value);
            }
        }
        fields
    }
}

impl World {
    /// The Slack user of a person: userId, login ID, short name or `U…`.
    #[must_use]
    pub fn slack_user(&self, selector: &str) -> Option<&SlackUser> {
        if let Some(user) = self.slack.user(selector) {
            return Some(user);
        }
        let person = self.person(selector)?.user_id.as_str();
        self.slack.users.iter().find(|user| user.person.as_deref() == Some(person))
    }
}
