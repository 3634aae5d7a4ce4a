//! わたしの通知: what a member sees and chooses.

use serde::{Deserialize, Serialize};

use crate::{
    api::deliveries::DeliveryRow,
    channel::{AddressState, Channel},
    lang::Lang,
    routing::Urgency,
};

/// `GET /api/me/settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Every channel that the workspace has connected, in the pages' order.
    pub channels: Vec<ChannelCard>,
    /// In the catalogue's order, kinds that reach people; grouped by `app` on the page.
    pub kinds: Vec<KindRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelCard {
    pub channel: Channel,
    /// `None`: no address registered.
    pub address: Option<String>,
    pub state: Option<AddressState>,
    pub on: bool,
    /// It is the only one on: cannot be turned off.
    pub last_one: bool,
    pub last_ok_at: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindRow {
    pub kind: String,
    pub name: String,
    pub app: String,
    pub app_name: String,
    pub urgency: Urgency,
    pub mandatory: bool,
    /// One per card of `channels`, same order.
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub channel: Channel,
    /// The member's switch.
    pub on: bool,
    /// The admin's rule allows it; a locked cell shows why.
    pub allowed: bool,
}

/// `PUT /api/me/preferences` → 200 [`Settings`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreferenceRequest {
    pub kind: String,
    pub channel: Channel,
    pub on: bool,
}

/// `PUT /api/me/language` → 200 [`crate::api::auth::Me`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageRequest {
    pub language: Lang,
}

/// `POST /api/me/channels/{channel}/test` → 202: the delivery to watch.
pub type TestSent = DeliveryRow;

/// `GET /api/me/notices?cursor=`: newest first, one per event, each with all its channels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub event: crate::id::EventId,
    pub kind_name: String,
    pub title: String,
    pub created_at: i64,
    /// One per channel with its decision; 「なぜ?」 shows the reason.
    pub channels: Vec<DeliveryRow>,
    /// Buttons that can still be pressed; empty once somebody took one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<crate::message::Action>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<crate::api::events::Claim>,
}

/// `GET /api/u/{token}` and the answer to `POST /u/{token}`: what the link at the foot of a mail is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsubscription {
    /// In the reader's language.
    pub kind_name: String,
    pub workspace: String,
    /// It is off.
    pub already: bool,
    /// It cannot be turned off.
    pub mandatory: bool,
}
