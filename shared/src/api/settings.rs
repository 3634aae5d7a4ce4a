//! Rules, kinds, API keys, audit.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ApiKeyId, AuditId},
    kind::CustomKind,
    routing::Urgency,
};

/// `GET /api/v1/kinds`: the catalogue and the workspace's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindInfo {
    pub code: String,
    pub app: String,
    pub name_ja: String,
    pub name_en: String,
    pub urgency: Urgency,
    pub mandatory: bool,
    pub custom: bool,
    /// Channels that the admin turned off for it.
    pub off: Vec<Channel>,
}

/// `POST /api/v1/kinds` → 201 [`KindInfo`].
pub type KindRequest = CustomKind;

/// `PUT /api/rules` → 200 [`KindInfo`]: one switch of the grid, or whether the kind is mandatory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleRequest {
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandatory: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    #[serde(rename = "events:write")]
    EventsWrite,
    #[serde(rename = "events:read")]
    EventsRead,
    /// Members, companies, rooms, kinds.
    #[serde(rename = "admin")]
    Admin,
    /// Months of attendance, as sheets and CSV.
    #[serde(rename = "attendance:read")]
    AttendanceRead,
}

impl Scope {
    pub const ALL: [Self; 4] = [Self::EventsWrite, Self::EventsRead, Self::Admin, Self::AttendanceRead];
}

/// `POST /api/keys` → 201 [`NewKey`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// At most 100 characters.
    pub name: String,
    pub scopes: Vec<Scope>,
}

/// Shown once; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// `tdk_{workspace}_{random}`.
    pub key: String,
    pub info: KeyInfo,
}

/// `GET /api/keys` → list; `DELETE /api/keys/{id}` → 204.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    pub id: ApiKeyId,
    pub name: String,
    /// The last four characters.
    pub hint: String,
    pub scopes: Vec<Scope>,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
}

/// `GET /api/audit?cursor=`: newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: i64,
    /// Name of the member, of the API key or of the door.
    pub actor: String,
    /// `member.created`, `integration.deleted` …
    pub action: String,
    /// Id of what was changed.
    pub target: String,
    /// Names of the changed fields, never secret values.
    pub detail: String,
}

/// `GET` and `PUT /api/settings/line`: what the workspace pays LINE for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineCost {
    /// Low and normal notices go to LINE only where no other channel of the person gets them.
    pub spare: bool,
    /// Messages of the month that only critical notices may use, at most 1,000,000.
    pub reserve: u32,
}
