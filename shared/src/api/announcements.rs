//! お知らせ: notices that an admin writes by hand.

use serde::{Deserialize, Serialize};

use crate::{
    api::{
        deliveries::Preview,
        events::{MAX_FIELDS, Recipient},
    },
    channel::Channel,
    delivery::State,
    error::{Code, Error},
    id::EventId,
    message::{Field, Message},
    routing::Urgency,
    validate::is_link,
};

/// The kind of every announcement.
pub const KIND: &str = "todoke.announcement";

/// What an announcement says. `POST /api/announcements/preview` → 200 [`Previews`];
/// `POST /api/announcements/test` → 202 `{"deliveries","skipped"}`, sent to the caller alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub title: String,
    #[serde(default)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

impl Content {
    /// What is wrong, by field, as `POST /api/v1/events` sees it. `development` lets links to this machine through.
    #[must_use]
    pub fn problems(&self, development: bool) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut longest = |name: String, text: &str, limit: usize| {
            if text.chars().count() > limit {
                problems.push(Error::field(Code::TooLong, name).found(limit.to_string()));
            }
        };
        longest("title".into(), &self.title, 200);
        longest("body".into(), &self.body, 10_000);
        for (index, field) in self.fields.iter().enumerate() {
            longest(format!("fields[{index}].label"), &field.label, 100);
            longest(format!("fields[{index}].value"), &field.value, 1_000);
        }
        problems.extend(self.too_many_fields());
        if self.title.trim().is_empty() {
            problems.push(Error::field(Code::Required, "title"));
        }
        if self.link.as_deref().is_some_and(|link| !is_link(link, development)) {
            problems.push(Error::field(Code::NotALink, "link"));
        }
        problems
    }

    /// The part of [`Self::problems`] that a preview asks too: what is half written may be drawn, what has no end not.
    #[must_use]
    pub fn too_many_fields(&self) -> Option<Error> {
        let many = self.fields.len() > MAX_FIELDS;
        many.then(|| Error::field(Code::TooMany, "fields").found(MAX_FIELDS.to_string()))
    }
}

/// `POST /api/announcements` → 201 [`AnnouncementRow`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncementForm {
    /// Made when the form was opened, 1 to 100 visible ASCII characters: the same form is sent once.
    pub key: String,
    /// Everyone, companies, members and rooms; nobody by mail address.
    pub to: Vec<Recipient>,
    pub content: Content,
    pub urgency: Urgency,
    /// `2026-11-30T09:00` in the workspace's zone; at once when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// `POST /api/announcements/reach` → 200 [`Reach`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReachRequest {
    pub to: Vec<Recipient>,
    pub urgency: Urgency,
}

/// Whom an announcement would reach now, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reach {
    pub people: u64,
    pub rooms: u64,
    /// Messages by channel, rooms included; channels without any are left out.
    pub channels: Vec<ChannelReach>,
    /// People whom no channel reaches.
    pub nobody: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelReach {
    pub channel: Channel,
    pub count: u64,
}

/// The message as each of the five messengers shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previews {
    pub previews: Vec<Preview>,
}

/// One line of `GET /api/announcements?cursor=`: newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementRow {
    pub id: EventId,
    pub title: String,
    /// Name of the author, empty when erased.
    pub author: String,
    pub created_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliver_at: Option<i64>,
    pub state: AnnouncementState,
    pub deliveries: u64,
    pub skipped: u64,
    /// How many were withdrawn when it was stopped.
    pub stopped: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnouncementState {
    Scheduled,
    Sending,
    Done,
    Stopped,
}

impl AnnouncementState {
    pub const ALL: [Self; 4] = [Self::Scheduled, Self::Sending, Self::Done, Self::Stopped];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Sending => "sending",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// `GET /api/announcements/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    pub row: AnnouncementRow,
    pub message: Message,
    pub urgency: Urgency,
    pub audience: AudienceNames,
    pub counts: Vec<StateCount>,
    pub previews: Vec<Preview>,
}

/// Whom it was for, in names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AudienceNames {
    pub everyone: bool,
    pub companies: Vec<String>,
    pub rooms: Vec<String>,
    /// How many were named, and the names of the first ten.
    pub members: u64,
    pub names: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateCount {
    pub channel: Channel,
    pub state: State,
    pub count: u64,
}

/// `POST /api/announcements/{id}/stop` → 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoppedAnnouncement {
    /// Withdrawn before they were sent.
    pub cancelled: u64,
    /// Sent, or on their way.
    pub gone: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_pinned() {
        let form = AnnouncementForm {
            key: "k1".into(),
            to: vec![Recipient::Everyone(true)],
            content: Content { title: "停電".into(), ..Content::default() },
            urgency: Urgency::Normal,
            at: Some("2026-11-30T09:00".into()),
        };
        let text = r#"{"key":"k1","to":[{"everyone":true}],"content":{"title":"停電","body":""},"urgency":"normal","at":"2026-11-30T09:00"}"#;
        assert_eq!(serde_json::to_string(&form).unwrap(), text);
        assert_eq!(serde_json::from_str::<AnnouncementForm>(text).unwrap(), form);
        AnnouncementState::ALL.iter().for_each(|state| {
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
            assert_eq!(AnnouncementState::from_code(state.code()), Some(*state));
        });
    }

    #[test]
    fn what_a_content_can_have_wrong() {
        let field = |label: &str| Field { label: label.into(), value: "v".repeat(1_001) };
        let wrong = Content {
            title: "  ".into(),
            body: "あ".repeat(10_001),
            link: Some("javascript:alert(1)".into()),
            fields: vec![field(&"l".repeat(101))],
        };
        let fields: Vec<_> = wrong.problems(false).into_iter().filter_map(|error| error.field).collect();
        assert_eq!(fields, ["body", "fields[0].label", "fields[0].value", "title", "link"]);
        let local =
            Content { title: "t".into(), link: Some("http://127.0.0.1:1/".into()), ..Content::default() };
        assert_eq!((local.problems(true).len(), local.problems(false).len()), (0, 1));
    }
}
