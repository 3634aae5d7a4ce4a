//! `POST /api/v1/events` and what can be asked about an event.

use serde::{Deserialize, Serialize};

use crate::{
    api::deliveries::DeliveryRow,
    channel::Channel,
    id::{CompanyId, EventId, MemberId, RoomId},
    message::{Action, Field, Mention, Message},
    routing::Urgency,
};

/// The longest body of an event in bytes; a longer one is answered 413.
pub const MAX_EVENT_BYTES: usize = 64 * 1024;
/// The most fields of one message.
pub const MAX_FIELDS: usize = 20;

/// An event as a business system posts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRequest {
    pub kind: String,
    /// 1 to 1,000 entries; a person named twice gets one notice.
    pub to: Vec<Recipient>,
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Groups notices of one matter; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// The kind's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// RFC 3339, at most 90 days ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliver_at: Option<String>,
    /// Buttons whose answer comes back; at most four, see [`Action`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// Who is called by name in the rooms that get it; at most fifty. People's own copies need none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
}

impl EventRequest {
    /// An event of its words alone.
    #[must_use]
    pub fn new(kind: &str, to: Vec<Recipient>, title: String, body: String) -> Self {
        Self {
            kind: kind.to_owned(),
            to,
            title,
            body,
            link: None,
            fields: Vec::new(),
            thread: None,
            urgency: None,
            deliver_at: None,
            actions: Vec::new(),
            mentions: Vec::new(),
        }
    }

    #[must_use]
    pub fn message(&self) -> Message {
        Message {
            title: self.title.clone(),
            body: self.body.clone(),
            link: self.link.clone(),
            fields: self.fields.clone(),
            actions: self.actions.clone(),
            mentions: self.mentions.clone(),
        }
    }
}

/// One entry of an audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Recipient {
    Member(String),
    /// Login or notification address of a member.
    Email(String),
    Company(String),
    Room(String),
    /// Must be `true`.
    Everyone(bool),
}

/// The answer 202: durable. Replayed with the same `Idempotency-Key`, the same bytes come again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub id: EventId,
    /// Messages on their way or scheduled.
    pub deliveries: u32,
    /// Decided against; `GET /api/v1/events/{id}` says why.
    pub skipped: u32,
}

/// `GET /api/v1/events/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    pub kind: String,
    pub urgency: Urgency,
    pub message: Message,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliver_at: Option<String>,
    pub cancelled: bool,
    /// One per recipient and channel, skipped ones too; the first 500.
    pub deliveries: Vec<DeliveryRow>,
    pub total: u64,
    /// Who took an action of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// The one winner of an event's actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub action: String,
    /// What stood on the button.
    pub label: String,
    /// What to call the person.
    pub name: String,
    /// `None` for somebody in a room whom the workspace does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Where the button was pressed; `None` on わたしの通知.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Milliseconds UTC.
    pub at: i64,
}

/// `POST /api/me/actions` → 200 [`Pressed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PressRequest {
    pub event: String,
    pub action: String,
}

/// What came of pressing a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressed {
    /// This press was the first.
    pub won: bool,
    pub claim: Claim,
}

/// `POST /api/v1/events/{id}/cancel`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    pub cancelled: u64,
}

/// A member or room that a delivery is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Member { id: MemberId, name: String },
    Room { id: RoomId, name: String },
}

/// `/api/v1/companies`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    pub id: CompanyId,
    pub name: String,
    pub members: u64,
}
