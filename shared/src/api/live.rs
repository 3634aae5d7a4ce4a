//! What the WebSocket `GET /api/live` says to open pages.

use serde::{Deserialize, Serialize};

use crate::api::{
    deliveries::DeliveryRow, integrations::Integration, integrations::Room, member_imports::Import,
};

/// One JSON message. Members get only deliveries of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum LiveMessage {
    /// A delivery is new or changed; its kind is named in both languages. A fan-out of more than 50 is announced
    /// as `Reload`.
    Delivery(Box<DeliveryRow>),
    Integration(Box<Integration>),
    Room(Room),
    /// Somebody took an action.
    Claim {
        event: crate::id::EventId,
        claim: crate::api::events::Claim,
    },
    /// An address or switch of this member changed: load the settings again.
    Channels,
    /// Kinds, rules or what members may set changed: load them again.
    Rules,
    /// How far an import of people is, for whoever began it.
    Import(Box<Import>),
    /// Much changed: load the list again.
    Reload,
}
