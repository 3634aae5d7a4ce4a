//! Deliveries in sets: which ones a list shows, and resending or cancelling all of them at once.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    delivery::State,
    id::{BulkId, MemberId, RoomId},
};

/// What `GET /api/deliveries` is narrowed to, by the same names in its query, and what a [`BulkRequest`] is about.
/// Nothing said means everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Code of a kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Part of a person's or room's name, or of a title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<MemberId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Made at that time or later, milliseconds UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Made before that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// At most so many ids are named in one [`BulkRequest`].
pub const MAX_CHOSEN: usize = 500;

/// `POST /api/bulk` → 202 [`BulkJob`], and `POST /api/bulk/count` → 200 [`BulkCount`]: the deliveries that are named,
/// or all that the filter lets through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    pub action: BulkAction,
    #[serde(default)]
    pub filter: DeliveryFilter,
    /// These only, at most [`MAX_CHOSEN`]; all that the filter lets through when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// What failed or may not have arrived, and, when that is what was asked for, what was cancelled.
    Resend,
    /// What waits.
    Cancel,
}

impl BulkAction {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Resend => "resend",
            Self::Cancel => "cancel",
        }
    }
}

/// What an action would do, before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BulkCount {
    /// All that was chosen.
    pub chosen: u64,
    /// Those that the action changes.
    pub matching: u64,
    /// Those among them that may have arrived already.
    pub uncertain: u64,
}

/// Work on many deliveries, done in slices: `GET /api/bulk` lists the last ones, `GET /api/bulk/{id}` is one,
/// `POST /api/bulk/{id}/stop` ends it where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkJob {
    pub id: BulkId,
    pub action: BulkAction,
    pub state: BulkState,
    /// Counted when it began.
    pub total: u64,
    pub changed: u64,
    /// Name of the member who began it.
    pub by: String,
    pub created_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkState {
    Running,
    Done,
    Stopped,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_pinned() {
        let request = BulkRequest {
            action: BulkAction::Resend,
            filter: DeliveryFilter {
                state: Some(State::Failed),
                channel: Some(Channel::Line),
                ..DeliveryFilter::default()
            },
            ids: Vec::new(),
        };
        let text = r#"{"action":"resend","filter":{"state":"failed","channel":"line"}}"#;
        assert_eq!(serde_json::to_string(&request).unwrap(), text);
        assert_eq!(serde_json::from_str::<BulkRequest>(text).unwrap(), request);
        for wrong in [r#"{"action":"resend","filter":{"state":"lost"}}"#, r#"{"action":"cancel","all":true}"#]
        {
            assert!(serde_json::from_str::<BulkRequest>(wrong).is_err(), "{wrong}");
        }
    }
}
