//! 会社とルーム: what each company gets into a room of its own, and what members set for themselves.

use serde::{Deserialize, Serialize};

use crate::{
    api::{
        integrations::{Provider, Room},
        me::Settings,
    },
    id::{CompanyId, IntegrationId, MemberId},
};

/// `GET /api/rules/companies?q=&app=` → list, and `GET /api/rules/companies/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyRules {
    pub id: CompanyId,
    pub name: String,
    pub members: u64,
    /// Where its people's notices go too, `None` while nothing is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
    /// Codes of the kinds that go there.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Goes up with each change; 0 while nothing is set.
    pub version: i64,
    /// How many switches of the grid differ from the workspace's.
    pub differs: u64,
}

/// `PUT /api/rules/companies/{id}` → 200 [`CompanyRules`]. `DELETE` of the same → 204: members' own settings stay.
/// `POST /api/rules/companies/{id}/test` → 202: the delivery to watch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyRulesForm {
    /// A room's id, see [`RoomRequest`].
    pub room: String,
    /// Codes of the kinds that go there; the others do not.
    pub kinds: Vec<String>,
    /// The version that was read: 409 `changed_meanwhile` when there is a newer one.
    pub version: i64,
}

/// `GET /api/rules/companies/{id}/rooms`: what can be chosen for a company. An admin sees all rooms, a company's own
/// admin the company's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomChoices {
    pub rooms: Vec<Room>,
    /// Where a pasted ID may belong.
    pub services: Vec<RoomService>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomService {
    pub integration: IntegrationId,
    pub provider: Provider,
}

/// `POST /api/rooms/find` → 200 [`FoundRoom`]: a pasted channel ID, asked for at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoomRequest {
    pub integration: String,
    /// As the provider writes it.
    pub provider_id: String,
}

/// The room behind an ID; it is in the list of rooms from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRoom {
    pub room: Room,
    /// The provider said that the bot is inside; some cannot be asked, a test notice shows it.
    pub confirmed: bool,
}

/// `GET /api/rules/members?q=&app=&cursor=`: who set what, to be read only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRules {
    pub id: MemberId,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// How many switches (kind x channel) the member turned off.
    pub off: u64,
    /// Channels that have an address, by code, and those of them that the member switched off.
    pub channels: Vec<String>,
    pub channels_off: Vec<String>,
}

/// `GET /api/rules/members/{id}`: the member's own settings as わたしの通知 shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberSettings {
    pub name: String,
    pub settings: Settings,
}
