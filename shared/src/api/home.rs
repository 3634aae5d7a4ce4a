//! ホーム: `GET /api/home` → [`Home`]. For admins; a company admin gets what concerns the own company's people.

use serde::{Deserialize, Serialize};

use crate::{
    api::integrations::{IntegrationState, Provider},
    channel::Channel,
    delivery::{Cause, State},
    id::{IntegrationId, RoomId},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// When it was looked at, in milliseconds.
    pub now: i64,
    /// People whom a critical notice would not reach now. None while nothing is connected.
    pub unreachable: u64,
    /// Days of long ago are still being counted: ask again.
    pub counting: bool,
    /// Oldest first; the last is today. A company admin gets today only.
    pub days: Vec<DayCounts>,
    /// What the whole workspace is about; not for company admins.
    pub overview: Option<Overview>,
}

/// The deliveries of the events that came in on one day of the workspace's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCounts {
    /// The day's first moment, in milliseconds.
    pub from: i64,
    /// `["email", "sent", 12]`. The same channel and state may come several times: the sum counts.
    pub counts: Vec<(Channel, State, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub integrations: Vec<HomeIntegration>,
    /// Rooms from which the bot was removed in the last 30 days, newest first, at most 20.
    pub lost_rooms: Vec<LostRoom>,
    pub behind: Behind,
    /// Webhooks that are switched off because their systems answered so.
    pub webhooks_off: u64,
    pub setup: Setup,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeIntegration {
    pub id: IntegrationId,
    pub provider: Provider,
    /// Of the bot, the account, the workspace there or the sender; may be empty.
    pub name: String,
    pub state: IntegrationState,
    #[serde(default)]
    pub cause: Option<Cause>,
    pub since: i64,
    /// False for a Slack app that nobody installed yet.
    pub installed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostRoom {
    pub id: RoomId,
    pub name: String,
    pub provider: Provider,
    pub integration: IntegrationId,
    pub since: i64,
}

/// What should have gone more than a minute ago and did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// At most 100,000 are counted.
    pub waiting: u64,
    /// When the oldest of them was due.
    #[serde(default)]
    pub oldest: Option<i64>,
}

/// The steps from an empty workspace to the first notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "a list of ticks")]
pub struct Setup {
    pub mail: bool,
    /// A messenger is connected.
    pub messenger: bool,
    /// Somebody besides who set it up.
    pub members: bool,
    /// Somebody is reached by a messenger.
    pub linked: bool,
    /// A business system can post: an API key or a door.
    pub system: bool,
    /// A notice went out.
    pub sent: bool,
}
