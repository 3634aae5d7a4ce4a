//! わたしの通知: what a member sees and chooses.

use serde::{Deserialize, Serialize};

use crate::{
    api::deliveries::DeliveryRow,
    channel::{AddressState, Channel},
    lang::Lang,
    quiet::QuietTime,
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
    /// The admin does not let members set it: its switches are not asked.
    #[serde(default)]
    pub locked: bool,
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
    /// The member has not opened it yet.
    #[serde(default)]
    pub unread: bool,
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

/// Whose quiet time holds for a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuietChoice {
    /// The workspace's.
    #[default]
    Workspace,
    Own,
    Never,
}

impl QuietChoice {
    pub const ALL: [Self; 3] = [Self::Workspace, Self::Own, Self::Never];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Own => "own",
            Self::Never => "never",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.code() == code)
    }
}

/// `GET /api/me/quiet`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyQuiet {
    pub choice: QuietChoice,
    /// The member's own; empty while there is none.
    pub own: QuietTime,
    /// The workspace's; empty for none.
    pub workspace: QuietTime,
    /// It is quiet now, until then.
    pub until: Option<i64>,
    /// How many notices wait for its end.
    pub waiting: u64,
}

/// `PUT /api/me/quiet` → 200 [`MyQuiet`]. `own` counts with the choice `own` only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MyQuietRequest {
    pub choice: QuietChoice,
    #[serde(default)]
    pub own: QuietTime,
}

/// A browser in which the member is signed in: `GET /api/me/devices`, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: crate::id::SessionId,
    /// The browser's own words (`User-Agent`), at most 200 characters.
    pub agent: String,
    pub created_at: i64,
    /// The one that asks.
    pub current: bool,
}

/// `POST /api/me/read` → 204: that notice, or all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadRequest {
    #[serde(default)]
    pub event: Option<crate::id::EventId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_the_words_of_the_wire() {
        for choice in QuietChoice::ALL {
            assert_eq!(serde_json::to_value(choice).unwrap(), choice.code());
            assert_eq!(QuietChoice::from_code(choice.code()), Some(choice));
        }
        assert_eq!(QuietChoice::from_code("x"), None);
    }
}
