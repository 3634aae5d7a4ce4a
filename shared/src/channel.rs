//! Channels: the media that reach a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lang::Text;

/// A medium. The order is the order on the pages and the order in which a critical notice tries the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Lineworks,
    Line,
    Slack,
    GoogleChat,
    Email,
    /// The person's own browsers, by Web Push.
    WebPush,
}

impl Channel {
    pub const ALL: [Self; 6] =
        [Self::Lineworks, Self::Line, Self::Slack, Self::GoogleChat, Self::Email, Self::WebPush];

    /// The word in the store, in URLs and in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lineworks => "lineworks",
            Self::Line => "line",
            Self::Slack => "slack",
            Self::GoogleChat => "google_chat",
            Self::Email => "email",
            Self::WebPush => "web_push",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Lineworks => Text::new("LINE WORKS", "LINE WORKS"),
            Self::Line => Text::new("LINE", "LINE"),
            Self::Slack => Text::new("Slack", "Slack"),
            Self::GoogleChat => Text::new("Google Chat", "Google Chat"),
            Self::Email => Text::new("メール", "Email"),
            Self::WebPush => Text::new("端末の通知", "Device notices"),
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What is known of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressState {
    /// Entered, nothing has arrived there yet.
    Unverified,
    /// Something was accepted there, or the person proved it.
    Linked,
    /// The person refuses messages there.
    Blocked,
    /// The provider says that it does not exist or cannot be reached.
    Broken,
}

impl AddressState {
    pub const ALL: [Self; 4] = [Self::Unverified, Self::Linked, Self::Blocked, Self::Broken];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Linked => "linked",
            Self::Blocked => "blocked",
            Self::Broken => "broken",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    #[must_use]
    pub const fn name(self) -> Text {
        match self {
            Self::Unverified => Text::new("未確認", "Not confirmed yet"),
            Self::Linked => Text::new("連携済み", "Linked"),
            Self::Blocked => Text::new("ブロック中", "Blocked"),
            Self::Broken => Text::new("届きません", "Unreachable"),
        }
    }
}
