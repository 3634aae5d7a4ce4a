//! Doors for scripts that sent to LINE Notify or to a Slack webhook, and their tokens.

use serde::{Deserialize, Serialize};

use crate::{api::events::Target, id::DoorId};

/// Whose form a door takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorForm {
    /// `POST /api/notify`, `GET /api/status`, `POST /api/revoke`.
    LineNotify,
    /// `POST /hooks/in/{token}`.
    Slack,
}

impl DoorForm {
    /// The word in the store and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LineNotify => "line_notify",
            Self::Slack => "slack",
        }
    }
}

/// `POST /api/doors` → 201 [`NewDoor`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorRequest {
    /// At most 100 characters; the title of messages that have none of their own.
    pub name: String,
    pub form: DoorForm,
    pub to: DoorTo,
    /// `todoke.message` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Where a door leads: one person, on the channels that person chose, or one room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DoorTo {
    Member(String),
    Room(String),
}

/// Shown once; only the token's hash is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDoor {
    /// See [`crate::door::token`].
    pub token: String,
    /// What the script posts to; for Slack's form it holds the token.
    pub url: String,
    pub info: DoorInfo,
}

/// `GET /api/doors` → list, newest first; `DELETE /api/doors/{id}` → 204.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorInfo {
    pub id: DoorId,
    pub name: String,
    pub form: DoorForm,
    /// `None` when the room is gone. A person's doors go with the person.
    pub to: Option<Target>,
    pub kind: String,
    /// The last four characters of the token.
    pub hint: String,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
    pub last_used_at: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_pinned() {
        let request = r#"{"name":"監視","form":"line_notify","to":{"room":"rm_1"}}"#;
        let read: DoorRequest = serde_json::from_str(request).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), request);
        for form in [DoorForm::LineNotify, DoorForm::Slack] {
            assert_eq!(serde_json::to_value(form).unwrap(), form.code());
        }
    }
}
