//! Domains, people and rooms.

use serde::Serialize;

/// One domain of the tenant.
#[derive(Debug, Clone, Serialize)]
pub struct Domain {
    pub domain_id: i64,
    pub name: String,
    /// What follows the `@` of a login ID; has no dot.
    pub login_domain: String,
    /// What follows the `@` of a mail address.
    pub mail_domain: String,
}

/// One person: a LINE WORKS member with a mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    /// Opaque, UUID-like.
    pub user_id: String,
    pub domain_id: i64,
    /// LINE WORKS calls it email; the part after the `@` has no dot (lineworks.md §0 [D]).
    pub login: String,
    pub mail: String,
    pub last_name: String,
    pub first_name: String,
    pub last_reading: String,
    pub first_reading: String,
    pub external_key: Option<String>,
    pub position: String,
    pub employee_number: String,
}

impl Person {
    /// `佐藤 花子`
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.last_name, self.first_name)
    }

    /// The login ID before the `@`.
    #[must_use]
    pub fn short_name(&self) -> &str {
        self.login.split('@').next().unwrap_or_default()
    }
}

/// One group talk.
#[derive(Debug, Clone, Serialize)]
pub struct Room {
    /// LINE WORKS: channelId.
    pub channel_id: String,
    pub domain_id: i64,
    pub title: String,
    /// `MULTI_USERS`, `SINGLE_USER`, `ORGUNIT` or `GROUP` (lineworks.md §3.4 [D]).
    pub channel_type: &'static str,
    /// userIds.
    pub members: Vec<String>,
    /// botIds.
    pub bots: Vec<i64>,
}
